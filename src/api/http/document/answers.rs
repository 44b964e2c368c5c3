//! The answers that operations share, and the headers that answers have.

use actix_web::http::Method;
use serde_json::{Value, json};
use utoipa::openapi::header::{Header, HeaderBuilder};
use utoipa::openapi::path::{Operation, ParameterIn};
use utoipa::openapi::schema::{OneOfBuilder, Schema};
use utoipa::openapi::{Components, ContentBuilder, ObjectBuilder, Ref, RefOr, Response, ResponseBuilder, Type};

use crate::api::http::document::Gives;
use crate::api::http::routes::Access;

/// An answer under its name in the document's components.
struct Shared {
    name: &'static str,
    status: &'static str,
    description: &'static str,
    schema: &'static str,
    example: fn() -> Value,
}

const UNREADABLE: Shared = Shared {
    name: "BadRequest",
    status: "400",
    description: "The body could not be read to its end, a filter cannot be used, or a condition is no list of ETags",
    schema: "Detail",
    example: || json!({"detail": "Unknown filter field 'colour' for Thing"}),
};
const UNAUTHENTICATED: Shared = Shared {
    name: "Unauthenticated",
    status: "401",
    description: "No valid token (never while authentication is disabled)",
    schema: "Detail",
    example: || json!({"detail": "Not authenticated"}),
};
const FORBIDDEN: Shared = Shared {
    name: "Forbidden",
    status: "403",
    description: "Who asks may not do that, or a page of another site asks",
    schema: "Detail",
    example: || json!({"detail": "Not authorized"}),
};
const NOT_FOUND: Shared = Shared {
    name: "NotFound",
    status: "404",
    description: "There is no such row, or it is of another kind",
    schema: "Refused",
    example: || json!({"detail": "Thing with ID 4711 not found."}),
};
const STALLED: Shared = Shared {
    name: "Stalled",
    status: "408",
    description: "The body did not come in time",
    schema: "Detail",
    example: || json!({"detail": "The request body took too long"}),
};
const CONFLICT: Shared = Shared {
    name: "Conflict",
    status: "409",
    description: "Contradicts what is stored",
    schema: "Refused",
    example: || {
        json!({"detail": [{"type": "value_error", "loc": ["body", "location_id"],
            "msg": "Location with ID 4711 not found.", "input": {"location_id": 4711}}]})
    },
};
const CHANGED: Shared = Shared {
    name: "Changed",
    status: "412",
    description: "The row is not as `If-Match` says: it has changed since it was read. Nothing was done; `ETag` is that of now",
    schema: "Detail",
    example: || json!({"detail": "Thing with ID 1 is not in the state that the condition names."}),
};
const TOO_LARGE: Shared = Shared {
    name: "TooLarge",
    status: "413",
    description: "The body is larger than the server's limit",
    schema: "Detail",
    example: || json!({"detail": "Request body is larger than 2097152 bytes"}),
};
const INVALID: Shared = Shared {
    name: "Invalid",
    status: "422",
    description: "The request breaks rules; each problem says where",
    schema: "Problems",
    example: || {
        json!({"detail": [{"type": "missing", "loc": ["body", "elevation"], "msg": "Field required",
            "input": {"point": "POINT (-106.91 34.07)"}}]})
    },
};
const INVALID_LIST: Shared = Shared {
    name: "InvalidList",
    status: "422",
    description: "Query parameters break rules, each problem says which; or a filter lacks keys",
    schema: "Refused",
    example: || {
        json!({"detail": [{"type": "less_than_equal", "loc": ["query", "size"],
            "msg": "Input should be less than or equal to 10000", "input": "20000", "ctx": {"le": 10000}}]})
    },
};
const TOO_MANY: Shared = Shared {
    name: "TooMany",
    status: "429",
    description: "The caller, or the address that it comes from, has asked for too much (never while authentication is disabled): \
                  the same request may be sent again after the seconds in `Retry-After`",
    schema: "Detail",
    example: || json!({"detail": "Too many requests"}),
};
const UNAVAILABLE: Shared = Shared {
    name: "Unavailable",
    status: "503",
    description: "Overloaded, the database does not answer, the request took too long, or the server is shutting down: \
                  the same request may be sent again after the seconds in `Retry-After`",
    schema: "Unavailable",
    example: || json!({"detail": "The server is overloaded", "reason": "queue_full"}),
};

const ALL: [&Shared; 12] = [
    &UNREADABLE,
    &UNAUTHENTICATED,
    &FORBIDDEN,
    &NOT_FOUND,
    &STALLED,
    &CONFLICT,
    &CHANGED,
    &TOO_LARGE,
    &INVALID,
    &INVALID_LIST,
    &TOO_MANY,
    &UNAVAILABLE,
];

/// The name of the answer 304 in the document's components.
const NOT_MODIFIED: &str = "NotModified";

/// Declares the answers that an operation can give beside its own, and says of its own what they leave out.
pub fn add(operation: &mut Operation, method: &Method, access: Access, gives: Gives) {
    let has = |wanted: &dyn Fn(&ParameterIn, &str) -> bool| {
        let mut known = operation.parameters.iter().flatten();
        known.any(|known| matches!(known, RefOr::T(known) if wanted(&known.parameter_in, &known.name)))
    };
    let pages = has(&|place, name| *place == ParameterIn::Query && name == "page");
    let asks = access != Access::Anonymous;
    // Whoever runs the server may ask for what is the service's own as often as he likes, and it does not wait.
    let of_service = operation.tags.iter().flatten().any(|tag| tag == "service");
    if !of_service {
        let by_key = has(&|place, _| *place == ParameterIn::Path);
        let filters = has(&|place, name| *place == ParameterIn::Query && name == "filter");
        let body = operation.request_body.is_some();
        let can_give = [
            (&UNREADABLE, body || filters || gives.tag),
            (&UNAUTHENTICATED, asks),
            (&FORBIDDEN, true),
            (&NOT_FOUND, asks && by_key),
            (&STALLED, body),
            (&CONFLICT, *method != Method::GET),
            (&CHANGED, gives.tag && [Method::PATCH, Method::DELETE].contains(method)),
            (&TOO_LARGE, body),
            (&INVALID, asks && !filters),
            (&INVALID_LIST, filters),
            (&TOO_MANY, true),
            (&UNAVAILABLE, true),
        ];
        for (shared, _) in can_give.into_iter().filter(|(_, can)| *can) {
            let answer = Ref::from_response_name(shared.name);
            operation.responses.responses.entry(shared.status.to_owned()).or_insert(RefOr::Ref(answer));
        }
    }
    if gives.tag && *method == Method::GET {
        let answer = RefOr::Ref(Ref::from_response_name(NOT_MODIFIED));
        operation.responses.responses.insert("304".to_owned(), answer);
    }
    for (status, answer) in &mut operation.responses.responses {
        let RefOr::T(answer) = answer else { continue };
        if answer.description.is_empty() {
            usual_description(method, status).clone_into(&mut answer.description);
        }
        add_headers(answer, |of| match of {
            Of::All => true,
            Of::Status(only) => only == status,
            Of::Later => later(status),
            Of::Page => pages && status == "200",
            Of::Created => gives.place && status == "201",
            Of::Tagged => gives.tag && ["200", "201"].contains(&status.as_str()),
            Of::Repeatable => gives.repeats && status == "201",
        });
    }
}

fn usual_description(method: &Method, status: &str) -> &'static str {
    match (method.as_str(), status) {
        ("GET", "200") => "What was asked for",
        ("POST", "201") => "What was stored",
        ("PATCH", "200") => "What it is now",
        ("DELETE", "204") => "Removed",
        ("DELETE", "200") => "What was removed",
        (_, "503") => "Not now",
        _ => "Done",
    }
}

/// What all of them refer to.
pub fn add_components(components: &mut Components) {
    for shared in ALL {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name(shared.schema)))
            .example(Some((shared.example)()))
            .build();
        let mut answer =
            ResponseBuilder::new().description(shared.description).content("application/json", content).build();
        add_headers(&mut answer, |of| match of {
            Of::All => true,
            Of::Status(only) => *only == shared.status,
            Of::Later => later(shared.status),
            Of::Tagged => shared.status == CHANGED.status,
            Of::Page | Of::Created | Of::Repeatable => false,
        });
        components.responses.insert(shared.name.to_owned(), RefOr::T(answer));
    }
    let mut known =
        ResponseBuilder::new().description("The client has it: one of the ETags in `If-None-Match` names it").build();
    add_headers(&mut known, |of| matches!(of, Of::All | Of::Tagged));
    components.responses.insert(NOT_MODIFIED.to_owned(), RefOr::T(known));
    let refused = OneOfBuilder::new()
        .item(Ref::from_schema_name("Detail"))
        .item(Ref::from_schema_name("Problems"))
        .description(Some("An error's body with either a sentence or a list of problems."));
    components.schemas.insert("Refused".to_owned(), RefOr::T(Schema::OneOf(refused.build())));
    for known in HEADERS {
        components.headers.insert(known.component.to_owned(), RefOr::T(known.header()));
    }
}

/// Which answers have a header.
enum Of {
    All,
    /// Those with this status.
    Status(&'static str),
    /// Those that say that the request may be sent again later.
    Later,
    /// A page with others beside it.
    Page,
    /// What was created and has a path of its own.
    Created,
    /// What has a tag.
    Tagged,
    /// What is given again to who repeats his request.
    Repeatable,
}

/// A header of answers.
struct KnownHeader {
    name: &'static str,
    component: &'static str,
    of: Of,
    description: &'static str,
    kind: Type,
    example: fn() -> Value,
}

impl KnownHeader {
    fn header(&self) -> Header {
        let schema = ObjectBuilder::new().schema_type(self.kind.clone()).build();
        HeaderBuilder::new()
            .schema(Some(schema))
            .description(Some(self.description))
            .example(Some((self.example)()))
            .build()
    }
}

const HEADERS: [KnownHeader; 7] = [
    KnownHeader {
        name: "X-Request-Id",
        component: "RequestId",
        of: Of::All,
        description: "The request's id, as it is in the log: the caller's own, if it sent a plain one, else a new one.",
        kind: Type::String,
        example: || json!("03b31b5af5ed49c39e131e6011c74c81"),
    },
    KnownHeader {
        name: "WWW-Authenticate",
        component: "WwwAuthenticate",
        of: Of::Status("401"),
        description: "How to say who asks.",
        kind: Type::String,
        example: || json!("Bearer"),
    },
    KnownHeader {
        name: "Retry-After",
        component: "RetryAfter",
        of: Of::Later,
        description: "Seconds to wait before the next attempt.",
        kind: Type::Integer,
        example: || json!(1),
    },
    KnownHeader {
        name: "Location",
        component: "Location",
        of: Of::Created,
        description: "The path of what was created, where the answer has its `id`.",
        kind: Type::String,
        example: || json!("/location/1"),
    },
    KnownHeader {
        name: "ETag",
        component: "ETag",
        of: Of::Tagged,
        description: "Names what is shown, in its content coding: another one when anything of it is another. Pages of more than 500 items \
                      have none.",
        kind: Type::String,
        example: || json!("\"44136fa355b3678a1146ad16f7e8649e\""),
    },
    KnownHeader {
        name: "Idempotency-Replayed",
        component: "IdempotencyReplayed",
        of: Of::Repeatable,
        description: "`true` when the request was sent before: this is what it was answered then.",
        kind: Type::Boolean,
        example: || json!(true),
    },
    KnownHeader {
        name: "Link",
        component: "Link",
        of: Of::Page,
        description: "The next page, the one before, the first, the last, where there are such.",
        kind: Type::String,
        example: || json!("</location?page=2>; rel=\"next\""),
    },
];

fn later(status: &str) -> bool {
    ["429", "503"].contains(&status)
}

fn add_headers(answer: &mut Response, has: impl Fn(&Of) -> bool) {
    for known in HEADERS.iter().filter(|known| has(&known.of)) {
        let header = Ref::new(format!("#/components/headers/{}", known.component));
        answer.headers.insert(known.name.to_owned(), RefOr::Ref(header));
    }
}
