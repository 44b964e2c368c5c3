//! What all tests use: databases, the server, a small client.

pub mod app;
pub mod client;
pub mod database;
pub mod issuer;
pub mod planted;
pub mod principals;
pub mod proxy;
pub mod routes;
pub mod slow;
pub mod tls;
pub mod tokens;

#[allow(unused_imports, reason = "not every test file uses everything")]
pub use app::App;
#[allow(unused_imports, reason = "not every test file uses everything")]
pub use client::{Client, Reply, encode, filter};
#[allow(unused_imports, reason = "not every test file uses everything")]
pub use database::{Database, Kind};
#[allow(unused_imports, reason = "not every test file uses everything")]
pub use serde_json::{Value, json};

/// Declares tests that run on both databases: `both! { fn name(db: Database) { let app = db.start(); ... } }`. Those on
/// PostgreSQL are ignored unless they are asked for: see [`Database::postgres`].
#[macro_export]
macro_rules! both {
    ($($(#[$meta:meta])* fn $name:ident($db:ident: Database) $body:block)*) => {$(
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            fn run($db: $crate::support::Database) $body

            $(#[$meta])*
            #[test]
            fn sqlite() {
                run($crate::support::Database::sqlite());
            }

            $(#[$meta])*
            #[test]
            #[ignore = "needs OCOTILLO_TEST_POSTGRES_URL"]
            fn postgres() {
                run($crate::support::Database::postgres());
            }
        }
    )*};
}
