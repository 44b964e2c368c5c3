"""`/observation`: series of readings."""

import math
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import and_, func, select

from .database import SessionDep
from .models import Deployment, TransducerObservation, TransducerObservationBlock
from .schemas import Page, TransducerReadingResponse

router = APIRouter(prefix="/observation", tags=["observation"])


@router.get("/transducer-groundwater-level", response_model=Page[TransducerReadingResponse])
def list_readings(
    session: SessionDep,
    page: Annotated[int, Query(ge=1)] = 1,
    size: Annotated[int, Query(ge=1, le=10000)] = 25,
    thing_id: int | None = None,
    start_time: datetime | None = None,
    end_time: datetime | None = None,
):
    reading, block = TransducerObservation, TransducerObservationBlock
    covers = and_(
        block.thing_id == Deployment.thing_id,
        block.parameter_id == reading.parameter_id,
        reading.observation_datetime.between(block.start_datetime, block.end_datetime),
    )
    statement = select(reading, block).join(Deployment, Deployment.id == reading.deployment_id).join(block, covers)
    if thing_id is not None:
        statement = statement.where(Deployment.thing_id == thing_id)
    if start_time is not None:
        statement = statement.where(reading.observation_datetime >= start_time)
    if end_time is not None:
        statement = statement.where(reading.observation_datetime <= end_time)
    total = session.scalar(statement.with_only_columns(func.count(reading.id)))
    newest = statement.order_by(reading.observation_datetime.desc(), reading.id.desc())
    rows = session.execute(newest.limit(size).offset((page - 1) * size))
    return {
        "items": [{"observation": one, "block": of} for one, of in rows],
        "total": total,
        "page": page,
        "size": size,
        "pages": math.ceil(total / size),
    }
