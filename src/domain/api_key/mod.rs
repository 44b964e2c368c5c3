//! Keys for scripts and desktop GIS.

mod scope;
mod secret;

use chrono::TimeDelta;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

pub use scope::Scope;
pub use secret::{Digest, NoRandomness, PREFIX, Secret};

use crate::domain::measure::time::UtcDateTime;
use crate::domain::principal::{Principal, Sight};
use crate::domain::request::fields as read;
use crate::domain::request::form::{Form, FromForm, Slot};

/// The longest life of a key, in days.
pub const MOST_DAYS: i64 = 365;

/// A key as its owner sees it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ApiKey {
    /// Key of the row.
    pub id: i32,
    /// What it is called.
    pub name: String,
    /// Its first characters.
    pub token_preview: String,
    /// What it may do: `ogc_internal` for keys that people make for themselves.
    pub scope: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: UtcDateTime,
    /// When it was last used, to the minute or so; null when it never was.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<UtcDateTime>,
    /// When it was revoked; null when it was not.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<UtcDateTime>,
}

/// A key that was made just now, with the key itself: it is shown this once.
#[derive(Serialize, ToSchema)]
pub struct NewApiKey {
    /// Key of the row.
    pub id: i32,
    /// What it is called.
    pub name: String,
    /// The key itself. Nobody can show it again.
    pub token: String,
    /// Its first characters.
    pub token_preview: String,
    /// What it may do.
    pub scope: String,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    pub created_at: UtcDateTime,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    pub expires_at: UtcDateTime,
    /// When it was last used: null.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub last_used_at: Option<UtcDateTime>,
    /// When it was revoked: null.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub revoked_at: Option<UtcDateTime>,
}

impl NewApiKey {
    /// A key with its secret.
    pub fn of(key: ApiKey, secret: &Secret) -> Self {
        Self {
            id: key.id,
            name: key.name,
            token: secret.reveal().to_owned(),
            token_preview: key.token_preview,
            scope: key.scope,
            created_at: key.created_at,
            expires_at: key.expires_at,
            last_used_at: key.last_used_at,
            revoked_at: key.revoked_at,
        }
    }
}

/// Body of `POST /api_key`.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
pub struct CreateApiKey {
    /// What it is called.
    pub name: String,
    /// How many days it lives.
    #[schema(required = false, minimum = 1, maximum = 365, default = 365)]
    pub lifetime_days: i64,
}

impl FromForm for CreateApiKey {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        let name = form.required("name", read::name(255));
        let lifetime_days = form.or("lifetime_days", MOST_DAYS, lifetime);
        Some(Self { name: name?, lifetime_days: lifetime_days? })
    }
}

/// Body of `PATCH /api_key/{api_key_id}`; every field may be absent.
#[derive(Clone, Debug, PartialEq, Eq, ToSchema)]
pub struct UpdateApiKey {
    /// What it is called.
    #[schema(nullable = false)]
    pub name: Option<String>,
}

impl FromForm for UpdateApiKey {
    fn from_form(form: &mut Form<'_>) -> Option<Self> {
        Some(Self { name: form.patch_required("name", read::name(255))? })
    }
}

/// Days, from 1 to [`MOST_DAYS`].
fn lifetime(slot: &mut Slot<'_>) -> Option<i64> {
    let days = read::integer(slot)?;
    if days <= 0 {
        return slot.refuse_with("greater_than", "Input should be greater than 0", json!({"gt": 0}));
    }
    if days > MOST_DAYS {
        let message = format!("Input should be less than or equal to {MOST_DAYS}");
        return slot.refuse_with("less_than_equal", message, json!({ "le": MOST_DAYS }));
    }
    Some(days)
}

/// When a key ends that lives so many days from now on.
pub fn end_of(now: UtcDateTime, days: i64) -> UtcDateTime {
    let end = TimeDelta::try_days(days).and_then(|days| now.naive().checked_add_signed(days));
    end.and_then(|end| UtcDateTime::from_utc(end).ok()).unwrap_or(UtcDateTime::LAST)
}

/// A key that was looked up and may be used: on whose behalf it acts, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Usable {
    /// Key of the row.
    pub id: i32,
    /// What it is called.
    pub name: String,
    /// Who made it for himself; nobody when it was made on the command line.
    pub owner_id: Option<String>,
    /// What it may do.
    pub scope: Scope,
    /// When it ends.
    pub expires_at: UtcDateTime,
}

impl Usable {
    /// Whoever shows the key, for whatever is done with it: the key itself stands in the audit columns and in the access log.
    pub fn principal(&self) -> Principal {
        Principal {
            id: Some(format!("api_key:{}", self.id)),
            name: Some(self.name.clone()),
            grants: self.scope.grants(),
            sight: Sight::Everything,
            api_key: Some(self.id),
            owner: self.owner_id.clone(),
        }
    }
}
