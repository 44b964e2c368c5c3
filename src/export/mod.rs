//! File formats that things are exported in.

mod dbf;
pub mod geojson;
pub mod shapefile;
