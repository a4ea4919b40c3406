"""What each report of the demo prints of derived figures, and those that do not come back: all of them."""

from collections import Counter
from typing import NamedTuple

from app.queries.reconciliation import Document
from tests.queries.reports import BARNET_2011, BARNET_2013, BATH, BROXTOWE, THURROCK


class Row(NamedTuple):
    """A finding, without its place and its reason; one that stands in two places is there twice."""

    subject: str
    field: str
    published: str
    derived: str
    kind: str


def told(document: Document) -> Counter[Row]:
    """A document's findings, each as often as it stands there."""
    return Counter(Row(f.subject, f.field, f.published, f.derived, f.kind) for f in document.findings)


FIGURES = {BARNET_2011: 137, BARNET_2013: 106, BATH: 45, BROXTOWE: 50, THURROCK: 68}
"""How many derived figures each prints, counted once a place, every cell of a heat map included."""

FINDINGS: dict[str, list[Row]] = {
    BARNET_2011: [
        Row(
            "3002/chief-executives-service/2011-12-q2",
            "target_variance_as_reported",
            "19%",
            "25.6",
            "inconsistent",
        ),
        Row(
            "3003/chief-executives-service/2011-12-q2",
            "direction_variance",
            "45.1%",
            "45.31",
            "input_rounding",
        ),
        Row(
            "3005/chief-executives-service/2011-12-q2",
            "direction_variance",
            "22.0%",
            "22.05",
            "input_rounding",
        ),
        Row("3005/chief-executives-service/2011-12-q2", "previous", "80%", "81.0", "inconsistent"),
        Row(
            "3007/chief-executives-service/2011-12-q2",
            "direction_variance",
            "9.9%",
            "10.09",
            "input_rounding",
        ),
        Row(
            "3009/chief-executives-service/2011-12-q2",
            "direction_variance",
            "-93.8%",
            "-93.74",
            "input_rounding",
        ),
        Row(
            "3011/chief-executives-service/2011-12-q2",
            "direction_variance",
            "N/A",
            "21348.9",
            "ambiguous_rule",
        ),
        Row("chief-executives-service", "scorecard:rating:key_projects", "1", "none", "unknown_input"),
        Row("chief-executives-service Moderate x Possible", "heat_map", "3", "0", "unknown_input"),
        Row(
            "hr-absence-quarter/chief-executives-service/2011-12-q2",
            "direction_variance",
            "22.8%",
            "23.71",
            "input_rounding",
        ),
        Row(
            "hr-absence-quarter/chief-executives-service/2011-12-q2",
            "direction_variance",
            "22.8%",
            "23.71",
            "input_rounding",
        ),
        Row(
            "hr-absence-quarter/chief-executives-service/2011-12-q2",
            "target_variance_as_reported",
            "-27.1%",
            "-27.15",
            "input_rounding",
        ),
        Row(
            "hr-absence-returns/chief-executives-service/2011-12-q2",
            "direction_variance",
            "42.4",
            "27.31",
            "inconsistent",
        ),
        Row(
            "hr-absence-rolling-year/chief-executives-service/2011-12-q2",
            "direction_variance",
            "2.9%",
            "2.39",
            "input_rounding",
        ),
        Row(
            "hr-absence-rolling-year/chief-executives-service/2011-12-q2",
            "direction_variance",
            "2.9%",
            "2.39",
            "input_rounding",
        ),
        Row(
            "hr-absence-rolling-year/chief-executives-service/2011-12-q2",
            "target_variance_as_reported",
            "-57.5%",
            "-57.80",
            "input_rounding",
        ),
        Row(
            "hr-bme-employees/chief-executives-service/2011-12-q2",
            "direction_variance",
            "13.7%",
            "none",
            "unknown_input",
        ),
        Row(
            "hr-disabled-employees/chief-executives-service/2011-12-q2",
            "direction_variance",
            "5.2%",
            "none",
            "unknown_input",
        ),
        Row(
            "hr-high-risk-er-cases/chief-executives-service/2011-12-q2",
            "direction_variance",
            "< 0.01%",
            "none",
            "unknown_input",
        ),
        Row(
            "hr-objectives-set/chief-executives-service/2011-12-q2",
            "direction_variance",
            "8.16%",
            "19.641",
            "inconsistent",
        ),
        Row(
            "hr-objectives-set/chief-executives-service/2011-12-q2",
            "direction_variance",
            "8.16%",
            "19.641",
            "inconsistent",
        ),
        Row(
            "hr-paybill-variance/chief-executives-service/2011-12-q2",
            "direction_variance",
            "99.2%",
            "none",
            "unknown_input",
        ),
        Row(
            "hr-top-earners-female/chief-executives-service/2011-12-q2",
            "direction_variance",
            "7.1%",
            "none",
            "unknown_input",
        ),
    ],
    BARNET_2013: [
        Row(
            "5001/commissioning-group/2013-14-q2",
            "comparator_difference:national",
            "1%",
            "4.6",
            "inconsistent",
        ),
        Row("commissioning-group", "scorecard:rating:corporate_plan", "1", "-0.5", "published_error"),
        Row("commissioning-group Catastrophic x Likely", "heat_map", "1", "0", "inconsistent"),
        Row("commissioning-group Catastrophic x Rare", "heat_map", "1", "0", "unknown_input"),
        Row("commissioning-group Catastrophic x Unlikely", "heat_map", "1", "0", "unknown_input"),
        Row("commissioning-group Major x Unlikely", "heat_map", "2", "0", "unknown_input"),
        Row("commissioning-group Minor x Rare", "heat_map", "1", "0", "unknown_input"),
        Row("commissioning-group Moderate x Unlikely", "heat_map", "1", "0", "unknown_input"),
        Row(
            "eq-get-on-well/commissioning-group/2013-14-q2",
            "target_difference",
            "2 percentage points",
            "1.0",
            "input_rounding",
        ),
        Row(
            "eq-not-enough/commissioning-group/2013-14-q2",
            "direction_difference",
            "9 percentage point",
            "4.0",
            "unknown_input",
        ),
    ],
    BATH: [],
    BROXTOWE: [
        Row(
            "BV79b(ii)/revenues-benefits-and-customer-services/2019-20-q1",
            "status",
            "Green",
            "Red",
            "ambiguous_rule",
        ),
        Row("CP1620_03", "status", "Warning", "In Progress", "ambiguous_rule"),
        Row("DEM1518_01", "status", "In Progress", "Not Started", "ambiguous_rule"),
        Row("DEM1922_01", "status", "Overdue", "In Progress", "suspicious"),
        Row("FP1922_03", "status", "Warning", "In Progress", "ambiguous_rule"),
        Row("FP1922_04", "status", "Complete", "Completed", "inconsistent"),
        Row("FPLocal_09/resources/2019-20-q1", "status", "Green", "Amber", "ambiguous_rule"),
        Row("IT1920_01", "status", "Overdue", "In Progress", "suspicious"),
        Row("IT1920_02", "status", "Overdue", "In Progress", "suspicious"),
        Row("IT1920_17", "status", "Not Started", "In Progress", "suspicious"),
        Row(
            "ITLocal_02/ict-and-business-transformation/2019-20-q1",
            "status",
            "Green",
            "Unknown",
            "suspicious",
        ),
        Row(
            "ITLocal_04/ict-and-business-transformation/2019-20-q1",
            "status",
            "Amber",
            "Red",
            "ambiguous_rule",
        ),
        Row("LALocal_07/resources/2019-20-q1", "status", "Green", "Red", "ambiguous_rule"),
        Row("LALocal_08/resources/2019-20-q1", "status", "Amber", "Unknown", "suspicious"),
        Row("LALocal_12/resources/2019-20-q1", "status", "Green", "Amber", "ambiguous_rule"),
        Row("LALocal_13/resources/2019-20-q1", "status", "Green", "Unknown", "suspicious"),
        Row("RBCS1620_03", "status", "In Progress", "Warning", "ambiguous_rule"),
        Row("RBCS1922_01", "status", "In Progress", "Warning", "ambiguous_rule"),
    ],
    THURROCK: [
        Row(
            "cust-phone-calls/customer-services/2016-17-q1",
            "direction_of_travel",
            "Fewer",
            "rose",
            "published_error",
        ),
        Row(
            "hr-leavers/human-resources-organisational-development/2016-17-q1",
            "direction_of_travel",
            "lower",
            "rose",
            "published_error",
        ),
        Row(
            "hr-new-starters/human-resources-organisational-development/2016-17-q1",
            "direction_of_travel",
            "lower",
            "rose",
            "published_error",
        ),
    ],
}
