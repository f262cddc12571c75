//! The names of a feed's elements, independent of the prefixes that the feed uses.

use super::super::xml::{Element, declared};
use std::borrow::Cow;
use std::collections::HashMap;

/// The prefixes as this feed declares them.
#[derive(Debug)]
pub(super) struct Names {
    known: HashMap<String, &'static str>,
}

/// A part of the address of a namespace, and the prefix that its names have here.
const SPACES: [(&str, &str); 14] = [
    ("purl.org/dc/elements", "dc:"),
    ("purl.org/dc/terms", "dcterms:"),
    ("purl.org/rss/1.0/modules/content", "content:"),
    ("purl.org/rss/1.0/modules/", "other:"),
    ("search.yahoo.com/mrss", "media:"),
    ("www.itunes.com/dtds/podcast", "itunes:"),
    ("rssnamespace.org/feedburner", "feedburner:"),
    ("podcastindex", "podcast:"),
    ("podlove.org/simple-chapters", "psc:"),
    ("www.w3.org/1999/xhtml", "xhtml:"),
    ("www.w3.org/2005/atom", ""),
    ("purl.org/atom/", ""),
    ("purl.org/rss/1.0/", ""),
    ("backend.userland.com/rss", ""),
];

/// Prefixes that feeds use without declaring them.
const USUAL: [&str; 11] = [
    "dc:",
    "dcterms:",
    "content:",
    "media:",
    "itunes:",
    "feedburner:",
    "xhtml:",
    "thr:",
    "slash:",
    "podcast:",
    "psc:",
];

/// The most prefixes that are remembered. Feeds declare about ten.
const PREFIX_CAP: usize = 256;

impl Names {
    /// The prefixes that a text declares, anywhere in it.
    pub(super) fn of(text: &str) -> Names {
        let mut known = HashMap::new();
        for (name, value) in declared(text) {
            if known.len() >= PREFIX_CAP {
                break;
            }
            let Some(prefix) = name.strip_prefix("xmlns:") else { continue };
            let space = value.to_ascii_lowercase();
            if let Some((_, plain)) = SPACES.iter().find(|(address, _)| space.contains(address)) {
                known.entry(prefix.to_ascii_lowercase()).or_insert(*plain);
            }
        }
        Names { known }
    }

    /// The name by which an element is known here: `title`, `dc:creator`, `content:encoded`.
    pub(super) fn plain<'s>(&self, element: Element<'s, '_>) -> Cow<'s, str> {
        self.plain_name(element.name())
    }

    /// Whether an element of this name, in lower case, is an item of the feed.
    pub(super) fn is_item(&self, name: &str) -> bool {
        matches!(&*self.plain_name(name), "item" | "entry")
    }

    /// HTML without the prefixes that this feed has for XHTML: `<a>` for `<h:a>`.
    pub(super) fn without_prefixes<'t>(&self, html: &'t str) -> Cow<'t, str> {
        let declared =
            self.known.iter().filter(|(_, plain)| **plain == "xhtml:").map(|(prefix, _)| prefix.as_str());
        let mut html = Cow::Borrowed(html);
        for prefix in declared.chain(["xhtml"]) {
            for mark in ["<", "</"] {
                let named = format!("{mark}{prefix}:");
                if html.contains(&named) {
                    html = html.replace(&named, mark).into();
                }
            }
        }
        html
    }

    fn plain_name<'s>(&self, name: &'s str) -> Cow<'s, str> {
        let Some((prefix, local)) = name.split_once(':') else { return name.into() };
        match self.known.get(prefix) {
            Some(plain) => format!("{plain}{local}").into(),
            None if USUAL.iter().any(|usual| usual.strip_suffix(':') == Some(prefix)) => name.into(),
            None if matches!(prefix, "rss" | "atom" | "rdf" | "feed" | "a") => local.into(),
            None => name.into(),
        }
    }
}
