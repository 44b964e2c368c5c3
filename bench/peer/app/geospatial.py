"""`/geospatial`: every thing as a GeoJSON feature, streamed."""

import json
from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse
from sqlalchemy import Row, select

from .database import SessionLocal
from .models import Group, GroupThingAssociation, Location, LocationThingAssociation, Thing

router = APIRouter(prefix="/geospatial", tags=["geospatial"])


def features(thing_types: list[str], group: str | None) -> Iterator[str]:
    latest = (
        select(LocationThingAssociation)
        .distinct(LocationThingAssociation.thing_id)
        .order_by(
            LocationThingAssociation.thing_id,
            LocationThingAssociation.effective_start.desc(),
            LocationThingAssociation.id.desc(),
        )
        .subquery()
    )
    first_group = (
        select(GroupThingAssociation.thing_id, Group.name)
        .distinct(GroupThingAssociation.thing_id)
        .join(Group, Group.id == GroupThingAssociation.group_id)
        .order_by(GroupThingAssociation.thing_id, Group.id)
        .subquery()
    )
    statement = (
        select(
            Thing.id,
            Thing.thing_type,
            Thing.name,
            first_group.c.name.label("group"),
            Location.longitude,
            Location.latitude,
            Location.elevation,
        )
        .join(latest, latest.c.thing_id == Thing.id)
        .join(Location, Location.id == latest.c.location_id)
        .outerjoin(first_group, first_group.c.thing_id == Thing.id)
        .where(latest.c.effective_end.is_(None))
        .order_by(Thing.id)
    )
    if thing_types:
        statement = statement.where(Thing.thing_type.in_(thing_types))
    if group:
        wanted = Group.id == int(group) if group.isdigit() else Group.name == group
        members = select(GroupThingAssociation.thing_id).join(Group).where(wanted)
        statement = statement.where(Thing.id.in_(members))
    yield '{"type":"FeatureCollection","features":['
    separator = ""
    with SessionLocal() as session:
        for rows in session.execute(statement.execution_options(yield_per=1000)).partitions():
            yield separator + ",".join(json.dumps(feature(row)) for row in rows)
            separator = ","
    yield "]}"


def feature(row: Row) -> dict:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [row.longitude, row.latitude, row.elevation]},
        "properties": {"id": row.id, "thing_type": row.thing_type, "name": row.name, "group": row.group},
    }


@router.get("")
def get_features(thing_type: Annotated[list[str] | None, Query()] = None, group: str | None = None):
    return StreamingResponse(features(thing_type or [], group), media_type="application/geo+json")
