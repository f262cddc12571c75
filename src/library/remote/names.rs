//! The names of an archive: what a name that is asked for means, and which names are one.
//!
//! In: names from questions. Out: names as the index writes them ([`Called`]). The rules are those of a local library: the
//! entity with exactly this name, else those with exactly this form, else those that contain it, else those that begin
//! with it. Which names are one is computed over the whole archive when it was filled (`fill`) and read from there.

use super::corrected::{Archived, Corrected, Regrouped};
use super::layout::{self, Called, kind_name};
use super::server::{Server, TIMEOUT};
use super::several::searches_with;
use crate::annotation::Kind;
use crate::gazetteer::{body, country};
use crate::library::{Cancel, Error};
use crate::text::fold;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The most entities that one name can mean.
const MEANT: usize = 10_000;
/// How many documents are read at a time.
const PIECE: usize = 5_000;

/// Which of some names of an archive are one. Those that are shown under no other are not listed.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    /// What the names are that were asked for.
    known: HashSet<Called>,
    shown: HashMap<Called, Called>,
    members: HashMap<Called, Vec<Called>>,
    vague: BTreeSet<Called>,
    /// What the person's corrections change of it.
    regrouped: Regrouped,
}

impl Archived for Joined {
    fn head<'a>(&'a self, called: &'a Called) -> &'a Called {
        self.shown.get(called).unwrap_or(called)
    }

    fn group(&self, head: &Called) -> Vec<Called> {
        let others = self.members.get(head).into_iter().flatten().cloned();
        [head.clone()].into_iter().chain(others).collect()
    }
}

impl Joined {
    /// Those of some names that were not asked for yet.
    pub fn unknown<'a>(&self, names: impl IntoIterator<Item = &'a Called>) -> Vec<Called> {
        let unknown = names.into_iter().filter(|called| !self.known.contains(*called));
        unknown.cloned().collect::<BTreeSet<Called>>().into_iter().collect()
    }

    /// How many names are known.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Takes what the index says of a name: under which other it is shown, or that it is vague.
    fn take(&mut self, (called, shown, vague): (Called, Called, bool)) {
        if vague {
            self.vague.insert(called);
        } else if self.shown.insert(called.clone(), shown.clone()).is_none() {
            self.members.entry(shown).or_default().push(called);
        }
    }

    /// The name under which a name is shown; `None` for what the person has said is not a name.
    pub fn shown<'a>(&'a self, called: &'a Called) -> Option<&'a Called> {
        match self.regrouped.shown.get(called) {
            Some(shown) => shown.as_ref(),
            None => Some(self.head(called)),
        }
    }

    /// All names that are shown under this one.
    pub fn members(&self, shown: &Called) -> Vec<Called> {
        self.regrouped.members.get(shown).cloned().unwrap_or_else(|| self.group(shown))
    }

    /// Whether other names than this one itself are shown under it.
    pub fn is_group(&self, shown: &Called) -> bool {
        match self.regrouped.members.get(shown) {
            Some(members) => members.as_slice() != std::slice::from_ref(shown),
            None => self.members.contains_key(shown),
        }
    }

    /// The names of a kind under which other kinds of names are shown, because the person said so.
    pub fn gained(&self, kind: Kind) -> impl Iterator<Item = &Called> {
        let gained = self.regrouped.members.iter().filter(move |(shown, members)| {
            shown.kind == kind && members.iter().any(|member| member.kind != kind)
        });
        gained.map(|(shown, _)| shown)
    }

    pub fn is_vague(&self, called: &Called) -> bool {
        self.vague.contains(called)
    }
}

/// How a name is asked for.
enum Means {
    /// As the name of this entity.
    Exactly(Called),
    /// As a form of some entities.
    Form,
    /// As a part of forms.
    Containing,
}

/// The search for whether an entity is there.
fn existing(called: &Called) -> Value {
    json!({
        "size": 0, "timeout": TIMEOUT, "track_total_hits": 1, "terminate_after": 1,
        "query": { "bool": { "filter": [
            { "term": { "what": "name" } }, { "term": { "entity": called.written() } }
        ] } }
    })
}

fn is_there(answer: &Value) -> bool {
    layout::number(&answer["hits"]["total"]["value"]).unwrap_or(0) > 0
}

/// The search for the entities of the forms of a kind that match a condition which few forms match.
fn of_form(kind: Kind, condition: Value) -> Value {
    let mut body = of_forms_with(kind, vec![condition]);
    // Otherwise the engine numbers all entities first.
    body["aggs"]["e"]["terms"]["execution_hint"] = json!("map");
    body
}

/// The search for the entities of the forms of a kind that have words with these beginnings.
fn beginning(kind: Kind, words: &[String]) -> Value {
    of_forms_with(
        kind,
        words.iter().map(|word| json!({ "prefix": { "words": { "value": word } } })).collect(),
    )
}

fn of_forms_with(kind: Kind, conditions: Vec<Value>) -> Value {
    let mut filter =
        vec![json!({ "term": { "kind": kind_name(kind) } }), json!({ "term": { "what": "form" } })];
    filter.extend(conditions);
    json!({
        "size": 0, "timeout": TIMEOUT, "track_total_hits": false,
        "query": { "bool": { "filter": filter } },
        "aggs": { "e": { "terms": { "field": "entity", "size": MEANT } } }
    })
}

/// The entities that such a search found.
fn of_forms(answer: &Value) -> BTreeSet<Called> {
    buckets(&answer["aggregations"]["e"]).filter_map(|(key, _)| Called::read(&key)).collect()
}

/// The index of names of one archive.
#[derive(Clone, Copy)]
pub struct Names<'a> {
    pub server: &'a Server,
    /// `/NAME-names`
    pub index: &'a str,
    /// What the person says of names.
    pub corrected: &'a Corrected,
    pub cancel: &'a Cancel,
}

impl Names<'_> {
    fn search(&self, body: &Value) -> Result<Value, Error> {
        let path = format!("{}/_search?ignore_unavailable=true", self.index);
        self.server.ask("POST", &path, Some(body), self.cancel)
    }

    /// Several searches in one request.
    fn searches(&self, bodies: &[Value]) -> Result<Vec<Value>, Error> {
        match bodies {
            [] => Ok(Vec::new()),
            _ => searches_with(
                self.server,
                (self.index, r#"{"ignore_unavailable":true}"#),
                bodies,
                self.cancel,
            ),
        }
    }

    /// The entities of `kind` that have, for each of `words`, a word that begins with it.
    pub fn beginning(&self, kind: Kind, words: &[String]) -> Result<BTreeSet<Called>, Error> {
        if words.is_empty() {
            return Ok(BTreeSet::new());
        }
        let mut begun = of_forms(&self.search(&beginning(kind, words))?);
        begun.retain(|called| self.corrected.keeps_kind(called));
        begun.extend(self.corrected.named(kind, words, false));
        Ok(begun)
    }

    /// The entities that `name` means as a name of each of some kinds, each under one of its names.
    pub fn named(&self, kinds: &[Kind], name: &str) -> Result<Vec<(Kind, BTreeSet<Called>)>, Error> {
        let words = fold::words(name);
        let form = words.join(" ");
        // What a name can mean as a name of a kind: the first of these that somebody has counts.
        let mut asked: Vec<(Kind, Means)> = Vec::new();
        for kind in kinds.iter().copied() {
            let key = match kind {
                Kind::Country => {
                    let code = country::find(name).map(|code| code.as_str().to_owned());
                    code.unwrap_or_else(|| name.trim().to_ascii_uppercase())
                }
                _ => form.clone(),
            };
            let is_whole = kind != Kind::Person || words.len() > 1;
            let several = kind == Kind::Org && body::is_of_each(name);
            if is_whole && !several {
                asked.push((kind, Means::Exactly(Called { kind, key })));
            }
            if is_whole {
                asked.push((kind, Means::Form));
            }
            if kind != Kind::Country && !form.is_empty() {
                asked.push((kind, Means::Containing));
            }
        }
        let bodies: Vec<Value> = asked
            .iter()
            .map(|(kind, means)| match means {
                Means::Exactly(called) => existing(called),
                Means::Form => of_form(*kind, json!({ "term": { "form": form } })),
                Means::Containing => {
                    of_form(*kind, json!({ "match_phrase": { "words": { "query": form } } }))
                }
            })
            .collect();
        let mut found: BTreeMap<Kind, BTreeSet<Called>> = BTreeMap::new();
        for ((kind, means), answer) in asked.into_iter().zip(self.searches(&bodies)?) {
            let mut named = match means {
                Means::Exactly(called) if is_there(&answer) => BTreeSet::from([called]),
                Means::Exactly(_) => BTreeSet::new(),
                Means::Form | Means::Containing => of_forms(&answer),
            };
            named.retain(|called| self.corrected.keeps_kind(called));
            let known = found.entry(kind).or_default();
            if known.is_empty() {
                *known = named;
            }
        }
        // What the person has named so may be another kind of name in the archive, or not be there under this name.
        for kind in kinds.iter().copied() {
            let told = self.corrected.named(kind, &words, true);
            match told.is_empty() || kind == Kind::Person && words.len() == 1 {
                true => found.entry(kind).or_default().extend(told),
                false => _ = found.insert(kind, told),
            }
        }
        let without: Vec<Kind> = kinds
            .iter()
            .copied()
            .filter(|kind| !words.is_empty() && found.get(kind).is_none_or(BTreeSet::is_empty))
            .collect();
        let bodies: Vec<Value> = without.iter().map(|kind| beginning(*kind, &words)).collect();
        for (kind, answer) in without.into_iter().zip(self.searches(&bodies)?) {
            let mut begun = of_forms(&answer);
            begun.retain(|called| self.corrected.keeps_kind(called));
            begun.extend(self.corrected.named(kind, &words, false));
            found.insert(kind, begun);
        }
        Ok(kinds.iter().map(|kind| (*kind, found.remove(kind).unwrap_or_default())).collect())
    }

    /// The folded forms of some entities, in ascending order.
    pub fn forms(&self, called: &[Called]) -> Result<BTreeSet<String>, Error> {
        let wanted: Vec<String> = called.iter().map(Called::written).collect();
        let answer = self.search(&json!({
            "size": 0, "timeout": TIMEOUT, "track_total_hits": false,
            "query": { "bool": { "filter": [{ "term": { "what": "form" } }, { "terms": { "entity": wanted } }] } },
            "aggs": { "f": { "terms": { "field": "form", "size": 1_000 } } }
        }))?;
        Ok(buckets(&answer["aggregations"]["f"]).map(|(form, _)| form).collect())
    }

    /// How some entities are written for people, by the person's own spelling first. One that is unknown keeps what it is
    /// compared by.
    pub fn written(&self, called: &[Called]) -> Result<HashMap<Called, String>, Error> {
        let mut written = self.in_archive(called)?;
        for called in called.iter().filter(|called| called.kind != Kind::Country) {
            if let Some(name) = self.corrected.written(called) {
                written.insert(called.clone(), name.clone());
            }
        }
        Ok(written)
    }

    /// How the archive writes some entities.
    fn in_archive(&self, called: &[Called]) -> Result<HashMap<Called, String>, Error> {
        let mut written = HashMap::new();
        for piece in called.chunks(PIECE) {
            let wanted: Vec<String> = piece.iter().map(Called::written).collect();
            let answer = self.search(&json!({
                "size": piece.len(), "timeout": TIMEOUT, "track_total_hits": false, "_source": ["entity", "name"],
                "query": { "bool": { "filter": [
                    { "term": { "what": "name" } }, { "terms": { "entity": wanted } }
                ] } }
            }))?;
            for hit in hits(&answer) {
                let source = &hit["_source"];
                let called = layout::text(&source["entity"]).and_then(|entity| Called::read(&entity));
                if let (Some(called), Some(name)) = (called, layout::name(&source["name"])) {
                    written.insert(called, name);
                }
            }
        }
        Ok(written)
    }

    /// For each of some folded forms of bodies, the bodies that have it.
    pub fn bodies_with(&self, forms: &[String]) -> Result<BTreeMap<String, Vec<Called>>, Error> {
        let mut found: BTreeMap<String, Vec<Called>> = BTreeMap::new();
        for piece in forms.chunks(1_000) {
            let answer = self.search(&json!({
                "size": 10_000, "timeout": TIMEOUT, "track_total_hits": false, "_source": ["entity", "form"],
                "query": { "bool": { "filter": [
                    { "term": { "what": "form" } }, { "term": { "kind": "org" } }, { "terms": { "form": piece } }
                ] } }
            }))?;
            for hit in hits(&answer) {
                let source = &hit["_source"];
                let called = layout::text(&source["entity"]).and_then(|entity| Called::read(&entity));
                if let (Some(called), Some(form)) = (called, layout::text(&source["form"])) {
                    found.entry(form).or_default().push(called);
                }
            }
        }
        Ok(found)
    }

    /// The pairs of names that are one, and the names that are vague, as they were stored last: the ids of their
    /// documents with what they say.
    pub fn stored(&self) -> Result<BTreeMap<String, (Called, Called, bool)>, Error> {
        let mut found = BTreeMap::new();
        self.each_stored(&json!({ "term": { "what": "same" } }), |id, told| _ = found.insert(id, told))?;
        Ok(found)
    }

    /// The same of the documents that match.
    fn each_stored(
        &self,
        query: &Value,
        mut take: impl FnMut(String, (Called, Called, bool)),
    ) -> Result<(), Error> {
        let mut after: Option<Value> = None;
        loop {
            let mut body = json!({
                "size": PIECE, "timeout": TIMEOUT, "track_total_hits": false,
                "_source": ["entity", "shown", "vague"], "sort": [{ "entity": "asc" }], "query": query
            });
            if let Some(after) = after.take() {
                body["search_after"] = after;
            }
            let before = body["search_after"].clone();
            let answer = self.search(&body)?;
            for hit in hits(&answer) {
                let source = &hit["_source"];
                let called = |field: &str| layout::text(&source[field]).and_then(|text| Called::read(&text));
                if let (Some(id), Some(entity), Some(shown)) =
                    (hit["_id"].as_str(), called("entity"), called("shown"))
                {
                    take(id.to_owned(), (entity, shown, source["vague"] == true));
                }
                after = Some(hit["sort"].clone());
            }
            if hits(&answer).count() < PIECE || after.as_ref().is_none_or(|after| !after.is_array()) {
                return Ok(());
            }
            // A server that does not go on would be asked for ever.
            if after.as_ref() == Some(&before) {
                return Err(self.server.fault("its answer is not in the order that was asked for"));
            }
        }
    }

    /// Adds to `joined` which names some names are one with, in the archive and for the person.
    pub fn join(&self, names: Vec<Called>, joined: &mut Joined) -> Result<(), Error> {
        let mut names = names;
        if !self.corrected.is_empty() {
            names.extend(joined.unknown(&self.corrected.concerned()));
        }
        let of = |field: &str, names: &[Called]| {
            let written: Vec<String> = names.iter().map(Called::written).collect();
            json!({ "bool": { "filter": [{ "term": { "what": "same" } }, { "terms": { field: written } }] } })
        };
        // Countries are not joined, and most names are neither.
        let asked: Vec<Called> =
            names.iter().filter(|called| called.kind != Kind::Country).cloned().collect();
        for piece in asked.chunks(PIECE) {
            self.each_stored(&of("entity", piece), |_, told| joined.take(told))?;
        }
        let shown: BTreeSet<Called> = asked.iter().map(|called| joined.head(called).clone()).collect();
        let shown: Vec<Called> = shown.into_iter().collect();
        for piece in shown.chunks(PIECE) {
            self.each_stored(&of("shown", piece), |_, told| joined.take(told))?;
        }
        joined.known.extend(names.into_iter().chain(shown));
        if !self.corrected.is_empty() {
            joined.regrouped = self.corrected.regroup(joined);
        }
        Ok(())
    }
}

/// The buckets of an aggregation by terms: keys and counts.
pub fn buckets(aggregation: &Value) -> impl Iterator<Item = (String, u64)> {
    let buckets = aggregation["buckets"].as_array().map(Vec::as_slice).unwrap_or_default();
    buckets.iter().filter_map(|bucket| Some((layout::text(&bucket["key"])?, bucket["doc_count"].as_u64()?)))
}

/// The hits of a search.
pub fn hits(answer: &Value) -> impl Iterator<Item = &Value> {
    answer["hits"]["hits"].as_array().map(Vec::as_slice).unwrap_or_default().iter()
}
