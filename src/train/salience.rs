//! Learns what an article is about, and how well it is known.
//!
//! In: `read.jsonl`, which gives for each article its people with the forms of their names, its countries, and which of
//! both the article is about; and the folder of the articles. Out: `assets/salience.tsv` with the weights of two
//! regressions, and a table of what they reach in a cross-validation by article. Each regression is moved so that its
//! best threshold lies at 0.5, which is what `about:` asks for.

use super::quotes::Fault;
use super::regression::{Row, cross_validate, fit};
use super::speakers::{open, parse};
use crate::analysis::analyze;
use crate::analysis::entity::{COUNTRY_FEATURES, PERSON_FEATURES, features};
use crate::annotation::Analysis;
use crate::article::Article;
use crate::language::Language;
use crate::text::fold;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Where the weights are shipped.
const ASSET: &str = "assets/salience.tsv";
/// Parts of the cross-validation.
const FOLDS: usize = 5;
/// The chance from which on a person, or a country, counts as what the article is about. Below one half, because an
/// article that is not found costs as much as one that is found in vain.
const LEAST_OF_PERSON: f64 = 0.35;
const LEAST_OF_COUNTRY: f64 = 0.4;

#[derive(Deserialize)]
struct Labels {
    file: Option<String>,
    url: Option<String>,
    /// The forms of each person's name, the fullest first.
    people: Vec<Vec<String>>,
    main: Vec<String>,
    /// 2: the article is about it; 1: it is mentioned.
    countries: BTreeMap<String, u8>,
    either: Either,
}

/// What two readers judged differently, which counts neither way.
#[derive(Deserialize)]
struct Either {
    people: Vec<Vec<String>>,
    main: Vec<String>,
    about: Vec<String>,
}

#[derive(Default)]
struct Rows {
    persons: Vec<Row>,
    countries: Vec<Row>,
    /// Countries that articles are about and of which the analysis knows nothing.
    unknown_countries: usize,
    unknown_persons: usize,
}

/// Learns the weights and writes them.
pub fn train(labels: &Path, articles: &Path) -> Result<String, Fault> {
    let rows = read(labels, articles)?;
    let mut text = String::from(
        "# The weights of salience: how much an article is about a country, and about a person.\n\
         # kind<TAB>feature<TAB>weight. `dateline-train salience LABELS ARTICLES` writes this file.\n",
    );
    let kinds: [(&str, &[Row], &[&str], f64); 2] = [
        ("country", &rows.countries, &COUNTRY_FEATURES, LEAST_OF_COUNTRY),
        ("person", &rows.persons, &PERSON_FEATURES, LEAST_OF_PERSON),
    ];
    for (kind, rows, names, least) in kinds {
        let mut weights = fit(&rows.iter().collect::<Vec<_>>());
        if let Some(constant) = weights.last_mut() {
            *constant -= (least / (1.0 - least)).ln();
        }
        for (name, weight) in names.iter().chain(&["constant"]).zip(weights) {
            let _ = writeln!(text, "{kind}\t{name}\t{weight:.4}");
        }
    }
    let unwritable = |cause| Fault::Unreadable { path: PathBuf::from(ASSET), cause };
    fs::write(ASSET, text).map_err(unwritable)?;
    Ok(format!("wrote {ASSET}\n\n{}", rows.table()))
}

impl Rows {
    /// What is reached by the weights of other articles.
    fn table(&self) -> String {
        let mut table = String::from(
            "| about | candidates | precision | recall | F1 |\n| --- | --- | --- | --- | --- |\n",
        );
        let kinds = [
            ("a country", &self.countries, self.unknown_countries, LEAST_OF_COUNTRY),
            ("a person", &self.persons, self.unknown_persons, LEAST_OF_PERSON),
        ];
        for (name, rows, unknown, least) in kinds {
            let chances = cross_validate(rows, FOLDS);
            let told = |row: &Row, chance: f64| (chance >= least, row.holds);
            let count = |wanted: (bool, bool)| {
                rows.iter().zip(&chances).filter(|(row, chance)| told(row, **chance) == wanted).count() as f64
            };
            let (right, vain) = (count((true, true)), count((true, false)));
            let missed = count((false, true)) + unknown as f64;
            let _ = writeln!(
                table,
                "| {name} | {} | {:.1} | {:.1} | {:.1} |",
                rows.len(),
                100.0 * right / (right + vain).max(1.0),
                100.0 * right / (right + missed).max(1.0),
                200.0 * right / (2.0 * right + vain + missed).max(1.0),
            );
        }
        table
    }
}

fn read(labels: &Path, articles: &Path) -> Result<Rows, Fault> {
    let mut by_url: HashMap<String, Article> = HashMap::new();
    let wikinews = articles.join("wikinews.jsonl");
    for article in parse(&wikinews, &open(&wikinews)?) {
        by_url.extend(article.url.clone().map(|url| (url, article)));
    }
    let mut rows = Rows::default();
    for (index, line) in open(labels)?.lines().enumerate() {
        let malformed = |cause| Fault::Malformed { path: labels.to_owned(), line: index + 1, cause };
        let labels: Labels = serde_json::from_str(line).map_err(malformed)?;
        let article = match (&labels.file, &labels.url) {
            (Some(file), _) => {
                let path = articles.join(file);
                parse(&path, &open(&path)?).into_iter().next()
            }
            (None, Some(url)) => by_url.get(url).cloned(),
            (None, None) => None,
        };
        if let Some(article) = article {
            rows.add(index, &labels, &article);
        }
    }
    Ok(rows)
}

impl Rows {
    fn add(&mut self, index: usize, labels: &Labels, article: &Article) {
        let analysis = analyze(&article.title, &article.body, Language::english());
        let (persons, countries) = features(&analysis, &article.body, Language::english());
        let row = |features: &[f32], holds| Row {
            article: index,
            features: features.iter().map(|feature| f64::from(*feature)).collect(),
            holds,
        };
        let unsure: BTreeSet<&str> = labels.either.about.iter().map(String::as_str).collect();
        let about: BTreeSet<&str> = labels
            .countries
            .iter()
            .filter(|(code, level)| **level == 2 && !unsure.contains(code.as_str()))
            .map(|(code, _)| code.as_str())
            .collect();
        let mut found = 0;
        for (code, features) in countries.iter().filter(|(code, _)| !unsure.contains(code.as_str())) {
            let holds = about.contains(code.as_str());
            found += usize::from(holds);
            self.countries.push(row(features, holds));
        }
        self.unknown_countries += about.len() - found;

        let plain = |name: &str| fold::words(name).join(" ");
        let doubtful: BTreeSet<String> =
            labels.either.people.iter().flatten().map(|form| plain(form)).collect();
        let known: Vec<BTreeSet<String>> =
            labels.people.iter().map(|forms| forms.iter().map(|form| plain(form)).collect()).collect();
        let mut free: BTreeSet<usize> = (0..known.len()).collect();
        let is = |list: &[String], person: usize| list.contains(&labels.people[person][0]);
        let mut in_order: Vec<&(usize, _)> = persons.iter().collect();
        in_order.sort_by_key(|(entity, _)| std::cmp::Reverse(mentions(&analysis, *entity)));
        for (entity, features) in in_order {
            let name = plain(&analysis.entities[*entity].name);
            if doubtful.contains(&name) {
                continue;
            }
            let person = free.iter().copied().find(|person| known[*person].contains(&name));
            if let Some(person) = person {
                free.remove(&person);
                if is(&labels.either.main, person) {
                    continue;
                }
            }
            self.persons.push(row(features, person.is_some_and(|person| is(&labels.main, person))));
        }
        self.unknown_persons += free
            .iter()
            .filter(|person| is(&labels.main, **person) && !is(&labels.either.main, **person))
            .count();
    }
}

fn mentions(analysis: &Analysis, entity: usize) -> usize {
    analysis.mentions.iter().filter(|mention| mention.entity.0 as usize == entity).count()
}
