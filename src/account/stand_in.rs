//! A server for tests that speaks the languages of Google Reader and of Fever and Miniflux's own, written from what is
//! published of them, with the habits of real servers that a client must bear: it takes decimal identifiers for hexadecimal
//! ones, keeps one mark of a call, gives short pages, ends tokens, switches stars, and answers 200 to what it does not
//! understand. Between it and a client stands a [`Cutter`], which drops connections.
//!
//! The file has over 500 lines because the three languages speak of one state.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

#[derive(Clone, Debug)]
pub struct Entry {
    pub id: i64,
    pub feed: i64,
    pub title: String,
    pub url: String,
    pub published: i64,
    pub changed: i64,
    pub read: bool,
    pub starred: bool,
    pub labels: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub struct FeedThere {
    pub id: i64,
    pub url: String,
    pub title: String,
    pub folder: String,
}

/// What the server has, and how it behaves.
#[derive(Debug)]
pub struct State {
    pub feeds: Vec<FeedThere>,
    pub entries: Vec<Entry>,
    /// How many identifiers a page has at most.
    pub page: usize,
    /// Whether a continuation is the last identifier, as at FreshRSS, and not an offset.
    pub by_id: bool,
    /// Whether articles can have labels.
    pub takes_labels: bool,
    /// Whether a star can only be switched, as before Miniflux 2.3.
    pub switches: bool,
    /// How many changes a token is good for.
    pub token_lasts: u32,
    /// Whether changes are answered with 200 and not made.
    pub idle: bool,
    /// Whether Google Reader's language wants the number and the key of a program, as Inoreader does.
    pub wants_app: bool,
    token: u32,
    used: u32,
    /// The clock of the server, in microseconds: it goes on with every change.
    clock: i64,
    /// How often each mark of an entry was changed, by what.
    pub changes: BTreeMap<(i64, &'static str), u32>,
    /// The paths that were asked for.
    pub asked: Vec<String>,
    /// The bytes of all answers, without their heads.
    pub answered: usize,
}

/// A request that arrived whole.
struct Request {
    method: String,
    path: String,
    /// The login that Google Reader's language and Miniflux's want.
    login: String,
    app: (String, String),
    body: String,
}

#[derive(Clone)]
pub struct StandIn {
    pub address: String,
    state: Arc<Mutex<State>>,
}

impl StandIn {
    pub fn start() -> StandIn {
        let state = State {
            feeds: Vec::new(),
            entries: Vec::new(),
            page: 10_000,
            by_id: true,
            takes_labels: true,
            switches: true,
            token_lasts: 3,
            idle: false,
            wants_app: false,
            token: 1,
            used: 0,
            clock: Utc::now().timestamp_micros() - 3_600_000_000,
            changes: BTreeMap::new(),
            asked: Vec::new(),
            answered: 0,
        };
        let state = Arc::new(Mutex::new(state));
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let shared = Arc::clone(&state);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let shared = Arc::clone(&shared);
                thread::spawn(move || serve(stream, &shared));
            }
        });
        StandIn { address, state }
    }

    pub fn with<T>(&self, use_it: impl FnOnce(&mut State) -> T) -> T {
        use_it(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl State {
    pub fn subscribe(&mut self, url: &str, title: &str, folder: &str) -> i64 {
        let id = self.feeds.len() as i64 + 1;
        let title = if title.is_empty() { format!("Paper {id}") } else { title.to_owned() };
        self.feeds.push(FeedThere { id, url: url.to_owned(), title, folder: folder.to_owned() });
        id
    }

    /// Adds an entry that was published so many seconds ago; its identifier is higher than all others.
    pub fn publish(&mut self, feed: i64, title: &str, ago: i64) -> i64 {
        let id = 1_000 + self.entries.len() as i64 * 7;
        let changed = self.tick();
        self.entries.push(Entry {
            id,
            feed,
            title: title.to_owned(),
            url: format!("https://paper{feed}.example/{id}"),
            published: Utc::now().timestamp() - ago,
            changed,
            read: false,
            starred: false,
            labels: BTreeSet::new(),
        });
        id
    }

    /// Lets so many seconds go by.
    pub fn wait(&mut self, seconds: i64) {
        self.clock += seconds * 1_000_000;
    }

    fn tick(&mut self) -> i64 {
        self.clock += 400_000;
        self.clock
    }

    pub fn mark(&mut self, id: i64, mark: &'static str, on: bool) {
        let at = self.tick();
        self.mark_at(at, id, mark, on);
    }

    fn mark_at(&mut self, at: i64, id: i64, mark: &'static str, on: bool) {
        let Some(entry) = self.entries.iter_mut().find(|entry| entry.id == id) else { return };
        let was = if mark == "read" { &mut entry.read } else { &mut entry.starred };
        if *was != on {
            *was = on;
            *self.changes.entry((id, mark)).or_default() += 1;
        }
        entry.changed = at;
    }

    fn token(&self) -> String {
        format!("token{}", self.token)
    }
}

fn serve(stream: TcpStream, state: &Mutex<State>) -> Option<()> {
    let mut reader = BufReader::new(&stream);
    loop {
        let request = receive(&mut reader)?;
        let (status, answer) = {
            let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
            state.asked.push(format!("{} {}", request.method, request.path));
            let answer = answer(&mut state, &request);
            state.answered += answer.1.len();
            answer
        };
        let head = format!(
            "HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
            answer.len()
        );
        (&stream).write_all((head + &answer).as_bytes()).ok()?;
    }
}

/// The next request of a connection; `None` where there is no other one, or only the beginning of one.
fn receive(reader: &mut impl BufRead) -> Option<Request> {
    let next = |reader: &mut dyn BufRead| {
        let mut line = String::new();
        (reader.read_line(&mut line).ok()? > 0 && line.ends_with('\n')).then(|| line.trim_end().to_owned())
    };
    let line = next(reader)?;
    let mut parts = line.split_whitespace();
    let (method, path) = (parts.next()?.to_owned(), parts.next()?.to_owned());
    let (mut length, mut login, mut app) = (0, String::new(), (String::new(), String::new()));
    loop {
        let header = next(reader)?;
        let Some((name, value)) = header.split_once(':') else { break };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().ok()?,
            // Nothing is sent in pieces: not every server reads them.
            "transfer-encoding" => panic!("{method} {path} comes in pieces"),
            "authorization" | "x-auth-token" => value.trim().clone_into(&mut login),
            "appid" => value.trim().clone_into(&mut app.0),
            "appkey" => value.trim().clone_into(&mut app.1),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some(Request { method, path, login, app, body: String::from_utf8(body).ok()? })
}

fn pairs(text: &str) -> Vec<(String, String)> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn answer(state: &mut State, request: &Request) -> (u16, String) {
    let Request { method, path, login, app, body } = request;
    let (method, path, login, body) = (method.as_str(), path.as_str(), login.as_str(), body.as_str());
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let (query, form) = (pairs(query), pairs(body));
    let one = |from: &[(String, String)], name: &str| {
        from.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    };
    if let Some(query_of_fever) =
        path.strip_prefix("/fever/").filter(|_| query.iter().any(|(name, _)| name == "api"))
    {
        let right = one(&form, "api_key").as_deref() == Some("c3e0d114833560f70eb41461ba813812");
        return match query_of_fever.is_empty() && right {
            true => (200, fever(state, &query, &form).to_string()),
            false => (200, json!({ "api_version": 3, "auth": 0 }).to_string()),
        };
    }
    let needs_app = path == "/accounts/ClientLogin" || path.starts_with("/reader/api/0/");
    if needs_app && state.wants_app && (app.0.as_str(), app.1.as_str()) != ("1000017", "k3y") {
        return (403, "AppId required!".to_owned());
    }
    if path == "/accounts/ClientLogin" {
        let right = one(&form, "Email").as_deref() == Some("ann")
            && one(&form, "Passwd").as_deref() == Some("secret:1");
        return if right {
            (200, "SID=x\nLSID=null\nAuth=ann/5f\n".to_owned())
        } else {
            (401, "Error=BadAuthentication".to_owned())
        };
    }
    if let Some(path) = path.strip_prefix("/reader/api/0/") {
        return match login == "GoogleLogin auth=ann/5f" {
            true => google(state, (method, path), &query, &form),
            false => (401, "Unauthorized!".to_owned()),
        };
    }
    if let Some(path) = path.strip_prefix("/v1/") {
        return match login == "T0k" {
            true => miniflux(state, (method, path), &query, body),
            false => (401, json!({ "error_message": "Access Unauthorized" }).to_string()),
        };
    }
    (404, "Not Found".to_owned())
}

const STATES: &str = "user/-/state/com.google/";

fn google(
    state: &mut State,
    (method, path): (&str, &str),
    query: &[(String, String)],
    form: &[(String, String)],
) -> (u16, String) {
    let one = |from: &[(String, String)], name: &str| {
        from.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    };
    let every = |from: &[(String, String)], name: &str| -> Vec<String> {
        from.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    };
    let writes = ["edit-tag", "subscription/edit"].contains(&path);
    if writes || path == "stream/items/contents" {
        let right =
            method == "POST" && one(form, "T") == Some(state.token()) && state.used < state.token_lasts;
        if !right {
            return (401, "Unauthorized!".to_owned());
        }
        state.used += 1;
        if state.idle && writes {
            return (200, "OK".to_owned());
        }
    }
    // Decimal identifiers are read as hexadecimal ones.
    let id = |written: &str| i64::from_str_radix(written.rsplit('/').next().unwrap_or(""), 16).unwrap_or(0);
    match path {
        "token" => {
            (state.token, state.used) = (state.token + 1, 0);
            (200, format!("{}\n", state.token()))
        }
        "user-info" => (200, json!({ "userName": "ann" }).to_string()),
        "tag/list" => {
            let folders: BTreeSet<&String> = state.feeds.iter().map(|feed| &feed.folder).collect();
            let labels: BTreeSet<&String> = state.entries.iter().flat_map(|entry| &entry.labels).collect();
            let of =
                |name: &String, kind: &str| json!({ "id": format!("user/-/label/{name}"), "type": kind });
            let tags: Vec<Value> = folders
                .into_iter()
                .map(|name| of(name, "folder"))
                .chain(labels.into_iter().map(|name| of(name, "tag")))
                .collect();
            (200, json!({ "tags": tags }).to_string())
        }
        "subscription/list" => {
            let feed = |feed: &FeedThere| {
                json!({
                    "id": format!("feed/{}", feed.id), "title": feed.title, "url": feed.url, "htmlUrl": format!("https://paper{}.example/", feed.id),
                    "categories": [{ "id": format!("user/-/label/{}", feed.folder), "label": feed.folder }],
                })
            };
            (200, json!({ "subscriptions": state.feeds.iter().map(feed).collect::<Vec<_>>() }).to_string())
        }
        "subscription/edit" => {
            let stream = one(form, "s").unwrap_or_default();
            let stream = stream.trim_start_matches("feed/");
            match one(form, "ac").as_deref() {
                Some("subscribe") if stream.contains("refused") => return (400, "Bad Request!".to_owned()),
                Some("subscribe") => {
                    let folder = one(form, "a").unwrap_or_default();
                    let folder = folder.trim_start_matches("user/-/label/").to_owned();
                    state.subscribe(stream, &one(form, "t").unwrap_or_default(), &folder);
                }
                Some("unsubscribe") => state.feeds.retain(|feed| feed.id.to_string() != stream),
                _ => return (400, "Bad Request!".to_owned()),
            }
            (200, "OK".to_owned())
        }
        "stream/items/ids" => {
            let stream = one(query, "s").unwrap_or_default();
            let unread = one(query, "xt").as_deref() == Some("user/-/state/com.google/read");
            let mut entries: Vec<&Entry> = state
                .entries
                .iter()
                .filter(|entry| match stream.as_str() {
                    "user/-/state/com.google/reading-list" => !(unread && entry.read),
                    "user/-/state/com.google/starred" => entry.starred,
                    label => {
                        label.strip_prefix("user/-/label/").is_some_and(|label| entry.labels.contains(label))
                    }
                })
                .collect();
            // One server sorts by arrival, the other by the date.
            match state.by_id {
                true => entries.sort_by_key(|entry| -entry.id),
                false => entries.sort_by_key(|entry| (-entry.published, -entry.id)),
            }
            let wanted: usize = one(query, "n").and_then(|n| n.parse().ok()).unwrap_or(20);
            let size = wanted.min(state.page);
            let next = one(query, "c").and_then(|next| next.parse::<i64>().ok());
            let start = match next {
                None => 0,
                Some(next) if state.by_id => {
                    entries.iter().position(|entry| entry.id == next).map_or(0, |at| at + 1)
                }
                Some(next) => next as usize,
            };
            let page: Vec<&&Entry> = entries.iter().skip(start).take(size).collect();
            let refs: Vec<Value> = page.iter().map(|entry| json!({ "id": entry.id.to_string() })).collect();
            let mut answer = json!({ "itemRefs": refs });
            if start + page.len() < entries.len() {
                answer["continuation"] = match (state.by_id, page.last()) {
                    (true, Some(last)) => last.id.to_string().into(),
                    _ => (start + page.len()).into(),
                };
            }
            (200, answer.to_string())
        }
        "stream/items/contents" => {
            let wanted: BTreeSet<i64> = every(form, "i").iter().map(|written| id(written)).collect();
            let item = |entry: &Entry| {
                let mut categories = vec![format!("{STATES}reading-list")];
                categories.extend(entry.read.then(|| format!("{STATES}read")));
                categories.extend(entry.starred.then(|| format!("{STATES}starred")));
                categories.extend(entry.labels.iter().map(|label| format!("user/-/label/{label}")));
                json!({
                    "id": format!("tag:google.com,2005:reader/item/{:016x}", entry.id), "title": entry.title,
                    "published": entry.published, "canonical": [{ "href": entry.url }], "summary": { "content": html(entry) },
                    "origin": { "streamId": format!("feed/{}", entry.feed) }, "categories": categories,
                })
            };
            let items: Vec<Value> =
                state.entries.iter().filter(|entry| wanted.contains(&entry.id)).map(item).collect();
            (200, json!({ "items": items }).to_string())
        }
        "edit-tag" => {
            // Of several marks only the last one counts.
            let (add, remove) = (one(form, "a"), one(form, "r"));
            for id in every(form, "i").iter().map(|written| id(written)) {
                for (tag, on) in [(&add, true), (&remove, false)] {
                    match tag.as_deref() {
                        Some("user/-/state/com.google/read") => state.mark(id, "read", on),
                        Some("user/-/state/com.google/starred") => state.mark(id, "starred", on),
                        Some(label) => {
                            let label = label.trim_start_matches("user/-/label/").to_owned();
                            if !state.takes_labels {
                                return (500, "unsupported tag type".to_owned());
                            }
                            if let Some(entry) = state.entries.iter_mut().find(|entry| entry.id == id) {
                                _ = if on { entry.labels.insert(label) } else { entry.labels.remove(&label) };
                            }
                        }
                        None => {}
                    }
                }
            }
            (200, "OK".to_owned())
        }
        _ => (400, "Bad Request!".to_owned()),
    }
}

/// Fever's language: everything is asked for at one address.
fn fever(state: &mut State, query: &[(String, String)], form: &[(String, String)]) -> Value {
    let has = |name: &str| query.iter().any(|(key, _)| key == name);
    let one = |from: &[(String, String)], name: &str| {
        from.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    };
    let number = |name: &str| one(query, name).and_then(|value| value.parse::<i64>().ok());
    let mut answer = json!({ "api_version": 3, "auth": 1 });
    let of_folder = |folder: &str| {
        let feeds = state.feeds.iter().filter(|feed| feed.folder == folder).map(|feed| feed.id.to_string());
        feeds.collect::<Vec<_>>().join(",")
    };
    let folders: BTreeSet<&String> = state.feeds.iter().map(|feed| &feed.folder).collect();
    if has("groups") || has("feeds") {
        let groups = folders.iter().enumerate();
        let of = groups.map(|(at, folder)| json!({ "group_id": at + 1, "feed_ids": of_folder(folder) }));
        answer["feeds_groups"] = of.collect();
    }
    if has("groups") {
        let groups = folders.iter().enumerate();
        answer["groups"] = groups.map(|(at, folder)| json!({ "id": at + 1, "title": folder })).collect();
    }
    if has("feeds") {
        let feed = |feed: &FeedThere| {
            json!({
                "id": feed.id, "favicon_id": 0, "title": feed.title, "url": feed.url, "is_spark": 0,
                "site_url": format!("https://paper{}.example/", feed.id), "last_updated_on_time": 0,
            })
        };
        answer["feeds"] = state.feeds.iter().map(feed).collect();
    }
    let ids = |is: fn(&Entry) -> bool| {
        let ids = state.entries.iter().filter(|entry| is(entry)).map(|entry| entry.id.to_string());
        ids.collect::<Vec<_>>().join(",")
    };
    if has("unread_item_ids") {
        answer["unread_item_ids"] = ids(|entry| !entry.read).into();
    }
    if has("saved_item_ids") {
        answer["saved_item_ids"] = ids(|entry| entry.starred).into();
    }
    if has("items") {
        let mut found: Vec<&Entry> = state.entries.iter().collect();
        found.sort_by_key(|entry| entry.id);
        if let Some(last) = number("max_id") {
            found.retain(|entry| entry.id < last);
            found.reverse();
        } else if let Some(ids) = one(query, "with_ids") {
            let ids: Vec<&str> = ids.split(',').collect();
            found.retain(|entry| ids.contains(&entry.id.to_string().as_str()));
        } else if let Some(first) = number("since_id") {
            found.retain(|entry| entry.id > first);
        }
        let item = |entry: &&Entry| {
            json!({
                "id": entry.id, "feed_id": entry.feed, "title": entry.title, "author": "", "html": html(entry), "url": entry.url,
                "is_saved": u8::from(entry.starred), "is_read": u8::from(entry.read), "created_on_time": entry.published,
            })
        };
        let size = if has("with_ids") { 50 } else { state.page.min(50) };
        answer["items"] = found.iter().take(size).map(item).collect();
        answer["total_items"] = state.entries.len().into();
    }
    let id = one(form, "id").and_then(|id| id.parse::<i64>().ok()).unwrap_or(0);
    if one(form, "mark").as_deref() == Some("item") && !state.idle {
        let starred = state.entries.iter().any(|entry| entry.id == id && entry.starred);
        match one(form, "as").as_deref() {
            Some("read") => state.mark(id, "read", true),
            Some("unread") => state.mark(id, "read", false),
            // One server switches the star, whatever it is told.
            Some("saved" | "unsaved") if state.switches => state.mark(id, "starred", !starred),
            Some(told @ ("saved" | "unsaved")) => state.mark(id, "starred", told == "saved"),
            _ => {}
        }
    }
    answer
}

fn html(entry: &Entry) -> String {
    format!(
        "<p>OSLO - Kari Holm of Norway spoke about the quay, case {}.</p><p><a href=\"{}\">More</a></p>",
        entry.id, entry.url
    )
}

fn miniflux(
    state: &mut State,
    (method, path): (&str, &str),
    query: &[(String, String)],
    body: &str,
) -> (u16, String) {
    let one = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    let number = |name: &str| one(name).and_then(|value| value.parse::<i64>().ok());
    let body: Value = serde_json::from_str(body).unwrap_or(Value::Null);
    let time = |micros: i64| {
        DateTime::from_timestamp_micros(micros)
            .unwrap_or_default()
            .to_rfc3339_opts(SecondsFormat::Micros, true)
    };
    let entry = |entry: &Entry| {
        json!({
            "id": entry.id, "feed_id": entry.feed, "status": if entry.read { "read" } else { "unread" }, "title": entry.title,
            "url": entry.url, "published_at": time(entry.published * 1_000_000), "changed_at": time(entry.changed), "content": html(entry),
            "starred": entry.starred, "author": "", "enclosures": Value::Null,
        })
    };
    let refuse = |why: &str| (400, json!({ "error_message": why }).to_string());
    match (method, path) {
        ("GET", "version") => (200, json!({ "version": "2.2.6" }).to_string()),
        ("GET", "me") => (200, json!({ "username": "ann" }).to_string()),
        ("GET", "feeds") => {
            let feed = |feed: &FeedThere| {
                json!({
                    "id": feed.id, "feed_url": feed.url, "site_url": format!("https://paper{}.example/", feed.id), "title": feed.title,
                    "category": { "id": 1, "title": feed.folder },
                })
            };
            (200, Value::Array(state.feeds.iter().map(feed).collect()).to_string())
        }
        ("POST", "feeds") => {
            let url = body["feed_url"].as_str().unwrap_or_default().to_owned();
            if url.contains("refused") {
                return refuse("Unable to fetch this resource");
            }
            let id = state.subscribe(&url, "", "All");
            (201, json!({ "feed_id": id }).to_string())
        }
        ("GET", "categories") => (200, json!([{ "id": 1, "title": "All" }]).to_string()),
        ("POST", "categories") => (201, json!({ "id": 2, "title": body["title"] }).to_string()),
        ("GET", "entries") => {
            let unread = one("status").as_deref() == Some("unread");
            let mut found: Vec<&Entry> = state
                .entries
                .iter()
                .filter(|entry| {
                    number("after_entry_id").is_none_or(|after| entry.id > after)
                        && number("before_entry_id").is_none_or(|before| entry.id < before)
                        && number("changed_after").is_none_or(|after| entry.changed > after * 1_000_000)
                        && number("changed_before").is_none_or(|before| entry.changed < before * 1_000_000)
                        && number("published_after").is_none_or(|after| entry.published > after)
                        && !(unread && entry.read)
                        && one("starred").is_none_or(|starred| entry.starred == (starred == "true"))
                })
                .collect();
            match one("order").as_deref() {
                Some("changed_at") => found.sort_by_key(|entry| entry.changed),
                Some("id") => found.sort_by_key(|entry| entry.id),
                _ => found.sort_by_key(|entry| entry.published),
            }
            if one("direction").as_deref() == Some("desc") {
                found.reverse();
            }
            let limit = number("limit").map_or(100, |limit| limit as usize).min(state.page);
            let page: Vec<Value> = found.iter().take(limit).map(|found| entry(found)).collect();
            (200, json!({ "total": found.len(), "entries": page }).to_string())
        }
        ("PUT", "entries") => {
            let status = body["status"].as_str();
            let star = body["starred"].as_bool().filter(|_| !state.switches);
            if status.is_none() && star.is_none() {
                return refuse("invalid entry status");
            }
            let ids: Vec<i64> =
                body["entry_ids"].as_array().into_iter().flatten().filter_map(Value::as_i64).collect();
            let ids = if state.idle { Vec::new() } else { ids };
            // All of them change at the same time.
            let at = state.tick();
            for id in ids {
                status.into_iter().for_each(|status| state.mark_at(at, id, "read", status == "read"));
                star.into_iter().for_each(|on| state.mark_at(at, id, "starred", on));
            }
            (204, String::new())
        }
        _ => {
            if let (Some(id), "DELETE") = (path.strip_prefix("feeds/"), method) {
                state.feeds.retain(|feed| feed.id.to_string() != id);
                return (204, String::new());
            }
            let Some(rest) = path.strip_prefix("entries/") else { return (201, "{}".to_owned()) };
            let (id, what) = rest.split_once('/').unwrap_or((rest, ""));
            let id = id.parse::<i64>().unwrap_or(0);
            let found = state.entries.iter().find(|entry| entry.id == id).cloned();
            match (found, what, method) {
                (Some(found), "", "GET") => (200, entry(&found).to_string()),
                (Some(found), "bookmark", "PUT") => {
                    if !state.idle {
                        state.mark(id, "starred", !found.starred);
                    }
                    (204, String::new())
                }
                _ => (404, json!({ "error_message": "Resource Not Found" }).to_string()),
            }
        }
    }
}

/// A line to a server that breaks: before a request arrives, or after it was carried out.
pub struct Cutter {
    pub address: String,
    /// Of a hundred requests, how many are cut.
    percent: Arc<Mutex<u64>>,
}

impl Cutter {
    /// A line to a server at this address. `seed` is where its random numbers begin.
    pub fn start(target: &str, seed: u64) -> Cutter {
        let target = target.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let percent = Arc::new(Mutex::new(0));
        let shared = Arc::clone(&percent);
        thread::spawn(move || {
            let mut random = Random(seed | 1);
            for client in listener.incoming().flatten() {
                let percent = *shared.lock().unwrap_or_else(PoisonError::into_inner);
                // How many bytes pass in either direction before the line breaks.
                let cut = (random.below(100) < percent).then(|| match random.below(3) {
                    0 => (random.below(200), u64::MAX),
                    1 => (u64::MAX, 0),
                    _ => (u64::MAX, random.below(400)),
                });
                let Ok(server) = TcpStream::connect(&target) else { continue };
                let (up, down) = cut.unwrap_or((u64::MAX, u64::MAX));
                pass(client.try_clone(), server.try_clone(), up, false);
                // What comes back is lost after the server has done its work.
                pass(Ok(server), Ok(client), down, down != u64::MAX);
            }
        });
        Cutter { address, percent }
    }

    pub fn cut(&self, percent: u64) {
        *self.percent.lock().unwrap_or_else(PoisonError::into_inner) = percent;
    }
}

fn pass(from: std::io::Result<TcpStream>, to: std::io::Result<TcpStream>, most: u64, waits: bool) {
    let (Ok(mut from), Ok(mut to)) = (from, to) else { return };
    thread::spawn(move || {
        if waits && most == 0 {
            // The first byte of an answer says that the request was carried out.
            _ = from.read(&mut [0; 1]);
        } else {
            _ = std::io::copy(&mut (&mut from).take(most), &mut to);
        }
        thread::sleep(Duration::from_millis(1));
        _ = from.shutdown(std::net::Shutdown::Both);
        _ = to.shutdown(std::net::Shutdown::Both);
    });
}

/// Xorshift, by Marsaglia.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, most: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % most.max(1)
    }

    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }
}

/// What a test expects of each mark, by item.
pub type Expected = HashMap<(String, &'static str), Vec<bool>>;
