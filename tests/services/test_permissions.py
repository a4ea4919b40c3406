"""What each grant is good for, and what it is not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.services.permissions import ANYBODY, Caller, Grant, Role, UnreadableGrantError, read_grant

SERVICE = ("human-resources", "chief-executives-service")
"""A service, and the one above it."""
CASES = [
    # what is granted, in which roles it lets its holder act on a fact of Barnet's human resources
    ("reader", "reader"),
    ("editor", "reader editor"),
    ("publisher", "reader publisher"),
    ("administrator", "reader editor publisher administrator"),
    ("reader:barnet", "reader"),
    ("editor:barnet", "reader editor"),
    ("publisher:barnet", "reader publisher"),
    ("administrator:barnet", "reader editor publisher administrator"),
    ("editor:barnet/human-resources", "reader editor"),
    ("publisher:barnet/chief-executives-service", "reader publisher"),
    ("administrator:barnet/chief-executives-service", "reader editor publisher administrator"),
    ("administrator:barnet/childrens-service", ""),
    ("administrator:thurrock", ""),
    ("administrator:thurrock/human-resources", ""),
]


def holding(*texts: str) -> Caller:
    return Caller("key:abcdefgh", tuple(map(read_grant, texts)))


def roles(caller: Caller, organisation: str | None, services: tuple[str, ...]) -> str:
    return " ".join(role for role in Role if caller.may(role, organisation, services))


@pytest.mark.parametrize(("grant", "allowed"), CASES)
def test_a_grant_lets_its_holder_act_in_its_roles_where_it_holds(grant: str, allowed: str) -> None:
    assert roles(holding(grant), "barnet", SERVICE) == allowed


def test_anybody_may_nothing() -> None:
    assert roles(ANYBODY, "barnet", SERVICE) == ""
    assert roles(ANYBODY, None, ()) == ""


def test_a_grant_for_a_service_does_not_cover_what_is_of_the_whole_organisation() -> None:
    assert roles(holding("administrator:barnet/chief-executives-service"), "barnet", ()) == ""


def test_a_grant_for_a_service_does_not_cover_the_service_above_it() -> None:
    assert roles(holding("editor:barnet/human-resources"), "barnet", SERVICE[1:]) == ""


def test_what_concerns_every_organisation_needs_a_grant_for_everywhere() -> None:
    assert roles(holding("administrator:barnet"), None, ()) == ""
    assert roles(holding("editor"), None, ()) == "reader editor"


def test_a_service_of_nobodys_is_no_grant() -> None:
    stray = Caller("key:abcdefgh", (Grant(Role.administrator, None, "human-resources"),))

    assert roles(stray, "barnet", SERVICE) == ""
    assert stray.drafts() == {}


def test_an_editor_who_publishes_elsewhere_publishes_nothing_here() -> None:
    caller = holding("editor:barnet", "publisher:thurrock")

    assert roles(caller, "barnet", SERVICE) == "reader editor"
    assert roles(caller, "thurrock", ()) == "reader publisher"


def test_drafts_are_told_by_organisation_and_the_wider_grant_wins() -> None:
    caller = holding(
        "editor:barnet/human-resources",
        "reader:barnet/customer-services",
        "reader:thurrock/housing",
        "publisher:thurrock",
        "editor:thurrock/highways",
    )

    assert caller.drafts() == {
        "barnet": frozenset({"human-resources", "customer-services"}),
        "thurrock": None,
    }
    assert caller.reads("barnet") == frozenset({"human-resources", "customer-services"})
    assert caller.reads("thurrock") is None
    assert caller.reads("broxtowe") == frozenset()


def test_who_reads_every_draft_reads_those_of_a_council_that_is_not_there_yet() -> None:
    caller = holding("reader", "editor:barnet/human-resources")

    assert caller.drafts()[None] is None
    assert caller.reads("barnet") is None
    assert caller.reads("tomorrow") is None


slugs = st.from_regex(r"[a-z0-9]{1,5}(-[a-z0-9]{1,5}){0,2}", fullmatch=True)
places = st.one_of(st.just(()), st.tuples(slugs), st.tuples(slugs, slugs))
grants = st.tuples(st.sampled_from(Role), places).map(lambda drawn: Grant(drawn[0], *drawn[1]))


@given(grants)
def test_a_grant_comes_back_from_its_text(grant: Grant) -> None:
    assert read_grant(str(grant)) == grant


@given(st.lists(grants, max_size=4), st.sampled_from(["barnet", "a"]), slugs)
def test_whose_drafts_are_read_is_the_same_from_both_sides(
    held: list[Grant], organisation: str, service: str
) -> None:
    caller = Caller("key:abcdefgh", tuple(held))
    readable = caller.reads(organisation)

    assert caller.may(Role.reader, organisation) == (readable is None)
    assert caller.may(Role.reader, organisation, [service]) == (readable is None or service in readable)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "owner",
        "Editor:barnet",
        "editor:",
        "editor:barnet/",
        "editor:/hr",
        "editor:Barnet",
        "editor:barnet/hr/payroll",
        "editor:barnet\n",
        " editor",
        "editor:barnet,thurrock",
        "editor:*",
        "editor:bárnet",
    ],
)
def test_what_is_no_grant_is_refused_and_told_how_one_is_written(text: str) -> None:
    with pytest.raises(UnreadableGrantError, match="role:organisation/service"):
        read_grant(text)
