//! Results of water chemistry as they are read and shown: released ones only, whoever asks.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;

/// The QC type of a sample that was taken twice to see how well results agree.
pub const DUPLICATE: &str = "Duplicate";
/// The limit type of what must not be exceeded.
pub const PRIMARY: &str = "MCL";
/// The limit type of what should not be exceeded.
pub const SECONDARY: &str = "SMCL";

/// What was found of one parameter in one sample.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChemistryResult {
    /// Key of the observation.
    pub id: i32,
    /// Where the sample was taken.
    pub thing_id: i32,
    /// What that place is called.
    pub station_name: String,
    /// Key of the sample.
    pub sample_id: i32,
    /// What the sample is called.
    pub sample_name: String,
    /// Term of `sample_matrix`.
    pub sample_matrix: String,
    /// Term of `qc_type`.
    pub qc_type: String,
    /// When the sample was taken.
    #[schema(value_type = String, format = DateTime)]
    pub sample_date: UtcDateTime,
    /// When it was analysed or measured.
    #[schema(value_type = String, format = DateTime)]
    pub observation_datetime: UtcDateTime,
    /// Key of the parameter.
    pub parameter_id: i32,
    /// Term of `parameter_name`.
    pub parameter_name: String,
    /// Term of `parameter_type`.
    pub parameter_type: Option<String>,
    /// The number of the Chemical Abstracts Service.
    pub cas_number: Option<String>,
    /// In `unit`.
    pub value: Option<f64>,
    /// Term of `unit`.
    pub unit: String,
    /// How it was determined: the name of the method.
    pub analysis_method: Option<String>,
    /// Free text.
    pub notes: Option<String>,
}

/// Which results a list is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChemistrySearch {
    /// Those of samples from this thing.
    pub thing_id: Option<i32>,
    /// Those at this time or later.
    pub start_time: Option<UtcDateTime>,
    /// Those before this time.
    pub end_time: Option<UtcDateTime>,
    /// None of duplicate samples.
    pub exclude_field_duplicate_samples: bool,
}

/// A result with what it is compared with, ready to be shown.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChemistryDisplayRow {
    /// The result.
    #[serde(flatten)]
    pub result: ChemistryResult,
    /// The value with its unit; `no value` where there is none.
    pub display_value: String,
    /// How it compares with the limits for drinking water.
    pub standard: ChemistryStandard,
}

/// A result beside the limits for drinking water.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ChemistryStandard {
    /// The outcome.
    pub status: StandardStatus,
    /// The outcome in words.
    pub label: &'static str,
    /// The lowest primary limit (MCL) in the result's unit.
    pub primary_mcl: Option<f64>,
    /// The lowest secondary limit (SMCL) in the result's unit.
    pub secondary_smcl: Option<f64>,
    /// The unit of the limits, where there are any.
    pub unit: Option<String>,
    /// Who set the limits, each once.
    pub sources: Vec<String>,
}

/// How a result compares with the limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StandardStatus {
    /// Above the primary limit.
    AboveMcl,
    /// Above the secondary limit, not above a primary one.
    AboveSmcl,
    /// Not above the primary limit, nor above a secondary one.
    BelowMcl,
    /// Not above the secondary limit; there is no primary one.
    BelowSmcl,
    /// There is no limit.
    NoLimit,
    /// There are limits, but no value, or none in the result's unit.
    NotCompared,
}

impl StandardStatus {
    fn label(self) -> &'static str {
        match self {
            Self::AboveMcl => "Above the primary limit (MCL)",
            Self::AboveSmcl => "Above the secondary limit (SMCL)",
            Self::BelowMcl => "Within the primary limit (MCL)",
            Self::BelowSmcl => "Within the secondary limit (SMCL)",
            Self::NoLimit => "No limit",
            Self::NotCompared => "Not compared",
        }
    }
}

/// A limit that a result is compared with.
#[derive(Clone, Debug, PartialEq)]
pub struct Limit {
    /// Of what.
    pub parameter_id: i32,
    /// Term of `limit_type`.
    pub kind: String,
    /// Who set it.
    pub source: String,
    /// In `unit`.
    pub value: f64,
    /// Term of `unit`.
    pub unit: String,
}

impl ChemistryStandard {
    /// Compares a result with the primary and secondary limits of its parameter. Units are not converted.
    fn of(result: &ChemistryResult, limits: &[Limit]) -> Self {
        let comparable: Vec<&Limit> = limits.iter().filter(|limit| limit.unit == result.unit).collect();
        let lowest = |kind: &str| {
            comparable.iter().filter(|limit| limit.kind == kind).map(|limit| limit.value).min_by(f64::total_cmp)
        };
        let (primary_mcl, secondary_smcl) = (lowest(PRIMARY), lowest(SECONDARY));
        let status = match result.value {
            _ if limits.is_empty() => StandardStatus::NoLimit,
            Some(value) if primary_mcl.is_some_and(|limit| value > limit) => StandardStatus::AboveMcl,
            Some(value) if secondary_smcl.is_some_and(|limit| value > limit) => StandardStatus::AboveSmcl,
            Some(_) if primary_mcl.is_some() => StandardStatus::BelowMcl,
            Some(_) if secondary_smcl.is_some() => StandardStatus::BelowSmcl,
            _ => StandardStatus::NotCompared,
        };
        let mut sources: Vec<String> = comparable.iter().map(|limit| limit.source.clone()).collect();
        sources.sort_unstable();
        sources.dedup();
        let unit = (!comparable.is_empty()).then(|| result.unit.clone());
        Self { status, label: status.label(), primary_mcl, secondary_smcl, unit, sources }
    }
}

impl ChemistryDisplayRow {
    /// A result beside the limits of its parameter.
    pub fn of(result: ChemistryResult, limits: &[Limit]) -> Self {
        let display_value = match result.value {
            None => "no value".to_owned(),
            Some(value) if result.unit == "dimensionless" => value.to_string(),
            Some(value) => format!("{value} {}", result.unit),
        };
        let standard = ChemistryStandard::of(&result, limits);
        Self { result, display_value, standard }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn result(value: Option<f64>, unit: &str) -> ChemistryResult {
        let at = UtcDateTime::parse_lenient("2026-01-01T00:00:00Z").unwrap();
        ChemistryResult {
            id: 1,
            thing_id: 1,
            station_name: "w".to_owned(),
            sample_id: 1,
            sample_name: "s".to_owned(),
            sample_matrix: "groundwater".to_owned(),
            qc_type: "Normal".to_owned(),
            sample_date: at,
            observation_datetime: at,
            parameter_id: 1,
            parameter_name: "Fluoride".to_owned(),
            parameter_type: None,
            cas_number: None,
            value,
            unit: unit.to_owned(),
            analysis_method: None,
            notes: None,
        }
    }

    fn limit(kind: &str, value: f64) -> Limit {
        let (source, unit) = ("EPA".to_owned(), "mg/L".to_owned());
        Limit { parameter_id: 1, kind: kind.to_owned(), source, value, unit }
    }

    #[test]
    fn results_are_compared_with_the_lowest_limits_of_their_unit() {
        let both = [limit("MCL", 4.0), limit("MCL", 5.0), limit("SMCL", 2.0)];
        let status = |value: Option<f64>, unit: &str, limits: &[Limit]| {
            ChemistryDisplayRow::of(result(value, unit), limits).standard.status
        };
        assert_eq!(status(Some(4.5), "mg/L", &both), StandardStatus::AboveMcl);
        assert_eq!(status(Some(4.0), "mg/L", &both), StandardStatus::AboveSmcl);
        assert_eq!(status(Some(2.0), "mg/L", &both), StandardStatus::BelowMcl);
        assert_eq!(status(Some(2.0), "mg/L", &[limit("SMCL", 2.0)]), StandardStatus::BelowSmcl);
        assert_eq!(status(Some(9.0), "ft", &both), StandardStatus::NotCompared);
        assert_eq!(status(None, "mg/L", &both), StandardStatus::NotCompared);
        assert_eq!(status(Some(9.0), "mg/L", &[]), StandardStatus::NoLimit);
    }

    #[test]
    fn values_are_shown_with_their_unit() {
        let shown = |value, unit: &str| ChemistryDisplayRow::of(result(value, unit), &[]).display_value;
        assert_eq!(shown(Some(0.012), "mg/L"), "0.012 mg/L");
        assert_eq!(shown(Some(7.5), "dimensionless"), "7.5");
        assert_eq!(shown(None, "mg/L"), "no value");
    }
}
