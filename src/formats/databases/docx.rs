//! Word documents (.docx) to lines, one a paragraph: the exports of Nexis Uni and Factiva, and documents of one article.

use super::super::agency::{first, local};
use super::super::draft::Draft;
use super::super::xml::{Content, Element, Tree};
use super::super::zipped::Zipped;
use super::super::{Gathered, Origin, plain};
use crate::article::date;

/// The part that holds the text.
pub(in crate::formats) const TEXT: &str = "word/document.xml";

/// What a paragraph is.
#[derive(Clone, Copy, PartialEq)]
enum Style {
    Title,
    Item,
    Other,
}

pub(in crate::formats) fn read(bytes: &[u8], origin: &Origin, found: &mut Gathered) {
    let zipped = Zipped::open(bytes);
    let text = |name: &str| String::from_utf8(zipped.as_ref()?.part(name)?).ok();
    let Some(document) = text(TEXT) else {
        found
            .warnings
            .push(origin.warning(None, "could not read the Word document: it is damaged or too long"));
        return;
    };
    let paragraphs = paragraphs(&document);
    let lines: String = paragraphs.iter().map(|(line, _)| format!("{line}\n")).collect();
    if super::is_export(&lines) {
        return super::read_lines(&lines, origin, found);
    }
    // One article. What the document says of itself helps where the text says nothing.
    let core = text("docProps/core.xml").unwrap_or_default();
    let core = Tree::new(&core);
    let said = |name: &str| {
        let text = first(core.root(), name)?.text().split_whitespace().collect::<Vec<_>>().join(" ");
        (!text.is_empty()).then_some(text)
    };
    let mut text = String::new();
    let mut last = Style::Other;
    for (line, style) in paragraphs.iter().filter(|(line, _)| !line.trim().is_empty()) {
        text.push_str(match (last, style) {
            (Style::Item, Style::Item) => "\n",
            _ if text.is_empty() => "",
            _ => "\n\n",
        });
        text.push_str(&if *style == Style::Item {
            format!("• {}", line.trim())
        } else {
            line.trim().to_owned()
        });
        last = *style;
    }
    let changed = said("modified").or_else(|| said("created")).and_then(|written| date::parse(&written));
    let draft = plain::read(&text, &Origin { time: changed.unwrap_or(origin.time), ..origin.clone() });
    let titled = paragraphs.iter().find(|(line, style)| *style == Style::Title && !line.trim().is_empty());
    let title = match titled {
        Some((line, _)) if draft.title.is_empty() => line.trim().to_owned(),
        _ => draft.title.clone(),
    };
    let keywords =
        said("keywords").map(|words| words.split([',', ';']).map(|word| word.trim().to_owned()).collect());
    let draft = Draft {
        title: Some(title).filter(|title| !title.is_empty()).or_else(|| said("title")).unwrap_or_default(),
        author: draft.author.clone().or_else(|| said("creator")),
        tags: keywords.unwrap_or_default(),
        ..draft
    };
    draft.finish_file(origin, found);
}

/// The paragraphs of a document, in its order.
fn paragraphs(document: &str) -> Vec<(String, Style)> {
    let mut found = Vec::new();
    Tree::without_items(
        document,
        &|name| name == "w:p" || name.ends_with(":p") && name != "a:p",
        &mut |paragraph| {
            let mut text = String::new();
            write(paragraph, 0, &mut text);
            let style = first(paragraph, "pstyle")
                .and_then(|style| style.attribute("w:val"))
                .unwrap_or_default()
                .to_lowercase();
            let style = match style.as_str() {
                "title" | "titel" | "titre" => Style::Title,
                _ if first(paragraph, "numpr").is_some() => Style::Item,
                _ => Style::Other,
            };
            // A line break within a paragraph is one between lines.
            for line in text.split('\n') {
                found.push((line.trim_end().to_owned(), style));
            }
        },
    );
    found
}

fn write(element: Element, depth: usize, out: &mut String) {
    for piece in element.content() {
        let Content::Element(inner) = piece else { continue };
        match local(inner) {
            "t" => out.push_str(&inner.text()),
            "tab" => out.push('\t'),
            "br" | "cr" => out.push('\n'),
            "nobreakhyphen" => out.push('-'),
            "ppr" | "rpr" | "deltext" | "del" | "instrtext" | "fallback" | "footnotereference" => {}
            _ if depth < 64 => write(inner, depth + 1, out),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    /// A Word document with these paragraphs, as XML.
    fn document(paragraphs: &str, core: &str) -> Vec<u8> {
        let mut packer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        for (name, text) in [
            (TEXT, format!("<w:document xmlns:w='x'><w:body>{paragraphs}</w:body></w:document>")),
            ("docProps/core.xml", core.to_owned()),
        ] {
            packer.start_file(name, options).unwrap();
            packer.write_all(text.as_bytes()).unwrap();
        }
        packer.finish().unwrap().into_inner()
    }

    fn shown(bytes: &[u8]) -> Vec<String> {
        let origin = Origin { path: None, source: "Desk".to_owned(), time: chrono::DateTime::UNIX_EPOCH };
        let mut found = Gathered::default();
        read(bytes, &origin, &mut found);
        found
            .items
            .iter()
            .map(|item| {
                let article = &item.article;
                let day = crate::article::day_or_undated(article.date());
                format!(
                    "{} | {day} | {} | {:?} | {}",
                    article.title,
                    article.source,
                    article.author,
                    article.body.replace('\n', " / ")
                )
            })
            .collect()
    }

    fn p(text: &str) -> String {
        format!("<w:p w:rsid='1'><w:pPr/><w:r><w:rPr/><w:t>{text}</w:t></w:r></w:p>")
    }

    #[test]
    fn an_article() {
        let body = format!(
            "<w:p><w:pPr><w:pStyle w:val='Title'/></w:pPr><w:r><w:t>Bridge</w:t></w:r><w:r><w:t xml:space='preserve'> falls</w:t></w:r></w:p>{}{}<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r><w:del><w:r><w:delText>old</w:delText></w:r></w:del></w:p>",
            p("3 January 2022"),
            p("The bridge fell &amp; sank."),
        );
        let core = "<cp:coreProperties><dc:creator>Ana Petrova</dc:creator></cp:coreProperties>";
        assert_eq!(
            shown(&document(&body, core)),
            [
                "Bridge falls | 2022-01-03 | Desk | Some(\"Ana Petrova\") | The bridge fell & sank. /  / a /  / b"
            ]
        );
    }

    #[test]
    fn an_export_of_nexis_uni() {
        let lines = [
            "Bridge falls",
            "The Courier",
            "January 3, 2022 Monday",
            "Copyright 2022",
            "Length: 2 words",
            "Body",
            "It fell.",
            "Load-Date: January 4, 2022",
            "End of Document",
        ];
        let body: String = lines.iter().map(|line| p(line)).collect();
        assert_eq!(
            shown(&document(&body.repeat(2), "")),
            ["Bridge falls | 2022-01-03 | The Courier | None | It fell."; 2]
        );
    }

    #[test]
    fn damaged_documents() {
        let whole = document(&p("x"), "");
        for length in [0, 1, whole.len() / 2, whole.len() - 1] {
            shown(&whole[..length]);
        }
    }
}
