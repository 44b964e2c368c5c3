//! Records about a row of one of several tables, which they name by `target_table` and `target_id`.

/// What such a record may be about.
pub const TARGETS: [&str; 2] = ["location", "thing"];
