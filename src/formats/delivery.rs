//! What an address delivered: a feed in any form, or a page that may name its feeds.
//!
//! In come the bytes, the content type that the server gives, and the address that they came from. Out comes a feed
//! with its articles, or the feeds that the page links to. Nothing is fetched here.

use super::feed::{self, Earlier, Feed};
use super::format::{Format, Holds};
use super::html::{Element, Tree};
use super::json::{self, Bounded, Sink};
use super::{Origin, link};
use crate::text::{charset, clean_line};
use serde_json::Value;
use url::Url;

/// What was delivered.
#[derive(Clone, Debug, PartialEq)]
pub enum Delivery {
    Feed(Feed),
    /// A page, with the feeds that it links to, best first.
    Page(Vec<Offer>),
    /// Neither of them, but what is named here.
    Neither(String),
}

/// A feed that a page links to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// http or https.
    pub url: String,
    /// The page's title for it; one clean line.
    pub title: Option<String>,
    pub of: OfferOf,
}

/// What a feed on offer holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum OfferOf {
    Articles,
    Comments,
}

/// How far into a text its first element may be, in bytes: some programs print their error messages before it.
const JUNK: usize = 4 << 10;

/// How far the feeds that a page links to are looked for, in bytes. Real pages are shorter.
const PAGE_CAP: usize = 2 << 20;
/// The most feeds of a page that are offered.
const OFFER_CAP: usize = 32;
/// The most warnings that are kept of one feed.
const WARNING_CAP: usize = 100;

/// Reads `bytes` from `address`. `content_type` is the value of that header. Articles take `origin`'s source, or the
/// feed's title if that is empty.
#[cfg(any(test, feature = "train"))]
pub fn read_delivery(bytes: &[u8], content_type: Option<&str>, address: &str, origin: &Origin) -> Delivery {
    read_delivery_again(bytes, content_type, address, origin, Earlier::NOTHING, usize::MAX)
}

/// Reads `bytes` from `address`, without the items of RSS and Atom feeds that are unchanged since `earlier`. Of a feed
/// with more than `most` items the newest are read. `content_type` is the value of that header. Articles take `origin`'s
/// source, or the feed's title if that is empty.
pub fn read_delivery_again(
    bytes: &[u8],
    content_type: Option<&str>,
    address: &str,
    origin: &Origin,
    earlier: Earlier<'_>,
    most: usize,
) -> Delivery {
    let decoded = match charset::decode(bytes, content_type.and_then(charset_of)) {
        Ok(decoded) => decoded,
        Err(charset::NotText(what)) => return Delivery::Neither(what.to_owned()),
    };
    let mut delivery = read_text(&decoded.text, address, origin, earlier, most);
    if let (Delivery::Feed(feed), Some(doubt)) = (&mut delivery, decoded.doubt) {
        feed.warnings.insert(0, origin.warning(None, &doubt.to_string()));
    }
    delivery
}

fn read_text(text: &str, address: &str, origin: &Origin, earlier: Earlier<'_>, most: usize) -> Delivery {
    if text.trim().is_empty() {
        return Delivery::Neither("empty".to_owned());
    }
    let format = Format::of(text);
    match format {
        Format::Feed => Delivery::Feed(feed::read_again(text, Some(address), origin, earlier, most)),
        Format::Json | Format::JsonLines => match json::parse_newest(text, most) {
            Some(json) => read_json(&json, address, origin, most),
            None => Delivery::Neither("JSON that is not a feed".to_owned()),
        },
        Format::Page => Delivery::Page(offers(text, address)),
        _ if format.holds() == Holds::Feeds => {
            Delivery::Neither(format!("a list of feeds ({})", format.name()))
        }
        // A feed behind an error message, or a part of a page.
        _ => match after_junk(text) {
            Some(rest) => {
                let mut feed = feed::read_again(rest, Some(address), origin, Earlier::NOTHING, most);
                feed.warnings.insert(0, origin.warning(None, "could not use the text before the feed"));
                Delivery::Feed(feed)
            }
            None => match offers(text, address) {
                offers if offers.is_empty() => Delivery::Neither("neither a feed nor a page".to_owned()),
                offers => Delivery::Page(offers),
            },
        },
    }
}

/// The text from its first element on, if that is the element of a feed.
fn after_junk(text: &str) -> Option<&str> {
    let end = (0..=JUNK.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
    let head = text.get(..end)?.to_ascii_lowercase();
    let at = ["<?xml", "<rss", "<rdf:rdf", "<feed"].iter().filter_map(|tag| head.find(tag)).min()?;
    text.get(at..).filter(|rest| Format::of(rest) == Format::Feed)
}

fn charset_of(content_type: &str) -> Option<&str> {
    let (_, label) = content_type.split_once("charset=")?;
    let label = label.split(';').next()?.trim().trim_matches(['"', '\'']);
    Some(label).filter(|label| !label.is_empty())
}

fn read_json(json: &Bounded, address: &str, origin: &Origin, most: usize) -> Delivery {
    let value = &json.value;
    let line = |name: &str| value.get(name).and_then(Value::as_str).map(clean_line);
    let title = line("title").filter(|title| !title.is_empty());
    let mut origin = origin.clone();
    if let (true, Some(title)) = (origin.source.is_empty(), &title) {
        origin.source.clone_from(title);
    }
    let mut feed = Feed {
        title,
        site: line("home_page_url").and_then(|site| crate::text::clean_url(&site)),
        left_out: json.left_out,
        ..Feed::default()
    };
    // A feed without items is still a feed.
    let empty = value.get("items").and_then(Value::as_array).is_some_and(Vec::is_empty);
    if !empty {
        let mut items = Vec::new();
        let mut sink = Sink { origin: &origin, line: None, items: &mut items, warnings: &mut feed.warnings };
        match json::feed::is_feed(value) {
            true => json::feed::read(value, Some(address), &mut sink),
            false => json::articles(value, &mut sink),
        }
        // Several arrays may hold articles.
        feed.left_out += items.len().saturating_sub(most) as u64;
        items.truncate(most);
        feed.warnings.truncate(WARNING_CAP);
        feed::Common::settle(&mut items);
        feed.articles = feed::settled(items, &origin);
    }
    match feed.articles.is_empty() && !empty {
        true => Delivery::Neither("JSON without articles".to_owned()),
        false => Delivery::Feed(feed),
    }
}

/// The feeds that a page links to, in its order: those it declares or, if it declares none, those that its visible links
/// seem to be. Feeds of comments come last.
fn offers(text: &str, address: &str) -> Vec<Offer> {
    let end = (0..=PAGE_CAP.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    let tree = Tree::page(text.get(..end.unwrap_or_default()).unwrap_or_default());
    let all: Vec<Element> = tree.root().below().collect();
    let base = all.iter().find(|element| element.is("base")).and_then(|base| base.attribute("href"));
    let base = base.and_then(|base| link::resolve(Some(address), &base));
    let base = base.as_deref().unwrap_or(address);
    let mut offers: Vec<Offer> = Vec::new();
    let declared = all.iter().filter(|element| element.is("link") && is_declared(**element));
    let links = all.iter().filter(|element| element.is("a") && seems_a_feed(**element));
    let found: Vec<&Element> = declared.collect();
    let found = if found.is_empty() { links.take(8).collect() } else { found };
    for element in found {
        if offers.len() >= OFFER_CAP {
            break;
        }
        let Some(url) = element.attribute("href").and_then(|href| link::resolve(Some(base), &href)) else {
            continue;
        };
        if offers.iter().any(|offer| offer.url == url) {
            continue;
        }
        let title = element.attribute("title").unwrap_or_else(|| element.text());
        let title = Some(clean_line(&title)).filter(|title| !title.is_empty());
        let of = of_what(&url, title.as_deref());
        offers.push(Offer { url, title, of });
    }
    offers.sort_by_key(|offer| offer.of);
    offers
}

fn is_declared(element: Element) -> bool {
    const TYPES: [&str; 7] = [
        "application/rss+xml",
        "application/atom+xml",
        "application/feed+json",
        "application/rdf+xml",
        "application/json",
        "application/xml",
        "text/xml",
    ];
    let has = |name: &str, wanted: &dyn Fn(&str) -> bool| {
        element.attribute(name).is_some_and(|value| wanted(&value.to_ascii_lowercase()))
    };
    let kind = |value: &str| TYPES.contains(&value.split(';').next().unwrap_or_default().trim());
    has("rel", &|rel| rel.split_whitespace().any(|word| word == "alternate" || word == "feed"))
        && (has("type", &kind) || has("rel", &|rel| rel.split_whitespace().any(|word| word == "feed")))
        // The software of many sites offers other JSON under the same type.
        && !has("href", &|href| href.contains("/wp-json/") || href.contains("oembed"))
}

fn seems_a_feed(element: Element) -> bool {
    let Some(href) = element.attribute("href") else { return false };
    let path = href.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_ascii_lowercase();
    let last = path.rsplit('/').next().unwrap_or_default();
    ["rss", "atom", "feed", "feed.json", "rss.xml", "atom.xml", "feed.xml", "index.xml"].contains(&last)
        || last.ends_with(".rss")
        || last.ends_with(".atom")
        || last.ends_with(".rdf")
}

fn of_what(url: &str, title: Option<&str>) -> OfferOf {
    let path = Url::parse(url).map(|url| url.path().to_ascii_lowercase()).unwrap_or_default();
    let called = title.is_some_and(|title| title.to_lowercase().contains("comment"));
    if called || path.contains("comment") { OfferOf::Comments } else { OfferOf::Articles }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn read(text: &str, content_type: &str) -> Delivery {
        let origin = Origin { path: None, source: String::new(), time: DateTime::UNIX_EPOCH };
        read_delivery(text.as_bytes(), Some(content_type), "https://a.test/news/", &origin)
    }

    fn check_page(text: &str, expected: &[&str]) {
        let Delivery::Page(offers) = read(text, "text/html") else { panic!("no page: {text}") };
        let shown: Vec<String> = offers
            .iter()
            .map(|offer| format!("{} {}", offer.url, offer.title.as_deref().unwrap_or("-")))
            .collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn a_page_names_its_feeds_those_of_comments_last() {
        check_page(
            "<!doctype html><html><head><link rel=alternate type='application/rss+xml' title='Comments' href='/comments/feed/'>\
             <link rel='alternate' type='application/json' href='/wp-json/x'><link rel=stylesheet href=x.css>\
             <link rel='alternate' type='application/rss+xml' title='A &amp; B' href='/feed/'>\
             <link rel='alternate' type='application/atom+xml' href='atom.xml'></head></html>",
            &[
                "https://a.test/feed/ A & B",
                "https://a.test/news/atom.xml -",
                "https://a.test/comments/feed/ Comments",
            ],
        );
    }

    #[test]
    fn links_count_if_no_feed_is_declared() {
        check_page(
            "<html><body><a href='/about'>About</a><a href='/rss.xml'>RSS</a><a href='javascript:x'>y</a></body></html>",
            &["https://a.test/rss.xml RSS"],
        );
        check_page("<html><body>nothing</body></html>", &[]);
    }

    #[test]
    fn feeds_are_recognised_by_their_content() {
        let rss = "<rss><channel><title>T</title><item><title>One</title></item></channel></rss>";
        let Delivery::Feed(feed) = read(rss, "text/html") else { panic!("no feed") };
        assert_eq!((feed.title.as_deref(), feed.articles.len()), (Some("T"), 1));
        let Delivery::Feed(feed) =
            read(&format!("Warning: line 3<br />\n<?xml version='1.0'?>{rss}"), "text/xml")
        else {
            panic!("no feed")
        };
        assert_eq!((feed.articles.len(), feed.warnings.len()), (1, 1));
        let json = r#"{"version":"https://jsonfeed.org/version/1.1","title":"J","home_page_url":"https://a.test/",
            "items":[{"id":"1","title":"One","content_text":"Body."}]}"#;
        let Delivery::Feed(feed) = read(json, "application/feed+json") else { panic!("no feed") };
        assert_eq!((feed.title.as_deref(), feed.site.as_deref()), (Some("J"), Some("https://a.test/")));
        assert_eq!((feed.articles.len(), feed.articles[0].source.as_str()), (1, "J"));
    }

    #[test]
    fn what_is_neither_is_named() {
        assert_eq!(read(" ", "text/xml"), Delivery::Neither("empty".to_owned()));
        assert_eq!(read("%PDF-1.4 x", "application/pdf"), Delivery::Neither("a PDF file".to_owned()));
        assert_eq!(
            read("just words", "text/plain"),
            Delivery::Neither("neither a feed nor a page".to_owned())
        );
        let list = "<opml><body><outline xmlUrl='https://a.test/feed'/></body></opml>";
        assert_eq!(read(list, "text/xml"), Delivery::Neither("a list of feeds (OPML)".to_owned()));
        assert_eq!(
            read("{\"items\": [", "application/json"),
            Delivery::Neither("JSON that is not a feed".to_owned())
        );
    }
}
