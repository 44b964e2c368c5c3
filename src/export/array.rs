//! A JSON array, in pieces.

use serde::Serialize;

/// What stands around the items of an array.
#[derive(Clone, Copy, Debug)]
pub struct Frame<'a> {
    /// Before the first item; only in the first piece.
    pub head: Option<&'a str>,
    /// After the last item; only in the last piece.
    pub tail: Option<&'a str>,
    /// Whether any item was written before.
    pub begun: bool,
    /// An item's usual size in bytes, so that a piece is written without growing its memory again and again.
    pub item_bytes: usize,
}

impl Frame<'_> {
    /// The bytes of a piece with these items.
    pub fn around<T: Serialize>(&self, items: &[T]) -> serde_json::Result<Vec<u8>> {
        let (head, tail) = (self.head.unwrap_or_default(), self.tail.unwrap_or_default());
        let mut out = Vec::with_capacity(items.len() * self.item_bytes + head.len() + tail.len());
        out.extend_from_slice(head.as_bytes());
        let mut comma = self.begun;
        for item in items {
            if comma {
                out.push(b',');
            }
            serde_json::to_writer(&mut out, item)?;
            comma = true;
        }
        out.extend_from_slice(tail.as_bytes());
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_one_array() -> serde_json::Result<()> {
        let pieces: [(&[i32], bool, bool); 5] = [
            (&[], true, false),
            (&[1, 2], false, false),
            (&[], false, false),
            (&[3], false, false),
            (&[], false, true),
        ];
        let (mut all, mut begun) = (Vec::new(), false);
        for (items, first, last) in pieces {
            let frame = Frame { head: first.then_some("["), tail: last.then_some("]"), begun, item_bytes: 1 };
            all.extend(frame.around(items)?);
            begun |= !items.is_empty();
        }
        assert_eq!(String::from_utf8_lossy(&all), "[1,2,3]");
        Ok(())
    }
}
