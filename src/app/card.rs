//! The card of the first run: what can be done here, in a few lines, until the first key.

use crate::text::wrap;

/// The card for the first run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Card {
    /// Until the first key.
    Shown,
    #[default]
    Gone,
}

/// The title of the card on the full screen.
pub const TITLE: &str = "Welcome! Any key closes this card for good.";

/// The lines of the card on the full screen, below its title.
pub const LINES: [&str; 5] = [
    "j k  move    Enter  read    q  back    /  search    ?  all keys",
    "f p  f c  only a person, a country    e  next name    +  only with it",
    "s  star    t  tag    U  undo    Esc  drop a filter    :  any action",
    "a  follow a feed by its address; in a shell: dateline add URL",
    "Your files: dateline PATH opens them, dateline add PATH stores them.",
];

/// The byte spans of the rows of the card in a pane of `width` cells, each with its line.
pub fn wrapped(width: u16) -> Vec<(&'static str, wrap::Line)> {
    let room = usize::from(width.saturating_sub(2)).max(1);
    let rows =
        LINES.into_iter().flat_map(|line| wrap::lines(line, room).into_iter().map(move |row| (line, row)));
    rows.collect()
}

/// The rows that the card takes in a pane of `width` cells: a blank row, its title and its lines.
pub fn rows(width: u16) -> u16 {
    u16::try_from(wrapped(width).len() + 2).unwrap_or(u16::MAX)
}
