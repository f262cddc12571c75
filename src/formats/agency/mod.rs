//! The formats of news agencies: NITF, NewsML 1, NewsML-G2, ninjs and dpa's digital wires, RCV1, Reuters-21578, and the
//! telegrams of IPTC 7901 and ANPA 1312.
//!
//! In comes decoded text or a JSON object; out come drafts. This module holds what they share: the notices of an agency
//! (an embargo, a correction, a cancelled item), which are shown above the text, versions of one item, of which the newest
//! one counts, and text in XML.

pub(super) mod newsml;
pub(super) mod ninjs;
pub(super) mod nitf;
pub(super) mod reuters;
pub(super) mod ritzau;
pub(super) mod telegram;

use super::dating::Item;
use super::draft::{Draft, Layout};
use super::xml::{Content, Element};
use super::{Gathered, Origin, Warning, html, markup};
use crate::article::Version;
use crate::article::date::Written;
use crate::text::clean_line;
#[cfg(test)]
use chrono::DateTime;
use std::collections::HashMap;

/// The deepest nesting of the elements of a text.
const DEPTH_CAP: usize = 64;

/// The longest note of editors that is shown, in characters. Some hold whole notepads.
const NOTE_CAP: usize = 300;

/// What an agency says of one of its items besides the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Notices {
    /// How the item may be used: `usable`, `withheld`, `canceled`, as the formats spell it.
    pub(super) status: String,
    /// Until when the item must not be published.
    pub(super) embargo: Option<Written>,
    /// Whether the item corrects an earlier version.
    pub(super) is_correction: bool,
    /// What the editors tell each other: `Corrects the name in the second paragraph`.
    pub(super) note: String,
}

impl Notices {
    /// Writes the notices above the body of a draft, and as tags.
    pub(super) fn write(&self, draft: &mut Draft) {
        let status = self.status.to_lowercase();
        let status = status.rsplit(':').next().unwrap_or_default().trim();
        let has = |parts: &[&str]| parts.iter().any(|part| status.contains(part));
        let (mut lines, mut tags) = (Vec::new(), Vec::new());
        if has(&["cancel", "kill", "delete", "annul", "withdraw"]) {
            lines.push("[Cancelled by the agency]".to_owned());
            tags.push("cancelled");
        } else if has(&["withheld"]) {
            lines.push("[Withheld by the agency]".to_owned());
            tags.push("withheld");
        }
        match self.embargo {
            Some(until) => {
                lines.push(format!("[Embargoed until {} UTC]", until.moment.format("%Y-%m-%d %H:%M")));
                tags.push("embargo");
            }
            None if has(&["embargo"]) => {
                lines.push("[Embargoed]".to_owned());
                tags.push("embargo");
            }
            None => {}
        }
        if self.is_correction || has(&["correct"]) {
            lines.push("[Correction of an earlier version]".to_owned());
            tags.push("corrected");
        }
        let note = self.note.split_whitespace().collect::<Vec<_>>().join(" ");
        let note = match note.char_indices().nth(NOTE_CAP) {
            Some((end, _)) => format!("{}…", note.get(..end).unwrap_or_default().trim_end()),
            None => note,
        };
        if !note.is_empty() {
            lines.push(format!("[Note of the editors: {note}]"));
        }
        if !lines.is_empty() {
            draft.body = format!("{}\n\n{}", lines.join("\n\n"), draft.body);
        }
        draft.tags.splice(0..0, tags.into_iter().map(str::to_owned));
    }
}

/// The drafts of one file, in its order. Of several versions of one item the newest is kept; of two that are as new, the
/// last.
#[derive(Default)]
pub(super) struct Versions {
    drafts: Vec<(Draft, Version)>,
    places: HashMap<String, usize>,
}

impl Versions {
    pub(super) fn take(&mut self, mut draft: Draft, number: u64) {
        let version = Version { number, published: draft.published.map(|written| written.moment) };
        let identifier = draft.guid.take().map(|guid| clean_line(&guid)).filter(|guid| !guid.is_empty());
        // The library knows the item by it, whatever else changes, and keeps the newest version.
        draft.guid = identifier.as_ref().map(|identifier| Version::guid(identifier, number));
        let place = identifier.as_ref().and_then(|identifier| self.places.get(identifier).copied());
        match place.and_then(|place| self.drafts.get_mut(place)) {
            Some(earlier) if version.is_before(&earlier.1) => {}
            Some(earlier) => *earlier = (draft, version),
            None => {
                if let Some(identifier) = identifier {
                    self.places.insert(identifier, self.drafts.len());
                }
                self.drafts.push((draft, version));
            }
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }

    pub(super) fn finish(self, origin: &Origin, found: &mut Gathered) {
        let items = self.items(origin, None, &mut found.warnings);
        found.items.extend(items);
    }

    /// The articles, in the order in which their items came first. `line` is the line that warnings name.
    pub(super) fn items(self, origin: &Origin, line: Option<u64>, warnings: &mut Vec<Warning>) -> Vec<Item> {
        self.drafts.into_iter().filter_map(|(draft, _)| draft.finish(origin, line, warnings)).collect()
    }
}

/// The name of an element in lower case, without its prefix.
pub(super) fn local<'s>(element: Element<'s, '_>) -> &'s str {
    element.name().rsplit(':').next().unwrap_or_default()
}

/// The first child called `name`.
pub(super) fn child<'s, 'a>(element: Element<'s, 'a>, name: &str) -> Option<Element<'s, 'a>> {
    element.elements().find(|inner| local(*inner) == name)
}

/// The first element below `element` that is called `name`.
pub(super) fn first<'s, 'a>(element: Element<'s, 'a>, name: &str) -> Option<Element<'s, 'a>> {
    element.below().find(|inner| local(*inner) == name)
}

/// The text of an element as one line; `None` if it is empty.
pub(super) fn line(element: Element) -> Option<String> {
    let text = element.text().split_whitespace().collect::<Vec<_>>().join(" ");
    // Some systems escape the markup of a headline.
    let text = markup::to_text(&text).split_whitespace().collect::<Vec<_>>().join(" ");
    (!text.is_empty()).then_some(text)
}

/// The line of the first element below `element` that is called `name` and is not empty.
pub(super) fn line_of(element: Element, name: &str) -> Option<String> {
    element.below().filter(|inner| local(*inner) == name).find_map(line)
}

/// The value of an attribute as one line; `None` if it is empty.
pub(super) fn value(element: Element, name: &str) -> Option<String> {
    let value = element.attribute(name)?.split_whitespace().collect::<Vec<_>>().join(" ");
    (!value.is_empty()).then_some(value)
}

/// A byline without its `By`.
pub(super) fn without_by(byline: &str) -> Option<String> {
    let byline = byline.split_whitespace().collect::<Vec<_>>().join(" ");
    let (first, rest) = byline.split_once(' ').unwrap_or((&byline, ""));
    let first = first.trim_end_matches(':').to_lowercase();
    let is_by = !rest.is_empty()
        && ["by", "from", "von", "par", "por", "di", "af", "av", "door"].contains(&first.as_str());
    let name = if is_by { rest } else { &byline };
    let name = name.trim().trim_end_matches(['=', ',', ';']).trim();
    // Some desks write the day behind the name: `Reuters, MAR 04`.
    let name = match name.rsplit_once([',', ';', '|']) {
        Some((name, day)) if is_day(day) => name.trim(),
        _ => name,
    };
    (!name.is_empty() && !is_day(name)).then(|| name.to_owned())
}

/// Whether a text is nothing but a day or a time: figures, the names of months, `GMT`.
fn is_day(text: &str) -> bool {
    let words = || {
        text.split(|c: char| c.is_whitespace() || matches!(c, '.' | ':' | '/' | '-' | ','))
            .filter(|word| !word.is_empty())
    };
    let is_part = |word: &str| {
        word.bytes().all(|byte| byte.is_ascii_digit())
            || crate::article::date::month(&word.to_lowercase()).is_some()
            || ["am", "pm", "gmt", "utc", "uhr"].contains(&word.to_lowercase().as_str())
    };
    words().count() <= 6 && words().all(is_part) && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// The text in an element of XML in which paragraphs are marked up in XHTML, in NITF, or not at all, and its layout.
pub(super) fn body(element: Element, own: Option<&str>) -> (String, Layout) {
    let holds_elements = element.elements().next().is_some();
    if !holds_elements {
        return plain_or_html(&element.text(), own);
    }
    let mut written = String::new();
    write_html(element, 0, &mut written);
    html::to_text(&written, own, own)
}

/// The text of a field in which there may be HTML.
pub(super) fn plain_or_html(text: &str, own: Option<&str>) -> (String, Layout) {
    let is_html = ["</", "<p", "<br", "<div", "/>"].iter().any(|mark| text.contains(mark));
    if is_html {
        html::to_text(text, own, own)
    } else {
        (markup::to_text(text).into_owned(), Layout::AsTyped)
    }
}

/// Writes what is in an element as HTML: elements of NITF by those that mean the same, without prefixes.
fn write_html(element: Element, depth: usize, out: &mut String) {
    for piece in element.content() {
        match piece {
            Content::Text(text) => escape(&text, out),
            Content::Element(inner) if depth < DEPTH_CAP => write_element(inner, depth + 1, out),
            Content::Element(inner) => escape(&inner.text(), out),
        }
    }
}

fn write_element(element: Element, depth: usize, out: &mut String) {
    let name = match local(element) {
        "hl1" | "hl2" | "hedline" | "headline" | "intertitle" => "h2",
        "block" | "nitf" | "body.content" | "content" | "abstract" | "html" | "body" | "nitf-table" => "div",
        "tagline" | "byline" | "datasource" | "series" | "copyrite" => "p",
        "bq" => "blockquote",
        "caption" | "media-caption" => "figcaption",
        "media" => "figure",
        "media-reference"
        | "media-metadata"
        | "media-producer"
        | "media-object"
        | "head"
        | "style"
        | "script"
        | "body.head"
        | "body.end"
        | "docdata"
        | "nitf-table-metadata" => return,
        "frac-sep" => return out.push('/'),
        name @ ("p" | "div" | "br" | "ul" | "ol" | "li" | "dl" | "dt" | "dd" | "table" | "tbody"
        | "thead" | "tr" | "td" | "th" | "a" | "img" | "strong" | "b" | "i" | "sup" | "sub"
        | "del" | "ins" | "s" | "strike" | "pre" | "code" | "blockquote" | "q" | "figure"
        | "figcaption" | "section" | "article" | "hr" | "iframe" | "video" | "audio" | "source"
        | "span" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6") => name,
        _ => return write_html(element, depth, out),
    };
    out.push('<');
    out.push_str(name);
    for key in ["href", "src", "alt", "title", "start", "width", "height", "style"] {
        if let Some(value) = element.attribute(key) {
            out.push(' ');
            out.push_str(key);
            out.push_str("=\"");
            escape(&value, out);
            out.push('"');
        }
    }
    out.push('>');
    if !matches!(name, "br" | "img" | "hr" | "source") {
        write_html(element, depth, out);
        out.push_str("</");
        out.push_str(name);
        out.push('>');
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}

/// The body with the dateline before it, unless it begins with that place itself.
pub(super) fn with_dateline(dateline: &str, body: String) -> String {
    let dateline = dateline.split_whitespace().collect::<Vec<_>>().join(" ");
    let dateline = dateline.trim_end_matches(['-', '–', '—', ',', ' ', ':']);
    let place = dateline.split([',', '(']).next().unwrap_or_default().trim().to_lowercase();
    let start: String = body.chars().take(200).flat_map(char::to_lowercase).collect();
    // What begins with a figure is the moment of writing, not a place.
    if !place.starts_with(char::is_alphabetic) || body.trim().is_empty() || start.contains(&place) {
        return body;
    }
    format!("{dateline} - {}", body.trim_start())
}

/// What a test shows of the articles in a text.
#[cfg(test)]
pub(super) fn shown(text: &str) -> Vec<String> {
    shown_bytes(text.as_bytes())
}

/// The same for a file that is no text. `read` and `starred` come before the tags.
#[cfg(test)]
pub(super) fn shown_bytes(bytes: &[u8]) -> Vec<String> {
    use crate::article::day_or_undated;
    let origin = Origin { path: None, source: "Desk".to_owned(), time: DateTime::UNIX_EPOCH };
    let mut stream = super::Stream::new(origin);
    let mut found = stream.push(bytes);
    let rest = stream.finish();
    found.0.extend(rest.0);
    found.1.extend(rest.1);
    let states = stream.take_states();
    let tags = |at: usize| {
        let state = states.iter().find(|(place, _)| *place == at);
        state.map_or(String::new(), |(_, state)| {
            let marks = [(state.read, "read"), (state.starred, "starred")];
            let marks = marks.iter().filter(|(set, _)| *set).map(|(_, name)| (*name).to_owned());
            marks.chain(state.tags.iter().cloned()).collect::<Vec<_>>().join(",")
        })
    };
    let articles = found.0.iter().enumerate().map(|(at, article)| {
        let or = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        format!(
            "{} | {} | {} | {} | {} | {} | {}",
            article.title,
            day_or_undated(article.date()),
            article.source,
            or(&article.author),
            // Without the number of the version, which most tests are not about.
            article.guid.as_deref().map_or("-", |guid| Version::split(guid).map_or(guid, |(guid, _)| guid)),
            tags(at),
            article.body.replace("\n\n", " / ").replace('\n', " ; ")
        )
    });
    articles.chain(found.1.iter().map(|warning| format!("! {}", warning.message))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines() {
        for (byline, name) in [
            ("By Ana Petrova", "Ana Petrova"),
            ("Von Christian Muster, dpa", "Christian Muster, dpa"),
            ("BY: Jon Vale=", "Jon Vale"),
            ("Byron Vale", "Byron Vale"),
            ("By Ana Petrova, MAR 04", "Ana Petrova"),
            ("Ana Petrova; 3 January 2022", "Ana Petrova"),
            ("Ana Petrova, May Lin", "Ana Petrova, May Lin"),
            ("Von Ana Petrova, 03.01.2022 10:30 Uhr", "Ana Petrova"),
        ] {
            assert_eq!(without_by(byline).as_deref(), Some(name), "{byline}");
        }
        assert_eq!(without_by("  "), None);
        assert_eq!(without_by("MAR 04"), None);
    }

    #[test]
    fn a_dateline_is_written_once() {
        let body = || "A bridge fell.".to_owned();
        assert_eq!(with_dateline("OSLO, Jan 5 -", body()), "OSLO, Jan 5 - A bridge fell.");
        assert_eq!(with_dateline("Oslo", "OSLO (AP) - A bridge.".to_owned()), "OSLO (AP) - A bridge.");
        assert_eq!(with_dateline("", body()), body());
        assert_eq!(with_dateline("20220103T100000+0000", body()), body());
    }
}
