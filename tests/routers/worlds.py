"""A council that counts people in every way there is, and others of which the public is told the same."""

from collections import Counter
from decimal import ROUND_HALF_UP, Decimal
from itertools import product
from random import Random

Name = tuple[str, ...]
World = dict[Name, int]
"""How many there are of whatever is counted by itself, posts in hundredths; and which form who leaves has."""
Counts = dict[str, tuple[int, ...]]
Figures = dict[Name, Decimal]
"""All that reports say of counts, sums too."""

COUNCIL, WHOLE, PARTS = "anyshire", "front-office", ("home-care", "repairs")
SERVICES = (WHOLE, *PARTS)
GROUPS = (("gender", ("Female", "Male")), ("age", ("Under 30", "30 to 60", "Over 60")))
FORMS = tuple(product(*(groups for _, groups in GROUPS)))
QUARTERS = ("2011-12-q1", "2011-12-q2", "2011-12-q3", "2011-12-q4")
BEFORE, NOW = QUARTERS[:2]
YEAR = "2011-12"
ASKED = {"With illness": "Without", "Under 30 years": "30 years and over"}
"""Groups of a survey, each beside the rest of those asked."""
POSTS = ("permanent", "vacant", "occupied_permanent", "occupied_agency")
_LEAVER, _JOINED = ("leaver", "repairs"), ("home-care", "Male", "30 to 60")
_RECOUNTED = ("observation", "leavers", "home-care", NOW, "value")
_LIMIT = Decimal("12.5")
"""What is below is told of no council."""


def a_council() -> World:
    """A council with small groups and greater ones."""
    people: Counts = {
        "home-care": (21, 16, 2, 9, 13, 1),
        "repairs": (3, 2, 0, 14, 22, 5),
    }
    world: World = {_LEAVER: 4}
    for service, counts in people.items():
        world |= {("people", service, *form): count for form, count in zip(FORMS, counts, strict=True)}
    posts: Counts = {"home-care": (4620, 350, 4120, 410), "repairs": (3280, 90, 1720, 2240)}
    for service, counts in posts.items():
        world |= {("posts", service, column): count for column, count in zip(POSTS, counts, strict=True)}
        world["observation", "posts", service, NOW, "value"] = 1640 if service == "repairs" else 930
    world |= {("asked", "With illness"): 7, ("asked", "Under 30 years"): 38}
    starters: Counts = {"home-care": (18, 4, 9, 23), "repairs": (2, 18, 28, 1)}
    for service, counts in starters.items():
        for quarter, count in zip(QUARTERS, counts, strict=True):
            world["observation", "starters", service, quarter, "value"] = count
        world["observation", "growth", service, NOW, "numerator"] = 44 if service == "home-care" else 6
        world["observation", "growth", service, NOW, "denominator"] = 43 if service == "home-care" else 8
        for period in (BEFORE, NOW):
            world["observation", "appraised", service, period, "numerator"] = 36 if period == NOW else 9
    world["observation", "leavers", "home-care", BEFORE, "value"] = 47
    world |= {_RECOUNTED: 43, ("again", *_RECOUNTED[1:]): 42}
    return world


def figures_of(world: World, *, again: bool) -> Figures:
    """What a report says of a council; one person has left when it reports again."""
    found = {**_people(world, again=again), **_posts_filled(world, again=again)}
    for name, count in world.items():
        if name[0] == "observation":
            unit = Decimal("0.01") if name[1] == "posts" else Decimal(1)
            found[name] = (world.get(("again", *name[1:]), count) if again else count) * unit
    for small, rest in ASKED.items():
        found["asked", small] = Decimal(world["asked", small])
        found["asked", rest] = 164 - found["asked", small]
    for service in PARTS:
        quarters = [found["observation", "starters", service, period, "value"] for period in QUARTERS]
        found["observation", "starters", service, YEAR, "value"] = sum(quarters, Decimal())
    for service, period in product(SERVICES, (BEFORE, NOW)):
        base = found["profile", service, period]
        found["observation", "staff", service, period, "value"] = base
        for measure in ("appraised", "sick") if service != WHOLE else ():
            found["observation", measure, service, period, "denominator"] = base
    return found


def _people(world: World, *, again: bool) -> Figures:
    """People of each service and of each group there."""
    figures = Counter[Name]()
    for name, count in world.items():
        if name[0] == "people":
            for period in (BEFORE, NOW):
                _count_people(figures, name[1], name[2:], count, period)
    _count_people(figures, _JOINED[0], _JOINED[1:], 2, NOW)
    if again:
        _count_people(figures, _LEAVER[1], FORMS[world[_LEAVER]], -1, NOW)
    return {name: Decimal(count) for name, count in figures.items()}


def _count_people(figures: Counter[Name], service: str, form: Name, count: int, period: str) -> None:
    for place in (service, WHOLE):
        figures["profile", place, period] += count
        for (dimension, _), group in zip(GROUPS, form, strict=True):
            figures["profile", place, period, dimension, group] += count


def _posts_filled(world: World, *, again: bool) -> Figures:
    """Posts of each service; half a one is gone when it reports again."""
    figures = Counter[Name]()
    for name, count in world.items():
        if name[0] == "posts":
            gone = 50 if again and name[1:] == ("repairs", "permanent") else 0
            for service in (name[1], WHOLE):
                figures["posts", service, name[2]] += count - gone
    return {name: Decimal(count) / 100 for name, count in figures.items()}


def is_told(figure: Decimal) -> bool:
    """Whether a count is one that may be told."""
    return figure >= _LIMIT


def seen(figure: Decimal) -> int | None:
    """A count as the usual policy tells it where it may; nothing of what it withholds."""
    return int((figure / 5).quantize(Decimal(1), ROUND_HALF_UP)) * 5 if is_told(figure) else None


def another(world: World, seed: int, moves: int = 900) -> World:
    """A council that is another one, and whose counts all look the same; not all of them in every choice."""
    chance = Random(seed)  # noqa: S311 - it shall be the same one, and is no secret
    looks = _looks(world)
    names = sorted(world)
    for _ in range(moves):
        moved = dict(world)
        name = chance.choice(names)
        if name == _LEAVER:
            moved[name] = chance.randrange(len(FORMS))
        elif name[0] == "people" and chance.random() < 0.5:
            moved[name] -= 1
            moved["people", name[1], *chance.choice(FORMS)] += 1
        else:
            steps = range(10, 90) if "posts" in name else (1,)
            moved[name] += chance.choice((1, -1)) * chance.choice(steps)
        if all(count >= 0 for count in moved.values()) and _looks(moved) == looks:
            world = moved
    return world


def _looks(world: World) -> list[dict[Name, int | None]]:
    both = [figures_of(world, again=again) for again in (False, True)]
    if (
        any(figure < 0 for figures in both for figure in figures.values())
        or both[0][_RECOUNTED] == both[1][_RECOUNTED]
    ):
        return []
    return [{name: seen(figure) for name, figure in figures.items()} for figures in both]
