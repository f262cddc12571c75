//! Reads the corpora: tokens with labels, as documents of our own tokens.

use crate::analysis::tagger::document::Document;
use crate::analysis::token;
use crate::language::Language;
use std::ops::Range;
use std::path::Path;

/// The four kinds that labels are brought down to, by their number (0 to 3).
const PERSON: u8 = 0;
const LOCATION: u8 = 1;
const ORGANIZATION: u8 = 2;
const OTHER: u8 = 3;

/// One document with the gold label of each word.
pub struct Labelled {
    pub document: Document,
    /// 0 outside, then 1 + 2 × kind for the first word of a name and 2 + 2 × kind for the others.
    pub labels: Vec<u8>,
}

impl Labelled {
    /// The names, as word ranges with their kind.
    pub fn names(labels: &[u8]) -> Vec<(Range<usize>, u8)> {
        let mut names = Vec::new();
        let mut at = 0;
        while at < labels.len() {
            let label = labels[at];
            let start = at;
            at += 1;
            if label == 0 {
                continue;
            }
            let inside = if label % 2 == 1 { label + 1 } else { label };
            while at < labels.len() && labels[at] == inside {
                at += 1;
            }
            names.push((start..at, (label - 1) / 2));
        }
        names
    }
}

/// One sentence as it stands in the file: tokens with tags.
#[derive(Default)]
struct Sentence {
    tokens: Vec<(String, String)>,
}

/// Reads a file of tokens, tab, tag; `most` bounds the number of documents' words (0 for all).
pub fn read(path: &Path) -> std::io::Result<Vec<Labelled>> {
    let text = std::fs::read_to_string(path)?;
    let mut documents = Vec::new();
    let mut sentences: Vec<Sentence> = Vec::new();
    let mut sentence = Sentence::default();
    let marked = text.contains("\n# doc ") || text.starts_with("# doc ");
    for line in text.lines() {
        let mark = line.strip_prefix("# doc ");
        if line.trim().is_empty() || mark.is_some() {
            if !sentence.tokens.is_empty() {
                sentences.push(std::mem::take(&mut sentence));
            }
            // A file without documents is cut into runs of ten sentences.
            let full = mark.is_some() || (!marked && sentences.len() >= 10);
            if full && !sentences.is_empty() {
                documents.push(labelled(&std::mem::take(&mut sentences)));
            }
            continue;
        }
        // The second column is the outer layer; three lines of one corpus have blanks for tabs.
        let mut columns = line.split('\t');
        let (token, tag) = match (columns.next(), columns.next()) {
            (Some(token), Some(tag)) => (token, tag),
            _ => line.rsplit_once(' ').unwrap_or((line, "O")),
        };
        sentence.tokens.push((token.trim().to_owned(), tag.trim().to_owned()));
    }
    if !sentence.tokens.is_empty() {
        sentences.push(sentence);
    }
    if !sentences.is_empty() {
        documents.push(labelled(&sentences));
    }
    Ok(documents)
}

/// Rebuilds the text, cuts it by our tokeniser, and lays the tags over the tokens.
fn labelled(sentences: &[Sentence]) -> Labelled {
    let mut text = String::new();
    let mut spans: Vec<(Range<usize>, u8)> = Vec::new();
    let mut ends = Vec::new();
    for sentence in sentences {
        let start = text.len();
        let mut open: Option<(usize, u8)> = None;
        for (n, (token, tag)) in sentence.tokens.iter().enumerate() {
            let (begins, kind) = kind(tag);
            let goes_on = !begins && open.is_some_and(|(_, open)| Some(open) == kind);
            if !goes_on && let Some((from, kind)) = open.take() {
                spans.push((from..text.len(), kind));
            }
            let glued = n == 0 || is_glued(&text[start..], token);
            if !glued {
                text.push(' ');
            }
            if !goes_on && let Some(kind) = kind {
                open = Some((text.len(), kind));
            }
            text.push_str(token);
        }
        if let Some((from, kind)) = open {
            spans.push((from..text.len(), kind));
        }
        text.push('\n');
        ends.push(text.len());
    }
    let tokens = token::tokens(&text, Language::english());
    let mut labels = vec![0u8; tokens.len()];
    let mut at = 0;
    for (span, kind) in spans {
        while at < tokens.len() && (tokens[at].span.end as usize) <= span.start {
            at += 1;
        }
        let mut first = true;
        while at < tokens.len() && (tokens[at].span.start as usize) < span.end {
            labels[at] = 1 + 2 * kind + u8::from(!first);
            first = false;
            at += 1;
        }
    }
    let mut ranges = Vec::new();
    let mut from = 0;
    for end in ends {
        let to = from + tokens[from..].partition_point(|token| (token.span.start as usize) < end);
        if to > from {
            ranges.push(from..to);
        }
        from = to;
    }
    let mut document = Document::new(Language::english());
    document.push(&text, &tokens, &ranges);
    document.finish();
    Labelled { document, labels }
}

/// Whether `token` stood without a blank behind the sentence so far: the rest of an abbreviation that the
/// corpus parted, or of a contraction.
fn is_glued(before: &str, token: &str) -> bool {
    if token.eq_ignore_ascii_case("n't") {
        return true;
    }
    // One corpus parts the curly apostrophe from the `s` behind it, and both from the word.
    if token == "’" && before.ends_with(char::is_alphanumeric)
        || before.ends_with('’') && matches!(token, "s" | "t" | "re" | "ve" | "ll" | "d" | "m")
    {
        return true;
    }
    let last = before.rsplit(' ').next().unwrap_or(before);
    let joined = format!("{last}.");
    token == "."
        && last.len() < 8
        && token::tokens(&joined, Language::english()).len() == 1
        && joined.len() > 1
        && last.chars().all(|c| c.is_alphabetic() || c == '.')
}

/// Whether the tag begins a name, and its kind; kinds that are no names of ours are outside.
fn kind(tag: &str) -> (bool, Option<u8>) {
    let Some((edge, name)) = tag.split_once('-') else { return (true, None) };
    let kind = match name {
        "PER" | "Person" | "politician" | "person" => Some(PERSON),
        "LOC" | "Location" | "Facility" | "country" | "location" => Some(LOCATION),
        "ORG" | "Organization" | "organisation" | "politicalparty" => Some(ORGANIZATION),
        "MISC" | "NORP" | "Product" | "Misc" | "event" | "election" | "misc" => Some(OTHER),
        _ => None,
    };
    (edge == "B", kind)
}
