//! Which part of a file a request wants (RFC 9110, 13 and 14).

use std::ops::Range;

use actix_web::http::header::{HeaderMap, HeaderValue, IF_RANGE, RANGE};

/// What a request wants of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// All of it.
    Whole,
    /// These bytes; at least one.
    Part(Range<u64>),
    /// Bytes that it does not have.
    Impossible,
}

/// What a request wants of a file with so many bytes and this tag. Several parts at once, and what cannot be read, count as the whole: a
/// server may always send it.
pub fn asked(headers: &HeaderMap, size: u64, tag: Option<&str>) -> Asked {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    // The part of another version of the file is of no use. Times are too coarse to tell versions apart.
    if headers.contains_key(IF_RANGE) && (tag.is_none() || text(IF_RANGE).map(str::trim) != tag) {
        return Asked::Whole;
    }
    let Some(range) = text(RANGE).and_then(|range| range.trim().strip_prefix("bytes=")).map(str::trim) else {
        return Asked::Whole;
    };
    let Some((first, last)) = range.split_once('-') else { return Asked::Whole };
    let part = match (number(first), number(last)) {
        (Some(None), Some(Some(length))) => size.saturating_sub(length)..size,
        (Some(Some(first)), Some(None)) => first..size,
        (Some(Some(first)), Some(Some(last))) if last < first => return Asked::Whole,
        (Some(Some(first)), Some(Some(last))) => first..size.min(last.saturating_add(1)),
        _ => return Asked::Whole,
    };
    if part.is_empty() { Asked::Impossible } else { Asked::Part(part) }
}

/// A number of a range, which may be left out; `None` when it is none.
fn number(text: &str) -> Option<Option<u64>> {
    let text = text.trim();
    if text.is_empty() {
        return Some(None);
    }
    if !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // No file is as long as a number beyond 64 bits.
    Some(Some(text.parse().unwrap_or(u64::MAX)))
}

/// True when a list of tags, as in `If-None-Match`, names this one.
pub fn names(list: Option<&HeaderValue>, tag: &str) -> bool {
    let list = list.and_then(|value| value.to_str().ok()).unwrap_or_default();
    list.trim() == "*" || list.split(',').any(|one| one.trim().trim_start_matches("W/") == tag)
}

#[cfg(test)]
mod tests {
    use actix_web::http::header::HeaderName;

    use super::*;

    fn headers(pairs: &[(HeaderName, &'static str)]) -> HeaderMap {
        pairs.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn parts_are_read() {
        for (range, expected) in [
            ("bytes=0-9", Asked::Part(0..10)),
            ("bytes=90-", Asked::Part(90..100)),
            ("bytes=-1", Asked::Part(99..100)),
            ("bytes=-200", Asked::Part(0..100)),
            ("bytes=99-500", Asked::Part(99..100)),
            ("bytes=0-99999999999999999999999", Asked::Part(0..100)),
            ("bytes=100-", Asked::Impossible),
            ("bytes=99999999999999999999999-", Asked::Impossible),
            ("bytes=-0", Asked::Impossible),
            ("bytes=5-4", Asked::Whole),
            ("bytes=0-1,5-6", Asked::Whole),
            ("bytes=-", Asked::Whole),
            ("bytes=+1-2", Asked::Whole),
            ("lines=0-1", Asked::Whole),
        ] {
            assert_eq!(asked(&headers(&[(RANGE, range)]), 100, None), expected, "{range}");
        }
        assert_eq!(asked(&headers(&[(RANGE, "bytes=0-")]), 0, None), Asked::Impossible);
        assert_eq!(asked(&headers(&[]), 100, None), Asked::Whole);
    }

    #[test]
    fn a_part_of_another_version_is_not_sent() {
        let with = |tag| asked(&headers(&[(RANGE, "bytes=0-0"), (IF_RANGE, tag)]), 100, Some("\"a\""));
        assert_eq!(with("\"a\""), Asked::Part(0..1));
        assert_eq!(with("\"b\""), Asked::Whole);
        assert_eq!(with("Wed, 21 Oct 2026 07:28:00 GMT"), Asked::Whole);
    }

    #[test]
    fn tags_are_found() {
        for (list, found) in [("\"a\"", true), ("\"b\", W/\"a\"", true), ("*", true), ("\"b\"", false), ("", false)] {
            assert_eq!(names(Some(&HeaderValue::from_static(list)), "\"a\""), found, "{list}");
        }
        assert!(!names(None, "\"a\""));
    }
}
