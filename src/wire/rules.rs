//! The rules on arrival: what is done with the new articles of a fetch.
//!
//! A rule's query is the whole query language, and it is asked of the library once the articles are stored and analysed,
//! so that a rule can name people, countries, speakers and languages. The rules are applied in the order of the config
//! file: a rule sees what those before it did. They are applied once, to articles that the library has never had.
//!
//! Input: the rules, and which articles have come. Output: marks in the library, counts of hits, and what is to be
//! announced or run, which is done after the round. The articles that a source had when it was first fetched are an import:
//! they are marked, but nothing is announced or run for them.

use super::command;
use super::{Progress, Wire};
use crate::app::searches::Searches;
use crate::article::ArticleId;
use crate::config::rules::{Notify, Rule};
use crate::config::{Config, Saved};
use crate::formats::Warning;
use crate::library::sources::Source;
use crate::library::{Error, Library, Recognition};
use crate::listing::Marking;
use crate::outlet::json::{self, ArticleJson};
use crate::query::Query;
use chrono::{DateTime, Local, NaiveDate, SecondsFormat, Utc};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

/// How long a command of a rule may run for one article.
const LONGEST: Duration = Duration::from_secs(30);
/// For how many articles of one round the command of a rule is run at most.
const RUNS: usize = 100;
/// How many bytes of a command's output are read; the output is not used.
const OUTPUT: u64 = 1 << 20;
/// The name under which the library keeps how often each rule has matched.
const KEPT: &str = "rules";

/// The rules in force. Clones share them: a rule that is made in the reader is in force for the next fetch.
#[derive(Clone, Debug, Default)]
pub struct Rules(Arc<RwLock<Arc<Set>>>);

/// The rules, and the saved searches that their queries may use.
#[derive(Debug, Default)]
pub struct Set {
    pub rules: Vec<Rule>,
    saved: Vec<(String, String)>,
}

impl Set {
    pub fn of(config: &Config) -> Set {
        let saved = |saved: &Saved| (saved.name.clone(), saved.query.clone());
        Set { rules: config.rules.clone(), saved: config.saved.iter().map(saved).collect() }
    }

    /// The query of a rule on the day `today`. The error says why it matches nothing.
    pub fn query(&self, rule: &Rule, today: NaiveDate) -> Result<Query, String> {
        let (query, hints) = Query::parse(&rule.query, today);
        if let Some(hint) = hints.into_iter().next() {
            return Err(hint.message);
        }
        let searches = Searches::new(&self.saved, today);
        let (query, faults) = query.put_in(&|name| searches.query(name));
        match faults.into_iter().next() {
            Some(fault) => Err(fault.to_string()),
            None => Ok(query),
        }
    }
}

impl Rules {
    pub fn of(config: &Config) -> Rules {
        Rules(Arc::new(RwLock::new(Arc::new(Set::of(config)))))
    }

    pub fn now(&self) -> Arc<Set> {
        // Nothing that is done under the lock can be left half done.
        self.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the rules by those of a config file that has changed.
    pub fn renew(&self, config: &Config) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(Set::of(config));
    }
}

/// How an article has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coming {
    /// It is news: its source was fetched before.
    News,
    /// It was there when its source was first fetched.
    Import,
}

impl Coming {
    /// How the articles come that `source` brings in the fetch that is under way.
    pub fn of(source: &Source) -> Coming {
        if source.standing.fetched.is_none() { Coming::Import } else { Coming::News }
    }
}

/// A new article, by what it is recognised.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub article: Recognition,
    pub coming: Coming,
}

/// What the rules did in a round.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ruled {
    /// For each rule that announces its articles: its name, how, and how many there are.
    pub rings: Vec<Ring>,
    /// Articles for which the commands of rules are to be run, in order.
    runs: Vec<(String, Vec<String>, ArticleId)>,
}

/// An announcement of new articles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ring {
    pub rule: String,
    pub how: Notify,
    pub articles: u64,
}

impl std::fmt::Display for Ring {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let noun = if self.articles == 1 { "article" } else { "articles" };
        write!(f, "rule '{}': {} new {noun}", self.rule, self.articles)
    }
}

impl Wire {
    /// Applies the rules to new articles, which are stored.
    pub(super) fn apply_rules(&self, arrived: &[Arrived], progress: &mut Progress) -> Result<(), Error> {
        let set = self.rules.now();
        if arrived.is_empty() || set.rules.is_empty() {
            return Ok(());
        }
        let of = |coming: Coming| {
            let some = arrived.iter().filter(|arrived| arrived.coming == coming);
            let some: Vec<Recognition> = some.map(|arrived| arrived.article.clone()).collect();
            self.library.recognised(&some)
        };
        let (news, imported) = (of(Coming::News)?, of(Coming::Import)?);
        let all: Vec<ArticleId> = news.iter().chain(&imported).copied().collect();
        let today = self.now().with_timezone(&Local).date_naive();
        for rule in &set.rules {
            let query = match set.query(rule, today) {
                Ok(query) => query,
                Err(why) => {
                    let note = Warning::new(&format!("rule '{}'", rule.name), None, &why);
                    if !progress.notes.contains(&note) {
                        progress.notes.push(note);
                    }
                    continue;
                }
            };
            let matching = self.library.matching(&query, &all)?;
            if matching.is_empty() {
                continue;
            }
            for marking in markings(rule) {
                self.library.mark_new(&matching, &marking)?;
            }
            count_hits(&self.library, &rule.name, matching.len() as u64, self.now())?;
            let fresh: Vec<ArticleId> = matching.into_iter().filter(|id| news.contains(id)).collect();
            progress.ruled.note(rule, &fresh);
        }
        Ok(())
    }

    /// Runs the commands of rules for the articles of a round. A command that fails is reported.
    pub(super) fn run_commands(&self, progress: &mut Progress, cancelled: &AtomicBool) {
        let mut failed: Vec<String> = Vec::new();
        for (rule, argv, id) in std::mem::take(&mut progress.ruled.runs) {
            if cancelled.load(Ordering::Relaxed) || failed.contains(&rule) {
                continue;
            }
            let Ok(Some(stored)) = self.library.load(id) else { continue };
            let article = json::line(&ArticleJson::new(id, &stored.article, Some(&stored.analysis)));
            let input = format!("{article}\n").into_bytes();
            if let Err(why) = command::fed(&self.capacity, &argv, input, (OUTPUT, LONGEST)) {
                progress.notes.push(Warning::new(&format!("rule '{rule}'"), None, &why));
                failed.push(rule);
            }
        }
    }
}

impl Ruled {
    fn note(&mut self, rule: &Rule, fresh: &[ArticleId]) {
        if fresh.is_empty() {
            return;
        }
        if let Some(how) = rule.does.notify {
            match self.rings.iter_mut().find(|ring| ring.rule == rule.name) {
                Some(ring) => ring.articles += fresh.len() as u64,
                None => {
                    let articles = fresh.len() as u64;
                    self.rings.push(Ring { rule: rule.name.clone(), how, articles });
                }
            }
        }
        if !rule.does.run.is_empty() {
            let there = self.runs.iter().filter(|(name, ..)| *name == rule.name).count();
            let room = RUNS.saturating_sub(there);
            let run = |id: &ArticleId| (rule.name.clone(), rule.does.run.clone(), *id);
            self.runs.extend(fresh.iter().take(room).map(run));
        }
    }
}

/// The marks that a rule sets.
pub fn markings(rule: &Rule) -> Vec<Marking> {
    let does = &rule.does;
    let flags = [(does.read, Marking::Read), (does.star, Marking::Star), (does.hide, Marking::Hide)];
    let flags = flags.into_iter().filter(|(does, _)| *does).map(|(_, marking)| marking);
    flags.chain(does.tags.iter().cloned().map(Marking::Tag)).collect()
}

/// How often a rule has matched.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hits {
    pub articles: u64,
    pub last: Option<DateTime<Utc>>,
}

/// How often each rule has matched, by its name.
pub fn hits(library: &Library) -> Result<BTreeMap<String, Hits>, Error> {
    let text = library.kept(KEPT)?.unwrap_or_default();
    let one = |line: &str| {
        let mut parts = line.splitn(3, '\t');
        let articles = parts.next()?.parse().ok()?;
        let last = DateTime::parse_from_rfc3339(parts.next()?).ok()?.to_utc();
        Some((parts.next()?.to_owned(), Hits { articles, last: Some(last) }))
    };
    Ok(text.lines().filter_map(one).collect())
}

fn count_hits(library: &Library, rule: &str, more: u64, now: DateTime<Utc>) -> Result<(), Error> {
    let mut all = hits(library)?;
    let hits = all.entry(rule.to_owned()).or_default();
    *hits = Hits { articles: hits.articles + more, last: Some(now) };
    let line = |(name, hits): (&String, &Hits)| {
        let last = hits.last.unwrap_or(now).to_rfc3339_opts(SecondsFormat::Secs, true);
        format!("{}\t{last}\t{name}\n", hits.articles)
    };
    library.keep(KEPT, &all.iter().map(line).collect::<String>())
}
