//! Wikitext, the markup of MediaWiki, to HTML that the reader of HTML takes.
//!
//! Links, emphasis, headings, lists and references are converted; templates, tables of layout, files and categories are
//! dropped. No template is expanded, as that needs the wiki. The cost is linear: each mark is looked at once, and nesting
//! has a limit.

/// The deepest nesting of templates and links.
const DEPTH_CAP: usize = 40;
/// How many bytes may be searched for the ends of links in any page, and the longest link.
const SEARCH_FREE: usize = 1 << 20;
const LINK_CAP: usize = 20_000;
/// Sections at the end of an article that are no text.
const AFTERMATH: [&str; 12] = [
    "sources",
    "external links",
    "references",
    "related news",
    "sister links",
    "see also",
    "quellen",
    "sources and notes",
    "weblinks",
    "fuentes",
    "fonti",
    "have an opinion?",
];

/// What a page says of itself in its wikitext, and its text.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Page {
    pub(super) html: String,
    pub(super) categories: Vec<String>,
    /// The day in a template such as `{{date|January 3, 2022}}`.
    pub(super) date: Option<String>,
    /// Where the page is only a redirection.
    pub(super) is_redirect: bool,
    /// How many bytes may still be searched for the ends of links.
    search: usize,
}

pub(super) fn read(text: &str) -> Page {
    let mut page = Page { search: SEARCH_FREE + 8 * text.len(), ..Page::default() };
    let start = text.trim_start();
    page.is_redirect = start.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("#redirect"));
    let text = without_comments(text);
    let mut kept = String::with_capacity(text.len());
    without_templates(&text, &mut kept, &mut page);
    let (mut list, mut paragraph) = (String::new(), false);
    let close = |list: &mut String, out: &mut String| {
        while let Some(kind) = list.pop() {
            out.push_str(if kind == '#' { "</ol>" } else { "</ul>" });
        }
    };
    let mut out = String::with_capacity(kept.len());
    let mut ended = false;
    for line in kept.lines() {
        let trimmed = line.trim();
        if ended {
            // The categories stand at the foot of a page.
            if trimmed.starts_with("[[") {
                inline(trimmed, 0, &mut String::new(), &mut page);
            }
            continue;
        }
        let heading = trimmed.chars().take_while(|c| *c == '=').count();
        if heading >= 2 && trimmed.ends_with("==") && trimmed.len() > 2 * heading {
            close(&mut list, &mut out);
            let title = trimmed.trim_matches('=').trim();
            ended = AFTERMATH.contains(&title.to_lowercase().as_str());
            if ended {
                continue;
            }
            out.push_str("<h2>");
            inline(title, 0, &mut out, &mut page);
            out.push_str("</h2>");
            paragraph = false;
            continue;
        }
        let marks: String = trimmed.chars().take_while(|c| matches!(c, '*' | '#')).take(6).collect();
        if !marks.is_empty() {
            while !marks.starts_with(list.as_str()) {
                out.push_str(if list.pop() == Some('#') { "</ol>" } else { "</ul>" });
            }
            for kind in marks.get(list.len()..).unwrap_or_default().chars() {
                out.push_str(if kind == '#' { "<ol>" } else { "<ul>" });
                list.push(kind);
            }
            out.push_str("<li>");
            inline(trimmed.get(marks.len()..).unwrap_or_default().trim(), 0, &mut out, &mut page);
            out.push_str("</li>");
            paragraph = false;
            continue;
        }
        close(&mut list, &mut out);
        if trimmed.is_empty() || trimmed.starts_with("----") {
            paragraph = false;
            continue;
        }
        // Indents and terms of a list.
        let line = trimmed.trim_start_matches([':', ';']).trim();
        out.push_str(if paragraph && !trimmed.starts_with([':', ';']) { " " } else { "<p>" });
        inline(line, 0, &mut out, &mut page);
        paragraph = !trimmed.starts_with([':', ';']);
    }
    close(&mut list, &mut out);
    page.html = out;
    page
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        out.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    // References stand at the foot of a page.
    let mut kept = String::with_capacity(out.len());
    let mut rest = out.as_str();
    let mut closes = true;
    while let Some(at) = rest.find("<ref") {
        let (before, tag) = rest.split_at(at);
        kept.push_str(before);
        let close = tag.find('>').unwrap_or(tag.len());
        let is_other = tag.get(4..5).is_some_and(|next| next != ">" && next != " " && next != "/");
        if is_other {
            kept.push_str("<ref");
            rest = tag.get(4..).unwrap_or_default();
            continue;
        }
        rest = match tag.get(..close).is_some_and(|tag| tag.ends_with('/')) {
            true => tag.get(close + 1..).unwrap_or_default(),
            false => match closes.then(|| tag.find("</ref>")).flatten() {
                Some(end) => tag.get(end + 6..).unwrap_or_default(),
                None => {
                    closes = false;
                    tag.get(close.min(tag.len().saturating_sub(1)) + 1..).unwrap_or_default()
                }
            },
        };
    }
    kept.push_str(rest);
    kept
}

/// Copies what is outside of templates `{{…}}` and tables `{|…|}`, and looks at what the templates say.
fn without_templates(text: &str, out: &mut String, page: &mut Page) {
    // The places at which the open templates begin.
    let mut open: Vec<usize> = Vec::new();
    let mut table = 0_usize;
    let bytes = text.as_bytes();
    let (mut at, mut copied) = (0, 0);
    while at + 1 < bytes.len() {
        match (bytes.get(at).copied().unwrap_or(0), bytes.get(at + 1).copied().unwrap_or(0)) {
            (b'{', b'{') => {
                if open.is_empty() && table == 0 {
                    out.push_str(text.get(copied..at).unwrap_or_default());
                }
                open.push(at);
                at += 2;
            }
            (b'}', b'}') if !open.is_empty() => {
                let start = open.pop().unwrap_or(at);
                at += 2;
                if open.is_empty() && table == 0 {
                    template(text.get(start + 2..at - 2).unwrap_or_default(), out, page);
                    copied = at;
                }
            }
            (b'{', b'|') => {
                if open.is_empty() && table == 0 {
                    out.push_str(text.get(copied..at).unwrap_or_default());
                }
                table += 1;
                at += 2;
            }
            (b'|', b'}') if table > 0 => {
                table -= 1;
                at += 2;
                if open.is_empty() && table == 0 {
                    copied = at;
                }
            }
            _ => at += 1,
        }
    }
    if open.is_empty() && table == 0 {
        out.push_str(text.get(copied..).unwrap_or_default());
    }
}

/// Writes what a template says in the text. Most say nothing there.
fn template(inner: &str, out: &mut String, page: &mut Page) {
    let mut parts = inner.split('|');
    let name = parts.next().unwrap_or_default().trim().to_lowercase();
    let parts: Vec<&str> = parts.collect();
    match name.as_str() {
        "date" | "datum" | "haber tarihi" | "data" | "fecha" => {
            page.date = page.date.take().or_else(|| parts.first().map(|day| day.trim().to_owned()));
        }
        // Links to other wikis, with or without another text: `{{w|Lovech|the town}}`.
        "w" | "wikipedia" | "l" | "lang" | "nowrap" | "s" | "source-text" => {
            let shown = parts.iter().rev().find(|part| !part.contains('=') && !part.trim().is_empty());
            out.push_str(shown.map_or("", |part| part.trim()));
        }
        "quote" | "cquote" | "zitat" | "block quote" | "quotation" => {
            let shown = parts.iter().find(|part| !part.trim().is_empty()).map_or("", |part| part.trim());
            out.push_str(shown.strip_prefix("1=").or_else(|| shown.strip_prefix("text=")).unwrap_or(shown));
        }
        _ if name.starts_with("byline") => {
            let part = |wanted: &str| {
                parts
                    .iter()
                    .find_map(|part| part.trim().strip_prefix(wanted))
                    .map(|day| day.trim_start_matches(['=', ' ']).to_owned())
            };
            page.date = page.date.take().or_else(|| part("date"));
            if let Some(place) = part("location") {
                out.push_str(&place);
                out.push_str(" — ");
            }
        }
        _ => {}
    }
}

/// Writes a line with its links and its emphasis.
fn inline(text: &str, depth: usize, out: &mut String, page: &mut Page) {
    let mut rest = text;
    while let Some(at) = rest.find(['[', '\'']) {
        let (before, mark) = rest.split_at(at);
        out.push_str(before);
        if let Some(inner) = mark.strip_prefix("[[") {
            let end = link_end(inner, &mut page.search);
            let Some((link, after)) = end
                .map(|end| (inner.get(..end).unwrap_or_default(), inner.get(end + 2..).unwrap_or_default()))
            else {
                out.push_str("[[");
                rest = inner;
                continue;
            };
            rest = after;
            wiki_link(link, depth, out, page);
        } else if let Some(inner) = mark.strip_prefix('[') {
            let is_address = ["http://", "https://", "//"].iter().any(|start| inner.starts_with(start));
            match inner.find(']').filter(|_| is_address) {
                Some(end) => {
                    let link = inner.get(..end).unwrap_or_default();
                    let (address, shown) = link.split_once(' ').unwrap_or((link, ""));
                    let address = address.replace('"', "%22");
                    out.push_str(&format!(
                        "<a href=\"{address}\">{}</a>",
                        if shown.is_empty() { address.as_str() } else { shown }
                    ));
                    rest = inner.get(end + 1..).unwrap_or_default();
                }
                None => {
                    out.push('[');
                    rest = inner;
                }
            }
        } else {
            let marks = mark.bytes().take_while(|byte| *byte == b'\'').count();
            // Two are italics, three are bold; one is an apostrophe.
            if marks == 1 || marks == 4 {
                out.push('\'');
            }
            rest = mark.get(marks..).unwrap_or_default();
        }
    }
    out.push_str(rest);
}

/// Where the `]]` of a link is, after the links within it.
fn link_end(text: &str, search: &mut usize) -> Option<usize> {
    let (mut depth, mut at) = (0_usize, 0);
    let bytes = text.as_bytes();
    while at + 1 < bytes.len().min(LINK_CAP) && *search > 0 {
        *search -= 1;
        match (bytes.get(at).copied()?, bytes.get(at + 1).copied()?) {
            (b'[', b'[') => (depth, at) = (depth + 1, at + 2),
            (b']', b']') if depth == 0 => return Some(at),
            (b']', b']') => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
    }
    None
}

fn wiki_link(link: &str, depth: usize, out: &mut String, page: &mut Page) {
    let (target, shown) = match link.split_once('|') {
        Some((target, shown)) => (target.trim(), Some(shown)),
        None => (link.trim(), None),
    };
    let space =
        target.split(':').next().filter(|_| target.contains(':')).unwrap_or_default().trim().to_lowercase();
    match space.as_str() {
        "category" | "kategorie" | "catégorie" | "categoría" | "categoria" | "категория" | "kategoria" =>
        {
            let name = target.split_once(':').map_or("", |(_, name)| name.trim());
            page.categories.push(name.to_owned());
        }
        "file" | "image" | "datei" | "bild" | "fichier" | "archivo" | "immagine" | "файл" => {}
        // Links to the same page in other languages.
        _ if shown.is_none() && (2..=3).contains(&space.len()) && space != "w" => {}
        _ => {
            let shown = shown.map(|shown| shown.rsplit('|').next().unwrap_or(shown));
            let plain = target.trim_start_matches(':');
            // `[[w:Lovech]]` and `[[w:Lovech|]]` show the name alone.
            let name = plain.rsplit_once(':').filter(|_| !space.is_empty()).map_or(plain, |(_, name)| name);
            let shown = shown.filter(|shown| !shown.trim().is_empty()).unwrap_or(name);
            if depth < DEPTH_CAP {
                inline(shown, depth + 1, out, page);
            } else {
                out.push_str(shown);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, html: &str) {
        assert_eq!(read(text).html, html, "{text:?}");
    }

    #[test]
    fn text_and_links() {
        check(
            "The [[bridge]] fell on '''Monday''' in [[w:Lovech|the town]].",
            "<p>The bridge fell on Monday in the town.",
        );
        check(
            "It's [https://example.org/a a page]. See {{w|Ana Petrova}}.",
            "<p>It's <a href=\"https://example.org/a\">a page</a>. See Ana Petrova.",
        );
        check("One\ntwo\n\nthree", "<p>One two<p>three");
        check(
            "== Head ==\n* a\n** b\n* c\nEnd",
            "<h2>Head</h2><ul><li>a</li><ul><li>b</li></ul><li>c</li></ul><p>End",
        );
        check("A<!-- x -->b<ref name=\"x\">source</ref>c<ref name=y/>.", "<p>Abc.");
        check("[[File:a.jpg|thumb|A [[bridge]] in town]]Text.\n==Sources==\n*x", "<p>Text.");
        check("{|\n| a\n|}\n{{Infobox|x={{y}}}}Text {{unclosed", "<p>Text");
        check("[[broken and ''x", "<p>[[broken and x");
    }

    /// What is never closed is not searched for again and again.
    #[test]
    fn endless_marks_end() {
        for mark in ["[[", "<ref>", "{{", "{|", "[http://", "''", "<!--", "== ", "[[a|"] {
            read(&mark.repeat(200_000));
        }
    }

    #[test]
    fn what_a_page_says_of_itself() {
        let page = read(
            "{{date|January 3, 2022}}\nText.\n[[Category:Bulgaria]]\n[[category: Bridges|x]]\n[[de:Brücke]]",
        );
        assert_eq!(page.date.as_deref(), Some("January 3, 2022"));
        assert_eq!(page.categories, ["Bulgaria", "Bridges"]);
        assert!(read("#REDIRECT [[Bridge]]").is_redirect);
        assert_eq!(
            read("{{byline|date=3 January 2022|location=Lovech}}It fell.").html,
            "<p>Lovech — It fell."
        );
    }
}
