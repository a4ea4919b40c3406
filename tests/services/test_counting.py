"""Which counts of people facts state, and which sums are known to hold between them."""

from decimal import Decimal
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.imports.reports import read_report
from app.services.counting import Snapshot, State, equalities, establishments, metrics, profiles, state_at
from app.services.drafting import table
from app.services.loading import load_report
from tests.imports.examples import EXAMPLE, WHERE, Cells, write_report

FRONT, DESK = "front-office", "help-desk"
BELOW: Cells = {"name": "Help Desk", "parent": FRONT, "kind": "service_area"}
DEEPER: Cells = {"name": "Night Shift", "parent": DESK, "kind": "service_area"}
MEASURE: Cells = {
    **EXAMPLE["indicators"],
    "title": "Staff",
    "unit": "number",
    "decimals": "0",
    "calculation": "given",
    "workforce": "yes",
}


def stated(session: Session, folder: Path, more: dict[str, list[Cells]], **files: Cells) -> State:
    """The facts of a report as they stand."""
    report = write_report(folder, {"services": [BELOW, DEEPER], **more}, **files)
    loaded = load_report(session, read_report(report), "report")
    assert loaded.revision_id is not None
    return state_at(session, loaded.organisation_id, loaded.revision_id)


def profile(category: str, count: int, base: int, service: str = FRONT, dimension: str = "gender") -> Cells:
    """A row of a profile."""
    return {
        "service": service,
        "period": WHERE["period"],
        "dimension": dimension,
        "category": category,
        "count": str(count),
        "base": str(base),
    }


def names(session: Session, snapshot: Snapshot) -> dict[object, str]:
    """Each count's name without numbers: its service, and what tells it from others."""
    subject = table("subject").c
    slugs = {row.id: row.key for row in session.execute(select(subject.id, subject.key))}
    return {
        key: " ".join(slugs.get(part, str(part)) if isinstance(part, int) else part for part in key)
        for key in snapshot.tables.counts
    }


def sums_of(session: Session, snapshot: Snapshot) -> set[tuple[str, tuple[str, ...]]]:
    """The sums of a snapshot by name."""
    known = names(session, snapshot)
    return {(known[total], tuple(known[part] for part in parts)) for total, parts in snapshot.tables.sums}


def test_categories_add_up_to_a_base_and_services_to_the_one_above(session: Session, tmp_path: Path) -> None:
    rows = [
        profile("Male", 20, 151),
        profile("Female", 30, 35, "night-shift"),
        profile("Male", 5, 35, "night-shift"),
    ]
    state = stated(session, tmp_path, {"workforce_profiles": rows}, workforce_profiles={"base": "151"})

    [snapshot] = profiles(state)

    assert snapshot.decimals == 0
    assert sorted(snapshot.tables.counts.values()) == [5, 20, 30, 35, 131, 151]
    assert sums_of(session, snapshot) == {
        (FRONT, (f"{FRONT} gender Female", f"{FRONT} gender Male")),
        ("night-shift", ("night-shift gender Female", "night-shift gender Male")),
        (FRONT, ("night-shift",)),
        (f"{FRONT} gender Female", ("night-shift gender Female",)),
        (f"{FRONT} gender Male", ("night-shift gender Male",)),
    }
    base = next(key for key, count in snapshot.tables.counts.items() if count == 151)
    assert {place.field for place in snapshot.places[base]} == {"base"}
    assert len(snapshot.places[base]) == 2


def test_bases_that_differ_are_counts_of_their_own(session: Session, tmp_path: Path) -> None:
    rows = [profile("20 to 29", 60, 120, dimension="age"), profile("30 to 39", 61, 121, dimension="age")]
    state = stated(session, tmp_path, {"workforce_profiles": rows})

    [snapshot] = profiles(state)

    assert sums_of(session, snapshot) == {
        (f"{FRONT} gender", (f"{FRONT} gender Female",)),
        (f"{FRONT} age 20 to 29 base", (f"{FRONT} age 20 to 29",)),
        (f"{FRONT} age 30 to 39 base", (f"{FRONT} age 30 to 39",)),
    }


def test_posts_have_two_decimals(session: Session, tmp_path: Path) -> None:
    below = {"service": DESK, "period": WHERE["period"], "permanent": "3"}
    state = stated(session, tmp_path, {"workforce_establishment": [below]})

    [snapshot] = establishments(state)

    assert snapshot.decimals == 2
    assert sums_of(session, snapshot) == {(f"{FRONT} permanent", (f"{DESK} permanent",))}


def test_groups_that_follow_one_another_may_add_up_to_everyone(session: Session, tmp_path: Path) -> None:
    groups = [("Men", 60), ("Women", 104), ("Under 50", 100), ("50 and over", 64), ("Disabled", 12)]
    rows = [
        {**EXAMPLE["equalities"], "group": name, "position": str(place), "responses": str(responses)}
        for place, (name, responses) in enumerate(groups, 2)
    ]
    state = stated(session, tmp_path, {"equalities": rows}, equalities={"group": "Overall"})

    [snapshot] = equalities(state)

    parts = [tuple(part[-1] for part in parts) for _, parts in snapshot.tables.sums]
    assert parts == [("Men", "Women"), ("Under 50", "50 and over"), ("Disabled",)]
    assert {total[-1] for total, _ in snapshot.tables.sums} == {"Overall"}


def test_quarters_of_what_flows_add_up_to_their_year(session: Session, tmp_path: Path) -> None:
    observed = {"indicator": "3002", "service": FRONT, "state": "reported"}
    rows = [
        {**observed, "period": period, "value": value}
        for period, value in (("2011-12-q3", "7"), ("2011-12", "60"), ("2012-13-q1", "9"))
    ]
    first = {"numerator": "", "denominator": "", "value": "20"}
    state = stated(
        session,
        tmp_path,
        {"observations": rows},
        indicators={**MEASURE, "nature": "flow"},
        observations=first,
    )

    this, following = metrics(state)

    assert (this.period, following.period) == ("2011-12", "2012-13")
    [(total, parts)] = this.tables.sums
    assert (total[-1], {part[-1] for part in parts}) == ("2011-12", {"2011-12-q2", "2011-12-q3"})
    assert following.tables.sums == ()


def test_a_share_is_part_of_what_it_is_over_and_money_counts_nobody(session: Session, tmp_path: Path) -> None:
    paybill = {**MEASURE, "key": "pay", "unit": "pounds", "service": FRONT}
    spent = {"indicator": "pay", **WHERE, "state": "reported", "value": "1000.5"}
    share = {"workforce": "yes"}
    more = {"indicators": [paybill], "observations": [spent]}
    state = stated(session, tmp_path, more, indicators=share)

    [snapshot] = metrics(state)

    assert sorted(snapshot.tables.counts.values()) == [159488, 285806]
    [(total, [part])] = snapshot.tables.sums
    assert (total[2], part[2]) == ("denominator", "numerator")


def test_figures_that_are_no_whole_numbers_stand_apart(session: Session, tmp_path: Path) -> None:
    posts = {**MEASURE, "key": "fte", "unit": "fte", "decimals": "1", "service": FRONT}
    observed = {"indicator": "fte", **WHERE, "state": "reported", "value": "15.5"}
    first = {"numerator": "", "denominator": "", "value": "20"}
    more = {"indicators": [posts], "observations": [observed]}
    state = stated(session, tmp_path, more, indicators=MEASURE, observations=first)

    whole, others = metrics(state)

    assert (whole.decimals, [*whole.tables.counts.values()]) == (0, [Decimal(20)])
    assert (others.decimals, [*others.tables.counts.values()]) == (2, [Decimal("15.5")])


def test_what_a_profile_is_over_is_one_count_whoever_states_it(session: Session, tmp_path: Path) -> None:
    staff = {"numerator": "", "denominator": "", "value": "131"}
    state = stated(session, tmp_path, {}, indicators=MEASURE, observations=staff)

    [snapshot] = profiles(state)

    base = next(key for key in snapshot.tables.counts if len(key) == 1)
    assert [place.field for place in snapshot.places[base]] == ["base", "value"]
    assert [*metrics(state)] == []


def test_what_a_survey_is_over_is_the_count_of_everyone_asked(session: Session, tmp_path: Path) -> None:
    state = stated(
        session,
        tmp_path,
        {},
        indicators={"sample": "yes"},
        observations={"numerator": "120", "denominator": "164"},
        equalities={"group": "Overall", "responses": "164"},
    )

    [snapshot] = equalities(state)

    assert sorted(snapshot.tables.counts.values()) == [120, 164]
    [(total, [part])] = snapshot.tables.sums
    assert [place.field for place in snapshot.places[total]] == ["responses", "denominator"]
    assert [place.field for place in snapshot.places[part]] == ["numerator"]


def test_what_a_survey_is_over_may_be_another_count(session: Session, tmp_path: Path) -> None:
    state = stated(
        session,
        tmp_path,
        {},
        indicators={"sample": "yes"},
        observations={"numerator": "120", "denominator": "170"},
        equalities={"group": "Overall", "responses": "164"},
    )

    [snapshot] = equalities(state)

    assert sorted(snapshot.tables.counts.values()) == [120, 164, 170]
