//! Reports the state of the reader in lines, for screen readers and terminals that cannot move their cursor.
//!
//! In: the state, and what was typed last. Out: lines of text to print below the earlier ones, a prompt, and
//! the meaning of a typed line. The state is the same as that of the full screen. A [`Teller`] remembers
//! what it has reported and reports only what is new. Nothing here knows where lines come from or go to.

mod article;
mod call;
mod over;
mod panes;

pub use call::{Call, call};
pub use over::{Fits, fits};

use crate::app::facets::FacetLine;
use crate::app::layout::FacetsShown;
use crate::app::over::Over;
use crate::app::reader::{Landmark, Shown};
use crate::app::view::ViewKind;
use crate::app::{Action, App, Card, Context, Size};
use crate::article::ArticleId;
use crate::highlight::Tags;
use crate::keymap::{Keymap, sequence};
use crate::listing::{Key, TextOf};
use std::collections::BTreeMap;

/// The number of rows of a list that are reported at a time.
pub const PAGE: usize = 10;

/// The size that the core is given, in cells: one pane is visible at a time, and a page has [`PAGE`] rows.
pub const SIZE: Size = Size { width: 80, height: 13 };

/// The lines of the card for the first run.
pub const CARD: [&str; 7] = [
    "Type a number to read that article. Enter alone continues: down the list, or to the next article.",
    "/ and words search; f p and a name, f c and a country narrow the list.",
    "e goes to the next name in the article; + keeps only articles with it; Esc undoes that.",
    "s stars, t and a word tags, U undoes; : and a word finds any action by its name.",
    "a follows a feed by its address; in a shell, dateline add and the address do the same.",
    "Your own files: dateline PATH opens them, dateline add PATH stores them.",
    "This card will not be shown again. ? lists all keys.",
];

/// Reports the state and remembers what it has reported, so that only what is new is reported next.
pub struct Teller {
    pub keymap: Keymap,
    seen: Option<Seen>,
    /// The numbers under which articles were listed. They are valid until the list is listed anew.
    numbered: BTreeMap<u64, Key>,
}

/// The parts of the state as they were when it was last reported.
#[derive(Clone, Debug, PartialEq)]
struct Seen {
    context: Context,
    query: String,
    view: ViewKind,
    selected: Option<Key>,
    /// The board that is open.
    board: Option<String>,
    /// The selected row of a view.
    row: usize,
    /// Where the keys go below the rows of a view: the title of what stands there, and its line.
    below: Option<(String, usize)>,
    search: Option<String>,
    facet: Option<FacetLine>,
    facets_shown: FacetsShown,
    article: Option<(ArticleId, TextOf)>,
    landmark: Option<Landmark>,
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
            board: app.view().how.board.clone(),
            row: app.view().scroll.at,
            below: app
                .view()
                .below
                .as_ref()
                .filter(|_| app.is_below())
                .map(|below| (below.title.clone(), below.scroll.at)),
            search: app.searches().selected().map(|search| search.name.clone()),
            facet: app.facets().line(),
            facets_shown: app.facets_shown(),
            article: shown.map(|shown| (shown.stored.id, shown.stored.text)),
            landmark: shown.and_then(Shown::landmark),
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

    /// The article that was listed under a number.
    pub fn numbered(&self, number: u64) -> Option<Key> {
        self.numbered.get(&number).copied()
    }

    /// The lines that are new after `action`, or at the start if it is `None`.
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
                0 => "Fetching; new articles are reported here.".to_owned(),
                total => format!("Fetching {total} sources; {} are done.", fetching.done),
            });
        }
        if let Some(downloading) = app.downloading().filter(|_| action == Some(Action::Download)) {
            lines
                .push(format!("Downloading {}; D stops it, and the end is reported here.", downloading.name));
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

    /// Whether anything has been reported yet.
    pub fn has_told(&self) -> bool {
        self.seen.is_some()
    }

    /// A notice that appeared without an action since the last report.
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

    /// The prompt, which names the place where the line is typed.
    pub fn prompt(&self, app: &App) -> String {
        match app.over() {
            Over::Prompt(prompt) => return prompt.sign().to_owned(),
            Over::Picker(picker) => return format!("{}, number or words: ", picker.purpose.title()),
            Over::Sheet(_) | Over::Help(_) | Over::Labels(_) | Over::Nothing => {}
        }
        match app.pane_context() {
            Context::Reader => "article> ".to_owned(),
            Context::Facets => "names> ".to_owned(),
            _ => "> ".to_owned(),
        }
    }

    /// The key sequences of an action, then its name.
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

/// Explains why an action changed nothing that could be reported.
fn unchanged(action: Action, now: &Seen) -> String {
    use Action as A;
    match action {
        A::Down | A::GoOn | A::PageDown | A::HalfDown | A::Bottom | A::ArticleNext => {
            "This is the last one.".to_owned()
        }
        A::Up | A::PageUp | A::HalfUp | A::Top | A::ArticlePrevious => "This is the first one.".to_owned(),
        A::SectionNext | A::SectionPrevious => {
            "There are no more kinds of names in this direction.".to_owned()
        }
        A::Open if now.context == Context::Reader => "This article is open; C-l prints it again.".to_owned(),
        A::Open => "There is nothing to open here.".to_owned(),
        A::CursorToTop | A::Center | A::CursorToBottom | A::ScrollDown | A::ScrollUp => {
            "The text is printed in lines, so it cannot be scrolled.".to_owned()
        }
        A::ShowFacets if now.facets_shown == FacetsShown::Yes => "Tab stops at the names again.".to_owned(),
        A::ShowFacets => "Tab now skips the names.".to_owned(),
        A::Undo | A::Redo => "Done.".to_owned(),
        A::Suspend => "The reader continues.".to_owned(),
        A::Cancel => "Cancelled.".to_owned(),
        A::FilterDrop if now.context == Context::Reader => {
            "Nothing is under the cursor now; Esc again ends the search or goes back to the list.".to_owned()
        }
        A::FilterDrop => "Nothing is under the cursor now; Esc again removes the last condition.".to_owned(),
        _ => format!("Nothing to do here: {}.", action.info().help),
    }
}

/// Explains why an action does not work in this context.
pub fn elsewhere(action: Action) -> String {
    use crate::app::action::Group;
    match (action.info().group, action) {
        (Group::Line, _) => "That key edits a line being typed; here the terminal does that.".to_owned(),
        (_, Action::SheetSearch | Action::SheetClose) => {
            "A list printed in lines needs no closing; ? and a word lists only the lines with it.".to_owned()
        }
        (_, Action::SectionNext | Action::SectionPrevious) => {
            "That moves between the kinds of names: press Tab to go to the names first.".to_owned()
        }
        _ => "That works in an article: open one first.".to_owned(),
    }
}
