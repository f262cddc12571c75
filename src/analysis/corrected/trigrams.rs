//! Says quickly that a text does not contain a name, which is so for nearly all of the thousands of names that a person
//! may have corrected.
//!
//! In: the texts of an article, and names. Out: whether a name may be in the texts, in any case. A yes may be wrong.

/// The number of bits of the table. A text of 2,000 bytes sets some 6 % of them.
const BITS: usize = 1 << 15;

/// The sequences of three ASCII characters of some texts, without their case.
pub struct Trigrams(Vec<bool>);

impl Trigrams {
    pub fn of(texts: &[&str]) -> Trigrams {
        let mut table = vec![false; BITS];
        for place in texts.iter().flat_map(|text| places(text)) {
            if let Some(bit) = table.get_mut(place) {
                *bit = true;
            }
        }
        Trigrams(table)
    }

    /// Whether the texts may contain `name`. If they do, with any case of its ASCII letters, this is true.
    pub fn may_have(&self, name: &str) -> bool {
        places(name).all(|place| self.0.get(place).copied().unwrap_or(true))
    }
}

/// The places in the table of the sequences of a text.
fn places(text: &str) -> impl Iterator<Item = usize> + '_ {
    let ascii = text.as_bytes().windows(3).filter(|three| three.is_ascii());
    ascii.map(|three| {
        let number =
            three.iter().fold(0_u32, |number, byte| number << 8 | u32::from(byte.to_ascii_lowercase()));
        (number.wrapping_mul(0x9E37_79B1) >> 17) as usize
    })
}

#[cfg(test)]
mod tests {
    use super::Trigrams;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_name_in_the_text_is_never_missed(before in ".{0,30}", name in ".{0,12}", behind in ".{0,30}") {
            for name in [name.clone(), name.to_ascii_uppercase()] {
                let text = format!("{before}{name}{behind}");
                prop_assert!(Trigrams::of(&["", &text]).may_have(&name));
            }
        }
    }

    #[test]
    fn another_name_is_recognised() {
        let found = Trigrams::of(&["Harbour opens", "Kari Nordmann opened the harbour."]);
        assert!(found.may_have("NORDMANN") && found.may_have("né"));
        assert!(!found.may_have("Quispe") && !found.may_have("Kari Quispe"));
    }
}
