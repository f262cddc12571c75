//! Bytes to articles: plain text, Markdown, JSON and JSON Lines, feeds and saved pages, told apart by
//! what is in them; and lists of feeds.
//!
//! In come the bytes of one file and what is known of it ([`Origin`]). Out come articles, clean and
//! complete, and warnings with their places; bad input is never an error. Nothing here touches a
//! disk, the net or the clock.

mod delivery;
mod draft;
mod edition;
pub mod feed;
mod html;
mod json;
mod link;
mod markdown;
mod markup;
pub mod newsboat;
pub mod opml;
mod page;
mod paragraphs;
mod plain;
mod soup;
mod stream;
mod warning;

pub use delivery::{Delivery, Offer, OfferOf, read_delivery, read_delivery_again};
pub use edition::edition;
#[cfg(feature = "train")]
pub(crate) use markup::references_once;
pub use stream::Stream;
pub use warning::Warning;

use crate::article::Article;
use crate::text::charset::{NotText, decode_declared};
use crate::text::clean_line;
use chrono::{DateTime, Utc};

/// What a person did with an article, as `export` writes it beside the article.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    pub read: bool,
    pub starred: bool,
    pub tags: Vec<String>,
    /// Where reading stopped, as a byte of the body.
    pub position: u32,
}

/// What is known of some bytes beside the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The file as the person named it; `None` for standard input and the net.
    pub path: Option<String>,
    /// The name of the source of articles that name none: a folder's name, a file's stem, a feed's title.
    pub source: String,
    /// When articles without a date were published: the file's modification time, or now.
    pub published: DateTime<Utc>,
}

impl Origin {
    fn warning(&self, line: Option<u64>, message: &str) -> Warning {
        Warning::new(self.path.as_deref().unwrap_or("standard input"), line, message)
    }

    /// The name of the source, clean and never empty.
    fn source_name(&self) -> String {
        let name = clean_line(&self.source);
        if name.is_empty() { "unnamed source".to_owned() } else { name }
    }
}

/// The articles in the whole of a file, in its order, and what could not be read.
pub fn read(bytes: &[u8], origin: &Origin) -> (Vec<Article>, Vec<Warning>) {
    let mut stream = Stream::new(origin.clone());
    let mut found = stream.push(bytes);
    let rest = stream.finish();
    found.0.extend(rest.0);
    found.1.extend(rest.1);
    found
}

/// The article of a page from the net: `bytes` as they came, `charset` as the server named it, and `url`,
/// where the page was found at last. `Err` says what the bytes are instead of a page with text.
pub fn read_page(bytes: &[u8], charset: Option<&str>, url: &str, origin: &Origin) -> Result<Article, String> {
    let text = decode_declared(bytes, charset).map_err(|NotText(what)| what.to_owned())?;
    // Of a feed a page could be made too: of all its articles.
    if feed::is_feed(&text) {
        return Err("no page but a feed".to_owned());
    }
    let mut draft = page::read(&text, Some(url));
    if draft.body.trim().is_empty() {
        return Err("a page without text; it may need a browser that runs scripts".to_owned());
    }
    draft.url.get_or_insert_with(|| url.to_owned());
    draft.finish(origin, None, &mut Vec::new()).ok_or_else(|| "a page without text".to_owned())
}

#[cfg(test)]
mod tests;
