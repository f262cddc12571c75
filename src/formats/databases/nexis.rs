//! Nexis and Nexis Uni, as text, RTF or a Word document turned into lines, and HTML.
//!
//! Nexis writes `1 of 10 DOCUMENTS` before each document: the paper, the day, the headline, then labels in capitals
//! (`BYLINE:`, `LENGTH:`), the text, and more labels (`LOAD-DATE:`). Nexis Uni writes the headline, the paper, the day,
//! labels (`Length:`), `Body`, the text, and `End of Document`.

use super::super::draft::{Draft, Layout};
use super::super::{Gathered, Origin, html};
use super::{byline, finish, head, issue_date};

/// Whether a text, or the text of another file, is an export.
pub(in crate::formats) fn is_text(text: &str) -> bool {
    let head = head(text);
    if head.lines().any(is_counter) {
        return true;
    }
    let has = |wanted: &dyn Fn(&str) -> bool| head.lines().any(|line| wanted(line.trim()));
    let body = has(&|line| line == "Body");
    body && has(&|line| label(line).is_some_and(|(name, _)| name == "length"))
        && (has(&|line| line.starts_with("Copyright ")) || has(&|line| line == "End of Document"))
}

/// Whether a page is an export in HTML.
pub(in crate::formats) fn is_html(text: &str) -> bool {
    let head = head(text);
    head.contains("<DOC NUMBER=") || head.contains("<META TOPIC=") && head.contains("DOCUMENTS=")
}

/// `3 of 10 DOCUMENTS`, `Dokument 3 von 10`.
fn is_counter(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    let number =
        |word: &str| !word.is_empty() && word.len() <= 7 && word.bytes().all(|byte| byte.is_ascii_digit());
    let of = |word: &str| ["of", "von", "de", "di"].contains(&word.to_lowercase().as_str());
    let named = |word: &str| word.to_lowercase().starts_with("do");
    match words.as_slice() {
        [one, between, all, name] if number(one) => {
            of(between) && number(all) && named(name) && *name == name.to_uppercase()
        }
        [name, one, between, all] => {
            name.to_lowercase() == "dokument" && number(one) && of(between) && number(all)
        }
        _ => false,
    }
}

pub(in crate::formats) fn read_html(text: &str, origin: &Origin, found: &mut Gathered) {
    let documents = text.split("<DOC NUMBER=").skip(1).filter_map(|document| {
        let document = document.split_once("-->").map_or(document, |(_, rest)| rest);
        // The comments between documents hold the XML of old browsers.
        let document = document.split("<!-- Hide XML").next().unwrap_or_default();
        let text = html::to_text(document, None, None).0;
        read_document(&paragraphs(&text, false))
    });
    finish(documents.take(super::DOCUMENT_CAP + 1).collect(), "Nexis", origin, found);
}

pub(in crate::formats) fn read_text(text: &str, origin: &Origin, found: &mut Gathered) {
    let mut drafts = Vec::new();
    if head(text).lines().any(is_counter) {
        let mut document: Option<String> = None;
        for line in text.lines().chain(["1 of 1 DOCUMENTS"]) {
            if is_counter(line) {
                let whole = document.replace(String::new());
                drafts.extend(whole.and_then(|document| read_document(&paragraphs(&document, true))));
            } else if let Some(document) = &mut document {
                document.push_str(line);
                document.push('\n');
            }
        }
    } else {
        let mut document = Vec::new();
        for line in text.lines().chain(["End of Document"]) {
            match line.trim() {
                "End of Document" | "Ende des Dokuments" | "Fin du document" => {
                    drafts.extend(read_uni(&std::mem::take(&mut document)));
                }
                "" => {}
                line => document.push(line.to_owned()),
            }
        }
    }
    finish(drafts, "Nexis", origin, found);
}

/// A paragraph, and whether it lies in the middle of the page.
type Paragraph = (String, bool);

/// The paragraphs of a document. Their lines are wrapped in text, and lie in the middle of the page before the headline.
fn paragraphs(text: &str, wrapped: bool) -> Vec<Paragraph> {
    let mut found: Vec<Paragraph> = Vec::new();
    let mut open = false;
    for line in text.lines() {
        // A form feed and a byte order mark may stand at the head of a page.
        let trimmed = line.trim_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}');
        if trimmed.is_empty() {
            open = false;
            continue;
        }
        // A logo has its address as the description.
        let trimmed = match trimmed.strip_prefix("[picture: ") {
            Some(logo) => logo.split_once(']').map_or("", |(_, rest)| rest.trim()),
            None => trimmed,
        };
        if trimmed.is_empty() || is_counter(trimmed) {
            continue;
        }
        let centred = line.len() - line.trim_start().len() >= 12;
        match found.last_mut().filter(|_| open && wrapped && !centred && label(trimmed).is_none()) {
            Some((last, _)) => {
                last.push('\n');
                last.push_str(trimmed);
            }
            None => found.push((trimmed.to_owned(), centred)),
        }
        open = !centred;
    }
    found
}

/// Labels before the text, and after it. Those of Nexis Uni differ in case alone.
const BEFORE: &[&str] = &[
    "headline",
    "byline",
    "section",
    "length",
    "dateline",
    "highlight",
    "show",
    "distribution",
    "series",
    "correction",
    "type",
    "rubrik",
    "ressort",
    "autor",
    "länge",
    "überschrift",
    "ort",
    "auteur",
    "longueur",
    "rubrique",
    "titre",
    "sección",
    "longitud",
    "autore",
    "lunghezza",
    "correction-date",
    "encart",
    "origine",
];
const AFTER: &[&str] = &[
    "load-date",
    "language",
    "publication-type",
    "document-type",
    "journal-code",
    "graphic",
    "graphics",
    "subject",
    "organization",
    "organisation",
    "company",
    "person",
    "city",
    "state",
    "country",
    "geographic",
    "industry",
    "ticker",
    "url",
    "update",
    "notes",
    "acc-no",
    "jobcode",
    "pub-type",
    "classification",
    "category",
    "grafik",
    "sprache",
    "publikationstyp",
    "firma",
    "date-chargement",
    "langue",
    "type-publication",
    "supplement",
    "name",
    "contact",
    "transcript",
    "photo",
    "sujet",
    "localisation-geo",
    "société",
    "ville",
    "pays",
    "personne",
    "organisme",
    "secteur",
];

/// The label of a line, in lower case, and the value after it.
fn label(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim().to_lowercase();
    let known = BEFORE.contains(&name.as_str()) || AFTER.contains(&name.as_str());
    known.then(|| (name, value.trim()))
}

/// A label in capitals.
fn shouted(line: &str) -> Option<(String, &str)> {
    let name = line.split(':').next().unwrap_or_default();
    let capital = name.chars().all(|c| !c.is_lowercase()) && name.chars().any(char::is_alphabetic);
    label(line).filter(|_| capital)
}

fn is_edition(line: &str) -> bool {
    let lower = line.to_lowercase();
    line.split_whitespace().count() <= 5
        && (lower.contains("edition") || lower.contains("correction appended"))
}

fn is_copyright(line: &str) -> bool {
    let lower = line.to_lowercase();
    lower.starts_with("copyright ")
        || lower.starts_with("all rights reserved")
        || lower.starts_with("alle rechte vorbehalten")
}

/// The draft of a document of Nexis: its paragraphs after the counter.
fn read_document(paragraphs: &[Paragraph]) -> Option<Draft> {
    let mut draft = Draft::default();
    let mut title = Vec::new();
    let (mut body, mut notes): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    let (mut in_body, mut ended, mut seen_label) = (false, false, false);
    for (paragraph, centred) in paragraphs {
        let paragraph = paragraph.as_str();
        if let Some((name, value)) = shouted(paragraph) {
            let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
            let after = AFTER.contains(&name.as_str());
            ended |= after && in_body;
            seen_label = true;
            match name.as_str() {
                "headline" | "überschrift" | "titre" => title = vec![value],
                "byline" | "autor" | "auteur" | "autore" => draft.author = byline(&value).or(draft.author),
                "subject" | "sujet" => draft.tags.extend(subjects(&value)),
                "url" => draft.url = crate::text::clean_url(&value),
                // The day on which the database took the article is no earlier than its own.
                "language" | "langue" | "sprache" => draft.language = Some(value),
                "load-date" | "date-chargement" => draft.held = issue_date(&value),
                "length" | "länge" | "longueur" | "longitud" | "lunghezza" => in_body = true,
                "highlight" | "encart" if !value.is_empty() => {
                    notes.push(paragraph.split_once(':').map_or("", |(_, text)| text.trim()));
                }
                _ => {}
            }
            continue;
        }
        if ended || is_copyright(paragraph) {
            ended |= in_body && !body.is_empty();
            continue;
        }
        if draft.source.is_none() && !in_body {
            // Some papers have their day alone.
            match issue_date(paragraph) {
                Some(day) if draft.published.is_none() => draft.published = Some(day.into()),
                _ => draft.source = Some(paragraph.to_owned()),
            }
        } else if draft.published.is_none() && !in_body && title.len() < 3 {
            match issue_date(paragraph) {
                Some(day) => {
                    draft.published = Some(day.into());
                    // What stood between the paper and the day is an edition.
                    title.clear();
                }
                None => title.push(paragraph.to_owned()),
            }
        } else if !in_body && !seen_label && draft.published.is_some() && title.is_empty() {
            // The name of an edition may stand below the day.
            if *centred || is_edition(paragraph) {
                continue;
            }
            title.push(paragraph.split_whitespace().collect::<Vec<_>>().join(" "));
        } else if in_body || seen_label || !title.is_empty() {
            // `Correction Appended` below the headline is no text.
            if in_body || seen_label || paragraph.len() > 200 {
                in_body = true;
                body.push(paragraph);
            }
        }
    }
    draft.title = title.join(" ").split_whitespace().collect::<Vec<_>>().join(" ");
    notes.retain(|note| !body.iter().any(|paragraph| paragraph.contains(note)));
    notes.extend(body);
    draft.body = notes.join("\n\n");
    draft.source = draft.source.map(|source| paper(&source));
    (draft.published.is_some() || !draft.body.trim().is_empty() || !draft.title.is_empty()).then_some(draft)
}

/// The draft of a document of Nexis Uni, from its lines.
fn read_uni(lines: &[String]) -> Option<Draft> {
    let at = lines
        .iter()
        .position(|line| line == "Body")
        .or_else(|| lines.iter().rposition(|line| label(line).is_some_and(|(name, _)| name == "length")))?;
    let (before, after) = (lines.get(..at)?, lines.get(at + 1..)?);
    let mut draft = Draft { layout: Layout::AsTyped, ..Draft::default() };
    let day = before.iter().enumerate().rev().find_map(|(at, line)| {
        let labelled = line.contains(": ") && label(line).is_none() && line.starts_with(char::is_uppercase);
        Some((at, issue_date(line).filter(|_| !labelled && label(line).is_none())?))
    });
    if let Some((at, day)) = day {
        draft.published = Some(day.into());
        draft.source = at.checked_sub(1).and_then(|at| before.get(at)).map(|source| paper(source));
        draft.title = at.checked_sub(2).and_then(|at| before.get(at)).cloned().unwrap_or_default();
    } else if let Some(copyright) = before.iter().position(|line| is_copyright(line)) {
        let above: Vec<&String> = before
            .iter()
            .take(copyright)
            .rev()
            .filter(|line| !is_edition(line) || line.contains('('))
            .take(2)
            .collect();
        draft.source = above.first().map(|source| paper(source));
        draft.title = above.get(1).map(|title| (*title).clone()).unwrap_or_default();
    }
    let mut highlight = None;
    for line in before.get(day.map_or(0, |(at, _)| at)..).unwrap_or_default() {
        match label(line) {
            Some((name, value)) if name == "byline" => draft.author = byline(value),
            Some((name, value)) if name == "headline" && !value.is_empty() => draft.title = value.to_owned(),
            Some((name, value)) if name == "highlight" && !value.is_empty() => {
                highlight = Some(value.to_owned());
            }
            _ => {}
        }
    }
    let mut body: Vec<&str> = Vec::new();
    let mut ended = false;
    for line in after {
        ended |= line == "Classification"
            || line == "Graphic"
            || label(line).is_some_and(|(name, _)| {
                // `Person: …` may be a speaker; what follows the text begins with one of these.
                ["load-date", "language", "publication-type", "acc-no"].contains(&name.as_str())
            });
        if !ended {
            if !matches!(line.as_str(), "FULL TEXT" | "ABSTRACT") {
                body.push(line);
            }
            continue;
        }
        match label(line) {
            Some((name, value)) if name == "subject" => draft.tags.extend(subjects(value)),
            Some((name, value)) if name == "url" => draft.url = crate::text::clean_url(value),
            Some((name, value)) if name == "language" => draft.language = Some(value.to_owned()),
            Some((name, value)) if name == "load-date" => draft.held = issue_date(value),
            _ => {}
        }
    }
    let body = body.join("\n\n");
    draft.body = match highlight.filter(|text| !body.contains(text.as_str())) {
        Some(highlight) => format!("{highlight}\n\n{body}"),
        None => body,
    };
    (!draft.title.is_empty() || !draft.body.is_empty()).then_some(draft)
}

/// The name of a paper without the full stop that Nexis Uni sets, and with a blank before its town.
fn paper(name: &str) -> String {
    let name = name.trim().trim_end_matches('.');
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    match name.find('(') {
        Some(at) if at > 0 && !name[..at].ends_with(' ') => format!("{} {}", &name[..at], &name[at..]),
        _ => name,
    }
}

/// `IMMIGRATION (93%); EUROPEAN UNION (90%)`: the names.
fn subjects(value: &str) -> impl Iterator<Item = String> + '_ {
    let name =
        |subject: &str| subject.rsplit_once(" (").map_or(subject, |(name, _)| name).trim().to_lowercase();
    value.split(';').map(name).filter(|name| !name.is_empty()).take(16)
}

#[cfg(test)]
mod tests {
    use super::super::super::agency::shown;

    #[test]
    fn documents_as_text() {
        let text = "\u{feff}\r\n\r\nDownload Request: Selected Items: 1-2\r\nTerms: (bridge)\r\n\r\n                               1 of 2 DOCUMENTS\r\n\r\n\
            \u{20}                             The Courier(Lovech)\r\n\r\n                            January 3, 2022 Monday\r\n                                  Late Edition\r\n\r\n\
            Bridge falls, and nobody\r\nis hurt\r\n\r\nBYLINE: By Ana Petrova\r\n\r\nSECTION: NEWS; Pg. 1\r\n\r\nLENGTH: 312 words\r\n\r\nThe bridge fell on\r\nMonday.\r\n\r\n\"NEWS: it fell,\" said the mayor.\r\n\r\n\
            LOAD-DATE: January 4, 2022\r\n\r\nLANGUAGE: ENGLISH\r\n\r\nSUBJECT: BRIDGES (93%); RIVERS (80%)\r\n\r\n                       Copyright 2022 Courier Limited\r\n                              All Rights Reserved\r\n\r\n\
            \u{20}                              2 of 2 DOCUMENTS\r\n\r\n                    Copyright 2022 Courier Limited\r\n                              All Rights Reserved\r\n\r\n                              The Herald\r\n\r\n                            January 4, 2022\r\n\r\n\
            HEADLINE: Dam holds\r\n\r\nLENGTH: 20 words\r\n\r\nThe dam held.\r\n";
        assert_eq!(
            shown(text),
            [
                "Bridge falls, and nobody is hurt | 2022-01-03 | The Courier (Lovech) | Ana Petrova | - | bridges,rivers | The bridge fell on ; Monday. / \"NEWS: it fell,\" said the mayor.",
                "Dam holds | 2022-01-04 | The Herald | - | - |  | The dam held.",
            ]
        );
    }

    #[test]
    fn documents_as_html() {
        let document = |number: u32, title: &str| {
            format!(
                "<A NAME=\"DOC\"></A><!-- Hide XML section from browser\n<DOC NUMBER={number}>\n<DOCFULL> -->\n<BR><DIV CLASS=\"c0\"><P CLASS=\"c1\"><SPAN>{number} of 2 DOCUMENTS</SPAN></P>\n</DIV>\
                 <BR><DIV><P><SPAN>The Courier</SPAN></P></DIV><BR><DIV><P><SPAN>January 3, 2022, CITY EDITION</SPAN></P></DIV><BR><DIV><P><SPAN>{title}</SPAN></P></DIV>\
                 <BR><DIV><P><SPAN>BYLINE: </SPAN><SPAN>By ANA PETROVA</SPAN></P></DIV><BR><DIV><P><SPAN>LENGTH: </SPAN><SPAN>12 words</SPAN></P></DIV><BR><DIV><P><SPAN>It fell.</SPAN></P><P><SPAN>So it did.</SPAN></P></DIV>\
                 <BR><DIV><P><SPAN>LOAD-DATE: </SPAN><SPAN>January 4, 2022</SPAN></P></DIV>"
            )
        };
        let text = format!(
            "<HTML>\n<HEAD>\n<META TOPIC=\"null\" DOCUMENTS=\"2\" /></HEAD>\n<BODY>{}{}</BODY></HTML>",
            document(1, "Bridge falls"),
            document(2, "Dam holds")
        );
        assert_eq!(
            shown(&text),
            [
                "Bridge falls | 2022-01-03 | The Courier | ANA PETROVA | - |  | It fell. / So it did.",
                "Dam holds | 2022-01-03 | The Courier | ANA PETROVA | - |  | It fell. / So it did.",
            ]
        );
    }

    #[test]
    fn documents_of_nexis_uni() {
        let text = "User Name: A\nDate and Time: Friday, 5. July 2019 09:31:00 CEST\nDocuments (2)\n1. Bridge falls\nClient/Matter: -None-\nSearch Terms: bridge\n\
            Bridge falls: nobody hurt\nThe Courier.\nJanuary 3, 2022 Monday\n\nCopyright 2022 Courier Limited All Rights Reserved\nSection: NEWS\nLength:\u{a0}937 words\nByline:\u{a0}Ana Petrova, courier.example\nBody\n\n\
            ABSTRACT\nA bridge fell.\nFULL TEXT\nThe bridge fell on Monday.\nMayor: it fell.\nClassification\n\nLanguage:\u{a0}ENGLISH\nSubject:\u{a0}BRIDGES (93%)\nLoad-Date:\u{a0}January 4, 2022\n\n\nEnd of Document\n\
            Dam holds\nThe Herald\nDienstag 4. Januar 2022\nCopyright 2022\nLength: 2 words\nBody\nThe dam held.\nLoad-Date: January 5, 2022\nEnd of Document\n";
        assert_eq!(
            shown(text),
            [
                "Bridge falls: nobody hurt | 2022-01-03 | The Courier | Ana Petrova, courier.example | - | bridges | A bridge fell. / The bridge fell on Monday. / Mayor: it fell.",
                "Dam holds | 2022-01-04 | The Herald | - | - |  | The dam held.",
            ]
        );
    }
}
