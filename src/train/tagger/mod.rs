//! Teaches the name tagger, writes its model and scores it.

mod corpus;
mod learn;
mod vectors;

use crate::analysis::tagger::document::CASES;
use crate::analysis::tagger::model::{self, CONTEXTS, FLAGS, LABELS, Model};
use crate::analysis::tagger::{NameKind, Tagger};
use corpus::Labelled;
pub use learn::Plan;
use learn::{Learner, Weights};
use std::collections::BTreeSet;
use std::path::Path;
use vectors::Vectors;

/// Words whose vectors are kept.
const WORDS: usize = 90_000;
/// Sparse features that are kept.
const FEATURES: usize = 90_000;

/// Which corpora are learnt from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Diet {
    pub conll: bool,
    pub silver: bool,
    /// Learn from the dev files as well: for the shipped model, once the design is settled.
    pub dev: bool,
}

/// Learns from the corpora in `data` and writes the model to `out`; scores it on the dev files after each pass.
pub fn train(data: &Path, out: &Path, diet: Diet, plan: Plan) -> std::io::Result<()> {
    let ner = data.join("ner");
    let mut vectors = Vectors::read(&data.join("vectors"), WORDS)?;
    eprintln!("{} words with vectors", vectors.keys.len());
    let mut gold = corpus::read(&ner.join("worldwide.train.tsv"))?;
    if diet.conll {
        gold.extend(corpus::read(&ner.join("conll2003.train.tsv"))?);
    }
    if diet.dev {
        gold.extend(corpus::read(&ner.join("worldwide.dev.tsv"))?);
        if diet.conll {
            gold.extend(corpus::read(&ner.join("conll2003.dev.tsv"))?);
        }
    }
    let silver = if diet.silver { corpus::read(&ner.join("silver.tsv"))? } else { Vec::new() };
    let dev = [
        ("Worldwide", corpus::read(&ner.join("worldwide.dev.tsv"))?),
        ("CoNLL-2003", corpus::read(&ner.join("conll2003.dev.tsv"))?),
    ];
    vectors.adopt(&gold);
    vectors.adopt(&silver);
    let passes = plan.silver_passes + plan.gold_passes;
    let mut pass = 0;
    let weights = Learner::learn(&silver, &gold, &vectors, plan, |name, weights| {
        pass += 1;
        if pass % 2 == 0 || pass == passes {
            eprintln!("{name}");
            match write(weights, &vectors) {
                Ok(file) => score(leak(file), &dev),
                Err(error) => eprintln!("{error}"),
            }
        }
    });
    let file = write(&weights, &vectors)?;
    std::fs::write(out, &file)?;
    eprintln!("{} bytes", file.len());
    Ok(())
}

/// Scores the model in `file` on the dev files in `data`.
pub fn evaluate(data: &Path, file: &Path) -> std::io::Result<()> {
    let ner = data.join("ner");
    let dev = [
        ("Worldwide", corpus::read(&ner.join("worldwide.dev.tsv"))?),
        ("CoNLL-2003", corpus::read(&ner.join("conll2003.dev.tsv"))?),
    ];
    score(leak(std::fs::read(file)?), &dev);
    Ok(())
}

/// Models are read from memory that lives as long as the program.
fn leak(file: Vec<u8>) -> &'static [u8] {
    Box::leak(file.into_boxed_slice())
}

fn score(file: &'static [u8], sets: &[(&str, Vec<Labelled>)]) {
    let model = match Model::read(file) {
        Ok(model) => model,
        Err(error) => return eprintln!("the model cannot be used: {error}"),
    };
    let mut tagger = Tagger::new(&model);
    let kinds = [NameKind::Person, NameKind::Location, NameKind::Organization, NameKind::Other];
    for (name, documents) in sets {
        let mut counts = [[0usize; 3]; 4];
        for labelled in documents {
            let gold: BTreeSet<(usize, usize, u8)> = Labelled::names(&labelled.labels)
                .into_iter()
                .map(|(words, kind)| (words.start, words.end, kind))
                .collect();
            let found: BTreeSet<(usize, usize, u8)> = tagger
                .tag(&labelled.document)
                .into_iter()
                .map(|name| {
                    (
                        name.words.start,
                        name.words.end,
                        kinds.iter().position(|kind| *kind == name.kind).unwrap_or(3) as u8,
                    )
                })
                .collect();
            for kind in 0..4u8 {
                let of =
                    |set: &BTreeSet<(usize, usize, u8)>| set.iter().filter(|name| name.2 == kind).count();
                counts[kind as usize][0] += gold.intersection(&found).filter(|name| name.2 == kind).count();
                counts[kind as usize][1] += of(&found);
                counts[kind as usize][2] += of(&gold);
            }
        }
        let f1 = |[right, found, gold]: [usize; 3]| 200.0 * right as f64 / (found + gold).max(1) as f64;
        let all = (0..3).fold([0; 3], |sum, kind| std::array::from_fn(|n| sum[n] + counts[kind][n]));
        println!(
            "{name:<12} all {:.2} (P {:.1} R {:.1})  person {:.2}  location {:.2}  organization {:.2}  other {:.2}",
            f1(all),
            100.0 * all[0] as f64 / all[1].max(1) as f64,
            100.0 * all[0] as f64 / all[2].max(1) as f64,
            f1(counts[0]),
            f1(counts[1]),
            f1(counts[2]),
            f1(counts[3])
        );
    }
}

/// The model's file, in integers.
fn write(weights: &Weights, vectors: &Vectors) -> std::io::Result<Vec<u8>> {
    let (mut sizes, mut out) = (Vec::new(), Vec::new());
    let fixed = |value: f32, scale: f32, most: f32| ((value * scale).round().clamp(-most, most)) as i32;
    let i16s = |values: &[f32], scale: f32, most: f32, out: &mut Vec<u8>| {
        for value in values {
            out.extend_from_slice(&(fixed(*value, scale, most) as i16).to_le_bytes());
        }
    };
    let mut chosen: Vec<(u32, u32)> = weights.features.iter().map(|(key, row)| (*key, *row)).collect();
    let strength = |row: u32| {
        weights.sparse[row as usize * LABELS..][..LABELS]
            .iter()
            .fold(0.0f32, |most, weight| most.max(weight.abs()))
    };
    chosen.sort_by(|a, b| strength(b.1).total_cmp(&strength(a.1)).then(a.0.cmp(&b.0)));
    chosen.truncate(FEATURES);
    chosen.sort_unstable();
    for size in [
        vectors.keys.len(),
        vectors.dimensions,
        vectors.parts,
        weights.window,
        weights.hidden,
        chosen.len(),
        vectors.grams.len() / vectors.dimensions,
        LABELS,
    ] {
        sizes.extend_from_slice(&(size as u32).to_le_bytes());
    }
    i16s(&weights.transitions, 1024.0, 32767.0, &mut out);
    out.extend(vectors.codebook.iter().map(|value| value.cast_unsigned()));
    vectors.keys.iter().for_each(|key| out.extend_from_slice(&key.to_le_bytes()));
    out.extend_from_slice(&vectors.codes);
    out.extend(vectors.grams.iter().map(|value| value.cast_unsigned()));
    let rows = (weights.window + CONTEXTS) * (weights.dimensions + CASES) + FLAGS;
    debug_assert_eq!(weights.first.len(), rows * weights.hidden);
    // A bound under which the sum of a whole window stays within 32 bits.
    i16s(&weights.first, 4096.0, 12000.0, &mut out);
    for bias in &weights.first_bias {
        out.extend_from_slice(&fixed(*bias, 131_072.0, 1e9).to_le_bytes());
    }
    i16s(&weights.second, 2048.0, 4095.0, &mut out);
    for bias in &weights.second_bias {
        out.extend_from_slice(&fixed(*bias, 1024.0, 1e6).to_le_bytes());
    }
    for (key, _) in &chosen {
        out.extend_from_slice(&key.to_le_bytes());
    }
    for (_, row) in &chosen {
        i16s(&weights.sparse[*row as usize * LABELS..][..LABELS], 1024.0, 32767.0, &mut out);
    }
    model::write(&sizes, &out)
}
