"""The audit on the wire: what was done, and what each fact said before and says after."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.entities.revisions import BEYOND_IDS
from app.queries.audit import ENTRIES
from app.schemas.queries import MOMENT, Order, Paging, View, Words
from app.schemas.releases import Instant
from app.schemas.wire import Page, Wire, example

_ENTRY: dict[str, Any] = {
    "id": 41,
    "number": 17,
    "organisation": "barnet",
    "made_at": "2011-11-17T08:45:12.031224Z",
    "actor": "key:ab12cd34",
    "act": "change",
    "reason": "Recount of the second quarter",
    "revision": 12,
    "release": None,
    "changes": 1,
    "seal_before": "5d41402abc4b2a76b9719d911017c592ae2f3b1f5b6f0c4d3e2a1908f7e6d5c4",
    "seal": "9b74c9897bac770ffc029102a200c5de4f1a3b5c7d9e0f2a4b6c8d0e1f3a5b7c",
}
Moment = Annotated[
    str | None,
    Field(
        min_length=10,
        max_length=40,
        json_schema_extra={"pattern": MOMENT},
        examples=["2011-11-17", "2011-11-17T08:00:00Z"],
    ),
]


FactSaid = TypeAliasType(
    "FactSaid",
    Annotated[
        dict[str, Any],
        Field(description="What a fact said, column by column.", examples=[{"numerator": "159488"}]),
    ],
)
ActDetail = TypeAliasType(
    "ActDetail",
    Annotated[
        dict[str, Any],
        Field(
            description="What else there is to say of an act, by name.",
            examples=[{"published_at": "2011-11-17T09:00:00+00:00"}],
        ),
    ],
)


class _AsItIs(Paging):
    """Paging through what is read as it is now: it has no drafts and no releases."""

    view: ClassVar[Literal[View.released]] = View.released  # type: ignore[misc]  # facts are asked this, not these
    as_of: ClassVar[None] = None  # type: ignore[misc]  # as above


class AuditQuery(_AsItIs):
    """What the audit may be asked."""

    organisation: Annotated[list[Annotated[str, Field(max_length=300)]], Field(max_length=100)] = []
    """Only what was done in this organisation, such as `barnet`; repeat for more than one."""
    actor: Words = []
    """Only what was done by this caller, such as `key:ab12cd34`; repeat for more than one."""
    act: Words = []
    """Only acts of this name, such as `change` or `release`; repeat for more than one."""
    since: Moment = None
    """Only what was done at this moment or later, or from the start of this day in London."""
    until: Moment = None
    """Only what was done at this moment or earlier, or up to the end of this day in London."""
    subject: Annotated[int, Field(ge=1, lt=BEYOND_IDS)] | None = None
    """Only what changed the fact with this id."""
    sort: Annotated[str, Order(ENTRIES)] = "-id"
    """The column to sort by; the newest are first unless it is said."""


class AuditChangeQuery(_AsItIs):
    """How much of an entry's changes, and from where."""


class AuditEntryOut(Wire):
    """One thing that was done, sealed together with all that was done before it."""

    model_config = example(**_ENTRY)

    id: int
    """The entry's id."""
    number: int
    """Its place in the chain of its organisation, from 1."""
    organisation: str | None
    """In which organisation it was done; null for what concerns them all, which has a chain of its own."""
    made_at: Instant
    """When it was done."""
    actor: str
    """Who did it: `key:` and the prefix of a key, issuer and subject of a token, or `command`."""
    act: str
    """What was done, in a word."""
    reason: str
    """Why, as they said."""
    revision: int | None
    """The revision that it made, or published."""
    release: int | None
    """The id of the release that it made."""
    changes: int
    """How many facts it changed."""
    seal_before: str
    """The seal of the entry before; zeros for the first."""
    seal: str
    """A SHA-256 digest of all that the entry says, of its changes, and of the seal before."""


class AuditPage(Page):
    """A page of the audit."""

    items: list[AuditEntryOut]
    """The entries."""


class AuditChangeOut(Wire):
    """What became of one fact."""

    model_config = example(
        id=122,
        kind="observation",
        key="3002/chief-executives-service/2011-12-q2",
        before={"numerator": "159488"},
        after={"numerator": "160012"},
    )

    id: int
    """The fact's lasting id."""
    kind: str
    """What sort of fact it is."""
    key: str
    """Its natural key."""
    before: FactSaid | None
    """What it said, column by column: those that differ; null where it was not there."""
    after: FactSaid | None
    """What it says; null where it was retired."""


class AuditDetail(Page):
    """One entry, with a page of its changes."""

    entry: AuditEntryOut
    """The entry."""
    detail: ActDetail
    """What else there is to say of the act."""
    items: list[AuditChangeOut]
    """What it changed, by the facts' ids."""
