"""`/thing`."""

from datetime import date, datetime, time, timezone
from typing import Annotated

from fastapi import APIRouter, HTTPException, Query
from sqlalchemy import Select, and_, exists, func, or_, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased, joinedload, load_only, selectinload

from .database import SessionDep
from .listing import ListParamsDep, paginate
from .models import (
    Contact,
    DataProvenance,
    Deployment,
    FieldActivity,
    FieldEvent,
    FieldEventParticipant,
    Group,
    GroupThingAssociation,
    Location,
    LocationThingAssociation,
    MeasuringPointHistory,
    MonitoringFrequencyHistory,
    Note,
    Observation,
    Sample,
    Sensor,
    StatusHistory,
    Thing,
    ThingAquiferAssociation,
    ThingContactAssociation,
    ThingIdLink,
    WellCasingMaterial,
    WellPurpose,
    WellScreen,
)
from .schemas import CreateWell, Page, ThingResponse, WellDetailsResponse, WellResponse

router = APIRouter(prefix="/thing", tags=["thing"])

WATER_WELL = "water well"

# Everything that the response reads, in a fixed number of queries.
THING_OPTIONS = (
    selectinload(Thing.location_associations)
    .joinedload(LocationThingAssociation.location)
    .options(selectinload(Location.notes), selectinload(Location.provenance)),
    selectinload(Thing.groups),
    selectinload(Thing.links),
    selectinload(Thing.frequencies),
    selectinload(Thing.measuring_points),
    selectinload(Thing.purposes),
    selectinload(Thing.casing_materials),
    selectinload(Thing.aquifers).options(
        joinedload(ThingAquiferAssociation.system), selectinload(ThingAquiferAssociation.types)
    ),
    selectinload(Thing.linked_contacts),
    selectinload(Thing.notes),
    selectinload(Thing.statuses),
    selectinload(Thing.permission_history),
    selectinload(Thing.provenance),
)

CONTACT_OPTIONS = (
    selectinload(Contact.emails),
    selectinload(Contact.phones),
    selectinload(Contact.addresses),
    selectinload(Contact.incomplete_phones),
    selectinload(Contact.notes),
    selectinload(Contact.things).options(load_only(Thing.id, Thing.created_at, Thing.release_status, Thing.name)),
)

FIELD_EVENT_OPTIONS = (
    selectinload(FieldEvent.field_event_participants)
    .joinedload(FieldEventParticipant.participant)
    .options(*CONTACT_OPTIONS),
    selectinload(FieldEvent.field_activities)
    .selectinload(FieldActivity.samples)
    .options(
        joinedload(Sample.taker).joinedload(FieldEventParticipant.participant).options(*CONTACT_OPTIONS),
        selectinload(Sample.observations).joinedload(Observation.parameter),
    ),
)


def prefix_query(query: str) -> str:
    """Web-search words as a tsquery in which every word is a prefix."""
    alternatives, words = [], []
    for word in query.split():
        if word.lower() == "or":
            alternatives.append(words)
            words = []
            continue
        quoted = "'" + word.lstrip("-").replace("\\", "\\\\").replace("'", "''") + "':*"
        words.append("!" + quoted if word.startswith("-") else quoted)
    alternatives.append(words)
    return " | ".join(" & ".join(words) for words in alternatives if words)


def search(statement: Select, query: str) -> tuple[Select, tuple]:
    matches = or_(
        Thing.search_vector.op("@@")(func.to_tsquery("pg_catalog.english", prefix_query(query))),
        Thing.name.op("%")(query),
        Thing.thing_type.op("%")(query),
    )
    rank = func.greatest(func.similarity(Thing.name, query), func.similarity(Thing.thing_type, query))
    return statement.where(matches), (rank.desc(), Thing.id)


def within_area(statement: Select, wkt: str) -> Select:
    """Things whose latest location lies in the polygon."""
    newer = aliased(LocationThingAssociation)
    association = LocationThingAssociation
    inside = (
        select(association.thing_id)
        .join(Location, Location.id == association.location_id)
        .where(
            func.ST_Within(Location.point, func.ST_GeomFromText(wkt, 4326)),
            association.effective_end.is_(None),
            ~exists().where(
                newer.thing_id == association.thing_id,
                tuple_(newer.effective_start, newer.id) > tuple_(association.effective_start, association.id),
            ),
        )
    )
    return statement.where(Thing.id.in_(inside))


def get_well_or_404(session: Session, thing_id: int) -> Thing:
    thing = session.scalars(select(Thing).where(Thing.id == thing_id).options(*THING_OPTIONS)).one_or_none()
    if thing is None:
        raise HTTPException(404, f"Thing with ID {thing_id} not found.")
    if thing.thing_type != WATER_WELL:
        message = f"Thing with ID {thing_id} is not a water well Thing. It is a {thing.thing_type} Thing."
        detail = {"loc": ["path", "thing_id"], "msg": message, "type": "value_error", "input": {"thing_id": thing_id}}
        raise HTTPException(404, [detail])
    return thing


@router.get("", response_model=Page[ThingResponse])
def list_things(
    session: SessionDep, params: ListParamsDep, query: str | None = None, within: str | None = None
):
    statement, order = select(Thing), (Thing.id,)
    if within:
        statement = within_area(statement, within)
    if query:
        statement, order = search(statement, query)
    return paginate(session, statement, Thing, params, THING_OPTIONS, order)


@router.get("/water-well", response_model=Page[WellResponse])
def list_wells(
    session: SessionDep,
    params: ListParamsDep,
    query: str | None = None,
    name: str | None = None,
    name_contains: str | None = None,
):
    statement, order = select(Thing).where(Thing.thing_type == WATER_WELL), (Thing.id,)
    if name:
        statement = statement.where(Thing.name == name)
    if name_contains:
        statement = statement.where(Thing.name.icontains(name_contains, autoescape=True))
    if query:
        statement, order = search(statement, query)
    return paginate(session, statement, Thing, params, THING_OPTIONS, order)


@router.get("/water-well/{thing_id}", response_model=WellResponse)
def get_well(session: SessionDep, thing_id: int):
    return get_well_or_404(session, thing_id)


@router.get("/water-well/{thing_id}/details", response_model=WellDetailsResponse)
def get_well_details(
    session: SessionDep, thing_id: int, field_event_limit: Annotated[int, Query(ge=1, le=100)] = 25
):
    well = get_well_or_404(session, thing_id)
    contact_ids = [contact.id for contact in well.contacts]
    contacts = session.scalars(
        select(Contact).where(Contact.id.in_(contact_ids)).options(*CONTACT_OPTIONS).order_by(Contact.id)
    ).all()
    deployments = session.scalars(
        select(Deployment)
        .where(Deployment.thing_id == thing_id)
        .options(joinedload(Deployment.sensor))
        .order_by(Deployment.installation_date.desc().nulls_last(), Deployment.id)
    ).all()
    sensors: dict[int, Sensor] = {deployment.sensor_id: deployment.sensor for deployment in deployments}
    well_screens = session.scalars(
        select(WellScreen)
        .where(WellScreen.thing_id == thing_id)
        .options(joinedload(WellScreen.system), joinedload(WellScreen.formation))
        .order_by(WellScreen.screen_depth_top.asc().nulls_last(), WellScreen.id)
    ).all()
    events = select(FieldEvent).where(FieldEvent.thing_id == thing_id).options(*FIELD_EVENT_OPTIONS)
    newest = events.order_by(FieldEvent.event_date.desc(), FieldEvent.id.desc()).limit(field_event_limit)
    field_events = session.scalars(newest).all()
    first = session.scalars(events.order_by(FieldEvent.event_date, FieldEvent.id).limit(1)).one_or_none()
    return {
        "well": well,
        "contacts": contacts,
        "sensors": [sensors[key] for key in sorted(sensors)],
        "deployments": deployments,
        "well_screens": well_screens,
        "field_events": field_events,
        "first_field_event": first,
    }


def conflict(field: str, message: str, value: object) -> HTTPException:
    detail = {"loc": ["body", field], "msg": message, "type": "value_error", "input": {field: value}}
    return HTTPException(409, [detail])


STATUS_FIELDS = (
    ("is_suitable_for_datalogger", "Datalogger Suitability Status"),
    ("is_open", "Open Status"),
    ("well_status", "Well Status"),
    ("monitoring_status", "Monitoring Status"),
)
STATUS_FLAGS = {
    ("is_suitable_for_datalogger", True): "Datalogger can be installed",
    ("is_suitable_for_datalogger", False): "Datalogger cannot be installed",
    ("is_open", True): "Open",
    ("is_open", False): "Closed",
}
CHILD_FIELDS = {
    "location_id",
    "group_id",
    "notes",
    "alternate_ids",
    "monitoring_frequencies",
    "well_purposes",
    "well_depth_source",
    "well_casing_materials",
    "measuring_point_height",
    "measuring_point_description",
    "well_completion_date_source",
    "well_construction_method_source",
    "is_suitable_for_datalogger",
    "is_open",
    "well_status",
    "monitoring_status",
}


def children_of(thing: Thing, body: CreateWell) -> list:
    """Rows of the tables around a new well."""
    first_day = body.first_visit_date or date.today()
    start = datetime.combine(first_day, time(), timezone.utc) if body.first_visit_date else datetime.now(timezone.utc)
    target = {"target_id": thing.id, "target_table": "thing"}
    draft = {"release_status": "draft"}
    rows: list = []
    if body.location_id is not None:
        rows.append(
            LocationThingAssociation(thing_id=thing.id, location_id=body.location_id, effective_start=start)
        )
    if body.group_id is not None:
        rows.append(GroupThingAssociation(thing_id=thing.id, group_id=body.group_id))
    rows += [Note(**target, **note.model_dump()) for note in body.notes or []]
    for link in body.alternate_ids or []:
        rows.append(ThingIdLink(**draft, **link.model_dump(exclude={"thing_id"}), thing_id=thing.id))
    for frequency in body.monitoring_frequencies or []:
        rows.append(MonitoringFrequencyHistory(thing_id=thing.id, **draft, **frequency.model_dump()))
    for purpose in dict.fromkeys(body.well_purposes or []):
        rows.append(WellPurpose(thing_id=thing.id, purpose=purpose, **draft))
    for material in dict.fromkeys(body.well_casing_materials or []):
        rows.append(WellCasingMaterial(thing_id=thing.id, material=material, **draft))
    if body.measuring_point_height is not None or body.measuring_point_description is not None:
        rows.append(
            MeasuringPointHistory(
                thing_id=thing.id,
                measuring_point_height=body.measuring_point_height,
                measuring_point_description=body.measuring_point_description,
                start_date=date.today(),
                **draft,
            )
        )
    for field, status_type in STATUS_FIELDS:
        value = getattr(body, field)
        if value is not None:
            status_value = STATUS_FLAGS.get((field, value), value)
            rows.append(
                StatusHistory(**target, **draft, status_type=status_type, status_value=status_value, start_date=first_day)
            )
    for field in ("well_depth", "well_completion_date", "well_construction_method"):
        source = getattr(body, f"{field}_source")
        if source is not None:
            cited = source if field == "well_construction_method" else None
            rows.append(
                DataProvenance(**target, **draft, field_name=field, origin_type=source, origin_source=cited)
            )
    return rows


@router.post("/water-well", status_code=201, response_model=WellResponse)
def create_well(session: SessionDep, body: CreateWell):
    if body.location_id is not None and session.get(Location, body.location_id) is None:
        raise conflict("location_id", f"Location with ID {body.location_id} not found.", body.location_id)
    if body.group_id is not None and session.get(Group, body.group_id) is None:
        raise conflict("group_id", f"Group with ID {body.group_id} not found.", body.group_id)
    thing = Thing(thing_type=WATER_WELL, **body.model_dump(exclude=CHILD_FIELDS))
    try:
        session.add(thing)
        session.flush()
        session.add_all(children_of(thing, body))
        session.commit()
    except IntegrityError as error:
        session.rollback()
        detail = {"loc": ["body"], "msg": str(error.orig), "type": "value_error", "input": {}}
        raise HTTPException(409, [detail]) from None
    return get_well_or_404(session, thing.id)
