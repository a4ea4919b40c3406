"""Keys given out, listed and revoked by an operator, on both databases."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner, Result

from app.cli import app
from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.services.audit import Chain, verify
from app.services.keys import caller_of_key
from app.services.permissions import Caller
from app.settings import settings


@pytest.fixture(scope="module")
def engine(database_url: str) -> Iterator[Engine]:
    """Connections to the module's database, brought up to date."""
    migrate(database_url)
    engine = writing_engine(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(autouse=True)
def chosen(engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have commands work on the module's database."""
    assert engine.dialect.name
    monkeypatch.setenv("OUTTURN_DATABASE_URL", database_url)
    settings.cache_clear()
    yield
    settings.cache_clear()


def run(*words: str) -> Result:
    return CliRunner().invoke(app, ["keys", *words])


def caller(engine: Engine, text: str, now: datetime | None = None) -> Caller | None:
    with engine.connect() as connection:
        return caller_of_key(connection, text, now or datetime.now(UTC))


def listed(prefix: str) -> str:
    (line,) = (line for line in run("list").stdout.splitlines() if line.startswith(prefix))
    return line


def test_a_key_stands_alone_on_standard_output_and_counts(engine: Engine) -> None:
    made = run("create", "Returns", "--grant", "editor:barnet/hr", "--grant", "publisher:barnet")
    text = made.stdout.removesuffix("\n")
    found = caller(engine, text)

    assert re.fullmatch(r"outturn_[a-z2-7]{8}_[\w-]{43}", text)
    assert found is not None
    assert [*map(str, found.grants)] == ["editor:barnet/hr", "publisher:barnet"]
    assert text not in made.stderr
    assert "shown this once" in made.stderr


def test_a_key_is_listed_without_its_secret(engine: Engine) -> None:
    text = run("create", "Quarterly returns", "--grant", "administrator").stdout.strip()
    prefix = text[8:16]

    assert caller(engine, text) is not None
    assert listed(prefix) == f"{prefix}  counts  administrator  Quarterly returns"
    assert text[17:] not in run("list").stdout


def test_a_key_that_is_revoked_stops_counting_and_is_listed_still(engine: Engine) -> None:
    text = run("create", "Lost", "--grant", "reader").stdout.strip()
    prefix = text[8:16]

    first, again = run("revoke", prefix, "--reason", "Lost on a train"), run("revoke", prefix)

    assert caller(engine, text) is None
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert first.stderr == again.stderr
    assert re.search(r"  revoked \d{4}-\d\d-\d\d  reader  Lost$", listed(prefix))


@pytest.mark.parametrize(
    ("day", "over"),
    [("2099-01-31", "2099-02-01T00:00:00+00:00"), ("2099-06-30", "2099-06-30T23:00:00+00:00")],
    ids=["in winter", "in summer"],
)
def test_a_key_counts_on_all_of_its_last_day_in_london(engine: Engine, day: str, over: str) -> None:
    text = run("create", "Short", "--grant", "reader", "--expires", day).stdout.strip()
    end = datetime.fromisoformat(over)

    assert caller(engine, text, end - timedelta(seconds=1)) is not None
    assert caller(engine, text, end) is None
    assert f"  counts until {day}  " in listed(text[8:16])


def test_a_place_that_is_not_known_is_told_and_the_key_given_all_the_same(engine: Engine) -> None:
    made = run("create", "New", "--grant", "reader", "--grant", "editor:ambridge/hr")

    assert "Nothing is called ambridge/hr yet." in made.stderr
    assert caller(engine, made.stdout.strip()) is not None


REFUSED = [
    (("create", "Returns"), "--grant"),
    (("create", "Returns", "--grant", "owner"), "a grant is a role"),
    (("create", "Returns", "--grant", "reader", "--expires", "2020-01-01"), "that day is over"),
    (("create", "Returns", "--grant", "reader", "--expires", "soon"), "--expires"),
]


@pytest.mark.parametrize(("words", "told"), REFUSED, ids=[told for _, told in REFUSED])
def test_what_cannot_be_given_out_is_refused_and_nothing_is_shown(words: tuple[str, ...], told: str) -> None:
    before = run("list").stdout

    refused = run(*words)

    assert refused.exit_code == 2
    assert told in refused.stderr
    assert refused.stdout == ""
    assert run("list").stdout == before


def test_a_key_that_is_not_there_cannot_be_revoked() -> None:
    refused = run("revoke", "zzzzzzzz")

    assert refused.exit_code == 1
    assert refused.stderr == "Nothing was changed: no key has the prefix zzzzzzzz.\n"


def test_what_was_done_with_keys_stands_in_an_audit_that_holds(engine: Engine) -> None:
    run("revoke", run("create", "Last", "--grant", "reader").stdout[8:16])

    with engine.connect() as connection:
        (chain,) = verify(connection)

    assert isinstance(chain, Chain)
    assert chain.entries >= 2
