"""`/location/{location_id}`."""

from fastapi import APIRouter, HTTPException
from sqlalchemy import select
from sqlalchemy.orm import selectinload

from .database import SessionDep
from .models import Location
from .schemas import LocationResponse

router = APIRouter(prefix="/location", tags=["location"])

LOCATION_OPTIONS = (selectinload(Location.notes), selectinload(Location.provenance))


@router.get("/{location_id}", response_model=LocationResponse)
def get_location(session: SessionDep, location_id: int):
    wanted = select(Location).where(Location.id == location_id).options(*LOCATION_OPTIONS)
    location = session.scalars(wanted).one_or_none()
    if location is None:
        raise HTTPException(404, f"Location with ID {location_id} not found.")
    return location
