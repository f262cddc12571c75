//! Changes the boards, and tells what was done in words.

use crate::app::BoardOrder;
use crate::app::view::boards::items;
use crate::library::{Error, Library, Step};
use crate::listing::ChangeId;
use crate::listing::board::{BoardChange, Changed, Edit, Item};

/// What was done, in the words of the history, and the line for the person.
type Told = (Option<String>, String);

/// Makes a change.
pub fn order(library: &Library, change: ChangeId, order: BoardOrder) -> Told {
    let made = || -> Result<(BoardChange, Changed), Error> {
        let wanted = match order {
            BoardOrder::Change(wanted) => wanted,
            BoardOrder::Put { board, what } => {
                let mut found: Vec<Item> = Vec::new();
                for (id, passage) in what {
                    found.extend(library.board_item(id, passage)?);
                }
                BoardChange::put(&board, found)
            }
        };
        let changed = library.change_board(Some(change), &wanted)?;
        Ok((wanted, changed))
    };
    match made() {
        Ok((wanted, changed)) => match in_words(&wanted.board, &changed) {
            Some(words) => (Some(words.clone()), format!("{words}; U undoes it")),
            None => (None, nothing(&wanted)),
        },
        Err(error) => (None, error.to_string()),
    }
}

/// Undoes or redoes a change.
pub fn step(library: &Library, step: Step, change: ChangeId) -> Told {
    match library.step_board(step, change) {
        Ok(Some(changed)) => {
            let name = changed.board.as_ref().map_or(changed.back.board.as_str(), |board| &board.name);
            let state = match &changed.board {
                Some(board) => format!("the board {name} has {}", items(board.items.len())),
                None => format!("the board {name} is gone"),
            };
            let line = match step {
                Step::Undo => format!("undone: {state}; C-r does it again"),
                Step::Redo => format!("redone: {state}; U undoes it"),
            };
            (None, line)
        }
        Ok(None) => (None, "nothing to undo: the change of the board is not known any more".to_owned()),
        Err(error) => (None, error.to_string()),
    }
}

/// What a change did; `None` if nothing is different.
fn in_words(board: &str, changed: &Changed) -> Option<String> {
    let put = changed.put();
    Some(match changed.forth.last()? {
        Edit::Put(..) => format!("{} put on the board {board}", items(put)),
        Edit::Make => format!("the board {board} made"),
        Edit::Take(_) => format!("1 item taken off the board {board}"),
        Edit::Move(_, to) => format!("moved to place {} of the board {board}", to + 1),
        Edit::Note(_, note) if note.is_empty() => format!("a note removed from the board {board}"),
        Edit::Note(..) => format!("a note written on the board {board}"),
        Edit::Rename(to) => format!("the board {board} is called {to} now"),
        Edit::Remove => format!("the board {board} removed"),
        Edit::Restore(_) => format!("the board {board} put back"),
    })
}

/// What a change did, or why it did nothing.
pub fn told(wanted: &BoardChange, changed: &Changed) -> String {
    in_words(&wanted.board, changed).unwrap_or_else(|| nothing(wanted))
}

/// Why a change did nothing.
fn nothing(wanted: &BoardChange) -> String {
    match wanted.edits.last() {
        Some(Edit::Put(..)) => format!("it is on the board {} already", wanted.board),
        _ => "nothing is different".to_owned(),
    }
}
