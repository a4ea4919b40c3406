"""The made-up nation: always the same, sound, and judged alike by all who judge it."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import pytest
from sqlalchemy import create_engine
from sqlmodel import Session, select

from benchmarks.asgi import ask, started
from benchmarks.contestants.naive import RELATED, ObservationOut
from benchmarks.contestants.naive_observations import Observation
from benchmarks.databases import fill_flat, fill_naive, fill_outturn, sqlite_url
from benchmarks.national import Scale, councils

SCALE = Scale(organisations=6, indicators=13, periods=10)
"""Small, and large enough for every family of schemes and every kind of measure."""

Items = list[dict[str, Any]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fill every database on SQLite."""
    path = tmp_path_factory.mktemp("nation")
    fill_outturn(path / "outturn.db", SCALE)
    fill_naive(path / "naive.db", SCALE)
    fill_flat(path / "flat.db", SCALE, sqlite_url(path / "outturn.db"))
    return path


@pytest.fixture(scope="module")
def answered(folder: Path) -> Items:
    """Ask Outturn for every observation."""

    async def everything() -> Items:
        async with started(sqlite_url(folder / "outturn.db")) as app:
            answer = await ask(app, "/v1/observations?limit=1000")
        items: Items = orjson.loads(answer.body)["items"]
        return items

    return asyncio.run(everything())


def test_two_nations_of_one_scale_are_the_same() -> None:
    first, second = list(councils(SCALE)), list(councils(SCALE))

    assert first == second


def test_another_seed_makes_another_nation() -> None:
    first, second = next(councils(SCALE)), next(councils(Scale(6, 13, 10, seed=1)))

    assert first["observation"] != second["observation"]


def test_every_fact_refers_to_one_that_is_there(folder: Path) -> None:
    with closing(sqlite3.connect(folder / "outturn.db")) as connection:
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []


def test_outturn_answers_for_every_observation(answered: Items) -> None:
    assert len(answered) == SCALE.observations


def test_everything_awkward_occurs(answered: Items) -> None:
    assert {item["status"] for item in answered} == {
        *("exceeded", "met", "near", "missed", "no_data", "no_target", "data_only", "not_rated"),
    }
    assert {item["direction_of_travel"] for item in answered} == {
        *("improved", "unchanged", "worsened", "rose", "fell", "not_comparable"),
    }
    assert any(item["target_difference"] == "0.0000" for item in answered)
    assert any(item["target"] == "0.0000" for item in answered)
    assert any(item["denominator"] == "0.00" for item in answered)
    assert any(item["interval_low"] for item in answered)


def test_the_naive_version_gives_the_same_rows(folder: Path, answered: Items) -> None:
    engine = create_engine(sqlite_url(folder / "naive.db"))
    with Session(engine) as session:
        found = session.exec(select(Observation).order_by(Observation.id).options(*RELATED))  # type: ignore[arg-type]  # SQLModel types a column as its value
        items = [
            ObservationOut.model_validate(one, from_attributes=True).model_dump(mode="json") for one in found
        ]
    engine.dispose()

    assert items == answered


def test_the_flat_view_gives_the_same_statuses(folder: Path, answered: Items) -> None:
    with closing(sqlite3.connect(folder / "flat.db")) as connection:
        judged = connection.execute("SELECT id, status FROM judged ORDER BY id").fetchall()

    assert judged == [(item["id"], item["status"]) for item in answered]
