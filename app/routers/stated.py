"""Facts as councils state them, of the kinds that other lists only draw on."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.queries.stated import (
    DIRECTION_LABELS,
    DISCLOSURE_POLICIES,
    HEAT_MAP_CELLS,
    INTERVENTIONS,
    NOTES,
    PUBLISHED_FIGURES,
    RISK_CONTROLS,
    RISK_MATRICES,
    SCHEME_CLAUSES,
    TARGETS,
)
from app.routers.deps import Read, ReadOne, RowId, answer_one, answer_page
from app.routers.exports import export_list
from app.schemas.stated.disclosure import DisclosurePolicyOut, DisclosurePolicyPage, DisclosurePolicyQuery
from app.schemas.stated.documents import (
    NotePage,
    NoteQuery,
    PublishedFigureOut,
    PublishedFigurePage,
    PublishedFigureQuery,
    SubjectNote,
)
from app.schemas.stated.measures import (
    IndicatorIntervention,
    InterventionPage,
    InterventionQuery,
    TargetOut,
    TargetPage,
    TargetQuery,
)
from app.schemas.stated.risks import (
    PrintedCellOut,
    PrintedCellPage,
    PrintedCellQuery,
    RiskControlOut,
    RiskControlPage,
    RiskControlQuery,
    RiskMatrixLevelOut,
    RiskMatrixPage,
    RiskMatrixQuery,
)
from app.schemas.stated.schemes import (
    DirectionLabelOut,
    DirectionLabelPage,
    DirectionLabelQuery,
    SchemeClauseOut,
    SchemeClausePage,
    SchemeClauseQuery,
)

router = APIRouter(prefix="/v1")


@router.get("/targets", tags=["indicators"], response_model=TargetPage)
async def list_targets(query: Annotated[TargetQuery, Query()], request: Request, read: Read) -> Response:
    """What measures should reach, for years and for parts of them."""
    return await read(answer_page, TARGETS, query, request)


export_list(router, TARGETS, TargetQuery)


@router.get("/targets/{id}", tags=["indicators"], response_model=TargetOut)
async def get_target(row_id: RowId, read: ReadOne) -> Response:
    """One target."""
    return await read(answer_one, TARGETS, row_id)


@router.get("/interventions", tags=["indicators"], response_model=InterventionPage)
async def list_interventions(
    query: Annotated[InterventionQuery, Query()], request: Request, read: Read
) -> Response:
    """How far councils say that they step in over measures, and why."""
    return await read(answer_page, INTERVENTIONS, query, request)


export_list(router, INTERVENTIONS, InterventionQuery)


@router.get("/interventions/{id}", tags=["indicators"], response_model=IndicatorIntervention)
async def get_intervention(row_id: RowId, read: ReadOne) -> Response:
    """One intervention."""
    return await read(answer_one, INTERVENTIONS, row_id)


@router.get("/risk-controls", tags=["risks"], response_model=RiskControlPage)
async def list_risk_controls(
    query: Annotated[RiskControlQuery, Query()], request: Request, read: Read
) -> Response:
    """What is done to make risks smaller."""
    return await read(answer_page, RISK_CONTROLS, query, request)


export_list(router, RISK_CONTROLS, RiskControlQuery)


@router.get("/risk-controls/{id}", tags=["risks"], response_model=RiskControlOut)
async def get_risk_control(row_id: RowId, read: ReadOne) -> Response:
    """One control."""
    return await read(answer_one, RISK_CONTROLS, row_id)


@router.get("/risk-matrices", tags=["risks"], response_model=RiskMatrixPage)
async def list_risk_matrices(
    query: Annotated[RiskMatrixQuery, Query()], request: Request, read: Read
) -> Response:
    """The levels of impact and probability of each matrix, and its bands of ratings."""
    return await read(answer_page, RISK_MATRICES, query, request)


export_list(router, RISK_MATRICES, RiskMatrixQuery)


@router.get("/risk-matrices/{id}", tags=["risks"], response_model=RiskMatrixLevelOut)
async def get_risk_matrix_level(row_id: RowId, read: ReadOne) -> Response:
    """One level or band of a matrix."""
    return await read(answer_one, RISK_MATRICES, row_id)


@router.get("/disclosure-policies", tags=["workforce"], response_model=DisclosurePolicyPage)
async def list_disclosure_policies(
    query: Annotated[DisclosurePolicyQuery, Query()], request: Request, read: Read
) -> Response:
    """How councils keep small counts of people from being told, where they say so list by list.

    Where a council says nothing, a count of fewer than 10 is not told, and others are rounded to 5.
    """
    return await read(answer_page, DISCLOSURE_POLICIES, query, request)


export_list(router, DISCLOSURE_POLICIES, DisclosurePolicyQuery)


@router.get("/disclosure-policies/{id}", tags=["workforce"], response_model=DisclosurePolicyOut)
async def get_disclosure_policy(row_id: RowId, read: ReadOne) -> Response:
    """One policy of small counts."""
    return await read(answer_one, DISCLOSURE_POLICIES, row_id)


@router.get("/heat-map-cells", tags=["risks"], response_model=PrintedCellPage)
async def list_printed_heat_map_cells(
    query: Annotated[PrintedCellQuery, Query()], request: Request, read: Read
) -> Response:
    """How many risks reports print at each impact and probability; `/v1/risks/heat-map` has the counted."""
    return await read(answer_page, HEAT_MAP_CELLS, query, request)


export_list(router, HEAT_MAP_CELLS, PrintedCellQuery)


@router.get("/heat-map-cells/{id}", tags=["risks"], response_model=PrintedCellOut)
async def get_printed_heat_map_cell(row_id: RowId, read: ReadOne) -> Response:
    """One printed cell of a heat map."""
    return await read(answer_one, HEAT_MAP_CELLS, row_id)


@router.get("/notes", tags=["scorecards"], response_model=NotePage)
async def list_notes(query: Annotated[NoteQuery, Query()], request: Request, read: Read) -> Response:
    """What reports say in a few words: achievements, challenges, commentaries on measures."""
    return await read(answer_page, NOTES, query, request)


export_list(router, NOTES, NoteQuery)


@router.get("/notes/{id}", tags=["scorecards"], response_model=SubjectNote)
async def get_note(row_id: RowId, read: ReadOne) -> Response:
    """One note."""
    return await read(answer_one, NOTES, row_id)


@router.get("/published-figures", tags=["findings"], response_model=PublishedFigurePage)
async def list_published_figures(
    query: Annotated[PublishedFigureQuery, Query()], request: Request, read: Read
) -> Response:
    """What documents print for fields that are derived here, and the printed text of raw figures."""
    return await read(answer_page, PUBLISHED_FIGURES, query, request)


export_list(router, PUBLISHED_FIGURES, PublishedFigureQuery)


@router.get("/published-figures/{id}", tags=["findings"], response_model=PublishedFigureOut)
async def get_published_figure(row_id: RowId, read: ReadOne) -> Response:
    """One printed figure."""
    return await read(answer_one, PUBLISHED_FIGURES, row_id)


@router.get("/scheme-clauses", tags=["schemes"], response_model=SchemeClausePage)
async def list_scheme_clauses(
    query: Annotated[SchemeClauseQuery, Query()], request: Request, read: Read
) -> Response:
    """The clauses of all schemes, each a row of its own."""
    return await read(answer_page, SCHEME_CLAUSES, query, request)


export_list(router, SCHEME_CLAUSES, SchemeClauseQuery)


@router.get("/scheme-clauses/{id}", tags=["schemes"], response_model=SchemeClauseOut)
async def get_scheme_clause(row_id: RowId, read: ReadOne) -> Response:
    """One clause."""
    return await read(answer_one, SCHEME_CLAUSES, row_id)


@router.get("/direction-labels", tags=["schemes"], response_model=DirectionLabelPage)
async def list_direction_labels(
    query: Annotated[DirectionLabelQuery, Query()], request: Request, read: Read
) -> Response:
    """The words and arrows that councils have for directions."""
    return await read(answer_page, DIRECTION_LABELS, query, request)


export_list(router, DIRECTION_LABELS, DirectionLabelQuery)


@router.get("/direction-labels/{id}", tags=["schemes"], response_model=DirectionLabelOut)
async def get_direction_label(row_id: RowId, read: ReadOne) -> Response:
    """One word for a direction."""
    return await read(answer_one, DIRECTION_LABELS, row_id)
