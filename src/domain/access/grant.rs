//! Access that was given to somebody.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::access::{ALL, CAPABILITIES, DATA_TYPES, PRINCIPAL_TYPES, SCOPE_TYPES, days};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm};

/// A grant as clients see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Grant {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// `user` or `group`.
    pub principal_type: String,
    /// The `sub` of a user, the name of a group.
    pub principal_id: String,
    /// `view`, `edit` or `administer`.
    pub capability: String,
    /// `all`, `group` (of things) or `thing`.
    pub scope_type: String,
    /// Key of the group or of the thing.
    pub scope_id: Option<i32>,
    /// `all`, `site`, `water_level`, `water_chemistry` or `contact`.
    pub data_type: String,
    /// The first day.
    #[schema(value_type = String, format = Date)]
    pub starts_at: NaiveDate,
    /// The last day; null when there is none.
    #[schema(value_type = Option<String>, format = Date)]
    pub ends_at: Option<NaiveDate>,
    /// Who gave it, by name; null when nobody proved who he was.
    pub granted_by: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// When it was revoked; null when it was not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<UtcDateTime>,
    /// Who revoked it.
    pub revoked_by: Option<String>,
}

/// Body of `POST /access/grant`.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
pub struct CreateGrant {
    /// `user` or `group`.
    pub principal_type: String,
    /// The `sub` of a user, the name of a group.
    pub principal_id: String,
    /// `view`, `edit` or `administer`; each includes the ones before it.
    pub capability: String,
    /// `all`, `group` (of things) or `thing`.
    pub scope_type: String,
    /// Key of the group or of the thing, which must exist; for these two scopes only.
    pub scope_id: Option<i64>,
    /// `all`, `site`, `water_level`, `water_chemistry` or `contact`.
    pub data_type: String,
    /// The first day; today when absent.
    #[schema(required = false, value_type = String, format = Date)]
    pub starts_at: NaiveDate,
    /// The last day.
    #[schema(value_type = Option<String>, format = Date)]
    pub ends_at: Option<NaiveDate>,
    /// Why.
    pub reason: Option<String>,
}

impl FromForm for CreateGrant {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let principal_type = form.required("principal_type", read::one_of(PRINCIPAL_TYPES));
        let principal_id = form.required("principal_id", read::name(255));
        let capability = form.required("capability", read::one_of(CAPABILITIES));
        let scope_type = form.required("scope_type", read::one_of(SCOPE_TYPES));
        let scope_id = form.optional("scope_id", read::integer);
        match (scope_type.as_deref(), scope_id) {
            (Some(ALL), Some(Some(_))) => form.refuse_at("scope_id", "scope_id is for the scopes group and thing only"),
            (Some(scope), Some(None)) if scope != ALL => {
                form.refuse_at("scope_id", &format!("The scope {scope} needs a scope_id"));
            }
            _ => {}
        }
        let data_type = form.required("data_type", read::one_of(DATA_TYPES));
        let (starts_at, ends_at) = days(form);
        let reason = form.optional("reason", read::text);
        Some(Self {
            principal_type: principal_type?,
            principal_id: principal_id?,
            capability: capability?,
            scope_type: scope_type?,
            scope_id: scope_id?,
            data_type: data_type?,
            starts_at: starts_at?,
            ends_at: ends_at?,
            reason: reason?,
        })
    }
}
