//! How a set of the articles of one segment is stored: as gaps where it is sparse, as bits where it is dense,
//! whichever is shorter.
//!
//! A serialized `RoaringBitmap` has a header of 16 bytes; most sets here have one or two articles and take two
//! or three bytes.

use crate::library::store::file::varint::{put_varint, take_varint};
use roaring::RoaringBitmap;

const GAPS: u8 = 0;
const BITS: u8 = 1;

/// Writes `places`, which are ascending and have no duplicates.
pub fn encode(places: &[u16], out: &mut Vec<u8>) {
    out.clear();
    let last = places.last().map_or(0, |last| usize::from(*last));
    let bits = last / 8 + 1;
    out.push(GAPS);
    let mut expected = 0u32;
    for place in places {
        let place = u32::from(*place);
        put_varint(u64::from(place - expected), out);
        expected = place + 1;
        if out.len() > bits + 1 {
            break;
        }
    }
    if out.len() <= bits + 1 {
        return;
    }
    out.clear();
    out.resize(bits + 1, 0);
    if let Some(tag) = out.first_mut() {
        *tag = BITS;
    }
    for place in places {
        if let Some(byte) = out.get_mut(1 + usize::from(*place) / 8) {
            *byte |= 1 << (place % 8);
        }
    }
}

/// Adds what [`encode`] wrote to `set`, moved up by `base`. Damaged bytes add
/// nothing, or wrong numbers, but none outside `base..base + 65536`.
pub fn decode_into(bytes: &[u8], base: u32, set: &mut RoaringBitmap) {
    match bytes.split_first() {
        Some((&BITS, bits)) if bits.len() <= 8192 => bits_into(bits, base, set),
        Some((&GAPS, gaps)) => {
            let mut places = places_of(gaps).map(|place| base + u32::from(place)).peekable();
            let above = places.peek().is_some_and(|first| set.max().is_none_or(|max| max < *first));
            if above {
                // They are ascending and above the numbers in the set, so this cannot fail.
                _ = set.append(places);
            } else {
                set.extend(places);
            }
        }
        _ => {}
    }
}

/// Adds the numbers whose bits are set, least significant first, moved up by `base`.
pub fn bits_into(bits: &[u8], base: u32, set: &mut RoaringBitmap) {
    let shift = base % 8;
    if shift == 0 {
        *set |= RoaringBitmap::from_lsb0_bytes(base, bits);
        return;
    }
    // The bitmap takes whole bytes only.
    let mut shifted = Vec::with_capacity(bits.len() + 1);
    let mut carry = 0;
    for byte in bits {
        shifted.push(byte << shift | carry);
        carry = byte >> (8 - shift);
    }
    shifted.push(carry);
    *set |= RoaringBitmap::from_lsb0_bytes(base - shift, &shifted);
}

/// Sets the bits of what [`encode`] wrote; places past the end of `bits` are left out.
pub fn mark(bytes: &[u8], bits: &mut [u64]) {
    match bytes.split_first() {
        Some((&BITS, bytes)) => {
            for (word, bytes) in bits.iter_mut().zip(bytes.chunks(8)) {
                for (shift, byte) in bytes.iter().enumerate() {
                    *word |= u64::from(*byte) << (8 * shift);
                }
            }
        }
        Some((&GAPS, gaps)) => {
            for place in places_of(gaps) {
                if let Some(word) = bits.get_mut(usize::from(place) / 64) {
                    *word |= 1 << (place % 64);
                }
            }
        }
        _ => {}
    }
}

/// Appends the places in ascending order, each moved up by `shift`; those that exceed 65,535 then are left out.
pub fn decode_onto(bytes: &[u8], shift: u32, places: &mut Vec<u16>) {
    let moved = |place: u16| u16::try_from(u32::from(place) + shift).ok();
    match bytes.split_first() {
        Some((&GAPS, gaps)) => places.extend(places_of(gaps).filter_map(moved)),
        Some((&BITS, bits)) => {
            let bits = bits.iter().take(8192).zip((0u16..=u16::MAX).step_by(8));
            places.extend(
                bits.flat_map(|(byte, first)| {
                    (0..8).filter(move |bit| byte & 1 << bit != 0).map(move |bit| first + bit)
                })
                .filter_map(moved),
            );
        }
        _ => {}
    }
}

fn places_of(mut gaps: &[u8]) -> impl Iterator<Item = u16> {
    let mut expected = 0u64;
    std::iter::from_fn(move || {
        let place = expected.checked_add(take_varint(&mut gaps)?)?;
        expected = place + 1;
        u16::try_from(place).ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn decode(bytes: &[u8]) -> Vec<u16> {
        let mut places = Vec::new();
        decode_onto(bytes, 0, &mut places);
        places
    }

    fn check(places: &BTreeSet<u16>) {
        let places: Vec<u16> = places.iter().copied().collect();
        let mut bytes = Vec::new();
        encode(&places, &mut bytes);
        assert_eq!(decode(&bytes), places);
        let mut set = RoaringBitmap::new();
        decode_into(&bytes, 80_003, &mut set);
        let expected: Vec<u32> = places.iter().map(|place| 80_003 + u32::from(*place)).collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), expected);
    }

    #[test]
    fn ends_and_all() {
        check(&BTreeSet::new());
        check(&BTreeSet::from([0]));
        check(&BTreeSet::from([65535]));
        check(&(0..=65535).collect());
    }

    proptest! {
        #[test]
        fn sets_read_back(sparse in proptest::collection::btree_set(any::<u16>(), 0..60),
            dense in proptest::collection::btree_set(0u16..300, 0..250)) {
            check(&sparse);
            check(&dense);
        }

        #[test]
        fn damaged_bytes_do_no_harm(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            decode(&bytes);
            let mut set = RoaringBitmap::new();
            decode_into(&bytes, 8, &mut set);
            prop_assert!(set.max().is_none_or(|max| max < 8 + 65_536));
        }
    }
}
