//! A board as a page: its items in order, each with its words, its citation and the person's note.

use super::pages::Piece;
use crate::listing::board::{Board, Item};

/// The pieces of the page.
pub fn pieces(board: &Board) -> Vec<Piece> {
    let mut pieces = vec![Piece::Title(board.name.clone())];
    for (at, item) in board.items.iter().enumerate() {
        let title = if item.title.is_empty() { "Without a title" } else { &item.title };
        pieces.push(Piece::Headline(format!("{}. {title}", at + 1)));
        if let Some(quote) = &item.quote {
            let speaker = quote.speaker.as_ref().map(|name| format!(" — {name}")).unwrap_or_default();
            pieces.push(Piece::Quote(format!("{}{speaker}", quote.words)));
        }
        pieces.push(Piece::Cited(citation(item), item.url.clone()));
        if !item.note.is_empty() {
            pieces.push(Piece::Note(item.note.clone()));
        }
    }
    pieces
}

/// Where an item is from: `Ada Okafor: A bridge opens. Wire, 3 March 2022.`
pub fn citation(item: &Item) -> String {
    let author = item.author.as_deref().map(|author| format!("{author}: ")).unwrap_or_default();
    let title =
        if item.title.is_empty() { String::new() } else { format!("{}. ", item.title.trim_end_matches('.')) };
    let day = item.published().map(|time| time.format("%-d %B %Y").to_string());
    let day = day.unwrap_or_else(|| crate::article::UNDATED.to_owned());
    format!("{author}{title}{}, {day}.", item.source)
}
