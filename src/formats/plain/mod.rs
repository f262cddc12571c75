//! Plain text: a title, a date line, perhaps a source, a byline and an address, then the body.
//!
//! In comes the decoded text of one file; out comes a draft. The forms are those that people's folders have: an address
//! on the first line, a blank line between title and date, or the labels `Title:` and `Date:` before them.

use super::draft::Draft;
use super::{Gathered, Origin};
use crate::article::{Dateline, UNDATED, date};
use crate::language::Language;
use crate::text::clean::scrub;
use crate::text::clean_url;

/// The longest first line that can be a title, in characters.
const TITLE_CAP: usize = 250;
/// The longest title of a text in which neither a date nor a blank line separates the title, in characters.
const BARE_TITLE_CAP: usize = 160;
/// The longest title of such a text if it is a question, in characters.
const BARE_QUESTION_CAP: usize = 90;
/// The longest date line or byline, in bytes.
const HEADER_CAP: usize = 200;

/// Reads a file that holds one article.
pub(super) fn read_file(text: &str, origin: &Origin, found: &mut Gathered) {
    read(text, origin).finish_file(origin, found);
}

/// The article in a text. An empty text gives an empty draft.
pub(super) fn read(text: &str, origin: &Origin) -> Draft {
    let text = scrub(text);
    let mut lines = Lines { rest: &text };
    // A person keeps such a file, so that its time says something.
    let mut draft = Draft { held: Some(origin.time), ..Draft::default() };
    if !labelled(&mut lines, &mut draft, origin) {
        headed(&mut lines, &mut draft, origin);
    }
    draft.body = lines.rest.to_owned();
    draft
}

/// The lines that have not been read yet.
#[derive(Clone, Copy)]
struct Lines<'a> {
    rest: &'a str,
}

impl<'a> Lines<'a> {
    /// The next line that is not blank, trimmed; whether blank lines come before it; and the lines after it.
    fn peek(self) -> Option<(&'a str, bool, Lines<'a>)> {
        let mut rest = self.rest;
        let mut blank = false;
        while !rest.is_empty() {
            let (line, tail) = rest.split_once('\n').unwrap_or((rest, ""));
            if !line.trim().is_empty() {
                return Some((line.trim(), blank, Lines { rest: tail }));
            }
            (rest, blank) = (tail, true);
        }
        None
    }

    fn is_at_end(self) -> bool {
        self.peek().is_none()
    }
}

/// Reads labels such as `Title: …` and `Date: …` at the top. If there are none, returns false and reads nothing.
fn labelled(lines: &mut Lines, draft: &mut Draft, origin: &Origin) -> bool {
    let (mut at, mut found, mut count) = (*lines, Draft { held: draft.held, ..Draft::default() }, 0);
    while let Some((line, blank, next)) = at.peek() {
        let Some((label, value)) = line.split_once(':').filter(|_| !blank || count == 0) else { break };
        let value = value.trim();
        match label.trim().to_ascii_lowercase().as_str() {
            "title" | "headline" => found.title = value.to_owned(),
            "date" | "published" | "pubdate" | "updated" => {
                found.published =
                    found.published.or_else(|| date::parse_near(value, origin.time).map(Into::into));
            }
            "author" | "authors" | "by" | "byline" => found.author = Some(value.to_owned()),
            "url" | "link" | "address" => found.url = clean_url(value).or(found.url),
            "source" | "publisher" => found.source = Some(value.to_owned()),
            "tags" | "category" | "categories" | "section" | "language" | "keywords" if count > 0 => {}
            _ => break,
        }
        (at, count) = (next, count + 1);
    }
    if count < 2 || found.title.is_empty() {
        return false;
    }
    (*lines, *draft) = (at, found);
    true
}

/// Reads an address, a date, a title, a date and a byline, as far as they are there.
fn headed(lines: &mut Lines, draft: &mut Draft, origin: &Origin) {
    let at_address = address(lines, draft);
    let titled = lines.peek().is_some_and(|(line, ..)| is_dated_title(line));
    let dated_first = !titled && date_line(lines, draft, origin);
    if let Some((title, after)) = title(*lines, at_address) {
        let mut below = after;
        while header_line(&mut below, draft, origin) {}
        // A single line is a body; a line with a date or anything else below it is a title.
        let used = draft.published.is_some() || draft.author.is_some();
        if used || dated_first || !below.is_at_end() {
            if draft.published.is_none() && titled {
                let day = parts(&title).last().and_then(|part| date::parse(part));
                draft.published = day.map(Into::into);
            }
            draft.title = title;
            *lines = below;
            return;
        }
    }
    // A body without a title may still have a date.
    while date_line(lines, draft, origin) || label_line(lines, draft) {}
}

/// Reads a line that is an address: `https://example.org/news/1`.
fn address(lines: &mut Lines, draft: &mut Draft) -> bool {
    let Some((line, _, after)) = lines.peek() else { return false };
    let bare = line.trim_matches(['<', '>']);
    let url = if bare.starts_with("www.") { clean_url(&format!("http://{bare}")) } else { clean_url(bare) };
    if url.is_none() || bare.contains(' ') {
        return false;
    }
    draft.url = draft.url.take().or(url);
    *lines = after;
    true
}

/// Reads one of the lines below a title.
fn header_line(lines: &mut Lines, draft: &mut Draft, origin: &Origin) -> bool {
    date_line(lines, draft, origin)
        || label_line(lines, draft)
        || byline(lines, draft)
        || draft.url.is_none() && address(lines, draft)
}

/// Reads a date, alone or next to a byline: `By Ana Petrova | Jan 3, 2022`.
fn date_line(lines: &mut Lines, draft: &mut Draft, origin: &Origin) -> bool {
    let Some((line, _, after)) = lines.peek().filter(|(line, ..)| line.len() <= HEADER_CAP) else {
        return false;
    };
    if draft.published.is_some() {
        return false;
    }
    // As `show` prints an article without a date.
    if line == UNDATED && draft.held.take().is_some() {
        *lines = after;
        return true;
    }
    if let Some(moment) = date::parse_near(line, origin.time) {
        draft.published = Some(moment.into());
        *lines = after;
        return true;
    }
    let parts = parts(line);
    let moment = parts.iter().find_map(|part| date::parse(part));
    if parts.len() < 2
        || parts.len() > 4
        || moment.is_none()
        || line.ends_with('.')
        || parts.iter().any(|p| p.len() > 60)
    {
        return false;
    }
    draft.published = moment.map(Into::into);
    if let Some(author) = parts.iter().find_map(|part| author(part)) {
        draft.author = Some(author.to_owned());
    }
    *lines = after;
    true
}

/// Reads one of the labels that `show` prints right below a date: `Source: …` and `Author: …`.
fn label_line(lines: &mut Lines, draft: &mut Draft) -> bool {
    let is_dated = draft.published.is_some() || draft.held.is_none();
    let Some((line, false, after)) = lines.peek().filter(|_| is_dated) else { return false };
    let field = match line.split_once(": ") {
        Some(("Source", value)) if draft.source.is_none() => (&mut draft.source, value),
        Some(("Author", value)) if draft.author.is_none() => (&mut draft.author, value),
        _ => return false,
    };
    *field.0 = Some(field.1.trim().to_owned()).filter(|value| !value.is_empty());
    *lines = after;
    true
}

/// What a line says between bars, dots and dashes.
fn parts(line: &str) -> Vec<&str> {
    line.split(['|', '·', '•', '—', '–']).flat_map(|part| part.split(" - ")).collect()
}

/// Whether a line is a title that ends in a date, and not a date with a byline or a place beside it.
fn is_dated_title(line: &str) -> bool {
    let parts = parts(line);
    let Some((last, others)) = parts.split_last() else { return false };
    let names = |part: &&str| author(part).is_none() && part.split_whitespace().count() >= 2;
    parts.len() >= 2 && date::parse(last).is_some() && others.iter().any(names) && date::parse(line).is_none()
}

fn byline(lines: &mut Lines, draft: &mut Draft) -> bool {
    let Some((line, _, after)) = lines.peek().filter(|_| draft.author.is_none()) else { return false };
    let Some(author) = author(line).filter(|_| !after.is_at_end()) else { return false };
    draft.author = Some(author.to_owned());
    *lines = after;
    true
}

/// The name in `By Ana Petrova`, `By ANA PETROVA, staff writer`.
fn author(text: &str) -> Option<&str> {
    let text = text.trim();
    let (by, name) = text.split_once(' ')?;
    let name = name.trim();
    let capitals = name.split_whitespace().take(2).all(|word| word.starts_with(char::is_uppercase));
    let fits = name.len() <= 80 && !name.is_empty() && !name.ends_with(['.', '!', '?', ':', ',']);
    (by.eq_ignore_ascii_case("by") && capitals && fits).then_some(name)
}

/// The title and the lines after it, if the first line can be a title.
fn title<'a>(lines: Lines<'a>, at_address: bool) -> Option<(String, Lines<'a>)> {
    let (first, _, after) = lines.peek()?;
    let width = first.chars().count();
    let above_date = after.peek().is_some_and(|(second, ..)| date::parse(second).is_some());
    if width > TITLE_CAP
        || !above_date
            && Dateline::find(first, Language::default())
                .is_some_and(|dateline| dateline.day.is_some() || dateline.agency.is_some())
    {
        return None;
    }
    let Some((second, blank, rest)) = after.peek() else { return Some((first.to_owned(), after)) };
    if second == UNDATED || date::parse(second).is_some() {
        return Some((first.to_owned(), after));
    }
    let closed = first.ends_with(['.', '。']) && !first.ends_with("..");
    if !blank && !closed && second.starts_with(char::is_lowercase) {
        // The sentence continues on the next line: a title of two lines, or a body that was wrapped.
        let ends = rest.peek().is_none_or(|(third, blank, _)| blank || date::parse(third).is_some());
        let whole = !rest.is_at_end() && ends && second.chars().count() < width && !second.ends_with('.');
        return whole.then(|| (format!("{first} {second}"), rest));
    }
    // A text that begins with an address often has no title; a sentence, a byline or a dateline then begins the body.
    let quoted = first.trim_end_matches(['"', '”', '’']);
    let sentence = closed
        || quoted.ends_with(['.', ',', '!']) && quoted.len() < first.len()
        || first.ends_with(['?', '!']) && width > BARE_QUESTION_CAP
        || first.starts_with(char::is_lowercase)
        || author(first).is_some()
        || Dateline::find(first, Language::default()).is_some()
        || width > BARE_TITLE_CAP;
    (!(at_address && sentence)).then(|| (first.to_owned(), after))
}

#[cfg(test)]
mod tests;
