//! The best sequence of labels, by Viterbi's algorithm.

use super::model::LABELS;
use super::{allowed, is_inside};

/// A score that no real one comes near, from which two can be taken without overflow.
const NEVER: i32 = i32::MIN / 2;

/// Writes the best labels of a run with these `scores` into `labels`, which is as long. `transitions` has
/// `LABELS + 1` rows of `LABELS + 1`: the last row from the start, the last column to the end. An inside label
/// follows only its own beginning or inside. `back` is working memory.
pub fn best_labels(
    transitions: &[i16],
    scores: &[[i32; LABELS]],
    back: &mut Vec<[u8; LABELS]>,
    labels: &mut [u8],
) {
    let transition = |from: usize, to: usize| i32::from(transitions[from * (LABELS + 1) + to]);
    let mut best = [0; LABELS];
    back.clear();
    for (at, scores) in scores.iter().enumerate() {
        let mut next = [NEVER; LABELS];
        let mut origin = [0u8; LABELS];
        for (to, next) in next.iter_mut().enumerate() {
            if at == 0 {
                *next = if is_inside(to) { NEVER } else { transition(LABELS, to) };
            } else {
                for from in (0..LABELS).filter(|from| allowed(*from, to)) {
                    let score = best[from] + transition(from, to);
                    if score > *next {
                        (*next, origin[to]) = (score, from as u8);
                    }
                }
            }
            *next = (*next + scores[to]).max(NEVER);
        }
        best = next;
        back.push(origin);
    }
    for (from, best) in best.iter_mut().enumerate() {
        *best += transition(from, LABELS);
    }
    let last = (0..LABELS).max_by_key(|label| (best[*label], std::cmp::Reverse(*label)));
    let mut label = last.unwrap_or(0) as u8;
    for (own, origin) in labels.iter_mut().zip(back.iter()).rev() {
        *own = label;
        label = origin[label as usize];
    }
}
