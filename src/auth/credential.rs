//! What a request shows to say who asks.

use std::fmt::{self, Debug};

use actix_web::http::header::{AUTHORIZATION, HeaderMap};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::auth::KEY_PREFIX;

/// The parameter of a query string that may hold an API key.
pub const KEY_PARAMETER: &str = "token";

/// Longest header that is looked at. Tokens of people in hundreds of groups are shorter.
const LONGEST: usize = 16 * 1024;

/// What a request shows. Its `Debug` never tells the secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub enum Credential {
    /// Nothing.
    #[default]
    None,
    /// `Authorization: Bearer TOKEN`.
    Bearer(String),
    /// `Authorization: Basic` with a name and a password.
    Basic {
        /// The name, as it was given.
        name: String,
        /// The password.
        password: String,
    },
    /// Something that nobody can make sense of: another scheme, no text, too long, or more than one.
    Unusable,
}

impl Credential {
    /// Reads the headers of a request.
    pub fn of(headers: &HeaderMap) -> Self {
        let mut all = headers.get_all(AUTHORIZATION);
        match (all.next(), all.next()) {
            (None, _) => Self::None,
            (Some(only), None) if only.len() <= LONGEST => {
                only.to_str().ok().and_then(Self::parse).unwrap_or(Self::Unusable)
            }
            _ => Self::Unusable,
        }
    }

    /// As [`Self::of`], where an API key may also be the parameter `token` of the query string: for programs that can send nothing
    /// else. Whoever shows two things, or anything but an API key there, shows nothing of use.
    pub fn of_either(headers: &HeaderMap, query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        let mut keys = pairs.filter(|(name, _)| name == KEY_PARAMETER).map(|(_, key)| key);
        match (Self::of(headers), keys.next(), keys.next()) {
            (shown, None, _) => shown,
            (Self::None, Some(key), None) if key.starts_with(KEY_PREFIX) && key.len() <= LONGEST => {
                Self::Bearer(key.into_owned())
            }
            _ => Self::Unusable,
        }
    }

    fn parse(header: &str) -> Option<Self> {
        let (scheme, rest) = header.split_once(' ')?;
        let rest = rest.trim_matches(' ');
        if rest.is_empty() || rest.contains(' ') {
            return None;
        }
        if scheme.eq_ignore_ascii_case("bearer") {
            return Some(Self::Bearer(rest.to_owned()));
        }
        if scheme.eq_ignore_ascii_case("basic") {
            let padding = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
            let bytes = GeneralPurpose::new(&STANDARD, padding).decode(rest).ok()?;
            let text = String::from_utf8(bytes).ok()?;
            let (name, password) = text.split_once(':')?;
            return Some(Self::Basic { name: name.to_owned(), password: password.to_owned() });
        }
        None
    }
}

impl Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "None",
            Self::Bearer(_) => "Bearer(..)",
            Self::Basic { .. } => "Basic(..)",
            Self::Unusable => "Unusable",
        })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use actix_web::http::header::HeaderValue;

    use super::*;

    fn of(values: &[&[u8]]) -> Credential {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(AUTHORIZATION, HeaderValue::from_bytes(value).unwrap());
        }
        Credential::of(&headers)
    }

    #[test]
    fn what_headers_show() {
        let basic = |name: &str, password: &str| Credential::Basic { name: name.into(), password: password.into() };
        let bearer = |token: &str| Credential::Bearer(token.into());
        assert_eq!(of(&[]), Credential::None);
        assert_eq!(of(&[b"Bearer abc"]), bearer("abc"));
        assert_eq!(of(&[b"bEARER   abc "]), bearer("abc"));
        assert_eq!(of(&[b"Basic YW5hOm9jb3Q6eA=="]), basic("ana", "ocot:x"));
        assert_eq!(of(&[b"basic YW5hOm9jb3Q6eA"]), basic("ana", "ocot:x"));
        assert_eq!(of(&[b"Basic Ong="]), basic("", "x"));
        for unusable in [
            b"" as &[u8],
            b"Bearer",
            b"Bearer ",
            b"Bearer a b",
            b"abc",
            b"Digest abc",
            b"Basic",
            b"Basic !!!",
            b"Basic YW5h",
            b"Basic //8=",
            b"Basic YW5hOng= x",
            b"Bearer \xff",
        ] {
            assert_eq!(of(&[unusable]), Credential::Unusable, "{}", String::from_utf8_lossy(unusable));
        }
        assert_eq!(of(&[b"Bearer abc", b"Bearer abc"]), Credential::Unusable);
        assert_eq!(of(&[b"Bearer abc", b""]), Credential::Unusable);
        let long = |letters: usize| [b"Bearer ".as_slice(), &vec![b'a'; letters]].concat();
        assert_eq!(of(&[&long(LONGEST)]), Credential::Unusable);
        assert_ne!(of(&[&long(LONGEST - 7)]), Credential::Unusable);
    }

    #[test]
    fn a_key_may_stand_in_the_query() {
        let (mut headers, key) = (HeaderMap::new(), "ocot_x");
        let of = |headers: &HeaderMap, query: &str| Credential::of_either(headers, query);
        assert_eq!(of(&headers, ""), Credential::None);
        assert_eq!(of(&headers, "tokens=ocot_x"), Credential::None);
        for query in ["token=ocot_x", "a=b&%74oken=ocot%5Fx&c"] {
            assert_eq!(of(&headers, query), Credential::Bearer(key.to_owned()));
        }
        for query in ["token", "token=eyJ", "token=ocot_x&token=ocot_x", "token=ocot_x&token"] {
            assert_eq!(of(&headers, query), Credential::Unusable, "{query}");
        }
        headers.append(AUTHORIZATION, HeaderValue::from_static("Bearer abc"));
        assert_eq!(of(&headers, "a=b"), Credential::Bearer("abc".to_owned()));
        assert_eq!(of(&headers, "token=ocot_x"), Credential::Unusable);
    }

    #[test]
    fn debug_tells_no_secret() {
        for shown in [of(&[b"Bearer tops3cret"]), of(&[b"Basic YW5hOnRvcHMzY3JldA=="])] {
            assert!(!format!("{shown:?}").contains("tops3cret") && !format!("{shown:?}").contains("ana"));
        }
    }
}
