//! A database for each test: a copied template file, or a database created from a template database.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use ocotillo::config::Config;
use ocotillo::{db, server};

pub const VARIABLE: &str = "OCOTILLO_TEST_POSTGRES_URL";

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

/// A database with the schema and the seeds, removed when dropped.
pub struct Database {
    pub kind: Kind,
    pub url: String,
    /// Where the files of its assets are.
    pub files: PathBuf,
    scratch: Option<tempfile::TempDir>,
    server_url: Option<String>,
}

impl Database {
    pub fn sqlite() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("test.db");
        std::fs::copy(sqlite_template(), &path).unwrap();
        let (url, files) = (format!("sqlite:{}", path.display()), scratch.path().join("files"));
        Self { kind: Kind::Sqlite, url, files, scratch: Some(scratch), server_url: None }
    }

    /// A SQLite file that does not exist yet.
    pub fn empty_sqlite() -> Self {
        let scratch = tempfile::tempdir().unwrap();
        let path = scratch.path().join("test.db");
        let (url, files) = (format!("sqlite:{}", path.display()), scratch.path().join("files"));
        Self { kind: Kind::Sqlite, url, files, scratch: Some(scratch), server_url: None }
    }

    /// On the server that the variable names. A test that asks for one is marked
    /// `#[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]`: a plain `cargo test` says that it was left out, and
    /// `cargo test -- --include-ignored` fails when no server is named.
    pub fn postgres() -> Self {
        Self::postgres_from(true)
    }

    /// A PostgreSQL database without any table.
    pub fn empty_postgres() -> Self {
        Self::postgres_from(false)
    }

    /// A database of the given kind.
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::sqlite(),
            Kind::Postgres => Self::postgres(),
        }
    }

    /// The same database for another server. It is removed with the first one.
    pub fn another(&self) -> Self {
        let (url, files) = (self.url.clone(), self.files.clone());
        Self { kind: self.kind, url, files, scratch: None, server_url: None }
    }

    fn postgres_from(templated: bool) -> Self {
        let server_url = std::env::var(VARIABLE).unwrap_or_else(|_| panic!("{VARIABLE} must name a PostgreSQL server"));
        let name = format!("ocotillo_t_{}", uuid::Uuid::new_v4().simple());
        let mut conn = connect(&server_url);
        // Other test processes wait here while one makes the template, and nobody takes it away before it is copied.
        execute(&mut conn, "SELECT pg_advisory_lock(20261121)");
        let from =
            if templated { format!(" TEMPLATE {}", postgres_template(&server_url, &mut conn)) } else { String::new() };
        execute(&mut conn, &format!("CREATE DATABASE {name}{from}"));
        execute(&mut conn, "SELECT pg_advisory_unlock(20261121)");
        let scratch = tempfile::tempdir().unwrap();
        Self {
            kind: Kind::Postgres,
            url: with_database(&server_url, &name),
            files: scratch.path().join("files"),
            scratch: Some(scratch),
            server_url: Some(server_url),
        }
    }

    pub fn is_postgres(&self) -> bool {
        self.kind == Kind::Postgres
    }

    /// The file of a SQLite database.
    pub fn path(&self) -> PathBuf {
        PathBuf::from(self.url.strip_prefix("sqlite:").unwrap())
    }

    /// Runs SQL from outside the server.
    pub fn execute(&self, sql: &str) {
        self.try_execute(sql).unwrap();
    }

    /// As [`Self::execute`], with the database's answer.
    pub fn try_execute(&self, sql: &str) -> QueryResult<()> {
        match self.kind {
            Kind::Postgres => connect(&self.url).batch_execute(sql),
            Kind::Sqlite => self.sqlite_connection().batch_execute(sql),
        }
    }

    /// A single number, read from outside the server.
    pub fn number(&self, sql: &str) -> i64 {
        let sql = format!("SELECT CAST(({sql}) AS bigint) AS value");
        let row: Number = match self.kind {
            Kind::Postgres => diesel::sql_query(sql).get_result(&mut connect(&self.url)).unwrap(),
            Kind::Sqlite => diesel::sql_query(sql).get_result(&mut self.sqlite_connection()).unwrap(),
        };
        row.value
    }

    /// The tables that have a column, by name.
    pub fn tables_with(&self, column: &str) -> Vec<String> {
        self.texts(&match self.kind {
            Kind::Postgres => format!(
                "SELECT c.table_name AS value FROM information_schema.columns c \
                 JOIN information_schema.tables t USING (table_schema, table_name) \
                 WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.column_name = '{column}' ORDER BY 1"
            ),
            Kind::Sqlite => format!(
                "SELECT m.name AS value FROM sqlite_master m, pragma_table_info(m.name) c \
                 WHERE m.type = 'table' AND c.name = '{column}' ORDER BY 1"
            ),
        })
    }

    /// The columns of a table.
    pub fn columns(&self, table: &str) -> Vec<String> {
        self.texts(&match self.kind {
            Kind::Postgres => format!(
                "SELECT column_name AS value FROM information_schema.columns \
                 WHERE table_schema = 'public' AND table_name = '{table}'"
            ),
            Kind::Sqlite => format!("SELECT name AS value FROM pragma_table_info('{table}')"),
        })
    }

    /// A column of texts, named `value`, read from outside the server.
    pub fn texts(&self, sql: &str) -> Vec<String> {
        let rows: Vec<Word> = match self.kind {
            Kind::Postgres => diesel::sql_query(sql).load(&mut connect(&self.url)).unwrap(),
            Kind::Sqlite => diesel::sql_query(sql).load(&mut self.sqlite_connection()).unwrap(),
        };
        rows.into_iter().map(|row| row.value).collect()
    }

    fn sqlite_connection(&self) -> SqliteConnection {
        let mut conn = SqliteConnection::establish(self.path().to_str().unwrap()).unwrap();
        conn.batch_execute("PRAGMA busy_timeout = 5000; PRAGMA foreign_keys = ON").unwrap();
        // The index on fold(name) needs the function.
        db::functions::register(&mut conn).unwrap();
        conn
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Some(server_url) = &self.server_url {
            let name = self.url.rsplit('/').next().unwrap();
            execute(&mut connect(server_url), &format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
        drop(self.scratch.take());
    }
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct Word {
    #[diesel(sql_type = Text)]
    value: String,
}

/// Times without an offset mean UTC, whatever the server's own zone is.
fn connect(url: &str) -> PgConnection {
    let mut conn = PgConnection::establish(url).unwrap_or_else(|error| panic!("{url}: {error}"));
    execute(&mut conn, "SET TIME ZONE 'UTC'");
    conn
}

fn execute(conn: &mut PgConnection, sql: &str) {
    conn.batch_execute(sql).unwrap_or_else(|error| panic!("{sql}: {error}"));
}

/// The same server, another database.
fn with_database(url: &str, name: &str) -> String {
    format!("{}/{name}", url.rsplit_once('/').unwrap().0)
}

/// Changes with everything that a template is made of.
fn fingerprint() -> String {
    fn add(path: &Path, hasher: &mut DefaultHasher) {
        if path.is_dir() {
            let mut entries: Vec<PathBuf> =
                std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect();
            entries.sort();
            entries.iter().for_each(|entry| add(entry, hasher));
        } else {
            path.strip_prefix(env!("CARGO_MANIFEST_DIR")).unwrap().hash(hasher);
            std::fs::read(path).unwrap().hash(hasher);
        }
    }
    let mut hasher = DefaultHasher::new();
    for part in ["migrations", "seed", "src/db/dialect/history"] {
        add(&Path::new(env!("CARGO_MANIFEST_DIR")).join(part), &mut hasher);
    }
    format!("{:016x}", hasher.finish())
}

fn prepare(url: &str) {
    let mut config = Config::default();
    config.database.url = url.to_owned();
    config.concurrency.pool_size = Some(1);
    let prepared = server::prepare(&config).unwrap();
    // What was written is then in the one file.
    prepared.executor.finish();
}

fn sqlite_template() -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let template = directory.join(format!("template-{}.db", fingerprint()));
    if !template.exists() {
        // Others may be at it too: whoever is last puts an equal file in its place.
        let scratch = tempfile::tempdir_in(directory).unwrap();
        let path = scratch.path().join("new.db");
        prepare(&format!("sqlite:{}", path.display()));
        std::fs::rename(&path, &template).unwrap();
    }
    template
}

/// The template's name; made when it is missing. The caller holds the lock.
fn postgres_template(server_url: &str, conn: &mut PgConnection) -> String {
    let name = format!("ocotillo_template_{}", fingerprint());
    let exists: Number = diesel::sql_query("SELECT count(*) AS value FROM pg_database WHERE datname = $1")
        .bind::<Text, _>(&name)
        .get_result(conn)
        .unwrap();
    if exists.value == 0 {
        let stale: Vec<Word> = diesel::sql_query(
            "SELECT datname::text AS value FROM pg_database WHERE datname LIKE 'ocotillo\\_template\\_%'",
        )
        .load(conn)
        .unwrap();
        for old in stale {
            execute(conn, &format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", old.value));
        }
        let unfinished = format!("{name}_new");
        execute(conn, &format!("CREATE DATABASE {unfinished}"));
        prepare(&with_database(server_url, &unfinished));
        wait_until_unused(conn, &unfinished);
        execute(conn, &format!("ALTER DATABASE {unfinished} RENAME TO {name}"));
    }
    name
}

/// The pool of [`prepare`] closes its connections in the background.
fn wait_until_unused(conn: &mut PgConnection, name: &str) {
    for _ in 0..200 {
        let used: Number = diesel::sql_query("SELECT count(*) AS value FROM pg_stat_activity WHERE datname = $1")
            .bind::<Text, _>(name)
            .get_result(conn)
            .unwrap();
        if used.value == 0 {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(25));
    }
    panic!("{name} is still in use");
}

use diesel::connection::SimpleConnection as _;
