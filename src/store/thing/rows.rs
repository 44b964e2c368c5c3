//! Rows of things and of their children, as they are read.

use chrono::NaiveDate;
use diesel::prelude::*;

use crate::db::Backend;
use crate::db::schema::{contact, location, thing, thing_id_link};
use crate::domain::thing::{ThingIdLink, WellContactSummary};
use crate::domain::time::UtcDateTime;

/// A row of the table.
#[derive(Queryable, Selectable)]
#[diesel(table_name = thing, check_for_backend(Backend))]
pub(super) struct ThingRow {
    pub id: i32,
    pub created_at: UtcDateTime,
    pub release_status: Option<String>,
    pub name: String,
    pub thing_type: String,
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
}

/// A place that a thing is at.
#[derive(Queryable, Selectable)]
#[diesel(table_name = location, check_for_backend(Backend))]
pub(super) struct PlaceRow {
    pub id: i32,
    pub release_status: Option<String>,
    pub longitude: f64,
    pub latitude: f64,
    pub elevation: f64,
    pub county: Option<String>,
    pub state: Option<String>,
    pub quad_name: Option<String>,
    pub nma_notes_location: Option<String>,
    pub nma_date_created: Option<NaiveDate>,
    pub nma_site_date: Option<NaiveDate>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = thing_id_link, check_for_backend(Backend))]
pub(super) struct LinkRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    relation: String,
    alternate_id: String,
    alternate_organization: String,
}

impl LinkRow {
    pub(super) fn of_thing(self, thing_id: i32) -> ThingIdLink {
        let Self { id, created_at, release_status, relation, alternate_id, alternate_organization } = self;
        ThingIdLink { id, created_at, release_status, thing_id, relation, alternate_id, alternate_organization }
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = contact, check_for_backend(Backend))]
pub(super) struct ContactRow {
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    name: Option<String>,
    organization: Option<String>,
    role: String,
    contact_type: String,
}

impl From<ContactRow> for WellContactSummary {
    fn from(row: ContactRow) -> Self {
        let ContactRow { id, created_at, release_status, name, organization, role, contact_type } = row;
        Self { id, created_at, release_status, name, organization, role, contact_type }
    }
}
