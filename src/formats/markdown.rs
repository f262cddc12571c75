//! Markdown with front matter, as notes and static sites use it, to one article.
//!
//! In comes decoded text that begins with `---` or `+++`; out comes a draft. Only marks that hinder reading are removed;
//! otherwise the text stays as its author wrote it.

use super::dating::recorded;
use super::draft::Draft;
use super::{Gathered, Origin};
use crate::article::date;
use crate::text::clean_url;

/// The longest front matter, in lines.
const HEAD_CAP: usize = 200;

/// Whether a text begins with front matter that has at least one field.
pub(super) fn has_front_matter(text: &str) -> bool {
    split(text).is_some_and(|(head, _)| head.iter().any(|line| field(line).is_some()))
}

/// Whether a text is Markdown: it has front matter, or its file is called so and it begins with a heading.
pub(super) fn is_markdown(text: &str, extension: &str) -> bool {
    let named = matches!(extension, "md" | "markdown" | "mdown") && text.trim_start().starts_with("# ");
    named || has_front_matter(text)
}

/// The lines of the front matter, and the text after it.
fn split(text: &str) -> Option<(Vec<&str>, &str)> {
    let text = text.trim_start_matches('\u{feff}');
    let fence = ["---", "+++"].into_iter().find(|fence| {
        text.strip_prefix(fence)
            .is_some_and(|rest| rest.trim_start_matches([' ', '\t', '\r']).starts_with('\n'))
    })?;
    let mut rest = text.split_once('\n')?.1;
    let mut head = Vec::new();
    while head.len() < HEAD_CAP {
        let (line, tail) = rest.split_once('\n').unwrap_or((rest, ""));
        if line.trim_end() == fence || fence == "---" && line.trim_end() == "..." {
            return Some((head, tail));
        }
        if rest.is_empty() {
            return None;
        }
        head.push(line.trim_end());
        rest = tail;
    }
    None
}

/// The name and value in `title: "Bridge falls"` or, in TOML, `title = "Bridge falls"`.
fn field(line: &str) -> Option<(String, &str)> {
    let at = line.find([':', '='])?;
    let (name, value) = (line.get(..at)?.trim(), line.get(at + 1..)?.trim());
    let plain = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'));
    plain.then(|| (name.to_lowercase().replace(['_', '-'], ""), value))
}

/// Reads a file that holds one article.
pub(super) fn read_file(text: &str, origin: &Origin, found: &mut Gathered) {
    read(text, origin).finish_file(origin, found);
}

/// The article in a text with front matter.
fn read(text: &str, origin: &Origin) -> Draft {
    let (head, body) = split(text).unwrap_or((Vec::new(), text));
    let mut draft = Draft::default();
    let mut summary = String::new();
    let mut lines = head.iter().peekable();
    while let Some(line) = lines.next() {
        let Some((name, value)) = field(line).filter(|_| !line.starts_with([' ', '\t', '-'])) else {
            continue;
        };
        // A list on the lines below its name: `authors:` and then `  - Ana Petrova`.
        let mut items = Vec::new();
        while value.is_empty() && lines.peek().is_some_and(|next| next.trim_start().starts_with("- ")) {
            items.extend(lines.next().and_then(|item| item.trim_start().strip_prefix("- ")).map(unquoted));
        }
        let value = if items.is_empty() { list(value) } else { items.join(", ") };
        if value.is_empty() {
            continue;
        }
        match name.as_str() {
            "title" | "headline" => draft.title = value,
            "date" | "published" | "pubdate" | "publishdate" | "created" | "datepublished" => {
                let near = || date::parse_near(&value, origin.time).filter(|_| date::parse(&value).is_none());
                draft.published =
                    draft.published.or_else(|| recorded(&value).or_else(|| near().map(Into::into)));
            }
            "author" | "authors" | "by" => draft.author = Some(value.replace("[[", "").replace("]]", "")),
            "tags" | "tag" | "keywords" | "categories" | "category" => {
                draft.tags.extend(value.split(',').map(|tag| tag.trim().trim_start_matches('#').to_owned()));
            }
            "description" | "summary" | "excerpt" => summary = value,
            "lang" | "language" => draft.language = Some(value),
            "url" | "link" | "canonical" | "canonicalurl" | "sourceurl" => {
                draft.url = clean_url(&value).or(draft.url);
            }
            "source" | "publisher" | "publication" | "site" => match clean_url(&value) {
                Some(url) => draft.url = draft.url.or(Some(url)),
                None => draft.source = Some(value),
            },
            "id" | "guid" | "uuid" => draft.guid = Some(value),
            _ => {}
        }
    }
    let mut body = body.trim_start();
    if let Some((first, rest)) = body.split_once('\n')
        && let Some(heading) = first.strip_prefix("# ")
        && (draft.title.is_empty() || draft.title == heading.trim())
    {
        draft.title = heading.trim().to_owned();
        body = rest;
    }
    let mut links = Vec::new();
    let lines: Vec<String> = body.lines().map(|line| linked(&unmarked(line), &mut links)).collect();
    let text = lines.join("\n");
    draft.body = if text.trim().is_empty() { summary } else { text };
    if !links.is_empty() {
        let listed = links.iter().enumerate().map(|(at, link)| format!("\n[{}] {link}", at + 1));
        draft.body = format!("{}\n{}", draft.body.trim_end(), listed.collect::<String>());
    }
    draft.source = draft.source.or_else(|| super::link::host(draft.url.as_deref()?));
    draft
}

/// The values in `["Ana Petrova", 'Jon']`, or a single value, without quotation marks.
fn list(value: &str) -> String {
    match value.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) => inner.split(',').map(unquoted).collect::<Vec<_>>().join(", "),
        None => unquoted(value).to_owned(),
    }
}

fn unquoted(value: &str) -> &str {
    let value = value.trim();
    ['"', '\''].iter().find_map(|&quote| value.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(value)
}

/// The line without the marks of headings and emphasis.
fn unmarked(line: &str) -> String {
    let text = line.trim_start_matches('#');
    let text = if text.len() < line.len() && text.starts_with(' ') { text.trim_start() } else { line };
    text.replace("**", "").replace("__", "")
}

/// The line with its links numbered, as those of pages are: `[bridge](https://…)` becomes `bridge [1]`. Pictures keep
/// their descriptions, and the brackets of links between notes go.
fn linked(line: &str, links: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(['[', '`']) {
        let (before, after) = rest.split_at(at);
        if let Some(code) = after.strip_prefix('`') {
            // What is code stays as it is.
            let end = code.find('`').map_or(after.len(), |end| end + 2);
            out.push_str(before);
            out.push_str(after.get(..end).unwrap_or_default());
            rest = after.get(end..).unwrap_or_default();
            continue;
        }
        if let Some((name, tail)) = after.strip_prefix("[[").and_then(|inner| inner.split_once("]]")) {
            out.push_str(before.strip_suffix('!').unwrap_or(before));
            out.push_str(name.rsplit('|').next().unwrap_or(name));
            rest = tail;
            continue;
        }
        let parts = after.get(1..).and_then(|inner| {
            let (text, tail) = inner.split_once("](")?;
            let (address, tail) = tail.split_once(')')?;
            Some((text, address.split_whitespace().next().unwrap_or_default(), tail))
                .filter(|_| !text.contains('['))
        });
        let Some((text, address, tail)) = parts else {
            out.push_str(before);
            out.push('[');
            rest = after.get(1..).unwrap_or_default();
            continue;
        };
        if let Some(before) = before.strip_suffix('!') {
            out.push_str(before);
            if !text.trim().is_empty() {
                out.push_str(&format!("[picture: {}]", text.trim()));
            }
        } else {
            out.push_str(before);
            out.push_str(text);
            if let Some(url) = clean_url(address) {
                let number = links.iter().position(|link| *link == url).unwrap_or_else(|| {
                    links.push(url);
                    links.len() - 1
                });
                out.push_str(&format!(" [{}]", number + 1));
            }
        }
        rest = tail;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn check(text: &str, expected: &str) {
        assert!(has_front_matter(text), "{text:?}");
        let origin = Origin { path: None, source: String::new(), time: DateTime::UNIX_EPOCH };
        let draft = read(text, &origin);
        let day = draft.published.map(|at| at.moment.date_naive().to_string());
        let parts = [Some(draft.title), day, draft.author, draft.url, draft.source, Some(draft.body)];
        let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
        assert_eq!(parts.join(" / ").replace('\n', "¶"), expected, "{text:?}");
    }

    #[test]
    fn front_matter() {
        check(
            "---\ntitle: \"Bridge: it falls\"\ndate: 2022-01-03 10:00\nauthors:\n  - Ana Petrova\n  - 'Jon'\ntags: [a, b]\n\
             url: https://example.org/1\n---\n\n## Why\n\nIt was **old**.\n",
            "Bridge: it falls / 2022-01-03 / Ana Petrova, Jon / https://example.org/1 / example.org / Why¶¶It was old.",
        );
        check(
            "+++\ntitle = 'A'\ndate = 2022-01-03T10:00:00Z\nsource = \"Wire\"\n+++\nB",
            "A / 2022-01-03 / Wire / B",
        );
        check(
            "---\r\ndate: Jan 3, 2022\r\n---\r\n# Bridge falls\r\nIt fell.",
            "Bridge falls / 2022-01-03 / It fell.",
        );
    }

    #[test]
    fn links_are_numbered() {
        let mut links = Vec::new();
        let line = "The [bridge](https://example.org/b) fell, ![a](x.png)said [[Notes/Ana|Ana]] in `[a](b)` and [b](https://example.org/b).";
        assert_eq!(
            linked(line, &mut links),
            "The bridge [1] fell, [picture: a]said Ana in `[a](b)` and b [1]."
        );
        assert_eq!(links, ["https://example.org/b"]);
        for plain in ["[1] a", "a [b", "[a](b", "x[0] = y", "[ ]( )"] {
            linked(plain, &mut links);
        }
    }

    #[test]
    fn texts_without_front_matter() {
        for text in
            ["---\nnothing here\n---\nx", "--- a\nb: c\n---", "---\na: b\n", "Title\n---\na: b\n---", "---"]
        {
            assert!(!has_front_matter(text), "{text:?}");
        }
    }
}
