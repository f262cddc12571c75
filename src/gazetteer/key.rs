//! The hash of a name, which ignores case, accents and punctuation.
//!
//! `U.S.` and `US`, `Guinea-Bissau` and `Guinea Bissau`, `Türkiye` and `Turkiye` have the same key. The code that
//! builds the table and the code that reads it share this file, so that their keys agree.

use crate::text::fold::fold;

/// The key of a name that is assembled piece by piece.
#[derive(Clone, Copy, Debug)]
pub struct Key {
    hash: u64,
    gap: bool,
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
const PRIME: u64 = 0x0000_0100_0000_01b3;

impl Key {
    pub fn new() -> Key {
        Key { hash: OFFSET, gap: false }
    }

    /// The key of a whole name.
    pub fn of(name: &str) -> Key {
        let mut key = Key::new();
        key.push(name);
        key
    }

    /// Adds a piece of the name. Letters and digits count; full stops and apostrophes are ignored; any other
    /// character is a gap between words.
    pub fn push(&mut self, piece: &str) {
        if piece.is_ascii() {
            for byte in piece.bytes() {
                self.push_byte(byte);
            }
        } else {
            for c in fold(piece).chars() {
                if c.is_ascii() {
                    self.push_byte(c as u8);
                } else if c.is_alphanumeric() {
                    let mut buffer = [0; 4];
                    for byte in c.encode_utf8(&mut buffer).bytes() {
                        self.add(byte);
                    }
                } else if !matches!(c, '’' | '‘' | 'ʻ' | 'ʼ') {
                    self.gap();
                }
            }
        }
    }

    /// Ends the current word, so that the next piece starts another one.
    pub fn gap(&mut self) {
        self.gap = self.hash != OFFSET;
    }

    fn push_byte(&mut self, byte: u8) {
        if byte.is_ascii_alphanumeric() {
            self.add(byte.to_ascii_lowercase());
        } else if byte != b'.' && byte != b'\'' {
            self.gap();
        }
    }

    fn add(&mut self, byte: u8) {
        if self.gap {
            self.gap = false;
            self.hash = (self.hash ^ u64::from(b' ')).wrapping_mul(PRIME);
        }
        self.hash = (self.hash ^ u64::from(byte)).wrapping_mul(PRIME);
    }

    /// The index, among `slots`, at which the search for the name starts, and the check value that its slot
    /// contains.
    pub(super) fn place(self, slots: usize) -> (usize, u32) {
        // This is the last step of MurmurHash3, because FNV alone mixes the upper bits badly.
        let mut mixed = self.hash;
        mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        mixed = (mixed ^ (mixed >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
        mixed ^= mixed >> 33;
        let slot = ((u128::from(mixed) * slots as u128) >> 64) as usize;
        // A check value of 0 marks an empty slot.
        (slot, (mixed as u32).max(1))
    }
}

impl Default for Key {
    fn default() -> Key {
        Key::new()
    }
}
