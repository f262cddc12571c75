//! Word vectors, brought down to one byte for each pair of dimensions by product quantisation.

use super::corpus::Labelled;
use crate::analysis::tagger::document::{Word, hash};
use crate::analysis::tagger::{each_gram, is_composed};
use std::collections::HashMap;
use std::path::Path;

/// Dimensions that share one byte.
const PART: usize = 2;
const CODES: usize = 256;
/// Rounds of k-means, and words that it looks at.
const ROUNDS: usize = 12;
const SAMPLE: usize = 40_000;

/// Vectors for the pieces of words, and how they are fitted: words from this rank on, rounds, first rate.
const GRAMS: usize = 4096;
const GRAM_WORDS: usize = 3000;
const GRAM_ROUNDS: usize = 6;
const GRAM_RATE: f32 = 0.5;

pub struct Vectors {
    pub dimensions: usize,
    pub parts: usize,
    /// parts × 256 × PART, in 1/32.
    pub codebook: Vec<i8>,
    /// By word: its key (upper half of the hash) and its codes.
    pub keys: Vec<u32>,
    pub codes: Vec<u8>,
    /// For the pieces of words, GRAMS × dimensions, in 1/32.
    pub grams: Vec<i8>,
    /// The vectors as the program will see them; behind those of `keys` the composed ones.
    values: Vec<f32>,
    index: HashMap<u32, u32>,
    composed: HashMap<u64, u32>,
}

impl Vectors {
    /// Reads the `most` first words of the table in `folder` (`glove-100d.*`: signed bytes with a scale a row).
    pub fn read(folder: &Path, most: usize) -> std::io::Result<Vectors> {
        let words = std::fs::read_to_string(folder.join("glove-100d.words.txt"))?;
        let bytes = std::fs::read(folder.join("glove-100d.i8"))?;
        let scales = std::fs::read(folder.join("glove-100d.scale.f32"))?;
        let dimensions = bytes.len() / words.lines().count();
        let mut rows: Vec<(u32, usize)> = Vec::new();
        let mut seen = HashMap::new();
        for (row, word) in words.lines().enumerate() {
            let key = (hash(word.as_bytes()) >> 32) as u32;
            if seen.insert(key, ()).is_none() {
                rows.push((key, row));
            }
            if rows.len() == most {
                break;
            }
        }
        let value = |row: usize, dimension: usize| {
            let scale = f32::from_le_bytes([
                scales[row * 4],
                scales[row * 4 + 1],
                scales[row * 4 + 2],
                scales[row * 4 + 3],
            ]);
            (f32::from(bytes[row * dimensions + dimension].cast_signed()) * scale).clamp(-3.9, 3.9)
        };
        let parts = dimensions / PART;
        let mut codebook = Vec::with_capacity(parts * CODES * PART);
        let mut by_word = vec![0u8; rows.len() * parts];
        for part in 0..parts {
            let points: Vec<[f32; PART]> =
                rows.iter().map(|(_, row)| std::array::from_fn(|n| value(*row, part * PART + n))).collect();
            let centers = k_means(&points);
            for (word, point) in points.iter().enumerate() {
                by_word[word * parts + part] = nearest(&centers, point) as u8;
            }
            codebook.extend(
                centers.iter().flatten().map(|value| (value * 32.0).round().clamp(-127.0, 127.0) as i8),
            );
        }
        // Ascending keys, as the file wants them.
        let mut order: Vec<usize> = (0..rows.len()).collect();
        order.sort_by_key(|word| rows[*word].0);
        let keys: Vec<u32> = order.iter().map(|word| rows[*word].0).collect();
        let codes: Vec<u8> =
            order.iter().flat_map(|word| by_word[word * parts..(word + 1) * parts].to_vec()).collect();
        let values = codes
            .chunks_exact(parts)
            .flat_map(|codes| {
                codes
                    .iter()
                    .enumerate()
                    .map(|(part, code)| (part * CODES + *code as usize) * PART)
                    .collect::<Vec<_>>()
            })
            .flat_map(|at| [codebook[at], codebook[at + 1]])
            .map(|value| f32::from(value) / 32.0)
            .collect();
        let index = keys.iter().enumerate().map(|(n, key)| (*key, n as u32)).collect();
        let learnt: Vec<(&str, Vec<f32>)> = words
            .lines()
            .enumerate()
            .skip(GRAM_WORDS)
            .filter(|(_, word)| word.chars().all(char::is_alphabetic))
            .map(|(row, word)| (word, (0..dimensions).map(|dimension| value(row, dimension)).collect()))
            .collect();
        let grams = fit_grams(&learnt, dimensions);
        let composed = HashMap::new();
        Ok(Vectors { dimensions, parts, codebook, keys, codes, grams, values, index, composed })
    }

    /// Composes vectors for the words of `documents` that have none.
    pub fn adopt(&mut self, documents: &[Labelled]) {
        for document in documents.iter().map(|labelled| &labelled.document) {
            for (at, word) in document.words.iter().enumerate().filter(|(_, word)| is_composed(word.case)) {
                if self.find(word, document.form(at)).is_none() {
                    let number = (self.values.len() / self.dimensions) as u32;
                    self.values.extend(compose(&self.grams, self.dimensions, document.form(at)));
                    self.composed.insert(word.lower, number);
                }
            }
        }
    }

    /// The vector of a word, of its form without accents, or the one composed for it.
    pub fn find(&self, word: &Word, form: &str) -> Option<u32> {
        let known = |hash: u64| self.index.get(&((hash >> 32) as u32)).copied();
        known(word.lower)
            .or_else(|| {
                if form.is_ascii() {
                    None
                } else {
                    known(hash(crate::analysis::tagger::fold(form).as_bytes()))
                }
            })
            .or_else(|| if is_composed(word.case) { self.composed.get(&word.lower).copied() } else { None })
    }

    /// Whether the vector is a word's own, and not composed.
    pub fn is_own(&self, word: u32) -> bool {
        (word as usize) < self.keys.len()
    }

    pub fn get(&self, word: u32) -> &[f32] {
        &self.values[word as usize * self.dimensions..][..self.dimensions]
    }
}

/// The mean of the vectors of a word's pieces, rounded as the program does.
fn compose(grams: &[i8], dimensions: usize, form: &str) -> Vec<f32> {
    let mut sum = vec![0i32; dimensions];
    let mut count = 0;
    each_gram(form, |gram| {
        let row = (gram % GRAMS as u64) as usize * dimensions;
        sum.iter_mut().zip(&grams[row..]).for_each(|(sum, value)| *sum += i32::from(*value));
        count += 1;
    });
    sum.iter().map(|sum| (sum / count.max(1)) as f32 / 32.0).collect()
}

/// Vectors for pieces whose mean comes near the vectors of `words` (Pinter et al. 2017 do so by a net), by
/// gradient descent.
fn fit_grams(words: &[(&str, Vec<f32>)], dimensions: usize) -> Vec<i8> {
    let mut table = vec![0.0f32; GRAMS * dimensions];
    let (mut rows, mut mean) = (Vec::new(), vec![0.0f32; dimensions]);
    for round in 0..GRAM_ROUNDS {
        let rate = GRAM_RATE * (1.0 - round as f32 / GRAM_ROUNDS as f32);
        // A fixed order in which neighbours in rank are far apart.
        for n in 0..words.len() {
            let (word, vector) = &words[(n * 7919 + round) % words.len()];
            rows.clear();
            each_gram(word, |gram| rows.push((gram % GRAMS as u64) as usize * dimensions));
            if rows.is_empty() {
                continue;
            }
            mean.fill(0.0);
            for row in &rows {
                mean.iter_mut().zip(&table[*row..]).for_each(|(mean, value)| *mean += value);
            }
            let share = 1.0 / rows.len() as f32;
            for (mean, target) in mean.iter_mut().zip(vector) {
                *mean = rate * (target - *mean * share);
            }
            for row in &rows {
                table[*row..*row + dimensions].iter_mut().zip(&mean).for_each(|(value, step)| *value += step);
            }
        }
    }
    table.iter().map(|value| (value * 32.0).round().clamp(-127.0, 127.0) as i8).collect()
}

fn nearest(centers: &[[f32; PART]], point: &[f32; PART]) -> usize {
    let mut best = (0, f32::MAX);
    for (n, center) in centers.iter().enumerate() {
        let distance: f32 = center.iter().zip(point).map(|(a, b)| (a - b) * (a - b)).sum();
        if distance < best.1 {
            best = (n, distance);
        }
    }
    best.0
}

/// Lloyd's algorithm from evenly spaced points.
fn k_means(points: &[[f32; PART]]) -> Vec<[f32; PART]> {
    let step = (points.len() / SAMPLE).max(1);
    let sample: Vec<&[f32; PART]> = points.iter().step_by(step).collect();
    let mut centers: Vec<[f32; PART]> = (0..CODES).map(|n| *sample[n * sample.len() / CODES]).collect();
    for _ in 0..ROUNDS {
        let mut sums = vec![([0.0f64; PART], 0u32); CODES];
        for point in &sample {
            let (sum, count) = &mut sums[nearest(&centers, point)];
            sum.iter_mut().zip(*point).for_each(|(sum, value)| *sum += f64::from(*value));
            *count += 1;
        }
        for (center, (sum, count)) in centers.iter_mut().zip(sums) {
            if count > 0 {
                *center = sum.map(|sum| (sum / f64::from(count)) as f32);
            }
        }
    }
    centers
}
