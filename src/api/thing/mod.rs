//! `/thing`

pub mod geothermal_well;
pub mod history;
pub mod id_link;
pub mod read;
pub mod time_series;
pub mod well_screen;
pub mod write;
