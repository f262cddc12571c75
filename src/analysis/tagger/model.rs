//! The trained weights: the file's form, and reading it in place.
//!
//! The file, all numbers little-endian: the magic `DLTAGGER`, version (u32), checksum (u64) of all that
//! follows, seven sizes (u32: words, dimensions, parts, window, hidden, features, labels), then
//! - the transitions, labels + 1 rows (the last: from the start) of labels + 1 (the last: to the end), i16;
//! - the codebook, parts × 256 × (dimensions / parts) i8: product quantisation (Jégou et al. 2011) of the vectors;
//! - keys of the words (u32, ascending) and their codes (parts bytes each);
//! - first layer: window × (dimensions + cases) + flags rows of hidden i16, and its bias, i32;
//! - second layer: labels rows of hidden i16, and its bias, i32;
//! - keys of the sparse features (u32, ascending) and their weights, labels i16 each.

use super::document::CASES;

/// Outside, then beginning and inside of person, location, organisation and miscellaneous.
pub const LABELS: usize = 9;
/// Raised when the meaning of the file or of the features changes.
pub const VERSION: u32 = 1;
const MAGIC: &[u8; 8] = b"DLTAGGER";
const HEAD: usize = 8 + 4 + 8;
/// Flags of the word in the middle: first of its sentence, and its sentence's two styles.
pub const FLAGS: usize = 3;

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
    pub transitions: Vec<i16>,
    codebook: &'static [u8],
    word_keys: Keys,
    codes: &'static [u8],
    /// Rows by output: for each place of the window, `hidden` rows of `dimensions`.
    pub vectors_to_hidden: Vec<i16>,
    /// For each place of the window and case, and for each flag, `hidden` weights.
    pub cases_to_hidden: Vec<i16>,
    pub hidden_bias: Vec<i32>,
    pub output: Vec<i16>,
    pub output_bias: Vec<i32>,
    feature_keys: Keys,
    weights: &'static [u8],
}

impl Model {
    /// Reads a model. Checks everything once, in one pass over the bytes.
    pub fn read(file: &'static [u8]) -> Result<Model, ModelError> {
        if file.len() < HEAD + 7 * 4 || !file.starts_with(MAGIC) {
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
        let mut sizes = [0usize; 7];
        for size in &mut sizes {
            *size = reader.u32()? as usize;
        }
        let [words, dimensions, parts, window, hidden, features, labels] = sizes;
        if labels != LABELS
            || parts == 0
            || !dimensions.is_multiple_of(parts)
            || window.is_multiple_of(2)
            || hidden == 0
        {
            return Err(ModelError::Sizes);
        }
        let transitions = reader.i16s((LABELS + 1) * (LABELS + 1))?;
        let codebook = reader.take(256 * dimensions)?;
        let word_keys = Keys::new(reader.take(words * 4)?);
        let codes = reader.take(words * parts)?;
        let mut vectors_to_hidden = vec![0; window * hidden * dimensions];
        let mut cases_to_hidden = Vec::with_capacity((window * CASES + FLAGS) * hidden);
        for place in 0..window {
            for dimension in 0..dimensions {
                for (unit, weight) in reader.i16s(hidden)?.into_iter().enumerate() {
                    vectors_to_hidden[(place * hidden + unit) * dimensions + dimension] = weight;
                }
            }
            cases_to_hidden.extend(reader.i16s(CASES * hidden)?);
        }
        cases_to_hidden.extend(reader.i16s(FLAGS * hidden)?);
        let hidden_bias = reader.i32s(hidden)?;
        let output = reader.i16s(LABELS * hidden)?;
        let output_bias = reader.i32s(LABELS)?;
        let feature_keys = Keys::new(reader.take(features * 4)?);
        let weights = reader.take(features * LABELS * 2)?;
        if !reader.rest.is_empty() {
            return Err(ModelError::Sizes);
        }
        Ok(Model {
            dimensions,
            window,
            hidden,
            parts,
            transitions,
            codebook,
            word_keys,
            codes,
            vectors_to_hidden,
            cases_to_hidden,
            hidden_bias,
            output,
            output_bias,
            feature_keys,
            weights,
        })
    }

    /// The index of the word with this hash of its lower-case form, if the model knows it.
    pub fn word(&self, hash: u64) -> Option<u32> {
        self.word_keys.find((hash >> 32) as u32)
    }

    /// Writes the vector of a word into `vector`, which has `dimensions` places.
    pub fn vector(&self, word: u32, vector: &mut [i16]) {
        let codes = &self.codes[word as usize * self.parts..][..self.parts];
        let size = self.dimensions / self.parts;
        for ((part, code), out) in codes.iter().enumerate().zip(vector.chunks_exact_mut(size)) {
            let entry = &self.codebook[(part * 256 + *code as usize) * size..][..size];
            for (out, byte) in out.iter_mut().zip(entry) {
                *out = i16::from(byte.cast_signed());
            }
        }
    }

    /// Adds the weights of a feature to `scores`.
    pub fn add_feature(&self, key: u32, scores: &mut [i32; LABELS]) {
        let Some(row) = self.feature_keys.find(key) else { return };
        let row = &self.weights[row as usize * LABELS * 2..][..LABELS * 2];
        for (score, pair) in scores.iter_mut().zip(row.chunks_exact(2)) {
            *score += i32::from(i16::from_le_bytes([pair[0], pair[1]]));
        }
    }
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
        let high = (key >> 16) as usize;
        let (from, to) = (self.starts[high], self.starts[high + 1]);
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
