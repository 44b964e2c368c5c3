//! Which blocks must be extended or made so that every reading lies in one and none overlaps another.

use crate::domain::measure::time::UtcDateTime;

/// A block, or one to be made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) struct Span {
    /// `None`: to be made.
    pub(in crate::store) id: Option<i32>,
    /// Inclusive.
    pub(in crate::store) start: UtcDateTime,
    /// Inclusive.
    pub(in crate::store) end: UtcDateTime,
    /// True when the import may change it.
    pub(in crate::store) extendable: bool,
}

/// The changed and the new spans that cover `times` (ascending), given those that are there (by ascending start).
pub(in crate::store) fn cover(there: &[Span], times: &[UtcDateTime]) -> Vec<Span> {
    let mut changed: Vec<Span> = Vec::new();
    let mut last_gap = None;
    for time in times {
        // The gap between two spans in which the time lies, by the number of spans before it.
        let gap = there.partition_point(|span| span.start <= *time);
        let (before, after) = there.split_at(gap);
        if before.iter().any(|span| span.end >= *time) {
            continue;
        }
        if last_gap == Some(gap)
            && let Some(span) = changed.last_mut()
        {
            // Within one gap only the left neighbour or a new span can be at its end already.
            span.end = span.end.max(*time);
            continue;
        }
        last_gap = Some(gap);
        let left = before.last().filter(|span| span.extendable);
        let right = after.first().filter(|span| span.extendable);
        let span = match (left, right) {
            // A span that was extended to the left in the gap before grows on both sides.
            (Some(left), _) => match changed.iter().position(|span| span.id == left.id) {
                Some(at) => {
                    let span = changed.remove(at);
                    Span { end: *time, ..span }
                }
                None => Span { end: *time, ..*left },
            },
            (None, Some(right)) => Span { start: *time, ..*right },
            (None, None) => Span { id: None, start: *time, end: *time, extendable: true },
        };
        changed.push(span);
    }
    changed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(day: u32) -> UtcDateTime {
        UtcDateTime::midnight(chrono::NaiveDate::from_ymd_opt(2020, 1, day).unwrap())
    }

    fn span(id: i32, start: u32, end: u32, extendable: bool) -> Span {
        Span { id: Some(id), start: day(start), end: day(end), extendable }
    }

    fn days(days: &[u32]) -> Vec<UtcDateTime> {
        days.iter().map(|at| day(*at)).collect()
    }

    fn covered(there: &[Span], times: &[u32]) -> Vec<(Option<i32>, UtcDateTime, UtcDateTime)> {
        cover(there, &days(times)).into_iter().map(|span| (span.id, span.start, span.end)).collect()
    }

    #[test]
    fn a_first_series_is_one_block() {
        assert_eq!(covered(&[], &[3, 4, 9]), [(None, day(3), day(9))]);
        assert_eq!(covered(&[], &[]), []);
        assert_eq!(covered(&[span(1, 1, 9, false)], &[1, 5, 9]), []);
    }

    #[test]
    fn own_blocks_grow_both_ways() {
        assert_eq!(covered(&[span(1, 5, 6, true)], &[7, 9]), [(Some(1), day(5), day(9))]);
        assert_eq!(covered(&[span(1, 5, 6, true)], &[2, 3]), [(Some(1), day(2), day(6))]);
        assert_eq!(covered(&[span(1, 5, 6, true)], &[2, 5, 6, 7]), [(Some(1), day(2), day(7))]);
    }

    #[test]
    fn the_blocks_of_others_are_left_alone() {
        let there = [span(1, 5, 6, false), span(2, 10, 11, true)];
        assert_eq!(covered(&there, &[3, 4, 5, 7, 8]), [(None, day(3), day(4)), (Some(2), day(7), day(11))]);
        assert_eq!(covered(&[span(1, 5, 6, false)], &[4, 6, 7, 9]), [(None, day(4), day(4)), (None, day(7), day(9))]);
    }
}
