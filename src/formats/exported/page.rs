//! Articles as one page of HTML that needs no other file: one `<article>` each, with the microdata of schema.org, so that
//! people, browsers, search engines and this program read it.
//!
//! Every text of a stranger is escaped, so that `<` and `>` are markup of this program wherever they stand, and the policy
//! of the page forbids scripts, requests and every style but its own.

use super::super::markup::references_once;
use super::super::records::Records;
use super::super::{Gathered, Origin, ReadingState};
use super::{Written, time};
use crate::article::{Article, day_or_undated};
use crate::language::LanguageCode;
use crate::text::charset::Pieces;
use crate::text::harmless::markup;

/// What the page says of the program that made it.
const GENERATOR: &str = "<meta name=\"generator\" content=\"dateline export\">";
/// How far into a page [`GENERATOR`] is looked for, in bytes.
const HEAD: usize = 4096;
/// The longest article that is read, in bytes of HTML: a body of 16 MiB in which every character is a reference.
const ARTICLE_CAP: usize = 100 << 20;

/// The style of the page.
const STYLE: &str = "body{max-width:44rem;margin:2rem auto;padding:0 1rem;font:1.05rem/1.55 Georgia,serif;color:#222;background:#fdfdfb}\
h2{line-height:1.25;margin:0 0 .3rem}article{border-top:1px solid #ccc;padding:1.5rem 0}\
.about,.address,.tags{color:#555;font:.85rem/1.4 sans-serif;margin:.2rem 0;overflow-wrap:anywhere}\
.tags span{border:1px solid #ccc;border-radius:.3rem;padding:0 .3rem;margin-right:.3rem}\
.text p{white-space:pre-wrap;overflow-wrap:anywhere}\
@media(prefers-color-scheme:dark){body{color:#ddd;background:#181818}.about,.address,.tags{color:#aaa}a{color:#8bf}}";
/// The SHA-256 of [`STYLE`] in Base64, by which the policy of the page allows it.
const STYLE_HASH: &str = "Mlk4xlyON96p95DsfZWVvK/NDT6QIwB6sweSkBJ+EfQ=";

/// What stands before the articles.
pub fn begin() -> String {
    format!(
        "<!DOCTYPE html>\n<html>\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-{STYLE_HASH}'; \
         base-uri 'none'; form-action 'none'\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n{GENERATOR}\n\
         <title>Articles</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
    )
}

/// What stands behind them.
pub fn end() -> &'static str {
    "</main>\n</body>\n</html>\n"
}

/// One article as an element. Linear in its length.
pub fn article(article: &Article, state: &ReadingState) -> String {
    let mut out = String::with_capacity(article.body.len() + 1024);
    out.push_str("<article itemscope itemtype=\"https://schema.org/NewsArticle\"");
    let mut attribute = |name: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&format!(" {name}=\"{}\"", markup(value)));
        }
    };
    attribute("lang", article.language.as_ref().map(LanguageCode::as_str).unwrap_or_default());
    attribute("dir", "auto");
    attribute("data-read", if state.read { "true" } else { "" });
    attribute("data-starred", if state.starred { "true" } else { "" });
    attribute("data-position", &state.position.to_string());
    attribute("data-path", article.path.as_deref().unwrap_or_default());
    attribute("data-guid", article.guid.as_deref().unwrap_or_default());
    out.push_str(">\n<h2 itemprop=\"headline\">");
    out.push_str(&markup(&article.title));
    out.push_str("</h2>\n<p class=\"about\">");
    let day = day_or_undated(article.date());
    match article.published {
        Some(published) => {
            let time = time(published);
            out.push_str(&format!("<time itemprop=\"datePublished\" datetime=\"{time}\">{day}</time>"));
        }
        None => out.push_str(&day),
    }
    out.push_str(&format!(" · <span itemprop=\"publisher\">{}</span>", markup(&article.source)));
    if let Some(author) = &article.author {
        out.push_str(&format!(" · <span itemprop=\"author\">{}</span>", markup(author)));
    }
    if state.starred {
        out.push_str(" · starred");
    }
    out.push_str("</p>\n");
    if let Some(url) = &article.url {
        let url = markup(url);
        out.push_str(&format!(
            "<p class=\"address\"><a itemprop=\"url\" href=\"{url}\" rel=\"noopener noreferrer\">{url}</a></p>\n"
        ));
    }
    if !state.tags.is_empty() {
        let tags: Vec<String> = state
            .tags
            .iter()
            .map(|tag| format!("<span itemprop=\"keywords\">{}</span>", markup(tag)))
            .collect();
        out.push_str(&format!("<p class=\"tags\">{}</p>\n", tags.join(" ")));
    }
    out.push_str("<div class=\"text\" itemprop=\"articleBody\">");
    for paragraph in article.body.split("\n\n").filter(|_| !article.body.is_empty()) {
        out.push_str(&format!("<p>{}</p>\n", markup(paragraph)));
    }
    out.push_str("</div>\n</article>\n");
    out
}

/// Whether a text begins as the page of an export.
pub(in crate::formats) fn is_page(text: &str) -> bool {
    let end = (0..=HEAD.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    text.get(..end).is_some_and(|head| head.contains(GENERATOR))
}

/// A reader of the page of an export.
pub(in crate::formats) fn records(_origin: &Origin) -> Box<dyn Records> {
    Box::new(Page::default())
}

/// A page as it comes.
#[derive(Debug, Default)]
struct Page {
    pieces: Pieces,
    /// What has come since the end of the last article.
    text: String,
    /// How much of it is known to hold no end of an article, in bytes.
    searched: usize,
    articles: u64,
}

const END: &str = "</article>";

impl Records for Page {
    fn push(&mut self, bytes: &[u8], origin: &Origin, found: &mut Gathered) {
        let text = self.pieces.push(bytes, false);
        self.take(&text, origin, found);
    }

    fn finish(&mut self, origin: &Origin, found: &mut Gathered) {
        let text = self.pieces.push(&[], true);
        self.take(&text, origin, found);
        if self.text.contains("<article") {
            found
                .warnings
                .push(origin.warning(None, "could not read the last article: the page ends within it"));
        } else if self.articles == 0 && !self.text.contains("</main>") {
            found.warnings.push(origin.warning(None, "could not find an article in the page"));
        }
    }
}

impl Page {
    fn take(&mut self, text: &str, origin: &Origin, found: &mut Gathered) {
        self.text.push_str(text);
        let whole = std::mem::take(&mut self.text);
        let (mut start, mut from) = (0, self.searched);
        while let Some(at) =
            whole.get(from..).and_then(|rest| memchr::memmem::find(rest.as_bytes(), END.as_bytes()))
        {
            let end = from + at;
            if let Some(item) = whole.get(start..end).and_then(|text| written(text).item(origin)) {
                found.items.push(item);
                self.articles += 1;
            }
            start = end + END.len();
            from = start;
        }
        self.text = whole.get(start..).unwrap_or_default().to_owned();
        if self.text.len() > ARTICLE_CAP {
            found.warnings.push(origin.warning(None, "could not read an article: it is longer than 100 MiB"));
            self.text.clear();
        }
        let searched = self.text.len().saturating_sub(END.len());
        self.searched = (0..=searched).rev().find(|at| self.text.is_char_boundary(*at)).unwrap_or_default();
    }
}

/// A tag with its attributes, which are in quotes.
struct Tag<'t> {
    name: &'t str,
    attributes: &'t str,
}

impl Tag<'_> {
    /// The value of an attribute, as it is meant; empty if there is none.
    fn attribute(&self, name: &str) -> String {
        let mut rest = self.attributes;
        while let Some((before, after)) = rest.split_once("=\"") {
            let Some((value, tail)) = after.split_once('"') else { break };
            if before.trim() == name || before.split_ascii_whitespace().next_back() == Some(name) {
                return references_once(value).into_owned();
            }
            rest = tail;
        }
        String::new()
    }
}

/// What an article says, from the text between the last article and its end. Linear.
fn written(text: &str) -> Written {
    let mut written = Written::default();
    let mut body: Vec<String> = Vec::new();
    let (mut rest, mut in_body) = (text, false);
    while let Some(at) = rest.find('<') {
        let Some(tag) = rest.get(at + 1..) else { break };
        let Some(end) = end_of_tag(tag) else { break };
        let inside = tag.get(..end).unwrap_or_default();
        rest = tag.get(end + 1..).unwrap_or_default();
        let length = inside.find(|c: char| c.is_ascii_whitespace()).unwrap_or(inside.len());
        let (name, attributes) = inside.split_at(length);
        let tag = Tag { name, attributes };
        // Up to the next tag; nothing in these elements but text is written.
        let content = || references_once(rest.split('<').next().unwrap_or_default()).into_owned();
        match (tag.name, tag.attribute("itemprop").as_str()) {
            ("article", _) => {
                written = Written {
                    language: tag.attribute("lang"),
                    read: tag.attribute("data-read") == "true",
                    starred: tag.attribute("data-starred") == "true",
                    position: tag.attribute("data-position"),
                    path: tag.attribute("data-path"),
                    guid: tag.attribute("data-guid"),
                    ..Written::default()
                };
                (in_body, body) = (false, Vec::new());
            }
            (_, "headline") => written.title = content(),
            (_, "datePublished") => written.date = tag.attribute("datetime"),
            (_, "publisher") => written.source = content(),
            (_, "author") => written.author = content(),
            (_, "url") => written.url = tag.attribute("href"),
            (_, "keywords") => written.tags.push(content()),
            (_, "articleBody") => in_body = true,
            ("/div", _) => in_body = false,
            ("p", _) if in_body => body.push(content()),
            _ => {}
        }
    }
    written.body = body.join("\n\n");
    written
}

/// Where a tag ends, at its `>` outside of quotes.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.bytes().position(|byte| {
        quoted ^= byte == b'"';
        byte == b'>' && !quoted
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{read_back, stored};
    use super::*;
    use base64::Engine;
    use dom_query::Document;
    use proptest::prelude::*;
    use sha2::Digest;

    fn page(articles: &[(Article, ReadingState)]) -> String {
        let articles: String = articles.iter().map(|(text, state)| article(text, state)).collect();
        begin() + &articles + end()
    }

    proptest! {
        #[test]
        fn articles_come_back(articles in proptest::collection::vec(stored(), 0..5), size in 1usize..5000) {
            prop_assert_eq!(read_back(page(&articles).as_bytes(), size), articles);
        }

        /// A page that a browser has saved comes back too, and no text is an element in it.
        #[test]
        fn a_browser_reads_the_same(articles in proptest::collection::vec(stored(), 0..5)) {
            let document = Document::from(page(&articles));
            let names: std::collections::BTreeSet<String> =
                document.select("*").nodes().iter().filter_map(dom_query::NodeRef::node_name).map(|name| name.to_string()).collect();
            let known = ["a", "article", "body", "div", "h2", "head", "html", "main", "meta", "p", "span", "style", "time", "title"];
            prop_assert!(names.iter().all(|name| known.contains(&name.as_str())), "{:?}", names);
            prop_assert_eq!(document.select("article").length(), articles.len());
            prop_assert_eq!(read_back(document.html().as_bytes(), 4096), articles);
        }
    }

    #[test]
    fn the_policy_allows_the_style_and_nothing_else() {
        let hash = base64::engine::general_purpose::STANDARD.encode(sha2::Sha256::digest(STYLE));
        assert_eq!(STYLE_HASH, hash);
        let page = begin();
        assert!(page.contains("default-src 'none'") && !page.contains("unsafe"), "{page}");
        assert!(page.find("Content-Security-Policy") < page.find("<style>"));
        assert!(is_page(&page));
    }
}
