//! Draws what stands below or beside the rows of a view about the row under the cursor.

use super::Scene;
use super::pen::Pen;
use crate::app::layout::{Area, Pane};

impl Scene<'_> {
    /// Draws the pane; returns the column and row of its selected line, if the keys go to it.
    pub fn draw_below(self, area: Area, pen: &mut Pen<'_>) -> Option<(u16, u16)> {
        let view = self.app.view();
        let title = view.below.as_ref().map_or("", |below| below.title.as_str());
        self.draw_title(area, Pane::Reader, if title.is_empty() { view.title() } else { title }, "", pen);
        let below = view.below.as_ref()?;
        let body = area.body();
        let focused = self.app.is_below();
        for ((at, line), y) in
            below.lines().iter().enumerate().skip(below.scroll.top).zip(body.y..body.y + body.height)
        {
            let row = Area { y, height: 1, ..body };
            self.draw_columns(&line.columns, None, row, pen);
            self.draw_selection(row, focused && at == below.scroll.at, Pane::Reader, pen);
        }
        let row = below.scroll.at.checked_sub(below.scroll.top).and_then(|row| u16::try_from(row).ok())?;
        focused.then_some((body.x, body.y + row))
    }
}
