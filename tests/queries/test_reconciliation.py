"""Every derived figure that the reports print is counted; what does not come back is found, and no more."""

from collections import Counter

import pytest

from app.queries.reconciliation import Document
from app.rules.vocabulary import FindingKind
from tests.queries.findings import FIGURES, FINDINGS, REMARKS, remarked, told
from tests.queries.reading import documents_of
from tests.queries.reports import BARNET_2011, REPORTS


@pytest.fixture(scope="module")
def documents(demo_url: str) -> dict[str, Document]:
    """The reconciliation of the five reports, which were loaded in this order."""
    return dict(zip(REPORTS, documents_of(demo_url), strict=True))


@pytest.mark.parametrize("name", REPORTS)
def test_every_derived_figure_is_counted(documents: dict[str, Document], name: str) -> None:
    document = documents[name]

    assert name.startswith(document.organisation)
    assert document.figures == FIGURES[name]
    assert document.equal == FIGURES[name] - len(FINDINGS[name])


@pytest.mark.parametrize("name", REPORTS)
def test_what_does_not_come_back_is_found(documents: dict[str, Document], name: str) -> None:
    assert told(documents[name]) == Counter(FINDINGS[name])


@pytest.mark.parametrize("name", REPORTS)
def test_every_finding_is_of_a_kind_and_gives_a_place_and_a_reason(
    documents: dict[str, Document], name: str
) -> None:
    for finding in (*documents[name].findings, *documents[name].remarks):
        assert finding.kind in set(FindingKind)
        assert finding.place
        assert finding.reason


def test_a_figure_in_two_places_is_found_in_both(documents: dict[str, Document]) -> None:
    places = [
        f.place for f in documents[BARNET_2011].findings if f.subject.key.startswith("hr-absence-quarter")
    ]

    assert sorted(places) == ["HR table", "HR table", "commentary"]


def test_hidden_digits_that_explain_a_figure_are_named(documents: dict[str, Document]) -> None:
    explained = {
        (f.subject.key.partition("/")[0], f.field): f.reason
        for f in documents[BARNET_2011].findings
        if f.kind == FindingKind.input_rounding
    }

    assert explained["3003", "direction_variance"] == "hidden digits of previous or of value explain it"
    assert explained["hr-absence-quarter", "target_variance_as_reported"] == (
        "hidden digits of denominator or of numerator or of target explain it"
    )


@pytest.mark.parametrize("name", REPORTS)
def test_facts_that_contradict_one_another_are_remarked_and_not_counted(
    documents: dict[str, Document], name: str
) -> None:
    assert remarked(documents[name]) == Counter(REMARKS[name])
