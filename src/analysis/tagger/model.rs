//! The trained weights: the file's form, and reading it in place.
//!
//! The file, all numbers little-endian: the magic `DLTAGGER`, version (u32), checksum (u64) of all that
//! follows, eight sizes (u32: words, dimensions, parts, window, hidden, features, grams, labels), then
//! - the transitions, labels + 1 rows (the last: from the start) of labels + 1 (the last: to the end), i16;
//! - the codebook, parts × 256 × (dimensions / parts) i8: product quantisation (Jégou et al. 2011) of the vectors;
//! - keys of the words (u32, ascending) and their codes (parts bytes each);
//! - the pieces of words: grams × dimensions i8;
//! - first layer: (window + contexts) × (dimensions + cases) + flags rows of hidden i16, and its bias, i32;
//! - second layer: labels rows of hidden i16, and its bias, i32;
//! - keys of the sparse features (u32, ascending) and their weights, labels i16 each.

use super::document::CASES;
use wide::i16x8;

/// Outside, then beginning and inside of person, location, organisation and miscellaneous.
pub const LABELS: usize = 9;
/// Raised when the meaning of the file or of the features changes.
pub const VERSION: u32 = 2;
const MAGIC: &[u8; 8] = b"DLTAGGER";
const HEAD: usize = 8 + 4 + 8;
/// Flags of the word in the middle: first of its sentence, and its sentence's two styles.
pub const FLAGS: usize = 3;
/// Means of vectors that the first layer sees beside the window: the article's and the sentence's.
pub const CONTEXTS: usize = 2;
/// Vectors are padded to a multiple of this in memory, and worked on by so many numbers at once.
pub const LANES: usize = 8;
/// Dimensions that share one byte of a word's code.
const PAIR: usize = 2;
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

/// A model, read in place but for the small layers.
pub struct Model {
    pub dimensions: usize,
    pub window: usize,
    pub hidden: usize,
    parts: usize,
    /// How many vectors there are for the pieces of words; 0 or a power of two.
    pub grams: usize,
    gram_vectors: &'static [u8],
    pub transitions: Vec<i16>,
    /// For each part and code, two dimensions in one number, each with [`BIAS`] added.
    codebook: Vec<u32>,
    word_keys: Keys,
    codes: &'static [u8],
    /// Rows by output: for each place of the window and each context, `hidden` rows of [`Model::width`].
    pub vectors_to_hidden: Vec<i16x8>,
    /// For each place of the window and case, and for each flag, `hidden` weights, in 1/256.
    pub cases_to_hidden: Vec<i16x8>,
    pub hidden_bias: Vec<i16x8>,
    pub output: Vec<i16x8>,
    pub output_bias: Vec<i32>,
    feature_keys: Keys,
    weights: &'static [u8],
}

impl Model {
    /// Reads a model. Checks everything once, in one pass over the bytes.
    pub fn read(file: &'static [u8]) -> Result<Model, ModelError> {
        if file.len() < HEAD + 8 * 4 || !file.starts_with(MAGIC) {
            return Err(ModelError::Magic);
        }
        let mut reader = Reader { rest: &file[8..] };
        let version = reader.u32()?;
        if version != VERSION {
            return Err(ModelError::Version { found: version });
        }
        let sum = reader.take(8)?;
        if checksum(reader.rest).to_le_bytes() != sum {
            return Err(ModelError::Checksum);
        }
        let mut sizes = [0usize; 8];
        for size in &mut sizes {
            *size = reader.u32()? as usize;
        }
        let [words, dimensions, parts, window, hidden, features, grams, labels] = sizes;
        if labels != LABELS
            || parts * PAIR != dimensions
            || window.is_multiple_of(2)
            || !(1..=256).contains(&hidden)
            || !hidden.is_multiple_of(LANES)
            || window > 15
            || dimensions > 1024
        {
            return Err(ModelError::Sizes);
        }
        let transitions = reader.i16s((LABELS + 1) * (LABELS + 1))?;
        let codebook = reader.take(256 * dimensions)?;
        let word_keys = Keys::new(reader.take(words * 4)?);
        let codes = reader.take(words * parts)?;
        let gram_vectors = reader.take(grams * dimensions)?;
        let width = dimensions.next_multiple_of(LANES);
        let mut vectors_to_hidden = vec![0; (window + CONTEXTS) * hidden * width];
        let mut cases_to_hidden = Vec::with_capacity((window * CASES + FLAGS) * hidden);
        for place in 0..window + CONTEXTS {
            for dimension in 0..dimensions {
                for (unit, weight) in reader.i16s(hidden)?.into_iter().enumerate() {
                    vectors_to_hidden[(place * hidden + unit) * width + dimension] = weight;
                }
            }
            let cases = reader.i16s(CASES * hidden)?;
            if place < window {
                cases_to_hidden.extend(cases.into_iter().map(|weight| weight >> 4));
            }
        }
        cases_to_hidden.extend(reader.i16s(FLAGS * hidden)?.into_iter().map(|weight| weight >> 4));
        let hidden_bias: Vec<i16> = reader.i32s(hidden)?.into_iter().map(|bias| narrow(bias >> 9)).collect();
        let output = reader.i16s(LABELS * hidden)?;
        let output_bias = reader.i32s(LABELS)?;
        let feature_keys = Keys::new(reader.take(features * 4)?);
        let weights = reader.take(features * LABELS * 2)?;
        if !reader.rest.is_empty() {
            return Err(ModelError::Sizes);
        }
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
            transitions,
            codebook: codebook.chunks_exact(PAIR).map(pack).collect(),
            word_keys,
            codes,
            vectors_to_hidden: lanes(&vectors_to_hidden),
            cases_to_hidden: lanes(&cases_to_hidden),
            hidden_bias: lanes(&hidden_bias),
            output: lanes(&output),
            output_bias,
            feature_keys,
            weights,
        })
    }

    /// The index of the word with this hash of its lower-case form, if the model knows it.
    pub fn word(&self, hash: u64) -> Option<u32> {
        self.word_keys.find((hash >> 32) as u32)
    }

    /// The length of vectors in memory: `dimensions` and zeros behind.
    pub fn width(&self) -> usize {
        self.dimensions.next_multiple_of(LANES)
    }

    /// Adds the vector of a piece of a word, by its hash, to `sum`. There must be pieces.
    pub fn add_gram(&self, hash: u64, sum: &mut [i32]) {
        let row = (hash % self.grams.max(1) as u64) as usize;
        let bytes = &self.gram_vectors[row * self.dimensions..][..self.dimensions];
        for (sum, byte) in sum.iter_mut().zip(bytes) {
            *sum += i32::from(byte.cast_signed());
        }
    }

    /// Adds the vector of a word to `sum`, which has `dimensions / 2` places of packed pairs: see [`Model::mean`].
    pub fn add_vector(&self, word: u32, sum: &mut [u32]) {
        let codes = &self.codes[word as usize * self.parts..][..self.parts];
        for ((codebook, code), sum) in self.codebook.chunks_exact(256).zip(codes).zip(sum) {
            *sum += codebook[*code as usize];
        }
    }

    /// Writes `scale` times the mean of `count` vectors (at most 256) that were added to `sum` into `vector`.
    pub fn mean(sum: &[u32], count: u32, scale: i32, vector: &mut [i16]) {
        let lane = |sum: u32| (sum as i32 - (count * BIAS) as i32) * scale / count.max(1) as i32;
        for (pair, sum) in vector.chunks_exact_mut(PAIR).zip(sum) {
            pair[0] = narrow(lane(sum & 0xFFFF));
            pair[1] = narrow(lane(sum >> 16));
        }
    }

    /// Writes the vector of a word into `vector`, which has [`Model::width`] places.
    pub fn vector(&self, word: u32, vector: &mut [i16]) {
        let codes = &self.codes[word as usize * self.parts..][..self.parts];
        let pairs = vector.chunks_exact_mut(PAIR);
        for ((codebook, code), pair) in self.codebook.chunks_exact(256).zip(codes).zip(pairs) {
            let packed = codebook[*code as usize];
            pair[0] = (packed & 0xFFFF) as i16 - BIAS as i16;
            pair[1] = (packed >> 16) as i16 - BIAS as i16;
        }
    }

    /// Adds the weights of the features with these keys to `scores`.
    pub fn add_features(&self, keys: &[u32], scores: &mut [i32; LABELS]) {
        // All look-ups begin before the first is needed: they wait for memory together.
        let mut ranges = [(0u32, 0u32); super::features::MOST];
        for (range, key) in ranges.iter_mut().zip(keys) {
            *range = self.feature_keys.range(*key);
        }
        let mut rows = [0u32; super::features::MOST];
        let mut found = 0;
        for (range, key) in ranges.iter().zip(keys) {
            if let Some(row) = self.feature_keys.find_in(*range, *key) {
                rows[found] = row;
                found += 1;
            }
        }
        for row in &rows[..found] {
            let row = &self.weights[*row as usize * LABELS * 2..][..LABELS * 2];
            for (score, pair) in scores.iter_mut().zip(row.chunks_exact(2)) {
                *score += i32::from(i16::from_le_bytes([pair[0], pair[1]]));
            }
        }
    }
}

/// `value` as 16 bits, or the nearest that fits.
pub fn narrow(value: i32) -> i16 {
    value.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16
}

/// Numbers by eights; there must be a multiple of that.
fn lanes(values: &[i16]) -> Vec<i16x8> {
    values.chunks_exact(LANES).map(i16x8::from_slice_unaligned).collect()
}

/// Ascending 32-bit keys, found by their upper 16 bits.
struct Keys {
    bytes: &'static [u8],
    /// For each value of the upper half, how many keys are below it.
    starts: Vec<u32>,
}

impl Keys {
    fn new(bytes: &'static [u8]) -> Keys {
        let mut starts = vec![0u32; 65537];
        for key in bytes.chunks_exact(4) {
            starts[usize::from(u16::from_le_bytes([key[2], key[3]])) + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        Keys { bytes, starts }
    }

    fn find(&self, key: u32) -> Option<u32> {
        self.find_in(self.range(key), key)
    }

    /// Between which places the key would stand.
    fn range(&self, key: u32) -> (u32, u32) {
        let high = (key >> 16) as usize;
        (self.starts[high], self.starts[high + 1])
    }

    fn find_in(&self, (from, to): (u32, u32), key: u32) -> Option<u32> {
        let keys = &self.bytes[from as usize * 4..to as usize * 4];
        let wanted = key.to_le_bytes();
        keys.chunks_exact(4).position(|key| key == wanted).map(|at| from + at as u32)
    }
}

struct Reader {
    rest: &'static [u8],
}

impl Reader {
    fn take(&mut self, bytes: usize) -> Result<&'static [u8], ModelError> {
        let (head, rest) = self.rest.split_at_checked(bytes).ok_or(ModelError::Sizes)?;
        self.rest = rest;
        Ok(head)
    }

    fn u32(&mut self) -> Result<u32, ModelError> {
        self.take(4).map(|b| u32::from_le_bytes([b[0], b[1], b[2], b[3]]))
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

/// Puts magic, version and checksum before the sizes and arrays of a model.
pub fn seal(content: &[u8]) -> Vec<u8> {
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
