//! The analysis engine: it reads a title and a body, and says who and what is in them and who said what.
//!
//! In: two clean texts and their language. Out: an [`Analysis`]. The engine is pure: no I/O, no clock, no randomness, and
//! the same text gives the same result on every machine. Its parts, in the order in which an article meets them:
//! [`token`] and [`sentence`] cut the texts up, [`tagger`] finds names, [`mention`] corrects them, [`entity`] joins those
//! that are one thing, [`quote`] finds quotes and their speakers. An article in a language that the engine does not
//! know goes another way ([`foreign`]). Must not know other articles.

mod case;
mod corrected;
pub mod entity;
mod foreign;
pub mod mention;
pub mod quote;
#[cfg(feature = "train")]
pub mod rule;
#[cfg(not(feature = "train"))]
mod rule;
pub mod sentence;
pub mod tagger;
pub mod token;

use crate::annotation::{Analysis, Entity, Field, Least, Mention, Quote};
use crate::language::{Language, LanguageCode};
use crate::text::Span;
use mention::Text;

pub use corrected::correct;

/// Analyses one article. `title` and `body` are clean texts, as an [`crate::article::Article`] has them, both written in
/// `language`. Linear in the length of the texts; never panics, whatever they hold.
pub fn analyze(title: &str, body: &str, language: Language) -> Analysis {
    if !language.is_known() {
        return foreign::analyze(title, body, language);
    }
    match case::restored(title, body, language) {
        Some((title, body)) => analyze_known(&title, &body, language),
        None => analyze_known(title, body, language),
    }
}

/// The first sentences of a text, as many as have at most so many bytes together, and one at least, which is cut at a word
/// and marked where it is longer.
pub fn first_sentences(body: &str, language: Option<LanguageCode>, most: usize) -> String {
    // Nobody needs more of it, however long the article is.
    let head = body.char_indices().map(|(at, _)| at).take_while(|at| *at <= 8 * most).last().unwrap_or(0);
    let head = if body.len() > 8 * most { body.get(..head).unwrap_or_default() } else { body };
    let text = Text::read(Field::Body, head, Language::of(language));
    let mut end = 0;
    for sentence in text.sentences.iter().map(|sentence| text.span(sentence)) {
        let to = sentence.end as usize;
        if to > most && end > 0 {
            break;
        }
        end = to;
    }
    let found = head.get(..end).unwrap_or_default().trim();
    if found.len() <= most {
        return found.to_owned();
    }
    let cut = found.char_indices().map(|(at, _)| at).take_while(|at| *at <= most).last().unwrap_or(0);
    let cut = found.get(..cut).unwrap_or_default();
    let word = cut.rfind(char::is_whitespace).unwrap_or(cut.len());
    format!("{} …", cut.get(..word).unwrap_or_default().trim_end())
}

/// Analyses an article in a language that is known, whose capitals are as usual.
fn analyze_known(title: &str, body: &str, language: Language) -> Analysis {
    let (title, body) = (Text::read(Field::Title, title, language), Text::read(Field::Body, body, language));
    let names = mention::find(&title, &body);
    let (entities, mentions) = entity::resolve((&title, &names.title), (&body, &names.body));
    let quotes = find_quotes(&title, &body, &mentions, &entities);
    let countries = entity::countries(&entities);
    let mut analysis = Analysis { entities, mentions, quotes, countries };
    entity::weigh(&mut analysis, body.text, language);
    entity::tell(&mut analysis, title.text, body.text);
    analysis.stand_by(Least::default());
    // What stands in another script is somebody's words only where the text says whose.
    let text = |quote: &Quote| if quote.field == Field::Title { title.text } else { body.text };
    analysis.quotes.retain(|quote| {
        quote.likeliest().is_some() || !mention::is_mostly_of_another_script(quote.span.of(text(quote)))
    });
    analysis
}

fn find_quotes(title: &Text<'_>, body: &Text<'_>, mentions: &[Mention], entities: &[Entity]) -> Vec<Quote> {
    let sentences = |text: &Text<'_>| -> Vec<Span> {
        text.sentences.iter().map(|sentence| text.span(sentence)).collect()
    };
    let (in_title, in_body) = (sentences(title), sentences(body));
    quote::find(passage(title, &in_title), passage(body, &in_body), mentions, entities)
}

/// The marked pieces and the reported clauses of an article as the scorer of speakers sees them, with what the analysis
/// says of the article.
#[cfg(feature = "train")]
pub fn lesson(title: &str, body: &str, language: Language) -> (Analysis, [quote::choice::Lesson; 2]) {
    let (title, body) = (Text::read(Field::Title, title, language), Text::read(Field::Body, body, language));
    let names = mention::find(&title, &body);
    let (entities, mentions) = entity::resolve((&title, &names.title), (&body, &names.body));
    let sentences: Vec<Span> = body.sentences.iter().map(|sentence| body.span(sentence)).collect();
    let lessons = quote::lesson(passage(&body, &sentences), &mentions, &entities);
    (Analysis { entities, mentions, quotes: Vec::new(), countries: Vec::new() }, lessons)
}

fn passage<'a>(text: &'a Text<'_>, sentences: &'a [Span]) -> quote::Passage<'a> {
    quote::Passage { language: text.language, text: text.text, tokens: &text.tokens, sentences }
}

#[cfg(test)]
mod tests;
