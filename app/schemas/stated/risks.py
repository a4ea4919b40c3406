"""Controls, matrices and printed heat maps on the wire, as councils state them."""

from typing import Annotated, Literal

from pydantic import Field
from typing_extensions import TypeAliasType

from app.imports.risks import ControlStatus
from app.queries.stated import HEAT_MAP_CELLS, RISK_CONTROLS, RISK_MATRICES
from app.schemas.queries import Amount, OfPeriods, OfServices, Order, Paging, Words
from app.schemas.wire import DecimalText, Page, Wire, example

MatrixPart = TypeAliasType(
    "MatrixPart",
    Annotated[
        Literal["impact", "probability", "band"],
        Field(description="What a word of a risk matrix names: a level of one side, or a band of ratings."),
    ],
)


class RiskControlQuery(OfServices, Paging):
    """What the list of controls may be asked."""

    risk_code: Words = []
    """Only controls of the risk with this code; repeat for more than one."""
    status: list[ControlStatus] = []
    """Only controls that have come this far; repeat for more than one."""
    percent_complete_min: Amount | None = None
    """Only controls that have come at least this far, in percent."""
    percent_complete_max: Amount | None = None
    """Only controls that have come at most this far, in percent."""
    sort: Annotated[str, Order(RISK_CONTROLS)] = "id"
    """The column to sort by."""


class RiskControlOut(Wire):
    """Something that is done to make a risk smaller."""

    model_config = example(
        id=179,
        organisation="barnet",
        service="chief-executives-service",
        risk_id=173,
        risk_code="ST0039",
        position=1,
        description="Follow up data actions owned by services",
        status="approved",
        percent_complete="30.00",
    )

    id: int
    """The control's lasting id."""
    organisation: str
    """The organisation whose register it stands in."""
    service: str
    """The slug of the service whose risk it is."""
    risk_id: int
    """The lasting id of the risk, whatever the period; `/v1/risks` has an id for each period."""
    risk_code: str
    """The risk's code."""
    position: int
    """Its place among the controls of the risk, from 1."""
    description: str
    """What is done."""
    status: ControlStatus | None
    """How far it is agreed or done."""
    percent_complete: DecimalText | None
    """How far it is done, in percent."""


class RiskControlPage(Page):
    """A page of controls."""

    items: list[RiskControlOut]
    """The controls."""


class RiskMatrixQuery(Paging):
    """What the list of levels and bands may be asked."""

    organisation: Words = []
    """Only matrices of this organisation; repeat for more than one."""
    matrix: Words = []
    """Only the matrix with this name; repeat for more than one."""
    kind: Words = []
    """Only levels of `impact` or `probability`, or only the bands; repeat for more than one."""
    sort: Annotated[str, Order(RISK_MATRICES)] = "id"
    """The column to sort by."""


class RiskMatrixLevelOut(Wire):
    """A named level of impact or probability, or a named band of ratings."""

    model_config = example(
        id=48,
        organisation="barnet",
        matrix="barnet-5x5",
        kind="band",
        code="high",
        label="High",
        low=15,
        high=25,
    )

    id: int
    """The level's lasting id."""
    organisation: str
    """The organisation whose matrix it is."""
    matrix: str
    """The matrix's name within the organisation."""
    kind: MatrixPart
    """What it names."""
    code: str
    """Its name within the matrix and kind."""
    label: str
    """The council's word for it."""
    low: int
    """The lowest rating of a band; of a level, the level."""
    high: int
    """The highest rating of a band; of a level, the level."""


class RiskMatrixPage(Page):
    """A page of levels and bands."""

    items: list[RiskMatrixLevelOut]
    """The levels and bands."""


class PrintedCellQuery(OfPeriods, Paging):
    """What the list of printed heat-map cells may be asked."""

    matrix: Words = []
    """Only cells on the matrix with this name; repeat for more than one."""
    count_min: Amount | None = None
    """Only cells that print at least this many risks."""
    count_max: Amount | None = None
    """Only cells that print at most this many risks."""
    sort: Annotated[str, Order(HEAT_MAP_CELLS)] = "id"
    """The column to sort by."""


class PrintedCellOut(Wire):
    """How many risks a report prints at one impact and probability."""

    model_config = example(
        id=401,
        organisation="barnet",
        service="commissioning-group",
        period="2013-14-q2",
        matrix="barnet-5x5",
        impact=5,
        probability=4,
        count=1,
    )

    id: int
    """The cell's lasting id."""
    organisation: str
    """The organisation that reports it."""
    service: str
    """The slug of the service whose heat map it is."""
    period: str
    """The period."""
    matrix: str
    """The name of the matrix that the heat map is drawn on."""
    impact: int
    """How bad, 1 to 5."""
    probability: int
    """How likely, 1 to 5."""
    count: int
    """How many risks are printed there."""


class PrintedCellPage(Page):
    """A page of printed heat-map cells."""

    items: list[PrintedCellOut]
    """The cells."""
