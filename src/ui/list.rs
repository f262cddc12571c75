//! Draws the list pane: the articles, or the rows of another view.
//!
//! The row of the article in the reader is a bar, so that it is the clearest of the list; the pointer says where the cursor is.
//! Only the head of a row shows the selection, so that a step down the list need not send two titles again.

use super::Scene;
use super::facets::of_newest;
use super::pen::{self, Pen};
use super::{curve, source, title, when};
use crate::annotation::Field;
use crate::app::layout::{Area, Pane};
use crate::app::over::Over;
use crate::app::short;
use crate::app::view::{Boards, Column, Rows, RowsOf, Tone, Width};
use crate::app::{Action, Edition, Loading};
use crate::highlight::{Tag, Tags};
use crate::keymap::sequence;
use crate::listing::{FacetKind, Row};
use crate::query::{Filter, Term, hit};
use crate::text::width;
use crate::theme::Part;
use ratatui::style::Style;

/// The sign of a row that is selected for the next mark.
const SELECTED: &str = "+";
/// The cells of the marks before a row: pointer, unread, star and a blank.
const MARKS: u16 = 4;
/// The width in cells from which rows show a date.
const DATED: u16 = 36;
/// The width in cells from which rows show a source.
const SOURCED: u16 = 56;
/// The cells of the name of a source, at least and at most.
const SOURCE: (u16, u16) = (10, 12);
/// The cells that a title has before other columns get more than they need: 50 for its words and 3 for a number of copies.
const TITLE: u16 = 53;

/// The columns of a list of articles of one width.
#[derive(Clone, Copy, Debug)]
struct Columns {
    /// `None` where there is no room.
    date: Option<when::Column>,
    /// In cells; 0 where there is no room.
    source: u16,
}

impl Scene<'_> {
    /// Draws the pane; returns the column and row of the selected row.
    pub fn draw_list(self, area: Area, pen: &mut Pen<'_>) -> Option<(u16, u16)> {
        let view = self.app.view();
        let used = self.draw_title(area, Pane::List, view.title(), "", pen);
        let used = self.draw_edition(area, used, pen);
        self.draw_legend(area, used, pen);
        let (body, used) = self.draw_searches(area, used, pen);
        self.draw_tally(area, used, pen);
        if view.is_map() && !view.is_empty() {
            return self.draw_map(body, pen);
        }
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

    /// Says at the right of the title of a view how its rows are listed, and which part of a bar is whose.
    fn draw_legend(self, area: Area, used: u16, pen: &mut Pen<'_>) {
        let view = self.app.view();
        let sampled = self.app.facets().facets().sampled;
        let most = match view.kind.info().rows {
            None
            | Some(RowsOf::Sources | RowsOf::Days | RowsOf::Boards | RowsOf::Watches | RowsOf::Brief) => None,
            Some(RowsOf::Names(FacetKind::Entity(_))) => sampled.names,
            Some(RowsOf::Names(_)) => None,
            Some(_) => sampled.quotes,
        };
        let told = [most.map(of_newest), Some(view.legend()).filter(|legend| !legend.is_empty())];
        let legend = told.into_iter().flatten().collect::<Vec<_>>().join("; ");
        if legend.is_empty() {
            return;
        }
        let parts: Vec<String> = view
            .parts()
            .into_iter()
            .enumerate()
            .map(|(at, name)| format!("{} {name}", curve::fill(at, self.theme.glyphs)))
            .collect();
        let room = area.width.saturating_sub(used + 3);
        let texts = [format!(" {}; {legend} ", parts.join(" ")), format!(" {legend} ")];
        let texts = if parts.is_empty() { &texts[1..] } else { &texts[..] };
        if let Some(text) = texts.iter().find(|text| width::cells(text) <= room.into()) {
            pen.put_right(area.x + used + 2, area.y, room, text, Part::PaneTitle);
        }
    }

    /// Says after the title, `used` cells from the left, that the news of the sample edition is invented. Returns the cells
    /// used by then.
    fn draw_edition(self, area: Area, used: u16, pen: &mut Pen<'_>) -> u16 {
        let texts =
            [" sample edition: all of its news is invented ", " sample: invented news ", " invented "];
        let room = area.width.saturating_sub(used + 2);
        match texts.into_iter().find(|text| text.len() <= room.into()) {
            Some(text) if self.app.edition() == Edition::Sample => {
                used + 1 + pen.put(area.x + used + 1, area.y, room, text, Part::PaneTitle)
            }
            _ => used,
        }
    }

    /// Says at the right of the title how many stories and articles are listed, as much of it as fits behind the first `used`
    /// cells.
    fn draw_tally(self, area: Area, used: u16, pen: &mut Pen<'_>) {
        let Some(tally) = self.app.tally().filter(|_| self.app.view().is_articles()) else { return };
        let room = area.width.saturating_sub(used + 3);
        let texts = [format!(" {tally} "), format!(" {} ", tally.short())];
        if let Some(text) = texts.into_iter().find(|text| text.len() <= room.into()) {
            pen.put_right(area.x + used + 2, area.y, room, &text, Part::PaneTitle);
        }
    }

    fn draw_articles(self, body: Area, pen: &mut Pen<'_>) -> Option<usize> {
        let list = self.app.list();
        let live = self.app.search_is_live();
        let cursor = list.selected().map(|_| list.cursor());
        let columns = self.columns(body.width);
        for ((place, row), y) in list.visible(body.rows()).iter().enumerate().zip(body.y..) {
            let line = Area { y, height: 1, ..body };
            let is_open = self.app.reader().id() == Some(row.key.id);
            self.draw_article(row, (line, columns), (is_open, live), pen);
            if self.app.is_selected(row.key.id, list.first_visible() + place as u64) {
                pen.put(line.x + 3, line.y, 1, SELECTED, Part::Selected);
            }
            if is_open {
                pen.style(line, Part::RowOpen);
            }
            self.draw_selection(columns.head(line), cursor == Some(place), Pane::List, pen);
        }
        cursor
    }

    /// The columns of a list of this width. The dates have one width for all rows that are held, so that no column shifts
    /// while the list scrolls.
    fn columns(self, width: u16) -> Columns {
        let published = self.app.list().held().iter().map(|row| row.key.published);
        let room = width.saturating_sub(MARKS + SOURCE.1 + 1);
        let column = when::Column::fitting(published, self.app.today(), room, TITLE);
        let date = (width >= DATED).then_some(column);
        let left = width.saturating_sub(MARKS + date.map_or(0, |date| date.cells() + 1) + 1 + TITLE);
        let source = if width >= SOURCED { left.clamp(SOURCE.0, SOURCE.1) } else { 0 };
        Columns { date, source }
    }

    /// Draws the pointer and the style of the selected row. There is one pointer on the screen, where the keys go; while
    /// the reader has the focus it is in the list.
    pub fn draw_selection(self, line: Area, selected: bool, pane: Pane, pen: &mut Pen<'_>) {
        if !selected {
            return;
        }
        let in_searches = pane == Pane::List && self.app.searches().selected().is_some();
        let here = self.is_focused(pane) && !in_searches;
        let part = if here { Part::Selected } else { Part::SelectedElsewhere };
        pen.style(line, part);
        let covered = matches!(self.app.over(), Over::Picker(_));
        let in_reader = self.is_focused(Pane::Reader) && !self.app.is_below();
        if !covered && !in_searches && (here || in_reader) {
            pen.put(line.x, line.y, 1, self.theme.glyphs.pointer(), part);
        }
    }

    fn draw_article(
        self,
        row: &Row,
        (line, columns): (Area, Columns),
        (is_open, live): (bool, bool),
        pen: &mut Pen<'_>,
    ) {
        let glyphs = self.theme.glyphs;
        let part = match row {
            Row { gone: true, .. } => Part::RowGone,
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
        if let Some(date) = columns.date {
            let text = date.text(row.key.published, self.app.today());
            let part = if row.gone { Part::RowGone } else { Part::Text };
            pen.put(x, line.y, date.cells(), &text, part);
            x += date.cells() + 1;
        }
        if columns.source > 0 {
            let source = source::short(&row.source, columns.source.into(), glyphs.ellipsis());
            pen.put(x, line.y, columns.source, &source, Part::Byline);
            x += columns.source + 1;
        }
        let mut room = end.saturating_sub(x);
        if row.copies > 0 {
            let copies = format!(" +{}", row.copies);
            pen.put_right(x, line.y, room, &copies, Part::Count);
            room = room.saturating_sub(copies.len() as u16);
        }
        let look = match is_open {
            // In a bar, a hit that is reversed as well would not be seen.
            true => (part, self.theme.part(part).underlined()),
            false => (part, self.theme.part(part).patch(self.theme.text(Tags::NONE.with(Tag::Hit)))),
        };
        self.draw_row_title(row, look, (x, line.y, room), live, pen);
    }

    /// Draws the title, with the words of the search highlighted.
    fn draw_row_title(
        self,
        row: &Row,
        (part, hit): (Part, Style),
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
                true => hit,
                false => self.theme.part(part),
            };
            x += pen.put_raw(x, y, end - x, piece.text, style);
        }
    }

    fn draw_view(self, body: Area, pen: &mut Pen<'_>) -> Option<usize> {
        let view = self.app.view();
        let scroll = view.scroll;
        let lines = view.lines_a_row(body.rows(), body.width);
        let last = body.y + body.height;
        for (at, y) in (scroll.top..view.len()).zip((body.y..last).step_by(lines)) {
            let line = Area { y, height: 1, ..body };
            match view.two_lines(at, line.width).filter(|_| lines == 2) {
                Some([head, second]) => {
                    self.draw_columns(&head, view.name(at), line, pen);
                    if y + 1 < last {
                        self.draw_columns(&second, None, Area { y: y + 1, ..line }, pen);
                    }
                }
                None => self.draw_columns(&view.columns(at, line.width), view.name(at), line, pen),
            }
            if self.app.is_row_selected(at) {
                pen.put(line.x + 1, line.y, 1, SELECTED, Part::Selected);
            }
            self.draw_selection(line, at == scroll.at, Pane::List, pen);
        }
        (!view.is_empty()).then(|| (scroll.at - scroll.top) * lines)
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
                        Tone::Faint => Part::Dim,
                        Tone::Heading => Part::Headline,
                    };
                    pen.put(x, line.y, cells, text, part);
                }
                Column::Count { count, .. } => {
                    pen.put_right(x, line.y, cells, &count.to_string(), Part::Count);
                }
                Column::Bar { count, most, .. } => {
                    let bar = curve::bar(*count, *most, cells, self.theme.glyphs);
                    pen.put(x, line.y, cells, &bar, Part::Count);
                }
                Column::Stack { counts, most } => {
                    let mut at = x;
                    let mut sum = 0;
                    for (part, count) in counts.iter().enumerate() {
                        sum += u64::from(*count);
                        let end = x + curve::cells_of(sum, *most, cells.saturating_sub(1));
                        let fill = curve::fill(part, self.theme.glyphs).repeat(end.saturating_sub(at).into());
                        at += pen.put(at, line.y, end.saturating_sub(at), &fill, Part::Count);
                    }
                }
                Column::Part { part, count, most, width } => {
                    let bar = curve::cells_of(*count, *most, *width);
                    let fill = curve::fill(*part, self.theme.glyphs).repeat(bar.into());
                    pen.put(x, line.y, cells, &fill, Part::Count);
                }
                Column::Curve { counts, width } => {
                    let curve = curve::curve(counts, *width, self.theme.glyphs);
                    pen.put(x, line.y, cells, &curve, Part::Count);
                }
            }
            x += cells + 1;
        }
    }

    /// What the filter is, and how to get out of it.
    fn nothing_matches(self) -> String {
        let keys = |action: Action| self.keyboard.keymap.keys(action).next().map(sequence);
        let several = self.app.query().chips().len() > 1;
        let ways = [
            keys(Action::FilterDrop).map(|keys| match several {
                true => format!("{} removes its last condition", pen::unbroken(&keys)),
                false => format!("{} removes it", pen::unbroken(&keys)),
            }),
            keys(Action::FilterClear)
                .filter(|_| several)
                .map(|keys| format!("{} removes the whole filter", pen::unbroken(&keys))),
            keys(Action::EditFilter).map(|keys| format!("{} edits it", pen::unbroken(&keys))),
        ];
        let ways: Vec<String> = ways.into_iter().flatten().collect();
        let ways = match ways.as_slice() {
            [] => String::new(),
            [way] => format!(" {way}."),
            [ways @ .., last] => format!(" {}, and {last}.", ways.join(", ")),
        };
        format!("No article matches the filter {}.{ways}", short::query(self.app.query()))
    }

    /// What is said where there are no boards, no saved searches or no stories.
    fn nothing_in_view(self) -> Option<String> {
        let keys =
            |action: Action| self.keyboard.keymap.keys(action).next().map(sequence).unwrap_or_default();
        match self.app.view().rows {
            Rows::Boards(Boards { open: Some(_), .. }) => Some(format!(
                "Nothing is on this board. {} puts an article or a quote on it.",
                keys(Action::AddToBoard)
            )),
            Rows::Boards(_) => Some(format!(
                "There are no boards. {} puts an article or a quote on one.",
                keys(Action::AddToBoard)
            )),
            Rows::Watches(_) => Some(format!(
                "Nothing is watched. {} watches the name under the cursor, or the filter.",
                keys(Action::Watch)
            )),
            Rows::Threads(_) => Some(match self.app.query().filter {
                Filter::Term(Term::Story(_)) => format!(
                    "The article is in no story: no other article tells of its event. {} goes back.",
                    keys(Action::Back)
                ),
                _ => format!("No two of these articles tell of one event. {} goes back.", keys(Action::Back)),
            }),
            _ => None,
        }
    }

    /// Draws a text for an empty list, which says what to do.
    fn draw_empty(self, body: Area, pen: &mut Pen<'_>) {
        if let Some(text) = self.nothing_in_view() {
            let area = Area { x: body.x + 2, y: body.y + 1, width: body.width.saturating_sub(3), ..body };
            pen.paragraph(area, &text);
            return;
        }
        let nothing_asked = self.app.query().filter.is_everything();
        if !self.app.list().is_known_empty() {
            return;
        }
        let loading = self.app.progress().state == Loading::Underway;
        let text = match nothing_asked {
            true if loading => "The articles are being read.".to_owned(),
            true => self.app.empty_hint().to_owned(),
            false => self.nothing_matches(),
        };
        pen.paragraph(
            Area { x: body.x + 2, y: body.y + 1, width: body.width.saturating_sub(3), ..body },
            &text,
        );
    }
}

impl Columns {
    /// The part of a row that shows the selection: the marks and the date.
    fn head(self, line: Area) -> Area {
        Area { width: self.date.map_or(line.width, |date| MARKS + date.cells()), ..line }
    }
}

/// The cells of a column in a row of `width` cells; `None` where it takes what the others leave.
fn cells(column: &Column<'_>, width: u16) -> Option<u16> {
    match column {
        Column::Text { width: Width::Cells(cells), .. } => Some(*cells),
        Column::Text { width: Width::Quarter, .. } => Some((width / 4).clamp(8, 24)),
        Column::Count { count, width } => Some(width.unwrap_or(count.to_string().len() as u16)),
        Column::Bar { width, .. } => *width,
        Column::Curve { width, .. } | Column::Part { width, .. } => Some(*width),
        Column::Text { width: Width::Rest, .. } | Column::Stack { .. } => None,
    }
}

/// The cells that the columns of a given width, and a cell between any two, leave of `room`.
fn rest(columns: &[Column<'_>], width: u16, room: u16) -> u16 {
    let given: u16 = columns.iter().filter_map(|column| cells(column, width)).sum();
    room.saturating_sub(given + (columns.len() as u16).saturating_sub(1))
}
