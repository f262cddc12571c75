//! How a text describes a person: the words before a name (`Federal Reserve Board chairman Paul Volcker`) and between
//! commas behind it (`Ada Obi, the minister of ports,`).
//!
//! In: a text, the place of a name in it, and its language. Out: the description as it is written. A description has a
//! noun for somebody with an office or a trade (the traits `role`, `title` and `office` of the language), so that no
//! verb and no sentence is taken for one. Must not know who the person is.

use crate::language::{Language, Traits};

/// The words that a description has at most, and its bytes.
const WORDS: usize = 9;
const BYTES: usize = 80;

/// A noun for somebody.
const SOMEBODY: Traits = Traits::ROLE.or(Traits::TITLE).or(Traits::OFFICE).or(Traits::ROLE_NOUN);

/// Words that no description has before its noun.
const STOPS: Traits = Traits::DETERMINER
    .or(Traits::PREPOSITION)
    .or(Traits::PRONOUN)
    .or(Traits::POSSESSIVE)
    .or(Traits::AUXILIARY)
    .or(Traits::RELATIVE)
    .or(Traits::SUBORDINATE)
    .or(Traits::QUESTION)
    .or(Traits::ADVERB)
    .or(Traits::TIME)
    .or(Traits::AND)
    .or(Traits::TO)
    .or(Traits::NOT)
    .or(Traits::THAT)
    .or(Traits::FINITE);

/// A form of address says nothing about a person.
const ADDRESS: Traits = Traits::ADDRESSES_MAN.or(Traits::ADDRESSES_WOMAN);

/// The descriptions of the name at the bytes `start..end` of `text`: before it, and behind it.
pub fn descriptions(text: &str, start: usize, end: usize, language: Language) -> Vec<&str> {
    let before = text.get(..start).and_then(|text| before(text, language));
    let behind = text.get(end..).and_then(|text| behind(text, language));
    [before, behind].into_iter().flatten().filter(|words| words.len() <= BYTES).collect()
}

/// What is true of a word, however it is capitalised.
fn traits(word: &str, language: Language) -> Traits {
    language.traits(&word.to_lowercase())
}

fn is_capital(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_uppercase)
}

/// Whether a word ends a phrase: a mark follows it that is no part of an abbreviation (`U.S.`).
fn ends_phrase(word: &str) -> bool {
    let abbreviation = word.ends_with('.') && word[..word.len() - 1].contains('.');
    !abbreviation && word.ends_with(|c: char| !c.is_alphanumeric() && c != '\'')
}

/// Whether a word is made of letters, with the marks that words have inside.
fn is_word(word: &str) -> bool {
    word.starts_with(char::is_alphabetic)
        && word.chars().all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '’' | '.' | '&' | '/'))
}

/// The end of `text` that describes the name behind it.
fn before(text: &str, language: Language) -> Option<&str> {
    let text = text.strip_suffix([' ', '\u{A0}'])?;
    // A name that something else joins to the text before it, such as a bracket, has no description there.
    let (mut start, mut words, mut role, mut owner) = (text.len(), 0, false, false);
    let line = text.rfind('\n').map_or(0, |at| at + 1);
    while start > line && words < WORDS {
        let rest = text.get(line..start)?.trim_end();
        let at = rest.rfind([' ', '\u{A0}']).map_or(line, |at| line + at + 1);
        let word = text.get(at..line + rest.len())?;
        let known = traits(word.trim_end_matches('.'), language);
        let genitive = word.ends_with("'s") || word.ends_with("’s");
        let joins = known.any(Traits::JOINS_TITLE) && !is_capital(word);
        if words == 0 {
            // The word next to the name is the noun, or the last word of what the office is for.
            let noun = known.any(SOMEBODY) && !known.any(Traits::PLURAL.or(ADDRESS));
            if !is_word(word) || ends_phrase(word) || !(noun || is_capital(word)) {
                return None;
            }
            role = noun;
        } else if !is_word(word) || ends_phrase(word) {
            break;
        } else if !role {
            // `Secretary of State for the Environment`: back to the noun.
            let noun = known.any(SOMEBODY) && !known.any(Traits::PLURAL.or(ADDRESS));
            role = noun && owner;
            owner |= joins;
            if !noun && !joins && !is_capital(word) {
                return None;
            }
        } else if genitive {
            // `Brazil's finance minister`: whose it is begins the description.
            if !is_capital(word) {
                break;
            }
        } else if known.any(STOPS) && !known.any(SOMEBODY)
            || known.any(ADDRESS)
            // A verb that the description is the object or the subject of.
            || !is_capital(word) && known.any(Traits::CUE) && !known.any(SOMEBODY)
            || !is_capital(word) && known.any(Traits::PAST.or(Traits::ING)) && !known.any(SOMEBODY)
        {
            break;
        }
        start = at;
        words += 1;
    }
    let found = text.get(start..)?.trim();
    (role && words < WORDS && !found.is_empty()).then_some(found)
}

/// The start of `text`, between commas, that describes the name before it.
fn behind(text: &str, language: Language) -> Option<&str> {
    let mut rest = text.strip_prefix(", ")?;
    // An age stands before the description: `Ada Obi, 53, the minister`.
    if let Some((age, more)) = rest.split_once(", ")
        && age.len() <= 3
        && age.bytes().all(|byte| byte.is_ascii_digit())
    {
        rest = more;
    }
    let (mut end, mut words, mut role) = (0, 0, false);
    let mut start = 0;
    let mut left = rest;
    let mut closed = false;
    while words < WORDS + 2 {
        let cut = left.find([' ', '\n']).unwrap_or(left.len());
        let word = left.get(..cut)?;
        let bare = word.trim_end_matches([',', '.', ';', ':', ')']);
        let whole = if ends_phrase(word) { bare } else { word };
        if !is_word(whole) {
            break;
        }
        let known = traits(whole.trim_end_matches('.'), language);
        let genitive = whole.ends_with("'s") || whole.ends_with("’s");
        if words == 0 && known.any(Traits::DETERMINER) && !genitive {
            start = rest.len() - left.len() + cut + 1;
        } else if !role {
            let noun = known.any(SOMEBODY) && !known.any(Traits::PLURAL.or(ADDRESS));
            let other = known.any(STOPS) || !is_capital(whole) && known.any(Traits::CUE);
            if other && !noun && !genitive {
                return None;
            }
            role = noun;
        } else if known.any(Traits::RELATIVE.or(Traits::AUXILIARY).or(Traits::PRONOUN).or(Traits::FINITE))
            || !is_capital(whole) && known.any(Traits::CUE) && !known.any(SOMEBODY)
        {
            break;
        }
        end = rest.len() - left.len() + whole.len();
        words += 1;
        if ends_phrase(word) {
            closed = true;
            break;
        }
        match left.get(cut + 1..) {
            Some(more) if left.as_bytes().get(cut) == Some(&b' ') => left = more,
            _ => {
                closed = true;
                break;
            }
        }
    }
    let found = rest.get(start..end)?.trim();
    (role && closed && words < WORDS + 2 && !found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::LanguageCode;
    use proptest::prelude::*;

    /// The descriptions of the name in brackets.
    fn check(marked: &str, expected: &[&str]) {
        let (before, rest) = marked.split_once('[').expect("a name");
        let (name, after) = rest.split_once(']').expect("its end");
        let text = format!("{before}{name}{after}");
        let english = Language::of(Some(LanguageCode::ENGLISH));
        let found = descriptions(&text, before.len(), before.len() + name.len(), english);
        assert_eq!(found, expected, "{marked}");
    }

    #[test]
    fn words_before_a_name_describe_it() {
        check("Harbour Board chairman [Ada Obi] said so.", &["Harbour Board chairman"]);
        check("On Monday, Kenya's finance minister [Ada Obi] left.", &["Kenya's finance minister"]);
        check("The talks with U.S. Treasury Secretary [Ada Obi] failed.", &["U.S. Treasury Secretary"]);
        check("He met Secretary of State [Ada Obi] in Oslo.", &["Secretary of State"]);
        check("But spokesman [Ben Obi] would not say.", &["spokesman"]);
    }

    #[test]
    fn words_between_commas_describe_it() {
        check("[Ada Obi], chairman of the Harbour Board, said so.", &["chairman of the Harbour Board"]);
        check("[Ada Obi], 53, the minister of ports, left.", &["minister of ports"]);
        check("said [Ada Obi], an analyst at Sund and Sons.", &["analyst at Sund and Sons"]);
    }

    #[test]
    fn other_words_describe_nobody() {
        for text in [
            "Mr. [Obi] left.",
            "He told [Ada Obi] so.",
            "In Oslo, [Ada Obi] left.",
            "[Ada Obi], who was chairman, left.",
            "[Ada Obi], said the chairman.",
            "the ministers [Ada Obi] and Ben Obi",
            "[Ada Obi], Ben Obi and Lev Sund left.",
            "(chairman) [Ada Obi]",
        ] {
            check(text, &[]);
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read(before in "\\PC{0,40}", name in "\\PC{0,9}", after in "\\PC{0,60}") {
            let text = format!("{before}{name}{after}");
            let english = Language::of(Some(LanguageCode::ENGLISH));
            for found in descriptions(&text, before.len(), before.len() + name.len(), english) {
                prop_assert!(!found.is_empty() && found.len() <= BYTES && text.contains(found));
            }
        }
    }
}
