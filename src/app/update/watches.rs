//! Watches saved searches: counts what is new in them since they were looked at, and lists that.

use super::super::App;
use super::super::Context;
use super::super::facets::FacetLine;
use super::super::history::{SearchChange, SearchStep, Step};
use super::super::list::Land;
use super::super::message::{Lane, Outcome, Question};
use super::super::searches::clean_name;
use super::super::short;
use super::super::view::watches::{Counts, Watch};
use super::super::view::{Rows, ViewKind, Watches};
use crate::article::ArticleId;
use crate::listing::{FacetKind, Hold};
use crate::query::edit::facet_term;
use crate::query::{Filter, Query, Term};

/// The most bytes of the name that a watch gets from a filter.
const LONGEST_NAME: usize = 40;

/// What is known of the saved searches that are watched.
#[derive(Clone, Debug, Default)]
pub struct Watching {
    /// The last article that was there when each was looked at.
    seen: Vec<(String, ArticleId)>,
    counts: Vec<(String, Counts)>,
    /// The last article of the library when they were counted.
    last: Option<ArticleId>,
}

impl Watching {
    pub fn new(seen: Vec<(String, ArticleId)>) -> Watching {
        Watching { seen, ..Watching::default() }
    }

    pub fn seen(&self) -> &[(String, ArticleId)] {
        &self.seen
    }

    fn seen_of(&self, name: &str) -> Option<ArticleId> {
        self.seen.iter().find(|(other, _)| other == name).map(|(_, id)| *id)
    }

    fn see(&mut self, name: &str, id: ArticleId) {
        self.seen.retain(|(other, _)| other != name);
        self.seen.push((name.to_owned(), id));
    }

    /// Takes over what was counted. What is watched for the first time has nothing new yet.
    pub fn take(&mut self, watches: &Watches) {
        self.last = Some(watches.last);
        self.counts = watches.rows.iter().map(|row| (row.name.clone(), row.counts)).collect();
        for row in &watches.rows {
            if self.seen_of(&row.name).is_none() {
                self.see(&row.name, watches.last);
            }
        }
    }

    fn new_in(&self, name: &str) -> u64 {
        self.counts.iter().find(|(other, _)| other == name).map_or(0, |(_, counts)| counts.new)
    }
}

impl App {
    /// How many articles are new in a saved search that is watched; `None` if it is not watched.
    pub fn new_in(&self, name: &str) -> Option<u64> {
        self.is_watched(name).then(|| self.watching.new_in(name))
    }

    fn is_watched(&self, name: &str) -> bool {
        self.setup.watched.iter().any(|watched| watched == name)
    }

    /// All saved searches, to be counted.
    pub(super) fn all_watches(&self) -> Vec<Watch> {
        let one = |search: &super::super::searches::SavedSearch| {
            let filter = Filter::from(Term::Saved(search.name.clone()));
            Watch {
                name: search.name.clone(),
                text: search.text.clone(),
                watched: self.is_watched(&search.name),
                query: self.resolve(&Query { filter, ..Query::default() }),
                seen: self.watching.seen_of(&search.name),
            }
        };
        self.searches.all().iter().map(one).collect()
    }

    /// Asks what is new in the saved searches that are watched. Only one such question is open at a time.
    pub(super) fn ask_watches(&mut self) {
        if self.asked.watches.is_some() {
            self.asked.stale_watches = true;
            return;
        }
        self.asked.stale_watches = false;
        let watches: Vec<Watch> = self.all_watches().into_iter().filter(|watch| watch.watched).collect();
        if !watches.is_empty() {
            self.asked.watches = Some(self.ask(Lane::Watches, Question::Watches { watches }));
        }
    }

    pub(super) fn take_watches(&mut self, outcome: &Outcome) {
        if let Outcome::View(Rows::Watches(watches)) = outcome {
            self.watching.take(watches);
        }
        if *outcome == Outcome::Cancelled || self.asked.stale_watches {
            self.ask_watches();
        }
    }

    /// Lists what is new in a saved search, or everything if nothing is; from now on that is not new any more.
    pub(super) fn open_watch(&mut self, name: &str) {
        let from = self.place();
        let mut query = Query { filter: Term::Saved(name.to_owned()).into(), ..Query::default() };
        if let (Some(seen), true) = (self.watching.seen_of(name), self.watching.new_in(name) > 0) {
            query = query.with(Term::Newer(seen).into());
        }
        if let Some(last) = self.watching.last {
            self.watching.see(name, last);
        }
        self.switch_view(ViewKind::Articles);
        self.show_query(query, Hold::fresh(), Land::First);
        self.ask_watches();
        self.stepped(from);
    }

    /// The name that the person points at: of a row, of a line of the names, or in the text.
    fn name_here(&self) -> Option<(FacetKind, String, String)> {
        if self.context() == Context::Facets {
            let FacetLine::Name(kind, at) = self.facets.line()? else { return None };
            let facet = self.facets.facet(kind, at)?;
            return Some((kind, facet.value.clone(), facet.name.clone()));
        }
        if self.is_reading() {
            let entity = self.reader.under()?.entity?;
            let value = entity.code.map_or_else(|| entity.name.clone(), |code| code.as_str().to_owned());
            return Some((FacetKind::Entity(entity.kind), value, entity.name.clone()));
        }
        let (kind, value) = self.view.name(self.view.scroll.at)?;
        let name = match &self.view.rows {
            Rows::Names(names) => names.names.get(self.view.scroll.at).map(|facet| facet.name.clone()),
            _ => None,
        };
        Some((kind, value.to_owned(), name.unwrap_or_else(|| value.to_owned())))
    }

    /// The saved search under the cursor of the view of the watches.
    pub(super) fn watch_here(&self) -> Option<String> {
        match (&self.view.rows, self.context()) {
            (Rows::Watches(watches), Context::List) => {
                watches.rows.get(self.view.scroll.at).map(|row| row.name.clone())
            }
            _ => None,
        }
    }

    /// Watches what is pointed at, or stops watching it.
    pub(super) fn watch(&mut self) {
        let at_rest = !self.is_reading() && self.context() != Context::Facets;
        if let Some(name) = self.named_search().filter(|_| at_rest) {
            return self.toggle_watch(&name);
        }
        let named = self.name_here().and_then(|(kind, value, name)| {
            Some((Query { filter: facet_term(kind, &value)?, ..Query::default() }, name))
        });
        let (query, called) = match named {
            Some(named) => named,
            None if self.query.filter.is_everything() => {
                self.notice = Some("nothing to watch here: set a filter, or go to a name".to_owned());
                return;
            }
            None => (Query { hold: None, ..self.query.clone() }, self.query.to_string()),
        };
        let mut name = called;
        while name.len() > LONGEST_NAME {
            name.pop();
        }
        let Some(name) = clean_name(&name) else {
            self.notice = Some("this cannot be watched: it has no letter and no digit".to_owned());
            return;
        };
        if self.searches.find(&name).is_some() {
            return self.toggle_watch(&name);
        }
        let text = self.resolve(&query).to_string();
        let at = self.searches.all().len();
        let forth = vec![SearchChange::Restore { name: name.clone(), query: text.clone(), at, watch: true }];
        let back = vec![SearchChange::Remove { name: name.clone() }];
        self.make_watch_step(format!("watching @{name}: {}", short::text(&text)), back, forth);
    }

    /// Watches a saved search, or stops watching it.
    fn toggle_watch(&mut self, name: &str) {
        let Some(at) = self.searches.all().iter().position(|search| search.name == name) else { return };
        let query = self.searches.find(name).map(|search| search.text.clone()).unwrap_or_default();
        let on = !self.is_watched(name);
        let to = |watch: bool| {
            let (name, query) = (name.to_owned(), query.clone());
            vec![
                SearchChange::Remove { name: name.clone() },
                SearchChange::Restore { name, query, at, watch },
            ]
        };
        let words = if on { format!("watching @{name}") } else { format!("not watching @{name} any more") };
        self.make_watch_step(words, to(!on), to(on));
    }

    fn make_watch_step(&mut self, words: String, back: Vec<SearchChange>, forth: Vec<SearchChange>) {
        let cursor = self.searches.selected().map(|search| search.name.clone());
        let filter = (self.query.to_string(), self.query.to_string());
        forth.iter().for_each(|change| self.change_search(change.clone()));
        if let Some(name) = cursor {
            self.searches.enter_named(&name);
        }
        self.notice = Some(format!("{words}; v W shows what is new; U undoes it"));
        self.history.add(Step::Searches(SearchStep { words, back, forth, filter }));
        self.ask_unread();
        if self.view.kind == ViewKind::Watches {
            self.ask_view();
        }
    }
}
