//! Teaches the scorer of speakers (`assets/speakers.bin`) and says how well it does.
//!
//! In: articles labelled by reading. Out: the asset, and tables by cross-validation over articles. The candidates and
//! their features are those of the engine itself. Everything is in a fixed order, so the same input gives the same
//! bytes. One file, because every table reads the same answers of one cross-validation.

pub mod clauses;
mod labels;
mod linear;
mod trees;

use super::quotes::Fault;
use crate::analysis::lesson;
use crate::analysis::quote::choice::{self, GROUPS, Group, Lesson, Tree, shares, slot_of};
use crate::annotation::Speaker;
use crate::language::Language;
use crate::text::Span;
use labels::{Label, Labelled, Verdict, hash};
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

/// What is asked of the command.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    pub folds: usize,
    pub penalty: f64,
    /// Trees of the second pass; none for the first pass alone.
    pub trees: usize,
    pub rate: f64,
    /// How much an article of US politics counts beside another.
    pub politics: f64,
    /// How much a reported clause counts beside a passage in marks.
    pub reported: f64,
    /// Whether to list errors of the articles that may be read.
    pub errors: bool,
    /// Whether to leave out one group of features after the other.
    pub ablate: bool,
    /// Whether to learn from the articles that may be read alone, so that the others test the program.
    pub half: bool,
}

impl Default for Plan {
    fn default() -> Plan {
        Plan {
            folds: 5,
            penalty: 6.0,
            trees: 200,
            rate: 0.06,
            politics: 1.0,
            reported: 1.0,
            errors: false,
            ablate: false,
            half: false,
        }
    }
}

/// One marked piece of an article, ready to learn from.
struct Item {
    /// The label that it is compared with; none where nobody labelled it.
    label: Option<usize>,
    parts: Vec<Vec<u16>>,
    right: Vec<bool>,
    verdicts: Vec<Verdict>,
    rules: Option<Option<Verdict>>,
}

/// Where an article's labels come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Set {
    /// Passages in marks, from 60 countries.
    Read,
    /// Passages in marks, on US politics.
    Politics,
    /// Reported clauses.
    Reported,
}

/// One article with all its pieces, or with its reported clauses.
struct Course {
    labelled: Labelled,
    lesson: Lesson,
    names: Vec<Vec<String>>,
    items: Vec<Item>,
    set: Set,
    /// What the rules say of the clauses that are not scored: none where nobody is named.
    sure: Vec<Option<Verdict>>,
    /// Labels that no piece stands for.
    missed: Vec<usize>,
}

/// What the scorer says of one label, by a model that did not learn from its article.
struct Answer<'a> {
    course: usize,
    item: usize,
    label: &'a Label,
    /// The likeliest named candidate with its share.
    best: Option<(usize, f64)>,
    nobody: f64,
}

/// Trains on all labelled articles, writes the asset to `out`, and returns the tables of the cross-validation.
pub fn train(data: &Path, out: Option<&Path>, plan: Plan) -> Result<String, Fault> {
    let mut courses = Vec::new();
    let sets = [
        ("read.jsonl", Set::Read),
        ("read-politics.jsonl", Set::Politics),
        ("reported.jsonl", Set::Reported),
    ];
    for (file, set) in sets {
        for labelled in labels::read(&data.join("quotes").join(file), data)? {
            courses.push(Course::new(labelled, set));
        }
    }
    let mut report = String::new();
    let all: Vec<usize> = (0..courses.len()).collect();
    if plan.folds > 1 {
        let answers = cross_validate(&courses, plan, None);
        tables(&courses, &answers, &mut report);
        clauses(&courses, &answers, &mut report);
        if plan.errors {
            errors(&courses, &answers, &mut report);
        }
    }
    if plan.ablate {
        report.push_str("| without | always right | right at wrong 5 % | 4 % | 3 % | right/wrong at .5 |\n| --- | --- | --- | --- | --- | --- |\n");
        for (group, name) in
            std::iter::once((None, "nothing")).chain(GROUPS.iter().map(|(g, name)| (Some(*g), *name)))
        {
            let answers = cross_validate(&courses, plan, group);
            let of_read: Vec<&Answer<'_>> =
                answers.iter().filter(|answer| courses[answer.course].set == Set::Read).collect();
            let total = count(&courses, |course| course.set == Set::Read);
            let _ = writeln!(report, "| {name} | {} |", summary(&courses, &of_read, total));
        }
    }
    if let Some(out) = out {
        let chosen: Vec<usize> =
            all.into_iter().filter(|course| !plan.half || courses[*course].labelled.is_read()).collect();
        let model = Taught::new(&courses, &chosen, plan, None);
        let bytes = choice::encode(&model.weights, &model.trees);
        fs::write(out, &bytes).map_err(|cause| Fault::Unreadable { path: out.to_owned(), cause })?;
        let _ = writeln!(report, "wrote {} bytes to {}", bytes.len(), out.display());
    }
    Ok(report)
}

impl Course {
    fn new(labelled: Labelled, set: Set) -> Course {
        let article = &labelled.article;
        let (analysis, [pieces, clauses]) = lesson(&article.title, &article.body, Language::english());
        let lesson = if set == Set::Reported { clauses } else { pieces };
        let mut found: Vec<Option<usize>> = vec![None; lesson.cases.len()];
        let mut missed = Vec::new();
        for (index, (start, label)) in labelled.labels.iter().enumerate() {
            let end = start + label.text.len();
            let overlap = |case: &choice::Case| {
                (case.span.end as usize).min(end).saturating_sub((case.span.start as usize).max(*start))
            };
            let best = (0..lesson.cases.len())
                .max_by_key(|case| (overlap(&lesson.cases[*case]), std::cmp::Reverse(*case)));
            let shared = |case: &usize| {
                let (case, length) = (&lesson.cases[*case], label.text.len());
                match set {
                    Set::Reported => 2 * overlap(case) >= length.max(case.span.len()),
                    Set::Read | Set::Politics => 2 * overlap(case) >= length.min(400),
                }
            };
            match best.filter(shared) {
                Some(case) => found[case] = found[case].or(Some(index)),
                None => missed.push(index),
            }
        }
        let name = |speaker: &Option<Speaker>| match speaker {
            Some(Speaker::Entity(index)) => analysis.entity(*index).name.clone(),
            Some(Speaker::Description(words)) => words.clone(),
            None => String::new(),
        };
        let names = lesson.cases.iter().map(|case| case.parts.iter().map(name).collect()).collect();
        let item = |(case, label): (&choice::Case, &Option<usize>)| {
            let gold = label.map(|label| &labelled.labels[label].1);
            let judge = |who: &Speaker| {
                gold.map_or(Verdict::Wrong, |gold| gold.judge(&analysis, &labelled.crowd, article, who))
            };
            let named = case.parts.len() - 2;
            let verdicts: Vec<Verdict> = case.parts.iter().flatten().map(judge).collect();
            let mut right: Vec<bool> = verdicts.iter().map(|verdict| *verdict == Verdict::Right).collect();
            let nobody = gold.is_some_and(Label::is_nobodys);
            if nobody {
                right = vec![false; named];
            }
            right.push(nobody);
            right.push(!nobody && !right.iter().any(|right| *right));
            Item {
                label: *label,
                parts: case
                    .features
                    .iter()
                    .map(|features| features.iter().map(|(feature, _)| slot_of(*feature) as u16).collect())
                    .collect(),
                right,
                verdicts,
                rules: case.rules.as_ref().map(|who| who.as_ref().map(judge)),
            }
        };
        let items = lesson.cases.iter().zip(&found).map(item).collect();
        let shared = |span: Span| {
            labelled.labels.iter().find(|(start, label)| {
                let (end, length) = (start + label.text.len(), label.text.len());
                let overlap = (span.end as usize).min(end).saturating_sub((span.start as usize).max(*start));
                2 * overlap >= length.max(span.len())
            })
        };
        let sure = |(span, who): &(Span, Option<Speaker>)| {
            let (_, label) = shared(*span).filter(|_| set == Set::Reported)?;
            Some(who.as_ref().map(|who| label.judge(&analysis, &labelled.crowd, article, who)))
        };
        let sure = lesson.sure.iter().filter_map(sure).collect();
        Course { labelled, names, items, set, sure, missed, lesson }
    }

    /// How much a passage of the article counts.
    fn weight(&self, plan: Plan) -> f64 {
        match self.set {
            Set::Read => 1.0,
            Set::Politics => plan.politics,
            Set::Reported => plan.reported,
        }
    }

    /// The features of a piece without one group.
    fn parts(&self, item: usize, without: Option<Group>) -> Vec<Vec<u16>> {
        let Some(group) = without else { return self.items[item].parts.clone() };
        let kept = |features: &Vec<(u32, Group)>| {
            features
                .iter()
                .filter(|(_, of)| *of != group)
                .map(|(feature, _)| slot_of(*feature) as u16)
                .collect()
        };
        self.lesson.cases[item].features.iter().map(kept).collect()
    }
}

/// A model that was taught on some of the articles.
struct Taught {
    weights: Vec<i16>,
    trees: Vec<Tree>,
}

impl Taught {
    fn new(courses: &[Course], chosen: &[usize], plan: Plan, without: Option<Group>) -> Taught {
        let weights = first_pass(courses, chosen, plan, without);
        let mut examples = Vec::new();
        if plan.trees > 0 {
            const INNER: u32 = 3;
            for fold in 0..INNER {
                let of = |course: usize| hash(&format!("inner {}", courses[course].labelled.name)) % INNER;
                let rest: Vec<usize> = chosen.iter().copied().filter(|course| of(*course) != fold).collect();
                let weights = first_pass(courses, &rest, plan, without);
                for course in chosen.iter().copied().filter(|course| of(*course) == fold) {
                    let (scores, first) = first_scores(&courses[course], &weights, without);
                    for (at, item) in courses[course].items.iter().enumerate() {
                        if item.label.is_none() {
                            continue;
                        }
                        let numbers = (0..item.parts.len())
                            .map(|part| courses[course].lesson.numbers(&scores, &first, at, part))
                            .collect();
                        examples.push(trees::Example {
                            numbers,
                            scores: scores[at].clone(),
                            right: item.right.clone(),
                            weight: courses[course].weight(plan),
                        });
                    }
                }
            }
        }
        let how = trees::Plan { trees: plan.trees, rate: plan.rate, penalty: 8.0 };
        let trees = if plan.trees > 0 { trees::learn(&examples, Lesson::width(), how) } else { Vec::new() };
        Taught { weights, trees }
    }

    /// For each piece of an article the share of each part.
    fn shares(&self, course: &Course, without: Option<Group>) -> Vec<Vec<f64>> {
        let (scores, first) = first_scores(course, &self.weights, without);
        if self.trees.is_empty() {
            return course.lesson.together(first);
        }
        let second = |at: usize| {
            let mut sums = scores[at].clone();
            for (part, sum) in sums.iter_mut().enumerate() {
                if let Some(numbers) = course.lesson.numbers(&scores, &first, at, part) {
                    let numbers = choice::numbers(&numbers, &[]);
                    *sum += self.trees.iter().map(|tree| tree.value(&numbers)).sum::<i32>();
                }
            }
            shares(&sums)
        };
        course.lesson.together((0..scores.len()).map(second).collect())
    }
}

fn first_pass(courses: &[Course], chosen: &[usize], plan: Plan, without: Option<Group>) -> Vec<i16> {
    let mut kept = Vec::new();
    for course in chosen {
        for (at, item) in courses[*course].items.iter().enumerate() {
            if item.label.is_some() {
                let weight = courses[*course].weight(plan);
                kept.push((without.map(|_| courses[*course].parts(at, without)), item, weight));
            }
        }
    }
    let examples: Vec<linear::Example<'_>> = kept
        .iter()
        .map(|(parts, item, weight)| linear::Example {
            parts: parts.as_ref().unwrap_or(&item.parts),
            right: &item.right,
            weight: *weight,
        })
        .collect();
    linear::rounded(&linear::learn(&examples, plan.penalty))
}

fn first_scores(course: &Course, weights: &[i16], without: Option<Group>) -> (Vec<Vec<i32>>, Vec<Vec<f64>>) {
    let scores: Vec<Vec<i32>> = (0..course.items.len())
        .map(|at| match without {
            None => linear::score(weights, &course.items[at].parts),
            Some(_) => linear::score(weights, &course.parts(at, without)),
        })
        .collect();
    let first = scores.iter().map(|scores| shares(scores)).collect();
    (scores, first)
}

fn cross_validate(courses: &[Course], plan: Plan, without: Option<Group>) -> Vec<Answer<'_>> {
    let folds = plan.folds as u32;
    let of = |course: &Course| hash(&format!("fold {}", course.labelled.name)) % folds;
    let mut answers = Vec::new();
    for fold in 0..folds {
        let chosen: Vec<usize> = (0..courses.len()).filter(|course| of(&courses[*course]) != fold).collect();
        let model = Taught::new(courses, &chosen, plan, without);
        for (index, course) in courses.iter().enumerate().filter(|(_, course)| of(course) == fold) {
            let shares = model.shares(course, without);
            for (at, item) in course.items.iter().enumerate() {
                let Some(label) = item.label else { continue };
                let named = shares[at].len() - 2;
                let mut best: Option<(usize, f64)> = None;
                for (part, share) in shares[at][..named].iter().enumerate() {
                    if best.is_none_or(|(_, known)| *share > known) {
                        best = Some((part, *share));
                    }
                }
                answers.push(Answer {
                    course: index,
                    item: at,
                    label: &course.labelled.labels[label].1,
                    best,
                    nobody: shares[at][named],
                });
            }
        }
        eprintln!("fold {} of {folds}", fold + 1);
    }
    answers.sort_by_key(|answer| (answer.course, answer.item));
    answers
}

/// Labels with a speaker, of the articles that `of` holds for.
fn count(courses: &[Course], of: impl Fn(&Course) -> bool) -> usize {
    let labels =
        |course: &Course| course.labelled.labels.iter().filter(|(_, label)| !label.is_nobodys()).count();
    courses.iter().filter(|course| of(course)).map(labels).sum()
}

/// Right, wrong, vague, silent and missed, nobody's words that become a quote, all in numbers.
#[derive(Clone, Copy, Default)]
struct Tally {
    right: usize,
    wrong: usize,
    vague: usize,
    silent: usize,
    missed: usize,
    invented: usize,
    nobodys: usize,
}

/// What the screen would show at a threshold, and with all words dropped that are nobody's by `nobody`.
fn tally(courses: &[Course], answers: &[&Answer<'_>], least: f64, nobody: f64) -> Tally {
    let mut tally = Tally::default();
    for answer in answers {
        let said = answer.nobody < nobody;
        let named = answer.best.filter(|(_, share)| said && *share >= least);
        if answer.label.is_nobodys() {
            tally.nobodys += 1;
            tally.invented += usize::from(said);
            tally.wrong += usize::from(named.is_some());
            continue;
        }
        match named.map(|(part, _)| courses[answer.course].items[answer.item].verdicts[part]) {
            _ if !said => tally.missed += 1,
            None => tally.silent += 1,
            Some(Verdict::Right) => tally.right += 1,
            Some(Verdict::Wrong) => tally.wrong += 1,
            Some(Verdict::Vague) => tally.vague += 1,
        }
    }
    tally
}

/// Always right, and right at most so many wrong, and at a half; in per cent of `total`.
fn summary(courses: &[Course], answers: &[&Answer<'_>], total: usize) -> String {
    let of = |count: usize| 100.0 * count as f64 / total.max(1) as f64;
    let always = tally(courses, answers, 0.0, 2.0);
    let mut line = format!("{:.1}", of(always.right));
    for most in [5.0, 4.0, 3.0] {
        let best = (0..1000)
            .map(|least| tally(courses, answers, f64::from(least) / 1000.0, 0.5))
            .find(|tally| of(tally.wrong) <= most);
        let _ = write!(line, " | {:.1}", best.map_or(0.0, |tally| of(tally.right)));
    }
    let half = tally(courses, answers, 0.5, 0.5);
    let _ = write!(line, " | {:.1} / {:.1}", of(half.right), of(half.wrong));
    line
}

fn tables(courses: &[Course], answers: &[Answer<'_>], report: &mut String) {
    type Within = fn(&Course) -> bool;
    let sets: [(&str, Within); 4] = [
        ("read.jsonl, all", |course| course.set == Set::Read),
        ("read.jsonl, the half that may be read", |course| {
            course.set == Set::Read && course.labelled.is_read()
        }),
        ("read.jsonl, the half that is held", |course| course.set == Set::Read && !course.labelled.is_read()),
        ("politics", |course| course.set == Set::Politics),
    ];
    for (name, within) in sets {
        let chosen: Vec<&Answer<'_>> =
            answers.iter().filter(|answer| within(&courses[answer.course])).collect();
        let total = count(courses, within);
        let absent: usize = courses
            .iter()
            .filter(|course| within(course))
            .map(|course| {
                course.missed.iter().filter(|label| !course.labelled.labels[**label].1.is_nobodys()).count()
            })
            .sum();
        let unfound: usize = courses
            .iter()
            .filter(|course| within(course))
            .map(|course| {
                course.missed.iter().filter(|label| course.labelled.labels[**label].1.is_nobodys()).count()
            })
            .sum();
        let of = |count: usize| 100.0 * count as f64 / total.max(1) as f64;
        let _ =
            writeln!(report, "## {name}: {total} with a speaker, of which {absent} are not found in marks");
        let _ = writeln!(report, "always | wrong <= 5 | 4 | 3 | at .5: {}", summary(courses, &chosen, total));
        let _ = writeln!(
            report,
            "| least | nobody | right | wrong | vague | silent | missed | nobody's words as quotes |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
        );
        let mut rows = vec![(0.0, 2.0)];
        rows.extend([0.3, 0.33, 0.35, 0.45, 0.5, 0.6].map(|nobody| (0.0, nobody)));
        rows.extend([0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9].map(|least| (least, 0.5)));
        for (least, nobody) in rows {
            let t = tally(courses, &chosen, least, nobody);
            let nobodys = 100.0 * t.invented as f64 / (t.nobodys + unfound).max(1) as f64;
            let _ = writeln!(
                report,
                "| {least:.2} | {nobody:.2} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {nobodys:.1} |",
                of(t.right),
                of(t.wrong),
                of(t.vague),
                of(t.silent),
                of(t.missed + absent)
            );
        }
        let mut rules = Tally::default();
        for answer in &chosen {
            let item = &courses[answer.course].items[answer.item];
            if answer.label.is_nobodys() {
                rules.nobodys += 1;
                rules.invented += usize::from(item.rules.is_some());
                rules.wrong += usize::from(matches!(item.rules, Some(Some(_))));
                continue;
            }
            match item.rules {
                None => rules.missed += 1,
                Some(None) => rules.silent += 1,
                Some(Some(Verdict::Right)) => rules.right += 1,
                Some(Some(Verdict::Wrong)) => rules.wrong += 1,
                Some(Some(Verdict::Vague)) => rules.vague += 1,
            }
        }
        let _ = writeln!(
            report,
            "| rules alone | | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} |",
            of(rules.right),
            of(rules.wrong),
            of(rules.vague),
            of(rules.silent),
            of(rules.missed + absent),
            100.0 * rules.invented as f64 / (rules.nobodys + unfound).max(1) as f64
        );
        let _ = writeln!(report, "| confidence | quotes | mean | right |\n| --- | --- | --- | --- |");
        for tenth in 0..10 {
            let within: Vec<(&&Answer<'_>, usize, f64)> = chosen
                .iter()
                .filter(|answer| answer.nobody < 0.5)
                .filter_map(|answer| answer.best.map(|(part, share)| (answer, part, share)))
                .filter(|(_, _, share)| ((share * 10.0) as usize).min(9) == tenth)
                .collect();
            let right = within.iter().filter(|(answer, part, _)| {
                courses[answer.course].items[answer.item].verdicts[*part] == Verdict::Right
                    && !answer.label.is_nobodys()
            });
            let (n, sum): (usize, f64) = (within.len(), within.iter().map(|(_, _, share)| share).sum());
            let right = right.count() as f64 / n.max(1) as f64;
            let _ = writeln!(
                report,
                "| .{tenth}-.{} | {n} | {:.3} | {right:.3} |",
                tenth + 1,
                sum / n.max(1) as f64
            );
        }
        let _ = writeln!(
            report,
            "| speaker | n | right | wrong | vague | silent | missed | (at .6) a right one among the candidates |\n| --- | --- | --- | --- | --- | --- | --- | --- |"
        );
        for kind in ["person", "org", "description"] {
            let of_kind: Vec<&Answer<'_>> =
                chosen.iter().copied().filter(|answer| answer.label.kind == kind).collect();
            let t = tally(courses, &of_kind, 0.6, 0.5);
            let of = |count: usize| 100.0 * count as f64 / of_kind.len().max(1) as f64;
            let there = of_kind.iter().filter(|answer| {
                courses[answer.course].items[answer.item].verdicts.contains(&Verdict::Right)
            });
            let _ = writeln!(
                report,
                "| {kind} | {} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} | {:.1} |",
                of_kind.len(),
                of(t.right),
                of(t.wrong),
                of(t.vague),
                of(t.silent),
                of(t.missed),
                of(there.count())
            );
        }
    }
}

/// The tables of reported clauses: of those that are found, who says them.
fn clauses(courses: &[Course], answers: &[Answer<'_>], report: &mut String) {
    type Within = fn(&Course) -> bool;
    let sets: [(&str, Within); 3] = [
        ("all", |_| true),
        ("the half that may be read", |course| course.labelled.is_read()),
        ("the half that is held", |course| !course.labelled.is_read()),
    ];
    for (name, within) in sets {
        let of_set = |course: &&Course| course.set == Set::Reported && within(course);
        let sure: Vec<Option<Verdict>> =
            courses.iter().filter(of_set).flat_map(|course| course.sure.iter().copied()).collect();
        let scored: Vec<&Answer<'_>> =
            answers.iter().filter(|answer| of_set(&&courses[answer.course])).collect();
        let named = sure.iter().flatten().count();
        let right = sure.iter().flatten().filter(|verdict| **verdict == Verdict::Right).count();
        let total = sure.len() + scored.len();
        let of = |count: usize| 100.0 * count as f64 / total.max(1) as f64;
        let _ = writeln!(
            report,
            "## reported clauses, {name}: {total} found; of {} that are not scored {named} have a speaker, {right} the right one",
            sure.len()
        );
        let rules = |right: bool| {
            let verdict = |answer: &&&Answer<'_>| {
                courses[answer.course].items[answer.item]
                    .rules
                    .flatten()
                    .is_some_and(|v| (v == Verdict::Right) == right)
            };
            scored.iter().filter(verdict).count()
        };
        let _ = writeln!(
            report,
            "rules alone: right {:.1}, wrong {:.1}",
            of(right + rules(true)),
            of(named - right + rules(false))
        );
        let _ = writeln!(report, "| least | right | wrong | silent |\n| --- | --- | --- | --- |");
        for least in [0.0, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8] {
            let shown = scored.iter().filter_map(|answer| {
                let (part, _) = answer.best.filter(|(_, share)| *share >= least)?;
                Some(courses[answer.course].items[answer.item].verdicts[part])
            });
            let shown: Vec<Verdict> = shown.collect();
            let good = right + shown.iter().filter(|verdict| **verdict == Verdict::Right).count();
            let bad = named + shown.len() - good;
            let _ = writeln!(
                report,
                "| {least:.2} | {:.1} | {:.1} | {:.1} |",
                of(good),
                of(bad),
                of(total - good - bad)
            );
        }
    }
}

/// The surest errors of the articles that may be read.
fn errors(courses: &[Course], answers: &[Answer<'_>], report: &mut String) {
    let mut wrong: Vec<(f64, String)> = Vec::new();
    for answer in answers.iter().filter(|answer| courses[answer.course].labelled.is_read()) {
        let course = &courses[answer.course];
        let Some((part, share)) = answer.best else { continue };
        let item = &course.items[answer.item];
        let right = !answer.label.is_nobodys() && item.verdicts[part] == Verdict::Right;
        let span = course.lesson.cases[answer.item].span;
        let body = &course.labelled.article.body;
        let (mut from, mut to) =
            ((span.start as usize).saturating_sub(200), (span.end as usize + 160).min(body.len()));
        while !body.is_char_boundary(from) {
            from += 1;
        }
        while !body.is_char_boundary(to) {
            to -= 1;
        }
        let around = format!(
            "{}[[{}]]{}",
            body[from..span.start as usize].replace('\n', "¶"),
            span.get(body).unwrap_or_default(),
            body[span.end as usize..to].replace('\n', "¶")
        );
        let rules = match item.rules {
            None => "no quote",
            Some(None) => "silent",
            Some(Some(Verdict::Right)) => "right",
            Some(Some(_)) => "wrong",
        };
        let among = item.verdicts.contains(&Verdict::Right);
        if !right || answer.nobody >= 0.5 {
            wrong.push((
                if answer.label.is_nobodys() == (answer.nobody >= 0.5) { share } else { 2.0 - answer.nobody },
                format!(
                    "{share:.2} nobody {:.2} | {} for {} ({}) | rules {rules}, among {among} | {} | {around}\n",
                    answer.nobody,
                    course.names[answer.item][part],
                    answer.label.speaker.as_deref().unwrap_or("-"),
                    answer.label.kind,
                    course.labelled.name,
                ),
            ));
        }
    }
    wrong.sort_by(|a, b| b.0.total_cmp(&a.0));
    wrong.iter().for_each(|(_, line)| report.push_str(line));
}
