//! All ways to read: every route of the document with every id, and every list with all that it can be asked.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::http::Method;
use ocotillo::api::{Access, OPENABLE};
use ocotillo::auth::Role;

use super::plant::Seen;
use crate::columns::table::{Kind, Listing};
use crate::openapi::{fill, operations};
use crate::support::planted::{self, SERIES};
use crate::support::*;

/// An id that no row ever had.
pub const NEVER: i64 = 987_654;

/// The vocabulary, which everybody sees; and the search, which finds nothing unless it is told what, and has tests of its own.
fn concerns_everybody(path: &str) -> bool {
    path.starts_with("/lexicon") || path == "/search"
}

/// The roles of all routes that read and can be opened to anybody, by their paths.
pub fn openable() -> BTreeMap<String, Role> {
    let mut table = ocotillo::api::routes(|_| {}).table();
    table.open(&OPENABLE.iter().map(|family| (*family).to_owned()).collect::<Vec<_>>(), None).unwrap();
    let open = |path: &str, method: &Method| table.find(path).is_some_and(|path| path.opened(method).is_some());
    let role = |(path, method, access): (&str, &Method, Access)| match access {
        Access::Role(role) if open(path, method) => Some((path.to_owned(), role)),
        _ => None,
    };
    table.all().filter_map(role).collect()
}

/// The table that a parameter of a path or a query names a row of.
fn table_of<'n>(path: &str, name: &'n str) -> &'n str {
    match name {
        "observation_id" if path.starts_with(SERIES) => "transducer_observation",
        "link_id" => "thing_id_link",
        name => name.strip_suffix("_id").unwrap_or_else(|| panic!("{path}: which table is {name} of?")),
    }
}

/// All ids of a table, and one that it never had.
fn ids(db: &Database, table: &str) -> Vec<i64> {
    let ids = db.texts(&format!("SELECT CAST(id AS text) AS value FROM \"{table}\" ORDER BY id"));
    ids.iter().map(|id| id.parse().unwrap()).chain([NEVER]).collect()
}

/// A route that reads, as the document has it.
pub struct Route {
    pub pattern: String,
    pub query: Vec<String>,
}

impl Route {
    /// The routes whose answers depend on who asks, of those that can be opened to anybody.
    pub fn all(document: &Value) -> Vec<Self> {
        let openable = openable();
        let names = |operation: &Value| {
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            parameters
                .filter(|parameter| parameter["in"] == "query")
                .map(|parameter| parameter["name"].as_str().unwrap().to_owned())
                .collect()
        };
        operations(document)
            .into_iter()
            .filter(|(method, path, _)| method == "GET" && openable.contains_key(path) && !concerns_everybody(path))
            .map(|(_, path, operation)| Self { query: names(&operation), pattern: path })
            .collect()
    }

    pub fn is_list(&self) -> bool {
        self.query.iter().any(|name| name == "page")
    }

    /// With every id; of `db`, which has the most rows.
    pub fn paths(&self, db: &Database) -> Vec<String> {
        let Some(parameter) = self.pattern.split(['{', '}']).nth(1) else { return vec![self.pattern.clone()] };
        if parameter == "well_data_id" {
            let keys = db.texts("SELECT well_data_id AS value FROM geothermal_well ORDER BY id");
            return keys.into_iter().chain([planted::uuid(NEVER)]).map(|key| fill(&self.pattern, &key)).collect();
        }
        let fill = |id| self.pattern.replace(&format!("{{{parameter}}}"), &format!("{id}"));
        ids(db, table_of(&self.pattern, parameter)).into_iter().map(fill).collect()
    }

    /// For the rows that everybody sees.
    pub fn of_seen(&self, seen: &Seen) -> String {
        self.pattern.replace("{thing_id}", &seen.family.well.to_string())
    }

    /// All requests of this route.
    pub fn requests(&self, db: &Database, seen: &Seen) -> Vec<String> {
        let mut requests: BTreeSet<String> = self.paths(db).into_iter().collect();
        let here = self.of_seen(seen);
        // (Routes by id take no queries, but for the details, and those are of a thing.)
        if !here.contains('{') {
            requests.extend(self.queries(db).into_iter().map(|query| format!("{here}?{query}")));
        }
        requests.into_iter().collect()
    }

    fn queries(&self, db: &Database) -> Vec<String> {
        let mut queries = Vec::new();
        if self.is_list() {
            queries.extend(["size=1000".to_owned(), "size=2&page=2".to_owned()]);
        }
        for name in &self.query {
            queries.extend(match name.as_str() {
                "page" | "size" | "order" | "nearby_distance_km" => Vec::new(),
                "count" => ["exact", "bounded", "false"].map(|count| format!("size=2&count={count}")).to_vec(),
                // (The cursors that there are come with the pages: see the callers.)
                "after" => vec!["after=x".to_owned()],
                "format" if self.pattern == "/geospatial" => {
                    vec!["format=shapefile".to_owned(), "format=shapefile&group=HIDDEN%20group".to_owned()]
                }
                "format" => vec!["format=csv".to_owned(), "format=ndjson".to_owned()],
                "fields" => ["id", "pcn_number", "release_status", "created_by_id"]
                    .map(|name| format!("fields={name}"))
                    .to_vec(),
                "sort" => self.sorts(),
                "filter" => self.filters(),
                "field_event_limit" => vec!["field_event_limit=1".to_owned()],
                "query" if self.pattern == "/location" => location_queries(),
                "query" => thing_queries(self.query.iter().any(|name| name == "include_contacts")),
                "q" => ["HIDDEN", "SEEN", "socorro geothermal"].map(|words| format!("q={}", encode(words))).to_vec(),
                "parameter_name" => ["Silver", "Lead", "Zinc"].map(|name| format!("parameter_name={name}")).to_vec(),
                "limit_source" => vec!["limit_source=EPA".to_owned()],
                "limit_type" => vec!["limit_type=MCL".to_owned()],
                "county" => vec!["county=Socorro".to_owned()],
                "include_contacts" => vec!["include_contacts=true".to_owned()],
                "name_contains" => ["HIDDEN", "SEEN", "ell"].map(|part| format!("name_contains={part}")).to_vec(),
                "name" => ["SEEN well", "HIDDEN draft well"].map(|text| format!("name={}", encode(text))).to_vec(),
                "within" => {
                    vec![format!("within={}", encode("POLYGON ((-110 30, -100 30, -100 40, -110 40, -110 30))"))]
                }
                "bbox" => vec!["bbox=-110,30,-100,40".to_owned(), "bbox=170,30,-100,40".to_owned()],
                "nearby_point" => vec![format!("nearby_point={}&nearby_distance_km=50", encode("POINT (-106.9 34.1)"))],
                "start_time" => vec!["start_time=2026-01-02T12:00:00Z".to_owned()],
                "end_time" => vec![
                    "end_time=2026-01-03T12:00:00Z".to_owned(),
                    "start_time=2026-01-19&end_time=2026-01-21".to_owned(),
                ],
                "method" => vec!["method=arar".to_owned()],
                "thing_type" => ["water%20well", "spring"].map(|kind| format!("thing_type={kind}")).to_vec(),
                "group" => groups(db),
                id => ids(db, table_of(&self.pattern, id)).iter().map(|row| format!("{id}={row}")).collect(),
            });
        }
        queries
    }

    fn sorts(&self) -> Vec<String> {
        let columns: Vec<&str> = match Listing::of(&self.pattern) {
            Some(listing) => listing.columns.iter().map(|(column, _)| *column).collect(),
            None => vec!["id", "value", "observation_datetime"],
        };
        columns.iter().flat_map(|column| ["asc", "desc"].map(|order| format!("sort={column}&order={order}"))).collect()
    }

    fn filters(&self) -> Vec<String> {
        // Maps are filtered as lists of things are.
        let list = if self.pattern == "/geospatial" { "/thing" } else { &self.pattern };
        let listing = Listing::of(list).unwrap_or_else(|| panic!("{} is not in the table of columns", self.pattern));
        let mut filters = Vec::new();
        for (column, kind) in listing.columns {
            let asked: Vec<(&str, Value)> = match kind {
                Kind::Text => vec![
                    ("contains", json!("HIDDEN")),
                    ("ncontains", json!("SEEN")),
                    ("ne", json!("public")),
                    ("null", json!(0)),
                ],
                Kind::Integer => vec![
                    ("gte", json!(super::plant::HIDDEN_IDS)),
                    ("lt", json!(super::plant::HIDDEN_IDS)),
                    ("null", json!(0)),
                ],
                Kind::Float => vec![("gt", json!(0)), ("null", json!(0))],
                Kind::Bool => vec![("eq", json!(true)), ("eq", json!(false))],
                Kind::Date | Kind::Time => {
                    vec![("gt", json!("2020-06-01")), ("lte", json!("2026-02-21")), ("null", json!(0))]
                }
                Kind::Status => ["Not currently monitored", "Currently monitored", "Active, pumping well", "Abandoned"]
                    .iter()
                    .flat_map(|value| [("eq", json!(value)), ("ne", json!(value)), ("ncontains", json!(value))])
                    .collect(),
                Kind::Linked => ["HIDDEN contact", "HIDDEN group", "SEEN group"]
                    .iter()
                    .flat_map(|value| {
                        ["eq", "ne", "contains", "ncontains", "startswith", "null", "nnull"]
                            .map(|operator| (operator, json!(value)))
                    })
                    .collect(),
                Kind::Key => Vec::new(),
            };
            filters.extend(asked.into_iter().map(|(operator, value)| filter(column, operator, value)));
        }
        filters
    }
}

fn location_queries() -> Vec<String> {
    [
        "notes.content like '%HIDDEN%'",
        "notes.content like '%gate%'",
        "notes.note_type eq 'General'",
        "elevation gt 0",
        "release_status ne 'public'",
    ]
    .map(|query| format!("query={}", encode(query)))
    .to_vec()
}

fn thing_queries(contacts: bool) -> Vec<String> {
    let texts = [
        "HIDDEN",
        "HIDDEN contact",
        "HIDDEN draft well",
        "SEEN well",
        "SEEN or HIDDEN",
        "well -SEEN",
        "spring",
        "water well",
        "HIDDEN livestock",
    ];
    let plain = texts.iter().map(|text| format!("query={}", encode(text)));
    let with_contacts =
        texts.iter().filter(|_| contacts).map(|text| format!("query={}&include_contacts=true", encode(text)));
    plain.chain(with_contacts).collect()
}

fn groups(db: &Database) -> Vec<String> {
    let names =
        ["SEEN group", "HIDDEN group", "HIDDEN draft group", "no group"].map(|name| format!("group={}", encode(name)));
    ids(db, "group").iter().map(|id| format!("group={id}")).chain(names).collect()
}
