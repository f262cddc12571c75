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

/// The lines of the card on the full screen, below its title.
pub const LINES: [&str; 7] = [
    "j k  move    Enter  read    q  back    ?  all keys",
    "/  search as you type    f p  f c  only a person, a country",
    "e  the next name    +  only articles with it    Esc  undo that",
    "s  star    t  tag    U  undo    :  any action by its name",
    "a  follow a feed by its address; in a shell: dateline add URL",
    "Your own files: dateline PATH opens them, dateline add PATH stores them.",
    "Press any key to dismiss this card; it will not be shown again.",
];

/// The byte spans of the rows of the card in a pane of `width` cells, each with its line.
pub fn wrapped(width: u16) -> Vec<(&'static str, wrap::Line)> {
    let room = usize::from(width.saturating_sub(2)).max(1);
    let rows =
        LINES.into_iter().flat_map(|line| wrap::lines(line, room).into_iter().map(move |row| (line, row)));
    rows.collect()
}

/// The rows that the card takes in a pane of `width` cells: a title, its lines, and a blank row above and below.
pub fn rows(width: u16) -> u16 {
    u16::try_from(wrapped(width).len() + 1).unwrap_or(u16::MAX)
}
