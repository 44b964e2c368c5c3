//! Finding a page of readings and their total: one statement over the largest table and its ranges of time.
//!
//! The blocks of a thing and parameter are merged to spans, so that no reading counts twice. A part is a span at one of
//! the thing's deployments: one range of the unique index on deployment, parameter and time. Its readings are counted
//! there, and the page is cut from there. By time, no more of it is read than the page may need: see [`by_time`], and
//! [`sliced`] for deep pages.

use diesel::IntoSql as _;
use diesel::query_builder::QueryFragment;
use diesel::sql_types::{BigInt, Double, Integer, Nullable, Text, Timestamp};

use crate::db::prelude::*;
use crate::db::schema::transducer_observation as reading;
use crate::db::{Backend, Session, moment, row, slices, text_of};
use crate::domain::measure::time::UtcDateTime;
use crate::domain::observation::transducer::TransducerSearch;
use crate::domain::principal::Sight;
use crate::domain::request::cursor::Key;
use crate::domain::request::list::{Count, Direction, ListRequest, Sort};
use crate::domain::request::paging::{Found, Total};
use crate::store::StoreError;
use crate::store::observation::transducer::rows::TABLE;
use crate::store::query::keyset::{Keyset, NO_NUMBER, NO_TEXT};
use crate::store::query::listing::{Column, Listing, Plan};
use crate::store::query::visibility::{BLOCK, DEPLOYMENT, READING};
use crate::store::query::written::{All, Sql, written};
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

/// A row of the page with its key and the total, if that was counted; without an id when the page is empty.
type Row = (Option<i32>, Option<String>, Option<f64>, Option<i64>);
/// The same as the database has it.
type Columns = (Nullable<Integer>, Nullable<Text>, Nullable<Double>, Nullable<BigInt>);

/// A page of readings that belong to a block. Newest first unless a sort is asked for.
pub fn find(session: &mut Session<'_>, request: &ListRequest, search: &TransducerSearch) -> Result<Found, StoreError> {
    let sight = session.sight();
    let plan = LISTING.plan(sight, request, Some(Sort::by(TIME, Direction::Descending)));
    let filters = All(plan.conditions()?);
    let keyset = plan.keyset()?;
    let order = Order::of(&plan)?;
    let behind = behind(session, &plan, keyset, request)?;
    let text = Statement { sight, search, request, order }.text(keyset);
    // Without a bound, the outermost times that can be stored.
    let (start, end) = (search.start_time.unwrap_or(UtcDateTime::FIRST), search.end_time.unwrap_or(UtcDateTime::LAST));
    let mut of_page: [Box<dyn QueryFragment<Backend>>; 2] =
        [Box::new(start.into_sql::<Timestamp>()), Box::new(end.into_sql::<Timestamp>())];
    if let Some((text, time)) = order.time_of(request) {
        // Nothing beyond the last reading is on the page.
        match order.direction {
            Direction::Ascending if time > start => of_page[0] = Box::new(moment(text, time)),
            Direction::Descending if time < end => of_page[1] = Box::new(moment(text, time)),
            Direction::Ascending | Direction::Descending => {}
        }
    }
    let [since, until] = of_page;
    let (start, end) = (start.into_sql::<Timestamp>(), end.into_sql::<Timestamp>());
    let things = thing::now_in(sight, &search.region);
    let slices = slices(SLICES);
    let column = Sql(format!("page.{}", order.column));
    let key: Box<dyn QueryFragment<Backend>> = match keyset.text_of_key() {
        Some(how) => Box::new(text_of(column, how)),
        None => Box::new(Sql(NO_TEXT.to_owned())),
    };
    let parts: Vec<(&str, Box<dyn QueryFragment<Backend> + '_>)> = vec![
        ("start", Box::new(start)),
        ("end", Box::new(end)),
        ("since", since),
        ("until", until),
        ("things", Box::new(things)),
        ("filters", Box::new(filters)),
        ("behind", Box::new(behind)),
        ("slices", Box::new(slices)),
        ("key", key),
    ];
    let rows: Vec<Row> = session.select(written::<Columns>(text, parts))?;
    let counted = rows.first().and_then(|(.., total)| *total).unwrap_or_default();
    let total = match request.counted() {
        Count::Exact => Total::Exact(counted),
        Count::Bounded => Total::bounded(counted),
        Count::No => Total::Unknown,
    };
    let hits = rows.into_iter().filter_map(|(id, text, number, _)| Some((id?, text, number))).collect();
    Ok(keyset.found(request, hits, total))
}

/// The condition that a reading lies behind the one that is named; none when none is.
fn behind(
    session: &mut Session<'_>,
    plan: &Plan<'_, reading::table>,
    keyset: Keyset<reading::table>,
    request: &ListRequest,
) -> Result<All<reading::table>, StoreError> {
    let Some(after) = &request.after else { return Ok(All(Vec::new())) };
    let mut whole = None;
    if let Some(text) = keyset.text_to_look_up(after) {
        let last = reading::table.into_boxed::<Backend>().filter(plan.visible());
        whole = session.read(row::<Option<String>, _>(last.filter(reading::id.eq(after.id)).select(text)))?.flatten();
    }
    Ok(All(vec![plan.behind(keyset, after, whole, Box::new(reading::id))?]))
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
    fn of(plan: &Plan<'_, reading::table>) -> Result<Self, StoreError> {
        let direction = plan.direction();
        Ok(match plan.sorted_by()? {
            Some(column) => {
                Self { column: column.name(), text: column.is_text(), nullable: column.is_nullable(), direction }
            }
            None => Self { column: "id", text: false, nullable: false, direction },
        })
    }

    /// The time of the reading that a page by time begins behind: as a text, as it is stored.
    fn time_of(self, request: &ListRequest) -> Option<(String, UtcDateTime)> {
        match &request.after.as_ref()?.key {
            Key::Value(text) if self.column == TIME => Some((text.clone(), UtcDateTime::parse_lenient(text).ok()?)),
            _ => None,
        }
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

/// How many readings of a part are counted.
#[derive(Clone, Copy)]
enum Counted {
    /// All.
    All,
    /// No more than a page needs.
    UpTo(i64),
    /// None; each part counts as if it had one.
    None,
}

/// The statement that finds a page.
struct Statement<'a> {
    sight: Sight,
    search: &'a TransducerSearch,
    request: &'a ListRequest,
    order: Order,
}

impl Statement<'_> {
    /// The condition that a reading lies in part `p`, is asked for, and may be seen. Its deployment is that of the part, which
    /// may be seen: asked again for each reading, that took PostgreSQL most of the time of a deep page.
    fn within(&self) -> String {
        let filters = if self.request.filters.is_empty() { "TRUE" } else { "$filters$" };
        format!(
            "{READINGS}.deployment_id = p.deployment_id AND {READINGS}.parameter_id = p.parameter_id \
             AND {READINGS}.observation_datetime >= p.first AND {READINGS}.observation_datetime <= p.last \
             AND {filters} AND {}",
            READING.own_sql(self.sight, READINGS)
        )
    }

    /// The whole statement. `$start$` and `$end$` are the times asked for, `$since$` and `$until$` those between which the page
    /// can lie.
    ///
    /// The page is joined to one row with the total, so that a page beyond the last has its total too. `CROSS JOIN` keeps
    /// SQLite from another order.
    fn text(&self, keyset: Keyset<reading::table>) -> String {
        let Self { sight, search, request, order } = self;
        let (offset, limit, behind) = (request.offset(), request.limit(), request.after.is_some());
        let (deepest, by_time) = (offset.saturating_add(limit), order.column == TIME);
        let deep = by_time && offset >= DEEP;
        let mut within = self.within();
        if behind {
            within += " AND $behind$";
        }
        // The total is at hand where all readings of all parts are counted.
        let counted = match request.counted() {
            Count::Exact if !behind => Counted::All,
            _ if deep => Counted::All,
            _ if by_time => Counted::UpTo(deepest),
            _ => Counted::None,
        };
        let (parts, needed) = if deep {
            within = format!("{within} AND {READINGS}.observation_datetime < p.until");
            (sliced(*sight, &within), by_slice(*order, offset, deepest))
        } else {
            let needed = if by_time { self::by_time(*order, deepest, &within) } else { whole() };
            (parts(*sight, &within, counted), needed)
        };
        let spans = spans(*sight, search, "$since$", "$until$");
        let skipped = if deep { "(SELECT readings FROM skipped)" } else { "0" };
        let there = match counted {
            Counted::All | Counted::UpTo(_) => format!("(SELECT sum(readings) FROM part) > {offset}"),
            Counted::None => "TRUE".to_owned(),
        };
        let (keys, in_page, in_all) = (order.keys(), order.by(READINGS), order.by("page"));
        let total = self.total(counted);
        let number = match keyset.text_of_key() {
            None if keyset.has_key() => format!("page.{}", order.column),
            _ => NO_NUMBER.to_owned(),
        };
        format!(
            "WITH {spans}, {parts}, {needed}, \
            page AS (\
                SELECT {keys} FROM needed p CROSS JOIN {READINGS} \
                WHERE {within} AND {there} \
                ORDER BY {in_page} LIMIT {limit} OFFSET {offset} - {skipped}) \
            SELECT page.id, $key$, {number}, whole.total \
            FROM (SELECT CAST({total} AS bigint) AS total) whole LEFT JOIN page ON TRUE \
            ORDER BY {in_all}"
        )
    }

    /// The total, as an expression. Where the parts of the page do not tell it, parts of its own do.
    fn total(&self, counted: Counted) -> String {
        const OF_PARTS: &str = "SELECT coalesce(sum(readings), 0) FROM part";
        let within = self.within();
        let own = |counted, total: &str| {
            let spans = spans(self.sight, self.search, "$start$", "$end$");
            format!("(WITH {spans}, {} {total})", parts(self.sight, &within, counted))
        };
        match (self.request.counted(), counted) {
            (Count::No, _) => "NULL".to_owned(),
            (_, Counted::All) => format!("({OF_PARTS})"),
            (Count::Exact, _) => own(Counted::All, OF_PARTS),
            (Count::Bounded, _) => own(
                Counted::None,
                &format!(
                    "SELECT count(*) FROM (SELECT 1 FROM part p CROSS JOIN {READINGS} WHERE {within} LIMIT {}) some_readings",
                    Count::BOUND + 1
                ),
            ),
        }
    }
}

/// `span`: the blocks, cut to what lies between two times. Those that touch are merged.
fn spans(sight: Sight, search: &TransducerSearch, start: &str, end: &str) -> String {
    let of_thing = search.thing_id.map(|thing| format!(" AND b.thing_id = {thing}")).unwrap_or_default();
    let there = if search.region.is_everywhere() { "" } else { " AND b.thing_id IN ($things$)" };
    let seen = BLOCK.sql(sight, "b");
    format!(
        "edge AS (\
            SELECT b.id, b.thing_id, b.parameter_id, \
                CASE WHEN b.start_datetime < {start} THEN {start} ELSE b.start_datetime END AS first, \
                CASE WHEN b.end_datetime > {end} THEN {end} ELSE b.end_datetime END AS last \
            FROM transducer_observation_block b \
            WHERE b.end_datetime >= {start} AND b.start_datetime <= {end}{of_thing}{there} AND {seen}), \
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
fn parts(sight: Sight, within: &str, counted: Counted) -> String {
    let seen = DEPLOYMENT.sql(sight, "d");
    let readings = match counted {
        Counted::All => format!("(SELECT count(*) FROM {READINGS} WHERE {within})"),
        Counted::UpTo(most) => {
            format!("(SELECT count(*) FROM (SELECT 1 FROM {READINGS} WHERE {within} LIMIT {most}) some_readings)")
        }
        Counted::None => "1".to_owned(),
    };
    format!(
        "part AS MATERIALIZED (\
            SELECT p.*, {readings} AS readings \
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
fn by_slice(order: Order, offset: i64, deepest: i64) -> String {
    let word = order.word();
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
fn by_time(order: Order, deepest: i64, within: &str) -> String {
    let beyond = deepest - 1;
    let word = order.word();
    let (edge, nearest, none, reachable, first, last) = match order.direction {
        Direction::Descending => {
            ("first", "max", "$since$", "last >= moment", "CASE WHEN first < moment THEN moment ELSE first END", "last")
        }
        Direction::Ascending => {
            ("last", "min", "$until$", "first <= moment", "first", "CASE WHEN last > moment THEN moment ELSE last END")
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
