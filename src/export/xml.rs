//! XML as Python's ElementTree writes it, which is what the network's harvester has always been sent: no declaration, no white
//! space between elements, ASCII with numeric references for whatever else there is, `<Tag />` for an element without text.

use std::fmt::Write as _;
use std::io;

use quick_xml::Writer;
use quick_xml::escape::partial_escape;
use quick_xml::events::{BytesEnd, BytesStart, BytesText, Event};

/// A document, or a part of one.
pub struct Xml {
    writer: Writer<Vec<u8>>,
}

impl Xml {
    /// Nothing yet, with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self { writer: Writer::new(Vec::with_capacity(bytes)) }
    }

    /// Begins an element.
    pub fn open(&mut self, tag: &str) -> io::Result<()> {
        self.writer.write_event(Event::Start(BytesStart::new(tag)))
    }

    /// Ends it.
    pub fn close(&mut self, tag: &str) -> io::Result<()> {
        self.writer.write_event(Event::End(BytesEnd::new(tag)))
    }

    /// An element with a text, or without.
    pub fn leaf(&mut self, tag: &str, text: &str) -> io::Result<()> {
        let text = plain(text);
        if text.is_empty() {
            return self.empty(tag);
        }
        self.open(tag)?;
        self.writer.write_event(Event::Text(BytesText::from_escaped(text)))?;
        self.close(tag)
    }

    /// An element without anything in it. (The writer leaves no blank before the slash by itself.)
    pub fn empty(&mut self, tag: &str) -> io::Result<()> {
        self.writer.write_event(Event::Empty(BytesStart::from_content(format!("{tag} "), tag.len())))
    }

    /// The bytes.
    pub fn finish(self) -> Vec<u8> {
        self.writer.into_inner()
    }
}

/// A text with the references that it needs, and without the characters that XML cannot have.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in partial_escape(text).chars() {
        match c {
            '\t' | '\n' | '\r' | ' '..='\u{7f}' => plain.push(c),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => {}
            // Nothing can go wrong in memory.
            c => _ = write!(plain, "&#{};", u32::from(c)),
        }
    }
    plain
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::Reader;

    use super::*;

    fn leaf(text: &str) -> String {
        let mut xml = Xml::with_capacity(0);
        xml.leaf("T", text).unwrap();
        String::from_utf8(xml.finish()).unwrap()
    }

    #[test]
    fn texts_are_those_of_element_tree() {
        assert_eq!(leaf("a & b < c > \"d\" 'e'"), "<T>a &amp; b &lt; c &gt; \"d\" 'e'</T>");
        assert_eq!(leaf("caf\u{e9} \u{1f4a7}\u{85}"), "<T>caf&#233; &#128167;&#133;</T>");
        assert_eq!(leaf(""), "<T />");
        assert_eq!(leaf("\0a\u{1}\u{b}b\u{fffe}\tc\u{7f}"), "<T>ab\tc\u{7f}</T>");
        assert_eq!(leaf("\0"), "<T />");
    }

    proptest! {
        #[test]
        fn any_text_is_well_formed(text in "(\\PC|\\pC){0,30}") {
            let written = leaf(&text);
            prop_assert!(written.is_ascii());
            let mut reader = Reader::from_str(&written);
            let mut read = String::new();
            loop {
                match reader.read_event().unwrap() {
                    Event::Text(part) => read.push_str(part.as_ref()),
                    Event::GeneralRef(reference) => match reference.resolve_char_ref().unwrap() {
                        Some(c) => read.push(c),
                        None => read.push(match reference.as_ref() { "amp" => '&', "lt" => '<', _ => '>' }),
                    },
                    Event::Eof => break,
                    _ => {}
                }
            }
            let kept = |c: &char| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'));
            prop_assert_eq!(read, text.chars().filter(kept).collect::<String>());
        }
    }
}
