//! Libraries of Zotero as RDF: one article for each entry (newspaper and magazine articles, pages, reports …), with its
//! abstract and its notes as the text. Files that belong to an entry are not read.

use super::super::agency::{child, line, local, value};
use super::super::dating::recorded;
use super::super::draft::{Draft, Layout};
use super::super::format::first_element;
use super::super::xml::{Element, Tree};
use super::super::{Gathered, Origin, html};
use crate::text::clean_url;
use std::collections::HashMap;

pub(in crate::formats) fn is_zotero(text: &str) -> bool {
    let head = text.get(..text.len().min(8 << 10)).unwrap_or(text);
    first_element(text).is_some_and(|(name, _)| name == "rdf") && head.contains("zotero.org/namespaces")
}

/// Types of entries that belong to another entry.
const PARTS: [&str; 2] = ["attachment", "note"];

pub(in crate::formats) fn read(text: &str, origin: &Origin, found: &mut Gathered) {
    let tree = Tree::new(text);
    let Some(top) = tree.root().elements().find(|element| local(*element) == "rdf") else { return };
    let kind = |entry: Element| child(entry, "itemtype").and_then(line);
    let mut notes: HashMap<String, String> = HashMap::new();
    let mut journals: HashMap<String, Element> = HashMap::new();
    for entry in top.elements() {
        let Some(id) = value(entry, "rdf:about") else { continue };
        match local(entry) {
            "memo" => {
                let text = child(entry, "value").map(|text| html::to_text(&text.text(), None, None).0);
                notes.insert(id, text.unwrap_or_default());
            }
            "journal" | "newspaper" | "magazine" => {
                journals.insert(id, entry);
            }
            _ => {}
        }
    }
    let before = (found.items.len(), found.warnings.len());
    for entry in top.elements() {
        if kind(entry).is_none_or(|kind| PARTS.contains(&kind.as_str())) {
            continue;
        }
        let draft = draft(entry, &notes, &journals);
        if !draft.title.is_empty() {
            found.items.extend(draft.finish(origin, None, &mut found.warnings));
        }
    }
    if before == (found.items.len(), found.warnings.len()) {
        found
            .warnings
            .push(origin.warning(None, "could not find an entry with a title in the Zotero library"));
    }
}

fn draft(entry: Element, notes: &HashMap<String, String>, journals: &HashMap<String, Element>) -> Draft {
    let one = |name: &str| child(entry, name).and_then(line);
    let around = child(entry, "ispartof").and_then(|part| match value(part, "rdf:resource") {
        Some(id) => journals.get(&id).copied(),
        None => part.elements().next(),
    });
    let source = around.and_then(|part| child(part, "title").and_then(line)).or_else(|| {
        child(entry, "publisher")
            .and_then(|publisher| publisher.below().find(|element| local(*element) == "name").and_then(line))
    });
    let authors: Vec<String> = entry
        .elements()
        .filter(|element| matches!(local(*element), "authors" | "contributors"))
        .take(1)
        .flat_map(|authors| authors.below().filter(|element| local(*element) == "person").collect::<Vec<_>>())
        .filter_map(|person| {
            let part = |name: &str| child(person, name).and_then(line);
            match (part("givenname"), part("surname")) {
                (Some(given), Some(surname)) => Some(format!("{given} {surname}")),
                (given, surname) => surname.or(given).or_else(|| part("name")),
            }
        })
        .take(32)
        .collect();
    let url = child(entry, "identifier")
        .and_then(|id| clean_url(line(id)?.as_str()))
        .or_else(|| clean_url(&value(entry, "rdf:about")?));
    let mut body: Vec<String> = one("abstract").into_iter().collect();
    let linked = entry.elements().filter(|element| local(*element) == "isreferencedby");
    body.extend(linked.filter_map(|note| notes.get(&value(note, "rdf:resource")?).cloned()));
    let tags = entry.elements().filter(|element| local(*element) == "subject").filter_map(line);
    Draft {
        title: one("title").unwrap_or_default(),
        body: body.join("\n\n"),
        layout: Layout::AsTyped,
        guid: value(entry, "rdf:about").filter(|id| clean_url(id).is_none()),
        url,
        source,
        author: (!authors.is_empty()).then(|| authors.join(", ")),
        published: one("date").and_then(|date| recorded(&date)),
        held: one("datesubmitted").and_then(|date| recorded(&date)).map(|written| written.moment),
        language: one("language"),
        tags: tags.collect(),
        ..Draft::default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::agency::shown;

    #[test]
    fn entries() {
        let text = "<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:z=\"http://www.zotero.org/namespaces/export#\">\
            <bib:Article rdf:about=\"https://example.org/bridge\"><z:itemType>newspaperArticle</z:itemType><dcterms:isPartOf><bib:Newspaper><dc:title>The Courier</dc:title></bib:Newspaper></dcterms:isPartOf>\
            <bib:authors><rdf:Seq><rdf:li><foaf:Person><foaf:surname>Petrova</foaf:surname><foaf:givenName>Ana</foaf:givenName></foaf:Person></rdf:li></rdf:Seq></bib:authors>\
            <dcterms:isReferencedBy rdf:resource=\"#item_2\"/><dc:subject>bridges</dc:subject><dc:subject><z:AutomaticTag><rdf:value>rivers</rdf:value></z:AutomaticTag></dc:subject>\
            <link:link rdf:resource=\"#item_3\"/><dc:title>Bridge falls</dc:title><dc:date>2022-01-03</dc:date><dcterms:abstract>A bridge fell.</dcterms:abstract>\
            <dc:identifier><dcterms:URI><rdf:value>https://example.org/bridge</rdf:value></dcterms:URI></dc:identifier></bib:Article>\
            <bib:Memo rdf:about=\"#item_2\"><rdf:value>&lt;p&gt;Ask the mayor.&lt;/p&gt;</rdf:value></bib:Memo><z:Attachment rdf:about=\"#item_3\"><z:itemType>attachment</z:itemType><dc:title>Snapshot</dc:title></z:Attachment></rdf:RDF>";
        assert_eq!(
            shown(text),
            [
                "Bridge falls | 2022-01-03 | The Courier | Ana Petrova | - | bridges,rivers | A bridge fell. / Ask the mayor."
            ]
        );
    }
}
