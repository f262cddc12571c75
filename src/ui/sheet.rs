//! Draws a sheet: the help, the warnings or an address, over the panes.

use super::Scene;
use super::pen::Pen;
use crate::app::Context;
use crate::app::layout;
use crate::app::sheet::{Sheet, SheetLine, Subject};
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
        pen.put(1, area.y, area.width.saturating_sub(2), &format!("[{title}]"), Part::PaneTitleFocused);
        let body = area.body();
        if lines.is_empty() {
            let text = match &sheet.subject {
                Subject::Warnings if sheet.narrow.text().is_empty() => "There are no warnings.",
                _ => "No line contains that.",
            };
            pen.put(2, body.y + 1, body.width.saturating_sub(2), text, Part::Text);
        }
        if let Subject::Address(address) = &sheet.subject {
            address_lines(address, body.width).zip(body.y..body.y + body.height).for_each(|(piece, y)| {
                pen.put_raw(0, y, body.width, piece, self.theme.part(Part::Text));
            });
            return;
        }
        let seen = lines.iter().skip(sheet.top());
        for (line, y) in seen.zip(body.y..body.y + body.height) {
            self.draw_sheet_line(*line, y, body.width, pen);
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
            SheetLine::Text(text) => {
                pen.put(1, y, width.saturating_sub(1), text, Part::Text);
            }
            SheetLine::Warning(warning) => {
                pen.put(1, y, width.saturating_sub(1), &warning.to_string(), Part::Text);
            }
        }
    }
}

/// Cuts an address, which is ASCII, into pieces as wide as the screen.
pub fn address_lines(address: &str, width: u16) -> impl Iterator<Item = &str> {
    let width = usize::from(width.max(1));
    (0..address.len()).step_by(width).filter_map(move |at| address.get(at..(at + width).min(address.len())))
}

fn place(context: Context) -> &'static str {
    match context {
        Context::List => "in the list",
        Context::Reader => "in the article",
        Context::Facets => "in the list of names",
        Context::Prompt | Context::Picker | Context::Sheet => "here",
    }
}
