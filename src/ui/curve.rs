//! Bars and curves in cells of text: eighths of a cell where the terminal has them, plain characters elsewhere.

use crate::theme::Glyphs;

/// Eighths of a cell from the left.
const EIGHTHS: [char; 7] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉'];

/// Eighths of a cell from the bottom, the lowest first.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The same in plain characters, from little ink to much.
const PLAIN: [char; 7] = ['.', ':', '-', '=', '+', '*', '#'];

/// What the parts of a bar are filled with, so that they can be told apart without colours.
const FILLS: [&str; 4] = ["█", "▓", "▒", "░"];
const PLAIN_FILLS: [&str; 4] = ["#", "=", "+", "."];

/// What the part `at` of a bar is filled with.
pub fn fill(at: usize, glyphs: Glyphs) -> &'static str {
    let fills = if glyphs == Glyphs::Ascii { PLAIN_FILLS } else { FILLS };
    fills.get(at % fills.len()).copied().unwrap_or("#")
}

/// How many of `room` cells `count` of `most` takes: at least one where it is not 0.
pub fn cells_of(count: u64, most: u64, room: u16) -> u16 {
    let cells = (count.saturating_mul(room.into()) + most / 2) / most.max(1);
    let least = u64::from(count > 0 && room > 0);
    u16::try_from(cells.max(least)).unwrap_or(room).min(room)
}

/// A bar that takes all of `room` cells for `most`. Whatever is not 0 can be seen.
pub fn bar(count: u64, most: u64, room: u16, glyphs: Glyphs) -> String {
    if glyphs == Glyphs::Ascii {
        return "#".repeat(cells_of(count, most, room).into());
    }
    let eighths = cells_of(count, most, room.saturating_mul(8));
    let mut bar = "█".repeat((eighths / 8).into());
    bar.extend((eighths % 8).checked_sub(1).and_then(|rest| EIGHTHS.get(usize::from(rest))));
    bar
}

/// A curve in `cells` cells over counts, of which as many as are needed are taken together. Its highest point has the
/// most ink, and a cell without anything is blank.
pub fn curve(counts: &[u32], cells: u16, glyphs: Glyphs) -> String {
    let cells = usize::from(cells).max(1);
    let sums: Vec<u64> = (0..cells)
        .map(|cell| {
            let part = cell * counts.len() / cells
                ..((cell + 1) * counts.len() / cells).max(cell * counts.len() / cells + 1);
            counts
                .get(part.start..part.end.min(counts.len()))
                .into_iter()
                .flatten()
                .map(|count| u64::from(*count))
                .sum()
        })
        .collect();
    let most = sums.iter().copied().max().unwrap_or(0);
    let ramp: &[char] = if glyphs == Glyphs::Ascii { &PLAIN } else { &HEIGHTS };
    let ink = |sum: &u64| match sum {
        0 => ' ',
        sum => {
            ramp.get(((sum * ramp.len() as u64).div_ceil(most.max(1)) - 1) as usize).copied().unwrap_or(' ')
        }
    };
    sums.iter().map(ink).collect::<String>().trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_bar_has_eighths_of_a_cell() {
        let bar = |count, most, glyphs| super::bar(count, most, 4, glyphs);
        assert_eq!(bar(8, 8, Glyphs::Unicode), "████");
        assert_eq!(bar(5, 8, Glyphs::Unicode), "██▌");
        assert_eq!(bar(1, 1000, Glyphs::Unicode), "▏");
        assert_eq!(bar(0, 8, Glyphs::Unicode), "");
        assert_eq!(bar(5, 8, Glyphs::Ascii), "###");
        assert_eq!(bar(1, 1000, Glyphs::Ascii), "#");
    }

    #[test]
    fn a_curve_shows_where_there_is_much() {
        assert_eq!(curve(&[0, 1, 4, 8], 4, Glyphs::Unicode), " ▁▄█");
        assert_eq!(curve(&[0, 1, 4, 8], 2, Glyphs::Ascii), ".#");
        assert_eq!(curve(&[3, 0], 4, Glyphs::Unicode), "██");
        assert_eq!(curve(&[], 4, Glyphs::Unicode), "");
    }

    proptest! {
        #[test]
        fn nothing_is_wider_than_its_room(counts in proptest::collection::vec(any::<u32>(), 0..30), cells in 0u16..40) {
            for glyphs in [Glyphs::Unicode, Glyphs::Ascii] {
                prop_assert!(curve(&counts, cells, glyphs).chars().count() <= usize::from(cells).max(1));
                let most = counts.iter().copied().max().unwrap_or(0).into();
                for count in &counts {
                    prop_assert!(bar((*count).into(), most, cells, glyphs).chars().count() <= cells.into());
                }
            }
        }
    }
}
