//! Things as members of groups.

use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;

/// A membership: the row itself, audit columns included.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct GroupMember {
    /// Key.
    pub id: i32,
    /// The group.
    pub group_id: i32,
    /// The thing.
    pub thing_id: i32,
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
}
