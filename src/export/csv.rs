//! CSV (RFC 4180), in pieces.

use std::io;

use csv::{Terminator, WriterBuilder};
use serde::Serialize;
use serde_json::Value;

use crate::export::columns::Column;

/// The bytes of a piece with these items; the first one begins with the header.
pub fn rows<'c, T: Serialize>(
    columns: impl Iterator<Item = &'c Column> + Clone,
    first: bool,
    items: &[T],
) -> io::Result<Vec<u8>> {
    let mut out = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    if first {
        out.write_record(columns.clone().map(|column| column.name.as_str()))?;
    }
    for item in items {
        let item = serde_json::to_value(item)?;
        for column in columns.clone() {
            match column.of(&item) {
                Value::Null => out.write_field("")?,
                Value::String(text) if is_formula(text) => out.write_field(format!("'{text}"))?,
                Value::String(text) => out.write_field(text)?,
                other => out.write_field(other.to_string())?,
            }
        }
        out.write_record(None::<&[u8]>)?;
    }
    out.into_inner().map_err(csv::IntoInnerError::into_error)
}

/// True for a text that a spreadsheet would compute. Nobody who stores a name may run something on the machines of those who
/// open the file.
fn is_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::export::columns::Columns;

    #[derive(Serialize, utoipa::ToSchema)]
    struct Item {
        name: Option<&'static str>,
        value: f64,
        many: Vec<i32>,
    }

    fn written(items: &[Item], first: bool) -> String {
        let columns = Columns::of::<Item>();
        String::from_utf8(rows(columns.all().iter(), first, items).unwrap()).unwrap()
    }

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let items = [
            Item { name: Some("a,\"b\"\r\nc"), value: -1.5, many: vec![1, 2] },
            Item { name: None, value: 1e-7, many: Vec::new() },
        ];
        assert_eq!(written(&items, true), "name,value,many\r\n\"a,\"\"b\"\"\r\nc\",-1.5,\"[1,2]\"\r\n,1e-7,[]\r\n");
        assert_eq!(written(&[], true), "name,value,many\r\n");
        assert_eq!(written(&[], false), "");
    }

    #[test]
    fn a_lone_empty_cell_is_a_row() {
        let columns = Columns::of::<Item>();
        let name = columns.all().iter().take(1);
        let bytes = rows(name, true, &[json!({"name": null}), json!({"name": "x"})]).unwrap();
        assert_eq!(bytes, b"name\r\n\"\"\r\nx\r\n");
    }

    #[test]
    fn texts_are_no_formulas() {
        for (text, cell) in [
            ("=1+1", "'=1+1"),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@x", "'@x"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("\n=1", "\"'\n=1\""),
            ("a=1", "a=1"),
            ("'=1", "'=1"),
            ("", ""),
        ] {
            let items = [Item { name: Some(text), value: -2.0, many: vec![-1] }];
            assert_eq!(written(&items, false), format!("{cell},-2.0,[-1]\r\n"));
        }
    }
}
