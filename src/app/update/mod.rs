//! The only function that changes the state: messages in, effects out.

mod answer;
mod ask;
mod boards;
mod complete;
mod copies;
mod copy;
mod fetch;
mod filter;
mod follow;
mod full_text;
mod help;
mod in_article;
mod labels;
mod mark;
mod motion;
mod mouse;
mod naming;
mod outlet;
mod palette;
mod places;
mod row;
mod rules;
mod saved;
mod selection;
mod sources;
mod typing;
mod undo;
mod views;
mod watches;

pub use naming::Naming;
pub use selection::Selection;
pub use watches::Watching;

pub(super) use ask::Asked;

use super::action::{Action, Context};
use super::layout::{self, Arrangement, FacetsShown, Pane};
use super::message::{Effect, Loading, Message, Whereabouts};
use super::over::{Over, Prompt, PromptPurpose, SourceAsk};
use super::reader::Look;
use super::scroll::{Pace, Place};
use super::sheet::{Sheet, Subject};
use super::{App, Touched};
use crate::highlight::{Tag, Tags};
use crate::query::Query;
use chrono::NaiveDate;

impl App {
    /// Handles a message. This is the only way in which the state changes. The effects must be performed in their order.
    pub fn update(&mut self, message: Message) -> Vec<Effect> {
        match message {
            Message::Act { action, count } => {
                self.touch();
                self.act(action, count);
            }
            Message::Typed(c) => {
                self.touch();
                if !self.take_label(c) && !self.take_link(c) && !self.take_help(c) {
                    self.edit(|line| line.insert(c));
                }
            }
            Message::NoKey { typed, help } => {
                self.touch();
                self.notice = Some(no_key(&typed, help.as_deref()));
            }
            Message::Pasted(text) => {
                self.touch();
                match self.over.line().is_some() {
                    true => self.edit(|line| line.paste(&text)),
                    false => self.notice = Some(NO_PASTE.to_owned()),
                }
            }
            Message::Resized(size) => {
                self.setup.size = size;
                if matches!(self.over, Over::Labels(_)) {
                    self.over = Over::Nothing;
                }
            }
            Message::Day(day) => self.change_day(day),
            Message::Done(ticket, outcome) => self.take_answer(ticket, outcome),
            Message::Woken(ticket) => self.woken(ticket),
            Message::LibraryChanged => self.refresh(),
            Message::Late(late) => self.take_late(late),
            Message::Progress(progress) => {
                let ended = progress.state == Loading::Finished && self.progress.state == Loading::Underway;
                self.progress = progress;
                if ended {
                    self.loaded();
                }
            }
            Message::Fetching(fetching) => self.fetching = fetching,
            Message::Downloading(downloading) => self.downloading = downloading,
            Message::Refreshing(refreshing) => self.refreshing = refreshing,
            Message::Failing(failing) => self.take_failing(failing),
            Message::Warned(warnings) => {
                self.warnings.extend(warnings);
                if self.progress.state == Loading::Finished {
                    self.tell_warnings();
                }
            }
            Message::Told(line) => self.notice = Some(line),
            Message::Moved(line) => self.effects.push(Effect::Reopen(line)),
            Message::Corrected { change, made, line } => self.take_corrected(change, made, line),
            Message::Sourced { change, made, line } => self.take_sourced(change, made, line),
            Message::Boarded { change, made, line } => self.take_boarded(change, made, line),
            Message::Offers { page, near, feeds } => self.offer_feeds(&page, near, feeds),
            Message::Printed { command, lines } => {
                self.over = Over::Sheet(Sheet::new(Subject::Output { command, lines }));
            }
            Message::Ready { command, input } => self.effects.push(Effect::HandOver { command, input }),
            Message::Paths { typed, paths } => self.take_paths(&typed, &paths),
            Message::Exists { id, path } => {
                self.over = Over::Prompt(Prompt::new(PromptPurpose::Replace(id, path), ""));
            }
            Message::Rung { rule, how } => self.effects.push(Effect::Announce { rule, how }),
            Message::Macro(steps) => {
                self.touch();
                self.act_in_turn(steps);
            }
            Message::Ended => self.keep_all(),
            Message::Address(address) => self.over = Over::Sheet(Sheet::new(Subject::Address(address))),
            Message::Mouse(mouse) => {
                self.touch();
                self.mouse(mouse);
            }
            Message::Select(key) => {
                self.touch();
                self.select(key);
            }
        }
        self.note_filter();
        self.settle_selection();
        self.settle();
        std::mem::take(&mut self.effects)
    }

    /// Shows how many warnings there are.
    fn tell_warnings(&mut self) {
        if !self.warnings.is_empty() {
            self.notice = Some(could_not_read(self.warnings.len()));
        }
    }

    fn touch(&mut self) {
        self.touched = Touched::Yes;
        self.notice = None;
        if std::mem::take(&mut self.card) == super::Card::Shown {
            self.effects.push(Effect::CardSeen);
        }
    }

    fn act(&mut self, action: Action, count: Option<u32>) {
        if !action.is_in(self.context())
            || self.waits_for_row(action, count)
            || self.waits_for_article(action, count)
        {
            return;
        }
        use Action as A;
        match action {
            _ if self.has_no_text(action) => self.notice = Some("there is no text here".to_owned()),
            A::Down | A::Up | A::PaneNext | A::PanePrevious if self.is_on_map() => {
                self.move_on_map(action, count);
            }
            A::Down | A::Up | A::Top | A::Bottom => self.motion(action, count),
            A::HalfDown | A::HalfUp | A::PageDown | A::PageUp => self.motion(action, count),
            A::PaneTop | A::PaneMiddle | A::PaneBottom => self.go_to_seen(action, count),
            A::ScrollDown | A::ScrollUp => self.scroll_lines(action, count),
            A::PaneNext => self.change_pane(1),
            A::PanePrevious => self.change_pane(-1),
            A::ArticleNext => self.step_article(i64::from(count.unwrap_or(1))),
            A::ArticlePrevious => self.step_article(-i64::from(count.unwrap_or(1))),
            A::Open => self.open(),
            A::Back => self.back(),
            A::HistoryBack => self.history_back(),
            A::HistoryForward => self.history_forward(),
            A::Refresh => self.ask_anew(),
            A::GoOn => self.go_on(count),
            A::NextUnread | A::PreviousUnread => self.next_hit_or_unread(action),
            A::NameNext | A::NamePrevious | A::QuoteNext | A::QuotePrevious => self.walk(action, count),
            A::SectionNext => self.facets.move_section(1),
            A::SectionPrevious => self.facets.move_section(-1),
            A::Search if self.narrows_rows() => self.open_narrowing(),
            A::Search | A::EditFilter | A::FilterSaid => self.open_search(action),
            A::FilterPerson | A::FilterCountry | A::FilterOrg | A::FilterPlace => self.open_picker(action),
            A::FilterSource | A::FilterDate | A::FilterTag | A::FilterLanguage => self.open_picker(action),
            A::FilterBy | A::FilterAbout => self.open_picker(action),
            A::FilterSaved => self.open_saved_picker(),
            A::SaveSearch => self.open_save_prompt(),
            A::RenameSearch => self.open_rename_prompt(),
            A::RemoveSearch => self.remove_search(),
            A::FilterQuotes | A::FilterUnread | A::FilterStarred => self.toggle_condition(action),
            A::FilterClear => self.clear_filter(),
            A::FilterDrop if self.drop_selection() => {}
            A::FilterDrop => self.drop_filter(),
            A::SelectRows => self.select_rows(),
            A::AddToBoard => self.open_board_prompt(),
            A::Note => self.open_note_prompt(),
            A::ItemDown => self.move_on_board(i64::from(count.unwrap_or(1))),
            A::ItemUp => self.move_on_board(-i64::from(count.unwrap_or(1))),
            A::Watch => self.watch(),
            A::Require | A::Exclude if self.zooms() => self.zoom_time(action),
            A::Require | A::Exclude | A::Only => self.filter_by_name(action),
            A::MarkRead => {
                self.toggle_mark(action);
                self.tell_mark();
            }
            A::Star => self.toggle_mark(action),
            A::MarkAllRead => self.mark_all_read(),
            A::Tag if self.is_in_sources() => self.ask_of_source(SourceAsk::Tags),
            A::Tag => self.open_tag_prompt(),
            A::Delete if self.is_in_sources() => self.ask_of_source(SourceAsk::Remove),
            A::Delete if self.is_in_boards() => self.take_off_board(),
            A::Delete => self.delete(),
            A::Hide => self.hide(),
            A::Undo | A::Redo => self.undo_or_redo(action),
            A::CopyLink
            | A::CopyTitle
            | A::CopyQuote
            | A::CopyAddress
            | A::OpenLink
            | A::Links
            | A::Download => {
                self.copy(action, count);
            }
            A::Copies => self.list_copies(),
            A::Story => self.show_story(),
            A::Related | A::Compare | A::Why | A::Contents => self.tell_of_article(action),
            A::FetchSource | A::FetchAll => self.fetch(action),
            A::ThisIs => self.open_this_is(),
            A::FullText if self.is_in_sources() => self.toggle_source(action),
            A::FullText => self.full_text(),
            A::SourceName if self.is_in_boards() => self.open_rename_board_prompt(),
            A::SourceName => self.ask_of_source(SourceAsk::Name),
            A::SourceTag => self.ask_of_source(SourceAsk::Tags),
            A::SourceEvery => self.ask_of_source(SourceAsk::Every),
            A::SourceKeep => self.ask_of_source(SourceAsk::Keep),
            A::SourceRemove => self.ask_of_source(SourceAsk::Remove),
            A::SourceFullText | A::SourcePause => self.toggle_source(action),
            A::MakeRule => self.open_rule_picker(),
            A::Pipe => self.open_pipe_prompt(),
            A::Save => self.open_save_to_prompt(),
            A::View(view) => self.change_view(view),
            A::Order => self.change_order(),
            A::Split => self.change_split(),
            A::ShowPeople | A::ShowCountries | A::ShowOrgs | A::ShowPlaces => self.toggle_lit(action),
            A::ShowQuotes | A::ShowAll => self.toggle_lit(action),
            A::ShowFacets => self.toggle_facets(),
            A::Zoom => self.zoom(),
            A::CursorToTop | A::Center | A::CursorToBottom => self.place_cursor(action),
            A::Accept | A::Cancel | A::ChoiceExclude | A::ChoiceOnly => self.finish(action),
            A::Complete => self.complete(1),
            A::CompleteBack => self.complete(-1),
            A::SearchDown | A::SearchUp => self.move_row(action),
            A::EarlierSearch | A::LaterSearch => self.recall(action),
            A::ChoiceDown | A::ChoiceUp | A::ChoicePageDown | A::ChoicePageUp => self.move_choice(action),
            A::CursorLeft | A::CursorRight | A::CursorStart | A::CursorEnd => self.edit_line(action),
            A::DeleteBack | A::DeleteForward | A::DeleteWord | A::DeleteLine => self.edit_line(action),
            A::Palette => self.open_palette(),
            A::Help => self.over = Over::Help(super::help::Help::new(self.context(), &self.setup.macros)),
            A::Labels => self.open_labels(),
            A::AddSource => self.open_add_prompt(),
            A::Warnings => self.over = Over::Sheet(Sheet::new(Subject::Warnings)),
            A::SheetSearch => self.narrow_sheet(),
            A::SheetClose => self.close_sheet(),
            A::Redraw => self.effects.push(Effect::Redraw),
            A::Suspend => self.effects.push(Effect::Suspend),
            A::Quit => self.ask_to_quit(),
            A::QuitAtOnce => self.quit(),
        }
    }

    pub(super) fn quit(&mut self) {
        self.keep_all();
        self.effects.push(Effect::Quit);
    }

    /// Stores what the next start needs.
    fn keep_all(&mut self) {
        self.keep_position();
        self.effects.push(Effect::SaveState(Whereabouts {
            query: self.query.to_string(),
            view: self.view.kind,
            selected: self.list.selected().map(|row| row.key),
            row: self.list.cursor(),
            history: self.history.kept(),
            searches: self.earlier.texts().to_vec(),
            seen: self.watching.seen().to_vec(),
        }));
    }

    /// Adapts to a new day: `3d` and similar mean other days now.
    fn change_day(&mut self, day: NaiveDate) {
        self.setup.today = day;
        self.searches.renew(day);
        let query = Query::parse(&self.query.to_string(), day).0;
        if query != self.query {
            // What was listed stays listed.
            self.show_query(query, self.hold, self.stay());
        }
        self.noted = self.query.clone();
        self.ask_unread();
    }

    /// Adapts everything to the current panes.
    pub(super) fn settle(&mut self) {
        let layout = self.layout();
        if let Some(area) = layout.reader {
            let width = usize::from(area.width.saturating_sub(2).clamp(1, self.setup.measure.max(1)));
            let look = Look { width, height: area.body().rows(), tags: self.reader.lit() };
            self.reader.set_look(look);
        }
        if self.pane_context() != Context::List || !self.view.is_articles() {
            self.searches.leave();
        }
        if let Some(area) = layout.list {
            self.searches.see(area.body().rows());
        }
        let sight = self.sight();
        self.list.see(sight);
        let rows = self.view.len();
        self.view.scroll.see(rows, sight.height, sight.pace);
        let below = self.rows_below();
        if let Some(below_rows) = &mut self.view.below {
            let lines = below_rows.lines().len();
            below_rows.scroll.see(lines, below, Pace::Least);
        }
        self.ask_details();
        if let Some(area) = layout.facets {
            self.facets.set_height(area.body().rows());
        }
        let size = self.setup.size;
        match &mut self.over {
            Over::Picker(picker) => picker.set_height(layout::choices(size, picker.previews()).rows()),
            Over::Help(help) => help.set_height(layout::sheet(size).body().rows()),
            Over::Sheet(sheet) => {
                let area = layout::sheet(size);
                let rows = sheet.rows(&self.warnings, area.width).len();
                sheet.set_height(area.body().rows(), rows);
            }
            _ => {}
        }
        self.see_labels();
        self.ask_for_rows();
        self.ask_preview();
    }

    fn toggle_lit(&mut self, action: Action) {
        let all = super::reader::lit_at_first();
        let lit = self.reader.lit();
        let flip = |tags: &[Tag]| {
            let on = tags.iter().all(|tag| lit.has(*tag));
            tags.iter().fold(lit, |lit, tag| if on { lit.without(*tag) } else { lit.with(*tag) })
        };
        let tags = match action {
            Action::ShowPeople => flip(&[Tag::Person]),
            Action::ShowCountries => flip(&[Tag::Country]),
            Action::ShowOrgs => flip(&[Tag::Org]),
            Action::ShowPlaces => flip(&[Tag::Place]),
            Action::ShowQuotes => flip(&[Tag::DirectQuote, Tag::IndirectQuote]),
            _ if lit.is_empty() => all,
            _ => Tags::NONE,
        };
        self.notice = Some(match tags.is_empty() {
            true => "nothing is highlighted".to_owned(),
            false => format!("highlighted: {}", names_of(tags)),
        });
        let look = Look { tags, ..self.reader.look() };
        self.reader.set_look(look);
    }

    fn toggle_facets(&mut self) {
        let wanted = match self.facets_shown() {
            FacetsShown::Yes => FacetsShown::No,
            FacetsShown::No => FacetsShown::Yes,
        };
        self.facets_wanted = Some(wanted);
        if wanted == FacetsShown::No && self.focus == Pane::Facets {
            self.focus = Pane::List;
        }
    }

    fn zoom(&mut self) {
        self.arrangement = match self.arrangement {
            Arrangement::Panes => Arrangement::ReaderAlone,
            Arrangement::ReaderAlone => Arrangement::Panes,
        };
        if self.arrangement == Arrangement::ReaderAlone {
            self.attend();
        }
        self.settle();
        // The cursor's line is in the middle, as after vi's `zz`.
        self.reader.place_cursor(Place::Middle);
    }

    fn narrow_sheet(&mut self) {
        if let Over::Sheet(sheet) = &mut self.over {
            sheet.typing = super::sheet::Typing::Yes;
        }
    }

    fn close_sheet(&mut self) {
        match &mut self.over {
            Over::Sheet(sheet) if !sheet.narrow.text().is_empty() => {
                sheet.narrow.end();
                sheet.narrow.delete_line();
                sheet.narrowed();
            }
            _ => self.over = Over::Nothing,
        }
    }

    /// Says in the article whether it counts as read now: its row, which would show that, may be out of sight.
    fn tell_mark(&mut self) {
        let Some(shown) = self.reader.shown().filter(|_| self.is_reading()) else { return };
        let told = if shown.stored.read { "marked as read" } else { "marked as unread" };
        self.notice = Some(told.to_owned());
    }

    pub(super) fn is_reading(&self) -> bool {
        self.pane_context() == Context::Reader
    }
}

/// What is said about a paste where no line is being typed.
const NO_PASTE: &str = "Pasted text presses no keys; / opens a line that takes it.";

/// What is said about a key that means nothing here.
fn no_key(typed: &str, help: Option<&str>) -> String {
    match help {
        Some(help) => format!("No key `{typed}` here; {help} lists all keys."),
        None => format!("No key `{typed}` here."),
    }
}

/// How many files, or articles in a file, could not be read.
fn could_not_read(warnings: usize) -> String {
    match warnings {
        1 => "1 problem while reading; press W for details".to_owned(),
        several => format!("{several} problems while reading; press W for details"),
    }
}

/// The names of the tags.
fn names_of(tags: Tags) -> String {
    let names = [
        (Tag::Person, "people"),
        (Tag::Country, "countries"),
        (Tag::Org, "organisations"),
        (Tag::Place, "places"),
        (Tag::DirectQuote, "quotes"),
    ];
    let lit: Vec<&str> = names.into_iter().filter(|(tag, _)| tags.has(*tag)).map(|(_, name)| name).collect();
    lit.join(", ")
}
