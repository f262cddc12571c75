//! How well reported clauses agree with those that were labelled by reading.
//!
//! In: articles with labelled clauses. Out: precision, recall and F1, for the articles that may be read apart from those
//! that are only counted. A clause is found where an indirect quote shares at least half of each of the two spans with
//! it; each is used once.

use super::labels::{self, Labelled};
use crate::analysis::analyze;
use crate::analysis::rule::{Rule, Task, without};
use crate::annotation::{Field, QuoteKind};
use crate::language::Language;
use crate::train::quotes::Fault;
use std::fmt::Write as _;
use std::path::Path;

/// Found, given and wanted clauses.
#[derive(Clone, Copy, Default)]
struct Count {
    found: usize,
    given: usize,
    wanted: usize,
}

impl Count {
    fn add(&mut self, other: Count) {
        self.found += other.found;
        self.given += other.given;
        self.wanted += other.wanted;
    }

    fn precision(self) -> f64 {
        100.0 * self.found as f64 / self.given.max(1) as f64
    }

    fn recall(self) -> f64 {
        100.0 * self.found as f64 / self.wanted.max(1) as f64
    }

    fn f1(self) -> f64 {
        200.0 * self.found as f64 / (self.given + self.wanted).max(1) as f64
    }
}

/// The scores on `quotes/reported.jsonl` in the folder `data`. One rule can be switched off.
pub fn score(data: &Path, rule: Option<Rule>) -> Result<String, Fault> {
    let articles = labels::read(&data.join("quotes").join("reported.jsonl"), data)?;
    let halves = without(rule, || count(&articles));
    let mut all = halves[0];
    all.add(halves[1]);
    let mut table =
        String::from("| articles | precision | recall | F1 | clauses |\n| --- | --- | --- | --- | --- |\n");
    for (name, count) in [("may be read", halves[0]), ("are held", halves[1]), ("all", all)] {
        let (p, r, f) = (count.precision(), count.recall(), count.f1());
        let _ = writeln!(table, "| {name} | {p:.1} | {r:.1} | {f:.1} | {} |", count.wanted);
    }
    Ok(table)
}

/// What each rule about quotes changes in F1, of both halves: those that change nothing are left out.
pub fn ablate(data: &Path) -> Result<String, Fault> {
    let articles = labels::read(&data.join("quotes").join("reported.jsonl"), data)?;
    let [read, held] = without(None, || count(&articles));
    let mut table = String::from("| rule | read | held |\n| --- | --- | --- |\n");
    for rule in Rule::ALL.iter().copied().filter(|rule| rule.task() == Task::Quotes) {
        let [one, other] = without(Some(rule), || count(&articles));
        let change = (one.f1() - read.f1(), other.f1() - held.f1());
        if change != (0.0, 0.0) {
            let _ = writeln!(table, "| {} | {:+.2} | {:+.2} |", rule.id(), change.0, change.1);
        }
    }
    Ok(table)
}

/// The counts of the articles that may be read, and of the others.
fn count(articles: &[Labelled]) -> [Count; 2] {
    let mut halves = [Count::default(); 2];
    for labelled in articles {
        halves[usize::from(!labelled.is_read())].add(of_article(labelled));
    }
    halves
}

fn of_article(labelled: &Labelled) -> Count {
    let article = &labelled.article;
    let analysis = analyze(&article.title, &article.body, Language::english());
    let given = analysis
        .quotes
        .iter()
        .filter(|quote| quote.kind == QuoteKind::Indirect && quote.field == Field::Body)
        .map(|quote| (quote.span.start as usize, quote.span.end as usize));
    let given: Vec<(usize, usize)> = given.collect();
    let mut pairs = Vec::new();
    for (index, (start, label)) in labelled.labels.iter().enumerate() {
        let end = start + label.text.len();
        for (other, (from, to)) in given.iter().enumerate() {
            let shared = end.min(*to).saturating_sub(*start.max(from));
            if 2 * shared >= label.text.len().max(to - from) {
                pairs.push((std::cmp::Reverse(shared), index, other));
            }
        }
    }
    pairs.sort_unstable();
    let (mut used, mut hit) = (vec![false; given.len()], vec![false; labelled.labels.len()]);
    for (_, index, other) in pairs {
        if !used[other] && !hit[index] {
            (used[other], hit[index]) = (true, true);
        }
    }
    let found = hit.iter().filter(|hit| **hit).count();
    Count { found, given: given.len(), wanted: labelled.labels.len() }
}
