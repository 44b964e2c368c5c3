//! Which formations a thing goes through, and between which depths.

use chrono::NaiveDate;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::bodies::bodies;
use crate::domain::request::fields as read;
use crate::domain::request::form::Form;
use crate::domain::request::problem::Problem;
use crate::domain::thing::Feet;

const ORDER: &str = "bottom_depth must be greater than top_depth";

/// What is wrong with the depths of a stretch, for a change of one of them.
pub fn depth_problem(top: f64, bottom: f64) -> Option<Problem> {
    let input = json!({ "top_depth": top, "bottom_depth": bottom });
    (bottom <= top).then(|| Problem::value_error(vec!["body".into(), "bottom_depth".into()], ORDER, input))
}

/// A formation that a thing goes through as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ThingGeologicFormationAssociation {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// The day from which on it is public, for the status `embargoed`. Left out with any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
    /// The thing.
    pub thing_id: i32,
    /// The formation.
    pub geologic_formation_id: Option<i32>,
    /// The code of the formation.
    pub geologic_formation: Option<String>,
    /// Below ground.
    pub top_depth: f64,
    /// Always `ft`.
    pub top_depth_unit: Feet,
    /// Below ground; greater than `top_depth`.
    pub bottom_depth: f64,
    /// Always `ft`.
    pub bottom_depth_unit: Feet,
}

/// Which formations that things go through a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ThingGeologicFormationAssociationSearch {
    /// Those of this thing.
    pub thing_id: Option<i32>,
    /// Those with this formation.
    pub geologic_formation_id: Option<i32>,
}

bodies! {
    /// Body of `POST /thing-geologic-formation-association`.
    CreateThingGeologicFormationAssociation;
    /// Body of `PATCH /thing-geologic-formation-association/{thing_geologic_formation_association_id}`; every field may be absent.
    UpdateThingGeologicFormationAssociation;
    {
        /// The thing; it must exist.
        thing_id: i64 = read::integer,
        /// The formation; it must exist.
        geologic_formation_id?: i64 = read::integer,
        /// Feet below ground.
        top_depth: f64 = read::not_negative,
        /// Feet below ground; greater than `top_depth`.
        bottom_depth: f64 = read::not_negative
    }
    create |form: &mut Form<'_>| {
        if let (Some(top), Some(bottom)) = (top_depth, bottom_depth)
            && depth_problem(top, bottom).is_some()
        {
            form.refuse_at("bottom_depth", ORDER);
        }
    }
}
