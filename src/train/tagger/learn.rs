//! Learns the weights: a linear-chain CRF over sparse features and a net over word vectors, by gradient
//! descent. Single-threaded, with a fixed seed: the same corpora give the same weights.

use super::corpus::Labelled;
use super::vectors::Vectors;
use crate::analysis::tagger::document::{CASES, Case, Style};
use crate::analysis::tagger::features::Features;
use crate::analysis::tagger::model::{CONTEXTS, FLAGS, LABELS};
use crate::analysis::tagger::{STRETCH, allowed, context_words, is_inside};
use std::collections::HashMap;
use std::ops::Range;

/// A run of scored words of one sentence.
struct Run {
    document: usize,
    words: Range<usize>,
    sentence: Range<usize>,
}

/// What is set before learning.
#[derive(Clone, Debug)]
pub struct Plan {
    pub window: usize,
    pub hidden: usize,
    /// Passes over silver and gold together, then over gold alone.
    pub silver_passes: usize,
    pub gold_passes: usize,
    /// Features seen in fewer words are left out.
    pub least_seen: u32,
    pub seed: u64,
}

/// Everything learnt, in floating point.
pub struct Weights {
    pub window: usize,
    pub hidden: usize,
    pub dimensions: usize,
    pub features: HashMap<u32, u32>,
    /// Rows of [`LABELS`].
    pub sparse: Vec<f32>,
    /// `[(window + CONTEXTS) × (dimensions + CASES) + FLAGS] × hidden`.
    pub first: Vec<f32>,
    pub first_bias: Vec<f32>,
    /// `[LABELS] × hidden`.
    pub second: Vec<f32>,
    pub second_bias: Vec<f32>,
    /// (LABELS + 1)²; the last row from the start, the last column to the end.
    pub transitions: Vec<f32>,
}

/// How far a batch goes: runs whose gradients are summed before a step.
const BATCH: usize = 24;
const HIDDEN_DROPOUT: f32 = 0.3;
const CONTEXT_DROPOUT: f32 = 0.25;
const VECTOR_DROPOUT: f32 = 0.08;
const FEATURE_DROPOUT: f32 = 0.15;
const NET_RATE: f32 = 0.0015;
const SPARSE_RATE: f32 = 0.08;
/// Pull of the weights towards zero in one step, relative to the rate.
const DECAY: f32 = 2e-6;

pub struct Learner<'a> {
    pub weights: Weights,
    vectors: &'a Vectors,
    sparse_squares: Vec<f32>,
    net: Adam,
    random: Random,
    plan: Plan,
}

/// One group of documents with its runs.
struct Material<'a> {
    documents: &'a [Labelled],
    runs: Vec<Run>,
    /// The features of the words of all runs, as indices of rows; one list behind the other.
    features: Vec<u32>,
    /// For each document, where its words' features start.
    starts: Vec<Vec<u32>>,
    /// For each document, the context that all of its words share.
    contexts: Vec<Vec<f32>>,
}

/// The stretched mean of the vectors of the content words in `range`, as the program reckons it.
fn context(vectors: &Vectors, labelled: &Labelled, range: Range<usize>, context: usize) -> Vec<f32> {
    let document = &labelled.document;
    let mut sum = vec![0.0f32; vectors.dimensions];
    let mut count = 0.0f32;
    for at in context_words(document, range, context) {
        let found = vectors.find(&document.words[at], document.form(at));
        if let Some(word) = found.filter(|word| vectors.is_own(*word)) {
            axpy(STRETCH as f32, vectors.get(word), &mut sum);
            count += 1.0;
        }
    }
    sum.iter_mut().for_each(|value| *value /= count.max(1.0));
    sum
}

impl<'a> Learner<'a> {
    /// Learns from `silver` and `gold`; `report` is called after each pass with the weights so far.
    pub fn learn(
        silver: &[Labelled],
        gold: &[Labelled],
        vectors: &'a Vectors,
        plan: Plan,
        mut report: impl FnMut(&str, &Weights),
    ) -> Weights {
        let features = choose_features(silver, gold, plan.least_seen);
        eprintln!("{} features", features.len());
        let rows = ((plan.window + CONTEXTS) * (vectors.dimensions + CASES) + FLAGS) * plan.hidden;
        let mut random = Random(plan.seed);
        let spread = (2.0 / (plan.window * vectors.dimensions) as f32).sqrt() * 0.7;
        let first = (0..rows).map(|_| random.normal() * spread).collect();
        let second =
            (0..LABELS * plan.hidden).map(|_| random.normal() * (1.0 / plan.hidden as f32).sqrt()).collect();
        let weights = Weights {
            window: plan.window,
            hidden: plan.hidden,
            dimensions: vectors.dimensions,
            sparse: vec![0.0; features.len() * LABELS],
            features,
            first,
            first_bias: vec![0.0; plan.hidden],
            second,
            second_bias: vec![0.0; LABELS],
            transitions: vec![0.0; (LABELS + 1) * (LABELS + 1)],
        };
        let size =
            weights.first.len() + weights.second.len() + plan.hidden + LABELS + weights.transitions.len();
        let sparse_squares = vec![0.01; weights.sparse.len()];
        let mut learner =
            Learner { weights, vectors, sparse_squares, net: Adam::new(size), random, plan: plan.clone() };
        let gold = learner.material(gold);
        let silver = learner.material(silver);
        let silver_runs = silver.runs.len() * plan.silver_passes;
        let total = silver_runs + gold.runs.len() * (plan.silver_passes + plan.gold_passes);
        let mut done = 0;
        for pass in 0..plan.silver_passes {
            learner.pass(&[&silver, &gold], &mut done, total);
            report(&format!("silver {}", pass + 1), &learner.weights);
        }
        for pass in 0..plan.gold_passes {
            learner.pass(&[&gold], &mut done, total);
            report(&format!("gold {}", pass + 1), &learner.weights);
        }
        learner.weights
    }

    fn material<'d>(&self, documents: &'d [Labelled]) -> Material<'d> {
        let mut material = Material {
            documents,
            runs: Vec::new(),
            features: Vec::new(),
            starts: Vec::new(),
            contexts: Vec::new(),
        };
        for (index, labelled) in documents.iter().enumerate() {
            let document = &labelled.document;
            let mut starts = vec![0u32; document.words.len() + 1];
            for sentence in &document.sentences {
                let mut at = sentence.start;
                while at < sentence.end {
                    starts[at] = material.features.len() as u32;
                    if !document.words[at].open {
                        at += 1;
                        continue;
                    }
                    let start = at;
                    while at < sentence.end && document.words[at].open {
                        starts[at] = material.features.len() as u32;
                        let features = Features::of(document, at, sentence);
                        material
                            .features
                            .extend(features.keys().iter().filter_map(|key| self.weights.features.get(key)));
                        at += 1;
                    }
                    material.runs.push(Run { document: index, words: start..at, sentence: sentence.clone() });
                }
                starts[sentence.end] = material.features.len() as u32;
            }
            material.starts.push(starts);
            material.contexts.push(context(self.vectors, labelled, 0..document.words.len(), 0));
        }
        material
    }

    fn pass(&mut self, materials: &[&Material<'_>], done: &mut usize, total: usize) {
        let mut order: Vec<(usize, usize)> = materials
            .iter()
            .enumerate()
            .flat_map(|(which, material)| (0..material.runs.len()).map(move |run| (which, run)))
            .collect();
        self.random.shuffle(&mut order);
        let (mut loss, mut words) = (0.0f64, 0usize);
        for batch in order.chunks(BATCH) {
            let progress = *done as f32 / total as f32;
            // The rates fall to a twentieth along a straight line.
            let fall = 1.0 - 0.95 * progress;
            let mut gradient = Gradient::new(self.net.size, &self.weights);
            for (which, run) in batch {
                let material = materials[*which];
                loss += f64::from(self.run(material, &material.runs[*run], &mut gradient));
                words += material.runs[*run].words.len();
            }
            self.step(&gradient, fall);
            *done += batch.len();
        }
        eprintln!("  loss a word {:.4}", loss / words as f64);
    }

    /// Adds the gradient of one run; returns its loss.
    fn run(&mut self, material: &Material<'_>, run: &Run, gradient: &mut Gradient) -> f32 {
        let labelled = &material.documents[run.document];
        let gold = &chained(&labelled.labels[run.words.clone()]);
        let contexts = [
            material.contexts[run.document].clone(),
            context(self.vectors, labelled, run.sentence.clone(), 1),
        ];
        let mut inputs: Vec<Input> = Vec::with_capacity(run.words.len());
        let mut scores = Vec::with_capacity(run.words.len());
        for at in run.words.clone() {
            let mut input = self.input(labelled, at, &run.sentence);
            let mut score = self.forward(&mut input, &contexts);
            let starts = &material.starts[run.document];
            let features = &material.features[starts[at] as usize..starts[at + 1] as usize];
            for feature in features {
                if self.random.unit() < FEATURE_DROPOUT {
                    continue;
                }
                input.features.push(*feature);
                let row = &self.weights.sparse[*feature as usize * LABELS..][..LABELS];
                for (score, weight) in score.iter_mut().zip(row) {
                    *score += weight / (1.0 - FEATURE_DROPOUT);
                }
            }
            inputs.push(input);
            scores.push(score);
        }
        let (loss, differences) =
            chain(&self.weights.transitions, &scores, gold, &mut gradient.net[self.transitions_at()..]);
        for (input, difference) in inputs.iter().zip(&differences) {
            self.backward(input, &contexts, difference, gradient);
        }
        loss
    }

    /// The inputs of the word at `at`, some of them dropped.
    fn input(&mut self, labelled: &Labelled, at: usize, sentence: &Range<usize>) -> Input {
        let document = &labelled.document;
        let mut input = Input::default();
        let row = self.weights.dimensions + CASES;
        for place in 0..self.plan.window {
            let Some(near) =
                (at + place).checked_sub(self.plan.window / 2).filter(|near| sentence.contains(near))
            else {
                continue;
            };
            let word = &document.words[near];
            input.ones.push(place * row + self.weights.dimensions + word.case as usize);
            let known = self.vectors.find(word, document.form(near));
            if let Some(index) = known.filter(|_| self.random.unit() >= VECTOR_DROPOUT) {
                input.vectors.push((place * row, index));
            }
        }
        let word = &document.words[at];
        let flags = [word.first, word.style == Style::Capitals, word.style == Style::Headline];
        for (flag, _) in flags.into_iter().enumerate().filter(|(_, on)| *on) {
            input.ones.push((self.plan.window + CONTEXTS) * row + flag);
        }
        for context in 0..CONTEXTS {
            if self.random.unit() >= CONTEXT_DROPOUT {
                input.contexts.push(((self.plan.window + context) * row, context));
            }
        }
        debug_assert!(word.case != Case::Mark || document.words[at].open);
        input
    }

    fn forward(&mut self, input: &mut Input, contexts: &[Vec<f32>; CONTEXTS]) -> [f32; LABELS] {
        let units = self.weights.hidden;
        let mut hidden = self.weights.first_bias.clone();
        for one in &input.ones {
            axpy(1.0, &self.weights.first[one * units..][..units], &mut hidden);
        }
        for (row, word) in &input.vectors {
            for (dimension, value) in self.vectors.get(*word).iter().enumerate() {
                axpy(*value, &self.weights.first[(row + dimension) * units..][..units], &mut hidden);
            }
        }
        for (row, context) in &input.contexts {
            for (dimension, value) in contexts[*context].iter().enumerate() {
                axpy(*value, &self.weights.first[(row + dimension) * units..][..units], &mut hidden);
            }
        }
        for unit in &mut hidden {
            let kept = self.random.unit() >= HIDDEN_DROPOUT;
            *unit = if kept { unit.max(0.0) / (1.0 - HIDDEN_DROPOUT) } else { 0.0 };
        }
        let mut scores = [0.0; LABELS];
        for (label, score) in scores.iter_mut().enumerate() {
            let row = &self.weights.second[label * units..][..units];
            *score =
                self.weights.second_bias[label] + hidden.iter().zip(row).map(|(a, b)| a * b).sum::<f32>();
        }
        input.hidden = hidden;
        scores
    }

    fn backward(
        &self,
        input: &Input,
        contexts: &[Vec<f32>; CONTEXTS],
        difference: &[f32; LABELS],
        gradient: &mut Gradient,
    ) {
        let units = self.weights.hidden;
        let second_at = self.weights.first.len() + units;
        let mut down = vec![0.0; units];
        for (label, d) in difference.iter().enumerate() {
            axpy(*d, &self.weights.second[label * units..][..units], &mut down);
            axpy(*d, &input.hidden, &mut gradient.net[second_at + label * units..][..units]);
            gradient.net[second_at + LABELS * units + label] += d;
        }
        for (down, hidden) in down.iter_mut().zip(&input.hidden) {
            *down = if *hidden > 0.0 { *down / (1.0 - HIDDEN_DROPOUT) } else { 0.0 };
        }
        for one in &input.ones {
            axpy(1.0, &down, &mut gradient.net[one * units..][..units]);
        }
        for (row, word) in &input.vectors {
            for (dimension, value) in self.vectors.get(*word).iter().enumerate() {
                axpy(*value, &down, &mut gradient.net[(row + dimension) * units..][..units]);
            }
        }
        for (row, context) in &input.contexts {
            for (dimension, value) in contexts[*context].iter().enumerate() {
                axpy(*value, &down, &mut gradient.net[(row + dimension) * units..][..units]);
            }
        }
        axpy(1.0, &down, &mut gradient.net[self.weights.first.len()..][..units]);
        for feature in &input.features {
            gradient.sparse.push((*feature, *difference));
        }
    }

    fn transitions_at(&self) -> usize {
        self.weights.first.len() + self.weights.hidden + self.weights.second.len() + LABELS
    }

    /// One step down: AdaGrad for the sparse part, Adam for the rest.
    fn step(&mut self, gradient: &Gradient, fall: f32) {
        let mut sums: HashMap<u32, [f32; LABELS]> = HashMap::with_capacity(gradient.sparse.len());
        for (feature, difference) in &gradient.sparse {
            let sum = sums.entry(*feature).or_insert([0.0; LABELS]);
            for (sum, d) in sum.iter_mut().zip(difference) {
                *sum += d;
            }
        }
        for (feature, sum) in sums {
            let at = feature as usize * LABELS;
            for (label, g) in sum.into_iter().enumerate() {
                let g = g + self.weights.sparse[at + label] * DECAY * 50.0;
                let square = &mut self.sparse_squares[at + label];
                *square += g * g;
                self.weights.sparse[at + label] -= SPARSE_RATE * fall * g / square.sqrt();
            }
        }
        let rate = NET_RATE * fall;
        let weights = &mut self.weights;
        let parts: [&mut [f32]; 5] = [
            &mut weights.first,
            &mut weights.first_bias,
            &mut weights.second,
            &mut weights.second_bias,
            &mut weights.transitions,
        ];
        self.net.step(parts, &gradient.net, rate);
    }
}

#[derive(Default)]
struct Input {
    /// Rows of the first layer whose input is one.
    ones: Vec<usize>,
    /// First row and word of each vector.
    vectors: Vec<(usize, u32)>,
    /// First row and number of each context.
    contexts: Vec<(usize, usize)>,
    features: Vec<u32>,
    hidden: Vec<f32>,
}

struct Gradient {
    /// First layer, its bias, second layer, its bias, transitions.
    net: Vec<f32>,
    sparse: Vec<(u32, [f32; LABELS])>,
}

impl Gradient {
    fn new(size: usize, _weights: &Weights) -> Gradient {
        Gradient { net: vec![0.0; size], sparse: Vec::new() }
    }
}

/// Kingma and Ba 2015, with decoupled decay.
struct Adam {
    size: usize,
    mean: Vec<f32>,
    square: Vec<f32>,
    steps: i32,
}

impl Adam {
    fn new(size: usize) -> Adam {
        Adam { size, mean: vec![0.0; size], square: vec![0.0; size], steps: 0 }
    }

    fn step(&mut self, parts: [&mut [f32]; 5], gradient: &[f32], rate: f32) {
        const MEAN: f32 = 0.9;
        const SQUARE: f32 = 0.999;
        self.steps += 1;
        let correct_mean = 1.0 / (1.0 - MEAN.powi(self.steps));
        let correct_square = 1.0 / (1.0 - SQUARE.powi(self.steps));
        let mut at = 0;
        for part in parts {
            let range = at..at + part.len();
            at = range.end;
            let (mean, square) = (&mut self.mean[range.clone()], &mut self.square[range.clone()]);
            for (((weight, g), mean), square) in part.iter_mut().zip(&gradient[range]).zip(mean).zip(square) {
                *mean = MEAN * *mean + (1.0 - MEAN) * g;
                *square = SQUARE * *square + (1.0 - SQUARE) * g * g;
                let move_by = *mean * correct_mean / ((*square * correct_square).sqrt() + 1e-8);
                *weight -= rate * (move_by + DECAY * 100.0 * *weight);
            }
        }
    }
}

fn axpy(a: f32, x: &[f32], y: &mut [f32]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += a * x;
    }
}

/// The negative log-likelihood of `gold` under the chain, and its gradient by the scores of each
/// word; the gradient by the transitions is added to `transition_gradient`.
fn chain(
    transitions: &[f32],
    scores: &[[f32; LABELS]],
    gold: &[u8],
    transition_gradient: &mut [f32],
) -> (f32, Vec<[f32; LABELS]>) {
    const OUT: usize = LABELS;
    let t = |from: usize, to: usize| transitions[from * (LABELS + 1) + to];
    let n = scores.len();
    let none = f32::NEG_INFINITY;
    let mut forward = vec![[none; LABELS]; n];
    let mut backward = vec![[none; LABELS]; n];
    for to in (0..LABELS).filter(|to| !is_inside(*to)) {
        forward[0][to] = t(OUT, to) + scores[0][to];
    }
    for at in 1..n {
        for to in 0..LABELS {
            let sum = log_sum(
                (0..LABELS).filter(|from| allowed(*from, to)).map(|from| forward[at - 1][from] + t(from, to)),
            );
            forward[at][to] = sum + scores[at][to];
        }
    }
    for (from, last) in backward[n - 1].iter_mut().enumerate() {
        *last = t(from, OUT);
    }
    for at in (0..n - 1).rev() {
        for from in 0..LABELS {
            backward[at][from] = log_sum(
                (0..LABELS)
                    .filter(|to| allowed(from, *to))
                    .map(|to| t(from, to) + scores[at + 1][to] + backward[at + 1][to]),
            );
        }
    }
    let whole = log_sum((0..LABELS).map(|label| forward[n - 1][label] + backward[n - 1][label]));
    let mut differences = vec![[0.0; LABELS]; n];
    for (at, difference) in differences.iter_mut().enumerate() {
        for (label, d) in difference.iter_mut().enumerate() {
            *d = (forward[at][label] + backward[at][label] - whole).exp();
        }
        difference[gold[at] as usize] -= 1.0;
    }
    let mut own = 0.0;
    let mut before = OUT;
    for at in 0..n {
        let label = gold[at] as usize;
        own += t(before, label) + scores[at][label];
        transition_gradient[before * (LABELS + 1) + label] -= 1.0;
        before = label;
    }
    own += t(before, OUT);
    transition_gradient[before * (LABELS + 1) + OUT] -= 1.0;
    for label in 0..LABELS {
        transition_gradient[OUT * (LABELS + 1) + label] +=
            (forward[0][label] + backward[0][label] - whole).exp();
        transition_gradient[label * (LABELS + 1) + OUT] +=
            (forward[n - 1][label] + backward[n - 1][label] - whole).exp();
    }
    for at in 1..n {
        for from in 0..LABELS {
            for to in (0..LABELS).filter(|to| allowed(from, *to)) {
                let share = forward[at - 1][from] + t(from, to) + scores[at][to] + backward[at][to] - whole;
                transition_gradient[from * (LABELS + 1) + to] += share.exp();
            }
        }
    }
    (whole - own, differences)
}

/// `labels` with a name that a run of scored words cuts in two beginning anew where it goes on.
fn chained(labels: &[u8]) -> Vec<u8> {
    let mut chained = labels.to_vec();
    for at in 0..chained.len() {
        let before = if at == 0 { 0 } else { chained[at - 1] };
        if !allowed(before as usize, chained[at] as usize) {
            chained[at] -= 1;
        }
    }
    chained
}

fn log_sum(values: impl Iterator<Item = f32> + Clone) -> f32 {
    let most = values.clone().fold(f32::NEG_INFINITY, f32::max);
    if most == f32::NEG_INFINITY {
        return most;
    }
    most + values.map(|value| (value - most).exp()).sum::<f32>().ln()
}

/// Rows for the features that at least `least` words have: gold words count five times.
fn choose_features(silver: &[Labelled], gold: &[Labelled], least: u32) -> HashMap<u32, u32> {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    for (documents, weight) in [(gold, 3), (silver, 1)] {
        for labelled in documents {
            for sentence in &labelled.document.sentences {
                for at in sentence.clone().filter(|at| labelled.document.words[*at].open) {
                    for key in Features::of(&labelled.document, at, sentence).keys() {
                        *counts.entry(*key).or_default() += weight;
                    }
                }
            }
        }
    }
    let mut keys: Vec<u32> =
        counts.into_iter().filter(|(_, count)| *count >= least).map(|(key, _)| key).collect();
    keys.sort_unstable();
    keys.into_iter().enumerate().map(|(row, key)| (key, row as u32)).collect()
}

/// SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        crate::analysis::tagger::document::mix(self.0)
    }

    /// 0 up to but without 1.
    fn unit(&mut self) -> f32 {
        (self.next() >> 40) as f32 / (1u64 << 24) as f32
    }

    /// About a normal distribution: the sum of twelve even ones.
    fn normal(&mut self) -> f32 {
        (0..12).map(|_| self.unit()).sum::<f32>() - 6.0
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for at in (1..items.len()).rev() {
            let other = (self.next() % (at as u64 + 1)) as usize;
            items.swap(at, other);
        }
    }
}
