//! The list of readings. The largest table and its ranges are worth statements of their own: left to a join, PostgreSQL
//! may compare every reading with every block.
//!
//! First, each series (a deployment's readings of a parameter) is told with its number of readings in blocks: the spans of
//! its blocks are merged, so that no reading counts twice, and each span is a range of the unique index. Then the page is
//! cut from the few series of the thing, each read in the order of that index; the blocks of the page are matched in
//! memory.

use std::collections::HashMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Integer, Timestamp};
use serde_json::json;

use crate::db::schema::{deployment, transducer_observation};
use crate::db::{Backend, Connection, one_of};
use crate::domain::list::{Direction, ListRequest};
use crate::domain::paging::{Extent, Page, PageRequest, Part};
use crate::domain::problem::Problem;
use crate::domain::time::UtcDateTime;
use crate::domain::transducer::{TransducerReading, TransducerSearch};

use super::{COLUMNS, MODEL, ReadingRow};
use crate::store::StoreError;
use crate::store::page::arrange;
use crate::store::transducer_block::{Blocks, owner};

/// Series that are read one by one; SQLite takes at most 500 parts in a compound query.
const MOST_SERIES: usize = 100;

/// A page of readings that belong to a block, each with its block. Newest first unless a sort is asked for.
pub fn list(
    conn: &mut Connection,
    request: &ListRequest,
    search: &TransducerSearch,
) -> Result<Page<TransducerReading>, StoreError> {
    let order = order(request)?;
    let page = request.page;
    let (rows, extent) = if let Part::Rows(keys) = &request.part {
        (by_keys(conn, keys)?, Extent { page, total: 0, keys: Vec::new() })
    } else {
        let all = load_series(conn, search)?;
        let total = all.iter().map(|series| series.readings).sum();
        let cut = Cut { search, order: &order, page };
        let (mut rows, mut keys) = (Vec::new(), Vec::new());
        if page.offset() < total && request.part == Part::Keys {
            keys = cut.load::<Key>(conn, &all, KEY)?.into_iter().map(|key| key.id).collect();
        } else if page.offset() < total {
            rows = cut.load(conn, &all, COLUMNS)?;
        }
        (rows, Extent { page, total, keys })
    };
    Ok(Page::new(with_blocks(conn, rows, search.thing_id)?, extent))
}

/// What a page's keys are ordered by.
const KEY: &str = "id, observation_datetime, value";

/// The key of a reading alone.
#[derive(QueryableByName)]
#[diesel(check_for_backend(Backend))]
struct Key {
    #[diesel(sql_type = Integer)]
    id: i32,
}

/// The readings of known keys, in their order.
fn by_keys(conn: &mut Connection, keys: &[i32]) -> QueryResult<Vec<ReadingRow>> {
    let mut rows: Vec<ReadingRow> = transducer_observation::table
        .filter(one_of(transducer_observation::id, keys))
        .select(ReadingRow::as_select())
        .load(conn)?;
    arrange(&mut rows, keys, |row| row.id);
    Ok(rows)
}

/// The keys to sort by. Ties go by id, in the same direction.
fn order(request: &ListRequest) -> Result<String, StoreError> {
    let Some(sort) = &request.sort else {
        return Ok("observation_datetime DESC, id DESC".to_owned());
    };
    let direction = match sort.direction {
        Direction::Ascending => "ASC",
        Direction::Descending => "DESC",
    };
    match sort.column.as_str() {
        "id" => Ok(format!("id {direction}")),
        column @ ("observation_datetime" | "value") => Ok(format!("{column} {direction}, id {direction}")),
        unknown => {
            let message = format!("Unknown sort column '{unknown}' for {MODEL}");
            Err(StoreError::invalid(Problem::query_value("sort", message, json!(unknown))))
        }
    }
}

/// A deployment's readings of a parameter, as far as they are asked for.
#[derive(QueryableByName)]
#[diesel(check_for_backend(Backend))]
struct Series {
    #[diesel(sql_type = Integer)]
    deployment_id: i32,
    #[diesel(sql_type = Integer)]
    parameter_id: i32,
    /// Start of the first span that has readings.
    #[diesel(sql_type = Timestamp)]
    first: UtcDateTime,
    /// End of the last one.
    #[diesel(sql_type = Timestamp)]
    last: UtcDateTime,
    /// Readings inside the spans.
    #[diesel(sql_type = BigInt)]
    readings: i64,
    /// Times that readings stand between two spans.
    #[diesel(sql_type = BigInt)]
    gaps: i64,
}

/// The series that have readings in blocks. `$1` and `$2` are the bounds asked for; blocks are cut to them.
///
/// `reach`, `numbered` and `span` merge the blocks that touch; `part` counts a deployment's readings in a span, and is
/// materialised because its counts are used several times. Each count is one range of the unique index.
fn series_statement(thing: Option<i32>) -> String {
    let of_thing = thing.map(|thing| format!(" AND thing_id = {thing}")).unwrap_or_default();
    format!(
        "WITH edge AS (\
            SELECT id, thing_id, parameter_id, \
                CASE WHEN start_datetime < $1 THEN $1 ELSE start_datetime END AS first, \
                CASE WHEN end_datetime > $2 THEN $2 ELSE end_datetime END AS last \
            FROM transducer_observation_block WHERE end_datetime >= $1 AND start_datetime <= $2{of_thing}), \
        reach AS (\
            SELECT edge.*, max(last) OVER (PARTITION BY thing_id, parameter_id ORDER BY first, id \
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS reached FROM edge), \
        numbered AS (\
            SELECT reach.*, sum(CASE WHEN reached >= first THEN 0 ELSE 1 END) \
                OVER (PARTITION BY thing_id, parameter_id ORDER BY first, id) AS number FROM reach), \
        span AS (\
            SELECT thing_id, parameter_id, min(first) AS first, max(last) AS last, \
                lead(min(first)) OVER (PARTITION BY thing_id, parameter_id ORDER BY min(first)) AS following \
            FROM numbered GROUP BY thing_id, parameter_id, number), \
        part AS MATERIALIZED (\
            SELECT d.id AS deployment_id, s.parameter_id, s.first, s.last, \
                (SELECT count(*) FROM transducer_observation o \
                 WHERE o.deployment_id = d.id AND o.parameter_id = s.parameter_id \
                   AND o.observation_datetime >= s.first AND o.observation_datetime <= s.last) AS readings, \
                CASE WHEN EXISTS (SELECT 1 FROM transducer_observation o \
                 WHERE o.deployment_id = d.id AND o.parameter_id = s.parameter_id \
                   AND o.observation_datetime > s.last AND o.observation_datetime < s.following) \
                THEN 1 ELSE 0 END AS gap \
            FROM span s JOIN deployment d ON d.thing_id = s.thing_id) \
        SELECT deployment_id, parameter_id, \
            min(CASE WHEN readings > 0 THEN first END) AS first, max(CASE WHEN readings > 0 THEN last END) AS last, \
            CAST(sum(readings) AS bigint) AS readings, CAST(sum(gap) AS bigint) AS gaps \
        FROM part GROUP BY deployment_id, parameter_id HAVING sum(readings) > 0 ORDER BY deployment_id, parameter_id"
    )
}

fn load_series(conn: &mut Connection, search: &TransducerSearch) -> QueryResult<Vec<Series>> {
    let (start, end) = bounds(search);
    diesel::sql_query(series_statement(search.thing_id))
        .bind::<Timestamp, _>(start)
        .bind::<Timestamp, _>(end)
        .load(conn)
}

/// The times asked for; without a bound, the outermost ones that can be stored.
fn bounds(search: &TransducerSearch) -> (UtcDateTime, UtcDateTime) {
    (search.start_time.unwrap_or(UtcDateTime::FIRST), search.end_time.unwrap_or(UtcDateTime::LAST))
}

/// What to cut from the series.
struct Cut<'a> {
    search: &'a TransducerSearch,
    order: &'a str,
    page: PageRequest,
}

impl Cut<'_> {
    /// The rows of the page. A thing has few series, and each is read in the order of its index; without a thing, the
    /// readings are walked in the order asked for, and each looks for its block.
    fn load<R>(&self, conn: &mut Connection, all: &[Series], columns: &str) -> QueryResult<Vec<R>>
    where
        R: QueryableByName<Backend> + 'static,
    {
        let (text, times) = match self.search.thing_id {
            Some(thing) if all.len() <= MOST_SERIES => self.by_series(thing, all, columns),
            thing => self.by_reading(thing, columns),
        };
        let mut query = diesel::sql_query(text).into_boxed::<Backend>();
        for time in times {
            query = query.bind::<Timestamp, _>(time);
        }
        query.load(conn)
    }

    fn by_series(&self, thing: i32, all: &[Series], columns: &str) -> (String, Vec<UtcDateTime>) {
        let Self { order, page, .. } = self;
        let deepest = page.offset().saturating_add(page.size);
        let mut times = Vec::new();
        let mut parts = Vec::new();
        for (at, series) in all.iter().enumerate() {
            let Series { deployment_id, parameter_id, .. } = series;
            let (from, to) = (times.len() + 1, times.len() + 2);
            times.extend([series.first, series.last]);
            let covered = if series.gaps > 0 { format!(" AND {}", covered(Some(thing))) } else { String::new() };
            parts.push(format!(
                "SELECT * FROM (SELECT {columns} FROM transducer_observation \
                 WHERE deployment_id = {deployment_id} AND parameter_id = {parameter_id} \
                   AND observation_datetime >= ${from} AND observation_datetime <= ${to}{covered} \
                 ORDER BY {order} LIMIT {deepest}) s{at}"
            ));
        }
        let parts = parts.join(" UNION ALL ");
        let text = format!(
            "SELECT {columns} FROM ({parts}) readings ORDER BY {order} LIMIT {} OFFSET {}",
            page.size,
            page.offset()
        );
        (text, times)
    }

    fn by_reading(&self, thing: Option<i32>, columns: &str) -> (String, Vec<UtcDateTime>) {
        let Self { search, order, page } = self;
        let mut times = Vec::new();
        let mut conditions = vec![covered(thing)];
        if let Some(thing) = thing {
            conditions.push(format!("deployment_id IN (SELECT id FROM deployment WHERE thing_id = {thing})"));
        }
        // Without bounds there must be no condition: SQLite would take the index on time whatever the order.
        for (bound, operator) in [(search.start_time, ">="), (search.end_time, "<=")] {
            if let Some(bound) = bound {
                times.push(bound);
                conditions.push(format!("observation_datetime {operator} ${}", times.len()));
            }
        }
        let text = format!(
            "SELECT {columns} FROM transducer_observation WHERE {} ORDER BY {order} LIMIT {} OFFSET {}",
            conditions.join(" AND "),
            page.size,
            page.offset()
        );
        (text, times)
    }
}

/// The condition that a reading belongs to a block.
fn covered(thing: Option<i32>) -> String {
    format!("{} IS NOT NULL", owner(thing))
}

/// Adds the blocks: at most two queries, however many rows.
fn with_blocks(
    conn: &mut Connection,
    rows: Vec<ReadingRow>,
    thing: Option<i32>,
) -> Result<Vec<TransducerReading>, StoreError> {
    let things = thing_of_deployment(conn, &rows, thing)?;
    let of = |row: &ReadingRow| things.get(&row.deployment_id).copied().map(|thing| (thing, row.parameter_id));
    let times = || rows.iter().map(|row| row.observation_datetime);
    let (Some(first), Some(last)) = (times().min(), times().max()) else {
        return Ok(Vec::new());
    };
    let series: Vec<(i32, i32)> = rows.iter().filter_map(of).collect();
    let blocks = Blocks::load(conn, &series, first, last)?;
    // On one snapshot a reading of the page has its deployment and its block. Later parts of a large page leave out those that
    // have lost theirs since.
    let item = |row: ReadingRow| {
        let block = blocks.find(of(&row)?, row.observation_datetime)?.clone().into();
        Some(TransducerReading { observation: row.into(), block })
    };
    Ok(rows.into_iter().filter_map(item).collect())
}

fn thing_of_deployment(
    conn: &mut Connection,
    rows: &[ReadingRow],
    thing: Option<i32>,
) -> QueryResult<HashMap<i32, i32>> {
    let mut ids: Vec<i32> = rows.iter().map(|row| row.deployment_id).collect();
    ids.sort_unstable();
    ids.dedup();
    if let Some(thing) = thing {
        return Ok(ids.into_iter().map(|id| (id, thing)).collect());
    }
    let pairs = deployment::table.filter(one_of(deployment::id, &ids)).select((deployment::id, deployment::thing_id));
    Ok(pairs.load::<(i32, i32)>(conn)?.into_iter().collect())
}
