//! Tells the state of the reader in lines, for screen readers and terminals that cannot move their cursor.
//!
//! In: the state, and what was typed last. Out: lines of text to be added below those before, a prompt, and what
//! a typed line means. The same state as the full screen's, told instead of drawn: a [`Teller`] remembers
//! what it has told and says what is new. Knows nothing of where lines come from or go to.

mod article;
mod call;
mod over;
mod panes;

pub use call::{Call, call};
pub use over::{Fits, fits};

use crate::app::facets::FacetLine;
use crate::app::layout::FacetsShown;
use crate::app::over::Over;
use crate::app::reader::{Place, Shown};
use crate::app::view::ViewKind;
use crate::app::{Action, App, Card, Context, Size};
use crate::article::ArticleId;
use crate::highlight::Tags;
use crate::keymap::{Keymap, sequence};
use crate::listing::{Key, TextOf};
use std::collections::BTreeMap;

/// Rows of a list that are told at a time.
pub const PAGE: usize = 10;

/// The size that the core is told: one pane at a time, and a page of it is [`PAGE`] rows.
pub const SIZE: Size = Size { width: 80, height: 13 };

/// The six lines for the first run.
pub const CARD: [&str; 6] = [
    "A number reads that article. Enter alone goes on: down the list, to the next article.",
    "/ and words searches as it is typed; f p and a name, f c and a country narrow the list.",
    "e tells the next name in the article; + keeps only articles with it; Esc undoes that.",
    "s stars, t and a word tags, U undoes; : and a word finds any action by its name.",
    "Your own news: dateline PATH reads it, dateline add PATH keeps it.",
    "This is shown only once. ? lists all keys.",
];

/// What has been told, so that only what is new is told again.
pub struct Teller {
    pub keymap: Keymap,
    seen: Option<Seen>,
    /// The numbers under which articles were told: they stay theirs until the list is told anew.
    numbered: BTreeMap<u64, Key>,
}

/// What of the state was there when it was told last.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    context: Context,
    query: String,
    view: ViewKind,
    selected: Option<Key>,
    /// The row of a view.
    row: usize,
    search: Option<String>,
    facet: Option<FacetLine>,
    facets_shown: FacetsShown,
    article: Option<(ArticleId, TextOf)>,
    place: Option<Place>,
    top: usize,
    marks: Option<(bool, bool, Vec<String>)>,
    lit: Tags,
    notice: Option<String>,
}

impl Seen {
    fn of(app: &App) -> Seen {
        let shown = app.reader().shown();
        let selected = app.list().selected();
        let is_shown = shown.is_some_and(|shown| Some(shown.stored.id) == selected.map(|row| row.key.id));
        let marks = match (shown, selected, app.pane_context()) {
            (Some(shown), _, Context::Reader) => Some(shown),
            (Some(shown), _, _) if is_shown => Some(shown),
            _ => None,
        }
        .map(|shown| (shown.stored.read, shown.stored.starred, shown.stored.tags.clone()))
        .or(selected.map(|row| (row.read, row.starred, Vec::new())));
        Seen {
            context: app.pane_context(),
            query: app.query().to_string(),
            view: app.view().kind,
            selected: selected.map(|row| row.key),
            row: app.view().scroll.at,
            search: app.searches().selected().map(|search| search.name.clone()),
            facet: app.facets().line(),
            facets_shown: app.facets_shown(),
            article: shown.map(|shown| (shown.stored.id, shown.stored.text)),
            place: shown.and_then(Shown::place),
            top: shown.map_or(0, Shown::top),
            marks,
            lit: app.reader().lit(),
            notice: app.notice().map(str::to_owned),
        }
    }
}

impl Teller {
    pub fn new(keymap: Keymap) -> Teller {
        Teller { keymap, seen: None, numbered: BTreeMap::new() }
    }

    /// The article that was told under a number.
    pub fn numbered(&self, number: u64) -> Option<Key> {
        self.numbered.get(&number).copied()
    }

    /// What is new after `action`, or at the start.
    pub fn tell(&mut self, app: &App, action: Option<Action>) -> Vec<String> {
        let now = Seen::of(app);
        let mut lines = match app.over() {
            Over::Nothing => self.tell_panes(app, action, &now),
            over => self.tell_over(app, over),
        };
        let started = self.seen.is_none();
        if started && app.card() == Card::Shown {
            lines.extend(CARD.iter().map(|line| (*line).to_owned()));
        }
        lines.extend(now.notice.clone());
        if let Some(fetching) = app.fetching().filter(|_| is_fetch(action)) {
            lines.push(match fetching.total {
                0 => "Fetching; what comes is told here.".to_owned(),
                total => format!("Fetching {total} sources; {} are done.", fetching.done),
            });
        }
        if let Some(underway) = app.full_text_underway().filter(|_| action == Some(Action::FullText)) {
            lines.push(underway);
        }
        if let (true, Some(action), Over::Nothing) = (lines.is_empty(), action, app.over()) {
            lines.push(unchanged(action, &now));
        }
        self.seen = Some(now);
        lines
    }

    /// Whether anything has been told yet.
    pub fn has_told(&self) -> bool {
        self.seen.is_some()
    }

    /// What came by itself since the last line was told: a notice.
    pub fn tell_behind(&mut self, app: &App) -> Vec<String> {
        let notice = app.notice().map(str::to_owned);
        match &mut self.seen {
            Some(seen) if seen.notice != notice => {
                seen.notice.clone_from(&notice);
                notice.into_iter().collect()
            }
            _ => Vec::new(),
        }
    }

    /// What stands before the line that is to be typed: where one is.
    pub fn prompt(&self, app: &App) -> String {
        match app.over() {
            Over::Prompt(prompt) => return prompt.sign().to_owned(),
            Over::Picker(picker) => return format!("{}, number or words: ", picker.purpose.title()),
            Over::Sheet(_) | Over::Nothing => {}
        }
        match app.pane_context() {
            Context::Reader => "article> ".to_owned(),
            Context::Facets => "names> ".to_owned(),
            _ => "> ".to_owned(),
        }
    }

    /// The first key sequence of an action, then its name.
    fn keys(&self, action: Action) -> String {
        let keys: Vec<String> = self.keymap.keys(action).map(sequence).collect();
        match keys.is_empty() {
            true => action.info().name.to_owned(),
            false => format!("{} or {}", keys.join(" or "), action.info().name),
        }
    }
}

fn is_fetch(action: Option<Action>) -> bool {
    matches!(action, Some(Action::FetchSource | Action::FetchAll))
}

/// Why nothing is told: nothing has changed.
fn unchanged(action: Action, now: &Seen) -> String {
    use Action as A;
    match action {
        A::Down | A::PageDown | A::HalfDown | A::Bottom | A::ArticleNext => "That was the last.".to_owned(),
        A::Up | A::PageUp | A::HalfUp | A::Top | A::ArticlePrevious => "That is the first.".to_owned(),
        A::SectionNext | A::SectionPrevious => "No more kinds of names this way.".to_owned(),
        A::Open if now.context == Context::Reader => "This article is open; C-l tells it again.".to_owned(),
        A::Open => "There is nothing to open here.".to_owned(),
        A::Center => "Lines are told one below the other: there is no top to bring one to.".to_owned(),
        A::ShowFacets if now.facets_shown == FacetsShown::Yes => "Tab goes to the names again.".to_owned(),
        A::ShowFacets => "Tab passes the names over now.".to_owned(),
        A::Undo | A::Redo => "Done.".to_owned(),
        A::Suspend => "Back.".to_owned(),
        A::Cancel => "Left.".to_owned(),
        A::FilterDrop => "Nothing is under the cursor now; Esc again drops the last filter.".to_owned(),
        _ => format!("Nothing to do here: {}.", action.info().help),
    }
}

/// Why an action that is in the table does not work where one is.
pub fn elsewhere(action: Action) -> String {
    use crate::app::action::Group;
    match (action.info().group, action) {
        (Group::Line, _) => "That is for a line being typed, which the terminal edits here.".to_owned(),
        (_, Action::SheetSearch | Action::SheetClose) => {
            "What is told whole needs no closing; ? and a word tells only lines with it.".to_owned()
        }
        (_, Action::SectionNext | Action::SectionPrevious) => {
            "That goes through the kinds of names: Tab goes to the names.".to_owned()
        }
        _ => "That is for the article: open one first.".to_owned(),
    }
}
