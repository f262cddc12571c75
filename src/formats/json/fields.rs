//! The names of fields in people's dumps and tables: from news-please, newspaper3k and 4k, trafilatura, NewsAPI, the
//! Guardian, GDELT, MediaCloud, Event Registry, NewsCatcher, Common Crawl, WordPress, JSON Feed, Elasticsearch, Mongo,
//! Telegram, X, Reddit, wallabag, Pocket, Instapaper, Readwise, Omnivore, Zotero and spreadsheets. Case, accents and
//! punctuation are ignored, and each name is also found one object deeper.
//!
//! [`ROLES`] and [`MARKS`] are the one table of them, for JSON and for tables alike; the documentation is printed from it.

use super::super::dating::recorded;
use super::super::draft::{Draft, Layout};
use super::super::{Origin, Warning, html, markup};
use crate::article::date::{self, Written};
use crate::language::LanguageCode;
use crate::text::clean_line;
use serde_json::{Map, Value};
use std::borrow::Cow;

// Each list is in order of preference.
const TITLE: &str = "title headline heading head webtitle titletext articletitle newstitle booktitle titulo titre titel \
    titolo overskrift rubrik otsikko tytul zagolovok заголовок 标题 標題 subject name";
const BODY: &str = "body bodytext articlebody fulltext fullcontent text content contenttext maintext articletext \
    articlecontent cleanedtext plaintext rawtext textcontent article story newstext contenthtml bodyhtml bodyxhtml \
    contentencoded contents html post paragraphs message selftext highlight selection texto cuerpo contenido texte \
    contenu inhalt testo brodtext innhold tekst teksti tresc текст 正文 内容 document";
const SUMMARY: &str = "extended summary description shortdescription abstract abstractnote excerpt articleexcerpt lead leadparagraph snippet \
    teaser trailtext dek standfirst subtitle note resumen resume zusammenfassung анонс 摘要";
const DATE: &str = "published publishedat datetimepub datetime datepublish datepublished publishedon publisheddate \
    publicationdate publishdate pubdate publishtime publishedtime firstpublished firstpublishedat \
    firstpublicationdate webpublicationdate dateunixtime date dateofpublication newsdate articledate issued \
    displaydate isodate createdat datecreated created createdutc createdtime timestamp time fecha datum data dato дата 日期 \
    firstcreated versioncreated seendate postedat dategmt updatedat updated modified datemodified datemodify \
    lastmodified publicationyear";
/// When a program or a person found the article, which is no earlier than its date.
const HELD: &str = "crawldate crawledat scrapedat scrapedate retrievedat datedownload downloaddate fetchedat savedat \
    saveddate datesaved timeadded dateadded highlightedat indexeddate accessdate filedate";
const URL: &str = "url link permalink canonicalurl weburl articleurl articlelink newsurl newslink pageurl fullurl externalurl shareurl \
    href storyurl sourceurl enlace lien links ссылка 链接 uri guid id";
const GUID: &str = "guid id idstr uuid uid articleid newsid postid identifier uri key";
const AUTHOR: &str = "author authors authorname creator dccreator byline by writer writers authorsname reporter \
    journalist contributors publishedby bookauthor autor autores auteur autore verfasser forfatter автор 作者";
const SOURCE: &str = "sourcehostname sourcename sourcetitle namesource source publicationname publicationtitle publisher \
    publishername site sitename metasitename publication outlet newspaper provider providername newssource newssite \
    mediasource medianame feedtitle feedname feed channel website media sourcedomain domainname domain domainurl \
    cleanurl hostname sourceid agency fuente quelle journal fonte источник 来源 copyrightholder subreddit";
const TAGS: &str = "tags tag keywords metakeywords categories category section sectionname topics topic labels \
    documenttags manualtags automatictags hashtags newsdesk genre";
const READ: &str = "isread isarchived archived";
const STARRED: &str = "isstarred starred isfavorite favorite isfavourite favourite";

const LANGUAGE: &str = "language lang languagecode langcode inlanguage locale contentlanguage articlelanguage sourcelang \
    sourcelanguage";

/// What each name means, as the documentation lists it.
const ROLES: [(&str, &[&str]); 11] = [
    ("title", &[TITLE]),
    ("body", &[BODY]),
    ("body, if there is none of these", &[SUMMARY]),
    ("date", &[DATE]),
    ("date, if there is none of these and the text names none", &[HELD]),
    ("address", &[URL]),
    ("identifier", &[GUID]),
    ("author", &[AUTHOR]),
    ("source", &[SOURCE]),
    ("language", &[LANGUAGE]),
    ("tags", &[TAGS]),
];
/// The same for marks.
const MARKS: [(&str, &str); 2] = [("read", READ), ("starred", STARRED)];

/// The names as a table in Markdown: what a field becomes, its names in the order in which they count, and where they are
/// looked for.
pub(in crate::formats) fn table() -> String {
    let quoted = |names: &[&str]| {
        let names = names.iter().flat_map(|names| names.split_ascii_whitespace());
        names.map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" ")
    };
    let mut out =
        "| what it becomes | names of the field, the first of which counts |\n| --- | --- |\n".to_owned();
    for (role, names) in ROLES {
        out.push_str(&format!("| {role} | {} |\n", quoted(names)));
    }
    for (role, names) in MARKS {
        out.push_str(&format!("| {role} | {} |\n", quoted(&[names])));
    }
    out.push_str(&format!(
        "| an object whose fields count after the article's own | {} |\n",
        quoted(&DEEPER)
    ));
    out
}

/// Names of objects in an article whose fields are those of the article.
const DEEPER: [&str; 11] = [
    "fields",
    "meta",
    "metadata",
    "attributes",
    "properties",
    "extra",
    "details",
    "info",
    "og",
    "opengraph",
    "bibliographic",
];

/// The most authors of an article that are named.
const AUTHOR_CAP: usize = 32;
/// The most tags of an article that are taken, and the longest of them, in characters.
const TAG_CAP: usize = 32;
const TAG_LENGTH: usize = 60;

/// A name without case, accents and punctuation.
pub(in crate::formats) fn plain(name: &str) -> String {
    let letters = name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
    letters
        .map(|c| match c {
            'á' | 'à' | 'â' | 'ä' | 'ã' | 'å' => 'a',
            'é' | 'è' | 'ê' | 'ë' => 'e',
            'í' | 'ì' | 'î' | 'ï' => 'i',
            'ó' | 'ò' | 'ô' | 'ö' | 'õ' | 'ø' => 'o',
            'ú' | 'ù' | 'û' | 'ü' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            'ł' => 'l',
            'ś' => 's',
            'ć' => 'c',
            c => c,
        })
        .collect()
}

/// Whether a field of this name is known, and whether it is a title, a body or a summary.
pub(in crate::formats) fn known(name: &str) -> Option<bool> {
    let name = plain(name);
    let has = |names: &str| names.split_ascii_whitespace().any(|known| known == name);
    let text = has(TITLE) || has(BODY) || has(SUMMARY);
    let is_known = ROLES.iter().any(|(_, lists)| lists.iter().any(|names| has(names)));
    (text || is_known || MARKS.iter().any(|(_, names)| has(names))).then_some(text)
}

/// The fields of one object, with plain names.
pub(in crate::formats) struct Fields<'a> {
    own: Vec<(String, &'a Value)>,
    /// Those that lie one object deeper.
    deeper: Vec<(String, &'a Value)>,
}

impl<'a> Fields<'a> {
    pub(in crate::formats) fn new(object: &'a Map<String, Value>) -> Fields<'a> {
        let filled = |value: &Value| match value {
            Value::Null => false,
            Value::String(text) => !text.trim().is_empty(),
            Value::Array(values) => !values.is_empty(),
            _ => true,
        };
        let fields = |object: &'a Map<String, Value>| {
            object.iter().filter(|(_, value)| filled(value)).map(|(name, value)| (plain(name), value))
        };
        let own: Vec<(String, &Value)> = fields(object).collect();
        let inner = own.iter().filter(|(name, _)| DEEPER.contains(&name.as_str()));
        let deeper = inner.filter_map(|(_, value)| value.as_object()).flat_map(fields).collect();
        Fields { own, deeper }
    }

    /// The values of the fields in a list of names, in the order of the list, those of the object itself first.
    fn all<'b>(&'b self, names: &'static str) -> impl Iterator<Item = &'a Value> + 'b {
        let in_order = move |fields: &'b [(String, &'a Value)]| {
            names.split_ascii_whitespace().filter_map(move |name| {
                fields.iter().find(|(field, _)| field == name).map(|(_, value)| *value)
            })
        };
        in_order(&self.own).chain(in_order(&self.deeper))
    }

    fn has(&self, name: &str) -> bool {
        self.own.iter().any(|(field, _)| field == name)
    }

    fn first<T>(&self, names: &'static str, read: impl FnMut(&'a Value) -> Option<T>) -> Option<T> {
        self.all(names).find_map(read)
    }

    pub(in crate::formats) fn title(&self) -> Option<String> {
        let named = self.first(TITLE, |value| text(value, " ").filter(|_| !is_list(value)));
        named.or_else(|| self.first("description", |value| text(value, " ")).filter(|_| self.is_pin()))
    }

    /// Whether this is a bookmark as Pinboard and Delicious write it: its `description` is the title, and `extended` the text.
    fn is_pin(&self) -> bool {
        self.has("href") && self.has("toread") && self.has("shared")
    }

    /// Whether this is a folder of bookmarks, as Chrome and Firefox write it.
    fn is_folder(&self) -> bool {
        let kind = self.own.iter().find(|(name, _)| name == "type").and_then(|(_, value)| value.as_str());
        matches!(kind, Some("folder" | "text/x-moz-place-container"))
    }

    /// Whether there is a field that is called a title, and not only a name or a subject.
    pub(super) fn has_title(&self) -> bool {
        self.first("title headline", |value| text(value, " ")).is_some()
    }

    fn body(&self) -> Option<String> {
        if self.is_pin() {
            return self.first("extended", |value| text(value, "\n\n"));
        }
        self.first(BODY, |value| text(value, "\n\n"))
            .or_else(|| self.first(SUMMARY, |value| text(value, "\n\n")))
    }

    /// The body and its layout. The field that holds HTML in JSON Feed is read as HTML. `own` is the article's address.
    fn laid_out(&self, own: Option<&str>) -> Option<(String, Layout)> {
        let other = self.all("body text content maintext").next().is_some();
        let html = self.all("contenthtml").find_map(Value::as_str).filter(|_| !other);
        match html {
            Some(html) => Some(html::to_text(html, own, own)),
            None => {
                let body = self.body()?;
                Some(match with_meaning(&body) {
                    Some(html) => html::to_text(&html, own, own),
                    None => (markup::to_text(&body).into_owned(), Layout::AsTyped),
                })
            }
        }
    }

    /// Whether this is a row of a database that says when it was stored.
    fn is_row(&self) -> bool {
        self.has("insertedat") || self.has("scrapedat")
    }

    /// The date that is written in it, if it can be read. When a row of a database was changed says nothing.
    pub(super) fn date(&self) -> Option<Written> {
        let is_row = self.is_row();
        let of_row = |value: &Value| {
            is_row && self.own.iter().any(|(name, own)| name == "updatedat" && std::ptr::eq(*own, value))
        };
        self.first(DATE, |value| written(value).filter(|_| !of_row(value)))
    }

    /// Whether the object is an article: it has a body, or a title beside a date or an address.
    pub(in crate::formats) fn is_article(&self) -> bool {
        let has = |names: &'static str| self.first(names, |value| text(value, " ")).is_some();
        if self.is_folder() {
            return false;
        }
        self.first(BODY, body).is_some()
            || has(SUMMARY) && (has(TITLE) || has(DATE) || self.first(URL, url).is_some())
            || has(TITLE) && (has(DATE) || has(HELD) || has(URL))
    }

    pub(in crate::formats) fn draft(
        &self,
        origin: &Origin,
        line: Option<u64>,
        warnings: &mut Vec<Warning>,
    ) -> Draft {
        let published = self.date();
        if published.is_none()
            && !self.is_row()
            && let Some(written) = self.first(DATE, |value| text(value, " ")).filter(|text| !is_unknown(text))
        {
            let written: String = written.chars().take(60).collect();
            warnings.push(origin.warning(line, &format!("could not understand the date \"{written}\"")));
        }
        let url = self.address();
        let (body, layout) = self.laid_out(url.as_deref()).unwrap_or_default();
        let source = self.first(SOURCE, source);
        let author = self.first(AUTHOR, author).or_else(|| self.sender());
        Draft {
            title: self.title().map(|title| markup::to_text(&title).into_owned()).unwrap_or_default(),
            body,
            layout,
            url,
            guid: self.first(GUID, |value| text(value, " ")),
            source,
            author,
            language: self.first(LANGUAGE, language),
            published,
            held: self.first(HELD, written).map(|written| written.moment),
            tags: self.tags(),
            read: self.is_set(READ) || self.is_archived(),
            starred: self.is_set(STARRED),
        }
    }

    fn address(&self) -> Option<String> {
        self.first(URL, url).or_else(|| self.first("url link articleurl newsurl", bare_url)).or_else(|| {
            // trafilatura calls the address of the page its source.
            let source = self.first("source", |value| value.as_str().and_then(crate::text::clean_url));
            let page = source.filter(|url| url.split('/').nth(3).is_some_and(|path| !path.is_empty()));
            page.or_else(|| self.post())
        })
    }

    /// The address of a post on X, by its number.
    fn post(&self) -> Option<String> {
        let number = self.first("idstr", Value::as_str).filter(|_| self.has("fulltext"))?;
        number
            .bytes()
            .all(|byte| byte.is_ascii_digit())
            .then(|| format!("https://x.com/i/web/status/{number}"))
    }

    /// Who sent a message, in the archives of chats.
    fn sender(&self) -> Option<String> {
        self.first("from", author).filter(|_| self.has("fromid"))
    }

    fn tags(&self) -> Vec<String> {
        let mut tags: Vec<String> = Vec::new();
        for value in self.all(TAGS) {
            add_tags(value, &mut tags);
        }
        tags
    }

    fn is_set(&self, names: &'static str) -> bool {
        let set = |value: &Value| match value {
            Value::Bool(set) => *set,
            Value::Number(number) => number.as_i64() == Some(1),
            Value::String(text) => matches!(text.trim().to_ascii_lowercase().as_str(), "true" | "1" | "yes"),
            _ => false,
        };
        self.all(names).any(set)
    }

    /// Whether a service for reading later has put it away.
    fn is_archived(&self) -> bool {
        let archived = |value: &Value| {
            value.as_str().is_some_and(|text| {
                matches!(text.trim().to_ascii_lowercase().as_str(), "archive" | "archived")
            })
        };
        self.all("status state location folder").any(archived)
    }
}

/// A body as HTML, if it has elements whose meaning is lost in plain text: powers of ten, struck-out words, code, films.
/// Where no element divides it, its lines do.
fn with_meaning(body: &str) -> Option<Cow<'_, str>> {
    const MEANT: [&str; 11] = [
        "</sup>",
        "</sub>",
        "</del>",
        "</s>",
        "</strike>",
        "</pre>",
        "</iframe>",
        "</video>",
        "</audio>",
        "<embed ",
        "</object>",
    ];
    const DIVIDING: [&str; 6] = ["</p>", "<p>", "<br", "</div>", "</li>", "</h2>"];
    if !body.contains('<') || !MEANT.iter().any(|mark| body.contains(mark)) {
        return None;
    }
    Some(match DIVIDING.iter().any(|mark| body.contains(mark)) || body.contains("</pre>") {
        true => Cow::Borrowed(body),
        false => Cow::Owned(format!(
            "<p>{}",
            body.replace("\r\n", "\n").replace("\n\n", "<p>").replace('\n', "<br>")
        )),
    })
}

/// Adds the tags in a value: in an array, in objects, or in a text with commas, semicolons or bars between them.
pub(super) fn add_tags(value: &Value, tags: &mut Vec<String>) {
    match value {
        Value::String(text) => {
            let text = markup::to_text(text);
            let text = text.trim().trim_start_matches('[').trim_end_matches(']');
            let marks: &[char] = if text.contains([';', '|']) { &[';', '|'] } else { &[','] };
            for tag in text.split(marks) {
                let tag = clean_line(tag.trim().trim_matches(['\'', '"']).trim_start_matches('#'));
                let known = tags.iter().any(|other| other.to_lowercase() == tag.to_lowercase());
                if !tag.is_empty() && !known && tags.len() < TAG_CAP && tag.chars().count() <= TAG_LENGTH {
                    tags.push(tag);
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| add_tags(value, tags)),
        Value::Object(object) => {
            let name =
                ["name", "label", "value", "title", "tag", "text"].iter().find_map(|name| object.get(*name));
            if let Some(name @ Value::String(_)) = name {
                add_tags(name, tags);
            }
        }
        _ => {}
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
        // A text in pieces, some of which are links or bold.
        Value::Array(values) if is_rich(values) => {
            let piece = |value: &Value| match value {
                Value::Object(object) => object.get("text").and_then(Value::as_str).map(str::to_owned),
                value => value.as_str().map(str::to_owned),
            };
            values.iter().filter_map(piece).collect()
        }
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

/// Whether an array is one text: strings, and objects that have a text and say what it is.
fn is_rich(values: &[Value]) -> bool {
    let marked = |value: &Value| value.get("type").is_some() && value.get("text").is_some();
    values.iter().any(Value::is_string)
        && values.iter().all(|value| value.is_string() || marked(value))
        && values.iter().any(marked)
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
pub(super) fn written(value: &Value) -> Option<Written> {
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
        Value::Object(object) => ["href", "url", "rendered", "value", "web", "permalink"]
            .iter()
            .find_map(|name| object.get(*name).and_then(url)),
        _ => None,
    }
}

/// Whether a value is a list of objects: the subjects of an agency, none of which is a title.
fn is_list(value: &Value) -> bool {
    value.as_array().is_some_and(|values| values.iter().any(Value::is_object))
}

/// An address that was written without its scheme: `news.example/2022/bridge`.
fn bare_url(value: &Value) -> Option<String> {
    let text = value.as_str()?.trim();
    let (host, _) = text.split_once('/')?;
    let (_, end) = host.rsplit_once('.')?;
    let is_host = host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-'));
    let is_address = is_host
        && (2..=24).contains(&end.len())
        && end.bytes().all(|byte| byte.is_ascii_alphabetic())
        && !text.contains(char::is_whitespace);
    is_address.then(|| crate::text::clean_url(&format!("http://{text}"))).flatten()
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
        // The program with which a post was written.
        Value::String(name) if name.trim_start().starts_with("<a ") => return None,
        Value::String(name) => name,
        _ => return None,
    };
    let name = markup::to_text(name);
    let bare =
        name.strip_prefix("www.").filter(|rest| rest.contains('.') && !rest.contains(char::is_whitespace));
    Some(super::super::link::host(&name).unwrap_or_else(|| bare.unwrap_or(&name).to_owned()))
}
