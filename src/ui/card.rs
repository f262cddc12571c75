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
    "This card goes with the first key and does not come back.",
];

impl Scene<'_> {
    pub fn draw_card(self, size: Size, pen: &mut Pen<'_>) {
        let width = size.width.min(70);
        let height = LINES.len() as u16 + 2;
        if size.height < 2 * height {
            return;
        }
        let area = Area { x: (size.width - width) / 2, y: size.height - 1 - height, width, height };
        pen.frame(area, "Welcome");
        for (text, y) in LINES.iter().zip(area.y + 1..) {
            pen.put(area.x + 2, y, width.saturating_sub(4), text, Part::Text);
        }
    }
}
