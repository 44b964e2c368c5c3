//! Formats that items of all kinds are sent in, and file formats that things are exported in.

pub mod array;
pub mod columns;
pub mod csv;
mod dbf;
pub mod geojson;
pub mod ndjson;
pub mod ngwmn;
pub mod shapefile;
mod xml;
