//! Reuters' two collections for research: RCV1 (`<newsitem>`, one a file) and Reuters-21578 (`<REUTERS>`, a thousand
//! a file, in SGML whose bodies have bare `<` and control codes).

use super::super::dating::recorded;
use super::super::draft::Draft;
use super::super::format::first_element;
use super::super::xml::{Element, Tree};
use super::super::{Gathered, Origin, markup};
use super::{body, first, line_of, local, value, with_dateline, without_by};

pub(in crate::formats) fn is_rcv1(text: &str) -> bool {
    first_element(text).is_some_and(|(name, rest)| {
        let tag = rest.split('>').next().unwrap_or_default();
        name == "newsitem" && tag.contains("itemid")
    })
}

pub(in crate::formats) fn read_rcv1(text: &str, origin: &Origin, found: &mut Gathered) {
    let warnings = &mut found.warnings;
    Tree::without_items(text, &|name| name == "newsitem", &mut |item| {
        found.items.extend(rcv1(item).finish(origin, None, warnings));
    });
}

fn rcv1(item: Element) -> Draft {
    let dc = |name: &str| {
        let elements = item.below().filter(|element| local(*element) == "dc");
        let mut named = elements.filter(|element| value(*element, "element").as_deref() == Some(name));
        named.find_map(|element| value(element, "value"))
    };
    let (text, layout) = first(item, "text").map(|text| body(text, None)).unwrap_or_default();
    let text = match line_of(item, "dateline") {
        Some(dateline) => with_dateline(&dateline, text),
        None => text,
    };
    let date = value(item, "date").or_else(|| dc("dc.date.published")).or_else(|| dc("dc.date.created"));
    Draft {
        title: line_of(item, "headline").or_else(|| line_of(item, "title")).unwrap_or_default(),
        body: text,
        layout,
        guid: value(item, "itemid"),
        source: dc("dc.source").or_else(|| dc("dc.publisher")).or_else(|| Some("Reuters".to_owned())),
        author: line_of(item, "byline").and_then(|byline| without_by(&byline)).or_else(|| dc("dc.creator")),
        published: date.and_then(|date| recorded(&date)),
        language: value(item, "xml:lang"),
        ..Draft::default()
    }
}

pub(in crate::formats) fn is_sgml(text: &str) -> bool {
    first_element(text).is_some_and(|(name, rest)| name == "reuters" && !rest.starts_with("reuters "))
}

/// Reads a file of the collection. The stories are found by their tags, as no reader of XML would take their bodies.
pub(in crate::formats) fn read_sgml(text: &str, origin: &Origin, found: &mut Gathered) {
    let mut rest = text;
    while let Some(at) = rest.find("<REUTERS") {
        let story = rest.get(at..).unwrap_or_default();
        let (story, after) = match story.find("</REUTERS>") {
            Some(end) => (story.get(..end).unwrap_or_default(), story.get(end..).unwrap_or_default()),
            None => (story, ""),
        };
        rest = after;
        found.items.extend(sgml(story).finish(origin, None, &mut found.warnings));
    }
}

fn sgml(story: &str) -> Draft {
    let decoded = |name: &str| between(story, name).map(|text| markup::references_once(text).into_owned());
    let one = |name: &str| {
        let line = decoded(name)?.split_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    };
    let date = one("DATE").map(|date| {
        // Hundredths of a second: `26-FEB-1987 15:01:01.79`. Some dates are followed by other words.
        date.split_whitespace().take(2).collect::<Vec<_>>().join(" ")
    });
    let day = |date: &str| recorded(date).or_else(|| recorded(date.split_whitespace().next()?));
    let tags = ["TOPICS", "PLACES", "PEOPLE", "ORGS", "EXCHANGES", "COMPANIES"].iter().flat_map(|group| {
        let topics = between(story, group).unwrap_or_default();
        topics.split("<D>").skip(1).filter_map(|topic| topic.split("</D>").next()).map(str::to_owned)
    });
    // Stories without a body are all text.
    let whole = || {
        let text = decoded("TEXT")?;
        let text = ["TITLE", "AUTHOR", "DATELINE"].iter().fold(text, |text, name| without(&text, name));
        Some(text.trim_start_matches(|c: char| c == '*' || c.is_whitespace() || c.is_control()).to_owned())
    };
    let body = decoded("BODY").or_else(whole).unwrap_or_default();
    let body: String = body.chars().filter(|c| *c == '\n' || !c.is_control()).collect();
    let body = body.trim_end();
    // The agency's signature.
    let body = ["REUTER", "Reuter"].iter().find_map(|mark| body.strip_suffix(mark)).unwrap_or(body);
    let body = match one("DATELINE") {
        Some(dateline) => format!("{} - {}", dateline.trim_end_matches([' ', '-']), body.trim_start()),
        None => body.trim().to_owned(),
    };
    let title = one("TITLE").unwrap_or_default();
    let (title, body) = match title.is_empty() {
        // Some have their headline as the first line of the text.
        true => {
            let (first, rest) = body.trim_start().split_once('\n').unwrap_or((body.trim(), ""));
            (first.trim().trim_matches('*').trim().to_owned(), rest.to_owned())
        }
        false => (title, body),
    };
    Draft {
        title,
        body,
        guid: attribute(story, "NEWID").map(|id| format!("reuters-21578:{id}")),
        source: Some("Reuters".to_owned()),
        author: one("AUTHOR").and_then(|author| without_by(&author)),
        published: date.and_then(|date| day(&date)),
        tags: tags.collect(),
        ..Draft::default()
    }
}

/// The text between the tags of an element.
fn between<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let start = text.find(&format!("<{name}"))?;
    let after = text.get(start..)?.split_once('>')?.1;
    after.split(&format!("</{name}>")).next()
}

fn without(text: &str, name: &str) -> String {
    let (open, close) = (format!("<{name}>"), format!("</{name}>"));
    match (text.split_once(&open), text.split_once(&close)) {
        (Some((before, _)), Some((_, after))) => format!("{before}{after}"),
        _ => text.to_owned(),
    }
}

fn attribute<'a>(story: &'a str, name: &str) -> Option<&'a str> {
    let tag = story.split('>').next()?;
    tag.split(&format!("{name}=\"")).nth(1)?.split('"').next()
}

#[cfg(test)]
mod tests {
    use super::super::shown;

    #[test]
    fn rcv1() {
        let text = "<?xml version=\"1.0\" encoding=\"iso-8859-1\" ?>\n<newsitem itemid=\"7\" date=\"1996-08-20\" xml:lang=\"en\">\
            <title>PERU: Anchovy boats sail.</title><headline>Anchovy boats sail.</headline><byline>By Ana Petrova</byline>\
            <dateline>LIMA 1996-08-20</dateline><text><p>Boats sailed &amp; fished.</p>\n<p>Prices fell.</p></text>\
            <metadata><dc element=\"dc.source\" value=\"Reuters\"/></metadata></newsitem>";
        assert_eq!(
            shown(text),
            [
                "Anchovy boats sail. | 1996-08-20 | Reuters | Ana Petrova | 7 |  | LIMA 1996-08-20 - Boats sailed & fished. / Prices fell."
            ]
        );
    }

    #[test]
    fn stories_in_sgml() {
        let text = "<!DOCTYPE lewis SYSTEM \"lewis.dtd\">\n\
            <REUTERS TOPICS=\"YES\" OLDID=\"5\" NEWID=\"1\">\n<DATE>26-FEB-1987 15:01:01.79</DATE>\n<TOPICS><D>cocoa</D></TOPICS>\n\
            <PLACES><D>peru</D></PLACES>\n<UNKNOWN>&#5;&#5;C T</UNKNOWN>\n<TEXT>&#2;\n<TITLE>COAST OIL &lt;CST> TO BUY</TITLE>\n\
            <AUTHOR>    By Ana Petrova, Reuters</AUTHOR>\n<DATELINE>    LIMA, Feb 26 - </DATELINE><BODY>Coast Oil said\nit will buy.\n Reuter\n&#3;</BODY></TEXT>\n</REUTERS>\n\
            <REUTERS TOPICS=\"NO\" NEWID=\"2\">\n<DATE>27-FEB-1987 09:00:00.10</DATE>\n<TEXT TYPE=\"BRIEF\">&#2;\n******<TITLE>RATES UP TO 5-1/2 PCT\n</TITLE>Blah blah.\n&#3;\n</TEXT>\n</REUTERS>\n";
        assert_eq!(
            shown(text),
            [
                "COAST OIL <CST> TO BUY | 1987-02-26 | Reuters | Ana Petrova, Reuters | reuters-21578:1 | cocoa,peru | LIMA, Feb 26 - Coast Oil said ; it will buy.",
                "RATES UP TO 5-1/2 PCT | 1987-02-27 | Reuters | - | reuters-21578:2 |  | Blah blah.",
            ]
        );
    }
}
