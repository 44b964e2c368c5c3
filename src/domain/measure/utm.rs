//! Universal Transverse Mercator on NAD83 (GRS80 ellipsoid): zone 13N (EPSG:26913) out, zones 12N (EPSG:26912) and 13N
//! in.
//!
//! The Krüger series in the third flattening n, to n^6: C. F. F. Karney, "Transverse Mercator with an accuracy of a few
//! nanometers", Journal of Geodesy 85 (2011), equations 7 to 21, 35 and 36. WGS84 positions are taken as NAD83 ones without
//! a shift of datum (about a metre), as everywhere in this service.

#[cfg(test)]
use crate::domain::measure::geometry::Point;

const SEMI_MAJOR_AXIS: f64 = 6_378_137.0;
const FLATTENING: f64 = 1.0 / 298.257_222_101;
const SCALE: f64 = 0.9996;
const FALSE_EASTING: f64 = 500_000.0;
/// Third flattening.
const N: f64 = FLATTENING / (2.0 - FLATTENING);
/// Beyond this distance from the central meridian (in rectifying radii) the projection is folded and the series says
/// nothing; PROJ stops at the same value.
const MAX_ETA: f64 = 2.623_395_162_778;

/// A position on the UTM grid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Utm {
    /// Metres east, 500000 on the central meridian.
    pub easting: f64,
    /// Metres north of the equator.
    pub northing: f64,
}

/// Projects degrees to NAD83 / UTM zone 13N (metres), also for places in other zones.
///
/// `None` for a position out of range, or so far from the zone (about 80 degrees at the equator) that it has no usable
/// answer.
pub fn to_utm_13n(longitude: f64, latitude: f64) -> Option<Utm> {
    if !(-180.0..=180.0).contains(&longitude) || !(-90.0..=90.0).contains(&latitude) {
        return None;
    }
    project(longitude - central_meridian(13)?, latitude)
}

/// The position of a NAD83 / UTM place (metres) in zone 12 or 13, northern hemisphere.
///
/// `None` for another zone, for numbers that are not finite, and for a place off the grid.
#[cfg(test)]
pub fn from_utm(zone: u8, easting: f64, northing: f64) -> Option<Point> {
    let central_meridian = central_meridian(zone)?;
    let radius = SCALE * rectifying_radius();
    let (xi, eta) = (northing / radius, (easting - FALSE_EASTING) / radius);
    // A quarter of the meridian is pi / 2: what lies beyond a pole belongs to another place already.
    if !(xi.abs() <= std::f64::consts::FRAC_PI_2 && eta.abs() <= MAX_ETA) {
        return None;
    }
    let (xi, eta) = series(xi, eta, beta().map(|term| -term));
    let conformal = xi.sin() / eta.sinh().hypot(xi.cos());
    let longitude = central_meridian + eta.sinh().atan2(xi.cos()).to_degrees();
    let latitude = geographic_tangent(conformal).atan().to_degrees();
    ((-180.0..=180.0).contains(&longitude) && latitude.is_finite()).then_some(Point { longitude, latitude })
}

/// Degrees; the zones that New Mexico lies in.
fn central_meridian(zone: u8) -> Option<f64> {
    match zone {
        12 => Some(-111.0),
        13 => Some(-105.0),
        _ => None,
    }
}

fn project(longitude_difference: f64, latitude: f64) -> Option<Utm> {
    let (sin, cos) = longitude_difference.to_radians().sin_cos();
    let conformal = conformal_tangent(latitude.to_radians().tan());
    let (xi, eta) = series(conformal.atan2(cos), (sin / conformal.hypot(cos)).asinh(), alpha());
    let radius = SCALE * rectifying_radius();
    (xi.is_finite() && eta.abs() <= MAX_ETA)
        .then_some(Utm { easting: FALSE_EASTING + radius * eta, northing: radius * xi })
}

/// Adds the trigonometric series (Karney 11) to the coordinates on the sphere.
fn series(xi: f64, eta: f64, terms: [f64; 6]) -> (f64, f64) {
    let (mut xi_sum, mut eta_sum, mut factor) = (xi, eta, 0.0);
    for term in terms {
        factor += 2.0;
        xi_sum += term * (factor * xi).sin() * (factor * eta).cosh();
        eta_sum += term * (factor * xi).cos() * (factor * eta).sinh();
    }
    (xi_sum, eta_sum)
}

fn eccentricity() -> f64 {
    (FLATTENING * (2.0 - FLATTENING)).sqrt()
}

/// Tangent of the conformal latitude from that of the geographic one (Karney 7 to 9).
fn conformal_tangent(tangent: f64) -> f64 {
    let secant = 1.0_f64.hypot(tangent);
    let sigma = (eccentricity() * (eccentricity() * tangent / secant).atanh()).sinh();
    tangent * 1.0_f64.hypot(sigma) - sigma * secant
}

/// The inverse of `conformal_tangent` by Newton's method (Karney 19 to 21); each step doubles the digits, so few are needed.
#[cfg(test)]
fn geographic_tangent(conformal: f64) -> f64 {
    let e2 = eccentricity().powi(2);
    let mut tangent = conformal;
    for _ in 0..6 {
        let guess = conformal_tangent(tangent);
        let slope = (1.0 + (1.0 - e2) * tangent * tangent) / ((1.0 - e2) * 1.0_f64.hypot(tangent));
        tangent += (conformal - guess) / 1.0_f64.hypot(guess) * slope;
    }
    tangent
}

/// Metres (Karney 14).
fn rectifying_radius() -> f64 {
    SEMI_MAJOR_AXIS / (1.0 + N) * polynomial(&[1.0, 0.0, 1.0 / 4.0, 0.0, 1.0 / 64.0, 0.0, 1.0 / 256.0])
}

/// Coefficients of n^0, n^1, ...
fn polynomial(coefficients: &[f64]) -> f64 {
    coefficients.iter().rev().fold(0.0, |sum, coefficient| sum * N + coefficient)
}

/// Karney 35: from the sphere to the ellipsoid.
fn alpha() -> [f64; 6] {
    [
        polynomial(&[0.0, 1.0 / 2.0, -2.0 / 3.0, 5.0 / 16.0, 41.0 / 180.0, -127.0 / 288.0, 7891.0 / 37_800.0]),
        polynomial(&[0.0, 0.0, 13.0 / 48.0, -3.0 / 5.0, 557.0 / 1440.0, 281.0 / 630.0, -1_983_433.0 / 1_935_360.0]),
        polynomial(&[0.0, 0.0, 0.0, 61.0 / 240.0, -103.0 / 140.0, 15_061.0 / 26_880.0, 167_603.0 / 181_440.0]),
        polynomial(&[0.0, 0.0, 0.0, 0.0, 49_561.0 / 161_280.0, -179.0 / 168.0, 6_601_661.0 / 7_257_600.0]),
        polynomial(&[0.0, 0.0, 0.0, 0.0, 0.0, 34_729.0 / 80_640.0, -3_418_889.0 / 1_995_840.0]),
        polynomial(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 212_378_941.0 / 319_334_400.0]),
    ]
}

/// Karney 36: from the ellipsoid to the sphere, to be subtracted.
#[cfg(test)]
fn beta() -> [f64; 6] {
    [
        polynomial(&[0.0, 1.0 / 2.0, -2.0 / 3.0, 37.0 / 96.0, -1.0 / 360.0, -81.0 / 512.0, 96_199.0 / 604_800.0]),
        polynomial(&[0.0, 0.0, 1.0 / 48.0, 1.0 / 15.0, -437.0 / 1440.0, 46.0 / 105.0, -1_118_711.0 / 3_870_720.0]),
        polynomial(&[0.0, 0.0, 0.0, 17.0 / 480.0, -37.0 / 840.0, -209.0 / 4480.0, 5569.0 / 90_720.0]),
        polynomial(&[0.0, 0.0, 0.0, 0.0, 4397.0 / 161_280.0, -11.0 / 504.0, -830_251.0 / 7_257_600.0]),
        polynomial(&[0.0, 0.0, 0.0, 0.0, 0.0, 4583.0 / 161_280.0, -108_847.0 / 3_991_680.0]),
        polynomial(&[0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 20_648_693.0 / 638_668_800.0]),
    ]
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn is_near(utm: Utm, easting: f64, northing: f64) -> bool {
        (utm.easting - easting).abs() < 1e-3 && (utm.northing - northing).abs() < 1e-3
    }

    #[test]
    fn known_places() {
        assert!(is_near(to_utm_13n(-106.91, 34.07).unwrap(), 323_748.2, 3_771_563.589_2));
        // In zone 12, yet on the grid of zone 13.
        assert!(is_near(to_utm_13n(-112.0, 36.5).unwrap(), -127_344.925_5, 4_062_268.839_7));
        assert!(is_near(to_utm_13n(-105.0, 0.0).unwrap(), 500_000.0, 0.0));
    }

    #[test]
    fn far_places_have_finite_numbers_or_none() {
        for longitude in [75.0, -180.0, 180.0, -105.0, -15.0, 165.0, 0.0] {
            for latitude in [90.0, -90.0, 0.0, 45.0] {
                let utm = to_utm_13n(longitude, latitude);
                assert!(utm.is_none_or(|utm| utm.easting.is_finite() && utm.northing.is_finite()));
            }
        }
        assert!(to_utm_13n(75.0, 90.0).is_some());
        assert_eq!(to_utm_13n(-15.0, 0.0), None);
        for (longitude, latitude) in [(f64::NAN, 0.0), (0.0, f64::INFINITY), (0.0, 90.1), (-180.1, 0.0)] {
            assert_eq!(to_utm_13n(longitude, latitude), None);
        }
    }

    #[test]
    fn no_position_off_the_grid() {
        assert_eq!(from_utm(14, 500_000.0, 0.0), None);
        for (easting, northing) in [(f64::NAN, 0.0), (0.0, f64::NEG_INFINITY), (1e9, 0.0), (500_000.0, 2e7)] {
            assert_eq!(from_utm(12, easting, northing), None);
        }
    }

    proptest! {
        #[test]
        fn there_and_back(longitude in -115.0..-100.0, latitude in 30.0..40.0) {
            let utm = to_utm_13n(longitude, latitude).unwrap();
            let back = from_utm(13, utm.easting, utm.northing).unwrap();
            prop_assert!((back.longitude - longitude).abs() < 1e-9 && (back.latitude - latitude).abs() < 1e-9);
            // The zones are the same grid, six degrees apart.
            let west = from_utm(12, utm.easting, utm.northing).unwrap();
            prop_assert!((west.longitude + 6.0 - back.longitude).abs() < 1e-9);
        }

        #[test]
        fn any_numbers_are_answered(a in any::<f64>(), b in any::<f64>(), x in -180.0..=180.0, y in -90.0..=90.0) {
            let _ = (to_utm_13n(a, b), from_utm(12, a, b));
            prop_assert!(to_utm_13n(x, y).is_none_or(|utm| utm.easting.is_finite() && utm.northing.is_finite()));
        }
    }
}
