//! The net over word vectors, in integers: window and contexts → hidden (ReLU) → labels.
//!
//! Vectors are in 1/32, first weights in 1/4096, hidden units in 1/256 (saturating), second weights in
//! 1/2048, scores in 1/1024. Eight 16-bit numbers at a time, by instructions that every x86-64 has (`wide` has
//! the same in plain loops for other machines): the same results everywhere.

use super::document::{CASES, Case, Document, Style, hash};
use super::model::{Block, CONTEXTS, LABELS, LANES, Model, spread};
use super::sums::{NONE, Sums};
use std::ops::Range;
use wide::{i16x8, i32x4, i32x8};

/// From units of 1/(32·4096) to 1/256.
const TO_HIDDEN: i32 = 9;
/// From units of 1/(128·2048) to 1/1024.
const TO_SCORE: u32 = 8;
/// The largest hidden unit, in 1/128: with at most 256 units and weights under 2 no sum leaves 32 bits.
const MOST_HIDDEN: i16 = 2047;
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
    sums: Sums,
    /// Sums of vectors, as packed pairs: of the article, and of its first sentences one behind the other.
    whole: Vec<u32>,
    parts: Vec<u32>,
    /// How many vectors are in each of the sums of sentences.
    counts: Vec<u32>,
    /// A vector, pair by pair.
    vector: Vec<i16x8>,
    /// The pieces of a word.
    pieces: Vec<i32>,
}

impl Net {
    pub fn new(model: &Model) -> Net {
        let units = model.hidden / LANES;
        Net {
            known: Vec::new(),
            article: vec![i16x8::ZERO; units],
            sentence: vec![i16x8::ZERO; units],
            hidden: vec![i16x8::ZERO; units],
            sums: Sums::new(model.window, units),
            whole: vec![0; model.dimensions / 2],
            parts: Vec::new(),
            counts: Vec::new(),
            vector: vec![i16x8::ZERO; model.dimensions / 2],
            pieces: vec![0; model.dimensions],
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
        let count = self.sum_article(model, document);
        Model::mean(&self.whole, count, STRETCH, &mut self.vector);
        self.article.copy_from_slice(&model.hidden_bias);
        add_product(model, model.window, &self.vector, &mut self.article);
    }

    /// Sums the vectors of the article's first content words, sentence by sentence; returns how many there are.
    fn sum_article(&mut self, model: &Model, document: &Document) -> u32 {
        let pairs = self.whole.len();
        self.whole.fill(0);
        self.parts.clear();
        self.counts.clear();
        let (mut left, mut count) = (CONTEXT_WORDS[0], 0);
        for sentence in &document.sentences {
            if left == 0 {
                break;
            }
            let from = self.parts.len();
            self.parts.resize(from + pairs, 0);
            let part = &mut self.parts[from..];
            let (seen, added) = add_content(model, document, &self.known, sentence, CONTEXT_WORDS[1], part);
            self.counts.push(added);
            if seen < CONTEXT_WORDS[1] && seen <= left {
                self.whole.iter_mut().zip(part).for_each(|(whole, part)| *whole += *part);
                (left, count) = (left - seen, count + added);
            } else {
                let (seen, added) =
                    add_content(model, document, &self.known, sentence, left, &mut self.whole);
                (left, count) = (left - seen, count + added);
            }
        }
        count
    }

    /// Reckons the context of a sentence, by its index: to be called before the scores of its words.
    pub fn enter(&mut self, model: &Model, document: &Document, index: usize) {
        let pairs = self.whole.len();
        if let Some(count) = self.counts.get(index) {
            Model::mean(&self.parts[index * pairs..][..pairs], *count, STRETCH, &mut self.vector);
        } else {
            // Behind the words that make the article's context its sum is wanted no more.
            let sentence = &document.sentences[index];
            self.whole.fill(0);
            let (_, count) =
                add_content(model, document, &self.known, sentence, CONTEXT_WORDS[1], &mut self.whole);
            Model::mean(&self.whole, count, STRETCH, &mut self.vector);
        }
        self.sentence.copy_from_slice(&self.article);
        add_product(model, model.window + 1, &self.vector, &mut self.sentence);
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
            let case = &model.cases_to_hidden[(place * CASES + case) * units..][..units];
            match self.known[near] {
                NONE => add(&mut self.hidden, case),
                word => {
                    let (vector, pieces) = (&mut self.vector, &mut self.pieces);
                    let row = self.sums.get(word, place, |row| {
                        if word & COMPOSED == 0 {
                            model.vector(word, vector);
                        } else {
                            compose(model, document.form(near), vector, pieces);
                        }
                        row.fill(i16x8::ZERO);
                        add_product(model, place, vector, row);
                    });
                    add_both(&mut self.hidden, case, row);
                }
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
}

/// Adds the vectors of the first `most` content words of `range` to `sum`, as packed pairs. Returns how many
/// there are, and how many of them have a vector of their own.
fn add_content(
    model: &Model,
    document: &Document,
    known: &[u32],
    range: &Range<usize>,
    most: usize,
    sum: &mut [u32],
) -> (usize, u32) {
    let (mut seen, mut added) = (0, 0);
    for at in content_words(document, range.clone()).take(most) {
        seen += 1;
        if known[at] & COMPOSED == 0 {
            model.add_vector(known[at], sum);
            added += 1;
        }
    }
    (seen, added)
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
#[cfg(feature = "train")]
pub fn context_words(
    document: &Document,
    range: Range<usize>,
    context: usize,
) -> impl Iterator<Item = usize> + '_ {
    content_words(document, range).take(CONTEXT_WORDS[context])
}

/// The longer words of `range` in small letters.
fn content_words(document: &Document, range: Range<usize>) -> impl Iterator<Item = usize> + '_ {
    range.filter(|at| {
        let word = &document.words[*at];
        word.case == Case::Lower && word.form.1 - word.form.0 > 3
    })
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
fn compose(model: &Model, form: &str, vector: &mut [i16x8], sum: &mut [i32]) {
    sum.fill(0);
    let mut count = 0;
    each_gram(form, |gram| {
        model.add_gram(gram, sum);
        count += 1;
    });
    let mean = |sum: i32| (sum / count.max(1)) as i16;
    for (out, [a, b]) in vector.iter_mut().zip(sum.as_chunks().0) {
        *out = spread(mean(*a), mean(*b));
    }
}

/// Adds what `vector` gives at a place of the window, or as a context, to the hidden units.
fn add_product(model: &Model, place: usize, vector: &[i16x8], hidden: &mut [i16x8]) {
    for (hidden, blocks) in hidden.as_chunks_mut::<4>().0.iter_mut().zip(model.blocks(place)) {
        let product = product(blocks, vector);
        for (hidden, product) in hidden.iter_mut().zip(product) {
            *hidden = hidden.saturating_add(product);
        }
    }
}

/// What a vector gives to a block of hidden units. Plain loops of known length: they are the engine's hottest, and
/// stay in registers.
#[allow(clippy::needless_range_loop, reason = "zipped iterators here are not unrolled into registers")]
fn product(blocks: &[Block], vector: &[i16x8]) -> [i16x8; 4] {
    let mut sums = [i32x4::ZERO; 8];
    let vector = &vector[..blocks.len()];
    for at in 0..blocks.len() {
        let (block, pair) = (&blocks[at], vector[at]);
        for unit in 0..8 {
            sums[unit] += block[unit].dot(pair);
        }
    }
    let hidden = |at: usize| {
        let ([a, b, c, d], [e, f, g, h]) =
            ((sums[at] >> TO_HIDDEN).to_array(), (sums[at + 1] >> TO_HIDDEN).to_array());
        i16x8::from_i32x8_saturate(i32x8::new([a, b, c, d, e, f, g, h]))
    };
    [hidden(0), hidden(2), hidden(4), hidden(6)]
}

#[allow(clippy::needless_range_loop, reason = "as in `product`")]
fn add(to: &mut [i16x8], row: &[i16x8]) {
    let row = &row[..to.len()];
    for at in 0..to.len() {
        to[at] = to[at].saturating_add(row[at]);
    }
}

/// Adds one row, then another: where sums are at their bounds, the order counts.
#[allow(clippy::needless_range_loop, reason = "as in `product`")]
fn add_both(to: &mut [i16x8], row: &[i16x8], other: &[i16x8]) {
    let (row, other) = (&row[..to.len()], &other[..to.len()]);
    for at in 0..to.len() {
        to[at] = to[at].saturating_add(row[at]).saturating_add(other[at]);
    }
}

#[allow(clippy::needless_range_loop, reason = "as in `product`")]
fn dot(a: &[i16x8], b: &[i16x8]) -> i32 {
    let b = &b[..a.len()];
    let mut sum = i32x4::ZERO;
    for at in 0..a.len() {
        sum += a[at].dot(b[at]);
    }
    sum.reduce_add()
}

/// `form` without accents.
pub fn fold(form: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    form.nfkd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::tagger::shipped;

    /// The sums of a place for a vector, number by number.
    fn plain(model: &Model, place: usize, vector: &[i16x8]) -> Vec<i16> {
        let lane = |eight: i16x8, at: usize| i32::from(eight.to_array()[at]);
        let mut hidden = Vec::new();
        for blocks in model.blocks(place) {
            for unit in 0..blocks[0].len() * LANES / 2 {
                let weights = |block: &Block| block[2 * unit / LANES];
                let sum: i32 = blocks
                    .iter()
                    .zip(vector)
                    .map(|(block, pair)| {
                        let at = 2 * unit % LANES;
                        lane(weights(block), at) * lane(*pair, 0)
                            + lane(weights(block), at + 1) * lane(*pair, 1)
                    })
                    .sum();
                hidden.push((sum >> TO_HIDDEN).clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16);
            }
        }
        hidden
    }

    #[test]
    fn eights_add_up_as_single_numbers_do() {
        let Ok(model) = shipped(crate::language::Language::english()) else {
            panic!("the shipped model is sound")
        };
        let mut vector = vec![i16x8::ZERO; model.dimensions / 2];
        for (place, word) in [(0, 5), (3, 70_000), (model.window + 1, 12_345)] {
            model.vector(word, &mut vector);
            let mut hidden = vec![i16x8::ZERO; model.hidden / LANES];
            add_product(model, place, &vector, &mut hidden);
            let found: Vec<i16> = hidden.iter().flat_map(|eight| eight.to_array()).collect();
            assert_eq!(found, plain(model, place, &vector));
        }
    }
}
