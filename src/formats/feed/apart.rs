//! What several items of one delivery have in common tells none of them apart: a guid or an address that comes again with
//! another title is no identity. Such items are told apart by their addresses, else by their titles and dates.

use super::names::Names;
use super::seen::fingerprint;
use crate::article::Article;
use crate::formats::dating::Item;
use crate::formats::xml::Element;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

/// The most guids, and the most addresses, of a delivery that are compared; a feed with more is a flood.
const CAP: usize = 50_000;

/// The guids and addresses that items with different titles or addresses have in common.
#[derive(Default)]
pub(in crate::formats) struct Common {
    guids: Told,
    addresses: Told,
}

/// By the hash of a guid or an address: the hash of what the first item with it is, and those that others have, too.
#[derive(Default)]
struct Told {
    first: HashMap<u64, u64>,
    common: HashSet<u64>,
}

impl Told {
    fn take(&mut self, name: &str, what: &[&str]) {
        let (name, what) = (fingerprint(&[name]), fingerprint(what));
        let full = self.first.len() >= CAP;
        match self.first.entry(name) {
            Entry::Occupied(first) if *first.get() != what => _ = self.common.insert(name),
            Entry::Occupied(_) => {}
            Entry::Vacant(place) if !full => _ = place.insert(what),
            Entry::Vacant(_) => {}
        }
    }

    fn has(&self, name: &str) -> bool {
        !self.common.is_empty() && self.common.contains(&fingerprint(&[name]))
    }
}

/// What of an item is that of others, too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::formats) struct Shared {
    guid: bool,
    address: bool,
}

/// The guid, the address and the title of an item as they are written; empty where there are none.
type Written = [String; 3];

fn written(names: &Names, item: Element) -> Written {
    let [mut guid, mut address, mut title] = [const { None }; 3];
    for child in item.elements() {
        let into = match &*names.plain(child) {
            "guid" | "id" => &mut guid,
            "link" => &mut address,
            "title" => &mut title,
            _ => continue,
        };
        if into.is_none() {
            let text: String = child.attribute("href").map_or_else(|| child.text(), Into::into);
            *into = Some(text.trim().to_owned());
        }
    }
    let guid = guid.or_else(|| item.attribute("rdf:about").map(Into::into));
    [guid, address, title].map(Option::unwrap_or_default)
}

fn read(article: &Article) -> Written {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    [text(&article.guid), text(&article.url), article.title.clone()]
}

impl Common {
    /// Takes an item of a feed as it is written.
    pub(super) fn take(&mut self, names: &Names, item: Element) {
        self.take_names(&written(names, item));
    }

    fn take_names(&mut self, [guid, address, title]: &Written) {
        if !guid.is_empty() {
            self.guids.take(guid, &[address, title]);
        }
        if !address.is_empty() {
            self.addresses.take(address, &[title]);
        }
    }

    /// What an item has in common with others of those that were taken.
    pub(super) fn shared(&self, names: &Names, item: Element) -> Shared {
        if self.guids.common.is_empty() && self.addresses.common.is_empty() {
            return Shared::default();
        }
        self.of_names(&written(names, item))
    }

    fn of_names(&self, [guid, address, _]: &Written) -> Shared {
        Shared { guid: self.guids.has(guid), address: self.addresses.has(address) }
    }

    /// Tells the items of a delivery apart that have been read as a whole.
    pub(in crate::formats) fn settle(items: &mut [Item]) {
        let mut common = Common::default();
        items.iter().for_each(|item| common.take_names(&read(&item.article)));
        for Item { article, .. } in items {
            common.of_names(&read(article)).tell_apart(article);
        }
    }
}

impl Shared {
    /// Gives an article whose guid, or whose address where it has no guid, is that of others too a guid of its own.
    pub(super) fn tell_apart(self, article: &mut Article) {
        let address = article.url.as_deref().filter(|_| !self.address);
        let name = match (&article.guid, &article.url) {
            (Some(guid), _) if self.guid => guid,
            (None, Some(url)) if self.address => url,
            _ => return,
        };
        let day = article.published.map(|published| published.timestamp().to_string()).unwrap_or_default();
        article.guid = Some(match address {
            Some(address) => format!("{name} {address}"),
            None => format!("{name} {} {day}", article.title).trim_end().to_owned(),
        });
    }
}

#[cfg(test)]
mod tests {
    use crate::formats::{Origin, feed};
    use chrono::DateTime;

    fn guids(items: &str) -> Vec<Option<String>> {
        let origin = Origin { path: None, source: "T".to_owned(), time: DateTime::UNIX_EPOCH };
        let text = format!("<rss><channel><title>T</title>{items}</channel></rss>");
        let feed = feed::read(&text, Some("https://a.test/feed"), &origin);
        feed.articles.into_iter().map(|article| article.guid).collect()
    }

    #[test]
    fn a_guid_of_several_items_is_told_apart_by_the_address() {
        let item = |n: u32| {
            format!("<item><guid isPermaLink='false'>7</guid><title>One {n}</title><link>/{n}</link></item>")
        };
        let expected = |n: u32| Some(format!("7 https://a.test/{n}"));
        assert_eq!(guids(&format!("{}{}", item(1), item(2))), [expected(1), expected(2)]);
        // The same item twice is one article.
        assert_eq!(guids(&format!("{}{}", item(1), item(1))), [Some("7".to_owned()), Some("7".to_owned())]);
    }

    #[test]
    fn where_the_address_is_common_too_the_title_and_the_date_tell() {
        let item = |title: &str| {
            format!(
                "<item><guid isPermaLink='false'>7</guid><title>{title}</title><link>https://a.test/</link>\
                 <pubDate>Thu, 01 Jan 1970 00:01:00 GMT</pubDate></item>"
            )
        };
        let expected = ["7 One 60", "7 Two 60"].map(|guid| Some(guid.to_owned()));
        assert_eq!(guids(&format!("{}{}", item("One"), item("Two"))), expected);
        let without =
            |title: &str| format!("<item><title>{title}</title><link>https://a.test/</link></item>");
        let expected = ["https://a.test/ One", "https://a.test/ Two"].map(|guid| Some(guid.to_owned()));
        assert_eq!(guids(&format!("{}{}", without("One"), without("Two"))), expected);
        assert_eq!(guids(&without("One")), [None]);
    }
}
