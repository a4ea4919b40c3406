"""Every figure that a document prints, held against the derived one, and every fact against the others.

Figures are derived here by the plain reader from the raw facts in force, so that they can be derived
again with the hidden digits of their inputs; the lists derive the same by the same rules in SQL.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import Row, select

from app.entities import PublishedFigure, Release, Subject
from app.queries.derivations import all_derivations
from app.queries.findings.columns import mixed_bases, mixed_targets
from app.queries.findings.commentaries import misses_without_commentary
from app.queries.findings.contradictions import JUDGED
from app.queries.findings.days import impossible_days
from app.queries.findings.explained import explained
from app.queries.findings.found import About, Check, Finding, given, number_text
from app.queries.findings.registers import HeatMap, heat_maps, uneven_profiles
from app.queries.findings.services import services_of
from app.queries.visibility import NOW, in_force, releases_in_force, table
from app.rules.printed import Printed, agrees, read_printed
from app.rules.vocabulary import FindingKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from app.queries.editions import Reading
    from app.queries.findings.derived import Derivation, Derivations

_Stated = tuple[str, int | None]
"""Whose report states something, and the release that first published it, if one did."""
_OUTTURNS = frozenset({"outturn", "value", "numerator", "denominator"})


@dataclass(frozen=True, slots=True)
class Document:
    """What one release's report prints: how many derived figures, how many come back, and the others.

    What is in draft of an organisation is a document of its own, without a release.
    """

    organisation: str
    release: int | None
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
    id: int
    subject_id: int
    subject_kind: str
    subject: str
    period: str | None
    field: str
    printed: str
    place: str
    role: str
    finding_kind: str | None
    reason: str | None

    @property
    def counts(self) -> bool:
        """Whether it is a derived figure, or one that the report's data say something of."""
        return self.role == "derived" or self.finding_kind is not None


def reconcile(reading: Reading) -> list[Document]:
    """Each release's report, with every derived figure that it prints counted once a place.

    It knows the facts themselves: what it says of counts of people is not for everybody.
    """
    reading = reading.untold()
    figures = _figures(reading)
    derivations = all_derivations(reading, {figure.organisation for figure in figures})
    places = services_of(reading, {figure.subject_id for figure in figures})
    maps = list(heat_maps(reading))
    found = [
        *_differing(figures, derivations, places),
        *(finding for heat_map in maps for finding in heat_map.differing),
    ]
    remarks = [
        *_colours(figures, derivations, places),
        *uneven_profiles(reading),
        *_of_reports(reading, figures),
    ]
    releases = _releases(reading)

    def document(each: Figure | HeatMap | Finding) -> _Stated:
        return each.organisation, _stated_by(releases, each.organisation, each.made_in)

    printed = Counter[_Stated]()
    for figure in figures:
        printed[document(figure)] += figure.counts
    for heat_map in maps:
        printed[document(heat_map)] += heat_map.printed
    differing, contradicting = _grouped(found, document), _grouped(remarks, document)
    notes: dict[_Stated, str] = {(each.organisation_id, each.id): each.note for each in releases}
    drafted = dict.fromkeys(sorted({*printed, *differing, *contradicting} - {*notes}, key=str), "")
    return [
        Document(
            *about,
            note,
            printed[about],
            printed[about] - len(differing[about]),
            tuple(differing[about]),
            tuple(contradicting[about]),
        )
        for about, note in {**notes, **drafted}.items()
    ]


def _differing(
    figures: list[Figure], derivations: Derivations, places: Mapping[int, str]
) -> Iterator[Finding]:
    shown = _shown_inputs(figures)
    for figure in figures:
        if figure.counts:
            about = shown.get(figure.subject_id, {})
            finding = _finding(figure, derivations.of(figure), about, places.get(figure.subject_id))
            if finding is not None:
                yield finding


def _shown_inputs(figures: list[Figure]) -> dict[int, dict[str, Printed]]:
    """The printed precision of each subject's raw inputs, where the text holds a number."""
    shown: dict[int, dict[str, Printed]] = {}
    for figure in figures:
        number = read_printed(figure.printed) if figure.role == "input" else None
        if number is not None and figure.finding_kind is None:
            shown.setdefault(figure.subject_id, {}).setdefault(figure.field, number)
    return shown


def _finding(
    figure: Figure, derivation: Derivation, shown: Mapping[str, Printed], service: str | None
) -> Finding | None:
    derived = derivation.answer
    if isinstance(derived, str):
        return _of_word(figure, derivation, derived, service)
    printed = read_printed(figure.printed)
    if derived is None and printed is None:
        return None
    found = _made(figure, derivation, service)
    if derived is None or printed is None:
        text = None if derived is None else number_text(derived, 1)
        return _judged(figure, found._replace(derived=text), FindingKind.unknown_input, derivation.why)
    scaled = derived / derivation.unit
    if agrees(scaled, printed):
        return None
    found = found._replace(derived=number_text(scaled, max(printed.places, 0) + 1))
    hidden = explained(derivation.again, {n: shown[n] for n in derivation.inputs & shown.keys()}, printed)
    if hidden:
        names = [*dict.fromkeys(each.input for each in hidden)]
        either = " or of " if hidden[0].alone else " and "
        reason = f"hidden digits of {either.join(names)} explain it"
        return found._replace(kind=FindingKind.input_rounding, reason=reason, explained_by=hidden)
    return _judged(figure, found, FindingKind.published_error, "does not follow from the raw figures")


def _of_word(figure: Figure, derivation: Derivation, derived: str, service: str | None) -> Finding | None:
    if figure.printed.strip().casefold() in derivation.words:
        return None
    found = _made(figure, derivation, service)._replace(derived=derived)
    contradicted = derivation.contradicts(figure.printed)
    if contradicted is not None:
        return found._replace(**contradicted._asdict())
    return _judged(figure, found, FindingKind.published_error, "another word than the rule gives")


def _made(figure: Figure, derivation: Derivation, service: str | None) -> Finding:
    """A finding of a figure, whose kind and reason are still to be judged."""
    total = figure.field.startswith("budget_total:")
    return Finding(
        fact=str(figure.id),
        made_in=figure.made_in,
        organisation=figure.organisation,
        service=service,
        period=figure.period,
        subject=About(figure.subject_kind, figure.subject_id, figure.subject),
        field=figure.field,
        place=figure.place,
        published=figure.printed,
        derived=None,
        kind="",
        reason="",
        check=Check.totals if total else Check.published_figure,
        inputs=given(derivation.given()),
    )


def _judged(figure: Figure, found: Finding, kind: str, reason: str) -> Finding:
    """A finding, with the kind and the reason that the report's data state, if they state any."""
    return found._replace(kind=figure.finding_kind or kind, reason=figure.reason or reason)


def _colours(figures: list[Figure], derivations: Derivations, places: Mapping[int, str]) -> Iterator[Finding]:
    """Statuses that stand in print where an outturn should."""
    for figure in figures:
        codes = derivations.codes.get(figure.subject_id, {})
        word = codes.get(figure.printed.strip().casefold())
        if figure.role != "input" or figure.field not in _OUTTURNS or word not in JUDGED:
            continue
        derivation = derivations.figures[figure.subject_id, None, "outturn"]
        found = _made(figure, derivation, places.get(figure.subject_id))
        yield found._replace(
            derived=number_text(derivation.answer) if isinstance(derivation.answer, Fraction) else None,
            kind=FindingKind.suspicious,
            reason=f"the status {figure.printed} stands where the {figure.field} should",
            check=Check.colour_without_data,
        )


def _of_reports(reading: Reading, figures: list[Figure]) -> Iterator[Finding]:
    """What the reports of organisations that have any in print say, or leave unsaid, against their facts."""
    owners = {figure.organisation for figure in figures}
    statuses: dict[int, list[str]] = defaultdict(list)
    for figure in figures:
        if figure.field == "status":
            statuses[figure.subject_id].append(figure.printed.strip())
    yield from misses_without_commentary(reading, statuses)
    if not owners:
        return
    yield from impossible_days(reading, owners, {figure.subject_id: figure.period for figure in figures})
    yield from mixed_targets(reading, owners)
    yield from mixed_bases(reading, owners)


def _figures(reading: Reading) -> list[Figure]:
    v, p, subject = releases_in_force(), table(PublishedFigure, "p"), table(Subject, "subject")
    names = ("field", "printed", "place", "role", "finding_kind", "reason")
    statement = (
        select(
            *(p.c[name] for name in ("organisation_id", "made_in", "id", "subject_id")),
            subject.c.kind,
            subject.c.key,
            p.c.period_id,
            *(p.c[name] for name in names),
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


def _grouped(
    findings: Iterable[Finding], document: Callable[[Finding], _Stated]
) -> dict[_Stated, list[Finding]]:
    groups: dict[_Stated, list[Finding]] = defaultdict(list)
    for finding in findings:
        groups[document(finding)].append(finding)
    return groups


def _stated_by(releases: list[Row[Any]], organisation: str, made_in: int) -> int | None:
    """The release that first published what a revision made."""
    later = (r.id for r in releases if r.organisation_id == organisation and r.revision_id >= made_in)
    return next(later, None)
