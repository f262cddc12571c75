//! Boards: named piles of articles and quotes, in an order, with a person's own notes; and the changes that are made to
//! them, each of which can be undone.
//!
//! An item holds what a citation needs (title, source, day, address, the words of a quote), so that a board can be read and
//! exported after its articles are gone. Pure values; must not know where boards are stored.

use crate::annotation::Field;
use crate::article::{Article, ArticleId};
use crate::text::Span;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How many boards there may be, and how many items on one of them.
pub const MOST_BOARDS: usize = 200;
pub const MOST_ITEMS: usize = 1_000;
/// How many bytes a note may have, and the name of a board.
pub const LONGEST_NOTE: usize = 4_000;
pub const LONGEST_NAME: usize = 100;
/// How many bytes of a title, an address and the words of a quote an item keeps; the last is marked where it is cut.
const LONGEST_TITLE: usize = 500;
const LONGEST_URL: usize = 2_000;
const LONGEST_WORDS: usize = 3_000;

/// The number of an item on its board, which it keeps when it moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct ItemId(pub u32);

/// A quote on a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quoted {
    /// Whether it is in the title of the article; else it is in its body.
    in_title: bool,
    /// The first byte of the quote in that text, and the one after its last.
    start: u32,
    end: u32,
    pub words: String,
    pub speaker: Option<String>,
}

/// One article or quote on a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    pub id: ItemId,
    article: i64,
    pub title: String,
    pub source: String,
    pub author: Option<String>,
    pub url: Option<String>,
    /// In seconds since 1970; `None` for an article without a date.
    published: Option<i64>,
    pub quote: Option<Quoted>,
    /// What the person wrote about it; may be empty, and have several lines.
    pub note: String,
}

/// A board.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Board {
    pub name: String,
    pub items: Vec<Item>,
    /// The number of the next item.
    next: u32,
}

/// One change of a board.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Edit {
    /// Makes the board, if there is none of its name.
    Make,
    /// Puts an item at a place, counted from 0, or at the end if there are fewer. An article or quote that is on the board
    /// already stays where it is.
    Put(usize, Item),
    Take(ItemId),
    /// Moves an item to a place, counted from 0.
    Move(ItemId, usize),
    Note(ItemId, String),
    /// Gives the board another name.
    Rename(String),
    /// Removes the board with everything on it.
    Remove,
    /// Puts back a board that was removed.
    Restore(Board),
}

/// Several changes of one board, which are made and undone together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoardChange {
    pub board: String,
    pub edits: Vec<Edit>,
}

/// Why a board cannot be changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BoardFault {
    #[error("there is no board of this name")]
    NoBoard,
    #[error("it is not on the board any more")]
    NoItem,
    #[error("there is a board of this name already")]
    NameTaken,
    #[error("a board needs a name")]
    NoName,
    #[error("a name has at most {LONGEST_NAME} bytes")]
    LongName,
    #[error("there are {MOST_BOARDS} boards already")]
    ManyBoards,
    #[error("a board has at most {MOST_ITEMS} items")]
    ManyItems,
    #[error("a note has at most {LONGEST_NOTE} bytes")]
    LongNote,
}

/// What a change made of a board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changed {
    /// The board as it is now; `None` if it is gone.
    pub board: Option<Board>,
    /// What was done, with the numbers of the items; empty if nothing is different.
    pub forth: Vec<Edit>,
    /// What undoes it, to be done to the board under its new name.
    pub back: BoardChange,
}

impl Changed {
    /// How many items were put on the board.
    pub fn put(&self) -> usize {
        self.forth.iter().filter(|edit| matches!(edit, Edit::Put(..))).count()
    }
}

/// The name of a board as it is stored: without blanks at its ends, on one line.
pub fn clean_name(typed: &str) -> Result<String, BoardFault> {
    let name = typed.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    let name = name.collect::<Vec<&str>>().join(" ");
    match name.len() {
        0 => Err(BoardFault::NoName),
        1..=LONGEST_NAME => Ok(name),
        _ => Err(BoardFault::LongName),
    }
}

/// A note as it is stored: its lines without control characters, and without blanks at its end.
fn clean_note(typed: &str) -> Result<String, BoardFault> {
    let lines = typed.lines().map(|line| {
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        line.trim_end().to_owned()
    });
    let note = lines.collect::<Vec<String>>().join("\n").trim().to_owned();
    if note.len() > LONGEST_NOTE { Err(BoardFault::LongNote) } else { Ok(note) }
}

/// The beginning of a text, at most so many bytes, with a sign where it is cut.
fn cut(text: &str, most: usize) -> String {
    if text.len() <= most {
        return text.to_owned();
    }
    let end = (0..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    format!("{} …", text.get(..end).unwrap_or_default().trim_end())
}

impl Item {
    /// An article, or a quote of it, that is not on a board yet.
    pub fn new(id: ArticleId, article: &Article, quote: Option<(Field, Span, Option<String>)>) -> Item {
        let quote = quote.and_then(|(field, span, speaker)| {
            let text = if field == Field::Title { &article.title } else { &article.body };
            let words = span.get(text)?.split_whitespace().collect::<Vec<&str>>().join(" ");
            let in_title = field == Field::Title;
            let words = cut(&words, LONGEST_WORDS);
            Some(Quoted { in_title, start: span.start, end: span.end, words, speaker })
        });
        let title = super::headline(&article.title, &article.body);
        Item {
            id: ItemId(0),
            article: id.0,
            title: cut(&title, LONGEST_TITLE),
            source: cut(&article.source, LONGEST_TITLE),
            author: article.author.as_deref().map(|author| cut(author, LONGEST_TITLE)),
            // An address that is cut leads elsewhere.
            url: article.url.clone().filter(|url| url.len() <= LONGEST_URL),
            published: article.published.map(|time| time.timestamp()),
            quote,
            note: String::new(),
        }
    }

    pub fn article(&self) -> ArticleId {
        ArticleId(self.article)
    }

    /// When the article appeared.
    pub fn published(&self) -> Option<DateTime<Utc>> {
        self.published.and_then(|seconds| DateTime::from_timestamp(seconds, 0))
    }

    /// Where its quote is in the article.
    pub fn passage(&self) -> Option<(Field, Span)> {
        let quote = self.quote.as_ref()?;
        let field = if quote.in_title { Field::Title } else { Field::Body };
        Some((field, Span { start: quote.start, end: quote.end }))
    }

    /// Whether both are the same article or the same quote.
    fn is_same(&self, other: &Item) -> bool {
        self.article == other.article && self.passage() == other.passage()
    }
}

impl Board {
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    fn place(&self, id: ItemId) -> Result<usize, BoardFault> {
        self.items.iter().position(|item| item.id == id).ok_or(BoardFault::NoItem)
    }
}

impl BoardChange {
    pub fn new(board: &str, edits: Vec<Edit>) -> BoardChange {
        BoardChange { board: board.to_owned(), edits }
    }

    /// Puts these at the end of a board, which is made if there is none.
    pub fn put(board: &str, items: Vec<Item>) -> BoardChange {
        let put = items.into_iter().map(|item| Edit::Put(usize::MAX, item));
        BoardChange::new(board, std::iter::once(Edit::Make).chain(put).collect())
    }

    /// Makes the change to the board of its name, of which there may be none. `others` are the names of all boards.
    pub fn make(&self, board: Option<Board>, others: &[String]) -> Result<Changed, BoardFault> {
        let mut board = board;
        let mut name = self.board.clone();
        let (mut forth, mut back) = (Vec::new(), Vec::new());
        for edit in &self.edits {
            let Some((done, undoes)) = apply(edit, &mut board, &mut name, others)? else { continue };
            forth.push(done);
            back.push(undoes);
        }
        back.reverse();
        Ok(Changed { board, forth, back: BoardChange { board: name, edits: back } })
    }
}

/// Makes one change. Returns what was done and what undoes it; `None` if nothing is different.
fn apply(
    edit: &Edit,
    board: &mut Option<Board>,
    name: &mut String,
    others: &[String],
) -> Result<Option<(Edit, Edit)>, BoardFault> {
    if let Edit::Make | Edit::Restore(_) = edit {
        if board.is_some() {
            return if *edit == Edit::Make { Ok(None) } else { Err(BoardFault::NameTaken) };
        }
        if others.len() >= MOST_BOARDS {
            return Err(BoardFault::ManyBoards);
        }
        *name = clean_name(name)?;
        *board = Some(match edit {
            Edit::Restore(old) => Board { name: name.clone(), ..old.clone() },
            _ => Board { name: name.clone(), ..Board::default() },
        });
        return Ok(Some((edit.clone(), Edit::Remove)));
    }
    let here = board.as_mut().ok_or(BoardFault::NoBoard)?;
    Ok(Some(match edit {
        Edit::Put(at, item) => {
            if here.items.iter().any(|other| other.is_same(item)) {
                return Ok(None);
            }
            if here.items.len() >= MOST_ITEMS {
                return Err(BoardFault::ManyItems);
            }
            let mut item = Item { note: clean_note(&item.note)?, ..item.clone() };
            // An item that comes back keeps its number.
            if item.id.0 == 0 || here.item(item.id).is_some() {
                here.next += 1;
                item.id = ItemId(here.next);
            }
            here.next = here.next.max(item.id.0);
            let at = (*at).min(here.items.len());
            here.items.insert(at, item.clone());
            (Edit::Put(at, item.clone()), Edit::Take(item.id))
        }
        Edit::Take(id) => {
            let at = here.place(*id)?;
            let item = here.items.remove(at);
            (edit.clone(), Edit::Put(at, item))
        }
        Edit::Move(id, to) => {
            let at = here.place(*id)?;
            let to = (*to).min(here.items.len() - 1);
            if at == to {
                return Ok(None);
            }
            let item = here.items.remove(at);
            here.items.insert(to, item);
            (Edit::Move(*id, to), Edit::Move(*id, at))
        }
        Edit::Note(id, note) => {
            let note = clean_note(note)?;
            let at = here.place(*id)?;
            let item = here.items.get_mut(at).ok_or(BoardFault::NoItem)?;
            if item.note == note {
                return Ok(None);
            }
            let before = std::mem::replace(&mut item.note, note.clone());
            (Edit::Note(*id, note), Edit::Note(*id, before))
        }
        Edit::Rename(to) => {
            let to = clean_name(to)?;
            if to == here.name {
                return Ok(None);
            }
            if others.contains(&to) {
                return Err(BoardFault::NameTaken);
            }
            let before = std::mem::replace(&mut here.name, to.clone());
            name.clone_from(&to);
            (Edit::Rename(to), Edit::Rename(before))
        }
        Edit::Remove => match board.take() {
            Some(old) => (Edit::Remove, Edit::Restore(old)),
            None => return Ok(None),
        },
        Edit::Make | Edit::Restore(_) => return Ok(None),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn item(article: i64) -> Item {
        let body = "She said: \"The bridge is open.\"".to_owned();
        let article = Article {
            path: None,
            url: None,
            guid: None,
            source: "Wire".to_owned(),
            title: format!("Story {article}"),
            author: None,
            published: DateTime::from_timestamp(article * 86_400, 0),
            language: None,
            body,
        };
        Item::new(ArticleId(article.published.map_or(0, |time| time.timestamp() / 86_400)), &article, None)
    }

    fn made(change: &BoardChange, board: Option<Board>) -> Changed {
        change.make(board, &[]).expect("made")
    }

    #[test]
    fn the_same_article_is_put_on_a_board_once_and_keeps_its_note() {
        let first = made(&BoardChange::put("War", vec![item(1), item(2), item(1)]), None);
        assert_eq!(first.put(), 2);
        let board = first.board.expect("a board");
        let note = BoardChange::new("War", vec![Edit::Note(ItemId(1), "ask\tthem \n".to_owned())]);
        let noted = made(&note, Some(board)).board.expect("a board");
        assert_eq!(noted.items[0].note, "ask them");
        let again = made(&BoardChange::put("War", vec![item(1)]), Some(noted.clone()));
        assert_eq!((again.board, again.forth), (Some(noted), Vec::new()));
    }

    #[test]
    fn a_quote_is_kept_with_its_words() {
        let article = Article { body: "He said: \"No\nway.\" Then he left.".to_owned(), ..some_article() };
        let item = Item::new(
            ArticleId(7),
            &article,
            Some((Field::Body, Span { start: 9, end: 18 }, Some("Ada Obi".to_owned()))),
        );
        assert_eq!(item.quote.as_ref().map(|quote| quote.words.as_str()), Some("\"No way.\""));
        assert_eq!(item.passage(), Some((Field::Body, Span { start: 9, end: 18 })));
    }

    fn some_article() -> Article {
        Article {
            path: None,
            url: None,
            guid: None,
            source: "Wire".to_owned(),
            title: "Title".to_owned(),
            author: None,
            published: None,
            language: None,
            body: String::new(),
        }
    }

    #[test]
    fn bounds_are_kept() {
        let name = "x".repeat(LONGEST_NAME + 1);
        assert_eq!(BoardChange::put(&name, Vec::new()).make(None, &[]), Err(BoardFault::LongName));
        assert_eq!(BoardChange::put(" \t", Vec::new()).make(None, &[]), Err(BoardFault::NoName));
        let all = (0..=MOST_ITEMS as i64).map(item).collect();
        assert_eq!(BoardChange::put("b", all).make(None, &[]), Err(BoardFault::ManyItems));
        let names: Vec<String> = (0..MOST_BOARDS).map(|at| at.to_string()).collect();
        assert_eq!(BoardChange::put("b", Vec::new()).make(None, &names), Err(BoardFault::ManyBoards));
        let gone = BoardChange::new("b", vec![Edit::Take(ItemId(1))]);
        assert_eq!(gone.make(None, &[]), Err(BoardFault::NoBoard));
        assert_eq!(gone.make(Some(Board::default()), &[]), Err(BoardFault::NoItem));
    }

    fn some_edit() -> impl Strategy<Value = Edit> {
        prop_oneof![
            Just(Edit::Make),
            (0usize..6, 0i64..8).prop_map(|(at, article)| Edit::Put(at, item(article))),
            (1u32..8).prop_map(|id| Edit::Take(ItemId(id))),
            (1u32..8, 0usize..9).prop_map(|(id, at)| Edit::Move(ItemId(id), at)),
            (1u32..8, "[a-c\n]{0,4}").prop_map(|(id, note)| Edit::Note(ItemId(id), note)),
            "[ab]".prop_map(Edit::Rename),
            Just(Edit::Remove),
        ]
    }

    proptest! {
        #[test]
        fn what_is_done_is_undone_and_done_again(changes in proptest::collection::vec(
            proptest::collection::vec(some_edit(), 1..4), 1..8,
        )) {
            let mut board: Option<Board> = None;
            for edits in changes {
                let name = board.as_ref().map_or("a", |board| board.name.as_str()).to_owned();
                let change = BoardChange { board: name.clone(), edits };
                // A change that is refused as a whole changes nothing.
                let Ok(after) = change.make(board.clone(), &[]) else { continue };
                let undone = after.back.make(after.board.clone(), &[]).expect("undone");
                let plain = |board: &Option<Board>| board.as_ref().map(|b| (b.name.clone(), b.items.clone()));
                prop_assert_eq!(plain(&undone.board), plain(&board));
                let redone = BoardChange { board: name, edits: after.forth.clone() };
                let redone = redone.make(undone.board, &[]).expect("redone");
                prop_assert_eq!(plain(&redone.board), plain(&after.board));
                board = after.board;
            }
        }
    }
}
