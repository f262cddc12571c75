//! Marks articles as read, starred or tagged, and undoes that.

use super::super::App;
use super::super::action::Action;
use super::super::history::Step;
use super::super::message::{Effect, Outcome, Ticket};
use super::super::over::{Over, Prompt, PromptPurpose};
use super::ask::{Fresh, Tagging};
use super::undo::told;
use crate::article::ArticleId;
use crate::listing::{ChangeId, Marked, Marking, Tally};
use crate::query::{Mark, Query, Target, Term};

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
        self.mark_these(&[id], marking);
    }

    /// Marks articles, as one change: on the screen at once, in the library soon.
    pub(super) fn mark_these(&mut self, subjects: &[ArticleId], marking: Marking) {
        let folded = self.resolved().grouping.folds_copies();
        let ids = match subjects {
            [id] if folded => self.story_of(*id),
            subjects => subjects.to_vec(),
        };
        self.show_mark(&ids, &marking);
        let (ticket, change) = (self.ticket(), self.history.name());
        let count = subjects.len() as u64;
        let stories = folded.then_some(count);
        let words =
            in_words(&Marked { marking: marking.clone(), changed: Tally { articles: count, stories } });
        self.history.add(Step::Mark { change, words });
        self.asked.marks.push(Fresh { ticket, change, ids, marking: marking.clone(), made: None });
        let target = match folded {
            true => Target::Stories(subjects.to_vec()),
            false => Target::These(subjects.to_vec()),
        };
        self.effects.push(Effect::Mark { ticket, change, target, marking });
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
        let Fresh { ids, marking, change, .. } = self.asked.marks.remove(at);
        self.history.forget(change);
        self.show_mark(&ids, &marking.inverse());
    }

    pub(super) fn toggle_mark(&mut self, action: Action) {
        let Some(ids) = self.subjects(action) else { return };
        let mut states = ids.iter().filter_map(|id| {
            let row = self.list.row(*id).map(|row| (row.read, row.starred));
            let shown = self.reader.shown().filter(|shown| shown.stored.id == *id);
            row.or(shown.map(|shown| (shown.stored.read, shown.stored.starred)))
        });
        // Of several, all get the mark unless all that are known have it.
        let several = ids.len() > 1;
        let Some(first) = states.next().or(several.then_some((false, false))) else { return };
        let (read, starred) = states.fold(first, |all, one| (all.0 && one.0, all.1 && one.1));
        let marking = match (action, read, starred) {
            (Action::MarkRead, true, _) => Marking::Unread,
            (Action::MarkRead, false, _) => Marking::Read,
            (_, _, true) => Marking::Unstar,
            (_, _, false) => Marking::Star,
        };
        self.mark_these(&ids, marking);
        self.tell_several(&ids);
    }

    /// After several rows were marked: says so, and ends the selection.
    fn tell_several(&mut self, ids: &[ArticleId]) {
        if self.selection.take().is_some()
            && let Some(step) = self.history.last()
        {
            let rows = if ids.len() == 1 { "1 row".to_owned() } else { format!("{} rows", ids.len()) };
            self.notice = Some(format!("{rows}: {}; U undoes it", step.words()));
        }
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
        let (ticket, change) = (self.ticket(), self.history.name());
        self.history.add(Step::Mark { change, words: "all marked as read".to_owned() });
        self.asked.marked = Some((ticket, Action::MarkAllRead, change));
        let target = Target::Matching(query);
        self.effects.push(Effect::Mark { ticket, change, target, marking: Marking::Read });
    }

    pub(super) fn open_tag_prompt(&mut self) {
        let Some(ids) = self.subjects(Action::Tag) else { return };
        self.asked.tagging = (self.awaits_row() && self.selection.is_none()).then_some(Tagging::Typing);
        self.over = Over::Prompt(Prompt::new(PromptPurpose::Tag(ids), ""));
    }

    /// Adds a tag, or removes it if the text is `-tag`.
    pub(super) fn tag(&mut self, ids: &[ArticleId], typed: &str) {
        let typed = typed.trim();
        let (marking, notice) = match typed.strip_prefix('-') {
            Some(tag) => {
                (Marking::Untag(clean_tag(tag)), format!("untagged #{}; U undoes it", clean_tag(tag)))
            }
            None => (Marking::Tag(clean_tag(typed)), format!("tagged #{}; U undoes it", clean_tag(typed))),
        };
        if let Marking::Tag(tag) | Marking::Untag(tag) = &marking
            && !tag.is_empty()
        {
            if tag.len() > LONGEST_TAG {
                self.notice = Some(format!("not tagged: a tag has at most {LONGEST_TAG} bytes"));
                return;
            }
            self.notice = Some(notice);
            self.mark_these(ids, marking);
            self.tell_several(ids);
        }
    }

    /// Moves the article to the trash, or out of it where the filter lists what is in the trash.
    pub(super) fn delete(&mut self) {
        let marking =
            if self.query.filter.asks_for(Mark::Deleted) { Marking::Undelete } else { Marking::Delete };
        self.put_away(marking, "deleted; U undoes it, and is:deleted finds it");
    }

    /// Puts the article out of sight, or shows it again where the filter lists what is hidden.
    pub(super) fn hide(&mut self) {
        let marking = if self.query.filter.asks_for(Mark::Hidden) { Marking::Unhide } else { Marking::Hide };
        self.put_away(marking, "hidden; U undoes it, and is:hidden finds it");
    }

    fn put_away(&mut self, marking: Marking, told: &str) {
        if self.setup.closed.is_some() {
            self.notice = Some("articles cannot be hidden or deleted here: they are shared".to_owned());
            return;
        }
        let action = match marking {
            Marking::Hide | Marking::Unhide => Action::Hide,
            _ => Action::Delete,
        };
        let Some(ids) = self.subjects(action) else { return };
        self.notice = Some(match marking {
            Marking::Undelete => "undeleted; U undoes it".to_owned(),
            Marking::Unhide => "not hidden any more; U undoes it".to_owned(),
            _ => told.to_owned(),
        });
        self.mark_these(&ids, marking);
        self.tell_several(&ids);
        // The next one is there for the next key.
        if ids.len() == 1 && !self.is_reading() && self.view.is_articles() {
            self.move_selection(1);
        }
    }

    /// The library has made a mark of single articles: names its step after what it did.
    pub(super) fn call_mark(&mut self, ticket: Ticket, marked: &Marked) {
        let Some(change) =
            self.asked.marks.iter().find(|fresh| fresh.ticket == ticket).map(|fresh| fresh.change)
        else {
            return;
        };
        match marked.changed.is_zero() {
            true => {
                self.history.forget(change);
                self.history.add_nothing();
            }
            false => self.history.call(change, &in_words(marked)),
        }
    }

    /// Handles the outcome of a mark that the screen does not show yet.
    pub(super) fn take_marked(&mut self, action: Action, change: ChangeId, outcome: Outcome) {
        let Outcome::Marked(marked) = outcome else {
            // It was refused, but the screen shows all articles as read.
            if action == Action::MarkAllRead {
                self.history.forget(change);
                self.refresh();
                self.reload();
            }
            return;
        };
        let marked = marked.filter(|marked| action != Action::MarkAllRead || !marked.changed.is_zero());
        self.notice = Some(match (&marked, action) {
            (Some(marked), Action::Undo | Action::Redo) => told(action == Action::Undo, &in_words(marked)),
            (Some(marked), _) => {
                self.history.call(change, &in_words(marked));
                format!("{}; U undoes it", in_words(marked))
            }
            (None, Action::Undo | Action::Redo) => {
                self.history.forget(change);
                "the library does not have this change any more".to_owned()
            }
            (None, _) => {
                self.history.forget(change);
                self.history.add_nothing();
                "all of them are read already".to_owned()
            }
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
/// The most bytes of a tag that is typed.
const LONGEST_TAG: usize = 200;

pub(super) fn clean_tag(typed: &str) -> String {
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
        Marking::Hide => "hidden".to_owned(),
        Marking::Unhide => "not hidden any more".to_owned(),
        Marking::Delete => "deleted".to_owned(),
        Marking::Undelete => "undeleted".to_owned(),
    };
    format!("{} {what}", marked.changed)
}
