//! Finds rows that moved up or down together, so that the terminal can move them itself.

use super::grid::{Glyph, Grid};
use std::hash::{DefaultHasher, Hash, Hasher};

/// A move of the rows `top..bottom` up by `by` rows (down if it is negative).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scroll {
    pub top: usize,
    pub bottom: usize,
    pub by: isize,
}

/// How many of the promising moves are returned.
const TRIED: usize = 3;

/// The moves that would bring the most rows to their new position, best first. The caller must try them,
/// because only the number of bytes shows whether a move pays off.
pub fn candidates(shown: &Grid, next: &Grid) -> Vec<Scroll> {
    let hashes = |grid: &Grid| -> Vec<u64> { (0..grid.height()).map(|y| hash(grid.row(y))).collect() };
    let (old, new) = (hashes(shown), hashes(next));
    let blank = hash(&vec![Glyph::BLANK; next.width()]);
    let height = new.len();
    let mut found: Vec<(usize, Scroll)> = Vec::new();
    for shift in 1..height {
        for by in [shift.cast_signed(), -shift.cast_signed()] {
            // Row `y` of the new screen came from row `y + by` of the old one.
            let moved =
                |y: usize| y.checked_add_signed(by).filter(|from| *from < height && old[*from] == new[y]);
            let mut y = 0;
            while y < height {
                let start = y;
                while y < height && moved(y).is_some() {
                    y += 1;
                }
                // Rows that are blank or already in place gain nothing.
                let gain = (start..y).filter(|&row| new[row] != blank && old[row] != new[row]).count();
                if gain > 1 {
                    let (top, bottom) = if by > 0 { (start, y + shift) } else { (start - shift, y) };
                    found.push((gain, Scroll { top, bottom, by }));
                }
                y = y.max(start + 1);
            }
        }
    }
    found.sort_by_key(|(gain, scroll)| (std::cmp::Reverse(*gain), scroll.by.unsigned_abs()));
    found.into_iter().take(TRIED).map(|(_, scroll)| scroll).collect()
}

fn hash(row: &[Glyph]) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    hasher.finish()
}
