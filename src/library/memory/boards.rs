//! The boards of the person, and how to undo their changes.

use crate::library::{ChangeId, Error, Step};
use crate::listing::board::{Board, BoardChange, Changed};
use std::collections::BTreeMap;

#[derive(Default)]
pub struct Boards {
    all: BTreeMap<String, Board>,
    /// What each change did and what undoes it, and whether it is undone.
    log: Vec<(ChangeId, BoardChange, BoardChange, bool)>,
}

impl Boards {
    pub fn all(&self) -> Vec<(String, usize)> {
        self.all.values().map(|board| (board.name.clone(), board.items.len())).collect()
    }

    pub fn load(&self, name: &str) -> Option<Board> {
        self.all.get(name).cloned()
    }

    pub fn change(&mut self, name: Option<ChangeId>, change: &BoardChange) -> Result<Changed, Error> {
        let changed = self.make(change)?;
        if let Some(name) = name.filter(|_| !changed.forth.is_empty()) {
            let forth = BoardChange { board: change.board.clone(), edits: changed.forth.clone() };
            self.log.push((name, forth, changed.back.clone(), false));
        }
        Ok(changed)
    }

    pub fn step(&mut self, step: Step, name: ChangeId) -> Result<Option<Changed>, Error> {
        let undo = step == Step::Undo;
        let found = self.log.iter().position(|(other, _, _, undone)| *other == name && *undone != undo);
        let Some(at) = found else { return Ok(None) };
        let (_, forth, back, _) = &self.log[at];
        let change = if undo { back.clone() } else { forth.clone() };
        let changed = self.make(&change)?;
        self.log[at].3 = undo;
        Ok(Some(changed))
    }

    fn make(&mut self, change: &BoardChange) -> Result<Changed, Error> {
        let others: Vec<String> = self.all.keys().cloned().collect();
        let changed = change
            .make(self.load(&change.board), &others)
            .map_err(|fault| Error::Board { board: change.board.clone(), fault })?;
        self.all.remove(&change.board);
        if let Some(board) = &changed.board {
            self.all.insert(board.name.clone(), board.clone());
        }
        Ok(changed)
    }
}
