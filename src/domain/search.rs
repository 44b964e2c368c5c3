//! The `query` parameter of text searches.

/// A parsed text search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    text: String,
}
