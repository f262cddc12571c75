//! The net over word vectors, in integers: window → hidden (ReLU) → labels.
//!
//! Vectors are in 1/32, first weights in 1/4096, hidden units in 1/256 (at most 127), second weights in
//! 1/4096, scores in 1/1024.

use super::document::{CASES, Document, Style};
use super::model::{LABELS, Model};
use std::ops::Range;

/// What one word adds to the hidden units at each place of the window is kept for so many words.
const CACHE: usize = 4096;
/// From units of 1/(32·4096) to 1/256.
const TO_HIDDEN: u32 = 9;
/// From units of 1/(256·4096) to 1/1024.
const TO_SCORE: u32 = 10;
/// No word.
const NONE: u32 = u32::MAX;

/// Working memory of the net.
pub struct Net {
    /// The model's word of each word of the document.
    known: Vec<u32>,
    hidden: Vec<i32>,
    /// The words whose sums are kept, by `word % CACHE` and place.
    kept: Vec<u32>,
    sums: Vec<i32>,
    vector: Vec<i16>,
}

impl Net {
    pub fn new(model: &Model) -> Net {
        Net {
            known: Vec::new(),
            hidden: vec![0; model.hidden],
            kept: vec![NONE; CACHE * model.window],
            sums: vec![0; CACHE * model.window * model.hidden],
            vector: vec![0; model.dimensions],
        }
    }

    /// Looks up the words of `document`.
    pub fn start(&mut self, model: &Model, document: &Document) {
        self.known.clear();
        self.known.extend(document.words.iter().map(|word| model.word(word.lower).unwrap_or(NONE)));
        for at in 0..self.known.len() {
            if self.known[at] == NONE && !document.form(at).is_ascii() {
                let plain = fold(document.form(at));
                self.known[at] = model.word(super::document::hash(plain.as_bytes())).unwrap_or(NONE);
            }
        }
    }

    /// The net's part of the scores of the word at `at`.
    pub fn scores(
        &mut self,
        model: &Model,
        document: &Document,
        at: usize,
        sentence: &Range<usize>,
    ) -> [i32; LABELS] {
        let units = model.hidden;
        self.hidden.copy_from_slice(&model.hidden_bias);
        for place in 0..model.window {
            let Some(near) =
                (at + place).checked_sub(model.window / 2).filter(|near| sentence.contains(near))
            else {
                continue;
            };
            let case = document.words[near].case as usize;
            self.add_row(&model.cases_to_hidden[(place * CASES + case) * units..][..units]);
            if self.known[near] != NONE {
                self.add_word(model, self.known[near], place);
            }
        }
        let word = &document.words[at];
        let flags = [word.first, word.style == Style::Capitals, word.style == Style::Headline];
        for (flag, _) in flags.into_iter().enumerate().filter(|(_, on)| *on) {
            self.add_row(&model.cases_to_hidden[(model.window * CASES + flag) * units..][..units]);
        }
        let mut scores = [0; LABELS];
        for (label, score) in scores.iter_mut().enumerate() {
            let row = &model.output[label * units..][..units];
            let sum: i64 = self
                .hidden
                .iter()
                .zip(row)
                .map(|(unit, weight)| i64::from((unit >> TO_HIDDEN).clamp(0, 32767)) * i64::from(*weight))
                .sum();
            *score = ((sum >> TO_SCORE) as i32) + model.output_bias[label];
        }
        scores
    }

    /// Adds a row of weights for an input of one (32 in its unit).
    fn add_row(&mut self, row: &[i16]) {
        for (unit, weight) in self.hidden.iter_mut().zip(row) {
            *unit += i32::from(*weight) * 32;
        }
    }

    fn add_word(&mut self, model: &Model, word: u32, place: usize) {
        let units = model.hidden;
        let slot = (word as usize % CACHE) * model.window + place;
        let sums = &mut self.sums[slot * units..][..units];
        if self.kept[slot] != word {
            self.kept[slot] = word;
            model.vector(word, &mut self.vector);
            let rows = &model.vectors_to_hidden[place * units * model.dimensions..];
            for (sum, row) in sums.iter_mut().zip(rows.chunks_exact(model.dimensions)) {
                *sum = dot(&self.vector, row);
            }
        }
        for (unit, sum) in self.hidden.iter_mut().zip(sums.iter()) {
            *unit += *sum;
        }
    }
}

fn dot(a: &[i16], b: &[i16]) -> i32 {
    a.iter().zip(b).map(|(a, b)| i32::from(*a) * i32::from(*b)).sum()
}

/// `form` without accents.
pub fn fold(form: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    form.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}
