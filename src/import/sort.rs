//! Putting any number of rows in order within bounded memory: sorted runs on the disk, then a merge.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Seek, Write};

/// A row of fixed size.
pub(in crate::import) trait Fixed: Copy + Ord {
    /// Writes always the same number of bytes.
    fn write(&self, out: &mut dyn Write) -> io::Result<()>;
    /// Reads them back.
    fn read(bytes: &mut dyn Read) -> io::Result<Self>;
}

/// Takes rows in any order.
pub(in crate::import) struct Sorter<T> {
    limit: usize,
    held: Vec<T>,
    runs: Vec<Run<T>>,
    count: u64,
}

impl<T: Fixed> Sorter<T> {
    /// Holds at most `limit` rows in memory.
    pub(in crate::import) fn new(limit: usize) -> Self {
        Self { limit: limit.max(1), held: Vec::new(), runs: Vec::new(), count: 0 }
    }

    /// Takes one row.
    pub(in crate::import) fn push(&mut self, row: T) -> io::Result<()> {
        if self.held.capacity() == 0 {
            // Once and for all: growing would copy, and hold both copies for a while.
            self.held.reserve_exact(self.limit);
        }
        if self.held.len() == self.limit {
            self.spill()?;
        }
        self.held.push(row);
        self.count += 1;
        Ok(())
    }

    fn spill(&mut self) -> io::Result<()> {
        self.held.sort_unstable();
        // Without a name: it is gone with the process, however that ends.
        let mut out = BufWriter::new(tempfile::tempfile()?);
        for row in &self.held {
            row.write(&mut out)?;
        }
        let mut file = out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.rewind()?;
        let mut run = Run { file: BufReader::new(file), left: self.held.len(), next: None };
        run.advance()?;
        self.runs.push(run);
        self.held.clear();
        Ok(())
    }

    /// The rows in ascending order.
    pub(in crate::import) fn finish(mut self) -> Sorted<T> {
        self.held.sort_unstable();
        Sorted { held: self.held.into_iter(), next: None, runs: self.runs, count: self.count }
    }
}

struct Run<T> {
    file: BufReader<File>,
    left: usize,
    next: Option<T>,
}

impl<T: Fixed> Run<T> {
    fn advance(&mut self) -> io::Result<()> {
        self.next = match self.left {
            0 => None,
            left => {
                self.left = left - 1;
                Some(T::read(&mut self.file)?)
            }
        };
        Ok(())
    }
}

/// Gives rows in ascending order.
pub(in crate::import) struct Sorted<T> {
    held: std::vec::IntoIter<T>,
    next: Option<T>,
    runs: Vec<Run<T>>,
    count: u64,
}

impl<T: Fixed> Sorted<T> {
    /// How many rows there were.
    pub(in crate::import) fn count(&self) -> u64 {
        self.count
    }

    /// The smallest row that is left.
    pub(in crate::import) fn next_row(&mut self) -> io::Result<Option<T>> {
        if self.next.is_none() {
            self.next = self.held.next();
        }
        // Runs are few: one for each bufferful.
        let least = self.runs.iter_mut().filter(|run| run.next.is_some()).min_by_key(|run| run.next);
        match least {
            Some(run) if self.next.is_none_or(|held| run.next.is_some_and(|other| other < held)) => {
                let row = run.next;
                run.advance()?;
                Ok(row)
            }
            _ => Ok(self.next.take()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Fixed for u32 {
        fn write(&self, out: &mut dyn Write) -> io::Result<()> {
            out.write_all(&self.to_le_bytes())
        }
        fn read(bytes: &mut dyn Read) -> io::Result<Self> {
            let mut buffer = [0; 4];
            bytes.read_exact(&mut buffer)?;
            Ok(Self::from_le_bytes(buffer))
        }
    }

    #[test]
    fn the_order_does_not_depend_on_the_buffer() {
        let rows: Vec<u32> = (0..1000_u32).map(|at| at.wrapping_mul(2_654_435_761) % 500).collect();
        let mut expected = rows.clone();
        expected.sort_unstable();
        for limit in [37, 333, 1000, 5000] {
            let mut sorter = Sorter::new(limit);
            rows.iter().try_for_each(|row| sorter.push(*row)).unwrap();
            let mut rows = sorter.finish();
            assert_eq!(rows.count(), 1000);
            let mut found = Vec::new();
            while let Some(row) = rows.next_row().unwrap() {
                found.push(row);
            }
            assert_eq!(found, expected, "{limit}");
        }
    }
}
