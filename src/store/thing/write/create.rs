//! Storing things: their rows and everything else that their bodies say, all tables in one statement.

use chrono::{NaiveDate, Utc};

use crate::db::WriteSession;
use crate::db::prelude::*;
use crate::db::schema::{location_thing_association, thing};
use crate::domain::draft;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::Principal;
use crate::domain::request::form::Parsed;
use crate::domain::thing::history::{CreateMonitoringFrequencyHistory, CreateStatusHistory};
use crate::domain::thing::write::{CreateSpring, CreateThing, CreateWell};
use crate::domain::thing::{SPRING, Spring, WATER_WELL, Well};
use crate::store::group::member::NewMember;
use crate::store::note::NewNote;
use crate::store::provenance::NewProvenance;
use crate::store::query::check::{self, Named, check_new};
use crate::store::query::number::{ids, number};
use crate::store::thing::history::frequency::NewFrequency;
use crate::store::thing::history::measuring_point::NewPoint;
use crate::store::thing::history::status::NewStatus;
use crate::store::thing::history::{frequency, measuring_point, status};
use crate::store::thing::id_link::{self, NewLink};
use crate::store::thing::write::terms::{self, NewMaterial, NewPurpose};
use crate::store::thing::{
    CLOSED, DATALOGGER_STATUS, MONITORING_STATUS, OPEN, OPEN_STATUS, TABLE, WELL_STATUS, get_spring, get_well,
};
use crate::store::{StoreError, group, location, note};

/// A thing to be stored.
#[derive(Clone, Debug, Default, Insertable)]
#[diesel(table_name = thing, treat_none_as_default_value = false)]
pub struct NewThing {
    pub id: i32,
    pub name: String,
    pub thing_type: &'static str,
    pub release_status: String,
    pub release_at: Option<NaiveDate>,
    pub first_visit_date: Option<NaiveDate>,
    pub well_depth: Option<f64>,
    pub hole_depth: Option<f64>,
    pub well_casing_depth: Option<f64>,
    pub well_pump_depth: Option<f64>,
    pub well_casing_diameter: Option<f64>,
    pub well_completion_date: Option<NaiveDate>,
    pub well_driller_name: Option<String>,
    pub well_construction_method: Option<String>,
    pub well_pump_type: Option<String>,
    pub formation_completion_code: Option<String>,
    pub spring_type: Option<String>,
    pub nma_formation_zone: Option<String>,
    pub created_by_id: Option<String>,
    pub created_by_name: Option<String>,
}

/// Where a thing is, to be stored.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = location_thing_association, treat_none_as_default_value = false)]
pub struct NewPlace {
    pub location_id: i32,
    pub thing_id: i32,
    pub effective_start: UtcDateTime,
    pub created_by_id: Option<String>,
    pub created_by_name: Option<String>,
}

crate::insertable!(NewThing => thing, NewPlace => location_thing_association);

/// Things to be stored, with their children. The things have ids; the other rows get theirs when they are stored.
#[derive(Clone, Debug, Default)]
pub struct NewThings {
    pub things: Vec<NewThing>,
    pub places: Vec<NewPlace>,
    pub members: Vec<NewMember>,
    pub notes: Vec<NewNote>,
    pub links: Vec<NewLink>,
    pub frequencies: Vec<NewFrequency>,
    pub purposes: Vec<NewPurpose>,
    pub materials: Vec<NewMaterial>,
    pub points: Vec<NewPoint>,
    pub statuses: Vec<NewStatus>,
    pub sources: Vec<NewProvenance>,
}

impl NewThings {
    /// Stores all rows.
    pub fn insert(mut self, session: &mut WriteSession<'_>) -> QueryResult<()> {
        let (links, frequencies, points, statuses) = session.read((
            ids(id_link::TABLE, self.links.len()),
            ids(frequency::TABLE, self.frequencies.len()),
            ids(measuring_point::TABLE, self.points.len()),
            ids(status::TABLE, self.statuses.len()),
        ))?;
        number(&mut self.links, links, |row| &mut row.id);
        number(&mut self.frequencies, frequencies, |row| &mut row.id);
        number(&mut self.points, points, |row| &mut row.id);
        number(&mut self.statuses, statuses, |row| &mut row.id);
        session.insert(&[
            &self.things,
            &self.places,
            &self.members,
            &self.notes,
            &self.links,
            &self.frequencies,
            &self.purposes,
            &self.materials,
            &self.points,
            &self.statuses,
            &self.sources,
        ])
    }

    /// The id of the first thing.
    fn first(&self) -> i32 {
        self.things.first().map_or(0, |thing| thing.id)
    }

    /// Adds a well.
    fn add_well(&mut self, by: &Principal, id: i32, form: CreateWell) {
        self.add_statuses(by, id, &form);
        self.add_sources(by, id, &form);
        self.purposes.extend(terms::purposes(by, id, form.well_purposes));
        self.materials.extend(terms::materials(by, id, form.well_casing_materials));
        if form.measuring_point_height.is_some() || form.measuring_point_description.is_some() {
            let (height, description) = (form.measuring_point_height, form.measuring_point_description);
            self.points.push(measuring_point::from_today(0, by, id, height, description));
        }
        self.things.push(NewThing {
            well_depth: form.well_depth,
            hole_depth: form.hole_depth,
            well_casing_depth: form.well_casing_depth,
            well_pump_depth: form.well_pump_depth,
            well_casing_diameter: form.well_casing_diameter,
            well_completion_date: form.well_completion_date,
            well_driller_name: form.well_driller_name,
            well_construction_method: form.well_construction_method,
            well_pump_type: form.well_pump_type,
            formation_completion_code: form.formation_completion_code,
            nma_formation_zone: form.nma_formation_zone,
            ..NewThing::of(id, WATER_WELL, &form.thing, by)
        });
        self.add_surroundings(by, id, form.thing);
    }

    /// Adds a spring.
    fn add_spring(&mut self, by: &Principal, id: i32, form: CreateSpring) {
        self.things.push(NewThing { spring_type: form.spring_type, ..NewThing::of(id, SPRING, &form.thing, by) });
        self.add_surroundings(by, id, form.thing);
    }

    /// What things of any type have around them.
    fn add_surroundings(&mut self, by: &Principal, id: i32, form: CreateThing) {
        self.places.extend(form.location_id.map(|location| NewPlace {
            location_id: check::id(location),
            thing_id: id,
            effective_start: form.first_visit_date.map_or_else(UtcDateTime::now, UtcDateTime::midnight),
            created_by_id: by.id.clone(),
            created_by_name: by.name.clone(),
        }));
        self.members.extend(form.group_id.map(|group| NewMember::of(check::id(group), id, by)));
        self.notes.extend(note::new_rows(by, TABLE.name, id, &form.notes));
        let link = |sent| NewLink::of_alternate_id(0, sent, by, id);
        self.links.extend(form.alternate_ids.into_iter().map(link));
        for sent in form.monitoring_frequencies {
            let row = CreateMonitoringFrequencyHistory {
                monitoring_frequency: sent.monitoring_frequency,
                start_date: sent.start_date,
                end_date: sent.end_date,
                release_status: draft(),
                release_at: None,
            };
            self.frequencies.push(NewFrequency::of(0, row, by, id));
        }
    }

    /// The statuses hold from the first visit on, or from today.
    fn add_statuses(&mut self, by: &Principal, id: i32, form: &CreateWell) {
        let datalogger = form
            .is_suitable_for_datalogger
            .map(|suitable| if suitable { "Datalogger can be installed" } else { "Datalogger cannot be installed" });
        let open = form.is_open.map(|open| if open { OPEN } else { CLOSED });
        let statuses = [
            (DATALOGGER_STATUS, datalogger),
            (OPEN_STATUS, open),
            (WELL_STATUS, form.well_status.as_deref()),
            (MONITORING_STATUS, form.monitoring_status.as_deref()),
        ];
        for (status_type, value) in statuses {
            let Some(value) = value else { continue };
            let row = CreateStatusHistory {
                status_type: status_type.to_owned(),
                status_value: value.to_owned(),
                start_date: form.thing.first_visit_date.unwrap_or_else(|| Utc::now().date_naive()),
                end_date: None,
                reason: None,
                release_status: draft(),
                release_at: None,
            };
            self.statuses.push(NewStatus::of(0, row, by, id, TABLE.name.to_owned()));
        }
    }

    /// Where the depth, the completion date and the construction method are known from. The method's source is read
    /// back as a citation, the others as a type of origin, so the method's is kept as both.
    fn add_sources(&mut self, by: &Principal, id: i32, form: &CreateWell) {
        let method_source = &form.well_construction_method_source;
        let sources = [
            ("well_depth", &form.well_depth_source, &None),
            ("well_completion_date", &form.well_completion_date_source, &None),
            ("well_construction_method", method_source, method_source),
        ];
        for (field, origin_type, origin_source) in sources {
            if origin_type.is_none() {
                continue;
            }
            self.sources.push(NewProvenance {
                target_table: TABLE.name,
                target_id: id,
                field_name: Some(field.to_owned()),
                origin_type: origin_type.clone(),
                origin_source: origin_source.clone(),
                ..NewProvenance::by(by)
            });
        }
    }
}

impl NewThing {
    /// What things of any type have.
    fn of(id: i32, thing_type: &'static str, form: &CreateThing, by: &Principal) -> Self {
        Self {
            id,
            name: form.name.clone(),
            thing_type,
            release_status: form.release_status.clone(),
            release_at: form.release_at,
            first_visit_date: form.first_visit_date,
            created_by_id: by.id.clone(),
            created_by_name: by.name.clone(),
            ..Self::default()
        }
    }
}

/// The rows that a form refers to.
fn parents(form: &CreateThing) -> Vec<Named> {
    let location = Named::optional(location::TABLE, "location_id", form.location_id);
    let group = Named::optional(group::TABLE, "group_id", form.group_id);
    location.into_iter().chain(group).collect()
}

/// Checks a chunk of wells and makes rows of them.
pub fn check_wells(session: &mut WriteSession<'_>, forms: Vec<Parsed<CreateWell>>) -> Result<NewThings, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |form| parents(&form.thing))?;
    let mut new = NewThings::default();
    for (id, form) in checked {
        new.add_well(session.principal(), id, form);
    }
    Ok(new)
}

/// Checks a chunk of springs and makes rows of them.
pub fn check_springs(
    session: &mut WriteSession<'_>,
    forms: Vec<Parsed<CreateSpring>>,
) -> Result<NewThings, StoreError> {
    let checked = check_new(session, TABLE.name, forms, |form| parents(&form.thing))?;
    let mut new = NewThings::default();
    for (id, form) in checked {
        new.add_spring(session.principal(), id, form);
    }
    Ok(new)
}

/// Stores a water well.
pub fn create_well(session: &mut WriteSession<'_>, form: Parsed<CreateWell>) -> Result<Well, StoreError> {
    let new = check_wells(session, vec![form])?;
    let id = new.first();
    new.insert(session)?;
    get_well(session, id)
}

/// Stores a spring.
pub fn create_spring(session: &mut WriteSession<'_>, form: Parsed<CreateSpring>) -> Result<Spring, StoreError> {
    let new = check_springs(session, vec![form])?;
    let id = new.first();
    new.insert(session)?;
    get_spring(session, id)
}
