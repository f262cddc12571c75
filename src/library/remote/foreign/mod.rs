//! An index of other hands: it is read, and nothing is ever written to it.
//!
//! In: queries of the language. Out: rows, counts and articles, with the fields that its [`Form`] names. An open article is
//! analysed here. What an index does not have is taken from the newest hits of a question, which are analysed here and kept
//! in a temporary library ([`Sample`]): names, quotes, what sets days apart. Marks are kept on this machine. Must not analyse
//! a text itself: it is given a function that does.

mod backend;
mod clauses;
mod days;
mod lists;
mod names;
mod newest;
mod pages;
#[cfg(test)]
mod tests;

use crate::annotation::{Kind, Least};
use crate::config::archives::FieldMap;
use crate::fault::short;
use crate::fetch::Fetcher;
use crate::fetch::api::Api;
use crate::fetch::origin::Secrets;
use crate::library::remote::corrected::Corrector;
use crate::library::remote::form::{self, Form, Listed, Mapping};
use crate::library::remote::names::{buckets, hits};
use crate::library::remote::sample::{Analyser, Sample};
use crate::library::remote::server::{Server, TIMEOUT};
use crate::library::remote::state::{Numbers, State};
use crate::library::{Cancel, Error};
use crate::listing::Hold;
use crate::query::Filter;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Instant;

/// How an index of other hands is read.
pub struct Reading {
    /// One of the known forms, where the person names it.
    pub form: Option<String>,
    /// Which fields hold what, where the person says it.
    pub fields: FieldMap,
    /// How many of the newest hits are analysed here.
    pub newest: usize,
    pub analyse: Analyser,
    /// Applies a person's corrections to an article of one's own archive, which has its analysis.
    pub correct: Corrector,
}

/// The most rows of one request.
const ROWS: usize = 1_000;

/// The most names that a question counts.
const NAMES: usize = 10_000;

/// How many documents a form is guessed from.
const DOCUMENTS: usize = 20;

/// Spellings by the kind of name and by what was typed.
type Spelled = HashMap<(Kind, String), Arc<Vec<String>>>;

/// See the module.
pub struct Foreign {
    server: Server,
    /// `/INDEX`
    index: String,
    form: Form,
    /// Whether an index has several parts (shards).
    is_in_parts: bool,
    /// How many documents it had when it was opened.
    size: u64,
    /// The first and the last date in it, in milliseconds, and when they were asked for.
    span: Mutex<Option<(Instant, i64, i64)>>,
    state: State,
    least: OnceLock<Least>,
    sample: Sample,
    held: Mutex<HashMap<Hold, Numbers>>,
    /// The names of a kind as the index writes them, by kind and by what was typed.
    spelled: Mutex<Spelled>,
    /// How the names of children are written for people.
    shown: Mutex<HashMap<String, String>>,
    /// The questions that were just asked of the sample, and what finds their articles there.
    recent: Mutex<Vec<(String, Instant, Filter)>>,
    version: AtomicU64,
}

impl Foreign {
    /// Opens the index at `address`, whose mapping is known. A person's state is kept in the file `own`.
    pub fn open(
        (root, index, mapping): (&str, &str, &Value),
        fetcher: &Fetcher,
        secrets: Option<Secrets>,
        own: Option<&Path>,
        reading: Reading,
    ) -> Result<Foreign, Error> {
        let api = Api::new(fetcher, root, secrets).map_err(|error| Error::Server {
            address: super::shown_address(root),
            reason: error.to_string(),
        })?;
        let server = Server::new(api);
        let archive = format!("{}/{index}", server.shown());
        let state = match own {
            Some(path) => State::open(path, &archive)?,
            None => State::temporary(&archive)?,
        };
        let cancel = Cancel::new();
        server.version(&cancel)?;
        let (mut documents, mut parts, mut count) = (Vec::new(), 0, 0);
        // Documents may be large: fewer where not all of them come through.
        for size in [DOCUMENTS, 3, 1] {
            let body = json!({ "size": size, "timeout": TIMEOUT, "track_total_hits": true });
            match server.ask("POST", &format!("/{index}/_search"), Some(&body), &cancel) {
                Ok(answer) => {
                    count = pages::total(&answer);
                    parts = answer["_shards"]["total"].as_u64().unwrap_or(u64::MAX);
                    documents = hits(&answer).map(|hit| hit["_source"].clone()).collect();
                    break;
                }
                Err(error) if size == 1 => return Err(error),
                Err(_) => {}
            }
        }
        let Reading { form, fields, newest, analyse, correct: _ } = reading;
        let mapping = Mapping::read(mapping);
        let mut listed = Listed::new();
        let is_guessed = form.is_none() && fields.0.is_empty() && form::preset(&mapping).is_none();
        // A few documents do not show all the states that articles can be in.
        for (field, whole) in form::telling_fields(&mapping).into_iter().filter(|_| is_guessed) {
            let body = json!({
                "size": 0, "timeout": TIMEOUT, "track_total_hits": false,
                "aggs": { "c": { "terms": { "field": whole, "size": 100 } } }
            });
            if let Ok(answer) = server.ask("POST", &format!("/{index}/_search"), Some(&body), &cancel) {
                let values = buckets(&answer["aggregations"]["c"]).map(|(value, _)| value);
                listed.insert(field, values.collect());
            }
        }
        let form = Form::of(mapping, form.as_deref(), &fields, &documents, &listed);
        if form.map.get("title").is_empty() && form.map.get("text").is_empty() {
            let reason = format!(
                "no field of the index '{}' looks like a title or a text; name them under [[archive]] in the config file",
                short(index)
            );
            return Err(server.fault(reason));
        }
        Ok(Foreign {
            size: count,
            span: Mutex::default(),
            is_in_parts: parts > form.mapping.indices as u64,
            server,
            index: format!("/{index}"),
            form,
            state,
            least: OnceLock::new(),
            sample: Sample::new(newest, analyse)?,
            held: Mutex::default(),
            spelled: Mutex::default(),
            shown: Mutex::default(),
            recent: Mutex::default(),
            version: AtomicU64::new(1),
        })
    }

    fn name(&self) -> &str {
        self.index.trim_start_matches('/')
    }

    fn search(&self, body: &Value, cancel: &Cancel) -> Result<Value, Error> {
        Ok(self.searches(std::slice::from_ref(body), cancel)?.remove(0))
    }

    fn searches(&self, bodies: &[Value], cancel: &Cancel) -> Result<Vec<Value>, Error> {
        super::several::searches(&self.server, &self.index, bodies, cancel)
    }

    fn cannot<T>(&self, what: &str) -> Result<T, Error> {
        Err(self.server.fault(format!("{what}; dateline add --to makes an archive of one's own of it")))
    }

    fn changed(&self) {
        self.version.fetch_add(1, Ordering::Relaxed);
    }
}
