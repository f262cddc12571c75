//! The newest hits of questions to an index of other hands, analysed here.
//!
//! In: articles with their numbers. Out: a temporary library of them, in which each question finds its own hits by a tag.
//! What was analysed once is not analysed again.

use super::corrected::Corrected;
use super::state::Numbers;
use crate::annotation::{Analysis, Least};
use crate::article::{Article, ArticleId};
use crate::corrections::Corrections;
use crate::library::store::Store;
use crate::library::{Backend, Cancel, Error};
use crate::listing::{Key, Marking, QuoteRow};
use crate::query::{Ending, Filter, Grouping, Names, Phrase, Query, Scope, Term};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Analyses articles, in order, with a person's corrections.
pub type Analyser = Arc<dyn Fn(Vec<Article>, &Corrections) -> Vec<(Article, Analysis)> + Send + Sync>;

/// How many articles are analysed again at a time.
const AGAIN: usize = 200;

/// How many questions are remembered.
const QUESTIONS: usize = 32;

/// See the module.
pub struct Sample {
    /// How many hits of a question are analysed.
    pub newest: usize,
    analyse: Analyser,
    store: Store,
    inside: Mutex<Inside>,
}

#[derive(Default)]
struct Inside {
    /// The ids of the articles in the store by their numbers, and the other way round.
    ids: HashMap<i64, ArticleId>,
    numbers: HashMap<ArticleId, i64>,
    /// The tags of questions by the numbers of their articles, the latest last.
    tags: Vec<(Vec<i64>, String)>,
    next: u64,
}

impl Sample {
    pub fn new(newest: usize, analyse: Analyser) -> Result<Sample, Error> {
        Ok(Sample { newest, analyse, store: Store::temporary()?, inside: Mutex::default() })
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn stand_by(&self, least: Least) {
        self.store.stand_by(least);
    }

    pub fn library(&self) -> &dyn Backend {
        &self.store
    }

    pub fn analyse(&self, articles: Vec<Article>, corrected: &Corrected) -> Vec<(Article, Analysis)> {
        (self.analyse)(articles, &corrected.corrections)
    }

    /// Analyses those articles again that have a name which the corrections before or after a change speak of.
    pub fn correct(&self, before: &Corrected, after: &Corrected) -> Result<(), Error> {
        let text: String = after.corrections.list().iter().map(|line| format!("{line}\n")).collect();
        // The store tells by them which names are never one.
        self.store.keep_names_text(&text)?;
        let forms: BTreeSet<String> =
            before.concerned().into_iter().chain(after.concerned()).map(|called| called.key).collect();
        let mut concerned: BTreeSet<ArticleId> = BTreeSet::new();
        for form in &forms {
            let Some(phrase) = Phrase::new(form, Ending::Whole) else { continue };
            let filter = Filter::from(Term::Text { scope: Scope::Anywhere, phrase });
            let query = Query { filter, grouping: Grouping::Off, ..Query::everything() };
            concerned.extend(self.store.ids(&query, &Cancel::new())?);
        }
        for ids in concerned.into_iter().collect::<Vec<_>>().chunks(AGAIN) {
            let articles = self.store.load_all(ids, &Cancel::new())?.into_iter().map(|stored| stored.article);
            self.store.renew(self.analyse(articles.collect(), after))?;
        }
        Ok(())
    }

    /// The numbers of those that are not here yet.
    pub fn lacking(&self, numbers: &[i64]) -> HashSet<i64> {
        let inside = self.inside();
        numbers.iter().copied().filter(|number| !inside.ids.contains_key(number)).collect()
    }

    /// Analyses articles and takes them in.
    pub fn add(&self, articles: Vec<(i64, Article)>, corrected: &Corrected) -> Result<(), Error> {
        let (numbers, articles): (Vec<i64>, Vec<Article>) = articles.into_iter().unzip();
        let analysed = self.analyse(articles, corrected);
        let known: Vec<Article> = analysed.iter().map(|(article, _)| article.clone()).collect();
        self.store.add(analysed)?;
        let mut inside = self.inside();
        for (number, article) in numbers.into_iter().zip(&known) {
            if let Some(id) = self.store.find(article)? {
                inside.ids.insert(number, id);
                inside.numbers.insert(id, number);
            }
        }
        Ok(())
    }

    /// The condition that finds these articles.
    pub fn tagged(&self, numbers: &[i64]) -> Result<Filter, Error> {
        let numbers = numbers.to_vec();
        let mut inside = self.inside();
        let known = inside.tags.iter().position(|(tagged, _)| *tagged == numbers);
        let tag = match known {
            Some(at) => {
                let known = inside.tags.remove(at);
                let tag = known.1.clone();
                inside.tags.push(known);
                tag
            }
            None => {
                if inside.tags.len() >= QUESTIONS {
                    let (old, tag) = inside.tags.remove(0);
                    let old: Vec<ArticleId> =
                        old.iter().filter_map(|number| inside.ids.get(number).copied()).collect();
                    self.store.mark_new(&old, &Marking::Untag(tag))?;
                }
                inside.next += 1;
                let tag = format!("question{}", inside.next);
                let ids: Vec<ArticleId> =
                    numbers.iter().filter_map(|number| inside.ids.get(number).copied()).collect();
                self.store.mark_new(&ids, &Marking::Tag(tag.clone()))?;
                inside.tags.push((numbers, tag.clone()));
                tag
            }
        };
        Ok(Names::one(&tag).map_or_else(Filter::refused, |names| Term::Tag(names).into()))
    }

    /// The numbers of the articles that match a query of this library.
    pub fn numbers(&self, query: &Query, cancel: &Cancel) -> Result<Numbers, Error> {
        let ids = self.store.ids(query, cancel)?;
        let inside = self.inside();
        Ok(ids.iter().filter_map(|id| inside.numbers.get(id).copied()).collect())
    }

    /// The number in the archive for an id in this library.
    pub fn number(&self, id: ArticleId) -> Option<ArticleId> {
        self.inside().numbers.get(&id).copied().map(ArticleId)
    }

    /// A filter with the ids of this library in place of the numbers in the archive.
    pub fn translated(&self, filter: &Filter) -> Filter {
        match filter {
            Filter::All(members) => Filter::all(members.iter().map(|member| self.translated(member))),
            Filter::Any(members) => {
                let members = members.iter().map(|member| self.translated(member));
                Filter::any(members).unwrap_or_else(Filter::refused)
            }
            Filter::Not(inner) => Filter::not(self.translated(inner)),
            Filter::Term(Term::Story(id)) => {
                let here = self.inside().ids.get(&id.0).copied();
                here.map_or_else(Filter::refused, |id| Term::Story(id).into())
            }
            Filter::Term(_) => filter.clone(),
        }
    }

    /// The key in the archive for one in this library.
    pub fn key(&self, key: Key) -> Option<Key> {
        let number = *self.inside().numbers.get(&key.id)?;
        Some(Key { id: ArticleId(number), ..key })
    }

    pub fn quote(&self, row: QuoteRow) -> Option<QuoteRow> {
        Some(QuoteRow { key: self.key(row.key)?, ..row })
    }
}
