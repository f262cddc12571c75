//! Decides whether an article matches a query from the article alone. The library uses this where its
//! index cannot decide, and tests compare the library with it.

use super::hit::occurs;
use super::{Mark, Names, Phrase, QuoteTerm, Scope, Term};
use crate::annotation::{
    Analysis, CountryCode, Entity, EntityIndex, Field, Kind, Mention, Quote, SALIENT, Speaker,
};
use crate::article::Article;
use crate::language::LanguageCode;
use crate::text::fold;

/// One article with everything that a query can ask about it.
pub struct Candidate<'a> {
    pub article: &'a Article,
    pub analysis: &'a Analysis,
    pub read: bool,
    pub starred: bool,
    pub tags: &'a [String],
}

/// What the names in a query refer to, which cannot be seen from one article.
pub trait Meaning {
    /// Whether `name` (from a query) means the country, by its code, its name or the name of its people.
    fn is_country(&self, name: &str, code: CountryCode) -> bool;

    /// Whether `name`, as that of a name of one of these kinds, means this entity, which is no country.
    fn is_entity(&self, name: &str, kinds: &[Kind], entity: &Entity) -> bool;

    /// Whether `name` means the source called `source`.
    fn is_source(&self, name: &str, source: &str) -> bool;
}

/// Whether the folded words of `part` occur in `whole`, one directly after the other.
pub fn holds(whole: &str, part: &str) -> bool {
    let (whole, part) = (fold::words(whole), fold::words(part));
    !part.is_empty() && whole.windows(part.len()).any(|window| window == part)
}

impl Candidate<'_> {
    /// Whether a whole filter holds: the plain meaning of the language, which the tests hold the libraries to.
    #[cfg(test)]
    pub fn matches(&self, filter: &super::Filter, meaning: &dyn Meaning) -> bool {
        self.truth(filter, meaning) == Some(true)
    }

    /// Whether a filter holds; `None` where that depends on a condition that cannot be read.
    #[cfg(test)]
    fn truth(&self, filter: &super::Filter, meaning: &dyn Meaning) -> Option<bool> {
        let several = |members: &[super::Filter], decisive: bool| {
            let truths: Vec<_> = members.iter().map(|member| self.truth(member, meaning)).collect();
            match truths.contains(&Some(decisive)) {
                true => Some(decisive),
                false => (!truths.contains(&None)).then_some(!decisive),
            }
        };
        match filter {
            super::Filter::All(members) => several(members, false),
            super::Filter::Any(members) => several(members, true),
            super::Filter::Not(inner) => self.truth(inner, meaning).map(|holds| !holds),
            super::Filter::Term(Term::Unreadable(_)) => None,
            super::Filter::Term(term) => Some(self.has(term, meaning)),
        }
    }

    /// Whether one condition holds.
    pub fn has(&self, term: &Term, meaning: &dyn Meaning) -> bool {
        match term {
            Term::Text { scope, phrase } => self.says(*scope, phrase),
            Term::Mentions { kind: Kind::Country, names } => {
                let countries = &self.analysis.countries;
                names.iter().any(|name| countries.iter().any(|code| meaning.is_country(name, *code)))
            }
            Term::Mentions { kind, names } => {
                let entities = &self.analysis.entities;
                // What one article takes for a person may be known as a body from the others.
                let is_one =
                    |entity: &Entity| names.iter().any(|name| meaning.is_entity(name, &[*kind], entity));
                entities.iter().any(|entity| entity.code.is_none() && is_one(entity))
            }
            Term::About(names) => {
                let entities = &self.analysis.entities;
                entities.iter().any(|entity| entity.salience >= SALIENT && is_one(entity, names, meaning))
                    || self
                        .analysis
                        .about()
                        .any(|code| names.iter().any(|name| meaning.is_country(name, code)))
            }
            Term::Quote(term) => {
                self.analysis.quotes.iter().any(|quote| self.quote_has(quote, term, meaning))
            }
            Term::Date(days) => self.article.date().is_some_and(|day| days.contains(day)),
            Term::Source(names) => names.iter().any(|name| meaning.is_source(name, &self.article.source)),
            Term::Author(names) => names
                .iter()
                .any(|name| self.article.author.as_ref().is_some_and(|author| holds(author, name))),
            Term::Language(names) => {
                let code = self.article.language.as_ref().map(LanguageCode::as_str);
                names.iter().any(|name| code == Some(name))
            }
            Term::Tag(names) => {
                names.iter().any(|name| self.tags.iter().any(|tag| fold::fold(tag) == fold::fold(name)))
            }
            Term::Is(Mark::Read) => self.read,
            Term::Is(Mark::Unread) => !self.read,
            Term::Is(Mark::Starred) => self.starred,
            Term::Is(Mark::Unstarred) => !self.starred,
            // Every index knows these exactly: no article is read for them.
            Term::Is(Mark::Hidden | Mark::Deleted) => false,
            Term::Story(_) | Term::Newer(_) => false,
            Term::HasQuote => !self.analysis.quotes.is_empty(),
            Term::Saved(_) | Term::Unreadable(_) => false,
        }
    }

    /// Whether the phrase occurs in the title or the body, as `scope` says.
    pub fn says(&self, scope: Scope, phrase: &Phrase) -> bool {
        let words = phrase.words();
        let title = || occurs(&self.article.title, &words, phrase.ending);
        let body = || occurs(&self.article.body, &words, phrase.ending);
        match scope {
            Scope::Anywhere => title() || body(),
            Scope::Title => title(),
            Scope::Body => body(),
        }
    }

    /// Whether `quote` meets all conditions of `term`.
    pub fn quote_has(&self, quote: &Quote, term: &QuoteTerm, meaning: &dyn Meaning) -> bool {
        let field = match quote.field {
            Field::Title => &self.article.title,
            Field::Body => &self.article.body,
        };
        let Some(text) = quote.span.get(field) else { return false };
        let by = |names: &Names| match &quote.speaker {
            Some(Speaker::Entity(index)) => {
                self.entity(*index).is_some_and(|entity| is_one(entity, names, meaning))
            }
            Some(Speaker::Description(words)) => names.iter().any(|name| holds(words, name)),
            None => false,
        };
        let inside = |mention: &&Mention| mention.field == quote.field && quote.span.contains(mention.span);
        let of = |names: &Names| {
            let mut entities = self
                .analysis
                .mentions
                .iter()
                .filter(inside)
                .filter_map(|mention| self.entity(mention.entity));
            entities.any(|entity| is_one(entity, names, meaning))
        };
        term.by.iter().all(by)
            && term.of.iter().all(of)
            && term
                .said
                .iter()
                .all(|phrases| phrases.iter().any(|phrase| occurs(text, &phrase.words(), phrase.ending)))
    }

    fn entity(&self, index: EntityIndex) -> Option<&Entity> {
        self.analysis.entities.get(index.0 as usize)
    }
}

fn is_one(entity: &Entity, names: &Names, meaning: &dyn Meaning) -> bool {
    names.iter().any(|name| match entity.code {
        Some(code) => meaning.is_country(name, code),
        None => meaning.is_entity(name, &Kind::ALL, entity),
    })
}
