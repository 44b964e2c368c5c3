//! What is measured: groundwater level, pH, an element; in which matrix and unit.

use serde::Serialize;
use utoipa::ToSchema;

use super::form::{Form, FromForm, Patch};
use super::read;
use super::time::UtcDateTime;

/// A parameter as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Parameter {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String)]
    pub created_at: UtcDateTime,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// Term of `parameter_name`; unique together with the matrix.
    pub parameter_name: String,
    /// Term of `sample_matrix`.
    pub matrix: String,
    /// Term of `parameter_type`.
    pub parameter_type: Option<String>,
    /// Chemical Abstracts Service number.
    pub cas_number: Option<String>,
    /// Term of `unit`.
    pub default_unit: Option<String>,
}

/// Body of `POST /parameter`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateParameter {
    /// Term of `parameter_name`.
    pub parameter_name: String,
    /// Term of `sample_matrix`.
    pub matrix: String,
    /// Term of `parameter_type`.
    pub parameter_type: Option<String>,
    /// Chemical Abstracts Service number.
    pub cas_number: Option<String>,
    /// Term of `unit`.
    pub default_unit: String,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
}

impl FromForm for CreateParameter {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let parameter_name = form.required("parameter_name", read::term("parameter_name"));
        let matrix = form.required("matrix", read::term("sample_matrix"));
        let parameter_type = form.optional("parameter_type", read::term("parameter_type"));
        let cas_number = form.optional("cas_number", read::line(255));
        let default_unit = form.required("default_unit", read::term("unit"));
        let release_status = form.or("release_status", super::draft(), read::release_status);
        Some(Self {
            parameter_name: parameter_name?,
            matrix: matrix?,
            parameter_type: parameter_type?,
            cas_number: cas_number?,
            default_unit: default_unit?,
            release_status: release_status?,
        })
    }
}

/// Body of `PATCH /parameter/{parameter_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateParameter {
    /// Term of `parameter_name`.
    pub parameter_name: Option<String>,
    /// Term of `sample_matrix`.
    pub matrix: Option<String>,
    /// Term of `parameter_type`.
    #[schema(value_type = Option<String>)]
    pub parameter_type: Patch<String>,
    /// Chemical Abstracts Service number.
    #[schema(value_type = Option<String>)]
    pub cas_number: Patch<String>,
    /// Term of `unit`.
    pub default_unit: Option<String>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
}

impl FromForm for UpdateParameter {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let parameter_name = form.patch_required("parameter_name", read::term("parameter_name"));
        let matrix = form.patch_required("matrix", read::term("sample_matrix"));
        let parameter_type = form.patch("parameter_type", read::term("parameter_type"));
        let cas_number = form.patch("cas_number", read::line(255));
        let default_unit = form.patch_required("default_unit", read::term("unit"));
        let release_status = form.patch("release_status", read::release_status);
        Some(Self {
            parameter_name: parameter_name?,
            matrix: matrix?,
            parameter_type: parameter_type?,
            cas_number: cas_number?,
            default_unit: default_unit?,
            release_status: release_status?,
        })
    }
}
