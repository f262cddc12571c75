//! Rows of a result as a person reads them on a terminal: in aligned columns, cut to its width, with colours.
//!
//! A program that reads the output through a pipe gets other forms, which the commands write themselves.

use super::look::{Ink, Look};
use super::out::{Out, Stop};
use crate::text::width;

/// How a column uses the width of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Room {
    /// As wide as its widest cell, aligned on the right.
    Number,
    /// As wide as its widest cell, but at most so many cells.
    AtMost(usize),
    /// What the other columns leave. One column has this.
    Rest,
    /// As `AtMost`, on a terminal with at least 100 columns; it is left out on others.
    IfWide(usize),
}

#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub ink: Ink,
    pub room: Room,
}

pub const fn column(ink: Ink, room: Room) -> Column {
    Column { ink, room }
}

/// The number of rows that are looked at before the widths of the columns are decided, so that a long list begins
/// to appear at once.
const LOOKED_AT: usize = 1000;

/// The blanks between two columns.
const GAP: usize = 2;

/// A column is not made narrower than this to make room for the others.
const NARROWEST: usize = 6;

/// From this many columns of the terminal on, columns with `Room::IfWide` are shown.
const WIDE: usize = 100;

/// Rows on their way to the terminal.
pub struct Table<'a> {
    out: &'a mut Out,
    columns: &'static [Column],
    held: Vec<Vec<String>>,
    widths: Option<Vec<usize>>,
}

impl<'a> Table<'a> {
    pub fn new(out: &'a mut Out, columns: &'static [Column]) -> Table<'a> {
        Table { out, columns, held: Vec::new(), widths: None }
    }

    /// Adds a row with one cell for each column.
    pub fn row(&mut self, cells: Vec<String>) -> Result<(), Stop> {
        let cells: Vec<String> = cells.iter().map(|cell| cell.replace(['\n', '\t'], " ")).collect();
        match &self.widths {
            Some(widths) => self.out.painted(&line(&cells, self.columns, widths, self.out.look())),
            None => {
                self.held.push(cells);
                if self.held.len() >= LOOKED_AT { self.release() } else { Ok(()) }
            }
        }
    }

    /// Writes the rows that are held back.
    pub fn finish(mut self) -> Result<(), Stop> {
        if self.widths.is_none() { self.release() } else { Ok(()) }
    }

    fn release(&mut self) -> Result<(), Stop> {
        let widths = widths(&self.held, self.columns, self.out.look().width);
        for cells in std::mem::take(&mut self.held) {
            self.out.painted(&line(&cells, self.columns, &widths, self.out.look()))?;
        }
        self.widths = Some(widths);
        Ok(())
    }
}

/// The width of each column in cells; 0 for one that is left out.
fn widths(rows: &[Vec<String>], columns: &[Column], room: usize) -> Vec<usize> {
    let widest = |at: usize| {
        rows.iter().filter_map(|row| row.get(at)).map(|cell| width::cells(cell)).max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = columns
        .iter()
        .enumerate()
        .map(|(at, column)| match column.room {
            Room::Number | Room::Rest => widest(at),
            Room::AtMost(most) => widest(at).min(most),
            Room::IfWide(most) if room >= WIDE => widest(at).min(most),
            Room::IfWide(_) => 0,
        })
        .collect();
    let used = |widths: &[usize]| {
        let shown = widths.iter().filter(|width| **width > 0).count();
        widths.iter().sum::<usize>() + GAP * shown.saturating_sub(1)
    };
    let excess = used(&widths).saturating_sub(room);
    if let Some(rest) = columns.iter().position(|column| column.room == Room::Rest)
        && let Some(rest) = widths.get_mut(rest)
    {
        *rest = rest.saturating_sub(excess).max((*rest).min(3 * NARROWEST));
    }
    // On a narrow terminal the widest of the other columns give way.
    while used(&widths) > room {
        let wide = columns.iter().zip(widths.iter_mut()).filter(|(column, _)| column.room != Room::Number);
        match wide.map(|(_, width)| width).max_by_key(|width| **width).filter(|width| **width > NARROWEST) {
            Some(width) => *width -= 1,
            None => break,
        }
    }
    widths
}

/// One line: the cells of a row, each cut and padded to its column.
fn line(cells: &[String], columns: &[Column], widths: &[usize], look: Look) -> String {
    let shown: Vec<(&String, &Column, usize)> = cells
        .iter()
        .zip(columns)
        .zip(widths)
        .filter(|(_, width)| **width > 0)
        .map(|((cell, column), width)| (cell, column, *width))
        .collect();
    let mut line = String::new();
    let mut left = look.width;
    for (at, (cell, column, width)) in shown.iter().enumerate() {
        if at > 0 {
            line.push_str(&" ".repeat(GAP.min(left)));
            left = left.saturating_sub(GAP);
        }
        let room = (*width).min(left);
        let cut = width::clip(cell, room, look.ellipsis);
        let cell = match column.room {
            Room::Number => format!("{}{cut}", " ".repeat(room.saturating_sub(width::cells(&cut)))),
            _ if at + 1 == shown.len() => cut.into_owned(),
            _ => width::fit(cell, room, look.ellipsis),
        };
        line.push_str(&look.paint(column.ink, &cell));
        left -= room;
    }
    line
}

#[cfg(test)]
mod tests {
    use super::super::look::Colours;
    use super::*;

    const COLUMNS: &[Column] = &[
        column(Ink::Number, Room::Number),
        column(Ink::Name, Room::AtMost(10)),
        column(Ink::Plain, Room::Rest),
        column(Ink::Faint, Room::IfWide(8)),
    ];

    fn check(width: usize, colours: Colours, rows: &[[&str; 4]], expected: &[&str]) {
        let rows: Vec<Vec<String>> =
            rows.iter().map(|row| row.iter().map(|cell| (*cell).to_owned()).collect()).collect();
        let look = Look { width, colours, ellipsis: "…" };
        let widths = widths(&rows, COLUMNS, width);
        let lines: Vec<String> = rows.iter().map(|row| line(row, COLUMNS, &widths, look)).collect();
        assert_eq!(lines, expected);
        if colours == Colours::No {
            assert!(lines.iter().all(|line| width::cells(line) <= width), "{lines:?}");
        }
    }

    #[test]
    fn columns_are_aligned_and_cut_to_the_width() {
        let rows = [["7", "Wire", "Gas", "a"], ["12", "North Western", "Talks on grain go on and on", "b"]];
        check(40, Colours::No, &rows, &[" 7  Wire        Gas", "12  North Wes…  Talks on grain go on an…"]);
        check(
            100,
            Colours::No,
            &rows,
            &[
                " 7  Wire        Gas                          a",
                "12  North Wes…  Talks on grain go on and on  b",
            ],
        );
        check(24, Colours::No, &rows, &[" 7  Wire       Gas", "12  North We…  Talks on…"]);
    }

    #[test]
    fn clusters_are_whole() {
        let rows = [["1", "日本語新聞社", "🇳🇴🇩🇰🇸🇪 e\u{301}e\u{301}e\u{301}", ""]];
        check(26, Colours::No, &rows, &["1  日本語新…   🇳🇴🇩🇰🇸🇪 e\u{301}e\u{301}e\u{301}"]);
    }

    #[test]
    fn colours_add_no_width() {
        let rows = [["7", "Wire", "Gas", ""]];
        // The text itself brings no control codes to the terminal.
        let hostile = [["7", "W\u{1b}[31mire", "Gas", ""]];
        check(60, Colours::Yes, &hostile, &["\u{1b}[33m7\u{1b}[m  \u{1b}[36mW\u{fffd}[31mire\u{1b}[m  Gas"]);
        check(40, Colours::Yes, &rows, &["\u{1b}[33m7\u{1b}[m  \u{1b}[36mWire\u{1b}[m  Gas"]);
    }
}
