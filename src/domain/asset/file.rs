//! The files that are taken, what they must look like, and what they are called in the storage.

use serde_json::json;

use crate::domain::request::problem::{LocPart, Problem};

/// Where uploaded files are in the storage.
pub const UPLOADS: &str = "uploads";

/// As much of a file's beginning as tells what it is.
pub const HEAD: usize = 512;

/// The most bytes of the part of a storage name that comes from the file's name.
const MOST_STEM: usize = 100;
/// The most characters of an ending.
const MOST_ENDING: usize = 10;
/// The most characters of a file's name that are kept.
const MOST_NAME: usize = 255;

/// The type of a file that is of no kind that a record is made of.
pub const UNKNOWN_TYPE: &str = "application/octet-stream";

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A photograph.
    Jpeg,
    /// A picture.
    Png,
    /// A picture, perhaps a moving one.
    Gif,
    /// A picture.
    Webp,
    /// A scan.
    Tiff,
    /// A document.
    Pdf,
    /// Plain text.
    Text,
}

impl FileKind {
    /// All of them.
    pub const ALL: [Self; 7] = [Self::Jpeg, Self::Png, Self::Gif, Self::Webp, Self::Tiff, Self::Pdf, Self::Text];

    /// What it is called.
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::Webp => "image/webp",
            Self::Tiff => "image/tiff",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain",
        }
    }

    /// The kind of that name.
    pub fn named(mime: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.mime() == mime)
    }

    /// The kind that a type says, parameters such as `charset` left aside.
    pub fn declared(content_type: Option<&str>) -> Result<Self, Problem> {
        let essence = content_type.and_then(|text| text.split(';').next()).map(|text| text.trim().to_ascii_lowercase());
        essence.as_deref().and_then(Self::named).ok_or_else(|| {
            let allowed = Self::ALL.map(Self::mime).join(", ");
            let message = match content_type {
                Some(sent) => format!("Unsupported file type: {sent}. Allowed are {allowed}."),
                None => format!("The file does not say its type. Allowed are {allowed}."),
            };
            of_file(message, json!({ "content_type": content_type }))
        })
    }
}

/// Looks at a file's content, a piece at a time: it must be what its type says.
#[derive(Clone, Debug)]
pub struct Inspection {
    declared: FileKind,
    begun: bool,
}

impl Inspection {
    /// Of a file of this type.
    pub fn new(declared: FileKind) -> Self {
        Self { declared, begun: false }
    }

    /// Looks at the next piece; the first one must have [`HEAD`] bytes, if the file has.
    pub fn look(&mut self, piece: &[u8]) -> Result<(), Problem> {
        let first = !std::mem::replace(&mut self.begun, true);
        let head = piece.get(..HEAD).unwrap_or(piece);
        if self.declared == FileKind::Text {
            // Latin text may have any byte beyond ASCII. What is no text has control characters, or one of the signatures.
            let signed = first.then(|| FileKind::of_content(head)).flatten();
            return match signed {
                None if !piece.iter().copied().any(is_control) => Ok(()),
                _ if first => Err(self.contradiction(head)),
                _ => Err(self.contradiction(b"\0")),
            };
        }
        if first && FileKind::of_content(head) != Some(self.declared) { Err(self.contradiction(head)) } else { Ok(()) }
    }

    fn contradiction(&self, head: &[u8]) -> Problem {
        let declared = self.declared.mime();
        let is_text = !head.iter().copied().any(is_control);
        let found = match infer::get(head) {
            Some(known) => known.mime_type(),
            None if head.is_empty() => "empty",
            None if is_text => FileKind::Text.mime(),
            None => "of no known type",
        };
        let message = format!("The file is declared as {declared}, but its content is {found}.");
        of_file(message, json!({ "content_type": declared }))
    }
}

impl FileKind {
    /// The kind whose signature a file begins with. Text has none.
    fn of_content(head: &[u8]) -> Option<Self> {
        infer::get(head).and_then(|known| Self::named(known.mime_type()))
    }
}

/// True for what is in no text: tabs, ends of lines and of pages are.
fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b)
}

/// A file has more bytes than it may.
pub fn too_large(most: u64, name: &str) -> Problem {
    of_file(format!("The file exceeds the limit of {most} bytes."), json!({ "filename": name }))
}

fn of_file(message: String, input: serde_json::Value) -> Problem {
    Problem::new("value_error", vec![LocPart::from("file")], message, input)
}

/// A file in the storage.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// What it was called.
    pub name: String,
    /// What it is.
    pub kind: Option<FileKind>,
    /// Bytes.
    pub size: i32,
    /// Its name in the storage.
    pub storage_path: String,
    /// Where it is.
    pub uri: String,
}

/// A file's name as it can be kept and shown: without folders and control characters.
pub fn shown_name(sent: &str) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let plain: String = last.chars().filter(|c| !c.is_control()).take(MOST_NAME).collect();
    let plain = plain.trim();
    if plain.is_empty() { "file".to_owned() } else { plain.to_owned() }
}

/// The name in the storage of a file with this name and content: the same content under the same name is the same file. Nothing of
/// the name can lead out of the folder of uploads.
pub fn storage_path(name: &str, md5: &str) -> String {
    let name = shown_name(name);
    let is_ending = |ending: &str| {
        (1..=MOST_ENDING).contains(&ending.len()) && ending.bytes().all(|byte| byte.is_ascii_alphanumeric())
    };
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if is_ending(ending) => (stem, format!(".{ending}")),
        _ => (name.as_str(), String::new()),
    };
    let plain = |c: char| if c.is_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '_' };
    let stem: String = stem.chars().map(plain).collect();
    let stem = stem.trim_matches('.');
    let stem = stem.get(..stem.floor_char_boundary(MOST_STEM)).unwrap_or_default();
    let stem = if stem.is_empty() { "file" } else { stem };
    format!("{UPLOADS}/{stem}_{md5}{ending}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    fn look(declared: FileKind, pieces: &[&[u8]]) -> Result<(), String> {
        let mut inspection = Inspection::new(declared);
        pieces.iter().try_for_each(|piece| inspection.look(piece)).map_err(|problem| problem.msg)
    }

    #[test]
    fn the_declared_type_is_one_of_a_few() {
        assert_eq!(FileKind::declared(Some("Image/PNG")), Ok(FileKind::Png));
        assert_eq!(FileKind::declared(Some("text/plain; charset=utf-8")), Ok(FileKind::Text));
        let refused = FileKind::declared(Some("text/html")).unwrap_err();
        assert!(refused.msg.contains("text/html"), "{}", refused.msg);
        assert_eq!(refused.input, json!({"content_type": "text/html"}));
        assert_eq!(FileKind::declared(None).unwrap_err().input, json!({"content_type": null}));
    }

    #[test]
    fn the_content_must_be_what_is_declared() {
        assert_eq!(look(FileKind::Png, &[PNG, b"%PDF-1.7"]), Ok(()));
        let refused = look(FileKind::Jpeg, &[PNG]).unwrap_err();
        assert!(refused.contains("image/jpeg") && refused.contains("image/png"), "{refused}");
        assert!(look(FileKind::Pdf, &[b"hello"]).unwrap_err().contains("text/plain"));
        assert!(look(FileKind::Pdf, &[b""]).unwrap_err().contains("empty"));
        assert!(look(FileKind::Pdf, &[b"\0\x01"]).is_err());
    }

    #[test]
    fn text_has_neither_control_characters_nor_a_signature() {
        for text in ["", "BM-12 was dry\r\n\tagain", "<html>", "Ni\u{f1}o \u{1f335}", "MZ"] {
            assert_eq!(look(FileKind::Text, &[text.as_bytes()]), Ok(()), "{text}");
        }
        assert_eq!(look(FileKind::Text, &[b"Ni\xf1o"]), Ok(()));
        assert!(look(FileKind::Text, &[b"%PDF-1.7"]).unwrap_err().contains("application/pdf"));
        assert!(look(FileKind::Text, &[PNG]).unwrap_err().contains("image/png"));
        assert!(look(FileKind::Text, &[b"fine", b"not\0so"]).is_err());
    }

    #[test]
    fn names_are_made_plain() {
        for (name, expected) in [
            ("riochama.png", "uploads/riochama_0f.png"),
            ("../../x", "uploads/x_0f"),
            ("..\\..\\x.PDF", "uploads/x_0f.PDF"),
            ("..", "uploads/file_0f"),
            ("", "uploads/file_0f"),
            (".profile", "uploads/file_0f.profile"),
            ("a b#c?d%2e.t x t", "uploads/a_b_c_d_2e.t_x_t_0f"),
            ("Pozo Ni\u{f1}o.jpeg", "uploads/Pozo_Ni\u{f1}o_0f.jpeg"),
        ] {
            assert_eq!(storage_path(name, "0f"), expected, "{name}");
        }
        assert_eq!(shown_name("C:\\photos\\well\n1.jpg"), "well1.jpg");
    }

    proptest! {
        #[test]
        fn no_name_leads_out_of_the_folder(name in "\\PC{0,300}|[./\\\\\\x00-\\x1f%#]{0,40}") {
            let path = storage_path(&name, "00000000000000000000000000000000");
            let file = path.strip_prefix("uploads/").unwrap();
            prop_assert!(!file.contains(['/', '\\', '#', '%', '?']) && !file.starts_with('.') && !file.contains(char::is_control));
            prop_assert!(file.len() <= MOST_STEM + 33 + MOST_ENDING + 1, "{}", file.len());
        }
    }
}
