//! PostgreSQL: sessions and what the server allows.

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Text};

use crate::db::dialect::{Access, PostgresUrl, SessionLimits};

diesel::define_sql_function! {
    /// The process behind this connection.
    fn pg_backend_pid() -> Integer;
}

diesel::define_sql_function! {
    /// Cancels what a process is running. False when there is no such process.
    fn pg_cancel_backend(process: Integer) -> Bool;
}

/// Opens a session: UTC, statement time-out, for reads a session that cannot write, and one process for each: what a permit
/// lets through must not multiply behind it.
#[expect(clippy::disallowed_methods, reason = "the one place for PostgreSQL")]
pub(in crate::db) fn open(url: &PostgresUrl, access: Access, limits: &SessionLimits) -> ConnectionResult<PgConnection> {
    let mut conn = PgConnection::establish(&url.connection_string(limits)).map_err(|error| match error {
        ConnectionError::BadConnection(text) => ConnectionError::BadConnection(url.masked(&text)),
        other => other,
    })?;
    let read_only = match access {
        Access::Read => "on",
        Access::Write => "off",
    };
    conn.batch_execute(&format!(
        "SET TIME ZONE 'UTC'; SET statement_timeout = {}; SET idle_in_transaction_session_timeout = {}; \
         SET default_transaction_read_only = {read_only}; SET jit = off; SET max_parallel_workers_per_gather = 0; \
         SET join_collapse_limit = {TABLES}; SET from_collapse_limit = {TABLES}; \
         SET application_name = 'ocotillo'; {IN_ENGLISH}",
        limits.statement_timeout.as_millis(),
        limits.statement_timeout.as_millis() * 2,
    ))
    .map_err(ConnectionError::CouldntSetupConfiguration)?;
    Ok(conn)
}

/// How many tables of a statement are put into the best order. With eight, which is the default, a list of one thing's observations,
/// asked for by who sees public rows only (the rows' ancestors are looked at too), read all observations that there are.
const TABLES: u32 = 12;

/// Errors that Diesel has no kind for are known by their text: see [`super::trouble`]. Not every role may choose the language.
const IN_ENGLISH: &str =
    "SELECT set_config('lc_messages', 'C', false) WHERE has_parameter_privilege('lc_messages', 'SET')";

/// How many connections the server, the database and the role really allow.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionBudget {
    /// `max_connections` of the server.
    pub max_connections: i64,
    /// Kept back for superusers and reserved roles.
    pub reserved: i64,
    /// `CONNECTION LIMIT` of the role, if any.
    pub role_limit: Option<i64>,
    /// `CONNECTION LIMIT` of the database, if any.
    pub database_limit: Option<i64>,
}

impl ConnectionBudget {
    /// The smallest of the limits.
    pub fn usable(&self) -> i64 {
        let server = self.max_connections - self.reserved;
        [self.role_limit, self.database_limit].into_iter().flatten().fold(server, i64::min)
    }
}

#[derive(QueryableByName)]
struct Limits {
    #[diesel(sql_type = Text)]
    max_connections: String,
    #[diesel(sql_type = Text)]
    superuser_reserved: String,
    #[diesel(sql_type = Text)]
    reserved: String,
    #[diesel(sql_type = BigInt)]
    role_limit: i64,
    #[diesel(sql_type = BigInt)]
    database_limit: i64,
}

/// Reads the server's limits; `None` on SQLite, which has none.
pub fn connection_budget(conn: &mut crate::db::dialect::Connection) -> QueryResult<Option<ConnectionBudget>> {
    let crate::db::dialect::Connection::Postgres(inner) = conn else {
        return Ok(None);
    };
    // reserved_connections exists from PostgreSQL 16 on, hence the second argument of current_setting.
    let limits: Limits = diesel::sql_query(
        "SELECT current_setting('max_connections') AS max_connections, \
                current_setting('superuser_reserved_connections') AS superuser_reserved, \
                coalesce(current_setting('reserved_connections', true), '0') AS reserved, \
                coalesce((SELECT rolconnlimit FROM pg_roles WHERE rolname = current_user), -1)::bigint AS role_limit, \
                coalesce((SELECT datconnlimit FROM pg_database WHERE datname = current_database()), -1)::bigint \
                    AS database_limit",
    )
    .get_result(inner)?;
    let number = |text: &str| text.parse::<i64>().unwrap_or(0);
    let limit = |value: i64| (value >= 0).then_some(value);
    Ok(Some(ConnectionBudget {
        max_connections: number(&limits.max_connections),
        reserved: number(&limits.superuser_reserved) + number(&limits.reserved),
        role_limit: limit(limits.role_limit),
        database_limit: limit(limits.database_limit),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_limit_counts() {
        let budget =
            ConnectionBudget { max_connections: 100, reserved: 3, role_limit: Some(20), database_limit: Some(50) };
        assert_eq!(budget.usable(), 20);
        assert_eq!(ConnectionBudget { role_limit: None, database_limit: None, ..budget }.usable(), 97);
    }
}
