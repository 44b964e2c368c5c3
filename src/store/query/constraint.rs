//! The one table from violated constraints to answers.
//!
//! Parents named in a request are checked beforehand and give a better text; this table serves what is left: races, duplicates,
//! and rules that only the database knows. Every violation has an answer, and none carries the database's own words.

use serde_json::json;

use crate::db::{Violation, ViolationKind};
use crate::domain::request::problem::{LocPart, Problem};

/// Constraint, field of the body, text.
const KNOWN: &[(&str, &str, &str)] = &[
    ("lexicon_term_term_key", "term", "A LexiconTerm with this term already exists."),
    ("lexicon_category_name_key", "name", "A LexiconCategory with this name already exists."),
    ("lexicon_triple_subject_fkey", "subject", "LexiconTerm not found."),
    ("lexicon_triple_object__fkey", "object_", "LexiconTerm not found."),
    ("group_name_group_type_key", "name", "A Group with this name and group_type already exists."),
    ("group_parent_group_id_fkey", "parent_group_id", "Group not found."),
    ("parameter_parameter_name_matrix_key", "parameter_name", "A Parameter with this name and matrix already exists."),
    ("group_thing_association_group_id_fkey", "group_id", "Group not found."),
    ("location_thing_association_location_id_fkey", "location_id", "Location not found."),
    ("aquifer_system_name_key", "name", "An AquiferSystem with this name already exists."),
    (
        "geologic_formation_formation_code_key",
        "formation_code",
        "A GeologicFormation with this formation_code already exists.",
    ),
    (
        "analysis_method_analysis_method_code_key",
        "analysis_method_code",
        "An AnalysisMethod with this analysis_method_code already exists.",
    ),
    ("geothermal_well_well_data_id_key", "well_data_id", "A GeothermalWell with this well_data_id already exists."),
    ("sensor_serial_no_key", "serial_no", "A Sensor with this serial_no already exists."),
    ("sensor_pcn_number_key", "pcn_number", "A Sensor with this pcn_number already exists."),
    ("sample_sample_name_key", "sample_name", "A Sample with this sample_name already exists."),
    ("contact_name_organization_key", "name", "A Contact with this name and organization already exists."),
    ("destination_slug_key", "slug", "A Destination with this slug already exists."),
    ("pub_author_name_key", "name", "An Author with this name already exists."),
    ("publication_doi_key", "doi", "A Publication with this doi already exists."),
    (
        "publication_consent_thing_id_destination_id_data_type_key",
        "data_type",
        "A PublicationConsent for this already exists.",
    ),
    ("transducer_observation_reading_key", "measurements", READING_EXISTS),
    // The same constraint by the name that follows from its columns: longer than PostgreSQL's names may be.
    ("transducer_observation_deployment_id_parameter_id_observation_datetime_key", "measurements", READING_EXISTS),
];

const EMBARGO: &str = "A record has a release_at, the day from which on it is public, when its release_status is embargoed, and only then.";
const READING_EXISTS: &str = "A reading at this time already exists.";

/// What the client is told about a violated constraint. The status is 409.
pub fn answer(violation: &Violation) -> Problem {
    let constraint = violation.constraint.as_deref().unwrap_or("");
    if let Some((_, field, text)) = KNOWN.iter().find(|(name, _, _)| *name == constraint) {
        return at(Some(field), text);
    }
    if constraint.ends_with("_embargo_needs_date") {
        return at(Some("release_at"), EMBARGO);
    }
    match violation.kind {
        ViolationKind::Unique => at(None, "A record with these values already exists."),
        // Names follow <table>_<column>_fkey, so the column can be told without the database's text.
        ViolationKind::ForeignKey => {
            at(None, "A record that this request refers to does not exist, or this record is still in use.")
        }
        ViolationKind::Check => at(None, "The values contradict a rule of the data model."),
        ViolationKind::NotNull => {
            let field = violation.column.clone().unwrap_or_default();
            let mut problem = at(None, "A required value is missing.");
            if !field.is_empty() {
                problem.loc.push(LocPart::Name(field.into()));
            }
            problem
        }
    }
}

fn at(field: Option<&'static str>, text: &str) -> Problem {
    let mut loc = vec![LocPart::from("body")];
    loc.extend(field.map(LocPart::from));
    Problem::new("value_error", loc, text, json!({}))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_an_answer() {
        let kinds = [ViolationKind::Unique, ViolationKind::ForeignKey, ViolationKind::Check, ViolationKind::NotNull];
        for kind in kinds {
            let violation = Violation { kind, constraint: Some("unheard_of".to_owned()), column: None };
            assert!(!answer(&violation).msg.is_empty());
        }
        let known = Violation {
            kind: ViolationKind::Unique,
            constraint: Some("sensor_serial_no_key".to_owned()),
            column: None,
        };
        assert_eq!(answer(&known).loc, vec![LocPart::from("body"), LocPart::from("serial_no")]);
    }
}
