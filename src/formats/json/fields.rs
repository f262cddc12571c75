//! The names of fields in people's dumps: from news-please, newspaper3k, NewsAPI, GDELT, Common Crawl, WordPress, JSON
//! Feed, Elasticsearch, Mongo and spreadsheets. Case and punctuation are ignored.

use super::super::dating::recorded;
use super::super::draft::{Draft, Layout};
use super::super::{Origin, Warning, html, markup};
use crate::article::date::{self, Written};
use crate::language::LanguageCode;
use serde_json::{Map, Value};

// Each list is in order of preference.
const TITLE: &str = "title headline heading head webtitle titletext articletitle newstitle subject name";
const BODY: &str = "body bodytext articlebody fulltext fullcontent text content contenttext maintext articletext \
    articlecontent cleanedtext plaintext rawtext textcontent article story newstext contenthtml bodyhtml \
    contentencoded contents html post paragraphs message selftext document";
const SUMMARY: &str =
    "summary description abstract excerpt lead leadparagraph snippet teaser dek standfirst subtitle";
const DATE: &str = "published publishedat datepublish datepublished publishedon publisheddate publicationdate \
    publishdate pubdate publishtime publishedtime firstpublished firstpublishedat firstpublicationdate \
    webpublicationdate date dateofpublication newsdate articledate issued displaydate isodate datetime createdat \
    datecreated created createdutc createdtime timestamp time firstcreated versioncreated seendate postedat dategmt \
    updatedat updated modified datemodified datemodify lastmodified";
/// When a program found the article, which is no earlier than its date.
const HELD: &str = "crawldate crawledat scrapedat scrapedate retrievedat datedownload downloaddate fetchedat";
const URL: &str = "url link permalink canonicalurl weburl articleurl newsurl pageurl fullurl externalurl shareurl \
    href storyurl sourceurl links uri guid id";
const GUID: &str = "guid id uuid uid articleid newsid postid identifier uri";
const AUTHOR: &str = "author authors authorname creator dccreator byline by writer writers authorsname reporter \
    journalist contributors";
const SOURCE: &str = "source sourcename publisher publishername site sitename publication outlet newspaper provider \
    providername newssource newssite mediasource feedtitle feedname feed channel website media sourcedomain domain \
    sourceid agency";

const LANGUAGE: &str = "language lang languagecode langcode inlanguage locale contentlanguage articlelanguage sourcelang sourcelanguage";

/// The most authors of an article that are named.
const AUTHOR_CAP: usize = 32;

/// The fields of one object, with their names in lower case and without punctuation.
pub(super) struct Fields<'a>(Vec<(String, &'a Value)>);

impl<'a> Fields<'a> {
    pub(super) fn new(object: &'a Map<String, Value>) -> Fields<'a> {
        let plain = |name: &str| {
            name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect::<String>()
        };
        let filled = |value: &Value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(values) => !values.is_empty(),
            _ => true,
        };
        Fields(
            object
                .iter()
                .filter(|(_, value)| filled(value))
                .map(|(name, value)| (plain(name), value))
                .collect(),
        )
    }

    /// The values of the fields in a list of names, in the order of the list.
    fn all<'b>(&'b self, names: &'static str) -> impl Iterator<Item = &'a Value> + 'b {
        names
            .split_ascii_whitespace()
            .filter_map(|name| self.0.iter().find(|(field, _)| field == name).map(|(_, value)| *value))
    }

    fn first<T>(&self, names: &'static str, read: impl FnMut(&'a Value) -> Option<T>) -> Option<T> {
        self.all(names).find_map(read)
    }

    pub(super) fn title(&self) -> Option<String> {
        self.first(TITLE, |value| text(value, " "))
    }

    /// Whether there is a field that is called a title, and not only a name or a subject.
    pub(super) fn has_title(&self) -> bool {
        self.first("title headline", |value| text(value, " ")).is_some()
    }

    fn body(&self) -> Option<String> {
        self.first(BODY, |value| text(value, "\n\n"))
            .or_else(|| self.first(SUMMARY, |value| text(value, "\n\n")))
    }

    /// The body and its layout. The field that holds HTML in JSON Feed is read as HTML. `own` is the article's address.
    fn laid_out(&self, own: Option<&str>) -> Option<(String, Layout)> {
        let other = self.all("body text content maintext").next().is_some();
        let html = self.all("contenthtml").find_map(Value::as_str).filter(|_| !other);
        match html {
            Some(html) => Some(html::to_text(html, own, own)),
            None => Some((markup::to_text(&self.body()?).into_owned(), Layout::AsTyped)),
        }
    }

    /// The date that is written in it, if it can be read.
    pub(super) fn date(&self) -> Option<Written> {
        self.first(DATE, written)
    }

    /// Whether the object is an article: it has a body, or a title beside a date or an address.
    pub(super) fn is_article(&self) -> bool {
        let has = |names: &'static str| self.first(names, |value| text(value, " ")).is_some();
        self.first(BODY, body).is_some()
            || has(SUMMARY) && has(TITLE)
            || has(TITLE) && (has(DATE) || has(HELD) || has(URL))
    }

    pub(super) fn draft(&self, origin: &Origin, line: Option<u64>, warnings: &mut Vec<Warning>) -> Draft {
        let published = self.date();
        if published.is_none()
            && let Some(written) = self.first(DATE, |value| text(value, " ")).filter(|text| !is_unknown(text))
        {
            let written: String = written.chars().take(60).collect();
            warnings.push(origin.warning(line, &format!("could not understand the date \"{written}\"")));
        }
        let url = self.first(URL, url);
        let (body, layout) = self.laid_out(url.as_deref()).unwrap_or_default();
        Draft {
            title: self.title().map(|title| markup::to_text(&title).into_owned()).unwrap_or_default(),
            body,
            layout,
            url,
            guid: self.first(GUID, |value| text(value, " ")),
            source: self.first(SOURCE, source),
            author: self.first(AUTHOR, author),
            language: self.first(LANGUAGE, language),
            published,
            held: self.first(HELD, written).map(|written| written.moment),
            ..Draft::default()
        }
    }
}

/// A language that this program knows, by a code or a name in the value.
fn language(value: &Value) -> Option<String> {
    text(value, " ").filter(|text| LanguageCode::read(text).is_some())
}

/// The text in a value: the value itself, the parts of an array joined by `between`, or the text field of an object.
fn text(value: &Value, between: &str) -> Option<String> {
    let found = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Array(values) => {
            values.iter().filter_map(|value| text(value, between)).collect::<Vec<_>>().join(between)
        }
        Value::Object(object) => {
            let inner = [
                "rendered", "value", "text", "content", "html", "main", "full", "name", "title", "#text",
                "_", "$t", "$oid", "__html", "plain", "en", "p", "body",
            ];
            inner.iter().find_map(|name| object.get(*name).and_then(|value| text(value, between)))?
        }
        _ => return None,
    };
    (!found.trim().is_empty()).then_some(found)
}

/// The text of a body. An object with a title is not a body but an article of its own.
fn body(value: &Value) -> Option<String> {
    if value.as_object().is_some_and(|object| object.contains_key("title")) {
        None
    } else {
        text(value, "\n\n")
    }
}

/// Whether a text stands for a date that is not known, or is the zero of some clock.
fn is_unknown(text: &str) -> bool {
    // The first day of the year 1 in seconds and in milliseconds, which some languages store for no date.
    ["-62135596800", "-62135596800000"].contains(&text)
        || date::is_unknown(text)
        || date::parse(text).is_some_and(date::is_unix_zero)
}

/// A date as text or as a Unix time, by itself or in an object (`{"$date": …}`, `{"seconds": …}`).
fn written(value: &Value) -> Option<Written> {
    match value {
        Value::String(text) => {
            let text = text.trim();
            let figures = text.len() >= 9 && text.bytes().all(|b| b.is_ascii_digit() || b == b'.');
            let unix = || date::from_unix(text.parse().ok().filter(|_| figures)?).map(Into::into);
            recorded(text).or_else(unix)
        }
        Value::Number(number) => {
            let number = number.as_f64()?;
            if is_unknown(&number.to_string()) {
                return None;
            }
            // 20220103 is a day; as seconds it would be a time in 1970.
            let compact =
                (15_000_101.0..22_010_101.0).contains(&number).then(|| recorded(&format!("{number:.0}")));
            // Numbers that would be times before 1973, in seconds, are something else.
            compact
                .flatten()
                .or_else(|| date::from_unix(number).filter(|_| number.abs() >= 1e8).map(Into::into))
        }
        Value::Object(object) => {
            ["$date", "seconds", "_seconds", "iso", "date", "value", "$numberLong", "rendered"]
                .iter()
                .find_map(|name| object.get(*name).and_then(written))
        }
        Value::Array(values) => values.first().and_then(written),
        _ => None,
    }
}

fn url(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => crate::text::clean_url(text),
        Value::Array(values) => values.iter().find_map(url),
        Value::Object(object) => ["href", "url", "rendered", "value", "web"]
            .iter()
            .find_map(|name| object.get(*name).and_then(url)),
        _ => None,
    }
}

/// The names, joined by commas, without the `By` of a byline.
fn author(value: &Value) -> Option<String> {
    let name = match value {
        Value::Array(values) => {
            values.iter().filter_map(author).take(AUTHOR_CAP).collect::<Vec<_>>().join(", ")
        }
        Value::Object(object) => {
            let name = |key: &str| object.get(key).and_then(Value::as_str);
            match (name("firstname").or(name("first_name")), name("lastname").or(name("last_name"))) {
                (Some(first), Some(last)) => format!("{first} {last}"),
                _ => ["name", "displayName", "display_name", "original", "author", "title"]
                    .iter()
                    .find_map(|key| object.get(*key).and_then(|value| text(value, ", ")))?,
            }
        }
        Value::String(name) => name.clone(),
        _ => return None,
    };
    let name = markup::to_text(&name).into_owned();
    // Dumps often have lists in the notation of Python: `['Ana Petrova']`.
    let name = match name.trim().strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) => {
            inner.split(',').map(|part| part.trim().trim_matches(['\'', '"'])).collect::<Vec<_>>().join(", ")
        }
        None => name,
    };
    let name = name.trim();
    let name = name
        .get(..3)
        .filter(|by| by.eq_ignore_ascii_case("by "))
        .map_or(name, |_| name.get(3..).unwrap_or(name));
    (!name.trim().is_empty()).then(|| name.trim().to_owned())
}

/// A name as text or in an object (`{"id": null, "name": …}`). Of an address the host is returned.
fn source(value: &Value) -> Option<String> {
    let name = match value {
        Value::Object(object) => {
            ["name", "title", "displayName", "domain", "url", "href", "id", "uri"].iter().find_map(|key| {
                object.get(*key).and_then(Value::as_str).filter(|name| !name.trim().is_empty())
            })?
        }
        Value::Array(values) => return values.iter().find_map(source),
        Value::String(name) => name,
        _ => return None,
    };
    let name = markup::to_text(name);
    let host = crate::text::clean_url(&name).and_then(|url| {
        let host = url.split("://").nth(1)?.split(['/', '?', '#']).next()?.rsplit('@').next()?.to_owned();
        Some(host.strip_prefix("www.").map_or(host.clone(), str::to_owned))
    });
    Some(host.unwrap_or_else(|| name.into_owned()))
}
