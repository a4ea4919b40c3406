"""Status schemes: the rule of a council as data, with its clauses and its words for directions."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from sqlalchemy import Subquery, and_, select

from app.entities import DirectionLabel, Scheme, SchemeClause
from app.errors import Fault, InvalidParameter
from app.queries.columns import fields, units, written
from app.queries.listings import Listing
from app.queries.visibility import in_force, releases_in_force, table, visible
from app.rules.escalation import ESCALATION
from app.rules.schemes import ACTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.queries.columns import Row
    from app.queries.editions import Edition, Reading, SchemeVersion

SCHEME_FIELDS = (
    *fields("id", "number"),
    *fields("organisation scheme"),
    *fields("version", "number"),
    *fields("name measure_set"),
    *fields("effective_from effective_to", "date"),
    *fields("variance_convention"),
    *fields("dead_band_percent", "units", 2),
    *fields("dead_band_units", "units", 4),
    *fields("note"),
)
CLAUSE_FIELDS = (
    *fields("position", "number"),
    *fields("condition code label colour"),
    *fields("points", "units", 2),
)


def _schemes(edition: Edition) -> Subquery:
    v, scheme = releases_in_force(), table(Scheme, "sc")
    plain = ("version", "name", "measure_set", "effective_from", "effective_to", "variance_convention")
    return (
        select(
            scheme.c.id,
            scheme.c.organisation_id.label("organisation"),
            scheme.c.slug.label("scheme"),
            *(scheme.c[name] for name in plain),
            units("dead_band_percent", scheme.c.dead_band_percent, 2, edition.dialect),
            units("dead_band_units", scheme.c.dead_band_units, 4, edition.dialect),
            scheme.c.note,
        )
        .join(v, in_force(scheme, v))
        .subquery("r")
    )


def scheme_named(reading: Reading, name: str, *, actions: bool, parameter: str = "scheme") -> SchemeVersion:
    """The scheme in force with an id or a name, in its newest version unless the name tells another.

    Raises InvalidParameter for one that is unknown, that several councils have, or that judges actions
    where measures are judged or the other way.
    """
    owner, _, own = name.rpartition("/")
    slug, _, version = own.partition("@")
    theirs = [s for s in reading.edition.schemes if owner in {"", s.organisation}]
    found = [s for s in theirs if str(s.id) == own] or _newest(theirs, slug)
    if version:
        found = [s for s in theirs if (s.slug, str(s.version)) == (slug, version)]
    if not found:
        near = get_close_matches(own, {s.name for s in reading.edition.schemes}, 5)
        hint = f"; near: {', '.join(sorted(near))}" if near else ""
        raise _refused(parameter, name, f"is not known{hint}")
    if len(found) > 1:
        raise _refused(
            parameter, name, f"is ambiguous; say {' or '.join(f'{s.organisation}/{s.name}' for s in found)}"
        )
    judged = found[0].measure_set if found[0].measure_set in {ACTIONS, ESCALATION} else "measures"
    if judged != (ACTIONS if actions else "measures"):
        raise _refused(parameter, name, f"judges {judged}, and not what is asked for here")
    return found[0]


def _newest(schemes: Iterable[SchemeVersion], slug: str) -> list[SchemeVersion]:
    """The newest version of a name, of each organisation that has it."""
    newest: dict[str, SchemeVersion] = {}
    for scheme in sorted((s for s in schemes if s.slug == slug), key=_version):
        newest[scheme.organisation] = scheme
    return list(newest.values())


def _version(scheme: SchemeVersion) -> int:
    return scheme.version


def _refused(parameter: str, name: str, reason: str) -> InvalidParameter:
    fault = Fault("unknown_value", f"{name!r} {reason}", parameter=parameter)
    return InvalidParameter(f"{parameter}: {name!r} {reason}.", faults=(fault,))


def clauses_of(reading: Reading, scheme_ids: Sequence[int]) -> dict[int, list[Row]]:
    """The clauses of some schemes, in the order in which they are tried, in one statement."""
    v, scheme, clause = releases_in_force(), table(Scheme, "sc"), table(SchemeClause, "clause")
    statement = (
        select(
            scheme.c.id,
            *(clause.c[n] for n in ("position", "condition", "code", "label", "colour")),
            units("points", clause.c.points, 2, reading.edition.dialect),
        )
        .join(v, in_force(scheme, v))
        .join(clause, and_(clause.c.scheme_id == scheme.c.id, visible(clause.c, v.c.revision)))
        .where(scheme.c.id.in_(scheme_ids))
        .order_by(scheme.c.id, clause.c.position)
    )
    found = reading.execute(statement).all()
    clauses: dict[int, list[Row]] = {row_id: [] for row_id in scheme_ids}
    for (row_id, *_), item in zip(found, written(CLAUSE_FIELDS, [row[1:] for row in found]), strict=True):
        clauses[row_id].append(item)
    return clauses


def directions_of(reading: Reading, scheme_ids: Sequence[int]) -> dict[int, list[dict[str, Any]]]:
    """The words that some schemes have for directions; of each direction the first is the one shown."""
    v, label = releases_in_force(), table(DirectionLabel, "label")
    statement = (
        select(label.c.scheme_id, label.c.code, label.c.label)
        .join(v, in_force(label, v))
        .where(label.c.scheme_id.in_(scheme_ids))
        .order_by(label.c.scheme_id, label.c.code, label.c.position)
    )
    words: dict[int, list[dict[str, Any]]] = {row_id: [] for row_id in scheme_ids}
    for scheme_id, code, text in reading.execute(statement):
        words[scheme_id].append({"direction": code, "label": text})
    return words


def direction_words(reading: Reading) -> dict[tuple[int, str], frozenset[str]]:
    """Every word in print for each direction, by scheme, in small letters."""
    v, label = releases_in_force(), table(DirectionLabel, "label")
    statement = select(label.c.scheme_id, label.c.code, label.c.label).join(v, in_force(label, v))
    words: dict[tuple[int, str], set[str]] = {}
    for scheme_id, code, text in reading.execute(statement):
        words.setdefault((scheme_id, code), set()).add(text.casefold())
    return {key: frozenset(texts) for key, texts in words.items()}


SCHEMES = Listing("schemes", SCHEME_FIELDS, _schemes)
