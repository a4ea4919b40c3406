"""Whom, when and by which scheme a scorecard is about, on the wire."""

from app.schemas.wire import DateText, Wire, example


class OrganisationLink(Wire):
    """Who reports."""

    model_config = example(
        id="barnet", name="London Borough of Barnet", area_code="E09000003", href="/v1/organisations/barnet"
    )

    id: str
    """The organisation's id."""
    name: str
    """Its name."""
    area_code: str
    """Its GSS area code."""
    href: str
    """Where it is."""


class ServiceLink(Wire):
    """Which service it is about."""

    model_config = example(
        id=1,
        service="chief-executives-service",
        name="Chief Executive's Service",
        kind="directorate",
        lead=None,
        parent=None,
        href="/v1/services/1",
    )

    id: int
    """The service's lasting id."""
    service: str
    """Its slug."""
    name: str
    """Its name."""
    kind: str
    """What sort of unit it is."""
    lead: str | None
    """The role that leads it; never a person."""
    parent: str | None
    """The slug of the service that it belongs to."""
    href: str
    """Where it is."""


class PeriodLink(Wire):
    """For when."""

    model_config = example(
        id="2011-12-q2",
        label="2011/12 Q2",
        start="2011-07-01",
        end="2011-09-30",
        href="/v1/periods/2011-12-q2",
    )

    id: str
    """The period's id."""
    label: str
    """The period as a report writes it."""
    start: DateText
    """Its first day."""
    end: DateText
    """Its last day, included."""
    href: str
    """Where it is."""


class ReleaseLink(Wire):
    """The release that everything is read from."""

    model_config = example(
        id=2, note="Quarter 2 2013/14 report of the Commissioning Group", as_of="2013-09-30"
    )

    id: int
    """The release's id."""
    note: str
    """What it brought."""
    as_of: DateText | None
    """The date that its report speaks of."""


class SchemeLink(Wire):
    """A scheme that judges something here."""

    model_config = example(
        id=3,
        organisation="barnet",
        scheme="barnet-hr",
        version=1,
        name="Barnet HR",
        measure_set="hr",
        href="/v1/schemes/3",
    )

    id: int
    """The scheme's lasting id."""
    organisation: str
    """Whose scheme it is."""
    scheme: str
    """Its name within the organisation."""
    version: int
    """Which of the versions of that name it is."""
    name: str
    """Its title."""
    measure_set: str
    """The measures that it is for."""
    href: str
    """Where it is, with its clauses."""
