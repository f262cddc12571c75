//! Items of a server to articles of the library.
//!
//! In: the items that came together. Out: for each source a feed, made of a JSON Feed as any other feed is, so that texts,
//! dates, links and media are read in one way; and for each article the item that it is.

use super::Item;
use crate::article::Article;
use crate::formats::feed::{Earlier, Feed};
use crate::formats::{Delivery, Origin, read_delivery_again};
use crate::library::{Cancel, Error, Library};
use crate::query::{Filter, Names, Query, Term};
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// The guid of an item; the same whichever language the server was asked in.
pub fn guid(id: &str) -> String {
    format!("tag:google.com,2005:reader/item/{id}")
}

/// Reads the items of one source, which is called `name`.
pub fn feed(items: &[&Item], name: &str, site: Option<&str>, now: DateTime<Utc>) -> Feed {
    let feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": name,
        "home_page_url": site,
        "items": items.iter().map(|item| object(item)).collect::<Vec<_>>(),
    });
    let origin = Origin { path: None, source: name.to_owned(), time: now };
    let bytes = feed.to_string().into_bytes();
    let address = site.unwrap_or_default();
    let kind = Some("application/feed+json; charset=utf-8");
    match read_delivery_again(&bytes, kind, address, &origin, Earlier::NOTHING, usize::MAX) {
        Delivery::Feed(feed) => feed,
        // A JSON Feed is a feed.
        Delivery::Page(_) | Delivery::Neither(_) => Feed::default(),
    }
}

fn object(item: &Item) -> Value {
    let mut object = Map::new();
    let mut put = |name: &str, value: Value| _ = object.insert(name.to_owned(), value);
    put("id", guid(&item.id).into());
    put("title", item.title.clone().into());
    put("content_html", item.html.clone().into());
    if let Some(url) = &item.url {
        put("url", url.clone().into());
    }
    if let Some(author) = &item.author {
        put("authors", json!([{ "name": author }]));
    }
    let published = item.published.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    if let Some(published) = published.filter(|published| published.timestamp() > 0) {
        put("date_published", published.to_rfc3339_opts(SecondsFormat::Secs, true).into());
    }
    let media = item
        .media
        .iter()
        .map(|(url, kind, bytes)| json!({ "url": url, "mime_type": kind, "size_in_bytes": bytes }));
    put("attachments", media.collect());
    Value::Object(object)
}

/// The addresses of the articles that the library has of a source, with what they are recognised by: for a source that was
/// fetched before the account took it over.
pub fn known(library: &Library, source: &str) -> Result<HashMap<String, Option<String>>, Error> {
    let mut known = HashMap::new();
    // A name without a letter or digit cannot be asked for.
    let Some(names) = Names::one(source) else { return Ok(known) };
    let query = Query::everything().with(Filter::from(Term::Source(names)));
    library.each(
        &query,
        &mut |articles: Vec<Article>| {
            known.extend(articles.into_iter().filter_map(|article| Some((article.url?, article.guid))));
            Ok(())
        },
        &Cancel::new(),
    )?;
    Ok(known)
}
