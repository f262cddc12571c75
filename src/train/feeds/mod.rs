//! How far the reader of feeds agrees with the test suite of another one: `feedparser`'s, which Python's package of that
//! name carries in its source, well-formed and ill-formed feeds with what is to be read in them.
//!
//! In: the folder `tests` of the unpacked suite; its cases are no part of the repository. Out: a table, and a line for
//! each expectation that does not hold. What is compared is what an article has: titles, links, dates, bodies, authors and
//! ids. Bodies are HTML there and text here: their words are compared, and the addresses of their links.

mod case;

use crate::article::{Article, date};
use crate::formats::feed::Feed;
use crate::formats::{Delivery, Origin, read_delivery};
use crate::text::clean_line;
use case::{Case, Expectation, Of, Value};
use chrono::DateTime;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use url::Url;

#[derive(Debug, thiserror::Error)]
#[error("could not read {path}: {cause}")]
pub struct Unreadable {
    path: PathBuf,
    cause: std::io::Error,
}

/// The shares that agree, by what is compared, and what does not.
pub fn evaluate(suite: &Path) -> Result<String, Unreadable> {
    let mut counts: BTreeMap<Of, (usize, usize)> = BTreeMap::new();
    let mut faults = String::new();
    for path in files(suite)? {
        let bytes = std::fs::read(&path).map_err(|cause| Unreadable { path: path.clone(), cause })?;
        let Some(case) = Case::read(&bytes) else { continue };
        let feed = deliver(&bytes, &case);
        let titled = deliver(&with_titles(&bytes), &case);
        for expectation in &case.expectations {
            let feed = match expectation.of {
                Of::Title | Of::Body => &feed,
                Of::Link | Of::Date | Of::Author | Of::Id => &titled,
            };
            let (right, all) = counts.entry(expectation.of).or_default();
            *all += 1;
            match fault(feed, expectation) {
                None => *right += 1,
                Some(found) => {
                    let name = path.strip_prefix(suite).unwrap_or(&path).display();
                    let _ = writeln!(
                        faults,
                        "{name}: {:?}: wanted {:?}, found {found:?}",
                        expectation.of, expectation.value
                    );
                }
            }
        }
    }
    let mut table = String::from("| what | agree | of |\n| --- | --- | --- |\n");
    let mut sum = (0, 0);
    for (of, (right, all)) in &counts {
        let _ = writeln!(table, "| {of:?} | {right} | {all} |");
        sum = (sum.0 + right, sum.1 + all);
    }
    let _ = writeln!(table, "| all | {} | {} |", sum.0, sum.1);
    Ok(format!("{faults}\n{table}"))
}

/// All files of the suite, by name.
fn files(suite: &Path) -> Result<Vec<PathBuf>, Unreadable> {
    let mut found = Vec::new();
    let mut folders = vec![suite.to_owned()];
    while let Some(folder) = folders.pop() {
        let fail = |cause| Unreadable { path: folder.clone(), cause };
        for entry in std::fs::read_dir(&folder).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            match path.extension().and_then(|ending| ending.to_str()) {
                _ if path.is_dir() => folders.push(path),
                Some("xml") => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    Ok(found)
}

fn deliver(bytes: &[u8], case: &Case) -> Feed {
    let origin = Origin { path: None, source: String::new(), time: DateTime::UNIX_EPOCH };
    // The suite has a server there.
    let own = "http://127.0.0.1:8097/feed/";
    let said = case.address.as_ref().and_then(|address| Url::parse(own).ok()?.join(address).ok());
    let address = said.filter(|address| address.scheme() == "http").map_or(own.to_owned(), String::from);
    match read_delivery(bytes, case.content_type.as_deref(), &address, &origin) {
        Delivery::Feed(feed) => feed,
        Delivery::Page(_) | Delivery::Neither(_) => Feed::default(),
    }
}

/// The feed with a title in each item: many a case holds nothing but a date, of which no article is made here.
fn with_titles(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some((at, name)) = ["<entry", "<item"]
        .iter()
        .filter_map(|name| {
            Some((rest.windows(name.len()).position(|window| window == name.as_bytes())?, name))
        })
        .min()
    {
        let Some(end) = rest.iter().skip(at).position(|byte| *byte == b'>').map(|end| at + end + 1) else {
            break;
        };
        let (tag, after) = rest.split_at(end);
        out.extend_from_slice(tag);
        // `<items>` is another element.
        if matches!(tag.get(at + name.len()), Some(b'>' | b' ' | b'\n')) && !tag.ends_with(b"/>") {
            out.extend_from_slice(b"<title>One</title>");
        }
        rest = after;
    }
    out.extend_from_slice(rest);
    out
}

/// What was found in the place of what is expected, unless it is that.
fn fault(feed: &Feed, Expectation { of, entry, value }: &Expectation) -> Option<String> {
    let found = match entry {
        None => match of {
            Of::Title => feed.title.clone(),
            _ => feed.site.clone(),
        },
        Some(at) => feed.articles.get(*at).and_then(|article| part(article, *of)),
    }
    .unwrap_or_default();
    let agrees = match (of, value) {
        (Of::Date, Value::Time(time)) => {
            DateTime::from_timestamp(*time, 0).is_some_and(|time| found == time.to_rfc3339())
        }
        (Of::Date, Value::Text(text)) => date::parse(text).is_some_and(|time| found == time.to_rfc3339()),
        (Of::Body, Value::Text(html)) => found.trim() == html.trim() || same_body(html, &found),
        (Of::Title | Of::Author, Value::Text(html)) => {
            words(html) == words(&found) || words(&plain(html)) == words(&found)
        }
        (_, Value::Text(text)) => *found == clean_line(text),
        (_, Value::Time(_)) => false,
    };
    (!agrees).then_some(found)
}

fn part(article: &Article, of: Of) -> Option<String> {
    match of {
        Of::Title => Some(article.title.clone()),
        Of::Link => article.url.clone(),
        Of::Date => article.published.map(|time| time.to_rfc3339()),
        Of::Body => Some(article.body.clone()),
        Of::Author => article.author.clone(),
        Of::Id => article.guid.clone(),
    }
}

/// The same words in the same order, and every address that the HTML links to in the text.
fn same_body(html: &str, body: &str) -> bool {
    // The links that are listed at its end, and the numbers that point to them, are ours.
    let listed = body.find("\n[1] ").or_else(|| body.starts_with("[1] ").then_some(0));
    let (text, links) = body.split_at(listed.unwrap_or(body.len()));
    let mut text = text.to_owned();
    for number in 1..=links.matches("\n[").count() + 1 {
        text = text.replacen(&format!("[{number}]"), "", 1);
    }
    let linked = html.split("<a ").skip(1).filter_map(|tag| {
        let address = tag.split('>').next()?.split("href=\"").nth(1)?.split('"').next()?;
        address.starts_with("http").then(|| plain(address))
    });
    words(&plain(html)) == words(&text) && linked.into_iter().all(|address| links.contains(&address))
}

/// HTML without its tags, its references decoded. Tags do not part words: what is compared is letters and digits.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        match tag.split_once('>') {
            Some((name, after))
                if name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!') =>
            {
                rest = after;
            }
            _ => {
                text.push('<');
                rest = tag;
            }
        }
    }
    text.push_str(rest);
    crate::formats::references_once(&text).into_owned()
}

fn words(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).collect()
}
