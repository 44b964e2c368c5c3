//! Points, project areas and search areas: WKT in and out, always EPSG:4326, longitude before latitude.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use geo::{BoundingRect, Contains, Coord, Distance, Geodesic, LineString, Polygon, Rect};
use utoipa::ToSchema;
use wkt::Wkt;
use wkt::types::Dimension;

mod topology;

const MAX_POINT_BYTES: usize = 64 * 1024;
const MAX_AREA_BYTES: usize = 1024 * 1024;
const MAX_VERTICES: usize = 20_000;

/// Why a text is not the geometry that was asked for; the `Display` text is meant for the client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GeometryError {
    /// Not WKT, or WKT that this service does not take (empty, Z or M, out of range, too large).
    #[error("Invalid WKT geometry: {0}")]
    Invalid(Cow<'static, str>),
    /// Well-formed, but rings cross, overlap, collapse or are nested wrongly.
    #[error("Invalid WKT geometry: WKT geometry is not topologically valid")]
    NotTopologicallyValid,
    /// A sound geometry of another type; holds the type or types that are taken.
    #[error("WKT must be a valid {0}")]
    WrongType(&'static str),
}

fn invalid<T>(reason: impl Into<Cow<'static, str>>) -> Result<T, GeometryError> {
    Err(GeometryError::Invalid(reason.into()))
}

/// A place in EPSG:4326; its `Display` is WKT, `POINT (-106.607784 35.118924)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Point {
    /// Degrees east, -180 to 180.
    pub longitude: f64,
    /// Degrees north, -90 to 90.
    pub latitude: f64,
}

impl Point {
    /// Reads a two-dimensional WKT `POINT`. Errors: not WKT, empty, out of range, over 64 KiB, another type.
    pub fn from_wkt(text: &str) -> Result<Self, GeometryError> {
        let Wkt::Point(point) = parse(text, MAX_POINT_BYTES, "POINT")? else {
            return Err(GeometryError::WrongType("POINT"));
        };
        require_xy(point.dimension())?;
        match point.coord() {
            None => invalid("the geometry is empty"),
            Some(at) => Self::new(at.x, at.y),
        }
    }

    /// The place at these degrees, which must be in range.
    pub fn new(longitude: f64, latitude: f64) -> Result<Self, GeometryError> {
        if !(-180.0..=180.0).contains(&longitude) {
            return invalid("longitude must be between -180 and 180");
        }
        if !(-90.0..=90.0).contains(&latitude) {
            return invalid("latitude must be between -90 and 90");
        }
        Ok(Self { longitude, latitude })
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "POINT ({} {})", self.longitude + 0.0, self.latitude + 0.0)
    }
}

/// Metres between two points along the WGS84 ellipsoid (the shortest way).
pub fn distance_metres(a: Point, b: Point) -> f64 {
    Geodesic.distance(geo::Point::new(a.longitude, a.latitude), geo::Point::new(b.longitude, b.latitude))
}

/// A topologically valid, non-empty project area; its `Display` is WKT, `MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)))`.
#[derive(Debug, Clone, PartialEq, ToSchema)]
#[schema(value_type = String)]
pub struct MultiPolygon(geo::MultiPolygon<f64>);

impl MultiPolygon {
    /// Reads a WKT `MULTIPOLYGON`. Errors, in this order: not WKT or too large, not topologically valid, another type.
    pub fn from_wkt(text: &str) -> Result<Self, GeometryError> {
        match read_area(text, "MULTIPOLYGON")? {
            (area, true) => Ok(Self(area)),
            (_, false) => Err(GeometryError::WrongType("MULTIPOLYGON")),
        }
    }

    /// The polygons, degrees, rings exactly as they were written (neither turned nor thinned).
    pub fn as_geo(&self) -> &geo::MultiPolygon<f64> {
        &self.0
    }
}

impl fmt::Display for MultiPolygon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MULTIPOLYGON ")?;
        write_list(f, &self.0.0, write_polygon)
    }
}

/// A topologically valid, non-empty area to search in: a WKT `POLYGON` or `MULTIPOLYGON`.
#[derive(Debug, Clone, PartialEq)]
pub struct Area {
    polygons: geo::MultiPolygon<f64>,
    bounds: Rect<f64>,
}

impl Area {
    /// Reads a WKT `POLYGON` or `MULTIPOLYGON`. Errors: not WKT or too large, not topologically valid, another type.
    pub fn from_wkt(text: &str) -> Result<Self, GeometryError> {
        let (polygons, _) = read_area(text, "POLYGON or MULTIPOLYGON")?;
        match polygons.bounding_rect() {
            Some(bounds) => Ok(Self { polygons, bounds }),
            None => invalid("the geometry is empty"),
        }
    }

    /// The smallest box around the area, degrees: (min longitude, min latitude, max longitude, max latitude).
    pub fn bounds(&self) -> (f64, f64, f64, f64) {
        let (least, greatest) = (self.bounds.min(), self.bounds.max());
        (least.x, least.y, greatest.x, greatest.y)
    }

    /// Whether the point (degrees) is in the interior: as with `ST_Within`, a point on an edge or a corner is not.
    pub fn contains(&self, longitude: f64, latitude: f64) -> bool {
        let at = Coord { x: longitude, y: latitude };
        self.bounds.contains(&at) && self.polygons.contains(&at)
    }

    /// The area as WKT in the canonical spelling, for a database that reads WKT; one polygon is a `POLYGON`.
    pub fn to_wkt(&self) -> String {
        self.to_string()
    }
}

impl fmt::Display for Area {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [only] = self.polygons.0.as_slice() {
            f.write_str("POLYGON ")?;
            return write_polygon(f, only);
        }
        f.write_str("MULTIPOLYGON ")?;
        write_list(f, &self.polygons.0, write_polygon)
    }
}

fn write_polygon(f: &mut fmt::Formatter<'_>, polygon: &Polygon) -> fmt::Result {
    write_list(f, std::iter::once(polygon.exterior()).chain(polygon.interiors()), |f, ring| {
        // Adding zero turns -0 into 0 and leaves every other number alone.
        write_list(f, &ring.0, |f, at| write!(f, "{} {}", at.x + 0.0, at.y + 0.0))
    })
}

fn write_list<'f, T>(
    f: &mut fmt::Formatter<'f>,
    items: impl IntoIterator<Item = T>,
    write_item: impl Fn(&mut fmt::Formatter<'f>, T) -> fmt::Result,
) -> fmt::Result {
    let mut before = "(";
    for item in items {
        f.write_str(before)?;
        write_item(f, item)?;
        before = ", ";
    }
    f.write_str(")")
}

fn require_xy(dimension: Dimension) -> Result<(), GeometryError> {
    if dimension == Dimension::XY { Ok(()) } else { invalid("Z and M coordinates are not supported") }
}

/// The parser behind this ignores what follows the geometry, reads `+-5` and NaN as numbers, logs a bad number in full and
/// recurses into collections: all of that is refused here, before it sees the text.
fn parse(text: &str, max_bytes: usize, wanted: &'static str) -> Result<Wkt<f64>, GeometryError> {
    const BLANKS: [char; 4] = [' ', '\t', '\r', '\n'];
    if text.len() > max_bytes {
        return invalid(format!("the text is longer than {max_bytes} bytes"));
    }
    if text.bytes().filter(|byte| *byte == b',').count() >= MAX_VERTICES {
        return invalid(format!("the geometry has more than {MAX_VERTICES} vertices"));
    }
    for token in text.split(|c| BLANKS.contains(&c) || matches!(c, '(' | ')' | ',')) {
        let is_word = token.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !is_word && !token.parse::<f64>().is_ok_and(f64::is_finite) {
            return invalid(format!("'{}' is not a number", token.chars().take(40).collect::<String>()));
        }
    }
    let mut depth = 0_usize;
    let mut closed = false;
    for c in text.trim_matches(BLANKS).chars() {
        if closed {
            return invalid("unexpected text after the geometry");
        }
        match c {
            '(' => depth += 1,
            ')' => (depth, closed) = (depth.saturating_sub(1), depth <= 1),
            _ => {}
        }
    }
    if depth > 0 {
        return invalid("Missing closing parenthesis for type");
    }
    let keyword = text.trim_matches(BLANKS).as_bytes().get(.."GEOMETRYCOLLECTION".len());
    if keyword.is_some_and(|word| word.eq_ignore_ascii_case(b"GEOMETRYCOLLECTION")) {
        return Err(GeometryError::WrongType(wanted));
    }
    Wkt::from_str(text).or_else(invalid)
}

/// The polygons of a `POLYGON` or `MULTIPOLYGON`, checked, and whether it was a `MULTIPOLYGON`.
fn read_area(text: &str, wanted: &'static str) -> Result<(geo::MultiPolygon<f64>, bool), GeometryError> {
    let (polygons, dimension, is_multi) = match parse(text, MAX_AREA_BYTES, wanted)? {
        Wkt::Polygon(polygon) => (vec![polygon.clone()], polygon.dimension(), false),
        Wkt::MultiPolygon(multi) => (multi.polygons().to_vec(), multi.dimension(), true),
        _ => return Err(GeometryError::WrongType(wanted)),
    };
    require_xy(dimension)?;
    let polygons = polygons.iter().map(read_polygon).collect::<Result<Vec<_>, _>>()?;
    if polygons.is_empty() {
        return invalid("the geometry is empty");
    }
    let area = geo::MultiPolygon(polygons);
    topology::check(&area)?;
    Ok((area, is_multi))
}

fn read_polygon(polygon: &wkt::types::Polygon<f64>) -> Result<Polygon, GeometryError> {
    let mut rings = Vec::with_capacity(polygon.rings().len());
    for ring in polygon.rings() {
        // Must come first: `Polygon::new` closes an open ring without a word.
        if ring.coords().len() < 4 || ring.coords().first() != ring.coords().last() {
            return invalid("a ring must have at least 4 points, the last equal to the first");
        }
        let mut corners = Vec::with_capacity(ring.coords().len());
        for at in ring.coords() {
            let Point { longitude: x, latitude: y } = Point::new(at.x, at.y)?;
            corners.push(Coord { x, y });
        }
        rings.push(LineString::new(corners));
    }
    if rings.is_empty() {
        return invalid("the geometry is empty");
    }
    let exterior = rings.remove(0);
    Ok(Polygon::new(exterior, rings))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn point_error(text: &str) -> String {
        Point::from_wkt(text).unwrap_err().to_string()
    }

    fn area_error(text: &str) -> String {
        MultiPolygon::from_wkt(text).unwrap_err().to_string()
    }

    #[test]
    fn points_are_read_and_printed() {
        for (text, printed) in [
            ("POINT (-106.607784 35.118924)", "POINT (-106.607784 35.118924)"),
            (" point(-1.070e2\t+34) ", "POINT (-107 34)"),
            ("POINT(-0 -0.0)", "POINT (0 0)"),
            ("POINT(0.0000001 90)", "POINT (0.0000001 90)"),
        ] {
            assert_eq!(Point::from_wkt(text).unwrap().to_string(), printed);
        }
    }

    #[test]
    fn other_texts_are_no_points() {
        for text in [
            "",
            "1 2",
            "POINT",
            "POINT(1)",
            "POINT(1 2",
            "POINT(1 2))",
            "POINT(1 2) x",
            "POINT(1 2)\0",
            "POINT(1,2)",
            "POINT((1 2))",
            "POINT EMPTY",
            "POINT Z (1 2 3)",
            "POINTM(1 2 3)",
            "POINT(1 2 3)",
            "POINT(nan 1)",
            "POINT(-inf 1)",
            "POINT(1e999 1)",
            "POINT(+-5 1)",
            "POINT(1_0 1)",
            "SRID=4326;POINT(1 2)",
            "POINT(180.001 1)",
            "POINT(1 -90.001)",
            "PÖINT(1 2)",
        ] {
            assert!(point_error(text).starts_with("Invalid WKT geometry: "), "{text}");
        }
        assert!(point_error(&format!("POINT(1 {}2)", " ".repeat(MAX_POINT_BYTES))).contains("longer than 65536 bytes"));
        let nested = format!("{}POINT(1 2){}", "GEOMETRYCOLLECTION(".repeat(3000), ")".repeat(3000));
        for text in ["LINESTRING(0 0,1 1)", "POLYGON((0 0,1 0,1 1,0 0))", nested.as_str()] {
            assert_eq!(point_error(text), "WKT must be a valid POINT");
        }
    }

    #[test]
    fn areas_keep_their_spelling() {
        for text in [
            "MULTIPOLYGON (((0 0, 1 1, 1 0, 0 0)))",
            "MULTIPOLYGON (((0 0, 0 9, 9 9, 9 0, 0 0), (1 1, 1 2, 2 2, 1 1)), ((10 0.5, 11 0.5, 11 0.5, 10 1e0, 10 0.5)))",
        ] {
            assert_eq!(MultiPolygon::from_wkt(text).unwrap().to_string(), text.replace("1e0", "1"));
            assert_eq!(Area::from_wkt(&text.replace(", ", ",")).unwrap().bounds().0.to_string(), "0");
        }
        let text = "POLYGON ((0 0, 4 0, 4 4, 0 0))";
        assert_eq!(Area::from_wkt(text).unwrap().to_wkt(), text);
    }

    #[test]
    fn areas_are_checked_in_order() {
        for text in [
            "POLYGON((0 0,1 0,1 1))",
            "MULTIPOLYGON((0 0,1 0,1 1,0 0))",
            "MULTIPOLYGON EMPTY",
            "MULTIPOLYGON(EMPTY)",
            "POLYGON((0 0,1 0,0 0))",
            "MULTIPOLYGON(((0 0,180.1 0,1 1,0 0)))",
            "POLYGON((0 0,1 -90.1,1 1,0 0))",
            "POLYGON((-9 -9,9 -9,9 9,-9 9,-9 -9),(0 0,1e9 0,1 1,0 0))",
        ] {
            assert!(
                area_error(text).starts_with("Invalid WKT geometry: ") && !area_error(text).contains("topolog"),
                "{text}"
            );
        }
        let flat = "MULTIPOLYGON(((0 0,1 1,2 2,0 0)))";
        assert_eq!(area_error(flat), "Invalid WKT geometry: WKT geometry is not topologically valid");
        for text in ["POINT(0 0)", "LINESTRING(0 0,1 1)", "POLYGON((0 0,1 0,1 1,0 0))", "GEOMETRYCOLLECTION EMPTY"] {
            assert_eq!(area_error(text), "WKT must be a valid MULTIPOLYGON");
        }
        assert_eq!(
            Area::from_wkt("POINT(0 0)").unwrap_err().to_string(),
            "WKT must be a valid POLYGON or MULTIPOLYGON"
        );
    }

    #[test]
    fn distances_are_geodesic() {
        let at = |longitude, latitude| Point { longitude, latitude };
        assert!((distance_metres(at(0.0, 0.0), at(1.0, 0.0)) - 111_319.490_8).abs() < 1e-3);
        assert!((distance_metres(at(-179.5, 0.0), at(179.5, 0.0)) - 111_319.490_8).abs() < 1e-3);
    }

    proptest! {
        #[test]
        fn points_survive_the_trip(longitude in -180.0..=180.0, latitude in -90.0..=90.0) {
            let point = Point { longitude, latitude };
            prop_assert_eq!(Point::from_wkt(&point.to_string()), Ok(point));
        }

        #[test]
        fn star_shaped_areas_survive_the_trip(
            radii in prop::collection::vec(0.1..9.0, 3..40),
            x in -170.0..170.0,
            y in -80.0..80.0,
        ) {
            let turn = std::f64::consts::TAU / f64::from(u32::try_from(radii.len()).unwrap());
            let corners = radii.iter().zip(0..).map(|(radius, i)| {
                let angle = turn * f64::from(i);
                format!("{} {}", x + radius * angle.cos(), y + radius * angle.sin())
            });
            let corners = corners.collect::<Vec<_>>();
            let text = format!("MULTIPOLYGON ((({}, {})))", corners.join(", "), corners[0]);
            prop_assert_eq!(&MultiPolygon::from_wkt(&text).unwrap().to_string(), &text);
            prop_assert!(Area::from_wkt(&text).unwrap().contains(x, y));
        }

        #[test]
        fn no_text_panics(
            text in "\\PC*|(MULTI|multi)?(POINT|POLYGON|LINESTRING)[ ZM]?[(]{1,3}([-+0-9e.]{1,4}[ ,)(]){0,20}[)]{0,3}",
        ) {
            let _ = (Point::from_wkt(&text), MultiPolygon::from_wkt(&text), Area::from_wkt(&text));
        }
    }
}
