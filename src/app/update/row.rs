//! The row under the cursor may still be asked for: the last one of a long list, or one of a filter that was just set. What
//! is done then is done to that row, once it is there, and not to the row that is on the screen meanwhile.

use super::super::App;
use super::super::action::{Action, Context, Group};
use super::super::list::Land;
use super::super::over::{Over, PromptPurpose};
use super::ask::{Tagging, Want};

/// The most actions that are kept for a row.
const WAITING: usize = 64;

impl App {
    /// Whether the cursor is going to another row, which has been asked for.
    pub(super) fn awaits_row(&self) -> bool {
        let Some((_, want)) = self.asked.page else { return false };
        match self.pane_context() {
            Context::Reader => self.asked.opening.is_some(),
            Context::List if self.view.is_articles() && !self.is_in_searches() => match want {
                Want::Extend(_) | Want::Replace(Land::Stay(_)) => self.list.is_moving(),
                Want::Replace(Land::Newest) => false,
                Want::Replace(_) | Want::Jump => true,
            },
            _ => false,
        }
    }

    /// Whether a page has been asked for that replaces the rows held, and sets the cursor.
    pub(super) fn awaits_page(&self) -> bool {
        match self.asked.page {
            Some((_, Want::Replace(land))) => !matches!(land, Land::Newest | Land::Stay(_)),
            _ => false,
        }
    }

    /// Keeps an action for the row that has been asked for, and with it the actions that follow it, so that all are performed
    /// in order. Returns whether it kept the action.
    pub(super) fn waits_for_row(&mut self, action: Action, count: Option<u32>) -> bool {
        if !matches!(self.context(), Context::List | Context::Reader) {
            return false;
        }
        if !self.awaits_row() {
            self.asked.for_row.clear();
            return false;
        }
        let behind = !self.asked.for_row.is_empty() && can_follow(action);
        let is_far = matches!(self.asked.page, Some((_, Want::Replace(_) | Want::Jump)));
        let waits = behind
            || match self.context() {
                Context::Reader => is_on_row(action),
                // A move within the rows held is added to the one that is under way.
                _ => is_on_row(action) || is_far && is_move(action),
            };
        if waits && self.asked.for_row.len() < WAITING {
            self.asked.for_row.push((action, count));
        }
        waits
    }

    /// Performs the actions that were kept for the row under the cursor, if that is there now.
    pub(super) fn act_on_row(&mut self) {
        if self.awaits_row() {
            return;
        }
        self.tag_row();
        let waiting = std::mem::take(&mut self.asked.for_row);
        if waiting.is_empty() {
            return;
        }
        // They were meant for the list, whatever has been opened over it since.
        let over = std::mem::take(&mut self.over);
        waiting.into_iter().for_each(|(action, count)| self.act(action, count));
        if matches!(self.over, Over::Nothing) {
            self.over = over;
        }
    }

    /// Gives up what was kept for a row that does not come.
    pub(super) fn forget_row(&mut self) {
        self.asked.for_row.clear();
        self.asked.tagging = None;
    }

    /// The row has arrived for which a tag is being typed, or was typed.
    fn tag_row(&mut self) {
        let (Some(tagging), Some(id)) =
            (self.asked.tagging.take(), self.list.selected().map(|row| row.key.id))
        else {
            return;
        };
        match tagging {
            Tagging::Typed(text) => self.tag(&[id], &text),
            Tagging::Typing => {
                if let Over::Prompt(prompt) = &mut self.over
                    && let PromptPurpose::Tag(subject) = &mut prompt.purpose
                {
                    *subject = vec![id];
                }
            }
        }
    }
}

/// Whether an action is about the row under the cursor, or about its article.
fn is_on_row(action: Action) -> bool {
    use Action as A;
    match action.info().group {
        Group::Mark => {
            !matches!(action, A::Tag | A::MarkAllRead | A::Undo | A::Redo | A::Note | A::ItemDown | A::ItemUp)
        }
        Group::Walk => action != A::Labels,
        Group::Copy => true,
        Group::View => action == A::Story,
        _ => matches!(action, A::Open | A::FullText | A::Download | A::Copies | A::ThisIs | A::FetchSource),
    }
}

/// Whether an action goes on from the row under the cursor.
fn is_move(action: Action) -> bool {
    use Action as A;
    match action {
        // These go to a row of their own, wherever the cursor is.
        A::Top | A::Bottom => false,
        A::ArticleNext | A::ArticlePrevious | A::NextUnread | A::PreviousUnread | A::GoOn => true,
        A::Down | A::Up | A::HalfDown | A::HalfUp | A::PageDown | A::PageUp => true,
        A::PaneTop | A::PaneMiddle | A::PaneBottom | A::ScrollDown | A::ScrollUp => true,
        A::CursorToTop | A::Center | A::CursorToBottom => true,
        _ => false,
    }
}

/// Whether an action may be performed a little later, after another one, because it opens nothing that receives the
/// following keys.
fn can_follow(action: Action) -> bool {
    use Action as A;
    is_on_row(action)
        || is_move(action)
        || matches!(action, A::Top | A::Bottom | A::Back | A::PaneNext | A::PanePrevious | A::Zoom)
        || matches!(action, A::MarkAllRead | A::Undo | A::Redo | A::FilterDrop | A::FilterClear)
        || matches!(action, A::FilterUnread | A::FilterStarred | A::FilterQuotes | A::View(_))
        || matches!(action, A::Require | A::Exclude | A::Only | A::HistoryBack | A::HistoryForward)
}
