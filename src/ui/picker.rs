//! Draws the picker and the palette: a box over the panes.

use super::Scene;
use super::pen::Pen;
use crate::app::layout::{Area, choices, popup, preview};
use crate::app::picker::{Choice, Chosen, Picker, Preview};
use crate::app::view::articles;
use crate::app::{Action, Line};
use crate::keymap::sequence;
use crate::listing::Count;
use crate::text::width;
use crate::theme::Part;

impl Scene<'_> {
    /// Draws the picker; returns the column and row of the text cursor.
    pub fn draw_picker(self, picker: &Picker, pen: &mut Pen<'_>) -> (u16, u16) {
        let size = self.app.size();
        let area = popup(size);
        pen.frame(area, picker.purpose.title());
        let line = Area { x: area.x + 1, y: area.y + 1, width: area.width.saturating_sub(2), height: 1 };
        let cursor = self.draw_typed("> ", &picker.line, line, pen);
        let rows = choices(size, picker.previews());
        let scroll = picker.scroll();
        if picker.fitting().is_empty() && rows.height > 0 {
            pen.put(rows.x + 2, rows.y, rows.width.saturating_sub(2), "no match", Part::Dim);
        }
        let seen = picker.fitting().iter().enumerate().skip(scroll.top);
        for ((at, choice), y) in seen.zip(rows.y..rows.y + rows.height) {
            let row = Area { y, height: 1, ..rows };
            self.draw_choice(choice, row, pen);
            if at == scroll.at {
                pen.style(row, Part::Selected);
                pen.put(row.x, y, 1, self.theme.glyphs.pointer(), Part::Selected);
            }
        }
        if let Some(left) = picker.preview.as_ref().filter(|_| picker.previews()) {
            draw_preview(left, preview(size), pen);
        }
        cursor
    }

    fn draw_choice(self, choice: &Choice, row: Area, pen: &mut Pen<'_>) {
        let (sign, part) = match &choice.value {
            Chosen::Facet(kind, value) => self.sign(*kind, value),
            _ => (" ", Part::Text),
        };
        let note = match (&choice.value, &choice.obstacle) {
            (_, Some(obstacle)) => obstacle.clone(),
            (Chosen::Action(action), None) => self.keys_of(*action),
            _ => choice.count.map(|count| count.to_string()).unwrap_or_default(),
        };
        let note_width = width::cells(&note) as u16;
        if choice.obstacle.is_some() {
            // The reason is what the row says; the sentence gets the rest.
            pen.put_right(row.x + 2, row.y, row.width.saturating_sub(3), &note, Part::Hint);
            pen.put(row.x + 2, row.y, row.width.saturating_sub(note_width + 4), &choice.label, Part::Dim);
            return;
        }
        pen.put(row.x + 1, row.y, 1, sign, part);
        pen.put(row.x + 2, row.y, row.width.saturating_sub(note_width + 4), &choice.label, part);
        pen.put_right(row.x + 2, row.y, row.width.saturating_sub(3), &note, Part::Key);
    }

    /// The key sequences of an action, separated by commas.
    pub fn keys_of(self, action: Action) -> String {
        let keys: Vec<String> = self.keyboard.keymap.keys(action).map(sequence).collect();
        keys.join(", ")
    }

    /// Draws a line of text that is being typed, scrolled so that its cursor is visible; returns the column
    /// and row of the cursor.
    pub fn draw_typed(self, sign: &str, line: &Line, area: Area, pen: &mut Pen<'_>) -> (u16, u16) {
        let used = pen.put(area.x, area.y, area.width, sign, Part::Prompt);
        let x = area.x + used;
        let room = area.width.saturating_sub(used + 1);
        let mut before = line.before();
        while width::cells(before) > room.into() {
            let first = before.chars().next().map_or(0, char::len_utf8);
            before = &before[first..];
        }
        let text = self.theme.part(Part::Text);
        let at = x + pen.put_raw(x, area.y, room, before, text);
        let left = (area.x + area.width).saturating_sub(at);
        pen.put_raw(at, area.y, left, line.after(), text);
        (at, area.y)
    }
}

/// Draws what would be left with a choice: the number of stories and articles, and the first titles.
fn draw_preview(left: &Preview, area: Area, pen: &mut Pen<'_>) {
    if area.height == 0 {
        return;
    }
    pen.rule(area.x, area.y, area.width, Part::Border);
    let text = format!(" {}: {} ", left.label, left_in_words(left));
    pen.put(area.x + 1, area.y, area.width.saturating_sub(2), &text, Part::Hint);
    let below = area.y + 1..area.y + area.height;
    for (title, y) in left.titles.iter().zip(below) {
        pen.put(area.x + 2, y, area.width.saturating_sub(3), title, Part::Text);
    }
}

/// `98 stories, 107 articles`; only the articles if there are no copies among them.
fn left_in_words(left: &Preview) -> String {
    match (left.rows, left.tally) {
        (_, Some(tally)) => tally.to_string(),
        (Count::Exactly(rows), None) => articles(rows),
        (Count::Over(rows), None) => format!("over {}", articles(rows)),
    }
}
