//! `/access/decision`

use actix_web::http::Method;
use actix_web::{get, web};
use chrono::Utc;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::api::http::state::AppState;
use crate::api::{Answer, Db, Params};
use crate::domain::access::decision::{Decision, Question, Somebody};
use crate::domain::access::{ALL, CAPABILITIES, DATA_TYPES, GROUP, PRINCIPAL_TYPES, SITE, USER};
use crate::domain::measure::time::parse_date;
use crate::domain::request::problem::expected;
use crate::store::access::decision;

#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
pub(super) struct DecisionParams {
    /// `user` (when only `principal_id` is given) or `group`.
    principal_type: Option<String>,
    /// The `sub` of a user, the name of a group of the identity provider. Whoever asks when absent.
    principal_id: Option<String>,
    /// A group of the identity provider that the user is in, as far as it is to be considered; may repeat.
    principal_group: Option<Vec<String>>,
    /// `view` (when absent), `edit` or `administer`.
    capability: Option<String>,
    /// `all` (when absent), `site`, `water_level`, `water_chemistry` or `contact`.
    data_type: Option<String>,
    /// Data of this thing; of all things when absent.
    thing_id: Option<i64>,
    /// The day; today when absent.
    #[param(value_type = Option<String>, format = Date)]
    on: Option<String>,
}

/// Reads a parameter that has one of a few words.
fn word(params: &mut Params, name: &'static str, words: &'static [&'static str]) -> Option<&'static str> {
    params.parsed(name, |text| {
        let known = words.iter().find(|word| **word == text).copied();
        let all: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        known.ok_or_else(|| format!("Input should be {}", expected(&all)))
    })
}

/// Whether routes that read data of a type are open to anybody.
fn is_open(state: &AppState, data_type: &str) -> bool {
    let path = match data_type {
        SITE => "/thing/{thing_id}",
        "water_level" => "/observation/groundwater-level",
        "water_chemistry" => "/observation/water-chemistry",
        _ => return false,
    };
    state.routes.find(path).is_some_and(|route| route.opened(&Method::GET).is_some())
}

fn question(params: &mut Params, state: &AppState) -> Question {
    let data_type = word(params, "data_type", DATA_TYPES).unwrap_or(ALL);
    let principal_type = word(params, "principal_type", PRINCIPAL_TYPES).unwrap_or(USER);
    let principal_id = params.text("principal_id").filter(|id| !id.is_empty());
    let mut groups = params.texts("principal_group");
    let somebody = principal_id.map(|principal_id| {
        if principal_type == GROUP {
            groups = vec![principal_id.clone()];
        }
        let grants = state.authenticator.grants_of(&groups);
        Somebody { principal_type, principal_id, groups, grants }
    });
    Question {
        somebody,
        capability: word(params, "capability", CAPABILITIES).unwrap_or("view"),
        data_type,
        thing_id: params.key("thing_id"),
        on: params
            .parsed("on", |text| parse_date(text).ok_or("Input should be a date, such as 2026-02-20"))
            .unwrap_or_else(|| Utc::now().date_naive()),
        is_open: is_open(state, data_type),
    }
}

/// Whether somebody may do something, and by which rules: `allowed` is what the service does, by roles and release statuses;
/// `granted` is what the grants on record say.
#[utoipa::path(tag = "access", params(DecisionParams), responses((status = 200, body = Decision)))]
#[get("/access/decision")]
pub(super) async fn get_decision(db: Db, params: Params, state: web::Data<AppState>) -> Answer {
    db.get_by("get_decision", params, move |params| question(params, &state), decision::decide).await
}
