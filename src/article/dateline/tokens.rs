//! The start of a body in pieces: words, figures, and the marks that datelines are built with.

use crate::language::{Language, Traits};
use crate::text::Span;

/// No dateline is longer than this, in bytes.
const LENGTH_CAP: usize = 140;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Letters, with `.`, `-` and `’` between them and the full stop of `N.Y.` and `St.`.
    Word,
    Number,
    /// `—`, `–`, `--`, or a hyphen with a space on one side.
    Dash,
    /// A colon with a space on one side.
    Colon,
    Open,
    Close,
    Slash,
    /// `,`, `.`, `;`, `|`.
    Separator,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) span: Span,
}

/// The tokens of the start of `body`, up to the end of its first line; the last may be cut short.
pub(super) fn tokens(body: &str, language: Language) -> Vec<Token> {
    let line = body.split('\n').next().unwrap_or_default();
    let mut tokens = Vec::new();
    let mut at = 0;
    while let Some(rest) = line.get(at..).filter(|_| at < LENGTH_CAP) {
        let Some(c) = rest.chars().next() else { break };
        if c.is_whitespace() {
            at += c.len_utf8();
            continue;
        }
        let spaced = line.get(..at).is_some_and(|head| head.ends_with(char::is_whitespace))
            || rest.chars().nth(1).is_none_or(char::is_whitespace);
        let (kind, length) = match c {
            '0'..='9' => (Kind::Number, rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len())),
            c if c.is_alphabetic() => (Kind::Word, word(rest, language)),
            '&' => (Kind::Word, 1),
            '-' if rest.starts_with("--") => (Kind::Dash, rest.len() - rest.trim_start_matches('-').len()),
            '-' if spaced => (Kind::Dash, 1),
            '—' | '–' | '―' => (Kind::Dash, c.len_utf8()),
            ':' if spaced => (Kind::Colon, 1),
            '(' | '[' => (Kind::Open, 1),
            ')' | ']' => (Kind::Close, 1),
            '/' => (Kind::Slash, 1),
            ',' | '.' | ';' | '|' => (Kind::Separator, 1),
            c => (Kind::Other, c.len_utf8()),
        };
        tokens.push(Token { kind, span: Span::new(at, at + length) });
        at += length;
    }
    tokens
}

/// The length of the word at the start of `text`.
fn word(text: &str, language: Language) -> usize {
    let mut end = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let inner = matches!(c, '.' | '-' | '\'' | '’' | '‘')
            && chars.peek().is_some_and(|&(_, n)| n.is_alphabetic());
        if !c.is_alphanumeric() && !inner {
            break;
        }
        end = at + c.len_utf8();
    }
    // The stop belongs to `N.Y.`, `D.C.` and `St.`; elsewhere it separates.
    let word = text.get(..end).unwrap_or_default();
    let abbreviated = word.contains('.')
        || word.starts_with(char::is_uppercase) && language.traits(word).any(Traits::PLACE_ABBREVIATION);
    if abbreviated && text.get(end..).is_some_and(|rest| rest.starts_with('.')) { end + 1 } else { end }
}
