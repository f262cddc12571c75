//! Draws a sheet: the warnings or an address, over the panes.

use super::Scene;
use super::pen::Pen;
use crate::app::layout;
use crate::app::sheet::{Sheet, SheetRow, Subject};
use crate::theme::Part;

impl Scene<'_> {
    pub fn draw_sheet(self, sheet: &Sheet, pen: &mut Pen<'_>) {
        let area = layout::sheet(self.app.size());
        pen.clear(area);
        let lines = sheet.lines(self.app.warnings());
        let title = match &sheet.subject {
            Subject::Address(_) => "Address: copied if the terminal allows it".to_owned(),
            Subject::Warnings => format!("Warnings: {}", lines.len()),
            Subject::Told { title, .. } => title.clone(),
            Subject::Output { command, .. } => format!("Output of {command}"),
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
            let SheetRow { text, indent, strong } = row;
            let style = self.theme.part(if *strong { Part::RowUnread } else { Part::Text });
            pen.put_raw(*indent, y, body.width.saturating_sub(*indent), text, style);
        }
        if rows.len() > body.rows() {
            let last = (sheet.top() + body.rows()).min(rows.len());
            let place = format!(" {}-{last} of {} ", sheet.top() + 1, rows.len());
            let room = area.width.saturating_sub(used + 3);
            pen.put_right(used + 2, area.y, room, &place, Part::PaneTitle);
        }
    }
}
