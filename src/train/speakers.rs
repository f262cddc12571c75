//! How well speakers agree with articles that were labelled by reading.
//!
//! In: `read.jsonl`, which gives for each article its quoted passages with their speakers, and the folder of the
//! articles. Out: the share of passages whose speaker is right, wrong, not named, or missed, and how many passages that
//! are nobody's words are taken for quotes. A name is right where the words of one are among those of the other.

use super::ablate::{Outcome, answer, table};
use super::quotes::Fault;
use crate::analysis::analyze;
use crate::analysis::rule::{Rule, Task, without};
use crate::annotation::{Analysis, Field, Quote, QuoteKind, Speaker};
use crate::article::Article;
use crate::formats::{self, Origin};
use crate::language::Language;
use crate::text::fold;
use chrono::DateTime;
use serde::Deserialize;
use std::collections::HashMap;
use std::fs;
use std::path::Path;

/// One line of the labels.
#[derive(Deserialize)]
struct Labels {
    file: Option<String>,
    url: Option<String>,
    quotes: Vec<Label>,
}

/// One passage in quotation marks.
#[derive(Deserialize)]
struct Label {
    text: String,
    /// Characters into the body, which distinguish equal passages.
    start: usize,
    speaker: Option<String>,
    /// `none`: nobody's words.
    kind: String,
}

/// A labelled article with the bytes where each passage stands.
struct Labelled {
    article: Article,
    labels: Vec<(usize, Label)>,
}

#[derive(Clone, Copy, Default)]
struct Tally {
    quotes: usize,
    right: usize,
    wrong: usize,
    silent: usize,
    missed: usize,
    invented: usize,
    nobodys: usize,
}

/// The scores in a line, without one rule if asked.
pub fn score(labels: &Path, articles: &Path, rule: Option<Rule>) -> Result<String, Fault> {
    let labelled = read(labels, articles)?;
    let (tally, _) = without(rule, || evaluate(&labelled));
    let of = |count: usize| 100.0 * count as f64 / tally.quotes.max(1) as f64;
    Ok(format!(
        "{} articles, {} quotes: right {:.1} %, wrong {:.1} %, silent {:.1} %, missed {:.1} %, invented {} of {} that \
         are nobody's words",
        labelled.len(),
        tally.quotes,
        of(tally.right),
        of(tally.wrong),
        of(tally.silent),
        of(tally.missed),
        tally.invented,
        tally.nobodys
    ))
}

/// The table of what each rule about quotes is worth.
pub fn ablate(labels: &Path, articles: &Path) -> Result<String, Fault> {
    let labelled = read(labels, articles)?;
    Ok(table(Task::Quotes, || {
        let (tally, answers) = evaluate(&labelled);
        let of = |count: usize| 100.0 * count as f64 / tally.quotes.max(1) as f64;
        let net = of(tally.right) - of(tally.wrong + tally.invented);
        Outcome {
            scores: vec![("right less wrong", net), ("right", of(tally.right))],
            answers: answers.collect(),
        }
    }))
}

fn evaluate(labelled: &[Labelled]) -> (Tally, impl Iterator<Item = u64> + use<>) {
    let mut tally = Tally::default();
    let mut answers = Vec::new();
    for (index, one) in labelled.iter().enumerate() {
        let analysis = analyze(&one.article.title, &one.article.body, Language::english());
        for quote in &analysis.quotes {
            answers.push(answer((index, format!("{quote:?}"))));
        }
        one.labels.iter().for_each(|(start, label)| tally.add(&analysis, *start, label));
    }
    (tally, answers.into_iter())
}

impl Tally {
    fn add(&mut self, analysis: &Analysis, start: usize, label: &Label) {
        let end = start + label.text.len();
        let overlap = |quote: &Quote| {
            let (from, to) = (quote.span.start as usize, quote.span.end as usize);
            to.min(end).saturating_sub(from.max(start))
        };
        let direct = |quote: &&Quote| quote.kind == QuoteKind::Direct && quote.field == Field::Body;
        let found = analysis.quotes.iter().filter(direct).max_by_key(|quote| overlap(quote));
        let found = found.filter(|quote| overlap(quote) * 2 >= label.text.len().min(400));
        let Some(wanted) = label.speaker.as_deref().filter(|_| label.kind != "none") else {
            if label.kind == "none" {
                self.nobodys += 1;
                self.invented += usize::from(found.is_some());
            }
            return;
        };
        self.quotes += 1;
        match found.map(|quote| quote.speaker.as_ref()) {
            None => self.missed += 1,
            Some(None) => self.silent += 1,
            Some(Some(speaker)) if is_same(analysis, speaker, wanted) => self.right += 1,
            Some(Some(_)) => self.wrong += 1,
        }
    }
}

/// Whether the words of one name are among those of the other.
fn is_same(analysis: &Analysis, speaker: &Speaker, wanted: &str) -> bool {
    let wanted = fold::words(wanted);
    let within = |a: &[String], b: &[String]| !a.is_empty() && a.iter().all(|word| b.contains(word));
    let same = |name: &str| {
        let name = fold::words(name);
        within(&name, &wanted) || within(&wanted, &name)
    };
    match speaker {
        Speaker::Description(words) => {
            fold::words(words).iter().any(|word| word.len() > 3 && wanted.contains(word))
        }
        Speaker::Entity(index) => {
            let entity = analysis.entity(*index);
            same(&entity.name) || entity.code.is_some_and(|code| same(code.as_str()))
        }
    }
}

fn read(labels: &Path, articles: &Path) -> Result<Vec<Labelled>, Fault> {
    let text = open(labels)?;
    let mut by_url: HashMap<String, Article> = HashMap::new();
    let wikinews = articles.join("wikinews.jsonl");
    for article in parse(&wikinews, &open(&wikinews)?) {
        by_url.extend(article.url.clone().map(|url| (url, article)));
    }
    let mut labelled = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let labels: Labels = serde_json::from_str(line).map_err(|cause| Fault::Malformed {
            path: labels.to_owned(),
            line: index + 1,
            cause,
        })?;
        let article = match (&labels.file, &labels.url) {
            (Some(file), _) => {
                let path = articles.join(file);
                parse(&path, &open(&path)?).into_iter().next()
            }
            (None, Some(url)) => by_url.get(url).cloned(),
            (None, None) => None,
        };
        let Some(article) = article else { continue };
        let labels =
            labels.quotes.into_iter().filter_map(|label| Some((place(&article.body, &label)?, label)));
        labelled.push(Labelled { labels: labels.collect(), article });
    }
    Ok(labelled)
}

/// The byte where a passage stands: of equal ones the nearest to where it stood when it was labelled.
fn place(body: &str, label: &Label) -> Option<usize> {
    let wanted = body.char_indices().nth(label.start).map_or(body.len(), |(at, _)| at);
    body.match_indices(&label.text).map(|(at, _)| at).min_by_key(|at| at.abs_diff(wanted))
}

pub(super) fn open(path: &Path) -> Result<String, Fault> {
    fs::read(path)
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .map_err(|cause| Fault::Unreadable { path: path.to_owned(), cause })
}

pub(super) fn parse(path: &Path, text: &str) -> Vec<Article> {
    let path = Some(path.display().to_string());
    formats::read(text.as_bytes(), &Origin { path, source: String::new(), time: DateTime::UNIX_EPOCH }).0
}
