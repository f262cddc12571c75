//! OpenDocument files: spreadsheets (.ods), whose sheets are tables, and texts (.odt), each of which is one article.
//!
//! The program's own reader of XML serves here: `calamine` writes a cell as often as the file says that it is repeated, so
//! that a file of a few hundred bytes takes all memory. Here a repeated row is one row.

use super::super::draft::Draft;
use super::super::head::Head;
use super::super::xml::{Content, Element, Tree};
use super::super::zipped::Zipped;
use super::super::{Gathered, Origin, plain};
use super::sheet::{self, Table, WIDTH_CAP};
use crate::article::date;
use crate::text::charset;

/// The deepest nesting of the elements of a paragraph.
const DEPTH_CAP: usize = 32;

/// Whether a file is an OpenDocument.
pub(in crate::formats) fn is_document(head: &Head) -> bool {
    head.has_member("content.xml") && head.has_member("META-INF/manifest.xml")
}

/// Reads all sheets of a spreadsheet, or the text of a text.
pub(in crate::formats) fn read(bytes: &[u8], origin: &Origin, found: &mut Gathered) {
    let content = Zipped::open(bytes).and_then(|zipped| zipped.part("content.xml"));
    let Some(content) = content else {
        let message = "could not read the document: it is broken, encrypted, or longer than 64 MiB";
        return found.warnings.push(origin.warning(None, message));
    };
    let Ok(decoded) = charset::decode(&content, None) else {
        return found.warnings.push(origin.warning(None, "could not read the document: its text is broken"));
    };
    let text = &decoded.text;
    if text.contains("<office:spreadsheet") {
        // What comes before the first table has no rows.
        let sheets = text.split("<table:table ").skip(1).map(|sheet| rows(sheet, origin)).collect();
        sheet::add(sheets, origin, found);
    } else if text.contains("<office:text") {
        read_text(bytes, &lines(text), origin, found);
    } else {
        let message = "could not read the document: it is neither a spreadsheet nor a text";
        found.warnings.push(origin.warning(None, message));
    }
}

/// Reads a text as one article. What the document says of itself helps where the text says nothing.
fn read_text(bytes: &[u8], text: &str, origin: &Origin, found: &mut Gathered) {
    let meta = Zipped::open(bytes).and_then(|zipped| zipped.part("meta.xml")).unwrap_or_default();
    let meta = charset::decode(&meta, None).map(|decoded| decoded.text.into_owned()).unwrap_or_default();
    let mut said: Vec<(String, String)> = Vec::new();
    let named = |name: &str| {
        matches!(
            name,
            "dc:title"
                | "dc:creator"
                | "dc:date"
                | "meta:creation-date"
                | "meta:initial-creator"
                | "meta:keyword"
        )
    };
    Tree::without_items(&meta, &named, &mut |element| {
        let value = element.text().split_whitespace().collect::<Vec<_>>().join(" ");
        if !value.is_empty() {
            said.push((element.name().to_owned(), value));
        }
    });
    let first = |name: &str| said.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
    let written =
        first("dc:date").or_else(|| first("meta:creation-date")).and_then(|written| date::parse(&written));
    let draft = plain::read(text, &Origin { time: written.unwrap_or(origin.time), ..origin.clone() });
    let draft = Draft {
        title: Some(draft.title.clone())
            .filter(|title| !title.is_empty())
            .or_else(|| first("dc:title"))
            .unwrap_or_default(),
        author: draft
            .author
            .clone()
            .or_else(|| first("dc:creator"))
            .or_else(|| first("meta:initial-creator")),
        tags: said
            .iter()
            .filter(|(name, _)| name == "meta:keyword")
            .map(|(_, value)| value.clone())
            .collect(),
        ..draft
    };
    draft.finish_file(origin, found);
}

/// What the rows of one sheet hold.
fn rows(text: &str, origin: &Origin) -> Gathered {
    let (mut table, mut found, mut number) = (Table::default(), Gathered::default(), 0);
    Tree::without_items(text, &|name| name == "table:table-row", &mut |row| {
        let repeated = number_of(row, "table:number-rows-repeated", 1 << 20);
        let mut cells = Vec::new();
        for cell in row.elements().filter(|cell| cell.name().ends_with("table-cell")) {
            let text = written(cell);
            let left = (WIDTH_CAP as usize).saturating_sub(cells.len());
            let times = number_of(cell, "table:number-columns-repeated", WIDTH_CAP as usize).min(left);
            cells.extend(std::iter::repeat_n(text, times));
        }
        while cells.last().is_some_and(String::is_empty) {
            cells.pop();
        }
        if !cells.is_empty() {
            table.take(cells, number as u64 + 1, origin, &mut found);
        }
        number += repeated;
    });
    table.finish(origin, &mut found);
    found
}

/// A number in an attribute, at least 1 and at most `cap`.
fn number_of(element: Element, attribute: &str, cap: usize) -> usize {
    element.attribute(attribute).and_then(|number| number.trim().parse().ok()).unwrap_or(1).clamp(1, cap)
}

/// A cell as text; days and times as the file has them, `2022-01-03T10:00:00`.
fn written(cell: Element) -> String {
    let value = |name: &str| cell.attribute(name).map(|value| value.trim().to_owned());
    match value("office:value-type").as_deref() {
        Some("date") => value("office:date-value").unwrap_or_default(),
        Some("float") => value("office:value").unwrap_or_default(),
        _ => {
            let paragraphs = cell.elements().filter(|inner| matches!(inner.name(), "text:p" | "text:h"));
            paragraphs.map(paragraph).collect::<Vec<_>>().join("\n")
        }
    }
}

/// The paragraphs of a text, each on a line, with an empty line between them.
fn lines(text: &str) -> String {
    let mut out = String::new();
    let body = text.find("<office:text").and_then(|at| text.get(at..)).unwrap_or_default();
    Tree::without_items(body, &|name| matches!(name, "text:p" | "text:h"), &mut |element| {
        let line = paragraph(element);
        if !line.trim().is_empty() {
            out.push_str(line.trim());
            out.push_str("\n\n");
        }
    });
    out
}

fn paragraph(element: Element) -> String {
    let mut out = String::new();
    write(element, 0, &mut out);
    out
}

fn write(element: Element, depth: usize, out: &mut String) {
    for piece in element.content() {
        match piece {
            Content::Text(text) => out.push_str(&text.replace(['\n', '\r', '\t'], " ")),
            Content::Element(inner) => match inner.name() {
                "text:s" => {
                    let blanks = number_of(inner, "text:c", 100);
                    out.extend(std::iter::repeat_n(' ', blanks));
                }
                "text:tab" => out.push(' '),
                "text:line-break" => out.push('\n'),
                "office:annotation" | "text:note" | "text:tracked-changes" => {}
                _ if depth < DEPTH_CAP => write(inner, depth + 1, out),
                _ => {}
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Cursor, Write};

    /// What is read of a document with this content: the title, the day and the body of each article, and the warnings.
    fn check(content: &str, expected: &[&str]) {
        check_with("<x/>", content, expected);
    }

    /// The same of a document that says this of itself.
    fn check_with(meta: &str, content: &str, expected: &[&str]) {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in [("META-INF/manifest.xml", "<x/>"), ("meta.xml", meta), ("content.xml", content)]
        {
            zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("a member");
            zip.write_all(text.as_bytes()).expect("written");
        }
        let bytes = zip.finish().expect("finished").into_inner();
        sheet::tests::check(&bytes, &["META-INF/manifest.xml", "content.xml"], expected);
    }

    #[test]
    fn each_row_of_a_spreadsheet_is_an_article() {
        check(
            "<office:document-content><office:body><office:spreadsheet><table:table table:name='a'>\
             <table:table-row><table:table-cell office:value-type='string'><text:p>Title</text:p></table:table-cell>\
             <table:table-cell><text:p>Date</text:p></table:table-cell><table:table-cell><text:p>Text</text:p></table:table-cell></table:table-row>\
             <table:table-row table:number-rows-repeated='1048000'><table:table-cell table:number-columns-repeated='16384'/></table:table-row>\
             <table:table-row table:number-rows-repeated='1048000'><table:table-cell><text:p>Bridge<text:s text:c='2'/>falls</text:p></table:table-cell>\
             <table:table-cell office:value-type='date' office:date-value='2022-01-03T10:00:00'><text:p>03.01.22</text:p></table:table-cell>\
             <table:table-cell><text:p>It fell &amp; broke.</text:p><text:p>So.</text:p></table:table-cell>\
             <table:table-cell table:number-columns-repeated='16384'/></table:table-row>\
             </table:table><table:table table:name='b'><table:table-row><table:table-cell><text:p>1</text:p></table:table-cell></table:table-row></table:table>\
             </office:spreadsheet></office:body></office:document-content>",
            &["Bridge falls | 2022-01-03 | It fell & broke. So."],
        );
    }

    #[test]
    fn a_text_is_one_article() {
        check(
            "<office:document-content><office:body><office:text><text:h>Ferry returns</text:h><text:p>2022-01-03</text:p>\
             <text:p>The <text:span>ferry</text:span> is back.</text:p><text:p/></office:text></office:body></office:document-content>",
            &["Ferry returns | 2022-01-03 | The ferry is back."],
        );
        check_with(
            "<office:document-meta><office:meta><dc:title>Ferries</dc:title><dc:creator>Ana Petrova</dc:creator>\
             <dc:date>2022-01-03T10:00:00.123</dc:date></office:meta></office:document-meta>",
            "<office:document-content><office:body><office:text><text:p>The ferry is back, and it will sail on Monday, said its \
             owner in the harbour, where hundreds of people had waited for it since the morning.</text:p></office:text></office:body></office:document-content>",
            &[
                "Ferries | 2022-01-03 | The ferry is back, and it will sail on Monday, said its owner in the harbour, where \
               hundreds of people had waited for it since the morning.",
            ],
        );
        check(
            "<office:presentation/>",
            &["! could not read the document: it is neither a spreadsheet nor a text"],
        );
    }
}
