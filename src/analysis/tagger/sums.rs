//! What words add to the hidden units, kept: most words of an article have stood in one before.
//!
//! In: a word and a place of the window. Out: the row of sums, which the caller fills where it is new. A cache of
//! two ways: of two words that meet in one set the one asked for longer ago gives way to a third. Memory is taken row
//! by row as words come. What is kept never changes what is found.

use wide::i16x8;

/// Words that are kept, two to a set.
const WORDS: usize = 8192;
const SETS: usize = WORDS / 2;
/// No word of the model, and no composed one.
pub const NONE: u32 = u32::MAX;

/// One word of the cache.
#[derive(Clone, Copy)]
struct Slot {
    word: u32,
    /// Where its rows begin; `u32::MAX` before it has any.
    at: u32,
    /// A bit for each place of the window whose row is filled.
    filled: u16,
}

/// The kept sums.
pub struct Sums {
    sets: Vec<[Slot; 2]>,
    /// Which of the two was asked for last.
    last: Vec<u8>,
    rows: Vec<i16x8>,
    window: usize,
    units: usize,
}

impl Sums {
    /// For rows of `units` eights, one for each place of the `window` (at most 15).
    pub fn new(window: usize, units: usize) -> Sums {
        let empty = Slot { word: NONE, at: u32::MAX, filled: 0 };
        Sums {
            sets: vec![[empty; 2]; SETS],
            last: vec![0; SETS],
            rows: Vec::with_capacity(WORDS * window * units),
            window,
            units,
        }
    }

    /// The row of `word`, which is not [`NONE`], at `place`; filled by `fill` where it is not kept.
    pub fn get(&mut self, word: u32, place: usize, fill: impl FnOnce(&mut [i16x8])) -> &[i16x8] {
        let set = word as usize % SETS;
        let slots = &mut self.sets[set];
        let way = if slots[0].word == word {
            0
        } else if slots[1].word == word {
            1
        } else {
            let way = usize::from(1 - self.last[set]);
            (slots[way].word, slots[way].filled) = (word, 0);
            way
        };
        self.last[set] = way as u8;
        let slot = &mut slots[way];
        if slot.at == u32::MAX {
            slot.at = self.rows.len() as u32;
            self.rows.resize(self.rows.len() + self.window * self.units, i16x8::ZERO);
        }
        let row = &mut self.rows[slot.at as usize + place * self.units..][..self.units];
        if slot.filled & 1 << place == 0 {
            slot.filled |= 1 << place;
            fill(row);
        }
        row
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first number of the row of `word`, which is filled with `new` where it is not kept.
    fn first(sums: &mut Sums, word: u32, place: usize, new: i16) -> i16 {
        sums.get(word, place, |row| row.fill(i16x8::splat(new)))
            .first()
            .map_or(0, |eight| eight.to_array()[0])
    }

    #[test]
    fn what_is_kept_is_not_filled_again() {
        let mut sums = Sums::new(7, 2);
        assert_eq!(first(&mut sums, 5, 3, 1), 1);
        assert_eq!(first(&mut sums, 5, 3, 2), 1);
        assert_eq!(first(&mut sums, 5, 4, 3), 3);
    }

    #[test]
    fn the_word_asked_for_longer_ago_gives_way() {
        let mut sums = Sums::new(7, 2);
        let [a, b, c] = [9, 9 + SETS as u32, 9 + 2 * SETS as u32];
        first(&mut sums, a, 0, 1);
        first(&mut sums, b, 0, 2);
        first(&mut sums, a, 0, 0);
        first(&mut sums, c, 0, 3);
        assert_eq!(first(&mut sums, a, 0, 7), 1);
        assert_eq!(first(&mut sums, b, 0, 8), 8);
    }
}
