//! Chooses the newest items of a feed that has too many.
//!
//! In come the dates of the items, in the order of the feed. Out come the places of those to keep. Most feeds list
//! their newest items first, so an item without a date counts as being as new as the dated one before it, and of items
//! with the same date the first is the newest. The memory is in proportion to the number of items to keep.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The choice so far.
#[derive(Debug)]
pub(super) struct Newest {
    most: usize,
    /// The oldest of those that are kept is at the top.
    kept: BinaryHeap<Reverse<(i64, Reverse<u64>)>>,
    /// The date of the last dated item.
    before: i64,
    /// How many items there were.
    count: u64,
}

/// What becomes of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Choice {
    Kept,
    /// It is kept, and the item at this place, which was kept until now, is not.
    KeptFor(u64),
    LeftOut,
}

impl Newest {
    /// Keeps at most `most` items.
    pub(super) fn new(most: usize) -> Newest {
        Newest { most, kept: BinaryHeap::new(), before: i64::MAX, count: 0 }
    }

    /// Takes the next item, with its date in seconds if it has one. O(log n) in the number of items that are kept.
    pub(super) fn take(&mut self, date: Option<i64>) -> Choice {
        let date = date.unwrap_or(self.before);
        self.before = date;
        let item = Reverse((date, Reverse(self.count)));
        self.count += 1;
        if self.kept.len() < self.most {
            self.kept.push(item);
            return Choice::Kept;
        }
        let Some(mut oldest) = self.kept.peek_mut() else { return Choice::LeftOut };
        // In the reversed order the smaller of two is the newer.
        if item >= *oldest {
            return Choice::LeftOut;
        }
        let Reverse((_, Reverse(place))) = std::mem::replace(&mut *oldest, item);
        Choice::KeptFor(place)
    }

    /// How many of the items are not kept.
    pub(super) fn left_out(&self) -> u64 {
        self.count - self.kept.len() as u64
    }

    /// The places of those that are kept, in order.
    pub(super) fn places(&self) -> Vec<u64> {
        let mut places: Vec<u64> = self.kept.iter().map(|Reverse((_, Reverse(place)))| *place).collect();
        places.sort_unstable();
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(most: usize, dates: &[Option<i64>], places: &[u64]) {
        let mut newest = Newest::new(most);
        dates.iter().for_each(|date| {
            newest.take(*date);
        });
        assert_eq!(newest.places(), places, "{most} of {dates:?}");
        assert_eq!(newest.left_out(), (dates.len() - places.len()) as u64);
    }

    #[test]
    fn the_newest_are_kept() {
        check(2, &[None, None, None], &[0, 1]);
        check(2, &[Some(3), Some(2), Some(1)], &[0, 1]);
        check(2, &[Some(1), Some(2), Some(3)], &[1, 2]);
        check(2, &[Some(5), Some(5), Some(5)], &[0, 1]);
        // An item without a date is as new as the one before it.
        check(3, &[Some(9), None, Some(1), Some(5), None], &[0, 1, 3]);
        check(0, &[Some(9)], &[]);
        check(5, &[], &[]);
    }

    proptest! {
        #[test]
        fn whatever_is_kept_is_as_new_as_what_is_not(
            most in 0usize..20,
            dates in proptest::collection::vec(0i64..50, 0..100),
        ) {
            let mut newest = Newest::new(most);
            let mut kept = std::collections::BTreeSet::new();
            for (place, date) in dates.iter().enumerate() {
                match newest.take(Some(*date)) {
                    Choice::Kept => prop_assert!(kept.insert(place as u64)),
                    Choice::KeptFor(other) => {
                        prop_assert!(kept.insert(place as u64));
                        prop_assert!(kept.remove(&other));
                    }
                    Choice::LeftOut => {}
                }
            }
            let places = newest.places();
            prop_assert_eq!(kept.into_iter().collect::<Vec<_>>(), places.clone());
            prop_assert_eq!(places.len(), most.min(dates.len()));
            let oldest = places.iter().filter_map(|place| dates.get(*place as usize)).min();
            for (place, date) in dates.iter().enumerate() {
                prop_assert!(places.contains(&(place as u64)) || oldest.is_none_or(|oldest| date <= oldest));
            }
        }
    }
}
