//! The card of the first run: six lines at the foot of the screen, shown until a key is pressed.

use super::Scene;
use super::pen::Pen;
use crate::app::Size;
use crate::app::layout::Area;
use crate::theme::Part;

const LINES: [&str; 6] = [
    "j k  move    Enter  read    q  back    ?  all keys",
    "/  search as you type    f p  f c  only a person, a country",
    "e  the next name    +  only articles with it    Esc  undo that",
    "s  star    t  tag    U  undo    :  any action by its name",
    "Your own news: dateline PATH reads it, dateline add PATH stores it",
    "Press any key to dismiss this card; it will not be shown again.",
];

impl Scene<'_> {
    /// Draws the card over the full width and without a frame. The text that it covers need not be sent, and
    /// a frame would cost more bytes than the card itself.
    pub fn draw_card(self, size: Size, pen: &mut Pen<'_>) {
        let height = LINES.len() as u16 + 2;
        if size.height < 2 * height {
            return;
        }
        let area = Area { x: 0, y: size.height - 1 - height, width: size.width, height };
        pen.clear(area);
        pen.put(1, area.y + 1, size.width.saturating_sub(2), "Welcome", Part::PaneTitleFocused);
        for (text, y) in LINES.iter().zip(area.y + 2..) {
            pen.put(1, y, size.width.saturating_sub(2), text, Part::Text);
        }
    }
}
