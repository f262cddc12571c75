//! Near-duplicates: the same story from several sources, lightly edited or cut.
//!
//! MinHash (Broder 1997) over shingles of four words, in one permutation with optimal densification
//! (Shrivastava 2017), and banding (Leskovec, Rajaraman, Ullman: Mining of Massive Datasets, ch. 3). In:
//! a body. Out: a [`Signature`]; articles that share one of its [`Signature::bands`] are candidates, and
//! they tell the same story where [`Signature::alike`] says so and they do not [`differ()`] in the names and numbers that
//! decide. Pure, and linear in the text.
//!
//! No crate serves: gaoya and probminhash compute such signatures too, but keep their index of bands in memory, while
//! the library stores the bands in its segments and reads 256 sorted buckets of each once a batch. What would be left
//! of them is the hundred lines below, which sign 130,000 articles a second (bench `similar`).

mod differ;
pub mod thread;

pub use differ::{Words, differ};

/// Bins of a signature. The standard error of the similarity estimated from them is about 0.06.
const BINS: usize = 64;
/// Bands of a signature, of [`ROWS`] bins each. Of pairs with similarity 0.8, 0.7, 0.6, 0.5 and 0.4, 99.9,
/// 99, 89, 64 and 34 in 100 share a band (1 - (1 - s^4)^16); of pairs at 0.2, 2 or 3. The bench `similar`
/// measures it on edited copies of real articles.
pub const BANDS: usize = 16;
const ROWS: usize = 4;
/// Words of a shingle.
const SHINGLE: usize = 4;
/// Texts of fewer words are too short to tell a copy from a common phrase.
const LEAST_WORDS: usize = 20;
/// The least share of equal bins of two texts that tell the same story: on 11,528 articles of one agency, none
/// of the pairs called alike had an exact similarity under 0.25, and of copies with one sentence in eight
/// dropped, a tenth cut and one word in a hundred exchanged, 95 in 100 were found (bench `similar`).
pub const THRESHOLD: f32 = 0.4;

/// The signature of a text: the least hash of the shingles in each bin, four bytes a bin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signature {
    bins: [u32; BINS],
}

impl Signature {
    /// The signature of a body; `None` if it is too short to be told from a common phrase.
    /// Case, punctuation and white space are ignored, so that a text with other line breaks has the same one.
    pub fn of(body: &str) -> Option<Signature> {
        let mut bins = [u32::MAX; BINS];
        let mut filled = [false; BINS];
        let mut window = [0u64; SHINGLE];
        let mut words = 0;
        for word in body.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            window.rotate_left(1);
            window[SHINGLE - 1] = hash_word(word);
            words += 1;
            if words >= SHINGLE {
                let shingle = window.iter().fold(0, |hash, word| mix(hash ^ word));
                let bin = (shingle >> 58) as usize;
                let value = shingle as u32;
                bins[bin] = bins[bin].min(value);
                filled[bin] = true;
            }
        }
        if words < LEAST_WORDS {
            return None;
        }
        densify(&mut bins, &filled);
        Some(Signature { bins })
    }

    /// The keys under which a copy may be found: two texts that share one are candidates. Keys of
    /// different bands differ.
    pub fn bands(&self) -> [u64; BANDS] {
        std::array::from_fn(|band| {
            let rows = &self.bins[band * ROWS..(band + 1) * ROWS];
            rows.iter().fold(mix(band as u64 + 1), |hash, bin| mix(hash ^ u64::from(*bin)))
        })
    }

    /// The estimated share of shingles that the two texts have in common (Jaccard), 0 to 1.
    pub fn similarity(&self, other: &Signature) -> f32 {
        let equal = self.bins.iter().zip(&other.bins).filter(|(a, b)| a == b).count();
        equal as f32 / BINS as f32
    }

    /// Whether the two tell the same story.
    pub fn alike(&self, other: &Signature) -> bool {
        self.similarity(other) >= THRESHOLD
    }

    /// The bins, four bytes each, little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.bins.iter().flat_map(|bin| bin.to_le_bytes()).collect()
    }

    /// From [`Signature::to_bytes`]; `None` for any other length.
    pub fn from_bytes(bytes: &[u8]) -> Option<Signature> {
        if bytes.len() != BINS * 4 {
            return None;
        }
        let mut bins = [0; BINS];
        for (bin, chunk) in bins.iter_mut().zip(bytes.chunks_exact(4)) {
            *bin = u32::from_le_bytes([chunk[0], chunk[1], chunk[2], chunk[3]]);
        }
        Some(Signature { bins })
    }
}

/// Gives each empty bin the value of a filled one, chosen by a hash of the bin and the attempt, so that
/// equal texts have equal signatures and the estimate is not biased.
fn densify(bins: &mut [u32; BINS], filled: &[bool; BINS]) {
    if !filled.contains(&true) {
        return;
    }
    let original = *bins;
    for (bin, value) in bins.iter_mut().enumerate() {
        let mut attempt = 0u64;
        let mut from = bin;
        while !filled[from] {
            attempt += 1;
            from = (mix((bin as u64) << 32 | attempt) >> 58) as usize;
        }
        *value = original[from];
    }
}

/// A word by its lower-case letters (FNV-1a, 64 bits).
fn hash_word(word: &str) -> u64 {
    let byte = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3);
    let start = 0xCBF2_9CE4_8422_2325;
    if word.is_ascii() {
        return word.bytes().fold(start, |hash, b| byte(hash, b.to_ascii_lowercase()));
    }
    let mut buffer = [0; 4];
    word.chars()
        .flat_map(char::to_lowercase)
        .fold(start, |hash, c| c.encode_utf8(&mut buffer).bytes().fold(hash, byte))
}

/// The finalizer of SplitMix64 (Steele, Lea, Flood 2014).
fn mix(mut x: u64) -> u64 {
    x = x.wrapping_add(0x9E37_79B9_7F4A_7C15);
    x = (x ^ x >> 30).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    x = (x ^ x >> 27).wrapping_mul(0x94D0_49BB_1331_11EB);
    x ^ x >> 31
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORY: &str = "Fishermen in the port of Kaldvik refused to sail on Tuesday after the harbour council \
        doubled the fee for landing cod. The council said that the money would pay for a new ice plant, which the \
        port has asked for since the last one broke down in the winter storms. Boat owners met in the old net loft \
        and voted to stay ashore until the fee is halved again. A first meeting with the mayor ended without a \
        result, and a second one is planned for Friday in the town hall.";

    #[test]
    fn a_cut_and_edited_copy_is_alike() {
        let copy = STORY
            .replace("on Tuesday ", "")
            .replace("A first meeting with the mayor ended without a result, ", "");
        let (a, b) = (Signature::of(STORY).unwrap(), Signature::of(&copy).unwrap());
        assert!(a.alike(&b), "{}", a.similarity(&b));
        assert!(a.bands().iter().any(|band| b.bands().contains(band)));
    }

    #[test]
    fn another_story_is_not() {
        let other = "Voters in the lake district chose a new regional assembly on Sunday, and turnout was the \
            highest in a generation. Counting went on through the night in the sports halls of the four largest towns.";
        let (a, b) = (Signature::of(STORY).unwrap(), Signature::of(other).unwrap());
        assert!(a.similarity(&b) < 0.2);
    }

    #[test]
    fn line_breaks_and_case_do_not_count() {
        assert_eq!(Signature::of(STORY), Signature::of(&STORY.to_uppercase().replace(". ", ".\n\n")));
    }

    #[test]
    fn a_short_text_has_none() {
        assert_eq!(Signature::of("No comment."), None);
    }

    #[test]
    fn bytes_come_back() {
        let signature = Signature::of(STORY).unwrap();
        assert_eq!(Signature::from_bytes(&signature.to_bytes()), Some(signature));
        assert_eq!(Signature::from_bytes(b"short"), None);
    }
}
