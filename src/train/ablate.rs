//! What each rule is worth: an evaluation without it, beside the evaluation with all of them.
//!
//! In: the part of the analysis, and an evaluation as a function. Out: a table with a row for each rule. Must not know
//! what is evaluated.

use crate::analysis::rule::without;
use std::collections::HashSet;
use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hash, Hasher};

pub use crate::analysis::rule::{Rule, Task};

/// The result of one evaluation.
#[derive(Debug, Default)]
pub struct Outcome {
    /// Names of scores with their values, the most telling first; more is better.
    pub scores: Vec<(&'static str, f64)>,
    /// One hash for each answer that the analysis gave.
    pub answers: HashSet<u64>,
}

/// The hash of an answer, for [`Outcome::answers`].
pub fn answer(parts: impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    parts.hash(&mut hasher);
    hasher.finish()
}

/// The rule of this name, or a message that lists the rules of the task.
pub fn find(id: &str, task: Task) -> Result<Rule, String> {
    let mut rules = Rule::ALL.iter().filter(|rule| rule.task() == task);
    rules.clone().find(|rule| rule.id() == id).copied().ok_or_else(|| {
        let known: Vec<&str> = rules.by_ref().map(|rule| rule.id()).collect();
        format!("no rule '{id}'; the rules are {}", known.join(", "))
    })
}

/// The table: each rule of `task` with the first score without it, all differences, and how many answers change. A
/// negative difference is what the evaluation loses without the rule.
pub fn table(task: Task, evaluate: impl Fn() -> Outcome) -> String {
    let all = without(None, &evaluate);
    let mut table = String::from("| rule | with | without |");
    let mut line = String::from("| --- | --- | --- |");
    for (name, _) in &all.scores {
        let _ = write!(table, " {name} |");
        line.push_str(" --- |");
    }
    let _ = writeln!(table, " answers changed | meaning |\n{line} --- | --- |");
    for rule in Rule::ALL.iter().filter(|rule| rule.task() == task) {
        let other = without(Some(*rule), &evaluate);
        let first = |outcome: &Outcome| outcome.scores.first().map_or(0.0, |(_, score)| *score);
        let _ = write!(table, "| {} | {:.2} | {:.2} |", rule.id(), first(&all), first(&other));
        for ((_, before), (_, after)) in all.scores.iter().zip(&other.scores) {
            let _ = write!(table, " {:+.3} |", after - before);
        }
        let changed = all.answers.symmetric_difference(&other.answers).count();
        let _ = writeln!(table, " {changed} | {} |", rule.meaning());
    }
    table
}
