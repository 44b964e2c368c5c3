//! Rows of things and of their children, as they are read.

use crate::db::prelude::*;
use chrono::NaiveDate;

use crate::db::Backend;
use crate::db::schema::{
    contact, location, location_thing_association as place, thing, thing_contact_association as contact_link,
    thing_id_link as link,
};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::thing::{ThingIdLink, WellContactSummary};

/// A row of the table.
#[derive(Queryable, Selectable)]
#[diesel(table_name = thing, check_for_backend(Backend))]
pub(in crate::store) struct ThingRow {
    pub id: i32,
    pub created_at: UtcDateTime,
    pub release_status: Option<String>,
    pub release_at: Option<NaiveDate>,
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
pub(in crate::store) struct PlaceRow {
    #[diesel(select_expression = place::thing_id)]
    pub thing_id: i32,
    pub id: i32,
    pub release_status: Option<String>,
    pub release_at: Option<NaiveDate>,
    pub longitude: f64,
    pub latitude: f64,
    pub elevation: f64,
    pub county: Option<String>,
    pub state: Option<String>,
    pub quad_name: Option<String>,
    pub nma_notes_location: Option<String>,
    pub nma_date_created: Option<NaiveDate>,
    pub nma_site_date: Option<NaiveDate>,
    pub vertical_datum: Option<String>,
}

/// What another organization calls a thing.
#[derive(Queryable, Selectable)]
#[diesel(table_name = link, check_for_backend(Backend))]
pub(in crate::store) struct LinkRow {
    /// Null only in rows that belong to no thing, which nobody asks for here.
    #[diesel(select_expression = link::thing_id.assume_not_null())]
    pub thing_id: i32,
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    relation: String,
    alternate_id: String,
    alternate_organization: String,
}

impl From<LinkRow> for ThingIdLink {
    fn from(row: LinkRow) -> Self {
        let LinkRow {
            thing_id,
            id,
            created_at,
            release_status,
            release_at,
            relation,
            alternate_id,
            alternate_organization,
        } = row;
        Self { id, created_at, release_status, release_at, thing_id, relation, alternate_id, alternate_organization }
    }
}

/// A contact of a thing.
#[derive(Queryable, Selectable)]
#[diesel(table_name = contact, check_for_backend(Backend))]
pub(in crate::store) struct ContactRow {
    #[diesel(select_expression = contact_link::thing_id)]
    pub thing_id: i32,
    id: i32,
    created_at: UtcDateTime,
    release_status: Option<String>,
    release_at: Option<NaiveDate>,
    name: Option<String>,
    organization: Option<String>,
    role: String,
    contact_type: String,
}

impl From<ContactRow> for WellContactSummary {
    fn from(row: ContactRow) -> Self {
        let ContactRow {
            thing_id: _,
            id,
            created_at,
            release_status,
            release_at,
            name,
            organization,
            role,
            contact_type,
        } = row;
        Self { id, created_at, release_status, release_at, name, organization, role, contact_type }
    }
}
