//! The first pass: one weight for each feature, a softmax over the candidates of a quote.
//!
//! In: quotes with their candidates' features and which are right. Out: weights. Minimises the negative logarithm of
//! the share of all right candidates, plus the squares of the weights, by L-BFGS; all sums in a fixed order.

use crate::analysis::quote::choice::{SIZE, WEIGHT};

/// A quote to learn from: for each candidate the places of its features, and whether it is right.
pub struct Example<'a> {
    pub parts: &'a [Vec<u16>],
    pub right: &'a [bool],
    pub weight: f64,
}

/// Steps kept by L-BFGS, and how many it makes.
const KEPT: usize = 10;
const ROUNDS: usize = 90;

/// The weights for which `examples` are likeliest, held back by `penalty` times half the sum of their squares.
pub fn learn(examples: &[Example<'_>], penalty: f64) -> Vec<f64> {
    let mut weights = vec![0.0; SIZE];
    let mut gradient = vec![0.0; SIZE];
    let mut loss = measure(examples, &weights, penalty, &mut gradient);
    let mut kept: Vec<(Vec<f64>, Vec<f64>, f64)> = Vec::new();
    for round in 0..ROUNDS {
        let mut direction = gradient.clone();
        let mut shares = Vec::with_capacity(kept.len());
        for (step, change, product) in kept.iter().rev() {
            let share = dot(step, &direction) / product;
            add(&mut direction, change, -share);
            shares.push(share);
        }
        if let Some((step, change, product)) = kept.last() {
            let _ = step;
            let scale = product / dot(change, change);
            direction.iter_mut().for_each(|value| *value *= scale);
        } else {
            let scale = 1.0 / dot(&gradient, &gradient).sqrt().max(1.0);
            direction.iter_mut().for_each(|value| *value *= scale);
        }
        for ((step, change, product), share) in kept.iter().zip(shares.iter().rev()) {
            let back = dot(change, &direction) / product;
            add(&mut direction, step, share - back);
        }
        let slope = -dot(&gradient, &direction);
        if slope > -1e-9 {
            break;
        }
        let mut length = 1.0;
        let (next, new_gradient, new_loss) = loop {
            let mut next = weights.clone();
            add(&mut next, &direction, -length);
            let mut new_gradient = vec![0.0; SIZE];
            let new_loss = measure(examples, &next, penalty, &mut new_gradient);
            if new_loss <= loss + 1e-4 * length * slope || length < 1e-6 {
                break (next, new_gradient, new_loss);
            }
            length *= 0.5;
        };
        let step: Vec<f64> = next.iter().zip(&weights).map(|(new, old)| new - old).collect();
        let change: Vec<f64> = new_gradient.iter().zip(&gradient).map(|(new, old)| new - old).collect();
        let product = dot(&step, &change);
        if product > 1e-10 {
            kept.push((step, change, product));
            if kept.len() > KEPT {
                kept.remove(0);
            }
        }
        let gain = loss - new_loss;
        (weights, gradient, loss) = (next, new_gradient, new_loss);
        if round > 20 && gain < 1e-5 * loss {
            break;
        }
    }
    weights
}

/// The sums of weights of a quote's candidates as the program has them.
pub fn score(weights: &[i16], parts: &[Vec<u16>]) -> Vec<i32> {
    let sum = |features: &Vec<u16>| features.iter().map(|at| i32::from(weights[usize::from(*at)])).sum();
    parts.iter().map(sum).collect()
}

/// The weights as they are shipped.
pub fn rounded(weights: &[f64]) -> Vec<i16> {
    weights.iter().map(|weight| (weight * WEIGHT).round().clamp(-32000.0, 32000.0) as i16).collect()
}

fn measure(examples: &[Example<'_>], weights: &[f64], penalty: f64, gradient: &mut [f64]) -> f64 {
    let mut loss = 0.0;
    let mut powers = Vec::new();
    for example in examples {
        powers.clear();
        powers.extend(
            example.parts.iter().map(|part| part.iter().map(|at| weights[usize::from(*at)]).sum::<f64>()),
        );
        let most = powers.iter().copied().fold(f64::MIN, f64::max);
        powers.iter_mut().for_each(|score| *score = (*score - most).exp());
        let all: f64 = powers.iter().sum();
        let right: f64 =
            powers.iter().zip(example.right).map(|(power, right)| if *right { *power } else { 0.0 }).sum();
        loss -= example.weight * (right / all).max(1e-300).ln();
        for ((part, power), is_right) in example.parts.iter().zip(&powers).zip(example.right) {
            let pull = power / all - if *is_right { power / right.max(1e-300) } else { 0.0 };
            if pull.abs() > 1e-7 {
                part.iter().for_each(|at| gradient[usize::from(*at)] += example.weight * pull);
            }
        }
    }
    for (slope, weight) in gradient.iter_mut().zip(weights) {
        *slope += penalty * weight;
        loss += 0.5 * penalty * weight * weight;
    }
    loss
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(to: &mut [f64], what: &[f64], times: f64) {
    to.iter_mut().zip(what).for_each(|(to, what)| *to += times * what);
}
