//! Where things are: GeoJSON features, the UTM grid, feet and metres.

use chrono::NaiveDate;
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::utm;
use crate::domain::note::Note;
use crate::domain::thing::Feet;

/// Feet in a metre, as the contract has it: rounded, and so 3 parts in 100 million too many.
const FEET_PER_METRE: f64 = 3.280_84;
/// Metres in a foot, by definition.
const METRES_PER_FOOT: f64 = 0.3048;
/// What is lost, in feet, where metres are kept to six decimals.
const LOST: f64 = 2e-6;

/// A location as a GeoJSON feature.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LocationGeoJson {
    /// Always `Feature`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// The day from which on it is public, for the status `embargoed`. Left out with any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<NaiveDate>,
    /// The point.
    pub geometry: PointGeometry,
    /// What is known about the place.
    pub properties: LocationProperties,
}

/// A GeoJSON point.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct PointGeometry {
    /// Always `Point`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// Longitude and latitude in degrees (WGS84), elevation in metres above the vertical datum.
    #[schema(value_type = Vec<f64>)]
    pub coordinates: [f64; 3],
}

/// What is known about a place.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LocationProperties {
    /// Feet above the vertical datum.
    pub elevation: f64,
    /// Always `ft`.
    pub elevation_unit: Feet,
    /// What the elevation refers to; a term of `vertical_datum`.
    pub vertical_datum: String,
    /// How the elevation was found; a term of `elevation_method`.
    pub elevation_method: Option<String>,
    /// County's name.
    pub county: Option<String>,
    /// State's name.
    pub state: Option<String>,
    /// Name of the topographic quadrangle.
    pub quad_name: Option<String>,
    /// The place on the UTM grid.
    pub utm_coordinates: UtmCoordinates,
    /// All notes on the location.
    pub notes: Vec<Note>,
    /// Of the old database.
    pub nma_location_notes: Option<String>,
    /// Of the old database.
    pub nma_data_reliability: Option<String>,
    /// Of the old database.
    #[schema(value_type = Option<String>, format = Date)]
    pub nma_date_created: Option<NaiveDate>,
    /// Of the old database.
    #[schema(value_type = Option<String>, format = Date)]
    pub nma_site_date: Option<NaiveDate>,
}

/// A place on the UTM grid, always that of zone 13N.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct UtmCoordinates {
    /// Metres; null for a place too far from the zone.
    pub easting: Option<f64>,
    /// Metres; null for a place too far from the zone.
    pub northing: Option<f64>,
    /// Always `13N`.
    pub utm_zone: &'static str,
    /// Always `NAD83`.
    pub horizontal_datum: &'static str,
}

impl UtmCoordinates {
    /// The grid coordinates of a place in degrees, to a tenth of a millimetre.
    pub fn of(longitude: f64, latitude: f64) -> Self {
        let place = utm::to_utm_13n(longitude, latitude);
        Self {
            easting: place.map(|place| rounded(place.easting, 4)),
            northing: place.map(|place| rounded(place.northing, 4)),
            utm_zone: "13N",
            horizontal_datum: "NAD83",
        }
    }
}

/// Feet from metres by the factor of the contract, rounded to six decimals. What is a whole number of hundredths of a foot, by
/// the exact factor or by that one, is given as that number: it was measured in feet, and comes back as it was sent.
pub fn feet(metres: f64) -> f64 {
    let by_contract = metres * FEET_PER_METRE;
    let round = |feet: f64| Some(rounded(feet, 2)).filter(|round| (round - feet).abs() < LOST);
    round(metres / METRES_PER_FOOT).or_else(|| round(by_contract)).unwrap_or_else(|| rounded(by_contract, 6))
}

/// Metres from feet, exact for hundredths of a foot.
pub fn metres(feet: f64) -> f64 {
    rounded(feet * METRES_PER_FOOT, 6)
}

fn rounded(number: f64, decimals: i32) -> f64 {
    let scale = 10_f64.powi(decimals);
    let scaled = number * scale;
    // Beyond 2^52 a float has no decimals left, and the product may overflow.
    if scaled.abs() < 4.0e15 { scaled.round() / scale } else { number }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn what_was_measured_in_feet_comes_back_as_it_was() {
        // Hundredths from the bottom of the deepest well to above the highest mountain.
        for hundredths in -2_000_000..3_000_000_i32 {
            let sent = f64::from(hundredths) / 100.0;
            assert!(feet(metres(sent)).to_bits() == sent.to_bits(), "{sent}: {}", feet(metres(sent)));
        }
        // By the exact factor, with no digit of its own.
        assert!((metres(4750.0) - 1447.8).abs() < f64::EPSILON);
        // What earlier releases brought in by the factor of the contract.
        assert!((feet(1_447.799_954) - 4750.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_units_of_the_example_come_out() {
        assert!((feet(1432.5) - 4_699.803_3).abs() < 1e-9);
        assert!((feet(f64::MAX / 4.0)).is_finite());
        let utm = UtmCoordinates::of(-106.91, 34.07);
        assert!((utm.easting.unwrap() - 323_748.2).abs() < 1.0 && (utm.northing.unwrap() - 3_771_563.6).abs() < 1.0);
        assert_eq!(UtmCoordinates::of(-15.0, 0.0).easting, None);
    }
}
