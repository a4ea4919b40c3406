"""Every derived figure that a document prints, held against the derived one.

Figures are derived here by the plain reader from the raw facts in force, so that they can be derived
again with the hidden digits of their inputs; the lists derive the same by the same rules in SQL.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Row, select

from app.entities import PublishedFigure, Release, Subject
from app.queries.columns import decimal_text
from app.queries.derivations import Derivation, all_derivations
from app.queries.visibility import NOW, in_force, releases_in_force, table
from app.rules.evaluation import half_up
from app.rules.printed import Printed, agrees, explained_by_rounding, read_printed
from app.rules.vocabulary import FindingKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from fractions import Fraction

    from app.queries.editions import Reading


class Finding(NamedTuple):
    """A printed figure that does not come back, and why."""

    subject: str
    field: str
    place: str
    published: str
    derived: str
    kind: str
    reason: str


@dataclass(frozen=True, slots=True)
class Document:
    """What one release's report prints: how many derived figures, how many come back, and the others."""

    organisation: str
    release: int
    note: str
    figures: int
    equal: int
    findings: tuple[Finding, ...]
    remarks: tuple[Finding, ...]
    """Facts of the report that contradict one another; they are no derived figures and not counted."""


class Figure(NamedTuple):
    """A printed figure and what it is about."""

    organisation: str
    made_in: int
    subject_id: int
    subject: str
    period: str | None
    field: str
    printed: str
    place: str
    role: str
    finding_kind: str | None
    reason: str | None


def reconcile(reading: Reading) -> list[Document]:
    """Each release's report, with every derived figure that it prints counted once a place."""
    figures = _figures(reading)
    derivations = all_derivations(reading.by_rules())
    releases = _releases(reading)
    shown = _shown_inputs(figures)
    documents = []
    for release in releases:
        about = (release.organisation_id, release.id)
        mine = [f for f in figures if about == (f.organisation, _stated_by(releases, *f[:2]))]
        counted = [f for f in mine if f.role == "derived" or f.finding_kind]
        found = [_finding(figure, derivations.of(figure), shown) for figure in counted]
        maps = [
            heat_map
            for where, heat_map in derivations.heat_maps.items()
            if about == (where[0], _stated_by(releases, *where))
        ]
        cells = [Finding(*cell) for heat_map in maps for cell in heat_map.differing]
        findings = (*filter(None, found), *cells)
        total = len(counted) + sum(heat_map.printed for heat_map in maps)
        remarks = tuple(
            Finding(*remark)
            for where, theirs in derivations.remarks.items()
            if about == (where[0], _stated_by(releases, *where))
            for remark in theirs
        )
        equal = total - len(findings)
        documents.append(Document(*about, release.note, total, equal, findings, remarks))
    return documents


def _shown_inputs(figures: list[Figure]) -> dict[int, dict[str, Printed]]:
    """The printed precision of each subject's raw inputs, where the text holds a number."""
    shown: dict[int, dict[str, Printed]] = {}
    for figure in figures:
        number = read_printed(figure.printed) if figure.role == "input" else None
        if number is not None and figure.finding_kind is None:
            shown.setdefault(figure.subject_id, {}).setdefault(figure.field, number)
    return shown


def _finding(figure: Figure, derivation: Derivation, shown: dict[int, dict[str, Printed]]) -> Finding | None:
    derived = derivation.answer
    if isinstance(derived, str):
        if figure.printed.strip().casefold() in derivation.words:
            return None
        return _made(figure, derived, FindingKind.published_error, "another word than the rule gives")
    printed = read_printed(figure.printed)
    if derived is None and printed is None:
        return None
    if derived is None or printed is None:
        text = "none" if derived is None else _text(derived, 1)
        return _made(figure, text, FindingKind.unknown_input, derivation.why)
    scaled = derived / derivation.unit
    if agrees(scaled, printed):
        return None
    text = _text(scaled, max(printed.places, 0) + 1)
    if hidden := _explaining(derivation, shown.get(figure.subject_id, {}), printed):
        reason = f"hidden digits of {' and '.join(hidden)} explain it"
        return Finding(*_about(figure), text, FindingKind.input_rounding, reason)
    return _made(figure, text, FindingKind.published_error, "does not follow from the raw figures")


def _explaining(derivation: Derivation, shown: Mapping[str, Printed], printed: Printed) -> tuple[str, ...]:
    """The fewest printed inputs whose hidden digits can give the printed figure; none if none can."""
    names = sorted(derivation.inputs & shown.keys())
    for count in range(1, len(names) + 1):
        for chosen in combinations(names, count):
            varied = {name: shown[name] for name in chosen}
            if explained_by_rounding(derivation.again, varied, printed):
                return chosen
    return ()


def _about(figure: Figure) -> tuple[str, str, str, str]:
    return figure.subject, figure.field, figure.place, figure.printed


def _made(figure: Figure, derived: str, kind: str, reason: str) -> Finding:
    """A finding, with the kind and the reason that the report's data state, if they state any."""
    return Finding(*_about(figure), derived, figure.finding_kind or kind, figure.reason or reason)


def _text(value: Fraction, places: int) -> str:
    return decimal_text(int(half_up(value, places) * 10**places), places)


def _figures(reading: Reading) -> list[Figure]:
    v, p, subject = releases_in_force(), table(PublishedFigure, "p"), table(Subject, "subject")
    statement = (
        select(
            p.c.organisation_id,
            p.c.made_in,
            p.c.subject_id,
            subject.c.key,
            p.c.period_id,
            *(p.c[n] for n in ("field", "printed", "place", "role", "finding_kind", "reason")),
        )
        .join(v, in_force(p, v))
        .join(subject, subject.c.id == p.c.subject_id)
        .order_by(p.c.made_in, p.c.position)
    )
    return [Figure(*row) for row in reading.execute(statement).all()]


def _releases(reading: Reading) -> list[Row[Any]]:
    release = table(Release, "release")
    statement = (
        select(release.c.id, release.c.organisation_id, release.c.revision_id, release.c.note)
        .where(release.c.published_at <= NOW)
        .order_by(release.c.revision_id, release.c.id)
    )
    return list(reading.execute(statement))


def _stated_by(releases: list[Row[Any]], organisation: str, made_in: int) -> int | None:
    """The release that first published what a revision made."""
    later = (r.id for r in releases if r.organisation_id == organisation and r.revision_id >= made_in)
    return next(later, None)
