//! The date of a page, from the surest sign that it has: what it says of its publication to machines, then what it shows
//! to people, then what it says of its last change.

use super::super::dating::{self, recorded};
use super::super::html::Element;
use super::said::{Data, Meta};
use crate::article::date::Written;

/// Names of `meta` elements for the publication, by worth.
const PUBLISHED: &[&str] = &[
    "article:published_time",
    "og:published_time",
    "og:article:published_time",
    "article:published",
    "article.published",
    "datepublished",
    "rnews:datepublished",
    "published_time",
    "publishedtime",
    "bt:pubdate",
    "parsely-pub-date",
    "sailthru.date",
    "cxenseparse:recs:publishtime",
    "cxenseparse:articlepublicationdate",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "publication_date",
    "publicationdate",
    "published",
    "originalpublicationdate",
    "article_date_original",
    "dcterms.issued",
    "dc.date.issued",
    "dc.date.created",
    "dcterms.created",
    "dcterms.date",
    "dcterms.available",
    "dc.date",
    "dc:date",
    "dc:created",
    "date",
    "date_published",
    "displaydate",
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "ptime",
    "creationdate",
    "datecreated",
    "article:created",
    "created",
    "pdate",
    "releasedate",
    "release_date",
    "timestamp",
    "vr:published_time",
    "shareaholic:article_published_time",
    "analyticsattributes.articledate",
    "content_date",
    "pub_date",
    "eprints.date",
    "startdate",
    "search.date",
];
/// The same for the last change.
const MODIFIED: &[&str] = &[
    "article:modified_time",
    "og:updated_time",
    "article:modified",
    "datemodified",
    "dcterms.modified",
    "dc.date.modified",
    "lastmod",
    "last-modified",
    "lastmodified",
    "revision_date",
    "updated_time",
    "modified",
    "moddate",
    "lastdate",
];
/// Parts of the names of classes and identifiers of elements that show a date.
const SHOWN: &[&str] = &[
    "date",
    "datum",
    "publish",
    "pubdate",
    "posted",
    "time",
    "meta",
    "byline",
    "dateline",
    "fecha",
    "zeit",
    "veroeffentlich",
    "entry-info",
    "infoline",
    "submitted",
    "autor",
    "author",
    "published",
    "post-info",
    "subline",
    "day",
    "stamp",
    "info",
    "kicker",
    "details",
    "date_time",
];
/// The longest text of an element that shows a date, in bytes.
const SHOWN_CAP: usize = 160;
/// The most elements whose texts are searched.
const SEARCH_CAP: usize = 600;

/// The date of a page. `url` is its address; the day in it counts more than what is only shown.
pub(super) fn published(all: &[Element], meta: &Meta, data: &Data, url: Option<&str>) -> Option<Written> {
    let machine = || meta.all(PUBLISHED).find_map(|written| read(&written));
    let linked = || data.text(&["datePublished"]).and_then(|written| read(&written));
    let property = |name: &str| {
        let named = all.iter().filter(|element| {
            element
                .attribute("itemprop")
                .is_some_and(|value| value.split_whitespace().any(|word| word.eq_ignore_ascii_case(name)))
        });
        named.filter_map(|element| value(*element)).find_map(|written| read(&written))
    };
    let created = || data.text(&["dateCreated", "uploadDate"]).and_then(|written| read(&written));
    let address = || url.and_then(dating::day_of_address).map(Written::from);
    let modified = || {
        let written = meta.get(MODIFIED).or_else(|| data.text(&["dateModified"]));
        written.and_then(|written| read(&written))
    };
    machine()
        .or_else(linked)
        .or_else(|| property("datePublished"))
        .or_else(|| times(all, true))
        .or_else(created)
        .or_else(|| property("dateCreated"))
        .or_else(|| marked(all))
        .or_else(address)
        .or_else(|| in_scripts(all))
        .or_else(|| shown(all))
        .or_else(|| alone(all))
        .or_else(modified)
        .or_else(|| property("dateModified"))
        .or_else(|| times(all, false))
        .or_else(|| anywhere(all))
}

/// A date that a program wrote, or that begins such a text.
fn read(written: &str) -> Option<Written> {
    let written = written.trim();
    recorded(written).or_else(|| {
        recorded(written.get(..10).filter(|day| day.bytes().filter(|b| *b == b'-').count() == 2)?)
    })
}

fn value(element: Element) -> Option<String> {
    ["content", "datetime"].iter().find_map(|name| element.attribute(name)).or_else(|| Some(element.text()))
}

/// Class, identifier and similar names of an element, in lower case.
fn names(element: &Element) -> String {
    let mut names = String::new();
    for name in ["class", "id", "data-testid", "property"] {
        if let Some(value) = element.attribute(name) {
            names.push_str(&value.to_ascii_lowercase());
            names.push(' ');
        }
    }
    names
}

fn is_change(names: &str) -> bool {
    ["updat", "modif", "changed", "aktualis", "comment", "kommentar", "reply"]
        .iter()
        .any(|word| names.contains(word))
}

/// The first date in an element `time`: of the publication, or of any.
fn times(all: &[Element], published: bool) -> Option<Written> {
    let times: Vec<&Element> = all.iter().filter(|element| element.is("time")).take(64).collect();
    let of = |element: &&&Element| !published || !is_change(&names(element));
    let sure = |element: &&&Element| {
        let names = names(element);
        element.attribute("pubdate").is_some()
            || ["publish", "entry-date", "post-date", "pubdate"].iter().any(|word| names.contains(word))
    };
    let read = |element: &&Element| {
        let written = element.attribute("datetime").filter(|written| !written.trim().is_empty());
        written.and_then(|written| read(&written)).or_else(|| find(&element.text()))
    };
    times.iter().filter(of).filter(sure).find_map(read).or_else(|| times.iter().filter(of).find_map(read))
}

/// `<abbr class="published" title="2022-01-03">`, and attributes that hold the date of an article.
fn marked(all: &[Element]) -> Option<Written> {
    let titled = all.iter().filter(|element| {
        (element.is("abbr") || element.is("span")) && {
            let names = names(element);
            (names.contains("publish") || names.contains("date") || names.contains("time"))
                && !is_change(&names)
        }
    });
    titled.filter_map(|element| element.attribute("title")).find_map(|written| read(&written)).or_else(|| {
        let named = [
            "data-datetime",
            "data-date",
            "data-published",
            "data-publish-date",
            "data-utime",
            "data-timestamp",
        ];
        let of = |element: &Element| {
            named.iter().find_map(|name| element.attribute(name)).and_then(|written| read(&written))
        };
        all.iter().filter(|element| !is_change(&names(element))).find_map(of)
    })
}

/// A field of publication in a script that is not for search engines.
fn in_scripts(all: &[Element]) -> Option<Written> {
    const FIELDS: [&str; 8] = [
        "datePublished",
        "publishDate",
        "publish_date",
        "publishedAt",
        "published_at",
        "publicationDate",
        "published_time",
        "pubDate",
    ];
    let scripts = all.iter().filter(|element| element.is("script"));
    scripts.take(64).map(|script| script.text()).find_map(|text| {
        FIELDS.iter().find_map(|field| {
            let (_, after) = text.split_once(field)?;
            let after = after.trim_start_matches(['"', '\'', '\\', ' ']).strip_prefix([':', '='])?;
            let after = after.trim_start().trim_start_matches('\\').strip_prefix(['"', '\''])?;
            read(after.split(['"', '\'', '\\']).next()?)
        })
    })
}

/// A date in a short text of an element whose name promises one.
fn shown(all: &[Element]) -> Option<Written> {
    let promising = all.iter().filter(|element| {
        let names = names(element);
        !is_change(&names) && SHOWN.iter().any(|word| names.contains(word))
    });
    promising.take(SEARCH_CAP).find_map(|element| {
        let text = short(*element)?;
        find(&text)
    })
}

/// A text that is nothing but a date.
fn alone(all: &[Element]) -> Option<Written> {
    let leaves = all.iter().filter(|element| element.elements().next().is_none() && !is_silent(element));
    leaves
        .take(SEARCH_CAP * 4)
        .find_map(|element| recorded(&short(*element).filter(|text| text.len() <= 60)?))
}

/// A date in any short text, as a last resort.
fn anywhere(all: &[Element]) -> Option<Written> {
    let leaves = all.iter().filter(|element| !is_silent(element));
    leaves.take(SEARCH_CAP * 4).find_map(|element| find(&short(*element)?))
}

fn is_silent(element: &Element) -> bool {
    ["script", "style", "noscript", "template", "title", "option", "head", "svg"]
        .iter()
        .any(|name| element.is(name))
}

fn short(element: Element) -> Option<String> {
    let text = element.text();
    if text.len() > 4 * SHOWN_CAP {
        return None;
    }
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    (text.len() <= SHOWN_CAP && text.bytes().any(|byte| byte.is_ascii_digit())).then_some(text)
}

/// The first date within a short text: up to six words that are one, with a year of four figures.
fn find(text: &str) -> Option<Written> {
    let text = text.replace(['|', '·', '•', '–', '—', '(', ')', '/'], " ").replace(" , ", ", ");
    let slashed = text
        .split_whitespace()
        .find_map(|word| recorded(word.trim_matches([',', ';', ':', '.'])).filter(|_| is_dated(word)));
    if slashed.is_some() {
        return slashed;
    }
    let words: Vec<&str> = text.split_whitespace().take(40).collect();
    (0..words.len()).find_map(|from| {
        (2..=6.min(words.len() - from)).rev().find_map(|count| {
            let window = words.get(from..from + count)?.join(" ");
            let window = window.trim_matches([',', ';', ':', '.', '-']);
            is_dated(window).then(|| recorded(window))?
        })
    })
}

/// Whether a text has a year and a day.
fn is_dated(text: &str) -> bool {
    let numbers: Vec<&str> =
        text.split(|c: char| !c.is_ascii_digit()).filter(|number| !number.is_empty()).collect();
    let year = numbers
        .iter()
        .any(|number| number.len() == 4 && (number.starts_with("19") || number.starts_with("20")));
    year && numbers.len() >= 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_within_a_text() {
        for (text, day) in [
            ("Posted on January 3, 2022 by Ana Petrova", "2022-01-03"),
            ("Veröffentlicht am 3. Januar 2022 | Lokales", "2022-01-03"),
            ("03.01.2022 - 10:15 Uhr", "2022-01-03"),
            ("Lovech, 2022-01-03", "2022-01-03"),
        ] {
            assert_eq!(
                find(text).map(|found| found.moment.date_naive().to_string()).as_deref(),
                Some(day),
                "{text}"
            );
        }
        for text in ["Copyright 2022 Courier", "Call 555 2022", "In May 2022 it rained", "12 comments"] {
            assert_eq!(find(text), None, "{text}");
        }
    }
}
