//! The second pass: small trees, each of which corrects the sum of those before it.
//!
//! In: quotes with their candidates' numbers, the first pass's scores, and which are right. Out: trees. The same
//! softmax as in the first pass is what they learn by. Each tree splits the leaf that gains most, on histograms.

use crate::analysis::quote::choice::{STEPS, Step, Tree, WEIGHT, shares};

/// A quote to learn from. A candidate without numbers keeps the score of the first pass.
pub struct Example {
    pub numbers: Vec<Option<Vec<i16>>>,
    pub scores: Vec<i32>,
    pub right: Vec<bool>,
    pub weight: f64,
}

/// How the trees learn.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub trees: usize,
    /// How far each goes.
    pub rate: f64,
    /// Holds leaves back that rest on few.
    pub penalty: f64,
}

const BINS: usize = 48;

/// One candidate with numbers, by bins.
struct Row {
    example: usize,
    part: usize,
}

pub fn learn(examples: &[Example], width: usize, plan: Plan) -> Vec<Tree> {
    let mut rows = Vec::new();
    for (example, one) in examples.iter().enumerate() {
        for part in 0..one.numbers.len() {
            if one.numbers[part].is_some() {
                rows.push(Row { example, part });
            }
        }
    }
    let number = |row: &Row, of: usize| {
        examples[row.example].numbers[row.part].as_ref().map_or(0, |numbers| numbers[of])
    };
    let limits: Vec<Vec<i16>> = (0..width)
        .map(|of| {
            let mut values: Vec<i16> = rows.iter().map(|row| number(row, of)).collect();
            values.sort_unstable();
            let mut limits: Vec<i16> =
                (1..BINS).filter_map(|bin| values.get(bin * values.len() / BINS).copied()).collect();
            let mut distinct = values.clone();
            distinct.dedup();
            if distinct.len() <= BINS {
                limits = distinct;
            }
            limits.dedup();
            limits.pop_if(|last| Some(&*last) == values.last());
            limits
        })
        .collect();
    let mut bins = vec![0u8; rows.len() * width];
    for (row, bins) in rows.iter().zip(bins.chunks_exact_mut(width)) {
        for (of, bin) in bins.iter_mut().enumerate() {
            let value = number(row, of);
            *bin = limits[of].partition_point(|limit| *limit < value) as u8;
        }
    }
    let mut scores: Vec<Vec<i32>> = examples.iter().map(|example| example.scores.clone()).collect();
    let mut slopes = vec![(0.0f64, 0.0f64); rows.len()];
    let mut trees = Vec::with_capacity(plan.trees);
    for _ in 0..plan.trees {
        let mut at = 0;
        for (example, scores) in examples.iter().zip(&scores) {
            let shares = shares(scores);
            let right: f64 = shares
                .iter()
                .zip(&example.right)
                .map(|(share, right)| if *right { *share } else { 0.0 })
                .sum();
            for (part, share) in shares.iter().enumerate() {
                if example.numbers[part].is_none() {
                    continue;
                }
                let wanted = if example.right[part] { share / right.max(1e-9) } else { 0.0 };
                slopes[at] =
                    (example.weight * (share - wanted), example.weight * (share * (1.0 - share)).max(1e-4));
                at += 1;
            }
        }
        let (tree, leaf_of) = grow(&bins, width, &slopes, &limits, plan);
        for (row, leaf) in rows.iter().zip(leaf_of) {
            scores[row.example][row.part] += i32::from(tree.leaves[usize::from(leaf)]);
        }
        trees.push(tree);
    }
    trees
}

struct Leaf {
    rows: Vec<u32>,
    slope: f64,
    bend: f64,
    /// Gain, number, bin.
    best: Option<(f64, usize, usize)>,
    /// The step and side that leads here.
    parent: Option<(usize, usize)>,
}

fn grow(
    bins: &[u8],
    width: usize,
    slopes: &[(f64, f64)],
    limits: &[Vec<i16>],
    plan: Plan,
) -> (Tree, Vec<u8>) {
    let all: Vec<u32> = (0..slopes.len() as u32).collect();
    let mut leaves = vec![leaf(all, None, bins, width, slopes, plan)];
    let mut steps: Vec<Step> = Vec::new();
    while steps.len() < STEPS {
        let mut chosen: Option<(usize, f64)> = None;
        for (index, leaf) in leaves.iter().enumerate() {
            if let Some((gain, ..)) = leaf.best
                && chosen.is_none_or(|(_, known)| gain > known)
            {
                chosen = Some((index, gain));
            }
        }
        let Some((index, _)) = chosen else { break };
        let old = leaves.swap_remove(index);
        let Some((_, of, bin)) = old.best else { break };
        let step = steps.len();
        steps.push(Step { of: of as u8, limit: limits[of][bin], next: [0, 0] });
        if let Some((parent, side)) = old.parent {
            steps[parent].next[side] = step as u8;
        }
        let (left, right): (Vec<u32>, Vec<u32>) =
            old.rows.iter().partition(|row| usize::from(bins[**row as usize * width + of]) <= bin);
        leaves.push(leaf(left, Some((step, 0)), bins, width, slopes, plan));
        leaves.push(leaf(right, Some((step, 1)), bins, width, slopes, plan));
    }
    let mut tree = Tree::default();
    tree.steps.iter_mut().zip(&steps).for_each(|(to, step)| *to = *step);
    let mut leaf_of = vec![0u8; slopes.len()];
    for (number, leaf) in leaves.iter().enumerate() {
        let value = -plan.rate * leaf.slope / (leaf.bend + plan.penalty);
        tree.leaves[number] = (value * WEIGHT).round().clamp(-32000.0, 32000.0) as i16;
        if let Some((step, side)) = leaf.parent {
            tree.steps[step].next[side] = (STEPS + number) as u8;
        }
        leaf.rows.iter().for_each(|row| leaf_of[*row as usize] = number as u8);
    }
    (tree, leaf_of)
}

fn leaf(
    rows: Vec<u32>,
    parent: Option<(usize, usize)>,
    bins: &[u8],
    width: usize,
    slopes: &[(f64, f64)],
    plan: Plan,
) -> Leaf {
    let mut sums = vec![(0.0f64, 0.0f64, 0u32); width * (BINS + 1)];
    let (mut slope, mut bend) = (0.0, 0.0);
    for row in &rows {
        let row = *row as usize;
        let (g, h) = slopes[row];
        slope += g;
        bend += h;
        for (of, bin) in bins[row * width..(row + 1) * width].iter().enumerate() {
            let sum = &mut sums[of * (BINS + 1) + usize::from(*bin)];
            *sum = (sum.0 + g, sum.1 + h, sum.2 + 1);
        }
    }
    let worth = |g: f64, h: f64| g * g / (h + plan.penalty);
    let whole = worth(slope, bend);
    let mut best: Option<(f64, usize, usize)> = None;
    for of in 0..width {
        let (mut g, mut h, mut n) = (0.0, 0.0, 0);
        for bin in 0..BINS {
            let sum = sums[of * (BINS + 1) + bin];
            (g, h, n) = (g + sum.0, h + sum.1, n + sum.2);
            if (n as usize) < LEAST_ROWS || rows.len() - (n as usize) < LEAST_ROWS {
                continue;
            }
            let gain = worth(g, h) + worth(slope - g, bend - h) - whole;
            if gain > 1e-6 && best.is_none_or(|(known, ..)| gain > known) {
                best = Some((gain, of, bin));
            }
        }
    }
    Leaf { rows, slope, bend, best, parent }
}

/// The fewest candidates in a leaf.
const LEAST_ROWS: usize = 20;
