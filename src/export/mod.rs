//! File formats that things are exported in.

pub mod array;
mod dbf;
pub mod geojson;
pub mod ngwmn;
pub mod shapefile;
mod xml;
