//! ProQuest's exports as text: `Document 1 of 2`, then labels such as `Author:` and `Publication date:`, and `Full text:`
//! with the text. The same as HTML, in files and in mail, where an anchor `DocID_…` begins each document.

use super::super::draft::Draft;
use super::super::html::{self, Tree};
use super::super::{Gathered, Origin};
use super::{byline, finish, head, issue_date};
use crate::article::date;

/// Labels at the beginnings of lines.
const LABELS: &[&str] = &[
    "title",
    "author",
    "publication info",
    "publication title",
    "publication date",
    "publication year",
    "publication subject",
    "full text",
    "abstract",
    "links",
    "subject",
    "location",
    "people",
    "company / organization",
    "company",
    "pages",
    "publisher",
    "place of publication",
    "country of publication",
    "document url",
    "proquest document id",
    "document id",
    "language of publication",
    "language of document",
    "language",
    "source type",
    "document type",
    "document feature",
    "section",
    "issn",
    "e-issn",
    "copyright",
    "last updated",
    "database",
    "first page",
    "column",
    "dateline",
    "identifier / keyword",
    "identifiers / keywords",
    "classification",
    "volume",
    "issue",
    "credit",
    "ethnic newswatch",
    "publication frequency",
    "industry",
    "number of pages",
    "alternate title",
    "source attribution",
    "correspondence author",
];

pub(in crate::formats) fn is_text(text: &str) -> bool {
    let head = head(text);
    let mentions = head.contains("ProQuest");
    mentions
        && head
            .lines()
            .any(|line| is_counter(line) || label(line).is_some_and(|(name, _)| name == "full text"))
}

/// What begins a document in HTML.
const ANCHOR: &str = "<a name=\"DocID_";

/// Whether a page has documents of ProQuest in it. Its style sheets may fill the beginning.
pub(in crate::formats) fn is_html(text: &str) -> bool {
    text.contains(ANCHOR) && text.contains("ProQuest")
}

pub(in crate::formats) fn read_html(text: &str, origin: &Origin, found: &mut Gathered) {
    let parts = text.split(ANCHOR).skip(1).take(super::DOCUMENT_CAP + 1);
    let drafts = parts.filter_map(|part| {
        // `MSTAR_251439970"></a>`.
        let (id, html) = part.split_once("\"")?;
        let html = html.split_once('>').map_or(html, |(_, rest)| rest);
        let (text, _) = html::element_to_text(Tree::fragment(html).root(), None, None);
        let draft = document(&text.lines().collect::<Vec<_>>())?;
        let number = id.rsplit('_').next().filter(|id| !id.is_empty());
        Some(Draft {
            guid: draft.guid.or_else(|| Some(format!("proquest:{}", number?))),
            url: draft.url.or_else(|| document_link(html)),
            ..draft
        })
    });
    finish(drafts.collect(), "ProQuest", origin, found);
}

/// The address of a document's page at ProQuest, without the account of the reader.
fn document_link(html: &str) -> Option<String> {
    let addresses = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    let own = addresses.into_iter().find(|address| address.contains("/docview/"))?;
    crate::text::clean_url(own.split(['?', '&']).next()?)
}

/// `Document 1 of 2`.
fn is_counter(line: &str) -> bool {
    let words: Vec<&str> = line.split_whitespace().collect();
    matches!(words.as_slice(), ["Document", one, "of", all] if [one, all].iter().all(|n| n.bytes().all(|b| b.is_ascii_digit())))
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.len() >= 20 && line.bytes().all(|byte| matches!(byte, b'_' | b'-' | b'='))
}

fn label(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim().to_lowercase();
    LABELS.contains(&name.as_str()).then(|| (name, value.trim()))
}

pub(in crate::formats) fn read(text: &str, origin: &Origin, found: &mut Gathered) {
    let counted = text.lines().any(is_counter);
    let mut drafts = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        if if counted { is_counter(line) } else { is_rule(line) } {
            drafts.extend(document(&lines));
            lines.clear();
        } else if !is_rule(line) {
            lines.push(line);
        }
    }
    drafts.extend(document(&lines));
    finish(drafts, "ProQuest", origin, found);
}

fn document(lines: &[&str]) -> Option<Draft> {
    let mut fields: Vec<(String, String)> = Vec::new();
    let mut heading = None;
    for line in lines {
        if let Some((name, value)) = label(line) {
            fields.push((name, value.to_owned()));
        } else if let Some((_, value)) = fields.last_mut() {
            value.push('\n');
            value.push_str(line.trim());
        } else if heading.is_none() && !line.trim().is_empty() {
            heading = Some(line.trim().to_owned());
        }
    }
    let text = |name: &str| {
        let mut values = fields.iter().filter(|(known, _)| known == name).map(|(_, value)| value.trim());
        values.find(|value| !value.is_empty())
    };
    // A paragraph may follow the value of a field of one line.
    let line = |name: &str| {
        text(name).and_then(|value| {
            Some(value.split("\n\n").next()?.split_whitespace().collect::<Vec<_>>().join(" "))
        })
    };
    let info = line("publication info");
    let published = line("publication date")
        .and_then(|day| issue_date(&day))
        .or_else(|| info.as_deref().and_then(day_of_info))
        .or_else(|| date::parse(&line("publication year")?));
    let source = line("publication title").or_else(|| info.clone());
    // `The Courier; London (UK)`, `The Courier ; London (UK) [London (UK)]11 Sep 2018: 6.`
    let source = source.map(|name| name.split([';', '[']).next().unwrap_or_default().trim().to_owned());
    // The reader's account may stand behind the address.
    let url = line("document url").and_then(|url| crate::text::clean_url(url.split("?accountid").next()?));
    let id = line("proquest document id").or_else(|| line("document id"));
    text("full text").or(text("title")).or(text("publication info"))?;
    let draft = Draft {
        title: line("title").or(heading).unwrap_or_default(),
        body: text("full text").or_else(|| text("abstract")).unwrap_or_default().to_owned(),
        url,
        guid: id.map(|id| format!("proquest:{id}")),
        source,
        author: line("author").and_then(|author| byline(&author)),
        published: published.map(Into::into),
        language: line("language of publication").or_else(|| line("language")),
        tags: line("subject")
            .into_iter()
            .flat_map(|tags| tags.split(';').map(|tag| tag.trim().to_owned()).collect::<Vec<_>>())
            .collect(),
        ..Draft::default()
    };
    (!draft.title.is_empty() || !draft.body.is_empty()).then_some(draft)
}

/// The day in `The Courier ; London (UK) [London (UK)]11 Sep 2018: 6.`
fn day_of_info(info: &str) -> Option<chrono::DateTime<chrono::Utc>> {
    let after = info.rsplit([']', ';']).next()?;
    issue_date(after.split(':').next()?.trim())
}

#[cfg(test)]
mod tests {
    use super::super::super::agency::shown;

    #[test]
    fn documents() {
        let rule = "_".repeat(60);
        let text = format!(
            "{rule}\n\nReport Information from ProQuest\n3 January 2022 06:00\n{rule}\n\nDocument 1 of 2\n\nBridge falls: nobody hurt\n\nAuthor: Petrova, Ana\n\n\
             Publication info: The Courier ; Lovech (BG) [Lovech (BG)]03 Jan 2022: 6.\n\nProQuest document link\n\nFull text: The bridge fell.\n\nThe mayor: it fell.\n\n\
             Subject: Bridges; Rivers\n\nTitle: Bridge falls: nobody hurt\n\nPublication title: The Courier; Lovech (BG)\n\nPublication date: Jan 3, 2022\n\nProQuest document ID: 42\n\n\
             Document URL: https://search.example/docview/42\n\n{rule}\n\nDocument 2 of 2\n\nDam holds\n\nFull text: The dam held.\n\nPublication info: The Herald ; Sofia [Sofia]04 Jan 2022: 1.\n{rule}\n"
        );
        assert_eq!(
            shown(&text),
            [
                "Bridge falls: nobody hurt | 2022-01-03 | The Courier | Petrova, Ana | proquest:42 | Bridges,Rivers | The bridge fell. / The mayor: it fell.",
                "Dam holds | 2022-01-04 | The Herald | - | - |  | The dam held.",
            ]
        );
    }
    /// One part of an export in HTML.
    fn part(id: u32, title: &str, text: &str) -> String {
        format!(
            "<div><a name=\"DocID_MSTAR_{id}\"></a><p></p><p style=\"font-weight:bold;\">{title}</p>\
             <p><strong>Author:  </strong>Petrova, Ana; Ilieva, Rada</p>\
             <p><strong>Publication info:  </strong>The Courier ; Lovech (BG) [Lovech (BG)]03 Jan 2022: 6.</p>\
             <p><a href=\"https://search.example/docview/{id}?accountid=7\">ProQuest document link</a></p>\
             <div><strong>Links: </strong><a href=\"https://library.example/\">Get it</a></div>\
             <p><strong>Full text: </strong><text htmlcontent=\"true\"><p>{text}</p><p>The mayor: it fell.</p></text></p>\
             <p><strong>Subject: </strong>Bridges; Rivers</p></div>"
        )
    }

    #[test]
    fn documents_in_a_page_and_in_mail() {
        let parts = part(42, "Bridge falls", "The bridge fell.") + &part(43, "Dam holds", "The dam held.");
        let page = format!("<html><head><title>ProQuest</title></head><body>{parts}</body></html>");
        let mail = format!(
            "From: ProQuest <noreply@proquest.example>\nSubject: Your research\nDate: Fri, 7 Jan 2022 10:00:00 +0000\n\
             Message-ID: <1@proquest.example>\nMIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\n\n{page}\n"
        );
        let mbox = format!("From noreply@proquest.example Fri Jan  7 10:00:00 2022\n{mail}\n");
        // A saved selection has no head of a page.
        for text in [page, parts, mail, mbox] {
            let read = shown(&text);
            assert_eq!(
                read,
                [
                    "Bridge falls | 2022-01-03 | The Courier | Petrova, Ana; Ilieva, Rada | proquest:42 | Bridges,Rivers | The bridge fell. / The mayor: it fell.",
                    "Dam holds | 2022-01-03 | The Courier | Petrova, Ana; Ilieva, Rada | proquest:43 | Bridges,Rivers | The dam held. / The mayor: it fell.",
                ],
                "{text}"
            );
        }
    }
}
