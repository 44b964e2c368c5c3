//! Who may see which rows: one rule for each table, which lists, look-ups, counts, searches, exports and raw SQL all take from
//! here. Who sees public rows only sees those that are public and whose parents he sees too. A row is public by its release status:
//! `public`, or `embargoed` from its day on.

use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::Bool;

use crate::db::Backend;
use crate::db::prelude::*;
use crate::domain::principal::Sight;

/// The rule of one table.
pub struct Rule {
    table: &'static str,
    /// What must hold of the row itself.
    own: Own,
    /// Foreign keys and the rules of the rows that they name, which must be seen too.
    parents: &'static [(&'static str, &'static Rule)],
    /// Columns that are neither shown nor filtered nor sorted by.
    internal: &'static [&'static str],
    /// Columns that may tell where exactly something is: internal to who is shown rounded coordinates.
    exact: &'static [&'static str],
}

/// What must hold of a row itself.
enum Own {
    /// It is public.
    Public,
    /// Nothing: it has no release status and is as visible as its parents; without parents everybody sees it.
    Nothing,
    /// Nothing could make it visible: who sees public rows only sees none of this table.
    Never,
    /// It is public, and so is the row of one of these tables that `target_table` and `target_id` name.
    Target(&'static [&'static Rule]),
    /// It is public, and tied to nothing or to a row that is seen.
    Tied(Tie),
}

/// Rows of another table that rows are tied to.
struct Tie {
    /// The table of the ties.
    table: &'static str,
    /// Its foreign key to the rule's table.
    key: &'static str,
    /// Its foreign key to the other table, and that one's rule.
    other: (&'static str, &'static Rule),
}

const AUDIT: &[&str] = &["created_by_id", "created_by_name", "updated_by_id", "updated_by_name"];

macro_rules! rules {
    ($($name:ident: $table:literal, $own:expr $(, below $($key:literal of $parent:ident),+)? $(, internal $($column:literal),+)?
        $(, exact $($telling:literal),+)?;)*) => {
        $(
            #[doc = concat!("The rule of `", $table, "`.")]
            // Also for tables that are read by nothing yet.
            #[allow(dead_code)]
            pub static $name: Rule = Rule {
                table: $table,
                own: $own,
                parents: &[$($(($key, &$parent)),+)?],
                internal: &[$($($column),+)?],
                exact: &[$($($telling),+)?],
            };
        )*

        /// All rules, by table.
        #[cfg(test)]
        static ALL: &[&Rule] = &[$(&$name),*];
    };
}

rules! {
    LEXICON_TERM: "lexicon_term", Own::Nothing;
    LEXICON_CATEGORY: "lexicon_category", Own::Nothing;
    LEXICON_TRIPLE: "lexicon_triple", Own::Nothing;
    LOCATION: "location", Own::Public, exact "nma_coordinate_notes", "nma_notes_location";
    THING: "thing", Own::Public;
    PLACE: "location_thing_association", Own::Nothing, below "thing_id" of THING, "location_id" of LOCATION;
    GROUP: "group", Own::Public;
    GROUP_MEMBER: "group_thing_association", Own::Nothing, below "group_id" of GROUP, "thing_id" of THING;
    ID_LINK: "thing_id_link", Own::Public, below "thing_id" of THING;
    AQUIFER_SYSTEM: "aquifer_system", Own::Public;
    GEOLOGIC_FORMATION: "geologic_formation", Own::Public;
    GEOTHERMAL_WELL: "geothermal_well", Own::Public, internal "thing_id";
    WELL_SCREEN: "well_screen", Own::Public, below "thing_id" of THING,
        internal "aquifer_system_id", "geologic_formation_id";
    WELL_PURPOSE: "well_purpose", Own::Public, below "thing_id" of THING;
    WELL_CASING_MATERIAL: "well_casing_material", Own::Public, below "thing_id" of THING;
    MONITORING_FREQUENCY: "monitoring_frequency_history", Own::Public, below "thing_id" of THING;
    MEASURING_POINT: "measuring_point_history", Own::Public, below "thing_id" of THING;
    THING_AQUIFER: "thing_aquifer_association", Own::Public,
        below "thing_id" of THING, "aquifer_system_id" of AQUIFER_SYSTEM;
    AQUIFER_TYPE: "aquifer_type", Own::Public, below "thing_aquifer_association_id" of THING_AQUIFER;
    THING_FORMATION: "thing_geologic_formation_association", Own::Public, below "thing_id" of THING,
        internal "geologic_formation_id";
    STATUS: "status_history", Own::Target(&[&THING, &LOCATION]);
    NOTE: "notes", Own::Target(&[&THING, &LOCATION]);
    PROVENANCE: "data_provenance", Own::Target(&[&THING, &LOCATION]);
    PERMISSION: "permission_history", Own::Never;
    CONTACT: "contact", Own::Never;
    PHONE: "phone", Own::Never;
    EMAIL: "email", Own::Never;
    ADDRESS: "address", Own::Never;
    INCOMPLETE_PHONE: "incomplete_nma_phone", Own::Never;
    THING_CONTACT: "thing_contact_association", Own::Never;
    FIELD_EVENT_PARTICIPANT: "field_event_participant", Own::Never;
    PARAMETER: "parameter", Own::Public;
    ANALYSIS_METHOD: "analysis_method", Own::Public;
    REGULATORY_LIMIT: "regulatory_limit", Own::Public, below "parameter_id" of PARAMETER;
    SENSOR: "sensor", Own::Public, internal "pcn_number", "nma_pk_equipment";
    DEPLOYMENT: "deployment", Own::Public, below "thing_id" of THING, "sensor_id" of SENSOR;
    FIELD_EVENT: "field_event", Own::Public, below "thing_id" of THING;
    FIELD_ACTIVITY: "field_activity", Own::Public, below "field_event_id" of FIELD_EVENT;
    SAMPLE: "sample", Own::Public, below "field_activity_id" of FIELD_ACTIVITY, internal "field_event_participant_id";
    OBSERVATION: "observation", Own::Public, below "sample_id" of SAMPLE, "parameter_id" of PARAMETER;
    BLOCK: "transducer_observation_block", Own::Public, below "thing_id" of THING, "parameter_id" of PARAMETER;
    HISTORY: "history", Own::Never;
    IDEMPOTENCY: "idempotency", Own::Never;
    READING: "transducer_observation", Own::Public,
        below "deployment_id" of DEPLOYMENT, "parameter_id" of PARAMETER;
    API_KEY: "api_key", Own::Never;
    ASSET: "asset", Own::Tied(Tie { table: "asset_thing_association", key: "asset_id", other: ("thing_id", &THING) });
    ASSET_THING: "asset_thing_association", Own::Nothing, below "asset_id" of ASSET, "thing_id" of THING;
    PUBLICATION: "publication", Own::Never;
    PUB_AUTHOR: "pub_author", Own::Never;
    AUTHORSHIP: "pub_author_publication_association", Own::Never;
    GEOCHRONOLOGY_AGE: "geochronology_age", Own::Public, below "location_id" of LOCATION;
    DESTINATION: "destination", Own::Never;
    PERMISSION_GRANT: "permission_grant", Own::Never;
    PUBLICATION_CONSENT: "publication_consent", Own::Never;
    FEEDBACK: "feedback", Own::Never;
}

impl Rule {
    /// True for columns that the principal neither sees nor filters nor sorts by.
    pub fn hides(&self, sight: Sight, column: &str) -> bool {
        let internal = sight.is_public() && (self.internal.contains(&column) || AUDIT.contains(&column));
        internal || (sight.decimals().is_some() && self.exact.contains(&column))
    }

    /// The condition in SQL, on the rows of the table by the name that they have in the statement.
    pub fn sql(&self, sight: Sight, rows: &str) -> String {
        match sight {
            Sight::Everything => "TRUE".to_owned(),
            Sight::PublicRows | Sight::PublicRounded(_) => self.public(rows, 0),
        }
    }

    /// As [`Self::sql`], where the rows' parents are known to be seen.
    pub fn own_sql(&self, sight: Sight, rows: &str) -> String {
        match (sight, &self.own) {
            (Sight::Everything, _) | (_, Own::Nothing) => "TRUE".to_owned(),
            (_, Own::Public) => public(rows),
            (_, Own::Never | Own::Target(_) | Own::Tied(_)) => self.sql(sight, rows),
        }
    }

    /// `depth` keeps the names of nested rows apart.
    fn public(&self, rows: &str, depth: usize) -> String {
        let parent_rows = format!("seen_{depth}");
        let seen_parent = |key: &str, parent: &Self| {
            format!(
                "EXISTS (SELECT 1 FROM \"{}\" {parent_rows} WHERE {parent_rows}.id = {rows}.{key} AND {})",
                parent.table,
                parent.public(&parent_rows, depth + 1)
            )
        };
        let own = match &self.own {
            Own::Public => Some(public(rows)),
            Own::Nothing => None,
            Own::Never => return "FALSE".to_owned(),
            Own::Target(targets) => {
                let of = |target: &&Self| {
                    format!("{rows}.target_table = '{}' AND {}", target.table, seen_parent("target_id", target))
                };
                let any: Vec<String> = targets.iter().map(of).collect();
                Some(format!("{} AND ({})", public(rows), any.join(" OR ")))
            }
            Own::Tied(Tie { table, key, other: (other_key, other) }) => {
                let tie = format!("tie_{depth}");
                let (other, tied) = (other.table, other.public(&parent_rows, depth + 1));
                Some(format!(
                    "{public} AND (NOT EXISTS (SELECT 1 FROM {table} {tie} WHERE {tie}.{key} = {rows}.id) \
                     OR EXISTS (SELECT 1 FROM {table} {tie} JOIN \"{other}\" {parent_rows} \
                     ON {parent_rows}.id = {tie}.{other_key} WHERE {tie}.{key} = {rows}.id AND {tied}))",
                    public = public(rows),
                ))
            }
        };
        let parents = self.parents.iter().map(|(key, parent)| seen_parent(key, parent));
        let all: Vec<String> = own.into_iter().chain(parents).collect();
        if all.is_empty() { "TRUE".to_owned() } else { all.join(" AND ") }
    }
}

/// A row is public, or embargoed until a day that has come. The day begins at midnight UTC, by the clock of the statement.
///
/// Not the plain equations: SQLite without statistics would take the index on the release status, which nearly every row shares, and
/// not the one on the foreign key. PostgreSQL turns the negation round by itself, and then knows how many rows are public.
fn public(rows: &str) -> String {
    format!(
        "NOT ({rows}.release_status <> 'public' \
         AND ({rows}.release_status <> 'embargoed' OR {rows}.release_at > CURRENT_DATE))"
    )
}

/// See [`visible`].
#[derive(Clone, Debug)]
pub struct Visible(String);

/// True for the rows of the rule's table, by its own name, that the principal may see.
pub fn visible(sight: Sight, rule: &Rule) -> Visible {
    Visible(rule.sql(sight, &format!("\"{}\"", rule.table)))
}

/// As [`visible`], where the rows' parents are known to be seen, or make no difference.
pub fn visible_itself(sight: Sight, rule: &Rule) -> Visible {
    Visible(rule.own_sql(sight, &format!("\"{}\"", rule.table)))
}

/// True for the rows of `location_thing_association` that the principal may see and that say where their things are now:
/// of the places that he may see the one that a thing came to last, unless it has left that one too. Places that he may
/// not see count for nothing: otherwise a missing place would give them away.
pub fn current_place(sight: Sight) -> Visible {
    const PLACES: &str = "location_thing_association";
    let seen = PLACE.sql(sight, PLACES);
    let newer_seen = PLACE.sql(sight, "newer");
    Visible(format!(
        "({PLACES}.effective_end IS NULL AND {seen} AND NOT EXISTS (SELECT 1 FROM {PLACES} newer \
         WHERE newer.thing_id = {PLACES}.thing_id \
         AND (newer.effective_start, newer.id) > ({PLACES}.effective_start, {PLACES}.id) AND {newer_seen}))"
    ))
}

impl Expression for Visible {
    type SqlType = Bool;
}

impl<QS> AppearsOnTable<QS> for Visible {}
impl<QS> SelectableExpression<QS> for Visible {}

impl<GB> ValidGrouping<GB> for Visible {
    type IsAggregate = is_aggregate::Never;
}

impl QueryId for Visible {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for Visible {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql(&self.0);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_with_a_release_status_has_a_rule() {
        let schema = include_str!("../../db/schema.rs");
        let mut with_status = Vec::new();
        let mut table = "";
        for line in schema.lines().map(str::trim) {
            if let Some(name) = line.strip_suffix(" (id) {") {
                table = name;
            }
            if line.starts_with("release_status ->") {
                with_status.push(table);
            }
        }
        assert!(with_status.len() > 20);
        let missing: Vec<&&str> =
            with_status.iter().filter(|table| ALL.iter().all(|rule| rule.table != **table)).collect();
        assert!(missing.is_empty(), "{missing:?}");
    }

    #[test]
    fn a_row_is_seen_with_its_parents() {
        assert_eq!(SAMPLE.sql(Sight::Everything, "sample"), "TRUE");
        let sql = FIELD_ACTIVITY.sql(Sight::PublicRows, "a");
        assert_eq!(
            sql,
            format!(
                "{} AND EXISTS (SELECT 1 FROM \"field_event\" seen_0 WHERE seen_0.id = a.field_event_id AND {} \
                 AND EXISTS (SELECT 1 FROM \"thing\" seen_1 WHERE seen_1.id = seen_0.thing_id AND {}))",
                public("a"),
                public("seen_0"),
                public("seen_1")
            )
        );
        let sql = ASSET.sql(Sight::PublicRows, "a");
        assert!(
            sql.starts_with(&public("a"))
                && sql.ends_with(&format!("tie_0.asset_id = a.id AND {}))", public("seen_0")))
        );
        assert_eq!(CONTACT.sql(Sight::PublicRows, "contact"), "FALSE");
        assert_eq!(LEXICON_TERM.sql(Sight::PublicRows, "lexicon_term"), "TRUE");
    }
}
