//! RSS 0.9x, 1.0 and 2.0, Atom 0.3 and 1.0 to articles; JSON Feed is read with other JSON.
//!
//! In comes the decoded text of a feed, well formed or not, and its address. Out come articles, the feed's title, and
//! warnings. Undeclared entities, raw HTML in titles, missing and crossed tags and feeds that end in the middle are
//! common, so the XML is read by our own lenient reader (see `xml`, which says why no crate serves).

mod apart;
mod media;
mod names;
mod seen;

use super::dating::{Dating, Item, recorded};
use super::draft::{Draft, Layout};
use super::format::first_element;
use super::media::{add, add_lines};
use super::newest::Newest;
use super::xml::{self, Element, Tree};
use super::{Gathered, Origin, Warning, html, link, markup, paragraphs};
use crate::article::{Article, date};
use crate::text::clean::scrub;
pub(super) use apart::Common;
use apart::Shared;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};
use chrono::TimeDelta;
use names::Names;
pub use seen::{Earlier, SeenItems};

/// What a feed holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Feed {
    /// What the feed calls itself, clean.
    pub title: Option<String>,
    /// The address of the page that the feed belongs to.
    pub site: Option<String>,
    pub articles: Vec<Article>,
    /// How many items are unchanged since the last time; they are not among `articles`.
    pub passed_over: u64,
    /// How many items are not read, because the feed has more than may be.
    pub left_out: u64,
    /// Those items, and the items that were read now without a warning.
    pub seen: SeenItems,
    pub warnings: Vec<Warning>,
}

/// The most warnings that are kept of one feed.
const WARNING_CAP: usize = 100;
/// The most authors of an item that are named.
const AUTHOR_CAP: usize = 32;
/// The most sounds, films and pictures of an item that are shown.
const MEDIA_CAP: usize = 40;
/// The number of items that may be read of a feed that a person has as a file: all of them.
const ALL: usize = usize::MAX;
/// How far ahead of the fetch the date of an item may lie: the clocks of two servers may be in different zones.
const AHEAD: TimeDelta = TimeDelta::days(1);

/// Whether a text is a feed, by its first element.
pub(super) fn is_feed(text: &str) -> bool {
    first_element(text).is_some_and(|(name, _)| matches!(name.as_str(), "rss" | "rdf" | "feed" | "channel"))
}

/// Reads a feed that was saved as a file.
pub(super) fn read_file(text: &str, origin: &Origin, found: &mut Gathered) {
    // The feed's title is the source, and not the folder in which it was saved.
    let untitled = Origin { source: String::new(), ..origin.clone() };
    let (feed, mut items) = read_items(text, None, &untitled, Earlier::NOTHING, ALL);
    if feed.title.is_none() {
        for item in &mut items {
            let host = item.article.url.as_deref().and_then(link::host);
            item.article.source = host.unwrap_or_else(|| origin.source_name());
        }
    }
    found.items.extend(items);
    found.warnings.extend(feed.warnings);
}

/// The articles of a feed. `base` is its address, against which relative links are resolved. Articles take `origin`'s
/// source, or the feed's title if that is empty.
pub fn read(text: &str, base: Option<&str>, origin: &Origin) -> Feed {
    read_again(text, base, origin, Earlier::NOTHING, ALL)
}

/// The articles of the newest `most` items of a feed that was read before, without those that are unchanged. An article
/// whose date nobody knows has `origin`'s time, at which it is seen.
pub fn read_again(
    text: &str,
    base: Option<&str>,
    origin: &Origin,
    earlier: Earlier<'_>,
    most: usize,
) -> Feed {
    let (mut feed, items) = read_items(text, base, origin, earlier, most);
    feed.articles = settled(items, origin);
    feed
}

/// The articles of what was fetched. Those without a date, and those with a date far ahead, have `origin`'s time, at which
/// they are seen.
pub(super) fn settled(items: Vec<Item>, origin: &Origin) -> Vec<Article> {
    let (mut dating, mut articles) = (Dating::default(), Vec::with_capacity(items.len()));
    let latest = origin.time + AHEAD;
    let mut ready = |article: Article, _| {
        let published = article.published.filter(|published| *published <= latest).or(Some(origin.time));
        articles.push(Article { published, ..article });
    };
    items.into_iter().for_each(|item| dating.take(item, &mut ready));
    dating.finish(&mut ready);
    articles
}

/// The feed without its articles, and its newest `most` items. The items are read one at a time, so that a feed with
/// a million of them takes no more memory than the text itself.
fn read_items(
    text: &str,
    base: Option<&str>,
    origin: &Origin,
    earlier: Earlier<'_>,
    most: usize,
) -> (Feed, Vec<Item>) {
    let text = &*xml::expanded(text);
    // Nothing on the web is relative to a file: the links of such a feed are relative to its site.
    let base = base.filter(|base| base.starts_with("http"));
    let names = Names::of(text);
    let (mut count, mut common) = (0, Common::default());
    let tree = Tree::without_items(text, &|name| names.is_item(name), &mut |item| {
        count += 1;
        common.take(&names, item);
    });
    let is = |element: &Element, name: &str| names.plain(*element) == name;
    let Some(top) =
        tree.root().below().find(|e| matches!(&*names.plain(*e), "channel" | "feed" | "rss" | "rdf"))
    else {
        let warning = origin.warning(None, "could not find a feed: neither RSS nor Atom");
        return (Feed { warnings: vec![warning], ..Feed::default() }, Vec::new());
    };
    let channel = tree.root().below().find(|element| is(element, "channel")).unwrap_or(top);
    let mut items = ItemReader {
        names: &names,
        base: base.map(str::to_owned),
        id_base: None,
        language: None,
        origin: origin.clone(),
        author: None,
        warnings: Vec::new(),
        unlisted: 0,
    };
    // RFC 4287, section 4.2.1: an author of the feed is the author of its entries that name none.
    items.author = items.author_among(channel, &["author", "itunes:author"]);
    let site = items.link(channel);
    if let Some(base) = channel.attribute("xml:base").or_else(|| top.attribute("xml:base")) {
        items.base = link::resolve(items.base.as_deref(), &base).or(items.base);
        items.id_base.clone_from(&items.base);
    }
    items.base = items.base.or_else(|| site.clone());
    items.language = items.line(channel, &["language", "dc:language"]).or_else(|| {
        let said = channel.attribute("xml:lang").or_else(|| top.attribute("xml:lang"));
        said.map(std::borrow::Cow::into_owned)
    });
    let title = items.line(channel, &["title", "dc:title"]).map(|title| crate::text::clean_line(&title));
    let title = title.filter(|title| !title.is_empty());
    if let (true, Some(title)) = (items.origin.source.is_empty(), &title) {
        items.origin.source.clone_from(title);
    }
    let [base, author] = [&items.base, &items.author].map(|text| text.as_deref().unwrap_or_default());
    let around = [earlier.reader, top.markup(), channel.markup(), base, author];
    let around = seen::fingerprint(&around).to_string();
    let newest = (count > most).then(|| items.newest(text, most));
    let mut feed = Feed { title, site, ..Feed::default() };
    feed.left_out = newest.as_ref().map_or(0, Newest::left_out);
    let places = newest.map(|newest| newest.places());
    let (mut place, mut next) = (0, 0);
    let (mut fingerprints, mut found) = (Vec::new(), Vec::new());
    Tree::without_items(text, &|name| names.is_item(name), &mut |item| {
        let is_kept = places.as_ref().is_none_or(|places| places.get(next) == Some(&place));
        place += 1;
        if !is_kept {
            return;
        }
        next += 1;
        let shared = common.shared(&names, item);
        let apart = if shared == Shared::default() { "" } else { "apart" };
        let fingerprint = seen::fingerprint(&[&around, item.markup(), item.inner(), apart]);
        if earlier.seen.has(fingerprint) {
            feed.passed_over += 1;
            fingerprints.push(fingerprint);
            return;
        }
        let warnings = items.warned();
        if let Some(mut item) = items.item(item) {
            shared.tell_apart(&mut item.article);
            found.push(item);
        }
        fingerprints.extend((items.warned() == warnings).then_some(fingerprint));
    });
    if items.unlisted > 0 {
        let message = format!("could not list {} more warnings", items.unlisted);
        items.warnings.push(items.origin.warning(None, &message));
    }
    (Feed { seen: SeenItems::new(fingerprints), warnings: items.warnings, ..feed }, found)
}

const DATES: [&str; 11] = [
    "pubdate",
    "published",
    "dc:date",
    "dcterms:created",
    "dcterms:issued",
    "issued",
    "created",
    "date",
    "dcterms:modified",
    "updated",
    "modified",
];
const BODIES: [&str; 10] = [
    "content:encoded",
    "content",
    "body",
    "xhtml:body",
    "description",
    "summary",
    "fullitem",
    "dc:description",
    "media:description",
    "itunes:summary",
];

struct ItemReader<'n> {
    names: &'n Names,
    base: Option<String>,
    /// What `xml:base` says, where it does: an identifier may be relative to it.
    id_base: Option<String>,
    /// What the feed says of the language of its items.
    language: Option<String>,
    origin: Origin,
    /// The author of the feed, whose items need not name one.
    author: Option<String>,
    /// At most [`WARNING_CAP`].
    warnings: Vec<Warning>,
    /// How many warnings there were beyond those.
    unlisted: u64,
}

impl ItemReader<'_> {
    /// How many warnings there were until now.
    fn warned(&self) -> u64 {
        self.warnings.len() as u64 + self.unlisted
    }

    fn warn(&mut self, warning: Warning) {
        if self.warnings.len() < WARNING_CAP {
            self.warnings.push(warning);
        } else {
            self.unlisted += 1;
        }
    }

    /// Chooses the newest `most` items.
    fn newest(&self, text: &str, most: usize) -> Newest {
        let mut newest = Newest::new(most);
        Tree::without_items(text, &|name| self.names.is_item(name), &mut |item| {
            let dates = self.all(item, &DATES);
            let date = dates.iter().find_map(|element| recorded(&element.text()));
            newest.take(date.map(|date| date.moment.timestamp()));
        });
        newest
    }

    /// The children of `element` called by one of `names`, in the order of `names`.
    fn all<'s, 'a>(&self, element: Element<'s, 'a>, names: &[&str]) -> Vec<Element<'s, 'a>> {
        let called = |name: &str| {
            element.elements().filter(|child| self.names.plain(*child) == name).collect::<Vec<_>>()
        };
        names.iter().flat_map(|name| called(name)).collect()
    }

    fn item(&mut self, item: Element) -> Option<Item> {
        let base = item.attribute("xml:base").and_then(|base| link::resolve(self.base.as_deref(), &base));
        let id_base = self.id_base.clone();
        if base.is_some() {
            self.id_base.clone_from(&base);
        }
        let outer = base.map(|base| self.base.replace(base));
        let url = self.link(item).or_else(|| self.permalink(item));
        let dates = self.all(item, &DATES);
        let published = dates.iter().find_map(|element| recorded(&element.text()));
        if let (None, Some(written)) = (published, dates.first()) {
            let written: String = written.text().trim().chars().take(60).collect();
            if !date::is_unknown(&written) && date::parse(&written).is_none() {
                let message = format!("could not understand the date \"{written}\"");
                self.warn(self.origin.warning(None, &message));
            }
        }
        let guid = self.all(item, &["guid", "id"]).first().map(|id| id.text().trim().to_owned());
        let guid = guid.map(|id| match &self.id_base {
            Some(base) if is_relative(&id) => link::resolve(Some(base), &id).unwrap_or(id),
            _ => id,
        });
        let (mut body, mut layout) = self.body(item, url.as_deref()).unwrap_or_default();
        let (figures, beside) = (self.figures(item), self.beside(item));
        if !figures.is_empty() || !beside.is_empty() {
            if layout == Layout::AsTyped {
                body = paragraphs::join(&scrub(&body)).to_string();
            }
            layout = Layout::Fixed;
            figures.iter().for_each(|lines| add_lines(&mut body, lines));
            add(&mut body, &beside);
        }
        let mut draft = Draft {
            title: self.title(item).unwrap_or_default(),
            body,
            layout,
            guid: guid.filter(|id| !id.is_empty()).or_else(|| item.attribute("rdf:about").map(Into::into)),
            author: self.author(item).or_else(|| self.author_of_source(item)).or_else(|| self.author.clone()),
            language: self.language(item).or_else(|| self.language.clone()),
            published,
            tags: self.categories(item),
            url,
            ..Draft::default()
        };
        if let Some(outer) = outer {
            self.base = outer;
        }
        self.id_base = id_base;
        // An item with nothing but a link is still listed.
        if let (true, Some(url)) = (draft.title.is_empty() && draft.body.is_empty(), &draft.url) {
            draft.title.clone_from(url);
        }
        let mut warnings = Vec::new();
        let item = draft.finish(&self.origin, None, &mut warnings);
        warnings.into_iter().for_each(|warning| self.warn(warning));
        item
    }

    /// The title of an item, or else that of its film.
    fn title(&self, item: Element) -> Option<String> {
        let own = self.line(item, &["title", "dc:title", "itunes:title", "media:title"]);
        own.or_else(|| {
            let groups = self.all(item, &["media:group"]);
            let around = groups.iter().chain([&item]).flat_map(|group| self.all(*group, &["media:content"]));
            let around: Vec<Element> = groups.iter().copied().chain(around).collect();
            around.into_iter().find_map(|element| self.line(element, &["media:title"]))
        })
    }

    /// One line of text without its markup.
    fn line(&self, element: Element, names: &[&str]) -> Option<String> {
        let found = self.all(element, names).into_iter().map(|title| {
            let text = if title.elements().next().is_some() { uncovered(title) } else { written(title) };
            match title.attribute("type").as_deref() {
                Some("text") | Some("text/plain") => text,
                _ => markup::to_text(&text).into_owned(),
            }
        });
        found.map(|text| text.trim().to_owned()).find(|text| !text.is_empty())
    }

    fn body(&self, item: Element, own: Option<&str>) -> Option<(String, Layout)> {
        let base = self.base.as_deref();
        let groups = self.all(item, &["media:group"]);
        let files = groups.iter().flat_map(|group| self.all(*group, &["media:content"]));
        let around: Vec<Element> = groups.iter().copied().chain(files).collect();
        let within = around.iter().flat_map(|element| self.all(*element, &["media:description"]));
        // RFC 4287, section 4.1.3.3: content of another media type is a file, packed in Base64.
        let is_file = |body: &Element| {
            body.attribute("type").is_some_and(|kind| {
                let kind = kind.trim().to_ascii_lowercase();
                let family = kind.split('/').next().unwrap_or_default();
                matches!(family, "audio" | "video" | "image" | "font" | "model")
                    || matches!(&*kind, "application/pdf" | "application/zip" | "application/epub+zip")
            })
        };
        let found =
            self.all(item, &BODIES).into_iter().chain(within).filter(|body| !is_file(body)).map(|body| {
                let base = body
                    .attribute("xml:base")
                    .and_then(|inner| link::resolve(base, &inner))
                    .or(base.map(str::to_owned));
                // Elements within it are HTML that was not escaped.
                let raw = body.elements().next().is_some().then(|| uncovered(body));
                let text = raw.unwrap_or_else(|| written(body));
                match body.attribute("type").as_deref() {
                    Some("text") | Some("text/plain") => (text, Layout::AsTyped),
                    _ if looks_marked_up(&text) => {
                        html::to_text_with_pictures(&self.names.without_prefixes(&text), base.as_deref(), own)
                    }
                    _ => (markup::to_text(&text).into_owned(), Layout::AsTyped),
                }
            });
        found.map(|(text, layout)| (text.trim().to_owned(), layout)).find(|(text, _)| !text.is_empty())
    }

    /// What an item says of its own language.
    fn language(&self, item: Element) -> Option<String> {
        let own = |element: Element| element.attribute("xml:lang").map(std::borrow::Cow::into_owned);
        own(item)
            .or_else(|| self.line(item, &["dc:language", "language"]))
            .or_else(|| self.all(item, &BODIES).into_iter().find_map(own))
            .or_else(|| self.all(item, &["title"]).into_iter().find_map(own))
    }

    /// What the item is filed under. Only articles of saved feeds keep this.
    fn categories(&self, item: Element) -> Vec<String> {
        let categories = self.all(item, &["category", "dc:subject"]);
        let name = |category: &Element| {
            let named = category.attribute("label").or_else(|| category.attribute("term"));
            named.map_or_else(|| category.text(), std::borrow::Cow::into_owned)
        };
        categories.iter().take(AUTHOR_CAP).map(name).collect()
    }

    fn author(&self, item: Element) -> Option<String> {
        // `media:credit` is mostly of a picture.
        self.author_among(item, &["dc:creator", "author", "dc:author", "itunes:author"])
    }

    /// The author of the feed that an entry was taken from (RFC 4287, section 4.2.11).
    fn author_of_source(&self, item: Element) -> Option<String> {
        let sources = self.all(item, &["source"]).into_iter();
        let names: Vec<String> =
            sources.filter_map(|source| self.author_among(source, &["author"])).take(AUTHOR_CAP).collect();
        (!names.is_empty()).then(|| names.join(", "))
    }

    fn author_among(&self, element: Element, called: &[&str]) -> Option<String> {
        let authors = self.all(element, called);
        let first = self.names.plain(*authors.first()?);
        let names: Vec<String> = authors
            .iter()
            .filter(|author| self.names.plain(**author) == first)
            .map(|author| {
                let parts =
                    |names: &[&str]| self.all(*author, names).into_iter().map(super::xml::Element::text);
                let mut named = parts(&["name", "email"]).map(|text| text.trim().to_owned());
                let is_person = !self.all(*author, &["name", "email", "uri", "url", "homepage"]).is_empty();
                // The address of a page is no name.
                let name = match is_person {
                    true => named.find(|text| !text.is_empty()).unwrap_or_default(),
                    false => author.text(),
                };
                person(name.trim()).to_owned()
            })
            .filter(|name| !name.is_empty())
            .take(AUTHOR_CAP)
            .collect();
        (!names.is_empty()).then(|| markup::to_text(&names.join(", ")).into_owned())
    }

    /// The address of the page that an item or a feed is about.
    fn link(&self, element: Element) -> Option<String> {
        let original = self.all(element, &["feedburner:origlink"]).first().map(|link| link.text());
        let links = self.all(element, &["link", "dc:source"]);
        let rel = |link: &Element| {
            link.attribute("rel").map_or("alternate".to_owned(), |rel| rel.to_ascii_lowercase())
        };
        let page = |link: &Element| link.attribute("type").is_none_or(|kind| kind.contains("html"));
        let alternate = |link: &&Element| rel(link) == "alternate";
        let address = |link: &Element| {
            let address = link.attribute("href").map_or_else(|| link.text(), Into::into);
            link::resolve(self.base.as_deref(), &address)
        };
        original
            .and_then(|text| link::resolve(self.base.as_deref(), &text))
            .or_else(|| links.iter().filter(alternate).filter(|link| page(link)).find_map(address))
            .or_else(|| links.iter().filter(alternate).find_map(address))
    }

    /// The address in a `guid`, an `id` or `rdf:about`, unless that says that it is not an address; or else the address of
    /// an enclosure.
    fn permalink(&self, item: Element) -> Option<String> {
        let ids = self.all(item, &["guid", "id"]);
        let plain = |id: &&Element| {
            id.attribute("ispermalink").is_none_or(|value| !value.eq_ignore_ascii_case("false"))
        };
        ids.iter()
            .filter(plain)
            .find_map(|id| link::resolve(None, &id.text()))
            .or_else(|| item.attribute("rdf:about").and_then(|about| link::resolve(None, &about)))
            .or_else(|| {
                let enclosures = self.all(item, &["enclosure"]);
                enclosures
                    .iter()
                    .find_map(|file| link::resolve(self.base.as_deref(), &file.attribute("url")?))
            })
    }
}

/// Whether an identifier is a relative address: a path, and not a name or a number.
fn is_relative(id: &str) -> bool {
    (id.starts_with(['/', '.']) || id.contains('/')) && !id.contains(':') && !id.contains(char::is_whitespace)
}

/// The text in an element, decoded once.
fn written(element: Element) -> String {
    let text = element.text();
    let is =
        |name, value: &str| element.attribute(name).is_some_and(|found| found.eq_ignore_ascii_case(value));
    let packed = is("mode", "base64") || is("type", "application/octet-stream");
    packed.then(|| unpacked(&text)).flatten().unwrap_or(text)
}

/// The text in Base64, in which old Atom feeds pack whole contents; `None` if it is not Base64 of UTF-8. Both
/// alphabets of RFC 4648 are read, with white space anywhere and with or without padding.
fn unpacked(encoded: &str) -> Option<String> {
    const CONFIG: GeneralPurposeConfig = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    const ENGINE: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, CONFIG);
    let plain = |c: char| match c {
        '-' => '+',
        '_' => '/',
        c => c,
    };
    let encoded: String = encoded.chars().filter(|c| !c.is_ascii_whitespace()).map(plain).collect();
    String::from_utf8(ENGINE.decode(encoded).ok()?).ok()
}

/// The HTML in an element whose content was not escaped, without the marks of CDATA.
fn uncovered(element: Element) -> String {
    element.inner().replace("<![CDATA[", "").replace("]]>", "")
}

fn looks_marked_up(text: &str) -> bool {
    text.contains("</")
        || text.contains("<p")
        || text.contains("<br")
        || text.contains("<img")
        || text.contains("/>")
}

/// `Ana Petrova` in `ana@example.org (Ana Petrova)` and `Ana Petrova <ana@example.org>`, in brackets of either kind.
fn person(text: &str) -> &str {
    let inner = |open, close| {
        text.split_once(open)
            .map(|(before, after): (&str, &str)| (before.trim(), after.trim_end_matches(close).trim()))
    };
    match (inner('(', ')'), inner('<', '>')) {
        (Some((mail, name)), _) if mail.contains('@') && !name.is_empty() => name,
        (Some((name, mail)), _) | (_, Some((name, mail))) if mail.contains('@') && !name.is_empty() => name,
        _ => text,
    }
}

#[cfg(test)]
mod tests;
