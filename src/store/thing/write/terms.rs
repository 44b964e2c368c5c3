//! The lists of terms that a well has: its purposes and the materials of its casing.

use std::collections::HashSet;

use crate::db::prelude::*;
use crate::db::schema::{well_casing_material, well_purpose};
use crate::db::{AlsoRun, InsertRows};
use crate::domain::DRAFT;
use crate::domain::principal::Principal;

macro_rules! term_list {
    ($row:ident, $rows:ident, $remove:ident, $table:ident, $column:ident, $what:literal) => {
        #[doc = concat!("One of a well's ", $what, ", to be stored.")]
        #[derive(Clone, Debug, Insertable)]
        #[diesel(table_name = $table, treat_none_as_default_value = false)]
        pub struct $row {
            thing_id: i32,
            $column: String,
            release_status: &'static str,
            release_at: Option<chrono::NaiveDate>,
            created_by_id: Option<String>,
            created_by_name: Option<String>,
        }

        crate::insertable!($row => $table);

        #[doc = concat!("A well's ", $what, ", each once.")]
        pub(super) fn $rows(by: &Principal, well: i32, terms: Vec<String>) -> Vec<$row> {
            let mut known = HashSet::new();
            let row = |$column| $row {
                thing_id: well,
                $column,
                release_status: DRAFT,
                release_at: None,
                created_by_id: by.id.clone(),
                created_by_name: by.name.clone(),
            };
            terms.into_iter().filter(|term| known.insert(term.clone())).map(row).collect()
        }

        #[doc = concat!("Makes room for new ", $what, ", if there are any: an empty list leaves the old ones alone.")]
        pub(super) fn $remove(well: i32, new: &[$row]) -> impl InsertRows + use<> {
            let old = $table::table.filter($table::thing_id.eq(well));
            AlsoRun((!new.is_empty()).then(|| diesel::delete(old)))
        }
    };
}

term_list!(NewPurpose, purposes, replace_purposes, well_purpose, purpose, "purposes");
term_list!(NewMaterial, materials, replace_materials, well_casing_material, material, "casing materials");
