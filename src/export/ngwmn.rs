//! The feeds of the National Ground-Water Monitoring Network. Their bytes must not change: see [`super::xml`].

use std::io;

use chrono::Datelike as _;

use super::xml::Xml;
use crate::domain::ngwmn::{Casing, Lithology, WaterLevel};

/// Bytes that a record is expected to need.
const RECORD_BYTES: usize = 480;

/// A record of a feed.
pub trait Record {
    /// The element around all records.
    const ROOT: &'static str;
    /// The element of a record.
    const TAG: &'static str;

    /// Writes what is in the element.
    fn write(&self, xml: &mut Xml) -> io::Result<()>;
}

/// Some records of a point's feed: the root begins before the first and ends after the last.
pub fn part<R: Record>(point: &str, records: &[R], first: bool, last: bool) -> io::Result<Vec<u8>> {
    let mut xml = Xml::with_capacity(records.len() * RECORD_BYTES);
    if first && last && records.is_empty() {
        xml.empty(R::ROOT)?;
        return Ok(xml.finish());
    }
    if first {
        xml.open(R::ROOT)?;
    }
    for record in records {
        xml.open(R::TAG)?;
        xml.leaf("PointID", point)?;
        record.write(&mut xml)?;
        xml.close(R::TAG)?;
    }
    if last {
        xml.close(R::ROOT)?;
    }
    Ok(xml.finish())
}

impl Record for WaterLevel {
    const ROOT: &'static str = "WaterLevels";
    const TAG: &'static str = "WaterLevel";

    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        xml.leaf("DepthFromLandSurfaceData", &format!("{:.2}", self.depth))?;
        xml.leaf("WaterLevelUnits", "ft bgs")?;
        xml.leaf("MeasuringMethod", self.method.unwrap_or_default())?;
        xml.leaf("MeasurementMonth", &self.date.month().to_string())?;
        xml.leaf("MeasurementDay", &self.date.day().to_string())?;
        xml.leaf("MeasurementYear", &self.date.year().to_string())?;
        xml.leaf("MeasurementTime", "0:00:00")?;
        xml.leaf("MeasurementTimezone", "MST")?;
        xml.leaf("WaterLevelAccuracy", self.accuracy.unwrap_or_default())
    }
}

impl Record for Casing {
    const ROOT: &'static str = "Casings";
    const TAG: &'static str = "Casing";

    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        let cased = self.bottom.is_some();
        xml.leaf("CasingTop", &depth(cased.then_some(0.0)))?;
        xml.leaf("CasingBottom", &depth(self.bottom))?;
        xml.leaf("CasingDepthUnits", if cased { "ft bgs" } else { "" })?;
        xml.leaf("ScreenTop", &depth(self.screen.top))?;
        xml.leaf("ScreenBottom", &depth(self.screen.bottom))?;
        xml.leaf("ScreenDescription", self.screen.description.as_deref().unwrap_or_default())?;
        xml.leaf("ScreenMaterial", "steel")
    }
}

impl Record for Lithology {
    const ROOT: &'static str = "Lithologies";
    const TAG: &'static str = "Lithology";

    fn write(&self, xml: &mut Xml) -> io::Result<()> {
        xml.leaf("TopDepth", &depth(Some(self.top)))?;
        xml.leaf("BottomDepth", &depth(Some(self.bottom)))?;
        xml.leaf("Units", "feet")?;
        xml.leaf("Description", &self.description)
    }
}

/// A number as Python writes it: with a decimal in any case, and an exponent of two digits at least.
fn depth(depth: Option<f64>) -> String {
    let Some(depth) = depth else { return String::new() };
    let text = format!("{depth:?}");
    match text.split_once('e') {
        None => text,
        Some((number, exponent)) => {
            let (sign, digits) = exponent.strip_prefix('-').map_or(('+', exponent), |digits| ('-', digits));
            format!("{number}e{sign}{digits:0>2}").replace(".0e", "e")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_those_of_python() {
        // Each as Python 3 answers.
        for (number, expected) in [
            (0.0, "0.0"),
            (120.5, "120.5"),
            (310.0, "310.0"),
            (-1.25, "-1.25"),
            (0.1, "0.1"),
            (0.0001, "0.0001"),
            (0.000_05, "5e-05"),
            (1e16, "1e+16"),
            (1.5e300, "1.5e+300"),
            (123_456_789_012_345.6, "123456789012345.6"),
        ] {
            assert_eq!(depth(Some(number)), expected);
        }
    }
}
