//! Measures how well and how fast near-duplicates are found.
//!
//! Run it with `DATELINE_CORPORA=FOLDER cargo bench --bench similar`, where FOLDER contains `reuters21578.jsonl`. It
//! makes copies of real articles as editors do (sentences dropped from the end and from within, words exchanged, the
//! dateline rewritten). It reports how many copies are found among all articles, how many of the pairs found are not
//! copies by their exact similarity, and the speed. Without a folder it only prints how to set one.

use dateline::exports::similar::{Signature, THRESHOLD};
use std::collections::{HashMap, HashSet};
use std::time::Instant;

fn main() {
    let Some(folder) = std::env::var_os("DATELINE_CORPORA") else {
        println!("set DATELINE_CORPORA to a folder that contains reuters21578.jsonl");
        return;
    };
    let path = std::path::Path::new(&folder).join("reuters21578.jsonl");
    let text = std::fs::read_to_string(&path).expect("the corpus is readable");
    let bodies: Vec<String> = text
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|value| {
            value["body"].as_str().map(|body| body.split_whitespace().collect::<Vec<_>>().join(" "))
        })
        .filter(|body| body.split(' ').count() >= 80)
        .collect();
    let start = Instant::now();
    let signatures: Vec<Option<Signature>> = bodies.iter().map(|body| Signature::of(body)).collect();
    let bytes: usize = bodies.iter().map(String::len).sum();
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{} articles, {:.0} articles/s, {:.0} MB/s",
        bodies.len(),
        bodies.len() as f64 / seconds,
        bytes as f64 / seconds / 1e6
    );

    let mut index: HashMap<u64, Vec<usize>> = HashMap::new();
    for (n, signature) in signatures.iter().enumerate() {
        for band in signature.iter().flat_map(Signature::bands) {
            index.entry(band).or_default().push(n);
        }
    }
    for (name, edit) in [
        ("untouched", Edit { tail: 0.0, drop: 0.0, swap: 0.0 }),
        ("cut by a tenth", Edit { tail: 0.1, drop: 0.0, swap: 0.0 }),
        ("cut by a quarter", Edit { tail: 0.25, drop: 0.0, swap: 0.0 }),
        ("1 word in 50 exchanged, a tenth cut", Edit { tail: 0.1, drop: 0.0, swap: 0.02 }),
        ("1 word in 20 exchanged", Edit { tail: 0.0, drop: 0.0, swap: 0.05 }),
        ("1 sentence in 8 dropped, a tenth cut", Edit { tail: 0.1, drop: 0.125, swap: 0.01 }),
    ] {
        let (mut found, mut tried) = (0, 0);
        for (n, body) in bodies.iter().enumerate().step_by(7) {
            let Some(copy) = Signature::of(&edit.apply(body, n as u64)) else { continue };
            tried += 1;
            let candidates = copy.bands().into_iter().filter_map(|band| index.get(&band)).flatten();
            found += usize::from(candidates.copied().collect::<HashSet<_>>().into_iter().any(|other| {
                other == n && signatures[other].is_some_and(|signature| signature.alike(&copy))
            }));
        }
        println!("{name}: {:.1} % of {tried} copies found", 100.0 * f64::from(found as u32) / tried as f64);
    }
    let mut pairs = HashSet::new();
    for group in index.values().filter(|group| group.len() > 1) {
        for (i, a) in group.iter().enumerate() {
            pairs.extend(group[i + 1..].iter().map(|b| (*a, *b)));
        }
    }
    let judged: Vec<f32> = pairs
        .iter()
        .filter(|(a, b)| matches!((signatures[*a], signatures[*b]), (Some(a), Some(b)) if a.alike(&b)))
        .map(|(a, b)| exact(&bodies[*a], &bodies[*b]))
        .collect();
    let wrong = judged.iter().filter(|similarity| **similarity < THRESHOLD - 0.15).count();
    println!(
        "within the corpus itself: {} candidate pairs, {} considered alike, {wrong} of them below {:.2} in truth",
        pairs.len(),
        judged.len(),
        THRESHOLD - 0.15
    );
}

/// The changes that an editor makes to an agency's article, as shares of its sentences or words.
struct Edit {
    tail: f64,
    drop: f64,
    swap: f64,
}

impl Edit {
    fn apply(&self, body: &str, seed: u64) -> String {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut chance = || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) as f64 / (1u64 << 53) as f64
        };
        let mut sentences: Vec<&str> = body.split_inclusive(". ").collect();
        let kept = (sentences.len() as f64 * (1.0 - self.tail)).ceil() as usize;
        sentences.truncate(kept.max(1));
        let words: Vec<&str> =
            sentences.iter().filter(|_| chance() >= self.drop).flat_map(|s| s.split(' ')).collect::<Vec<_>>();
        let mut copy = String::from("OSLO, Jan 5 (Wire) - ");
        for word in words {
            copy.push_str(if chance() < self.swap { "another" } else { word });
            copy.push(' ');
        }
        copy
    }
}

/// The exact share of common shingles of four words (the Jaccard index).
fn exact(a: &str, b: &str) -> f32 {
    let shingles = |text: &str| -> HashSet<String> {
        let lower = text.to_lowercase();
        let words: Vec<&str> =
            lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
        words.windows(4).map(|words| words.join(" ")).collect()
    };
    let (a, b) = (shingles(a), shingles(b));
    let common = a.intersection(&b).count();
    common as f32 / (a.len() + b.len() - common).max(1) as f32
}
