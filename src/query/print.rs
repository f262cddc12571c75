//! Prints the canonical form of a query. The law: parsing `q.to_string()` gives `q` again, without hints.

use super::{Ending, Filter, Grouping, Mark, Names, Phrase, Query, QuoteTerm, Scope, Sort, Term, Unreadable};
use crate::annotation::Kind;
use crate::article::ArticleId;
use std::fmt::{self, Display, Formatter, Write};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if !self.filter.is_everything() {
            parts.push(self.filter.to_string());
        }
        match self.sort {
            Sort::Date => {}
            Sort::Oldest => parts.push("sort:oldest".to_owned()),
            Sort::Relevance => parts.push("sort:relevance".to_owned()),
        }
        match self.grouping {
            Grouping::Folded => {}
            Grouping::Off => parts.push("group:off".to_owned()),
            Grouping::Threads => parts.push("group:story".to_owned()),
        }
        f.write_str(&parts.join(" "))
    }
}

/// Writes the filter as it is written at the top level of a query.
impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Filter::All(members) => {
                let quotes = members.iter().filter(|member| is_quote(member)).count();
                join(f, members, " ", |member| match member {
                    Filter::Any(_) => true,
                    // Next to each other, two quote terms would apply to one and the same quote.
                    Filter::Term(Term::Quote(_)) => quotes > 1,
                    _ => false,
                })
            }
            Filter::Any(members) => join(f, members, " OR ", |member| matches!(member, Filter::All(_))),
            Filter::Not(inner) => match &**inner {
                Filter::Term(_) if !is_compound(inner) => write!(f, "-{inner}"),
                inner => write!(f, "-({inner})"),
            },
            Filter::Term(term) => term.fmt(f),
        }
    }
}

fn is_quote(filter: &Filter) -> bool {
    matches!(filter, Filter::Term(Term::Quote(_)))
}

/// Whether a quote term is written as several fields.
fn is_compound(filter: &Filter) -> bool {
    match filter {
        Filter::Term(Term::Quote(quote)) => quote.by.len() + quote.said.len() + quote.of.len() > 1,
        _ => false,
    }
}

fn join(
    f: &mut Formatter<'_>,
    members: &[Filter],
    between: &str,
    in_parentheses: impl Fn(&Filter) -> bool,
) -> fmt::Result {
    for (place, member) in members.iter().enumerate() {
        if place > 0 {
            f.write_str(between)?;
        }
        match in_parentheses(member) {
            true => write!(f, "({member})")?,
            false => write!(f, "{member}")?,
        }
    }
    Ok(())
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Term::Text { scope, phrase } => {
                f.write_str(match scope {
                    Scope::Anywhere => "",
                    Scope::Title => "title:",
                    Scope::Body => "body:",
                })?;
                write_phrase(f, phrase)
            }
            Term::Mentions { kind, names } => write_names(f, field_of(*kind), names),
            Term::About(names) => write_names(f, "about", names),
            Term::Quote(quote) => quote.fmt(f),
            Term::Date(days) => days.fmt(f),
            Term::Source(names) => write_names(f, "source", names),
            Term::Author(names) => write_names(f, "author", names),
            Term::Language(names) => write_names(f, "lang", names),
            Term::Tag(names) => write_names(f, "tag", names),
            Term::Is(mark) => f.write_str(match mark {
                Mark::Read => "is:read",
                Mark::Unread => "is:unread",
                Mark::Starred => "is:starred",
                Mark::Unstarred => "is:unstarred",
                Mark::Hidden => "is:hidden",
                Mark::Deleted => "is:deleted",
            }),
            Term::Story(id) => write!(f, "story:{}", id.0),
            Term::HasQuote => f.write_str("has:quote"),
            Term::Newer(ArticleId(number)) => write!(f, "newer:{number}"),
            Term::Saved(name) => {
                f.write_char('@')?;
                write_value(f, name)
            }
            Term::Unreadable(unreadable) => unreadable.fmt(f),
        }
    }
}

impl Display for QuoteTerm {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let mut space = "";
        for names in &self.by {
            f.write_str(space)?;
            write_names(f, "by", names)?;
            space = " ";
        }
        for phrases in &self.said {
            write!(f, "{space}said:")?;
            for (place, phrase) in phrases.iter().enumerate() {
                f.write_str(if place > 0 { "," } else { "" })?;
                write_phrase(f, phrase)?;
            }
            space = " ";
        }
        for names in &self.of {
            f.write_str(space)?;
            write_names(f, "of", names)?;
            space = " ";
        }
        Ok(())
    }
}

/// Writes a form that cannot be read either.
impl Display for Unreadable {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some("@") => f.write_char('@')?,
            Some(field) => write!(f, "{field}:")?,
            None => return write_quoted(f, self.value()),
        }
        if self.value().is_empty() { Ok(()) } else { write_value(f, self.value()) }
    }
}

/// The query field that searches for mentions of a kind.
pub fn field_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Person => "person",
        Kind::Country => "country",
        Kind::Place => "place",
        Kind::Org => "org",
    }
}

fn write_names(f: &mut Formatter<'_>, field: &str, names: &Names) -> fmt::Result {
    write!(f, "{field}:")?;
    for (place, name) in names.iter().enumerate() {
        f.write_str(if place > 0 { "," } else { "" })?;
        write_value(f, name)?;
    }
    Ok(())
}

fn write_phrase(f: &mut Formatter<'_>, phrase: &Phrase) -> fmt::Result {
    write_value(f, phrase.text())?;
    f.write_str(if phrase.ending == Ending::Prefix { "*" } else { "" })
}

/// Writes `text` bare if it reads back unchanged that way, and otherwise in quotation marks.
fn write_value(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    let plain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '\'' | '’' | '_' | '&' | '/' | '+' | '-');
    let bare = text.starts_with(char::is_alphanumeric)
        && text.chars().all(plain)
        && !matches!(text, "OR" | "AND" | "NOT");
    if bare { f.write_str(text) } else { write_quoted(f, text) }
}

fn write_quoted(f: &mut Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}
