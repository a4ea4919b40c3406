"""The list of releases tells what is out, and nothing of what is to come."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.entities import Release
from app.services.drafting import table
from tests.imports.examples import write_report
from tests.queries.lists import Json, page_of, rows_of
from tests.queries.reports import load
from tests.routers.problem_documents import check_problem

PATH = "/v1/releases"
FIRST, CORRECTION, OF_A_SERVICE, TO_COME, CORRECTS_WHAT_IS_TO_COME = 1, 2, 3, 4, 5


@pytest.fixture(scope="module", autouse=True)
def releases(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Publish a council's report, correct it, publish a service, and let one more release be to come."""
    migrate(database_url)
    folder: Path = tmp_path_factory.mktemp("reports")
    revision = load(database_url, write_report(folder), publish=False).revision_id
    assert revision is not None
    engine = writing_engine(database_url)
    now = datetime.now(UTC)
    with Session(engine) as session, session.begin():
        service = session.scalar(select(func.min(table("service").c.id)))
        of_all: dict[str, Any] = {
            "organisation_id": "anyshire",
            "revision_id": revision,
            "made_by": "an officer",
        }
        session.add(
            Release(id=FIRST, note="First", period_id="2011-12-q2", published_at=_before(now, 3), **of_all)
        )
        session.flush()
        session.add_all(
            [
                Release(
                    id=CORRECTION, note="Put right", corrects_id=1, published_at=_before(now, 2), **of_all
                ),
                Release(
                    id=OF_A_SERVICE,
                    note="One service",
                    service_id=service,
                    approved_by="another officer",
                    published_at=_before(now, 1),
                    **of_all,
                ),
                Release(id=TO_COME, note="To come", published_at=_before(now, -1), **of_all),
                Release(
                    id=CORRECTS_WHAT_IS_TO_COME,
                    note="Of what is to come",
                    corrects_id=TO_COME,
                    published_at=_before(now, 1),
                    **of_all,
                ),
            ]
        )
    engine.dispose()


def _before(moment: datetime, days: int) -> datetime:
    return moment - timedelta(days=days)


async def released(client: AsyncClient) -> dict[int, Json]:
    return {row["id"]: row for row in await rows_of(client, PATH)}


async def test_a_release_says_whose_when_and_what_it_corrects(first_client: AsyncClient) -> None:
    rows = await released(first_client)

    assert {row["organisation"] for row in rows.values()} == {"anyshire"}
    assert rows[FIRST]["period"] == "2011-12-q2"
    assert [rows[each]["corrects"] for each in (FIRST, CORRECTION)] == [None, FIRST]
    assert [rows[each]["service"] for each in (FIRST, OF_A_SERVICE)] == [None, "front-office"]
    findings = await first_client.get(rows[FIRST]["findings"])
    assert findings.status_code == 200


async def test_a_release_says_nothing_of_who_made_it(first_client: AsyncClient) -> None:
    answer = await first_client.get(PATH)

    assert "officer" not in answer.text


async def test_moments_are_in_utc_and_in_order(first_client: AsyncClient) -> None:
    moments = [
        datetime.fromisoformat(row["published_at"])
        for row in await rows_of(first_client, PATH, [("sort", "published_at")])
    ]

    assert moments == sorted(moments)
    assert all(moment.utcoffset() == timedelta(0) for moment in moments)
    assert datetime.now(UTC) - moments[0] < timedelta(days=4)


async def test_a_release_to_come_leaves_no_trace(first_client: AsyncClient) -> None:
    page = await page_of(first_client, PATH, [("include_total", "true"), ("limit", "1"), ("sort", "-id")])
    rows = await released(first_client)

    assert TO_COME not in rows
    assert page["total"] == len(rows) == 4
    assert rows[CORRECTS_WHAT_IS_TO_COME]["corrects"] is None
    unseen = check_problem(await first_client.get(f"{PATH}/{TO_COME}"), 404, "not-found")
    unknown = check_problem(await first_client.get(f"{PATH}/999"), 404, "not-found")
    assert unseen["detail"].replace(str(TO_COME), "999") == unknown["detail"]
    assert await rows_of(first_client, PATH, [("period", "2012-13-q2")]) == []
