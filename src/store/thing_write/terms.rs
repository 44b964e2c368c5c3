//! The lists of terms that a well has: its purposes and the materials of its casing.

use diesel::prelude::*;

use crate::db::Connection;
use crate::db::schema::{well_casing_material, well_purpose};
use crate::domain::DRAFT;
use crate::domain::actor::Actor;

macro_rules! term_list {
    ($add:ident, $replace:ident, $table:ident, $column:ident, $what:literal) => {
        #[doc = concat!("Adds ", $what, " to a well, each once.")]
        pub fn $add(conn: &mut Connection, well: i32, terms: &[String], actor: &Actor) -> QueryResult<()> {
            for (at, term) in terms.iter().enumerate() {
                if terms.iter().take(at).any(|earlier| earlier == term) {
                    continue;
                }
                let row = (
                    $table::thing_id.eq(well),
                    $table::$column.eq(term),
                    $table::release_status.eq(DRAFT),
                    $table::created_by_id.eq(&actor.id),
                    $table::created_by_name.eq(&actor.name),
                );
                diesel::insert_into($table::table).values(row).execute(conn)?;
            }
            Ok(())
        }

        #[doc = concat!("Replaces a well's ", $what, "; an empty list leaves them alone.")]
        pub fn $replace(conn: &mut Connection, well: i32, terms: &[String], actor: &Actor) -> QueryResult<()> {
            if terms.is_empty() {
                return Ok(());
            }
            diesel::delete($table::table.filter($table::thing_id.eq(well))).execute(conn)?;
            $add(conn, well, terms, actor)
        }
    };
}

term_list!(add_purposes, replace_purposes, well_purpose, purpose, "purposes");
term_list!(add_materials, replace_materials, well_casing_material, material, "casing materials");
