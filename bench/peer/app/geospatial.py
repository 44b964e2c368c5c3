"""`/geospatial`: every thing as a GeoJSON feature, streamed feature by feature as the old system did."""

from collections.abc import Iterator
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from pydantic import BaseModel
from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload, selectinload

from .database import SessionLocal
from .models import Group, GroupThingAssociation, LocationThingAssociation, Thing

router = APIRouter(prefix="/geospatial", tags=["geospatial"])


class Point(BaseModel):
    type: Literal["Point"] = "Point"
    coordinates: tuple[float, float, float]


class Properties(BaseModel):
    id: int
    thing_type: str
    name: str
    group: str | None


class Feature(BaseModel):
    type: Literal["Feature"] = "Feature"
    geometry: Point
    properties: Properties


def wanted_things(thing_types: list[str], group: str | None) -> Select:
    """Things with what a feature shows of them, in a fixed number of queries."""
    statement = select(Thing).order_by(Thing.id)
    statement = statement.options(
        selectinload(Thing.location_associations).joinedload(LocationThingAssociation.location),
        selectinload(Thing.groups),
    )
    if thing_types:
        statement = statement.where(Thing.thing_type.in_(thing_types))
    if group:
        wanted = Group.id == int(group) if group.isdigit() else Group.name == group
        members = select(GroupThingAssociation.thing_id).join(Group).where(wanted)
        statement = statement.where(Thing.id.in_(members))
    return statement


def feature(thing: Thing) -> Feature:
    location = thing.current_location
    return Feature(
        geometry=Point(coordinates=(location.longitude, location.latitude, location.elevation)),
        properties=Properties(
            id=thing.id,
            thing_type=thing.thing_type,
            name=thing.name,
            group=thing.groups[0].name if thing.groups else None,
        ),
    )


def features(statement: Select) -> Iterator[str]:
    yield '{"type":"FeatureCollection","features":['
    separator = ""
    with SessionLocal() as session:
        for thing in session.scalars(statement.execution_options(yield_per=1000)):
            if thing.current_location:
                yield separator + feature(thing).model_dump_json()
                separator = ","
    yield "]}"


@router.get("")
def get_features(thing_type: Annotated[list[str] | None, Query()] = None, group: str | None = None):
    return StreamingResponse(features(wanted_things(thing_type or [], group)), media_type="application/geo+json")
