//! The newest hits of a question, which are analysed here where the index cannot answer.
//!
//! In: queries. Out: the same query as a question to the temporary library of [`super::super::sample::Sample`], which has the newest hits.

use super::Foreign;
use super::lists::Start;
use super::pages::{Document, List};
use crate::article::Article;
use crate::library::remote::clause::{all, not};
use crate::library::remote::form::ARTICLE;
use crate::library::remote::names::hits;
use crate::library::remote::server::TIMEOUT;
use crate::library::remote::state::Numbers;
use crate::library::{Cancel, Error};
use crate::listing::Key;
use crate::query::{Filter, Query};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::PoisonError;
use std::time::{Duration, Instant};

/// How long the newest hits of a question are taken for the newest.
pub(super) const RECENT: Duration = Duration::from_secs(10);

impl Foreign {
    /// Analyses the newest hits of the part of a query that the server answers, and returns a query of the sample that is
    /// about them.
    pub(super) fn in_sample(&self, query: &Query, cancel: &Cancel) -> Result<Query, Error> {
        let (sure, beyond) = self.split(&query.filter);
        let away = self.state.out_of_sight(&query.filter)?;
        let tag = self.sample_of(&sure, &away, cancel)?;
        let beyond = self.sample.translated(&beyond);
        Ok(Query { filter: Filter::all([tag, beyond]), hold: None, ..query.clone() })
    }

    pub(super) fn sample_of(&self, sure: &Filter, away: &Numbers, cancel: &Cancel) -> Result<Filter, Error> {
        let mut clause = self.clause(sure, cancel)?;
        if !away.is_empty() {
            clause = all(vec![clause, not(&self.these(away)?)]);
        }
        // Several questions about one result come one after another.
        let key = clause.to_string();
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.retain(|(_, at, _)| at.elapsed() < RECENT);
        let known = recent.iter().find(|(known, ..)| *known == key).map(|(.., tag)| tag.clone());
        drop(recent);
        if let Some(tag) = known {
            return Ok(tag);
        }
        let list = List::newest(&clause);
        let newest = self.from(&list, Start::first(), self.sample.newest, None, cancel)?;
        self.see(&list, &newest)?;
        let of: Vec<i64> = newest.iter().map(|document| document.key.id.0).collect();
        let wanted = self.sample.lacking(&of);
        let mut lacking: Vec<&Document> =
            newest.iter().filter(|document| wanted.contains(&document.key.id.0)).collect();
        // The newest first, so that what is given up in the middle is of use.
        while !lacking.is_empty() {
            cancel.check()?;
            let rest = lacking.split_off(lacking.len().min(50));
            let articles = self.articles(&lacking, cancel)?;
            self.sample.add(articles, &self.state.corrected())?;
            lacking = rest;
        }
        let tag = self.sample.tagged(&of)?;
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        recent.push((key, Instant::now(), tag.clone()));
        Ok(tag)
    }

    /// The whole articles of some documents. Where they are too large for one answer, they come in smaller pieces, and one
    /// that is too large by itself is left out.
    pub(super) fn articles(
        &self,
        documents: &[&Document],
        cancel: &Cancel,
    ) -> Result<Vec<(i64, Article)>, Error> {
        let numbers: Numbers = documents.iter().map(|document| document.key.id.0).collect();
        let mut body = json!({
            "size": documents.len(), "timeout": TIMEOUT, "track_total_hits": false,
            "_source": self.form.article_fields(), "query": self.these(&numbers)?
        });
        self.beside(&mut body, &ARTICLE);
        let answer = match self.search(&body, cancel) {
            Ok(answer) => answer,
            Err(Error::Cancelled) => return Err(Error::Cancelled),
            Err(_) if documents.len() > 1 => {
                let (one, other) = documents.split_at(documents.len() / 2);
                let mut found = self.articles(one, cancel)?;
                found.extend(self.articles(other, cancel)?);
                return Ok(found);
            }
            Err(error) => return Err(error),
        };
        let keys: HashMap<i64, Key> =
            documents.iter().map(|document| (document.key.id.0, document.key)).collect();
        let article = |hit: &Value| {
            let document = self.document(hit)?;
            let number = document.key.id.0;
            let guid = format!("{}/{}", document.index, document.id);
            let published = keys.get(&number)?.published;
            Some((number, self.form.article(&document.source, &guid, published, self.name())))
        };
        Ok(hits(&answer).filter_map(article).collect())
    }

    /// The articles of the newest hits that meet what the server cannot tell.
    pub(super) fn analysed(&self, sure: &Filter, beyond: &Filter, cancel: &Cancel) -> Result<Numbers, Error> {
        let tag = self.sample_of(sure, &Numbers::new(), cancel)?;
        let beyond = self.sample.translated(beyond);
        let query = Query { filter: Filter::all([tag, beyond]), ..Query::everything() };
        self.sample.numbers(&query, cancel)
    }
}
