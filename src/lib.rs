//! Ocotillo: a REST service for a geological survey's groundwater and sample data.
//!
//! Floors, each importing only from below: [`api`] (HTTP) > [`store`] (queries) > [`db`] (connections, executor); [`domain`]
//! (what the words mean) serves all three. [`server`] puts them together; [`cli`] is the command line.

pub mod api;
pub mod auth;
pub mod cli;
pub mod config;
pub mod db;
pub mod domain;
pub mod import;
pub mod server;
pub mod store;
pub mod telemetry;
