//! How well quotes agree with PolNeAR's attributions.
//!
//! In: a folder with `polnear.dev.jsonl` (or another split). Out: a table. PolNeAR's guide is wider than ours (it
//! marks attitudes, questions, plans and documents too), so that what is measured is: of the attributions with marked
//! words how many are found, of those with a named source how often that is the speaker, and of the plain reports by
//! a verb of saying how many are found as an indirect quote that shares half.

use super::ablate::{Outcome, answer, table};
use crate::analysis::analyze;
use crate::analysis::rule::{Rule, Task, without};
use crate::annotation::{Analysis, Quote, QuoteKind, Speaker};
use crate::language::Language;
use serde::Deserialize;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("could not read {path}: {cause}")]
    Unreadable { path: PathBuf, cause: std::io::Error },
    #[error("could not understand line {line} of {path}: {cause}")]
    Malformed { path: PathBuf, line: usize, cause: serde_json::Error },
}

/// One line of the corpus. Offsets count characters.
#[derive(Deserialize)]
struct Document {
    text: String,
    attributions: Vec<Attribution>,
}

#[derive(Deserialize)]
struct Attribution {
    source: Vec<(usize, usize)>,
    cue: Vec<(usize, usize)>,
    content: Vec<(usize, usize)>,
}

#[derive(Clone, Copy, Default)]
struct Share {
    of: usize,
    right: usize,
}

impl Share {
    fn count(&mut self, right: bool) {
        self.of += 1;
        self.right += usize::from(right);
    }

    fn percent(self) -> f64 {
        100.0 * self.right as f64 / self.of.max(1) as f64
    }
}

#[derive(Default)]
struct Table {
    marked: Share,
    named: Share,
    reports: Share,
    direct: Share,
    indirect: Share,
    answers: HashSet<u64>,
    /// What was missed or taken for another's, a line each.
    faults: String,
}

/// Verbs whose content is a report by our guide too.
const REPORTING: [&str; 17] = [
    "said",
    "says",
    "say",
    "told",
    "added",
    "saying",
    "adding",
    "announced",
    "noted",
    "warned",
    "argued",
    "claimed",
    "according",
    "insisted",
    "acknowledged",
    "explained",
    "reported",
];

/// Scores the analysis on `corpora/polnear.SPLIT.jsonl`. One rule can be switched off.
pub fn polnear(corpora: &Path, split: &str, rule: Option<Rule>) -> Result<String, Fault> {
    let documents = load(corpora, split)?;
    Ok(without(rule, || Table::of(&documents)).show())
}

/// The table of what each rule about quotes is worth.
pub fn ablate(corpora: &Path, split: &str) -> Result<String, Fault> {
    let documents = load(corpora, split)?;
    Ok(table(Task::Quotes, || {
        let table = Table::of(&documents);
        let named = 100.0 * table.named.right as f64 / table.marked.of.max(1) as f64;
        let f1 = |precision: f64, recall: f64| 2.0 * precision * recall / (precision + recall).max(1.0);
        Outcome {
            scores: vec![
                (
                    "mean",
                    (named + table.direct.percent() + f1(table.indirect.percent(), table.reports.percent()))
                        / 3.0,
                ),
                ("marked quotes found", table.marked.percent()),
                ("with the right speaker", named),
                ("direct quotes right", table.direct.percent()),
                ("reports found", table.reports.percent()),
                ("indirect quotes right", table.indirect.percent()),
            ],
            answers: table.answers,
        }
    }))
}

/// The marked quotes that were missed and the speakers that were wrong, a line each.
pub fn faults(corpora: &Path, split: &str) -> Result<String, Fault> {
    Ok(Table::of(&load(corpora, split)?).faults)
}

fn load(corpora: &Path, split: &str) -> Result<Vec<Document>, Fault> {
    let path = corpora.join(format!("polnear.{split}.jsonl"));
    let lines = fs::read_to_string(&path).map_err(|cause| Fault::Unreadable { path: path.clone(), cause })?;
    let read = |(index, line)| {
        serde_json::from_str(line).map_err(|cause| Fault::Malformed {
            path: path.clone(),
            line: index + 1,
            cause,
        })
    };
    lines.lines().enumerate().map(read).collect()
}

impl Table {
    fn of(documents: &[Document]) -> Table {
        let mut table = Table::default();
        documents.iter().enumerate().for_each(|(index, document)| table.add(index, document));
        table
    }

    fn add(&mut self, index: usize, document: &Document) {
        let text = document.text.as_str();
        let bytes: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let analysis = analyze("", text, Language::english());
        for quote in &analysis.quotes {
            self.answers.insert(answer((index, format!("{quote:?}"))));
        }
        let of_kind = |kind| analysis.quotes.iter().filter(move |quote| quote.kind == kind);
        let contents: Vec<Vec<(usize, usize)>> =
            document.attributions.iter().map(|attribution| in_bytes(&attribution.content, &bytes)).collect();
        for (attribution, content) in document.attributions.iter().zip(&contents) {
            let source = words(text, &in_bytes(&attribution.source, &bytes));
            let cue = words(text, &in_bytes(&attribution.cue, &bytes)).to_lowercase();
            let said = words(text, content);
            if said.contains(['"', '“', '”']) || said.contains("''") {
                let found =
                    of_kind(QuoteKind::Direct).find(|quote| content.iter().any(|span| touches(quote, *span)));
                self.marked.count(found.is_some());
                if found.is_none() {
                    let _ = writeln!(self.faults, "missed: {source} | {cue} | {said}");
                }
                if let Some(quote) = found.filter(|_| is_name(&source)) {
                    let ours = speaker(&analysis, quote);
                    let right = names_source(&ours, &source);
                    self.named.count(right);
                    if !right {
                        let _ = writeln!(self.faults, "speaker: {ours} for {source} | {cue} | {said}");
                    }
                }
            } else if is_report(&cue, &said) && !source.is_empty() {
                let found = of_kind(QuoteKind::Indirect).any(|quote| shares_half(quote, content));
                self.reports.count(found);
            }
        }
        for quote in of_kind(QuoteKind::Direct) {
            let right = contents.iter().flatten().any(|span| touches(quote, *span));
            self.direct.count(right);
            if !right {
                let around = text
                    .get(floor(text, quote.span.start as usize, 80)..quote.span.end as usize)
                    .unwrap_or_default();
                let _ = writeln!(self.faults, "too many: {}", around.replace('\n', " "));
            }
        }
        for quote in of_kind(QuoteKind::Indirect) {
            self.indirect.count(contents.iter().any(|content| shares_half(quote, content)));
        }
    }

    fn show(&self) -> String {
        let row = |name: &str, share: Share| format!("{name:<52}{:>6.1}  of {}\n", share.percent(), share.of);
        [
            row("marked quotes found", self.marked),
            row("their named speaker right", self.named),
            row("our direct quotes that touch an attribution", self.direct),
            row("plain reports found at overlap one half", self.reports),
            row("our indirect quotes that are attributions", self.indirect),
        ]
        .concat()
    }
}

/// `at` less `back`, moved to the boundary of a character.
fn floor(text: &str, at: usize, back: usize) -> usize {
    let wanted = at.saturating_sub(back);
    (0..=wanted).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0)
}

fn in_bytes(spans: &[(usize, usize)], bytes: &[usize]) -> Vec<(usize, usize)> {
    let at = |character: usize| bytes.get(character).or(bytes.last()).copied().unwrap_or(0);
    spans.iter().map(|(start, end)| (at(*start), at(*end))).collect()
}

fn words(text: &str, spans: &[(usize, usize)]) -> String {
    let parts: Vec<&str> = spans.iter().filter_map(|(start, end)| text.get(*start..*end)).collect();
    parts.join(" ")
}

fn touches(quote: &Quote, (start, end): (usize, usize)) -> bool {
    (quote.span.start as usize) < end && start < quote.span.end as usize
}

/// Intersection over union of at least a half, with one part of the content or with all of it.
fn shares_half(quote: &Quote, content: &[(usize, usize)]) -> bool {
    let (Some(first), Some(last)) = (content.first(), content.last()) else { return false };
    let whole = (first.0, last.1.max(first.0));
    content.iter().chain([&whole]).any(|(start, end)| {
        let (from, to) = (quote.span.start as usize, quote.span.end as usize);
        let both = to.min(*end).saturating_sub(from.max(*start));
        2 * both >= to.max(*end) - from.min(*start)
    })
}

fn is_report(cue: &str, said: &str) -> bool {
    let finite =
        !["to ", "whether ", "how ", "why ", "what ", "if "].iter().any(|start| said.starts_with(start));
    finite
        && said.split_whitespace().count() > 3
        && cue.split_whitespace().any(|word| REPORTING.contains(&word))
}

/// Whether the source has a word with a capital that is no pronoun or article.
fn is_name(source: &str) -> bool {
    let small = ["The", "This", "His", "Her", "They", "She", "Many", "Some", "One", "Both", "Its"];
    source.split_whitespace().any(|word| {
        let bare = word.trim_matches(|c: char| !c.is_alphabetic());
        bare.len() > 2 && bare.starts_with(char::is_uppercase) && !small.contains(&bare)
    })
}

fn speaker(analysis: &Analysis, quote: &Quote) -> String {
    match &quote.speaker {
        Some(Speaker::Entity(entity)) => analysis.entity(*entity).name.clone(),
        Some(Speaker::Description(words)) => words.clone(),
        None => String::new(),
    }
}

fn names_source(speaker: &str, source: &str) -> bool {
    let mut parts = speaker.split(|c: char| !c.is_alphanumeric());
    parts.any(|part| part.len() > 2 && part.starts_with(char::is_uppercase) && source.contains(part))
}
