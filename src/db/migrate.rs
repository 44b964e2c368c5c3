//! Schema migrations: which there are, which are applied, up and down.

use diesel::migration::{Migration, MigrationSource, MigrationVersion};
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::sqlite::Sqlite;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use crate::db::dialect;
use crate::db::dialect::{Connection, history};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// The lock that instances starting together take in turn (any constant would do).
const LOCK: i64 = 0x0c07_1110;

/// Why the schema cannot be used or changed.
#[derive(Debug, thiserror::Error)]
pub enum MigrateError {
    /// The database was written by a newer version of the service.
    #[error("the database has migration {0}, which this version does not know: use a newer version of ocotillo")]
    Unknown(String),
    /// A migration failed.
    #[error("migration failed: {0}")]
    Failed(String),
    /// The database did not answer.
    #[error("migration: {}", dialect::explained(&.0.to_string()))]
    Database(#[from] diesel::result::Error),
    /// No connection to run it on.
    #[error("migration: {0}")]
    Refused(#[from] crate::db::Refusal),
}

impl crate::db::JobError for MigrateError {
    fn database_error(&self) -> Option<&diesel::result::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// One known migration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MigrationState {
    /// `<stamp>_<name>`
    pub name: String,
    /// Whether the database has it.
    pub applied: bool,
}

/// The known migrations in order, and whether each is applied. Refuses a schema newer than this program.
pub fn status(conn: &mut Connection) -> Result<Vec<MigrationState>, MigrateError> {
    let (known, applied) = dialect::with_native(
        conn,
        |conn| -> Result<_, MigrateError> { Ok((names::<Pg>(&POSTGRES)?, applied_on_postgres(conn)?)) },
        |conn| Ok((names::<Sqlite>(&SQLITE)?, applied(conn)?)),
    )?;
    if let Some(unknown) = applied.iter().find(|version| !known.iter().any(|(known, _)| known == *version)) {
        return Err(MigrateError::Unknown(unknown.clone()));
    }
    Ok(known.into_iter().map(|(version, name)| MigrationState { name, applied: applied.contains(&version) }).collect())
}

/// Applies what is pending, and has every change of every table kept; returns the names. Several instances may call this at once: one works, the others wait.
pub fn up(conn: &mut Connection) -> Result<Vec<String>, MigrateError> {
    // Even looking makes Diesel's own table on a new database, so that happens under the lock too.
    dialect::migration_lock(conn, LOCK, |conn| {
        let pending = |state: &MigrationState| (!state.applied).then(|| state.name.clone());
        let names: Vec<String> = status(conn)?.iter().filter_map(pending).collect();
        // A role that may not change the schema need not, when nothing is to be done.
        if !names.is_empty() {
            change(conn, |conn| {
                dialect::with_native(
                    conn,
                    |conn| conn.run_pending_migrations(POSTGRES).map(|_| ()),
                    |conn| conn.run_pending_migrations(SQLITE).map(|_| ()),
                )
            })?;
        }
        history::cover(conn)?;
        Ok(names)
    })
}

/// The tables of which a change might not be kept: someone has changed the schema, or a trigger, in another way than by [`up`].
pub fn uncovered(conn: &mut Connection) -> Result<Vec<String>, MigrateError> {
    Ok(history::uncovered(conn)?)
}

/// The tables that there are, but for those of the history.
pub fn tables(conn: &mut Connection) -> Result<Vec<String>, MigrateError> {
    Ok(history::tables(conn)?)
}

type Changed = Result<(), Box<dyn std::error::Error + Send + Sync>>;

/// Runs migrations; once more without the history's triggers, where one of them names what is to be removed. They are made anew
/// before others can write.
fn change(conn: &mut Connection, migrate: impl Fn(&mut Connection) -> Changed) -> Result<(), MigrateError> {
    let mut changed = migrate(conn);
    if let Err(error) = &changed
        && history::is_in_the_way(&error.to_string())
    {
        history::uncover(conn)?;
        changed = migrate(conn);
    }
    changed.map_err(|error| failed(&*error))
}

/// Reverts the newest applied migration; returns its name, or `None` when there is none left.
pub fn down(conn: &mut Connection) -> Result<Option<String>, MigrateError> {
    dialect::migration_lock(conn, LOCK, |conn| {
        let Some(last) = status(conn)?.into_iter().rev().find(|state| state.applied) else {
            return Ok(None);
        };
        change(conn, |conn| {
            dialect::with_native(
                conn,
                |conn| conn.revert_last_migration(POSTGRES).map(|_| ()),
                |conn| conn.revert_last_migration(SQLITE).map(|_| ()),
            )
        })?;
        history::cover(conn)?;
        Ok(Some(last.name))
    })
}

fn failed(error: &(dyn std::error::Error + Send + Sync)) -> MigrateError {
    MigrateError::Failed(dialect::explained(&error.to_string()))
}

fn names<DB: diesel::backend::Backend>(source: &EmbeddedMigrations) -> Result<Vec<(String, String)>, MigrateError>
where
    EmbeddedMigrations: MigrationSource<DB>,
{
    let migrations: Vec<Box<dyn Migration<DB>>> =
        source.migrations().map_err(|error| MigrateError::Failed(error.to_string()))?;
    let mut names: Vec<(String, String)> = migrations
        .iter()
        .map(|migration| (migration.name().version().to_string(), migration.name().to_string()))
        .collect();
    names.sort();
    Ok(names)
}

/// Looks without making Diesel's table first: a role that may not make tables may still look.
fn applied_on_postgres(conn: &mut PgConnection) -> Result<Vec<String>, MigrateError> {
    let table =
        diesel::sql_query("SELECT 1 AS value FROM pg_class WHERE oid = to_regclass('__diesel_schema_migrations')");
    if table.execute(conn)? == 0 { Ok(Vec::new()) } else { applied_versions(conn) }
}

fn applied_versions(conn: &mut PgConnection) -> Result<Vec<String>, MigrateError> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = diesel::sql_types::Text)]
        version: String,
    }
    let versions: Vec<Version> =
        diesel::sql_query("SELECT version::text AS version FROM __diesel_schema_migrations").load(conn)?;
    Ok(versions.into_iter().map(|row| row.version).collect())
}

fn applied<DB, C>(conn: &mut C) -> Result<Vec<String>, MigrateError>
where
    DB: diesel::backend::Backend,
    C: MigrationHarness<DB>,
{
    let versions: Vec<MigrationVersion<'static>> =
        conn.applied_migrations().map_err(|error| MigrateError::Failed(error.to_string()))?;
    Ok(versions.iter().map(ToString::to_string).collect())
}
