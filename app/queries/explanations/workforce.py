"""How the totals of an establishment and the shares of a profile come about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.queries import listings
from app.queries.columns import fields
from app.queries.explanations.parts import Steps, as_told, facts_of, own_sources, subject_of
from app.queries.workforce import WORKFORCE_ESTABLISHMENT, WORKFORCE_PROFILES
from app.rules import workforce as rules
from app.rules.line_sentences import establishment_sentence, profile_sentence

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.queries.columns import Field, Row
    from app.queries.editions import Reading
    from app.queries.explanations.parts import Derived
    from app.queries.listings import Listing

_POSTS = fields(
    "permanent fixed_term vacant occupied_permanent occupied_fixed_term occupied_agency", "units", 2
)
_COUNTS = fields("headcount base", "units", 2)
_ESTABLISHMENT_STEPS = Steps(rules.ESTABLISHMENT_STEPS, WORKFORCE_ESTABLISHMENT)
_PROFILE_STEPS = Steps(rules.PROFILE_STEPS, WORKFORCE_PROFILES)


def explain_establishment(reading: Reading, row_id: int) -> Row | None:
    """An establishment table's explanation; None where no release in force holds it."""

    def sentence(row: Row, derived: Derived) -> str:
        lacking = dict.fromkeys(
            (*derived.lacking("establishment_total"), *derived.lacking("occupancy_total"))
        )
        return establishment_sentence(row["service"], derived.facts, lacking)

    def title(row: Row) -> str:
        return f"Establishment of {row['service']}"

    return _explained(
        reading,
        WORKFORCE_ESTABLISHMENT,
        row_id,
        _ESTABLISHMENT_STEPS,
        _POSTS,
        "establishment",
        title,
        sentence,
    )


def explain_profile(reading: Reading, row_id: int) -> Row | None:
    """A profile count's explanation; None where no release in force holds it."""

    def sentence(row: Row, derived: Derived) -> str:
        lacking = derived.lacking("share")
        return profile_sentence(row["dimension"], row["category"], derived.facts, lacking)

    def title(row: Row) -> str:
        return str(row["category"])

    return _explained(
        reading, WORKFORCE_PROFILES, row_id, _PROFILE_STEPS, _COUNTS, "profile", title, sentence
    )


def _explained(
    reading: Reading,
    listing: Listing,
    row_id: int,
    steps: Steps,
    columns: tuple[Field, ...],
    kind: str,
    title: Callable[[Row], str],
    sentence: Callable[[Row, Derived], str],
) -> Row | None:
    row: Any = listings.one(reading, listing, row_id)
    if row is None:
        return None
    derived = steps.derive(facts_of(row, columns))
    told = derived.told()
    names = {column.name: column.name for column in columns}
    return {
        "subject": subject_of(kind, row, listing.name, title(row)),
        "sentence": as_told(reading, row_id, sentence(row, derived)),
        "scheme": None,
        "judgements": [],
        "steps": told.steps,
        "not_derived": told.not_derived,
        "operands": steps.operands(told, own_sources(kind, row, listing.name, names)),
    }
