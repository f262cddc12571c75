//! What trafilatura writes: its own XML (`<doc>`), and TEI. Other TEI is read as well: its header says title, author and
//! date, and each `text` is an article.

use super::super::agency::{child, first, line, line_of, local, value};
use super::super::dating::recorded;
use super::super::draft::{Draft, Layout};
use super::super::format::first_element;
use super::super::link::host;
use super::super::xml::{Content, Element, Tree};
use super::super::{Gathered, Origin, html};
use crate::text::clean_url;

const DEPTH_CAP: usize = 64;

pub(in crate::formats) fn is_tei(text: &str) -> bool {
    first_element(text).is_some_and(|(name, _)| name == "tei" || name == "teicorpus")
}

/// Whether a text is trafilatura's XML: `<doc>` with `<main>` in it, alone or several in one element.
pub(in crate::formats) fn is_doc(text: &str) -> bool {
    let head = text.get(..text.len().min(16 << 10)).unwrap_or(text);
    first_element(text).is_some_and(|(name, _)| {
        ["doc", "docs", "corpus", "documents", "collection"].contains(&name.as_str())
    }) && (head.contains("<doc ") || head.contains("<doc>"))
        && (text.contains("<main") || head.contains("sitename=") || head.contains("<body"))
}

pub(in crate::formats) fn read_doc(text: &str, origin: &Origin, found: &mut Gathered) {
    let warnings = &mut found.warnings;
    let before = found.items.len();
    Tree::without_items(text, &|name| name == "doc", &mut |doc| {
        found.items.extend(trafilatura(doc).finish(origin, None, warnings));
    });
    if found.items.len() == before && warnings.is_empty() {
        warnings.push(origin.warning(None, "could not find a document in the XML"));
    }
}

fn trafilatura(doc: Element) -> Draft {
    let said = |name: &'static str| value(doc, name).or_else(|| child(doc, name).and_then(line));
    let url = said("url").or_else(|| said("source")).and_then(|url| clean_url(&url));
    let main = child(doc, "main").or_else(|| child(doc, "body")).or_else(|| child(doc, "text"));
    let (body, layout) = main.map(|main| text(main, url.as_deref())).unwrap_or_default();
    let tags = |name: &'static str| said(name).map(|tags| split(&tags)).unwrap_or_default();
    Draft {
        title: said("title").unwrap_or_default(),
        body: if body.trim().is_empty() {
            said("excerpt").or_else(|| said("description")).unwrap_or_default()
        } else {
            body
        },
        layout,
        url,
        guid: said("id"),
        source: said("sitename").or_else(|| said("hostname")),
        author: said("author").map(|author| author.replace("; ", ", ")),
        published: said("date").and_then(|date| recorded(&date)),
        language: said("language"),
        tags: [tags("tags"), tags("categories")].concat(),
        ..Draft::default()
    }
}

/// `['a', 'b']`, `a;b`, `a,b`: the words.
fn split(tags: &str) -> Vec<String> {
    let tags = tags.trim_matches(['[', ']']);
    tags.split([';', ','])
        .map(|tag| tag.trim().trim_matches(['\'', '"']).to_owned())
        .filter(|tag| !tag.is_empty())
        .collect()
}

pub(in crate::formats) fn read_tei(text: &str, origin: &Origin, found: &mut Gathered) {
    let warnings = &mut found.warnings;
    let is_item = |name: &str| name.rsplit(':').next() == Some("tei");
    Tree::without_items(text, &is_item, &mut |item| {
        found.items.extend(tei(item).finish(origin, None, warnings));
    });
}

fn tei(item: Element) -> Draft {
    let header = child(item, "teiheader").unwrap_or(item);
    let all = |name: &'static str| header.below().filter(move |element| local(*element) == name);
    let title =
        all("title").find(|title| title.attribute("type").is_none_or(|kind| kind == "main")).and_then(line);
    let mut authors: Vec<String> = all("author").filter_map(line).collect();
    authors.dedup();
    let described = first(header, "sourcedesc").unwrap_or(header);
    let day = |element: Element| {
        ["when", "when-iso", "from"]
            .iter()
            .find_map(|name| value(element, name))
            .and_then(|date| recorded(&date))
            .or_else(|| recorded(&element.text()))
    };
    let dates = |around: Element| {
        let mut dates = around.below().filter(|element| local(*element) == "date");
        dates.find_map(day)
    };
    let published =
        dates(described).or_else(|| first(header, "publicationstmt").and_then(dates)).or_else(|| {
            // The day of download comes last.
            header
                .below()
                .filter(|element| local(*element) == "date" && element.attribute("type").is_none())
                .find_map(day)
        });
    let address =
        |element: Element| value(element, "target").or_else(|| line(element)).and_then(|url| clean_url(&url));
    let url = header.below().filter(|e| matches!(local(*e), "ptr" | "ref" | "idno")).find_map(address);
    // trafilatura writes the site as the publisher, or before the address: `example.org, 2022-01-03`.
    let sigle = || {
        first(described, "bibl")
            .and_then(line)
            .map(|bibl| bibl.split(',').next().unwrap_or_default().trim().to_owned())
    };
    let publisher = all("publisher").filter_map(line).find(|name| !name.eq_ignore_ascii_case("N/A"));
    let text_element =
        child(item, "text").and_then(|text| child(text, "body")).or_else(|| child(item, "text"));
    let (body, layout) = text_element.map(|body| text(body, url.as_deref())).unwrap_or_default();
    Draft {
        title: title.or_else(|| line_of(header, "title")).unwrap_or_default(),
        body,
        layout,
        guid: all("idno").find(|id| id.attribute("type").is_some_and(|kind| kind == "id")).and_then(line),
        source: publisher
            .or_else(|| sigle().filter(|name| !name.is_empty()))
            .or_else(|| host(url.as_deref()?)),
        author: (!authors.is_empty()).then(|| authors.join(", ")),
        published,
        tags: all("term").filter_map(line).flat_map(|terms| split(&terms)).collect(),
        url,
        ..Draft::default()
    }
}

/// The text of an element, whose children are those of TEI, which trafilatura's XML uses too.
fn text(element: Element, own: Option<&str>) -> (String, Layout) {
    let mut written = String::new();
    write(element, 0, &mut written);
    html::to_text(&written, own, own)
}

fn write(element: Element, depth: usize, out: &mut String) {
    for piece in element.content() {
        let inner = match piece {
            Content::Text(text) => {
                out.push_str(&text.replace('&', "&amp;").replace('<', "&lt;"));
                continue;
            }
            Content::Element(inner) => inner,
        };
        let name = match local(inner) {
            "p" | "ab" => "p",
            "head" => "h2",
            "list" => "ul",
            "item" => "li",
            "lb" => "br",
            "quote" | "cit" => "blockquote",
            "code" => "code",
            "hi" if inner.attribute("rend").is_some_and(|rend| rend.contains("sup")) => "sup",
            "hi" if inner.attribute("rend").is_some_and(|rend| rend.contains("sub")) => "sub",
            "table" => "table",
            "row" => "tr",
            "cell" => "td",
            "del" => "del",
            "div" | "body" | "main" | "l" | "lg" => "div",
            "comments" | "teiheader" => continue,
            "ref" => {
                let target = inner.attribute("target").unwrap_or_default();
                out.push_str(&format!(
                    "<a href=\"{}\">",
                    target.replace('&', "&amp;").replace('"', "&quot;")
                ));
                if depth < DEPTH_CAP {
                    write(inner, depth + 1, out);
                }
                out.push_str("</a>");
                continue;
            }
            "graphic" => {
                let text = value(inner, "alt").or_else(|| value(inner, "title")).unwrap_or_default();
                out.push_str(&format!("<img alt=\"{}\">", text.replace('&', "&amp;").replace('"', "&quot;")));
                continue;
            }
            _ => "span",
        };
        out.push_str(&format!("<{name}>"));
        if name != "br" {
            if depth < DEPTH_CAP {
                write(inner, depth + 1, out);
            }
            out.push_str(&format!("</{name}>"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::agency::shown;

    #[test]
    fn trafilatura() {
        let text = "<doc sitename=\"Courier\" title=\"Bridge falls\" author=\"Ana Petrova; Jon Vale\" date=\"2022-01-03\" url=\"https://example.org/bridge\" hostname=\"example.org\" categories=\"News\" tags=\"bridges;rivers\">\
            <main><head rend=\"h2\">River</head><p>It fell, said <ref target=\"https://example.org/m\">the mayor</ref>.</p><list><item>one</item><item>two</item></list></main><comments><p>First!</p></comments></doc>";
        assert_eq!(
            shown(text),
            [
                "Bridge falls | 2022-01-03 | Courier | Ana Petrova, Jon Vale | - | bridges,rivers,News | River / It fell, said the mayor [1]. / • one ; • two / [1] https://example.org/m"
            ]
        );
    }

    #[test]
    fn tei() {
        let text = "<?xml version='1.0'?><TEI xmlns='http://www.tei-c.org/ns/1.0'><teiHeader><fileDesc><titleStmt><title type='main'>Bridge falls</title><author>Ana Petrova</author></titleStmt>\
            <publicationStmt><publisher>Courier</publisher></publicationStmt><sourceDesc><bibl>Courier, 2022-01-03</bibl><biblFull><titleStmt><title type='main'>Bridge falls</title><author>Ana Petrova</author></titleStmt>\
            <publicationStmt><publisher>Courier</publisher><ptr type='URL' target='https://example.org/bridge'/><date>2022-01-03</date></publicationStmt></biblFull></sourceDesc></fileDesc>\
            <profileDesc><textClass><keywords><term type='tags'>bridges</term></keywords></textClass></profileDesc></teiHeader><text><body><div type='entry'><p>It fell.</p><p>So.</p></div><div type='comments'/></body></text></TEI>";
        assert_eq!(
            shown(text),
            ["Bridge falls | 2022-01-03 | Courier | Ana Petrova | - | bridges | It fell. / So."]
        );
    }
}
