"""Mutants that no test can find, by the line of code and the fault, each with the reason."""

from tests.mutators import Mutant

KEPT_PLACES = "money and posts have two places already: the rounding only says so"
EQUAL_BEFORE = "equal figures were answered by the branch before"
NEVER_NOUGHT = "a factor of nought was dealt with before, or gives nought with either sign"
ROOT_DIGITS = "no figure lies so near a rounding tie that the twelfth digit of a root decides"
SAME_ON_SQLITE = "a cast of a whole number leaves SQLite's answer as it is"
SAME_ZIP = "False is the default"
ALWAYS = "it holds, whichever of them are compared"

REASONS = {
    (
        'return str(units.top) if dialect == "sqlite" else f"CAST({units.top} AS BIGINT)"',
        "f'CAST({units.top} AS BIGINT)'",
    ): SAME_ON_SQLITE,
    ('digits = "0." + "0" * 40', "39"): ROOT_DIGITS,
    ('digits = "0." + "0" * 40', "41"): ROOT_DIGITS,
    (
        'whens = " ".join(f"WHEN {t} THEN {whole}" for t, whole in zip(tests, wholes, strict=False))',
        "zip(tests, wholes)",
    ): SAME_ZIP,
    ("minus = right.factor < 0 and left.factor >= 0", "left.factor > 0"): NEVER_NOUGHT,
    ("upright = self if sign_of.factor > 0 else -self", "sign_of.factor >= 0"): NEVER_NOUGHT,
    ("return self if divisor.factor > 0 else -self", "divisor.factor >= 0"): NEVER_NOUGHT,
    ("upright = self if divisor.factor > 0 else -self", "divisor.factor >= 0"): NEVER_NOUGHT,
    ("shared = gcd(self.top.factor, self.bottom.factor) or 1", "2"): NEVER_NOUGHT,
    ("sign = 1 if other.top.factor > 0 else -1", "other.top.factor >= 0"): NEVER_NOUGHT,
    ("return Fraction(units if value >= 0 else -units, 10**places)", "value > 0"): NEVER_NOUGHT,
    ("ROOT_PLACES = 12", "11"): ROOT_DIGITS,
    ("ROOT_PLACES = 12", "13"): ROOT_DIGITS,
    ("(higher & (outturn > previous), Direction.improved),", "outturn >= previous"): EQUAL_BEFORE,
    ("(lower & (outturn < previous), Direction.improved),", "outturn <= previous"): EQUAL_BEFORE,
    ("(outturn > previous, Direction.rose),", "outturn >= previous"): EQUAL_BEFORE,
    ("ALWAYS = node(1) >= node(0)", "node(1) > node(0)"): ALWAYS,
    ("ALWAYS = node(1) >= node(0)", "0"): ALWAYS,
    ("ALWAYS = node(1) >= node(0)", "1"): ALWAYS,
    ("ALWAYS = node(1) >= node(0)", "2"): ALWAYS,
}
"""By the line of code, and what stands there instead."""


def reason(mutant: Mutant) -> str | None:
    """Why a mutant cannot be told from the original."""
    if mutant.before == f"rounded({mutant.after}, 2)" and "/" not in mutant.after:
        return KEPT_PLACES
    return REASONS.get((mutant.code, mutant.after))
