//! Joins the names of an archive that are one, when it has been filled.
//!
//! In: the names of all articles, with their numbers. Out: documents of the index of names that tell under which name another
//! one is shown. The rules are those of a local library ([`Same`]).

use super::Remote;
use super::corrected::Corrected;
use super::fill::{BYTES, Request};
use super::layout::{self, Called, kind_name};
use super::names::Names;
use super::server::TIMEOUT;
use crate::annotation::Kind;
use crate::library::identity::Hash;
use crate::library::same::{Known, Same};
use crate::library::{Cancel, Error};
use crate::persons::{Apart, bodies};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// How many names are counted in one request.
const COUNTED: usize = 10_000;

impl Remote {
    /// Every name of a kind with the number of its articles.
    fn all_names(&self, kind: Kind, cancel: &Cancel) -> Result<Vec<(Called, u64)>, Error> {
        let mut found = Vec::new();
        let mut after: Option<Value> = None;
        loop {
            let field = layout::field_of(kind);
            let mut composite =
                json!({ "size": COUNTED, "sources": [{ "name": { "terms": { "field": field } } }] });
            if let Some(after) = after.take() {
                composite["after"] = after;
            }
            let body = json!({
                "size": 0, "timeout": TIMEOUT, "track_total_hits": false, "aggs": { "a": { "composite": composite } }
            });
            let answer =
                self.server.ask("POST", &format!("{}/_search", self.articles), Some(&body), cancel)?;
            let list = &answer["aggregations"]["a"];
            let buckets = list["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
            found.extend(buckets.iter().filter_map(|bucket| {
                let called = Called { kind, key: layout::text(&bucket["key"]["name"])? };
                Some((called, bucket["doc_count"].as_u64()?))
            }));
            match &list["after_key"] {
                Value::Object(key) if !buckets.is_empty() => after = Some(Value::Object(key.clone())),
                _ => return Ok(found),
            }
        }
    }

    /// Computes over the whole archive which names are one, and stores what has changed of it.
    pub fn join(&self, cancel: &Cancel) -> Result<(), Error> {
        // What is stored is for everybody; what a person has corrected is applied when they read.
        let corrected = Corrected::default();
        let names = Names { server: &self.server, index: &self.names, corrected: &corrected, cancel };
        let mut called: Vec<(Called, u64)> = Vec::new();
        for kind in [Kind::Person, Kind::Place, Kind::Org] {
            called.extend(self.all_names(kind, cancel)?);
        }
        let keys: Vec<Called> = called.iter().map(|(called, _)| called.clone()).collect();
        let written = names.written(&keys)?;
        let known: Vec<Known> = (0u32..)
            .zip(&called)
            .map(|(entity, (called, articles))| Known {
                entity,
                kind: called.kind,
                name: written.get(called).cloned().unwrap_or_else(|| called.key.clone()),
                articles: u32::try_from(*articles).unwrap_or(u32::MAX),
            })
            .collect();
        let places: HashMap<&Called, u32> =
            called.iter().zip(0u32..).map(|((called, _), place)| (called, place)).collect();
        let short: Vec<(&Known, String)> = known
            .iter()
            .filter(|known| known.kind == Kind::Org && bodies::is_short(&known.name))
            .map(|known| (known, layout::folded(&known.name)))
            .collect();
        let forms: BTreeSet<String> = short.iter().map(|(_, form)| form.clone()).collect();
        let long = names.bodies_with(&forms.into_iter().collect::<Vec<_>>())?;
        let short_for: Vec<(u32, u32)> = short
            .iter()
            .flat_map(|(short, form)| {
                let longs = long.get(form).into_iter().flatten().filter_map(|long| places.get(long));
                longs.filter(|long| **long != short.entity).map(|long| (short.entity, *long))
            })
            .collect();
        let same = Same::new(&known, &short_for, &Apart::default());
        let of = |entity: u32| called.get(entity as usize).map(|(called, _)| called.clone());
        let mut wanted: BTreeMap<String, (Called, Called, bool)> = BTreeMap::new();
        let pairs = same.pairs().iter().map(|(entity, shown)| (*entity, *shown, false));
        for (entity, shown, vague) in pairs.chain(same.vague().iter().map(|entity| (*entity, *entity, true)))
        {
            if let (Some(entity), Some(shown)) = (of(entity), of(shown)) {
                let what = if vague { "vague" } else { "same" };
                let hash = Hash::of(&[what, &entity.written()]);
                let id: String = hash.bytes().iter().map(|byte| format!("{byte:02x}")).collect();
                wanted.insert(id, (entity, shown, vague));
            }
        }
        let stored = names.stored()?;
        let index = &self.names[1..];
        let mut requests: Vec<Request> = vec![Request::default()];
        let mut put = |action: Value, document: Option<Value>| {
            if requests.last().is_none_or(|last| last.lines.len() >= BYTES) {
                requests.push(Request::default());
            }
            if let Some(request) = requests.last_mut() {
                request.add(&action, document.as_ref(), None);
            }
        };
        for (id, pair) in wanted.iter().filter(|(id, pair)| stored.get(*id) != Some(*pair)) {
            let (entity, shown, vague) = pair;
            let document = json!({
                "what": "same", "kind": kind_name(entity.kind),
                "entity": entity.written(), "shown": shown.written(), "vague": vague
            });
            put(json!({ "index": { "_index": index, "_id": id } }), Some(document));
        }
        for id in stored.keys().filter(|id| !wanted.contains_key(*id)) {
            put(json!({ "delete": { "_index": index, "_id": id } }), None);
        }
        requests.retain(|request| !request.lines.is_empty());
        self.send_all(requests, cancel)?;
        Ok(())
    }
}
