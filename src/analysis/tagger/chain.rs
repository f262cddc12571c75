//! The best sequence of labels, by Viterbi's algorithm.

use super::model::LABELS;
use super::{allowed, is_inside};

/// A score that no real one comes near, to which one more [`FORBIDDEN`] can be added without overflow.
const NEVER: i32 = i32::MIN / 2;
/// What a forbidden transition scores.
const FORBIDDEN: i32 = i32::MIN / 4;

/// The scores of transitions, by the label before and the one behind; the last row from the start, the last
/// column to the end.
pub type Transitions = [[i32; LABELS + 1]; LABELS + 1];

/// `scores` with [`FORBIDDEN`] where an inside label would follow what is neither its beginning nor its inside.
pub fn forbid(scores: &[i16]) -> Transitions {
    std::array::from_fn(|from| {
        std::array::from_fn(|to| {
            let start = from == LABELS && is_inside(to);
            let within = from < LABELS && to < LABELS && !allowed(from, to);
            let score = scores.get(from * (LABELS + 1) + to).copied().map_or(0, i32::from);
            if start || within { FORBIDDEN } else { score }
        })
    })
}

/// Writes the best labels of a run with these `scores` into `labels`, which is as long. `back` is working memory.
#[allow(clippy::needless_range_loop, reason = "plain loops over labels become eights of them")]
pub fn best_labels(
    transitions: &Transitions,
    scores: &[[i32; LABELS]],
    back: &mut Vec<[u8; LABELS]>,
    labels: &mut [u8],
) {
    let mut best = [0; LABELS];
    back.clear();
    for (at, scores) in scores.iter().enumerate() {
        let mut next = [NEVER; LABELS];
        let mut origin = [0; LABELS];
        if at == 0 {
            next.copy_from_slice(&transitions[LABELS][..LABELS]);
        } else {
            // Label by label side by side, without branches: of equals the first.
            for from in 0..LABELS {
                for to in 0..LABELS {
                    let score = best[from] + transitions[from][to];
                    let better = score > next[to];
                    next[to] = if better { score } else { next[to] };
                    origin[to] = if better { from as i32 } else { origin[to] };
                }
            }
        }
        for to in 0..LABELS {
            best[to] = (next[to] + scores[to]).max(NEVER);
        }
        back.push(origin.map(|from: i32| from as u8));
    }
    for (from, best) in best.iter_mut().enumerate() {
        *best += transitions[from][LABELS];
    }
    let last = (0..LABELS).max_by_key(|label| (best[*label], std::cmp::Reverse(*label)));
    let mut label = last.unwrap_or(0) as u8;
    for (own, origin) in labels.iter_mut().zip(back.iter()).rev() {
        *own = label;
        label = origin[label as usize];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The best labels where only the scores count.
    fn best(scores: &[[i32; LABELS]]) -> Vec<u8> {
        let (mut back, mut labels) = (Vec::new(), vec![0; scores.len()]);
        best_labels(&forbid(&[0; (LABELS + 1) * (LABELS + 1)]), scores, &mut back, &mut labels);
        labels
    }

    fn for_label(label: usize, score: i32) -> [i32; LABELS] {
        std::array::from_fn(|at| if at == label { score } else { 0 })
    }

    #[test]
    fn an_inside_label_follows_only_its_own() {
        assert_eq!(best(&[for_label(1, 5), for_label(2, 5)]), [1, 2]);
        assert_eq!(best(&[for_label(2, 5)]), [0]);
        assert_eq!(best(&[for_label(3, 5), for_label(2, 5)]), [3, 0]);
        assert_eq!(best(&[for_label(0, 5), for_label(2, 9), for_label(2, 9)]), [1, 2, 2]);
        assert!(best(&[]).is_empty());
    }
}
