//! Turns one grid into another, row by row, with as few bytes as the moves of the cursor allow.

use super::grid::{Glyph, Grid, Look, Symbol};
use super::pen;
use crate::text::width;
use std::io::Write as _;

/// The position of the terminal's cursor and the state of its pen, as far as they are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Column and row, from 0. Not known after a cluster on whose width terminals disagree. After the last
    /// column, a wrap is pending: only a carriage return or an absolute move is safe there.
    pub at: Option<(usize, usize)>,
    /// Not known at the start, and after another program has used the terminal.
    pub look: Option<Look>,
    /// The rows that scroll, as the top one and the one after the bottom; `None` for all rows. The region
    /// stays set between scrolls, so that reading on by one line needs no more than a line feed.
    pub region: Option<(usize, usize)>,
}

impl Cursor {
    /// Nothing is known, so the next frame sets everything.
    pub const UNKNOWN: Cursor = Cursor { at: None, look: None, region: None };

    /// Whether both rows are within the region, above it, or below it. A move between two such rows does not
    /// meet a margin, at which line feeds scroll and relative moves stop.
    fn same_side(&self, a: usize, b: usize) -> bool {
        let side = |y: usize| {
            self.region.map_or(0, |(top, bottom)| usize::from(y >= top) + usize::from(y >= bottom))
        };
        side(a) == side(b)
    }
}

/// Appends escape sequences and text to `out` and keeps track of the cursor.
pub struct Painter<'a> {
    pub cursor: Cursor,
    pub out: &'a mut Vec<u8>,
    width: usize,
    /// The addresses of the links; link number `n` is at index `n - 1`.
    links: &'a [String],
}

impl<'a> Painter<'a> {
    pub fn new(cursor: Cursor, width: usize, links: &'a [String], out: &'a mut Vec<u8>) -> Painter<'a> {
        Painter { cursor, out, width, links }
    }

    /// Makes the terminal show `next` instead of `shown`. Both grids must have the same size. Row `first` is
    /// painted before the others, which saves a move if the cursor is in it.
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
        // Erasing to the end of the line costs 3 bytes, and writing blanks costs one byte each.
        let erase = end > tail + 3;
        let stop = if erase { tail } else { end };
        let mut x = 0;
        // The column up to which a terminal may have drawn a cluster that it considers wider than we do.
        let mut spilled = 0;
        while x < stop.max(spilled) {
            if x >= spilled && shown[x] == next[x] {
                x += 1;
                continue;
            }
            // A changed right half is drawn together with its left half.
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

    /// Writes glyphs from column `x` until one does not differ; returns the first column not written.
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
                // Whether a terminal draws recent emoji and symbols as wide depends on the age of its tables.
                risky = *c >= '\u{1F000}'
                    || (wide == 1 && *c >= '\u{0300}' && width::cluster_cells(&c.to_string()) == 0);
            }
            Symbol::Cluster(cluster) => {
                if width::is_risky(cluster) {
                    // A terminal that considers the cluster narrower would leave the old contents beside it.
                    self.out.extend(std::iter::repeat_n(b' ', wide));
                    self.out.extend(std::iter::repeat_n(8, wide));
                }
                self.out.extend_from_slice(cluster.as_bytes());
                risky = true;
            }
            // Only reached if a grid breaks its invariant; a blank keeps the columns aligned.
            Symbol::Trail => self.out.push(b' '),
        }
        let lost = |(x, y): (usize, usize)| (!risky).then_some(((x + wide).min(self.width), y));
        self.cursor.at = self.cursor.at.and_then(lost);
    }

    /// Changes the pen to `look`.
    pub fn look(&mut self, look: Look) {
        if self.cursor.look.map_or(0, |look| look.link) != look.link {
            let address = usize::from(look.link).checked_sub(1).and_then(|at| self.links.get(at));
            // The pieces of one link share an id, so that the terminal highlights them together.
            let open = match address {
                Some(address) => format!("\x1b]8;id={};{address}\x1b\\", look.link),
                None => "\x1b]8;;\x1b\\".to_owned(),
            };
            self.out.extend_from_slice(open.as_bytes());
        }
        pen::change(self.cursor.look, look, self.out);
        self.cursor.look = Some(look);
    }

    /// Moves the cursor to column `x` of row `y` in the cheapest of these ways: writing the glyphs in between
    /// again, relative moves, a new line, an absolute move. `row` is the contents of row `y` at the time
    /// when the cursor passes it.
    fn reach(&mut self, x: usize, y: usize, row: &[Glyph]) {
        // If a link continues in the next row, the terminal wraps the line itself, so that the link can be
        // selected as a whole.
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

    /// Moves to the start of this line or one just below, and writes the blanks before column `x`. Returns
    /// `None` unless there are only a few blanks before that column.
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

    /// Whether writing `gap` again takes no more bytes than moving over it, which takes at least 4.
    fn bridges(&self, gap: &[Glyph]) -> bool {
        gap.len() <= 4
            && gap.iter().all(|glyph| {
                let quiet = Some(glyph.look) == self.cursor.look
                    || (glyph.is_blank() && self.cursor.look.is_some_and(Look::is_invisible_on_blank));
                quiet && matches!(glyph.symbol, Symbol::Char(c) if c.is_ascii())
            })
    }

    /// Moves the cursor to row `y`, in any column.
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

/// Moves from (`cx`, `cy`) straight along the row or the column; `None` if the move is neither.
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

/// Moves to the start of the line and from there down and to the right. The line feeds never scroll,
/// because row `y` is on the screen.
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

/// How many columns, counted from the glyph's own, a terminal may use if it draws every scalar of the
/// cluster separately; 0 for glyphs on which all terminals agree.
fn spill(glyph: &Glyph) -> usize {
    match &glyph.symbol {
        Symbol::Cluster(cluster) if width::is_risky(cluster) => {
            cluster.chars().map(|c| if c < '\u{1F000}' { 1 } else { 2 }).sum()
        }
        _ => 0,
    }
}

/// The first column from which `row` is blank to its end.
fn blank_tail(row: &[Glyph]) -> usize {
    row.len() - row.iter().rev().take_while(|glyph| glyph.is_blank()).count()
}

/// The column after the last one that differs.
fn changed_end(shown: &[Glyph], next: &[Glyph]) -> usize {
    next.len() - shown.iter().zip(next).rev().take_while(|(old, new)| old == new).count()
}
