//! Where something must be, as lists are asked: inside an area, inside a box, near a point.

use crate::domain::measure::geometry::{Area, GeometryError, Point};

/// Parts of the world; what is sought lies in each of those that are given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Region {
    /// Inside this area; its boundary is outside.
    pub within: Option<Area>,
    /// Inside this box, its edges included.
    pub bounds: Option<Bounds>,
    /// Near this point.
    pub near: Option<Surroundings>,
}

impl Region {
    /// True when nothing is asked for.
    pub fn is_everywhere(&self) -> bool {
        self.within.is_none() && self.bounds.is_none() && self.near.is_none()
    }
}

/// What is at most so many metres from a point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Surroundings {
    /// The point.
    pub centre: Point,
    /// Metres along the ellipsoid.
    pub metres: f64,
}

/// The corners of a box, degrees. Its west may lie east of its east: then it crosses the date line.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bounds {
    west: f64,
    south: f64,
    east: f64,
    north: f64,
}

/// A box that crosses no date line: least longitude and latitude, greatest longitude and latitude.
pub type Box4 = (f64, f64, f64, f64);

/// Why a text is no box; the `Display` text is meant for the client.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoundsError {
    /// Not four numbers.
    #[error("bbox must be four numbers: minlon,minlat,maxlon,maxlat")]
    Form,
    /// Beyond the world.
    #[error(transparent)]
    Range(GeometryError),
    /// The first latitude is the greater one. (The first longitude may be.)
    #[error("bbox must not have its minimum latitude above its maximum latitude")]
    Upside,
}

impl Bounds {
    /// Reads `minlon,minlat,maxlon,maxlat`. A first longitude above the second means a box across the date line.
    pub fn parse(text: &str) -> Result<Self, BoundsError> {
        let number = |part: &str| part.trim().parse::<f64>().ok().filter(|number| number.is_finite());
        let numbers: Option<Vec<f64>> = text.split(',').take(5).map(number).collect();
        let Some(&[west, south, east, north]) = numbers.as_deref() else {
            return Err(BoundsError::Form);
        };
        for (longitude, latitude) in [(west, south), (east, north)] {
            Point::new(longitude, latitude).map_err(BoundsError::Range)?;
        }
        if south > north {
            return Err(BoundsError::Upside);
        }
        Ok(Self { west, south, east, north })
    }

    /// The same as boxes that cross no date line: one, or one on each side of it.
    pub fn boxes(self) -> Vec<Box4> {
        let Self { west, south, east, north } = self;
        if west <= east {
            vec![(west, south, east, north)]
        } else {
            vec![(west, south, 180.0, north), (-180.0, south, east, north)]
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn boxes_are_read_and_cut_at_the_date_line() {
        assert_eq!(Bounds::parse("-107, 34,-106.5,35e0").unwrap().boxes(), [(-107.0, 34.0, -106.5, 35.0)]);
        assert_eq!(
            Bounds::parse("170,-10,-170,10").unwrap().boxes(),
            [(170.0, -10.0, 180.0, 10.0), (-180.0, -10.0, -170.0, 10.0)]
        );
        assert_eq!(Bounds::parse("5,5,5,5").unwrap().boxes().len(), 1);
    }

    #[test]
    fn other_texts_are_no_boxes() {
        for text in ["", "1,2,3", "1,2,3,4,5", "1,2,3,x", "1,2,3,nan", "1;2;3;4", "1,2,3,"] {
            assert_eq!(Bounds::parse(text), Err(BoundsError::Form), "{text}");
        }
        for text in ["-181,0,0,0", "0,0,180.5,0", "0,-91,0,0", "0,0,0,90.1"] {
            assert!(matches!(Bounds::parse(text), Err(BoundsError::Range(_))), "{text}");
        }
        assert_eq!(Bounds::parse("0,1,0,0"), Err(BoundsError::Upside));
    }
}
