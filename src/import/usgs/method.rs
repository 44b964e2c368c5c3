//! The Survey's methods in the words of the vocabulary, where one of them fits.

/// Term of `elevation_method`.
pub(in crate::import) fn of_elevation(words: &str) -> Option<&'static str> {
    Some(match plain(words).as_str() {
        "altimeter" => "Altimeter",
        "differentially corrected global positioning system" => "Differentially corrected GPS",
        "global positioning system" => "Global positioning system (GPS)",
        "interpolated from digital elevation model" => "Interpolated from digital elevation model (DEM)",
        "interpolated from topographic map" => "Interpolated from topographic map",
        "level or other surveyed method" => "Level or other survey method",
        "light detection and ranging, airplane" => "LiDAR DEM",
        "reported method of determination" => "Reported",
        "unknown" => "Unknown",
        "gnss1 - level 1 quality survey grade global navigation satellite system" => {
            "Survey-grade Global Navigation Satellite Sys, Lvl1"
        }
        words if is_survey_grade(words) => "Survey-grade GPS",
        _ => return None,
    })
}

/// Term of `coordinate_method`.
pub(in crate::import) fn of_coordinates(words: &str) -> Option<&'static str> {
    Some(match plain(words).as_str() {
        "differentially corrected global positioning system" => "Differentially corrected GPS",
        "interpolated from digital map" | "interpolated from map" => "Interpolated from map",
        "mapping grade gps unit (handheld accuracy range 12 to 40 ft)" => "GPS, uncorrected",
        "reported" => "Reported",
        "transit, theodolite, or other surveying method" => "Transit, theodolite, or other survey method",
        "unknown" => "Unknown",
        words if is_survey_grade(words) => "Survey-grade global positioning system (SGPS)",
        _ => return None,
    })
}

/// Without the full stop that some of the texts end with.
fn plain(words: &str) -> String {
    words.trim_end_matches('.').to_lowercase()
}

fn is_survey_grade(words: &str) -> bool {
    words.starts_with("survey-grade gps") || words.ends_with("quality survey grade global navigation satellite system")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_terms_are_in_the_vocabulary() {
        let seed = include_str!("../../../seed/lexicon.json");
        for words in [
            "Altimeter.",
            "Differentially corrected Global Positioning System.",
            "Global Positioning System.",
            "Interpolated from Digital Elevation Model",
            "Interpolated from topographic map.",
            "Level or other surveyed method.",
            "Light Detection And Ranging, airplane",
            "Reported method of determination.",
            "Unknown.",
            "GNSS1 - Level 1 Quality Survey Grade Global Navigation Satellite System",
            "GNSS3 - Level 3 Quality Survey Grade Global Navigation Satellite System",
            "Survey-grade GPSF",
        ] {
            let term = of_elevation(words).unwrap();
            assert!(seed.contains(&format!("\"{term}\"")), "{term}");
        }
        for words in [
            "Differentially corrected Global Positioning System.",
            "Interpolated from Digital MAP.",
            "Mapping grade GPS unit (handheld accuracy range 12 to 40 ft)",
            "Reported.",
            "Transit, theodolite, or other surveying method.",
            "Unknown.",
            "Survey-grade GPSF",
        ] {
            let term = of_coordinates(words).unwrap();
            assert!(seed.contains(&format!("\"{term}\"")), "{term}");
        }
        assert_eq!(of_coordinates("Calculated from land net"), None);
        assert_eq!(of_elevation(""), None);
    }
}
