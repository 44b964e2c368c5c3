//! Ocotillo: a REST service for a geological survey's groundwater and sample data.

pub mod config;
pub mod db;
pub mod domain;
pub mod store;
