//! How well typed text fits what can be chosen.
//!
//! Text fits by the beginnings of words, as a part of a word, or by the first letters of consecutive words. Letters
//! that are scattered over a sentence do not count, because a sentence holds nearly any letters in order. Case and
//! accents do not count either. If nothing fits, one mistyped letter is forgiven.

use crate::text::fold::{fold, words};
use crate::text::near::distance;

/// How typed text fits a choice; the best way first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fit {
    /// It is the whole name, another word for it, or a country's code.
    Meant,
    /// It is the first word of an action's name.
    First,
    /// An action's name begins with it.
    Begins,
    /// Each typed word begins a word of the name.
    Words,
    /// Each typed word begins a word of the sentence that explains an action.
    Sentence,
    /// It is another name, which the library knows.
    Alias,
    /// It is a part of the name.
    Inside,
    /// It is made of the first letters of the words of the name.
    Initials,
    /// One letter is wrong.
    Typo,
}

/// The fewest bytes that count as a part of a name.
const PART: usize = 2;
/// The fewest characters of a word in which a wrong letter is forgiven.
const FORGIVEN: usize = 5;
/// A word of at most this many letters may be left out of the initials: `van`, `the`, `A.`.
const SMALL: usize = 3;
/// The most words of a name that has initials.
const NAME: usize = 6;

/// A text that can be compared with what is typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spelling {
    folded: String,
    words: Vec<String>,
}

impl Spelling {
    pub fn new(text: &str) -> Spelling {
        Spelling { folded: fold(text), words: words(text) }
    }
}

/// What is typed, without case and accents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    text: String,
    words: Vec<String>,
}

impl Typed {
    pub fn new(text: &str) -> Typed {
        let text = fold(text.trim());
        Typed { words: words(&text), text }
    }

    pub fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    pub fn is_number(&self) -> bool {
        self.text.bytes().all(|byte| byte.is_ascii_digit())
    }

    /// Whether it is the whole text.
    pub fn is(&self, spelling: &Spelling) -> bool {
        self.text == spelling.folded
    }

    /// Whether the text begins with it.
    pub fn begins(&self, spelling: &Spelling) -> bool {
        spelling.folded.starts_with(&self.text)
    }

    /// Whether it is the first word of the text.
    pub fn is_first_word(&self, spelling: &Spelling) -> bool {
        spelling.words.first().is_some_and(|word| *word == self.text)
    }

    /// Whether each of the typed words is the beginning of a word of the text.
    pub fn begins_words(&self, spelling: &Spelling) -> bool {
        let begins = |typed: &String| spelling.words.iter().any(|word| word.starts_with(typed.as_str()));
        !self.words.is_empty() && self.words.iter().all(begins)
    }

    /// Whether it is a part of the text.
    pub fn is_inside(&self, spelling: &Spelling) -> bool {
        self.text.len() >= PART && spelling.folded.contains(&self.text)
    }

    /// Whether it is made of the beginnings of consecutive words, from the first one on: `jbak` for James A. Baker.
    pub fn is_initials(&self, spelling: &Spelling) -> bool {
        let [typed] = self.words.as_slice() else { return false };
        spelling.words.len() <= NAME
            && typed.is_ascii()
            && spelling.words.first().is_some_and(|word| word.bytes().next() == typed.bytes().next())
            && made_of(typed, &spelling.words, 0)
    }

    /// Whether each typed word is the beginning of a word of the text, except for one letter.
    pub fn is_nearly(&self, spelling: &Spelling) -> bool {
        let near = |typed: &String| {
            let length = typed.chars().count();
            spelling.words.iter().any(|word| {
                word.starts_with(typed.as_str())
                    || length >= FORGIVEN
                        && (length - 1..=length + 1).any(|most| {
                            let head: String = word.chars().take(most).collect();
                            distance(typed, &head) <= 1
                        })
            })
        };
        !self.words.is_empty() && self.words.iter().all(near)
    }
}

/// Whether `typed` is made of beginnings of `words`: at least two of them, counting those `used` before.
fn made_of(typed: &str, words: &[String], used: usize) -> bool {
    if typed.is_empty() {
        return used >= 2;
    }
    let Some((word, rest)) = words.split_first() else { return false };
    let common = typed.bytes().zip(word.bytes()).take_while(|(a, b)| a == b).count();
    let taken =
        (1..=common).any(|taken| typed.get(taken..).is_some_and(|left| made_of(left, rest, used + 1)));
    taken || used > 0 && word.chars().count() <= SMALL && made_of(typed, rest, used)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(label: &str, typed: &str, fits: fn(&Typed, &Spelling) -> bool, expected: bool) {
        assert_eq!(fits(&Typed::new(typed), &Spelling::new(label)), expected, "{typed} in {label}");
    }

    #[test]
    fn beginnings_of_words_and_parts() {
        check("James A. Baker", "bak jam", Typed::begins_words, true);
        check("James A. Baker", "aker", Typed::begins_words, false);
        check("James A. Baker", "aker", Typed::is_inside, true);
        check("Côte d'Ivoire", "COTE", Typed::begins_words, true);
        check("北京 daily", "京", Typed::begins_words, true);
        check("anything", "'", Typed::begins_words, false);
    }

    #[test]
    fn initials_are_those_of_consecutive_words() {
        check("James A. Baker", "jbak", Typed::is_initials, true);
        check("James A. Baker", "jab", Typed::is_initials, true);
        check("filter-person", "fp", Typed::is_initials, true);
        check("Annelies van der Hoek", "ah", Typed::is_initials, true);
        check("James A. Baker", "ja", Typed::is_initials, true);
        check("James A. Baker", "ba", Typed::is_initials, false);
        check("Adom Kwame Boateng Mensah", "aom", Typed::is_initials, false);
        check("Arturo Hernandez Grisanti", "reagan", Typed::is_initials, false);
        check("one two three four five six seven", "ot", Typed::is_initials, false);
    }

    #[test]
    fn one_wrong_letter_is_forgiven_in_a_longer_word() {
        check("Ronald Reagan", "regan", Typed::is_nearly, true);
        check("Ronald Reagan", "raegan ron", Typed::is_nearly, false);
        check("Ronald Reagan", "reogan ron", Typed::is_nearly, true);
        check("Ronald Reagan", "rgan", Typed::is_nearly, false);
    }
}
