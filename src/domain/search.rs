//! One search over contacts, wells, springs and assets.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::request::search::SearchQuery;

/// What a search is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Search {
    /// What is asked for; `None` for a blank query, which finds nothing.
    pub query: Option<SearchQuery>,
    /// Hits of each category, at most.
    pub limit: i64,
}

impl Search {
    /// Hits of each category when nothing is said.
    pub const USUAL_LIMIT: i64 = 25;
    /// The most hits of each category.
    pub const MOST: i64 = 1000;
}

/// What kind of record a hit is, in the order of the answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub enum SearchGroup {
    /// People and organizations.
    Contacts,
    /// Things of the type `water well`.
    Wells,
    /// Things of the type `spring`.
    Springs,
    /// Files of things.
    Assets,
}

/// Which record a hit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hit {
    /// Its category.
    pub category: SearchGroup,
    /// Its key.
    pub id: i32,
}

/// A hit as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SearchHit {
    /// The record's name; of a contact without one, its organization.
    pub label: String,
    /// Its category.
    pub group: SearchGroup,
    /// What is known of it, by its category.
    pub properties: Properties,
}

/// What is known of a hit.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(untagged)]
pub enum Properties {
    /// Of a contact.
    Contact(ContactProperties),
    /// Of a well.
    Well(WellProperties),
    /// Of a spring.
    Spring(SpringProperties),
    /// Of an asset.
    Asset(AssetProperties),
}

/// What is known of a contact.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ContactProperties {
    /// Mail addresses.
    pub email: Vec<String>,
    /// Telephone numbers, E.164.
    pub phone: Vec<String>,
    /// First lines of postal addresses.
    pub address: Vec<String>,
    /// The things that it is the contact for.
    pub things: Vec<FoundThing>,
    /// Key.
    pub id: i32,
}

/// The type of each well, for the document.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is written as text")]
enum WellType {
    #[schema(rename = "water well")]
    WaterWell,
}

/// The type of each spring, for the document.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what is written as text")]
enum SpringType {
    #[schema(rename = "spring")]
    Spring,
}

/// What is known of a well.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct WellProperties {
    /// Terms of `well_purpose`.
    pub well_purposes: Vec<String>,
    /// Ft below ground.
    pub well_depth: Option<f64>,
    /// Ft below ground.
    pub hole_depth: Option<f64>,
    /// Term of `thing_type`.
    #[schema(value_type = WellType)]
    pub thing_type: String,
    /// Key.
    pub id: i32,
}

/// What is known of a spring.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct SpringProperties {
    /// Term of `spring_type`.
    pub spring_type: Option<String>,
    /// Term of `thing_type`.
    #[schema(value_type = SpringType)]
    pub thing_type: String,
    /// Key.
    pub id: i32,
}

/// What is known of an asset.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AssetProperties {
    /// Key.
    pub id: i32,
    /// The things that it belongs to.
    pub things: Vec<FoundThing>,
    /// What the storage is called.
    pub storage_service: String,
    /// The file's name in the storage.
    pub storage_path: String,
    /// Media type.
    pub mime_type: String,
    /// Bytes.
    pub size: i32,
}

/// A thing of a hit, in short.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FoundThing {
    /// Its name.
    pub label: String,
    /// Its key.
    pub id: i32,
    /// Term of `thing_type`.
    pub thing_type: String,
}
