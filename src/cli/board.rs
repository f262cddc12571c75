//! `dateline board`: lists the boards, shows one, puts articles and quotes on it, writes notes, moves, removes, renames and
//! exports.

use super::args::{BoardArgs, BoardCommand, BoardFormat, CommonArgs};
use super::error::CliError;
use super::json;
use super::out::Out;
use super::sheet::{Cell, Cells, Sheet};
use super::{ask, shelf};
use crate::article::{ArticleId, day_or_undated};
use crate::capacity::Capacity;
use crate::library::{Cancel, Library};
use crate::listing::Window;
use crate::listing::board::{Board, BoardChange, Edit, Item, ItemId, MOST_ITEMS};
use crate::outlet::board::{citation, pieces};
use crate::outlet::pages::{Paper, page};
use crate::query::{Grouping, Query};
use crate::run::board_in_words;
use chrono::SecondsFormat;
use serde::Serialize;

pub fn board(args: &BoardArgs, common: &CommonArgs, out: &mut Out) -> Result<(), CliError> {
    let Some(library) = shelf::own(common)? else {
        return match args.what {
            None | Some(BoardCommand::List { .. }) => Ok(()),
            _ => Err(CliError::NoLibrary(shelf::library_path(common).0)),
        };
    };
    match &args.what {
        None => list(&library, args.json, out),
        Some(BoardCommand::List { json }) => list(&library, *json || args.json, out),
        Some(BoardCommand::Show { name, json }) => show(&library, name, *json || args.json, out),
        Some(BoardCommand::Add { name, query, quotes, note }) => {
            let items = found(&library, query, *quotes, common)?;
            let noted = |mut item: Item| {
                item.note = note.clone().unwrap_or_default();
                item
            };
            let items = items.into_iter().map(noted);
            change(&library, BoardChange::put(name, items.collect()), out)
        }
        Some(BoardCommand::Note { name, place, note }) => {
            let item = item(&library, name, *place)?;
            change(&library, one(name, Edit::Note(item, note.join(" ").replace("\\n", "\n"))), out)
        }
        Some(BoardCommand::Move { name, place, to }) => {
            let item = item(&library, name, *place)?;
            change(&library, one(name, Edit::Move(item, to.saturating_sub(1))), out)
        }
        Some(BoardCommand::Remove { name, place: Some(place) }) => {
            let item = item(&library, name, *place)?;
            change(&library, one(name, Edit::Take(item)), out)
        }
        Some(BoardCommand::Remove { name, place: None }) => change(&library, one(name, Edit::Remove), out),
        Some(BoardCommand::Rename { name, to }) => change(&library, one(name, Edit::Rename(to.clone())), out),
        Some(BoardCommand::Export { name, format, output }) => {
            let board = named(&library, name)?;
            let Some(path) = output else { return write(&board, *format, out) };
            let failed = |error| CliError::Write { path: path.clone(), error };
            let fresh = Capacity::Full.shareable(path)?.fresh().map_err(failed)?;
            let mut file = Out::into_file(fresh.writer().map_err(failed)?);
            write(&board, *format, &mut file)?;
            file.finish()?;
            fresh.put().map_err(failed)
        }
    }
}

fn one(board: &str, edit: Edit) -> BoardChange {
    BoardChange::new(board, vec![edit])
}

fn named(library: &Library, name: &str) -> Result<Board, CliError> {
    library.board(name)?.ok_or_else(|| CliError::NoBoard(name.to_owned()))
}

/// The item at a place of a board, counted from 1.
fn item(library: &Library, name: &str, place: usize) -> Result<ItemId, CliError> {
    let board = named(library, name)?;
    let found = place.checked_sub(1).and_then(|at| board.items.get(at));
    found.map(|item| item.id).ok_or(CliError::NoItem {
        board: name.to_owned(),
        place,
        most: board.items.len(),
    })
}

fn change(library: &Library, wanted: BoardChange, out: &mut Out) -> Result<(), CliError> {
    let changed = library.change_board(None, &wanted)?;
    let told = board_in_words(&wanted, &changed);
    Ok(out.line(&told)?)
}

fn list(library: &Library, as_json: bool, out: &mut Out) -> Result<(), CliError> {
    #[derive(Serialize)]
    struct BoardJson<'a> {
        name: &'a str,
        items: usize,
    }
    for (name, items) in &library.boards()? {
        match as_json {
            true => out.line(&json::line(&BoardJson { name, items: *items }))?,
            false => out.row(&[items.to_string(), name.clone()])?,
        }
    }
    shelf::check_whole(library)
}

/// An item as JSON.
#[derive(Serialize)]
struct ItemJson<'a> {
    place: usize,
    id: i64,
    date: Option<String>,
    source: &'a str,
    title: &'a str,
    author: Option<&'a str>,
    url: Option<&'a str>,
    quote: Option<&'a str>,
    speaker: Option<&'a str>,
    note: &'a str,
}

fn show(library: &Library, name: &str, as_json: bool, out: &mut Out) -> Result<(), CliError> {
    let board = named(library, name)?;
    for (at, item) in board.items.iter().enumerate() {
        if as_json {
            let time = item.published().map(|time| time.to_rfc3339_opts(SecondsFormat::Secs, true));
            out.line(&json::line(&ItemJson {
                place: at + 1,
                id: item.article().0,
                date: time,
                source: &item.source,
                title: &item.title,
                author: item.author.as_deref(),
                url: item.url.as_deref(),
                quote: item.quote.as_ref().map(|quote| quote.words.as_str()),
                speaker: item.quote.as_ref().and_then(|quote| quote.speaker.as_deref()),
                note: &item.note,
            }))?;
            continue;
        }
        let day = day_or_undated(item.published().map(|time| time.date_naive()));
        let words = match &item.quote {
            Some(quote) => format!("{}: {}", quote.speaker.as_deref().unwrap_or("?"), quote.words),
            None => item.title.clone(),
        };
        out.row(&[(at + 1).to_string(), item.article().0.to_string(), day, item.source.clone(), words])?;
        for line in item.note.lines() {
            out.line(&format!("    > {line}"))?;
        }
    }
    Ok(())
}

/// The articles that are put on a board, oldest first, or their quotes: those that match where the query is about quotes.
fn found(
    library: &Library,
    words: &[String],
    quotes: bool,
    common: &CommonArgs,
) -> Result<Vec<Item>, CliError> {
    // Numbers alone are articles, as `list` shows them.
    let numbers: Option<Vec<i64>> = words.iter().map(|word| word.parse().ok()).collect();
    let mut items = Vec::new();
    match numbers.filter(|numbers| !numbers.is_empty() && !quotes) {
        Some(numbers) => {
            for number in numbers {
                let item = library.board_item(ArticleId(number), None)?;
                items.push(item.ok_or(CliError::NoSuchArticle { number, range: None })?);
            }
        }
        None if words.is_empty() => {}
        None => {
            let query = ask::parse_exactly(words, "put articles on a board", common)?;
            let query = Query { grouping: Grouping::Folded, ..query };
            if quotes {
                for quote in library.quotes(&query, MOST_ITEMS, &Cancel::new())?.iter().rev() {
                    items.extend(library.board_item(quote.key.id, Some((quote.field, quote.span)))?);
                }
            } else {
                let page = library.page(&query, Window::First { limit: MOST_ITEMS + 1 }, &Cancel::new())?;
                for row in page.rows.iter().rev() {
                    items.extend(shelf::readable(library.board_item(row.key.id, None))?);
                }
            }
        }
    }
    Ok(items)
}

fn write(board: &Board, format: BoardFormat, out: &mut Out) -> Result<(), CliError> {
    let paper = match format {
        BoardFormat::Csv => return sheet(board, out),
        BoardFormat::Md => Paper::Markdown,
        BoardFormat::Html => Paper::Html,
        BoardFormat::Text => Paper::Text(76),
    };
    Ok(out.own(page(&pieces(board), paper).as_bytes())?)
}

fn sheet(board: &Board, out: &mut Out) -> Result<(), CliError> {
    let columns =
        ["place", "id", "date", "source", "title", "author", "url", "quote", "speaker", "note", "citation"];
    let mut sheet = Sheet::new(out, Cells::Inert, &columns)?;
    for (at, item) in board.items.iter().enumerate() {
        let quote = item.quote.as_ref();
        let day = item.published().map(|time| time.date_naive().to_string()).unwrap_or_default();
        sheet.row(&[
            Cell::Number(at as i64 + 1),
            Cell::Number(item.article().0),
            Cell::Text(&day),
            Cell::Text(&item.source),
            Cell::Text(&item.title),
            Cell::Text(item.author.as_deref().unwrap_or_default()),
            Cell::Text(item.url.as_deref().unwrap_or_default()),
            Cell::Text(quote.map_or("", |quote| &quote.words)),
            Cell::Text(quote.and_then(|quote| quote.speaker.as_deref()).unwrap_or_default()),
            Cell::Text(&item.note),
            Cell::Text(&citation(item)),
        ])?;
    }
    Ok(sheet.finish()?)
}
