//! Draws the saved searches: in rows above the articles if there is room, and otherwise in the title of the list.

use super::Scene;
use super::pen::Pen;
use crate::app::layout::Area;
use crate::app::searches::SavedSearch;
use crate::app::short;
use crate::query::{Filter, Term};
use crate::text::width;
use crate::theme::Part;

impl Scene<'_> {
    /// Draws the searches into the list's `area`, whose title takes `title` cells; returns the rest of the area, which is for
    /// articles, and the cells that the title takes then.
    pub fn draw_searches(self, area: Area, title: u16, pen: &mut Pen<'_>) -> (Area, u16) {
        let body = area.body();
        if !self.app.view().is_articles() {
            return (body, title);
        }
        let mut title = title;
        let (shown, cursor) = self.app.searches().shown(body.rows());
        for ((at, search), y) in shown.iter().enumerate().zip(body.y..body.y + body.height) {
            let line = Area { y, height: 1, ..body };
            self.draw_search(search, line, pen);
            if cursor == Some(at) {
                pen.style(line, Part::Selected);
                pen.put(line.x, y, 1, self.theme.glyphs.pointer(), Part::Selected);
            }
        }
        if shown.is_empty() {
            title = self.draw_strip(area, title + 1, pen);
        }
        let used = (shown.len() as u16).min(body.height);
        (Area { y: body.y + used, height: body.height - used, ..body }, title)
    }

    /// The column and row of the cursor, if it is on a search.
    pub fn search_cursor(self, area: Area) -> Option<(u16, u16)> {
        let body = area.body();
        let at = self.app.searches().shown(body.rows()).1?;
        Some((body.x, body.y + u16::try_from(at).ok()?))
    }

    /// Draws a name with its unread count at the right, and a sign if the filter uses the search.
    fn draw_search(self, search: &SavedSearch, line: Area, pen: &mut Pen<'_>) {
        let part = part_of(search);
        let sign = if self.is_open(search) { "+" } else { " " };
        pen.put(line.x + 1, line.y, 1, sign, part);
        let count = format!(" {}", self.count_of(search));
        let room = line.width.saturating_sub(3 + count.len() as u16);
        let used = pen.put(line.x + 2, line.y, room, &format!("@{}", search.name), part);
        let left = room.saturating_sub(used + 2);
        pen.put(line.x + 4 + used, line.y, left, &short::text(&search.text), Part::Dim);
        pen.put_right(line.x + 2, line.y, line.width.saturating_sub(3), &count, Part::Count);
    }

    /// Draws as many searches as fit after the title; those with unread articles come first. Returns the cells used then.
    fn draw_strip(self, area: Area, title: u16, pen: &mut Pen<'_>) -> u16 {
        let all = self.app.searches().all();
        let mut searches: Vec<&SavedSearch> = all.iter().filter(|search| search.unread != Some(0)).collect();
        searches.extend(all.iter().filter(|search| search.unread == Some(0)));
        let end = area.x + area.width.saturating_sub(1);
        let mut x = area.x + title;
        for (at, search) in searches.iter().enumerate() {
            let text = format!(" @{} {} ", search.name, self.count_of(search));
            let rest = searches.len() - at - 1;
            let more = if rest > 0 { format!(" +{rest} ").len() as u16 } else { 0 };
            let cells = width::cells(&text) as u16;
            if x + cells + more > end {
                let more = format!(" +{} ", rest + 1);
                if x + more.len() as u16 <= end {
                    x += pen.put(x, area.y, end - x, &more, Part::Hint);
                }
                return (x - area.x).saturating_sub(1);
            }
            let part = if self.is_open(search) { Part::Chip } else { part_of(search) };
            x += pen.put(x, area.y, end - x, &text, part);
        }
        (x - area.x).saturating_sub(1)
    }

    fn count_of(self, search: &SavedSearch) -> String {
        let new = self.app.new_in(&search.name).filter(|new| *new > 0);
        let new = new.map(|new| format!("{new} new ")).unwrap_or_default();
        new + &search
            .unread
            .map_or_else(|| self.theme.glyphs.ellipsis().to_owned(), |unread| unread.to_string())
    }

    fn is_open(self, search: &SavedSearch) -> bool {
        let is = |chip: &Filter| matches!(chip, Filter::Term(Term::Saved(name)) if *name == search.name);
        self.app.query().chips().iter().any(is)
    }
}

/// The style of a search, which is dimmed if it has no unread articles.
fn part_of(search: &SavedSearch) -> Part {
    if search.unread == Some(0) { Part::RowRead } else { Part::RowUnread }
}
