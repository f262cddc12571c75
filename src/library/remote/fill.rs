//! Fills an archive: makes its indices, sends articles in bulk, and joins names that are one.
//!
//! In: articles with their analyses. Out: what became of them. The id of a document comes from the article itself, so that
//! the same articles sent twice, by several programs at once or after one was killed are there once. What an article
//! consists of is sent in one request, so that it is there as a whole or not at all.

use super::Remote;
use super::incoming::{Incoming, Recent};
use super::layout::{self, Called, Documents, Named, Placed, There};
use super::names::{Joined, Names, hits};
use super::server::TIMEOUT;
use crate::annotation::{Analysis, ENGINE_VERSION};
use crate::article::Article;
use crate::fault::short;
use crate::library::identity::Hash;
use crate::library::sources::Seen;
use crate::library::{Added, Cancel, Error};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

/// About how many bytes a request has.
pub const BYTES: usize = 2 << 20;
/// How many requests are in flight at once.
const FLIGHTS: usize = 3;
/// How often a document is sent again that the server had no room for.
const TRIES: u32 = 8;
/// The names of this many documents that were sent are remembered, so that most are not sent again.
const REMEMBERED: usize = 500_000;
/// After so many new articles, the segments of the archive are merged, into segments of at most so many bytes: the size from
/// which the engines themselves leave segments alone.
const WORTH_MERGING: u64 = 50_000;
const SEGMENT: u64 = 5 << 30;
/// What is there of this many articles is remembered from the question until they are sent.
const ASKED: usize = 20_000;
/// For how long it is remembered which names are one, and of how many.
const KEPT: Duration = Duration::from_secs(300);
const MOST_KEPT: usize = 50_000;

impl Remote {
    /// Makes the indices where there are none. Fails where there is an index of this name that dateline has not made.
    pub fn create(&self, cancel: &Cancel) -> Result<(), Error> {
        self.server.version(cancel)?;
        // An index of other hands is refused before anything is made beside it.
        if self.server.try_ask("GET", &format!("{}/_mapping", self.articles), None, cancel)?.is_ok() {
            self.check_layout(cancel)?;
        }
        let indices = [
            (&self.names, layout::names()),
            (&self.quotes, layout::quotes()),
            (&self.articles, layout::articles()),
        ];
        for (index, layout) in indices {
            match self.server.try_ask("PUT", index, Some(&layout), cancel)? {
                Ok(_) => {}
                // Somebody made it a moment ago, or long ago.
                Err(refusal) if refusal.kind == "resource_already_exists_exception" => {}
                Err(refusal) => return Err(self.server.refused(&refusal)),
            }
        }
        self.check_layout(cancel)
    }

    /// The mapping of the archive, if it is laid out as this program does; else the mapping of whoever made it. Fails where
    /// there is no such index, or where a newer dateline made it.
    pub fn mapping(&self, cancel: &Cancel) -> Result<Result<Value, Value>, Error> {
        self.server.version(cancel)?;
        let answer = match self.server.try_ask("GET", &format!("{}/_mapping", self.articles), None, cancel)? {
            Ok(answer) if answer.as_object().is_some_and(|indices| !indices.is_empty()) => answer,
            Ok(_) => return Err(self.no_index()),
            Err(refusal) if refusal.status == 404 => return Err(self.no_index()),
            Err(refusal) => return Err(self.server.refused(&refusal)),
        };
        let mut layouts = answer
            .as_object()
            .into_iter()
            .flat_map(|indices| indices.values())
            .map(|index| index["mappings"]["_meta"]["dateline"]["layout"].as_u64());
        // The first of several indices tells who made them; what the oldest cannot do, none can.
        let first = layouts.next().flatten();
        let layout = first.map(|first| layouts.flatten().fold(first, u64::min));
        match layout {
            Some(layout @ 1..=layout::LAYOUT) => {
                self.layout.store(layout, Ordering::Relaxed);
                Ok(Ok(answer))
            }
            Some(newer) if newer > layout::LAYOUT => Err(self.server.fault(format!(
                "its index has layout {newer}, and this program knows layout {}; use a newer dateline",
                layout::LAYOUT
            ))),
            Some(_) | None => Ok(Err(answer)),
        }
    }

    fn no_index(&self) -> Error {
        let reason = format!("there is no index '{}'; dateline add --to makes one", short(self.name()));
        self.server.fault(reason)
    }

    /// Fails unless the archive is there and is laid out as this program does.
    pub fn check_layout(&self, cancel: &Cancel) -> Result<(), Error> {
        self.mapping(cancel)?.map(|_| ()).map_err(|_| {
            self.server
                .fault(format!("the index '{}' was not made by dateline; name another", short(self.name())))
        })?;
        match self.layout() {
            layout::LAYOUT => Ok(()),
            older => {
                let address = format!("{}{}", self.server.shown(), self.articles);
                Err(self.server.fault(format!(
                    "its index has the older layout {older}, which takes no more articles; make a new one of it with \
                     dateline add --to NEW {address}"
                )))
            }
        }
    }

    /// The version of the layout of the archive.
    pub fn layout(&self) -> u64 {
        self.layout.load(Ordering::Relaxed)
    }

    /// What is there of some articles, by the ids of their documents. What others sent less than half a minute ago is only
    /// known `at_once` with a question that costs the server as much as making it visible.
    fn there(&self, ids: &[String], at_once: bool, cancel: &Cancel) -> Result<HashMap<String, There>, Error> {
        let mut found = HashMap::new();
        let unknown: Vec<&String> = {
            let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
            let sent = |id: &String| Some((id.clone(), recent.there(id)?.clone()));
            found.extend(ids.iter().filter_map(sent));
            ids.iter().filter(|id| !found.contains_key(*id)).collect()
        };
        for piece in unknown.chunks(1_000) {
            let path = format!(
                "{}/_mget?realtime={at_once}&_source_includes=hash,engine,quotes,when,story,added",
                self.articles
            );
            let answer = self.server.ask("POST", &path, Some(&json!({ "ids": piece })), cancel)?;
            for document in answer["docs"].as_array().map(Vec::as_slice).unwrap_or_default() {
                let source = &document["_source"];
                if let (Some(id), true) = (document["_id"].as_str(), document["found"] == true) {
                    let there = There {
                        hash: layout::text(&source["hash"]).unwrap_or_default(),
                        engine: source["engine"].as_u64().unwrap_or(0),
                        quotes: source["quotes"].as_u64().unwrap_or(0),
                        when: layout::number(&source["when"]).unwrap_or(layout::UNDATED),
                        placed: layout::number(&source["story"])
                            .zip(layout::number(&source["added"]))
                            .map(|(story, added)| Placed { story, added }),
                    };
                    found.insert(id.to_owned(), there);
                }
            }
        }
        Ok(found)
    }

    /// See `Backend::seen`.
    pub fn seen_of(&self, articles: &[Article], cancel: &Cancel) -> Result<Vec<Seen>, Error> {
        let ids: Vec<String> = articles.iter().map(|article| Named::of(article).id).collect();
        let there = self.there(&ids, false, cancel)?;
        if self.fills {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            if asked.len() > ASKED {
                asked.clear();
            }
            asked.extend(ids.iter().map(|id| (id.clone(), there.get(id).cloned())));
        }
        let one = |(article, id): (&Article, &String)| match there.get(id) {
            None => Seen::Never,
            Some(there)
                if there.hash == layout::content(article) && there.engine >= u64::from(ENGINE_VERSION) =>
            {
                Seen::Same
            }
            Some(there) => Seen::Otherwise(layout::published(there.when)),
        };
        Ok(articles.iter().zip(&ids).map(one).collect())
    }

    /// Stores articles. One that is here is replaced.
    pub fn send(&self, batch: &[(Article, Analysis)], renews: bool, cancel: &Cancel) -> Result<Added, Error> {
        if !self.fills {
            return self.cannot("an archive is filled with dateline add --to");
        }
        // In the order in which they came; of an article that is there twice, the later one counts.
        let mut latest: Vec<(Named, &(Article, Analysis))> = Vec::new();
        let mut places: HashMap<String, usize> = HashMap::new();
        let mut added = Added::default();
        for pair in batch {
            let named = Named::of(&pair.0);
            match places.get(&named.id).and_then(|place| latest.get_mut(*place)) {
                Some(there) => {
                    there.1 = pair;
                    added.updated += 1;
                }
                None => {
                    places.insert(named.id.clone(), latest.len());
                    latest.push((named, pair));
                }
            }
        }
        let mut there: HashMap<String, There> = HashMap::new();
        let unknown: Vec<String> = {
            let mut asked = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            let mut unknown = Vec::new();
            for (named, _) in &latest {
                match asked.remove(&named.id) {
                    Some(known) => there.extend(known.map(|known| (named.id.clone(), known))),
                    None => unknown.push(named.id.clone()),
                }
            }
            unknown
        };
        there.extend(self.there(&unknown, false, cancel)?);
        let mut going: Vec<(Named, &(Article, Analysis))> = Vec::new();
        for (named, pair) in latest {
            match there.get(&named.id) {
                None if renews => continue,
                None => added.new += 1,
                Some(there) if !renews && is_same(there, &pair.0) => {
                    added.unchanged += 1;
                    continue;
                }
                Some(_) => added.updated += 1,
            }
            going.push((named, pair));
        }
        let outcome = self.send_these(going, &there, cancel)?;
        added.new = added.new.saturating_sub(outcome.refused);
        if !outcome.there.is_empty() {
            // Others have sent these in the last half a minute.
            let ids: Vec<String> = outcome.there.iter().map(|(named, _)| named.id.clone()).collect();
            let there = self.there(&ids, true, cancel)?;
            let mut again = outcome.there;
            added.new = added.new.saturating_sub(again.len() as u64);
            let sent = again.len();
            again.retain(|(named, pair)| there.get(&named.id).is_none_or(|there| !is_same(there, &pair.0)));
            added.unchanged += (sent - again.len()) as u64;
            added.updated += again.len() as u64;
            let outcome = self.send_these(again, &there, cancel)?;
            added.updated = added.updated.saturating_sub(outcome.refused + outcome.there.len() as u64);
        }
        self.unseen.store(true, Ordering::Relaxed);
        self.filled.fetch_add(added.new, Ordering::Relaxed);
        self.changed();
        Ok(added)
    }

    /// Sends articles of which it is known what is there.
    fn send_these<'a>(
        &self,
        articles: Vec<(Named, &'a (Article, Analysis))>,
        there: &HashMap<String, There>,
        cancel: &Cancel,
    ) -> Result<Outcome<'a>, Error> {
        let going: Vec<Incoming> = articles
            .iter()
            .map(|(named, (article, analysis))| {
                Incoming::new(named.clone(), article, analysis, there.get(&named.id))
            })
            .collect();
        let placed = self.placed(&going, cancel)?;
        let mut requests: Vec<Request> = vec![Request::default()];
        for (place, (incoming, placed)) in going.iter().zip(&placed).enumerate() {
            if requests.last().is_none_or(|last| last.lines.len() >= BYTES) {
                requests.push(Request::default());
            }
            if let Some(request) = requests.last_mut() {
                self.put(request, place, incoming, *placed);
            }
        }
        requests.retain(|request| !request.lines.is_empty());
        let (refused, there) = self.send_all(requests, cancel)?;
        let kept = |place: &usize| !refused.contains(place) && !there.contains(place);
        let (sent, placed): (Vec<Incoming>, Vec<Placed>) = going
            .into_iter()
            .zip(placed)
            .enumerate()
            .filter(|(place, _)| kept(place))
            .map(|(_, pair)| pair)
            .unzip();
        self.remember(sent, &placed, cancel)?;
        let refused = refused.len() as u64;
        let there = there.into_iter().filter_map(|place| articles.get(place).cloned()).collect();
        Ok(Outcome { refused, there })
    }

    /// Adds the documents of an article to a request.
    fn put(&self, request: &mut Request, place: usize, incoming: &Incoming<'_>, placed: Placed) {
        let Incoming { article, analysis, known, .. } = *incoming;
        let mut documents = Documents::of(article, analysis);
        documents.place(placed, &incoming.keys);
        let [articles, quotes, names] = [&self.articles, &self.quotes, &self.names].map(|path| &path[1..]);
        let title = crate::listing::headline(&article.title, &article.body).into_owned();
        request.titles.insert(place, title);
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        if sent.len() > REMEMBERED {
            sent.clear();
        }
        for (id, document) in documents.names {
            if sent.insert(Hash::of(&[&id]).number()) {
                // Whoever sends it sends the same, so that what is there stays.
                request.add(&json!({ "create": { "_index": names, "_id": id } }), Some(&document), None);
            }
        }
        drop(sent);
        let count = documents.quotes.len() as u64;
        for (id, document) in documents.quotes {
            request.add(&json!({ "index": { "_index": quotes, "_id": id } }), Some(&document), Some(place));
        }
        for gone in count..known.map_or(0, |known| known.quotes) {
            let id = format!("{}-{gone}", documents.named.id);
            request.add(&json!({ "delete": { "_index": quotes, "_id": id } }), None, None);
        }
        let action = json!({ "_index": articles, "_id": &documents.named.id });
        // An article that somebody else sends in the same moment is noticed.
        let action = if known.is_some() { json!({ "index": action }) } else { json!({ "create": action }) };
        request.add(&action, Some(&documents.article), Some(place));
    }

    /// Sends requests, several at a time. Returns the places of the articles that were refused, and of those that are there
    /// though they were thought to be new.
    pub fn send_all(&self, requests: Vec<Request>, cancel: &Cancel) -> Result<(Places, Places), Error> {
        let next = AtomicUsize::new(0);
        let outcome: Mutex<Result<(Places, Places), Error>> = Mutex::new(Ok(Default::default()));
        let work = || {
            while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                let sent = self.send_one(request, cancel);
                let mut outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner);
                match (sent, &mut *outcome) {
                    (Ok((refused, there)), Ok(all)) => {
                        all.0.extend(refused);
                        all.1.extend(there);
                    }
                    (Err(error), Ok(_)) => *outcome = Err(error),
                    (_, Err(_)) => return,
                }
            }
        };
        thread::scope(|scope| {
            for _ in 1..FLIGHTS.min(requests.len()) {
                scope.spawn(work);
            }
            work();
        });
        outcome.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends one request, and again what the server had no room for. Returns what [`Remote::send_all`] does.
    fn send_one(&self, request: &Request, cancel: &Cancel) -> Result<(Places, Places), Error> {
        let mut there = Places::new();
        let mut wanted: Vec<usize> = (0..request.items.len()).collect();
        let mut refused: BTreeMap<usize, String> = BTreeMap::new();
        let mut wait = Duration::from_millis(200);
        for attempt in 1..=TRIES {
            let mut lines = Vec::with_capacity(request.lines.len());
            for item in wanted.iter().filter_map(|at| request.items.get(*at)) {
                lines.extend_from_slice(request.lines.get(item.bytes.clone()).unwrap_or_default());
            }
            let answer = self.server.lines(
                "/_bulk?filter_path=errors,items.*.status,items.*.error",
                &lines,
                cancel,
            )?;
            if answer["errors"] == false {
                wanted.clear();
                break;
            }
            let items = answer["items"].as_array().map(Vec::as_slice).unwrap_or_default();
            if items.len() != wanted.len() {
                return Err(self.server.fault("the answer is not what was asked for"));
            }
            let mut again = Vec::new();
            for (at, item) in wanted.iter().zip(items) {
                let Some(done) = item.as_object().and_then(|item| item.values().next()) else { continue };
                match done["status"].as_u64().unwrap_or(0) {
                    429 | 503 => again.push(*at),
                    status if (200..300).contains(&status) || status == 404 => {}
                    409 => there.extend(request.items.get(*at).and_then(|item| item.article)),
                    _ => {
                        let cause = &done["error"]["caused_by"]["reason"];
                        let told = layout::line(&done["error"]["reason"]).unwrap_or_default();
                        let cause = layout::line(cause).map(|cause| format!(": {cause}")).unwrap_or_default();
                        if let Some(place) = request.items.get(*at).and_then(|item| item.article) {
                            refused.entry(place).or_insert(format!("{told}{cause}"));
                        }
                    }
                }
            }
            wanted = again;
            if wanted.is_empty() {
                break;
            }
            if attempt < TRIES {
                super::server::pause(wait, cancel)?;
                wait = (2 * wait).min(Duration::from_secs(10));
            }
        }
        if !wanted.is_empty() {
            return Err(self.server.fault("it is busy and takes no more articles; try again later"));
        }
        let places = refused.keys().copied().collect();
        let mut told = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        for (place, reason) in refused {
            let title = request.titles.get(&place).map(String::as_str).unwrap_or_default();
            told.push(format!("refused '{}': {}", short(title), short(&reason)));
        }
        Ok((places, there))
    }

    /// Makes everything that was sent visible, and joins the names that are one.
    pub fn complete(&self, cancel: &Cancel) -> Result<(), Error> {
        self.refresh(cancel)?;
        *self.recent.lock().unwrap_or_else(PoisonError::into_inner) = Recent::default();
        self.join(cancel)?;
        self.refresh(cancel)?;
        self.changed();
        if self.filled.swap(0, Ordering::Relaxed) >= WORTH_MERGING {
            self.merge(cancel);
        }
        Ok(())
    }

    /// Asks the server to merge the segments of the archive, which makes most answers twice as fast. Whoever may not ask for
    /// that has an archive that is sound all the same.
    fn merge(&self, cancel: &Cancel) {
        for index in [&self.articles, &self.quotes, &self.names] {
            let path = format!("/_cat/shards{index}?format=json&bytes=b&h=prirep,store");
            let Ok(shards) = self.server.ask("GET", &path, None, cancel) else { return };
            let sizes = shards.as_array().map(Vec::as_slice).unwrap_or_default().iter();
            let sizes = sizes.filter_map(|shard| layout::text(&shard["store"])?.parse::<u64>().ok());
            let segments = sizes.max().unwrap_or(0).div_ceil(SEGMENT).max(1);
            self.server.begin(&format!("{index}/_forcemerge?max_num_segments={segments}"), cancel);
        }
    }

    fn refresh(&self, cancel: &Cancel) -> Result<(), Error> {
        let [articles, quotes, names] = [&self.articles, &self.quotes, &self.names].map(|path| &path[1..]);
        self.server.ask("POST", &format!("/{articles},{quotes},{names}/_refresh"), None, cancel)?;
        Ok(())
    }

    /// The articles whose analysis is of an older engine, newest first.
    pub fn older(&self, limit: usize, cancel: &Cancel) -> Result<(Vec<i64>, u64), Error> {
        let body = json!({
            "size": limit.min(1_000), "timeout": TIMEOUT, "track_total_hits": true, "_source": ["num"],
            "query": { "range": { "engine": { "lt": ENGINE_VERSION } } },
            "sort": [{ "when": "desc" }, { "num": "desc" }]
        });
        let answer = self.server.ask("POST", &format!("{}/_search", self.articles), Some(&body), cancel)?;
        let numbers = hits(&answer).filter_map(|hit| layout::number(&hit["_source"]["num"])).collect();
        Ok((numbers, answer["hits"]["total"]["value"].as_u64().unwrap_or(0)))
    }

    /// Which names some names are one with. What was asked for is remembered for a while, so that what others add is seen.
    pub fn joined(&self, names: &[Called], cancel: &Cancel) -> Result<Arc<Joined>, Error> {
        let mut there = self.joined.lock().unwrap_or_else(PoisonError::into_inner).clone();
        there = there.filter(|(since, joined)| since.elapsed() < KEPT && joined.len() < MOST_KEPT);
        let (since, mut joined) = there.unwrap_or_else(|| (Instant::now(), Arc::default()));
        let unknown = joined.unknown(names);
        if unknown.is_empty() {
            return Ok(joined);
        }
        let corrected = self.state.corrected();
        let index = Names { server: &self.server, index: &self.names, corrected: &corrected, cancel };
        index.join(unknown, Arc::make_mut(&mut joined))?;
        *self.joined.lock().unwrap_or_else(PoisonError::into_inner) = Some((since, Arc::clone(&joined)));
        Ok(joined)
    }
}

fn is_same(there: &There, article: &Article) -> bool {
    there.hash == layout::content(article) && there.engine >= u64::from(ENGINE_VERSION)
}

/// Names of documents that were sent already, by half a hash.
pub type Sent = HashSet<i64>;

/// What is there of articles that are about to be sent, by the ids of their documents; `None` for what is new.
pub type Asked = HashMap<String, Option<There>>;

/// The places of articles among those that are sent.
type Places = BTreeSet<usize>;

/// What became of articles.
struct Outcome<'a> {
    refused: u64,
    /// Those that are there though they were thought to be new.
    there: Vec<(Named, &'a (Article, Analysis))>,
}

/// The lines of one request, and what they are about.
#[derive(Default)]
pub struct Request {
    pub lines: Vec<u8>,
    items: Vec<Item>,
    /// By the place of the article among those that are sent.
    titles: BTreeMap<usize, String>,
}

struct Item {
    bytes: std::ops::Range<usize>,
    /// The article that is refused where this document is.
    article: Option<usize>,
}

impl Request {
    pub fn add(&mut self, action: &Value, document: Option<&Value>, article: Option<usize>) {
        let start = self.lines.len();
        for line in [Some(action), document].into_iter().flatten() {
            self.lines.extend_from_slice(line.to_string().as_bytes());
            self.lines.push(b'\n');
        }
        self.items.push(Item { bytes: start..self.lines.len(), article });
    }
}
