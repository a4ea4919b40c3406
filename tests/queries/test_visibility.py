"""The public reads what the release in force holds: no draft, no later revision, no release to come."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from httpx import AsyncClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.services.drafting import table
from app.services.loading import Loaded
from app.services.releases import publish_release
from tests.imports.examples import Cells, write_report
from tests.queries.lists import LISTS, Json, page_of, rows_of
from tests.queries.reports import load
from tests.routers.problem_documents import check_problem

OF_AN_ORGANISATION = [path for path, route in LISTS.items() if "organisation" in route.columns]

KINDS = {
    "/v1/services": "service",
    "/v1/schemes": "scheme",
    "/v1/indicators": "indicator",
    "/v1/observations": "observation",
    "/v1/comparators": "comparator",
    "/v1/equalities": "equality_group",
    "/v1/budget-variances": "budget_line",
    "/v1/risks": "risk_assessment",
    "/v1/workforce-establishment": "establishment",
    "/v1/workforce-profiles": "profile_count",
    "/v1/actions": "action",
    "/v1/initiatives": "initiative",
    "/v1/projects": "project",
    "/v1/targets": "target",
    "/v1/interventions": "intervention",
    "/v1/risk-controls": "risk_control",
    "/v1/risk-matrices": "risk_matrix_level",
    "/v1/disclosure-policies": "disclosure_policy",
    "/v1/heat-map-cells": "heat_map_cell",
    "/v1/notes": "note",
    "/v1/published-figures": "published_figure",
    "/v1/scheme-clauses": "scheme_clause",
    "/v1/direction-labels": "direction_label",
}
"""The kind of fact that each list's ids are of."""


class Council:
    """A council of its own for one test, so that no test sees another's releases."""

    def __init__(self, url: str, name: str, folder: Path) -> None:
        self.url, self.id, self.folder = url, name, folder

    def load(self, *, publish: bool, more: dict[str, list[Cells]] | None = None, **files: Cells) -> Loaded:
        """Load its report with some cells changed and rows added."""
        itself = {"id": self.id, "name": self.id.title(), "area_code": "E09000001"}
        report = write_report(self.folder, more, organisation=itself, **files)
        return load(self.url, report, publish=publish)

    def publish(self, revision: int | None, *, days: int = 0) -> int:
        """Publish a revision, some days from now."""
        assert revision is not None
        engine = writing_engine(self.url)
        with Session(engine) as session, session.begin():
            release = publish_release(session, self.id, revision, note="by hand").id
            self._move(session, release, days)
        engine.dispose()
        assert release is not None
        return release

    def move(self, release: int, days: int) -> None:
        """Let a release come into force some days from now."""
        engine = writing_engine(self.url)
        with Session(engine) as session, session.begin():
            self._move(session, release, days)
        engine.dispose()

    def _move(self, session: Session, release: int | None, days: int) -> None:
        if days:
            moment = datetime.now(UTC) + timedelta(days=days)
            releases = table("release")
            session.execute(update(releases).where(releases.c.id == release).values(published_at=moment))

    def ids(self, kind: str) -> list[int]:
        """The ids of its facts of a kind, published or not."""
        subjects = table("subject").c
        engine = writing_engine(self.url)
        with Session(engine) as session:
            query = select(subjects.id).where(subjects.organisation_id == self.id, subjects.kind == kind)
            found = list(session.scalars(query))
        engine.dispose()
        assert found
        return found


@pytest.fixture
def council(database_url: str, request: pytest.FixtureRequest, tmp_path: Path) -> Council:
    """A council that no other test knows."""
    name = request.node.originalname.removeprefix("test_").replace("_", "-")
    return Council(database_url, name, tmp_path / "report")


async def seen(client: AsyncClient, council: Council) -> dict[str, list[Json]]:
    """What every list shows of a council."""
    lists = {path: await rows_of(client, path) for path in OF_AN_ORGANISATION}
    return {path: [row for row in rows if row["organisation"] == council.id] for path, rows in lists.items()}


async def numerator(client: AsyncClient, council: Council) -> str:
    """The raw figure of the council's one observation."""
    [row] = await rows_of(client, "/v1/observations", [("organisation", council.id)])
    value: str = row["numerator"]
    return value


async def test_a_draft_is_seen_nowhere(first_client: AsyncClient, council: Council) -> None:
    before = {
        path: await page_of(first_client, path, [("include_total", "true")]) for path in OF_AN_ORGANISATION
    }

    council.load(publish=False)

    assert not any((await seen(first_client, council)).values())
    check_problem(await first_client.get(f"/v1/organisations/{council.id}"), 404, "not-found")
    assert council.id not in {row["id"] for row in await rows_of(first_client, "/v1/organisations")}
    for path, page in before.items():
        assert await page_of(first_client, path, [("include_total", "true")]) == page


async def test_a_drafts_words_are_not_known(first_client: AsyncClient, council: Council) -> None:
    section = {"section": "Secret section", "measure_set": "plan"}
    council.load(publish=False, indicators=section, projects={"status": "Secret status"})

    for path, name, value in (
        ("/v1/observations", "organisation", council.id),
        ("/v1/observations", "section", "Secret section"),
        ("/v1/observations/summary", "section", "Secret section"),
        ("/v1/indicators", "section", "Secret sectio"),
        ("/v1/projects", "status", "Secret status"),
    ):
        answer = await first_client.get(path, params={name: value})
        problem = check_problem(answer, 400, "invalid-parameter")
        hint = problem["errors"][0]["message"].removeprefix(f"{value!r} is not known; ")
        assert "Secret" not in hint
        assert council.id not in hint


async def test_a_drafts_rows_have_no_address(first_client: AsyncClient, council: Council) -> None:
    council.load(publish=False)

    for path, kind in KINDS.items():
        for row_id in council.ids(kind):
            check_problem(await first_client.get(f"{path}/{row_id}"), 404, "not-found")


async def test_what_is_published_is_seen_everywhere(first_client: AsyncClient, council: Council) -> None:
    revision = council.load(publish=False).revision_id
    assert not any((await seen(first_client, council)).values())

    council.publish(revision)

    now = await seen(first_client, council)
    assert {path for path, rows in now.items() if not rows} == {"/v1/workforce-metrics"}
    assert (await first_client.get(f"/v1/organisations/{council.id}")).status_code == 200
    for path, rows in now.items():
        for row in rows if path in KINDS else ():
            assert row["id"] in council.ids(KINDS[path])
            assert (await first_client.get(f"{path}/{row['id']}")).json() == row


async def test_a_later_revision_is_not_read_until_it_is_published(
    first_client: AsyncClient, council: Council
) -> None:
    council.load(publish=True)
    before = await seen(first_client, council)

    revision = council.load(
        publish=False,
        observations={"numerator": "200000"},
        projects={"title": "Web site, again"},
        risks={"impact": "5"},
        schemes={"note": "As the cabinet has it"},
        services={"lead": "Director"},
    ).revision_id

    assert await seen(first_client, council) == before
    council.publish(revision)
    after = await seen(first_client, council)
    assert {path for path in before if after[path] != before[path]} == {
        "/v1/comparators",
        "/v1/findings",
        "/v1/observations",
        "/v1/projects",
        "/v1/releases",
        "/v1/risks",
        "/v1/risks/heat-map",
        "/v1/schemes",
        "/v1/services",
    }
    assert [row["id"] for row in after["/v1/observations"]] == [
        row["id"] for row in before["/v1/observations"]
    ]


async def test_a_release_to_come_is_not_in_force(first_client: AsyncClient, council: Council) -> None:
    council.load(publish=True)
    revision = council.load(publish=False, observations={"numerator": "200000"}).revision_id

    release = council.publish(revision, days=1)

    assert await numerator(first_client, council) == "159488.00"
    [row] = [row for row in await rows_of(first_client, "/v1/organisations") if row["id"] == council.id]
    assert row["release"] < release
    council.move(release, days=-1)
    assert await numerator(first_client, council) == "159488.00"  # older than the first release by now


async def test_a_release_comes_into_force_when_its_moment_comes(
    first_client: AsyncClient, council: Council
) -> None:
    first = council.publish(council.load(publish=False).revision_id, days=-2)
    revision = council.load(publish=False, observations={"numerator": "200000"}).revision_id
    release = council.publish(revision, days=1)
    assert await numerator(first_client, council) == "159488.00"

    council.move(release, days=-1)

    assert await numerator(first_client, council) == "200000.00"
    council.move(first, days=-3)
    assert await numerator(first_client, council) == "200000.00"


async def test_a_council_with_no_release_but_one_to_come_is_unknown(
    first_client: AsyncClient, council: Council
) -> None:
    council.publish(council.load(publish=False).revision_id, days=1)

    assert not any((await seen(first_client, council)).values())
    answer = await first_client.get("/v1/observations", params={"organisation": council.id})
    check_problem(answer, 400, "invalid-parameter")
    check_problem(await first_client.get(f"/v1/organisations/{council.id}"), 404, "not-found")


async def test_an_older_revision_can_be_published_again(first_client: AsyncClient, council: Council) -> None:
    first = council.load(publish=True).revision_id
    before = await seen(first_client, council)
    council.load(publish=True, observations={"numerator": "200000"}, risks={"impact": "5"})
    assert await numerator(first_client, council) == "200000.00"

    council.publish(first)

    now = await seen(first_client, council)
    assert len(now.pop("/v1/releases")) == len(before.pop("/v1/releases")) + 2
    assert now == before


async def test_summaries_and_heat_maps_count_no_draft(first_client: AsyncClient, council: Council) -> None:
    council.load(publish=True)
    where = {"organisation": council.id}
    paths = ("/v1/observations/summary", "/v1/risks/heat-map", "/v1/budget-variances/totals")
    before = {path: (await first_client.get(path, params=where)).json() for path in paths}

    council.load(
        publish=False,
        observations={"numerator": "285806"},
        risks={"impact": "5"},
        heat_map={"count": "4"},
        budget_lines={"forecast": "999"},
    )

    for path in paths:
        assert (await first_client.get(path, params=where)).json() == before[path]
