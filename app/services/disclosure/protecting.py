"""Publishing counts so that no small one can be worked back."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

import numpy as np

from app.services.disclosure.choosing import choose_withheld
from app.services.disclosure.knowledge import Cell, Knowledge, Release, gather_knowledge
from app.services.disclosure.lasting import Lasting
from app.services.disclosure.proving import intervals, moved_alike
from app.services.disclosure.rounding import Policy
from app.services.disclosure.solving import Flags
from app.services.disclosure.tables import Published, Tables, UnsafeError


def protect(tables: Tables, policy: Policy, earlier: Sequence[Published] = ()) -> Published:
    """What may be told of tables after what was told before, oldest first: each cell rounded or withheld.

    No cell withheld now or then can be bounded within its policy's width, and the answer's `intervals` prove
    it of the cells withheld now.

    Raises:
        UnsafeError: with the cells that could be worked back whatever is withheld.
        ValueError: where a figure is no count, or an earlier release does not fit its policy.
    """
    releases = [Release(one.tables, one.policy, one.values) for one in earlier]
    releases.append(Release(tables, policy))
    withheld = set[Cell]()
    unsafe = list[Cell]()
    for knowledge in gather_knowledge(releases):
        try:
            withheld.update(_withheld(knowledge, lasting=policy.lasting))
        except UnsafeError as error:
            unsafe += error.cells
    if unsafe:
        raise UnsafeError(unsafe)
    values = {
        key: None if (len(earlier), key) in withheld else policy.rounded(policy.units(count))
        for key, count in tables.counts.items()
    }
    return _proved(Published(tables, policy, values), earlier)


def _withheld(knowledge: Knowledge, *, lasting: bool) -> Sequence[Cell]:
    """The cells of the latest release to withhold, of those that hang together."""
    if not (knowledge.latest.any() and knowledge.withheld.any()):
        return ()
    withheld = _choice(knowledge, lasting=lasting)
    return [knowledge.cells[place] for place in np.flatnonzero(withheld & knowledge.latest)]


def _choice(knowledge: Knowledge, *, lasting: bool) -> Flags:
    """A choice that is safe, and where it can be one that later releases leave safe."""
    if lasting:
        kept = _kept(knowledge)
        with suppress(UnsafeError):
            return choose_withheld(kept, moved_alike(kept))
    return choose_withheld(knowledge)


def _kept(knowledge: Knowledge) -> Knowledge:
    """The same where all is withheld that a lasting choice withholds; the rest is still free."""
    lasting = Lasting(knowledge)
    withheld = lasting.choice(_lasting_choice(lasting.apart))
    return replace(knowledge, withheld=withheld | knowledge.withheld, free=knowledge.free & ~withheld)


def _lasting_choice(apart: Knowledge) -> Flags:
    """Which movements to withhold; those that cannot last are left for what is known today."""
    while True:
        try:
            return choose_withheld(apart)
        except UnsafeError as error:
            lost = set(error.cells)
            need = [0 if cell in lost else need for cell, need in zip(apart.cells, apart.need, strict=True)]
            apart = replace(apart, need=np.array(need))


def _proved(published: Published, earlier: Sequence[Published]) -> Published:
    """The same with its proof, made from nothing but what is published."""
    releases = [*earlier, published]
    found = intervals(releases)
    unsafe = [
        (number, key)
        for (number, key), (low, high) in found.items()
        if high - low <= releases[number].policy.width
    ]
    if unsafe:
        raise UnsafeError(unsafe)
    latest = len(earlier)
    return replace(
        published, intervals={key: found[number, key] for number, key in found if number == latest}
    )
