//! What research databases export: Nexis and Nexis Uni, Factiva, ProQuest and Europresse, as text, RTF, Word documents,
//! HTML and XML, with many documents in one file.
//!
//! In comes a decoded text; out come drafts. RTF and Word documents are first turned into lines, one a paragraph, so that
//! the same readers take them. A text in RTF that none of the databases wrote is one article.

pub(super) mod docx;
pub(super) mod europresse;
pub(super) mod factiva;
pub(super) mod nexis;
pub(super) mod proquest;
pub(super) mod rtf;

use super::draft::Draft;
use super::{Gathered, Origin};
use crate::article::date;
use chrono::{DateTime, Utc};

/// The most documents of one file that are read.
const DOCUMENT_CAP: usize = 100_000;
/// How far into a text its marks are looked for, in bytes.
const HEAD: usize = 64 << 10;

/// The beginning of a text.
fn head(text: &str) -> &str {
    let end = (0..=HEAD.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// A word that may follow the date of an issue: the day of the week, an edition, a time.
const AFTER_DATE: usize = 10;

/// The day at the beginning of a line, with nothing but a weekday, a time or the name of an edition after it:
/// `January 3, 2022 Monday`, `June 17, 1995, CITY EDITION`, `March 14, 2013 Thursday 11:21 AM GMT`.
fn issue_date(line: &str) -> Option<DateTime<Utc>> {
    let line = line.trim().trim_end_matches('.');
    if line.len() > 120 || !line.chars().any(|c| c.is_ascii_digit()) || line.split_whitespace().count() > 14 {
        return None;
    }
    if let Some(moment) = date::parse(line) {
        return Some(moment);
    }
    let words: Vec<&str> = line.split_whitespace().collect();
    let longest = words.len().min(9);
    let found = (2..longest).rev().find_map(|count| {
        let start = words.get(..count)?.join(" ");
        let start = start.trim_end_matches([',', ';', '(', '-']);
        let whole = start.bytes().filter(u8::is_ascii_digit).count() >= 5 || count >= 3;
        date::parse(start).filter(|_| whole).map(|moment| (moment, count))
    });
    let (moment, count) = found?;
    let rest = words.get(count..)?;
    // The rest of a sentence is in lower case; the name of an edition is not.
    let other = rest.iter().find(|word| !date_words(word));
    let named = other.is_none_or(|word| word.starts_with(|c: char| c.is_uppercase() || !c.is_alphabetic()));
    (rest.len() <= AFTER_DATE && named).then_some(moment)
}

fn date_words(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphabetic()).to_lowercase();
    ["edition", "lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche", "lunes", "martes"]
        .contains(&word.as_str())
        || ["miércoles", "jueves", "viernes", "sábado", "domingo", "am", "pm", "at"].contains(&word.as_str())
}

/// `Ana Petrova` in `BYLINE: By Ana Petrova, Correspondent`.
fn byline(text: &str) -> Option<String> {
    let text = text.trim();
    let name = super::agency::without_by(text)?;
    let name = name.trim_end_matches(['.', ';', ',']).trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// Whether lines are what a database wrote.
fn is_export(text: &str) -> bool {
    [proquest::is_text, nexis::is_text, factiva::is_text].iter().any(|is| is(text))
}

/// Reads lines, one a paragraph, as what a database wrote, or else as one article.
pub(super) fn read_lines(text: &str, origin: &Origin, found: &mut Gathered) {
    if proquest::is_text(text) {
        proquest::read(text, origin, found);
    } else if nexis::is_text(text) {
        nexis::read_text(text, origin, found);
    } else if factiva::is_text(text) {
        factiva::read_text(text, origin, found);
    } else {
        super::plain::read_file(text, origin, found);
    }
}

/// What reads a page that a database wrote, if one did.
pub(super) fn of_page(html: &str) -> Option<fn(&str, &Origin, &mut Gathered)> {
    if proquest::is_html(html) {
        Some(proquest::read_html)
    } else if nexis::is_html(html) {
        Some(nexis::read_html)
    } else if factiva::is_html(html) {
        Some(factiva::read_html)
    } else if europresse::is_html(html) {
        Some(europresse::read)
    } else {
        None
    }
}

/// Adds the drafts of the documents of one file, and a warning if there is none.
fn finish(drafts: Vec<Draft>, what: &str, origin: &Origin, found: &mut Gathered) {
    if drafts.is_empty() {
        let message = format!("could not find a document in the export of {what}");
        found.warnings.push(origin.warning(None, &message));
    }
    if drafts.len() > DOCUMENT_CAP {
        let message =
            format!("could not read all of the export of {what}: only its first 100,000 documents were");
        found.warnings.push(origin.warning(None, &message));
    }
    for draft in drafts.into_iter().take(DOCUMENT_CAP) {
        found.items.extend(draft.finish(origin, None, &mut found.warnings));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_issues() {
        for line in [
            "January 3, 2022 Monday",
            "January 3, 2022, CITY EDITION",
            "January 3, 2022 Monday 11:21 AM GMT",
            "January 3, 2022 Monday Late Edition - Final",
            "January 3, 2022 Monday, The Courier on the Web",
            "3 January 2022",
            "Montag 3. Januar 2022",
            "3 janvier 2022 lundi",
            "2022 年 1 月 3 日 17:04",
        ] {
            assert_eq!(
                issue_date(line).map(|moment| moment.date_naive().to_string()).as_deref(),
                Some("2022-01-03"),
                "{line}"
            );
        }
        for line in
            ["January 2022 was the warmest month", "On January 3, 2022 a bridge fell", "Bridge falls", "13"]
        {
            assert_eq!(issue_date(line), None, "{line}");
        }
    }
}
