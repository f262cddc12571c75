//! Puts articles and quotes on boards, and changes what is on the board that is open. What is asked for here is done by the
//! shell, which answers with the line for the person.

use super::super::App;
use super::super::action::{Action, Context};
use super::super::history::Step;
use super::super::message::{BoardOrder, Effect, Lane, OnBoard, Question};
use super::super::over::{Offer, Over, Prompt, PromptPurpose};
use super::super::view::{Boards, Rows, ViewKind};
use crate::annotation::Field;
use crate::article::ArticleId;
use crate::listing::ChangeId;
use crate::listing::board::{BoardChange, Edit, ItemId, clean_name};
use crate::text::Span;

/// How a line break of a note is written while it is edited.
const BREAK: &str = "\\n";

impl App {
    /// The boards, if they are what is listed and the keys go to them.
    fn boards(&self) -> Option<&Boards> {
        match &self.view.rows {
            Rows::Boards(boards) if self.context() == Context::List => Some(boards),
            _ => None,
        }
    }

    /// Whether the keys go to the view of the boards.
    pub(super) fn is_in_boards(&self) -> bool {
        self.boards().is_some()
    }

    /// The item under the cursor, with the name of its board and its place.
    fn item_here(&self) -> Option<(String, ItemId, usize)> {
        let (board, item) = self.boards()?.item(self.view.scroll.at)?;
        Some((board.name.clone(), item.id, self.view.scroll.at))
    }

    /// What goes on a board: the quote under the cursor, the selected rows, or the article.
    fn for_board(&mut self) -> Option<Vec<OnBoard>> {
        let quote = self.reader.under().and_then(|under| under.quote).map(|quote| (quote.field, quote.span));
        if let (true, Some(id), Some(quote)) = (self.is_reading(), self.reader.id(), quote) {
            return Some(vec![(id, Some(quote))]);
        }
        if let Some(passages) = self.selected_passages() {
            return Some(passages);
        }
        if let Some(passage) = self.view.passage().filter(|_| !self.is_reading()) {
            return Some(vec![(passage.id, quoted(passage.field, passage.span))]);
        }
        let subjects = self.subjects(Action::AddToBoard)?;
        Some(subjects.into_iter().map(|id| (id, None)).collect())
    }

    pub(super) fn open_board_prompt(&mut self) {
        let Some(what) = self.for_board() else { return };
        let name = self.board_used.clone();
        self.over = Over::Prompt(Prompt::new(PromptPurpose::Board(what), &name));
        self.asked.boards = Some(self.ask(Lane::Names, Question::Boards));
    }

    /// The names of the boards have arrived.
    pub(super) fn take_boards(&mut self, names: Vec<String>) {
        self.boards_known = names;
        self.offer_boards();
    }

    /// Offers the boards whose names begin with what is typed; all of them if that is one of them.
    pub(super) fn offer_boards(&mut self) {
        let Over::Prompt(prompt) = &mut self.over else { return };
        if !matches!(prompt.purpose, PromptPurpose::Board(_)) {
            return;
        }
        let typed = prompt.line.text().trim().to_lowercase();
        let whole = self.boards_known.iter().any(|name| name.to_lowercase() == typed);
        let fits = |name: &&String| whole || name.to_lowercase().starts_with(&typed);
        let offer = |name: &String| Offer { label: name.clone(), count: None, text: name.clone() };
        prompt.offers = self.boards_known.iter().filter(fits).map(offer).collect();
        prompt.chosen = None;
        prompt.word = 0;
    }

    /// The name of the board was typed.
    pub(super) fn put_on_board(&mut self, what: Vec<OnBoard>, typed: &str) {
        match clean_name(typed) {
            Ok(name) => {
                self.board_used.clone_from(&name);
                self.selection = None;
                self.order_board(BoardOrder::Put { board: name, what });
            }
            Err(fault) => self.notice = Some(format!("not put on a board: {fault}")),
        }
    }

    fn order_board(&mut self, order: BoardOrder) {
        let change = self.history.name();
        self.effects.push(Effect::Board { change, order });
    }

    fn change_board(&mut self, board: &str, edit: Edit) {
        self.order_board(BoardOrder::Change(BoardChange::new(board, vec![edit])));
    }

    /// Tells what became of a change of a board. One that changed nothing is no step to undo.
    pub(super) fn take_boarded(&mut self, change: ChangeId, made: Option<String>, line: String) {
        if let Some(words) = made {
            self.history.forget(change);
            self.history.add(Step::Board { change, words });
        }
        self.notice = Some(line);
        if self.view.kind == ViewKind::Boards {
            self.ask_view();
        }
    }

    /// Shows what is on a board.
    pub(super) fn open_board(&mut self, name: String) {
        let from = self.place();
        self.board_used.clone_from(&name);
        self.view.how.board = Some(name);
        self.view.go_to_top();
        self.ask_view();
        self.stepped(from);
    }

    /// Takes the item under the cursor off its board, or removes the board.
    pub(super) fn take_off_board(&mut self) {
        if let Some((board, item, _)) = self.item_here() {
            self.change_board(&board, Edit::Take(item));
            return;
        }
        let here = self.view.scroll.at;
        match self.boards().and_then(|boards| boards.board(here)).map(str::to_owned) {
            Some(name) => self.change_board(&name, Edit::Remove),
            None => self.notice = Some("there is nothing to remove here".to_owned()),
        }
    }

    /// Moves the item under the cursor by so many places.
    pub(super) fn move_on_board(&mut self, by: i64) {
        let Some((board, item, at)) = self.item_here() else {
            self.notice = Some("only what is on a board is moved; v B lists the boards".to_owned());
            return;
        };
        let to = usize::try_from(at as i64 + by).unwrap_or(0).min(self.view.len().saturating_sub(1));
        if to == at {
            self.notice = Some("it is at the end already".to_owned());
            return;
        }
        self.change_board(&board, Edit::Move(item, to));
    }

    pub(super) fn open_note_prompt(&mut self) {
        let Some((board, item, at)) = self.item_here() else {
            self.notice = Some("only what is on a board has a note; B puts it on one".to_owned());
            return;
        };
        let note = self.boards().and_then(|boards| boards.item(at)).map(|(_, item)| item.note.clone());
        let note = note.unwrap_or_default().replace('\n', BREAK);
        self.over = Over::Prompt(Prompt::new(PromptPurpose::Note(board, item), &note));
    }

    pub(super) fn note_on_board(&mut self, board: &str, item: ItemId, typed: &str) {
        self.change_board(board, Edit::Note(item, typed.replace(BREAK, "\n")));
    }

    pub(super) fn open_rename_board_prompt(&mut self) {
        let here = self.view.scroll.at;
        let name = self.boards().and_then(|boards| match &boards.open {
            Some(board) => Some(board.name.clone()),
            None => boards.board(here).map(str::to_owned),
        });
        match name {
            Some(name) => {
                let prompt = Prompt::new(PromptPurpose::RenameBoard(name.clone()), &name);
                self.over = Over::Prompt(prompt);
            }
            None => self.notice = Some("there is no board here".to_owned()),
        }
    }

    pub(super) fn rename_board(&mut self, from: &str, typed: &str) {
        if let (Some(open), Ok(to)) = (&mut self.view.how.board, clean_name(typed))
            && open == from
        {
            *open = to;
        }
        self.change_board(from, Edit::Rename(typed.to_owned()));
    }
}

/// A passage as it is put on a board: one without words stands for the article.
pub(super) fn quoted(field: Field, span: Span) -> Option<(Field, Span)> {
    (span.start < span.end).then_some((field, span))
}

/// The articles of several passages, each once.
pub(super) fn articles_of(passages: &[OnBoard]) -> Vec<ArticleId> {
    let mut ids: Vec<ArticleId> = Vec::new();
    for (id, _) in passages {
        if !ids.contains(id) {
            ids.push(*id);
        }
    }
    ids
}
