//! Files that belong to things: photographs, reports, logs.

pub mod file;

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::asset::file::{FileKind, Stored, UNKNOWN_TYPE};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Patch, not_blank};

/// What the contract calls the storage, whatever it is.
pub const STORAGE_SERVICE: &str = "gcs";

/// An asset as clients see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct Asset {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// The day from which on it is public, for the status `embargoed`. Left out with any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
    /// What it is called: the file's name, where nothing else was said.
    pub name: String,
    /// What it shows.
    pub label: Option<String>,
    /// The file's name in the storage.
    pub storage_path: String,
    /// What the file is, such as `image/jpeg`.
    pub mime_type: String,
    /// Bytes.
    pub size: i32,
    /// Where the file is.
    pub uri: String,
    /// Always `gcs`, whatever the storage is.
    pub storage_service: String,
    /// Where the file can be had for the next 15 minutes, without a token; null where the answer does not say.
    pub signed_url: Option<String>,
}

/// An asset's row itself, audit columns included.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct AssetRecord {
    /// Key.
    pub id: i32,
    /// When it was stored.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// Who stored it: the token's `sub`.
    pub created_by_id: Option<String>,
    /// Who stored it: the token's `name`.
    pub created_by_name: Option<String>,
    /// Who changed it last.
    pub updated_by_id: Option<String>,
    /// Who changed it last.
    pub updated_by_name: Option<String>,
    /// Term of `release_status`.
    pub release_status: Option<String>,
    /// The day from which on it is public, for the status `embargoed`. Left out with any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
    /// What it is called.
    pub name: String,
    /// What it shows.
    pub label: Option<String>,
    /// Always `gcs`, whatever the storage is.
    pub storage_service: String,
    /// The file's name in the storage.
    pub storage_path: String,
    /// What the file is, such as `image/jpeg`.
    pub mime_type: String,
    /// Bytes.
    pub size: i32,
    /// Where the file is.
    pub uri: String,
}

impl From<AssetRecord> for Asset {
    fn from(row: AssetRecord) -> Self {
        Self {
            id: row.id,
            created_at: row.created_at,
            release_status: row.release_status,
            release_at: row.release_at,
            name: row.name,
            label: row.label,
            storage_path: row.storage_path,
            mime_type: row.mime_type,
            size: row.size,
            uri: row.uri,
            storage_service: row.storage_service,
            signed_url: None,
        }
    }
}

/// Which assets a list is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AssetSearch {
    /// All of them.
    All,
    /// Those of this thing.
    Of(i32),
    /// Those that belong to no thing.
    Unassociated,
}

/// A file that was stored without a record of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StoredFile {
    /// Where it is.
    pub uri: String,
    /// Its name in the storage, for `POST /asset`.
    pub storage_path: String,
}

/// Which thing an asset belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Association {
    /// The asset.
    pub asset_id: i32,
    /// The thing; null when it belongs to none.
    pub thing_id: Option<i32>,
}

/// Body of `POST /asset`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct CreateAsset {
    /// What it is called.
    pub name: String,
    /// What it shows.
    pub label: Option<String>,
    /// The file's name in the storage.
    pub storage_path: String,
    /// What the file is, such as `image/jpeg`.
    pub mime_type: String,
    /// Bytes.
    pub size: i32,
    /// Where the file is.
    pub uri: String,
    /// The thing that it belongs to.
    pub thing_id: Option<i64>,
    /// Term of `release_status`; `draft` when absent.
    #[schema(required = false)]
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Option<chrono::NaiveDate>,
}

impl FromForm for CreateAsset {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.required("name", read::name(255));
        let label = form.optional("label", read::line(255));
        let storage_path = form.required("storage_path", read::name(1024));
        let mime_type = form.required("mime_type", read::name(255));
        let size = form.required("size", read::small_integer(0));
        let uri = form.required("uri", read::name(2048));
        let thing_id = form.optional("thing_id", read::integer);
        let (release_status, release_at) = form.release();
        Some(Self {
            name: name?,
            label: label?,
            storage_path: storage_path?,
            mime_type: mime_type?,
            size: size?,
            uri: uri?,
            thing_id: thing_id?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

/// Body of `PATCH /asset/{asset_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct UpdateAsset {
    /// What it is called.
    #[schema(nullable = false)]
    pub name: Option<String>,
    /// What it shows.
    #[schema(value_type = Option<String>)]
    pub label: Patch<String>,
    /// Term of `release_status`.
    #[schema(value_type = Option<String>)]
    pub release_status: Patch<String>,
    /// The day from which on it is public, for the status `embargoed`. Absent with another status: cleared.
    #[schema(value_type = Option<String>, format = Date)]
    pub release_at: Patch<chrono::NaiveDate>,
}

impl FromForm for UpdateAsset {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.patch_required("name", read::name(255));
        let label = form.patch("label", read::line(255));
        let (release_status, release_at) = form.release_change();
        Some(Self { name: name?, label: label?, release_status: release_status?, release_at: release_at? })
    }
}

/// Body of `PATCH /asset/{asset_id}/association`.
#[derive(Clone, Debug, PartialEq, ToSchema)]
pub struct AssociateAsset {
    /// The thing that it belongs to from now on, and to no other; null: to none.
    #[schema(required = true)]
    pub thing_id: Option<i64>,
}

impl FromForm for AssociateAsset {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.required("thing_id", |slot| match slot.value {
            serde_json::Value::Null => Some(None),
            _ => read::integer(slot).map(Some),
        });
        Some(Self { thing_id: thing_id? })
    }
}

/// What a form says of the file that it brings: the texts of `POST /asset/upload-and-record`.
#[derive(Clone, Debug, PartialEq)]
pub struct RecordUpload {
    /// The thing that it belongs to.
    pub thing_id: i64,
    /// What it shows.
    pub label: Option<String>,
    /// What it is called; the file's name when absent.
    pub name: Option<String>,
    /// Term of `release_status`; `draft` when absent.
    pub release_status: String,
    /// The day from which on it is public, for the status `embargoed`.
    pub release_at: Option<chrono::NaiveDate>,
}

impl FromForm for RecordUpload {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let thing_id = form.required("thing_id", read::integer);
        let label = form.optional("label", read::line(255)).map(not_blank);
        let name = form.optional("name", read::line(255)).map(not_blank);
        let (release_status, release_at) = form.release();
        Some(Self {
            thing_id: thing_id?,
            label: label?,
            name: name?,
            release_status: release_status?,
            release_at: release_at?,
        })
    }
}

impl RecordUpload {
    /// The record of the file, once it is stored.
    pub fn of(self, file: &Stored) -> CreateAsset {
        CreateAsset {
            name: self.name.unwrap_or_else(|| file.name.clone()),
            label: self.label,
            storage_path: file.storage_path.clone(),
            mime_type: file.kind.map_or(UNKNOWN_TYPE, FileKind::mime).to_owned(),
            size: file.size,
            uri: file.uri.clone(),
            thing_id: Some(self.thing_id),
            release_status: self.release_status,
            release_at: self.release_at,
        }
    }
}
