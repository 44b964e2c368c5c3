//! The `query` parameter of text searches: web-search grammar, and the similarity of texts.
//!
//! Words must all occur, `or` between them starts an alternative, `-word` must not occur, `"several words"` must stand
//! together. Every word stands for all that begin with it.

/// Longest query, in characters.
const MOST: usize = 1000;

/// A parsed text search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchQuery {
    text: String,
    alternatives: Vec<Alternative>,
}

/// What one side of an `or` asks for. Each term is a word or a phrase and holds at least one letter or digit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Alternative {
    /// Terms that must all occur.
    pub wanted: Vec<String>,
    /// Terms of which none may occur.
    pub unwanted: Vec<String>,
}

/// Why a search is refused; the `Display` text is meant for the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SearchError {
    /// The databases bound the depth of what is made of it.
    #[error("query is longer than {MOST} characters")]
    TooLong,
}

impl SearchQuery {
    /// Reads a query; `None` for a blank one, which asks for nothing in particular.
    pub fn parse(text: &str) -> Result<Option<Self>, SearchError> {
        if text.chars().nth(MOST).is_some() {
            return Err(SearchError::TooLong);
        }
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        Ok(Some(Self { text: text.to_owned(), alternatives: alternatives(text) }))
    }

    /// The query as it was sent, without the blanks around it: what similar texts are compared with.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What is asked for; empty when no word is left to look for.
    pub fn alternatives(&self) -> &[Alternative] {
        &self.alternatives
    }
}

fn alternatives(text: &str) -> Vec<Alternative> {
    let mut all = Vec::new();
    let mut current = Alternative::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let unsigned = rest.trim_start_matches('-');
        let unwanted = unsigned.len() < rest.len();
        let (term, quoted, after) = take_term(unsigned);
        rest = after.trim_start();
        if !quoted && !unwanted && term.eq_ignore_ascii_case("or") {
            all.push(std::mem::take(&mut current));
        } else if is_searchable(term) {
            let side = if unwanted { &mut current.unwanted } else { &mut current.wanted };
            side.push(term.to_owned());
        }
    }
    all.push(current);
    all.retain(|alternative| !alternative.wanted.is_empty() || !alternative.unwanted.is_empty());
    all
}

/// The word or phrase at the start, whether it is in quotes, and what follows. A missing second quote is at the end.
fn take_term(text: &str) -> (&str, bool, &str) {
    match text.strip_prefix('"') {
        Some(phrase) => {
            let (phrase, rest) = phrase.split_once('"').unwrap_or((phrase, ""));
            (phrase, true, rest)
        }
        None => {
            let end = text.find(|c: char| c == '"' || c.is_whitespace()).unwrap_or(text.len());
            let (word, rest) = text.split_at(end);
            (word, false, rest)
        }
    }
}

/// True when at least one word of the term is in the index.
fn is_searchable(term: &str) -> bool {
    term.split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .any(|word| !STOP_WORDS.contains(&word.to_lowercase().as_str()))
}

/// Words that PostgreSQL's English configuration does not index. Left out here, so that both databases answer alike.
#[rustfmt::skip]
const STOP_WORDS: [&str; 127] = [
    "a", "about", "above", "after", "again", "against", "all", "am", "an", "and", "any", "are", "as", "at", "be",
    "because", "been", "before", "being", "below", "between", "both", "but", "by", "can", "did", "do", "does",
    "doing", "don", "down", "during", "each", "few", "for", "from", "further", "had", "has", "have", "having", "he",
    "her", "here", "hers", "herself", "him", "himself", "his", "how", "i", "if", "in", "into", "is", "it", "its",
    "itself", "just", "me", "more", "most", "my", "myself", "no", "nor", "not", "now", "of", "off", "on", "once",
    "only", "or", "other", "our", "ours", "ourselves", "out", "over", "own", "s", "same", "she", "should", "so",
    "some", "such", "t", "than", "that", "the", "their", "theirs", "them", "themselves", "then", "there", "these",
    "they", "this", "those", "through", "to", "too", "under", "until", "up", "very", "was", "we", "were", "what",
    "when", "where", "which", "while", "who", "whom", "why", "will", "with", "you", "your", "yours", "yourself",
    "yourselves",
];

/// Texts of at least this similarity count as similar: the default of PostgreSQL's `pg_trgm`.
pub const SIMILAR: f64 = 0.3;

/// The groups of three characters in a text, as PostgreSQL's `pg_trgm` counts them: each word in lower case, with two blanks
/// before and one behind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Trigrams(Vec<[char; 3]>);

impl Trigrams {
    /// The trigrams of a text.
    pub fn of(text: &str) -> Self {
        let mut all = Vec::with_capacity(text.len() + 2);
        let lower = text.to_lowercase();
        for word in lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            let (mut first, mut second) = (' ', ' ');
            for third in word.chars().chain([' ']) {
                all.push([first, second, third]);
                (first, second) = (second, third);
            }
        }
        all.sort_unstable();
        all.dedup();
        Self(all)
    }

    /// How many of all trigrams of both texts they have in common: 0 for nothing, 1 for all.
    #[expect(clippy::cast_precision_loss, reason = "counts of characters of short texts")]
    pub fn similarity(&self, other: &Self) -> f32 {
        let (mut shared, mut left, mut right) = (0_usize, self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            match a.cmp(b) {
                std::cmp::Ordering::Less => drop(left.next()),
                std::cmp::Ordering::Greater => drop(right.next()),
                std::cmp::Ordering::Equal => {
                    shared += 1;
                    left.next();
                    right.next();
                }
            }
        }
        if shared == 0 { 0.0 } else { shared as f32 / (self.0.len() + other.0.len() - shared) as f32 }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(Vec<String>, Vec<String>)> {
        let query = SearchQuery::parse(text).unwrap();
        query.map_or_else(Vec::new, |query| {
            query.alternatives.into_iter().map(|alternative| (alternative.wanted, alternative.unwanted)).collect()
        })
    }

    fn terms(wanted: &[&str], unwanted: &[&str]) -> (Vec<String>, Vec<String>) {
        let owned = |terms: &[&str]| terms.iter().map(|term| (*term).to_owned()).collect();
        (owned(wanted), owned(unwanted))
    }

    #[test]
    fn the_grammar_of_web_searches_is_read() {
        assert_eq!(read("dry SO-0001"), [terms(&["dry", "SO-0001"], &[])]);
        assert_eq!(read("dry -well"), [terms(&["dry"], &["well"])]);
        assert_eq!(read("dry well or ojo"), [terms(&["dry", "well"], &[]), terms(&["ojo"], &[])]);
        assert_eq!(read("\"dry well\" -\"ojo frio\""), [terms(&["dry well"], &["ojo frio"])]);
        assert_eq!(read("\"dry or well"), [terms(&["dry or well"], &[])]);
        assert_eq!(read("dry\"well\"ojo"), [terms(&["dry", "well", "ojo"], &[])]);
    }

    #[test]
    fn what_no_index_holds_is_left_out() {
        for text in ["", " ", "-", "--- ' \\ & | ! ( ) : *", "the", "\"\"", "or", "or or", "-the or \"of the\"", "°"] {
            assert_eq!(read(text), [], "{text}");
        }
        assert_eq!(read("the well or"), [terms(&["well"], &[])]);
        assert_eq!(SearchQuery::parse(&"a".repeat(1001)), Err(SearchError::TooLong));
    }

    #[test]
    fn similarity_is_that_of_postgresql() {
        let similarity = |a: &str, b: &str| Trigrams::of(a).similarity(&Trigrams::of(b));
        // Each as PostgreSQL 15 answers.
        for (a, b, expected) in [
            ("SO-0001", "0001", 0.625),
            ("SO-0001", "so 0001", 1.0),
            ("Ana Vigil", "vigil", 0.6),
            ("water well", "water", 0.6),
            ("word", "two words", 0.363_636_37),
            ("Ojo Frío", "ojo frio", 0.5),
            ("abc", "", 0.0),
            ("", "", 0.0),
            ("---", "---", 0.0),
        ] {
            assert!((similarity(a, b) - expected).abs() < 1e-6, "{a} / {b}: {}", similarity(a, b));
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(text in "\\PC*|[a-c\" -]{0,40}|(or|-|\"| |a)*") {
            if let Ok(Some(query)) = SearchQuery::parse(&text) {
                for alternative in query.alternatives() {
                    prop_assert!(alternative.wanted.iter().chain(&alternative.unwanted).all(|term| is_searchable(term)));
                }
            }
        }

        #[test]
        fn similarity_is_symmetric_and_bounded(a in "\\PC{0,30}", b in "\\PC{0,30}") {
            let (a, b) = (Trigrams::of(&a), Trigrams::of(&b));
            let similarity = a.similarity(&b);
            prop_assert!((0.0..=1.0).contains(&similarity));
            prop_assert!((similarity - b.similarity(&a)).abs() < f32::EPSILON);
        }
    }
}
