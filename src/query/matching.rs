//! Whether one article answers a query, told from the article alone: what the library falls back
//! on where its index cannot tell, and what it is tested against.

use super::hit::stands;
use super::{Filter, Mark, Names, Phrase, QuoteTerm, Scope, Term};
use crate::annotation::{
    Analysis, CountryCode, Entity, EntityIndex, Field, Kind, Mention, Quote, SALIENT, Speaker,
};
use crate::article::Article;
use crate::text::fold;

/// One article with all that a query can ask about it.
pub struct Candidate<'a> {
    pub article: &'a Article,
    pub analysis: &'a Analysis,
    pub read: bool,
    pub starred: bool,
    pub tags: &'a [String],
}

/// What the names of a query mean, which one article cannot tell.
pub trait Meaning {
    /// Whether `name` (of a query) means the country, by code, name or people.
    fn is_country(&self, name: &str, code: CountryCode) -> bool;

    /// Whether `name` means the entity of this kind that is called `entity`.
    fn is_entity(&self, name: &str, kind: Kind, entity: &str) -> bool;

    /// Whether `name` means `source`.
    fn is_source(&self, name: &str, source: &str) -> bool;
}

/// Whether every folded word of `part` stands in `whole`, one after the other.
pub fn holds(whole: &str, part: &str) -> bool {
    let (whole, part) = (fold::words(whole), fold::words(part));
    !part.is_empty() && whole.windows(part.len()).any(|window| window == part)
}

impl Candidate<'_> {
    pub fn matches(&self, filter: &Filter, meaning: &dyn Meaning) -> bool {
        match filter {
            Filter::All(members) => members.iter().all(|member| self.matches(member, meaning)),
            Filter::Any(members) => members.iter().any(|member| self.matches(member, meaning)),
            Filter::Not(inner) => !self.matches(inner, meaning),
            Filter::Term(term) => self.has(term, meaning),
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
                entities.iter().any(|entity| entity.kind == *kind && is_one(entity, names, meaning))
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
            Term::Date(days) => days.contains(self.article.date()),
            Term::Source(names) => names.iter().any(|name| meaning.is_source(name, &self.article.source)),
            Term::Author(names) => names
                .iter()
                .any(|name| self.article.author.as_ref().is_some_and(|author| holds(author, name))),
            Term::Tag(names) => {
                names.iter().any(|name| self.tags.iter().any(|tag| fold::fold(tag) == fold::fold(name)))
            }
            Term::Is(Mark::Read) => self.read,
            Term::Is(Mark::Unread) => !self.read,
            Term::Is(Mark::Starred) => self.starred,
            Term::Is(Mark::Unstarred) => !self.starred,
            Term::HasQuote => !self.analysis.quotes.is_empty(),
            Term::Saved(_) => false,
        }
    }

    /// Whether the words stand in the title or the body.
    pub fn says(&self, scope: Scope, phrase: &Phrase) -> bool {
        let words = phrase.words();
        let title = || stands(&self.article.title, &words, phrase.ending);
        let body = || stands(&self.article.body, &words, phrase.ending);
        match scope {
            Scope::Anywhere => title() || body(),
            Scope::Title => title(),
            Scope::Body => body(),
        }
    }

    /// Whether all conditions hold for `quote`.
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
                .all(|phrases| phrases.iter().any(|phrase| stands(text, &phrase.words(), phrase.ending)))
    }

    fn entity(&self, index: EntityIndex) -> Option<&Entity> {
        self.analysis.entities.get(index.0 as usize)
    }
}

fn is_one(entity: &Entity, names: &Names, meaning: &dyn Meaning) -> bool {
    names.iter().any(|name| match entity.code {
        Some(code) => meaning.is_country(name, code),
        None => meaning.is_entity(name, entity.kind, &entity.name),
    })
}
