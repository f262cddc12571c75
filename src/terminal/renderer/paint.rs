//! Turns one grid into another, row by row, with as few bytes as the cursor's moves allow.

use super::grid::{Glyph, Grid, Look, Symbol};
use super::pen;
use crate::text::width;
use std::io::Write as _;

/// Where the terminal's cursor stands and what it writes with, as far as that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Column and row, from 0. Unknown after a cluster on whose width terminals disagree. Behind the last
    /// column the wrap is pending: from there a carriage return or an absolute move lead on, nothing else.
    pub at: Option<(usize, usize)>,
    /// Unknown at the start and after the terminal was somebody else's.
    pub look: Option<Look>,
    /// The rows that scroll, top and the one behind the bottom; `None` for all. It is left set from one
    /// scroll to the next: a text that is read line by line needs no more than a line feed then.
    pub region: Option<(usize, usize)>,
}

impl Cursor {
    /// Nothing is known; the next frame begins by setting all of it.
    pub const UNKNOWN: Cursor = Cursor { at: None, look: None, region: None };

    /// Whether both rows lie within the region, above it, or below it: no move between them runs into a
    /// margin, at which line feeds scroll and relative moves stop.
    fn same_side(&self, a: usize, b: usize) -> bool {
        let side = |y: usize| {
            self.region.map_or(0, |(top, bottom)| usize::from(y >= top) + usize::from(y >= bottom))
        };
        side(a) == side(b)
    }
}

/// Appends escape sequences and text to `out` and keeps account of the cursor.
pub struct Painter<'a> {
    pub cursor: Cursor,
    pub out: &'a mut Vec<u8>,
    width: usize,
    /// The addresses of links, by their number less one.
    links: &'a [String],
}

impl<'a> Painter<'a> {
    pub fn new(cursor: Cursor, width: usize, links: &'a [String], out: &'a mut Vec<u8>) -> Painter<'a> {
        Painter { cursor, out, width, links }
    }

    /// Makes the terminal show `next` where it shows `shown`. Both grids have one size. Row `first` is painted
    /// before the others: where the cursor stands in it, the way there is saved.
    pub fn paint(&mut self, shown: &Grid, next: &Grid, first: usize) {
        for y in std::iter::once(first).chain((0..next.height()).filter(|y| *y != first)) {
            if y < next.height() && shown.row(y) != next.row(y) {
                self.row(y, shown.row(y), next.row(y));
            }
        }
    }

    fn row(&mut self, y: usize, shown: &[Glyph], next: &[Glyph]) {
        let tail = blank_tail(next);
        let end = changed_end(shown, next);
        // Erasing to the end of the line costs 3 bytes; blanks cost one each.
        let erase = end > tail + 3;
        let stop = if erase { tail } else { end };
        let mut x = 0;
        // Cells into which a terminal may have spilled a cluster that it takes for wider than we do.
        let mut spilled = 0;
        while x < stop.max(spilled) {
            if x >= spilled && shown[x] == next[x] {
                x += 1;
                continue;
            }
            // A changed right half is drawn by its left half.
            if next[x].symbol == Symbol::Trail && x > 0 {
                x -= 1;
            }
            self.reach(x, y, next);
            spilled = spilled.max(x + spill(&next[x]));
            x = self.write(x, next, shown, stop.max(spilled));
        }
        if erase {
            self.reach(tail, y, next);
            if !self.cursor.look.is_some_and(Look::is_invisible_on_blank) {
                self.look(Look::PLAIN);
            }
            self.out.extend_from_slice(b"\x1b[K");
        }
    }

    /// Writes glyphs from column `x` until one does not differ; returns the column reached.
    fn write(&mut self, mut x: usize, next: &[Glyph], shown: &[Glyph], stop: usize) -> usize {
        let start = x;
        while x < stop && (x == start || (next[x] != shown[x] && spill(&next[x]) == 0)) {
            let wide = if next.get(x + 1).is_some_and(|glyph| glyph.symbol == Symbol::Trail) { 2 } else { 1 };
            self.glyph(&next[x], wide);
            x += wide;
            if self.cursor.at.is_none() {
                break;
            }
        }
        x
    }

    fn glyph(&mut self, glyph: &Glyph, wide: usize) {
        let unseen = glyph.is_blank() && self.cursor.look.is_some_and(Look::is_invisible_on_blank);
        if !unseen {
            self.look(glyph.look);
        }
        let mut risky = false;
        match &glyph.symbol {
            Symbol::Char(c) => {
                let mut buffer = [0; 4];
                self.out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
                // Emoji and other symbols of late Unicode are as wide as the terminal's tables are new.
                risky = *c >= '\u{1F000}'
                    || (wide == 1 && *c >= '\u{0300}' && width::cluster_cells(&c.to_string()) == 0);
            }
            Symbol::Cluster(cluster) => {
                if width::is_risky(cluster) {
                    // A terminal that takes it for narrower leaves what stood there.
                    self.out.extend(std::iter::repeat_n(b' ', wide));
                    self.out.extend(std::iter::repeat_n(8, wide));
                }
                self.out.extend_from_slice(cluster.as_bytes());
                risky = true;
            }
            // Only reached where a grid breaks its invariant: a blank keeps the columns right.
            Symbol::Trail => self.out.push(b' '),
        }
        let lost = |(x, y): (usize, usize)| (!risky).then_some(((x + wide).min(self.width), y));
        self.cursor.at = self.cursor.at.and_then(lost);
    }

    /// Turns the pen to `look`.
    pub fn look(&mut self, look: Look) {
        if self.cursor.look.map_or(0, |look| look.link) != look.link {
            let address = usize::from(look.link).checked_sub(1).and_then(|at| self.links.get(at));
            // Pieces of one link share an id, so that they light up together.
            let open = match address {
                Some(address) => format!("\x1b]8;id={};{address}\x1b\\", look.link),
                None => "\x1b]8;;\x1b\\".to_owned(),
            };
            self.out.extend_from_slice(open.as_bytes());
        }
        pen::change(self.cursor.look, look, self.out);
        self.cursor.look = Some(look);
    }

    /// Moves the cursor to column `x` of row `y`, by the cheapest of: writing the glyphs between
    /// again, relative moves, a new line, an absolute move. `row` is what stands in row `y` when
    /// the cursor passes it.
    fn reach(&mut self, x: usize, y: usize, row: &[Glyph]) {
        // A link that goes on in the next row is wrapped by the terminal itself, so that it can be selected
        // as one.
        if x == 0
            && self
                .cursor
                .at
                .is_some_and(|(cx, cy)| cx == self.width && cy + 1 == y && self.cursor.same_side(cy, y))
            && row.first().is_some_and(|glyph| glyph.look.link > 0 && Some(glyph.look) == self.cursor.look)
        {
            self.cursor.at = Some((0, y));
            return;
        }
        if let Some((cx, cy)) = self.cursor.at
            && cy == y
            && cx < x
            && self.bridges(&row[cx..x])
        {
            for glyph in &row[cx..x] {
                self.glyph(glyph, 1);
            }
            return;
        }
        if let Some(way) = self.by_indent(x, y, row) {
            self.out.extend_from_slice(&way);
            self.cursor.at = Some((x, y));
            return;
        }
        self.go(x, y);
    }

    /// Moves to the start of this line or one just below and writes the blanks that stand before column
    /// `x`, where a short indent is all that stands there.
    fn by_indent(&self, x: usize, y: usize, row: &[Glyph]) -> Option<Vec<u8>> {
        let (cx, cy) = self.cursor.at.filter(|(_, cy)| self.cursor.same_side(*cy, y))?;
        let unseen = self.cursor.look.is_some_and(Look::is_invisible_on_blank);
        let blanks = row
            .get(..x)
            .filter(|indent| unseen && indent.len() <= 3 && indent.iter().all(Glyph::is_blank))?;
        let down = y.checked_sub(cy).filter(|down| *down <= 4 && (*down > 0 || cx > x + 3))?;
        let mut way = vec![b'\r'];
        way.extend(std::iter::repeat_n(b'\n', down));
        way.extend(std::iter::repeat_n(b' ', blanks.len()));
        Some(way)
    }

    /// Whether writing `gap` again is no longer than the move over it (4 bytes at the least).
    fn bridges(&self, gap: &[Glyph]) -> bool {
        gap.len() <= 4
            && gap.iter().all(|glyph| {
                let quiet = Some(glyph.look) == self.cursor.look
                    || (glyph.is_blank() && self.cursor.look.is_some_and(Look::is_invisible_on_blank));
                quiet && matches!(glyph.symbol, Symbol::Char(c) if c.is_ascii())
            })
    }

    /// Moves the cursor to row `y`, in whichever column.
    pub fn go_to_row(&mut self, y: usize) {
        if self.cursor.at.is_none_or(|(cx, cy)| cy != y || cx == self.width) {
            self.go(0, y);
        }
    }

    /// Moves the cursor to column `x` of row `y`, both from 0.
    pub fn go(&mut self, x: usize, y: usize) {
        if self.cursor.at == Some((x, y)) {
            return;
        }
        let mut best = Vec::with_capacity(10);
        let _ = match (x, y) {
            (0, 0) => write!(best, "\x1b[H"),
            (0, _) => write!(best, "\x1b[{}H", y + 1),
            _ => write!(best, "\x1b[{};{}H", y + 1, x + 1),
        };
        if let Some((cx, cy)) = self.cursor.at.filter(|(_, cy)| self.cursor.same_side(*cy, y)) {
            let straight = (cx < self.width).then(|| relative(cx, cy, x, y)).flatten();
            for way in [straight, by_return(cy, x, y)].into_iter().flatten() {
                if way.len() < best.len() {
                    best = way;
                }
            }
        }
        self.out.extend_from_slice(&best);
        self.cursor.at = Some((x, y));
    }
}

/// Moves from (`cx`, `cy`) straight along the row or the column; `None` for a move along both.
fn relative(cx: usize, cy: usize, x: usize, y: usize) -> Option<Vec<u8>> {
    let steps = |n: usize, letter: char| match n {
        1 => format!("\x1b[{letter}").into_bytes(),
        _ => format!("\x1b[{n}{letter}").into_bytes(),
    };
    match (x.cmp(&cx), y.cmp(&cy)) {
        (std::cmp::Ordering::Less, std::cmp::Ordering::Equal) if cx - x <= 3 => Some(vec![8; cx - x]),
        (std::cmp::Ordering::Less, std::cmp::Ordering::Equal) => Some(steps(cx - x, 'D')),
        (std::cmp::Ordering::Greater, std::cmp::Ordering::Equal) => Some(steps(x - cx, 'C')),
        (std::cmp::Ordering::Equal, std::cmp::Ordering::Less) => Some(steps(cy - y, 'A')),
        (std::cmp::Ordering::Equal, std::cmp::Ordering::Greater) => Some(steps(y - cy, 'B')),
        _ => None,
    }
}

/// Moves to the start of the line and from there down and right. The line feeds never scroll: row
/// `y` is on the screen.
fn by_return(cy: usize, x: usize, y: usize) -> Option<Vec<u8>> {
    let down = y.checked_sub(cy).filter(|down| *down <= 4)?;
    let mut way = vec![b'\r'];
    way.extend(std::iter::repeat_n(b'\n', down));
    match x {
        0 => {}
        1 => way.extend_from_slice(b"\x1b[C"),
        _ => way.extend_from_slice(format!("\x1b[{x}C").as_bytes()),
    }
    Some(way)
}

/// Up to which column, counted from the glyph's own, a terminal may write that draws every scalar of
/// the cluster for itself; 0 for what all terminals agree on.
fn spill(glyph: &Glyph) -> usize {
    match &glyph.symbol {
        Symbol::Cluster(cluster) if width::is_risky(cluster) => {
            cluster.chars().map(|c| if c < '\u{1F000}' { 1 } else { 2 }).sum()
        }
        _ => 0,
    }
}

/// The column from which on `row` is blank.
fn blank_tail(row: &[Glyph]) -> usize {
    row.len() - row.iter().rev().take_while(|glyph| glyph.is_blank()).count()
}

/// The column behind the last one that differs.
fn changed_end(shown: &[Glyph], next: &[Glyph]) -> usize {
    next.len() - shown.iter().zip(next).rev().take_while(|(old, new)| old == new).count()
}
