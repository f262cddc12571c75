//! Factiva, as HTML, as text or RTF turned into lines, and as XML.
//!
//! Its documents come in two forms. One has a field a line, or a row of a table, named by two letters: `HD` the
//! headline, `BY` the author, `PD` the day, `SN` the source, `LP` and `TD` the text. The other has the values alone, in
//! this order: section, headline, author, `808 words`, day, time, source, its code, language, copyright, text.

use super::super::agency::{local, without_by};
use super::super::draft::Draft;
use super::super::format::first_element;
use super::super::html::{self, Element, Tree};
use super::super::xml;
use super::super::{Gathered, Origin};
use super::{byline, finish, head, issue_date};

/// The names of fields.
const CODES: [&str; 24] = [
    "SE", "HD", "BY", "CR", "WC", "PD", "ET", "SN", "SC", "ED", "PG", "VOL", "LA", "CY", "LP", "TD", "ART",
    "CO", "IN", "NS", "RE", "IPD", "PUB", "AN",
];

pub(in crate::formats) fn is_html(text: &str) -> bool {
    let head = text.get(..text.len().min(512 << 10)).unwrap_or(text);
    // Many pages have elements called `article-1`; the identifiers of Factiva begin with the code of the source.
    let is_id = |part: &str| {
        let id = part.split('"').next().unwrap_or_default();
        let code = id.bytes().take_while(u8::is_ascii_uppercase).count();
        code >= 3
            && (16..=40).contains(&id.len())
            && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
    };
    head.split("id=\"article-").skip(1).take(8).any(is_id)
        || super::head(text).contains("Factiva") && head.contains("<b>HD</b>")
}

pub(in crate::formats) fn is_text(text: &str) -> bool {
    let head = head(text);
    let codes = head
        .lines()
        .filter_map(field)
        .filter(|(code, _)| ["HD", "SN", "LP", "TD", "PD", "WC"].contains(code));
    if codes.take(8).count() >= 4 && head.lines().filter_map(field).any(|(code, _)| code == "HD") {
        return true;
    }
    text.lines().any(|line| document_id(line).is_some()) && head.lines().any(is_word_count)
}

pub(in crate::formats) fn is_xml(text: &str) -> bool {
    first_element(text).is_some_and(|(name, _)| {
        [
            "ppsresponse",
            "ppsarticleresponse",
            "ppsarticle",
            "ppsarticles",
            "article",
            "articles",
            "factiva",
            "archive",
        ]
        .contains(&name.as_str())
            || name.contains("factiva")
    }) && {
        let head = head(text);
        head.contains("<leadParagraph") || head.contains("<tailParagraphs") || head.contains("<sourceName")
    }
}

/// The code of a line and its value: `HD` and then a tab or blanks. A code may stand alone.
fn field(line: &str) -> Option<(&'static str, &str)> {
    let line = line.trim_start_matches('\u{feff}').trim_end();
    let end = line.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(line.len());
    let (code, rest) = line.split_at(end);
    let code = CODES.iter().find(|known| **known == code)?;
    let separated = rest.is_empty() || rest.starts_with(['\t', '|']) || rest.starts_with("  ");
    separated.then(|| (*code, rest.trim_matches(['\t', ' ', '|'])))
}

/// `Document IINM000020171113edbd0000d`: the identifier.
fn document_id(line: &str) -> Option<&str> {
    let (name, id) = line.trim().split_once([' ', '\u{a0}'])?;
    let named = ["document", "dokument", "documento", "文件", "文档"].contains(&name.to_lowercase().as_str());
    let id = id.trim();
    let fits = (18..=40).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (named && fits && id.chars().any(|c| c.is_ascii_digit())).then_some(id)
}

/// `808 words`, `1.285 Wörter`.
fn is_word_count(line: &str) -> bool {
    let (number, name) = match line.trim().split_once([' ', '\u{a0}']) {
        Some(parts) => parts,
        None => return false,
    };
    let figures = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ','));
    let name = name.trim().to_lowercase();
    // The others are damaged by a wrong character set.
    figures
        && ([
            "words", "word", "wörter", "wort", "mots", "mot", "palabras", "parole", "palavras", "woorden",
            "字", "語", "слов",
        ]
        .contains(&name.as_str())
            || name.starts_with('w') && name.ends_with("rter"))
}

fn is_time(line: &str) -> bool {
    let line = line.trim();
    line.len() <= 12 && line.contains(':') && line.starts_with(|c: char| c.is_ascii_digit())
}

pub(in crate::formats) fn read_text(text: &str, origin: &Origin, found: &mut Gathered) {
    let labelled = text.lines().filter_map(field).filter(|(code, _)| *code == "HD").count() > 0;
    let drafts =
        if labelled { read_fields(text.lines().map(|line| (field(line), line))) } else { read_values(text) };
    finish(drafts, "Factiva", origin, found);
}

/// The documents in lines of which some begin with a code.
fn read_fields<'a>(lines: impl Iterator<Item = (Option<(&'static str, &'a str)>, &'a str)>) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let (mut fields, mut last): (Vec<(&str, String)>, Option<&str>) = (Vec::new(), None);
    for (field, line) in lines {
        match field {
            Some((code, value)) => {
                let again = fields.iter().any(|(known, _)| *known == code);
                let is_new = matches!(code, "SE" | "HD") && again || last == Some("AN");
                if is_new {
                    drafts.extend(fielded(&std::mem::take(&mut fields)));
                }
                fields.push((code, value.to_owned()));
                last = Some(code);
            }
            None => {
                if let (Some(code), Some((_, value))) = (last, fields.last_mut())
                    && !matches!(code, "AN")
                {
                    value.push('\n');
                    value.push_str(line.trim());
                }
            }
        }
    }
    drafts.extend(fielded(&fields));
    drafts
}

fn fielded(fields: &[(&str, String)]) -> Option<Draft> {
    let text = |code: &str| {
        let value = fields.iter().find(|(known, _)| *known == code).map(|(_, value)| value.trim());
        value.filter(|value| !value.is_empty())
    };
    let line = |code: &str| text(code).map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "));
    let body: Vec<&str> = ["LP", "TD", "ART"].iter().filter_map(|code| text(code)).collect();
    let draft = Draft {
        title: line("HD").unwrap_or_default(),
        body: body.join("\n\n"),
        guid: line("AN").and_then(|id| Some(id.split_whitespace().last()?.to_owned())),
        source: line("SN"),
        author: line("BY").and_then(|by| byline(&by)),
        published: line("PD").and_then(|day| issue_date(&day)).map(Into::into),
        language: line("LA"),
        tags: line("NS").into_iter().flat_map(|names| subjects(&names)).collect(),
        ..Draft::default()
    };
    (!draft.title.is_empty() || !draft.body.is_empty()).then_some(draft)
}

/// `gcrim : Crime/Courts | gvote : Elections`: the names.
fn subjects(names: &str) -> Vec<String> {
    let name = |part: &str| part.split_once(" : ").map_or(part, |(_, name)| name).trim().to_owned();
    names.split('|').map(name).filter(|name| name.chars().any(char::is_lowercase)).collect()
}

/// The documents in lines of values alone, each of which ends with its identifier.
fn read_values(text: &str) -> Vec<Draft> {
    let mut drafts = Vec::new();
    let mut lines: Vec<&str> = Vec::new();
    for line in text.lines() {
        match document_id(line) {
            Some(id) => {
                let draft = values(&lines);
                drafts.extend(draft.map(|draft| Draft { guid: Some(id.to_owned()), ..draft }));
                lines.clear();
            }
            None => lines.push(line.trim()),
        }
    }
    drafts
}

fn values(lines: &[&str]) -> Option<Draft> {
    let count = lines.iter().position(|line| is_word_count(line))?;
    let before: Vec<&str> = lines.get(..count)?.iter().copied().filter(|line| !line.is_empty()).collect();
    let author = before.last().filter(|line| before.len() > 1 && line.to_lowercase().starts_with("by "));
    let rest = before.len() - usize::from(author.is_some());
    // A section may come before the headline, and an author after it.
    let title = before.get(..rest)?.iter().rev().take(3).max_by_key(|line| line.len())?;
    let author = author.copied().or_else(|| before.last().copied().filter(|last| last != title));
    let mut draft = Draft { title: (*title).to_owned(), author: author.and_then(byline), ..Draft::default() };
    let mut at = count + 1;
    for line in lines.get(at..)? {
        if draft.published.is_none() {
            draft.published = issue_date(line).map(Into::into);
        } else if draft.source.is_none() && !is_time(line) && !line.is_empty() {
            draft.source = Some((*line).to_owned());
        } else if is_copyright(line) || at > count + 12 {
            break;
        }
        at += 1;
    }
    draft.body = lines.get(at + 1..).unwrap_or_default().join("\n");
    Some(draft)
}

fn is_copyright(line: &str) -> bool {
    let lower = line.trim().to_lowercase();
    lower.starts_with("copyright") || lower.starts_with("(c)") || lower.starts_with('©')
}

pub(in crate::formats) fn read_html(text: &str, origin: &Origin, found: &mut Gathered) {
    let mut drafts: Vec<Draft> = Vec::new();
    for article in text.split("<div id=\"article-").skip(1).take(super::DOCUMENT_CAP + 1) {
        let Some((id, _)) = article.split_once('"') else { continue };
        let html = format!("<div id=\"article-{article}");
        let tree = Tree::fragment(&html);
        if let Some(draft) = html_article(tree.root()) {
            drafts.push(Draft { guid: Some(id.to_owned()), ..draft });
        }
    }
    if drafts.iter().all(|draft| draft.published.is_none()) {
        // The form with rows of a table.
        let tree = Tree::page(text);
        let rows: Vec<(String, String)> = tree
            .root()
            .below()
            .filter(|row| row.is("tr"))
            .filter_map(|row| {
                let mut cells = row.elements().filter(|cell| cell.is("td") || cell.is("th"));
                let code = cells.next()?.text().trim().to_owned();
                let (text, _) = html::element_to_text(cells.next()?, None, None);
                CODES.contains(&code.as_str()).then_some((code, text))
            })
            .collect();
        let fields = rows.iter().filter_map(|(code, text)| {
            let code = CODES.iter().find(|known| *known == code)?;
            Some((Some((*code, text.as_str())), ""))
        });
        let fielded = read_fields(fields);
        if !fielded.is_empty() {
            drafts = fielded;
        }
    }
    finish(drafts, "Factiva", origin, found);
}

fn html_article(root: Element) -> Option<Draft> {
    let class = |element: &Element, wanted: &str| {
        element
            .attribute("class")
            .is_some_and(|class| class.split_whitespace().any(|name| name.contains(wanted)))
    };
    let all: Vec<Element> = root.below().collect();
    let line = |element: &Element| element.text().split_whitespace().collect::<Vec<_>>().join(" ");
    let headline = all
        .iter()
        .find(|element| class(element, "Headline") || element.attribute("id").as_deref() == Some("hd"))?;
    let title = line(headline);
    // Some interfaces number the headlines.
    let title = match all.iter().any(|element| class(element, "counted")) {
        true => title.split_once(") ").map_or(title.clone(), |(_, rest)| rest.to_owned()),
        false => title,
    };
    let mut draft = Draft { title, ..Draft::default() };
    draft.author =
        all.iter().find(|element| class(element, "author")).and_then(|author| byline(&line(author)));
    // The values stand in elements of their own.
    let values: Vec<String> = all
        .iter()
        .filter(|element| element.is("div") && element.elements().next().is_none())
        .map(line)
        .filter(|value| !value.is_empty())
        .collect();
    let count =
        values.iter().position(|value| is_word_count(value) || value.ends_with(" 字")).map_or(0, |at| at + 1);
    for value in values.iter().skip(count) {
        if draft.published.is_none() {
            draft.published = issue_date(value).map(Into::into);
        } else if !is_time(value) {
            draft.source = Some(value.clone());
            break;
        }
    }
    let paragraphs: Vec<String> = all
        .iter()
        .filter(|element| element.is("p") && class(element, "articleParagraph"))
        .map(|element| html::element_to_text(*element, None, None).0)
        .filter(|text| !text.trim().is_empty())
        .collect();
    draft.body = paragraphs.join("\n\n");
    Some(draft)
}

pub(in crate::formats) fn read_xml(text: &str, origin: &Origin, found: &mut Gathered) {
    let mut drafts = Vec::new();
    let is_article = |name: &str| name == "article" || name.ends_with(":article");
    xml::Tree::without_items(text, &is_article, &mut |article| {
        drafts.extend(xml_article(article).filter(|_| drafts.len() <= super::DOCUMENT_CAP));
    });
    finish(drafts, "Factiva", origin, found);
}

fn xml_article(article: xml::Element) -> Option<Draft> {
    let named = |name: &'static str| article.below().filter(move |element| local(*element) == name);
    let squeezed = |element: xml::Element| {
        let line = element.text().split_whitespace().collect::<Vec<_>>().join(" ");
        (!line.is_empty()).then_some(line)
    };
    let line = |name: &'static str| named(name).find_map(squeezed);
    let inner = |around: &'static str, name: &str| {
        named(around)
            .find_map(|around| around.below().find(|element| local(*element) == name).and_then(squeezed))
    };
    let paragraphs = ["leadparagraph", "tailparagraphs"].into_iter().flat_map(|part| {
        named(part).flat_map(move |part| {
            let inner: Vec<_> =
                part.below().filter(|element| local(*element) == "paragraph").filter_map(squeezed).collect();
            if inner.is_empty() { squeezed(part).into_iter().collect() } else { inner }
        })
    });
    let body: Vec<String> = paragraphs.collect();
    let draft = Draft {
        title: line("headline").unwrap_or_default(),
        body: body.join("\n\n"),
        guid: line("accessionno")
            .or_else(|| line("reference"))
            .map(|id| id.rsplit('/').next().unwrap_or_default().to_owned()),
        source: line("sourcename").or_else(|| inner("source", "name")),
        author: line("byline").and_then(|by| without_by(&by)),
        language: line("baselanguage"),
        published: inner("publicationdate", "date")
            .or_else(|| line("publicationdate"))
            .or_else(|| line("modificationdate"))
            .and_then(|day| issue_date(&day))
            .map(Into::into),
        tags: named("newssubject")
            .filter_map(|subject| squeezed(subject.elements().find(|element| local(*element) == "name")?))
            .collect(),
        ..Draft::default()
    };
    (!draft.title.is_empty() || !draft.body.is_empty()).then_some(draft)
}

#[cfg(test)]
mod tests {
    use super::super::super::agency::shown;

    #[test]
    fn fields_on_lines() {
        let text = "SE\tNews\nHD\tBridge falls\nBY\tBy Ana Petrova\nWC\t62 words\nPD\t3 January 2022\nET\t06:00 AM\nSN\tThe Courier\nSC\tCOUR\nLA\tEnglish\nCY\tCopyright 2022.\n\
            LP\t\nThe bridge fell.\nTD\t\n\"It fell,\" said the mayor.\n\nNobody was hurt.\nNS\tgdis : Disasters | gbri : Bridges\nAN\tDocument COUR000020220103ei1300001\n\nHD\tDam holds\nPD\t4 January 2022\nSN\tThe Herald\nLP\t\nThe dam held.\nAN\tDocument HERA000020220104ei1400001\n";
        assert_eq!(
            shown(text),
            [
                "Bridge falls | 2022-01-03 | The Courier | Ana Petrova | COUR000020220103ei1300001 | Disasters,Bridges | The bridge fell. / \"It fell,\" said the mayor. / Nobody was hurt.",
                "Dam holds | 2022-01-04 | The Herald | - | HERA000020220104ei1400001 |  | The dam held.",
            ]
        );
    }

    #[test]
    fn values_alone() {
        let text = "News\nBridge falls in Lovech\nBy Ana Petrova\n808 words\n3 January 2022\n06:00\nThe Courier\nCOUR\nEnglish\n(c) 2022 Courier Limited\n\nThe bridge fell.\n\nNobody was hurt.\n\nDocument COUR000020220103ei1300001\n\n";
        assert_eq!(
            shown(text),
            [
                "Bridge falls in Lovech | 2022-01-03 | The Courier | Ana Petrova | COUR000020220103ei1300001 |  | The bridge fell. / Nobody was hurt."
            ]
        );
    }

    #[test]
    fn html() {
        let article = |id: &str, title: &str| {
            format!(
                "<span></span><div id=\"article-{id}\" class=\"article\"><div class=\"article enArticle\"><p>\n</p><div>News</div>\n<div id=\"hd\"><span class=\"enHeadline\">{title} </span>\n</div>\
                 <div class=\"author\">By ANA PETROVA  </div><div>877 W\u{fffd}rter</div><div>9 Januar 2022</div><div>06:00</div><div>The Courier</div><div>COUR</div><div>Englisch</div>\n<p></p>\n\
                 <p class=\"articleParagraph enarticleParagraph\">It <b>fell</b>.</p>\n<p class=\"articleParagraph enarticleParagraph\">So it did.</p></div></div>"
            )
        };
        let text = format!(
            "<html><head><title>Factiva</title></head><body>{}{}</body></html>",
            article("COUR000020220109ei1900001", "Bridge falls"),
            article("COUR000020220109ei1900002", "Dam holds")
        );
        assert_eq!(
            shown(&text),
            [
                "Bridge falls | 2022-01-09 | The Courier | ANA PETROVA | COUR000020220109ei1900001 |  | It fell. / So it did.",
                "Dam holds | 2022-01-09 | The Courier | ANA PETROVA | COUR000020220109ei1900002 |  | It fell. / So it did.",
            ]
        );
    }

    #[test]
    fn html_with_fields() {
        let text = "<html><head><title>Factiva</title></head><body><table><tr><td><b>HD</b></td><td><b>Bridge falls</b></td></tr><tr><td><b>PD</b></td><td>3 January 2022</td></tr>\
            <tr><td><b>SN</b></td><td>The Courier</td></tr><tr><td><b>LP</b></td><td><p>It fell.</p><p>So.</p></td></tr></table></body></html>";
        assert_eq!(
            shown(text).first().map(String::as_str),
            Some("Bridge falls | 2022-01-03 | The Courier | - | - |  | It fell. / So.")
        );
    }

    #[test]
    fn xml() {
        let text = "<?xml version='1.0'?><ppsArticles><ppsArticle><article><accessionNo>C1</accessionNo><headline><paragraph>Bridge falls</paragraph></headline><byline>By Ana Petrova</byline>\
            <sourceName>The Courier</sourceName><publicationDate><date>2022-01-03</date></publicationDate><newsSubject><name>Disasters</name></newsSubject><leadParagraph><paragraph>It fell.</paragraph></leadParagraph>\
            <tailParagraphs><paragraph>So.</paragraph><paragraph>End.</paragraph></tailParagraphs></article></ppsArticle></ppsArticles>";
        assert_eq!(
            shown(text),
            [
                "Bridge falls | 2022-01-03 | The Courier | Ana Petrova | C1 | Disasters | It fell. / So. / End."
            ]
        );
    }
}
