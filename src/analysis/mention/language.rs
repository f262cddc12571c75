//! Whether a people's adjective is the name of a language: `spoke in Russian`, `from Romanian into Turkish`.
//!
//! In: a text and the place of the adjective. Out: yes or no. Lists are read as one: what opens the list and what
//! follows it decides for each of its members.

use super::Text;
use crate::analysis::token::Class;
use crate::gazetteer::{self, Facet};
use std::ops::Range;

/// Tokens that a list of languages is followed over, at either side.
const REACH: usize = 12;

/// Whether the adjective at `tokens` names a language.
pub fn is_meant(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let next = text.word(tokens.end);
    if matches!(
        next,
        "language"
            | "languages"
            | "speakers"
            | "alphabet"
            | "dialect"
            | "acronym"
            | "initials"
            | "abbreviation"
            | "translation"
            | "word"
            | "words"
            | "subtitles"
            | "grammar"
    ) {
        return true;
    }
    if next == "-" && matches!(text.word(tokens.end + 1), "language" | "speaking" | "speakers") {
        return true;
    }
    let (mut start, mut end) = (tokens.start, tokens.end);
    while start > tokens.start.saturating_sub(REACH)
        && (is_joint(text.word_before(start)) || is_adjective(text, start.wrapping_sub(1)))
    {
        start -= 1;
    }
    while end < tokens.end + REACH && is_list(text, end) {
        end += 1;
    }
    let opener = text.word_before(start);
    let spoken = matches!(
        opener,
        "speak"
            | "speaks"
            | "spoke"
            | "speaking"
            | "spoken"
            | "learn"
            | "learned"
            | "learning"
            | "fluent"
            | "translated"
            | "teach"
            | "teaches"
            | "taught"
    );
    let within = matches!(opener, "in" | "into" | "In" | "from");
    let closer = text.word(end);
    let ends = text.tokens.get(end).is_none_or(|token| token.class == Class::Mark && closer != "-")
        || matches!(
            closer,
            "and"
                | "or"
                | "to"
                | "on"
                | "at"
                | "with"
                | "as"
                | "that"
                | "by"
                | "for"
                | "about"
                | "into"
                | "when"
                | "but"
                | "while"
                | "in"
        );
    (spoken || within) && ends && !text.word(tokens.start).ends_with('s')
}

fn is_joint(word: &str) -> bool {
    matches!(word, "," | "and" | "or" | "some" | "a" | "little" | "both")
}

fn is_list(text: &Text<'_>, at: usize) -> bool {
    let joins = is_joint(text.word(at));
    let more = (1..4).any(|ahead| is_adjective(text, at + ahead));
    (joins && more) || is_adjective(text, at)
}

fn is_adjective(text: &Text<'_>, at: usize) -> bool {
    let word = text.word(at);
    word == "English"
        || (word.len() > 2 && gazetteer::find(word).is_some_and(|entry| entry.is(Facet::People)))
}

#[cfg(test)]
mod tests {
    use super::is_meant;
    use crate::analysis::mention::Text;
    use crate::annotation::Field;

    fn check(text: &str, word: &str, expected: bool) {
        let text = Text::read(Field::Body, text);
        let at = (0..text.tokens.len()).find(|at| text.word(*at) == word).unwrap_or_default();
        assert_eq!(is_meant(&text, &(at..at + 1)), expected, "{word}");
    }

    #[test]
    fn languages_are_told_from_peoples() {
        check("He spoke in Russian.", "Russian", true);
        check("She translates from Romanian into Russian in an office.", "Romanian", true);
        check("He speaks Romanian, Russian, some Ukrainian and fluent bee", "Ukrainian", true);
        check("put into English, Turkish and Bulgarian by readers", "Bulgarian", true);
        check("Russian-speaking voters", "Russian", true);
        check("in Russian territory", "Russian", false);
        check("in Russian, Chinese and Japanese markets", "Russian", false);
        check("from Ukrainian officials", "Ukrainian", false);
    }
}
