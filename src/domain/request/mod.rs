//! What requests are made of: bodies read field by field, filters, pages, searches, and what is wrong with them.

pub mod bodies;
pub mod cursor;
pub mod fields;
pub mod filter;
pub mod form;
pub mod id;
pub mod list;
pub mod network;
pub mod paging;
pub mod problem;
pub mod release;
pub mod search;
pub mod target;
