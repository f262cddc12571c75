//! EPUB: a book, or a newspaper that a program made one of, to one article for each part that has a text.
//!
//! `META-INF/container.xml` names the package, whose spine lists the parts in their order; the titles of the parts come
//! from the table of contents or from their headings. The book's title is the source.

use super::agency::{first, local};
use super::dating::recorded;
use super::draft::Draft;
use super::html;
use super::xml::{Element, Tree};
use super::zipped::Zipped;
use super::{Gathered, Origin};
use std::collections::HashMap;
use url::Url;

/// The part that every EPUB has.
pub(super) const CONTAINER: &str = "META-INF/container.xml";
/// The most parts that are read, and the shortest text that is one, in words.
const PART_CAP: usize = 10_000;
const WORDS_LEAST: usize = 12;

pub(super) fn read(bytes: &[u8], origin: &Origin, found: &mut Gathered) {
    let Some(zipped) = Zipped::open(bytes) else {
        found.warnings.push(origin.warning(None, "could not read the EPUB: it is damaged"));
        return;
    };
    let text = |name: &str| zipped.part(name).map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let package = text(CONTAINER).and_then(|container| {
        first(Tree::new(&container).root(), "rootfile")?
            .attribute("full-path")
            .map(std::borrow::Cow::into_owned)
    });
    let package = package.or_else(|| zipped.names().into_iter().find(|name| name.ends_with(".opf")));
    let Some((path, opf)) = package.and_then(|path| text(&path).map(|opf| (path, opf))) else {
        found.warnings.push(origin.warning(None, "could not read the EPUB: it names no package of parts"));
        return;
    };
    if zipped.names().iter().any(|name| name == "META-INF/encryption.xml" || name == "META-INF/rights.xml")
        && text("META-INF/rights.xml").is_some()
    {
        found.warnings.push(origin.warning(None, "could not read the EPUB: it is locked by its seller"));
        return;
    }
    let tree = Tree::new(&opf);
    let root = tree.root();
    let line = |element: Element| {
        let line = element.text().split_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    };
    let all = |name: &'static str| root.below().filter(move |element| local(*element) == name);
    let book = all("title").find_map(line);
    let creators: Vec<String> = all("creator").filter_map(line).take(32).collect();
    let author = (!creators.is_empty()).then(|| creators.join(", "));
    let published = all("date").find_map(|date| recorded(&date.text()));
    let identifier = all("identifier").find_map(line);
    let language = all("language").find_map(line);
    let subjects: Vec<String> = all("subject").filter_map(line).collect();
    let items: HashMap<String, (String, String)> = all("item")
        .filter_map(|item| {
            let properties = item.attribute("properties").unwrap_or_default().into_owned();
            Some((
                item.attribute("id")?.into_owned(),
                (resolved(&path, &item.attribute("href")?)?, properties),
            ))
        })
        .collect();
    let toc = items.values().find(|(_, properties)| properties.contains("nav")).map(|(href, _)| href.clone());
    let toc =
        toc.or_else(|| items.values().map(|(href, _)| href.clone()).find(|href| href.ends_with(".ncx")));
    let titles = toc.and_then(|toc| text(&toc).map(|text| titles(&toc, &text))).unwrap_or_default();
    let spine: Vec<&(String, String)> = all("itemref")
        .filter_map(|item| items.get(item.attribute("idref")?.as_ref()))
        .take(PART_CAP)
        .collect();
    let (mut count, mut lost) = (0, 0);
    for (href, properties) in spine {
        if properties.contains("nav") || properties.contains("cover") {
            continue;
        }
        let Some(page) = text(href) else {
            lost += 1;
            continue;
        };
        let Some((heading, body, layout)) = part(&page) else { continue };
        count += 1;
        let titled = titles.get(href).cloned().or(heading);
        let title =
            titled.unwrap_or_else(|| format!("{}, part {count}", book.as_deref().unwrap_or("Untitled")));
        let body = match body.split_once('\n') {
            Some((first, rest)) if first.trim() == title.trim() => rest.trim_start().to_owned(),
            _ => body,
        };
        let draft = Draft {
            title,
            body,
            layout,
            guid: identifier.as_ref().map(|id| format!("{id}#{href}")),
            source: book.clone(),
            author: author.clone(),
            published,
            language: language.clone(),
            tags: subjects.clone(),
            ..Draft::default()
        };
        found.items.extend(draft.finish(origin, None, &mut found.warnings));
    }
    if lost > 0 {
        let message =
            format!("could not read {lost} of the EPUB's parts: they are missing, damaged or too long");
        found.warnings.push(origin.warning(None, &message));
    }
    if count == 0 {
        found.warnings.push(origin.warning(None, "could not find a text in the EPUB"));
    }
}

/// The path within the archive that `reference` means in the part at `base`.
fn resolved(base: &str, reference: &str) -> Option<String> {
    let root = Url::parse("epub://book/").ok()?;
    let joined = root.join(&base.replace('%', "%25")).ok()?.join(reference).ok()?;
    let path = joined.path().trim_start_matches('/');
    // Addresses are written with escapes, names in archives without.
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = after.get(..2).and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        match hex.filter(|_| *first == b'%') {
            Some(byte) => {
                bytes.push(byte);
                rest = after.get(2..).unwrap_or_default();
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok()
}

/// The titles of the parts in a table of contents, by their paths. A part of which only places within it have titles is
/// called by its own heading, unless there is one such place.
fn titles(path: &str, text: &str) -> HashMap<String, String> {
    let mut titles: HashMap<String, (String, bool, usize)> = HashMap::new();
    let tree = Tree::new(text);
    for element in tree.root().below().take(4 * PART_CAP) {
        let (reference, label) = match local(element) {
            "navpoint" => (
                first(element, "content").and_then(|content| content.attribute("src")),
                first(element, "navlabel").map(super::xml::Element::text),
            ),
            "a" => (element.attribute("href"), Some(element.text())),
            _ => continue,
        };
        let (Some(reference), Some(label)) = (reference, label) else { continue };
        let label = label.split_whitespace().collect::<Vec<_>>().join(" ");
        let within = reference.contains('#');
        let place = reference.split('#').next().and_then(|reference| resolved(path, reference));
        let Some(place) = place.filter(|_| !label.is_empty()) else { continue };
        let (known, is_place, count) = titles.entry(place).or_insert((label.clone(), within, 0));
        *count += 1;
        if *is_place && !within {
            (*known, *is_place) = (label, false);
        }
    }
    let sure = |(place, (label, is_place, count)): (String, (String, bool, usize))| {
        (!is_place || count == 1).then_some((place, label))
    };
    titles.into_iter().filter_map(sure).collect()
}

/// The heading and the text of a part; `None` if it has hardly any text.
fn part(page: &str) -> Option<(Option<String>, String, super::draft::Layout)> {
    let tree = html::Tree::page(page);
    let all: Vec<html::Element> = tree.root().below().collect();
    let squeezed = |element: &html::Element| element.text().split_whitespace().collect::<Vec<_>>().join(" ");
    let heading = ["h1", "h2", "h3"].iter().find_map(|name| {
        all.iter().filter(|element| element.is(name)).map(squeezed).find(|text| !text.is_empty())
    });
    let title = || {
        all.iter()
            .filter(|element| element.is("title"))
            .map(squeezed)
            .find(|text| !text.is_empty() && text != "Unknown")
    };
    let body = all.iter().find(|element| element.is("body")).copied().unwrap_or(tree.root());
    let (text, layout) = html::element_to_text(body, None, None);
    let words = text.split_whitespace().count();
    (words >= WORDS_LEAST).then(|| (heading.or_else(title), text, layout))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn book(parts: &[(&str, &str)]) -> Vec<u8> {
        let mut packer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, text) in parts {
            packer.start_file(*name, options).unwrap();
            packer.write_all(text.as_bytes()).unwrap();
        }
        packer.finish().unwrap().into_inner()
    }

    #[test]
    fn a_book_by_its_parts() {
        let long = "The bridge, which was old, fell into the river on Monday, said the mayor.";
        let bytes = book(&[
            ("mimetype", "application/epub+zip"),
            (CONTAINER, "<container><rootfiles><rootfile full-path='OEBPS/a.opf'/></rootfiles></container>"),
            (
                "OEBPS/a.opf",
                "<package><metadata><dc:title>The Courier, weekly</dc:title><dc:creator>Ana Petrova</dc:creator><dc:date>2022-01-03</dc:date><dc:identifier>urn:x</dc:identifier><dc:subject>news</dc:subject></metadata>\
                 <manifest><item id='n' href='toc.ncx'/><item id='c' href='cover.xhtml'/><item id='a' href='text/one%20a.xhtml'/><item id='b' href='text/two.xhtml'/></manifest>\
                 <spine toc='n'><itemref idref='c'/><itemref idref='a'/><itemref idref='b'/><itemref idref='gone'/></spine></package>",
            ),
            (
                "OEBPS/toc.ncx",
                "<ncx><navMap><navPoint><navLabel><text>Bridge falls</text></navLabel><content src='text/one%20a.xhtml#x'/></navPoint></navMap></ncx>",
            ),
            ("OEBPS/cover.xhtml", "<html><body><img src='c.jpg'/></body></html>"),
            (
                "OEBPS/text/one a.xhtml",
                &format!("<html><body><h1>Bridge falls</h1><p>{long}</p></body></html>"),
            ),
            (
                "OEBPS/text/two.xhtml",
                &format!(
                    "<html><head><title>x</title></head><body><h2>Dam holds</h2><p>{long}</p></body></html>"
                ),
            ),
        ]);
        let origin = Origin { path: None, source: "Desk".to_owned(), time: chrono::DateTime::UNIX_EPOCH };
        let mut found = Gathered::default();
        read(&bytes, &origin, &mut found);
        let shown: Vec<String> = found
            .items
            .iter()
            .map(|item| {
                let article = &item.article;
                format!(
                    "{} | {} | {:?} | {:?} | {}",
                    article.title, article.source, article.author, article.guid, article.body
                )
            })
            .collect();
        assert_eq!(
            shown,
            [
                format!(
                    "Bridge falls | The Courier, weekly | Some(\"Ana Petrova\") | Some(\"urn:x#OEBPS/text/one a.xhtml\") | {long}"
                ),
                format!(
                    "Dam holds | The Courier, weekly | Some(\"Ana Petrova\") | Some(\"urn:x#OEBPS/text/two.xhtml\") | {long}"
                ),
            ]
        );
        assert_eq!(
            found.items[0].article.published.map(|at| at.date_naive().to_string()).as_deref(),
            Some("2022-01-03")
        );
        for length in [0, 10, bytes.len() / 2, bytes.len() - 1] {
            read(&bytes[..length], &origin, &mut Gathered::default());
        }
    }
}
