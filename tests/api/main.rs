//! The integration tests: every one speaks HTTP to the real server on a free port with a database of its own, on SQLite and
//! (when OCOTILLO_TEST_POSTGRES_URL is set, which CI always does) on PostgreSQL.
#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::disallowed_methods, reason = "tests look into databases from outside")]
#![allow(clippy::float_cmp, clippy::assigning_clones, clippy::explicit_write, clippy::needless_for_each)]
#![allow(clippy::needless_pass_by_value, reason = "tests own what they are given")]

#[macro_use]
mod support;

mod corpus;
mod deployment;
mod documents;
mod field_activity;
mod field_event;
mod geospatial;
mod group;
mod group_member;
mod id_link;
mod import;
mod large_page;
mod lexicon;
mod location;
mod observation;
mod openapi;
mod overload;
mod parameter;
mod resilience;
mod sample;
mod schema;
mod sensor;
mod service;
mod shutdown;
mod thing_history;
mod thing_read;
mod thing_write;
mod transducer;
mod transducer_block;
mod well_screen;
