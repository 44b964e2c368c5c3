//! Where a list goes on: behind the last row of a page. A client is given the position as an opaque text and sends it back.
//!
//! A cursor is bound to its list: the path, the sort and everything that narrows the list. It holds what a client was shown, so
//! there is nothing to hide in it, and nobody gains anything by making one: the sum in it is to tell mistakes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{Context, SHA256};

/// The row that a list goes on behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// What the list is sorted by.
    pub key: Key,
    /// The row's id, by which ties go.
    pub id: i32,
}

/// A row's sort key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// The list is sorted by nothing but the id.
    Id,
    /// The row has no value.
    Null,
    /// The value as a text.
    Value(String),
    /// The beginning of a text that is too long for a cursor. The rest is looked up when it is needed.
    Beginning(String),
}

impl Key {
    /// The most bytes of a text that a cursor holds. It stands in the address of a request and in a header of an answer.
    pub const MOST_BYTES: usize = 240;

    /// The key of a row: a number, or anything else as a text of which at most one character more than [`Self::MOST_BYTES`] was read.
    pub fn of(text: Option<String>, number: Option<f64>) -> Self {
        if let Some(number) = number {
            // With an exponent, as the largest numbers have some three hundred digits.
            return Self::Value(format!("{number:e}"));
        }
        let Some(mut text) = text else { return Self::Null };
        if text.len() <= Self::MOST_BYTES {
            return Self::Value(text);
        }
        text.truncate(text.floor_char_boundary(Self::MOST_BYTES));
        Self::Beginning(text)
    }
}

/// What a cursor is good for: one list, by one sort, narrowed in one way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Scope([u8; 32]);

/// Bytes of the sum that a cursor begins with.
const SUM: usize = 8;
/// Bytes of the sum, the kind of key, and the id.
const HEAD: usize = SUM + 1 + 4;

impl Scope {
    /// Of a list at a path, with the words of the query string that narrow and sort it. Their order does not count.
    pub fn of<'a>(path: &'a str, words: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let mut words: Vec<(&str, &str)> = words.into_iter().collect();
        words.sort_unstable();
        let mut sum = Context::new(&SHA256);
        let all = std::iter::once(path).chain(words.into_iter().flat_map(|(name, value)| [name, value]));
        for text in all {
            sum.update(&text.len().to_be_bytes());
            sum.update(text.as_bytes());
        }
        let mut scope = Self::default();
        scope.0.copy_from_slice(sum.finish().as_ref());
        scope
    }

    /// The cursor of a position in this list.
    pub fn cursor(&self, position: &Position) -> String {
        let (kind, text) = match &position.key {
            Key::Id => (0, ""),
            Key::Null => (1, ""),
            Key::Value(text) => (2, text.as_str()),
            Key::Beginning(text) => (3, text.as_str()),
        };
        let mut content = vec![kind];
        content.extend(position.id.to_be_bytes());
        content.extend(text.as_bytes());
        let mut bytes = self.sum(&content).to_vec();
        bytes.append(&mut content);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The position of a cursor that was made for this list.
    pub fn position(&self, cursor: &str) -> Result<Position, NotOfThisList> {
        self.read(cursor).ok_or(NotOfThisList)
    }

    fn read(&self, cursor: &str) -> Option<Position> {
        // Four characters of a cursor are three bytes.
        if cursor.len() > (HEAD + Key::MOST_BYTES).div_ceil(3) * 4 {
            return None;
        }
        let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
        let (sum, content) = bytes.split_at_checked(SUM)?;
        if sum != self.sum(content) {
            return None;
        }
        let (head, text) = content.split_at_checked(HEAD - SUM)?;
        let (kind, id) = head.split_first()?;
        let text = String::from_utf8(text.to_vec()).ok().filter(|text| !text.contains('\0'))?;
        let key = match kind {
            0 => Key::Id,
            1 => Key::Null,
            2 => Key::Value(text),
            3 => Key::Beginning(text),
            _ => return None,
        };
        Some(Position { key, id: i32::from_be_bytes(id.try_into().ok()?) })
    }

    fn sum(&self, content: &[u8]) -> [u8; SUM] {
        let mut sum = Context::new(&SHA256);
        sum.update(&self.0);
        sum.update(content);
        let mut first = [0; SUM];
        first.iter_mut().zip(sum.finish().as_ref()).for_each(|(to, from)| *to = *from);
        first
    }
}

/// A text that is no cursor, or one of another list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("This is no cursor of this list with its sort and filters; begin again without 'after'")]
pub struct NotOfThisList;

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn key() -> impl Strategy<Value = Key> {
        prop_oneof![
            Just(Key::Id),
            Just(Key::Null),
            any::<f64>().prop_map(|number| Key::of(None, Some(number))),
            "[^\0]{0,300}".prop_map(|text| Key::of(Some(text), None)),
        ]
    }

    proptest! {
        #[test]
        fn a_position_comes_back_and_only_in_its_list(key in key(), id: i32, path in "/[a-z]{1,9}", change in 0..400usize) {
            let scope = Scope::of(&path, [("sort", "name"), ("filter", "x")]);
            let position = Position { key, id };
            let cursor = scope.cursor(&position);
            prop_assert!(cursor.len() <= 340);
            prop_assert_eq!(scope.position(&cursor), Ok(position.clone()));
            prop_assert_eq!(Scope::of(&path, [("filter", "x"), ("sort", "name")]).position(&cursor), Ok(position));
            for other in [Scope::of("/", [("sort", "name"), ("filter", "x")]), Scope::of(&path, [("sort", "name")]), Scope::default()] {
                prop_assert_eq!(other.position(&cursor), Err(NotOfThisList));
            }
            let mut changed: Vec<char> = cursor.chars().collect();
            let at = change % changed.len();
            changed[at] = if changed[at] == 'A' { 'B' } else { 'A' };
            prop_assert_eq!(scope.position(&String::from_iter(changed)), Err(NotOfThisList));
            prop_assert_eq!(scope.position(&cursor[..at]), Err(NotOfThisList));
        }

        #[test]
        fn any_text_is_read_or_refused(text in "\\PC*") {
            prop_assert_eq!(Scope::default().position(&text), Err(NotOfThisList));
        }

        #[test]
        fn numbers_are_exact(number: f64) {
            let Key::Value(text) = Key::of(None, Some(number)) else { panic!() };
            let read: f64 = text.parse().unwrap();
            prop_assert!(number.is_nan() || read.total_cmp(&number).is_eq() || (read.abs() < f64::MIN_POSITIVE && number.abs() < f64::MIN_POSITIVE));
        }
    }

    #[test]
    fn long_texts_are_cut_between_characters() {
        let key = Key::of(Some("é".repeat(200)), None);
        assert_eq!(key, Key::Beginning("é".repeat(120)));
        assert_eq!(
            Key::of(Some(format!("a{}", "é".repeat(120))), None),
            Key::Beginning(format!("a{}", "é".repeat(119)))
        );
        assert_eq!(Key::of(Some("é".repeat(120)), None), Key::Value("é".repeat(120)));
        assert_eq!(Key::of(None, None), Key::Null);
    }
}
