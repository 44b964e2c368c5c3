"""The tables, as far as the compared routes need them."""

from datetime import date, datetime

from sqlalchemy import Boolean, Date, DateTime, FetchedValue, Float, ForeignKey, String, Text, func
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import UserDefinedType


class Geometry(UserDefinedType):
    """A PostGIS column that is only ever compared, never read."""

    cache_ok = True

    def get_col_spec(self, **_):
        return "geometry(Point, 4326)"


class Base(DeclarativeBase):
    type_annotation_map = {str: Text, float: Float, date: Date, datetime: DateTime(timezone=True), bool: Boolean}


class AutoMixin:
    """Key and audit columns of every table."""

    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())
    created_by_name: Mapped[str | None]
    created_by_id: Mapped[str | None]
    updated_by_name: Mapped[str | None]
    updated_by_id: Mapped[str | None]


class ReleaseMixin:
    release_status: Mapped[str | None] = mapped_column(String(100))


def attached(model: str, parent: str, table: str) -> str:
    """The join to rows that name their parent by table and key."""
    return f"and_({parent}.id == foreign({model}.target_id), {model}.target_table == '{table}')"


class Location(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "location"

    description: Mapped[str | None]
    longitude: Mapped[float]
    latitude: Mapped[float]
    elevation: Mapped[float]
    county: Mapped[str | None]
    state: Mapped[str | None]
    quad_name: Mapped[str | None]
    nma_notes_location: Mapped[str | None]
    nma_coordinate_notes: Mapped[str | None]
    nma_date_created: Mapped[date | None]
    nma_site_date: Mapped[date | None]
    vertical_datum: Mapped[str] = mapped_column(String(100), default="NAVD88")
    point = mapped_column(Geometry, deferred=True)

    notes: Mapped[list["Note"]] = relationship(
        primaryjoin=attached("Note", "Location", "location"), order_by="Note.id", viewonly=True, overlaps="notes"
    )
    provenance: Mapped[list["DataProvenance"]] = relationship(
        primaryjoin=attached("DataProvenance", "Location", "location"), order_by="DataProvenance.id", viewonly=True
    )

    @property
    def elevation_method(self) -> str | None:
        return next((p.collection_method for p in self.provenance if p.field_name == "elevation"), None)

    @property
    def wkt(self) -> str:
        return f"POINT ({self.longitude} {self.latitude})"


class LocationThingAssociation(AutoMixin, Base):
    __tablename__ = "location_thing_association"

    location_id: Mapped[int] = mapped_column(ForeignKey("location.id"))
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    effective_start: Mapped[datetime] = mapped_column(server_default=func.now())
    effective_end: Mapped[datetime | None]

    location: Mapped[Location] = relationship()


class Note(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "notes"

    target_id: Mapped[int]
    target_table: Mapped[str]
    note_type: Mapped[str]
    content: Mapped[str]


class DataProvenance(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "data_provenance"

    target_id: Mapped[int]
    target_table: Mapped[str]
    field_name: Mapped[str | None]
    origin_type: Mapped[str | None]
    origin_source: Mapped[str | None]
    collection_method: Mapped[str | None]
    accuracy_value: Mapped[float | None]
    accuracy_unit: Mapped[str | None]


class StatusHistory(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "status_history"

    target_id: Mapped[int]
    target_table: Mapped[str]
    status_type: Mapped[str]
    status_value: Mapped[str]
    start_date: Mapped[date]
    end_date: Mapped[date | None]
    reason: Mapped[str | None]


class PermissionHistory(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "permission_history"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    target_id: Mapped[int]
    target_table: Mapped[str]
    permission_type: Mapped[str]
    permission_allowed: Mapped[bool]
    start_date: Mapped[date]
    end_date: Mapped[date | None]


class Group(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "group"

    name: Mapped[str]
    description: Mapped[str | None]
    project_area: Mapped[str | None]
    group_type: Mapped[str | None]
    parent_group_id: Mapped[int | None] = mapped_column(ForeignKey("group.id"))


class GroupThingAssociation(AutoMixin, Base):
    __tablename__ = "group_thing_association"

    group_id: Mapped[int] = mapped_column(ForeignKey("group.id"))
    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))


class ThingIdLink(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "thing_id_link"

    thing_id: Mapped[int | None] = mapped_column(ForeignKey("thing.id"))
    relation: Mapped[str]
    alternate_id: Mapped[str]
    alternate_organization: Mapped[str]


class MonitoringFrequencyHistory(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "monitoring_frequency_history"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    monitoring_frequency: Mapped[str]
    start_date: Mapped[date]
    end_date: Mapped[date | None]


class MeasuringPointHistory(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "measuring_point_history"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    measuring_point_height: Mapped[float | None]
    measuring_point_description: Mapped[str | None]
    start_date: Mapped[date]
    end_date: Mapped[date | None]


class WellPurpose(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "well_purpose"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    purpose: Mapped[str]


class WellCasingMaterial(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "well_casing_material"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    material: Mapped[str]


class AquiferSystem(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "aquifer_system"

    name: Mapped[str]
    primary_aquifer_type: Mapped[str]


class AquiferType(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "aquifer_type"

    thing_aquifer_association_id: Mapped[int] = mapped_column(ForeignKey("thing_aquifer_association.id"))
    aquifer_type: Mapped[str]


class ThingAquiferAssociation(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "thing_aquifer_association"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    aquifer_system_id: Mapped[int] = mapped_column(ForeignKey("aquifer_system.id"))

    system: Mapped[AquiferSystem] = relationship()
    types: Mapped[list[AquiferType]] = relationship(order_by=AquiferType.id)

    @property
    def aquifer_system(self) -> str:
        return self.system.name

    @property
    def aquifer_types(self) -> list[str]:
        return [row.aquifer_type for row in self.types]


class GeologicFormation(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "geologic_formation"

    formation_code: Mapped[str | None]


class WellScreen(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "well_screen"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    aquifer_system_id: Mapped[int | None] = mapped_column(ForeignKey("aquifer_system.id"))
    geologic_formation_id: Mapped[int | None] = mapped_column(ForeignKey("geologic_formation.id"))
    screen_depth_top: Mapped[float | None]
    screen_depth_bottom: Mapped[float | None]
    screen_type: Mapped[str | None]
    screen_description: Mapped[str | None]

    system: Mapped[AquiferSystem | None] = relationship()
    formation: Mapped[GeologicFormation | None] = relationship()

    @property
    def aquifer_system(self) -> str | None:
        return self.system and self.system.name

    @property
    def aquifer_type(self) -> str | None:
        return self.system and self.system.primary_aquifer_type

    @property
    def geologic_formation(self) -> str | None:
        return self.formation and self.formation.formation_code


class Email(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "email"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    email: Mapped[str]
    email_type: Mapped[str]


class Phone(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "phone"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    phone_number: Mapped[str]
    phone_type: Mapped[str]


class Address(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "address"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    address_line_1: Mapped[str]
    address_line_2: Mapped[str | None]
    city: Mapped[str | None]
    state: Mapped[str | None]
    postal_code: Mapped[str | None]
    country: Mapped[str]
    address_type: Mapped[str]


class IncompleteNMAPhone(AutoMixin, Base):
    __tablename__ = "incomplete_nma_phone"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    phone_number: Mapped[str]


class ThingContactAssociation(AutoMixin, Base):
    __tablename__ = "thing_contact_association"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))


class Contact(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "contact"

    name: Mapped[str | None]
    organization: Mapped[str | None]
    role: Mapped[str]
    contact_type: Mapped[str]

    emails: Mapped[list[Email]] = relationship(order_by=Email.id)
    phones: Mapped[list[Phone]] = relationship(order_by=Phone.id)
    addresses: Mapped[list[Address]] = relationship(order_by=Address.id)
    incomplete_phones: Mapped[list[IncompleteNMAPhone]] = relationship(order_by=IncompleteNMAPhone.id)
    notes: Mapped[list[Note]] = relationship(
        primaryjoin=attached("Note", "Contact", "contact"), order_by=Note.id, viewonly=True, overlaps="notes"
    )
    things: Mapped[list["Thing"]] = relationship(
        secondary="thing_contact_association", order_by="Thing.id", viewonly=True
    )

    @property
    def incomplete_nma_phones(self) -> list[str]:
        return [row.phone_number for row in self.incomplete_phones]

    @property
    def communication_notes(self) -> list[Note]:
        return [note for note in self.notes if note.note_type == "Communication"]

    @property
    def general_notes(self) -> list[Note]:
        return [note for note in self.notes if note.note_type == "General"]


class Thing(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "thing"

    name: Mapped[str]
    thing_type: Mapped[str]
    first_visit_date: Mapped[date | None]
    well_depth: Mapped[float | None]
    hole_depth: Mapped[float | None]
    well_casing_depth: Mapped[float | None]
    well_pump_depth: Mapped[float | None]
    well_casing_diameter: Mapped[float | None]
    well_completion_date: Mapped[date | None]
    well_driller_name: Mapped[str | None]
    well_construction_method: Mapped[str | None]
    well_pump_type: Mapped[str | None]
    formation_completion_code: Mapped[str | None]
    spring_type: Mapped[str | None]
    nma_pk_welldata: Mapped[str | None]
    nma_pk_location: Mapped[str | None]
    nma_formation_zone: Mapped[str | None]
    search_vector = mapped_column(TSVECTOR, deferred=True, server_default=FetchedValue())

    location_associations: Mapped[list[LocationThingAssociation]] = relationship(
        order_by="[LocationThingAssociation.effective_start.desc(), LocationThingAssociation.id.desc()]"
    )
    groups: Mapped[list[Group]] = relationship(
        secondary="group_thing_association", order_by=Group.id, viewonly=True
    )
    links: Mapped[list[ThingIdLink]] = relationship(order_by=ThingIdLink.id)
    frequencies: Mapped[list[MonitoringFrequencyHistory]] = relationship(order_by=MonitoringFrequencyHistory.id)
    measuring_points: Mapped[list[MeasuringPointHistory]] = relationship(
        order_by="[MeasuringPointHistory.start_date.desc(), MeasuringPointHistory.id.desc()]"
    )
    purposes: Mapped[list[WellPurpose]] = relationship(order_by=WellPurpose.id)
    casing_materials: Mapped[list[WellCasingMaterial]] = relationship(order_by=WellCasingMaterial.id)
    aquifers: Mapped[list[ThingAquiferAssociation]] = relationship(order_by=ThingAquiferAssociation.id)
    linked_contacts: Mapped[list[Contact]] = relationship(
        secondary="thing_contact_association", order_by=Contact.id, viewonly=True
    )
    notes: Mapped[list[Note]] = relationship(
        primaryjoin=attached("Note", "Thing", "thing"), order_by=Note.id, viewonly=True, overlaps="notes"
    )
    statuses: Mapped[list[StatusHistory]] = relationship(
        primaryjoin=attached("StatusHistory", "Thing", "thing"),
        order_by="[StatusHistory.start_date.desc(), StatusHistory.id.desc()]",
        viewonly=True,
    )
    permission_history: Mapped[list[PermissionHistory]] = relationship(
        primaryjoin=attached("PermissionHistory", "Thing", "thing"),
        order_by="[PermissionHistory.start_date.desc(), PermissionHistory.id.desc()]",
        viewonly=True,
    )
    provenance: Mapped[list[DataProvenance]] = relationship(
        primaryjoin=attached("DataProvenance", "Thing", "thing"), order_by=DataProvenance.id, viewonly=True
    )

    @property
    def site_name(self) -> str | None:
        return next((link.alternate_id for link in self.links if link.alternate_organization == "NMBGMR"), None)

    @property
    def current_location(self) -> Location | None:
        latest = self.location_associations[0] if self.location_associations else None
        return latest.location if latest and latest.effective_end is None else None

    @property
    def alternate_ids(self) -> list[ThingIdLink]:
        return self.links

    @property
    def monitoring_frequencies(self) -> list[MonitoringFrequencyHistory]:
        return [row for row in self.frequencies if row.end_date is None]

    def _status(self, status_type: str) -> str | None:
        rows = (row.status_value for row in self.statuses if row.end_date is None and row.status_type == status_type)
        return next(rows, None)

    @property
    def monitoring_status(self) -> str | None:
        return self._status("Monitoring Status")

    @property
    def well_status(self) -> str | None:
        return self._status("Well Status")

    @property
    def datalogger_suitability_status(self) -> str | None:
        return self._status("Datalogger Suitability Status")

    @property
    def open_status(self) -> bool | None:
        return {"Open": True, "Closed": False}.get(self._status("Open Status"))

    def _notes(self, note_type: str) -> list[Note]:
        return [note for note in self.notes if note.note_type == note_type]

    @property
    def general_notes(self) -> list[Note]:
        return self._notes("General")

    @property
    def sampling_procedure_notes(self) -> list[Note]:
        return self._notes("Sampling Procedure")

    @property
    def site_notes(self) -> list[Note]:
        return self._notes("Site Notes (legacy)")

    @property
    def water_notes(self) -> list[Note]:
        return self._notes("Water")

    @property
    def construction_notes(self) -> list[Note]:
        return self._notes("Construction")

    @property
    def historic_depth_to_water(self) -> list[str]:
        return [note.content for note in self._notes("Historical")]

    @property
    def well_location_note(self) -> list[str]:
        return [note.content for note in self._notes("Access")]

    @property
    def well_purposes(self) -> list[str]:
        return [row.purpose for row in self.purposes]

    @property
    def well_casing_materials(self) -> list[str]:
        return [row.material for row in self.casing_materials]

    @property
    def contacts(self) -> list[Contact]:
        return list(dict.fromkeys(self.linked_contacts))

    def _provenance(self, field: str) -> DataProvenance | None:
        return next((row for row in self.provenance if row.field_name == field), None)

    @property
    def well_depth_source(self) -> str | None:
        row = self._provenance("well_depth")
        return row and row.origin_type

    @property
    def well_completion_date_source(self) -> str | None:
        row = self._provenance("well_completion_date")
        return row and row.origin_type

    @property
    def well_construction_method_source(self) -> str | None:
        row = self._provenance("well_construction_method")
        return row and (row.origin_source or row.origin_type)

    @property
    def _measuring_point(self) -> MeasuringPointHistory | None:
        if self.thing_type != "water well":
            return None
        return next((row for row in self.measuring_points if row.measuring_point_height is not None), None)

    @property
    def measuring_point_height(self) -> float | None:
        row = self._measuring_point
        return row and row.measuring_point_height

    @property
    def measuring_point_description(self) -> str | None:
        row = self._measuring_point
        return row and row.measuring_point_description

    @property
    def permissions(self) -> list[dict]:
        newest = {}
        for row in self.permission_history:
            if row.end_date is None:
                newest.setdefault(row.permission_type, row)
        kinds = ("Water Level Sample", "Water Chemistry Sample", "Datalogger Installation")
        return [newest.get(kind) or {"permission_type": kind} for kind in kinds]


class Parameter(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "parameter"

    parameter_name: Mapped[str]
    matrix: Mapped[str]
    parameter_type: Mapped[str | None]
    cas_number: Mapped[str | None]
    default_unit: Mapped[str]


class Sensor(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "sensor"

    name: Mapped[str]
    sensor_type: Mapped[str]
    model: Mapped[str | None]
    serial_no: Mapped[str | None]
    pcn_number: Mapped[str | None]
    owner_agency: Mapped[str | None]
    sensor_status: Mapped[str | None]
    notes: Mapped[str | None]


class Deployment(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "deployment"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    sensor_id: Mapped[int] = mapped_column(ForeignKey("sensor.id"))
    installation_date: Mapped[date | None]
    removal_date: Mapped[date | None]
    recording_interval: Mapped[int | None]
    recording_interval_units: Mapped[str | None]
    hanging_cable_length: Mapped[float | None]
    hanging_point_height: Mapped[float | None]
    hanging_point_description: Mapped[str | None]
    notes: Mapped[str | None]

    sensor: Mapped[Sensor] = relationship()


class FieldEvent(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "field_event"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    event_date: Mapped[datetime]
    notes: Mapped[str | None]

    field_event_participants: Mapped[list["FieldEventParticipant"]] = relationship(order_by="FieldEventParticipant.id")
    field_activities: Mapped[list["FieldActivity"]] = relationship(order_by="FieldActivity.id")


class FieldEventParticipant(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "field_event_participant"

    field_event_id: Mapped[int] = mapped_column(ForeignKey("field_event.id"))
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id"))
    participant_role: Mapped[str]

    participant: Mapped[Contact] = relationship()


class FieldActivity(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "field_activity"

    field_event_id: Mapped[int] = mapped_column(ForeignKey("field_event.id"))
    activity_type: Mapped[str]
    notes: Mapped[str | None]

    samples: Mapped[list["Sample"]] = relationship(order_by="Sample.id")


class Sample(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "sample"

    field_activity_id: Mapped[int] = mapped_column(ForeignKey("field_activity.id"))
    field_event_participant_id: Mapped[int | None] = mapped_column(ForeignKey("field_event_participant.id"))
    sample_date: Mapped[datetime]
    sample_name: Mapped[str]
    sample_matrix: Mapped[str]
    sample_method: Mapped[str]
    qc_type: Mapped[str]
    depth_top: Mapped[float | None]
    depth_bottom: Mapped[float | None]
    notes: Mapped[str | None]

    taker: Mapped[FieldEventParticipant | None] = relationship()
    observations: Mapped[list["Observation"]] = relationship(order_by="Observation.id")

    @property
    def contact(self) -> Contact | None:
        return self.taker and self.taker.participant


class Observation(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "observation"

    sample_id: Mapped[int] = mapped_column(ForeignKey("sample.id"))
    sensor_id: Mapped[int | None] = mapped_column(ForeignKey("sensor.id"))
    parameter_id: Mapped[int] = mapped_column(ForeignKey("parameter.id"))
    observation_datetime: Mapped[datetime]
    value: Mapped[float | None]
    unit: Mapped[str]
    measuring_point_height: Mapped[float | None]
    groundwater_level_reason: Mapped[str | None]
    nma_data_quality: Mapped[str | None]

    parameter: Mapped[Parameter] = relationship()

    @property
    def depth_to_water_bgs(self) -> float | None:
        if self.value is None or self.measuring_point_height is None:
            return None
        return self.value - self.measuring_point_height


class TransducerObservation(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "transducer_observation"

    parameter_id: Mapped[int] = mapped_column(ForeignKey("parameter.id"))
    deployment_id: Mapped[int] = mapped_column(ForeignKey("deployment.id"))
    observation_datetime: Mapped[datetime]
    value: Mapped[float]
    note: Mapped[str | None]
    data_maturity: Mapped[str | None]


class TransducerObservationBlock(AutoMixin, ReleaseMixin, Base):
    __tablename__ = "transducer_observation_block"

    thing_id: Mapped[int] = mapped_column(ForeignKey("thing.id"))
    parameter_id: Mapped[int] = mapped_column(ForeignKey("parameter.id"))
    review_status: Mapped[str]
    start_datetime: Mapped[datetime]
    end_datetime: Mapped[datetime]
    comment: Mapped[str | None]
    source_file: Mapped[str | None]
    source_kind: Mapped[str | None]
    corrections: Mapped[str | None]
