"""Services as they are written."""

from app.imports.organisations import ServiceKind
from app.schemas.wire import example
from app.schemas.writes.fields import Name, Stated, Text


class ServiceIn(Stated):
    """A unit of an organisation that reports, as it is written."""

    model_config = example(
        organisation="thurrock",
        name="Corporate Performance",
        parent="performance-and-central-services",
        kind="service_area",
    )

    name: Name
    """Its name. Its slug follows from it: small letters and digits joined by hyphens."""
    parent: Name | None = None
    """The slug of the service above it; none for one at the top."""
    kind: ServiceKind
    """What sort of unit it is."""
    lead: Text | None = None
    """The post that leads it, never a person."""
