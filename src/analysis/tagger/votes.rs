//! One sense an article: what a word is taken for in one place speaks for the same in the others.
//!
//! In: the scores and labels of all words of an article, after a first search. Out: scores that lean towards the
//! kinds that the other occurrences of each word got. In integers, by logarithms and powers of two that are
//! straight lines between the whole ones: the same on every machine.

use super::document::Document;
use super::model::LABELS;
use std::ops::Range;

/// Outside, and the four kinds.
const KINDS: usize = 5;
/// A whole vote.
const VOTE: u32 = 1024;
/// Of a vote, what goes to the kind of the best sequence, in 1024ths; the rest is shared by the word's own scores.
const CERTAIN: u32 = 717;
/// How flat the shares are: differences of scores count by this many 1024ths (a power of two of them, as
/// log₂ e / 2: a temperature of two).
const SHARPNESS: u32 = 739;
/// Votes that every word has beforehand, spread over all kinds.
const DOUBT: u32 = 307;
/// Score of one doubling of a kind's share, for the kinds and for the label outside.
const NAME_LEAN: i32 = 497;
const OUTSIDE_LEAN: i32 = 149;

/// The votes for each term of a document.
#[derive(Default)]
pub struct Votes {
    terms: Vec<[u32; KINDS]>,
    count: Vec<u32>,
}

impl Votes {
    pub fn clear(&mut self, document: &Document) {
        self.terms.clear();
        self.terms.resize(document.terms(), [0; KINDS]);
        self.count.clear();
        self.count.resize(document.terms(), 0);
    }

    /// Counts the votes of the words of a run.
    pub fn count(
        &mut self,
        document: &Document,
        words: Range<usize>,
        scores: &[[i32; LABELS]],
        labels: &[u8],
    ) {
        for ((at, scores), label) in words.zip(scores).zip(labels) {
            let Some(term) = document.term_of(at) else { continue };
            let vote = vote(scores, *label);
            self.count[term] = self.count[term].saturating_add(1);
            for (sum, vote) in self.terms[term].iter_mut().zip(vote) {
                *sum = sum.saturating_add(vote);
            }
        }
    }

    /// Makes the scores of a run lean; whether any has changed.
    pub fn lean(
        &self,
        document: &Document,
        words: Range<usize>,
        scores: &mut [[i32; LABELS]],
        labels: &[u8],
    ) -> bool {
        let mut changed = false;
        for ((at, scores), label) in words.zip(scores).zip(labels) {
            let Some(term) = document.term_of(at).filter(|term| self.count[*term] > 1) else { continue };
            let own = vote(scores, *label);
            let others: [u32; KINDS] =
                std::array::from_fn(|kind| self.terms[term][kind].saturating_sub(own[kind]));
            let total = others.iter().fold(DOUBT, |sum, votes| sum.saturating_add(*votes));
            for (kind, votes) in others.into_iter().enumerate() {
                let share =
                    log2(votes.saturating_add(DOUBT / KINDS as u32)) - log2(total) + log2(KINDS as u32);
                if kind == 0 {
                    scores[0] += (share * OUTSIDE_LEAN) >> 10;
                } else {
                    scores[2 * kind - 1] += (share * NAME_LEAN) >> 10;
                    scores[2 * kind] += (share * NAME_LEAN) >> 10;
                }
            }
            changed = true;
        }
        changed
    }
}

/// What a word with these scores and this label says of itself; about [`VOTE`] in all.
fn vote(scores: &[i32; LABELS], label: u8) -> [u32; KINDS] {
    let of_kind =
        |kind: usize| if kind == 0 { scores[0] } else { scores[2 * kind - 1].max(scores[2 * kind]) };
    let scores: [i32; KINDS] = std::array::from_fn(of_kind);
    let best = scores.iter().copied().fold(i32::MIN, i32::max);
    let powers = scores.map(|score| power_of_half((best.abs_diff(score).min(1 << 16) * SHARPNESS) >> 10));
    let sum = powers.iter().sum::<u32>().max(1);
    let mut vote = powers.map(|power| power * (VOTE - CERTAIN) / sum);
    vote[(label as usize).div_ceil(2)] += CERTAIN;
    vote
}

/// 2^(-x / 1024), in 65536ths.
fn power_of_half(x: u32) -> u32 {
    let (whole, part) = (x >> 10, x & 1023);
    if whole > 15 { 0 } else { (65_536 - part * 32) >> whole }
}

/// The logarithm to base two, in 1024ths; of zero, zero.
fn log2(x: u32) -> i32 {
    let whole = x.max(1).ilog2();
    let part = ((u64::from(x.max(1)) << 10) >> whole) as i32 - 1024;
    whole as i32 * 1024 + part
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_and_logarithms_meet_at_the_whole_ones() {
        for n in 0..16 {
            assert_eq!(power_of_half(n * 1024), 65_536 >> n);
            assert_eq!(log2(1 << n), n as i32 * 1024);
        }
        assert!(power_of_half(512) < 65_536 && power_of_half(512) > 32_768);
    }

    #[test]
    fn a_vote_is_whole() {
        let vote = vote(&[0, 900, 100, 4000, 3000, -500, 0, 0, 0], 3);
        assert!((VOTE - 8..=VOTE).contains(&vote.iter().sum()));
        assert!(vote[2] > CERTAIN);
        assert!(super::vote(&[i32::MIN / 2; LABELS], 0)[0] >= CERTAIN);
    }
}
