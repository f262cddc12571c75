//! Draws hints: which keys can be pressed now. While a sequence of keys is incomplete, a small menu above the status line
//! shows every key that can follow.

use super::Scene;
use super::pen::Pen;
use crate::app::action::Group;
use crate::app::layout::Area;
use crate::app::over::Over;
use crate::app::picker::Purpose;
use crate::app::{Action, Context};
use crate::keymap::sequence;
use crate::text::width;
use crate::theme::Part;

use Action as A;

impl Scene<'_> {
    /// Keys with short descriptions, most useful first: those that can follow the pending keys, or, if none
    /// are pending, those that are helpful in this context.
    fn hints(self) -> Vec<(String, &'static str)> {
        let context = self.app.context();
        let pending = self.keyboard.pending();
        if !pending.is_empty() {
            let next = self.keyboard.keymap.continuations(context, pending);
            return next.into_iter().map(|(keys, action)| (sequence(keys), action.info().short)).collect();
        }
        if self.purpose() == Some(Purpose::Link) {
            let keys = [("1-9", "open"), ("j k", "move"), ("Enter", "open"), ("q", "close")];
            return keys.into_iter().map(|(keys, short)| (keys.to_owned(), short)).collect();
        }
        let own: &[(&str, &'static str)] = match self.app.over() {
            Over::Help(_) => &[("a-z", "filter"), ("Enter", "do it"), ("PgDn", "page"), ("Esc", "close")],
            Over::Labels(_) => &[("a-z", "go there"), ("Esc", "close")],
            _ => &[],
        };
        if !own.is_empty() {
            return own.iter().map(|(keys, short)| ((*keys).to_owned(), *short)).collect();
        }
        let hint = |action: Action| {
            let keys = self.keyboard.keymap.keys(action).next()?;
            Some((sequence(keys), action.info().short))
        };
        self.helpful(context).into_iter().filter(|action| action.is_in(context)).filter_map(hint).collect()
    }

    /// What is chosen in the picker, if one is open.
    fn purpose(self) -> Option<Purpose> {
        match self.app.over() {
            Over::Picker(picker) => Some(picker.purpose),
            _ => None,
        }
    }

    fn helpful(self, context: Context) -> Vec<Action> {
        let mut actions = Vec::new();
        let live = self.app.search_is_live();
        match context {
            Context::List | Context::Reader | Context::Facets => {
                // In the article, Esc ends a search but drops no filter.
                if !self.app.query().filter.is_everything() && (live || context != Context::Reader) {
                    actions.push(A::FilterDrop);
                }
                if live && !self.app.list().is_known_empty() {
                    actions.push(A::NextUnread);
                }
            }
            _ => {}
        }
        if !self.app.warnings().is_empty() {
            actions.push(A::Warnings);
        }
        actions.extend_from_slice(match context {
            Context::List if self.app.list().is_known_empty() => {
                &[A::Search, A::Help, A::EditFilter, A::FilterClear, A::Palette, A::Back]
            }
            Context::List => &[
                A::Open,
                A::Search,
                A::Help,
                A::FilterPerson,
                A::FilterCountry,
                A::PaneNext,
                A::Palette,
                A::Back,
            ],
            Context::Reader => &[
                A::NameNext,
                A::Back,
                A::Help,
                A::QuoteNext,
                A::Require,
                A::ArticleNext,
                A::Zoom,
                A::Palette,
            ],
            Context::Facets => {
                &[A::Require, A::Exclude, A::Back, A::Help, A::Only, A::SectionNext, A::PaneNext, A::Palette]
            }
            Context::Prompt => &[A::Accept, A::Cancel],
            Context::Picker => match self.purpose() {
                Some(Purpose::Facet(_)) => &[A::Accept, A::ChoiceExclude, A::ChoiceOnly, A::Cancel],
                Some(Purpose::Date | Purpose::Named(_) | Purpose::Saved) => {
                    &[A::Accept, A::ChoiceExclude, A::Cancel]
                }
                _ => &[A::Accept, A::Cancel],
            },
            Context::Sheet => &[A::Down, A::PageDown, A::SheetSearch, A::SheetClose],
        });
        actions
    }

    /// Draws the menu of the keys that can follow the pending ones at the foot of `area`, in as few rows as its width allows.
    /// Draws nothing, and returns `false`, if no key can follow or not all of them fit.
    pub fn draw_menu(self, area: Area, pen: &mut Pen<'_>) -> bool {
        const GAP: u16 = 3;
        let pending = self.keyboard.pending();
        let next = self.keyboard.keymap.continuations(self.app.context(), pending);
        if pending.is_empty() || next.is_empty() {
            return false;
        }
        let cells = |text: &str| u16::try_from(width::cells(text)).unwrap_or(u16::MAX / 4);
        let entries: Vec<(String, &str)> =
            next.iter().map(|(keys, action)| (sequence(keys), action.info().short)).collect();
        let keys = entries.iter().map(|(keys, _)| cells(keys)).max().unwrap_or(0);
        let words = entries.iter().map(|(_, short)| cells(short)).max().unwrap_or(0);
        let column = keys + 1 + words + GAP;
        let across = usize::from(((area.width + GAP).saturating_sub(2) / column).max(1));
        let rows = entries.len().div_ceil(across);
        let height = rows as u16 + 1;
        if height + 2 > area.height || column - GAP + 2 > area.width {
            return false;
        }
        let menu = Area { y: area.y + area.height - height, height, ..area };
        pen.clear(menu);
        pen.rule(menu.x, menu.y, menu.width, Part::Border);
        let members = |group: Group| next.iter().filter(|(_, action)| action.info().group == group).count();
        // Keys of several kinds have no title in common.
        let group = Group::ALL.into_iter().find(|group| members(*group) * 2 > next.len());
        let title = group.map(|group| format!(": {}", group.title().to_lowercase())).unwrap_or_default();
        let title = format!(" {}{title} ", sequence(pending));
        pen.put(menu.x + 1, menu.y, menu.width.saturating_sub(2), &title, Part::PaneTitleFocused);
        for (at, (key, short)) in entries.iter().enumerate() {
            let (x, y) = (menu.x + 1 + (at / rows) as u16 * column, menu.y + 1 + (at % rows) as u16);
            pen.put(x, y, keys, key, Part::Key);
            pen.put(x + keys + 1, y, words, short, Part::Hint);
        }
        true
    }

    /// Draws as many hints as fit completely into `room` cells from column `x`.
    pub fn draw_hints(self, x: u16, y: u16, room: u16, pen: &mut Pen<'_>) {
        let end = x + room;
        let mut at = x;
        for (keys, short) in self.hints() {
            let cells = width::cells(&keys) + 1 + width::cells(short);
            let cells = u16::try_from(cells).unwrap_or(u16::MAX);
            if cells > end.saturating_sub(at) {
                continue;
            }
            at += pen.put(at, y, end - at, &keys, Part::Key) + 1;
            at += pen.put(at, y, end.saturating_sub(at), short, Part::Hint) + 2;
        }
    }
}
