//! Sentences, as ranges of tokens.
//!
//! In: a text with its tokens, and its language. Out: ranges of the tokens. A sentence ends at a line break, and after
//! `.`, `?`, `!` or `…` with the marks that close a quote or a bracket, unless the text continues in lower case. An
//! abbreviation keeps its stop in the token, so that it ends a sentence only before a word that plainly opens one.

use super::token::{Class, Token, is_capitalised};
use crate::language::{Language, Traits};
use std::ops::Range;

/// Most marks that close behind a stop: a bound that keeps hostile runs of marks linear.
const CLOSING: usize = 8;

/// The sentences of `text` as ranges into `tokens`, which are its tokens: ascending, without gaps,
/// none empty. Linear.
pub fn sentences(text: &str, tokens: &[Token], language: Language) -> Vec<Range<usize>> {
    let mut sentences = Vec::with_capacity(tokens.len() / 20 + 1);
    let mut start = 0;
    let mut at = 0;
    while at < tokens.len() {
        let stop = end_at(text, tokens, language, at);
        if let Some(next) = stop {
            sentences.push(start..next);
            start = next;
            at = next;
        } else {
            at += 1;
        }
    }
    if start < tokens.len() {
        sentences.push(start..tokens.len());
    }
    sentences
}

/// If a sentence ends at token `at` (or at marks that close behind it), the token that opens the next.
fn end_at(text: &str, tokens: &[Token], language: Language, at: usize) -> Option<usize> {
    let token = tokens[at];
    if breaks_after(text, tokens, at) {
        return Some(at + 1);
    }
    let word = token.span.of(text);
    let stop = match token.class {
        Class::Mark => {
            word.starts_with(['.', '?', '!', '…', '。', '！', '？']) && !numbers_an_item(text, tokens, at)
        }
        Class::Word => word.ends_with('.') && !word.starts_with("http"),
        _ => false,
    };
    if !stop {
        return None;
    }
    let mut next = at + 1;
    while next < tokens.len() && next - at <= CLOSING && closes(text, tokens, next) {
        if breaks_after(text, tokens, next) {
            return Some(next + 1);
        }
        next += 1;
    }
    let following = tokens.get(next)?.span.of(text);
    let opens = match token.class {
        // `"We sleep better." – Dora Price, teacher`
        _ if next > at + 1 && is_quote(tokens[next - 1].span.of(text)) && is_dash(following) => false,
        Class::Word if next > at + 1 && is_quote(tokens[next - 1].span.of(text)) => !goes_on(following),
        Class::Word => ends_abbreviated(word, following, language),
        _ => !goes_on(following),
    };
    opens.then_some(next)
}

/// Whether the sentence goes on with `following`.
fn goes_on(following: &str) -> bool {
    following.starts_with(char::is_lowercase) || following.starts_with([',', ';', ':'])
}

/// Whether the mark at `at` is the stop behind the number of an item: `4. Lind (Norway)`.
fn numbers_an_item(text: &str, tokens: &[Token], at: usize) -> bool {
    let numbered = at > 0 && tokens[at - 1].class == Class::Number && tokens[at - 1].span.len() <= 2;
    numbered && (at == 1 || breaks_after(text, tokens, at - 2))
}

fn is_dash(mark: &str) -> bool {
    matches!(mark, "-" | "–" | "—" | "―" | "--")
}

fn is_quote(mark: &str) -> bool {
    matches!(mark, "\"" | "'" | "”" | "’" | "»" | "」" | "』")
}

/// Whether the abbreviation `word` ends its sentence before `following`.
fn ends_abbreviated<'a>(word: &'a str, following: &'a str, language: Language) -> bool {
    let initial = word.chars().count() == 2;
    let bare = |word: &'a str| word.strip_suffix('.').unwrap_or(word);
    !initial
        && !language.traits(bare(word)).any(Traits::BEFORE_NAME)
        && is_capitalised(following)
        && language.traits(bare(following)).any(Traits::OPENER)
}

/// Whether token `at` is a mark that closes what stands before it: it follows without a blank.
fn closes(text: &str, tokens: &[Token], at: usize) -> bool {
    let span = tokens[at].span;
    let tight = at > 0 && tokens[at - 1].span.end == span.start;
    let mark = span.of(text);
    tight && (is_quote(mark) || matches!(mark, ")" | "]" | "." | "?" | "!"))
}

/// Whether a line ends behind token `at`.
fn breaks_after(text: &str, tokens: &[Token], at: usize) -> bool {
    let Some(next) = tokens.get(at + 1) else { return false };
    let (from, to) = (tokens[at].span.end as usize, next.span.start as usize);
    to > from && text.as_bytes()[from..to].contains(&b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::token::tokens;

    /// The sentences of `text`, one a line.
    fn check(text: &str, expected: &[&str]) {
        let language = Language::english();
        let tokens = tokens(text, language);
        let found: Vec<&str> = sentences(text, &tokens, language)
            .into_iter()
            .map(|range| {
                &text[tokens[range.start].span.start as usize..tokens[range.end - 1].span.end as usize]
            })
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn full_stops_end_sentences_and_abbreviations_do_not() {
        check("Mr. Berg of the U.S. Navy left. He flew.", &["Mr. Berg of the U.S. Navy left.", "He flew."]);
        check("They live in the U.S. He does not.", &["They live in the U.S.", "He does not."]);
    }

    #[test]
    fn closing_marks_belong_to_their_sentence() {
        check("\"We go.\" She left. (It rained.) End", &["\"We go.\"", "She left.", "(It rained.)", "End"]);
    }

    #[test]
    fn numbers_of_items_end_none() {
        check("4. Lind (U.S.) 13.60\n5. Berg", &["4. Lind (U.S.) 13.60", "5. Berg"]);
        check("They won 4. Lind left.", &["They won 4.", "Lind left."]);
    }

    #[test]
    fn speech_goes_on_in_lower_case() {
        check("\"Why?\" he asked. No.", &["\"Why?\" he asked.", "No."]);
    }

    #[test]
    fn a_line_break_ends_a_sentence() {
        check("A headline\nThe text", &["A headline", "The text"]);
    }
}
