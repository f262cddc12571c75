//! The words of a name, folded, and how words of two names can agree.

use crate::language::{self, Traits};
use crate::text::fold;

/// The folded words of a person's name without `Jr.` and the like: hyphens separate words, and initials are joined
/// (`H.W.` is `hw`).
pub fn words(name: &str) -> Vec<String> {
    let folded = fold::fold(name);
    let parts = folded.split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–'));
    let mut words: Vec<String> = parts
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    while words.len() > 1 && words.last().is_some_and(|last| language::shared(last).any(Traits::NAME_SUFFIX))
    {
        words.pop();
    }
    words
}

/// A spelling that transliterations share: `Zelensky`, `Zelenskiy` and `Zelenskyy` have one.
pub fn sound(word: &str) -> String {
    let mut sound = word.replace("kh", "h").replace("ou", "u").replace("ts", "c").replace('w', "v");
    for ending in ["iyy", "yi", "iy", "yy", "ii", "ij", "yj", "i", "y"] {
        if sound.len() > ending.len() + 3
            && let Some(stem) = sound.strip_suffix(ending)
        {
            sound = format!("{stem}y");
            break;
        }
    }
    sound
}

/// Whether two folded forenames can be one person's: equal, an initial, or short for the other.
pub fn forenames_agree(a: &str, b: &str) -> bool {
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    short == long
        || (short.chars().count() == 1 && long.starts_with(short))
        || language::full_forename(short) == Some(long)
        || (long.len() > 3 && sound(short) == sound(long))
}

/// Whether one folded word is the other misspelt in at most `edits` letters: both have five letters or more and begin with
/// the same one, and the difference is not an `s` at the end. Two letters that changed places are one edit.
pub fn is_misspelt(a: &str, b: &str, edits: usize) -> bool {
    let long = |word: &str| word.len() >= 5;
    let (first, second) = (a.bytes().next(), b.bytes().next());
    if a == b || !long(a) || !long(b) || first != second || a.len().abs_diff(b.len()) > 2 * edits {
        return false;
    }
    let plural = a.strip_suffix('s') == Some(b) || b.strip_suffix('s') == Some(a);
    !plural && distance(a, b) <= edits
}

/// The Damerau distance of two words, in which each pair of letters changes places once at most.
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, y) in b.iter().enumerate() {
            let mut cost = (last[j] + usize::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && a[i - 1] == *y && b[j - 1] == *x {
                cost = cost.min(before[j - 1] + 1);
            }
            row.push(cost);
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

/// Whether the letters of a name are all capitals, and more than a short form has.
pub fn shouts(name: &str) -> bool {
    name.len() > 3 && !name.contains(char::is_lowercase)
}

/// A name as it is written within a text: one that is all in capitals, as in a headline or a dateline, with capitals
/// at the start of its words.
pub fn spoken(name: &str) -> String {
    if !shouts(name) {
        return name.to_owned();
    }
    let mut opens = true;
    let letter = |c: char| {
        let upper = std::mem::replace(&mut opens, !c.is_alphanumeric() && c != '\'' && c != '’');
        if upper { c.to_string() } else { c.to_lowercase().collect() }
    };
    name.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::{forenames_agree, is_misspelt, sound, spoken, words};

    #[test]
    fn misspelt_words_are_known() {
        assert!(is_misspelt("chiriac", "chriac", 1));
        assert!(is_misspelt("kremacek", "krmeacek", 1));
        assert!(!is_misspelt("roberts", "robert", 1));
        assert!(!is_misspelt("berg", "burg", 1));
        assert!(!is_misspelt("martin", "morten", 1));
        assert!(!is_misspelt("hansen", "jansen", 1));
    }

    #[test]
    fn words_are_parted_and_folded() {
        assert_eq!(words("George H.W. Bush"), ["george", "hw", "bush"]);
        assert_eq!(words("Martin Luther King Jr."), ["martin", "luther", "king"]);
        assert_eq!(words("Kim Jong-un"), ["kim", "jong", "un"]);
        assert_eq!(words("Aïcha Ben-Salah"), ["aicha", "ben", "salah"]);
    }

    #[test]
    fn capitals_are_spoken() {
        assert_eq!(spoken("PORT-AU-PRINCE"), "Port-Au-Prince");
        assert_eq!(spoken("VALPARAÍSO"), "Valparaíso");
        assert_eq!(spoken("UAE"), "UAE");
    }

    #[test]
    fn transliterations_sound_alike() {
        let zelensky = sound("zelensky");
        for other in ["zelenskyy", "zelenskiy", "zelenskii", "zelenskij", "zelenski"] {
            assert_eq!(sound(other), zelensky, "{other}");
        }
        assert_eq!(sound("khan"), sound("han"));
        assert_ne!(sound("li"), sound("ly"));
        assert!(
            forenames_agree("j", "joe")
                && forenames_agree("joseph", "joe")
                && !forenames_agree("jill", "joe")
        );
    }
}
