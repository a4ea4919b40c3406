"""Exact arithmetic on SQL text: whole numbers with their greatest magnitude, and ratios of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from math import gcd, lcm, prod

WIDEST = 2**63 - 1
"""The greatest whole number that SQLite multiplies and adds exactly."""


@dataclass(frozen=True, slots=True)
class Atom:
    """An SQL expression that is multiplied as it stands; `bound` is the magnitude it can reach."""

    sql: str
    bound: int
    signed: bool = True


@dataclass(frozen=True, slots=True)
class Whole:
    """A plain factor times some SQL expressions."""

    factor: int
    atoms: tuple[Atom, ...] = ()

    @property
    def reach(self) -> int:
        """The greatest magnitude that the whole, and each part of it, can have."""
        return max(abs(self.factor), 1) * prod(atom.bound for atom in self.atoms)

    @property
    def constant(self) -> bool:
        """Whether it is a plain number."""
        return not self.atoms

    @property
    def negative(self) -> bool:
        """Whether it can be below zero."""
        return self.factor < 0 or any(atom.signed for atom in self.atoms)

    def __str__(self) -> str:
        parts = [atom.sql for atom in self.atoms]
        if self.factor != 1 or self.constant:
            parts.insert(0, str(self.factor))
        return f"({' * '.join(parts)})" if len(parts) > 1 else parts[0]

    def __mul__(self, other: Whole) -> Whole:
        return Whole(self.factor * other.factor, self.atoms + other.atoms)

    def __add__(self, other: Whole) -> Whole:
        if ZERO in {self, other}:
            return other if self == ZERO else self
        if Counter(self.atoms) == Counter(other.atoms):
            return Whole(self.factor + other.factor, self.atoms)
        shared = gcd(self.factor, other.factor) or 1
        left, right = self.divided(shared), other.divided(shared)
        signed = left.negative or right.negative
        minus = right.factor < 0 and left.factor >= 0
        joined = f"({left} - {-right})" if minus else f"({left} + {right})"
        return Whole(shared, (Atom(joined, left.reach + right.reach, signed),))

    def __neg__(self) -> Whole:
        return Whole(-self.factor, self.atoms)

    def divided(self, factor: int) -> Whole:
        """Without a part of its factor."""
        return Whole(self.factor // factor, self.atoms)

    def magnitude(self) -> Whole:
        """Without its sign."""
        signed = tuple(atom for atom in self.atoms if atom.signed)
        plain = tuple(atom for atom in self.atoms if not atom.signed)
        if not signed:
            return Whole(abs(self.factor), plain)
        whole = Whole(1, signed)
        text = f"abs({whole})"
        if whole.reach > WIDEST:  # SQLite's abs fails for -2^63, a product turns into a float
            text = f"(CASE WHEN {whole} < 0 THEN {-whole} ELSE {whole} END)"
        return Whole(abs(self.factor), (Atom(text, whole.reach, signed=False), *plain))

    def carrying(self, sign_of: Whole) -> Whole:
        """Itself, or its opposite where another whole is below zero."""
        signed = Whole(1, tuple(atom for atom in sign_of.atoms if atom.signed))
        upright = self if sign_of.factor > 0 else -self
        if signed.constant:
            return upright
        text = f"(CASE WHEN {signed} < 0 THEN {-upright} ELSE {upright} END)"
        return Whole(1, (Atom(text, self.reach),))

    def divisible(self, divisor: Whole) -> Whole:
        """Itself with the sign of a divisor, and missing where that is zero."""
        if divisor.constant:
            return self if divisor.factor > 0 else -self
        whole = Whole(1, divisor.atoms)
        upright = self if divisor.factor > 0 else -self
        below = f"WHEN {whole} < 0 THEN {-upright} " if whole.negative else ""
        return Whole(1, (Atom(f"(CASE {below}WHEN {whole} <> 0 THEN {upright} END)", self.reach),))

    def or_missing(self) -> Whole:
        """Missing where it is zero."""
        if self.constant:
            return self
        whole = Whole(1, self.atoms)
        return Whole(self.factor, (Atom(f"nullif({whole}, 0)", whole.reach, whole.negative),))


ZERO = Whole(0)
ONE = Whole(1)
NULL = Whole(1, (Atom("CAST(NULL AS NUMERIC)", 1),))


def expression(sql: str, bound: int, *, signed: bool = True) -> Whole:
    """An SQL expression as a whole."""
    return Whole(1, (Atom(sql, bound, signed),))


@dataclass(frozen=True, slots=True)
class Ratio:
    """A number as one whole over another that is never negative; missing where the top is.

    The top is missing wherever the bottom is, so that a bottom may cancel out of a comparison or a
    quotient and no missing number comes back to life.
    """

    top: Whole
    bottom: Whole = ONE

    def reduced(self) -> Ratio:
        """Without the common plain factor of the two."""
        shared = gcd(self.top.factor, self.bottom.factor) or 1
        return Ratio(self.top.divided(shared), self.bottom.divided(shared))

    def __add__(self, other: Ratio) -> Ratio:
        left, right, bottom = common(self, other)
        return Ratio(left + right, bottom).reduced()

    def __mul__(self, other: Ratio) -> Ratio:
        return Ratio(self.top * other.top, self.bottom * other.bottom).reduced()

    def over(self, other: Ratio) -> Ratio:
        """Divided by another; missing where that is zero."""
        if other.top.constant and other.bottom.constant and other.top.factor:
            sign = 1 if other.top.factor > 0 else -1
            inverse = Ratio(Whole(sign * other.bottom.factor), Whole(abs(other.top.factor)))
            return self * inverse
        left, right, _ = common(self, other)
        if not right.factor:
            return Ratio(NULL)
        return Ratio(left.divisible(right), right.magnitude().or_missing()).reduced()


def common(left: Ratio, right: Ratio) -> tuple[Whole, Whole, Whole]:
    """Two tops over the least bottom that both go into, and that bottom."""
    factor = lcm(left.bottom.factor, right.bottom.factor)
    ours, theirs = Counter(left.bottom.atoms), Counter(right.bottom.atoms)
    top_left = Whole(factor // left.bottom.factor, tuple((theirs - ours).elements()))
    top_right = Whole(factor // right.bottom.factor, tuple((ours - theirs).elements()))
    return (
        ZERO if left.top == ZERO else left.top * top_left,
        ZERO if right.top == ZERO else right.top * top_right,
        Whole(factor, tuple((ours | theirs).elements())),
    )
