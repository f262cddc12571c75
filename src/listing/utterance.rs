//! What somebody said at one time: a quote with its interrupted parts and its reported frame, and the same words in other
//! articles. Plain values; the library puts them together.

use super::Key;
use crate::annotation::{Field, QuoteKind};
use crate::text::{Span, fold};
use std::collections::HashMap;

/// One utterance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    pub key: Key,
    pub source: String,
    pub title: String,
    pub field: Field,
    /// Its first part, as bytes of that field.
    pub span: Span,
    /// Direct if any of its parts is.
    pub kind: QuoteKind,
    /// The words of its parts, with ` … ` between two of them.
    pub text: String,
    /// The speaker's name, or the words that describe the speaker.
    pub speaker: Option<String>,
    /// The likeliest speaker, where the engine is not sure enough.
    pub guess: Option<String>,
    /// How the article describes a speaker who has a name.
    pub described: Option<String>,
    /// The other articles that have the same words, with their sources.
    pub also: Vec<(Key, String)>,
}

impl Utterance {
    /// The speaker as a list shows it: one of whom the engine is not sure has a `?`.
    pub fn who(&self) -> String {
        match (&self.speaker, &self.guess) {
            (Some(speaker), _) => speaker.clone(),
            (None, Some(guess)) => format!("{guess}?"),
            (None, None) => "?".to_owned(),
        }
    }

    /// Its sources, each once.
    pub fn sources(&self) -> Vec<&str> {
        let mut sources = vec![self.source.as_str()];
        for (_, source) in &self.also {
            if !sources.contains(&source.as_str()) {
                sources.push(source);
            }
        }
        sources
    }
}

/// In which order utterances are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum UtteranceOrder {
    /// Those of the newest articles first.
    #[default]
    Newest,
    /// Those in quotation marks before those that are reported.
    Direct,
}

impl UtteranceOrder {
    pub fn name(self) -> &'static str {
        match self {
            UtteranceOrder::Newest => "newest",
            UtteranceOrder::Direct => "direct",
        }
    }

    pub fn next(self) -> UtteranceOrder {
        match self {
            UtteranceOrder::Newest => UtteranceOrder::Direct,
            UtteranceOrder::Direct => UtteranceOrder::Newest,
        }
    }
}

/// Utterances with fewer words than this may be said twice.
const TELLING: usize = 4;

/// The same utterances, those with the same words in several articles as one: the first of them, which has the others
/// in [`Utterance::also`].
pub fn one_each(utterances: Vec<Utterance>) -> Vec<Utterance> {
    let mut places: HashMap<Vec<String>, usize> = HashMap::new();
    let mut one_each: Vec<Utterance> = Vec::with_capacity(utterances.len());
    for utterance in utterances {
        let words = fold::words(&utterance.text);
        if words.len() < TELLING {
            one_each.push(utterance);
            continue;
        }
        match places.get(&words).and_then(|at| one_each.get_mut(*at)) {
            Some(first) if first.key.id == utterance.key.id => {}
            Some(first) => first.also.push((utterance.key, utterance.source)),
            None => {
                places.insert(words, one_each.len());
                one_each.push(utterance);
            }
        }
    }
    one_each
}
