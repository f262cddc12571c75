//! Puts labels on the names, quotes and links that are visible, and goes where a typed label leads.

use super::super::App;
use super::super::action::{Action, Context};
use super::super::facets::FacetLine;
use super::super::labels::{Goal, Labels, Taken};
use super::super::layout::Pane;
use super::super::over::Over;
use super::super::reader::{Landmark, TextLine};
use crate::annotation::Field;
use crate::text::width;

impl App {
    pub(super) fn open_labels(&mut self) {
        self.settle();
        let layout = self.layout();
        let mut goals = if layout.reader.is_some() { self.goals_in_text() } else { Vec::new() };
        if layout.list.is_some() && self.view.lists_names() {
            let rows = self.view.len().saturating_sub(self.view.scroll.top).min(self.sight().height);
            goals.extend((0..rows).map(Goal::Row));
        }
        if let Some(area) = layout.facets {
            let lines = self.facets.visible(area.body().rows()).iter().enumerate();
            let names = lines.filter(|(_, line)| matches!(line, FacetLine::Name(..)));
            goals.extend(names.map(|(at, _)| Goal::Facet(at)));
        }
        if goals.is_empty() {
            self.notice = Some("no names and no links on the screen".to_owned());
            return;
        }
        self.over = Over::Labels(Labels::new(goals, self.labelled()));
    }

    /// The article in the reader and its first visible line, which labels are bound to.
    fn labelled(&self) -> Option<(crate::article::ArticleId, usize)> {
        self.reader.shown().map(|shown| (shown.stored.id, shown.top()))
    }

    /// Removes labels whose article has gone or has moved.
    pub(super) fn see_labels(&mut self) {
        if matches!(&self.over, Over::Labels(labels) if labels.on != self.labelled()) {
            self.over = Over::Nothing;
        }
    }

    /// The visible names, quotes and links. Of two that would cover one another's labels, a name is kept.
    fn goals_in_text(&self) -> Vec<Goal> {
        let Some(shown) = self.reader.shown() else { return Vec::new() };
        let look = self.reader.look();
        let mut spots: Vec<(bool, usize, u16, Goal)> = Vec::new();
        for (line, landmark) in shown.seen(look.height, look.tags) {
            let Some((field, span)) = shown.span_of(landmark) else { continue };
            let start = match (shown.text.lines().get(line), field) {
                (Some(TextLine::Title(of)), Field::Title) | (Some(TextLine::Body(of)), Field::Body) => {
                    of.start
                }
                _ => continue,
            };
            let before = shown.field(field).get(start as usize..span.start as usize).unwrap_or("");
            let column = u16::try_from(width::cells(before)).unwrap_or(u16::MAX);
            let quote = matches!(landmark, Landmark::Quote(_));
            spots.push((quote, line, column, Goal::Text { line, column, landmark }));
        }
        let first = shown.top();
        for (at, text) in shown.visible(look.height).iter().enumerate() {
            if let TextLine::Link(number, span) = *text
                && span.start == 0
            {
                let line = first + at;
                spots.push((false, line, 0, Goal::Link { line, number }));
            }
        }
        // Names first, so that a quote that begins with one gives way.
        spots.sort_by_key(|(quote, line, column, _)| (*quote, *line, *column));
        let mut kept: Vec<(usize, u16, Goal)> = Vec::new();
        for (_, line, column, goal) in spots {
            let covers = |(other, at, _): &(usize, u16, Goal)| *other == line && at.abs_diff(column) < 2;
            if !kept.iter().any(covers) {
                kept.push((line, column, goal));
            }
        }
        kept.sort_by_key(|(line, column, _)| (*line, *column));
        kept.into_iter().map(|(_, _, goal)| goal).collect()
    }

    /// Handles a letter while labels are shown. Returns whether they are.
    pub(super) fn take_label(&mut self, c: char) -> bool {
        let Over::Labels(labels) = &mut self.over else { return false };
        match labels.take(c) {
            Taken::More => {}
            Taken::Nothing => {
                let typed: String = labels.typed().into_iter().chain([c]).collect();
                self.over = Over::Nothing;
                self.notice = Some(format!("no label `{typed}`"));
            }
            Taken::Goal(goal) => {
                self.over = Over::Nothing;
                self.go_to_goal(goal);
            }
        }
        true
    }

    fn go_to_goal(&mut self, goal: Goal) {
        match goal {
            Goal::Text { landmark, .. } => {
                // The cursor in the text is what `+` and the like apply to, from the list, too.
                if self.pane_context() == Context::Facets {
                    self.focus = Pane::List;
                }
                self.reader.stand_on(landmark);
            }
            Goal::Link { number, .. } => self.copy(Action::OpenLink, Some(u32::from(number))),
            Goal::Row(row) => {
                self.focus = Pane::List;
                let scroll = self.view.scroll;
                self.move_selection((scroll.top + row) as i64 - scroll.at as i64);
            }
            Goal::Facet(row) => {
                self.focus = Pane::Facets;
                self.facets.go_to_seen(row);
            }
        }
    }
}
