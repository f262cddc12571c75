//! Marks articles as read, starred or tagged, and undoes that.

use super::super::App;
use super::super::action::Action;
use super::super::message::{Effect, Outcome, Ticket};
use super::super::over::{Over, Prompt, PromptPurpose};
use super::ask::Fresh;
use crate::article::ArticleId;
use crate::listing::{Marked, Marking};
use crate::query::{Grouping, Query, Target, Term};

/// The steps of this session that can be undone, by their kind. The library and the file of names each store what the
/// step was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Steps {
    done: Vec<Step>,
    undone: Vec<Step>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Marking,
    Naming,
}

impl Steps {
    pub(super) fn add(&mut self, step: Step) {
        self.done.push(step);
        self.undone.clear();
    }

    /// Removes the last step of this kind, because it was refused.
    fn forget_last(&mut self, step: Step) {
        if let Some(at) = self.done.iter().rposition(|done| *done == step) {
            self.done.remove(at);
        }
    }

    /// The kind of the step that is undone or redone; a mark of an earlier session if there is none in this one.
    fn turn(&mut self, action: Action) -> Step {
        let (from, to) = match action {
            Action::Undo => (&mut self.done, &mut self.undone),
            _ => (&mut self.undone, &mut self.done),
        };
        let step = from.pop();
        to.extend(step);
        step.unwrap_or(Step::Marking)
    }
}

impl App {
    /// Marks the article in the reader as read.
    pub(super) fn read_shown(&mut self) {
        if let Some(shown) = self.reader.shown()
            && !shown.stored.read
        {
            self.mark(shown.stored.id, Marking::Read);
        }
    }

    /// Marks one article: on the screen at once, in the library soon.
    pub(super) fn mark(&mut self, id: ArticleId, marking: Marking) {
        let folded = self.resolved().grouping == Grouping::Folded;
        let ids = if folded { self.story_of(id) } else { vec![id] };
        self.show_mark(&ids, &marking);
        let ticket = self.ticket();
        self.steps.add(Step::Marking);
        self.asked.marks.push(Fresh { ticket, ids, marking: marking.clone(), made: None });
        let target = if folded { Target::Stories(vec![id]) } else { Target::These(vec![id]) };
        self.effects.push(Effect::Mark { ticket, target, marking });
    }

    /// The articles that are known to tell the story of this one: those that the reader knows of, if it shows one of them.
    fn story_of(&self, id: ArticleId) -> Vec<ArticleId> {
        let story = self.reader.shown().map(|shown| {
            let copies = shown.stored.copies.iter().map(|copy| copy.key.id);
            std::iter::once(shown.stored.id).chain(copies).collect::<Vec<ArticleId>>()
        });
        story.filter(|story| story.contains(&id)).unwrap_or_else(|| vec![id])
    }

    /// Shows a mark on these articles.
    fn show_mark(&mut self, ids: &[ArticleId], marking: &Marking) {
        self.list.update_rows(|row| {
            if ids.contains(&row.key.id) {
                row.mark(marking);
            }
        });
        if self.reader.id().is_some_and(|shown| ids.contains(&shown)) {
            self.reader.update_marks(|stored| stored.mark(marking));
        }
    }

    /// Removes a mark from the screen that the library refused or did not store.
    pub(super) fn take_back_mark(&mut self, ticket: Ticket) {
        let Some(at) = self.asked.marks.iter().position(|fresh| fresh.ticket == ticket) else { return };
        let Fresh { ids, marking, .. } = self.asked.marks.remove(at);
        self.steps.forget_last(Step::Marking);
        self.show_mark(&ids, &marking.inverse());
    }

    pub(super) fn toggle_mark(&mut self, action: Action) {
        let Some(id) = self.subject() else {
            self.notice = Some("no article is selected".to_owned());
            return;
        };
        let row = self.list.row(id).map(|row| (row.read, row.starred));
        let shown = self.reader.shown().filter(|shown| shown.stored.id == id);
        let shown = shown.map(|shown| (shown.stored.read, shown.stored.starred));
        let Some((read, starred)) = row.or(shown) else { return };
        let marking = match (action, read, starred) {
            (Action::MarkRead, true, _) => Marking::Unread,
            (Action::MarkRead, false, _) => Marking::Read,
            (_, _, true) => Marking::Unstar,
            (_, _, false) => Marking::Star,
        };
        self.mark(id, marking);
    }

    pub(super) fn mark_all_read(&mut self) {
        let search =
            self.searches.selected().filter(|_| self.is_in_searches()).map(|search| search.name.clone());
        let query = match search {
            Some(name) => self.resolve(&Query { filter: Term::Saved(name).into(), ..Query::default() }),
            None => {
                self.list.update_rows(|row| row.read = true);
                self.reader.update_marks(|stored| stored.read = true);
                self.resolved()
            }
        };
        let ticket = self.ticket();
        self.asked.marked = Some((ticket, Action::MarkAllRead));
        let target = Target::Matching(query);
        self.effects.push(Effect::Mark { ticket, target, marking: Marking::Read });
    }

    pub(super) fn open_tag_prompt(&mut self) {
        match self.subject() {
            Some(id) => self.over = Over::Prompt(Prompt::new(PromptPurpose::Tag(id), "")),
            None => self.notice = Some("no article is selected".to_owned()),
        }
    }

    /// Adds a tag, or removes it if the text is `-tag`.
    pub(super) fn tag(&mut self, id: ArticleId, typed: &str) {
        let typed = typed.trim();
        let (marking, notice) = match typed.strip_prefix('-') {
            Some(tag) => (Marking::Untag(clean_tag(tag)), format!("untagged #{}", clean_tag(tag))),
            None => (Marking::Tag(clean_tag(typed)), format!("tagged #{}", clean_tag(typed))),
        };
        if let Marking::Tag(tag) | Marking::Untag(tag) = &marking
            && !tag.is_empty()
        {
            self.notice = Some(notice);
            self.mark(id, marking);
        }
    }

    pub(super) fn undo_or_redo(&mut self, action: Action) {
        if self.steps.turn(action) == Step::Naming {
            let undo = action == Action::Undo;
            self.effects.push(if undo { Effect::UndoNaming } else { Effect::RedoNaming });
            return;
        }
        let ticket = self.ticket();
        self.asked.marked = Some((ticket, action));
        self.effects.push(match action {
            Action::Undo => Effect::Undo { ticket },
            _ => Effect::Redo { ticket },
        });
    }

    /// Handles the outcome of a mark that the screen does not show yet.
    pub(super) fn take_marked(&mut self, action: Action, outcome: Outcome) {
        let Outcome::Marked(marked) = outcome else {
            // It was refused, but the screen shows all articles as read.
            if action == Action::MarkAllRead {
                self.refresh();
                self.reload();
            }
            return;
        };
        self.notice = Some(match (&marked, action) {
            (Some(marked), Action::Undo) => format!("undone: {}", in_words(marked)),
            (Some(marked), Action::Redo) => format!("redone: {}", in_words(marked)),
            (Some(marked), _) => format!("{}; U undoes it", in_words(marked)),
            (None, Action::Redo) => "nothing to redo".to_owned(),
            (None, _) => "nothing to undo".to_owned(),
        });
        if marked.is_some() {
            self.refresh();
            self.reload();
        }
    }

    /// Loads the article on the screen again, because its marks may have changed.
    fn reload(&mut self) {
        if let Some(id) = self.reader.id() {
            self.ask_again(id);
        }
    }

    /// Stores where reading stopped in the article that is shown.
    pub(in crate::app) fn keep_position(&mut self) {
        if let Some(shown) = self.reader.shown()
            && shown.position() != shown.stored.position
        {
            let effect = Effect::KeepPosition { id: shown.stored.id, position: shown.position() };
            self.effects.push(effect);
        }
    }
}

/// The tag without characters that would need quotes in a query.
fn clean_tag(typed: &str) -> String {
    typed.trim().trim_start_matches('#').split_whitespace().collect::<Vec<_>>().join("-")
}

fn in_words(marked: &Marked) -> String {
    let what = match &marked.marking {
        Marking::Read => "marked as read".to_owned(),
        Marking::Unread => "marked as unread".to_owned(),
        Marking::Star => "starred".to_owned(),
        Marking::Unstar => "unstarred".to_owned(),
        Marking::Tag(tag) => format!("tagged #{tag}"),
        Marking::Untag(tag) => format!("untagged #{tag}"),
    };
    format!("{} {what}", marked.changed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_taken_back_in_turn() {
        let mut steps = Steps::default();
        steps.add(Step::Naming);
        steps.add(Step::Marking);
        assert_eq!(steps.turn(Action::Undo), Step::Marking);
        assert_eq!(steps.turn(Action::Undo), Step::Naming);
        // A mark of an earlier session.
        assert_eq!(steps.turn(Action::Undo), Step::Marking);
        assert_eq!(steps.turn(Action::Redo), Step::Naming);
        steps.add(Step::Marking);
        assert_eq!(steps, Steps { done: vec![Step::Naming, Step::Marking], undone: vec![] });
    }
}
