"""Two councils whose reports are released, put right, released in part, and drafted again."""

from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.connections import writing_engine
from app.db.migrations import migrate
from app.imports.reports import read_report
from app.services.drafting import table
from app.services.keys import make_key
from app.services.loading import load_report
from app.services.permissions import read_grant
from app.services.releases import Publication, latest_revision, publish, publish_release
from tests.imports.examples import WHERE, Cells, write_report

OWNER, OTHER = "anyshire", "othershire"
CLAUSES = [
    ("1", "no outturn", "no_data", "None"),
    ("2", "met", "met", "Green"),
    ("3", "otherwise", "missed", "Red"),
]
SECOND: Cells = {"name": "Back Office", "kind": "directorate"}


class Made:
    """Releases of two councils, drafts of one, and keys."""

    releases: list[int]
    keys: dict[str, str]
    url: str


def report(folder: Path, owner: str, figures: tuple[str, str], files: dict[str, Cells] | None = None) -> Path:
    """A report of two services, each with one measure; the outturns are of 100."""
    itself = {"id": owner, "name": owner.title()}
    first, *clauses = [
        {"scheme": "anyshire-plan", "position": place, "condition": words, "code": code, "label": label}
        for place, words, code, label in CLAUSES
    ]
    observed = {"denominator": "100", "state": "reported"}
    measure = {
        "key": "B1",
        "title": "Letters",
        "service": "back-office",
        "measure_set": "plan",
        "unit": "percent",
        "decimals": "1",
        "polarity": "higher_is_better",
        "nature": "ratio",
        "calculation": "share",
    }
    at_back = {"indicator": "B1", "service": "back-office", "period": WHERE["period"]}
    more = {
        "services": [SECOND],
        "scheme_clauses": clauses,
        "indicators": [measure],
        "observations": [{**at_back, "numerator": figures[1], **observed}],
        "targets": [{**at_back, "kind": "value", "value": "50"}],
    }
    changed: dict[str, Cells] = {
        "organisation": itself,
        "scheme_clauses": first,
        "observations": {"numerator": figures[0], "denominator": "100"},
        "published": {"printed": "80%"},
        **(files or {}),
    }
    return write_report(folder, more, **changed)


def publish_history(url: str, folder: Path) -> Made:
    """Publish a report, a correction of it, one service's part of the next, and leave the rest in draft."""
    migrate(url)
    made, engine = Made(), writing_engine(url)
    made.url = url

    def load(
        session: Session,
        owner: str,
        figures: tuple[str, str],
        reason: str,
        files: dict[str, Cells] | None = None,
    ) -> None:
        read = read_report(report(folder / str(len(list(folder.iterdir()))), owner, figures, files))
        assert load_report(session, read, reason, correct=True).revision_id is not None

    def release(session: Session, owner: str, note: str, **more: Any) -> int:  # noqa: ANN401 - as Publication has them
        newest = latest_revision(session, owner)
        assert newest is not None
        return publish(session, owner, newest, Publication(note, **more)).id or 0

    with Session(engine) as session, session.begin():
        load(session, OTHER, ("80", "60"), reason="not told")
        release(session, OTHER, "The other's")
        load(session, OWNER, ("70", "60"), reason="not told")
        first = release(session, OWNER, "Quarter 2")
        load(session, OWNER, ("80", "60"), reason="not told")
        second = release(session, OWNER, "Recounted", corrects_id=first)
        load(session, OWNER, ("70", "40"), reason="drafted so", files={"indicators": {"title": "Calls"}})
        service = session.scalar(
            select(table("subject").c.id).where(
                table("subject").c.key == "back-office", table("subject").c.organisation_id == OWNER
            )
        )
        third = release(session, OWNER, "Letters only", service_id=service, period_id=WHERE["period"])
        drafted: dict[str, Cells] = {
            "targets": {"value": "90"},
            "scheme_clauses": {
                "scheme": "anyshire-plan",
                "position": "1",
                "condition": "exceeded by more than 10% of target",
                "code": "exceeded",
                "label": "Gold",
            },
        }
        load(session, OTHER, ("80", "60"), reason="drafted so", files=drafted)
        made.releases = [first, second, third]
        grants = {
            "reader": "reader:anyshire",
            "back": "reader:anyshire/back-office",
            "admin": "administrator",
        }
        made.keys = {
            name: make_key(session, name, [read_grant(text)], "test")[1] for name, text in grants.items()
        }
    engine.dispose()
    return made


def release_report(url: str, folder: Path, owner: str, /, **changed: Cells) -> None:
    """Release the example's report, with one row of every file, for a council; some cells are changed."""
    path = folder / f"released-{len(list(folder.iterdir()))}"
    itself = {"id": owner, "name": owner.title()}
    given: dict[str, Cells] = {
        "organisation": itself,
        "indicators": {"workforce": "yes"},
        "published": {"printed": "99%"},
    }
    read = read_report(
        write_report(path, **{name: given.get(name, {}) | changed.get(name, {}) for name in given | changed})
    )
    engine = writing_engine(url)
    with Session(engine) as session, session.begin():
        loaded = load_report(session, read, "told", correct=True)
        assert loaded.revision_id is not None
        publish_release(session, owner, loaded.revision_id, note="Told")
    engine.dispose()
