//! Tokens, by byte offsets: words, numbers and marks.
//!
//! In: a text and its language, which knows the abbreviations. Out: tokens, ascending and disjoint. There is one tokeniser
//! for corpora, titles and bodies. Hyphens always stand alone (`US-China` is three tokens), abbreviations and initials
//! keep their full stop (`U.S.`, `Mr.`, `J.`), `'s` is a token of its own, and apostrophes inside a name are kept
//! (`O'Brien`). A web address is one token.

use crate::language::{Language, Traits};
use crate::text::Span;

/// What a token is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Class {
    /// Letters, with or without digits, apostrophes and full stops within.
    Word,
    /// Begins with a digit.
    Number,
    /// `'s` or `’s`.
    Genitive,
    /// Anything else: one mark, or a run of the same full stops or hyphens.
    Mark,
}

/// One word, number or mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    pub span: Span,
    pub class: Class,
    /// Whether its first letter is a capital, or has no case at all (Arabic, Chinese).
    pub capital: bool,
}

/// No abbreviation that keeps its full stop has more bytes: a bound that spares most look-ups.
const LONGEST_ABBREVIATION: usize = 8;

/// Appends the tokens of `text` to `tokens`: ascending, disjoint, without white space. Linear.
fn tokenize(text: &str, language: Language, tokens: &mut Vec<Token>) {
    let bytes = text.as_bytes();
    tokens.reserve(text.len() / 5);
    let mut at = 0;
    while at < bytes.len() {
        let c = char_at(text, at);
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let (end, class) = next(text, language, at, c);
        let capital = c.is_alphabetic() && !c.is_lowercase();
        tokens.push(Token { span: Span::new(at, end), class, capital });
        at = end;
    }
}

/// The tokens of `text`, which is written in `language`.
pub fn tokens(text: &str, language: Language) -> Vec<Token> {
    let mut tokens = Vec::new();
    tokenize(text, language, &mut tokens);
    tokens
}

/// Where the token that starts at `at` with `c` ends, and its class.
fn next(text: &str, language: Language, at: usize, c: char) -> (usize, Class) {
    if is_word(c) {
        return word(text, language, at, c);
    }
    if is_apostrophe(c) && ends_genitive(text, at + c.len_utf8()) {
        return (at + c.len_utf8() + 1, Class::Genitive);
    }
    let mut end = at + c.len_utf8();
    if c == '.' && is_decimal(text, at) {
        return word(text, language, at + 1, '0');
    }
    if c == '.' || c == '-' {
        while text.as_bytes().get(end) == Some(&(c as u8)) {
            end += 1;
        }
    }
    (end, Class::Mark)
}

/// Whether the stop at `at` opens a number: `.515`.
fn is_decimal(text: &str, at: usize) -> bool {
    let bytes = text.as_bytes();
    let opens = at == 0 || matches!(bytes[at - 1], b' ' | b'\n' | b'(' | b'$' | b'-' | b'+');
    opens && bytes.get(at + 1).is_some_and(u8::is_ascii_digit)
}

/// A word or number from `start`.
fn word(text: &str, language: Language, start: usize, first: char) -> (usize, Class) {
    let bytes = text.as_bytes();
    if let Some(end) = address(text, start) {
        return (end, Class::Word);
    }
    let number = first.is_ascii_digit();
    let mut end = start;
    while end < bytes.len() {
        if bytes[end].is_ascii_alphanumeric() {
            end += 1;
            continue;
        }
        let c = char_at(text, end);
        if !is_word(c) && !joins(text, start, end, c, number) {
            break;
        }
        end += c.len_utf8();
    }
    match bytes.get(end) {
        Some(b'.') if keeps_stop(&text[start..end], language) => end += 1,
        Some(b':') => end -= glued_credit(&text[start..end], language),
        _ => {}
    }
    (end, if number { Class::Number } else { Class::Word })
}

/// The bytes of a credit that a page lost the space before: 5 in `TavaresImage`. The caller has seen a colon behind it.
fn glued_credit(word: &str, language: Language) -> usize {
    let Some(at) = word.rfind(|c: char| c.is_ascii_uppercase()) else { return 0 };
    let (name, credit) = word.split_at(at);
    let glued = name.chars().count() > 2 && name.ends_with(char::is_lowercase);
    if glued && language.traits(credit).any(Traits::CAPTION) { credit.len() } else { 0 }
}

/// Whether `c` at `at`, which follows a word character, belongs to the word that began at `start`.
fn joins(text: &str, start: usize, at: usize, c: char, number: bool) -> bool {
    let after = text[at + c.len_utf8()..].chars().next();
    match c {
        '.' if number => after.is_some_and(|next| next.is_ascii_digit()),
        ',' | ':' if number => after.is_some_and(|next| next.is_ascii_digit()),
        // Single letters with stops between: U.S, a.m.
        '.' => {
            after.is_some_and(char::is_alphabetic)
                && is_dotted(&text[start..at])
                && follows_single(text, at + 1)
        }
        _ if is_apostrophe(c) => {
            after.is_some_and(char::is_alphabetic) && !ends_genitive(text, at + c.len_utf8())
        }
        _ => false,
    }
}

/// Whether the letter at `at` stands alone before a stop or the word's end, as in `U.S`.
fn follows_single(text: &str, at: usize) -> bool {
    let mut rest = text[at..].chars();
    rest.next();
    rest.next().is_none_or(|next| !is_word(next))
}

/// Single letters with full stops between them, or one single letter.
fn is_dotted(word: &str) -> bool {
    word.split('.').all(|part| {
        let mut chars = part.chars();
        chars.next().is_some_and(char::is_alphabetic) && chars.next().is_none()
    })
}

/// Whether a full stop behind `word` belongs to it: initials, dotted letters, known abbreviations.
fn keeps_stop(word: &str, language: Language) -> bool {
    if word.contains('.') && is_dotted(word) {
        return true;
    }
    let mut chars = word.chars();
    let first = chars.next();
    if chars.next().is_none() {
        return first.is_some_and(|c| c.is_uppercase() && c != 'I');
    }
    word.len() <= LONGEST_ABBREVIATION && language.traits(word).any(Traits::ABBREVIATION)
}

/// The end of an address of the web that starts at `start`, without marks that close a sentence.
fn address(text: &str, start: usize) -> Option<usize> {
    let rest = &text.as_bytes()[start..];
    let starts =
        |prefix: &[u8]| rest.get(..prefix.len()).is_some_and(|head| head.eq_ignore_ascii_case(prefix));
    if !matches!(rest[0], b'h' | b'H' | b'w' | b'W')
        || !(starts(b"http://") || starts(b"https://") || starts(b"www."))
    {
        return None;
    }
    let end = text[start..]
        .find(|c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '”' | ')'))
        .map_or(text.len(), |n| start + n);
    Some(start + text[start..end].trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']).len())
}

/// Whether an `s` at `at` ends a genitive: nothing of a word follows it.
fn ends_genitive(text: &str, at: usize) -> bool {
    matches!(text.as_bytes().get(at), Some(b's' | b'S'))
        && text[at + 1..].chars().next().is_none_or(|c| !is_word(c))
}

/// Whether the first letter of `word` is a capital and no other.
pub(super) fn is_capitalised(word: &str) -> bool {
    let mut letters = word.chars();
    letters.next().is_some_and(char::is_uppercase) && !letters.any(char::is_uppercase)
}

fn is_apostrophe(c: char) -> bool {
    c == '\'' || c == '’'
}

fn is_word(c: char) -> bool {
    if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() || is_combining(c) }
}

/// Marks that change the letter before them, and the joiners of clean text.
fn is_combining(c: char) -> bool {
    matches!(c, '\u{0300}'..='\u{036F}' | '\u{064B}'..='\u{065F}' | '\u{0900}'..='\u{0903}' | '\u{093A}'..='\u{094F}' | '\u{200C}' | '\u{200D}')
}

/// The character at byte `at`, which lies on a boundary within `text`.
fn char_at(text: &str, at: usize) -> char {
    let byte = text.as_bytes()[at];
    if byte < 128 { byte as char } else { text[at..].chars().next().unwrap_or('\u{FFFD}') }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The tokens of `text`, with a bar between them.
    fn check(text: &str, expected: &str) {
        let tokens = tokens(text, Language::english());
        let written: Vec<&str> = tokens.iter().map(|token| token.span.of(text)).collect();
        assert_eq!(written.join("|"), expected);
    }

    #[test]
    fn hyphens_stand_alone() {
        check("US-China talks, Russia-backed", "US|-|China|talks|,|Russia|-|backed");
    }

    #[test]
    fn abbreviations_keep_their_stop() {
        check(
            "Mr. J. H.W. Berg of the U.S. met Dr. Oh in D.C. today.",
            "Mr.|J.|H.W.|Berg|of|the|U.S.|met|Dr.|Oh|in|D.C.|today|.",
        );
    }

    #[test]
    fn a_sentence_ends_in_its_own_stop() {
        check("It was he. I saw it.", "It|was|he|.|I|saw|it|.");
        check("So did I. Then", "So|did|I|.|Then");
    }

    #[test]
    fn genitives_part_and_names_do_not() {
        check("O'Brien's and the Danes' d’Artagnan’s", "O'Brien|'s|and|the|Danes|'|d’Artagnan|’s");
    }

    #[test]
    fn numbers_keep_their_marks() {
        check("1,200.50 at 14:05, 3.", "1,200.50|at|14:05|,|3|.");
        check("a .515 average. 5", "a|.515|average|.|5");
    }

    #[test]
    fn addresses_are_whole() {
        check("See https://example.org/a-b?c=d. Now", "See|https://example.org/a-b?c=d|.|Now");
    }

    proptest! {
        #[test]
        fn tokens_cover_all_but_white_space(text in "\\PC{0,60}") {
            let mut at = 0;
            for token in tokens(&text, Language::english()) {
                prop_assert!(text[at..token.span.start as usize].trim().is_empty());
                prop_assert!(!token.span.of(&text).is_empty());
                at = token.span.end as usize;
            }
            prop_assert!(text[at..].trim().is_empty());
        }
    }
}
