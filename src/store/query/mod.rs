//! Machinery of queries that knows no resource: lists, pages, sub-queries, the vocabulary, errors.

pub mod check;
pub mod constraint;
pub mod error;
pub mod find;
pub mod keyset;
pub mod linked;
pub mod listing;
pub mod number;
pub mod stored;
pub mod subquery;
pub mod visibility;
pub mod vocabulary;
pub mod written;
