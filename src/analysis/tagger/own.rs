//! What a word's own features give to its scores, kept: most words of an article have stood in one before.
//!
//! In: a word of a document. Out: its part of the scores, reckoned where it is new. One word to a place: of two that
//! meet there the later one stays. What is kept never changes what is found.

use super::document::{Document, mix};
use super::features::Features;
use super::model::{LABELS, Model};

/// Words that are kept, a power of two.
const WORDS: usize = 4096;

#[derive(Clone, Copy)]
struct Slot {
    /// The word's form, by its hash, and its shape with its case; no word before the first.
    word: Option<(u64, u64)>,
    scores: [i32; LABELS],
}

/// The kept parts of scores.
pub struct Own {
    slots: Vec<Slot>,
}

impl Own {
    pub fn new() -> Own {
        Own { slots: vec![Slot { word: None, scores: [0; LABELS] }; WORDS] }
    }

    /// Adds what the own features of the word at `at` give to `scores`.
    pub fn add(&mut self, model: &Model, document: &Document, at: usize, scores: &mut [i32; LABELS]) {
        let word = &document.words[at];
        let looks = u64::from(word.shape) << 8 | word.case as u64;
        let slot = &mut self.slots[mix(word.lower ^ looks) as usize % WORDS];
        if slot.word != Some((word.lower, looks)) {
            (slot.word, slot.scores) = (Some((word.lower, looks)), [0; LABELS]);
            model.add_features(Features::own(document, at).keys(), &mut slot.scores);
        }
        scores.iter_mut().zip(slot.scores).for_each(|(score, own)| *score += own);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::sentence::sentences;
    use crate::analysis::tagger::shipped;
    use crate::analysis::token::tokens;
    use crate::language::Language;

    #[test]
    fn own_features_and_the_rest_are_all() {
        let language = Language::english();
        let Ok(model) = shipped(language) else { panic!("the shipped model is sound") };
        let text = "Maria Lopez met the Maria of LOPEZ in Genève; Lopez, Maria and lopez left.";
        let tokens = tokens(text, language);
        let mut document = Document::new(language);
        document.push(text, &tokens, &sentences(text, &tokens, language));
        document.finish();
        let mut own = Own::new();
        for sentence in document.sentences.clone() {
            for at in sentence.clone() {
                let (mut whole, mut parts) = ([0; LABELS], [0; LABELS]);
                model.add_features(Features::of(&document, at, &sentence).keys(), &mut whole);
                own.add(model, &document, at, &mut parts);
                model.add_features(Features::beside(&document, at, &sentence).keys(), &mut parts);
                assert_eq!(whole, parts, "{}", document.form(at));
            }
        }
    }
}
