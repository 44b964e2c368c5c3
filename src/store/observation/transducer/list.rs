//! Finding a page of readings and their total: one statement over the largest table and its ranges of time.
//!
//! The blocks of a thing and parameter are merged to spans, so that no reading counts twice. A part is a span at one of
//! the thing's deployments: one range of the unique index on deployment, parameter and time. Its readings are counted
//! there, and the page is cut from there. By time, no more of it is read than the page may need: see [`by_time`], and
//! [`sliced`] for deep pages.

use diesel::IntoSql as _;
use diesel::sql_types::{BigInt, Integer, Nullable, Timestamp};
use serde_json::json;

use crate::db::schema::transducer_observation as reading;
use crate::db::{Session, slices};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::transducer::TransducerSearch;
use crate::domain::principal::Sight;
use crate::domain::request::list::{Direction, ListRequest};
use crate::domain::request::paging::{Found, PageRequest};
use crate::domain::request::problem::Problem;
use crate::store::StoreError;
use crate::store::observation::transducer::rows::TABLE;
use crate::store::query::listing::{Column, Listing};
use crate::store::query::visibility::{BLOCK, DEPLOYMENT, READING};
use crate::store::query::written::{All, written};
use crate::store::thing;

/// What the readings are sorted by when nothing is said, and when only a direction is.
const TIME: &str = "observation_datetime";

static LISTING: Listing<reading::table> = Listing {
    model: TABLE.model,
    rule: &READING,
    columns: &[
        Column::of(reading::id),
        Column::of(reading::created_at),
        Column::of(reading::release_status),
        Column::of(reading::release_at),
        Column::of(reading::parameter_id),
        Column::of(reading::deployment_id),
        Column::of(reading::observation_datetime),
        Column::of(reading::value),
        Column::of(reading::note),
        Column::of(reading::data_maturity),
    ],
};

/// A row of the page with the total; without an id when the page is empty.
type Hit = (Option<i32>, i64);

/// A page of readings that belong to a block. Newest first unless a sort is asked for.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &TransducerSearch) -> Result<Found, StoreError> {
    let sight = session.sight();
    let filters = All(LISTING.plan(sight, request).conditions()?);
    let text = statement(sight, search, Order::of(sight, request)?, request);
    // Without a bound, the outermost times that can be stored.
    let start = search.start_time.unwrap_or(UtcDateTime::FIRST).into_sql::<Timestamp>();
    let end = search.end_time.unwrap_or(UtcDateTime::LAST).into_sql::<Timestamp>();
    let things = thing::now_in(sight, &search.region);
    let slices = slices(SLICES);
    let query = written::<(Nullable<Integer>, BigInt)>(
        text,
        vec![
            ("start", Box::new(&start)),
            ("end", Box::new(&end)),
            ("things", Box::new(things)),
            ("filters", Box::new(filters)),
            ("slices", Box::new(slices)),
        ],
    );
    let hits: Vec<Hit> = session.select(query)?;
    let total = hits.first().map_or(0, |(_, total)| *total);
    Ok(Found { ids: hits.into_iter().filter_map(|(id, _)| id).collect(), total })
}

/// What a page is sorted by. Ties go by id, in the same direction.
#[derive(Clone, Copy)]
struct Order {
    column: &'static str,
    /// Compared without regard to case.
    text: bool,
    /// Rows without a value come last.
    nullable: bool,
    direction: Direction,
}

impl Order {
    fn of(sight: Sight, request: &ListRequest) -> Result<Self, StoreError> {
        let Some(sort) = &request.sort else {
            return Ok(Self { column: TIME, text: false, nullable: false, direction: Direction::Descending });
        };
        let unknown = || {
            let message = format!("Unknown sort column '{}' for {}", sort.column, TABLE.model);
            StoreError::invalid(Problem::query_value("sort", message, json!(sort.column)))
        };
        let column = LISTING.column(sight, &sort.column).ok_or_else(unknown)?;
        let text = LISTING.text(sight, &sort.column).is_some();
        Ok(Self { column: column.name(), text, nullable: column.is_nullable(), direction: sort.direction })
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

    /// These columns of the readings.
    fn keys(self) -> String {
        self.columns().map(|column| format!("{READINGS}.{column}")).collect::<Vec<_>>().join(", ")
    }

    /// The order of some rows.
    fn by(self, rows: &str) -> String {
        let word = self.word();
        let key = |column: &str| match column {
            column if column != self.column || !(self.text || self.nullable) => format!("{rows}.{column} {word}"),
            column if self.text => format!("{rows}.{column} IS NULL, fold({rows}.{column}) {word}"),
            column => format!("{rows}.{column} IS NULL, {rows}.{column} {word}"),
        };
        self.columns().map(key).collect::<Vec<_>>().join(", ")
    }
}

/// The table of readings, by which filters name its columns.
const READINGS: &str = "transducer_observation";

/// The condition that a reading lies in part `p`, is asked for, and may be seen. Its deployment is that of the part, which
/// may be seen: asked again for each reading, that took PostgreSQL most of the time of a deep page.
fn within(sight: Sight, request: &ListRequest) -> String {
    let filters = if request.filters.is_empty() { "TRUE" } else { "$filters$" };
    format!(
        "{READINGS}.deployment_id = p.deployment_id AND {READINGS}.parameter_id = p.parameter_id \
         AND {READINGS}.observation_datetime >= p.first AND {READINGS}.observation_datetime <= p.last \
         AND {filters} AND {}",
        READING.own_sql(sight, READINGS)
    )
}

/// The whole statement. `$start$` and `$end$` are the times asked for.
///
/// The page is joined to one row with the total, so that a page beyond the last has its total too. `CROSS JOIN` keeps
/// SQLite from another order.
fn statement(sight: Sight, search: &TransducerSearch, order: Order, request: &ListRequest) -> String {
    let page = request.page;
    let PageRequest { size, .. } = page;
    let spans = spans(sight, search);
    let mut within = within(sight, request);
    let (parts, needed) = match order.column {
        TIME if page.offset() >= DEEP => {
            within = format!("{within} AND {READINGS}.observation_datetime < p.until");
            (sliced(sight, &within), by_slice(order, page))
        }
        TIME => (parts(sight, &within), by_time(order, page, &within)),
        _ => (parts(sight, &within), whole()),
    };
    let skipped = if page.offset() >= DEEP && order.column == TIME { "(SELECT readings FROM skipped)" } else { "0" };
    let (offset, keys, in_page, in_all) = (page.offset(), order.keys(), order.by(READINGS), order.by("page"));
    format!(
        "WITH {spans}, {parts}, {needed}, \
        page AS (\
            SELECT {keys} FROM needed p CROSS JOIN {READINGS} \
            WHERE {within} AND (SELECT sum(readings) FROM part) > {offset} \
            ORDER BY {in_page} LIMIT {size} OFFSET {offset} - {skipped}) \
        SELECT page.id, whole.total \
        FROM (SELECT CAST(coalesce(sum(readings), 0) AS bigint) AS total FROM part) whole LEFT JOIN page ON TRUE \
        ORDER BY {in_all}"
    )
}

/// `span`: the blocks, cut to the times asked for. Those that touch are merged.
fn spans(sight: Sight, search: &TransducerSearch) -> String {
    let of_thing = search.thing_id.map(|thing| format!(" AND b.thing_id = {thing}")).unwrap_or_default();
    let there = if search.region.is_everywhere() { "" } else { " AND b.thing_id IN ($things$)" };
    let seen = BLOCK.sql(sight, "b");
    format!(
        "edge AS (\
            SELECT b.id, b.thing_id, b.parameter_id, \
                CASE WHEN b.start_datetime < $start$ THEN $start$ ELSE b.start_datetime END AS first, \
                CASE WHEN b.end_datetime > $end$ THEN $end$ ELSE b.end_datetime END AS last \
            FROM transducer_observation_block b \
            WHERE b.end_datetime >= $start$ AND b.start_datetime <= $end${of_thing}{there} AND {seen}), \
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
fn parts(sight: Sight, within: &str) -> String {
    let seen = DEPLOYMENT.sql(sight, "d");
    format!(
        "part AS MATERIALIZED (\
            SELECT p.*, (SELECT count(*) FROM {READINGS} WHERE {within}) AS readings \
            FROM (SELECT d.id AS deployment_id, s.parameter_id, s.first, s.last \
                  FROM span s JOIN deployment d ON d.thing_id = s.thing_id WHERE {seen}) p)"
    )
}

/// Rows to skip from which on a page is deep.
const DEEP: i64 = 10_000;
/// Slices that all the time there is is cut into for a deep page.
const SLICES: u32 = 64;

/// `part` for a deep page by time: each span at each deployment, cut into slices of time. Slices that lie before the page
/// are counted and not sorted: 400,000 readings were sorted for a page in their middle.
fn sliced(sight: Sight, within: &str) -> String {
    let seen = DEPLOYMENT.sql(sight, "d");
    let numbers = (0..SLICES).map(|number| format!("({number})")).collect::<Vec<_>>().join(", ");
    format!(
        "whole_time AS (SELECT min(first) AS earliest, max(last) AS latest FROM span), \
        slice_number(number) AS (VALUES {numbers}), \
        slice AS MATERIALIZED (SELECT number, $slices$ FROM slice_number CROSS JOIN whole_time), \
        part AS MATERIALIZED (\
            SELECT p.*, (SELECT count(*) FROM {READINGS} WHERE {within}) AS readings \
            FROM (SELECT d.id AS deployment_id, s.parameter_id, s.last, c.until, c.number, \
                         CASE WHEN s.first < c.since THEN c.since ELSE s.first END AS first \
                  FROM span s JOIN deployment d ON d.thing_id = s.thing_id \
                  JOIN slice c ON c.until > s.first AND c.since <= s.last WHERE {seen}) p)"
    )
}

/// `needed` for a deep page: the parts of the slices that it lies in. `skipped`: the readings of those before it.
fn by_slice(order: Order, page: PageRequest) -> String {
    let (offset, word) = (page.offset(), order.word());
    let deepest = offset.saturating_add(page.size);
    format!(
        "counted AS (SELECT number, sum(readings) AS readings FROM part GROUP BY number), \
        passed AS (\
            SELECT number, readings, sum(readings) OVER (ORDER BY number {word} \
                ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS up_to FROM counted), \
        skipped AS MATERIALIZED (\
            SELECT CAST(coalesce(sum(readings), 0) AS bigint) AS readings FROM passed WHERE up_to <= {offset}), \
        needed AS MATERIALIZED (\
            SELECT p.deployment_id, p.parameter_id, p.first, p.last, p.until \
            FROM (SELECT * FROM part WHERE {FILLED}) p JOIN passed ON passed.number = p.number \
            WHERE passed.up_to > {offset} AND passed.up_to - passed.readings < {deepest})"
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
            ("first", "max", "$start$", "last >= moment", "CASE WHEN first < moment THEN moment ELSE first END", "last")
        }
        Direction::Ascending => {
            ("last", "min", "$end$", "first <= moment", "first", "CASE WHEN last > moment THEN moment ELSE last END")
        }
    };
    format!(
        "depth AS (\
            SELECT part.*, coalesce(sum(readings) OVER (PARTITION BY deployment_id, parameter_id ORDER BY first {word} \
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS skipped FROM part), \
        bound AS MATERIALIZED (\
            SELECT coalesce({nearest}(CASE WHEN p.skipped = 0 \
                THEN (SELECT {READINGS}.observation_datetime FROM {READINGS} WHERE {within} \
                      ORDER BY {READINGS}.observation_datetime {word} LIMIT 1 OFFSET {beyond}) \
                ELSE p.{edge} END), {none}) AS moment \
            FROM depth p WHERE p.skipped < {deepest} AND p.skipped + p.readings >= {deepest}), \
        needed AS MATERIALIZED (\
            SELECT deployment_id, parameter_id, {first} AS first, {last} AS last \
            FROM part CROSS JOIN bound WHERE {FILLED} AND {reachable})"
    )
}
