//! Bytes to articles: plain text, Markdown, JSON and JSON Lines, feeds and saved pages, recognised by their content;
//! and lists of feeds.
//!
//! In come the bytes of one file and what is known about them ([`Origin`]). Out come articles, clean and complete, and
//! warnings with their places; bad input is never an error. Nothing here accesses the disk, the network or the clock.
//!
//! [`Format`] is the table of what is read. A new format is one file and one row of it. What is recognised and not read
//! is the table of `other`.

mod agency;
mod bookmarks;
mod collections;
mod databases;
mod dating;
mod delivery;
mod draft;
mod edition;
mod epub;
pub mod exported;
pub mod feed;
mod format;
mod head;
mod html;
mod json;
mod link;
mod mail;
mod markdown;
mod markup;
mod media;
mod newest;
pub mod newsboat;
pub mod newsboat_config;
pub mod opml;
mod other;
mod page;
mod paragraphs;
mod plain;
mod records;
mod stores;
mod stream;
mod table;
mod warc;
mod warning;
mod xml;
mod zipped;

#[cfg(feature = "train")]
pub use delivery::read_delivery;
pub use delivery::{Delivery, Offer, OfferOf, read_delivery_again};
pub use edition::{edition, is_sample, plain_source};
pub use format::{Format, Holds};
#[cfg(feature = "train")]
pub(crate) use markup::references_once;
pub use markup::to_text as without_markup;
pub use media::keep as keep_media;
pub use stream::Stream;
pub use warning::Warning;

use crate::article::Article;
use crate::text::charset::{self, NotText};
use crate::text::clean_line;
use chrono::{DateTime, Utc};

/// Articles and warnings, both in the order of the text.
type Found = (Vec<Article>, Vec<Warning>);

/// What a format gathers from a text: the articles, some of whose dates depend on one another, and warnings.
#[derive(Default)]
struct Gathered {
    items: Vec<dating::Item>,
    warnings: Vec<Warning>,
}

/// What a person has done with an article, as `export` writes it with the article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadingState {
    pub read: bool,
    pub starred: bool,
    pub tags: Vec<String>,
    /// Where the person stopped reading, as a byte offset in the body.
    pub position: u32,
}

/// What is known about some bytes from elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file as the person named it, as `text::path` writes it; `None` for standard input and the network.
    pub path: Option<String>,
    /// The source of articles that do not name one: the name of a folder, of a file without its extension, or of a feed.
    pub source: String,
    /// When the file was last changed; now, for what comes from the network or from standard input.
    pub time: DateTime<Utc>,
}

impl Origin {
    fn warning(&self, line: Option<u64>, message: &str) -> Warning {
        Warning::new(self.place(), line, message)
    }

    /// What a warning calls the file.
    fn place(&self) -> &str {
        self.path.as_deref().unwrap_or("standard input")
    }

    /// The name of the source; one clean line, never empty.
    fn source_name(&self) -> String {
        let name = clean_line(&self.source);
        if name.is_empty() { "unnamed source".to_owned() } else { name }
    }
}

/// The names of fields that are understood in JSON and in tables, as a table in Markdown.
pub fn field_table() -> String {
    json::fields::table()
}

/// The articles in a whole file, in its order, and warnings about what could not be read.
pub fn read(bytes: &[u8], origin: &Origin) -> Found {
    let mut stream = Stream::new(origin.clone());
    let mut found = stream.push(bytes);
    let rest = stream.finish();
    found.0.extend(rest.0);
    found.1.extend(rest.1);
    found
}

/// The article of a page from the network. `charset` is the character set that the server names, and `url` the address
/// of the page after all redirections. `Err` says what the bytes are instead of a page with text.
pub fn read_page(bytes: &[u8], charset: Option<&str>, url: &str, origin: &Origin) -> Result<Article, String> {
    let text = charset::decode(bytes, charset).map_err(|NotText(what)| what.to_owned())?.text;
    read_page_text(&text, url, origin)
}

/// The article of a page of plain text, whose empty lines separate its paragraphs.
pub fn read_plain_page(
    bytes: &[u8],
    charset: Option<&str>,
    url: &str,
    origin: &Origin,
) -> Result<Article, String> {
    let text = charset::decode(bytes, charset).map_err(|NotText(what)| what.to_owned())?.text;
    if page::is_page(&text) {
        return read_page_text(&text, url, origin);
    }
    let draft =
        draft::Draft { body: text.into_owned(), url: Some(url.to_owned()), ..draft::Draft::default() };
    let item = draft.finish(origin, None, &mut Vec::new());
    item.map(dating::Item::alone).ok_or_else(|| "a page without text".to_owned())
}

/// The address to which a page sends its reader at once (`<meta http-equiv="refresh">`).
pub fn page_refresh(bytes: &[u8], charset: Option<&str>, url: &str) -> Option<String> {
    let text = charset::decode(bytes, charset).ok()?.text;
    page::refresh(&text, url)
}

fn read_page_text(text: &str, url: &str, origin: &Origin) -> Result<Article, String> {
    // An article could be made of a feed or of JSON too, out of all their items.
    match Format::of(text) {
        Format::Page | Format::Plain | Format::Markdown => {}
        Format::Feed => return Err("a feed, not a page".to_owned()),
        format => return Err(format!("{}, not a page", format.name())),
    }
    let mut draft = page::read(text, Some(url));
    if draft.body.trim().is_empty() {
        return Err("a page without text; it may need a browser that runs scripts".to_owned());
    }
    draft.url.get_or_insert_with(|| url.to_owned());
    let item = draft.finish(origin, None, &mut Vec::new());
    item.map(dating::Item::alone).ok_or_else(|| "a page without text".to_owned())
}

#[cfg(test)]
mod tests;
