//! Lists of links as pages: the bookmarks of a browser, in the form that Netscape gave them, as sources to follow; and the
//! exports of Pocket and Instapaper, each link of which is an article.

use super::draft::Draft;
use super::html::Tree;
use super::opml::{Subscription, Subscriptions};
use super::{Gathered, Origin, link, markup};
use crate::article::date;
use crate::text::{clean_line, clean_url};

/// Whether a text is the bookmarks of a browser.
pub(super) fn is_bookmarks(text: &str) -> bool {
    const START: &[u8] = b"<!doctype netscape-bookmark-file";
    text.trim_start().as_bytes().get(..START.len()).is_some_and(|start| start.eq_ignore_ascii_case(START))
}

/// The sources in bookmarks: the feed that a bookmark names, or else its address. Folders become tags.
pub(super) fn read(text: &str, origin: &Origin) -> Subscriptions {
    let mut found = Subscriptions::default();
    let mut folders: Vec<Option<String>> = Vec::new();
    let mut named = None;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        let after = rest.get(at + 1..).unwrap_or_default();
        let (tag, inner) = after.split_once('>').unwrap_or((after, ""));
        let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        let text = || {
            let text = inner.split('<').next().unwrap_or_default();
            clean_line(&markup::to_text(text).replace(',', " "))
        };
        match name.to_ascii_lowercase().as_str() {
            "h3" => named = Some(text()).filter(|name| !name.is_empty()),
            "dl" => folders.push(named.take()),
            "/dl" => drop(folders.pop()),
            "a" => {
                let address = attribute(tag, "feedurl").or_else(|| attribute(tag, "href"));
                if let Some(url) = address.as_deref().and_then(clean_url) {
                    let mut tags: Vec<String> = folders.iter().flatten().cloned().collect();
                    let own = attribute(tag, "tags").unwrap_or_default();
                    tags.extend(own.split(',').map(clean_line).filter(|tag| !tag.is_empty()));
                    tags.dedup();
                    let name = Some(text()).filter(|name| !name.is_empty() && *name != url);
                    if !found.feeds.iter().any(|feed| feed.url == url) {
                        found.feeds.push(Subscription { url, name, site: None, tags });
                    }
                }
            }
            _ => {}
        }
        rest = inner;
    }
    if found.feeds.is_empty() {
        found.warnings.push(origin.warning(None, "could not find an address in the bookmarks"));
    }
    found
}

/// The value of an attribute of a tag, in quotes.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let lower = tag.to_ascii_lowercase();
    let at = lower.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = tag.get(at..)?.split('"').next()?;
    Some(markup::to_text(value).into_owned())
}

/// Whether a text is what Pocket or Instapaper exported.
pub(super) fn is_export(text: &str) -> bool {
    let head: String = text.chars().take(600).collect::<String>().to_ascii_lowercase();
    head.contains("<title>pocket export") || head.contains("<title>instapaper: export")
}

/// Reads each link as an article. What lies below a heading of the archive has been read.
pub(super) fn read_export(text: &str, origin: &Origin, found: &mut Gathered) {
    let tree = Tree::page(text);
    let mut section = String::new();
    for element in tree.root().below() {
        if element.is("h1") {
            section = clean_line(&element.text());
        }
        let Some(url) =
            element.attribute("href").filter(|_| element.is("a")).and_then(|href| clean_url(&href))
        else {
            continue;
        };
        let time =
            element.attribute("time_added").and_then(|time| date::from_unix(time.trim().parse().ok()?));
        let tags = element.attribute("tags").unwrap_or_default();
        let text = clean_line(&element.text());
        let draft = Draft {
            title: if text.is_empty() { url.clone() } else { text },
            source: link::host(&url),
            url: Some(url),
            held: time,
            tags: tags.split(',').map(str::to_owned).collect(),
            read: section.to_ascii_lowercase().contains("archive"),
            starred: section.to_ascii_lowercase().contains("starred")
                || section.eq_ignore_ascii_case("liked"),
            ..Draft::default()
        };
        found.items.extend(draft.finish(origin, None, &mut found.warnings));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn origin() -> Origin {
        Origin { path: None, source: "saved".to_owned(), time: DateTime::UNIX_EPOCH }
    }

    #[test]
    fn bookmarks_are_sources() {
        let text = "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<META HTTP-EQUIV=\"Content-Type\"><TITLE>Bookmarks</TITLE>\n<H1>B</H1>\n\
            <DL><p>\n<DT><H3 ADD_DATE=\"1\">News</H3>\n<DL><p>\n\
            <DT><A HREF=\"https://example.org/\" ADD_DATE=\"1600322788\" TAGS=\"daily\">Town &amp; Country</A>\n\
            <DT><A FEEDURL=\"https://example.net/feed\" HREF=\"https://example.net/\">The Net</A>\n</DL><p>\n\
            <DT><A HREF=\"javascript:x()\">x</A>\n<DT><A HREF=\"https://example.com/\">Alone</A>\n</DL><p>\n";
        assert!(is_bookmarks(text));
        let found = read(text, &origin());
        let shown: Vec<String> = found
            .feeds
            .iter()
            .map(|feed| format!("{} {} {:?}", feed.url, feed.name.as_deref().unwrap_or("-"), feed.tags))
            .collect();
        assert_eq!(
            shown,
            [
                "https://example.org/ Town & Country [\"News\", \"daily\"]",
                "https://example.net/feed The Net [\"News\"]",
                "https://example.com/ Alone []",
            ]
        );
        assert!(read("<!DOCTYPE NETSCAPE-Bookmark-file-1><a", &origin()).warnings.len() == 1);
    }

    #[test]
    fn what_was_saved_for_later_is_articles() {
        let text = "<!DOCTYPE html><html><head><title>Pocket Export</title></head><body><h1>Unread</h1><ul>\
            <li><a href=\"https://example.org/1\" time_added=\"1600322788\" tags=\"water,news\">Dam holds</a></li></ul>\
            <h1>Read Archive</h1><ul><li><a href=\"https://example.org/2\" time_added=\"1600322789\" tags=\"\"></a></li></ul></body></html>";
        assert!(is_export(text));
        let mut found = Gathered::default();
        read_export(text, &origin(), &mut found);
        let first = found.items[0].state.clone().expect("a state");
        assert_eq!((first.read, first.tags), (false, vec!["water".to_owned(), "news".to_owned()]));
        assert!(found.items[1].state.clone().expect("a state").read);
        let articles: Vec<_> = found.items.into_iter().map(super::super::dating::Item::alone).collect();
        assert_eq!(articles[0].date().map(|day| day.to_string()).as_deref(), Some("2020-09-17"));
        assert_eq!(
            (articles[1].title.as_str(), articles[1].source.as_str()),
            ("https://example.org/2", "example.org")
        );
    }
}
