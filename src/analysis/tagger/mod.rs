//! The name tagger: which runs of words name a person, a location or an organisation.
//!
//! In: an article as a [`Document`]. Out: [`Name`]s over its words. A label's score is a sum: a linear part over
//! sparse features and a small net over word vectors; the best sequence of labels is found by Viterbi's
//! algorithm (a linear-chain CRF). Integer arithmetic throughout: the same names on every machine.
//! Only words that are written like part of a name, and their neighbours, are scored.
//! Must not know countries, nor which names are the same.

pub mod document;
pub mod features;
pub mod model;
mod net;

pub use net::fold;

use document::Document;
use features::Features;
use model::{LABELS, Model, ModelError};
use net::Net;
use std::ops::Range;

/// What a name is taken for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NameKind {
    Person,
    Location,
    Organization,
    /// Peoples, events, products, works: named, but nothing that is marked.
    Other,
}

/// A run of words that is a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Indices into [`Document::words`].
    pub words: Range<usize>,
    pub kind: NameKind,
    /// By how much the best label of its first word beats the label outside, in [`SCALE`]ths.
    pub margin: i32,
}

/// Scores are in 1/1024 of a unit of log-odds.
pub const SCALE: i32 = 1024;

/// The tagger with its model and its working memory. One for each thread.
pub struct Tagger<'m> {
    model: &'m Model,
    net: Net,
    scores: Vec<[i32; LABELS]>,
    back: Vec<[u8; LABELS]>,
}

impl<'m> Tagger<'m> {
    pub fn new(model: &'m Model) -> Tagger<'m> {
        Tagger { model, net: Net::new(model), scores: Vec::new(), back: Vec::new() }
    }

    /// The names of a finished `document`, ascending and disjoint, none across sentences.
    pub fn tag(&mut self, document: &Document) -> Vec<Name> {
        let mut names = Vec::new();
        self.net.start(self.model, document);
        for sentence in &document.sentences {
            let mut at = sentence.start;
            while at < sentence.end {
                if !document.words[at].open {
                    at += 1;
                    continue;
                }
                let start = at;
                while at < sentence.end && document.words[at].open {
                    at += 1;
                }
                self.tag_run(document, start..at, sentence, &mut names);
            }
        }
        names
    }

    fn tag_run(
        &mut self,
        document: &Document,
        run: Range<usize>,
        sentence: &Range<usize>,
        names: &mut Vec<Name>,
    ) {
        self.scores.clear();
        for at in run.clone() {
            let mut scores = self.net.scores(self.model, document, at, sentence);
            for key in Features::of(document, at, sentence).keys() {
                self.model.add_feature(*key, &mut scores);
            }
            self.scores.push(scores);
        }
        let labels = self.best_labels();
        let mut at = 0;
        while at < labels.len() {
            let label = labels[at];
            let start = at;
            at += 1;
            if label == 0 {
                continue;
            }
            while at < labels.len() && labels[at] == label + 1 {
                at += 1;
            }
            let kind = [NameKind::Person, NameKind::Location, NameKind::Organization, NameKind::Other]
                [(label as usize - 1) / 2];
            let scores = &self.scores[start];
            let margin = scores[label as usize] - scores[0];
            names.push(Name { words: run.start + start..run.start + at, kind, margin });
        }
    }

    /// Viterbi's algorithm over `self.scores`. An inside label follows only its own beginning or inside.
    fn best_labels(&mut self) -> Vec<u8> {
        let transition = |from: usize, to: usize| i32::from(self.model.transitions[from * (LABELS + 1) + to]);
        let mut best = [0; LABELS];
        self.back.clear();
        for (at, scores) in self.scores.iter().enumerate() {
            let mut next = [i32::MIN / 2; LABELS];
            let mut back = [0u8; LABELS];
            for (to, next) in next.iter_mut().enumerate() {
                if at == 0 {
                    *next = if is_inside(to) { i32::MIN / 2 } else { transition(LABELS, to) };
                } else {
                    for from in (0..LABELS).filter(|from| allowed(*from, to)) {
                        let score = best[from] + transition(from, to);
                        if score > *next {
                            (*next, back[to]) = (score, from as u8);
                        }
                    }
                }
                *next = (*next + scores[to]).max(i32::MIN / 2);
            }
            best = next;
            self.back.push(back);
        }
        for (from, best) in best.iter_mut().enumerate() {
            *best += transition(from, LABELS);
        }
        let mut label =
            (0..LABELS).max_by_key(|label| (best[*label], std::cmp::Reverse(*label))).unwrap_or(0) as u8;
        let mut labels = vec![0; self.scores.len()];
        for at in (0..labels.len()).rev() {
            labels[at] = label;
            label = self.back[at][label as usize];
        }
        labels
    }
}

/// Whether `label` goes on with a name.
pub fn is_inside(label: usize) -> bool {
    label > 0 && label.is_multiple_of(2)
}

/// Whether label `to` may follow label `from`.
pub fn allowed(from: usize, to: usize) -> bool {
    !is_inside(to) || from == to || from + 1 == to
}

/// Reads the model that the program carries, or says why it cannot be used.
pub fn read(file: &'static [u8]) -> Result<Model, ModelError> {
    Model::read(file)
}
