//! The boards of the person: a row for each, with what is on it as JSON. In a shared library they are in the person's own
//! file, as the marks are.

use super::changes::forget_old;
use super::file::meta::bump;
use super::file::seal;
use crate::library::{ChangeId, Error, Step};
use crate::listing::board::{Board, BoardChange, BoardFault, Changed};
use rusqlite::{Connection, OptionalExtension};

/// What the log of changes has in place of a mark for a change of a board.
pub const LOGGED: &str = "board";

/// The most bytes of a board as it is stored. What its bounds permit has some 10 MB.
const LONGEST: i64 = 30_000_000;

/// The names of all boards, sorted, with the number of their items. What is damaged is left out; the second value says
/// whether anything is.
pub fn all(db: &Connection) -> Result<(Vec<(String, usize)>, bool), Error> {
    let sql = "SELECT name, items, seal <> crc(name, items) FROM board WHERE octet_length(items) <= ? ORDER BY name";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query([LONGEST])?;
    let (mut boards, mut damaged) = (Vec::new(), false);
    loop {
        match rows.next().map_err(Error::from) {
            Ok(Some(row)) => {
                let board = row.get_ref(1)?.as_str().ok().and_then(|items| read(items).ok());
                match (seal::sound(row, 2), board) {
                    (Ok(()), Some(board)) => boards.push((board.name, board.items.len())),
                    _ => damaged = true,
                }
            }
            Ok(None) => return Ok((boards, damaged)),
            Err(error) if error.is_damage() => return Ok((boards, true)),
            Err(error) => return Err(error),
        }
    }
}

/// The board of this name.
pub fn load(db: &Connection, name: &str) -> Result<Option<Board>, Error> {
    let sql = "SELECT items, seal <> crc(name, items) FROM board WHERE name = ? AND octet_length(items) <= ?";
    let mut statement = db.prepare_cached(sql)?;
    let mut rows = statement.query((name, LONGEST))?;
    let Some(row) = rows.next()? else { return Ok(None) };
    seal::sound(row, 1)?;
    read(row.get_ref(0)?.as_str().map_err(|_| seal::damaged())?).map(Some)
}

fn read(items: &str) -> Result<Board, Error> {
    serde_json::from_str(items).map_err(|_| seal::damaged())
}

/// Makes a change. With a name it can be undone by that.
pub fn change(db: &Connection, name: Option<ChangeId>, change: &BoardChange) -> Result<Changed, Error> {
    let changed = make(db, change)?;
    if let Some(name) = name.filter(|_| !changed.forth.is_empty()) {
        let forth = BoardChange { board: change.board.clone(), edits: changed.forth.clone() };
        // Texts and numbers can always be serialized.
        let logged = serde_json::to_vec(&(forth, &changed.back)).unwrap_or_default();
        db.prepare_cached(
            "INSERT INTO change (marking, articles, undone, name, folded) VALUES (?, ?, 0, ?, 0)",
        )?
        .execute((LOGGED, logged, name.0))?;
        seal::CHANGE.renew(db, "id = ?", [db.last_insert_rowid()])?;
        forget_old(db)?;
    }
    Ok(changed)
}

/// Undoes or redoes the change of this name; `None` where there is none, or where that was done already.
pub fn step(db: &Connection, step: Step, name: ChangeId) -> Result<Option<Changed>, Error> {
    let sql = "SELECT id, articles FROM change WHERE undone = ? AND name = ? AND marking = ?";
    let found = db
        .query_row(sql, (step == Step::Redo, name.0, LOGGED), |row| {
            Ok((row.get::<_, i64>(0)?, row.get::<_, Vec<u8>>(1)?))
        })
        .optional()?;
    let Some((id, logged)) = found else { return Ok(None) };
    let (forth, back): (BoardChange, BoardChange) =
        serde_json::from_slice(&logged).map_err(|_| seal::damaged())?;
    let changed = make(db, if step == Step::Undo { &back } else { &forth })?;
    db.execute("UPDATE change SET undone = ? WHERE id = ?", (step == Step::Undo, id))?;
    seal::CHANGE.renew(db, "id = ?", [id])?;
    Ok(Some(changed))
}

fn make(db: &Connection, change: &BoardChange) -> Result<Changed, Error> {
    let fail = |fault: BoardFault| Error::Board { board: change.board.clone(), fault };
    let mut statement = db.prepare_cached("SELECT name FROM board")?;
    let others = statement.query_map([], |row| row.get::<_, String>(0))?;
    let others: Vec<String> = others.collect::<Result<_, _>>()?;
    let changed = change.make(load(db, &change.board)?, &others).map_err(fail)?;
    if changed.forth.is_empty() {
        return Ok(changed);
    }
    let now = changed.board.as_ref().map(|board| board.name.as_str());
    if now != Some(change.board.as_str()) {
        db.prepare_cached("DELETE FROM board WHERE name = ?")?.execute([&change.board])?;
    }
    if let Some(board) = &changed.board {
        let items = serde_json::to_string(board).unwrap_or_default();
        db.prepare_cached("INSERT OR REPLACE INTO board VALUES (?1, ?2, crc(?1, ?2))")?
            .execute((&board.name, items))?;
    }
    bump(db, "marks")?;
    Ok(changed)
}
