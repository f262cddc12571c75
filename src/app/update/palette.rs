//! The palette: every action by its name, those performed last first, and why an action cannot be performed now.

use super::super::App;
use super::super::action::{ACTIONS, Action, Context, Group, elsewhere};
use super::super::over::Over;
use super::super::picker::{Choice, Chosen, Picker, Purpose};
use super::super::reader::{Shown, Walk};

/// How many actions are offered first because they were performed last.
const RECENT: usize = 5;

impl App {
    pub(super) fn open_palette(&mut self) {
        let offered = ACTIONS.iter().filter(|info| is_offered(info.action));
        let mut choices: Vec<Choice> =
            offered.map(|info| Choice::action(info, self.obstacle(info.action))).collect();
        choices.sort_by_key(|choice| {
            let Chosen::Action(action) = &choice.value else { return (true, RECENT) };
            let recent = self.recent.iter().position(|recent| recent == action);
            (choice.obstacle.is_some(), recent.unwrap_or(RECENT))
        });
        self.over = Over::Picker(Picker::new(Purpose::Palette(self.context()), choices));
    }

    /// What is offered for the text typed besides the actions: a row by its number, and what is done elsewhere.
    pub(super) fn find_elsewhere(&mut self, typed: &str) {
        let reading = self.pane_context() == Context::Reader;
        let Over::Picker(picker) = &mut self.over else { return };
        let what = if reading { "line" } else { "row" };
        let row = match typed {
            "$" => Some(Choice::new(format!("Go to the last {what}"), None, Chosen::Row(u32::MAX))),
            // As in vi, 0 is the first one, too.
            _ => typed.parse::<u32>().ok().map(|row| {
                let row = row.max(1);
                Choice::new(format!("Go to {what} {row}"), None, Chosen::Row(row))
            }),
        };
        let told = elsewhere()
            .map(|(words, how)| Choice::new(how.to_owned(), None, Chosen::Told(words, how)))
            .filter(|choice| choice.fits(typed));
        picker.set_found(row.into_iter().chain(told).collect());
    }

    /// Performs an action that was chosen by its name, or says why it cannot be performed.
    pub(super) fn perform_chosen(&mut self, action: Action) {
        if let Some(obstacle) = self.obstacle(action) {
            self.notice = Some(format!("{}: {obstacle}", action.info().name));
            return;
        }
        self.recent.retain(|recent| *recent != action);
        self.recent.insert(0, action);
        self.recent.truncate(RECENT);
        self.act(action, None);
    }

    /// Why an action cannot be performed in the pane that has the focus; `None` if it can.
    pub fn obstacle(&self, action: Action) -> Option<String> {
        use Action as A;
        if !action.is_in(self.pane_context()) {
            let only = action.info().contexts;
            let place = if only.contains(&Context::Reader) {
                "in an article"
            } else if only.contains(&Context::Facets) {
                "in the pane of names"
            } else {
                "here"
            };
            return Some(format!("only works {place}"));
        }
        let changes_sources = action.info().group == Group::Source || matches!(action, A::AddSource);
        if let (true, Some(why)) = (
            changes_sources
                || matches!(
                    action,
                    A::FetchSource | A::FetchAll | A::FullText | A::Download | A::Pipe | A::Save
                ),
            self.setup.closed,
        ) {
            return Some(why.to_owned());
        }
        let why = match action {
            A::Tag | A::FullText | A::FetchSource | A::Delete if self.source_here().is_some() => None,
            A::MarkRead | A::Star | A::Tag | A::FullText | A::FetchSource | A::Delete | A::Hide
                if self.subject().is_none() =>
            {
                Some("no article is selected")
            }
            A::Pipe | A::Save if self.subject().is_none() => Some("no article is selected"),
            A::MakeRule if self.query().filter.is_everything() => {
                Some("there is no filter to make a rule of")
            }
            A::NameNext | A::NamePrevious | A::ThisIs => self.without_stops(Walk::Names),
            A::QuoteNext | A::QuotePrevious => self.without_stops(Walk::Quotes),
            A::CopyLink
            | A::CopyTitle
            | A::CopyQuote
            | A::CopyAddress
            | A::OpenLink
            | A::Links
            | A::Download => self.without_copy(action),
            A::Require | A::Exclude | A::Only if self.is_in_searches() => None,
            A::Require | A::Exclude | A::Only if self.name_under().is_none() => Some(self.no_name()),
            A::SaveSearch if self.query().filter.is_everything() => Some("there is no filter to save"),
            A::FilterClear | A::FilterDrop if self.query().chips().is_empty() => Some("the filter is empty"),
            A::FilterSaved if self.searches().is_empty() => Some("there are no saved searches"),
            A::RenameSearch | A::RemoveSearch if self.named_search().is_none() => {
                Some("no saved search is selected or in the filter")
            }
            A::MarkAllRead if self.list().is_empty() => Some("the list is empty"),
            A::CursorToTop | A::Center | A::CursorToBottom
                if self.pane_context() == Context::Reader && self.reader().under().is_none() =>
            {
                Some(self.no_name())
            }
            _ => None,
        };
        why.map(str::to_owned)
    }

    /// Why there is nothing to walk through.
    fn without_stops(&self, walk: Walk) -> Option<&'static str> {
        let Some(shown) = self.reader().shown() else { return Some("no article is shown") };
        let has = shown.has_stops(walk, self.reader().lit());
        match walk {
            _ if has => None,
            Walk::Quotes => Some("no quotes in this article"),
            _ => Some("no names in this article"),
        }
    }

    /// Why this cannot be copied or opened. What is not loaded yet is not known to lack anything.
    fn without_copy(&self, action: Action) -> Option<&'static str> {
        let Some(id) = self.subject() else { return Some("no article is selected") };
        let shown: &Shown = self.reader().shown().filter(|shown| shown.stored.id == id)?;
        let article = &shown.stored.article;
        match action {
            Action::CopyTitle if article.title.is_empty() => Some("this article has no title"),
            Action::CopyAddress if article.path.is_none() && article.url.is_none() => {
                Some("this article has no address")
            }
            Action::CopyQuote if self.reader().under().is_none_or(|under| under.quote.is_none()) => {
                Some("no quote under the cursor")
            }
            Action::CopyLink | Action::OpenLink | Action::Links if shown.text.links().all().is_empty() => {
                Some("no links in this article")
            }
            Action::Download if shown.text.links().medium().is_none() => {
                Some("no sound, film or picture in this article")
            }
            _ => None,
        }
    }
}

/// Whether the palette offers an action: not those that edit a line or close what covers the panes.
fn is_offered(action: Action) -> bool {
    action.info().group != Group::Line
        && !matches!(action, Action::Palette | Action::SheetSearch | Action::SheetClose)
}
