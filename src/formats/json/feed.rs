//! JSON Feed, versions 1 and 1.1, to articles.
//!
//! In comes the parsed object and the address that it was fetched from, if it was. Out come articles and warnings. See
//! <https://www.jsonfeed.org/version/1.1/>; feeds that write a number or an object where the format has a text are read,
//! too.

use super::super::draft::{Draft, Layout};
use super::super::media::{Beside, add};
use super::super::{html, link, markup, paragraphs};
use super::{Sink, fields, readers};
use crate::article::link::{LinkKind, Medium};
use crate::text::clean::scrub;
use serde_json::{Map, Value};

/// The most authors of an item that are named, and the most files of an item that are shown.
const AUTHOR_CAP: usize = 32;
const FILE_CAP: usize = 40;

/// Whether an object is such a feed.
pub(in crate::formats) fn is_feed(value: &Value) -> bool {
    let says = |name: &str, part: &str| {
        value.get(name).and_then(Value::as_str).is_some_and(|text| text.contains(part))
    };
    value.get("items").is_some_and(Value::is_array)
        && (says("version", "jsonfeed.org/version/") || says("feed_url", "://"))
}

/// The articles of a feed. `base` is its address, against which relative links are resolved.
pub(in crate::formats) fn read(feed: &Value, base: Option<&str>, sink: &mut Sink) {
    let text =
        |name: &str| feed.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty());
    let around = Around {
        base: base.or(text("feed_url")).or(text("home_page_url")),
        title: text("title"),
        author: feed.as_object().and_then(authors),
        language: text("language"),
    };
    for item in feed.get("items").and_then(Value::as_array).into_iter().flatten() {
        match item.as_object() {
            Some(item) => around.item(item, sink),
            None => {
                sink.warnings.push(sink.origin.warning(sink.line, "could not read an item: it is no object"));
            }
        }
    }
}

/// What the feed says of all its items.
struct Around<'f> {
    base: Option<&'f str>,
    title: Option<&'f str>,
    author: Option<String>,
    language: Option<&'f str>,
}

impl Around<'_> {
    fn item(&self, item: &Map<String, Value>, sink: &mut Sink) {
        let text = |name: &str| match item.get(name)? {
            Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        };
        let address = |name: &str| link::resolve(self.base, &text(name)?);
        let id = text("id");
        let external = address("external_url");
        let own = address("url").or_else(|| external.clone());
        let url = own.or_else(|| link::resolve(None, id.as_deref()?));
        let date = ["date_published", "date_modified"].map(|name| item.get(name));
        let published = date.iter().flatten().find_map(|value| fields::written(value));
        if let (None, Some(written)) = (published, text("date_published")) {
            let written: String = written.chars().take(60).collect();
            let message = format!("could not understand the date \"{written}\"");
            sink.warnings.push(sink.origin.warning(sink.line, &message));
        }
        let (mut body, mut layout) = self.body(item, url.as_deref());
        let beside = self.beside(item, external.filter(|external| Some(external) != url.as_ref()));
        if !beside.is_empty() {
            if layout == Layout::AsTyped {
                body = paragraphs::join(&scrub(&body)).to_string();
            }
            layout = Layout::Fixed;
            add(&mut body, &beside);
        }
        let mut tags = Vec::new();
        item.get("tags").into_iter().for_each(|value| fields::add_tags(value, &mut tags));
        let mut draft = Draft {
            title: text("title").map(|title| markup::to_text(&title).into_owned()).unwrap_or_default(),
            body,
            layout,
            guid: id,
            source: Some(sink.origin.source.clone())
                .filter(|source| !source.is_empty() && sink.origin.path.is_none())
                .or_else(|| self.title.map(str::to_owned))
                .or_else(|| link::host(url.as_deref()?)),
            author: authors(item).or_else(|| self.author.clone()),
            language: text("language").or_else(|| self.language.map(str::to_owned)),
            published,
            tags,
            url,
            ..Draft::default()
        };
        readers::mark(item, &mut draft);
        // An item with nothing but a link is still listed.
        if let (true, Some(url)) = (draft.title.is_empty() && draft.body.is_empty(), &draft.url) {
            draft.title.clone_from(url);
        }
        sink.items.extend(draft.finish(sink.origin, sink.line, sink.warnings));
    }

    /// The HTML of an item if it has some, or else its text, or else its summary.
    fn body(&self, item: &Map<String, Value>, own: Option<&str>) -> (String, Layout) {
        let text = |name: &str| item.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        if let Some(html) = text("content_html") {
            let (body, layout) = html::to_text_with_pictures(html, own.or(self.base), own);
            if !body.trim().is_empty() {
                return (body, layout);
            }
        }
        let plain = text("content_text").or(text("summary")).unwrap_or_default();
        (plain.trim().to_owned(), Layout::AsTyped)
    }

    /// The page that an item is about, its pictures and its files.
    fn beside(&self, item: &Map<String, Value>, external: Option<String>) -> Vec<Beside> {
        let mut beside: Vec<Beside> = external
            .map(|url| Beside::Page { words: "The page that this is about", url })
            .into_iter()
            .collect();
        let files = item.get("attachments").and_then(Value::as_array).into_iter().flatten().take(FILE_CAP);
        beside.extend(files.filter_map(|file| self.file(file)).map(Beside::Medium));
        let picture = ["image", "banner_image"]
            .iter()
            .find_map(|name| link::resolve(self.base, item.get(*name).and_then(Value::as_str)?));
        beside.extend(picture.map(|url| Beside::Medium(Medium::new(LinkKind::Picture, url))));
        beside
    }

    fn file(&self, file: &Value) -> Option<Medium> {
        let text = |name: &str| file.get(name).and_then(Value::as_str);
        let number = |name: &str| match file.get(name)? {
            Value::String(text) => text.trim().parse::<f64>().ok(),
            value => value.as_f64(),
        };
        let whole = |name: &str| number(name).filter(|number| *number >= 0.0).map(|number| number as u64);
        let url = link::resolve(self.base, text("url")?)?;
        let kind = text("mime_type").and_then(LinkKind::of_type).unwrap_or_else(|| LinkKind::of(&url));
        Some(Medium {
            seconds: whole("duration_in_seconds"),
            bytes: whole("size_in_bytes"),
            text: text("title").unwrap_or_default().to_owned(),
            ..Medium::new(kind, url)
        })
    }
}

/// The names of the authors of a feed or an item, in either version.
fn authors(object: &Map<String, Value>) -> Option<String> {
    let name = |author: &Value| {
        let name = author.as_str().or_else(|| author.get("name")?.as_str())?;
        Some(markup::to_text(name.trim()).into_owned()).filter(|name| !name.is_empty())
    };
    let listed = object.get("authors").and_then(Value::as_array).into_iter().flatten();
    let mut names: Vec<String> = Vec::new();
    for name in listed.filter_map(name).take(AUTHOR_CAP) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    match names.is_empty() {
        true => object.get("author").and_then(name),
        false => Some(names.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{Gathered, Origin};
    use super::*;
    use crate::article::Article;
    use chrono::DateTime;

    fn articles(items: &str) -> Vec<Article> {
        let feed = format!(
            r#"{{"version":"https://jsonfeed.org/version/1.1","title":"Quay notes","feed_url":"https://quay.example/f/feed.json",
            "authors":[{{"name":"Ana Petrova"}},{{"name":"Jo Berg"}}],"language":"en","items":[{items}]}}"#
        );
        let value: Value = serde_json::from_str(&feed).expect("JSON");
        assert!(is_feed(&value));
        let origin = Origin { path: None, source: "Quay notes".to_owned(), time: DateTime::UNIX_EPOCH };
        let mut found = Gathered::default();
        let mut sink =
            Sink { origin: &origin, line: None, items: &mut found.items, warnings: &mut found.warnings };
        read(&value, None, &mut sink);
        found.items.into_iter().map(|item| item.article).collect()
    }

    #[test]
    fn items_with_links_only_and_relative_addresses_are_kept() {
        let found = articles(
            r#"{"id":"1","url":"/1.html","content_text":"One."},{"id":"2","external_url":"https://news.example/2"},
            {"id":3,"url":"https://quay.example/3"},{"id":"https://quay.example/4","title":"Four"},7"#,
        );
        let told: Vec<(&str, Option<&str>)> =
            found.iter().map(|article| (article.title.as_str(), article.url.as_deref())).collect();
        assert_eq!(
            told,
            [
                ("", Some("https://quay.example/1.html")),
                ("https://news.example/2", Some("https://news.example/2")),
                ("https://quay.example/3", Some("https://quay.example/3")),
                ("Four", Some("https://quay.example/4")),
            ]
        );
        assert_eq!(found[2].guid.as_deref(), Some("3"));
        assert_eq!(found[0].author.as_deref(), Some("Ana Petrova, Jo Berg"));
    }

    #[test]
    fn what_an_item_is_about_and_its_files_are_among_its_links() {
        let found = articles(
            r#"{"id":"1","url":"/1","external_url":"https://news.example/ports","title":"T","author":{"name":"Lee"},
            "content_html":"<p>Read <a href='https://a.example/'>this</a>.</p>","image":"/quay.jpg",
            "attachments":[{"url":"/p.mp3","mime_type":"audio/mpeg","size_in_bytes":43210987,"duration_in_seconds":2832}]}"#,
        );
        assert_eq!(
            found[0].body,
            "Read this [1].\n\nThe page that this is about [2]\n\n[sound 47:12, 43 MB] [3]\n\n[picture] [4]\n\n\
             [1] https://a.example/\n[2] https://news.example/ports\n[3] https://quay.example/p.mp3\n[4] https://quay.example/quay.jpg"
        );
        assert_eq!(found[0].author.as_deref(), Some("Lee"));
    }

    #[test]
    fn plain_text_is_plain() {
        let found = articles(r#"{"id":"1","content_text":"Use <b> for bold & more."}"#);
        assert_eq!(found[0].body, "Use <b> for bold & more.");
    }
}
