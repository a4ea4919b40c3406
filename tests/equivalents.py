"""Mutants that no test can find, by the line of code and the fault, each with the reason."""

from tests.mutators import Mutant

KEPT_PLACES = "money and posts have two places already: the rounding only says so"
EXCLUDED = "equal figures were answered by the branch before"
NEVER_ZERO = "a factor of nought was dealt with before, or rounds to nought with either sign"
ROOT_DIGITS = "no figure of a survey lies so near a rounding tie that the thirteenth digit decides"
SAME_ON_SQLITE = "a cast of a whole number leaves SQLite's answer as it is"
SAME_ZIP = "what is left over is the last answer, which is written after ELSE"

REASONS: dict[tuple[str, str], str] = {}


def reason(mutant: Mutant) -> str | None:
    """Why a mutant cannot be told from the original."""
    return REASONS.get((mutant.code, f"{mutant.before} -> {mutant.after}"))
