//! How the arrays of a model are packed in its file.
//!
//! Some of them hold little in their upper bytes: weights are small, and keys stand in ascending order. Those are written
//! as differences from the key before, and byte by byte of the numbers (all lowest bytes first, all highest ones last),
//! and the whole in one frame of Zstandard. The codes of the words are as good as random and stay outside of it. That
//! makes the file 13 % shorter and changes no weight.

use super::document::CASES;
use super::model::{CONTEXTS, FLAGS, LABELS, ModelError};
use std::ops::Range;

/// The sizes at the start of a model, in bytes.
pub const SIZES: usize = 8 * 4;

/// How an array is written.
#[derive(Clone, Copy)]
enum Form {
    /// Its bytes.
    Plain,
    /// Numbers of 16 bits, byte by byte.
    Shorts,
    /// Ascending numbers of 32 bits, as differences, byte by byte.
    Keys,
}

/// The eight sizes of a model as they stand in its file.
#[derive(Clone, Copy, Debug)]
pub struct Sizes {
    pub words: usize,
    pub dimensions: usize,
    pub parts: usize,
    pub window: usize,
    pub hidden: usize,
    pub features: usize,
    pub grams: usize,
    pub labels: usize,
}

impl Sizes {
    /// The sizes at the start of `content`.
    pub fn read(content: &[u8]) -> Result<Sizes, ModelError> {
        let sizes = content.get(..SIZES).ok_or(ModelError::Sizes)?.as_chunks::<4>().0;
        let size = |at: usize| u32::from_le_bytes(sizes[at]) as usize;
        Ok(Sizes {
            words: size(0),
            dimensions: size(1),
            parts: size(2),
            window: size(3),
            hidden: size(4),
            features: size(5),
            grams: size(6),
            labels: size(7),
        })
    }

    /// Where the codes of the words stand among the arrays.
    fn codes(&self) -> Option<Range<usize>> {
        let start = self.before_codes().iter().map(|(length, _)| *length).sum::<Option<usize>>()?;
        Some(start..start.checked_add(self.words.checked_mul(self.parts)?)?)
    }

    /// The lengths and forms of the arrays before the codes; none where a length has no number.
    fn before_codes(&self) -> [(Option<usize>, Form); 3] {
        [
            (Some((LABELS + 1) * (LABELS + 1) * 2), Form::Shorts),
            (self.dimensions.checked_mul(256), Form::Plain),
            (self.words.checked_mul(4), Form::Keys),
        ]
    }

    /// The same of those after the codes.
    fn behind_codes(&self) -> [(Option<usize>, Form); 7] {
        let rows = (self.window.checked_add(CONTEXTS))
            .and_then(|places| places.checked_mul(self.dimensions.checked_add(CASES)?)?.checked_add(FLAGS));
        [
            (self.grams.checked_mul(self.dimensions), Form::Plain),
            (rows.and_then(|rows| rows.checked_mul(self.hidden)?.checked_mul(2)), Form::Shorts),
            (self.hidden.checked_mul(4), Form::Plain),
            (self.hidden.checked_mul(LABELS * 2), Form::Shorts),
            (Some(LABELS * 4), Form::Plain),
            (self.features.checked_mul(4), Form::Keys),
            (self.features.checked_mul(LABELS * 2), Form::Shorts),
        ]
    }

    fn packed(&self) -> impl Iterator<Item = (Option<usize>, Form)> {
        self.before_codes().into_iter().chain(self.behind_codes())
    }
}

/// The arrays of a model in the order of `model`, without the codes of the words, and those codes, from what follows the
/// sizes in its file.
pub fn unpack(sizes: &Sizes, packed: &'static [u8]) -> Result<(Vec<u8>, &'static [u8]), ModelError> {
    let codes = sizes.codes().ok_or(ModelError::Sizes)?;
    let (codes, frame) = packed.split_at_checked(codes.len()).ok_or(ModelError::Sizes)?;
    let length = sizes.packed().map(|(length, _)| length).sum::<Option<usize>>().ok_or(ModelError::Sizes)?;
    // A frame says how long it is when it is unpacked; nothing that is longer than the arrays is made room for.
    if zstd::zstd_safe::get_frame_content_size(frame).ok().flatten() != Some(length as u64) {
        return Err(ModelError::Sizes);
    }
    let written = zstd::bulk::decompress(frame, length).map_err(|_| ModelError::Sizes)?;
    if written.len() != length {
        return Err(ModelError::Sizes);
    }
    let (mut arrays, mut rest) = (Vec::with_capacity(length), written.as_slice());
    for (length, form) in sizes.packed() {
        let (array, behind) = rest.split_at_checked(length.unwrap_or(0)).ok_or(ModelError::Sizes)?;
        rest = behind;
        match form {
            Form::Plain => arrays.extend_from_slice(array),
            Form::Shorts => {
                let (low, high) = array.split_at(array.len() / 2);
                arrays.extend(low.iter().zip(high).flat_map(|(low, high)| [*low, *high]));
            }
            Form::Keys => {
                let count = array.len() / 4;
                let mut key = 0u32;
                for at in 0..count {
                    let more = std::array::from_fn(|plane| array[plane * count + at]);
                    key = key.wrapping_add(u32::from_le_bytes(more));
                    arrays.extend_from_slice(&key.to_le_bytes());
                }
            }
        }
    }
    Ok((arrays, codes))
}

/// The reverse of [`unpack`]: what follows the sizes in the file of a model, from all of its arrays.
#[cfg(any(test, feature = "train"))]
pub fn pack(sizes: &Sizes, arrays: &[u8]) -> std::io::Result<Vec<u8>> {
    let short = || std::io::Error::other("the arrays are shorter than their sizes say");
    let codes = sizes.codes().ok_or_else(short)?;
    let mut packed = arrays.get(codes.clone()).ok_or_else(short)?.to_vec();
    let (mut written, mut rest) = (Vec::with_capacity(arrays.len()), arrays);
    for (place, (length, form)) in sizes.packed().enumerate() {
        if place == sizes.before_codes().len() {
            rest = rest.get(codes.len()..).ok_or_else(short)?;
        }
        let (array, behind) = length.and_then(|length| rest.split_at_checked(length)).ok_or_else(short)?;
        rest = behind;
        match form {
            Form::Plain => written.extend_from_slice(array),
            Form::Shorts => (0..2).for_each(|plane| written.extend(array.iter().skip(plane).step_by(2))),
            Form::Keys => {
                let keys: Vec<u32> = array.as_chunks().0.iter().map(|key| u32::from_le_bytes(*key)).collect();
                let more = |at: usize| keys[at].wrapping_sub(at.checked_sub(1).map_or(0, |at| keys[at]));
                for plane in 0..4 {
                    written.extend((0..keys.len()).map(|at| more(at).to_le_bytes()[plane]));
                }
            }
        }
    }
    packed.extend(zstd::bulk::compress(&written, 19)?);
    Ok(packed)
}
