//! The language of Fever, as FreshRSS and Miniflux speak it beside their own.
//!
//! A server lists the identifiers of what is unread and of what is starred, and gives items 50 at a time, from an identifier
//! up or down, or by name. A mark is set by one request for each item. There are no labels, and no source can be added or
//! removed.
//!
//! A star is a switch at Miniflux: asked twice it is as before. So items are read before they are starred, and only those
//! are asked for that have no star yet.

use super::calls::{Asked, Calls, Counts, ServerError, list, number, parsed, text};
use super::{Extent, Feed, Item, Memo, Server, Sink, SyncError};
use crate::library::ledger::{Entry, Mark, Marks};
use md5::{Digest, Md5};
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};

/// The most items of one answer.
const PAGE: usize = 50;
/// After so many pages of articles that are too old, the first sync is over.
const OLD_PAGES: usize = 10;
/// The identifier up to which everything is known.
const UP_TO: &str = "up-to";
/// The identifier down to which the first sync has come; 0 where it is over.
const DOWN_TO: &str = "down-to";
/// Where a server may have its interface, below the address that the person wrote.
const PLACES: [&str; 3] = ["/", "/fever/", "/api/fever.php"];
const UNABLE: &str = "Fever's interface can neither add nor remove sources; do it on the server, or use another type of account";

pub struct Fever {
    calls: Calls,
    key: String,
    place: String,
    user: String,
}

impl Fever {
    /// Logs in at the first place below the address that speaks the language.
    pub fn login(calls: Calls, (user, password): (&str, &str)) -> Result<Fever, ServerError> {
        let digest = Md5::digest(format!("{user}:{password}").as_bytes());
        let key: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        let mut server = Fever { calls, key, place: String::new(), user: user.to_owned() };
        let root = server.calls.root();
        let places: &[&str] = if root.ends_with(".php") { &[""] } else { &PLACES };
        let mut first = None;
        for place in places {
            (*place).clone_into(&mut server.place);
            match server.ask(&[]) {
                Ok(_) => return Ok(server),
                Err(error @ (ServerError::Refused { .. } | ServerError::Strange(_))) => {
                    first.get_or_insert(error);
                }
                Err(error) => return Err(error),
            }
        }
        Err(first.unwrap_or(ServerError::Strange("there is no interface of Fever")))
    }

    /// Asks for something, by the names and values that say what.
    fn ask(&mut self, what: &[(&str, &str)]) -> Result<Value, ServerError> {
        let wanted: String = what
            .iter()
            .map(
                |(name, value)| {
                    if value.is_empty() { format!("&{name}") } else { format!("&{name}={value}") }
                },
            )
            .collect();
        let path = format!("{}?api{wanted}", self.place);
        let key = self.key.clone();
        let answer = self.calls.post(Asked::Question, &path, &[("api_key", &key)])?;
        self.checked(&answer)
    }

    fn checked(&self, answer: &[u8]) -> Result<Value, ServerError> {
        let answer = parsed(answer)?;
        if number(&answer, "api_version").is_none() {
            return Err(ServerError::Strange("it is none of Fever's interface"));
        }
        match number(&answer, "auth") {
            Some(1) => Ok(answer),
            _ => Err(ServerError::Login(401)),
        }
    }

    /// The identifiers of a list, in their long form.
    fn ids(&mut self, name: &str) -> Result<Vec<String>, ServerError> {
        let answer = self.ask(&[(name, "")])?;
        // An empty list may be left out.
        let ids = text(&answer, name).unwrap_or_default();
        Ok(ids.split(',').filter_map(|id| id.trim().parse::<u64>().ok()).map(long).collect())
    }

    fn items(&mut self, which: (&str, &str)) -> Result<Vec<Item>, ServerError> {
        let answer = self.ask(&[("items", ""), which])?;
        Ok(list(&answer, "items").iter().filter_map(item).collect())
    }

    /// The items of these identifiers, as far as the server has them.
    fn named(&mut self, ids: &[String]) -> Result<Vec<Item>, ServerError> {
        let mut items = Vec::new();
        for batch in ids.chunks(PAGE) {
            let asked: HashSet<&String> = batch.iter().collect();
            let ids: Vec<String> =
                batch.iter().filter_map(|id| decimal(id)).map(|id| id.to_string()).collect();
            if !ids.is_empty() {
                let found = self.items(("with_ids", &ids.join(",")))?;
                items.extend(found.into_iter().filter(|item| asked.contains(&item.id)));
            }
        }
        Ok(items)
    }

    fn groups(&mut self) -> Result<HashMap<i64, Vec<String>>, ServerError> {
        let answer = self.ask(&[("groups", "")])?;
        let titles = list(&answer, "groups").iter();
        let titles: HashMap<i64, String> =
            titles.filter_map(|group| Some((number(group, "id")?, text(group, "title")?))).collect();
        let mut folders: HashMap<i64, Vec<String>> = HashMap::new();
        for of in list(&answer, "feeds_groups") {
            let Some(title) = number(of, "group_id").and_then(|id| titles.get(&id)) else { continue };
            let feeds = text(of, "feed_ids").unwrap_or_default();
            for feed in feeds.split(',').filter_map(|feed| feed.trim().parse().ok()) {
                folders.entry(feed).or_default().push(title.clone());
            }
        }
        Ok(folders)
    }

    fn set(&mut self, id: u64, what: &str) -> Result<(), ServerError> {
        let path = format!("{}?api", self.place);
        let (key, id) = (self.key.clone(), id.to_string());
        let form = [("api_key", key.as_str()), ("mark", "item"), ("as", what), ("id", &id)];
        let answer = self.calls.post(Asked::Change, &path, &form)?;
        self.checked(&answer).map(drop)
    }
}

fn long(id: u64) -> String {
    format!("{id:016x}")
}

fn decimal(id: &str) -> Option<u64> {
    u64::from_str_radix(id, 16).ok()
}

fn item(item: &Value) -> Option<Item> {
    let is =
        |name: &str| number(item, name) == Some(1) || item.get(name).and_then(Value::as_bool) == Some(true);
    Some(Item {
        id: long(text(item, "id")?.parse().ok()?),
        feed: text(item, "feed_id")?,
        title: text(item, "title").unwrap_or_default(),
        url: text(item, "url"),
        author: text(item, "author"),
        published: number(item, "created_on_time"),
        html: text(item, "html").unwrap_or_default(),
        media: Vec::new(),
        marks: Marks { read: is("is_read"), starred: is("is_saved"), ..Marks::default() },
    })
}

fn highest(items: &[Item]) -> u64 {
    items.iter().filter_map(|item| decimal(&item.id)).max().unwrap_or(0)
}

impl Server for Fever {
    fn about(&mut self) -> Result<String, ServerError> {
        let version = number(&self.ask(&[])?, "api_version").unwrap_or(0);
        Ok(format!(
            "Fever's interface, version {version}, at {}{}; it has no labels, and sources cannot be added or removed",
            self.calls.root(),
            self.place
        ))
    }

    fn user(&mut self) -> Result<String, ServerError> {
        Ok(self.user.clone())
    }

    fn feeds(&mut self) -> Result<Vec<Feed>, ServerError> {
        let folders = self.groups()?;
        let answer = self.ask(&[("feeds", "")])?;
        if !answer.get("feeds").is_some_and(|feeds| feeds.is_array() || feeds.is_null()) {
            return Err(ServerError::Strange("the list of sources is missing"));
        }
        let feed = |feed: &Value| {
            let id = number(feed, "id")?;
            Some(Feed {
                id: id.to_string(),
                url: text(feed, "url"),
                title: text(feed, "title").unwrap_or_default(),
                site: text(feed, "site_url"),
                folders: folders.get(&id).cloned().unwrap_or_default(),
            })
        };
        Ok(list(&answer, "feeds").iter().filter_map(feed).collect())
    }

    fn count_unread(&mut self) -> Result<u64, ServerError> {
        Ok(self.ids("unread_item_ids")?.len() as u64)
    }

    fn changes(
        &mut self,
        known: &HashMap<String, Entry>,
        extent: Extent,
        memo: &mut Memo,
        sink: &mut dyn Sink,
    ) -> Result<(), SyncError> {
        let of = |memo: &Memo, name: &str| memo.get(name).and_then(|value| value.parse::<u64>().ok());
        let mut taken: HashSet<String> = HashSet::new();
        let mut take = |items: Vec<Item>, sink: &mut dyn Sink| -> Result<usize, SyncError> {
            let new = items
                .into_iter()
                .filter(|item| !known.contains_key(&item.id) && taken.insert(item.id.clone()));
            let new: Vec<Item> = new.collect();
            if !new.is_empty() {
                sink.items(new)?;
            }
            Ok(taken.len())
        };
        let top = i64::MAX.unsigned_abs();
        // From 0 upwards one server gives items in no order.
        if of(memo, UP_TO).is_none_or(|up_to| up_to == 0) {
            // An account that was asked in another language before has its articles.
            let (up_to, down_to) = match known.keys().filter_map(|id| decimal(id)).max() {
                Some(last) => (last, 0),
                None => (highest(&self.items(("max_id", &top.to_string()))?), top),
            };
            memo.insert(UP_TO.to_owned(), up_to.to_string());
            memo.insert(DOWN_TO.to_owned(), down_to.to_string());
        }
        // What is read and what is starred is asked for first: what changes while the items are read is found the next time.
        let unread = self.ids("unread_item_ids")?;
        let starred = self.ids("saved_item_ids")?;
        let mut old_pages = 0;
        while let Some(down_to) = of(memo, DOWN_TO).filter(|down_to| *down_to > 0) {
            let page = self.items(("max_id", &down_to.to_string()))?;
            let lowest =
                page.iter().filter_map(|item| decimal(&item.id)).min().filter(|lowest| *lowest < down_to);
            let is_old =
                |item: &Item| extent.oldest.zip(item.published).is_some_and(|(oldest, at)| at < oldest);
            // A source that was added late brings old articles with high identifiers.
            old_pages = if page.iter().all(is_old) { old_pages + 1 } else { 0 };
            let over = old_pages >= OLD_PAGES;
            let wanted = page.into_iter().filter(|item| !is_old(item)).collect();
            let enough = known.len() + take(wanted, sink)? >= extent.most;
            memo.insert(DOWN_TO.to_owned(), lowest.filter(|_| !enough && !over).unwrap_or(0).to_string());
        }
        // What is new, whatever its date is.
        while let Some(up_to) = of(memo, UP_TO).filter(|up_to| *up_to > 0) {
            let page = self.items(("since_id", &up_to.to_string()))?;
            let last = highest(&page);
            if last <= up_to {
                break;
            }
            take(page, sink)?;
            memo.insert(UP_TO.to_owned(), last.to_string());
        }
        let lists = [unread.iter().collect::<HashSet<_>>(), starred.iter().collect::<HashSet<_>>()];
        let (mut told, mut vanished) = (Vec::new(), Vec::new());
        for entry in known.values() {
            let [unread, starred] = &lists;
            let there = Marks {
                read: !unread.contains(&entry.item),
                starred: starred.contains(&entry.item),
                ..entry.agreed.clone()
            };
            let changes = entry.agreed.changes(&there);
            // It stands in a list where it did not, or it is missing from one where it stood.
            let missing = |(mark, on): &(Mark, bool)| if *mark == Mark::Read { *on } else { !on };
            match changes.iter().any(missing) && entry.here.is_some() {
                _ if changes.is_empty() => {}
                true => vanished.push(entry.item.clone()),
                false => told.push((entry.item.clone(), there)),
            }
        }
        // What is missing from a list may have been deleted. It counts when the item is read.
        let found = self.named(&vanished)?;
        let there: HashSet<&String> = found.iter().map(|item| &item.id).collect();
        let gone = vanished.iter().filter(|id| !there.contains(id)).cloned().collect();
        told.extend(found.iter().map(|item| (item.id.clone(), item.marks.clone())));
        sink.told(told, gone)?;
        // What is starred is taken over however old it is.
        let old: BTreeSet<&String> = starred.iter().filter(|id| !known.contains_key(*id)).collect();
        let old: Vec<String> = old.into_iter().rev().filter(|id| !taken.contains(*id)).cloned().collect();
        for batch in old.chunks(PAGE) {
            let items = self.named(batch)?;
            if !items.is_empty() {
                sink.items(items)?;
            }
        }
        Ok(())
    }

    fn edit(&mut self, mark: &Mark, on: bool, items: &[String]) -> Result<(), ServerError> {
        match mark {
            Mark::Label(_) => {}
            Mark::Read => {
                for id in items.iter().filter_map(|id| decimal(id)) {
                    self.set(id, if on { "read" } else { "unread" })?;
                }
            }
            Mark::Starred => {
                for batch in items.chunks(PAGE) {
                    let there = self.named(batch)?;
                    for item in there.iter().filter(|item| item.marks.starred != on) {
                        if let Some(id) = decimal(&item.id) {
                            self.set(id, if on { "saved" } else { "unsaved" })?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn read_back(
        &mut self,
        items: &[String],
        _: (&HashMap<String, Entry>, Extent),
        _: &mut Memo,
        sink: &mut dyn Sink,
    ) -> Result<(), SyncError> {
        let found = self.named(items)?;
        sink.told(found.into_iter().map(|item| (item.id, item.marks)).collect(), Vec::new())
    }

    fn has_labels(&self, _: &Memo) -> bool {
        false
    }

    fn edits_sources(&self) -> Result<(), ServerError> {
        Err(ServerError::Unable(UNABLE))
    }

    fn subscribe(&mut self, _: &str, _: &str, _: Option<&str>) -> Result<(), ServerError> {
        self.edits_sources()
    }

    fn unsubscribe(&mut self, _: &str) -> Result<(), ServerError> {
        self.edits_sources()
    }

    fn counts(&self) -> Counts {
        self.calls.counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_item_is_read_whether_its_numbers_are_numbers_or_texts() {
        for id in [json!(1_766_131_207_245_000_i64), json!("1766131207245000")] {
            let value = json!({
                "id": id, "feed_id": 4, "title": "Quay", "author": "", "html": "<p>x</p>", "url": "https://a.example/1",
                "is_saved": 1, "is_read": 0, "created_on_time": 1_796_000_000,
            });
            let item = item(&value).expect("an item");
            assert_eq!((item.id.as_str(), item.feed.as_str()), ("00064649773c0cc8", "4"));
            assert_eq!((item.marks.read, item.marks.starred, item.author), (false, true, None));
            assert_eq!(decimal(&item.id).map(long).as_deref(), Some(item.id.as_str()));
        }
        assert!(item(&json!({ "id": "x", "feed_id": 4 })).is_none());
    }
}
