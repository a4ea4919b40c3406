"""Keys on both databases: what is kept of them, whom they are good for, and when they stop."""

import hmac
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from app.entities import ApiKey, Organisation, Revision, Subject
from app.services import keys
from app.services.audit import Chain, verify
from app.services.drafting import table
from app.services.keys import UnknownKeyError, caller_of_key, make_key, revoke_key
from app.services.permissions import Caller, read_grant

NOW = datetime.now(UTC)
HOUR = timedelta(hours=1)


def given_out(
    session: Session, grants: Sequence[str] = ("editor:barnet",), expires_at: datetime | None = None
) -> tuple[ApiKey, str]:
    return make_key(session, "Quarterly returns", tuple(map(read_grant, grants)), "test", expires_at)


def shown(session: Session, text: str, now: datetime = NOW) -> Caller | None:
    return caller_of_key(session.connection(), text, now)


def test_a_key_is_good_for_its_grants_in_their_order(session: Session) -> None:
    grants = ("publisher:barnet", "editor:barnet/human-resources", "reader")

    key, text = given_out(session, grants)

    assert shown(session, text) == Caller(f"key:{key.prefix}", tuple(map(read_grant, grants)))


def test_a_key_has_256_random_bits_and_is_known_for_one(session: Session) -> None:
    _, text = given_out(session)

    secret = re.fullmatch(r"outturn_[a-z2-7]{8}_([A-Za-z0-9_-]{43})", text)

    assert secret is not None
    assert secret[1] not in given_out(session)[1]


def test_the_key_itself_stands_nowhere_in_the_database(session: Session) -> None:
    key, text = given_out(session)
    secret = text.removeprefix(f"outturn_{key.prefix}_")

    rows = session.execute(table("api_key").select()).all()

    assert key.prefix in str(rows)
    assert secret not in str(rows)
    assert re.fullmatch("[0-9a-f]{64}", key.digest)


def test_a_key_that_differs_anywhere_is_nobodys(session: Session) -> None:
    _, text = given_out(session)
    _, other = given_out(session)
    wrong = [
        "",
        "outturn_",
        text[:-1],
        text + "A",
        text + "\n",
        text.upper(),
        text[:-1] + ("B" if text[-1] == "A" else "A"),
        text[:17] + other[17:],
        "outturn_zzzzzzzz" + text[16:],
        text.removeprefix("outturn_"),
        text[:20] + "é" + text[21:],
    ]

    assert [shown(session, each) for each in wrong] == [None] * len(wrong)
    assert shown(session, text) is not None


def test_a_key_is_over_from_the_moment_that_it_was_given_until(session: Session) -> None:
    until = NOW + HOUR
    _, text = given_out(session, expires_at=until.astimezone(timezone(timedelta(hours=-5))))

    assert shown(session, text, until - timedelta(microseconds=1)) is not None
    assert shown(session, text, until) is None
    assert shown(session, text, until.astimezone(timezone(timedelta(hours=-9)))) is None


def test_a_key_is_over_as_soon_as_it_is_revoked(session: Session) -> None:
    key, text = given_out(session)
    assert shown(session, text) is not None

    revoke_key(session, key.prefix, "test")

    assert shown(session, text) is None


def test_revoking_twice_keeps_the_moment_of_the_first(session: Session) -> None:
    key, _ = given_out(session)
    first = revoke_key(session, key.prefix, "test").revoked_at

    assert first is not None
    assert revoke_key(session, key.prefix, "test").revoked_at == first


def test_revoking_one_key_leaves_the_others(session: Session) -> None:
    key, _ = given_out(session)
    _, other = given_out(session)

    revoke_key(session, key.prefix, "test")

    assert shown(session, other) is not None


def test_an_unknown_prefix_cannot_be_revoked(session: Session) -> None:
    with pytest.raises(UnknownKeyError, match="zzzzzzzz"):
        revoke_key(session, "zzzzzzzz", "test")


def test_keys_are_listed_with_their_grants_those_that_are_over_too(session: Session) -> None:
    first, _ = given_out(session, ("editor:barnet", "publisher:barnet"))
    second, _ = given_out(session, ("reader",))
    revoke_key(session, first.prefix, "test")

    listed = [(key.prefix, [str(grant) for grant in grants]) for key, grants in keys.keys(session)]

    assert listed == [(first.prefix, ["editor:barnet", "publisher:barnet"]), (second.prefix, ["reader"])]


def test_grants_for_places_that_are_not_there_are_found(session: Session) -> None:
    session.add(Organisation(id="barnet", name="Barnet", area_code="E09000003"))
    session.flush()
    revision = Revision(organisation_id="barnet", made_at=NOW, reason="test")
    subject = Subject(organisation_id="barnet", kind="service", key="hr")
    session.add_all([revision, subject])
    session.flush()
    made = {"id": subject.id, "made_in": revision.id, "organisation_id": "barnet"}
    said = {"slug": "hr", "name": "Human Resources", "kind": "directorate", "position": 1}
    session.execute(insert(table("service")).values({**made, **said}))
    known = ["reader", "editor:barnet", "editor:barnet/hr"]
    unknown = ["editor:barnet/legal", "reader:thurrock", "reader:thurrock/hr"]

    found = keys.unknown_places(session, [*map(read_grant, known + unknown)])

    assert [*map(str, found)] == unknown


def test_the_audit_says_who_gave_a_key_out_and_who_ended_it_and_holds_no_secret(session: Session) -> None:
    until = datetime(2027, 3, 31, 22, 59, 59, tzinfo=UTC)
    grants = (read_grant("editor:barnet/human-resources"), read_grant("reader"))
    key, text = make_key(session, "Returns", grants, "key:aaaaaaaa", until, reason="Quarter 3")
    for _ in range(2):
        revoke_key(session, key.prefix, "key:bbbbbbbb", reason="Lost")

    entries = session.execute(select(table("audit_entry"))).mappings().all()

    assert [(each["chain"], each["actor"], each["act"], each["reason"]) for each in entries] == [
        ("", "key:aaaaaaaa", "make_key", "Quarter 3"),
        ("", "key:bbbbbbbb", "revoke_key", "Lost"),
    ]
    assert orjson.loads(entries[0]["detail"]) == {
        "key": key.prefix,
        "name": "Returns",
        "grants": ["editor:barnet/human-resources", "reader"],
        "expires_at": "2027-03-31T22:59:59+00:00",
    }
    assert orjson.loads(entries[1]["detail"]) == {"key": key.prefix, "name": "Returns"}
    assert text[17:] not in str(entries)
    assert key.digest not in str(entries)
    assert [type(each) for each in verify(session.connection())] == [Chain]


@pytest.mark.parametrize("known", [True, False], ids=["a known prefix", "an unknown prefix"])
def test_digests_are_compared_in_constant_time_whether_the_key_is_known_or_not(
    session: Session, monkeypatch: pytest.MonkeyPatch, *, known: bool
) -> None:
    key, text = given_out(session)
    compared: list[tuple[str, str]] = []
    true = hmac.compare_digest

    def spy(one: str, other: str) -> bool:
        compared.append((one, other))
        return true(one, other)

    monkeypatch.setattr("app.services.keys.hmac.compare_digest", spy)
    wrong = (text[:17] if known else "outturn_zzzzzzzz_") + "A" * 43

    assert shown(session, wrong) is None
    ((sent, kept),) = compared
    assert len(sent) == len(kept) == 64
    assert (kept == key.digest) == known
