"""Mutants that no test can find, each with the reason."""

from tests.mutators import Mutant

REASONS: dict[tuple[str, str, str], str] = {}


def reason(mutant: Mutant) -> str | None:
    """Why a mutant cannot be told from the original."""
    return REASONS.get((mutant.path, mutant.before, mutant.after))
