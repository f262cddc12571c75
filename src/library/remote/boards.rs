//! The boards of a person in an archive: a row for each on this machine, with what is on it as JSON.
//!
//! In: changes of boards. Out: the boards. They stand in the file of [`super::state`], by archive, as marks do, and their
//! changes are undone by name. Nothing of them is sent to the server.

use super::state::State;
use crate::library::error::StateFault;
use crate::library::{ChangeId, Error, Step};
use crate::listing::board::{Board, BoardChange, BoardFault, Changed};
use rusqlite::{Connection, OptionalExtension, params};
use std::path::PathBuf;

/// What the log of changes has in place of a mark for a change of a board.
const LOGGED: &str = "board";

impl State {
    /// The names of all boards, sorted, with the number of their items.
    pub fn boards(&self) -> Result<Vec<(String, usize)>, Error> {
        let db = self.db();
        let mut statement =
            db.prepare_cached("SELECT name, items FROM board WHERE archive = ? ORDER BY name")?;
        let rows = statement
            .query_map([self.archive], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
        let mut boards = Vec::new();
        for row in rows {
            let (name, items) = row?;
            boards.push((name, read(&db, &items)?.items.len()));
        }
        Ok(boards)
    }

    /// The board of this name.
    pub fn board(&self, name: &str) -> Result<Option<Board>, Error> {
        self.board_in(&self.db(), name)
    }

    fn board_in(&self, db: &Connection, name: &str) -> Result<Option<Board>, Error> {
        let sql = "SELECT items FROM board WHERE archive = ? AND name = ?";
        let items: Option<String> =
            db.query_row(sql, params![self.archive, name], |row| row.get(0)).optional()?;
        items.map(|items| read(db, &items)).transpose()
    }

    /// Makes a change. With a name it can be undone by that.
    pub fn change_board(&self, name: Option<ChangeId>, change: &BoardChange) -> Result<Changed, Error> {
        let mut db = self.db();
        let write = db.transaction()?;
        let changed = self.make(&write, change)?;
        if name.is_some() && !changed.forth.is_empty() {
            let forth = BoardChange { board: change.board.clone(), edits: changed.forth.clone() };
            // Texts and numbers can always be serialized.
            let logged = serde_json::to_vec(&(forth, &changed.back)).unwrap_or_default();
            self.record(&write, name, (LOGGED, true), logged)?;
        }
        write.commit()?;
        Ok(changed)
    }

    /// Undoes or redoes the change of this name; `None` where there is none, or where that was done already.
    pub fn step_board(&self, step: Step, name: ChangeId) -> Result<Option<Changed>, Error> {
        let mut db = self.db();
        let write = db.transaction()?;
        let sql = "SELECT id, articles FROM change WHERE archive = ? AND name = ? AND what = ? AND (undone > 0) = ?";
        let found = write
            .query_row(sql, params![self.archive, name.0, LOGGED, step == Step::Redo], |row| {
                Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
            })
            .optional()?;
        let Some((id, logged)) = found else { return Ok(None) };
        let (forth, back): (BoardChange, BoardChange) =
            serde_json::from_slice(&logged).map_err(|_| damaged(&write))?;
        let changed = self.make(&write, if step == Step::Undo { &back } else { &forth })?;
        write.execute("UPDATE change SET undone = ? WHERE id = ?", params![step == Step::Undo, id])?;
        write.commit()?;
        Ok(Some(changed))
    }

    fn make(&self, db: &Connection, change: &BoardChange) -> Result<Changed, Error> {
        let fail = |fault: BoardFault| Error::Board { board: change.board.clone(), fault };
        let mut statement = db.prepare_cached("SELECT name FROM board WHERE archive = ?")?;
        let others = statement.query_map([self.archive], |row| row.get::<_, String>(0))?;
        let others: Vec<String> = others.collect::<Result<_, _>>()?;
        let changed = change.make(self.board_in(db, &change.board)?, &others).map_err(fail)?;
        if changed.forth.is_empty() {
            return Ok(changed);
        }
        let now = changed.board.as_ref().map(|board| board.name.as_str());
        if now != Some(change.board.as_str()) {
            let sql = "DELETE FROM board WHERE archive = ? AND name = ?";
            db.prepare_cached(sql)?.execute(params![self.archive, change.board])?;
        }
        if let Some(board) = &changed.board {
            let items = serde_json::to_string(board).unwrap_or_default();
            let sql = "INSERT OR REPLACE INTO board (archive, name, items) VALUES (?, ?, ?)";
            db.prepare_cached(sql)?.execute(params![self.archive, board.name, items])?;
        }
        Ok(changed)
    }
}

fn read(db: &Connection, items: &str) -> Result<Board, Error> {
    serde_json::from_str(items).map_err(|_| damaged(db))
}

fn damaged(db: &Connection) -> Error {
    Error::State { path: db.path().map(PathBuf::from).unwrap_or_default(), fault: StateFault::Damaged }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::ArticleId;
    use crate::library::tests::article;
    use crate::listing::Marking;
    use crate::listing::board::{Edit, Item, ItemId};

    #[test]
    fn boards_of_an_archive_are_kept_by_archive_and_undone_by_name() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("archives.db");
        let open = |address: &str| State::open(&path, address).expect("a state");
        let (state, other) = (open("http://a/one"), open("http://a/two"));
        let item =
            |day: i64| Item::new(ArticleId(day), &article(day, "Wire", &format!("Day {day}"), "").0, None);
        let change = |name: i64, change: BoardChange| state.change_board(Some(ChangeId(name)), &change);
        assert_eq!(change(1, BoardChange::put("War", vec![item(1), item(2)])).expect("changed").put(), 2);
        // A mark and a board may have been changed under one name; each is undone by itself.
        state.mark(Some(ChangeId(1)), (&[7].into(), &[].into()), &Marking::Star).expect("marked");
        change(2, BoardChange::new("War", vec![Edit::Note(ItemId(1), "ask her".to_owned())]))
            .expect("changed");
        change(3, BoardChange::new("War", vec![Edit::Rename("Peace".to_owned())])).expect("changed");
        assert_eq!(state.boards().expect("boards"), [("Peace".to_owned(), 2)]);
        assert_eq!(other.boards().expect("boards"), []);
        let twice = other.change_board(None, &BoardChange::new("Peace", vec![Edit::Remove]));
        assert!(matches!(twice, Err(Error::Board { fault: BoardFault::NoBoard, .. })), "{twice:?}");
        drop(state);
        let state = open("http://a/one");
        for name in [3, 2, 1] {
            let step = |step| state.step_board(step, ChangeId(name)).expect("an answer");
            assert!(step(Step::Undo).is_some() && step(Step::Undo).is_none(), "{name}");
        }
        assert_eq!(state.boards().expect("boards"), []);
        assert_eq!(state.with("star").expect("marks"), [7].into());
        for name in [1, 2] {
            state.step_board(Step::Redo, ChangeId(name)).expect("an answer").expect("redone");
        }
        let board = state.board("War").expect("an answer").expect("a board");
        assert_eq!((board.items.len(), board.items[0].note.as_str()), (2, "ask her"));
        state.db().execute("UPDATE board SET items = '{'", []).expect("damaged");
        assert!(matches!(state.board("War"), Err(Error::State { fault: StateFault::Damaged, .. })));
    }
}
