//! A small example.
use crate::db::Connection;
use crate::store::StoreError;
/// Loads
pub fn load(_conn: &mut Connection) -> Result<usize, StoreError> {
    Ok(0)
}
