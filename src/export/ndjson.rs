//! JSON, an item a line.

use serde::Serialize;

/// The bytes of a piece with these items. `item_bytes` is an item's usual size.
pub fn lines<T: Serialize>(items: &[T], item_bytes: usize) -> serde_json::Result<Vec<u8>> {
    let mut out = Vec::with_capacity(items.len() * item_bytes);
    for item in items {
        serde_json::to_writer(&mut out, item)?;
        out.push(b'\n');
    }
    Ok(out)
}
