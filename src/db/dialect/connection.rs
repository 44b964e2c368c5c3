//! One type over both connections. Alone in its module: the derive brings every Diesel name into scope.

#![expect(clippy::disallowed_methods, reason = "the derived connection opens its own two")]

use diesel::{PgConnection, SqliteConnection};

/// See [`crate::db::dialect::Connection`].
#[derive(diesel::MultiConnection)]
pub enum AnyConnection {
    /// PostgreSQL with PostGIS.
    Postgres(PgConnection),
    /// The embedded SQLite.
    Sqlite(SqliteConnection),
}
