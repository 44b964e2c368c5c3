//! Looking terms up, in the database and inside the request's transaction: a term that another instance has just written
//! is valid, one that it has just removed is not. There is no cache to go stale.

use std::collections::HashSet;

use diesel::prelude::*;
use serde_json::json;

use crate::db::Connection;
use crate::db::schema::{lexicon_category, lexicon_term, lexicon_term_category_association as link};
use crate::domain::form::{Parsed, TermCheck, TermRule};
use crate::domain::problem::{LocPart, Problem, expected};

use super::StoreError;

const RELEASE_STATUS: &str = "release_status";

/// The body's value, once its terms are found; otherwise all its problems: 422, or 409 when the only problem is a term
/// that the reference leaves to the foreign key.
pub fn settle<T>(conn: &mut Connection, body: Parsed<T>) -> Result<T, StoreError> {
    let known = Known::load(conn, body.terms())?;
    let mut unknown_keys = Vec::new();
    let mut lists = Vec::new();
    for check in body.terms() {
        if let TermRule::Category(category) = check.rule
            && !known.holds(check)
        {
            lists.push((category, terms_of(conn, category)?));
        }
    }
    let settled = body.settle(|check| {
        if known.holds(check) {
            return None;
        }
        match check.rule {
            TermRule::Category(category) => {
                let terms = lists.iter().find(|(name, _)| *name == category).map_or(&[][..], |(_, terms)| terms);
                Some(enum_problem(check, terms))
            }
            TermRule::ReleaseStatus => Some(Problem::value_error(
                check.loc.clone(),
                format!("Invalid release_status: {}", check.term),
                json!(check.term),
            )),
            TermRule::AnyTerm => {
                unknown_keys.push(check.clone());
                None
            }
        }
    });
    let value = settled.map_err(StoreError::Invalid)?;
    match unknown_keys.into_iter().next() {
        None => Ok(value),
        Some(check) => Err(StoreError::Conflict(Box::new(unknown_term(&check)))),
    }
}

/// 422 `enum` with the allowed terms in seed order.
fn enum_problem(check: &TermCheck, terms: &[String]) -> Problem {
    let expected = expected(terms);
    let message = format!("Input should be {expected}");
    Problem::new("enum", check.loc.clone(), message, json!(check.term)).with_ctx(json!({ "expected": expected }))
}

/// 409 for a term that no category has.
fn unknown_term(check: &TermCheck) -> Problem {
    let field = check.loc.iter().rev().find_map(|part| match part {
        LocPart::Name(name) => Some(name.to_string()),
        LocPart::Index(_) => None,
    });
    let message = format!("LexiconTerm with term {} not found.", check.term);
    let input = json!({ field.unwrap_or_default(): check.term });
    Problem::new("value_error", check.loc.clone(), message, input)
}

/// The part of the vocabulary that one request asks about.
struct Known {
    in_category: HashSet<(String, String)>,
    anywhere: HashSet<String>,
}

impl Known {
    fn load<'a>(conn: &mut Connection, checks: impl Iterator<Item = &'a TermCheck>) -> QueryResult<Self> {
        let terms: HashSet<&str> = checks.map(|check| check.term.as_str()).collect();
        if terms.is_empty() {
            return Ok(Self { in_category: HashSet::new(), anywhere: HashSet::new() });
        }
        let rows: Vec<(String, Option<String>)> = lexicon_term::table
            .left_join(link::table.inner_join(lexicon_category::table))
            .filter(lexicon_term::term.eq_any(terms))
            .select((lexicon_term::term, lexicon_category::name.nullable()))
            .load(conn)?;
        let anywhere = rows.iter().map(|(term, _)| term.clone()).collect();
        let in_category =
            rows.into_iter().filter_map(|(term, category)| category.map(|category| (category, term))).collect();
        Ok(Self { in_category, anywhere })
    }

    fn holds(&self, check: &TermCheck) -> bool {
        let has = |category: &str| self.in_category.contains(&(category.to_owned(), check.term.clone()));
        match check.rule {
            TermRule::Category(category) => has(category),
            TermRule::ReleaseStatus => has(RELEASE_STATUS),
            TermRule::AnyTerm => self.anywhere.contains(&check.term),
        }
    }
}

/// The terms of a category in the order in which they were put there.
pub fn terms_of(conn: &mut Connection, category: &str) -> QueryResult<Vec<String>> {
    lexicon_term::table
        .inner_join(link::table.inner_join(lexicon_category::table))
        .filter(lexicon_category::name.eq(category))
        .order(link::id)
        .select(lexicon_term::term)
        .load(conn)
}
