"""Outturn as one writes it after a day with FastAPI's and SQLModel's tutorials, and writes it well.

Related entities are loaded at once, and a response model reads what it sends from them: the same
fields and the same answers as Outturn's observation.
"""

import os
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Depends, FastAPI, HTTPException
from pydantic import AliasPath, BaseModel, Field
from sqlalchemy.orm import selectinload
from sqlmodel import Session, create_engine, select

from benchmarks.contestants.naive_entities import Indicator, Scheme
from benchmarks.contestants.naive_observations import Observation


def of(*path: str) -> Any:  # noqa: ANN401 - as pydantic's own Field
    """A field that is read from a related entity, or none where there is none."""
    return Field(validation_alias=AliasPath(*path), default=None)


class ObservationOut(BaseModel):
    """One observation as it is sent."""

    id: int
    organisation: str = of("organisation_id")
    service: str = of("service", "slug")
    period: str = of("period_id")
    period_label: str = of("period", "label")
    period_start: date = of("period", "start")
    period_end: date = of("period", "end")
    covers: str | None = of("covers_id")
    indicator_id: int
    indicator_key: str = of("indicator", "key")
    indicator_code: str | None = of("indicator", "code")
    title: str = of("indicator", "title")
    section: str | None = of("indicator", "section")
    measure_set: str = of("indicator", "measure_set")
    unit: str = of("indicator", "unit")
    decimals: int = of("indicator", "decimals")
    polarity: str = of("indicator", "polarity")
    nature: str = of("indicator", "nature")
    calculation: str = of("indicator", "calculation")
    workforce: bool = of("indicator", "workforce")
    sample: bool = of("indicator", "sample")
    data_only: bool = of("indicator", "data_only")
    value: Decimal | None
    numerator: Decimal | None
    denominator: Decimal | None
    state: str
    basis: str
    as_of: date | None
    provisional: bool
    estimated: bool
    revised: bool
    footnote: str | None
    outturn: Decimal | None
    outturn_unrounded: Decimal | None
    target_kind: str | None
    target: Decimal | None
    target_difference: Decimal | None
    target_variance: Decimal | None
    target_variance_as_reported: Decimal | None
    scheme: str | None = of("indicator", "scheme", "slug")
    status: str
    status_label: str | None = of("word", "label")
    status_colour: str | None = of("word", "colour")
    status_points: Decimal | None = of("word", "points")
    status_year_end: str | None
    direction_of_travel: str
    direction_label: str | None
    direction_variance: Decimal | None
    direction_basis: str
    baseline_period: str | None
    previous: Decimal | None
    interval_low: Decimal | None
    interval_high: Decimal | None
    significant_against_target: bool | None
    significant_against_previous: bool | None
    significance_badge: str | None


class ObservationPage(BaseModel):
    """A page of observations."""

    items: list[ObservationOut]
    next_cursor: int | None


engine = create_engine(os.environ.get("BENCH_DATABASE", "sqlite://"))
app = FastAPI()


def get_session() -> Iterator[Session]:
    """A session for one request."""
    with Session(engine) as session:
        yield session


Reading = Annotated[Session, Depends(get_session)]
RELATED = (
    selectinload(Observation.service),  # type: ignore[arg-type]  # SQLModel types a column as its value
    selectinload(Observation.period),  # type: ignore[arg-type]  # SQLModel types a column as its value
    selectinload(Observation.indicator).options(  # type: ignore[arg-type]  # SQLModel types a column as its value
        selectinload(Indicator.scheme).options(  # type: ignore[arg-type]  # SQLModel types a column as its value
            selectinload(Scheme.clauses),  # type: ignore[arg-type]  # SQLModel types a column as its value
            selectinload(Scheme.labels),  # type: ignore[arg-type]  # SQLModel types a column as its value
        )
    ),
    selectinload(Observation.own_target),  # type: ignore[arg-type]  # SQLModel types a column as its value
    selectinload(Observation.year_target),  # type: ignore[arg-type]  # SQLModel types a column as its value
    selectinload(Observation.earlier),  # type: ignore[arg-type]  # SQLModel types a column as its value
)


@app.get("/observations", response_model=ObservationPage)
def list_observations(session: Reading, after: int = 0, limit: int = 100) -> Any:  # noqa: ANN401 - FastAPI converts
    """A page of observations by id."""
    query = select(Observation).where(Observation.id > after).order_by(Observation.id).limit(limit)  # type: ignore[arg-type]  # SQLModel types a column as its value
    items = session.exec(query.options(*RELATED)).all()
    return {"items": items, "next_cursor": items[-1].id if items else None}


@app.get("/observations/{observation_id}", response_model=ObservationOut)
def get_observation(session: Reading, observation_id: int) -> Any:  # noqa: ANN401 - FastAPI converts
    """One observation."""
    found = session.get(Observation, observation_id, options=RELATED)
    if found is None:
        raise HTTPException(status_code=404)
    return found
