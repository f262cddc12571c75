//! The language of Google Reader, as FreshRSS, Miniflux, The Old Reader and BazQux speak it.
//!
//! A server lists the identifiers of what is unread, of what is starred and of each label, and it gives the contents of
//! items that are named. What servers do differently is met by asking only for what all of them understand alike:
//!
//! - identifiers are sent in their long form, since Miniflux takes decimal ones for hexadecimal;
//! - one mark a call, since FreshRSS keeps only the last of several;
//! - a page of a list ends where the server says so, by a continuation that is only handed back: it is an offset at one
//!   server and a time at another. Where it is an offset, a list of several pages may lack what moved between two of them;
//! - that something is missing from a list proves nothing: it may have been deleted. It counts when the item is read;
//! - the token ends at any time, and is asked for again once. Miniflux wants it for every form, FreshRSS for changes.

use super::calls::{Asked, Calls, Counts, ServerError, as_text, list, number, parsed, text};
use super::{BATCH, Extent, Feed, Item, Memo, Server, Sink, SyncError};
use crate::library::ledger::{Entry, Mark, Marks};
use crate::text::clean_line;
use chrono::Utc;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap, HashSet};

const PREFIX: &str = "tag:google.com,2005:reader/item/";
const READING: &str = "user/-/state/com.google/reading-list";
const READ: &str = "user/-/state/com.google/read";
const STARRED: &str = "user/-/state/com.google/starred";
const LABEL: &str = "user/-/label/";
/// The most identifiers of one page of a list.
const PAGE: usize = 10_000;
/// The most pages of a list: a million items.
const PAGES: usize = 100;
/// How many of the newest identifiers are looked at in each sync.
const NEWEST: usize = 250;
/// Up to so many items are read themselves to learn their marks; of more, the lists are read again.
const FEW: usize = 50;
/// The seconds after which all identifiers are read again: for articles that came late and were read at once.
const WHOLE: i64 = 24 * 3600;
/// Whether the server takes labels, as far as it was tried.
const LABELS: &str = "labels";
const WHOLE_AT: &str = "whole-at";
/// The highest identifier when the account was asked for the first time. What was there then and was not taken over, because
/// it is older than what is kept, is left there from then on; what comes later has a higher one, whatever its date is.
const HIGHEST: &str = "highest";

pub struct GoogleReader {
    calls: Calls,
    /// What the server wants to know of the program with each request.
    app: Vec<(String, String)>,
    token: Option<String>,
    /// The labels of articles, as the server writes them and as tags.
    labels: Vec<(String, String)>,
}

/// A list of identifiers.
struct Listed {
    ids: Vec<String>,
    /// Whether it came in one page, so that nothing can have moved while it was read.
    whole: bool,
}

/// What the lists of a server say of items.
struct Lists<'a> {
    unread: HashSet<&'a String>,
    starred: HashSet<&'a String>,
    labelled: Vec<(String, HashSet<String>)>,
}

impl<'a> Lists<'a> {
    fn new(
        unread: &'a [String],
        starred: &'a [String],
        labelled: Vec<(String, HashSet<String>)>,
    ) -> Lists<'a> {
        Lists { unread: unread.iter().collect(), starred: starred.iter().collect(), labelled }
    }

    fn marks(&self, id: &String) -> Marks {
        let labels = self.labelled.iter().filter(|(_, ids)| ids.contains(id));
        Marks {
            read: !self.unread.contains(id),
            starred: self.starred.contains(id),
            labels: labels.map(|(tag, _)| tag.clone()).collect(),
        }
    }
}

impl GoogleReader {
    /// Logs in. Where nothing answers at the address, the place where FreshRSS has its interface is tried. `app` are the
    /// number and the key that Inoreader gives to each program.
    pub fn login(
        mut calls: Calls,
        login: (&str, &str),
        app: Option<(String, String)>,
    ) -> Result<GoogleReader, ServerError> {
        let given = calls.root().to_owned();
        let app: Vec<(String, String)> = app
            .map(|(id, key)| vec![("AppId".to_owned(), id), ("AppKey".to_owned(), key)])
            .unwrap_or_default();
        calls.show(&given, app.clone(), None)?;
        let below = format!("{given}/api/greader.php");
        let form = [("Email", login.0), ("Passwd", login.1)];
        let ask = |calls: &mut Calls| {
            calls.post(Asked::Question, "/accounts/ClientLogin", &form).map(|answer| as_text(&answer))
        };
        let mut answer = ask(&mut calls);
        let elsewhere = |answer: &Result<String, ServerError>| match answer {
            Ok(answer) => auth(answer).is_none(),
            Err(ServerError::Refused { status, .. }) => matches!(status, 300..400 | 404 | 405),
            Err(_) => false,
        };
        let mut root = given.clone();
        if elsewhere(&answer) && !given.ends_with("greader.php") {
            calls.show(&below, app.clone(), None)?;
            let second = ask(&mut calls);
            if second.as_ref().is_ok_and(|second| auth(second).is_some())
                || matches!(second, Err(ServerError::Login(_)))
            {
                (answer, root) = (second, below);
            }
        }
        let auth = match answer {
            Ok(answer) => auth(&answer)
                .ok_or(ServerError::Strange("there is no login for Google Reader's interface"))?,
            // FreshRSS answers so to a user that it does not know.
            Err(ServerError::Refused { status: 400, .. }) => return Err(ServerError::Login(400)),
            Err(error) => return Err(error),
        };
        let mut headers = app.clone();
        headers.push(("Authorization".to_owned(), format!("GoogleLogin auth={auth}")));
        calls.show(&root, headers, None)?;
        Ok(GoogleReader { calls, app, token: None, labels: Vec::new() })
    }

    /// The identifiers of a stream, newest first, at most `most`. Without `read` only those that are unread.
    fn ids(
        &mut self,
        stream: &str,
        read: bool,
        oldest: Option<i64>,
        most: usize,
    ) -> Result<Listed, ServerError> {
        let mut listed = Listed { ids: Vec::new(), whole: true };
        let mut seen = HashSet::new();
        let mut next: Option<String> = None;
        let (size, oldest) = (PAGE.min(most).to_string(), oldest.map(|oldest| oldest.to_string()));
        for page in 0..PAGES {
            let mut parameters = vec![("output", "json"), ("s", stream), ("n", size.as_str())];
            if !read {
                parameters.push(("xt", READ));
            }
            parameters.extend(oldest.as_deref().map(|oldest| ("ot", oldest)));
            parameters.extend(next.as_deref().map(|next| ("c", next)));
            let answer = self.calls.get("/reader/api/0/stream/items/ids", &parameters)?;
            let refs = answer.get("itemRefs").map(|refs| refs.as_array().map_or(&[][..], Vec::as_slice));
            // An empty list is left out or null at some servers. Anything else is no list.
            let refs = match refs {
                Some(refs) => refs,
                None if answer.is_object() => &[],
                None => return Err(ServerError::Strange("a list of items is missing")),
            };
            let before = listed.ids.len();
            listed.ids.extend(
                refs.iter().filter_map(|item| long(&text(item, "id")?)).filter(|id| seen.insert(id.clone())),
            );
            listed.whole = page == 0;
            let following = text(&answer, "continuation").filter(|next| next != "0");
            if following.is_none()
                || following == next
                || listed.ids.len() == before
                || listed.ids.len() >= most
            {
                break;
            }
            next = following;
        }
        listed.ids.truncate(most);
        Ok(listed)
    }

    /// The items of these identifiers, as far as the server has them.
    fn contents(&mut self, ids: &[String]) -> Result<Vec<Item>, ServerError> {
        let mut items = Vec::new();
        for batch in ids.chunks(BATCH) {
            self.batch(batch, &mut items)?;
        }
        Ok(items)
    }

    fn batch(&mut self, ids: &[String], items: &mut Vec<Item>) -> Result<(), ServerError> {
        let long: Vec<String> = ids.iter().map(|id| format!("{PREFIX}{id}")).collect();
        let mut form: Vec<(&str, &str)> = long.iter().map(|id| ("i", id.as_str())).collect();
        form.push(("output", "json"));
        let path = "/reader/api/0/stream/items/contents?output=json";
        // Miniflux wants the token for this, too.
        match self.send(Asked::Question, path, &form) {
            Err(error) if error.is_too_large() && ids.len() > 1 => {
                let (first, second) = ids.split_at(ids.len() / 2);
                self.batch(first, items)?;
                self.batch(second, items)
            }
            answer => {
                let answer = parsed(&answer?)?;
                let asked: HashSet<&String> = ids.iter().collect();
                let read = list(&answer, "items").iter().filter_map(|item| self.item(item));
                items.extend(read.filter(|item| asked.contains(&item.id)));
                Ok(())
            }
        }
    }

    fn item(&self, item: &Value) -> Option<Item> {
        let id = long(&text(item, "id")?)?;
        let of = |name: &str| list(item, name).iter().find_map(|link| text(link, "href"));
        let html = ["content", "summary"].iter().find_map(|name| text(item.get(*name)?, "content"));
        let media = list(item, "enclosure").iter().filter_map(|file| {
            let address = text(file, "href").or_else(|| text(file, "url"))?;
            let bytes =
                number(file, "length").and_then(|bytes| u64::try_from(bytes).ok()).filter(|bytes| *bytes > 0);
            Some((address, text(file, "type"), bytes))
        });
        let categories: Vec<&str> = list(item, "categories").iter().filter_map(Value::as_str).collect();
        let is = |state: &str| categories.iter().any(|category| category.ends_with(state));
        let labels = self.labels.iter().filter(|(written, _)| {
            categories
                .iter()
                .any(|category| category.split_once("/label/").is_some_and(|(_, label)| label == written))
        });
        Some(Item {
            id,
            feed: text(item.get("origin")?, "streamId")?,
            title: text(item, "title").unwrap_or_default(),
            url: of("canonical").or_else(|| of("alternate")),
            author: text(item, "author"),
            published: number(item, "published"),
            html: html.unwrap_or_default(),
            media: media.collect(),
            marks: Marks {
                read: is("/state/com.google/read"),
                starred: is("/state/com.google/starred"),
                labels: labels.map(|(_, tag)| tag.clone()).collect(),
            },
        })
    }

    /// Learns which labels articles have there.
    fn learn_labels(&mut self) -> Result<(), ServerError> {
        let answer = self.calls.get("/reader/api/0/tag/list", &[("output", "json")])?;
        let tags = list(&answer, "tags").iter().filter(|tag| text(tag, "type").as_deref() == Some("tag"));
        let label = |tag: &Value| {
            let id = text(tag, "id")?;
            let (_, written) = id.split_once("/label/")?;
            let tag = clean_line(written);
            (!tag.is_empty()).then(|| (written.to_owned(), tag.trim_start_matches('#').to_owned()))
        };
        self.labels = tags.filter_map(label).collect();
        Ok(())
    }

    /// The items of each label, by tag.
    fn labelled(&mut self) -> Result<Vec<(String, HashSet<String>)>, ServerError> {
        let mut labelled = Vec::new();
        for (written, tag) in self.labels.clone() {
            let ids = self.ids(&format!("{LABEL}{written}"), true, None, usize::MAX)?.ids;
            labelled.push((tag, ids.into_iter().collect()));
        }
        Ok(labelled)
    }

    /// Sends a form with the token of the session, and again with a new one where the server does not take the old one.
    fn send(&mut self, asked: Asked, path: &str, form: &[(&str, &str)]) -> Result<Vec<u8>, ServerError> {
        let kept = self.token.clone();
        let token = match &kept {
            Some(token) => token.clone(),
            None => self.new_token()?,
        };
        match self.send_with((asked, &token), path, form) {
            Err(ServerError::Login(_) | ServerError::Refused { status: 400, .. }) if kept.is_some() => {
                let token = self.new_token()?;
                self.send_with((asked, &token), path, form)
            }
            answer => answer,
        }
    }

    fn send_with(
        &mut self,
        (asked, token): (Asked, &str),
        path: &str,
        form: &[(&str, &str)],
    ) -> Result<Vec<u8>, ServerError> {
        let mut with: Vec<(&str, &str)> = form.to_vec();
        with.push(("T", token));
        self.calls.post(asked, path, &with)
    }

    fn new_token(&mut self) -> Result<String, ServerError> {
        let bytes = self.calls.ask("GET", "/reader/api/0/token", &[], "")?;
        let token = as_text(&bytes).trim().to_owned();
        self.token = Some(token.clone());
        Ok(token)
    }

    /// The marks that items have now: of few by reading them, of more by reading the lists.
    fn states(&mut self, items: &[String]) -> Result<Vec<(String, Marks)>, ServerError> {
        if items.len() > FEW {
            let unread = self.ids(READING, false, None, usize::MAX)?;
            let starred = self.ids(STARRED, true, None, usize::MAX)?;
            if unread.whole && starred.whole {
                let lists = Lists::new(&unread.ids, &starred.ids, self.labelled()?);
                return Ok(items.iter().map(|id| (id.clone(), lists.marks(id))).collect());
            }
        }
        let found = self.contents(items)?;
        Ok(found.into_iter().map(|item| (item.id, item.marks)).collect())
    }

    /// Items that are not known and may be taken over, newest first.
    fn hand_over(&mut self, fresh: &[String], sink: &mut dyn Sink) -> Result<(), SyncError> {
        for batch in fresh.chunks(BATCH) {
            let items = self.contents(batch)?;
            sink.items(items)?;
        }
        Ok(())
    }
}

impl Server for GoogleReader {
    fn about(&mut self) -> Result<String, ServerError> {
        let app = if self.app.is_empty() { "" } else { ", with an AppId and an AppKey" };
        Ok(format!("Google Reader's interface at {}{app}", self.calls.root()))
    }

    fn user(&mut self) -> Result<String, ServerError> {
        let answer = self.calls.get("/reader/api/0/user-info", &[("output", "json")])?;
        Ok(text(&answer, "userName").unwrap_or_default())
    }

    fn feeds(&mut self) -> Result<Vec<Feed>, ServerError> {
        let answer = self.calls.get("/reader/api/0/subscription/list", &[("output", "json")])?;
        let listed = answer.get("subscriptions").and_then(Value::as_array);
        let feed = |feed: &Value| {
            let id = text(feed, "id")?;
            let named = id.strip_prefix("feed/").filter(|rest| rest.starts_with("http")).map(str::to_owned);
            let folders = list(feed, "categories").iter().filter_map(|folder| text(folder, "label"));
            Some(Feed {
                url: text(feed, "url").or(named),
                title: text(feed, "title").unwrap_or_default(),
                site: text(feed, "htmlUrl"),
                folders: folders.collect(),
                id,
            })
        };
        match listed {
            Some(feeds) => Ok(feeds.iter().filter_map(feed).collect()),
            None => Err(ServerError::Strange("the list of sources is missing")),
        }
    }

    fn count_unread(&mut self) -> Result<u64, ServerError> {
        Ok(self.ids(READING, false, None, usize::MAX)?.ids.len() as u64)
    }

    fn changes(
        &mut self,
        known: &HashMap<String, Entry>,
        extent: Extent,
        memo: &mut Memo,
        sink: &mut dyn Sink,
    ) -> Result<(), SyncError> {
        if self.has_labels(memo) {
            self.learn_labels()?;
        }
        let now = Utc::now().timestamp();
        let whole_at: i64 = memo.get(WHOLE_AT).and_then(|at| at.parse().ok()).unwrap_or(0);
        let unread = self.ids(READING, false, None, usize::MAX)?;
        let starred = self.ids(STARRED, true, None, usize::MAX)?;
        let labelled = self.labelled()?;
        let lists = Lists::new(&unread.ids, &starred.ids, labelled);
        let (mut told, mut vanished) = (Vec::new(), Vec::new());
        for entry in known.values() {
            let there = lists.marks(&entry.item);
            let changes = entry.agreed.changes(&there);
            if changes.is_empty() {
                continue;
            }
            // It stands in a list where it did not, or it is missing from one where it stood.
            let missing = |(mark, on): &(Mark, bool)| if *mark == Mark::Read { *on } else { !on };
            match entry.here.is_some() && changes.iter().any(missing) {
                true => vanished.push(entry.item.clone()),
                false => told.push((entry.item.clone(), there)),
            }
        }
        let first = whole_at == 0;
        let whole = first || now - whole_at >= WHOLE;
        let sure = unread.whole && starred.whole;
        let mut all: Option<Listed> = None;
        let mut gone = Vec::new();
        if vanished.len() > FEW && sure {
            let there = self.ids(READING, true, None, usize::MAX)?;
            let exist: HashSet<&String> = there.ids.iter().chain(&starred.ids).collect();
            // What several pages lack may only have moved.
            let (here, lost): (Vec<String>, Vec<String>) =
                vanished.into_iter().partition(|id| exist.contains(id));
            told.extend(here.into_iter().map(|id| {
                let marks = lists.marks(&id);
                (id, marks)
            }));
            vanished = lost;
            all = Some(there);
        }
        let found = self.contents(&vanished)?;
        let found: HashMap<String, Marks> = found.into_iter().map(|item| (item.id, item.marks)).collect();
        gone.extend(vanished.into_iter().filter(|id| !found.contains_key(id)));
        told.extend(found);
        sink.told(told, gone)?;

        let newest = match all {
            Some(all) => all,
            None if whole => self.ids(READING, true, extent.oldest, usize::MAX)?,
            None => self.ids(READING, true, extent.oldest, NEWEST)?,
        };
        let is_new = |id: &&String| !known.contains_key(*id);
        let mut seen = HashSet::new();
        let mut fresh: Vec<String> =
            newest.ids.iter().filter(is_new).filter(|id| seen.insert(*id)).cloned().collect();
        // All of the newest are new: more came than one look shows.
        if !whole && fresh.len() == newest.ids.len() && newest.ids.len() == NEWEST {
            fresh = self.ids(READING, true, extent.oldest, usize::MAX)?.ids;
            fresh.retain(|id| !known.contains_key(id));
        }
        let there: HashSet<String> = fresh.iter().cloned().collect();
        let more = unread.ids.iter().chain(&starred.ids).filter(is_new).filter(|id| !there.contains(*id));
        let more: BTreeSet<String> = more.cloned().collect();
        fresh.extend(more.into_iter().rev());
        if first && !memo.contains_key(HIGHEST) {
            // An account that was asked in another language before has its articles.
            let there = newest.ids.iter().chain(&unread.ids).chain(&starred.ids).max();
            let highest = known.keys().max().or(there);
            memo.insert(HIGHEST.to_owned(), highest.cloned().unwrap_or_default());
        }
        if let Some(highest) = memo.get(HIGHEST) {
            // A first sync that was cut off goes on where it was. What is starred is taken over in any case.
            let in_time: HashSet<&String> = newest.ids.iter().collect();
            let mut room = if first { extent.most.saturating_sub(known.len()) } else { 0 };
            fresh.retain(|id| {
                let is_wanted = id > highest || lists.starred.contains(id);
                let fits = first && room > 0 && in_time.contains(id);
                room -= usize::from(fits && !is_wanted);
                is_wanted || fits
            });
        }
        self.hand_over(&fresh, sink)?;
        if whole {
            memo.insert(WHOLE_AT.to_owned(), now.to_string());
        }
        Ok(())
    }

    fn edit(&mut self, mark: &Mark, on: bool, items: &[String]) -> Result<(), ServerError> {
        let tag = match mark {
            Mark::Read => READ.to_owned(),
            Mark::Starred => STARRED.to_owned(),
            Mark::Label(label) => {
                let written = self.labels.iter().find(|(_, tag)| tag == label).map(|(written, _)| written);
                format!("{LABEL}{}", written.unwrap_or(label))
            }
        };
        let long: Vec<String> = items.iter().map(|id| format!("{PREFIX}{id}")).collect();
        let mut form: Vec<(&str, &str)> = long.iter().map(|id| ("i", id.as_str())).collect();
        form.push((if on { "a" } else { "r" }, &tag));
        self.send(Asked::Change, "/reader/api/0/edit-tag", &form).map(drop)
    }

    fn read_back(
        &mut self,
        items: &[String],
        _: (&HashMap<String, Entry>, Extent),
        memo: &mut Memo,
        sink: &mut dyn Sink,
    ) -> Result<(), SyncError> {
        if self.has_labels(memo) {
            self.learn_labels()?;
        }
        sink.told(self.states(items)?, Vec::new())
    }

    fn has_labels(&self, memo: &Memo) -> bool {
        memo.get(LABELS).is_none_or(|known| known != "no")
    }

    fn subscribe(&mut self, url: &str, title: &str, folder: Option<&str>) -> Result<(), ServerError> {
        let (stream, folder) = (format!("feed/{url}"), folder.map(|folder| format!("{LABEL}{folder}")));
        let mut form = vec![("ac", "subscribe"), ("s", stream.as_str())];
        if !title.is_empty() {
            form.push(("t", title));
        }
        form.extend(folder.as_deref().map(|folder| ("a", folder)));
        self.send(Asked::Change, "/reader/api/0/subscription/edit", &form).map(drop)
    }

    fn unsubscribe(&mut self, feed: &str) -> Result<(), ServerError> {
        self.send(Asked::Change, "/reader/api/0/subscription/edit", &[("ac", "unsubscribe"), ("s", feed)])
            .map(drop)
    }

    fn counts(&self) -> Counts {
        self.calls.counts
    }
}

/// The token of a login in the answer to it.
fn auth(answer: &str) -> Option<String> {
    let line = answer.lines().find_map(|line| line.strip_prefix("Auth="))?.trim();
    let sound = !line.is_empty() && line.len() < 1000 && line.bytes().all(|byte| byte.is_ascii_graphic());
    sound.then(|| line.to_owned())
}

/// The long form of an identifier, without its prefix: decimal ones are written as 16 hexadecimal digits. `None` for what
/// is no identifier.
fn long(id: &str) -> Option<String> {
    let (rest, is_long) = match id.strip_prefix(PREFIX) {
        Some(rest) => (rest, true),
        None => (id, false),
    };
    // One server numbers its items from the least of all numbers on.
    let decimal = rest.parse::<u64>().ok().or_else(|| rest.parse::<i64>().ok().map(i64::cast_unsigned));
    match decimal {
        Some(number) if !is_long => Some(format!("{number:016x}")),
        _ => {
            let sound =
                !rest.is_empty() && rest.len() <= 64 && rest.bytes().all(|byte| byte.is_ascii_hexdigit());
            sound.then(|| format!("{:0>16}", rest.to_ascii_lowercase()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_long_whatever_the_server_writes() {
        for (written, id) in [
            ("1766131207245000", Some("00064649773c0cc8")),
            ("26", Some("000000000000001a")),
            ("-1", Some("ffffffffffffffff")),
            ("tag:google.com,2005:reader/item/000000000000001A", Some("000000000000001a")),
            ("tag:google.com,2005:reader/item/5a", Some("000000000000005a")),
            ("tag:google.com,2005:reader/item/4d35c1f1e7e0f2a6b8000001", Some("4d35c1f1e7e0f2a6b8000001")),
            ("4d35c1f1e7e0f2a6b8000001", Some("4d35c1f1e7e0f2a6b8000001")),
            ("", None),
            ("a/../b", None),
        ] {
            assert_eq!(long(written).as_deref(), id, "{written}");
        }
    }

    #[test]
    fn the_token_of_a_login_is_one_clean_word() {
        assert_eq!(auth("SID=a/1\nLSID=null\nAuth=ann/5f\n").as_deref(), Some("ann/5f"));
        assert_eq!(auth("Error=BadAuthentication\n"), None);
        assert_eq!(auth("Auth=a b\n"), None);
    }
}
