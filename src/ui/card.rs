//! The card of the first run, in rows of its own at the foot of the screen, shown until a key is pressed.

use super::Scene;
use super::pen::Pen;
use crate::app::card;
use crate::app::layout::Area;
use crate::theme::Part;

/// The cells of the line at each side of the title. A line over the whole width would cost more bytes than the card.
const RULE: u16 = 2;

impl Scene<'_> {
    /// Draws the card into its area, without a frame.
    pub fn draw_card(self, area: Area, pen: &mut Pen<'_>) {
        pen.rule(area.x, area.y, RULE.min(area.width), Part::Border);
        let room = area.width.saturating_sub(RULE + 1);
        let used = pen.put(area.x + RULE + 1, area.y, room, "Welcome", Part::PaneTitleFocused);
        pen.rule(area.x + RULE + 2 + used, area.y, RULE.min(room.saturating_sub(used + 1)), Part::Border);
        let rows = card::wrapped(area.width).into_iter().zip(area.y + 1..area.y + area.height);
        for ((line, row), y) in rows {
            let room = area.width.saturating_sub(1);
            pen.put(area.x + 1, y, room, row.span.of(line), Part::Text);
        }
    }
}
