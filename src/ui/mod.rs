//! Draws the state of the reader. Changes nothing, decides nothing, and reads only its arguments.

mod below;
mod card;
mod curve;
mod facets;
mod help;
mod hints;
mod labels;
mod links;
mod list;
mod map;
mod pen;
mod picker;
mod reader;
mod searches;
mod sheet;
mod source;
mod status;
mod title;
mod when;

pub use links::links;

use crate::app::App;
use crate::app::layout::{Area, Pane};
use crate::app::over::Over;
use crate::app::{Context, Size};
use crate::keymap::Keyboard;
use crate::theme::{Part, Theme};
use pen::Pen;
use ratatui::Frame;

/// Everything that the screen is drawn from.
#[derive(Clone, Copy)]
struct Scene<'a> {
    app: &'a App,
    keyboard: &'a Keyboard,
    theme: &'a Theme,
}

/// Draws the whole screen. The same arguments always give the same frame. The size of the frame
/// counts: while the terminal is being resized, it may differ from the size that the app knows.
pub fn draw(app: &App, keyboard: &Keyboard, theme: &Theme, frame: &mut Frame<'_>) {
    let scene = Scene { app, keyboard, theme };
    let area = frame.area();
    let size = Size { width: area.width, height: area.height };
    if let Some(canvas) = theme.canvas() {
        frame.buffer_mut().set_style(area, canvas);
    }
    let mut pen = Pen::new(frame.buffer_mut(), theme);
    let cursor = if !size.suffices() {
        too_small(size, &mut pen);
        None
    } else if size == app.size() {
        scene.draw(&mut pen)
    } else {
        None
    };
    if let Some(position) = cursor.filter(|(x, y)| *x < area.width && *y < area.height) {
        frame.set_cursor_position(position);
    }
}

/// The areas that cost the most bytes when the selection moves, and that need not change until it rests: the text and the
/// names, or also the list, so that only the status line changes. There are none while something covers the panes.
pub fn dear(app: &App) -> Vec<Vec<Area>> {
    if !matches!(app.over(), Over::Nothing) {
        return Vec::new();
    }
    let layout = app.layout();
    let beside: Vec<Area> = [layout.reader, layout.facets].into_iter().flatten().collect();
    let all = beside.iter().copied().chain(layout.list).collect();
    vec![beside, all]
}

fn too_small(size: Size, pen: &mut Pen<'_>) {
    let texts = ["dateline needs 20x5 cells", "needs 20x5 cells", "needs 20x5", "too small", "20x5"];
    let fitting = texts.into_iter().find(|text| text.len() <= size.width.into());
    if size.height > 0 {
        pen.put(0, 0, size.width, fitting.unwrap_or(""), Part::Text);
    }
}

impl Scene<'_> {
    /// Draws everything; returns the column and row of the terminal's cursor, if it is to be visible.
    fn draw(self, pen: &mut Pen<'_>) -> Option<(u16, u16)> {
        let layout = self.app.layout();
        let mut cursor = None;
        if let Some(area) = layout.list {
            let at = self.draw_list(area, pen);
            cursor = at.filter(|_| self.is_focused(Pane::List));
        }
        if let Some(area) = layout.reader {
            match self.app.view().has_below() {
                true => cursor = self.draw_below(area, pen).or(cursor),
                false => self.draw_reader(area, pen),
            }
        }
        if let Some(area) = layout.facets {
            let at = self.draw_facets(area, pen);
            cursor = cursor.or(at);
        }
        for area in [layout.reader, layout.facets].into_iter().flatten().filter(|area| area.x > 0) {
            pen.separator(area.x - 1, area);
        }
        if let (Some(list), Some(reader), Some(facets)) = (layout.list, layout.reader, layout.facets)
            && reader.x == 0
            && reader.width < facets.x
            && reader.y == list.height
        {
            pen.joint(facets.x - 1, reader.y);
        }
        let typed = self.draw_status(layout.status, pen);
        if let Some(area) = layout.card {
            self.draw_card(area, pen);
        }
        match self.app.over() {
            Over::Picker(picker) => Some(self.draw_picker(picker, pen)),
            Over::Sheet(sheet) => {
                self.draw_sheet(sheet, pen);
                typed
            }
            Over::Help(help) => {
                self.draw_help(help, pen);
                typed
            }
            Over::Labels(labels) => {
                self.draw_labels(labels, pen);
                None
            }
            Over::Prompt(_) => typed,
            Over::Nothing => cursor,
        }
    }

    /// Whether keys go to this pane, or will go to it once nothing covers it.
    fn is_focused(self, pane: Pane) -> bool {
        match self.app.pane_context() {
            _ if self.app.is_below() => pane == Pane::Reader,
            Context::Reader => pane == Pane::Reader,
            Context::Facets => pane == Pane::Facets,
            _ => pane == Pane::List,
        }
    }

    /// Draws the title of a pane in the first row of its area; returns the cells that it takes from the left.
    fn draw_title(self, area: Area, pane: Pane, title: &str, right: &str, pen: &mut Pen<'_>) -> u16 {
        let focused = self.is_focused(pane);
        // A rule separates: there is nothing above the first row, and a rule of the whole width costs three bytes a cell.
        if area.y > 0 || area.width < self.app.size().width {
            pen.rule(area.x, area.y, area.width, Part::Border);
        }
        let (text, part) = match focused {
            true => (format!("[{title}]"), Part::PaneTitleFocused),
            false => (format!(" {title} "), Part::PaneTitle),
        };
        let used = pen.put(area.x + 1, area.y, area.width.saturating_sub(2), &text, part);
        if focused {
            pen.style(Area { x: area.x + 1, width: used, height: 1, ..area }, Part::Selected);
        }
        let room = area.width.saturating_sub(used + 3);
        if !right.is_empty() {
            pen.put_right(area.x + used + 2, area.y, room, &format!(" {right} "), Part::PaneTitle);
        }
        used + 1
    }
}
