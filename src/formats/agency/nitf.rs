//! NITF, the News Industry Text Format (AAP, AP, EFE, NTB, PA): one item a file.
//!
//! The body is `body.content`, the headline `hl1`, the date `date.issue`, the source `pubdata`, the distributor or the
//! holder of the rights. The identifier is that of `doc-id`, which later versions of the item keep.

use super::super::dating::recorded;
use super::super::draft::Draft;
use super::super::format::first_element;
use super::super::xml::{Element, Tree};
use super::super::{Gathered, Origin};
use super::{Notices, Versions, body, first, line, line_of, local, value, with_dateline, without_by};

pub(in crate::formats) fn is_nitf(text: &str) -> bool {
    first_element(text).is_some_and(|(name, _)| name == "nitf")
}

pub(in crate::formats) fn read(text: &str, origin: &Origin, found: &mut Gathered) {
    let mut versions = Versions::default();
    Tree::without_items(text, &|name| name == "nitf" || name.ends_with(":nitf"), &mut |item| {
        let (draft, version) = draft(item);
        versions.take(draft, version);
    });
    versions.finish(origin, found);
}

/// The draft of an element `nitf`, and the number of its version.
pub(super) fn draft(nitf: Element) -> (Draft, u64) {
    let named = |name: &'static str| nitf.below().filter(move |element| local(*element) == name);
    let attribute = |name: &'static str, key: &str| named(name).find_map(|element| value(element, key));
    let date = |name: &'static str, key: &str| attribute(name, key).and_then(|written| recorded(&written));
    let headline = named("hl1").find_map(line);
    let title = headline.or_else(|| line_of(nitf, "title")).or_else(|| line_of(nitf, "hedline"));
    let mut author: Vec<String> = named("byline").filter_map(byline).collect();
    author.dedup();
    let source = attribute("pubdata", "name")
        .or_else(|| line_of(nitf, "distributor"))
        .or_else(|| attribute("doc.copyright", "holder"))
        .or_else(|| line_of(nitf, "rights.owner"))
        .or_else(|| attribute("doc-id", "regsrc"))
        .or_else(|| attribute("from-src", "src-name"));
    let published = date("date.issue", "norm")
        .or_else(|| date("date.release", "norm"))
        .or_else(|| date("pubdata", "date.publication"))
        .or_else(|| date("story.date", "norm"))
        .or_else(|| named("story.date").find_map(|element| recorded(&element.text())));
    let keywords = named("keyword").filter_map(|element| value(element, "key"));
    let subject = |element: Element| {
        ["detail", "matter", "type"]
            .iter()
            .find_map(|part| value(element, &format!("tobject.subject.{part}")))
    };
    let subjects = named("tobject.subject").filter_map(subject);
    let text = first(nitf, "body.content").map(|content| body(content, None));
    let (mut text, layout) = text.unwrap_or_default();
    if text.trim().is_empty() {
        text = first(nitf, "abstract").map(|element| body(element, None).0).unwrap_or_default();
    }
    if let Some(place) = first(nitf, "dateline").and_then(|dateline| line_of(dateline, "location")) {
        text = with_dateline(&place, text);
    }
    if let Some(second) = named("hl2").find_map(line).filter(|second| Some(second) != title.as_ref()) {
        text = format!("{second}\n\n{text}");
    }
    let mut draft = Draft {
        title: title.unwrap_or_default(),
        body: text,
        layout,
        url: attribute("doc-id", "href").or_else(|| attribute("pubdata", "ex-ref")),
        guid: attribute("doc-id", "id-string").or_else(|| attribute("du-key", "key")),
        source,
        author: (!author.is_empty()).then(|| author.join(", ")),
        published,
        language: value(nitf, "xml:lang")
            .or_else(|| value(nitf, "baselang"))
            .or_else(|| attribute("body", "xml:lang")),
        tags: keywords.chain(subjects).collect(),
        ..Draft::default()
    };
    let correction = named("correction").next();
    let notices = Notices {
        status: attribute("docdata", "management-status").unwrap_or_default(),
        embargo: None,
        is_correction: correction.is_some(),
        note: attribute("ed-msg", "info")
            .into_iter()
            .chain(correction.and_then(|element| value(element, "info")))
            .collect::<Vec<_>>()
            .join(". "),
    };
    notices.write(&mut draft);
    let version = attribute("du-key", "version").or_else(|| attribute("du-key", "generation"));
    (draft, version.and_then(|version| version.parse().ok()).unwrap_or(0))
}

/// The names in a byline, without the titles of their owners (`byttl`).
fn byline(element: Element) -> Option<String> {
    let persons: Vec<String> = element
        .below()
        .filter(|inner| local(*inner) == "person")
        .filter_map(|person| without_by(&person.text()))
        .collect();
    if !persons.is_empty() {
        return Some(persons.join(", "));
    }
    let mut text = String::new();
    for piece in element.content() {
        match piece {
            super::Content::Text(part) => text.push_str(&part),
            super::Content::Element(inner) if local(inner) == "byttl" => {}
            super::Content::Element(inner) => text.push_str(&inner.text()),
        }
    }
    without_by(&text)
}

#[cfg(test)]
mod tests {
    use super::super::shown;

    fn nitf(head: &str, body: &str) -> String {
        format!(
            "<?xml version='1.0'?>\n<nitf><head><title>Bridge</title>{head}</head><body>{body}</body></nitf>"
        )
    }

    #[test]
    fn an_item_of_an_agency() {
        let text = nitf(
            "<docdata><doc-id id-string='w.1'/><date.issue norm='20220103T101500+0100'/><doc.copyright holder='Northern Desk'/>\
             <key-list><keyword key='bridges'/></key-list></docdata>\
             <tobject><tobject.subject tobject.subject.type='Disaster' tobject.subject.matter='Collapse'/></tobject>",
            "<body.head><hedline><hl1>Bridge falls in Lovech</hl1><hl2>Nobody hurt</hl2></hedline>\
             <byline>By <person>Ana Petrova</person><byttl>Staff Writer</byttl></byline>\
             <dateline><location>LOVECH, Bulgaria</location></dateline></body.head>\
             <body.content><block><p>The bridge fell on <em>Monday</em>.</p><media><media-reference source='a.jpg'/>\
             <media-caption>The river</media-caption></media><p>The mayor said so.</p></block></body.content>",
        );
        assert_eq!(
            shown(&text),
            ["Bridge falls in Lovech | 2022-01-03 | Northern Desk | Ana Petrova | w.1 | bridges,Collapse | \
              Nobody hurt / LOVECH, Bulgaria - The bridge fell on Monday. / The river / The mayor said so."]
        );
    }

    #[test]
    fn what_the_agency_says_of_it() {
        let text = nitf(
            "<docdata management-status='canceled'><doc-id id-string='w.1'/><ed-msg info='The bridge stands.'/></docdata>",
            "<body.content><p>The bridge fell.</p></body.content>",
        );
        assert_eq!(
            shown(&text).first().map(String::as_str),
            Some(
                "Bridge | undated | Desk | - | w.1 | cancelled | [Cancelled by the agency] / \
                 [Note of the editors: The bridge stands.] / The bridge fell."
            )
        );
    }
}
