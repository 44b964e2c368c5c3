//! What readers of the data should know.

use serde::Serialize;
use utoipa::ToSchema;

/// A disclaimer as clients see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Disclaimer {
    /// Its title.
    pub title: String,
    /// Its paragraphs.
    pub paragraphs: Vec<String>,
    /// Whom to ask.
    pub contact: Option<String>,
}

/// What a text begins with that says whom to ask.
const CONTACT: &str = "Contact:";

/// The most bytes of a text.
pub const MOST: usize = 100_000;

impl Default for Disclaimer {
    fn default() -> Self {
        let paragraphs = [
            "The data are provided as they are, without warranty of any kind, whether expressed or implied.",
            "They may be provisional, and may be corrected without notice. Whoever uses them decides whether they are fit for \
             the purpose.",
        ];
        let paragraphs = paragraphs.map(str::to_owned).to_vec();
        Self { title: "Disclaimer".to_owned(), paragraphs, contact: None }
    }
}

impl Disclaimer {
    /// Reads a text: the title, then paragraphs with empty lines between them. One that begins with `Contact:` says whom to ask.
    /// `None` when there is no paragraph.
    pub fn read(text: &str) -> Option<Self> {
        let mut paragraphs = Vec::new();
        let mut lines: Vec<&str> = Vec::new();
        for line in text.lines().map(str::trim).chain([""]) {
            if !line.is_empty() {
                lines.push(line);
            } else if !lines.is_empty() {
                paragraphs.push(lines.join(" "));
                lines.clear();
            }
        }
        let (title, rest) = paragraphs.split_first()?;
        let (mut paragraphs, mut contact) = (Vec::new(), None);
        for paragraph in rest {
            match paragraph.strip_prefix(CONTACT) {
                Some(whom) => contact = Some(whom.trim().to_owned()),
                None => paragraphs.push(paragraph.clone()),
            }
        }
        (!paragraphs.is_empty()).then(|| Self { title: title.clone(), paragraphs, contact })
    }

    /// The same as a page.
    pub fn html(&self) -> String {
        let title = escaped(&self.title);
        let paragraphs: Vec<String> =
            self.paragraphs.iter().map(|text| format!("<p>{}</p>\n", escaped(text))).collect();
        let contact = self.contact.iter().map(|whom| format!("<address>{}</address>\n", escaped(whom)));
        format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{title}</title></head>\n\
             <body>\n<h1>{title}</h1>\n{}{}</body>\n</html>\n",
            paragraphs.concat(),
            contact.collect::<String>()
        )
    }
}

/// A text as it can stand in a page.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_a_title_and_paragraphs() {
        let text = "\n Use of data \n\nFirst line\nsecond line\n \nMore & <more>\n\nContact: data@example.org\r\n";
        let read = Disclaimer::read(text).unwrap();
        assert_eq!((read.title.as_str(), read.contact.as_deref()), ("Use of data", Some("data@example.org")));
        assert_eq!(read.paragraphs, ["First line second line", "More & <more>"]);
        assert!(read.html().contains("<p>More &amp; &lt;more&gt;</p>\n<address>data@example.org</address>"));
        for nothing in ["", "Title", "Title\n\nContact: x"] {
            assert_eq!(Disclaimer::read(nothing), None, "{nothing}");
        }
    }
}
