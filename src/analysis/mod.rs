//! The analysis engine: a title and a body in, who and what is in them out.
//!
//! Pure: no I/O, no clock, no randomness; the same text gives the same [`Analysis`] on every
//! machine. What counts as a mention, an entity and a quote is in the annotation guide
//! (summed up in ARCHITECTURE.md).

mod corrected;
pub mod entity;
pub mod mention;
pub mod quote;
#[cfg(feature = "train")]
pub mod rule;
#[cfg(not(feature = "train"))]
mod rule;
pub mod sentence;
pub mod tagger;
pub mod token;

use crate::annotation::{Analysis, Entity, Field, Mention, Quote};
use crate::language::Language;
use crate::text::Span;
use mention::Text;

pub use corrected::correct;

/// Analyses one article. Linear in the length of the texts; never panics, whatever they hold.
/// `title` and `body` are clean texts as an [`crate::article::Article`] holds them.
pub fn analyze(title: &str, body: &str, language: Language) -> Analysis {
    let (title, body) = (Text::read(Field::Title, title, language), Text::read(Field::Body, body, language));
    let names = mention::find(&title, &body);
    let (entities, mentions) = entity::resolve((&title, &names.title), (&body, &names.body));
    let quotes = find_quotes(&title, &body, &mentions, &entities);
    let countries = entity::countries(&entities);
    let mut analysis = Analysis { entities, mentions, quotes, countries };
    entity::weigh(&mut analysis, body.text, language);
    analysis
}

fn find_quotes(title: &Text<'_>, body: &Text<'_>, mentions: &[Mention], entities: &[Entity]) -> Vec<Quote> {
    let sentences = |text: &Text<'_>| -> Vec<Span> {
        text.sentences.iter().map(|sentence| text.span(sentence)).collect()
    };
    let (in_title, in_body) = (sentences(title), sentences(body));
    quote::find(passage(title, &in_title), passage(body, &in_body), mentions, entities)
}

fn passage<'a>(text: &'a Text<'_>, sentences: &'a [Span]) -> quote::Passage<'a> {
    quote::Passage {
        language: text.language,
        field: text.field,
        text: text.text,
        tokens: &text.tokens,
        sentences,
    }
}

#[cfg(test)]
mod tests;
