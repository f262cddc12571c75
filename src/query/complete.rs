//! Finds what is being typed at the cursor, so that completion can offer names for it.

use super::Days;
use super::days::Reading;
use super::lex::{Token, Value, lex};
use super::parse::FIELDS;
use super::when::OFFERED;
use crate::annotation::Kind;
use crate::listing::FacetKind;
use crate::text::Span;
use chrono::NaiveDate;

/// What kind of thing can be completed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// Names with counts: `person:`, `country:`, `source:`, `tag:` and so on.
    Facet(FacetKind),
    /// A name of any kind in one of the roles that articles give it: `about:`, `by:`, `of:`.
    Named(Role),
    /// A date: `date:`, `since:` and so on; see [`dates`].
    Date(Reading),
    /// The name of a saved search.
    Saved,
    /// One of these words, for the fields `is:`, `has:`, `sort:` and `group:`.
    Words(&'static [&'static str]),
    /// A bare word, which may become a field; see [`fields`].
    Field,
}

/// What a name does in an article, apart from being mentioned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The article is about it.
    Subject,
    /// It speaks in a quote.
    Speaker,
    /// It is mentioned in a quote.
    SpokenOf,
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
    let here = Span::new(cursor, cursor);
    let Some(last) = lexemes.into_iter().next_back() else {
        // On an empty line, all fields.
        return Some(Completion { wanted: Wanted::Field, typed: String::new(), span: here });
    };
    if last.span.end as usize != cursor {
        return None;
    }
    let (wanted, value) = match last.token {
        Token::Word(value) => (Wanted::Field, Some(value)),
        Token::Field { name, values, .. } => {
            let fresh = text[..cursor].ends_with([',', ':', '#', '@']);
            (wanted(&name)?, values.into_iter().next_back().filter(|_| !fresh))
        }
        _ => return None,
    };
    let Value { span, text: typed, .. } =
        value.unwrap_or(Value { span: here, text: String::new(), form: super::lex::Form::Bare, star: false });
    Some(Completion { wanted, typed, span })
}

/// The fields whose name begins with `typed`, without the colon, the most useful first.
pub fn fields(typed: &str) -> impl Iterator<Item = &'static str> {
    let typed = typed.to_lowercase();
    FIELDS.iter().copied().filter(move |field| *field != "@" && field.starts_with(&typed))
}

/// The dates that `typed` may become, each as a query has it after the field, with its days: first `typed` itself if
/// it is a date.
pub fn dates(typed: &str, reading: Reading, today: NaiveDate) -> Vec<(String, Days)> {
    let folded = typed.trim().to_lowercase().replace([' ', '_'], "-");
    let read = |value: &str| Some((quoted_date(value), Days::parse(value, reading, today)?));
    let mut found: Vec<(String, Days)> =
        OFFERED.iter().filter(|offer| offer.starts_with(&folded)).filter_map(|offer| read(offer)).collect();
    if let Some(itself) = read(typed.trim()).filter(|(_, days)| found.iter().all(|(_, other)| other != days))
    {
        found.insert(0, itself);
    }
    found
}

fn quoted_date(value: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '/');
    if value.chars().all(bare) { value.to_owned() } else { quoted(value) }
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
        "lang" => Wanted::Facet(FacetKind::Language),
        "about" => Wanted::Named(Role::Subject),
        "by" => Wanted::Named(Role::Speaker),
        "of" => Wanted::Named(Role::SpokenOf),
        "date" => Wanted::Date(Reading::Within),
        "since" => Wanted::Date(Reading::Since),
        "until" => Wanted::Date(Reading::Until),
        "before" => Wanted::Date(Reading::Before),
        "after" => Wanted::Date(Reading::After),
        "@" => Wanted::Saved,
        "is" => Wanted::Words(&["read", "unread", "starred", "unstarred", "hidden", "deleted"]),
        "has" => Wanted::Words(&["quote"]),
        "sort" => Wanted::Words(&["newest", "oldest", "relevance"]),
        "group" => Wanted::Words(&["on", "off", "story"]),
        _ => return None,
    })
}
