//! Whether a people's adjective is the name of a language: `spoke in Russian`, `from Romanian into Turkish`.
//!
//! In: a text and the place of the adjective. Out: yes or no. Lists are read as one: what opens the list and what
//! follows it decides for each of its members.

use super::Text;
use crate::analysis::token::Class;
use crate::gazetteer::{self, Facet};
use crate::language::Traits;
use std::ops::Range;

/// Tokens that a list of languages is followed over, at either side.
const REACH: usize = 12;

/// Whether the adjective at `tokens` names a language.
pub fn is_meant(text: &Text<'_>, tokens: &Range<usize>) -> bool {
    let next = text.word(tokens.end);
    if text.is_small(tokens.end, Traits::LANGUAGE_NOUN) {
        return true;
    }
    if next == "-" && text.is_small(tokens.end + 1, Traits::LANGUAGE_COMPOUND) {
        return true;
    }
    let (mut start, mut end) = (tokens.start, tokens.end);
    while start > tokens.start.saturating_sub(REACH)
        && (start.checked_sub(1).is_some_and(|before| is_joint(text, before))
            || is_adjective(text, start.wrapping_sub(1)))
    {
        start -= 1;
    }
    while end < tokens.end + REACH && is_list(text, end) {
        end += 1;
    }
    let spoken = text.follows_small(start, Traits::LANGUAGE_VERB);
    let within = text.follows_small(start, Traits::IN.or(Traits::INTO).or(Traits::FROM))
        || text.follows(start, Traits::IN);
    let ends = text.tokens.get(end).is_none_or(|token| token.class == Class::Mark && text.word(end) != "-")
        || text.is_small(end, Traits::AFTER_LANGUAGE);
    (spoken || within) && ends && !text.word(tokens.start).ends_with('s')
}

fn is_joint(text: &Text<'_>, at: usize) -> bool {
    text.word(at) == "," || text.is_small(at, Traits::LANGUAGE_JOINT)
}

fn is_list(text: &Text<'_>, at: usize) -> bool {
    let joins = is_joint(text, at);
    let more = (1..4).any(|ahead| is_adjective(text, at + ahead));
    (joins && more) || is_adjective(text, at)
}

fn is_adjective(text: &Text<'_>, at: usize) -> bool {
    let word = text.word(at);
    text.is_capitalised(at, Traits::LANGUAGE_NAME)
        || (word.len() > 2 && gazetteer::find(word).is_some_and(|entry| entry.is(Facet::People)))
}

#[cfg(test)]
mod tests {
    use super::is_meant;
    use crate::analysis::mention::Text;
    use crate::annotation::Field;
    use crate::language::Language;

    fn check(text: &str, word: &str, expected: bool) {
        let text = Text::read(Field::Body, text, Language::english());
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
