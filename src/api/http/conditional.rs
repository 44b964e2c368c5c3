//! ETags, and requests on the condition of one (RFC 9110, 8.8.3 and 13): `If-None-Match` saves an answer that the client has,
//! `If-Match` keeps a change from undoing another one.
//!
//! A tag is a digest of what the asker is shown, so it changes with everything that is shown, children and embedded rows included,
//! and with nothing that is hidden from him.

use std::fmt::{self, Display};

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue, IF_MATCH, IF_NONE_MATCH};
use ring::digest::{SHA256, digest};

use crate::api::ApiError;
use crate::api::http::answer::json;
use crate::api::http::coding::{Accepts, Coding};
use crate::api::http::path::Tagged;
use crate::db::WriteSession;
use crate::domain::hex::hex;

/// Bytes of the digest that are kept: nobody finds two representations with the same 128 bits.
const KEPT: usize = 16;

/// Names a representation: its JSON, in a content coding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tag {
    digest: [u8; KEPT],
    coding: Coding,
}

impl Tag {
    /// The tag of JSON that is sent in a coding.
    pub fn of(body: &[u8], coding: Coding) -> Self {
        let mut kept = [0; KEPT];
        kept.iter_mut().zip(digest(&SHA256, body).as_ref()).for_each(|(kept, byte)| *kept = *byte);
        Self { digest: kept, coding }
    }

    /// Without its coding, as it stands between the quotes.
    fn plain(&self) -> String {
        hex(&self.digest)
    }

    /// What stands between the quotes. Another coding is another sequence of bytes, so a strong tag names it too.
    fn opaque(&self) -> String {
        self.coding.name().map_or_else(|| self.plain(), |coding| format!("{}-{coding}", self.plain()))
    }
}

impl Display for Tag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\"", self.opaque())
    }
}

/// Tags that a client names.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Tags {
    /// `*`: whatever there is.
    Any,
    /// These, of which those before a `W/` are weak.
    These(Vec<(bool, String)>),
}

impl Tags {
    /// Reads all lines of a header; `None` when they are no list of tags.
    fn parse<'a>(lines: impl Iterator<Item = &'a [u8]>) -> Option<Self> {
        let all = lines.collect::<Vec<_>>().join(&b","[..]);
        let mut rest = all.trim_ascii();
        if rest == b"*" {
            return Some(Self::Any);
        }
        let mut tags = Vec::new();
        loop {
            // A list may have empty elements.
            while let Some(after) = rest.strip_prefix(b",") {
                rest = after.trim_ascii_start();
            }
            if rest.is_empty() {
                return (!tags.is_empty()).then_some(Self::These(tags));
            }
            let strong = rest.strip_prefix(b"W/");
            let quoted = strong.unwrap_or(rest).strip_prefix(b"\"")?;
            let end = quoted.iter().position(|byte| *byte == b'"')?;
            let (tag, after) = quoted.split_at_checked(end)?;
            if tag.iter().any(|byte| *byte <= b' ' || *byte == 0x7f) {
                return None;
            }
            tags.push((strong.is_some(), String::from_utf8_lossy(tag).into_owned()));
            rest = after.strip_prefix(b"\"")?.trim_ascii_start();
            if !rest.is_empty() && !rest.starts_with(b",") {
                return None;
            }
        }
    }

    /// True when one of them names the very bytes, or bytes that mean the same.
    fn name(&self, tag: &Tag) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => {
                let opaque = tag.opaque();
                tags.iter().any(|(_, named)| *named == opaque)
            }
        }
    }

    /// True when one of them names the representation in any coding. Which coding a client was sent makes no difference to what it
    /// has read; a weak tag does not say what that was.
    fn name_strongly(&self, tag: &Tag) -> bool {
        match self {
            Self::Any => true,
            Self::These(tags) => {
                let plain = tag.plain();
                let same = |named: &str| {
                    named.strip_prefix(&plain).is_some_and(|rest| {
                        rest.is_empty()
                            || [Coding::Gzip, Coding::Zstd]
                                .iter()
                                .any(|coding| coding.name().is_some_and(|name| rest.strip_prefix('-') == Some(name)))
                    })
                };
                tags.iter().any(|(weak, named)| !weak && same(named))
            }
        }
    }
}

/// A header with a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Sent {
    Nothing,
    Unreadable,
    Tags(Tags),
}

impl Sent {
    fn of(headers: &HeaderMap, name: HeaderName) -> Self {
        let mut lines = headers.get_all(&name).map(HeaderValue::as_bytes).peekable();
        if lines.peek().is_none() {
            return Self::Nothing;
        }
        Tags::parse(lines).map_or(Self::Unreadable, Self::Tags)
    }
}

/// What becomes of a request that reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It is answered.
    Answer,
    /// The client has the answer: 304.
    Known,
    /// It wanted another one: 412.
    Refuse,
}

/// On which conditions something is to be done. `If-Modified-Since` and `If-Unmodified-Since` are not looked at: no time is known of
/// what is shown, and the latter goes for clients only that have no tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conditions {
    if_match: Sent,
    if_none_match: Sent,
}

impl Conditions {
    /// Those of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        Self { if_match: Sent::of(headers, IF_MATCH), if_none_match: Sent::of(headers, IF_NONE_MATCH) }
    }

    /// For a request that reads. What cannot be read of `If-None-Match` saves nothing, and is no reason to refuse.
    pub fn reading(&self) -> Result<Self, ApiError> {
        match self.if_match {
            Sent::Unreadable => Err(ApiError::NoTags("If-Match")),
            Sent::Nothing | Sent::Tags(_) => Ok(self.clone()),
        }
    }

    /// For a request that writes.
    pub fn writing(&self) -> Result<Self, ApiError> {
        match self.if_none_match {
            Sent::Unreadable => Err(ApiError::NoTags("If-None-Match")),
            Sent::Nothing | Sent::Tags(_) => self.reading(),
        }
    }

    /// For a request that writes what cannot be read, or is not there yet: it has no tag that could be named.
    pub fn without_tag(&self) -> Result<(), ApiError> {
        match self.writing()?.if_match {
            Sent::Nothing => Ok(()),
            Sent::Unreadable | Sent::Tags(_) => Err(ApiError::Untagged),
        }
    }

    /// What becomes of a request that would be answered with this.
    pub fn verdict(&self, tag: &Tag) -> Verdict {
        match (&self.if_match, &self.if_none_match) {
            (Sent::Tags(tags), _) if !tags.name_strongly(tag) => Verdict::Refuse,
            (_, Sent::Tags(tags)) if tags.name(tag) => Verdict::Known,
            _ => Verdict::Answer,
        }
    }

    /// Whether a row that is shown so may be changed.
    fn allow(&self, tag: &Tag) -> bool {
        let matches = |sent: &Sent, otherwise| match sent {
            Sent::Tags(tags) => tags.name_strongly(tag),
            Sent::Nothing | Sent::Unreadable => otherwise,
        };
        matches(&self.if_match, true) && !matches(&self.if_none_match, false)
    }

    /// Refuses to change a row that is not as the conditions say: 412 with its tag. The row is locked before it is looked at, and
    /// stays so until the transaction ends. Costs nothing where there are no conditions.
    pub fn require<M: Tagged>(
        &self,
        session: &mut WriteSession<'_>,
        id: M::Id,
        accepts: Accepts,
    ) -> Result<(), ApiError> {
        if self.if_match == Sent::Nothing && self.if_none_match == Sent::Nothing {
            return Ok(());
        }
        M::lock(session, id)?;
        let shown = json(&M::get(session, id)?)?;
        let current = Tag::of(&shown, accepts.coding_for(shown.len()));
        if self.allow(&current) {
            Ok(())
        } else {
            Err(ApiError::Changed { model: M::NAME, id: id.to_string(), current })
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn parse(lines: &[&str]) -> Option<Tags> {
        Tags::parse(lines.iter().map(|line| line.as_bytes()))
    }

    fn these(tags: &[(bool, &str)]) -> Tags {
        Tags::These(tags.iter().map(|(weak, tag)| (*weak, (*tag).to_owned())).collect())
    }

    #[test]
    fn lists_of_tags_are_read() {
        assert_eq!(parse(&["*"]), Some(Tags::Any));
        assert_eq!(parse(&[" * "]), Some(Tags::Any));
        assert_eq!(parse(&[r#""a""#]), Some(these(&[(false, "a")])));
        assert_eq!(parse(&[r#""""#]), Some(these(&[(false, "")])));
        assert_eq!(
            parse(&[r#""a", W/"b,c" ,"d""#, r#""e""#]),
            Some(these(&[(false, "a"), (true, "b,c"), (false, "d"), (false, "e")]))
        );
        assert_eq!(parse(&[r#", ,"a",, "b","#]), Some(these(&[(false, "a"), (false, "b")])));
        for broken in
            ["", ",", "a", "\"a", "a\"", "\"a\" \"b\"", "w/\"a\"", "W/", "\"a b\"", "\"a\",b", "*, \"a\"", "\"a\", *"]
        {
            assert_eq!(parse(&[broken]), None, "{broken}");
        }
        assert_eq!(parse(&["*", "*"]), None);
    }

    #[test]
    fn a_coding_makes_another_tag() {
        let (plain, packed) = (Tag::of(b"{}", Coding::Identity), Tag::of(b"{}", Coding::Zstd));
        assert_eq!(plain.to_string(), "\"44136fa355b3678a1146ad16f7e8649e\"");
        assert_eq!(packed.to_string(), "\"44136fa355b3678a1146ad16f7e8649e-zstd\"");
        assert_ne!(Tag::of(b"[]", Coding::Identity), plain);
        let named = |tag: &str| parse(&[tag]).unwrap();
        // A cache may only give what has the coding that is asked for.
        assert!(named(&plain.to_string()).name(&plain) && !named(&plain.to_string()).name(&packed));
        assert!(named(&format!("W/{packed}")).name(&packed));
        // What was read is the same in any coding.
        for sent in [plain.to_string(), packed.to_string(), plain.to_string().replace('"', "") + "-gzip"] {
            let sent = format!("\"{}\"", sent.replace('"', ""));
            assert!(named(&sent).name_strongly(&plain) && named(&sent).name_strongly(&packed), "{sent}");
            assert!(!named(&format!("W/{sent}")).name_strongly(&plain), "{sent}");
        }
        let longer = plain.to_string().replace("9e\"", "9e-br\"");
        assert!(!named(&longer).name_strongly(&plain) && !named("\"\"").name_strongly(&plain));
        assert!(Tags::Any.name(&plain) && Tags::Any.name_strongly(&packed));
    }
}
