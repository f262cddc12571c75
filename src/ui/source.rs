//! The name of a source in a few cells.

use crate::formats::plain_source;
use crate::text::width;

/// The name in at most `room` cells: whole, or its first words, or the start of its first word with an ellipsis.
pub fn short(name: &str, room: usize, ellipsis: &str) -> String {
    let name = plain_source(name);
    if width::cells(name) <= room {
        return name.to_owned();
    }
    let ends = name.match_indices(' ').map(|(at, _)| at);
    let fitting = ends.filter_map(|end| name.get(..end)).take_while(|words| width::cells(words) <= room);
    let words = fitting.last().map_or("", ended);
    match words.is_empty() {
        true => width::clip(name, room, ellipsis).into_owned(),
        false => words.to_owned(),
    }
}

/// The words without those at the end that only lead to the next one: `News of the`.
fn ended(words: &str) -> &str {
    let mut words = words;
    loop {
        let (before, last) = words.rsplit_once(' ').unwrap_or(("", words));
        let leads = !last.contains(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && last.chars().count() <= 3
            && last.is_ascii();
        words = match leads && !before.is_empty() {
            true => before,
            false => return words.trim_end_matches([',', ':', ';', '-', '|', ' ']),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, expected: &str) {
        assert_eq!(short(name, 12, "…"), expected);
    }

    #[test]
    fn names_are_shortened_at_words() {
        check("Coastal Wire (sample edition)", "Coastal Wire");
        check("Meridian Press (sample edition)", "Meridian");
        check("The Guardian Weekly", "The Guardian");
        check("News of the World", "News");
        check("BBC News - World", "BBC News");
        check("reuters21578", "reuters21578");
        check("Süddeutsche Zeitung", "Süddeutsche");
        check("Donaudampfschiff", "Donaudampfs…");
        check("朝日新聞デジタル", "朝日新聞デ…");
        check("", "");
    }
}
