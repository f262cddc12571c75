//! Who wrote a page: what it says to machines, then the elements that show a byline.

use super::super::html::Element;
use super::said::{Data, Meta};
use crate::article::date;

const NAMES: &[&str] = &[
    // A person where `author` may be the publisher.
    "article:author",
    "article:author_name",
    "author",
    "og:author",
    "dc.creator",
    "dc:creator",
    "dcterms.creator",
    "dc.contributor",
    "parsely-author",
    "byl",
    "byline",
    "sailthru.author",
    "citation_author",
    "creator",
    "authors",
    "article.author",
    "cxenseparse:author",
    "shareaholic:article_author_name",
    "vr:author",
    "rbauthors",
    "dcterms.creator.personalname",
    "author_name",
    "article_author",
    "dcsext.author",
];
/// Names of classes and identifiers of elements that hold an author's name.
const SHOWN: &[&str] = &[
    "author-name",
    "author__name",
    "authorname",
    "author_name",
    "byline-name",
    "byline__name",
    "byline__author",
    "article-author",
    "article__author",
    "article_author",
    "post-author",
    "post__author",
    "entry-author",
    "story-author",
    "news-author",
    "fn",
    "author",
    "autor",
    "autorenname",
    "auteur",
    "byline",
    "by-line",
    "byauthor",
    "submitted-by",
    "username",
    "authors",
    "writer",
    "journalist",
    "author-box",
    "meta-author",
    "posted-by",
    "c-byline",
    "signature",
    "verfasser",
    "article-byline",
    "redakteur",
];
/// The longest text of an element that shows a byline, and the longest name, in characters.
const BYLINE_CAP: usize = 200;
const NAME_CAP: usize = 70;
/// The most elements that are looked at for a byline.
const NAMED_CAP: usize = 2_000;
/// The most authors of a page that are named.
const AUTHOR_CAP: usize = 12;

/// The authors of a page, separated by commas. `site` is its name, which is no author; `byline` is what Readability took
/// for one.
pub(super) fn authors(
    all: &[Element],
    meta: &Meta,
    data: &Data,
    site: Option<&str>,
    byline: Option<&str>,
) -> Option<String> {
    let is_site = |name: &str| site.is_some_and(|site| site.eq_ignore_ascii_case(name));
    let mut second = None;
    let mut from = |names: Vec<String>| {
        let mut found: Vec<String> = Vec::new();
        for name in names.iter().filter_map(|name| person(name)) {
            if found.len() < AUTHOR_CAP && !found.contains(&name) {
                found.push(name);
            }
        }
        // A site is better than nobody.
        if !found.is_empty() && found.iter().all(|name| is_site(name)) {
            second.get_or_insert(found.join(", "));
            return None;
        }
        (!found.is_empty()).then(|| found.join(", "))
    };
    let linked = data.authors();
    if let Some(found) = from(linked) {
        return Some(found);
    }
    for name in NAMES {
        if let Some(found) = from(meta.all(&[*name]).collect()) {
            return Some(found);
        }
    }
    let has = |element: &Element, name: &str, wanted: &str| {
        element
            .attribute(name)
            .is_some_and(|value| value.split_whitespace().any(|word| word.eq_ignore_ascii_case(wanted)))
    };
    let property: Vec<String> = all
        .iter()
        .filter(|element| has(element, "itemprop", "author") || has(element, "itemprop", "creator"))
        .filter_map(|author| {
            let name = author.below().find(|inner| has(inner, "itemprop", "name"));
            name.map(value).or_else(|| Some(value(*author)))
        })
        .collect();
    if let Some(found) = from(property) {
        return Some(found);
    }
    let related: Vec<String> = all
        .iter()
        .filter(|element| has(element, "rel", "author") && !element.is("link"))
        .map(|author| author.text())
        .collect();
    // An article has few authors; a list of them belongs to the site.
    if let Some(found) = (related.len() <= AUTHOR_CAP).then(|| from(related)).flatten() {
        return Some(found);
    }
    let named = named(all);
    for class in SHOWN {
        let is = |word: &String| {
            let longer = word.len() > class.len() && class.len() > 4 && word.ends_with(class);
            word == class || longer && !word.contains("comment")
        };
        let of_class = named.iter().filter(|(_, words)| words.iter().any(is)).take(20);
        let mut texts = of_class.map(|(element, _)| element.text());
        if let Some(found) = texts.find_map(|text| from(vec![text])) {
            return Some(found);
        }
    }
    if let Some(found) = byline.and_then(|byline| from(vec![byline.to_owned()])) {
        return Some(found);
    }
    second
}

/// The elements whose class or identifier may be that of a byline, each with these words in lower case.
fn named<'t>(all: &[Element<'t>]) -> Vec<(Element<'t>, Vec<String>)> {
    let is_field = |element: &Element| {
        ["label", "input", "textarea", "button", "option", "form"].iter().any(|name| element.is(name))
    };
    let words = |element: &Element| {
        let values = ["class", "id"].into_iter().filter_map(|name| element.attribute(name));
        values
            .flat_map(|value| value.split_whitespace().map(str::to_ascii_lowercase).collect::<Vec<_>>())
            .collect::<Vec<_>>()
    };
    let fits = |word: &String| SHOWN.iter().any(|class| word.ends_with(class));
    all.iter()
        .filter(|element| !is_field(element))
        .map(|element| (*element, words(element)))
        .filter(|(_, words)| words.iter().any(fits))
        .take(NAMED_CAP)
        .collect()
}

fn value(element: Element) -> String {
    element.attribute("content").unwrap_or_else(|| element.text())
}

/// A byline whose words stand in elements of their own, so that no blank is between them: `ByAna Petrova`, `Byby ANA
/// PETROVA`, `Ana PetrovaStaff Writer`.
fn unglued(text: &str) -> String {
    const TITLES: [&str; 7] =
        ["Staff ", "Senior ", "Reporter", "Editor", "Correspondent", "Writer", "Political "];
    let mut text = text;
    for _ in 0..2 {
        let rest = text.get(2..).unwrap_or_default();
        let is_by = matches!(text.get(..2), Some("By" | "by"));
        // A name may begin so: `Byron`.
        if is_by && (rest.starts_with(char::is_uppercase) || rest.starts_with("by ")) {
            text = rest;
        }
    }
    let glued = TITLES.iter().filter_map(|title| {
        text.match_indices(title).map(|(at, _)| at).find(|at| {
            text.get(..*at).and_then(|before| before.chars().next_back()).is_some_and(char::is_lowercase)
        })
    });
    glued.min().and_then(|at| text.get(..at)).unwrap_or(text).to_owned()
}

/// The name in a byline, if it can be one: without `By`, a date, and what follows the name.
pub(super) fn person(text: &str) -> Option<String> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() || text.chars().count() > BYLINE_CAP || text.contains("://") || text.contains("www.") {
        return None;
    }
    let text = unglued(&text);
    let mut name = text.as_str();
    const BEFORE: &[&str] = &[
        "view all posts by",
        "see all posts by",
        "all posts by",
        "view posts by",
        "posts by",
        "more from",
        "more by",
        "written by",
        "posted by",
        "published by",
        "submitted by",
        "story by",
        "reported by",
        "words by",
        "text by",
        "geschrieben von",
        "veröffentlicht von",
        "erstellt von",
        "ein artikel von",
        "ein beitrag von",
        "by:",
        "by",
        "von:",
        "von",
        "text:",
        "author:",
        "autor:",
        "autorin:",
        "author",
        "verfasser:",
        "par",
        "por",
        "di",
        "af",
        "door",
        "écrit par",
        "publié par",
        "redaktion:",
        "foto:",
        "posted",
    ];
    for before in BEFORE {
        let length = before.len();
        let starts = name.get(..length).is_some_and(|start| start.to_lowercase() == *before);
        if starts
            && (before.ends_with(':') || name.get(length..).is_some_and(|rest| rest.starts_with([' ', ':'])))
        {
            name = name.get(length..).unwrap_or_default().trim_start_matches([' ', ':']);
        }
    }
    // `Ana Petrova, 3 January 2022`, `Ana Petrova | Courier`, `Ana Petrova on 3 January`
    // `Ana Petrova is the editor of the Courier`, `Ana Petrova View author archive`
    for mark in [
        " | ",
        " – ",
        " — ",
        " - ",
        " · ",
        " • ",
        "\u{a0}| ",
        " on ",
        " am ",
        " @ ",
        " // ",
        "; ",
        " is ",
        " View author",
        " Get author",
    ] {
        name = name.split(mark).next().unwrap_or_default();
    }
    let parts: Vec<&str> = name.split(", ").collect();
    let kept: Vec<&str> = parts
        .iter()
        .copied()
        .take_while(|part| date::parse(part).is_none() && !part.bytes().any(|b| b.is_ascii_digit()))
        .collect();
    let name = kept.join(", ");
    let name = name.trim().trim_matches([',', ':', '.', '-', '|', '"']).trim();
    let words = name.split_whitespace().count();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    let lower = name.to_lowercase();
    let is_field =
        ["name (", "name *", "name:", "your name", "ihr name"].iter().any(|start| lower.starts_with(start))
            || lower == "name";
    let is_other = is_field
        || [
            "admin",
            "submitted",
            "published",
            "updated",
            "administrator",
            "comments",
            "share",
            "subscribe",
            "read more",
            "staff",
            "null",
            "undefined",
            "author",
            "autor",
            "redaktion",
            "unknown",
            "follow",
            "login",
            "anmelden",
            "webmaster",
            "empfehlen",
            "drucken",
            "print",
            "about the author",
            "über den autor",
        ]
        .contains(&lower.as_str());
    let fits = (2..=NAME_CAP).contains(&name.chars().count())
        && words <= 10
        && letters * 2 > name.chars().count()
        && letters >= 2;
    (fits && !is_other && !name.contains('@') && !name.contains(['{', '<', '=', '?', '!']))
        .then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_bylines() {
        for (text, name) in [
            ("By Ana Petrova", "Ana Petrova"),
            ("Posted by Ana Petrova on 3 January 2022", "Ana Petrova"),
            ("  Von: Ana Petrova | Courier", "Ana Petrova"),
            ("Ana Petrova, 3 January 2022", "Ana Petrova"),
            ("Ana Petrova, Jon Vale", "Ana Petrova, Jon Vale"),
            ("Byron Vale", "Byron Vale"),
            ("BYRON VALE", "BYRON VALE"),
            ("ByAna Petrova", "Ana Petrova"),
            ("Byby ANA PETROVA", "ANA PETROVA"),
            ("Ana PetrovaStaff Writer", "Ana Petrova"),
            ("Ana Petrova is the editor of the Courier", "Ana Petrova"),
            ("Ana Petrova View author archive Get author RSS feed", "Ana Petrova"),
        ] {
            assert_eq!(person(text).as_deref(), Some(name), "{text}");
        }
        for text in [
            "",
            "Submitted on Mon, 2022-01-03",
            "https://example.org/ana",
            "12 comments",
            "ana@example.org",
            "admin",
            "3 January 2022",
        ] {
            assert_eq!(person(text), None, "{text}");
        }
    }
}
