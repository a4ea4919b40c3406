"""Rows that say who reports, and for when."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import ClassVar

from app.imports.cells import Day, PeriodId
from app.imports.rows import Aliases, Row
from app.imports.slugs import slug

_AREA_CODE = re.compile(r"[A-Z][0-9]{8}")


class ServiceKind(StrEnum):
    """What sort of unit reports."""

    directorate = "directorate"
    delivery_unit = "delivery_unit"
    reporting_area = "reporting_area"
    portfolio = "portfolio"
    service_area = "service_area"


class OrganisationRow(Row):
    """The council: the one row of organisation.csv."""

    id: str
    """Slug of the council."""
    name: str
    """Name of the council."""
    area_code: str
    """GSS code of its area."""

    def _faults(self) -> Iterable[tuple[str, str]]:
        if self.id != slug(self.id):
            yield "id", "is not small letters and digits joined by hyphens"
        if not _AREA_CODE.fullmatch(self.area_code):
            yield "area_code", "is not a GSS area code, as E09000003"


class ReleaseRow(Row):
    """What the report covers: the one row of release.csv."""

    period: PeriodId
    """Period that the report covers."""
    as_of: Day
    """Day on which the report was true."""
    note: str
    """What the report is, in a few words."""


class ServiceRow(Row):
    """A unit that reports; its parent is the slug of another."""

    aliases: ClassVar[Aliases] = {
        "name": ("service", "service name"),
        "parent": ("parent service",),
    }

    name: str
    """Name of the service; its slug follows from it."""
    parent: str | None = None
    """Slug of the service that it belongs to."""
    kind: ServiceKind
    """What sort of unit it is."""
    lead: str | None = None
    """Post that leads it, without a person's name."""

    @property
    def slug(self) -> str:
        """The id of the service within its organisation."""
        return slug(self.name)

    def _faults(self) -> Iterable[tuple[str, str]]:
        if not self.slug:
            yield "name", "has no letter or digit to name it by"
        if self.parent == self.slug:
            yield "parent", "is the service itself"
