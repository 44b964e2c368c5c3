//! In which formats answers come, and that their members can be chosen.

use actix_web::http::Method;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::{ArrayBuilder, Content, ContentBuilder, ObjectBuilder, RefOr, Required, Response, Type};

use crate::api::http::format::Format;
use crate::api::http::routes::Access;

const FIELDS: &str = "fields";

/// Declares the formats of a list, and the choice of members of anything else that is read.
pub fn add(operation: &mut Operation, method: &Method, access: Access) {
    let (has_formats, chooses) = (takes(operation, "format"), takes(operation, FIELDS));
    let Some(RefOr::T(answer)) = operation.responses.responses.get_mut("200") else { return };
    if *method != Method::GET || access == Access::Anonymous || !answer.content.contains_key("application/json") {
        return;
    }
    if has_formats {
        add_formats(answer);
    } else if !chooses {
        let names = ArrayBuilder::new().items(ObjectBuilder::new().schema_type(Type::String));
        let fields = ParameterBuilder::new()
            .name(FIELDS)
            .parameter_in(ParameterIn::Query)
            .required(Required::False)
            .description(Some("Members of the answer, separated by commas; may repeat. All, when none is named."))
            .schema(Some(names))
            .build();
        operation.parameters.get_or_insert_default().push(RefOr::T(fields));
    }
}

fn takes(operation: &Operation, wanted: &str) -> bool {
    let mut known = operation.parameters.iter().flatten();
    known.any(
        |known| matches!(known, RefOr::T(known) if known.parameter_in == ParameterIn::Query && known.name == wanted),
    )
}

/// The other formats that what has a JSON form comes in.
fn add_formats(answer: &mut Response) {
    for (format, description) in [(Format::Csv, CSV), (Format::Ndjson, NDJSON)] {
        let media_type = format.media_types().first().copied().unwrap_or_default();
        answer.content.insert(media_type.to_owned(), RefOr::T(text(description)));
    }
}

const CSV: &str = "A header, and a row an item. The members of a member that is an object have columns of their own \
                   (`parameter.unit`), a list is one cell of JSON. Text that a spreadsheet would compute has an apostrophe before it.";
const NDJSON: &str = "An item a line.";

fn text(description: &str) -> Content {
    let schema = ObjectBuilder::new().schema_type(Type::String).description(Some(description));
    ContentBuilder::new().schema(Some(schema)).build()
}
