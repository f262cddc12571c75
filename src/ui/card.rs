//! The card for the first run: six lines at the foot of the screen, until the first key.

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
    "Your own news: dateline PATH reads it, dateline add PATH keeps it",
    "Press any key to dismiss this; it will not be shown again.",
];

impl Scene<'_> {
    /// Over the full width and without a frame: the text that it lies over is not sent, and a frame would cost
    /// more than the card.
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
