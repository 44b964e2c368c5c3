//! The parameters that say where something must be: read in one place, described in one place.

use serde::Deserialize;
use serde_json::json;
use utoipa::IntoParams;

use crate::api::Params;
use crate::domain::measure::geometry::{Area, Point};
use crate::domain::measure::region::{Bounds, Region, Surroundings};
use crate::domain::request::problem::Problem;

const KILOMETRE: f64 = 1000.0;

/// Where something must be, for the document. All that are given must hold.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "describes parameters that api::params reads")]
pub struct PlaceParams {
    /// WKT polygon or multipolygon, degrees: what lies inside, by the current location of the thing that it belongs to.
    /// Points on its boundary are outside.
    within: Option<String>,
    /// `minlon,minlat,maxlon,maxlat`, degrees: what lies in this box, its edges included. A first longitude above the
    /// second one means a box across the date line.
    bbox: Option<String>,
    /// WKT point: what is at most `nearby_distance_km` away.
    nearby_point: Option<String>,
    /// Kilometres around `nearby_point`.
    #[param(minimum = 0, default = 1.0)]
    nearby_distance_km: Option<f64>,
}

impl Params {
    /// `within`, `bbox`, `nearby_point` with `nearby_distance_km`.
    pub fn region(&mut self) -> Region {
        let within = self.parsed("within", Area::from_wkt);
        let bounds = self.parsed("bbox", Bounds::parse);
        let sent = self.was_sent("nearby_point");
        let centre = self.parsed("nearby_point", Point::from_wkt);
        let distance = self.float("nearby_distance_km");
        if let Some(kilometres) = distance.filter(|kilometres| *kilometres < 0.0) {
            let message = "Input should be greater than or equal to 0";
            let name = "nearby_distance_km";
            let problem = Problem::query("greater_than_equal", name, message, kilometres.to_string());
            self.note(problem.with_ctx(json!({"ge": 0.0})));
        }
        if let Some(kilometres) = distance.filter(|_| !sent) {
            let message = "nearby_distance_km needs nearby_point";
            self.note(Problem::query_value("nearby_distance_km", message, kilometres.to_string()));
        }
        let metres = distance.unwrap_or(1.0) * KILOMETRE;
        Region { within, bounds, near: centre.map(|centre| Surroundings { centre, metres }) }
    }
}
