//! The hash of a word, which the build script and the program compute alike.
//!
//! Eight bytes at a time, one multiplication each: most words need one or two. Letters of ASCII count as small ones, so
//! that a word need not be copied to be looked up. No secret: what is hashed are the words of our own tables.

/// The hash of the bytes of a word, whatever the case of its ASCII letters.
pub fn hash(word: &[u8]) -> u32 {
    const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;
    let mut hash = word.len() as u64;
    let (whole, rest) = word.as_chunks::<8>();
    for chunk in whole {
        hash = (hash ^ lower(u64::from_le_bytes(*chunk))).wrapping_mul(FACTOR);
        hash ^= hash >> 29;
    }
    let mut last = 0;
    for byte in rest {
        last = last << 8 | u64::from(*byte);
    }
    hash = (hash ^ lower(last)).wrapping_mul(FACTOR);
    (hash >> 32) as u32 ^ (hash >> 51) as u32
}

/// Eight bytes with the capitals of ASCII made small, all at once.
fn lower(bytes: u64) -> u64 {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let low = bytes & (0x7F * ONES);
    let from_a = low + (0x80 - 0x41) * ONES;
    let beyond_z = low + (0x80 - 0x5B) * ONES;
    let capital = from_a & !beyond_z & !bytes & (0x80 * ONES);
    bytes | capital >> 2
}
