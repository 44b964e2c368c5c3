//! The single terms of a text search, looked up in several tables: where the words that are asked for may stand in rows of different
//! tables, no one index knows of all of them.
//!
//! The terms travel as JSON, so the text of the statement is the same however many there are.

use std::collections::BTreeMap;

use diesel::QueryResult;
use diesel::query_builder::{AstPass, QueryFragment};
use diesel::sql_types::Text;
use serde_json::json;

use super::search::{fts5_term, tsquery_term};
use crate::db::dialect::Backend;
use crate::db::dialect::connection::MultiBackend;
use crate::domain::request::search::{Alternative, SearchQuery};

/// What a query asks for, term by term.
#[derive(Clone, Debug)]
pub struct SearchTerms {
    /// The terms, each once, as PostgreSQL and as SQLite read them. Their numbers begin with 1.
    tsqueries: String,
    fts5: String,
    /// `[alternative, terms that it wants, 1 if it wants this one, number of the term]`
    needs: String,
    refusing: usize,
}

impl SearchTerms {
    /// The terms of a query.
    pub fn of(query: &SearchQuery) -> Self {
        let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
        let mut terms: Vec<&str> = Vec::new();
        let mut needs = Vec::new();
        let alternatives: Vec<Alternative> = query.alternatives().iter().map(distinct).collect();
        for (number, alternative) in alternatives.iter().enumerate() {
            let wants = alternative.wanted.len();
            let wanted = alternative.wanted.iter().map(|term| (1, term));
            for (wanted, term) in wanted.chain(alternative.unwanted.iter().map(|term| (0, term))) {
                let place = *numbers.entry(term).or_insert_with(|| {
                    terms.push(term);
                    terms.len()
                });
                needs.push(json!([number, wants, wanted, place]));
            }
        }
        let each = |write: fn(&str) -> String| {
            serde_json::Value::from(terms.iter().map(|term| write(term)).collect::<Vec<_>>()).to_string()
        };
        let refusing = alternatives.iter().filter(|alternative| alternative.wanted.is_empty()).count();
        let needs = serde_json::Value::from(needs).to_string();
        Self { tsqueries: each(tsquery_term), fts5: each(fts5_term), needs, refusing }
    }

    /// How many alternatives only say what they do not want.
    pub fn refusing(&self) -> usize {
        self.refusing
    }

    /// Selects `number` and `sought` of each term; see [`Holding`].
    pub fn sought(&self) -> Sought {
        Sought { tsqueries: self.tsqueries.clone(), fts5: self.fts5.clone() }
    }

    /// Selects which alternative needs which term: `alternative`, `wants` (how many terms it wants), `wanted` (1 or 0), `number`.
    pub fn needs(&self) -> Needs {
        Needs(self.needs.clone())
    }
}

/// An alternative with each term once.
fn distinct(alternative: &Alternative) -> Alternative {
    let once = |terms: &[String]| {
        let mut terms: Vec<String> = terms.to_vec();
        terms.sort_unstable();
        terms.dedup();
        terms
    };
    Alternative { wanted: once(&alternative.wanted), unwanted: once(&alternative.unwanted) }
}

/// See [`SearchTerms::sought`].
#[derive(Clone, Debug)]
pub struct Sought {
    tsqueries: String,
    fts5: String,
}

impl QueryFragment<Backend> for Sought {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        if matches!(out.backend(), MultiBackend::Postgres(_)) {
            out.push_sql(
                "SELECT ordinality AS number, to_tsquery('search_words', without_accents(value)) AS sought \
                 FROM json_array_elements_text(",
            );
            out.push_bind_param::<Text, _>(&self.tsqueries)?;
            out.push_sql("::json) WITH ORDINALITY AS term (value, ordinality)");
            return Ok(());
        }
        out.push_sql("SELECT key + 1 AS number, value AS sought FROM json_each(");
        out.push_bind_param::<Text, _>(&self.fts5)?;
        out.push_sql(")");
        Ok(())
    }
}

/// See [`SearchTerms::needs`].
#[derive(Clone, Debug)]
pub struct Needs(String);

impl QueryFragment<Backend> for Needs {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let postgres = matches!(out.backend(), MultiBackend::Postgres(_));
        let column = |place: usize| {
            if postgres { format!("CAST(need ->> {place} AS bigint)") } else { format!("value ->> {place}") }
        };
        out.push_sql(&format!(
            "SELECT {} AS alternative, {} AS wants, {} AS wanted, {} AS number FROM ",
            column(0),
            column(1),
            column(2),
            column(3)
        ));
        out.push_sql(if postgres { "json_array_elements(" } else { "json_each(" });
        out.push_bind_param::<Text, _>(&self.0)?;
        out.push_sql(if postgres { "::json) AS needs (need)" } else { ")" });
        Ok(())
    }
}

/// See [`holding`].
#[derive(Clone, Copy, Debug)]
pub struct Holding(&'static str);

/// Joins the rows of a table that hold a term to the rows of `term`, which are those of [`SearchTerms::sought`]: the tables of a `FROM`. The
/// table has a `search_vector` on PostgreSQL, and a `<table>_fts` on SQLite.
pub fn holding(table: &'static str) -> Holding {
    Holding(table)
}

impl QueryFragment<Backend> for Holding {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        let table = self.0;
        // The table's names are ours, so there is nothing to escape in them. SQLite keeps the order of a CROSS JOIN, without which
        // FTS5 would not know what to look for.
        out.push_sql(&if matches!(out.backend(), MultiBackend::Postgres(_)) {
            format!("term JOIN {table} ON {table}.search_vector @@ term.sought")
        } else {
            format!(
                "term CROSS JOIN {table}_fts CROSS JOIN {table} \
                 ON {table}_fts MATCH term.sought AND {table}.id = {table}_fts.rowid"
            )
        });
        Ok(())
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn each_term_is_looked_up_once() {
        let query = SearchQuery::parse("well dry well -ojo or -\"dry well\" or dry").unwrap().unwrap();
        let terms = SearchTerms::of(&query);
        assert_eq!(terms.tsqueries, r#"["('dry':*)","('well':*)","('ojo':*)","('dry' <-> 'well':*)"]"#);
        assert_eq!(terms.fts5, r#"["\"dry\" *","\"well\" *","\"ojo\" *","\"dry well\" *"]"#);
        assert_eq!(terms.needs, "[[0,2,1,1],[0,2,1,2],[0,2,0,3],[1,0,0,4],[2,1,1,1]]");
        assert_eq!(terms.refusing(), 1);
    }
}
