//! In which format a list is sent, and which members of its items: `format`, `Accept` and `fields`, read here and written here.

use std::io;
use std::sync::Arc;

use actix_web::HttpResponse;
use actix_web::http::header::{ACCEPT, CONTENT_DISPOSITION, ContentDisposition, HeaderMap, HeaderValue, VARY};
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use utoipa::ToSchema;

use crate::api::Params;
use crate::domain::request::problem::{Problem, echo};
use crate::export::array::Frame;
use crate::export::columns::{Column, Columns, Fields};
use crate::export::{csv, ndjson};

/// A format that lists can be sent in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// A page: the items with their total.
    #[default]
    Json,
    /// A header and a row an item.
    Csv,
    /// An item a line.
    Ndjson,
}

/// All of them, what is liked best first.
const FORMATS: [Format; 3] = [Format::Json, Format::Csv, Format::Ndjson];
/// What `format` may be.
const PATTERN: &str = "^(json|csv|ndjson)$";

impl Format {
    /// What stands in `format`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
            Self::Ndjson => "ndjson",
        }
    }

    /// What stands in `Content-Type`.
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv => "text/csv; charset=utf-8",
            Self::Ndjson => "application/x-ndjson",
        }
    }

    /// The media types by which it is asked for.
    pub fn media_types(self) -> &'static [&'static str] {
        match self {
            Self::Json => &["application/json"],
            Self::Csv => &["text/csv"],
            Self::Ndjson => &["application/x-ndjson", "application/ndjson"],
        }
    }

    /// The format of this name.
    pub fn named(name: &str) -> Option<Self> {
        FORMATS.into_iter().find(|format| format.name() == name)
    }

    /// The one that `Accept` likes best; JSON of those that it likes alike, and when it takes none of them.
    pub fn preferred(headers: &HeaderMap) -> Self {
        let sent = headers.get_all(ACCEPT).filter_map(|value| value.to_str().ok());
        let ranges: Vec<Range<'_>> = sent.flat_map(|value| value.split(',')).filter_map(Range::read).collect();
        let mut best = (Self::Json, 0.0);
        for format in FORMATS {
            let quality = format.media_types().iter().map(|kind| quality(&ranges, kind)).fold(0.0, f32::max);
            if quality > best.1 {
                best = (format, quality);
            }
        }
        best.0
    }
}

/// An element of `Accept`.
struct Range<'h> {
    kind: &'h str,
    subtype: &'h str,
    quality: f32,
}

impl<'h> Range<'h> {
    /// `None` for what cannot be read.
    fn read(element: &'h str) -> Option<Self> {
        let mut parts = element.split(';').map(str::trim);
        let (kind, subtype) = parts.next()?.split_once('/')?;
        let quality = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        let quality: f32 = quality.map_or(Some(1.0), |quality| quality.trim().parse().ok())?;
        (0.0..=1.0).contains(&quality).then_some(Self { kind, subtype, quality })
    }

    /// How closely it names a media type: 3 for the very type, 1 for any; `None` when it does not.
    fn names(&self, kind: &str, subtype: &str) -> Option<u8> {
        match (self.kind, self.subtype) {
            ("*", "*") => Some(1),
            (own, "*") => own.eq_ignore_ascii_case(kind).then_some(2),
            (own, part) => (own.eq_ignore_ascii_case(kind) && part.eq_ignore_ascii_case(subtype)).then_some(3),
        }
    }
}

/// What the closest range says of a media type.
fn quality(ranges: &[Range<'_>], media_type: &str) -> f32 {
    let (kind, subtype) = media_type.split_once('/').unwrap_or((media_type, ""));
    let named = ranges.iter().filter_map(|range| Some((range.names(kind, subtype)?, range.quality)));
    named.max_by_key(|(closeness, _)| *closeness).map_or(0.0, |(_, quality)| quality)
}

/// How items are written.
#[derive(Clone, Debug)]
pub struct Shape {
    format: Format,
    columns: Arc<Columns>,
    fields: Option<Fields>,
}

impl Shape {
    /// The bytes of a piece of items. `frame` is what JSON has around them.
    pub fn piece<T: Serialize>(&self, items: &[T], frame: Frame<'_>) -> io::Result<Vec<u8>> {
        let first = frame.head.is_some();
        Ok(match (self.format, &self.fields) {
            (Format::Csv, _) => csv::rows(self.columns(), first, items)?,
            (Format::Json, None) => frame.around(items)?,
            (Format::Json, Some(fields)) => frame.around(&chosen(fields, items)?)?,
            (Format::Ndjson, None) => ndjson::lines(items, frame.item_bytes)?,
            (Format::Ndjson, Some(fields)) => ndjson::lines(&chosen(fields, items)?, frame.item_bytes)?,
        })
    }

    fn columns(&self) -> impl Iterator<Item = &Column> + Clone {
        let asked = |column: &&Column| self.fields.as_ref().is_none_or(|fields| fields.include(column.member()));
        self.columns.all().iter().filter(asked)
    }
}

fn chosen<T: Serialize>(fields: &Fields, items: &[T]) -> serde_json::Result<Vec<Value>> {
    items.iter().map(|item| Ok(fields.of(serde_json::to_value(item)?))).collect()
}

/// What was read, or the members of it that were asked for.
pub struct Chosen<T> {
    /// All of it.
    pub whole: T,
    /// The members.
    pub fields: Option<Fields>,
}

impl<T: Serialize> Serialize for Chosen<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Some(fields) = &self.fields else { return self.whole.serialize(serializer) };
        let whole = serde_json::to_value(&self.whole).map_err(serde::ser::Error::custom)?;
        fields.of(whole).serialize(serializer)
    }
}

impl Params {
    /// The format that is asked for. A look from the event loop: one that there is not is found by [`Self::shape`].
    pub fn format(&self) -> Format {
        match self.last("format") {
            Some(name) => Format::named(&name).unwrap_or_default(),
            None => self.preferred(),
        }
    }

    /// `format` and `fields`, of items of a type.
    pub fn shape<T: ToSchema + 'static>(&mut self) -> Shape {
        let format = Self::format(self);
        if let Some(other) = self.text("format").filter(|name| Format::named(name).is_none()) {
            let message = format!("String should match pattern '{PATTERN}'");
            let problem = Problem::query("string_pattern_mismatch", "format", message, other);
            self.note(problem.with_ctx(json!({"pattern": PATTERN})));
        }
        Shape { format, columns: Columns::of::<T>(), fields: self.fields::<T>() }
    }

    /// `fields`: names of members, separated by commas, also several times. None stand for all.
    pub fn fields<T: ToSchema + 'static>(&mut self) -> Option<Fields> {
        let sent = self.texts("fields");
        let mut names: Vec<String> = Vec::new();
        for name in sent.iter().flat_map(|names| names.split(',')).map(str::trim).filter(|name| !name.is_empty()) {
            if !names.iter().any(|known| known == name) {
                names.push(name.to_owned());
            }
        }
        if names.is_empty() {
            return None;
        }
        let columns = Columns::of::<T>();
        for unknown in names.iter().filter(|name| !columns.members().contains(name)) {
            let message = format!("Unknown field '{unknown}'; there are: {}", columns.members().join(", "));
            self.note(Problem::query_value("fields", message, echo(&Value::from(unknown.as_str()))));
        }
        Some(Fields::new(names))
    }
}

/// Says of an answer that its format depends on `Accept`, and of CSV that it is to be saved under a name.
pub fn describe(response: &mut HttpResponse, format: Format, name: &str) {
    let others = response.headers().get(VARY).and_then(|others| others.to_str().ok());
    let all = others.map_or_else(|| "accept".to_owned(), |others| format!("accept, {others}"));
    if let Ok(all) = HeaderValue::from_str(&all) {
        response.headers_mut().insert(VARY, all);
    }
    if format == Format::Csv {
        let disposition = ContentDisposition::attachment(format!("{name}.csv"));
        if let Ok(value) = HeaderValue::from_str(&disposition.to_string()) {
            response.headers_mut().insert(CONTENT_DISPOSITION, value);
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn the_format_that_is_liked_best_is_chosen() {
        use Format::{Csv, Json, Ndjson};
        for (sent, format) in [
            ("", Json),
            ("*/*", Json),
            ("text/csv", Csv),
            ("TEXT/CSV; charset=utf-8", Csv),
            ("text/*", Csv),
            ("application/*", Json),
            ("application/x-ndjson", Ndjson),
            ("application/ndjson, */*;q=0.1", Ndjson),
            ("text/csv, application/json", Json),
            ("text/csv, application/json;q=0.9", Csv),
            ("text/csv;q=0.2, application/x-ndjson;q=0.3", Ndjson),
            ("text/csv;q=0, */*", Json),
            ("application/json;q=0, */*", Csv),
            ("application/json;q=0, text/*;q=0.1, */*;q=0.5", Ndjson),
            ("text/csv;header=present;q=0.5, application/json;q=0.4", Csv),
            ("text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8", Json),
            ("image/png", Json),
            ("text/csv;q=2", Json),
            ("csv", Json),
            ("text/csv;q=0", Json),
        ] {
            let mut headers = HeaderMap::new();
            headers.append(ACCEPT, HeaderValue::from_str(sent).unwrap());
            assert_eq!(Format::preferred(&headers), format, "{sent}");
        }
        assert_eq!(Format::preferred(&HeaderMap::new()), Json);
    }
}
