//! The formats that are read, as one table: how each is recognised by the beginning of a file, and how it is read.
//!
//! A file has exactly one format, the first of the table that recognises it ([`Format::of_head`]). Files, addresses and
//! the command line all ask here. A new format is one file and one row. What is recognised and not read is in the
//! table of `other`.
//!
//! The order decides where two would do. A feed comes before a page, as some feeds begin with `<!DOCTYPE html>`; a
//! list of feeds comes before both but is known by its first element alone, so that a feed may mention OPML. JSON Lines
//! come before JSON, as each of their lines is JSON. Plain text comes last; it takes all that looks like prose.

use super::agency::{newsml, nitf, reuters, ritzau, telegram};
use super::collections::{mediawiki, tei, zotero};
use super::databases::{docx, europresse, factiva, nexis, proquest, rtf};
use super::head::Head;
use super::other::{self, Other};
use super::records::Records;
use super::{
    Gathered, Origin, bookmarks, epub, exported, feed, json, mail, markdown, opml, page, plain, stores,
    table, warc, xml,
};

/// One row of the table.
struct Row {
    format: Format,
    name: &'static str,
    holds: Holds,
    recognised: &'static str,
    /// Whether a file that begins so has the format.
    is: fn(&Head) -> bool,
    reading: Reading,
}

/// How the articles of a file are read.
#[derive(Clone, Copy)]
pub(super) enum Reading {
    /// From its whole text, decoded, without a byte order mark.
    Text(fn(&str, &Origin, &mut Gathered)),
    /// From all of its bytes.
    Bytes(fn(&[u8], &Origin, &mut Gathered)),
    /// From its bytes as they come. Memory does not grow with the file.
    Records(fn(&Origin) -> Box<dyn Records>),
}

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Read(Format),
    /// Something that is recognised and not read.
    Other(&'static Other),
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
    ($($(#[$doc:meta])* $format:ident: $name:literal, $holds:ident, $recognised:literal, $is:expr, $reading:ident($read:expr);)+) => {
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
            reading: Reading::$reading($read),
        }),+];
    };
}

formats! {
    /// What `dateline export --format csv` writes. What its texts look like makes no difference, so it comes first.
    ExportedTable: "dateline's table", Articles, "its first line names the columns that dateline export --format csv writes",
        |head| exported::table::delimiter(head.text()).is_some(), Records(table::csv::records);
    /// What `dateline export --format html` writes.
    ExportedPage: "dateline's page", Articles, "a page that dateline export --format html wrote",
        |head| exported::page::is_page(head.text()), Records(exported::page::records);
    Docx: "Word document", Articles, "a ZIP archive with word/document.xml: an export of Nexis Uni, or one article",
        |head| head.has_member(docx::TEXT), Bytes(docx::read);
    Epub: "EPUB", Articles, "a ZIP archive with META-INF/container.xml", |head| head.has_member(epub::CONTAINER), Bytes(epub::read);
    /// The SQLite file of newsboat, FreshRSS, Liferea, RSS Guard, QuiteRSS or NetNewsWire.
    Store: "reader's store", Articles, "an SQLite file of newsboat, FreshRSS, Liferea, RSS Guard, QuiteRSS or NetNewsWire",
        |head| stores::is_sqlite(head.bytes()), Bytes(stores::read);
    Mbox: "mbox", Articles, "it begins with a line From, then headers", |head| mail::is_mbox(head.bytes()), Records(mail::records);
    Warc: "WARC", Articles, "it begins with WARC/", |head| warc::is_warc(head.bytes()), Records(warc::records);
    Arc: "ARC", Articles, "it begins with filedesc://", |head| warc::is_arc(head.bytes()), Records(warc::arc_records);
    /// A message of mail, also one that holds a saved page (MHTML).
    Mail: "mail", Article, "it begins with headers such as From:, Subject: and Message-ID:",
        |head| mail::is_message(head.bytes()), Bytes(mail::read);
    /// One JSON value a line.
    JsonLines: "JSON Lines", Articles, "the first line, or the second, is a JSON object or array",
        |head| json::lines::is_lines(head.text()), Records(json::lines::records);
    Json: "JSON", Articles, "it begins with an object or an array: JSON Feed, answers of APIs, dumps",
        |head| json::is_json(head.text()), Text(json::read);
    Opml: "OPML", Feeds, "the first element is <opml>", |head| opml::is_opml(head.text()), Text(opml::refuse);
    Nitf: "NITF", Articles, "the first element is <nitf>", |head| nitf::is_nitf(head.text()), Text(nitf::read);
    /// Reuters' collection of 1996 and 1997, one item a file.
    Rcv1: "RCV1", Articles, "the first element is <newsitem> with an itemid",
        |head| reuters::is_rcv1(head.text()), Text(reuters::read_rcv1);
    NewsMlG2: "NewsML-G2", Articles, "the first element is <newsMessage>, <newsItem> or <packageItem>",
        |head| newsml::is_g2(head.text()), Text(newsml::read_g2);
    NewsMl: "NewsML 1", Articles, "the first element is <NewsML>",
        |head| newsml::is_newsml1(head.text()), Text(newsml::read_1);
    /// Reuters' collection of 1987, a thousand items a file.
    Reuters: "Reuters-21578", Articles, "the first element is <REUTERS>",
        |head| reuters::is_sgml(head.text()), Text(reuters::read_sgml);
    Ritzau: "Ritzau", Articles, "elements <RBNews>", |head| ritzau::is_ritzau(head.text()), Text(ritzau::read);
    FactivaXml: "Factiva, XML", Articles, "the first element is <article> or <ppsArticle>, with <leadParagraph> in it",
        |head| factiva::is_xml(head.text()), Text(factiva::read_xml);
    MediaWiki: "MediaWiki dump", Articles, "the first element is <mediawiki>",
        |head| mediawiki::is_dump(head.text()), Records(mediawiki::records);
    Tei: "TEI", Articles, "the first element is <TEI> or <teiCorpus>", |head| tei::is_tei(head.text()), Text(tei::read_tei);
    Trafilatura: "trafilatura, XML", Articles, "elements <doc> with <main> in them",
        |head| tei::is_doc(head.text()), Text(tei::read_doc);
    Zotero: "Zotero RDF", Articles, "the first element is <rdf:RDF> and Zotero's namespace is declared",
        |head| zotero::is_zotero(head.text()), Text(zotero::read);
    NexisPage: "Nexis, HTML", Articles, "a page with <DOC NUMBER=",
        |head| nexis::is_html(head.text()), Text(nexis::read_html);
    FactivaPage: "Factiva, HTML", Articles, "a page with elements whose id begins with article-, or with rows of HD, SN and PD",
        |head| factiva::is_html(head.text()), Text(factiva::read_html);
    Europresse: "Europresse, HTML", Articles, "a page with elements of the class DocPublicationName",
        |head| europresse::is_html(head.text()), Text(europresse::read);
    ProQuestPage: "ProQuest, HTML", Articles, "a page with anchors whose name begins with DocID_, and with the name ProQuest",
        |head| proquest::is_html(head.text()), Text(proquest::read_html);
    Bookmarks: "bookmarks", Feeds, "it begins with <!DOCTYPE NETSCAPE-Bookmark-file-1>, as browsers export them",
        |head| bookmarks::is_bookmarks(head.text()), Text(opml::refuse);
    ReadLater: "Pocket or Instapaper, HTML", Articles, "a page called Pocket Export or Instapaper: Export",
        |head| bookmarks::is_export(head.text()), Text(bookmarks::read_export);
    Feed: "RSS or Atom", Articles, "the first element is <rss>, <feed>, <rdf:RDF> or <channel>",
        |head| feed::is_feed(head.text()), Text(feed::read_file);
    Page: "HTML page", Article, "it begins with <!DOCTYPE html>, <html>, <head> or <body>",
        |head| page::is_page(head.text()), Text(page::read_file);
    Iptc7901: "IPTC 7901", Articles, "it begins with SOH, and STX follows",
        |head| telegram::is_iptc7901(head.bytes()), Bytes(telegram::read_iptc7901);
    Anpa: "ANPA 1312", Article, "it begins with SYN, or its lines begin with ^ and end with <",
        |head| telegram::is_anpa(head.bytes()), Bytes(telegram::read_anpa);
    Rtf: "RTF", Articles, "it begins with {\\rtf: an export of Nexis or Factiva, or one article",
        |head| rtf::is_rtf(head.text()), Text(rtf::read);
    ProQuest: "ProQuest, text", Articles, "it names ProQuest, and has lines such as Document 1 of 10 and Full text:",
        |head| proquest::is_text(head.text()), Text(proquest::read);
    Nexis: "Nexis, text", Articles, "lines such as 1 of 10 DOCUMENTS, or Length:, Body and Copyright",
        |head| nexis::is_text(head.text()), Text(nexis::read_text);
    Factiva: "Factiva, text", Articles, "lines that begin with HD, WC, PD, SN, LP or TD, or documents that end with their number",
        |head| factiva::is_text(head.text()), Text(factiva::read_text);
    /// newsboat's `urls` file.
    Urls: "newsboat's urls", Feeds, "every line begins with an address or a query",
        |head| opml::is_newsboat(head.text()), Text(opml::refuse);
    Csv: "CSV or TSV", Articles, "rows of as many cells each, between commas, semicolons, tabs or bars",
        table::csv::is_table, Records(table::csv::records);
    Sheet: "Excel (.xlsx)", Articles, "a ZIP archive with xl/workbook.xml", table::sheet::is_sheet, Bytes(table::sheet::read);
    OldSheet: "Excel (.xls)", Articles, "a compound file of Excel 97 to 2003 with a stream called Workbook",
        table::biff::is_sheet, Bytes(table::biff::read);
    OpenDocument: "OpenDocument (.ods, .odt)", Articles, "a ZIP archive with content.xml and META-INF/manifest.xml",
        table::document::is_document, Bytes(table::document::read);
    Markdown: "Markdown", Article, "it begins with front matter between lines of --- or +++",
        |head| markdown::is_markdown(head.text(), &head.extension()), Text(markdown::read_file);
    Plain: "plain text", Article, "prose: a title, perhaps a date and an author, then the body",
        |_| true, Text(plain::read_file);
}

impl Format {
    /// The format of a decoded text that is known to be one.
    pub fn of(text: &str) -> Format {
        Format::of_head(&Head::of_text(text)).unwrap_or(Format::Plain)
    }

    /// The format that a file with this beginning has; `None` if it is none but plain text.
    fn of_head(head: &Head) -> Option<Format> {
        let mut rows = TABLE.iter().filter(|row| row.format != Format::Plain);
        rows.find(|row| (row.is)(head)).map(|row| row.format)
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

    /// How a file of this format is read.
    pub(super) fn reading(self) -> Reading {
        self.row().map_or(Reading::Text(plain::read_file), |row| row.reading)
    }

    fn row(self) -> Option<&'static Row> {
        TABLE.get(self as usize)
    }
}

impl Kind {
    /// What a file that begins so is.
    pub(super) fn of(head: &Head) -> Kind {
        if let Some(format) = Format::of_head(head) {
            return Kind::Read(format);
        }
        if page::is_fragment(head.text()) {
            return Kind::Read(Format::Page);
        }
        other::of(head).map_or(Kind::Read(Format::Plain), Kind::Other)
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
            None if rest.starts_with("<!") => xml::declaration(rest).and_then(|end| rest.get(end..)),
            None if rest.starts_with("<?") => rest.split_once('>').map(|(_, after)| after),
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
