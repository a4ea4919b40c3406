"""Files of rows on the wire: what became of them."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, WithJsonSchema

from app.queries.imports import IMPORTS
from app.schemas.queries import Order, Paging, Words
from app.schemas.releases import Instant
from app.schemas.wire import DateText, Page, Wire, example
from app.services.importing import Mode

_NOTICE = {
    "sheet": "Observations",
    "row": 2,
    "column": "numerator",
    "value": "159488/285806",
    "message": "is read as numerator/denominator",
}
_DONE = {
    "organisation": "barnet",
    "mode": "upsert",
    "period": None,
    "rows": 120,
    "added": 12,
    "changed": 3,
    "unchanged": 105,
    "retired": 0,
    "notices": [_NOTICE],
    "notices_total": 1,
    "warnings": [],
    "warnings_total": 0,
}


class ImportState(StrEnum):
    """How far an import has come."""

    waiting = "waiting"
    """Nothing of it was taken in yet."""
    running = "running"
    """It is being taken in."""
    taken = "taken"
    """All of it is in the drafts, or would be."""
    refused = "refused"
    """Something in it is wrong, so nothing of it is."""
    failed = "failed"
    """The service failed, so nothing of it is."""


_HANDED_IN = {
    "id": "5f0c9a528a514d0e9d0e3f1e1c1d2b3a",
    "organisation": "barnet",
    "kind": "observations",
    "mode": "upsert",
    "period": None,
    "dry_run": False,
    "reason": "Third quarter",
    "file_name": "q3.xlsx",
    "made_by": "key:ab12cd34",
    "made_at": "2012-02-01T10:00:00.000000Z",
    "state": "taken",
    "rows": 120,
    "rows_done": 120,
    "ended_at": "2012-02-01T10:00:07.000000Z",
}


class ImportNotice(Wire):
    """A cell that was normalised, or that is kept although it looks wrong."""

    model_config = example(**_NOTICE)

    sheet: str | None
    """The sheet of the workbook; null for CSV."""
    row: int
    """The row, as a spreadsheet counts."""
    column: str | None
    """The column, by its name in the format; null where it is about the row."""
    value: str
    """What stands there."""
    message: str
    """What was made of it, or what looks wrong."""


class ImportOut(Wire):
    """What a file did, or would do; what it wrote is a draft."""

    model_config = example(**_DONE)

    organisation: str
    """The organisation whose drafts it is about."""
    mode: Mode
    """What it might do to what stands."""
    period: str | None
    """The period that it replaces."""
    rows: int
    """How many rows it has."""
    added: int
    """How many facts are new."""
    changed: int
    """How many facts say something else than before."""
    unchanged: int
    """How many facts are as they were."""
    retired: int
    """How many facts ended."""
    notices: list[ImportNotice]
    """What was normalised; the first thousand."""
    notices_total: int
    """How many cells were normalised."""
    warnings: list[ImportNotice]
    """What is kept although it looks wrong; the first thousand."""
    warnings_total: int
    """How many warnings there are."""


class ImportRefusal(Wire):
    """Why a file was refused, as the problem document of a short one says it."""

    model_config = example(
        title="Refused import",
        status=422,
        detail="Row 2: value: n/a is no number.",
        code="refused-import",
        errors=[
            {
                "code": "invalid_value",
                "message": "is no number",
                "row": 2,
                "column": "value",
                "value": "n/a",
                "value_class": "text",
            }
        ],
    )

    title: str | None = None
    """The kind of problem, in words."""
    status: int | None = None
    """The status that a short file would have been answered with."""
    detail: str
    """What went wrong."""
    code: str | None = None
    """The kind of problem, as a lasting word."""
    errors: Annotated[
        list[Annotated[dict[str, str | int], WithJsonSchema({"$ref": "#/components/schemas/Fault"})]],
        Field(default_factory=list),
    ]
    """Every cell that is wrong: sheet, row, column, value, value class and message."""


class ImportSummary(Wire):
    """A file that was handed in."""

    model_config = example(**_HANDED_IN)

    id: str
    """The import's id."""
    organisation: str
    """The organisation whose drafts it is about."""
    kind: str | None
    """The kind of row."""
    mode: Mode
    """What it may do to what stands."""
    period: str | None
    """The period that it replaces."""
    dry_run: bool
    """Whether it is only tried."""
    reason: str
    """Why it was handed in."""
    file_name: str
    """The file's name, as it was told."""
    made_by: str
    """Who handed it in."""
    made_at: Instant
    """When."""
    state: ImportState
    """How far it has come."""
    rows: int
    """How many rows it has."""
    rows_done: int
    """How many of them are read."""
    ended_at: Instant | None
    """When it came to its end."""


class ImportJobOut(ImportSummary):
    """A file that was handed in, how far it has come and, in the end, what became of it."""

    model_config = example(**_HANDED_IN, as_of="2012-02-01", result=_DONE, refusal=None)

    as_of: DateText
    """The date that actions speak of which state none."""
    result: ImportOut | None
    """What it did, or would do; null until it has, or where it was refused."""
    refusal: ImportRefusal | None
    """Why it was refused, or stopped; null where it was not."""


class ImportQuery(Paging):
    """What the list of imports may be asked."""

    organisation: Annotated[Words, Field(min_length=1)]
    """The organisation whose imports are listed; repeat for more than one."""
    state: Annotated[list[ImportState], Field(max_length=10)] = []
    """Only imports that have come so far."""
    sort: Annotated[str, Order(IMPORTS)] = "-made_at"
    """The column to sort by."""


class ImportPage(Page):
    """A page of imports."""

    items: list[ImportSummary]
    """The imports."""
