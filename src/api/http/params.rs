//! Query parameters: read by name, all problems noted.
//!
//! Each reader notes the name that it was asked for. What was sent but never asked for is refused when it would have narrowed
//! the answer on another route: otherwise everything would come back, and look like what was asked for. Words that no route
//! knows are ignored, unless the client wants to be told (`Prefer: handling=strict`).

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::future::{Ready, ready};
use std::sync::Arc;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use serde_json::json;
use utoipa::ToSchema;

use crate::domain::measure::time::UtcDateTime;
use crate::domain::request::cursor::{Position, Scope};
use crate::domain::request::fields::{INT_PARSING, INT_PARSING_SIZE, NotInteger, parse_integer};
use crate::domain::request::filter::{Filter, FilterError, MOST_FILTERS, MOST_TEXT};
use crate::domain::request::list::{Count, Direction, ListRequest, Sort};
use crate::domain::request::paging::PageRequest;
use crate::domain::request::problem::{LocPart, Problem, echo};

use crate::api::ApiError;
use crate::api::http::format::Format;
use crate::api::http::routes::RouteTable;
use crate::api::http::state::AppState;
use crate::auth::KEY_PARAMETER;
use crate::db::Weight;
use crate::export::columns::Fields;

/// Parameters that say how an answer is to be given, not what is to be in it. They are never missed.
const SHAPING: &[&str] = &[
    "f",
    "page",
    "size",
    "count",
    "sort",
    "order",
    "format",
    "fields",
    "include_contacts",
    "field_event_limit",
    "limit",
    "replace_overlapping",
];

/// Parameters of which a cursor knows nothing: which rows there are and in which order is the same whatever they say.
const NO_PART_OF_A_LIST: [&str; 7] = ["page", "size", "after", "count", "format", "fields", KEY_PARAMETER];

/// How many of the routes that take a parameter are named where it was not taken.
const NAMED: usize = 5;

/// The query string as it was sent.
#[derive(Clone, Default)]
struct Sent {
    path: Arc<str>,
    query: Arc<str>,
    routes: Option<Arc<RouteTable>>,
    /// The client wants to hear of words that nobody knows.
    strict: bool,
    /// An API key may be among the parameters: it is nobody's business here.
    with_key: bool,
    /// What `Accept` asks for.
    preferred: Format,
}

/// The most that a light list request may cost: see [`Params::weight`]. Two comparisons with text and a sort are light, three
/// are not.
const MOST_LIGHT: usize = 8;

/// The query string. It is taken apart on the blocking thread; the event loop only looks how heavy the request is.
#[derive(Default)]
pub struct Params {
    sent: Sent,
    pairs: Vec<(String, String)>,
    asked: BTreeSet<&'static str>,
    problems: Vec<Problem>,
    filter: Option<FilterError>,
}

impl FromRequest for Params {
    type Error = ApiError;
    type Future = Ready<Result<Self, ApiError>>;

    fn from_request(request: &HttpRequest, _payload: &mut Payload) -> Self::Future {
        ready(Ok(Self::of(request)))
    }
}

/// True when a `Prefer` header asks for strict handling (RFC 7240).
fn wants_strictness(request: &HttpRequest) -> bool {
    let preferences = request.headers().get_all("prefer").filter_map(|value| value.to_str().ok());
    let mut single = preferences.flat_map(|value| value.split([',', ';']));
    single.any(|one| one.split('=').map(|part| part.trim().trim_matches('"')).eq(["handling", "strict"]))
}

impl Params {
    /// The query string of a request.
    pub fn of(request: &HttpRequest) -> Self {
        let state = request.app_data::<web::Data<AppState>>();
        let routes = state.map(|state| Arc::clone(&state.routes));
        let with_key = state.is_some_and(|state| state.authenticator.takes_keys_in_queries());
        let (path, query, strict) = (request.path().into(), request.query_string().into(), wants_strictness(request));
        let sent = Sent { path, query, routes, strict, with_key, preferred: Format::preferred(request.headers()) };
        Self { sent, ..Self::default() }
    }

    /// Splits a query string. Percent-encoding that is not UTF-8 is read with replacement characters.
    fn parse(sent: &Sent) -> Self {
        let pairs = form_urlencoded::parse(sent.query.as_bytes()).into_owned().collect();
        Self { sent: sent.clone(), pairs, ..Self::default() }
    }

    /// Reads what a route knows of the query string: its values, or all problems.
    pub fn read<T>(&self, ask: impl FnOnce(&mut Self) -> T) -> Result<T, ApiError> {
        let mut params = Self::parse(&self.sent);
        let value = ask(&mut params);
        params.finish()?;
        Ok(value)
    }

    /// As [`Self::read`], for a list: what all lists take is read here, once it is known what this one takes besides.
    pub fn read_list<S>(&self, ask: impl FnOnce(&mut Self) -> (ListRequest, S)) -> Result<(ListRequest, S), ApiError> {
        self.read(|params| {
            let (request, search) = ask(params);
            let scope = params.scope();
            let (after, count) = (params.after(scope), params.parsed("count", Count::parse));
            (ListRequest { after, count, scope, ..request }, search)
        })
    }

    /// What a cursor of this list is good for: the path, and what the route has asked for that makes it another list.
    fn scope(&self) -> Scope {
        let words = self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let asked = words.filter(|(name, _)| self.asked.contains(name) && !NO_PART_OF_A_LIST.contains(name));
        Scope::of(&self.sent.path, asked)
    }

    /// The row that a page begins behind.
    fn after(&mut self, scope: Scope) -> Option<Position> {
        let position = self.parsed("after", |cursor| scope.position(cursor));
        if let (Some(cursor), Some(_)) = (self.raw("after"), self.raw("page")) {
            let message = "'after' and 'page' exclude each other";
            self.problems.push(Problem::query_value("after", message, echo(&cursor.into())));
        }
        position
    }

    /// What a route does that knows nothing of the query string but which members of its answer it is asked for.
    pub fn only_fields<T: ToSchema + 'static>(
        &self,
    ) -> impl Fn() -> Result<Option<Fields>, ApiError> + Send + 'static + use<T> {
        let sent = self.sent.clone();
        move || {
            if sent.query.is_empty() {
                return Ok(None);
            }
            let mut params = Self::parse(&sent);
            let fields = params.fields::<T>();
            params.finish()?;
            Ok(fields)
        }
    }

    /// What a route does that knows nothing of the query string.
    pub fn unread(&self) -> impl Fn() -> Result<(), ApiError> + Send + 'static + use<> {
        let sent = self.sent.clone();
        move || if sent.query.is_empty() { Ok(()) } else { Self::parse(&sent).finish() }
    }

    /// True when the parameter is there at all. A look from the event loop, before the query string is taken apart.
    pub fn has(&self, name: &str) -> bool {
        form_urlencoded::parse(self.sent.query.as_bytes()).any(|(known, _)| known == name)
    }

    /// True when the parameter has this very value; of several, the last one counts. A look from the event loop.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.last(name).is_some_and(|sent| sent == value)
    }

    /// The last value of the parameter. A look from the event loop.
    pub(in crate::api) fn last(&self, name: &str) -> Option<Cow<'_, str>> {
        let pairs = form_urlencoded::parse(self.sent.query.as_bytes());
        pairs.filter(|(known, _)| known == name).last().map(|(_, sent)| sent)
    }

    /// The format that `Accept` asks for.
    pub(in crate::api) fn preferred(&self) -> Format {
        self.sent.preferred
    }

    /// True when the page asked for is one of those that are sent in pieces. Looks at `size` alone.
    pub fn asks_for_a_large_page(&self) -> bool {
        let pairs = form_urlencoded::parse(self.sent.query.as_bytes());
        let size = pairs.filter(|(name, _)| name == "size").last().and_then(|(_, size)| parse_integer(&size).ok());
        size.is_some_and(|size| PageRequest { page: 1, size }.is_large())
    }

    /// What a list request costs the database, by what it asks and not by what will be found. A look from the event loop.
    pub fn weight(&self) -> Weight {
        let cost: usize = form_urlencoded::parse(self.sent.query.as_bytes())
            .map(|(name, value)| match name.as_ref() {
                // These are compared with every row, and no index helps.
                "filter" if ["contains", "endswith"].iter().any(|operator| value.contains(operator)) => 3,
                "q" | "query" | "name_contains" => 3,
                // To read it and to look who lies inside takes as long as it has corners.
                "within" => 1 + value.len() / 4096,
                "filter" | "sort" | "bbox" | "nearby_point" => 1,
                "page" => 2 * usize::from(parse_integer(&value).is_ok_and(|page| page > 1000)),
                _ => 0,
            })
            .sum();
        if cost > MOST_LIGHT { Weight::Heavy } else { Weight::Light }
    }

    /// True when the parameter was sent, whatever its value.
    pub(in crate::api) fn was_sent(&mut self, name: &'static str) -> bool {
        self.raw(name).is_some()
    }

    fn raw(&mut self, name: &'static str) -> Option<String> {
        self.asked.insert(name);
        // As in the framework, the last one counts.
        self.pairs.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    }

    /// A text. NUL is refused: no stored text can hold it. So is one of more than [`MOST_TEXT`] characters.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        let text = self.raw(name)?;
        self.usable(name, text)
    }

    /// All values of a parameter that may repeat.
    pub fn texts(&mut self, name: &'static str) -> Vec<String> {
        self.asked.insert(name);
        let all: Vec<String> =
            self.pairs.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect();
        all.into_iter().filter_map(|text| self.usable(name, text)).collect()
    }

    /// A text that must be there.
    pub fn required(&mut self, name: &'static str) -> String {
        self.require(name).text(name).unwrap_or_default()
    }

    /// Notes a parameter that must be there and is not; to be read by one of the others.
    pub fn require(&mut self, name: &'static str) -> &mut Self {
        if self.raw(name).is_none() {
            self.problems.push(Problem::query("missing", name, "Field required", serde_json::Value::Null));
        }
        self
    }

    fn without_nul(&mut self, name: &'static str, text: String) -> Option<String> {
        if text.contains('\0') {
            let problem = Problem::query_value(name, "Text must not contain NUL characters", echo(&text.into()));
            self.problems.push(problem);
            return None;
        }
        Some(text)
    }

    fn usable(&mut self, name: &'static str, text: String) -> Option<String> {
        let text = self.without_nul(name, text)?;
        if text.chars().nth(MOST_TEXT).is_some() {
            let message = format!("String should have at most {MOST_TEXT} characters");
            let problem = Problem::query("string_too_long", name, message, echo(&text.into()));
            self.problems.push(problem.with_ctx(json!({ "max_length": MOST_TEXT })));
            return None;
        }
        Some(text)
    }

    /// A whole number.
    pub fn integer(&mut self, name: &'static str) -> Option<i64> {
        let text = self.raw(name)?;
        match parse_integer(&text) {
            Ok(number) => Some(number),
            Err(NotInteger::Syntax) => self.refuse("int_parsing", name, INT_PARSING, text),
            Err(NotInteger::TooLarge) => self.refuse("int_parsing_size", name, INT_PARSING_SIZE, text),
        }
    }

    /// The key of another row. One beyond 32 bits belongs to no row; it becomes one that no row has.
    pub fn key(&mut self, name: &'static str) -> Option<i32> {
        self.integer(name).map(|number| i32::try_from(number).unwrap_or(-1))
    }

    /// A finite number.
    pub fn float(&mut self, name: &'static str) -> Option<f64> {
        let text = self.raw(name)?;
        match text.trim().parse::<f64>() {
            Ok(number) if number.is_finite() => Some(number),
            Ok(_) => self.refuse("finite_number", name, "Input should be a finite number", text),
            Err(_not_a_number) => {
                let message = "Input should be a valid number, unable to parse string as a number";
                self.refuse("float_parsing", name, message, text)
            }
        }
    }

    /// True or false, with the framework's spellings.
    pub fn boolean(&mut self, name: &'static str) -> Option<bool> {
        let text = self.raw(name)?;
        match text.to_ascii_lowercase().as_str() {
            "1" | "true" | "t" | "yes" | "y" | "on" => Some(true),
            "0" | "false" | "f" | "no" | "n" | "off" => Some(false),
            _ => {
                let message = "Input should be a valid boolean, unable to interpret input";
                self.refuse("bool_parsing", name, message, text)
            }
        }
    }

    /// A point in time; without an offset it is taken as UTC.
    pub fn time(&mut self, name: &'static str) -> Option<UtcDateTime> {
        // A plus sign that was not encoded arrives as a blank.
        let text = self.raw(name)?;
        match UtcDateTime::parse_lenient(&text).or_else(|_| UtcDateTime::parse_lenient(&text.replace(' ', "+"))) {
            Ok(time) => Some(time),
            Err(error) => self.refuse("datetime_from_date_parsing", name, &error.to_string(), text),
        }
    }

    /// Reads a parameter with a parser of its own; its error's text follows the framework's prefix.
    pub fn parsed<T, E: std::fmt::Display>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, E>,
    ) -> Option<T> {
        // Its parser knows how long it may be.
        let text = self.raw(name)?;
        let text = self.without_nul(name, text)?;
        match parse(&text) {
            Ok(value) => Some(value),
            Err(error) => {
                self.problems.push(Problem::query_value(name, error, echo(&text.into())));
                None
            }
        }
    }

    /// `page` and `size`.
    pub fn page(&mut self) -> PageRequest {
        let usual = PageRequest::default();
        let page = self.ranged("page", usual.page, i64::MAX);
        let size = self.ranged("size", usual.size, PageRequest::MOST);
        PageRequest { page, size }
    }

    /// A whole number from 1 to `most`; `usual` when there is none.
    pub fn ranged(&mut self, name: &'static str, usual: i64, most: i64) -> i64 {
        let Some(number) = self.integer(name) else {
            return usual;
        };
        let raw = self.raw(name).unwrap_or_default();
        if number < 1 {
            let problem = Problem::query("greater_than_equal", name, "Input should be greater than or equal to 1", raw);
            self.problems.push(problem.with_ctx(json!({"ge": 1})));
            return usual;
        }
        if number > most {
            let message = format!("Input should be less than or equal to {most}");
            let problem = Problem::query("less_than_equal", name, message, raw);
            self.problems.push(problem.with_ctx(json!({ "le": most })));
            return usual;
        }
        number
    }

    /// Page, `sort`, `order` and every `filter`.
    pub fn list(&mut self) -> ListRequest {
        self.list_by(None)
    }

    /// As [`Self::list`] for a resource whose lists have a default column, to which a lone `order` applies.
    pub fn list_by(&mut self, default: Option<&str>) -> ListRequest {
        let page = self.page();
        let sort = self.sort(default);
        ListRequest { page, sort, filters: self.filters(), ..ListRequest::default() }
    }

    /// Page, `sort` and `order`, for lists that take no `filter`.
    pub fn sorted_by(&mut self, default: Option<&str>) -> ListRequest {
        let page = self.page();
        ListRequest { page, sort: self.sort(default), ..ListRequest::default() }
    }

    fn sort(&mut self, default: Option<&str>) -> Option<Sort> {
        let column = self.text("sort").filter(|column| !column.is_empty());
        let direction = match self.text("order").map(|order| (order.to_ascii_lowercase(), order)) {
            None => None,
            Some((lower, _)) if lower == "asc" => Some(Direction::Ascending),
            Some((lower, _)) if lower == "desc" => Some(Direction::Descending),
            Some((lower, _)) if lower.is_empty() => None,
            Some((_, sent)) => {
                self.problems.push(Problem::query_value("order", "order must be 'asc' or 'desc'", sent));
                None
            }
        };
        match (column, direction) {
            (Some(column), direction) => Some(Sort { column, direction: direction.unwrap_or(Direction::Ascending) }),
            (None, Some(direction)) => default.map(|column| Sort { column: column.to_owned(), direction }),
            (None, None) => None,
        }
    }

    /// Every `filter`.
    pub(in crate::api) fn filters(&mut self) -> Vec<Filter> {
        self.asked.insert("filter");
        let texts: Vec<String> =
            self.pairs.iter().filter(|(key, _)| key == "filter").map(|(_, value)| value.clone()).collect();
        if texts.len() > MOST_FILTERS {
            self.filter.get_or_insert(FilterError::TooMany(texts.len()));
            return Vec::new();
        }
        let mut filters = Vec::new();
        for text in texts {
            match Filter::parse(&text) {
                Ok(filter) => filters.extend(filter),
                Err(error) => {
                    self.filter.get_or_insert(error);
                }
            }
        }
        filters
    }

    fn refuse<T>(&mut self, kind: &'static str, name: &'static str, message: &str, sent: String) -> Option<T> {
        self.problems.push(Problem::query(kind, name, message, sent));
        None
    }

    /// Notes a problem that only the route can see.
    pub fn note(&mut self, problem: Problem) {
        self.problems.push(problem);
    }

    /// Notes the parameters that were sent and not asked for, but would have narrowed the answer on another route.
    fn refuse_untaken(&mut self) {
        let mut seen = BTreeSet::new();
        for (name, value) in &self.pairs {
            if self.asked.contains(name.as_str()) || !seen.insert(name) {
                continue;
            }
            let is_key = name == KEY_PARAMETER;
            if is_key && self.sent.with_key {
                continue;
            }
            let takers = self.sent.routes.as_ref().map(|routes| routes.takers(name)).unwrap_or_default();
            let narrows = !takers.is_empty() && !SHAPING.contains(&name.as_str());
            if narrows || self.sent.strict {
                let loc = vec![LocPart::from("query"), LocPart::Name(name.clone().into())];
                // A key is never repeated, also where it does not belong.
                let input = if is_key { serde_json::Value::Null } else { value.clone().into() };
                let problem = Problem::new("extra_forbidden", loc, untaken(name, &takers), input);
                self.problems.push(problem);
            }
        }
    }

    /// All problems of the query string, or none.
    fn finish(mut self) -> Result<(), ApiError> {
        self.refuse_untaken();
        if !self.problems.is_empty() {
            return Err(ApiError::Invalid(self.problems));
        }
        self.filter.map_or(Ok(()), |error| Err(error.into()))
    }
}

/// The sentence about a parameter that a route does not take.
fn untaken(name: &str, takers: &[String]) -> String {
    let named = takers.get(..NAMED).unwrap_or(takers).join(", ");
    match takers.len() {
        0 => format!("This route does not take '{name}'; no route does"),
        count if count > NAMED => {
            format!("This route does not take '{name}'; these do: {named} and {} more", count - NAMED)
        }
        _ => format!("This route does not take '{name}'; these do: {named}"),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(query: &str) -> Params {
        Params::parse(&Sent { query: query.into(), ..Sent::default() })
    }

    #[test]
    fn a_lone_order_applies_to_the_default_column() {
        let sort = |query: &str, default| parse(query).list_by(default).sort.map(|sort| sort.column);
        assert_eq!(sort("order=desc", Some("name")), Some("name".to_owned()));
        assert_eq!(sort("order=desc", None), None);
        assert_eq!(sort("sort=id", None), Some("id".to_owned()));
    }

    #[test]
    fn what_asks_for_much_is_heavy() {
        let weight = |query: &str| parse(query).weight();
        let contains = "filter=%7B%22operator%22:%22ncontains%22%7D";
        for light in
            ["", "size=25&sort=name", "query=a&sort=name", "page=1000", &format!("{contains}&{contains}&sort=name")]
        {
            assert_eq!(weight(light), Weight::Light, "{light}");
        }
        let area = format!("within=POLYGON(({}))", "1 1,".repeat(10_000));
        for heavy in [&format!("{contains}&{contains}&{contains}"), &format!("query=a&{contains}&{contains}"), &area] {
            assert_eq!(weight(heavy), Weight::Heavy);
        }
    }

    proptest! {
        #[test]
        fn any_query_string_is_read_or_refused(query in "\\PC*") {
            let mut params = parse(&query);
            let _ = (params.list(), params.time("start_time"), params.float("x"), params.key("thing_id"));
            let _ = params.finish();
        }
    }
}
