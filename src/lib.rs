//! Ocotillo: a REST service for a geological survey's groundwater and sample data.
//!
//! Floors, each importing only from below: [`api`] (HTTP) > `store` (queries) > [`db`] (connections, executor); `domain`
//! (what the words mean) serves all three. [`server`] puts them together; [`cli`] is the command line. Public is what the program
//! and test harnesses need.

pub mod api;
pub mod auth;
pub mod cli;
pub mod config;
pub mod db;
mod descriptors;
mod domain;
mod export;
pub mod import;
pub mod server;
mod storage;
mod store;
mod telemetry;
mod tls;

pub use store::{StoreError, answer, seed};
