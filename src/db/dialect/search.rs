//! Text search: `tsvector` and `pg_trgm` on PostgreSQL, FTS5 and a registered `similarity` function on SQLite.

use diesel::QueryResult;
use diesel::expression::{AppearsOnTable, Expression, SelectableExpression, ValidGrouping, is_aggregate};
use diesel::query_builder::{AstPass, QueryFragment, QueryId};
use diesel::sql_types::{Bool, Double, Nullable, Text};

use crate::db::dialect::Backend;
use crate::db::dialect::connection::MultiBackend;
use crate::domain::request::search::{Alternative, SIMILAR, SearchQuery};

/// Selects the ids of the rows of a table whose text matches: the right side of an `IN`.
#[derive(Clone, Debug)]
pub struct FullText {
    table: &'static str,
    tsquery: String,
    fts5: Fts5,
}

/// The rows of `table` (which has a `search_vector` of its `search_text` on PostgreSQL, and a `<table>_fts` on SQLite) that
/// match the query. Every word stands for all that begin with it; of a term of several words, the last one does.
pub fn full_text(table: &'static str, query: &SearchQuery) -> FullText {
    FullText { table, tsquery: tsquery(query.alternatives()), fts5: fts5(query.alternatives()) }
}

impl QueryId for FullText {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl QueryFragment<Backend> for FullText {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        out.push_sql("SELECT id FROM ");
        out.push_identifier(self.table)?;
        out.push_sql(" WHERE ");
        if matches!(out.backend(), MultiBackend::Postgres(_)) {
            out.push_sql("search_vector @@ to_tsquery('search_words', without_accents(");
            out.push_bind_param::<Text, _>(&self.tsquery)?;
            out.push_sql("))");
            return Ok(());
        }
        out.push_sql("1 = 0");
        if let Some(positive) = &self.fts5.positive {
            out.push_sql(" OR id IN (");
            self.matching(&mut out, positive)?;
            out.push_sql(")");
        }
        for negative in &self.fts5.negative {
            out.push_sql(" OR id NOT IN (");
            self.matching(&mut out, negative)?;
            out.push_sql(")");
        }
        Ok(())
    }
}

impl FullText {
    fn matching<'b>(&self, out: &mut AstPass<'_, 'b, Backend>, expression: &'b String) -> QueryResult<()> {
        // The table's names are ours, so there is nothing to escape in them.
        out.push_sql("SELECT rowid FROM ");
        out.push_sql(self.table);
        out.push_sql("_fts WHERE ");
        out.push_sql(self.table);
        out.push_sql("_fts MATCH ");
        out.push_bind_param::<Text, _>(expression)
    }
}

/// A term for `to_tsquery`: words in quotes, so that none can be taken for an operator. It is taken apart as FTS5 does.
pub(super) fn tsquery_term(term: &str) -> String {
    let words = term.split(|c: char| !(c.is_alphanumeric() || is_accent(c))).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(|word| format!("'{word}'")).collect();
    format!("({}:*)", words.join(" <-> "))
}

/// A term for FTS5: a string, in which nothing is an operator.
pub(super) fn fts5_term(term: &str) -> String {
    format!("\"{}\" *", term.replace('"', "\"\""))
}

/// The query for `to_tsquery`.
fn tsquery(alternatives: &[Alternative]) -> String {
    let all = |alternative: &Alternative| {
        let wanted = alternative.wanted.iter().map(|term| tsquery_term(term));
        let unwanted = alternative.unwanted.iter().map(|term| format!("!{}", tsquery_term(term)));
        wanted.chain(unwanted).collect::<Vec<_>>().join(" & ")
    };
    alternatives.iter().map(all).collect::<Vec<_>>().join(" | ")
}

/// True for an accent that stands behind its letter.
fn is_accent(c: char) -> bool {
    ('\u{300}'..='\u{36f}').contains(&c)
}

/// FTS5 knows `a NOT b` but nothing to stand for "all rows", so alternatives of unwanted terms alone stand apart.
#[derive(Clone, Debug)]
struct Fts5 {
    /// Finds the rows of all alternatives that want something.
    positive: Option<String>,
    /// Each finds the rows that such an alternative does not want.
    negative: Vec<String>,
}

fn fts5(alternatives: &[Alternative]) -> Fts5 {
    let terms = |terms: &[String], operator: &str| {
        let quoted: Vec<String> = terms.iter().map(|term| fts5_term(term)).collect();
        format!("({})", quoted.join(operator))
    };
    let (wanting, refusing): (Vec<_>, Vec<_>) =
        alternatives.iter().partition(|alternative| !alternative.wanted.is_empty());
    let positive = wanting.into_iter().map(|Alternative { wanted, unwanted }| match unwanted.as_slice() {
        [] => terms(wanted, " AND "),
        unwanted => format!("({} NOT {})", terms(wanted, " AND "), terms(unwanted, " OR ")),
    });
    let positive = positive.collect::<Vec<_>>().join(" OR ");
    let negative = refusing.into_iter().map(|alternative| terms(&alternative.unwanted, " OR ")).collect();
    Fts5 { positive: (!positive.is_empty()).then_some(positive), negative }
}

/// See [`similar`].
#[derive(Clone, Debug)]
pub struct Similar<C> {
    column: C,
    text: String,
}

/// True for rows whose `column` is similar to `text`: they share at least 0.3 of their trigrams.
pub fn similar<C: diesel::Column>(column: C, text: &str) -> Similar<C> {
    Similar { column, text: text.to_owned() }
}

impl<C> Expression for Similar<C> {
    type SqlType = Nullable<Bool>;
}

impl<C, QS> AppearsOnTable<QS> for Similar<C> where C: AppearsOnTable<QS> {}
impl<C, QS> SelectableExpression<QS> for Similar<C> where C: SelectableExpression<QS> {}

impl<C, GB> ValidGrouping<GB> for Similar<C> {
    type IsAggregate = is_aggregate::No;
}

impl<C> QueryId for Similar<C> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<C> QueryFragment<Backend> for Similar<C>
where
    C: QueryFragment<Backend>,
{
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Backend>) -> QueryResult<()> {
        if matches!(out.backend(), MultiBackend::Postgres(_)) {
            // The operator, unlike the function, finds the index; its threshold is the server's default of 0.3.
            self.column.walk_ast(out.reborrow())?;
            out.push_sql(" % ");
            return out.push_bind_param::<Text, _>(&self.text);
        }
        out.push_sql("similarity(");
        self.column.walk_ast(out.reborrow())?;
        out.push_sql(", ");
        out.push_bind_param::<Text, _>(&self.text)?;
        out.push_sql(") >= ");
        out.push_bind_param::<Double, _>(&SIMILAR)
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use diesel::connection::SimpleConnection;
    use diesel::prelude::*;
    use proptest::prelude::*;

    use super::*;

    fn query(text: &str) -> Option<SearchQuery> {
        SearchQuery::parse(text).ok().flatten()
    }

    #[test]
    fn terms_become_quoted_prefixes() {
        let query = query("dry ojo's -well or \"a\\b c\"").unwrap();
        let expected = "('dry':*) & ('ojo' <-> 's':*) & !('well':*) | ('a' <-> 'b' <-> 'c':*)";
        assert_eq!(tsquery(query.alternatives()), expected);
        let fts5 = fts5(query.alternatives());
        assert_eq!(fts5.positive.unwrap(), "((\"dry\" * AND \"ojo's\" *) NOT (\"well\" *)) OR (\"a\\b c\" *)");
        assert!(fts5.negative.is_empty());
    }

    #[allow(clippy::disallowed_methods)]
    fn names() -> SqliteConnection {
        let mut conn = SqliteConnection::establish(":memory:").unwrap();
        conn.batch_execute(
            "CREATE VIRTUAL TABLE names USING fts5 (name, tokenize = 'porter unicode61', prefix = '2 3');
             INSERT INTO names (rowid, name) VALUES (1, 'Dry well'), (2, 'Ojo Frio'), (3, 'SO-0001')",
        )
        .unwrap();
        conn
    }

    fn found(conn: &mut SqliteConnection, expression: &str) -> QueryResult<Vec<i64>> {
        diesel::dsl::sql::<diesel::sql_types::BigInt>("SELECT rowid FROM names WHERE names MATCH ")
            .bind::<Text, _>(expression)
            .load(conn)
    }

    #[test]
    fn fts5_finds_prefixes_and_alternatives() {
        let mut conn = names();
        let mut find =
            |text: &str| found(&mut conn, &fts5(query(text).unwrap().alternatives()).positive.unwrap()).unwrap();
        assert_eq!(find("we dr"), [1]);
        assert_eq!(find("wells or fri"), [1, 2]);
        assert_eq!(find("SO-00"), [3]);
        assert_eq!(find("\"well dry\" or dry -well"), Vec::<i64>::new());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(300))]
        #[test]
        fn fts5_takes_whatever_was_read(text in "\\PC{0,40}|[a-c\"*^(){}:+' -]{0,60}|((or|and|not|near|-|\"|a+) ?){0,300}") {
            let mut conn = names();
            if let Some(query) = query(&text) {
                let Fts5 { positive, negative } = fts5(query.alternatives());
                for expression in positive.iter().chain(&negative) {
                    prop_assert!(found(&mut conn, expression).is_ok(), "{expression}");
                }
            }
        }
    }
}
