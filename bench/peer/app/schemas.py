"""What goes over the wire."""

import json
from datetime import date, datetime
from functools import lru_cache
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, field_validator, model_validator
from pyproj import Transformer

from .models import Location

T = TypeVar("T")

UtcDateTime = Annotated[datetime, PlainSerializer(lambda value: value.strftime("%Y-%m-%dT%H:%M:%SZ"), return_type=str)]
Feet = Literal["ft"]


class Schema(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int
    page: int
    size: int
    pages: int


class BaseResponse(Schema):
    id: int
    created_at: UtcDateTime
    release_status: str | None


class NoteResponse(BaseResponse):
    note_type: str
    content: str
    target_id: int
    target_table: str


class GroupResponse(BaseResponse):
    name: str
    description: str | None
    project_area: str | None
    group_type: str | None
    parent_group_id: int | None
    well_count: int = 0


class ThingIdLinkResponse(BaseResponse):
    thing_id: int
    relation: str
    alternate_id: str
    alternate_organization: str


class MonitoringFrequencyResponse(Schema):
    monitoring_frequency: str
    start_date: date
    end_date: date | None


class AquiferResponse(Schema):
    aquifer_system: str
    aquifer_types: list[str]


class ContactSummaryResponse(BaseResponse):
    name: str | None
    organization: str | None
    role: str
    contact_type: str


class PermissionResponse(Schema):
    permission_type: str
    permission_allowed: bool | None = None
    start_date: date | None = None
    end_date: date | None = None


class PointGeometry(Schema):
    type: Literal["Point"] = "Point"
    coordinates: list[float]


class UTMCoordinates(Schema):
    easting: float | None
    northing: float | None
    utm_zone: str = "13N"
    horizontal_datum: str = "NAD83"


def feet(metres: float) -> float:
    """By the contract's factor; what was measured in feet comes back as it was."""
    by_contract = metres * 3.28084
    for exact in (metres / 0.3048, by_contract):
        if abs(round(exact, 2) - exact) < 2e-6:
            return round(exact, 2)
    return round(by_contract, 6)


class LocationProperties(Schema):
    elevation: float
    elevation_unit: Feet = "ft"
    vertical_datum: str
    elevation_method: str | None
    county: str | None
    state: str | None
    quad_name: str | None
    utm_coordinates: UTMCoordinates
    notes: list[NoteResponse]
    nma_location_notes: str | None
    nma_data_reliability: str | None = None
    nma_date_created: date | None
    nma_site_date: date | None


@lru_cache(maxsize=1)
def utm_transformer() -> Transformer:
    return Transformer.from_crs("EPSG:4326", "EPSG:26913", always_xy=True)


class LocationGeoJSONResponse(Schema):
    type: Literal["Feature"] = "Feature"
    release_status: str | None
    geometry: PointGeometry
    properties: LocationProperties

    @model_validator(mode="before")
    @classmethod
    def from_location(cls, location: Any) -> Any:
        if not isinstance(location, Location):
            return location
        easting, northing = utm_transformer().transform(location.longitude, location.latitude)
        return {
            "release_status": location.release_status,
            "geometry": {"coordinates": [location.longitude, location.latitude, location.elevation]},
            "properties": {
                "elevation": feet(location.elevation),
                "vertical_datum": location.vertical_datum,
                "elevation_method": location.elevation_method,
                "county": location.county,
                "state": location.state,
                "quad_name": location.quad_name,
                "utm_coordinates": {"easting": round(easting, 4), "northing": round(northing, 4)},
                "notes": location.notes,
                "nma_location_notes": location.nma_notes_location,
                "nma_date_created": location.nma_date_created,
                "nma_site_date": location.nma_site_date,
            },
        }


class LocationResponse(BaseResponse):
    notes: list[NoteResponse]
    # Made of the plain columns; the column `point` is for PostGIS alone.
    point: str = Field(validation_alias="wkt")
    elevation: float
    horizontal_datum: str = "WGS84"
    vertical_datum: str
    elevation_method: str | None
    state: str | None
    county: str | None
    quad_name: str | None
    nma_location_notes: str | None = Field(validation_alias="nma_notes_location")
    nma_data_reliability: str | None = None
    nma_date_created: date | None
    nma_site_date: date | None


class BaseThingResponse(BaseResponse):
    name: str
    site_name: str | None
    thing_type: str
    current_location: LocationGeoJSONResponse | None
    first_visit_date: date | None
    groups: list[GroupResponse]
    monitoring_status: str | None
    alternate_ids: list[ThingIdLinkResponse]
    monitoring_frequencies: list[MonitoringFrequencyResponse]
    general_notes: list[NoteResponse]
    sampling_procedure_notes: list[NoteResponse]
    site_notes: list[NoteResponse]


class WellResponse(BaseThingResponse):
    well_purposes: list[str]
    well_depth: float | None
    well_depth_unit: Feet = "ft"
    well_depth_source: str | None
    historic_depth_to_water: list[str]
    hole_depth: float | None
    hole_depth_unit: Feet = "ft"
    well_casing_diameter: float | None
    well_casing_diameter_unit: Literal["in"] = "in"
    well_casing_depth: float | None
    well_casing_depth_unit: Feet = "ft"
    well_casing_materials: list[str]
    well_completion_date: date | None
    well_completion_date_source: str | None
    well_driller_name: str | None
    well_construction_method: str | None
    well_construction_method_source: str | None
    well_pump_type: str | None
    well_pump_depth: float | None
    well_pump_depth_unit: Feet = "ft"
    well_status: str | None
    open_status: bool | None
    datalogger_suitability_status: str | None
    measuring_point_height: float | None
    measuring_point_height_unit: Feet = "ft"
    measuring_point_description: str | None
    aquifers: list[AquiferResponse]
    water_notes: list[NoteResponse]
    construction_notes: list[NoteResponse]
    contacts: list[ContactSummaryResponse]
    permissions: list[PermissionResponse]
    formation_completion_code: str | None
    nma_formation_zone: str | None
    well_location_note: list[str]


class ThingResponse(WellResponse):
    spring_type: str | None


class EmailResponse(BaseResponse):
    contact_id: int
    email: str
    email_type: str


class PhoneResponse(BaseResponse):
    contact_id: int
    phone_number: str
    phone_type: str


class AddressResponse(BaseResponse):
    contact_id: int
    address_line_1: str
    address_line_2: str | None
    city: str | None
    state: str | None
    postal_code: str | None
    country: str
    address_type: str


class ContactThingResponse(BaseResponse):
    name: str


class ContactResponse(ContactSummaryResponse):
    incomplete_nma_phones: list[str]
    emails: list[EmailResponse]
    phones: list[PhoneResponse]
    addresses: list[AddressResponse]
    things: list[ContactThingResponse]
    communication_notes: list[NoteResponse]
    general_notes: list[NoteResponse]


class SensorResponse(BaseResponse):
    name: str
    sensor_type: str
    model: str | None
    serial_no: str | None
    pcn_number: str | None
    owner_agency: str | None
    sensor_status: str | None
    notes: str | None


class DeploymentResponse(BaseResponse):
    thing_id: int
    sensor: SensorResponse
    installation_date: date | None
    removal_date: date | None
    recording_interval: int | None
    recording_interval_units: str | None
    hanging_cable_length: float | None
    hanging_point_height: float | None
    hanging_point_description: str | None
    notes: str | None


class WellScreenBaseResponse(BaseResponse):
    thing_id: int
    aquifer_system_id: int | None
    aquifer_system: str | None
    aquifer_type: str | None
    geologic_formation_id: int | None
    geologic_formation: str | None
    screen_depth_bottom: float | None
    screen_depth_bottom_unit: Feet = "ft"
    screen_depth_top: float | None
    screen_depth_top_unit: Feet = "ft"
    screen_type: str | None
    screen_description: str | None


class ParameterResponse(BaseResponse):
    parameter_name: str
    matrix: str
    parameter_type: str | None
    cas_number: str | None
    default_unit: str | None


class ObservationResponse(BaseResponse):
    sample_id: int
    sensor_id: int | None
    observation_datetime: UtcDateTime
    parameter: ParameterResponse
    value: float | None
    unit: str
    nma_data_quality: str | None
    depth_to_water_bgs: float | None
    measuring_point_height: float | None
    groundwater_level_reason: str | None


class SampleDetailsResponse(BaseResponse):
    contact: ContactResponse | None
    sample_date: UtcDateTime
    sample_name: str
    sample_matrix: str
    sample_method: str
    qc_type: str
    notes: str | None
    depth_top: float | None
    depth_bottom: float | None
    observations: list[ObservationResponse]


class FieldActivityDetailsResponse(BaseResponse):
    field_event_id: int
    activity_type: str
    notes: str | None
    samples: list[SampleDetailsResponse]


class FieldEventParticipantResponse(BaseResponse):
    field_event_id: int
    contact_id: int
    participant_role: str
    participant: ContactResponse


class FieldEventDetailsResponse(BaseResponse):
    thing_id: int
    event_date: UtcDateTime
    notes: str | None
    field_event_participants: list[FieldEventParticipantResponse]
    field_activities: list[FieldActivityDetailsResponse]


class WellDetailsResponse(Schema):
    well: WellResponse
    contacts: list[ContactResponse]
    sensors: list[SensorResponse]
    deployments: list[DeploymentResponse]
    well_screens: list[WellScreenBaseResponse]
    field_events: list[FieldEventDetailsResponse]
    first_field_event: FieldEventDetailsResponse | None


class TransducerObservationResponse(BaseResponse):
    value: float
    observation_datetime: datetime
    parameter_id: int
    deployment_id: int
    note: str | None
    data_maturity: str | None


class TransducerBlockResponse(BaseResponse):
    review_status: str
    start_datetime: datetime
    end_datetime: datetime
    parameter_id: int
    source_file: str | None
    source_kind: str | None
    corrections: Annotated[list[str], BeforeValidator(lambda text: json.loads(text) if text else [])]
    comment: str | None


class TransducerReadingResponse(Schema):
    observation: TransducerObservationResponse
    block: TransducerBlockResponse


def not_in_the_future(value: date | None) -> date | None:
    if value is not None and value > date.today():
        raise ValueError("Date must be today or in the past.")
    return value


class CreateNote(BaseModel):
    note_type: str
    content: str
    release_status: str = "draft"


class CreateThingIdLink(BaseModel):
    thing_id: int | None = None
    relation: str
    alternate_id: str
    alternate_organization: str


class CreateMonitoringFrequency(BaseModel):
    monitoring_frequency: str
    start_date: date
    end_date: date | None = None

    _past = field_validator("start_date", "end_date")(not_in_the_future)


Positive = Annotated[float, Field(gt=0)]


class CreateWell(BaseModel):
    name: str
    release_status: str = "draft"
    location_id: int | None = None
    group_id: int | None = None
    first_visit_date: date | None = None
    notes: list[CreateNote] | None = None
    alternate_ids: list[CreateThingIdLink] | None = None
    monitoring_frequencies: list[CreateMonitoringFrequency] | None = None
    well_purposes: list[str] | None = None
    well_depth: Positive | None = None
    well_depth_source: str | None = None
    hole_depth: Positive | None = None
    well_casing_diameter: Positive | None = None
    well_casing_depth: Positive | None = None
    well_casing_materials: list[str] | None = None
    measuring_point_height: float | None = None
    measuring_point_description: str | None = None
    well_completion_date: date | None = None
    well_completion_date_source: str | None = None
    well_driller_name: str | None = None
    well_construction_method: str | None = None
    well_construction_method_source: str | None = None
    well_pump_type: str | None = None
    well_pump_depth: float | None = None
    is_suitable_for_datalogger: bool | None = None
    is_open: bool | None = None
    well_status: str | None = None
    monitoring_status: str | None = None
    formation_completion_code: str | None = None
    nma_formation_zone: str | None = None

    _past = field_validator("first_visit_date", "well_completion_date")(not_in_the_future)
