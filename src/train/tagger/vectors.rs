//! Word vectors, brought down to one byte for each pair of dimensions by product quantisation.

use crate::analysis::tagger::document::hash;
use std::collections::HashMap;
use std::path::Path;

/// Dimensions that share one byte.
const PART: usize = 2;
const CODES: usize = 256;
/// Rounds of k-means, and words that it looks at.
const ROUNDS: usize = 12;
const SAMPLE: usize = 40_000;

pub struct Vectors {
    pub dimensions: usize,
    pub parts: usize,
    /// parts × 256 × PART, in 1/32.
    pub codebook: Vec<i8>,
    /// By word: its key (upper half of the hash) and its codes.
    pub keys: Vec<u32>,
    pub codes: Vec<u8>,
    /// The vectors as the program will see them.
    values: Vec<f32>,
    index: HashMap<u32, u32>,
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
        Ok(Vectors { dimensions, parts, codebook, keys, codes, values, index })
    }

    /// The word with this hash, or its form without accents.
    pub fn find(&self, lower: u64, form: &str) -> Option<u32> {
        let found = self.index.get(&((lower >> 32) as u32)).copied();
        if found.is_some() || form.is_ascii() {
            return found;
        }
        let plain = hash(crate::analysis::tagger::fold(form).as_bytes());
        self.index.get(&((plain >> 32) as u32)).copied()
    }

    pub fn get(&self, word: u32) -> &[f32] {
        &self.values[word as usize * self.dimensions..][..self.dimensions]
    }
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
