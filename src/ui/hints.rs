//! Draws hints: which keys can be pressed now.

use super::Scene;
use super::pen::Pen;
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
        let hint = |action: Action| {
            let keys = self.keyboard.keymap.keys(action).next()?;
            Some((sequence(keys), action.info().short))
        };
        self.helpful(context).into_iter().filter(|action| action.is_in(context)).filter_map(hint).collect()
    }

    fn helpful(self, context: Context) -> Vec<Action> {
        let mut actions = Vec::new();
        let live = self.app.search_is_live();
        match context {
            Context::List | Context::Reader | Context::Facets => {
                if !self.app.query().filter.is_everything() {
                    actions.push(A::FilterDrop);
                }
                if live {
                    actions.push(A::NextUnread);
                }
            }
            _ => {}
        }
        if !self.app.warnings().is_empty() {
            actions.push(A::Warnings);
        }
        actions.extend_from_slice(match context {
            Context::List => &[
                A::Open,
                A::Search,
                A::FilterPerson,
                A::FilterCountry,
                A::PaneNext,
                A::Help,
                A::Palette,
                A::Back,
            ],
            Context::Reader => &[
                A::NameNext,
                A::QuoteNext,
                A::Require,
                A::ArticleNext,
                A::Back,
                A::Zoom,
                A::Help,
                A::Palette,
            ],
            Context::Facets => {
                &[A::Require, A::Exclude, A::Only, A::SectionNext, A::PaneNext, A::Back, A::Help, A::Palette]
            }
            Context::Prompt => &[A::Accept, A::Cancel],
            Context::Picker => &[A::Accept, A::ChoiceExclude, A::ChoiceOnly, A::Cancel],
            Context::Sheet => &[A::Down, A::PageDown, A::SheetSearch, A::SheetClose],
        });
        actions
    }

    /// Draws as many hints as fit completely into `room` cells from column `x`.
    pub fn draw_hints(self, x: u16, y: u16, room: u16, pen: &mut Pen<'_>) {
        let end = x + room;
        let mut at = x;
        for (keys, short) in self.hints() {
            let cells = width::cells(&keys) + 1 + width::cells(short);
            let cells = u16::try_from(cells).unwrap_or(u16::MAX);
            if cells > end.saturating_sub(at) {
                break;
            }
            at += pen.put(at, y, end - at, &keys, Part::Key) + 1;
            at += pen.put(at, y, end.saturating_sub(at), short, Part::Hint) + 2;
        }
    }
}
