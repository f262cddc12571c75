//! Draws a sheet: the help, the warnings or an address, over the panes.

use super::Scene;
use super::pen::Pen;
use crate::app::Context;
use crate::app::layout;
use crate::app::sheet::{Sheet, SheetLine, SheetRow, Subject};
use crate::theme::Part;

/// The cells of the column of keys.
const KEYS: u16 = 22;

impl Scene<'_> {
    pub fn draw_sheet(self, sheet: &Sheet, pen: &mut Pen<'_>) {
        let area = layout::sheet(self.app.size());
        pen.clear(area);
        let lines = sheet.lines(self.app.warnings());
        let title = match &sheet.subject {
            Subject::Help(context) => format!("Help: keys {}", place(*context)),
            Subject::Address(_) => "Address: copied if the terminal allows it".to_owned(),
            Subject::Warnings => format!("Warnings: {}", lines.len()),
        };
        pen.rule(area.x, area.y, area.width, Part::BorderFocused);
        let used =
            pen.put(1, area.y, area.width.saturating_sub(2), &format!("[{title}]"), Part::PaneTitleFocused);
        let body = area.body();
        if lines.is_empty() {
            let text = match &sheet.subject {
                Subject::Warnings if sheet.narrow.text().is_empty() => "There are no warnings.",
                _ => "No line contains that.",
            };
            pen.put(2, body.y + 1, body.width.saturating_sub(2), text, Part::Text);
        }
        let rows = sheet.rows(self.app.warnings(), area.width);
        let seen = rows.iter().skip(sheet.top());
        for (row, y) in seen.zip(body.y..body.y + body.height) {
            match row {
                SheetRow::Whole(line) => self.draw_sheet_line(*line, y, body.width, pen),
                SheetRow::Piece { text, indent } => {
                    let style = self.theme.part(Part::Text);
                    pen.put_raw(*indent, y, body.width.saturating_sub(*indent), text, style);
                }
            }
        }
        if rows.len() > body.rows() {
            let last = (sheet.top() + body.rows()).min(rows.len());
            let place = format!(" {}-{last} of {} ", sheet.top() + 1, rows.len());
            let room = area.width.saturating_sub(used + 3);
            pen.put_right(used + 2, area.y, room, &place, Part::PaneTitle);
        }
    }

    fn draw_sheet_line(self, line: SheetLine<'_>, y: u16, width: u16, pen: &mut Pen<'_>) {
        match line {
            SheetLine::Heading(title) => {
                pen.put(1, y, width.saturating_sub(1), title, Part::Headline);
            }
            SheetLine::Action(action) => {
                let keys = KEYS.min(width / 3);
                pen.put(3, y, keys, &self.keys_of(action), Part::Key);
                pen.put(keys + 4, y, width.saturating_sub(keys + 4), action.info().help, Part::Text);
            }
            SheetLine::Text(_) | SheetLine::Warning(_) => {}
        }
    }
}

fn place(context: Context) -> &'static str {
    match context {
        Context::List => "in the list",
        Context::Reader => "in the article",
        Context::Facets => "in the list of names",
        Context::Prompt | Context::Picker | Context::Sheet => "here",
    }
}
