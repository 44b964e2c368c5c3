//! Things and project areas as GeoJSON, for maps and desktop GIS.

use std::str::FromStr;

use serde::Serialize;
use utoipa::ToSchema;
use wkt::Wkt;

use crate::domain::measure::time::{ExactDateTime, UtcDateTime};
use crate::domain::request::filter::Filter;
use crate::domain::thing::{Feet, PointGeometry, ThingSearch};

/// Which things are exported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThingExport {
    /// Terms of `thing_type`, any of them; all things when empty.
    pub thing_types: Vec<String>,
    /// Only the members of this group.
    pub group: Option<GroupKey>,
    /// What is asked of their texts, and where they are now.
    pub search: ThingSearch,
    /// Conditions that must all hold.
    pub filters: Vec<Filter>,
}

impl ThingExport {
    /// True when more is asked of a thing than its type and its group.
    pub fn is_narrowed(&self) -> bool {
        self.search != ThingSearch::default() || !self.filters.is_empty()
    }
}

/// How a group is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GroupKey {
    /// By key.
    Id(i32),
    /// By its very name, which groups of different types may share.
    Name(String),
}

impl GroupKey {
    /// Digits are a key, anything else is a name. A key beyond 32 bits belongs to no group; it becomes one that no group has.
    pub fn parse(text: String) -> Self {
        if text.bytes().all(|byte| byte.is_ascii_digit()) {
            Self::Id(text.parse().unwrap_or(-1))
        } else {
            Self::Name(text)
        }
    }
}

/// Where an export goes on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// The last thing that was read; keys count from 1.
    pub after: i32,
    /// Whether any feature was written so far.
    pub begun: bool,
}

/// A part of an export.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ThingPage {
    /// The things of this part that are somewhere, by id.
    pub features: Vec<ThingFeature>,
    /// The thing that the next part begins after; `None` for the last part.
    pub next: Option<i32>,
}

/// A thing as a GeoJSON feature.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ThingFeature {
    /// Always `Feature`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Key of the thing.
    pub id: i32,
    /// Where it is now.
    pub geometry: PointGeometry,
    /// What it is.
    pub properties: ThingProperties,
}

/// What an exported thing is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ThingProperties {
    /// Key of the thing.
    pub id: i32,
    /// Term of `thing_type`.
    pub thing_type: String,
    /// Not unique.
    pub name: String,
    /// Name of the group that was asked for; else of the oldest group that the thing is in.
    pub group: Option<String>,
    /// County's name.
    pub county: Option<String>,
    /// Feet below ground.
    pub well_depth: Option<f64>,
    /// Always `ft`.
    pub well_depth_unit: Feet,
    /// Newest open status of the type `Monitoring Status`.
    pub monitoring_status: Option<String>,
    /// True for `Open`, false for `Closed`, null for anything else.
    pub open_status: Option<bool>,
    /// The newest depth to water, feet below ground. Null for who may not read observations.
    pub latest_water_level: Option<f64>,
    /// Always `ft`.
    pub latest_water_level_unit: Feet,
    /// When that was measured.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub latest_water_level_datetime: Option<ExactDateTime>,
}

/// A depth to water.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct WaterLevel {
    /// When it was measured.
    pub time: UtcDateTime,
    /// Feet below ground.
    pub depth: f64,
}

/// Things as GeoJSON.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ThingFeatureCollection {
    /// Always `FeatureCollection`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The things, by id.
    pub features: Vec<ThingFeature>,
}

/// A group's project area as GeoJSON.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProjectAreaCollection {
    /// Always `FeatureCollection`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The one area.
    pub features: Vec<ProjectAreaFeature>,
}

/// A project area as a GeoJSON feature.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProjectAreaFeature {
    /// Always `Feature`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The area.
    pub geometry: MultiPolygonGeometry,
    /// Whose it is.
    pub properties: ProjectAreaProperties,
}

/// Whose a project area is.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProjectAreaProperties {
    /// Key of the group.
    pub group_id: i32,
    /// Its name.
    pub group_name: String,
    /// What it is for.
    pub group_description: Option<String>,
}

impl ProjectAreaCollection {
    /// The collection of one area.
    pub fn of(geometry: MultiPolygonGeometry, properties: ProjectAreaProperties) -> Self {
        Self { kind: "FeatureCollection", features: vec![ProjectAreaFeature { kind: "Feature", geometry, properties }] }
    }
}

/// A ring: positions in degrees (WGS84), longitude first, the last equal to the first.
type Ring = Vec<[f64; 2]>;

/// A GeoJSON multipolygon.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct MultiPolygonGeometry {
    /// Always `MultiPolygon`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Polygons of rings of positions: longitude and latitude in degrees (WGS84). The first ring of a polygon is its outline,
    /// the others are holes.
    #[schema(value_type = Vec<Vec<Vec<Vec<f64>>>>)]
    pub coordinates: Vec<Vec<Ring>>,
}

impl MultiPolygonGeometry {
    /// Reads a stored area, which was checked when it was stored. `None` when it is no WKT `MULTIPOLYGON` all the same.
    pub fn from_stored(text: &str) -> Option<Self> {
        let Ok(Wkt::MultiPolygon(area)) = Wkt::<f64>::from_str(text) else {
            return None;
        };
        let ring = |ring: &wkt::types::LineString<f64>| ring.coords().iter().map(|at| [at.x, at.y]).collect();
        let coordinates = area.polygons().iter().map(|polygon| polygon.rings().iter().map(ring).collect()).collect();
        Some(Self { kind: "MultiPolygon", coordinates })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_a_key() {
        assert_eq!(GroupKey::parse("7".to_owned()), GroupKey::Id(7));
        assert_eq!(GroupKey::parse("99999999999".to_owned()), GroupKey::Id(-1));
        for name in ["-7", "7a", " 7", "Rio Grande"] {
            assert_eq!(GroupKey::parse(name.to_owned()), GroupKey::Name(name.to_owned()));
        }
    }

    #[test]
    fn stored_areas_become_coordinates() {
        let area = MultiPolygonGeometry::from_stored(
            "MULTIPOLYGON (((0 0, 9 0, 9 9, 0 0), (5 2, 6 2, 6 3, 5 2)), ((20 1.5, 21 1.5, 21 2, 20 1.5)))",
        );
        assert_eq!(
            area.map(|area| area.coordinates),
            Some(vec![
                vec![
                    vec![[0.0, 0.0], [9.0, 0.0], [9.0, 9.0], [0.0, 0.0]],
                    vec![[5.0, 2.0], [6.0, 2.0], [6.0, 3.0], [5.0, 2.0]]
                ],
                vec![vec![[20.0, 1.5], [21.0, 1.5], [21.0, 2.0], [20.0, 1.5]]]
            ])
        );
        assert_eq!(MultiPolygonGeometry::from_stored("POINT (1 2)"), None);
        assert_eq!(MultiPolygonGeometry::from_stored("nonsense"), None);
    }
}
