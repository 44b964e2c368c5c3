//! The words that the program itself relies on: it compares rows with them, writes them, or checks fields against their
//! category. Renamed or removed they would hide records or refuse every write, so the API keeps them as they are. A test
//! looks through the source for words that are missing here.

/// Categories that the program names, each with the terms of it that the program names.
const FIXED: &[(&str, &[&str])] = &[
    ("activity_type", &["groundwater level", "water chemistry"]),
    ("address_type", &["Primary"]),
    ("casing_material", &[]),
    ("contact_type", &["Field Event Participant", "Primary"]),
    ("analysis_method_type", &[]),
    ("aquifer_type", &[]),
    ("collection_method", &[]),
    (
        "coordinate_method",
        &[
            "Differentially corrected GPS",
            "GPS, uncorrected",
            "Interpolated from map",
            "Reported",
            "Survey-grade global positioning system (SGPS)",
            "Transit, theodolite, or other survey method",
            "Unknown",
        ],
    ),
    ("data_maturity", &["approved", "provisional"]),
    (
        "data_quality",
        &[
            "Water level accuracy not to nearest foot or water level not repeatable",
            "Water level accurate to within one foot",
            "Water level accurate to within two hundreths of a foot",
        ],
    ),
    (
        "elevation_method",
        &[
            "Altimeter",
            "Differentially corrected GPS",
            "Global positioning system (GPS)",
            "Interpolated from digital elevation model (DEM)",
            "Interpolated from topographic map",
            "Level or other survey method",
            "LiDAR DEM",
            "Reported",
            "Survey-grade GPS",
            "Survey-grade Global Navigation Satellite Sys, Lvl1",
            "Unknown",
        ],
    ),
    ("email_type", &["Primary"]),
    ("formation_code", &[]),
    ("geochronology", &[]),
    ("geographic_scale", &[]),
    (
        "groundwater_level_reason",
        &[
            "Obstruction was encountered in the well (no level recorded)",
            "Other conditions exist that would affect the level (remarks)",
            "Site was being pumped",
            "Site was dry",
            "Site was flowing recently.",
            "Site was flowing. Water level or head couldn't be measured w/out additional equipment.",
            "Site was pumped recently",
            "Water level not affected",
        ],
    ),
    ("group_type", &[]),
    ("horizontal_datum", &["NAD83", "WGS84"]),
    ("limit_type", &["MCL", "SMCL"]),
    ("lithology", &[]),
    ("monitoring_frequency", &[]),
    (
        "note_type",
        &[
            "Access",
            "Communication",
            "Construction",
            "General",
            "Historical",
            "Sampling Procedure",
            "Site Notes (legacy)",
            "Water",
        ],
    ),
    ("organization", &["NMBGMR", "USGS"]),
    ("parameter_name", &["groundwater level"]),
    ("parameter_type", &[]),
    ("participant_role", &["Lead", "Participant"]),
    ("permission_type", &["Datalogger Installation", "Water Chemistry Sample", "Water Level Sample"]),
    ("phone_type", &["Primary"]),
    ("publication_type", &[]),
    ("qc_type", &["Duplicate", "Normal"]),
    ("relation", &["same_as"]),
    ("release_status", &["draft", "embargoed", "public"]),
    ("review_status", &["approved", "not reviewed"]),
    ("role", &["Technician"]),
    ("sample_matrix", &["groundwater"]),
    (
        "sample_method",
        &[
            "Electric tape measurement (E-probe)",
            "Estimated",
            "Observed (required for F, N, and W water level status)",
            "Pressure-gage measurement",
            "Reported, method not known",
            "Steel-tape measurement",
            "Unknown",
            "Unknown (for legacy data only; not for new data entry)",
        ],
    ),
    ("screen_type", &[]),
    ("sensor_type", &["Acoustic Sounder", "Pressure Transducer"]),
    ("source_type", &["Reported by another agency"]),
    ("spring_type", &[]),
    ("status_type", &["Datalogger Suitability Status", "Monitoring Status", "Open Status", "Well Status"]),
    ("status_value", &["Closed", "Datalogger can be installed", "Datalogger cannot be installed", "Open"]),
    ("thing_type", &["other", "spring", "test well", "water well"]),
    ("unit", &["dimensionless", "ft", "m"]),
    ("vertical_datum", &["NAVD88", "NGVD29"]),
    ("well_construction_method", &[]),
    ("well_pump_type", &[]),
    ("well_purpose", &[]),
];

/// True for a category that the program names.
pub fn is_fixed_category(name: &str) -> bool {
    FIXED.iter().any(|(category, _)| *category == name)
}

/// True for a term that the program names, as a term of this category.
pub fn is_fixed_in(term: &str, category: &str) -> bool {
    FIXED.iter().any(|(fixed, terms)| *fixed == category && terms.contains(&term))
}

/// True for a term that the program names.
pub fn is_fixed_term(term: &str) -> bool {
    FIXED.iter().any(|(_, terms)| terms.contains(&term))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::{Path, PathBuf};

    use serde_json::Value;

    use super::*;

    /// Words of the source that only look like terms.
    const NO_TERMS: [(&str, &str); 3] = [
        ("Observation", "src/store/observation/manual.rs"),
        ("None", "src/auth/credential.rs"),
        ("F", "src/export/dbf.rs"),
    ];

    fn files(folder: &Path, found: &mut Vec<PathBuf>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                files(&path, found);
            } else {
                found.push(path);
            }
        }
    }

    /// The texts between quotes in the part of a file that is not comment and not test, with those in its SQL.
    fn quoted(source: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for mark in ['"', '\''] {
                found.extend(line.split(mark).skip(1).step_by(2).map(str::to_owned));
                // A line that goes on with a text begins inside it.
                found.extend(line.split(mark).step_by(2).map(str::to_owned));
            }
        }
        found
    }

    /// Terms of the seed with their categories.
    fn seed() -> BTreeMap<String, BTreeSet<String>> {
        let seed: Value = serde_json::from_str(include_str!("../../../seed/lexicon.json")).unwrap();
        let texts =
            |value: &Value| value.as_array().unwrap().iter().map(|text| text.as_str().unwrap().to_owned()).collect();
        let terms = seed["terms"].as_array().unwrap();
        terms.iter().map(|term| (term["term"].as_str().unwrap().to_owned(), texts(&term["categories"]))).collect()
    }

    #[test]
    fn every_word_of_the_source_that_is_a_term_is_fixed_and_the_other_way_round() {
        let (root, seed) = (Path::new(env!("CARGO_MANIFEST_DIR")), seed());
        let mut paths = Vec::new();
        files(&root.join("src"), &mut paths);
        files(&root.join("migrations"), &mut paths);
        let mut used = BTreeSet::new();
        for path in paths {
            let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
            // Made-up examples are data, and this list names everything.
            let is_data = [
                "src/import/demo",
                "src/api/http/document/examples.rs",
                // Parameters as the seed once named them: one that is called otherwise by now is left as it is.
                "migrations/postgres/2026-11-21-001500_release_at",
                "migrations/sqlite/2026-11-21-001500_release_at",
            ];
            let is_data = is_data.iter().any(|data| name.starts_with(data));
            if is_data || name.ends_with("lexicon/fixed.rs") {
                continue;
            }
            for text in quoted(&fs::read_to_string(&path).unwrap()) {
                if seed.contains_key(&text) && !NO_TERMS.contains(&(text.as_str(), name.as_str())) {
                    assert!(is_fixed_term(&text), "{name} relies on the term '{text}'");
                    used.insert(text);
                }
            }
        }
        assert!(used.len() > 40, "{used:?}");
        for term in FIXED.iter().flat_map(|(_, terms)| *terms) {
            assert!(used.contains(*term), "nothing relies on '{term}' any more");
        }
    }

    #[test]
    fn every_category_that_a_field_is_checked_against_is_fixed() {
        let mut paths = Vec::new();
        files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain"), &mut paths);
        let mut used = BTreeSet::new();
        for path in paths {
            let source = fs::read_to_string(&path).unwrap();
            let code = source.split("#[cfg(test)]").next().unwrap();
            used.extend(code.split("read::term(\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned()));
        }
        assert!(used.len() > 20, "{used:?}");
        for category in used {
            assert!(is_fixed_category(&category), "{category}");
        }
    }

    #[test]
    fn the_seed_has_them_all() {
        let seed = seed();
        let categories: BTreeSet<&String> = seed.values().flatten().collect();
        for (category, terms) in FIXED {
            assert!(categories.contains(&(*category).to_owned()), "{category}");
            for term in *terms {
                assert!(seed[*term].contains(*category), "{term} in {category}");
            }
        }
    }
}
