//! The words of a name, folded, and how words of two names can agree.

use crate::text::fold;

/// Words behind a name that set a man apart from his father.
const SUFFIXES: [&str; 6] = ["ii", "iii", "iv", "jr", "junior", "sr"];

/// Forenames that are short for others, each pair in order.
const SHORT: [(&str, &str); 30] = [
    ("abe", "abraham"),
    ("al", "albert"),
    ("alex", "alexander"),
    ("andy", "andrew"),
    ("ben", "benjamin"),
    ("bernie", "bernard"),
    ("bill", "william"),
    ("bob", "robert"),
    ("chris", "christopher"),
    ("chuck", "charles"),
    ("dan", "daniel"),
    ("dave", "david"),
    ("dick", "richard"),
    ("don", "donald"),
    ("ed", "edward"),
    ("fred", "frederick"),
    ("jim", "james"),
    ("jimmy", "james"),
    ("joe", "joseph"),
    ("ken", "kenneth"),
    ("matt", "matthew"),
    ("mike", "michael"),
    ("nick", "nicholas"),
    ("pete", "peter"),
    ("ron", "ronald"),
    ("sam", "samuel"),
    ("steve", "steven"),
    ("ted", "edward"),
    ("tom", "thomas"),
    ("tony", "anthony"),
];

/// The folded words of a person's name without `Jr.` and its like: hyphens part words, initials run together
/// (`H.W.` is `hw`).
pub fn words(name: &str) -> Vec<String> {
    let folded = fold::fold(name);
    let parts = folded.split(|c: char| c.is_whitespace() || matches!(c, '-' | '‐' | '‑' | '–'));
    let mut words: Vec<String> = parts
        .map(|word| word.chars().filter(|c| c.is_alphanumeric()).collect::<String>())
        .filter(|word| !word.is_empty())
        .collect();
    while words.len() > 1 && words.last().is_some_and(|last| SUFFIXES.binary_search(&last.as_str()).is_ok()) {
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
        || SHORT.binary_search(&(short, long)).is_ok()
        || (long.len() > 3 && sound(short) == sound(long))
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
    use super::{SHORT, SUFFIXES, forenames_agree, sound, spoken, words};

    #[test]
    fn the_lists_are_sorted() {
        assert!(SHORT.is_sorted() && SUFFIXES.is_sorted());
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
