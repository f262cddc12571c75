//! The formats that are read, as one table: how each is recognised by the beginning of a text, and how it is read.
//!
//! A text has exactly one format, the first of the table that recognises it ([`Format::of`]). Files, addresses and
//! the command line all ask here. A new format is one file and one row.
//!
//! The order decides where two would do. A feed comes before a page, as some feeds begin with `<!DOCTYPE html>`; a
//! list of feeds comes before both but is known by its first element alone, so that a feed may mention OPML. JSON Lines
//! come before JSON, as each of their lines is JSON. Plain text comes last and recognises everything.

use super::{Gathered, Origin, feed, json, markdown, opml, page, plain};

/// One row of the table.
struct Row {
    format: Format,
    name: &'static str,
    holds: Holds,
    recognised: &'static str,
    /// Whether a decoded text, with its byte order mark removed, has the format.
    is: fn(&str) -> bool,
    /// The articles of a text that has the format.
    read: fn(&str, &Origin, &mut Gathered),
}

/// What a file of a format holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holds {
    /// One article.
    Article,
    /// Any number of articles.
    Articles,
    /// Addresses of feeds to follow; no articles.
    Feeds,
}

macro_rules! formats {
    ($($(#[$doc:meta])* $format:ident: $name:literal, $holds:ident, $recognised:literal, $is:expr, $read:expr;)+) => {
        /// The format of a text.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Format { $($(#[$doc])* $format),+ }

        /// In the order in which the formats are tried.
        static TABLE: &[Row] = &[$(Row {
            format: Format::$format,
            name: $name,
            holds: Holds::$holds,
            recognised: $recognised,
            is: $is,
            read: $read,
        }),+];
    };
}

formats! {
    /// One JSON value a line. It is the only format that is read before the end of the file has come.
    JsonLines: "JSON Lines", Articles, "the first line, or the second, is a JSON object or array",
        json::lines::is_lines, json::lines::read;
    Json: "JSON", Articles, "it begins with an object or an array: JSON Feed, answers of APIs, dumps",
        json::is_json, json::read;
    Opml: "OPML", Feeds, "the first element is <opml>", opml::is_opml, opml::refuse;
    Feed: "RSS or Atom", Articles, "the first element is <rss>, <feed>, <rdf:RDF> or <channel>",
        feed::is_feed, feed::read_file;
    Page: "HTML page", Article, "it begins with <!DOCTYPE html>, <html>, <head> or <body>",
        page::is_page, page::read_file;
    /// newsboat's `urls` file.
    Urls: "newsboat's urls", Feeds, "every line begins with an address or a query", opml::is_newsboat, opml::refuse;
    Markdown: "Markdown", Article, "it begins with front matter between lines of --- or +++",
        markdown::has_front_matter, markdown::read_file;
    Plain: "plain text", Article, "anything else: a title, perhaps a date and an author, then the body",
        |_| true, plain::read_file;
}

impl Format {
    /// The format of a decoded text.
    pub fn of(text: &str) -> Format {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        TABLE.iter().find(|row| (row.is)(text)).map_or(Format::Plain, |row| row.format)
    }

    /// All formats, in the order in which they are tried.
    pub fn all() -> impl Iterator<Item = Format> {
        TABLE.iter().map(|row| row.format)
    }

    /// What people call it: `JSON Lines`.
    pub fn name(self) -> &'static str {
        self.row().map_or("", |row| row.name)
    }

    /// How a text is recognised as having it: the rest of a sentence.
    pub fn recognised(self) -> &'static str {
        self.row().map_or("", |row| row.recognised)
    }

    pub fn holds(self) -> Holds {
        self.row().map_or(Holds::Article, |row| row.holds)
    }

    /// Reads a text that has this format.
    pub(super) fn read(self, text: &str, origin: &Origin, found: &mut Gathered) {
        if let Some(row) = self.row() {
            (row.read)(text.strip_prefix('\u{feff}').unwrap_or(text), origin, found);
        }
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.get(self as usize)
    }
}

/// What the first element of a text is called, in lower case and without its prefix, and the text from its name on.
/// Comments, processing instructions and document types before it are skipped. `None` if the text begins with anything
/// else.
pub(super) fn first_element(text: &str) -> Option<(String, &str)> {
    let mut rest = text.trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n']);
    // A few comments and declarations may come first.
    for _ in 0..20 {
        let after = match rest.strip_prefix("<!--") {
            Some(comment) => comment.split_once("-->").map(|(_, after)| after),
            None if rest.starts_with("<?") || rest.starts_with("<!") => {
                rest.split_once('>').map(|(_, after)| after)
            }
            None => None,
        };
        match after {
            Some(after) => rest = after.trim_start(),
            None => break,
        }
    }
    let rest = rest.strip_prefix('<')?;
    let end = rest.bytes().take(64).position(|b| b.is_ascii_whitespace() || matches!(b, b'>' | b'/'));
    let name = rest.get(..end.unwrap_or(rest.len().min(64)))?;
    Some((name.rsplit(':').next().unwrap_or_default().to_ascii_lowercase(), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Format) {
        assert_eq!(Format::of(text), expected, "{text:?}");
    }

    #[test]
    fn the_table_is_in_the_order_of_the_formats() {
        for format in Format::all() {
            assert_eq!(format.row().map(|row| row.format), Some(format));
            assert!(!format.name().is_empty() && !format.recognised().is_empty());
        }
    }

    #[test]
    fn formats_by_their_first_bytes() {
        check("{\"title\":\"One\"}\n{\"title\":\"Two\"}\n", Format::JsonLines);
        check("{\"title\":\"One\", oops\n{\"title\":\"Two\"}\n", Format::JsonLines);
        check("[\n  {\"title\":\"One\"},\n  {\"title\":\"Two\"}\n]\n", Format::Json);
        check("{\n\"items\": []\n}", Format::Json);
        check("<?xml version='1.0'?><!-- x --><opml><body/></opml>", Format::Opml);
        check("<?xml version='1.0'?><rss><channel/></rss>", Format::Feed);
        check("<atom:feed xmlns:atom='x'>", Format::Feed);
        check("\u{feff}<!DOCTYPE html><html>", Format::Page);
        check("<!-- saved --><body>", Format::Page);
        check("https://a.example/feed\nhttps://b.example/feed news\n", Format::Urls);
        check("---\ntitle: One\n---\nA.", Format::Markdown);
        check("One\n2022-01-03\nA.", Format::Plain);
        check("", Format::Plain);
        check("[Update] One\n2022-01-03\nA.", Format::Plain);
    }

    /// Files and addresses used to ask in different orders; these are the texts on which they did not agree.
    #[test]
    fn texts_that_two_formats_would_take() {
        // A feed with a document type of HTML is a feed.
        check("<!DOCTYPE html><rss><channel><title>A</title></channel></rss>", Format::Feed);
        // A feed that mentions OPML is no list of feeds.
        check("<rss><channel><title>About <![CDATA[<opml>]]></title></channel></rss>", Format::Feed);
        // A page whose text shows a feed is a page.
        check("<!DOCTYPE html><html><body><pre><rss><channel></pre>", Format::Page);
        // An article may have its address on the first line; a list has nothing but addresses.
        check("https://a.example/1\nBridge falls\nIt fell.", Format::Plain);
        // XHTML is a page, not XML of another kind.
        check("<?xml version='1.0'?><!DOCTYPE html PUBLIC 'x' 'y'><html>", Format::Page);
    }
}
