//! The vocabulary and the parameters that every database starts with. Idempotent: adds what is missing and removes nothing.
//! A start adds everything only to a database without any vocabulary; later only `ocotillo seed` does.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use serde::Deserialize;

use crate::db::prelude::*;
use crate::db::schema::{lexicon_category, lexicon_term, lexicon_term_category_association as link, parameter};
use crate::db::{Session, WriteSession, new_ids, rows, transaction_lock};
use crate::domain::PUBLIC;
use crate::domain::lexicon::fixed;
use crate::domain::principal::Principal;
use crate::store::lexicon::{CATEGORY, LOCK, NewLink, NewTerm, TERM};
use crate::store::parameter::{NewParameter, TABLE as PARAMETER};
use crate::store::query::check::Table;

const LEXICON: &str = include_str!("../../seed/lexicon.json");
const PARAMETERS: &str = include_str!("../../seed/parameters.json");

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

#[derive(Deserialize)]
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

#[derive(Insertable)]
#[diesel(table_name = lexicon_category, treat_none_as_default_value = false)]
struct NewCategory<'a> {
    id: i32,
    name: &'a str,
    description: Option<&'a str>,
}

crate::insertable!(NewCategory<'_> => lexicon_category);

impl<'a> NewCategory<'a> {
    fn of((id, seed): (i32, &'a SeedCategory)) -> Self {
        Self { id, name: &seed.name, description: seed.description.as_deref() }
    }
}

impl Lexicon {
    /// The part of it that the program relies on.
    fn keep_fixed(&mut self) {
        self.categories.retain(|seed| fixed::is_fixed_category(&seed.name));
        for seed in &mut self.terms {
            seed.categories.retain(|category| fixed::is_fixed_in(&seed.term, category));
        }
        self.terms.retain(|seed| !seed.categories.is_empty());
    }
}

/// For a start: a vocabulary that is still empty gets everything. What its keepers have renamed or removed since stays so; of any
/// other vocabulary only words that the program relies on are added, which cannot be renamed.
pub fn start(session: &mut WriteSession<'_>) -> Result<Added, SeedError> {
    add(session, |known| known.terms.is_empty() && known.categories.is_empty())
}

/// Adds all that the database lacks.
pub fn seed(session: &mut WriteSession<'_>) -> Result<Added, SeedError> {
    add(session, |_| true)
}

fn add(session: &mut WriteSession<'_>, everything: impl Fn(&Known) -> bool) -> Result<Added, SeedError> {
    let parse = |error: serde_json::Error| SeedError::Data(error.to_string());
    let mut lexicon: Lexicon = serde_json::from_str(LEXICON).map_err(parse)?;
    let Parameters { mut parameters } = serde_json::from_str(PARAMETERS).map_err(parse)?;
    // Instances that start together take turns, and with those who change the vocabulary.
    transaction_lock(session, LOCK)?;
    let mut known = Known::read(session)?;
    if !everything(&known) {
        lexicon.keep_fixed();
        parameters.clear();
    }
    let by = session.principal();
    let categories = numbered(session, CATEGORY, &lexicon.categories, |seed| &seed.name, &mut known.categories)?;
    let categories: Vec<NewCategory<'_>> = categories.into_iter().map(NewCategory::of).collect();
    let terms = numbered(session, TERM, &lexicon.terms, |seed| &seed.term, &mut known.terms)?;
    let terms: Vec<NewTerm> =
        terms.into_iter().map(|(id, seed)| NewTerm::of(id, &seed.term, &seed.definition, by)).collect();
    let links = links(&lexicon.terms, &mut known, by)?;
    let parameters = new_parameters(session, parameters, &known.parameters)?;
    session.insert(&[&categories, &terms, &links, &parameters])?;
    let (categories, terms) = (categories.len(), terms.len());
    Ok(Added { categories, terms, links: links.len(), parameters: parameters.len() })
}

/// What the database has.
struct Known {
    categories: HashMap<String, i32>,
    terms: HashMap<String, i32>,
    links: HashSet<(i32, i32)>,
    parameters: HashSet<(String, String)>,
}

impl Known {
    fn read(session: &mut Session<'_>) -> QueryResult<Self> {
        let categories = lexicon_category::table.select((lexicon_category::name, lexicon_category::id));
        let terms = lexicon_term::table.select((lexicon_term::term, lexicon_term::id));
        let links = link::table.select((link::term_id, link::category_id));
        // Whoever may see them: a parameter that is there is not added.
        let parameters = parameter::table.select((parameter::parameter_name, parameter::matrix));
        let (categories, terms, links, parameters) = session.read((
            rows::<(String, i32), _>(categories),
            rows::<(String, i32), _>(terms),
            rows::<(i32, i32), _>(links),
            rows::<(String, String), _>(parameters),
        ))?;
        Ok(Self {
            categories: categories.into_iter().collect(),
            terms: terms.into_iter().collect(),
            links: links.into_iter().collect(),
            parameters: parameters.into_iter().collect(),
        })
    }
}

/// The seeds whose names are not known yet, with the ids that they are known by from now on.
fn numbered<'a, S>(
    session: &mut WriteSession<'_>,
    table: Table,
    seeds: &'a [S],
    name: impl Fn(&S) -> &String,
    known: &mut HashMap<String, i32>,
) -> QueryResult<Vec<(i32, &'a S)>> {
    let missing: Vec<&S> = seeds.iter().filter(|seed| !known.contains_key(name(seed))).collect();
    let mut new = Vec::with_capacity(missing.len());
    for (id, seed) in ids(session, table, missing.len())?.into_iter().zip(missing) {
        if let Entry::Vacant(unknown) = known.entry(name(seed).clone()) {
            unknown.insert(id);
            new.push((id, seed));
        }
    }
    Ok(new)
}

fn ids(session: &mut WriteSession<'_>, table: Table, count: usize) -> QueryResult<Vec<i32>> {
    if count == 0 { Ok(Vec::new()) } else { session.read(rows::<i32, _>(new_ids(table.name, count))) }
}

/// The links between terms and categories that are missing.
fn links(terms: &[SeedTerm], known: &mut Known, by: &Principal) -> Result<Vec<NewLink>, SeedError> {
    let mut links = Vec::new();
    for seed in terms {
        let Some(term_id) = known.terms.get(&seed.term).copied() else { continue };
        for name in &seed.categories {
            let unknown = || SeedError::Data(format!("term '{}' is in unknown category '{name}'", seed.term));
            let category_id = *known.categories.get(name).ok_or_else(unknown)?;
            if known.links.insert((term_id, category_id)) {
                links.push(NewLink::of(term_id, category_id, by));
            }
        }
    }
    Ok(links)
}

/// The parameters that are missing.
fn new_parameters(
    session: &mut WriteSession<'_>,
    seeds: Vec<SeedParameter>,
    known: &HashSet<(String, String)>,
) -> QueryResult<Vec<NewParameter>> {
    let is_missing = |seed: &SeedParameter| !known.contains(&(seed.parameter_name.clone(), seed.matrix.clone()));
    let missing: Vec<SeedParameter> = seeds.into_iter().filter(is_missing).collect();
    let ids = ids(session, PARAMETER, missing.len())?;
    let row = |(id, seed): (i32, SeedParameter)| NewParameter {
        id,
        // Words, like the vocabulary. While a parameter is hidden, so are its observations.
        release_status: PUBLIC.to_owned(),
        release_at: None,
        created_by_id: None,
        created_by_name: None,
        parameter_name: seed.parameter_name,
        matrix: seed.matrix,
        parameter_type: seed.parameter_type,
        cas_number: seed.cas_number,
        default_unit: seed.default_unit,
    };
    Ok(ids.into_iter().zip(missing).map(row).collect())
}
