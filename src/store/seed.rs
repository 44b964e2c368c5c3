//! The vocabulary and the parameters that every database starts with. Idempotent: adds what is missing, removes nothing.

use std::collections::{HashMap, HashSet};

use diesel::prelude::*;
use serde::Deserialize;

use crate::db::schema::{lexicon_category, lexicon_term, lexicon_term_category_association as link, parameter};
use crate::db::{Connection, transaction_lock};
use crate::domain::DRAFT;

use super::StoreError;

const LEXICON: &str = include_str!("../../seed/lexicon.json");
const PARAMETERS: &str = include_str!("../../seed/parameters.json");

/// Instances that start together take turns (any constant would do).
const LOCK: i64 = 0x0c07_5eed;

#[derive(Deserialize)]
struct Lexicon {
    categories: Vec<SeedCategory>,
    terms: Vec<SeedTerm>,
}

#[derive(Deserialize)]
struct SeedCategory {
    name: String,
    description: Option<String>,
}

#[derive(Deserialize)]
struct SeedTerm {
    term: String,
    definition: String,
    categories: Vec<String>,
}

#[derive(Deserialize)]
struct Parameters {
    parameters: Vec<SeedParameter>,
}

#[derive(Deserialize, Insertable)]
#[diesel(table_name = parameter)]
struct SeedParameter {
    parameter_name: String,
    matrix: String,
    parameter_type: Option<String>,
    cas_number: Option<String>,
    default_unit: String,
}

/// What a run added.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Added {
    /// Categories.
    pub categories: usize,
    /// Terms.
    pub terms: usize,
    /// Links between terms and categories.
    pub links: usize,
    /// Parameters.
    pub parameters: usize,
}

/// Why seeding failed.
#[derive(Debug, thiserror::Error)]
pub enum SeedError {
    /// The embedded files do not fit together: a defect of the build.
    #[error("seed data: {0}")]
    Data(String),
    /// The database refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The database refused.
    #[error(transparent)]
    Database(#[from] diesel::result::Error),
    /// The executor refused.
    #[error(transparent)]
    Refused(#[from] crate::db::Refusal),
}

impl crate::db::JobError for SeedError {
    fn database_error(&self) -> Option<&diesel::result::Error> {
        match self {
            Self::Database(error) => Some(error),
            _ => None,
        }
    }
}

/// Adds what the database lacks.
pub fn seed(conn: &mut Connection) -> Result<Added, SeedError> {
    let parse = |error: serde_json::Error| SeedError::Data(error.to_string());
    let lexicon: Lexicon = serde_json::from_str(LEXICON).map_err(parse)?;
    let parameters: Parameters = serde_json::from_str(PARAMETERS).map_err(parse)?;
    transaction_lock(conn, LOCK)?;
    let mut added = Added::default();
    seed_lexicon(conn, &lexicon, &mut added)?;
    seed_parameters(conn, parameters.parameters, &mut added)?;
    Ok(added)
}

fn seed_lexicon(conn: &mut Connection, lexicon: &Lexicon, added: &mut Added) -> Result<(), SeedError> {
    let mut categories: HashMap<String, i32> = lexicon_category::table
        .select((lexicon_category::name, lexicon_category::id))
        .load(conn)?
        .into_iter()
        .collect();
    for category in &lexicon.categories {
        if !categories.contains_key(&category.name) {
            let id = diesel::insert_into(lexicon_category::table)
                .values((
                    lexicon_category::name.eq(&category.name),
                    lexicon_category::description.eq(&category.description),
                ))
                .returning(lexicon_category::id)
                .get_result(conn)?;
            categories.insert(category.name.clone(), id);
            added.categories += 1;
        }
    }
    let mut terms: HashMap<String, i32> =
        lexicon_term::table.select((lexicon_term::term, lexicon_term::id)).load(conn)?.into_iter().collect();
    let mut links: HashSet<(i32, i32)> =
        link::table.select((link::term_id, link::category_id)).load(conn)?.into_iter().collect();
    for seed in &lexicon.terms {
        let term = match terms.get(&seed.term) {
            Some(id) => *id,
            None => {
                let id = diesel::insert_into(lexicon_term::table)
                    .values((lexicon_term::term.eq(&seed.term), lexicon_term::definition.eq(&seed.definition)))
                    .returning(lexicon_term::id)
                    .get_result(conn)?;
                terms.insert(seed.term.clone(), id);
                added.terms += 1;
                id
            }
        };
        for name in &seed.categories {
            let unknown = || SeedError::Data(format!("term '{}' is in unknown category '{name}'", seed.term));
            let category = *categories.get(name).ok_or_else(unknown)?;
            if links.insert((term, category)) {
                diesel::insert_into(link::table)
                    .values((link::term_id.eq(term), link::category_id.eq(category)))
                    .execute(conn)?;
                added.links += 1;
            }
        }
    }
    Ok(())
}

fn seed_parameters(conn: &mut Connection, seeds: Vec<SeedParameter>, added: &mut Added) -> Result<(), SeedError> {
    let known: HashSet<(String, String)> =
        parameter::table.select((parameter::parameter_name, parameter::matrix)).load(conn)?.into_iter().collect();
    for seed in seeds {
        if !known.contains(&(seed.parameter_name.clone(), seed.matrix.clone())) {
            diesel::insert_into(parameter::table).values((seed, parameter::release_status.eq(DRAFT))).execute(conn)?;
            added.parameters += 1;
        }
    }
    Ok(())
}
