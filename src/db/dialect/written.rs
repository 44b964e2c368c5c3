//! A statement's text, written once.

use std::sync::Arc;

use diesel::QueryResult;
use diesel::query_builder::QueryFragment;

use crate::db::dialect::Backend;

/// The text of a statement for PostgreSQL.
#[derive(Clone, Debug)]
pub struct Written {
    /// The text.
    pub text: Arc<str>,
    /// It may be kept prepared.
    pub kept: bool,
}

/// Writes a statement's text for PostgreSQL.
pub fn written(query: &impl QueryFragment<Backend>) -> QueryResult<Written> {
    type Builder = <Backend as diesel::backend::Backend>::QueryBuilder;
    let backend = Backend::Postgres(diesel::pg::Pg);
    let mut builder = Builder::Postgres(diesel::pg::PgQueryBuilder::default());
    query.to_sql(&mut builder, &backend)?;
    let kept = query.is_safe_to_cache_prepared(&backend)?;
    Ok(Written { text: diesel::query_builder::QueryBuilder::finish(builder).into(), kept })
}
