//! What the document says of every operation, worked out from what is registered: its path's parameters, who may call it, the
//! answers that it shares with others, an example of its body. Handlers say only what is their own.

mod answers;
mod examples;
mod formats;
mod public;

pub use public::{NoDocument, public};

use actix_web::http::Method;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn, PathItem};
use utoipa::openapi::schema::{ArrayItems, Schema};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, OpenIdConnect, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, KnownFormat, ObjectBuilder, OpenApi, Ref, RefOr, Required, SchemaFormat, Type};

use crate::api::http::routes::{Access, RouteTable};

/// Completes a document that has the paths and schemas of the table's routes.
pub fn complete(document: &mut OpenApi, table: &RouteTable) {
    for (path, item) in &mut document.paths.paths {
        let Some(known) = table.find(path) else { continue };
        let named = table.by_key(known).is_some();
        let open = known.pattern.as_str();
        for (method, operation) in operations(item) {
            let Some(access) = known.access(&method) else { continue };
            add_keys(operation, path);
            add_access(operation, access);
            add_example(operation);
            formats::add(operation, &method, access);
            let gives = Gives {
                place: named,
                tag: match method {
                    Method::GET => access != Access::Anonymous && answers_json(operation),
                    _ => table.shows_row(known, &method),
                },
                repeats: method == Method::POST && !NOT_KEPT.contains(&open),
            };
            add_conditions(operation, &method, gives);
            answers::add(operation, &method, access, gives);
        }
    }
    let components = document.components.get_or_insert_with(Components::new);
    answers::add_components(components);
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(BEARER)).build();
    components.add_security_scheme(BEARER_NAME, SecurityScheme::Http(bearer));
    let basic = HttpBuilder::new().scheme(HttpAuthScheme::Basic).description(Some(BASIC)).build();
    components.add_security_scheme(BASIC_NAME, SecurityScheme::Http(basic));
    name_items_of_pages(components);
}

/// What an operation gives beside its answer.
#[derive(Clone, Copy)]
struct Gives {
    /// What it creates has a path of its own: `Location`.
    place: bool,
    /// Its answer, or the row that it changes, has an ETag.
    tag: bool,
    /// Its answer is kept, and given again to who repeats the request.
    repeats: bool,
}

/// Paths whose `POST` has no answer that is kept: it tells a secret, or takes a file that can be sent again as it is.
const NOT_KEPT: [&str; 2] = ["/api_key", "/observation/groundwater-level/bulk-upload"];

fn answers_json(operation: &Operation) -> bool {
    let answer = operation.responses.responses.get("200");
    answer.is_some_and(|answer| matches!(answer, RefOr::T(answer) if answer.content.contains_key("application/json")))
}

/// Declares the headers by which a request is conditional, or can be repeated.
fn add_conditions(operation: &mut Operation, method: &Method, gives: Gives) {
    let (name, description) = match *method {
        Method::GET if gives.tag => ("If-None-Match", IF_NONE_MATCH),
        Method::PATCH | Method::DELETE if gives.tag => ("If-Match", IF_MATCH),
        Method::POST if gives.repeats => ("Idempotency-Key", IDEMPOTENCY_KEY),
        _ => return,
    };
    let schema = ObjectBuilder::new().schema_type(Type::String);
    let schema = if gives.repeats { schema.min_length(Some(1)).max_length(Some(255)) } else { schema };
    let header = ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some(description))
        .schema(Some(schema.build()));
    operation.parameters.get_or_insert_default().push(RefOr::T(header.build()));
}

const IF_NONE_MATCH: &str = "ETags of answers that the client has: one that is still true is answered with 304. Pages of more than 500 \
                             items have no tags.";
const IF_MATCH: &str = "The ETag of the row as the client has read it at this path, or several: if it is another one now, nothing is \
                        done and the answer is 412.";
const IDEMPOTENCY_KEY: &str = "A name for this request, such as a UUID. Should it be sent again within a day, it is answered as before \
                               (with `Idempotency-Replayed: true`) and stores nothing. Visible ASCII characters.";

const BEARER_NAME: &str = "bearer";
const BEARER: &str = "A token of the issuer that the server believes, or an API key (`ocot_...`). While authentication is disabled \
                      none is asked for, and one that is sent is not looked at.";
const BASIC_NAME: &str = "basic";
const BASIC: &str = "Any name, with an API key as the password: for programs that know nothing else.";

const SIGN_IN_NAME: &str = "OAuth2AuthorizationCodeBearer";

/// Says how people get a token, where the issuer tells it at `discovery`.
pub fn add_sign_in(document: &mut OpenApi, discovery: &str) {
    for (_, operation) in document.paths.paths.values_mut().flat_map(operations) {
        if let Some(security) = operation.security.as_mut().filter(|security| !security.is_empty()) {
            security.insert(0, SecurityRequirement::new(SIGN_IN_NAME, [] as [&str; 0]));
        }
    }
    let components = document.components.get_or_insert_with(Components::new);
    components.add_security_scheme(SIGN_IN_NAME, SecurityScheme::OpenIdConnect(OpenIdConnect::new(discovery)));
}

fn operations(item: &mut PathItem) -> impl Iterator<Item = (Method, &mut Operation)> {
    [
        (Method::GET, &mut item.get),
        (Method::POST, &mut item.post),
        (Method::PATCH, &mut item.patch),
        (Method::PUT, &mut item.put),
        (Method::DELETE, &mut item.delete),
    ]
    .into_iter()
    .filter_map(|(method, operation)| operation.as_mut().map(|operation| (method, operation)))
}

/// Declares the parameters of the path that the handler does not declare itself, in the path's order, before all others.
fn add_keys(operation: &mut Operation, path: &str) {
    let parameters = operation.parameters.get_or_insert_default();
    let declared = |name: &str| {
        parameters.iter().any(
            |known| matches!(known, RefOr::T(known) if known.parameter_in == ParameterIn::Path && known.name == name),
        )
    };
    let names = path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'));
    let missing: Vec<RefOr<Parameter>> = names.filter(|name| !declared(name)).map(|name| RefOr::T(key(name))).collect();
    parameters.splice(0..0, missing);
    if parameters.is_empty() {
        operation.parameters = None;
    }
}

/// Keys that are UUIDs.
const UUIDS: [&str; 1] = ["well_data_id"];

/// A parameter of a path: `..._id` is the key of a row, anything else is text.
fn key(name: &str) -> Parameter {
    let (description, schema) = match name.strip_suffix("_id") {
        Some(row) => {
            let (kind, format) = if UUIDS.contains(&name) {
                (Type::String, SchemaFormat::Custom("uuid".to_owned()))
            } else {
                (Type::Integer, SchemaFormat::KnownFormat(KnownFormat::Int32))
            };
            let schema = ObjectBuilder::new().schema_type(kind).format(Some(format));
            (format!("Key of the {}.", row.replace('_', " ")), schema)
        }
        None => (format!("The {}.", name.replace('_', " ")), ObjectBuilder::new().schema_type(Type::String)),
    };
    ParameterBuilder::new()
        .name(name)
        .parameter_in(ParameterIn::Path)
        .required(Required::True)
        .description(Some(description))
        .schema(Some(schema.build()))
        .build()
}

/// How an operation says which role it is for.
const FOR_ROLE: &str = "For the role ";

/// Who may call it, in words and as a requirement. The empty requirement says that neither is always needed.
fn add_access(operation: &mut Operation, access: Access) {
    let (who, security) = match access {
        Access::Anonymous => ("For anybody.".to_owned(), Vec::new()),
        Access::Role(role) => {
            let by = |name| SecurityRequirement::new(name, [] as [&str; 0]);
            (format!("{FOR_ROLE}{role:?}."), vec![by(BEARER_NAME), by(BASIC_NAME), SecurityRequirement::default()])
        }
    };
    let described = operation.description.take().filter(|text| !text.is_empty());
    operation.description = Some(described.map_or_else(|| who.clone(), |text| format!("{text}\n\n{who}")));
    operation.security = Some(security);
}

/// An example of the body, where there is one for its schema.
fn add_example(operation: &mut Operation) {
    let Some(RefOr::T(body)) = &mut operation.request_body else { return };
    for content in body.content.values_mut() {
        let RefOr::T(content) = content else { continue };
        let Some(RefOr::Ref(schema)) = &content.schema else { continue };
        content.example = schema.ref_location.rsplit('/').next().and_then(examples::of);
    }
}

/// The derive writes the item's schema out again in every page. Clients want one type for an item, wherever it comes from.
fn name_items_of_pages(components: &mut Components) {
    let pages: Vec<(String, String)> = components
        .schemas
        .keys()
        .filter_map(|page| Some((page.clone(), page.strip_prefix("Page_")?.to_owned())))
        .filter(|(_, item)| components.schemas.contains_key(item))
        .collect();
    for (page, item) in pages {
        if let Some(RefOr::T(Schema::Object(page))) = components.schemas.get_mut(&page)
            && let Some(RefOr::T(Schema::Array(items))) = page.properties.get_mut("items")
        {
            items.items = ArrayItems::RefOrSchema(Box::new(RefOr::Ref(Ref::from_schema_name(item))));
        }
    }
}
