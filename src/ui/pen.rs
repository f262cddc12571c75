//! Puts text into cells by clusters, clipped, and never outside the screen.

use crate::app::layout::Area;
use crate::text::{width, wrap};
use crate::theme::{Glyphs, Part, Theme};
use ratatui::buffer::Buffer;
use ratatui::style::Style;

/// A blank at which no line is broken.
const NO_BREAK: char = '\u{A0}';

/// The text with blanks at which [`Pen::paragraph`] breaks no line: for keys such as `f x`.
pub fn unbroken(text: &str) -> String {
    text.replace(' ', "\u{A0}")
}

/// A buffer and the theme to write in it.
pub struct Pen<'a> {
    buffer: &'a mut Buffer,
    theme: &'a Theme,
}

impl<'a> Pen<'a> {
    pub fn new(buffer: &'a mut Buffer, theme: &'a Theme) -> Pen<'a> {
        Pen { buffer, theme }
    }

    /// Writes `text` from column `x`, cut to `room` cells with an ellipsis; returns the number of cells
    /// used.
    pub fn put(&mut self, x: u16, y: u16, room: u16, text: &str, part: Part) -> u16 {
        let style = self.theme.part(part);
        self.put_styled(x, y, room, text, style)
    }

    pub fn put_styled(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        let clipped = width::clip(text, room.into(), self.theme.glyphs.ellipsis());
        self.put_raw(x, y, room, &clipped, style)
    }

    /// Writes `text` over what is there. A wide character of which only a half would be left is blanked.
    pub fn cover(&mut self, x: u16, y: u16, cells: u16, text: &str, part: Part) {
        let style = self.theme.part(part);
        for at in [x.wrapping_sub(1), x + cells.saturating_sub(1)] {
            if let Some(cell) = self.buffer.cell_mut((at, y))
                && width::cells(cell.symbol()) > 1
            {
                cell.set_symbol(" ");
            }
        }
        self.put_raw(x, y, cells, text, style);
    }

    /// Writes `text` unchanged, cut to `room` cells; returns the number of cells used.
    pub fn put_raw(&mut self, x: u16, y: u16, room: u16, text: &str, style: Style) -> u16 {
        if y >= self.buffer.area.bottom() || x >= self.buffer.area.right() {
            return 0;
        }
        if text.is_ascii() {
            let (end, _) = self.buffer.set_stringn(x, y, text, room.into(), style);
            return end - x;
        }
        // Cluster by cluster, as widths are counted: ratatui would count some as wider than two cells.
        let mut at = x;
        let end = x.saturating_add(room).min(self.buffer.area.right());
        for (_, cluster) in width::clusters(text) {
            let symbol = width::within_two_cells(cluster);
            let cells = width::cluster_cells(cluster) as u16;
            if cells > end - at {
                break;
            }
            if cells > 0 {
                self.buffer.set_stringn(at, y, symbol, cells.into(), style);
                at += cells;
            }
        }
        at - x
    }

    /// Writes `text` over the rows of `area`, broken between words but not where [`unbroken`] forbids it; returns the number
    /// of rows. What does not fit in the area is left out.
    pub fn paragraph(&mut self, area: Area, text: &str) -> u16 {
        let lines = wrap::lines(text, area.width.into());
        for (line, y) in lines.iter().zip(area.y..area.y.saturating_add(area.height)) {
            let shown = line.span.of(text).replace(NO_BREAK, " ");
            self.put(area.x, y, area.width, &shown, Part::Text);
        }
        (lines.len() as u16).min(area.height)
    }

    /// Writes `text` so that it ends `room` cells after `x`; writes nothing if it does not fit.
    pub fn put_right(&mut self, x: u16, y: u16, room: u16, text: &str, part: Part) {
        let cells = u16::try_from(width::cells(text)).unwrap_or(u16::MAX);
        if cells <= room {
            self.put(x + room - cells, y, cells, text, part);
        }
    }

    /// Applies a style to all cells of an area.
    pub fn style(&mut self, area: Area, part: Part) {
        let style = self.theme.part(part);
        let area = ratatui::layout::Rect::new(area.x, area.y, area.width, area.height);
        self.buffer.set_style(area.intersection(self.buffer.area), style);
    }

    /// Blanks the cells of an area, and any wide character that would extend into it from the left.
    pub fn clear(&mut self, area: Area) {
        for y in area.y..(area.y + area.height).min(self.buffer.area.bottom()) {
            if let Some(cell) = area.x.checked_sub(1).and_then(|x| self.buffer.cell_mut((x, y)))
                && width::cells(cell.symbol()) > 1
            {
                cell.set_symbol(" ");
            }
            for x in area.x..(area.x + area.width).min(self.buffer.area.right()) {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                    cell.set_style(self.theme.canvas().unwrap_or_default());
                }
            }
        }
    }

    /// Draws a horizontal line.
    pub fn rule(&mut self, x: u16, y: u16, width: u16, part: Part) {
        let stroke = match self.theme.glyphs {
            Glyphs::Unicode => "─",
            Glyphs::Ascii => "-",
        };
        let style = self.theme.part(part);
        self.put_raw(x, y, width, &stroke.repeat(width.into()), style);
    }

    /// Draws a vertical line in column `x` along `area`.
    pub fn separator(&mut self, x: u16, area: Area) {
        let (stroke, top) = match self.theme.glyphs {
            Glyphs::Unicode => ("│", "┬"),
            Glyphs::Ascii => ("|", "+"),
        };
        let style = self.theme.part(Part::Border);
        for y in area.y..area.y + area.height {
            self.put_raw(x, y, 1, if y == area.y { top } else { stroke }, style);
        }
    }

    /// Ends the horizontal line of the row `y` at the vertical one in column `x`.
    pub fn joint(&mut self, x: u16, y: u16) {
        let stroke = match self.theme.glyphs {
            Glyphs::Unicode => "┤",
            Glyphs::Ascii => "+",
        };
        let style = self.theme.part(Part::Border);
        self.put_raw(x, y, 1, stroke, style);
    }

    /// Draws a frame around `area` with a title, and blanks its inside.
    pub fn frame(&mut self, area: Area, title: &str) {
        self.clear(area);
        if area.width < 2 || area.height < 2 {
            return;
        }
        let [corners, across, down] = match self.theme.glyphs {
            Glyphs::Unicode => ["┌┐└┘", "─", "│"],
            Glyphs::Ascii => ["++++", "-", "|"],
        };
        let corner = |at: usize| corners.chars().nth(at).unwrap_or('+').to_string();
        let style = self.theme.part(Part::BorderFocused);
        let line = across.repeat(usize::from(area.width) - 2);
        let bottom = area.y + area.height - 1;
        self.put_raw(area.x, area.y, area.width, &format!("{}{line}{}", corner(0), corner(1)), style);
        self.put_raw(area.x, bottom, area.width, &format!("{}{line}{}", corner(2), corner(3)), style);
        for y in area.y + 1..bottom {
            self.put_raw(area.x, y, 1, down, style);
            self.put_raw(area.x + area.width - 1, y, 1, down, style);
        }
        self.put(area.x + 1, area.y, area.width - 2, &format!("[{title}]"), Part::PaneTitleFocused);
    }
}
