//! Draws the list pane: the articles, or the rows of another view.

use super::Scene;
use super::pen::Pen;
use super::title;
use crate::annotation::Field;
use crate::app::layout::{Area, Pane};
use crate::app::view::{Column, Tone, Width};
use crate::article::day_or_undated;
use crate::highlight::{Tag, Tags};
use crate::listing::{FacetKind, Row};
use crate::query::hit;
use crate::text::wrap;
use crate::theme::Part;

/// The cells of the marks before a row: pointer, unread, star and a blank.
const MARKS: u16 = 4;
/// The cells of a date such as `2022-01-03`.
const DATE: u16 = 10;
/// The width in cells from which rows show a date.
const DATED: u16 = 36;

impl Scene<'_> {
    /// Draws the pane; returns the column and row of the selected row.
    pub fn draw_list(self, area: Area, pen: &mut Pen<'_>) -> Option<(u16, u16)> {
        let view = self.app.view();
        self.draw_title(area, Pane::List, view.title(), "", pen);
        let body = self.draw_searches(area, pen);
        let selected = match view.is_articles() {
            true => self.draw_articles(body, pen),
            false => self.draw_view(body, pen),
        };
        if selected.is_none() {
            self.draw_empty(body, pen);
        }
        if let Some(at) = self.search_cursor(area) {
            return Some(at);
        }
        let row = u16::try_from(selected?).ok()?;
        Some((body.x, body.y + row))
    }

    fn draw_articles(self, body: Area, pen: &mut Pen<'_>) -> Option<usize> {
        let list = self.app.list();
        let live = self.app.search_is_live();
        let cursor = list.selected().map(|_| list.cursor());
        for ((place, row), y) in list.visible(body.rows()).iter().enumerate().zip(body.y..) {
            let line = Area { y, height: 1, ..body };
            self.draw_article(row, line, live, pen);
            self.draw_selection(head(line), cursor == Some(place), Pane::List, pen);
        }
        cursor
    }

    /// Draws the pointer and the style of the selected row.
    pub fn draw_selection(self, line: Area, selected: bool, pane: Pane, pen: &mut Pen<'_>) {
        if selected {
            let here =
                self.is_focused(pane) && (pane != Pane::List || self.app.searches().selected().is_none());
            let part = if here { Part::Selected } else { Part::SelectedElsewhere };
            pen.style(line, part);
            pen.put(line.x, line.y, 1, self.theme.glyphs.pointer(), part);
        }
    }

    fn draw_article(self, row: &Row, line: Area, live: bool, pen: &mut Pen<'_>) {
        let glyphs = self.theme.glyphs;
        let part = match row {
            Row { gone: true, .. } => Part::Dim,
            Row { read: true, .. } => Part::RowRead,
            _ => Part::RowUnread,
        };
        let end = line.x + line.width;
        if !row.read {
            pen.put(line.x + 1, line.y, 1, glyphs.unread(), part);
        }
        if row.starred {
            pen.put(line.x + 2, line.y, 1, glyphs.star(), Part::Star);
        }
        let mut x = line.x + MARKS;
        if line.width >= DATED {
            pen.put(x, line.y, DATE, &day_or_undated(row.key.date()), Part::Text);
            x += DATE + 1;
        }
        let source = source_width(line.width);
        if source > 0 {
            pen.put(x, line.y, source, &row.source, Part::Byline);
            x += source + 1;
        }
        let mut room = end.saturating_sub(x);
        if row.copies > 0 {
            let copies = format!(" +{}", row.copies);
            pen.put_right(x, line.y, room, &copies, Part::Count);
            room = room.saturating_sub(copies.len() as u16);
        }
        self.draw_row_title(row, part, (x, line.y, room), live, pen);
    }

    /// Draws the title, with the words of the search highlighted.
    fn draw_row_title(
        self,
        row: &Row,
        part: Part,
        (x, y, room): (u16, u16, u16),
        live: bool,
        pen: &mut Pen<'_>,
    ) {
        if row.title.is_empty() {
            pen.put(x, y, room, "(no title)", Part::Dim);
            return;
        }
        let hits = if live { hit::hits(self.app.query(), Field::Title, &row.title) } else { Vec::new() };
        if hits.is_empty() {
            pen.put(x, y, room, &row.title, part);
            return;
        }
        let (mut x, end) = (x, x + room);
        for piece in title::pieces(&row.title, &hits, room.into(), self.theme.glyphs.ellipsis()) {
            let style = match piece.is_hit {
                true => self.theme.part(part).patch(self.theme.text(Tags::NONE.with(Tag::Hit))),
                false => self.theme.part(part),
            };
            x += pen.put_raw(x, y, end - x, piece.text, style);
        }
    }

    fn draw_view(self, body: Area, pen: &mut Pen<'_>) -> Option<usize> {
        let view = self.app.view();
        let scroll = view.scroll;
        for (at, y) in (scroll.top..view.len()).zip(body.y..body.y + body.height) {
            let line = Area { y, height: 1, ..body };
            self.draw_columns(&view.columns(at), view.name(at), line, pen);
            self.draw_selection(line, at == scroll.at, Pane::List, pen);
        }
        (!view.is_empty()).then(|| scroll.at - scroll.top)
    }

    /// A row of a view, or a line of the pane of names: its columns, a cell apart, and before them the sign of the
    /// filter where the row is about a name.
    pub fn draw_columns(
        self,
        columns: &[Column<'_>],
        name: Option<(FacetKind, &str)>,
        line: Area,
        pen: &mut Pen<'_>,
    ) {
        let (sign, named) = name.map_or((" ", Part::Text), |(kind, value)| self.sign(kind, value));
        pen.put(line.x + 1, line.y, 1, sign, named);
        let start = line.x + 2;
        let room = line.width.saturating_sub(2);
        let rest = rest(columns, line.width, room);
        let (mut x, end) = (start, start + room);
        for column in columns {
            let cells = cells(column, line.width).unwrap_or(rest).min(end.saturating_sub(x));
            match column {
                Column::Text { text, tone, .. } => {
                    let part = match tone {
                        Tone::Name => named,
                        Tone::Strong => Part::RowUnread,
                        Tone::Plain => Part::Text,
                    };
                    pen.put(x, line.y, cells, text, part);
                }
                Column::Count { count, .. } => {
                    pen.put_right(x, line.y, cells, &count.to_string(), Part::Count);
                }
                Column::Bar { count, most } => {
                    // A cell stays free at the right.
                    let room = u64::from(cells.saturating_sub(1));
                    let bar = (count * room).div_ceil((*most).max(1)).min(room) as usize;
                    pen.put(x, line.y, cells, &"#".repeat(bar), Part::Dim);
                }
            }
            x += cells + 1;
        }
    }

    /// Draws a text for an empty list, which says what to do.
    fn draw_empty(self, body: Area, pen: &mut Pen<'_>) {
        let nothing_asked = self.app.query().filter.is_everything();
        if !self.app.list().is_known_empty() {
            return;
        }
        let text = match nothing_asked {
            true => self.app.empty_hint(),
            false => "No article matches. Esc removes the last condition, f x all of them.",
        };
        let width = usize::from(body.width.saturating_sub(4));
        for (text_line, y) in wrap::lines(text, width).iter().zip(body.y + 1..body.y + body.height) {
            pen.put(body.x + 2, y, body.width.saturating_sub(3), text_line.span.of(text), Part::Text);
        }
    }
}

/// The part of a row that shows the selection: the marks and the date. A move down the list then does
/// not have to send two titles again.
fn head(line: Area) -> Area {
    let width = if line.width >= DATED { MARKS + DATE } else { line.width };
    Area { width, ..line }
}

/// The cells of a column in a row of `width` cells; `None` where it takes what the others leave.
fn cells(column: &Column<'_>, width: u16) -> Option<u16> {
    match column {
        Column::Text { width: Width::Cells(cells), .. } => Some(*cells),
        Column::Text { width: Width::Quarter, .. } => Some((width / 4).clamp(8, 24)),
        Column::Count { count, width } => Some(width.unwrap_or(count.to_string().len() as u16)),
        Column::Text { width: Width::Rest, .. } | Column::Bar { .. } => None,
    }
}

/// The cells that the columns of a given width, and a cell between any two, leave of `room`.
fn rest(columns: &[Column<'_>], width: u16, room: u16) -> u16 {
    let given: u16 = columns.iter().filter_map(|column| cells(column, width)).sum();
    room.saturating_sub(given + (columns.len() as u16).saturating_sub(1))
}

/// The cells for the name of the source, or 0 if there is no room for it.
fn source_width(width: u16) -> u16 {
    match width {
        0..50 => 0,
        50..64 => 10,
        64..90 => 14,
        _ => 18,
    }
}
