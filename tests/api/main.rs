//! The integration tests: every one speaks HTTP to the real server on a free port with a database of its own, on SQLite and on
//! PostgreSQL. Those on PostgreSQL are ignored by a plain `cargo test`; with OCOTILLO_TEST_POSTGRES_URL naming a server,
//! `cargo test -- --include-ignored` runs all of them, as CI does.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_methods, reason = "tests look into databases from outside")]
#![allow(clippy::float_cmp, clippy::assigning_clones, clippy::explicit_write, clippy::needless_for_each)]
#![allow(clippy::needless_pass_by_value, reason = "tests own what they are given")]

#[macro_use]
mod support;

mod access;
mod asset;
mod auth;
mod columns;
mod concurrent;
mod corpus;
mod deployment;
mod documents;
mod edge;
mod embedded;
mod field_activity;
mod field_event;
mod geospatial;
mod group;
mod history;
mod import;
mod large_page;
mod lexicon;
mod limits;
mod location;
mod observation;
mod openapi;
mod overload;
mod parameter;
mod params;
mod race;
mod resilience;
mod round_trips;
mod sample;
mod schema;
mod secrets;
mod sensor;
mod service;
mod shutdown;
mod thing;
mod version;
mod visibility;
