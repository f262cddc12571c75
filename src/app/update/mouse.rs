//! The mouse, if it is turned on: a click goes to a pane and selects a row, the wheel scrolls the pane under it.

use super::super::App;
use super::super::layout::{Area, Pane};
use super::super::message::{Mouse, MouseDoes};
use super::super::over::Over;

/// How many rows or lines one turn of the wheel scrolls.
const TURN: i64 = 3;

impl App {
    pub(super) fn mouse(&mut self, mouse: Mouse) {
        let delta = match mouse.does {
            MouseDoes::Click => 0,
            MouseDoes::WheelUp => -TURN,
            MouseDoes::WheelDown => TURN,
        };
        match &mut self.over {
            Over::Sheet(_) => self.scroll_sheet(delta),
            Over::Picker(picker) => picker.move_by(delta),
            Over::Help(help) => help.move_by(delta),
            Over::Prompt(_) | Over::Labels(_) => {}
            Over::Nothing => match (self.pane_at(mouse), mouse.does) {
                (Some((pane, area)), MouseDoes::Click) => self.click(pane, area, mouse.y),
                (Some((pane, _)), _) => self.turn(pane, delta),
                (None, _) => {}
            },
        }
    }

    fn pane_at(&self, mouse: Mouse) -> Option<(Pane, Area)> {
        let layout = self.layout();
        let panes = [(Pane::List, layout.list), (Pane::Reader, layout.reader), (Pane::Facets, layout.facets)];
        let holds = |area: &Area| {
            (area.x..area.x + area.width).contains(&mouse.x)
                && (area.y..area.y + area.height).contains(&mouse.y)
        };
        panes.into_iter().find_map(|(pane, area)| Some((pane, area.filter(holds)?)))
    }

    /// Gives the pane the focus and selects the row that was clicked.
    fn click(&mut self, pane: Pane, area: Area, y: u16) {
        self.focus = pane;
        let row = i64::from(y) - i64::from(area.body().y);
        match pane {
            Pane::Reader if self.view.has_below() && row >= 0 => {
                let at = self.view.below.as_ref().map_or(0, |below| below.scroll.at - below.scroll.top);
                self.move_below(row - at as i64);
            }
            Pane::Reader => self.attend(),
            _ if row < 0 => {}
            Pane::List => {
                let lines = self.view.lines_a_row(area.body().rows(), area.width) as i64;
                let row = row / lines;
                let cursor = match self.view.is_articles() {
                    true => self.list.cursor(),
                    false => self.view.scroll.at - self.view.scroll.top,
                };
                self.move_selection(row - cursor as i64);
            }
            Pane::Facets => self.facets.move_by(row - self.facets.cursor() as i64),
        }
    }

    fn turn(&mut self, pane: Pane, delta: i64) {
        match pane {
            Pane::List => self.move_selection(delta),
            Pane::Reader if self.view.has_below() => self.move_below(delta),
            Pane::Reader => self.reader.scroll_by(delta),
            Pane::Facets => self.facets.move_by(delta),
        }
    }
}
