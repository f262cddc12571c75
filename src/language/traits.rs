//! What is true of a word: a set of traits.
//!
//! The constants are made from `assets/languages/traits.tsv` when the program is built.

/// A set of traits, because a word can be several things: `reports` is a verb and a noun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traits(pub(super) [u64; 4]);

include!(concat!(env!("OUT_DIR"), "/traits.rs"));

impl Traits {
    /// The traits of both sets.
    #[inline]
    pub const fn or(self, other: Traits) -> Traits {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Traits([a | e, b | f, c | g, d | h])
    }

    /// The traits that are in both sets.
    #[inline]
    pub const fn and(self, other: Traits) -> Traits {
        let ([a, b, c, d], [e, f, g, h]) = (self.0, other.0);
        Traits([a & e, b & f, c & g, d & h])
    }

    /// Whether the set has any of `traits`.
    #[inline]
    pub const fn any(self, traits: Traits) -> bool {
        !self.and(traits).is_empty()
    }

    /// Whether the set has no trait.
    #[inline]
    pub const fn is_empty(self) -> bool {
        let [a, b, c, d] = self.0;
        a | b | c | d == 0
    }

    /// Whether the rules about quotes know nothing of the word.
    #[inline]
    pub const fn is_unknown(self) -> bool {
        !self.any(Traits::GRAMMAR)
    }

    /// A verb that can introduce somebody's words.
    pub const CUE: Traits = Traits::SAY.or(Traits::REPORT).or(Traits::ASK).or(Traits::ACT);
    /// A verb that can introduce quoted words with a colon or a comma, or after them.
    pub const SPEECH: Traits = Traits::SAY.or(Traits::REPORT).or(Traits::ASK);
}
