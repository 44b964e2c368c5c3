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
mod access_records;
mod analysis_method;
mod aquifer_system;
mod auth;
mod bulk_water_levels;
mod chemistry;
mod columns;
mod concurrent;
mod conditional;
mod contact;
mod corpus;
mod data_provenance;
mod deployment;
mod disclaimer;
mod documents;
mod edge;
mod embedded;
mod feedback;
mod field_activity;
mod field_event;
mod field_event_participant;
mod formats;
mod geochronology;
mod geologic_formation;
mod geospatial;
mod group;
mod history;
mod idempotency;
mod import;
mod large_page;
mod lexicon;
mod limits;
mod location;
mod long_lists;
mod ngwmn;
mod observation;
mod openapi;
mod overload;
mod parameter;
mod params;
mod permission_history;
mod publication;
mod race;
mod regulatory_limit;
mod resilience;
mod round_trips;
mod sample;
mod schema;
mod search;
mod secrets;
mod sensor;
mod service;
mod shutdown;
mod thing;
mod thing_aquifer_association;
mod thing_geologic_formation_association;
mod version;
mod visibility;
