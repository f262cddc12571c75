//! The name tagger: which runs of words name a person, a location or an organisation.
//!
//! In: an article as a [`Document`]. Out: [`Name`]s over its words. A label's score is a sum: a linear part over
//! sparse features and a small net over word vectors; the best sequence of labels is found by Viterbi's
//! algorithm (a linear-chain CRF); then each word leans towards what it is taken for elsewhere in the article,
//! and the best sequence is found again. Integer arithmetic throughout: the same names on every machine.
//! Only words that are written like part of a name, and their neighbours, are scored.
//! Must not know countries, nor which names are the same.

mod chain;
pub mod document;
pub mod features;
pub mod model;
mod net;
mod own;
mod packed;
mod sums;
mod votes;

#[cfg(feature = "train")]
pub use net::{STRETCH, context_words, each_gram, fold, is_composed};

use crate::language::Language;
use document::Document;
use features::Features;
use model::{LABELS, Model, ModelError};
use net::Net;
use own::Own;
use std::ops::Range;
use std::sync::LazyLock;
use votes::Votes;

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
    /// By how much the best label of its first word beats the label outside, in 1/1024 of a unit of log-odds.
    pub margin: i32,
}

/// The tagger with its model and its working memory. One for each thread.
pub struct Tagger<'m> {
    model: &'m Model,
    net: Net,
    own: Own,
    runs: Vec<Run>,
    /// Of the words of all runs, one run behind the other; so are `labels`.
    scores: Vec<[i32; LABELS]>,
    labels: Vec<u8>,
    back: Vec<[u8; LABELS]>,
    votes: Votes,
}

/// Words of one sentence that are scored, side by side.
struct Run {
    words: Range<usize>,
    /// Where its scores and labels start.
    at: usize,
}

impl Run {
    fn scores(&self) -> Range<usize> {
        self.at..self.at + self.words.len()
    }
}

impl<'m> Tagger<'m> {
    pub fn new(model: &'m Model) -> Tagger<'m> {
        let (net, votes) = (Net::new(model), Votes::default());
        Tagger {
            model,
            net,
            own: Own::new(),
            runs: Vec::new(),
            scores: Vec::new(),
            labels: Vec::new(),
            back: Vec::new(),
            votes,
        }
    }

    /// The names of a finished `document`, ascending and disjoint, none across sentences.
    pub fn tag(&mut self, document: &Document) -> Vec<Name> {
        self.score(document);
        self.votes.clear(document);
        for run in &self.runs {
            let (scores, labels) = (&self.scores[run.scores()], &mut self.labels[run.scores()]);
            chain::best_labels(&self.model.transitions, scores, &mut self.back, labels);
            self.votes.count(document, run.words.clone(), scores, labels);
        }
        let mut names = Vec::new();
        for run in &self.runs {
            let (scores, labels) = (&mut self.scores[run.scores()], &mut self.labels[run.scores()]);
            if self.votes.lean(document, run.words.clone(), scores, labels) {
                chain::best_labels(&self.model.transitions, scores, &mut self.back, labels);
            }
            add_names(run.words.start, scores, labels, &mut names);
        }
        names
    }

    /// Finds the runs of a document and scores their words.
    fn score(&mut self, document: &Document) {
        self.runs.clear();
        self.scores.clear();
        self.net.start(self.model, document);
        for (index, sentence) in document.sentences.iter().enumerate() {
            let mut at = sentence.start;
            let mut entered = false;
            while at < sentence.end {
                if !document.words[at].open {
                    at += 1;
                    continue;
                }
                if !entered {
                    self.net.enter(self.model, document, index);
                    entered = true;
                }
                let (start, scores_at) = (at, self.scores.len());
                while at < sentence.end && document.words[at].open {
                    let mut scores = self.net.scores(self.model, document, at, sentence);
                    self.own.add(self.model, document, at, &mut scores);
                    self.model.add_features(Features::beside(document, at, sentence).keys(), &mut scores);
                    self.scores.push(scores);
                    at += 1;
                }
                self.runs.push(Run { words: start..at, at: scores_at });
            }
        }
        self.labels.clear();
        self.labels.resize(self.scores.len(), 0);
    }
}

/// The names that `labels` tell, of the words from `start` on.
fn add_names(start: usize, scores: &[[i32; LABELS]], labels: &[u8], names: &mut Vec<Name>) {
    const KINDS: [NameKind; 4] =
        [NameKind::Person, NameKind::Location, NameKind::Organization, NameKind::Other];
    let mut at = 0;
    while at < labels.len() {
        let (first, label) = (at, labels[at]);
        at += 1;
        if label == 0 {
            continue;
        }
        while at < labels.len() && labels[at] == label + 1 {
            at += 1;
        }
        let kind = KINDS[(label as usize - 1) / 2];
        let margin = scores[first][label as usize] - scores[first][0];
        names.push(Name { words: start + first..start + at, kind, margin });
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

/// The model that the program carries for a language, or why it cannot be used. Unpacked on the first call (two to three
/// milliseconds).
pub fn shipped(language: Language) -> Result<&'static Model, &'static ModelError> {
    static MODEL: LazyLock<Result<Model, ModelError>> =
        LazyLock::new(|| Model::read(include_bytes!("../../../assets/tagger.bin")));
    // A second language gets its own model here, by its code.
    let _ = language;
    MODEL.as_ref()
}
