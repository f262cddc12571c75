//! A screen as a grid of glyphs: what the terminal shows, or what it is to show.

use crate::text::width;
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// The modifiers that are visible on a blank cell.
const VISIBLE_ON_BLANK: Modifier =
    Modifier::REVERSED.union(Modifier::UNDERLINED).union(Modifier::CROSSED_OUT);

/// The colours and attributes of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Look {
    pub fg: Color,
    pub bg: Color,
    pub modifier: Modifier,
    /// The number of the cell's link in the table of the renderer, from 1; 0 if it belongs to none.
    pub link: u16,
}

impl Look {
    pub const PLAIN: Look = Look { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty(), link: 0 };

    /// Whether a blank in this look is indistinguishable from a plain one.
    pub fn is_invisible_on_blank(self) -> bool {
        self.link == 0 && self.bg == Color::Reset && !self.modifier.intersects(VISIBLE_ON_BLANK)
    }
}

/// The contents of one cell.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Symbol {
    Char(char),
    /// A grapheme cluster of several scalars.
    Cluster(Box<str>),
    /// The right half of the wide symbol in the cell before.
    Trail,
}

/// One cell. All blanks whose look is invisible are [`Glyph::BLANK`], so that screens that look the same
/// have equal grids.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Glyph {
    pub symbol: Symbol,
    pub look: Look,
}

impl Glyph {
    pub const BLANK: Glyph = Glyph { symbol: Symbol::Char(' '), look: Look::PLAIN };

    /// The glyph of a ratatui cell, and its width in cells. A control character, which must never reach the
    /// terminal, becomes U+FFFD.
    fn of(cell: &Cell, ascii: bool) -> (Glyph, usize) {
        let look = Look { fg: cell.fg, bg: cell.bg, modifier: cell.modifier, link: 0 };
        let text = cell.symbol();
        let mut chars = text.chars();
        let (symbol, wide) = match (chars.next(), chars.next()) {
            (None, _) => (Symbol::Char(' '), 1),
            (Some(c), None) if c.is_ascii() && !c.is_ascii_control() => (Symbol::Char(c), 1),
            _ if text.chars().any(is_forbidden) => (Symbol::Char(if ascii { '?' } else { '\u{FFFD}' }), 1),
            (Some(first), second) => {
                let wide = width::cluster_cells(text).max(1);
                match second {
                    Some(_) if ascii && is_flag(text) => (Symbol::Cluster(text.into()), wide),
                    _ if ascii => (Symbol::Char(super::ascii::nearest(first)), wide),
                    None => (Symbol::Char(first), wide),
                    Some(_) => (Symbol::Cluster(text.into()), wide),
                }
            }
        };
        let blank = symbol == Symbol::Char(' ') && look.is_invisible_on_blank();
        (if blank { Glyph::BLANK } else { Glyph { symbol, look } }, wide)
    }

    /// Reduces a risky cluster to its first scalar if it might run past the end of the row, `room` cells
    /// away, on a terminal that draws each scalar separately.
    fn tame_within(&mut self, room: usize) {
        if let Symbol::Cluster(cluster) = &self.symbol
            && width::is_risky(cluster)
            && 2 * cluster.chars().count() >= room
            && let Some(first) = cluster.chars().next()
        {
            self.symbol = Symbol::Char(first);
        }
    }

    /// The two letters of the country whose flag this is, where a flag cannot be shown (`wanted`): half a flag beside
    /// another one would be the flag of a third country.
    fn as_letters(&self, wanted: bool) -> Option<[Glyph; 2]> {
        let Symbol::Cluster(cluster) = &self.symbol else { return None };
        let mut letters = cluster.chars().map(|c| {
            let letter = u32::from(c).checked_sub(0x1F1E6).filter(|at| *at < 26)?;
            char::from_u32(u32::from('A') + letter)
        });
        let (Some(Some(first)), Some(Some(second)), None) = (letters.next(), letters.next(), letters.next())
        else {
            return None;
        };
        let letter = |c: char| Glyph { symbol: Symbol::Char(c), look: self.look };
        wanted.then(|| [letter(first), letter(second)])
    }

    pub fn is_blank(&self) -> bool {
        *self == Glyph::BLANK
    }
}

/// Whether a cluster is the flag of a country: two regional indicators.
fn is_flag(cluster: &str) -> bool {
    cluster.chars().count() == 2 && cluster.chars().all(|c| matches!(c, '\u{1F1E6}'..='\u{1F1FF}'))
}

/// The second line of defence after `text::clean`. A cell must not contain a line feed or a tab either.
fn is_forbidden(c: char) -> bool {
    c.is_control() || crate::text::harmless::is_forbidden(c)
}

/// `height` rows of `width` glyphs. Invariant: a [`Symbol::Trail`] is to the right of a symbol two cells wide,
/// and nowhere else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grid {
    width: usize,
    glyphs: Vec<Glyph>,
}

impl Grid {
    pub fn new(width: usize, height: usize) -> Grid {
        Grid { width: width.max(1), glyphs: vec![Glyph::BLANK; width.max(1) * height.max(1)] }
    }

    pub fn width(&self) -> usize {
        self.width
    }

    pub fn height(&self) -> usize {
        self.glyphs.len() / self.width
    }

    /// The glyphs of row `y`, from left to right.
    pub fn row(&self, y: usize) -> &[Glyph] {
        &self.glyphs[y * self.width..(y + 1) * self.width]
    }

    pub fn clear(&mut self) {
        self.glyphs.fill(Glyph::BLANK);
    }

    /// Puts a ratatui cell at column `x` of row `y`; does nothing outside the grid. A wide symbol that the
    /// cell cuts in half becomes blank, and so does a wide symbol in the last column.
    pub fn put(&mut self, x: usize, y: usize, cell: &Cell, ascii: bool) {
        if x >= self.width || y >= self.height() {
            return;
        }
        let (mut glyph, wide) = Glyph::of(cell, ascii);
        let letters = glyph.as_letters(ascii || self.width - x <= 4);
        glyph.tame_within(self.width - x);
        let at = y * self.width + x;
        if self.glyphs[at].symbol == Symbol::Trail {
            // ratatui writes a blank after a wide symbol, which here is the trail itself.
            if glyph.symbol == Symbol::Char(' ') {
                return;
            }
            self.glyphs[at - 1] = Glyph::BLANK;
        }
        let last = x + 1 == self.width;
        if let Some(letters) = letters.filter(|_| !last) {
            for (at, letter) in (at..).zip(letters) {
                self.cut_trail(at, at - y * self.width);
                self.glyphs[at] = letter;
            }
            return;
        }
        if wide == 1 {
            self.cut_trail(at, x);
            self.glyphs[at] = glyph;
        } else if matches!(glyph.symbol, Symbol::Char(c) if c.is_ascii()) {
            // Reduced to ASCII, the symbol is narrow: a second copy keeps the columns aligned.
            self.cut_trail(at, x);
            if !last {
                self.cut_trail(at + 1, x + 1);
                self.glyphs[at + 1] = glyph.clone();
            }
            self.glyphs[at] = glyph;
        } else if last {
            self.glyphs[at] = Glyph { symbol: Symbol::Char(' '), look: glyph.look };
        } else {
            self.cut_trail(at + 1, x + 1);
            let trail = Glyph { symbol: Symbol::Trail, look: glyph.look };
            self.glyphs[at] = glyph;
            self.glyphs[at + 1] = trail;
        }
    }

    /// Blanks the trail to the right of index `at` (column `x`), whose symbol is about to be overwritten.
    fn cut_trail(&mut self, at: usize, x: usize) {
        if x + 1 < self.width && self.glyphs[at + 1].symbol == Symbol::Trail {
            self.glyphs[at + 1] = Glyph::BLANK;
        }
    }

    /// Takes the cells of an area from `from`, which has the same size: `width` by `height` cells whose top left one is
    /// (`x`, `y`). A wide symbol that an edge of the area cuts in half becomes blank.
    pub fn keep(&mut self, from: &Grid, (x, y): (usize, usize), (width, height): (usize, usize)) {
        let end = (x + width).min(self.width);
        for row in y..(y + height).min(self.height()) {
            if x >= end {
                return;
            }
            let start = row * self.width;
            self.glyphs[start + x..start + end].clone_from_slice(&from.glyphs[start + x..start + end]);
            for edge in [x, end] {
                self.mend(start, edge);
            }
        }
    }

    /// Blanks both halves of a wide symbol where the cells before column `x` of the row at index `start` do not belong to
    /// those from there on.
    fn mend(&mut self, start: usize, x: usize) {
        let at = start + x;
        let is_wide = |glyph: &Glyph| match &glyph.symbol {
            Symbol::Char(c) => width::cluster_cells(c.encode_utf8(&mut [0; 4])) > 1,
            Symbol::Cluster(cluster) => width::cluster_cells(cluster) > 1,
            Symbol::Trail => false,
        };
        if x < self.width && self.glyphs[at].symbol == Symbol::Trail {
            self.glyphs[at] = Glyph::BLANK;
        }
        if x > 0 && is_wide(&self.glyphs[at - 1]) {
            self.glyphs[at - 1] = Glyph::BLANK;
        }
    }

    /// Makes `width` cells from column `x` of row `y` part of a link, as far as they are within the grid and
    /// not blank.
    pub fn link(&mut self, x: usize, y: usize, width: usize, link: u16) {
        let end = (x + width).min(self.width);
        if y < self.height() && x < end {
            let row = y * self.width;
            for glyph in &mut self.glyphs[row + x..row + end] {
                if !glyph.is_blank() {
                    glyph.look.link = link;
                }
            }
        }
    }

    /// Removes all links from the cells.
    pub fn unlink(&mut self) {
        for glyph in &mut self.glyphs {
            glyph.look.link = 0;
        }
    }

    /// Moves the rows `top..bottom` up by `by` (down if it is negative), as a scroll region does: rows that
    /// leave the region are lost, and new rows are blank.
    pub fn scroll(&mut self, top: usize, bottom: usize, by: isize) {
        let shift = by.unsigned_abs() * self.width;
        let region = &mut self.glyphs[top * self.width..bottom * self.width];
        let shift = shift.min(region.len());
        if by > 0 {
            region.rotate_left(shift);
            let kept = region.len() - shift;
            region[kept..].fill(Glyph::BLANK);
        } else {
            region.rotate_right(shift);
            region[..shift].fill(Glyph::BLANK);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Puts `text` into a row of `width` cells, and compares what the row holds.
    fn check(text: &str, width: usize, ascii: bool, expected: &str) {
        let mut grid = Grid::new(width, 1);
        let mut x = 0;
        for (_, cluster) in width::clusters(text) {
            let mut cell = Cell::default();
            cell.set_symbol(cluster);
            grid.put(x, 0, &cell, ascii);
            x += width::cluster_cells(cluster);
        }
        let shown = |glyph: &Glyph| match &glyph.symbol {
            Symbol::Char(c) => c.to_string(),
            Symbol::Cluster(cluster) => cluster.to_string(),
            Symbol::Trail => String::new(),
        };
        assert_eq!(grid.row(0).iter().map(shown).collect::<String>(), expected);
    }

    #[test]
    fn a_flag_is_whole_or_two_letters() {
        check("🇨🇦🇺🇸", 9, false, "🇨🇦🇺🇸     ");
        check("🇨🇦🇺🇸", 4, false, "CAUS");
        check("a🇺🇸", 3, false, "aUS");
        check("🇨🇦🇺🇸 x", 9, true, "CAUS x   ");
    }
}
