//! Annotated corpora as texts: the tokens of a document joined again, with its gold names as byte spans.
//!
//! In: a file with a token, a tab and a tag on each line (BIO or IO; only the second column counts, further ones are
//! nested layers), an empty line behind each sentence, `# doc NAME` before each document. Out: one text a
//! document. The blanks between the tokens are gone in the corpora, so they are guessed as an editor would set them;
//! nothing of this program's tokens or sentences is used, so that both can be measured on the result.

use crate::text::Span;

/// What the annotators called a name, in the terms that every corpus shares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Gold {
    Person,
    Location,
    Org,
    /// A building or a place made by people: ours to call a place or an organisation.
    Facility,
    /// Peoples, nationalities, works, products, events: names only where they are a country's people.
    Other,
}

/// One document.
#[derive(Clone, Debug, Default)]
pub struct Rebuilt {
    pub text: String,
    /// Ascending and disjoint.
    pub names: Vec<(Span, Gold)>,
    /// Where each sentence ends in `text`; ascending.
    pub sentence_ends: Vec<usize>,
}

/// The documents of a corpus, in order. Lines that are neither tokens nor empty are passed over.
pub fn documents(corpus: &str) -> Vec<Rebuilt> {
    let mut documents = Vec::new();
    let mut document: Vec<Vec<(&str, &str)>> = vec![Vec::new()];
    for line in corpus.lines() {
        if line.starts_with("# doc") || line.starts_with("-DOCSTART-") {
            documents.extend(rebuild(&document));
            document = vec![Vec::new()];
        } else if line.trim().is_empty() {
            document.push(Vec::new());
        } else if let (Some(sentence), Some(token)) = (document.last_mut(), token_of(line)) {
            sentence.push(token);
        }
    }
    documents.extend(rebuild(&document));
    documents
}

/// The token and the tag of a line. Three lines of one corpus have blanks for the tab.
fn token_of(line: &str) -> Option<(&str, &str)> {
    let mut fields = line.split('\t');
    match (fields.next(), fields.next()) {
        (Some(token), Some(tag)) => Some((token, tag)),
        _ => line.trim_end().rsplit_once(' ').map(|(token, tag)| (token.trim_end(), tag)),
    }
}

/// `None` for a document without tokens.
fn rebuild(sentences: &[Vec<(&str, &str)>]) -> Option<Rebuilt> {
    // Where compounds are split at their hyphens no token has one within.
    let whole = |t: &str| t.split_once('-').is_some_and(|(a, b)| is_word_end(a) && is_word_start(b));
    let tokens: usize = sentences.iter().map(Vec::len).sum();
    let compounds = sentences.iter().flatten().filter(|(token, _)| whole(token)).count();
    let splits_hyphens = compounds * 500 < tokens;
    let mut rebuilt = Rebuilt::default();
    for sentence in sentences.iter().filter(|sentence| !sentence.is_empty()) {
        if let Some(end) = rebuilt.sentence_ends.last() {
            let ends =
                rebuilt.text[..*end].trim_end_matches(['"', '”', '’', '\'', ')']).ends_with(['.', '!', '?']);
            rebuilt.text.push(if ends { ' ' } else { '\n' });
        }
        add_sentence(&mut rebuilt, sentence, splits_hyphens);
        rebuilt.sentence_ends.push(rebuilt.text.len());
    }
    (!rebuilt.text.is_empty()).then_some(rebuilt)
}

fn add_sentence(rebuilt: &mut Rebuilt, sentence: &[(&str, &str)], splits_hyphens: bool) {
    let mut quotes = 0;
    let mut open: Option<(usize, Gold)> = None;
    let mut before: Option<&str> = None;
    for (at, (token, tag)) in sentence.iter().enumerate() {
        let after = sentence.get(at + 1).map(|(token, _)| *token);
        let closes = *token == "\"" && quotes % 2 == 1;
        quotes += usize::from(*token == "\"");
        let opened = before == Some("\"") && quotes % 2 == 1;
        let joined = match before {
            None => true,
            Some(before) => {
                closes
                    || opened
                    || joins_before(token)
                    || joins_after(before)
                    || before == "’" && matches!(*token, "s" | "t" | "re" | "ve" | "ll" | "d" | "m")
                    || splits_hyphens && joins_hyphen(sentence, at, before, token, after)
            }
        };
        let gold = gold_of(tag);
        if let Some((start, kind)) = open
            && (gold != Some(kind) || tag.starts_with("B-"))
        {
            rebuilt.names.push((Span::new(start, rebuilt.text.len()), kind));
            open = None;
        }
        if !joined {
            rebuilt.text.push(' ');
        }
        if let (None, Some(kind)) = (open, gold) {
            open = Some((rebuilt.text.len(), kind));
        }
        rebuilt.text.push_str(token);
        before = Some(token);
    }
    if let Some((start, kind)) = open {
        rebuilt.names.push((Span::new(start, rebuilt.text.len()), kind));
    }
}

/// A hyphen between two words of a corpus that splits them, and the word behind it.
fn joins_hyphen(s: &[(&str, &str)], at: usize, before: &str, token: &str, after: Option<&str>) -> bool {
    if token == "-" {
        return is_word_end(before) && after.is_some_and(is_word_start);
    }
    before == "-" && at >= 2 && is_word_end(s[at - 2].0) && is_word_start(token)
}

fn is_word_end(token: &str) -> bool {
    token.ends_with(char::is_alphanumeric) || token.ends_with('.') && token.len() > 1
}

fn is_word_start(token: &str) -> bool {
    token.starts_with(char::is_alphanumeric)
}

fn joins_before(token: &str) -> bool {
    matches!(
        token,
        "," | "."
            | ";"
            | ":"
            | "!"
            | "?"
            | ")"
            | "]"
            | "%"
            | "”"
            | "’"
            | "…"
            | "'"
            | "n't"
            | "n’t"
            | "''"
            | "»"
    ) || ["'s", "’s", "'S", "'re", "'ve", "'ll", "'d", "'m", "’re", "’ve", "’ll", "’d", "’m", "'t", "’t"]
        .contains(&token)
}

fn joins_after(token: &str) -> bool {
    matches!(token, "(" | "[" | "$" | "“" | "‘" | "``" | "£" | "€" | "«" | "#" | "@")
}

/// The kind behind a tag of any of the corpora; dates, money and what is no name are `None`.
fn gold_of(tag: &str) -> Option<Gold> {
    let kind = tag.trim().strip_prefix("B-").or_else(|| tag.trim().strip_prefix("I-"))?;
    Some(match kind {
        "Person" | "PER" | "politician" | "person" => Gold::Person,
        "Location" | "LOC" | "location" | "country" => Gold::Location,
        "Organization" | "ORG" | "organisation" | "politicalparty" => Gold::Org,
        "Facility" => Gold::Facility,
        "NORP" | "Misc" | "MISC" | "Product" | "misc" | "event" | "election" => Gold::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_joined_and_its_names_are_spans() {
        let corpus = "# doc a\nAda\tB-PER\nLind\tI-PER\n's\tO\nUS\tB-LOC\tB-ORG\n-\tO\nled\tO\ntalks\tO\n.\tO\n\n\
                      \"\tO\nGo\tO\n,\tO\n\"\tO\nshe\tO\nsaid\tO\n.\tO\n# doc b\nNext\tO\n";
        let documents = documents(corpus);
        assert_eq!(documents.len(), 2);
        assert_eq!(documents[0].text, "Ada Lind's US-led talks. \"Go,\" she said.");
        let names: Vec<_> =
            documents[0].names.iter().map(|(span, kind)| (span.of(&documents[0].text), *kind)).collect();
        assert_eq!(names, [("Ada Lind", Gold::Person), ("US", Gold::Location)]);
        assert_eq!(documents[0].sentence_ends, [24, documents[0].text.len()]);
    }

    #[test]
    fn names_side_by_side_stay_two() {
        let documents = documents("# doc a\nLind\tB-PER\nOslo\tB-LOC\n");
        assert_eq!(documents[0].names.len(), 2);
    }
}
