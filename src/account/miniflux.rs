//! Miniflux's own interface, in which a server says itself what has changed since a moment.
//!
//! What is new, what came late with an older date and what was marked elsewhere all have a new time of change, so that one
//! question finds them. The first sync goes back from the newest entry, by identifiers, and goes on where it was stopped.
//!
//! A star is a switch at servers before 2.3: asked twice it is as before. Such a server is asked only after the entry was
//! read, once, and what came of it is read back.

use super::calls::{Calls, Counts, ServerError, list, number, text};
use super::{BATCH, Extent, Feed, Item, Memo, Server, Sink, SyncError};
use crate::fetch::Credentials;
use crate::library::ledger::{Entry, Mark, Marks};
use chrono::{DateTime, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// The second after which changes are asked for: a little before the last one that is known.
const SINCE: &str = "since";
/// How many items were known before the first sync.
const BEFORE: &str = "known-before";
/// The lowest identifier that was taken over, where the first sync left older entries there.
const FLOOR: &str = "floor";
/// How many entries changed after that second, and when the last of them did, as it was seen last. While this is so,
/// nothing has changed.
const WINDOW: &str = "window";
/// When the window was seen so for the first time: seconds since 1970, by the clock of this machine.
const SEEN: &str = "window-seen";
/// The entries of the window.
const SEEN_IDS: &str = "window-ids";
/// After so many seconds no other change of the time before the last one comes to light any more.
const SETTLED: i64 = 60;
/// The identifier down to which the first sync has come; 0 where it is over.
const DOWN_TO: &str = "down-to";
/// The same for what is starred.
const STARRED_DOWN_TO: &str = "starred-down-to";
/// The seconds before the last known change that are asked for again: changes may come to light in another order than they
/// were made.
const OVERLAP: i64 = 2;
const MICROS: i64 = 1_000_000;
/// Up to so many entries are read one by one.
const FEW: usize = 3;

pub struct Miniflux {
    calls: Calls,
    token: Option<String>,
    login: Option<(String, String)>,
    shown: bool,
    /// Whether the server sets stars, as far as it was asked.
    sets_stars: Option<bool>,
}

/// An entry with its time of change, in microseconds since 1970.
struct Changed {
    /// `None` for an entry that was removed.
    item: Option<Item>,
    id: i64,
    at: i64,
}

impl Miniflux {
    pub fn new(calls: Calls, token: Option<String>, login: Option<(String, String)>) -> Miniflux {
        Miniflux { calls, token, login, shown: false, sets_stars: None }
    }

    /// Shows the token or the login to the server from now on.
    fn calls(&mut self) -> Result<&mut Calls, ServerError> {
        if !self.shown {
            let root = self.calls.root().trim_end_matches("/v1").to_owned();
            let headers = self.token.iter().map(|token| ("X-Auth-Token".to_owned(), token.clone())).collect();
            let login = self.login.clone().filter(|_| self.token.is_none());
            let credentials = login.map(|(user, password)| Credentials::Login { user, password });
            self.calls.show(&root, headers, credentials)?;
            self.shown = true;
        }
        Ok(&mut self.calls)
    }

    /// At most `size` entries, and how many there are.
    fn entries(
        &mut self,
        parameters: &[(&str, &str)],
        mut size: usize,
    ) -> Result<(Vec<Changed>, i64), ServerError> {
        loop {
            let limit = size.to_string();
            let mut with = parameters.to_vec();
            with.push(("limit", &limit));
            match self.calls()?.get("/v1/entries", &with) {
                Err(error) if error.is_too_large() && size > 1 => size /= 4,
                answer => {
                    let answer = answer?;
                    let Some(total) = number(&answer, "total") else {
                        return Err(ServerError::Strange("the list of entries is missing"));
                    };
                    return Ok((list(&answer, "entries").iter().filter_map(changed).collect(), total));
                }
            }
        }
    }

    /// How many entries changed after a second and before another one, and when the last of them did.
    fn changed_between(&mut self, since: i64, until: Option<i64>) -> Result<(i64, i64), ServerError> {
        let (after, before) = (since.to_string(), until.map(|until| until.to_string()));
        let mut parameters =
            vec![("order", "changed_at"), ("direction", "desc"), ("changed_after", after.as_str())];
        parameters.extend(before.as_deref().map(|before| ("changed_before", before)));
        let (newest, total) = self.entries(&parameters, 1)?;
        Ok((total, newest.first().map_or(0, |entry| entry.at)))
    }

    /// Everything that changed after a second, by identifier.
    fn since(
        &mut self,
        since: i64,
        take: &mut dyn FnMut(Vec<Changed>) -> Result<(), SyncError>,
    ) -> Result<(), SyncError> {
        let since = since.to_string();
        let mut last = 0;
        loop {
            let after = last.to_string();
            let parameters = [
                ("order", "id"),
                ("direction", "asc"),
                ("changed_after", &since),
                ("after_entry_id", &after),
            ];
            let (page, _) = self.entries(&parameters, BATCH)?;
            let Some(highest) = page.iter().map(|entry| entry.id).max().filter(|highest| *highest > last)
            else {
                return Ok(());
            };
            last = highest;
            // A short page may be one that was made smaller, so the next one is asked for in any case.
            take(page)?;
        }
    }

    fn category(&mut self, title: &str) -> Result<i64, ServerError> {
        let answer = self.calls()?.get("/v1/categories", &[])?;
        let known = answer.as_array().into_iter().flatten();
        let found = known.filter(|category| text(category, "title").as_deref() == Some(title));
        if let Some(id) = found.filter_map(|category| number(category, "id")).next() {
            return Ok(id);
        }
        let made = self.calls()?.send("POST", "/v1/categories", &json!({ "title": title }))?;
        number(&made, "id").ok_or(ServerError::Strange("the new category has no number"))
    }

    /// The entry of this identifier; `None` where there is none.
    fn one(&mut self, id: &str) -> Result<Option<Item>, ServerError> {
        let Some(number) = decimal(id) else { return Ok(None) };
        match self.calls()?.get(&format!("/v1/entries/{number}"), &[]) {
            Ok(entry) => Ok(changed(&entry).and_then(|changed| changed.item)),
            Err(ServerError::Refused { status: 404, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn set_stars(&mut self, on: bool, items: &[String]) -> Result<(), ServerError> {
        if self.sets_stars != Some(false) {
            let ids: Vec<i64> = items.iter().filter_map(|id| decimal(id)).collect();
            let body = json!({ "entry_ids": ids, "starred": on });
            match self.calls()?.send("PUT", "/v1/entries", &body) {
                // An older server misses the status.
                Err(ServerError::Refused { status: 400, .. }) => self.sets_stars = Some(false),
                answer => {
                    self.sets_stars = Some(true);
                    return answer.map(drop);
                }
            }
        }
        for id in items {
            let Some(item) = self.one(id)? else { continue };
            if item.marks.starred != on
                && let Some(number) = decimal(id)
            {
                self.calls()?.ask("PUT", &format!("/v1/entries/{number}/bookmark"), &[], "")?;
            }
        }
        Ok(())
    }
}

fn decimal(id: &str) -> Option<i64> {
    i64::from_str_radix(id, 16).ok()
}

/// Remembers up to where the changes are known, and what has changed since then.
fn move_on(memo: &mut Memo, since: i64, changes: &BTreeMap<i64, i64>) {
    let last = changes.values().max().copied().unwrap_or(0);
    let ids: Vec<String> = changes.keys().map(i64::to_string).collect();
    let mut put = |name: &str, text: String| _ = memo.insert(name.to_owned(), text);
    put(SINCE, since.to_string());
    put(WINDOW, format!("{} {last}", changes.len()));
    put(SEEN, Utc::now().timestamp().to_string());
    put(SEEN_IDS, ids.join(" "));
}

/// What the server says of an entry; `None` for what is no entry.
fn changed(entry: &Value) -> Option<Changed> {
    let id = number(entry, "id")?;
    let time = |name: &str| DateTime::parse_from_rfc3339(&text(entry, name)?).ok();
    let status = text(entry, "status").unwrap_or_default();
    let media = list(entry, "enclosures").iter().filter_map(|file| {
        let bytes =
            number(file, "size").and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes > 0);
        Some((text(file, "url")?, text(file, "mime_type"), bytes))
    });
    let item = Item {
        id: format!("{id:016x}"),
        feed: text(entry, "feed_id")?,
        title: text(entry, "title").unwrap_or_default(),
        url: text(entry, "url"),
        author: text(entry, "author"),
        published: time("published_at").map(|time| time.timestamp()),
        html: text(entry, "content").unwrap_or_default(),
        media: media.collect(),
        marks: Marks {
            read: status == "read",
            starred: entry.get("starred").and_then(Value::as_bool).unwrap_or(false),
            ..Marks::default()
        },
    };
    Some(Changed {
        item: (status != "removed").then_some(item),
        id,
        at: time("changed_at").map_or(0, |time| time.timestamp_micros()),
    })
}

/// Hands a page over: what is known as marks, what is not as articles.
fn hand_over(
    page: Vec<Changed>,
    known: &HashMap<String, Entry>,
    taken: &mut HashMap<String, Marks>,
    sink: &mut dyn Sink,
) -> Result<(), SyncError> {
    let (mut told, mut gone, mut items) = (Vec::new(), Vec::new(), Vec::new());
    for Changed { item, id, .. } in page {
        match item {
            None => gone.push(format!("{id:016x}")),
            Some(item) => {
                let before = known.get(&item.id).map(|entry| entry.agreed.clone());
                match taken.insert(item.id.clone(), item.marks.clone()).or(before) {
                    Some(before) if before == item.marks => {}
                    Some(_) => told.push((item.id, item.marks)),
                    None => items.push(item),
                }
            }
        }
    }
    gone.retain(|id| known.contains_key(id) || taken.contains_key(id));
    if !told.is_empty() || !gone.is_empty() {
        sink.told(told, gone)?;
    }
    if !items.is_empty() {
        sink.items(items)?;
    }
    Ok(())
}

impl Server for Miniflux {
    fn about(&mut self) -> Result<String, ServerError> {
        let answer = self.calls()?.get("/v1/version", &[])?;
        Ok(format!("Miniflux {} at {}", text(&answer, "version").unwrap_or_default(), self.calls.root()))
    }

    fn user(&mut self) -> Result<String, ServerError> {
        let answer = self.calls()?.get("/v1/me", &[])?;
        text(&answer, "username").ok_or(ServerError::Strange("there is no user"))
    }

    fn feeds(&mut self) -> Result<Vec<Feed>, ServerError> {
        let answer = self.calls()?.get("/v1/feeds", &[])?;
        let feed = |feed: &Value| {
            Some(Feed {
                id: text(feed, "id")?,
                url: text(feed, "feed_url"),
                title: text(feed, "title").unwrap_or_default(),
                site: text(feed, "site_url"),
                folders: feed
                    .get("category")
                    .and_then(|category| text(category, "title"))
                    .into_iter()
                    .collect(),
            })
        };
        let feeds = answer.as_array().ok_or(ServerError::Strange("the list of sources is missing"))?;
        Ok(feeds.iter().filter_map(feed).collect())
    }

    fn count_unread(&mut self) -> Result<u64, ServerError> {
        let answer = self.calls()?.get("/v1/entries", &[("status", "unread"), ("limit", "1")])?;
        let count = number(&answer, "total").and_then(|count| u64::try_from(count).ok());
        count.ok_or(ServerError::Strange("the number of entries is missing"))
    }

    fn changes(
        &mut self,
        known: &HashMap<String, Entry>,
        extent: Extent,
        memo: &mut Memo,
        sink: &mut dyn Sink,
    ) -> Result<(), SyncError> {
        let mut taken = HashMap::new();
        let of = |memo: &Memo, name: &str| memo.get(name).and_then(|value| value.parse::<i64>().ok());
        if of(memo, SINCE).is_none() {
            let (newest, _) = self.entries(&[("order", "changed_at"), ("direction", "desc")], 1)?;
            let since = newest.iter().map(|entry| entry.at / MICROS - OVERLAP).max().unwrap_or(0);
            memo.insert(SINCE.to_owned(), since.to_string());
            memo.insert(DOWN_TO.to_owned(), i64::MAX.to_string());
            memo.insert(STARRED_DOWN_TO.to_owned(), i64::MAX.to_string());
            memo.insert(BEFORE.to_owned(), known.len().to_string());
        }
        // What was known before the account was asked in this language is read again, for its marks.
        let known_before = memo.get(BEFORE).and_then(|count| count.parse().ok()).unwrap_or(0);
        let most = extent.most.max(known_before);
        let oldest = extent.oldest.map(|oldest| oldest.to_string());
        while let Some(down_to) = of(memo, DOWN_TO).filter(|down_to| *down_to > 0) {
            let before = down_to.to_string();
            let mut parameters = vec![("order", "id"), ("direction", "desc")];
            if down_to < i64::MAX {
                parameters.push(("before_entry_id", &before));
            }
            parameters.extend(oldest.as_deref().map(|oldest| ("published_after", oldest)));
            let (page, _) = self.entries(&parameters, BATCH)?;
            let lowest = page.iter().map(|entry| entry.id).min().filter(|lowest| *lowest < down_to);
            hand_over(page, known, &mut taken, sink)?;
            let enough = (known.len() + taken.len()).saturating_sub(known_before) >= most;
            if let (true, Some(lowest)) = (enough, lowest) {
                memo.insert(FLOOR.to_owned(), lowest.to_string());
            }
            memo.insert(DOWN_TO.to_owned(), lowest.filter(|_| !enough).unwrap_or(0).to_string());
        }
        // What is starred is taken over however old it is.
        while let Some(down_to) = of(memo, STARRED_DOWN_TO).filter(|down_to| *down_to > 0) {
            let before = down_to.to_string();
            let mut parameters = vec![("order", "id"), ("direction", "desc"), ("starred", "true")];
            if down_to < i64::MAX {
                parameters.push(("before_entry_id", &before));
            }
            let (page, _) = self.entries(&parameters, BATCH)?;
            let lowest = page.iter().map(|entry| entry.id).min().filter(|lowest| *lowest < down_to);
            hand_over(page, known, &mut taken, sink)?;
            memo.insert(STARRED_DOWN_TO.to_owned(), lowest.unwrap_or(0).to_string());
        }
        let mut since = of(memo, SINCE).unwrap_or(0);
        let (total, newest) = self.changed_between(since, None)?;
        let before = memo.get(WINDOW).and_then(|window| {
            let (count, last) = window.split_once(' ')?;
            Some((count.parse::<i64>().ok()?, last.parse::<i64>().ok()?))
        });
        let is_settled = Utc::now().timestamp() - of(memo, SEEN).unwrap_or(0) >= SETTLED;
        let floor = of(memo, FLOOR).unwrap_or(0);
        // When each entry changed.
        let mut changes: BTreeMap<i64, i64> = BTreeMap::new();
        let mut read = |server: &mut Miniflux, since: i64, changes: &mut BTreeMap<i64, i64>| {
            server.since(since, &mut |page| {
                changes.extend(page.iter().map(|entry| (entry.id, entry.at)));
                // What the first sync left there is left there when it changes, unless it is starred.
                let is_wanted = |entry: &Changed| {
                    let Some(item) = &entry.item else { return true };
                    let is_old = extent.oldest.zip(item.published).is_some_and(|(oldest, at)| at < oldest);
                    known.contains_key(&item.id) || item.marks.starred || !(is_old || entry.id < floor)
                };
                hand_over(page.into_iter().filter(is_wanted).collect(), known, &mut taken, sink)
            })
        };
        match before {
            Some((count, last)) if (count, last) == (total, newest) => {
                if is_settled && count > 0 {
                    move_on(memo, last / MICROS + 1, &BTreeMap::new());
                }
                return Ok(());
            }
            // What was seen then is not read again, if it is as it was or among what has changed since.
            Some((count, last)) if is_settled && count > 0 => {
                let edge = last / MICROS + 1;
                let (within, newest) = self.changed_between(since, Some(edge))?;
                let (later, _) = self.changed_between(edge, None)?;
                read(self, edge, &mut changes)?;
                let ids = memo.get(SEEN_IDS).map(String::as_str).unwrap_or_default().split(' ');
                let again =
                    ids.filter_map(|id| id.parse().ok()).filter(|id| changes.contains_key(id)).count();
                let is_as_it_was = i64::try_from(again).is_ok_and(|again| within + again == count);
                match is_as_it_was && newest <= last && within + later == total {
                    true => since = edge,
                    false => read(self, since, &mut changes)?,
                }
            }
            _ => read(self, since, &mut changes)?,
        }
        let last = changes.values().copied().max().unwrap_or(0);
        let since = since.max(last / MICROS - OVERLAP);
        changes.retain(|_, at| *at > since * MICROS);
        move_on(memo, since, &changes);
        Ok(())
    }

    fn edit(&mut self, mark: &Mark, on: bool, items: &[String]) -> Result<(), ServerError> {
        let status = match mark {
            Mark::Read if on => "read",
            Mark::Read => "unread",
            Mark::Starred => return self.set_stars(on, items),
            Mark::Label(_) => return Ok(()),
        };
        let ids: Vec<i64> = items.iter().filter_map(|id| decimal(id)).collect();
        let body = json!({ "entry_ids": ids, "status": status });
        self.calls()?.send("PUT", "/v1/entries", &body).map(drop)
    }

    fn read_back(
        &mut self,
        items: &[String],
        (known, extent): (&HashMap<String, Entry>, Extent),
        memo: &mut Memo,
        sink: &mut dyn Sink,
    ) -> Result<(), SyncError> {
        if items.len() > FEW {
            return self.changes(known, extent, memo, sink);
        }
        let mut told = Vec::new();
        for id in items {
            told.extend(self.one(id)?.map(|item| (item.id, item.marks)));
        }
        sink.told(told, Vec::new())
    }

    fn has_labels(&self, _: &Memo) -> bool {
        false
    }

    fn subscribe(&mut self, url: &str, title: &str, folder: Option<&str>) -> Result<(), ServerError> {
        let mut body = json!({ "feed_url": url });
        if let (Some(folder), Some(body)) = (folder, body.as_object_mut()) {
            let id = self.category(folder)?;
            body.insert("category_id".to_owned(), id.into());
        }
        let made = self.calls()?.send("POST", "/v1/feeds", &body)?;
        if let (Some(id), false) = (number(&made, "feed_id"), title.is_empty()) {
            self.calls()?.send("PUT", &format!("/v1/feeds/{id}"), &json!({ "title": title }))?;
        }
        Ok(())
    }

    fn unsubscribe(&mut self, feed: &str) -> Result<(), ServerError> {
        let number: i64 = feed.parse().map_err(|_| ServerError::Strange("a source has no number"))?;
        self.calls()?.ask("DELETE", &format!("/v1/feeds/{number}"), &[], "").map(drop)
    }

    fn counts(&self) -> Counts {
        self.calls.counts
    }
}
