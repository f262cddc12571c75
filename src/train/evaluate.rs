//! How well names, tokens and sentences agree with annotated corpora.
//!
//! In: a folder with `worldwide.dev.tsv`, `conll2003.dev.tsv` and the like. Out: tables. Each document's text is
//! rebuilt and analysed whole, as an article's body, and what the analysis says is compared by exact byte spans, so
//! that nothing between the text and the answer is left out.

use super::ablate::{Outcome, answer, table};
use super::rebuilt::{Gold, Rebuilt, documents};
use crate::analysis::analyze;
use crate::analysis::rule::{Rule, Task, without};
use crate::analysis::sentence::sentences;
use crate::analysis::token::tokens;
use crate::annotation::{Analysis, Kind};
use crate::language::Language;
use crate::text::Span;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
#[error("could not read {path}: {cause}")]
pub struct Unreadable {
    path: PathBuf,
    cause: std::io::Error,
}

/// The corpora that are looked for, by their names' beginnings; those that are not there are left out.
const CORPORA: [&str; 3] = ["worldwide", "conll2003", "politics"];

/// Right, found and wanted names of one kind.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    right: usize,
    found: usize,
    wanted: usize,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.right += other.right;
        self.found += other.found;
        self.wanted += other.wanted;
    }

    fn precision(self) -> f64 {
        100.0 * self.right as f64 / self.found.max(1) as f64
    }

    fn recall(self) -> f64 {
        100.0 * self.right as f64 / self.wanted.max(1) as f64
    }

    fn f1(self) -> f64 {
        200.0 * self.right as f64 / (self.found + self.wanted).max(1) as f64
    }
}

/// The kinds that are scored, in the order of the table.
const KINDS: [(Gold, &str); 3] =
    [(Gold::Person, "person"), (Gold::Location, "place or country"), (Gold::Org, "organisation")];

/// The table of names: exact spans by set and kind. A people (`Russian`) that an annotator marked as something other
/// than a place, and a building, called a place or an organisation, count neither for nor against. One rule can be
/// switched off.
pub fn names(folder: &Path, split: &str, rule: Option<Rule>) -> Result<String, Unreadable> {
    let mut table = String::from(
        "| set | kind | precision | recall | F1 | names |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for corpus in CORPORA {
        let Some(documents) = load(folder, corpus, split)? else { continue };
        let mut counts = [Count::default(); 3];
        for document in &documents {
            let analysis = without(rule, || analyze("", &document.text, Language::english()));
            for (sum, count) in counts.iter_mut().zip(score(document, &analysis)) {
                sum.add(count);
            }
        }
        let mut all = Count::default();
        counts.iter().for_each(|count| all.add(*count));
        for ((_, kind), count) in KINDS.iter().zip(counts).chain([(&(Gold::Other, "all"), all)]) {
            let (p, r, f, n) = (count.precision(), count.recall(), count.f1(), count.wanted);
            let _ = writeln!(table, "| {corpus}.{split} | {kind} | {p:.1} | {r:.1} | {f:.1} | {n} |");
        }
    }
    Ok(table)
}

/// The table of what each rule about names is worth: F1 over all kinds, on all corpora together and on each.
pub fn ablate(folder: &Path, split: &str) -> Result<String, Unreadable> {
    let mut corpora = Vec::new();
    for corpus in CORPORA {
        corpora.extend(load(folder, corpus, split)?.map(|documents| (corpus, documents)));
    }
    Ok(table(Task::Names, || {
        let (mut all, mut outcome) = (Count::default(), Outcome::default());
        for (corpus, documents) in &corpora {
            let mut own = Count::default();
            for (index, document) in documents.iter().enumerate() {
                let analysis = analyze("", &document.text, Language::english());
                score(document, &analysis).into_iter().for_each(|count| own.add(count));
                let answers = found(document, &analysis);
                outcome.answers.extend(
                    answers.iter().map(|(span, kind)| {
                        answer((corpus, index, span.start, span.end, format!("{kind:?}")))
                    }),
                );
            }
            all.add(own);
            outcome.scores.push((corpus, own.f1()));
        }
        outcome.scores.insert(0, ("all", all.f1()));
        outcome
    }))
}

/// The names that are wrong, one per line with the text around them.
pub fn faults(folder: &Path, split: &str) -> Result<String, Unreadable> {
    let mut lines = String::new();
    for corpus in CORPORA {
        for document in load(folder, corpus, split)?.into_iter().flatten() {
            let found = found(&document, &analyze("", &document.text, Language::english()));
            let wanted: HashSet<(Span, Gold)> = wanted(&document).collect();
            for (mark, (span, kind)) in found
                .iter()
                .filter(|name| !wanted.contains(name))
                .map(|name| ('+', *name))
                .chain(wanted.iter().filter(|name| !found.contains(name)).map(|name| ('-', *name)))
            {
                let _ = writeln!(lines, "{corpus}\t{mark}\t{kind:?}\t{}", around(&document.text, span));
            }
        }
    }
    Ok(lines)
}

/// How often an edge of a gold name falls inside a token, and how well sentence ends agree.
pub fn tokens_and_sentences(folder: &Path, split: &str) -> Result<String, Unreadable> {
    let mut table = String::from(
        "| set | edges | inside a token | sentences | precision | recall |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    for corpus in CORPORA {
        let Some(documents) = load(folder, corpus, split)? else { continue };
        let (mut edges, mut inside, mut ends) = (0, Vec::new(), Count::default());
        for document in &documents {
            let tokens = tokens(&document.text, Language::english());
            let starts: HashSet<u32> = tokens.iter().map(|token| token.span.start).collect();
            let stops: HashSet<u32> = tokens.iter().map(|token| token.span.end).collect();
            for (span, _) in &document.names {
                edges += 2;
                if !starts.contains(&span.start) || !stops.contains(&span.end) {
                    inside.push(around(&document.text, *span));
                }
            }
            let found: HashSet<usize> = sentences(&document.text, &tokens, Language::english())
                .into_iter()
                .filter_map(|range| tokens.get(range.end - 1).map(|token| token.span.end as usize))
                .collect();
            ends.found += found.len();
            ends.wanted += document.sentence_ends.len();
            ends.right += document.sentence_ends.iter().filter(|end| found.contains(end)).count();
        }
        let (cut, n, p, r) = (inside.len(), ends.wanted, ends.precision(), ends.recall());
        let _ = writeln!(table, "| {corpus}.{split} | {edges} | {cut} | {n} | {p:.1} | {r:.1} |");
        inside.iter().for_each(|line| {
            let _ = writeln!(table, "  {line}");
        });
    }
    Ok(table)
}

fn load(folder: &Path, corpus: &str, split: &str) -> Result<Option<Vec<Rebuilt>>, Unreadable> {
    let path = folder.join(format!("{corpus}.{split}.tsv"));
    match std::fs::read(&path) {
        Ok(bytes) => Ok(Some(documents(&String::from_utf8_lossy(&bytes)))),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(Unreadable { path, cause }),
    }
}

fn score(document: &Rebuilt, analysis: &Analysis) -> [Count; 3] {
    let found = found(document, analysis);
    let wanted: HashSet<(Span, Gold)> = wanted(document).collect();
    KINDS.map(|(kind, _)| Count {
        right: found.iter().filter(|name| name.1 == kind && wanted.contains(name)).count(),
        found: found.iter().filter(|name| name.1 == kind).count(),
        wanted: wanted.iter().filter(|name| name.1 == kind).count(),
    })
}

fn wanted(document: &Rebuilt) -> impl Iterator<Item = (Span, Gold)> {
    let scored = |kind: Gold| KINDS.iter().any(|(scored, _)| *scored == kind);
    document.names.iter().copied().filter(move |(_, kind)| scored(*kind))
}

/// What the analysis found, in the terms of the corpora, less what counts neither way.
fn found(document: &Rebuilt, analysis: &Analysis) -> HashSet<(Span, Gold)> {
    let mut found = HashSet::new();
    for mention in &analysis.mentions {
        let (kind, gold) = match analysis.entity(mention.entity).kind {
            Kind::Person => (Kind::Person, Gold::Person),
            kind @ (Kind::Country | Kind::Place) => (kind, Gold::Location),
            Kind::Org => (Kind::Org, Gold::Org),
        };
        let neutral = document.names.iter().any(|(span, gold)| match gold {
            Gold::Other => kind == Kind::Country && span.contains(mention.span),
            Gold::Facility => kind != Kind::Person && *span == mention.span,
            _ => false,
        });
        if !neutral {
            found.insert((mention.span, gold));
        }
    }
    found
}

/// `span` in brackets, with up to 40 bytes on both sides, on one line.
fn around(text: &str, span: Span) -> String {
    let mut from = (span.start as usize).saturating_sub(40);
    while !text.is_char_boundary(from) {
        from -= 1;
    }
    let mut to = (span.end as usize + 40).min(text.len());
    while !text.is_char_boundary(to) {
        to += 1;
    }
    let (before, after) = (&text[from..span.start as usize], &text[span.end as usize..to]);
    format!("{before}[{}]{after}", span.of(text)).replace('\n', "⏎")
}
