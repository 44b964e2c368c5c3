//! The routes with the role that each asks for.
//!
//! Every route is registered here, with its role: there is no other way, and a request that matches no registered route never
//! reaches a handler. The table of paths is asked before the framework's router is, on the very text that the router matches,
//! so that who may call is known before anything else of the request is looked at. Literal segments go before parameters.

use std::collections::BTreeSet;

use actix_web::dev::HttpServiceFactory;
use actix_web::http::Method;
use actix_web::{Route, guard, web};
use utoipa::openapi::path::{ParameterIn, PathItem};
use utoipa::openapi::{Components, OpenApi, RefOr, schema::Schema};
use utoipa_actix_web::OpenApiFactory;

use crate::api::http::opened::Opened;
use crate::domain::principal::Role;

/// Who may call a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Anybody, without saying who he is.
    Anonymous,
    /// Who holds the role.
    Role(Role),
}

/// All routes of a server, to be taken apart into the router's configuration, the table and the document.
#[derive(Default)]
pub struct Routes {
    registered: Vec<Registered>,
    documented: Vec<(String, PathItem)>,
    schemas: Vec<(String, RefOr<Schema>)>,
}

struct Registered {
    method: Method,
    path: String,
    /// The last parameter stands for whatever follows.
    below: bool,
    access: Access,
    /// Names of its query parameters.
    takes: Vec<String>,
    register: Box<dyn FnOnce(&mut web::ServiceConfig)>,
}

impl Registered {
    fn segments(&self) -> Vec<Segment> {
        let mut segments = segments(&self.path);
        if self.below
            && let Some(last) = segments.last_mut()
        {
            *last = Segment::Tail;
        }
        segments
    }
}

impl Routes {
    /// Adds a route for those who hold a role.
    pub fn add(&mut self, role: Role, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        self.register(Access::Role(role), handler)
    }

    /// Adds a route for anybody.
    pub fn open(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        self.register(Access::Anonymous, handler)
    }

    /// As [`Self::open`], for a path whose last parameter stands for whatever follows, slashes too: `{name:.*}`. The handler's
    /// description knows only its name.
    pub fn open_below(&mut self, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        self.open(handler);
        if let Some(route) = self.registered.last_mut() {
            route.below = true;
        }
        self
    }

    fn register(&mut self, access: Access, handler: impl HttpServiceFactory + OpenApiFactory + 'static) -> &mut Self {
        handler.schemas(&mut self.schemas);
        let mut served = handler.paths().paths.into_iter().flat_map(|(path, item)| {
            operations(item).into_iter().map(|(method, takes)| (path.clone(), method, takes)).collect::<Vec<_>>()
        });
        // The framework's macros make a route of one method and one path.
        if let Some((path, method, takes)) = served.next() {
            self.documented.extend(handler.paths().paths);
            let register = Box::new(move |config: &mut web::ServiceConfig| {
                config.service(handler);
            });
            self.registered.push(Registered { method, path, below: false, access, takes, register });
        }
        self
    }

    /// Adds a route that the document leaves out.
    pub fn undocumented(&mut self, access: Access, method: Method, path: &str, route: Route) -> &mut Self {
        let service = web::resource(path).route(route);
        self.undocumented_service(access, method, path, service)
    }

    /// As [`Self::undocumented`], for a service that is no single route.
    pub fn undocumented_service(
        &mut self,
        access: Access,
        method: Method,
        path: &str,
        service: impl HttpServiceFactory + 'static,
    ) -> &mut Self {
        let register = Box::new(move |config: &mut web::ServiceConfig| {
            config.service(service);
        });
        let path = path.to_owned();
        self.registered.push(Registered { method, path, below: false, access, takes: Vec::new(), register });
        self
    }

    /// Adds the paths and schemas to a document.
    pub fn document(&self, document: &mut OpenApi) {
        for (path, item) in self.documented.clone() {
            match document.paths.paths.get_mut(&path) {
                Some(known) => known.merge_operations(item),
                None => {
                    document.paths.paths.insert(path, item);
                }
            }
        }
        let components = document.components.get_or_insert_with(Components::new);
        components.schemas.extend(self.schemas.iter().cloned());
    }

    /// The table of what is registered.
    pub fn table(&self) -> RouteTable {
        let mut paths: Vec<Path> = Vec::new();
        let families = families(self.registered.iter().map(|route| route.path.as_str()));
        for route in &self.registered {
            let (method, takes) = (route.method.clone(), route.takes.clone());
            let entry = Operation { method, access: route.access, path: route.path.clone(), takes, opened: None };
            let segments = route.segments();
            // What a parameter is called makes no difference to what the router matches.
            match paths.iter_mut().find(|path| path.segments == segments) {
                Some(path) => path.operations.push(entry),
                None => {
                    let family = Family(families.iter().position(|family| family == first(&route.path)).unwrap_or(0));
                    paths.push(Path { pattern: route.path.clone(), family, segments, operations: vec![entry] });
                }
            }
        }
        paths.sort_by_key(|path| specificity(&path.segments));
        RouteTable { paths }
    }

    /// Hands everything to the framework's router, which tries the routes of a scope one after the other. So there is a scope
    /// for each first segment, and only the one is tried that the table has found.
    pub fn configure(self, config: &mut web::ServiceConfig) {
        let mut routes = self.registered;
        routes.sort_by_key(|route| specificity(&route.segments()));
        let families = families(routes.iter().map(|route| route.path.as_str()));
        for (number, family) in families.iter().enumerate() {
            let (own, others): (Vec<_>, Vec<_>) = routes.into_iter().partition(|route| first(&route.path) == family);
            routes = others;
            let is_meant = guard::fn_guard(move |asked| asked.req_data().get() == Some(&Family(number)));
            let scope = web::scope("").guard(is_meant).configure(|scope| {
                for route in own {
                    (route.register)(scope);
                }
            });
            config.service(scope);
        }
    }
}

/// Which of the first segments of all paths a request has, as the table found: noted in the request for the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Family(usize);

/// The first segments of some paths, each once.
fn families<'a>(paths: impl Iterator<Item = &'a str>) -> Vec<String> {
    paths.map(|path| first(path).to_owned()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn first(path: &str) -> &str {
    path.split('/').nth(1).unwrap_or_default()
}

/// The methods of a path, each with the names of its query parameters.
fn operations(item: PathItem) -> Vec<(Method, Vec<String>)> {
    let there = [
        (Method::GET, item.get),
        (Method::POST, item.post),
        (Method::PATCH, item.patch),
        (Method::PUT, item.put),
        (Method::DELETE, item.delete),
    ];
    let takes = |operation: utoipa::openapi::path::Operation| {
        let all = operation.parameters.into_iter().flatten();
        let named = all.filter_map(|one| match one {
            RefOr::T(one) if one.parameter_in == ParameterIn::Query => Some(one.name),
            RefOr::T(_) | RefOr::Ref(_) => None,
        });
        named.collect()
    };
    there.into_iter().filter_map(|(method, operation)| Some((method, takes(operation?)))).collect()
}

/// The paths that the server knows, with their methods and who may use them.
pub struct RouteTable {
    paths: Vec<Path>,
}

/// One path.
pub struct Path {
    /// As its first operation was registered, such as `/thing/{thing_id}`.
    pub pattern: String,
    /// Its first segment, by number.
    pub family: Family,
    segments: Vec<Segment>,
    operations: Vec<Operation>,
}

struct Operation {
    method: Method,
    access: Access,
    /// As it was registered: operations of one path may call its parameters by different names.
    path: String,
    /// Names of its query parameters.
    takes: Vec<String>,
    /// What anybody is who calls it without saying who he is, where the configuration opens it: see [`super::opened`].
    opened: Option<Opened>,
}

impl Path {
    /// Who may use a method of this path; `None` when it has no such method. HEAD is wherever GET is.
    pub fn access(&self, method: &Method) -> Option<Access> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        self.operations.iter().find(|known| known.method == *method).map(|known| known.access)
    }

    /// What a method of this path is to those who do not say who they are; `None` where it asks.
    pub fn opened(&self, method: &Method) -> Option<&Opened> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        self.operations.iter().find(|known| known.method == *method)?.opened.as_ref()
    }

    /// The methods of this path, as `Allow` names them.
    pub fn allow(&self) -> String {
        let mut methods: Vec<&str> = self.operations.iter().map(|known| known.method.as_str()).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.sort_unstable();
        methods.dedup();
        methods.join(", ")
    }
}

impl RouteTable {
    /// Opens those routes to anybody of which `which` says so, given path, method and access.
    pub(super) fn open_where(&mut self, opened: &Opened, which: impl Fn(&str, &Method, Access) -> bool) {
        for known in self.paths.iter_mut().flat_map(|path| &mut path.operations) {
            if which(&known.path, &known.method, known.access) {
                known.opened = Some(opened.clone());
            }
        }
    }

    /// The path that a request is for, by what the framework's router matches: the decoded path.
    pub fn find(&self, path: &str) -> Option<&Path> {
        let parts: Vec<&str> = path.split('/').skip(1).collect();
        self.paths.iter().find(|known| fits(&known.segments, &parts))
    }

    /// The path below which a row is found by its key that was created at `path`: the same words, without the keys between
    /// them. `None` when there is no such path.
    pub fn by_key(&self, path: &Path) -> Option<String> {
        let words = path.segments.iter().filter_map(|segment| match segment {
            Segment::Literal(word) => Some(word.as_str()),
            _ => None,
        });
        let words: Vec<&str> = words.collect();
        let wanted = words.iter().map(|word| Segment::Literal((*word).to_owned())).chain([Segment::Parameter]);
        let wanted: Vec<Segment> = wanted.collect();
        // What is created under its own keys is where it was created.
        let named_by_caller = path.segments.last() == Some(&Segment::Parameter);
        let known = !named_by_caller && self.paths.iter().any(|path| path.segments == wanted);
        known.then(|| words.iter().map(|word| format!("/{word}")).collect())
    }

    /// True when a path shows the row that a method creates, changes or removes at `path`: then the row has an ETag.
    pub fn shows_row(&self, path: &Path, method: &Method) -> bool {
        let shown = |at: &Path| at.segments.last() == Some(&Segment::Parameter) && at.access(&Method::GET).is_some();
        if *method == Method::POST {
            let at = self.by_key(path).and_then(|words| self.find(&format!("{words}/0")));
            return at.is_some_and(shown);
        }
        shown(path)
    }

    /// The routes that take a query parameter, such as `GET /thing`.
    pub fn takers(&self, parameter: &str) -> Vec<String> {
        let all = self.paths.iter().flat_map(|path| &path.operations);
        let takers = all.filter(|known| known.takes.iter().any(|name| name == parameter));
        takers.map(|known| format!("{} {}", known.method, known.path)).collect()
    }

    /// Everything that is registered: path, method, access.
    pub fn all(&self) -> impl Iterator<Item = (&str, &Method, Access)> {
        self.paths
            .iter()
            .flat_map(|path| &path.operations)
            .map(|known| (known.path.as_str(), &known.method, known.access))
    }
}

#[derive(PartialEq, Eq)]
enum Segment {
    Literal(String),
    Parameter,
    /// Whatever follows.
    Tail,
}

fn segments(path: &str) -> Vec<Segment> {
    let segment = |part: &str| match part {
        part if part.starts_with('{') && part.contains(":.*") => Segment::Tail,
        part if part.starts_with('{') => Segment::Parameter,
        part => Segment::Literal(part.to_owned()),
    };
    path.split('/').skip(1).map(segment).collect()
}

fn fits(segments: &[Segment], parts: &[&str]) -> bool {
    match (segments.split_first(), parts.split_first()) {
        (None, None) | (Some((Segment::Tail, _)), Some(_)) => true,
        (Some((Segment::Literal(literal), segments)), Some((part, parts))) => literal == part && fits(segments, parts),
        (Some((Segment::Parameter, segments)), Some((part, parts))) => !part.is_empty() && fits(segments, parts),
        _ => false,
    }
}

/// Literal before parameter before tail, segment by segment.
fn specificity(segments: &[Segment]) -> Vec<u8> {
    segments
        .iter()
        .map(|segment| match segment {
            Segment::Literal(_) => 0,
            Segment::Parameter => 1,
            Segment::Tail => 2,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> RouteTable {
        let mut routes = Routes::default();
        let access = Access::Role(Role::Viewer);
        for (method, path) in [
            (Method::GET, "/thing/{thing_id}"),
            (Method::DELETE, "/thing/{thing_id}"),
            (Method::GET, "/thing/well-screen"),
            (Method::PATCH, "/thing/{id_by_another_name}"),
            (Method::GET, "/docs/{_:.*}"),
        ] {
            routes.undocumented(access, method.clone(), path, web::route());
        }
        routes.table()
    }

    #[test]
    fn literals_go_before_parameters_whatever_the_method() {
        let table = table();
        let pattern = |path: &str| table.find(path).map(|found| found.pattern.clone());
        assert_eq!(pattern("/thing/well-screen").as_deref(), Some("/thing/well-screen"));
        assert_eq!(pattern("/thing/7").as_deref(), Some("/thing/{thing_id}"));
        assert_eq!(pattern("/thing/7/x"), None);
        assert_eq!(pattern("/thing/"), None);
        assert_eq!(pattern("/docs/").as_deref(), Some("/docs/{_:.*}"));
        assert_eq!(pattern("/docs/a/b").as_deref(), Some("/docs/{_:.*}"));
        let screen = table.find("/thing/well-screen").and_then(|path| path.access(&Method::DELETE));
        assert_eq!(screen, None);
        let patch = table.find("/thing/7").and_then(|path| path.access(&Method::PATCH));
        assert_eq!(patch, Some(Access::Role(Role::Viewer)));
    }
}
