//! Texts whose capitals say nothing: those without any, and headlines in which every word has one.
//!
//! In: a title and a body. Out: the same texts with the capitals that they would have, byte for byte as long, so that each
//! span of the one is a span of the other; or nothing, where the capitals are as usual. The engine then reads what comes
//! out. Precision comes first: a word gets a capital only where the gazetteer knows it and no other word is meant.

use crate::analysis::tagger::{self, document};
use crate::analysis::token::{Class, Token, tokens};
use crate::gazetteer::{self, Entry, Facet, Key};
use crate::language::{Language, Traits};
use foldhash::{HashSet, HashSetExt};

/// The fewest letters of a text that is written without capitals on purpose.
const FEWEST_LETTERS: usize = 40;
/// How many bytes of a body are looked at: a writer who uses no capitals does so from the beginning.
const LOOKED_AT: usize = 600;
/// The fewest words of a headline in which every word has a capital.
const FEWEST_WORDS: usize = 6;
/// The most words of a name that such a headline may have without being known.
const LONGEST_NAME: usize = 4;
/// In how many tokens of a text a surname is looked for again.
const MOST_COMPARED: usize = 5_000;
/// The longest name of the gazetteer that is looked for, in words.
const LONGEST_KNOWN: usize = 6;

/// Both texts as they would be with the usual capitals; `None` where nothing changes.
pub fn restored(title: &str, body: &str, language: Language) -> Option<(String, String)> {
    if has_no_capitals(title, body) {
        // The surnames of those who are named in full count in the whole article.
        let mut surnames = HashSet::new();
        for text in [title, body] {
            with_capitals(text, language, &mut surnames);
        }
        let [title, body] = [title, body].map(|text| with_capitals(text, language, &mut surnames));
        return Some((title, body));
    }
    let small = without_small_capitals(title, language)?;
    Some((small, body.to_owned()))
}

/// Whether neither text has a capital, although there are enough letters for one.
fn has_no_capitals(title: &str, body: &str) -> bool {
    let (mut letters, mut capitals) = (0usize, 0usize);
    for c in title.chars().chain(body.chars().take(LOOKED_AT)) {
        letters += usize::from(c.is_lowercase());
        capitals += usize::from(c.is_uppercase());
        if capitals > 0 {
            return false;
        }
    }
    letters >= FEWEST_LETTERS
}

/// Whether every word of a headline has a capital, the small ones too.
pub fn is_all_capitalised(title: &str, language: Language) -> bool {
    let words = || title.split_whitespace().filter(|word| word.starts_with(char::is_alphabetic));
    words().count() >= FEWEST_WORDS
        && words().all(|word| word.starts_with(char::is_uppercase))
        && words().any(|word| word.contains(char::is_lowercase))
        && words().skip(1).any(|word| is_small(word, language))
}

/// Whether a name in such a headline is so long that it must be several, and is not in the body either.
pub fn is_run_on(name: &str, body: &str) -> bool {
    name.split_whitespace().count() > LONGEST_NAME && gazetteer::find(name).is_none() && !body.contains(name)
}

/// The headline with its small words in small letters, as other papers print it.
fn without_small_capitals(title: &str, language: Language) -> Option<String> {
    if !is_all_capitalised(title, language) {
        return None;
    }
    let mut restored = String::with_capacity(title.len());
    for (place, word) in title.split_inclusive(char::is_whitespace).enumerate() {
        let bare = word.trim_end();
        let after_forename = title[..word.as_ptr() as usize - title.as_ptr() as usize]
            .split_whitespace()
            .next_back()
            .is_some_and(|before| gazetteer::find(before).is_some_and(|entry| entry.is(Facet::Forename)));
        match place > 0 && (is_small(bare, language) || !after_forename && is_verb(bare, language)) {
            true => restored.push_str(&word.to_ascii_lowercase()),
            false => restored.push_str(word),
        }
    }
    Some(restored)
}

/// Whether a word is the form of a verb that goes with *she*: `Joins`, `Opens`. The tagger's model knows the words of much
/// news, and with them the other forms of a verb; no name has those.
fn is_verb(word: &str, language: Language) -> bool {
    let shaped = word.is_ascii() && word.len() > 3 && !word.chars().skip(1).any(|c| !c.is_ascii_lowercase());
    let lower = word.to_ascii_lowercase();
    let Some(base) = lower.strip_suffix('s').filter(|base| shaped && !base.ends_with('s')) else {
        return false;
    };
    let Ok(model) = tagger::shipped(language) else { return false };
    let knows = |form: &str| model.word(document::hash(form.as_bytes())).is_some();
    let stem = base.strip_suffix('e').unwrap_or(base);
    let last = stem.chars().next_back().unwrap_or('e');
    let ing = knows(&format!("{stem}ing")) || knows(&format!("{stem}{last}ing"));
    let ed = knows(&format!("{stem}ed"))
        || knows(&format!("{stem}{last}ed"))
        || language.traits(&lower).any(Traits::PRESENT);
    ing && ed && gazetteer::find(word).is_none()
}

/// Whether a word with a capital is one that joins others and names nothing.
fn is_small(word: &str, language: Language) -> bool {
    const SMALL: Traits = Traits::PREPOSITION
        .or(Traits::AND)
        .or(Traits::TO)
        .or(Traits::THE)
        .or(Traits::INDEFINITE)
        .or(Traits::POSSESSIVE)
        .or(Traits::BE);
    let shaped = word.is_ascii() && !word.chars().skip(1).any(char::is_uppercase);
    shaped && (2..=7).contains(&word.len()) && language.traits(word).any(SMALL)
}

/// A text with capitals at the beginnings of sentences and names.
fn with_capitals(text: &str, language: Language, surnames: &mut HashSet<String>) -> String {
    let tokens = tokens(text, language);
    let mut bytes = text.as_bytes().to_vec();
    let word = |at: usize| tokens.get(at).map_or("", |token: &Token| token.span.of(text));
    let is_word = |at: usize| tokens.get(at).is_some_and(|token| token.class == Class::Word);
    let mut raise = |at: usize| {
        if let Some(token) = tokens.get(at)
            && let Some(first) = bytes.get_mut(token.span.start as usize)
        {
            // The first byte of any other letter is not a small letter of ASCII.
            first.make_ascii_uppercase();
        }
    };
    let mut opens = true;
    let mut at = 0;
    while at < tokens.len() {
        if !is_word(at) {
            let between = tokens
                .get(at + 1)
                .map_or("", |next| &text[tokens[at].span.end as usize..next.span.start as usize]);
            opens = opens && matches!(word(at), "\"" | "“" | "'" | "(")
                || matches!(word(at), "." | "!" | "?")
                || between.contains('\n');
            at += 1;
            continue;
        }
        if opens {
            raise(at);
            opens = false;
        }
        if let Some(count) = known_at(text, &tokens, at, language) {
            // Words of up to three letters within a name stay small: `bank of england`.
            (at + 1..at + count - 1).filter(|at| word(*at).len() > 3).for_each(&mut raise);
            raise(at);
            raise(at + count - 1);
            at += count;
        } else if is_forename(word(at), language) {
            raise(at);
            // A word after a forename that is no other word is a surname.
            let again = (0..tokens.len().min(MOST_COMPARED))
                .filter(|other| word(*other) == word(at + 1))
                .take(2)
                .count()
                > 1;
            let ends = !is_word(at + 2) || language.traits(word(at + 2)).any(Traits::SAY.or(Traits::AND));
            if is_word(at + 1) && is_surname(word(at + 1), again || ends, language) {
                raise(at + 1);
                surnames.insert(word(at + 1).to_owned());
                at += 1;
            }
            at += 1;
        } else {
            if surnames.contains(word(at)) {
                raise(at);
            }
            at += 1;
        }
        // A line that ends without a stop is a sentence too.
        let before = tokens.get(at.saturating_sub(1)).map_or(0, |token| token.span.end as usize);
        let next = tokens.get(at).map_or(text.len(), |token| token.span.start as usize);
        opens |= text.get(before..next).is_some_and(|between| between.contains('\n'));
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// How many tokens the longest name has that the gazetteer knows and that opens at `at`.
fn known_at(text: &str, tokens: &[Token], at: usize, language: Language) -> Option<usize> {
    let mut key = Key::new();
    let mut best = None;
    for (index, token) in tokens.iter().enumerate().skip(at).take(LONGEST_KNOWN) {
        if token.class != Class::Word {
            break;
        }
        let word = token.span.of(text);
        if index > at {
            key.gap();
        }
        key.push(word);
        let Some(entry) = gazetteer::get(key) else { break };
        let count = index + 1 - at;
        if is_sure(entry, count, word, language) {
            best = Some(count);
        }
        if !entry.is(Facet::Longer) {
            break;
        }
    }
    best
}

/// Whether a name that is written small can be nothing else.
fn is_sure(entry: Entry, count: usize, word: &str, language: Language) -> bool {
    if entry.is(Facet::Capitals) || entry.is(Facet::Common) {
        return false;
    }
    let place = entry.is(Facet::Country)
        || entry.is(Facet::People)
        || entry.is(Facet::Place) && (entry.is(Facet::Listed) || entry.is(Facet::Large));
    match count {
        1 => place && language.traits(word).is_empty(),
        _ => place || entry.is(Facet::Org),
    }
}

fn is_forename(word: &str, language: Language) -> bool {
    word.len() > 2
        && language.traits(word).is_empty()
        && gazetteer::find(word).is_some_and(|entry| entry.is(Facet::Forename) && !entry.is(Facet::Common))
}

/// Whether the word after a forename is a surname: one that the gazetteer knows, or, where what is `around` speaks for it, one
/// that is no other word and has no ending of one.
fn is_surname(word: &str, around: bool, language: Language) -> bool {
    if word.len() < 3 || !language.traits(word).is_empty() {
        return false;
    }
    match gazetteer::find(word) {
        Some(entry) => entry.is(Facet::Surname) && !entry.is(Facet::Common),
        None => around && word.len() > 3 && !["s", "ed", "ing", "ly"].iter().any(|end| word.ends_with(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::restored;
    use crate::analysis::analyze;
    use crate::language::Language;
    use proptest::prelude::*;

    fn check(title: &str, body: &str, expected: Option<(&str, &str)>) {
        let found = restored(title, body, Language::english());
        assert_eq!(found.as_ref().map(|(title, body)| (title.as_str(), body.as_str())), expected);
    }

    #[test]
    fn usual_capitals_stay() {
        check("Mayor opens bridge in Oslo", "The mayor opened a bridge.", None);
        check("Mayor Opens a Bridge in Oslo, Norway", "The mayor opened a bridge.", None);
        check("gas", "", None);
    }

    #[test]
    fn a_text_without_capitals_gets_those_of_its_names() {
        check(
            "oslo, norway",
            "the mayor of oslo met robert miller in south korea on monday. \"we agree,\" miller said.",
            Some((
                "Oslo, Norway",
                "The mayor of Oslo met Robert Miller in South Korea on monday. \"We agree,\" Miller said.",
            )),
        );
    }

    #[test]
    fn a_headline_of_capitals_loses_those_of_its_small_words_and_its_verb() {
        check(
            "Kaldvik Joins Vandor In Silicon Valley To Show Its Cameras",
            "",
            Some(("Kaldvik joins Vandor in Silicon Valley to Show its Cameras", "")),
        );
    }

    #[test]
    fn names_in_a_text_without_capitals_are_found() {
        let body = "the mayor of oslo, norway, met robert miller in berlin on monday. \"we will rebuild,\" miller said.";
        let analysis = analyze("", body, Language::english());
        let found: Vec<&str> = analysis.mentions.iter().map(|mention| mention.span.of(body)).collect();
        assert_eq!(found, ["oslo", "norway", "robert miller", "berlin", "miller"]);
        assert_eq!(analysis.countries.iter().map(ToString::to_string).collect::<Vec<_>>(), ["DE", "NO"]);
    }

    #[test]
    fn a_headline_of_capitals_is_no_name() {
        let title =
            "Kaldvik Systems Wins Award In Silicon Valley For Its Advanced Video Cameras And Software";
        let analysis = analyze(title, "The firm said so on Monday.", Language::english());
        for mention in &analysis.mentions {
            assert!(mention.span.of(title).split(' ').count() <= 4, "{}", mention.span.of(title));
        }
    }

    proptest! {
        #[test]
        fn every_byte_keeps_its_place(title in "[a-zé ,.\"]{0,60}", body in "([a-zßàж ,.\"]{0,60}\n){0,3}") {
            if let Some((new_title, new_body)) = restored(&title, &body, Language::english()) {
                for (old, new) in [(title, new_title), (body, new_body)] {
                    prop_assert_eq!(old.len(), new.len());
                    prop_assert!(old.eq_ignore_ascii_case(&new));
                }
            }
        }
    }
}
