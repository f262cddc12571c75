//! The net over word vectors, in integers: window and contexts → hidden (ReLU) → labels.
//!
//! Vectors are in 1/32, first weights in 1/4096, hidden units in 1/256 (saturating), second weights in
//! 1/2048, scores in 1/1024. Eight 16-bit numbers at a time, by instructions that every x86-64 has (`wide` has
//! the same in plain loops for other machines): the same results everywhere.

use super::document::{CASES, Case, Document, Style, hash};
use super::model::{CONTEXTS, LABELS, LANES, Model, narrow};
use std::ops::Range;
use wide::{i16x8, i32x4};

/// What one word adds to the hidden units at each place of the window is kept for so many words.
const CACHE: usize = 8192;
/// From units of 1/(32·4096) to 1/256.
const TO_HIDDEN: u32 = 9;
/// From units of 1/(128·2048) to 1/1024.
const TO_SCORE: u32 = 8;
/// The largest hidden unit, in 1/128: with at most 256 units and weights under 2 no sum leaves 32 bits.
const MOST_HIDDEN: i16 = 2047;
/// No word.
const NONE: u32 = u32::MAX;
/// A word whose vector is composed from its letters; the rest is of its hash.
const COMPOSED: u32 = 1 << 31;
/// Content words of an article and of a sentence that make their contexts, from the front.
const CONTEXT_WORDS: [usize; CONTEXTS] = [160, 32];
/// By how much a context, a mean of vectors, is stretched.
pub const STRETCH: i32 = 4;

/// Working memory of the net.
pub struct Net {
    /// The model's word of each word of the document, [`COMPOSED`] or [`NONE`].
    known: Vec<u32>,
    /// What bias and contexts give to every word of the article, and of the sentence.
    article: Vec<i16x8>,
    sentence: Vec<i16x8>,
    hidden: Vec<i16x8>,
    /// The words whose sums are kept, by slot and place.
    kept: Vec<u32>,
    sums: Vec<i16x8>,
    vector: Vec<i16>,
    lanes: Vec<i16x8>,
    /// Of packed pairs, and of the pieces of words.
    pairs: Vec<u32>,
    sum: Vec<i32>,
}

impl Net {
    pub fn new(model: &Model) -> Net {
        Net {
            known: Vec::new(),
            article: vec![i16x8::ZERO; model.hidden / LANES],
            sentence: vec![i16x8::ZERO; model.hidden / LANES],
            hidden: vec![i16x8::ZERO; model.hidden / LANES],
            kept: vec![NONE; CACHE * model.window],
            sums: vec![i16x8::ZERO; CACHE * model.window * model.hidden / LANES],
            vector: vec![0; model.width()],
            lanes: vec![i16x8::ZERO; model.width() / LANES],
            pairs: vec![0; model.dimensions / 2],
            sum: vec![0; model.width()],
        }
    }

    /// Looks up the words of `document` and reckons its context.
    pub fn start(&mut self, model: &Model, document: &Document) {
        self.known.clear();
        for (at, word) in document.words.iter().enumerate() {
            self.known.push(match model.word(word.lower) {
                Some(known) => known,
                None => unknown(model, document, at),
            });
        }
        self.article.copy_from_slice(&model.hidden_bias);
        self.take_context(model, document, 0, 0..document.words.len());
        add_product(model, model.window, &self.lanes, &mut self.article);
    }

    /// Reckons the context of a sentence: to be called before the scores of its words.
    pub fn enter(&mut self, model: &Model, document: &Document, sentence: &Range<usize>) {
        self.sentence.copy_from_slice(&self.article);
        self.take_context(model, document, 1, sentence.clone());
        add_product(model, model.window + 1, &self.lanes, &mut self.sentence);
    }

    /// The stretched mean of the vectors of the content words in `range`, into `self.lanes`.
    fn take_context(&mut self, model: &Model, document: &Document, context: usize, range: Range<usize>) {
        self.pairs.fill(0);
        let mut count = 0;
        for at in context_words(document, range, context) {
            if self.known[at] & COMPOSED == 0 {
                model.add_vector(self.known[at], &mut self.pairs);
                count += 1;
            }
        }
        Model::mean(&self.pairs, count, STRETCH, &mut self.vector);
        self.load();
    }

    /// Brings `self.vector` into `self.lanes`.
    fn load(&mut self) {
        for (lanes, values) in self.lanes.iter_mut().zip(self.vector.chunks_exact(LANES)) {
            *lanes = i16x8::from_slice_unaligned(values);
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
        let units = model.hidden / LANES;
        self.hidden.copy_from_slice(&self.sentence);
        for place in 0..model.window {
            let Some(near) =
                (at + place).checked_sub(model.window / 2).filter(|near| sentence.contains(near))
            else {
                continue;
            };
            let case = document.words[near].case as usize;
            add(&mut self.hidden, &model.cases_to_hidden[(place * CASES + case) * units..][..units]);
            if self.known[near] != NONE {
                self.add_word(model, document, near, place);
            }
        }
        let word = &document.words[at];
        let flags = [word.first, word.style == Style::Capitals, word.style == Style::Headline];
        for (flag, _) in flags.into_iter().enumerate().filter(|(_, on)| *on) {
            add(&mut self.hidden, &model.cases_to_hidden[(model.window * CASES + flag) * units..][..units]);
        }
        let most = i16x8::splat(MOST_HIDDEN);
        self.hidden.iter_mut().for_each(|units| *units = (*units >> 1i32).max(i16x8::ZERO).min(most));
        std::array::from_fn(|label| {
            let row = &model.output[label * units..][..units];
            (dot(&self.hidden, row) >> TO_SCORE) + model.output_bias[label]
        })
    }

    fn add_word(&mut self, model: &Model, document: &Document, at: usize, place: usize) {
        let (units, word) = (model.hidden / LANES, self.known[at]);
        let slot = (word as usize % CACHE) * model.window + place;
        if self.kept[slot] != word {
            self.kept[slot] = word;
            if word & COMPOSED == 0 {
                model.vector(word, &mut self.vector);
            } else {
                compose(model, document.form(at), &mut self.vector, &mut self.sum);
            }
            self.load();
            let sums = &mut self.sums[slot * units..][..units];
            sums.fill(i16x8::ZERO);
            add_product(model, place, &self.lanes, sums);
        }
        add(&mut self.hidden, &self.sums[slot * units..][..units]);
    }
}

/// What stands for a word that the model does not know as written: the word without accents, or its letters.
fn unknown(model: &Model, document: &Document, at: usize) -> u32 {
    let form = document.form(at);
    if !form.is_ascii()
        && let Some(known) = model.word(hash(fold(form).as_bytes()))
    {
        return known;
    }
    let composes = model.grams > 0 && is_composed(document.words[at].case);
    if composes { COMPOSED | (document.words[at].lower as u32 & (COMPOSED - 2)) } else { NONE }
}

/// Whether a word written so has a vector composed from its letters where it is not known.
pub fn is_composed(case: Case) -> bool {
    matches!(case, Case::Lower | Case::Title | Case::Upper | Case::Mixed)
}

/// The words of `range` that make a context: the first so many longer ones in small letters.
pub fn context_words(
    document: &Document,
    range: Range<usize>,
    context: usize,
) -> impl Iterator<Item = usize> + '_ {
    let is_content = |at: &usize| {
        let word = &document.words[*at];
        word.case == Case::Lower && word.form.1 - word.form.0 > 3
    };
    range.filter(is_content).take(CONTEXT_WORDS[context])
}

/// Calls `visit` with a hash for each piece of `form` that composes its vector: its beginnings and ends of two
/// to five bytes, and every three bytes within. Pieces of bytes, so that no script costs more than another.
pub fn each_gram(form: &str, mut visit: impl FnMut(u64)) {
    let bytes = form.as_bytes();
    let bytes = &bytes[..bytes.len().min(24)];
    for length in 2..=5.min(bytes.len()) {
        visit(hash(&bytes[..length]) ^ 0x51);
        visit(hash(&bytes[bytes.len() - length..]) ^ 0xA7);
    }
    for three in bytes.windows(3) {
        visit(hash(three));
    }
}

/// The mean of the vectors of a word's pieces, into `vector`; `sum` is working memory.
fn compose(model: &Model, form: &str, vector: &mut [i16], sum: &mut [i32]) {
    sum.fill(0);
    let mut count = 0;
    each_gram(form, |gram| {
        model.add_gram(gram, sum);
        count += 1;
    });
    for (out, sum) in vector.iter_mut().zip(sum) {
        *out = (*sum / count.max(1)) as i16;
    }
}

/// Adds what `vector` gives at a place of the window, or as a context, to the hidden units.
fn add_product(model: &Model, place: usize, vector: &[i16x8], hidden: &mut [i16x8]) {
    let width = vector.len();
    let rows = &model.vectors_to_hidden[place * model.hidden * width..];
    for (units, rows) in hidden.iter_mut().zip(rows.chunks_exact(width * LANES)) {
        let mut sums = [0i16; LANES];
        for (sum, row) in sums.iter_mut().zip(rows.chunks_exact(width)) {
            *sum = narrow(dot(vector, row) >> TO_HIDDEN);
        }
        *units = units.saturating_add(i16x8::new(sums));
    }
}

fn add(to: &mut [i16x8], row: &[i16x8]) {
    for (to, values) in to.iter_mut().zip(row) {
        *to = to.saturating_add(*values);
    }
}

fn dot(a: &[i16x8], b: &[i16x8]) -> i32 {
    let sum = a.iter().zip(b).fold(i32x4::ZERO, |sum, (a, b)| sum + a.dot(*b));
    sum.reduce_add()
}

/// `form` without accents.
pub fn fold(form: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    form.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}
