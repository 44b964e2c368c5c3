//! Looking terms up, in the database and inside the request's transaction: a term that another instance has just written
//! is valid, one that it has just removed is not. There is no cache to go stale.

use std::collections::{BTreeSet, HashSet};

use serde_json::json;

use crate::db::prelude::*;
use crate::db::schema::{lexicon_category, lexicon_term, lexicon_term_category_association as link};
use crate::db::{Read, Session, one_of_texts, rows};
use crate::domain::request::form::{TermCheck, TermRule};
use crate::domain::request::problem::{LocPart, Problem, expected};

const RELEASE_STATUS: &str = "release_status";

/// 422 `enum` with the allowed terms in seed order; with a word instead of them where another problem of the answer has them.
pub fn enum_problem(check: &TermCheck, category: &str, terms: Option<&[String]>) -> Problem {
    let expected = terms.map_or_else(|| format!("a term of '{category}', as listed above"), expected);
    let message = format!("Input should be {expected}");
    Problem::new("enum", check.loc.clone(), message, json!(check.term)).with_ctx(json!({ "expected": expected }))
}

/// 409 for a term that no category has.
pub fn unknown_term(check: &TermCheck) -> Problem {
    let field = check.loc.iter().rev().find_map(|part| match part {
        LocPart::Name(name) => Some(name.to_string()),
        LocPart::Index(_) => None,
    });
    let message = format!("LexiconTerm with term {} not found.", check.term);
    let input = json!({ field.unwrap_or_default(): check.term });
    Problem::new("value_error", check.loc.clone(), message, input)
}

/// The part of the vocabulary that some forms ask about.
pub struct Known {
    in_category: HashSet<(String, String)>,
    anywhere: HashSet<String>,
}

/// The read of what the vocabulary has of these terms.
pub fn known(terms: &BTreeSet<&str>) -> impl Read<Output = Known> + use<> {
    let terms: Vec<String> = terms.iter().map(|term| (*term).to_owned()).collect();
    let found = (!terms.is_empty()).then(|| {
        rows::<(String, Option<String>), _>(
            lexicon_term::table
                .left_join(link::table.inner_join(lexicon_category::table))
                .filter(one_of_texts(lexicon_term::term, &terms))
                .select((lexicon_term::term, lexicon_category::name.nullable())),
        )
    });
    found.giving(|rows| {
        let rows = rows.unwrap_or_default();
        let anywhere = rows.iter().map(|(term, _)| term.clone()).collect();
        let in_category =
            rows.into_iter().filter_map(|(term, category)| category.map(|category| (category, term))).collect();
        Known { in_category, anywhere }
    })
}

impl Known {
    /// True when the term is there.
    pub fn holds(&self, check: &TermCheck) -> bool {
        let has = |category: &str| self.in_category.contains(&(category.to_owned(), check.term.clone()));
        match check.rule {
            TermRule::Category(category) => has(category),
            TermRule::ReleaseStatus => has(RELEASE_STATUS),
            TermRule::AnyTerm => self.anywhere.contains(&check.term),
        }
    }
}

/// The terms of a category in the order in which they were put there.
pub fn terms_of(session: &mut Session<'_>, category: &str) -> QueryResult<Vec<String>> {
    lexicon_term::table
        .inner_join(link::table.inner_join(lexicon_category::table))
        .filter(lexicon_category::name.eq(category))
        .order(link::id)
        .select(lexicon_term::term)
        .load(session)
}
