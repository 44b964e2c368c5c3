//! What maps show of things besides their place: statuses, and the newest water level. One statement for all things of a part.

use std::collections::HashMap;

use diesel::RunQueryDsl;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId, SelectQuery};
use diesel::sql_types::{Double, Integer, Timestamp};

use crate::db::prelude::*;
use crate::db::schema::status_history as status;
use crate::db::{Backend, Connection, Ids, Numbers, Read, Session, among, one_of_texts, rows};
use crate::domain::geospatial::WaterLevel;
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::manual::ObservationKind;
use crate::domain::principal::Sight;
use crate::domain::thing::FEET;
use crate::store::StoreError;
use crate::store::observation::manual::depth;
use crate::store::query::visibility::{BLOCK, DEPLOYMENT, OBSERVATION, READING, STATUS, visible};
use crate::store::thing::{CLOSED, MONITORING_STATUS, OPEN, OPEN_STATUS, TABLE};

/// What is known of a thing.
#[derive(Default)]
pub(super) struct Latest {
    pub monitoring_status: Option<String>,
    pub open_status: Option<bool>,
    pub level: Option<WaterLevel>,
}

/// What is known of these things, by thing. Water levels are observations: they are read for those only who may read those.
pub(super) fn latest(session: &mut Session<'_>, things: &[i32]) -> Result<HashMap<i32, Latest>, StoreError> {
    let mut all: HashMap<i32, Latest> = HashMap::new();
    if things.is_empty() {
        return Ok(all);
    }
    let (sight, things) = (session.sight(), Numbers::new(things));
    let levels = session.principal().reads_observations().then(|| {
        let manual = rows::<Level, _>(Levels::manual(sight, things.clone()));
        (manual, rows::<Level, _>(Levels::recorded(sight, things.clone())))
    });
    let (statuses, levels) = session.read_fixed((statuses(sight, things), levels))?;
    for (thing, kind, value) in statuses {
        let latest = all.entry(thing).or_default();
        match (kind.as_str(), value.as_str()) {
            (MONITORING_STATUS, _) => latest.monitoring_status = Some(value),
            (_, OPEN) => latest.open_status = Some(true),
            (_, CLOSED) => latest.open_status = Some(false),
            _ => latest.open_status = None,
        }
    }
    let (manual, recorded) = levels.unwrap_or_default();
    for (thing, time, value, height) in manual.into_iter().chain(recorded) {
        let Some(depth) = depth(Some(value), Some(height)) else { continue };
        let level = &mut all.entry(thing).or_default().level;
        if level.is_none_or(|known| known.time < time) {
            *level = Some(WaterLevel { time, depth });
        }
    }
    Ok(all)
}

/// Thing, type and value of the open statuses that maps show, the newest last.
fn statuses(sight: Sight, things: impl Ids) -> impl Read<Output = Vec<(i32, String, String)>> {
    let kinds = [MONITORING_STATUS, OPEN_STATUS].map(str::to_owned);
    let open = status::table
        .filter(status::target_table.eq(TABLE.name))
        .filter(among(status::target_id, things))
        .filter(status::end_date.is_null())
        .filter(one_of_texts(status::status_type, &kinds))
        .filter(visible(sight, &STATUS))
        .order((status::start_date, status::id));
    rows::<(i32, String, String), _>(open.select((status::target_id, status::status_type, status::status_value)))
}

/// Thing, time, value, and the height of the point that it was measured from.
type Level = (i32, UtcDateTime, f64, f64);

/// The newest water levels of things, as SQL around their ids.
struct Levels<K> {
    before: String,
    things: K,
    after: String,
}

impl<K> Levels<K> {
    /// Of those measured by hand that of the newest visit that has one: from visit to visit by the index on thing and date, until there
    /// is one. To sort all observations of all visits took eight times as long. `CROSS JOIN` keeps SQLite from beginning with all
    /// groundwater levels.
    fn manual(sight: Sight, things: K) -> Self {
        let before = format!(
            "SELECT newest.thing_id, o.observation_datetime, o.value, o.measuring_point_height AS height FROM (\
                SELECT t.id AS thing_id, (\
                    SELECT o.id FROM field_event e CROSS JOIN field_activity a CROSS JOIN sample s CROSS JOIN observation o \
                    WHERE e.thing_id = t.id AND a.field_event_id = e.id AND a.activity_type = '{}' \
                        AND s.field_activity_id = a.id AND o.sample_id = s.id AND o.unit = '{FEET}' \
                        AND o.value IS NOT NULL AND o.measuring_point_height IS NOT NULL AND {} \
                    ORDER BY e.event_date DESC, o.observation_datetime DESC, o.id DESC LIMIT 1) AS observation_id \
                FROM thing t WHERE t.id",
            ObservationKind::GroundwaterLevel.activity_type(),
            OBSERVATION.sql(sight, "o")
        );
        Self { before, things, after: ") newest JOIN observation o ON o.id = newest.observation_id".to_owned() }
    }

    /// Of the readings in a block the newest of each deployment and parameter: one step from the end of their range in the index.
    fn recorded(sight: Sight, things: K) -> Self {
        let before = format!(
            "SELECT newest.thing_id, o.observation_datetime, o.value, CAST(0 AS double precision) AS height FROM (\
                SELECT d.thing_id, (\
                    SELECT r.id FROM transducer_observation r \
                    WHERE r.deployment_id = d.id AND r.parameter_id = p.parameter_id AND {} AND (\
                        SELECT b.id FROM transducer_observation_block b \
                        WHERE b.thing_id = d.thing_id AND b.parameter_id = r.parameter_id \
                            AND b.start_datetime <= r.observation_datetime AND b.end_datetime >= r.observation_datetime \
                            AND {} LIMIT 1) IS NOT NULL \
                    ORDER BY r.observation_datetime DESC LIMIT 1) AS reading_id \
                FROM (SELECT DISTINCT thing_id, parameter_id FROM transducer_observation_block WHERE thing_id",
            READING.sql(sight, "r"),
            BLOCK.sql(sight, "b")
        );
        let after = format!(
            ") p JOIN deployment d ON d.thing_id = p.thing_id WHERE {}) newest \
             JOIN transducer_observation o ON o.id = newest.reading_id",
            DEPLOYMENT.sql(sight, "d")
        );
        Self { before, things, after }
    }
}

impl<K> Query for Levels<K> {
    type SqlType = (Integer, Timestamp, Double, Double);
}

impl<K> SelectQuery for Levels<K> {
    type SqlType = (Integer, Timestamp, Double, Double);
}

impl<K> QueryId for Levels<K> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<K> RunQueryDsl<Connection> for Levels<K> {}

impl<K: Ids> QueryFragment<Backend> for Levels<K> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql(&self.before);
        self.things.walk_ast(out.reborrow())?;
        out.push_sql(&self.after);
        Ok(())
    }
}
