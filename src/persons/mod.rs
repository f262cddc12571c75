//! Names of persons: their words, how two of them can agree, and which names of many articles are one person.
//!
//! Pure functions over names as texts write them. The analysis groups the names of one article with them, and the library
//! joins the names of many articles. Names cross borders, so that
//! only [`described`], which reads the words around a name, asks for the language of a text.

pub mod bodies;
pub mod described;
mod form;
mod name;
mod same;

use crate::language::{self, Traits};

pub use form::{forenames_agree, is_misspelt, shouts, sound, spoken, words};
pub use same::{Apart, Bearer, group, is_bare};

/// Whether the shorter name can be written for the fuller one.
pub fn agree(short: &[String], full: &[String]) -> bool {
    let same = |a: &String, b: &String| a == b || (a.len() > 4 && sound(a) == sound(b));
    let runs = |part: &[String]| part.len() == short.len() && part.iter().zip(short).all(|(a, b)| same(a, b));
    // `Abu Karim` is Karim's father.
    let fathers = matches!(full, [first, _] if language::shared(first).any(Traits::PARENT_OF));
    if fathers && short.len() == 1 {
        return false;
    }
    if short.len() < full.len() && runs(&full[full.len() - short.len()..]) {
        return true;
    }
    match short {
        [] => false,
        [only] => full.iter().any(|word| same(word, only)),
        [first, middle @ .., last] => {
            // `Gabriel García` for `Gabriel García Márquez`.
            let opens = short.len() < full.len() && runs(&full[..short.len()]);
            let [full_first, full_middle @ .., full_last] = full else { return false };
            let framed =
                same(last, full_last) && forenames_agree(first, full_first) && is_within(middle, full_middle);
            opens || framed
        }
    }
}

/// Whether `part` stands in `whole` in order, initials for names.
fn is_within(part: &[String], whole: &[String]) -> bool {
    let mut whole = whole.iter();
    part.iter().all(|word| whole.any(|other| forenames_agree(word, other)))
}

#[cfg(test)]
mod tests {
    use super::{agree, words};

    fn check(short: &str, full: &str, expected: bool) {
        assert_eq!(agree(&words(short), &words(full)), expected, "{short} for {full}");
    }

    #[test]
    fn shorter_forms_agree_with_fuller_ones() {
        check("Blinken", "Antony J. Blinken", true);
        check("Antony Blinken", "Antony J. Blinken", true);
        check("A. Blinken", "Antony Blinken", true);
        check("von der Leyen", "Ursula von der Leyen", true);
        check("Kim", "Kim Jong Un", true);
        check("Assad", "Bashar al-Assad", true);
        check("Joseph Biden", "Joe Biden", true);
        check("George Bush", "George H.W. Bush", true);
        check("Zelenskiy", "Volodymyr Zelenskyy", true);
    }

    #[test]
    fn different_people_do_not() {
        check("George W. Bush", "George H.W. Bush", false);
        check("Jill Biden", "Joe Biden", false);
        check("Karim", "Abu Karim", false);
        check("Price", "Antony Blinken", false);
        check("Ben Price", "Ned Price", false);
    }
}
