//! The small children of things: a value or two each, of eight tables, read as one query.

use std::collections::HashMap;

use crate::db::prelude::*;
use chrono::NaiveDate;
use diesel::RunQueryDsl;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId, SelectQuery};
use diesel::sql_types::{Bool, Date, Double, Integer, Nullable, Text};

use crate::db::{Backend, Connection, Ids, Read, rows};
use crate::domain::principal::Sight;
use crate::domain::thing::{Aquifer, MonitoringFrequency, PERMISSION_TYPES, Permission};
use crate::store::query::visibility as rules;
use crate::store::thing::{DATALOGGER_STATUS, MONITORING_STATUS, OPEN_STATUS, WELL_STATUS};

/// The newest open status of each type.
#[derive(Default)]
pub(in crate::store) struct Statuses {
    pub monitoring: Option<String>,
    pub well: Option<String>,
    pub open: Option<String>,
    pub datalogger: Option<String>,
}

/// The small children of one thing.
#[derive(Default)]
pub(in crate::store) struct Facts {
    pub statuses: Statuses,
    /// What the owners allow: the newest open consent of each kind.
    pub permissions: Option<[Permission; 3]>,
    /// How often the thing is measured now.
    pub frequencies: Vec<MonitoringFrequency>,
    /// The newest measuring point with a height: feet above ground, and which point it is. Where no height was ever
    /// taken, the newest description stands alone.
    pub measuring_point: (Option<f64>, Option<String>),
    pub purposes: Vec<String>,
    pub materials: Vec<String>,
    /// Keys of groups.
    pub groups: Vec<i32>,
    /// The aquifers that the thing draws from, with their types.
    pub aquifers: Vec<Aquifer>,
    /// The association of the last aquifer.
    last_aquifer: Option<i32>,
}

/// The small children of things, by thing.
pub(in crate::store) fn read(sight: Sight, things: impl Ids) -> impl Read<Output = HashMap<i32, Facts>> {
    rows::<Row, _>(Children { branches: branches(sight), things }).giving(|rows| {
        let mut by_thing: HashMap<i32, Facts> = HashMap::new();
        for row in rows {
            by_thing.entry(row.thing).or_default().add(row);
        }
        by_thing
    })
}

/// A child of any kind. What a column means depends on the kind; see [`branches`].
#[derive(Queryable)]
struct Row {
    kind: i32,
    thing: i32,
    _since: Option<NaiveDate>,
    id: i32,
    _part: Option<i32>,
    one: Option<String>,
    other: Option<String>,
    number: Option<f64>,
    flag: Option<bool>,
    day: Option<NaiveDate>,
}

type RowType = (
    Integer,
    Integer,
    Nullable<Date>,
    Integer,
    Nullable<Integer>,
    Nullable<Text>,
    Nullable<Text>,
    Nullable<Double>,
    Nullable<Bool>,
    Nullable<Date>,
);

const STATUS: i32 = 1;
const PERMISSION: i32 = 2;
const FREQUENCY: i32 = 3;
const POINT: i32 = 4;
const PURPOSE: i32 = 5;
const MATERIAL: i32 = 6;
const GROUP: i32 = 7;
const AQUIFER: i32 = 8;

/// Each ends before the condition on its last column. The kinds are sorted by `since`, `id` and `part`. The first one
/// says of which type the columns are.
fn branches(sight: Sight) -> [String; 8] {
    [
        format!(
            "SELECT 1 AS kind, target_id AS thing, start_date AS since, id, CAST(NULL AS integer) AS part, \
                status_type AS one, status_value AS other, CAST(NULL AS double precision) AS number, \
                CAST(NULL AS boolean) AS flag, CAST(NULL AS date) AS day \
             FROM status_history WHERE {} AND end_date IS NULL AND target_table = 'thing' AND target_id",
            rules::STATUS.sql(sight, "status_history")
        ),
        format!(
            "SELECT 2, target_id, start_date, id, NULL, permission_type, NULL, NULL, permission_allowed, start_date \
             FROM permission_history WHERE {} AND end_date IS NULL AND target_table = 'thing' AND target_id",
            rules::PERMISSION.sql(sight, "permission_history")
        ),
        format!(
            "SELECT 3, thing_id, NULL, id, NULL, monitoring_frequency, NULL, NULL, NULL, start_date \
             FROM monitoring_frequency_history WHERE {} AND end_date IS NULL AND thing_id",
            rules::MONITORING_FREQUENCY.sql(sight, "monitoring_frequency_history")
        ),
        format!(
            "SELECT 4, thing_id, start_date, id, NULL, measuring_point_description, NULL, measuring_point_height, \
                NULL, NULL \
             FROM measuring_point_history WHERE {} AND thing_id",
            rules::MEASURING_POINT.sql(sight, "measuring_point_history")
        ),
        format!(
            "SELECT 5, thing_id, NULL, id, NULL, purpose, NULL, NULL, NULL, NULL \
             FROM well_purpose WHERE {} AND thing_id",
            rules::WELL_PURPOSE.sql(sight, "well_purpose")
        ),
        format!(
            "SELECT 6, thing_id, NULL, id, NULL, material, NULL, NULL, NULL, NULL \
             FROM well_casing_material WHERE {} AND thing_id",
            rules::WELL_CASING_MATERIAL.sql(sight, "well_casing_material")
        ),
        format!(
            "SELECT 7, thing_id, NULL, group_id, NULL, NULL, NULL, NULL, NULL, NULL \
             FROM group_thing_association WHERE {} AND thing_id",
            rules::GROUP_MEMBER.sql(sight, "group_thing_association")
        ),
        format!(
            "SELECT 8, a.thing_id, NULL, a.id, t.id, s.name, t.aquifer_type, NULL, NULL, NULL \
             FROM thing_aquifer_association a JOIN aquifer_system s ON s.id = a.aquifer_system_id \
                LEFT JOIN aquifer_type t ON t.thing_aquifer_association_id = a.id AND {} \
             WHERE {} AND a.thing_id",
            rules::AQUIFER_TYPE.sql(sight, "t"),
            rules::THING_AQUIFER.sql(sight, "a")
        ),
    ]
}

/// The statement.
struct Children<K> {
    branches: [String; 8],
    things: K,
}

impl<K> Query for Children<K> {
    type SqlType = RowType;
}

impl<K> SelectQuery for Children<K> {
    type SqlType = RowType;
}

impl<K> QueryId for Children<K> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<K> RunQueryDsl<Connection> for Children<K> {}

impl<K: Ids> QueryFragment<Backend> for Children<K> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        for (at, branch) in self.branches.iter().enumerate() {
            if at > 0 {
                out.push_sql(" UNION ALL ");
            }
            out.push_sql(branch);
            self.things.walk_ast(out.reborrow())?;
        }
        out.push_sql(" ORDER BY kind, since, id, part");
        Ok(())
    }
}

impl Facts {
    fn add(&mut self, row: Row) {
        let text = row.one;
        match row.kind {
            STATUS => self.statuses.add(text.as_deref(), row.other),
            PERMISSION => self.add_permission(text.as_deref(), row.flag, row.day),
            FREQUENCY => self.frequencies.extend(text.zip(row.day).map(|(monitoring_frequency, start_date)| {
                MonitoringFrequency { monitoring_frequency, start_date, end_date: None }
            })),
            POINT if row.number.is_some() || (self.measuring_point.0.is_none() && text.is_some()) => {
                self.measuring_point = (row.number, text);
            }
            PURPOSE => self.purposes.extend(text),
            MATERIAL => self.materials.extend(text),
            GROUP => self.groups.push(row.id),
            AQUIFER => self.add_aquifer(row.id, text, row.other),
            _ => {}
        }
    }

    fn add_permission(&mut self, kind: Option<&str>, permission_allowed: Option<bool>, start_date: Option<NaiveDate>) {
        let Some(permission_type) = PERMISSION_TYPES.into_iter().find(|known| Some(*known) == kind) else { return };
        let newest = Permission { permission_type, permission_allowed, start_date, end_date: None };
        for known in self.permissions.get_or_insert_with(Permission::unknown) {
            if known.permission_type == permission_type {
                *known = newest;
            }
        }
    }

    /// An aquifer has a row for each of its types, or one without a type.
    fn add_aquifer(&mut self, association: i32, system: Option<String>, kind: Option<String>) {
        if self.last_aquifer.replace(association) != Some(association) {
            self.aquifers.extend(system.map(|aquifer_system| Aquifer { aquifer_system, aquifer_types: Vec::new() }));
        }
        if let Some(aquifer) = self.aquifers.last_mut() {
            aquifer.aquifer_types.extend(kind);
        }
    }
}

impl Statuses {
    /// Newer ones come later and take the place of older ones.
    fn add(&mut self, kind: Option<&str>, value: Option<String>) {
        match kind {
            Some(MONITORING_STATUS) => self.monitoring = value,
            Some(WELL_STATUS) => self.well = value,
            Some(OPEN_STATUS) => self.open = value,
            Some(DATALOGGER_STATUS) => self.datalogger = value,
            _ => {}
        }
    }
}
