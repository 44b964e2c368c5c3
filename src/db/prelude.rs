//! What a file with queries imports: Diesel's prelude, with [`super::session`]'s way of running them instead of Diesel's.

pub use super::session::{RunSelect as _, RunWrite as _};
pub use diesel::prelude::{
    AsChangeset, BoolExpressionMethods, EscapeExpressionMethods, Expression, ExpressionMethods, Identifiable,
    Insertable, JoinOnDsl, NullableExpressionMethods, OptionalExtension, QueryDsl, QueryResult, Queryable,
    QueryableByName, Selectable, SelectableHelper, Table, TextExpressionMethods,
};
