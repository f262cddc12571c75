//! The trained weights: the file's form, and reading it.
//!
//! The file, all numbers little-endian: the magic `DLTAGGER`, version (u32), checksum (u64) of all that
//! follows, eight sizes (u32: words, dimensions, parts, window, hidden, features, grams, labels), the codes of the words,
//! which are read in place, and a frame of Zstandard, see [`super::packed`], with the rest of these arrays:
//! - the transitions, labels + 1 rows (the last: from the start) of labels + 1 (the last: to the end), i16;
//! - the codebook, parts × 256 × (dimensions / parts) i8: product quantisation (Jégou et al. 2011) of the vectors;
//! - keys of the words (u32, ascending) and their codes (parts bytes each);
//! - the pieces of words: grams × dimensions i8;
//! - first layer: (window + contexts) × (dimensions + cases) + flags rows of hidden i16, and its bias, i32;
//! - second layer: labels rows of hidden i16, and its bias, i32;
//! - keys of the sparse features (u32, ascending) and their weights, labels i16 each.

use super::chain::{self, Transitions};
use super::document::CASES;
use super::features::MOST;
use super::packed::{self, SIZES, Sizes};
use wide::{f32x4, i16x8, i32x4, i32x8};

/// Outside, then beginning and inside of person, location, organisation and miscellaneous.
pub const LABELS: usize = 9;
/// Raised when the meaning of the file or of the features changes.
pub const VERSION: u32 = 3;
const MAGIC: &[u8; 8] = b"DLTAGGER";
const HEAD: usize = 8 + 4 + 8;
/// Flags of the word in the middle: first of its sentence, and its sentence's two styles.
pub const FLAGS: usize = 3;
/// Means of vectors that the first layer sees beside the window: the article's and the sentence's.
pub const CONTEXTS: usize = 2;
/// So many numbers are worked on at once.
pub const LANES: usize = 8;
/// Hidden units whose sums are kept in registers while a vector goes by: two for each lane of a [`Block`].
pub const BLOCK: usize = 32;
/// Dimensions that share one byte of a word's code.
const PAIR: usize = 2;
/// Weights from two dimensions to [`BLOCK`] hidden units: both of a unit side by side, as `i16x8::dot` wants them.
pub type Block = [i16x8; BLOCK * PAIR / LANES];
/// Two dimensions of a vector are packed into one number, each with this added: sums of up to 256 do not carry.
const BIAS: u32 = 128;

/// Why a model cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ModelError {
    #[error("it is no tagger model")]
    Magic,
    #[error("it has version {found}, this program reads version {VERSION}")]
    Version { found: u32 },
    #[error("it is damaged: its checksum is wrong")]
    Checksum,
    #[error("it is damaged: its sizes contradict one another")]
    Sizes,
}

/// A model; the codes of its words are read in place.
pub struct Model {
    pub dimensions: usize,
    pub window: usize,
    pub hidden: usize,
    parts: usize,
    /// How many vectors there are for the pieces of words; 0 or a power of two.
    pub grams: usize,
    gram_vectors: Vec<u8>,
    pub transitions: Transitions,
    /// For each part and code, two dimensions in one number, each with [`BIAS`] added.
    codebook: Vec<[u32; 256]>,
    word_keys: Keys,
    codes: &'static [u8],
    /// For each place of the window and each context, for each [`BLOCK`] of hidden units, one [`Block`] for each
    /// two dimensions.
    vectors_to_hidden: Vec<Block>,
    /// For each place of the window and case, and for each flag, `hidden` weights, in 1/256.
    pub cases_to_hidden: Vec<i16x8>,
    pub hidden_bias: Vec<i16x8>,
    pub output: Vec<i16x8>,
    pub output_bias: Vec<i32>,
    feature_keys: Keys,
    /// Of each feature, for each label but the one outside, by how much more than for that one.
    weights: Vec<i16x8>,
}

impl Model {
    /// Reads a model. Checks everything once, in one pass over the bytes.
    pub fn read(file: &'static [u8]) -> Result<Model, ModelError> {
        if file.len() < HEAD + SIZES || !file.starts_with(MAGIC) {
            return Err(ModelError::Magic);
        }
        let number = |at: usize| u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]);
        let version = number(8);
        if version != VERSION {
            return Err(ModelError::Version { found: version });
        }
        if checksum(&file[HEAD..]).to_le_bytes() != file[HEAD - 8..HEAD] {
            return Err(ModelError::Checksum);
        }
        let sizes = Sizes::read(&file[HEAD..])?;
        let Sizes { words, dimensions, parts, window, hidden, features, grams, labels } = sizes;
        if labels != LABELS
            || parts * PAIR != dimensions
            || window.is_multiple_of(2)
            || !(1..=256).contains(&hidden)
            || !hidden.is_multiple_of(BLOCK)
            || window > 15
            || dimensions > 1024
            || grams != 0 && !grams.is_power_of_two()
        {
            return Err(ModelError::Sizes);
        }
        let (arrays, codes) = packed::unpack(&sizes, &file[HEAD + SIZES..])?;
        let mut arrays = Arrays { rest: &arrays };
        let transitions = arrays.i16s((LABELS + 1) * (LABELS + 1))?;
        let codebook = arrays.take(256 * dimensions)?;
        let word_keys = Keys::new(arrays.take(words * 4)?, 15);
        let gram_vectors = arrays.take(grams * dimensions)?.to_vec();
        let mut vectors_to_hidden = vec![0; (window + CONTEXTS) * hidden * dimensions];
        let mut cases_to_hidden = Vec::with_capacity((window * CASES + FLAGS) * hidden);
        for place in 0..window + CONTEXTS {
            for dimension in 0..dimensions {
                for (unit, weight) in arrays.i16s(hidden)?.into_iter().enumerate() {
                    let block = (place * (hidden / BLOCK) + unit / BLOCK) * parts + dimension / PAIR;
                    vectors_to_hidden[(block * BLOCK + unit % BLOCK) * PAIR + dimension % PAIR] = weight;
                }
            }
            let cases = arrays.i16s(CASES * hidden)?;
            if place < window {
                cases_to_hidden.extend(cases.into_iter().map(|weight| weight >> 4));
            }
        }
        cases_to_hidden.extend(arrays.i16s(FLAGS * hidden)?.into_iter().map(|weight| weight >> 4));
        let hidden_bias: Vec<i16> = arrays.i32s(hidden)?.into_iter().map(|bias| narrow(bias >> 9)).collect();
        let output = arrays.i16s(LABELS * hidden)?;
        let output_bias = arrays.i32s(LABELS)?;
        let feature_keys = Keys::new(arrays.take(features * 4)?, 14);
        let rows = arrays.take(features * LABELS * 2)?.as_chunks::<{ LABELS * 2 }>().0;
        if !arrays.rest.is_empty() {
            return Err(ModelError::Sizes);
        }
        let weights = |row: &[u8; LABELS * 2]| {
            let weight = |label: usize| i16::from_le_bytes([row[2 * label], row[2 * label + 1]]);
            i16x8::new(std::array::from_fn(|label| weight(label + 1).saturating_sub(weight(0))))
        };
        let pack = |pair: &[u8]| {
            let lane = |byte: u8| u32::from(byte ^ 0x80);
            lane(pair[0]) | lane(pair[1]) << 16
        };
        Ok(Model {
            dimensions,
            window,
            hidden,
            parts,
            grams,
            gram_vectors,
            transitions: chain::forbid(&transitions),
            codebook: codebook
                .as_chunks()
                .0
                .iter()
                .map(|part: &[u8; 256 * PAIR]| std::array::from_fn(|code| pack(&part[code * PAIR..])))
                .collect(),
            word_keys,
            codes,
            vectors_to_hidden: lanes(&vectors_to_hidden).as_chunks().0.to_vec(),
            cases_to_hidden: lanes(&cases_to_hidden),
            hidden_bias: lanes(&hidden_bias),
            output: lanes(&output),
            output_bias,
            feature_keys,
            weights: rows.iter().map(weights).collect(),
        })
    }

    /// The index of the word with this hash of its lower-case form, if the model knows it.
    pub fn word(&self, hash: u64) -> Option<u32> {
        self.word_keys.find((hash >> 32) as u32)
    }

    /// The weights from a vector at a place of the window, or from a context, to the hidden units: for each
    /// [`BLOCK`] of them as many as a vector has pairs.
    pub fn blocks(&self, place: usize) -> impl Iterator<Item = &[Block]> {
        let size = self.hidden / BLOCK * self.parts;
        self.vectors_to_hidden[place * size..][..size].chunks_exact(self.parts)
    }

    /// Adds the vector of a piece of a word, by its hash, to `sum`. There must be pieces.
    pub fn add_gram(&self, hash: u64, sum: &mut [i32]) {
        let row = hash as usize & self.grams.wrapping_sub(1);
        let bytes = &self.gram_vectors[row * self.dimensions..][..self.dimensions];
        for (sum, byte) in sum.iter_mut().zip(bytes) {
            *sum += i32::from(byte.cast_signed());
        }
    }

    /// Adds the vector of a word to `sum`, which has `dimensions / 2` places of packed pairs: see [`Model::mean`].
    #[allow(clippy::needless_range_loop, reason = "four lists side by side")]
    pub fn add_vector(&self, word: u32, sum: &mut [u32]) {
        let codes = &self.codes[word as usize * self.parts..][..self.parts];
        let (codebook, sum) = (&self.codebook[..self.parts], &mut sum[..self.parts]);
        for part in 0..self.parts {
            sum[part] = sum[part].wrapping_add(codebook[part][usize::from(codes[part])]);
        }
    }

    /// Writes `scale` times the mean of `count` vectors (at most 256) that were added to `sum` into `vector`, pair
    /// by pair, each over all lanes.
    pub fn mean(sum: &[u32], count: u32, scale: i32, vector: &mut [i16x8]) {
        // Exact: a stretched mean is under 2^10, and 24 bits tell it from the next whole number.
        let (bias, count) = (f32x4::splat((count * BIAS) as f32), f32x4::splat(count.max(1) as f32));
        let scale = f32x4::splat(scale as f32);
        let means = |sums: [i32; 4]| {
            ((f32x4::from_i32x4(i32x4::new(sums)) - bias) * scale / count).trunc_int().to_array()
        };
        for (pairs, sums) in vector.chunks_mut(2).zip(sum.chunks(2)) {
            let (first, second) = (sums[0], sums.get(1).copied().unwrap_or(0));
            let lanes = [first & 0xFFFF, first >> 16, second & 0xFFFF, second >> 16];
            let [a, b, c, d] = means(lanes.map(u32::cast_signed)).map(narrow);
            for (pair, (a, b)) in pairs.iter_mut().zip([(a, b), (c, d)]) {
                *pair = spread(a, b);
            }
        }
    }

    /// Writes the vector of a word into `vector`, pair by pair, each over all lanes.
    #[allow(clippy::needless_range_loop, reason = "four lists side by side")]
    pub fn vector(&self, word: u32, vector: &mut [i16x8]) {
        let codes = &self.codes[word as usize * self.parts..][..self.parts];
        let (codebook, vector) = (&self.codebook[..self.parts], &mut vector[..self.parts]);
        for part in 0..self.parts {
            let packed = codebook[part][usize::from(codes[part])];
            vector[part] =
                spread((packed & 0xFFFF) as i16 - BIAS as i16, (packed >> 16) as i16 - BIAS as i16);
        }
    }

    /// Adds the weights of the features with these keys to `scores`: to each label's, by how much more than to the
    /// label outside, which says as much.
    pub fn add_features(&self, keys: &[u32], scores: &mut [i32; LABELS]) {
        // Found first, then added: the look-ups wait for memory together.
        let mut rows = [0u32; MOST + 1];
        let mut found = 0;
        for key in keys {
            let (row, is_there) = self.feature_keys.find_alike(*key);
            rows[found.min(MOST)] = row;
            found += usize::from(is_there);
        }
        let mut sums = i32x8::ZERO;
        for row in &rows[..found.min(MOST)] {
            sums += i32x8::from_i16x8(self.weights[*row as usize]);
        }
        let sums = sums.to_array();
        for label in 1..LABELS {
            scores[label] += sums[label - 1];
        }
    }
}

/// A pair of numbers, over and over.
pub fn spread(a: i16, b: i16) -> i16x8 {
    i16x8::new([a, b, a, b, a, b, a, b])
}

/// `value` as 16 bits, or the nearest that fits.
pub fn narrow(value: i32) -> i16 {
    value.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

/// Numbers by eights; there must be a multiple of that.
fn lanes(values: &[i16]) -> Vec<i16x8> {
    values.chunks_exact(LANES).map(i16x8::from_slice_unaligned).collect()
}

/// Ascending 32-bit keys, found by their upper bits in a bucket, there by eight lower ones at once.
struct Keys {
    all: Vec<u32>,
    /// For each bucket, how many keys are below it.
    starts: Vec<u32>,
    /// The lower halves of the first eight keys of each bucket.
    lower: Vec<i16x8>,
    /// How far the number of its bucket is up in a key.
    shift: u32,
}

impl Keys {
    /// There are 2^`bits` buckets: enough that few hold more than eight keys.
    fn new(bytes: &[u8], bits: u32) -> Keys {
        let shift = 32 - bits;
        let mut starts = vec![0u32; (1 << bits) + 1];
        let mut lower = vec![[0i16; LANES]; 1 << bits];
        let all: Vec<u32> = bytes.as_chunks().0.iter().map(|key| u32::from_le_bytes(*key)).collect();
        for &key in &all {
            let bucket = (key >> shift) as usize;
            if let Some(lower) = lower[bucket].get_mut(starts[bucket + 1] as usize) {
                *lower = key as i16;
            }
            starts[bucket + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Keys { all, starts, lower: lower.into_iter().map(i16x8::new).collect(), shift }
    }

    /// Where the key stands.
    fn find(&self, key: u32) -> Option<u32> {
        let bucket = (key >> self.shift) as usize;
        let start = self.starts[bucket];
        let same = self.lower[bucket].simd_eq(i16x8::splat(key as i16)).to_bitmask();
        if same != 0 && self.at(start + same.trailing_zeros()) == Some(key) {
            return Some(start + same.trailing_zeros());
        }
        let end = self.starts[bucket + 1];
        // Two keys of one bucket with the same lower half, or more than eight keys: hardly ever.
        if same & same.wrapping_sub(1) == 0 && end - start <= LANES as u32 {
            return None;
        }
        (start..end).find(|at| self.at(*at) == Some(key))
    }

    /// Where a key with the same bucket and lower half stands, and whether there is one: good enough where keys are
    /// made for it, see [`super::features::KEY`]. No branch depends on whether it does.
    fn find_alike(&self, key: u32) -> (u32, bool) {
        let bucket = (key >> self.shift) as usize;
        let (start, end) = (self.starts[bucket], self.starts[bucket + 1]);
        let same = self.lower[bucket].simd_eq(i16x8::splat(key as i16)).to_bitmask();
        if end - start > LANES as u32 {
            let same = |at: &u32| self.at(*at).is_some_and(|other| other as i16 == key as i16);
            let row = (start..end).find(same);
            return (row.unwrap_or(start), row.is_some());
        }
        ((start + same.trailing_zeros()).min(end), start + same.trailing_zeros() < end)
    }

    fn at(&self, at: u32) -> Option<u32> {
        self.all.get(at as usize).copied()
    }
}

struct Arrays<'a> {
    rest: &'a [u8],
}

impl<'a> Arrays<'a> {
    fn take(&mut self, bytes: usize) -> Result<&'a [u8], ModelError> {
        let (head, rest) = self.rest.split_at_checked(bytes).ok_or(ModelError::Sizes)?;
        self.rest = rest;
        Ok(head)
    }

    fn i16s(&mut self, count: usize) -> Result<Vec<i16>, ModelError> {
        Ok(self.take(count * 2)?.chunks_exact(2).map(|b| i16::from_le_bytes([b[0], b[1]])).collect())
    }

    fn i32s(&mut self, count: usize) -> Result<Vec<i32>, ModelError> {
        Ok(self
            .take(count * 4)?
            .chunks_exact(4)
            .map(|b| i32::from_le_bytes([b[0], b[1], b[2], b[3]]))
            .collect())
    }
}

/// A checksum in four lanes, made to run at the speed of memory. Finds damage, not malice.
pub fn checksum(bytes: &[u8]) -> u64 {
    let mut lanes = [1u64, 2, 3, 4];
    let word = |b: &[u8]| u64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]);
    let chunks = bytes.chunks_exact(32);
    let rest = chunks.remainder();
    for chunk in chunks {
        for (lane, eight) in lanes.iter_mut().zip(chunk.chunks_exact(8)) {
            *lane = (*lane ^ word(eight)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(29);
        }
    }
    let sum = lanes.iter().fold(bytes.len() as u64, |sum, lane| super::document::mix(sum ^ lane));
    rest.iter().fold(sum, |sum, byte| super::document::mix(sum ^ u64::from(*byte)))
}

/// The file of a model, from its sizes and all of its arrays, in the order above with the codes behind the words' keys.
#[cfg(any(test, feature = "train"))]
pub fn write(sizes: &[u8], arrays: &[u8]) -> std::io::Result<Vec<u8>> {
    let read = Sizes::read(sizes).map_err(std::io::Error::other)?;
    let mut content = sizes.to_vec();
    content.extend(packed::pack(&read, arrays)?);
    Ok(seal(&content))
}

/// Puts magic, version and checksum before what follows them.
#[cfg(any(test, feature = "train"))]
fn seal(content: &[u8]) -> Vec<u8> {
    let mut file = MAGIC.to_vec();
    file.extend_from_slice(&VERSION.to_le_bytes());
    file.extend_from_slice(&checksum(content).to_le_bytes());
    file.extend_from_slice(content);
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHIPPED: &[u8] = include_bytes!("../../../assets/tagger.bin");

    fn read(change: impl FnOnce(&mut Vec<u8>)) -> Result<Model, ModelError> {
        let mut file = SHIPPED.to_vec();
        change(&mut file);
        Model::read(Box::leak(file.into_boxed_slice()))
    }

    #[test]
    fn the_shipped_model_is_sound() {
        assert!(read(|_| {}).is_ok());
    }

    #[test]
    fn damage_is_told_and_no_panic() {
        assert!(matches!(read(|file| file[0] ^= 1), Err(ModelError::Magic)));
        assert!(matches!(read(|file| file[8] ^= 1), Err(ModelError::Version { .. })));
        for at in [12, 20, 60, SHIPPED.len() / 2, SHIPPED.len() - 1] {
            assert!(matches!(read(|file| file[at] ^= 64), Err(ModelError::Checksum)), "{at}");
        }
        assert!(matches!(read(|file| file.truncate(40)), Err(ModelError::Magic)));
        assert!(matches!(read(|file| file.truncate(4000)), Err(ModelError::Checksum)));
    }

    #[test]
    fn keys_are_found_where_they_stand() {
        let list: Vec<u32> = (0..4000u32).map(|n| n.wrapping_mul(n) | n << 19).collect();
        let mut sorted = list;
        sorted.sort_unstable();
        sorted.dedup();
        let bytes: Vec<u8> = sorted.iter().flat_map(|key| key.to_le_bytes()).collect();
        let keys = Keys::new(&bytes, 8);
        for (at, key) in sorted.iter().enumerate() {
            assert_eq!(keys.find(*key), Some(at as u32));
            let (alike, found) = keys.find_alike(*key);
            assert!(found && sorted[alike as usize] as u16 == *key as u16);
        }
        assert!(sorted.iter().all(|key| sorted.contains(&(key ^ 7)) || keys.find(key ^ 7).is_none()));
    }

    #[test]
    fn means_are_cut_towards_zero() {
        let mut vector = [i16x8::ZERO; 3];
        let biased = |a: i32, b: i32, count: i32| ((a + 128 * count) | (b + 128 * count) << 16) as u32;
        Model::mean(&[biased(-7, 7, 3), biased(0, 383, 3), biased(-384, 1, 3)], 3, 4, &mut vector);
        let firsts: Vec<[i16; 2]> =
            vector.iter().map(|eight| [eight.to_array()[0], eight.to_array()[1]]).collect();
        assert_eq!(firsts, [[-9, 9], [0, 510], [-512, 1]]);
        Model::mean(&[0, 0, 0], 0, 4, &mut vector);
        assert_eq!(vector, [i16x8::ZERO; 3]);
    }

    #[test]
    fn what_is_packed_is_unpacked_again() {
        let content = &SHIPPED[HEAD..];
        let sizes = Sizes::read(content).unwrap();
        let (arrays, codes) = packed::unpack(&sizes, &content[SIZES..]).unwrap();
        let before = (LABELS + 1) * (LABELS + 1) * 2 + 256 * sizes.dimensions + 4 * sizes.words;
        let all = [&arrays[..before], codes, &arrays[before..]].concat();
        // The word's keys ascend, and the codes stand behind them.
        let keys = all[before - 4 * sizes.words..before].as_chunks().0;
        assert!(keys.iter().map(|key| u32::from_le_bytes(*key)).is_sorted());
        assert_eq!(write(&content[..SIZES], &all).unwrap(), SHIPPED);
        assert!(write(&content[..SIZES], &all[..all.len() - 1]).is_err());
    }

    #[test]
    fn sizes_that_do_not_fit_are_told() {
        let content = &SHIPPED[HEAD..];
        for size in 0..8 {
            let mut content = content.to_vec();
            content[size * 4] ^= 1;
            let file = seal(&content);
            assert!(
                matches!(Model::read(Box::leak(file.into_boxed_slice())), Err(ModelError::Sizes)),
                "{size}"
            );
        }
    }
}
