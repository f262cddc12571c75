//! Saved searches: opens, saves, renames and removes them, and counts their unread articles.

use super::super::action::Action;
use super::super::history::{SearchChange, SearchStep, Step};
use super::super::list::Land;
use super::super::message::{Lane, Question};
use super::super::over::{Over, Prompt, PromptPurpose};
use super::super::picker::{Choice, Chosen, Picker, Purpose};
use super::super::searches::{Moved, clean_name};
use super::super::short;
use super::super::{App, Context};
use crate::query::{Filter, Query, Term};

/// The most searches that are saved in the reader, and that are counted: a config file may have more.
const MOST_SEARCHES: usize = 200;

impl App {
    /// A move that enters the saved searches, stays within them or leaves them. Returns whether it was one.
    pub(super) fn moves_in_searches(&mut self, action: Action, delta: i64) -> bool {
        if !self.view.is_articles() || self.searches.is_empty() {
            return false;
        }
        if self.searches.selected().is_some() {
            if action == Action::Bottom {
                self.searches.leave();
                return false;
            }
            if self.searches.move_by(delta) == Moved::Left {
                self.follow();
            }
            return true;
        }
        let enters = self.list.position() <= 1;
        match action {
            Action::Up if enters => self.searches.enter(usize::MAX),
            Action::Top if enters => self.searches.enter(0),
            _ => return false,
        }
        true
    }

    /// Whether the cursor is on a saved search.
    pub(in crate::app) fn is_in_searches(&self) -> bool {
        self.context() == Context::List && self.searches.selected().is_some()
    }

    /// Handles Enter on a saved search: it becomes the filter. Returns whether the cursor was on one.
    pub(super) fn open_saved_search(&mut self) -> bool {
        let Some(search) = self.searches.selected() else { return false };
        let filter = Filter::from(Term::Saved(search.name.clone()));
        // The cursor is still on the search, so that `q` leads back to it.
        self.set_query(Query { filter, ..Query::default() }, Land::First);
        self.searches.leave();
        true
    }

    pub(super) fn open_saved_picker(&mut self) {
        let choices = self.searches.all().iter().map(|search| {
            let filter = Filter::from(Term::Saved(search.name.clone()));
            Choice::new(search.name.clone(), search.unread, Chosen::Filter(filter))
        });
        let choices: Vec<Choice> = choices.collect();
        if choices.is_empty() {
            self.notice = Some("there are no saved searches; S saves the current filter".to_owned());
            return;
        }
        self.over = Over::Picker(Picker::new(Purpose::Saved, choices));
    }

    /// The filter, with this saved search instead of others.
    pub(super) fn with_saved(&self, filter: &Filter) -> Query {
        let others: Vec<usize> = (0..self.query.chips().len())
            .rev()
            .filter(|at| matches!(self.query.chips().get(*at), Some(Filter::Term(Term::Saved(_)))))
            .collect();
        let kept = others.into_iter().fold(self.query.clone(), |query, at| query.without(at));
        kept.with(filter.clone())
    }

    /// Handles `+ - *` on a saved search. Returns whether the cursor was on one.
    pub(super) fn filter_by_search(&mut self, action: Action) -> bool {
        let Some(search) = self.searches.selected().filter(|_| self.is_in_searches()) else { return false };
        let filter = Filter::from(Term::Saved(search.name.clone()));
        match action {
            Action::Require => self.set_query(self.query.with(filter), self.narrowed()),
            Action::Exclude => self.set_query(self.query.with(Filter::not(filter)), self.narrowed()),
            _ => self.set_query(self.with_saved(&filter), Land::First),
        }
        true
    }

    pub(super) fn open_save_prompt(&mut self) {
        if self.query.filter.is_everything() {
            self.notice = Some("there is no filter to save".to_owned());
            return;
        }
        let purpose = PromptPurpose::SaveSearch(self.query.clone());
        self.over = Over::Prompt(Prompt::new(purpose, ""));
    }

    pub(super) fn save_search(&mut self, query: &Query, typed: &str) {
        let Some(name) = clean_name(typed) else {
            self.notice = Some("not saved: a saved search needs a name".to_owned());
            return;
        };
        if self.searches.find(&name).is_none() && self.searches.all().len() >= MOST_SEARCHES {
            self.notice =
                Some(format!("not saved: there are {MOST_SEARCHES} saved searches; f D removes one"));
            return;
        }
        // A saved search that uses itself would match nothing.
        let text = match self.searches.uses(query, &name) {
            true => self.resolve(query).to_string(),
            false => query.to_string(),
        };
        let before = self.searches.find(&name).map(|search| search.text.clone());
        if before.as_deref() == Some(text.as_str()) {
            self.history.add_nothing();
            self.notice = Some(format!("@{name} is saved already: {}", short::text(&text)));
            return;
        }
        let verb = if before.is_some() { "changed" } else { "saved" };
        let back = match before {
            Some(query) => SearchChange::Keep { name: name.clone(), query },
            None => SearchChange::Remove { name: name.clone() },
        };
        let forth = vec![SearchChange::Keep { name: name.clone(), query: text.clone() }];
        self.make_search_step(
            format!("{verb} @{name}: {}", short::text(&text)),
            vec![back],
            forth,
            self.query.clone(),
        );
    }

    /// The saved search that an action applies to: the one under the cursor, or the one in the filter.
    pub(super) fn named_search(&self) -> Option<String> {
        if let Some(name) = self.watch_here() {
            return Some(name);
        }
        let under =
            self.searches.selected().filter(|_| self.is_in_searches()).map(|search| search.name.clone());
        let used = match self.query.saved_names()[..] {
            [name] => self.searches.find(name).map(|search| search.name.clone()),
            _ => None,
        };
        under.or(used)
    }

    fn tell_no_search(&mut self) {
        self.notice = Some("no saved search here; open one, or move to one above the list".to_owned());
    }

    pub(super) fn open_rename_prompt(&mut self) {
        match self.named_search() {
            Some(name) => {
                let prompt = Prompt::new(PromptPurpose::RenameSearch(name.clone()), &name);
                self.over = Over::Prompt(prompt);
            }
            None => self.tell_no_search(),
        }
    }

    pub(super) fn rename_search(&mut self, from: &str, typed: &str) {
        let Some(to) = clean_name(typed).filter(|to| to != from) else { return };
        if self.searches.find(&to).is_some() {
            self.notice = Some(format!("not renamed: there is already a saved search @{to}"));
            return;
        }
        let mut back = vec![SearchChange::Rename { from: to.clone(), to: from.to_owned() }];
        let mut forth = vec![SearchChange::Rename { from: from.to_owned(), to: to.clone() }];
        for search in self.searches.users_of(from) {
            let query = Query::parse(&search.text, self.setup.today).0.renaming(from, &to).to_string();
            back.push(SearchChange::Keep { name: search.name.clone(), query: search.text.clone() });
            forth.push(SearchChange::Keep { name: search.name.clone(), query });
        }
        let query = self.query.renaming(from, &to);
        self.make_search_step(format!("@{from} is now called @{to}"), back, forth, query);
    }

    pub(super) fn remove_search(&mut self) {
        let Some(name) = self.named_search() else { return self.tell_no_search() };
        let at = self.searches.all().iter().position(|search| search.name == name).unwrap_or(0);
        let query = self.searches.find(&name).map(|search| search.text.clone()).unwrap_or_default();
        let filter = match self.searches.uses(&self.query, &name) {
            true => self.resolve(&self.query),
            false => self.query.clone(),
        };
        let watch = self.setup.watched.contains(&name);
        let back = vec![SearchChange::Restore { name: name.clone(), query: query.clone(), at, watch }];
        let forth = vec![SearchChange::Remove { name: name.clone() }];
        self.make_search_step(format!("removed @{name}: {}", short::text(&query)), back, forth, filter);
    }

    /// Changes the saved searches, and the filter with them, as one step that can be undone.
    fn make_search_step(
        &mut self,
        words: String,
        back: Vec<SearchChange>,
        forth: Vec<SearchChange>,
        query: Query,
    ) {
        let filter = (self.query.to_string(), query.to_string());
        forth.iter().for_each(|change| self.change_search(change.clone()));
        self.set_query(query, self.stay());
        self.noted = self.query.clone();
        self.notice = Some(format!("{words}; U undoes it"));
        self.history.add(Step::Searches(SearchStep { words, back, forth, filter }));
        self.searches_changed();
    }

    /// Asks again for everything that depends on a saved search that has changed.
    pub(super) fn searches_changed(&mut self) {
        self.ask_all(self.stay());
        self.ask_unread();
    }

    /// Asks how many unread articles each saved search has. Only one such question is open at a time.
    pub(in crate::app) fn ask_unread(&mut self) {
        self.ask_watches();
        if self.asked.unread.is_some() {
            self.asked.stale_unread = true;
            return;
        }
        self.asked.stale_unread = false;
        let queries: Vec<Query> = self
            .searches
            .all()
            .iter()
            .take(MOST_SEARCHES)
            .map(|search| {
                let filter = Filter::from(Term::Saved(search.name.clone()));
                self.resolve(&Query { filter, ..Query::default() })
            })
            .collect();
        if !queries.is_empty() {
            self.asked.unread = Some(self.ask(Lane::Saved, Question::Unread { queries }));
        }
    }
}
