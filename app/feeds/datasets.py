"""What is published as data: each dataset by name, what it is, and the list whose rows it has."""

from __future__ import annotations

from typing import NamedTuple


class Dataset(NamedTuple):
    """A dataset that portals harvest: the rows of one list, of every organisation or of one.

    `path` is the list's address. Of one that is shaped like a cube, `dimensions` say where a figure stands
    and `measures` which figures there are.
    """

    name: str
    title: str
    description: str
    path: str
    keywords: tuple[str, ...]
    dimensions: tuple[str, ...] = ()
    measures: tuple[str, ...] = ()


DATASETS = (
    Dataset(
        "observations",
        "Performance observations",
        "Outturns of performance indicators by service and period, with targets, statuses and variances.",
        "/v1/observations",
        ("performance", "indicators", "targets"),
    ),
    Dataset(
        "indicators",
        "Performance indicators",
        "Definitions of performance indicators: unit, polarity, nature and calculation.",
        "/v1/indicators",
        ("performance", "indicators", "definitions"),
    ),
    Dataset(
        "budget-variances",
        "Budget variances",
        "Revenue and capital budgets with forecasts, variations and slippage, in pounds.",
        "/v1/budget-variances",
        ("budget", "spending", "finance"),
    ),
    Dataset(
        "risks",
        "Risk registers",
        "Risks with their current and target assessments, ratings, bands and treatment.",
        "/v1/risks",
        ("risk", "risk register"),
    ),
    Dataset(
        "risk-heat-map",
        "Risk heat map",
        "Risks counted by impact and probability, as printed and as the registers give them.",
        "/v1/risks/heat-map",
        ("risk", "heat map"),
        dimensions=("organisation", "service", "period", "impact", "probability"),
        measures=("published", "registered"),
    ),
    Dataset(
        "workforce-metrics",
        "Workforce metrics",
        "Absence, appraisals, starters, leavers and other measures of the workforce.",
        "/v1/workforce-metrics",
        ("workforce", "staff", "absence"),
    ),
    Dataset(
        "workforce-establishment",
        "Workforce establishment",
        "Posts that exist and posts that are filled, in full-time equivalents.",
        "/v1/workforce-establishment",
        ("workforce", "staff", "establishment"),
        dimensions=("organisation", "service", "period"),
        measures=(
            "permanent",
            "fixed_term",
            "vacant",
            "occupied_permanent",
            "occupied_fixed_term",
            "occupied_agency",
            "consultants",
            "casual",
            "establishment_total",
            "occupancy_total",
            "occupancy_variance",
        ),
    ),
    Dataset(
        "workforce-profiles",
        "Workforce profiles",
        "Staff by gender, ethnic origin, age, religion and disability, over a stated base.",
        "/v1/workforce-profiles",
        ("workforce", "staff", "equalities"),
        dimensions=("organisation", "service", "period", "dimension", "category"),
        measures=("headcount", "base", "share"),
    ),
    Dataset(
        "actions",
        "Actions",
        "Planned actions with due dates, progress and status.",
        "/v1/actions",
        ("business plan", "actions"),
    ),
    Dataset(
        "scorecards",
        "Scorecards",
        "Ratings and status counts by organisation, service and period.",
        "/v1/scorecards",
        ("performance", "scorecard"),
    ),
    Dataset(
        "findings",
        "Findings",
        "Printed figures that do not come back from the raw facts, and facts that contradict one another.",
        "/v1/findings",
        ("data quality", "reconciliation"),
    ),
)
"""In the order in which catalogues list them; `path` leads to the same rows as JSON."""
NAMED = {dataset.name: dataset for dataset in DATASETS}
LICENCE = "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"
"""The Open Government Licence 3.0, at the address by which harvesters know it."""
