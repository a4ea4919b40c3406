"""Organisations, services, periods and indicators on the wire."""

from __future__ import annotations

from typing import Annotated

from app.queries.organisations import INDICATORS, ORGANISATIONS, SERVICES
from app.queries.periods import PERIODS
from app.rules.vocabulary import Calculation, Nature, Polarity, Unit
from app.schemas.queries import OfServices, Order, Paging, Words
from app.schemas.wire import DateText, Page, Wire, example


class OrganisationQuery(Paging):
    """What the list of organisations may be asked."""

    sort: Annotated[str, Order(ORGANISATIONS)] = "id"
    """The column to sort by."""


class OrganisationOut(Wire):
    """A council with a release in force or, among drafts, without one yet."""

    model_config = example(
        id="barnet",
        name="London Borough of Barnet",
        area_code="E09000003",
        release=2,
        release_note="Quarter 2 2013/14 report of the Commissioning Group",
        release_period="2013-14-q2",
        as_of="2013-09-30",
    )

    id: str
    """The organisation's id in paths and filters."""
    name: str
    """Its full name."""
    area_code: str
    """Its GSS area code."""
    release: int | None
    """The id of the release in force; null of a draft that has none yet."""
    release_note: str | None
    """What the release says of itself."""
    release_period: str | None
    """The period that the release reports."""
    as_of: DateText | None
    """The date that the release speaks of."""


class OrganisationPage(Page):
    """A page of organisations."""

    items: list[OrganisationOut]
    """The organisations."""


class ServiceQuery(OfServices, Paging):
    """What the list of services may be asked."""

    sort: Annotated[str, Order(SERVICES)] = "id"
    """The column to sort by."""


class ServiceOut(Wire):
    """A unit of an organisation that reports."""

    model_config = example(
        id=1,
        organisation="barnet",
        service="chief-executives-service",
        name="Chief Executive's Service",
        parent=None,
        kind="directorate",
        lead=None,
    )

    id: int
    """The service's lasting id."""
    organisation: str
    """The organisation it belongs to."""
    service: str
    """Its slug within the organisation, as filters take it."""
    name: str
    """Its name."""
    parent: str | None
    """The slug of the service above it."""
    kind: str
    """What sort of unit it is."""
    lead: str | None
    """The post that leads it, never a person."""


class ServicePage(Page):
    """A page of services."""

    items: list[ServiceOut]
    """The services."""


class PeriodQuery(Paging):
    """What the list of periods may be asked."""

    kind: Words = []
    """Only periods of this kind; repeat for more than one."""
    sort: Annotated[str, Order(PERIODS)] = "id"
    """The column to sort by."""


class PeriodOut(Wire):
    """A stretch of the calendar that something is reported for."""

    model_config = example(
        id="2011-12-q2",
        kind="quarter",
        label="2011/12 Q2",
        start="2011-07-01",
        end="2011-09-30",
        months=3,
        previous="2011-12-q1",
        year_earlier="2010-11-q2",
        financial_year="2011-12",
    )

    id: str
    """The period's id in filters."""
    kind: str
    """Quarter, financial year, as-at date and so on."""
    label: str
    """How a report writes it; filters take it too."""
    start: DateText
    """The first day."""
    end: DateText
    """The last day, included."""
    months: int
    """How many calendar months it holds."""
    previous: str | None
    """The period before, of the same kind."""
    year_earlier: str | None
    """The same period one year before."""
    financial_year: str | None
    """The financial year that holds its end."""


class PeriodPage(Page):
    """A page of periods."""

    items: list[PeriodOut]
    """The periods."""


class IndicatorQuery(OfServices, Paging):
    """What the list of indicators may be asked."""

    indicator_code: Words = []
    """Only indicators of this code; repeat for more than one."""
    section: Words = []
    """Only indicators of this section of a report; repeat for more than one."""
    measure_set: Words = []
    """Only indicators of this measure set; repeat for more than one."""
    polarity: list[Polarity] = []
    """Only indicators of this polarity; repeat for more than one."""
    nature: list[Nature] = []
    """Only indicators of this nature; repeat for more than one."""
    unit: list[Unit] = []
    """Only indicators of this unit; repeat for more than one."""
    workforce: bool | None = None
    """Only measures of the workforce, or only the others."""
    data_only: bool | None = None
    """Only measures kept for information, or only the others."""
    sort: Annotated[str, Order(INDICATORS)] = "id"
    """The column to sort by."""


class IndicatorOut(Wire):
    """The definition of a measure."""

    model_config = example(
        id=21,
        organisation="barnet",
        service="chief-executives-service",
        indicator_key="3002",
        indicator_code="3002",
        title="% of telephone calls answered within 20 seconds",
        section="Performance",
        measure_set="corporate_plan",
        unit="percent",
        decimals=1,
        polarity="higher_is_better",
        nature="ratio",
        calculation="share",
        baseline="previous_period",
        workforce=False,
        sample=False,
        data_only=False,
        counted="calls answered in time",
        note=None,
    )

    id: int
    """The indicator's lasting id."""
    organisation: str
    """The organisation that defines it."""
    service: str
    """The slug of the service that owns it."""
    indicator_key: str
    """Its name within the organisation: its code, or a slug where it has none."""
    indicator_code: str | None
    """Its code as printed: a text, even where it looks like a number."""
    title: str
    """Its title."""
    section: str | None
    """The section of the report it stands in."""
    measure_set: str
    """The set of measures it belongs to; with the date it decides the scheme."""
    unit: Unit
    """What its value counts."""
    decimals: int
    """How many decimals its outturn is shown with."""
    polarity: Polarity
    """Which way it is good."""
    nature: Nature
    """What its value is over time."""
    calculation: Calculation
    """How its outturn follows from numerator and denominator."""
    baseline: str | None
    """Which earlier value it is compared with; null where the report compares with none."""
    workforce: bool
    """Whether it measures the workforce."""
    sample: bool
    """Whether it comes from a survey, so that its error is stated."""
    data_only: bool
    """Whether it is kept for information and never judged."""
    counted: str | None
    """What its numerator counts, in a few words."""
    note: str | None
    """What should be known about it."""


class IndicatorPage(Page):
    """A page of indicators."""

    items: list[IndicatorOut]
    """The indicators."""
