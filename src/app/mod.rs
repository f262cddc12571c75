//! The state of the reader, the only way in which it changes, and what it asks for.
//!
//! [`App::update`] takes a [`Message`] and returns [`Effect`]s. No I/O, no clock, no terminal: what the library knows
//! arrives as answers, and time arrives as messages.

pub mod action;
pub mod card;
mod earlier;
pub mod facets;
mod fit;
pub mod help;
pub mod history;
pub mod labels;
pub mod layout;
mod line;
pub mod list;
mod message;
pub mod over;
pub mod picker;
mod pinned;
mod place;
pub mod reader;
pub mod scroll;
pub mod searches;
pub mod sheet;
pub mod short;
mod update;
pub mod view;
pub mod world;

pub use action::{Action, Context};
pub use card::Card;
#[cfg(test)]
pub use history::RuleDoes;
pub use history::SearchChange;
pub use layout::{ReaderWidth, Size};
pub use line::Line;
pub use message::{
    Announce, BoardOrder, Downloading, Effect, Fetch, Fetching, Lane, Loading, Message, Mouse, MouseDoes,
    Outcome, Progress, Question, Refreshing, SourceWish, Ticket, Whereabouts,
};

use crate::article::ArticleId;
use crate::formats::Warning;
use crate::listing::{Count, FacetKind, Hold, Tally};
use crate::outlet::Form;
use crate::query::{Filter, Query, Term};
use chrono::NaiveDate;
use earlier::Earlier;
use facets::FacetPane;
use history::History;
use layout::{Arrangement, FacetsShown, Layout, Pane, RowsShown, Wish};
use list::{List, Sight};
use over::Over;
use place::Places;
use reader::Reader;
use scroll::Pace;
use searches::Searches;
use std::time::Duration;
use update::Asked;
use view::{Leads, RowId, View, ViewKind};

/// Whose articles are shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Edition {
    /// Those of the person.
    #[default]
    Own,
    /// The sample edition, whose news is invented.
    Sample,
}

/// What the reader starts with.
#[derive(Clone, Debug)]
pub struct Setup {
    pub size: Size,
    /// The current day of the person, for `3d` and similar.
    pub today: NaiveDate,
    /// The longest line of text in the reader, in cells.
    pub measure: u16,
    /// Whether other panes may stand beside the reader.
    pub reader_width: ReaderWidth,
    /// How long the list must rest before the reader shows the selected article.
    pub follow_after: Duration,
    /// The saved searches, as name and query, in the order in which they are shown.
    pub saved: Vec<(String, String)>,
    /// The names of those whose new articles are announced.
    pub watched: Vec<String>,
    /// Whether to show the card for the first run.
    pub card: Card,
    /// Where to begin.
    pub from: Whereabouts,
    /// What to show if the library is empty: how to add articles.
    pub empty_hint: String,
    /// A random number, which tells the changes of this session from all others.
    pub session: i64,
    pub edition: Edition,
    /// Why nothing can be fetched or added here; `None` if it can.
    pub closed: Option<&'static str>,
    /// A line to show at the start, until the first key: `the sample edition; dateline add … adds your own`.
    pub greeting: Option<String>,
    /// Whether to ask before quitting.
    pub confirm_quit: bool,
    /// The form in which an article is given to a command, unless another one is chosen.
    pub piped_as: Form,
    /// The folder in which articles are saved, with a `/` at its end; empty for the one that the program was started in.
    pub save_to: String,
    /// The keys of several actions, and what they do.
    pub macros: Vec<(String, String)>,
}

/// A name that the filter asks for articles about.
#[derive(Clone, Debug)]
struct About {
    kind: FacetKind,
    value: String,
    /// Whether the articles were listed.
    listed: bool,
}

/// The state of the reader.
#[derive(Debug)]
pub struct App {
    setup: Setup,
    query: Query,
    /// What was listed since the filter was set stays listed under it.
    hold: Hold,
    list: List,
    searches: Searches,
    view: View,
    /// The row under the cursor of each view when it was left, with the filter that it was under.
    rows_of_views: Vec<(ViewKind, Query, (RowId, usize))>,
    reader: Reader,
    facets: FacetPane,
    /// How many stories and articles a filter has, as the last facets counted them.
    tallied: Option<(Query, Tally)>,
    focus: Pane,
    arrangement: Arrangement,
    /// Whether the person wants the names, once that has been said.
    facets_wanted: Option<FacetsShown>,
    over: Over,
    /// The name that is being corrected.
    naming: Option<update::Naming>,
    /// What was looked at, for the way back.
    places: Places,
    /// What can be undone and redone.
    history: History,
    /// The filter as the history has it.
    noted: Query,
    notice: Option<String>,
    /// The name that the last condition asks for articles about.
    about: Option<About>,
    /// The conditions that the last search added.
    searched: Vec<Filter>,
    /// The searches typed in this session and before it.
    earlier: Earlier,
    /// The actions that were chosen by their names, the last one first.
    recent: Vec<Action>,
    /// The command to which an article was given last.
    piped: String,
    /// The rows that are selected for the next mark.
    selection: Option<update::Selection>,
    /// The board on which something was put last, and the names of all, as far as they are known.
    board_used: String,
    boards_known: Vec<String>,
    /// What is new in the saved searches.
    watching: update::Watching,
    card: Card,
    progress: Progress,
    fetching: Option<Fetching>,
    downloading: Option<Downloading>,
    refreshing: Option<Refreshing>,
    /// Whether the archive has left a question without an answer for some seconds.
    late: bool,
    warnings: Vec<Warning>,
    /// Those of the warnings that are about sources.
    failing: Vec<Warning>,
    /// Whether the person has pressed a key. Until then the list stays at its top.
    touched: Touched,
    asked: Asked,
    /// The effects of the current message.
    effects: Vec<Effect>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Touched {
    Yes,
    No,
}

/// How the filter uses a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InFilter {
    Required,
    Excluded,
    Free,
}

impl App {
    /// The reader before anything is known about the library, and its first questions.
    pub fn start(setup: Setup) -> (App, Vec<Effect>) {
        let from = setup.from.clone();
        let (query, hints) = Query::parse(&from.query, setup.today);
        let mut app = App {
            query,
            hold: Hold::fresh(),
            about: None,
            notice: hints.into_iter().next().map(|hint| hint.message).or_else(|| setup.greeting.clone()),
            searched: Vec::new(),
            earlier: Earlier::new(from.searches.iter().cloned()),
            recent: Vec::new(),
            piped: String::new(),
            selection: None,
            board_used: String::new(),
            boards_known: Vec::new(),
            watching: update::Watching::new(from.seen.clone()),
            card: setup.card,
            searches: Searches::new(&setup.saved, setup.today),
            history: History::new(from.history.clone(), setup.session),
            noted: Query::parse(&from.query, setup.today).0,
            setup,
            list: List::default(),
            view: View::new(from.view),
            rows_of_views: Vec::new(),
            reader: Reader::default(),
            facets: FacetPane::default(),
            tallied: None,
            focus: Pane::List,
            arrangement: Arrangement::Panes,
            facets_wanted: None,
            over: Over::Nothing,
            naming: None,
            places: Places::default(),
            progress: Progress::default(),
            fetching: None,
            downloading: None,
            refreshing: None,
            late: false,
            warnings: Vec::new(),
            failing: Vec::new(),
            touched: if from.selected.is_some() { Touched::Yes } else { Touched::No },
            asked: Asked::default(),
            effects: Vec::new(),
        };
        app.settle();
        if let Some(fault) = app.fault_of_searches(|_| true) {
            app.notice = Some(fault);
        }
        app.ask_all(from.selected.map_or(list::Land::First, |key| list::Land::Again(key, from.row)));
        app.ask_unread();
        let effects = std::mem::take(&mut app.effects);
        (app, effects)
    }

    /// The keys of several actions, and what they do.
    pub fn macros(&self) -> &[(String, String)] {
        &self.setup.macros
    }

    pub fn card(&self) -> Card {
        self.card
    }

    /// What receives the keys now.
    pub fn context(&self) -> Context {
        match &self.over {
            Over::Prompt(_) | Over::Labels(_) => Context::Prompt,
            Over::Picker(_) | Over::Help(_) => Context::Picker,
            Over::Sheet(sheet) if sheet.typing == sheet::Typing::Yes => Context::Prompt,
            Over::Sheet(_) => Context::Sheet,
            Over::Nothing => self.pane_context(),
        }
    }

    /// The context of the pane that has the focus, even if something is shown over it.
    pub fn pane_context(&self) -> Context {
        match (self.arrangement, self.focus) {
            _ if self.is_below() => Context::List,
            (Arrangement::ReaderAlone, _) | (_, Pane::Reader) => Context::Reader,
            (_, Pane::List) => Context::List,
            (_, Pane::Facets) => Context::Facets,
        }
    }

    pub fn edition(&self) -> Edition {
        self.setup.edition
    }

    pub fn size(&self) -> Size {
        self.setup.size
    }

    pub fn today(&self) -> NaiveDate {
        self.setup.today
    }

    pub fn measure(&self) -> u16 {
        self.setup.measure
    }

    pub fn empty_hint(&self) -> &str {
        &self.setup.empty_hint
    }

    pub fn query(&self) -> &Query {
        &self.query
    }

    pub fn list(&self) -> &List {
        &self.list
    }

    pub fn searches(&self) -> &Searches {
        &self.searches
    }

    pub fn view(&self) -> &View {
        &self.view
    }

    pub fn reader(&self) -> &Reader {
        &self.reader
    }

    pub fn facets(&self) -> &FacetPane {
        &self.facets
    }

    /// How many stories and articles the list has; `None` until the library has counted them.
    pub fn tally(&self) -> Option<Tally> {
        let (_, tally) = self.tallied.as_ref().filter(|(query, _)| *query == self.query)?;
        (self.list.total() == Count::Exactly(tally.rows())).then_some(*tally)
    }

    pub fn over(&self) -> &Over {
        &self.over
    }

    /// A line for the person, until the next key.
    pub fn notice(&self) -> Option<&str> {
        self.notice.as_deref()
    }

    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// How far the new analysis of older articles is, while it goes on.
    pub fn refreshing(&self) -> Option<Refreshing> {
        self.refreshing
    }

    /// The progress of the fetch, while one is under way.
    pub fn fetching(&self) -> Option<Fetching> {
        self.fetching
    }

    /// How much of a file has been downloaded, while one is.
    pub fn downloading(&self) -> Option<&Downloading> {
        self.downloading.as_ref()
    }

    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }

    /// Whether the pane of names is shown: as the person wants it, or else if there is room for it.
    pub fn facets_shown(&self) -> FacetsShown {
        match (self.facets_wanted, self.focus) {
            (Some(wanted), _) => wanted,
            // In a window that has become narrower, the pane stays as long as the person is in it.
            (None, Pane::Facets) => FacetsShown::Yes,
            (None, _) => layout::has_room_for_facets(self.setup.size),
        }
    }

    /// Whether the cursor in the text is where the person is: in the reader, or in the list on the row of its article.
    pub fn is_on_text(&self) -> bool {
        match self.pane_context() {
            Context::Reader => true,
            Context::List if self.view.is_articles() => {
                self.list.selected().map(|row| row.key.id) == self.reader.id()
            }
            _ => false,
        }
    }

    pub fn arrangement(&self) -> Arrangement {
        self.arrangement
    }

    pub fn layout(&self) -> Layout {
        let wish = Wish {
            focus: self.focus,
            arrangement: self.arrangement,
            facets: self.facets_shown(),
            card: self.card,
            reader_width: self.setup.reader_width,
            rows: match (self.view.has_below(), self.view.is_wide()) {
                _ if self.view.is_map() => RowsShown::Map,
                (_, true) => RowsShown::Wide,
                (true, _) => RowsShown::Tall,
                _ => RowsShown::Articles,
            },
        };
        layout::layout(self.setup.size, self.setup.measure, wish)
    }

    /// How the filter uses this name.
    pub fn in_filter(&self, kind: FacetKind, value: &str) -> InFilter {
        match pinned::chip(&self.query, kind, value) {
            Some((_, pinned::Sign::Required)) => InFilter::Required,
            Some((_, pinned::Sign::Excluded)) => InFilter::Excluded,
            None => InFilter::Free,
        }
    }

    /// Whether the filter searches for words, so that there are hits to walk through.
    pub fn search_is_live(&self) -> bool {
        let mut live = false;
        self.query.filter.each_wanted(&mut |term| {
            live |= match term {
                Term::Text { .. } => true,
                Term::Quote(quote) => !quote.said.is_empty(),
                _ => false,
            };
        });
        live
    }

    /// How the list pane shows its rows.
    fn sight(&self) -> Sight {
        let size = self.setup.size;
        let layout = self.layout();
        match layout.list {
            Some(area) => Sight {
                height: (area.body().rows() - self.search_rows(area.body().rows()))
                    / self.view.lines_a_row(area.body().rows(), area.width),
                // Alone on the screen a list scrolls cheaply; a low one would scroll with every step.
                pace: if layout.reader.is_none() && layout.facets.is_none() {
                    Pace::Least
                } else {
                    Pace::Half
                },
            },
            None => Sight { height: usize::from(size.height.saturating_sub(2)), pace: Pace::Least },
        }
    }

    /// How many of the `body` rows of the list pane show saved searches.
    pub fn search_rows(&self, body: usize) -> usize {
        if self.view.is_articles() { self.searches.rows(body) } else { 0 }
    }

    /// The article of the selected row, if the row is about an article.
    fn selected_id(&self) -> Option<ArticleId> {
        match self.view.is_articles() {
            true => self.list.selected().map(|row| row.key.id),
            false if self.is_below() => match self.view.below.as_ref()?.leads() {
                Leads::Article(_, key, _) => Some(key.id),
                _ => None,
            },
            false => self.view.passage().map(|passage| passage.id),
        }
    }

    /// The article that an action applies to.
    fn subject(&self) -> Option<ArticleId> {
        match self.pane_context() {
            _ if self.is_in_searches() => None,
            Context::Reader => self.reader.id().or(self.selected_id()),
            // A name or a day is not an article; the reader shows one of many.
            Context::List if !self.view.is_articles() => self.selected_id(),
            _ => self.selected_id().or(self.reader.id()),
        }
    }
}

#[cfg(test)]
mod tests;
