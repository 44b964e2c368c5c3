//! Finding a page of readings and their total: one statement over the largest table and its ranges of time.
//!
//! The blocks of a thing and parameter are merged to spans, so that no reading counts twice. A part is a span at one of
//! the thing's deployments: one range of the unique index on deployment, parameter and time. Its readings are counted
//! there, and the page is cut from there. By time, no more of it is read than the page may need: see [`by_time`].

use diesel::sql_types::{BigInt, Integer, Nullable, Timestamp};
use serde_json::json;

use crate::db::prelude::*;
use crate::db::{Backend, Session};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::transducer::TransducerSearch;
use crate::domain::principal::Sight;
use crate::domain::request::list::{Direction, ListRequest};
use crate::domain::request::paging::{Found, PageRequest};
use crate::domain::request::problem::Problem;
use crate::store::StoreError;
use crate::store::observation::transducer::rows::TABLE;
use crate::store::query::visibility::{BLOCK, DEPLOYMENT, READING};

/// What the readings are sorted by when nothing is said, and when only a direction is.
const TIME: &str = "observation_datetime";

/// A row of the page with the total; without an id when the page is empty.
#[derive(QueryableByName)]
#[diesel(check_for_backend(Backend))]
struct Hit {
    #[diesel(sql_type = Nullable<Integer>)]
    id: Option<i32>,
    #[diesel(sql_type = BigInt)]
    total: i64,
}

/// A page of readings that belong to a block. Newest first unless a sort is asked for.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &TransducerSearch) -> Result<Found, StoreError> {
    let text = statement(session.sight(), search.thing_id, Order::of(request)?, request.page);
    // Without a bound, the outermost times that can be stored.
    let start = search.start_time.unwrap_or(UtcDateTime::FIRST);
    let end = search.end_time.unwrap_or(UtcDateTime::LAST);
    let query = diesel::sql_query(text).into_boxed::<Backend>();
    let hits: Vec<Hit> = session.select(query.bind::<Timestamp, _>(start).bind::<Timestamp, _>(end))?;
    let total = hits.first().map_or(0, |hit| hit.total);
    Ok(Found { ids: hits.into_iter().filter_map(|hit| hit.id).collect(), total })
}

/// What a page is sorted by. Ties go by id, in the same direction.
#[derive(Clone, Copy)]
struct Order {
    column: &'static str,
    direction: Direction,
}

impl Order {
    fn of(request: &ListRequest) -> Result<Self, StoreError> {
        let Some(sort) = &request.sort else {
            return Ok(Self { column: TIME, direction: Direction::Descending });
        };
        let Some(column) = [TIME, "value", "id"].into_iter().find(|column| *column == sort.column) else {
            let message = format!("Unknown sort column '{}' for {}", sort.column, TABLE.model);
            return Err(StoreError::invalid(Problem::query_value("sort", message, json!(sort.column))));
        };
        Ok(Self { column, direction: sort.direction })
    }

    fn word(self) -> &'static str {
        match self.direction {
            Direction::Ascending => "ASC",
            Direction::Descending => "DESC",
        }
    }

    /// The columns that are sorted by. No others: time and id are in the index, so the rows need not be looked up.
    fn columns(self) -> impl Iterator<Item = &'static str> {
        let own = Some(self.column).filter(|column| *column != "id");
        own.into_iter().chain(["id"])
    }

    /// These columns of reading `o`.
    fn keys(self) -> String {
        self.columns().map(|column| format!("o.{column}")).collect::<Vec<_>>().join(", ")
    }

    /// The order of some rows.
    fn by(self, rows: &str) -> String {
        self.columns().map(|column| format!("{rows}.{column} {}", self.word())).collect::<Vec<_>>().join(", ")
    }
}

/// The condition that reading `o` lies in part `p`, and may be seen.
fn within(sight: Sight) -> String {
    format!(
        "o.deployment_id = p.deployment_id AND o.parameter_id = p.parameter_id \
         AND o.observation_datetime >= p.first AND o.observation_datetime <= p.last AND {}",
        READING.sql(sight, "o")
    )
}

/// The whole statement. `$1` and `$2` are the times asked for.
///
/// The page is joined to one row with the total, so that a page beyond the last has its total too. `CROSS JOIN` keeps
/// SQLite from another order.
fn statement(sight: Sight, thing: Option<i32>, order: Order, page: PageRequest) -> String {
    let PageRequest { size, .. } = page;
    let (spans, parts, within) = (spans(sight, thing), parts(sight), within(sight));
    let needed = if order.column == TIME { by_time(order, page, &within) } else { whole() };
    let (offset, keys, in_page, in_all) = (page.offset(), order.keys(), order.by("o"), order.by("page"));
    format!(
        "WITH {spans}, {parts}, {needed}, \
        page AS (\
            SELECT {keys} FROM needed p CROSS JOIN transducer_observation o \
            WHERE {within} AND (SELECT sum(readings) FROM part) > {offset} \
            ORDER BY {in_page} LIMIT {size} OFFSET {offset}) \
        SELECT page.id, whole.total \
        FROM (SELECT CAST(coalesce(sum(readings), 0) AS bigint) AS total FROM part) whole LEFT JOIN page ON TRUE \
        ORDER BY {in_all}"
    )
}

/// `span`: the blocks, cut to the times asked for. Those that touch are merged.
fn spans(sight: Sight, thing: Option<i32>) -> String {
    let of_thing = thing.map(|thing| format!(" AND b.thing_id = {thing}")).unwrap_or_default();
    let seen = BLOCK.sql(sight, "b");
    format!(
        "edge AS (\
            SELECT b.id, b.thing_id, b.parameter_id, \
                CASE WHEN b.start_datetime < $1 THEN $1 ELSE b.start_datetime END AS first, \
                CASE WHEN b.end_datetime > $2 THEN $2 ELSE b.end_datetime END AS last \
            FROM transducer_observation_block b \
            WHERE b.end_datetime >= $1 AND b.start_datetime <= $2{of_thing} AND {seen}), \
        reach AS (\
            SELECT edge.*, max(last) OVER (PARTITION BY thing_id, parameter_id ORDER BY first, id \
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached FROM edge), \
        numbered AS (\
            SELECT reach.*, sum(CASE WHEN reached >= first THEN 0 ELSE 1 END) \
                OVER (PARTITION BY thing_id, parameter_id ORDER BY first, id) AS number FROM reach), \
        span AS (\
            SELECT thing_id, parameter_id, min(first) AS first, max(last) AS last \
            FROM numbered GROUP BY thing_id, parameter_id, number)"
    )
}

/// `part`: each span at each deployment of its thing, with the number of its readings. Materialised because the numbers
/// are used several times.
fn parts(sight: Sight) -> String {
    let (within, seen) = (within(sight), DEPLOYMENT.sql(sight, "d"));
    format!(
        "part AS MATERIALIZED (\
            SELECT p.*, (SELECT count(*) FROM transducer_observation o WHERE {within}) AS readings \
            FROM (SELECT d.id AS deployment_id, s.parameter_id, s.first, s.last \
                  FROM span s JOIN deployment d ON d.thing_id = s.thing_id WHERE {seen}) p)"
    )
}

/// True for parts that have readings. Written so that PostgreSQL takes them for few and looks each up in the index:
/// left to its own estimate, it may compare every reading with every part.
const FILLED: &str = "CASE WHEN readings > 0 THEN 1 ELSE 0 END = 1 AND CASE WHEN first <= last THEN 1 ELSE 0 END = 1";

/// `needed`: the parts that the page is cut from.
fn whole() -> String {
    format!("needed AS MATERIALIZED (SELECT deployment_id, parameter_id, first, last FROM part WHERE {FILLED})")
}

/// `needed` for a page in the order of time, newest first: if one series alone (a deployment's readings of a parameter)
/// has as many readings from some moment on as lie before the end of the page, nothing older can be on it. `bound` is
/// the latest such moment. In a series' last part it is found exactly, in an earlier one (`skipped` readings lie in
/// later ones) it is the part's beginning. Oldest first, all of it is the other way round.
fn by_time(order: Order, page: PageRequest, within: &str) -> String {
    let deepest = page.offset().saturating_add(page.size);
    let beyond = deepest - 1;
    let word = order.word();
    let (edge, nearest, none, reachable, first, last) = match order.direction {
        Direction::Descending => {
            ("first", "max", "$1", "last >= moment", "CASE WHEN first < moment THEN moment ELSE first END", "last")
        }
        Direction::Ascending => {
            ("last", "min", "$2", "first <= moment", "first", "CASE WHEN last > moment THEN moment ELSE last END")
        }
    };
    format!(
        "depth AS (\
            SELECT part.*, coalesce(sum(readings) OVER (PARTITION BY deployment_id, parameter_id ORDER BY first {word} \
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS skipped FROM part), \
        bound AS MATERIALIZED (\
            SELECT coalesce({nearest}(CASE WHEN p.skipped = 0 \
                THEN (SELECT o.observation_datetime FROM transducer_observation o WHERE {within} \
                      ORDER BY o.observation_datetime {word} LIMIT 1 OFFSET {beyond}) \
                ELSE p.{edge} END), {none}) AS moment \
            FROM depth p WHERE p.skipped < {deepest} AND p.skipped + p.readings >= {deepest}), \
        needed AS MATERIALIZED (\
            SELECT deployment_id, parameter_id, {first} AS first, {last} AS last \
            FROM part CROSS JOIN bound WHERE {FILLED} AND {reachable})"
    )
}
