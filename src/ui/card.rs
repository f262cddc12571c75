//! The card of the first run, in rows of its own at the foot of the screen, shown until a key is pressed.

use super::Scene;
use super::pen::Pen;
use crate::app::card;
use crate::app::layout::Area;
use crate::theme::Part;

impl Scene<'_> {
    /// Draws the card into its area, below a blank row and without a frame, which would cost more bytes than the card.
    pub fn draw_card(self, area: Area, pen: &mut Pen<'_>) {
        let (x, room) = (area.x + 1, area.width.saturating_sub(1));
        pen.put(x, area.y + 1, room, card::TITLE, Part::PaneTitleFocused);
        let rows = card::wrapped(area.width).into_iter().zip(area.y + 2..area.y + area.height);
        for ((line, row), y) in rows {
            pen.put(x, y, room, row.span.of(line), Part::Text);
        }
    }
}
