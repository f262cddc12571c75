//! Finds what is being typed at the cursor, so that completion can offer names for it.

use super::lex::{Token, Value, lex};
use super::parse::FIELDS;
use crate::annotation::Kind;
use crate::listing::FacetKind;
use crate::text::Span;

/// What kind of thing can be completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Names with counts: `person:`, `country:`, `source:`, `tag:` and so on.
    Facet(FacetKind),
    /// A name of any kind: `about:`, `by:`, `of:`.
    AnyName,
    /// The name of a saved search.
    Saved,
    /// One of these words, for the fields `is:`, `has:`, `sort:` and `group:`.
    Words(&'static [&'static str]),
    /// A bare word, which may become a field; see [`fields`].
    Field,
}

/// The completion context at the cursor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completion {
    pub wanted: Wanted,
    /// The part typed so far, unquoted.
    pub typed: String,
    /// The bytes that a choice replaces: the value being typed, from its first byte to the cursor.
    pub span: Span,
}

/// Returns what is being typed before byte `cursor` of `text`, or `None` if nothing can be offered.
/// A `cursor` that is not on a character boundary is moved back to one.
pub fn completion(text: &str, cursor: usize) -> Option<Completion> {
    let mut cursor = cursor.min(text.len());
    while !text.is_char_boundary(cursor) {
        cursor -= 1;
    }
    let (lexemes, _) = lex(&text[..cursor]);
    let last = lexemes.into_iter().next_back().filter(|last| last.span.end as usize == cursor)?;
    let (wanted, value) = match last.token {
        Token::Word(value) => (Wanted::Field, Some(value)),
        Token::Field { name, values, .. } => {
            let fresh = text[..cursor].ends_with([',', ':', '#', '@']);
            (wanted(&name)?, values.into_iter().next_back().filter(|_| !fresh))
        }
        _ => return None,
    };
    let here = Span::new(cursor, cursor);
    let Value { span, text: typed, .. } =
        value.unwrap_or(Value { span: here, text: String::new(), form: super::lex::Form::Bare, star: false });
    Some(Completion { wanted, typed, span })
}

/// The fields whose name begins with `typed`, without the colon. Empty if `typed` is empty.
pub fn fields(typed: &str) -> impl Iterator<Item = &'static str> {
    let typed = typed.to_lowercase();
    FIELDS.iter().copied().filter(move |field| !typed.is_empty() && field.starts_with(&typed))
}

/// Writes `name` as a query needs it: in quotation marks where they are necessary.
pub fn quoted(name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '\''));
    match plain {
        true => name.to_owned(),
        false => format!("\"{}\"", name.replace('\\', "\\\\").replace('"', "\\\"")),
    }
}

fn wanted(field: &str) -> Option<Wanted> {
    Some(match field {
        "person" => Wanted::Facet(FacetKind::Entity(Kind::Person)),
        "country" => Wanted::Facet(FacetKind::Entity(Kind::Country)),
        "place" => Wanted::Facet(FacetKind::Entity(Kind::Place)),
        "org" => Wanted::Facet(FacetKind::Entity(Kind::Org)),
        "source" => Wanted::Facet(FacetKind::Source),
        "tag" => Wanted::Facet(FacetKind::Tag),
        "about" | "by" | "of" => Wanted::AnyName,
        "@" => Wanted::Saved,
        "is" => Wanted::Words(&["read", "unread", "starred", "unstarred"]),
        "has" => Wanted::Words(&["quote"]),
        "sort" => Wanted::Words(&["date", "relevance"]),
        "group" => Wanted::Words(&["on", "off"]),
        _ => return None,
    })
}
