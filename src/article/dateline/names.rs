//! The names that datelines are made of: agencies, states and countries, and the cities that stand
//! alone. From the style books of the large agencies, which name cities that need no country, and
//! from the names of the national agencies; capitals from the ISO 3166 countries.

use crate::language::{Language, Traits};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Lower case without accents and full stops.
fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.chars().filter(|&c| c != '.').map(|c| c.to_ascii_lowercase()).collect();
    }
    let plain = text.nfd().filter(|&c| !is_combining_mark(c) && c != '.');
    plain.map(|c| if c == '’' || c == '‘' { '\'' } else { c }).collect::<String>().to_lowercase()
}

/// Whether `text` is a news agency, or says that it is one.
pub(super) fn is_agency(text: &str, language: Language) -> bool {
    let folded = fold(text);
    let named = |name: &str| language.dateline(name).any(Traits::AGENCY);
    if named(&folded) || folded.split([' ', '/']).next().is_some_and(|w| w.len() > 3 && named(w)) {
        return true;
    }
    folded.rsplit_once(' ').is_some_and(|(_, last)| language.traits(last).any(Traits::AGENCY_WORD))
}

/// Whether `text` is a country or a state, in whole or as abbreviated in datelines.
pub(super) fn is_region(text: &str, language: Language) -> bool {
    language.dateline(&fold(text)).any(Traits::REGION)
}

/// Whether `text` is a city that stands in datelines without its country.
pub(super) fn is_city(text: &str, language: Language) -> bool {
    language.dateline(&fold(text)).any(Traits::CITY)
}

/// Whether `text` has the look of a place: one to five words, all with a capital but the small
/// ones, and none that begins a headline's label, a byline or a person's title.
pub(super) fn may_be_place(text: &str, language: Language) -> bool {
    let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
    let capital = |word: &&str| word.starts_with(char::is_uppercase);
    let small = |word: &&str| language.traits(word).any(Traits::PLACE_SMALL);
    let first = words.first().map(|word| fold(word)).unwrap_or_default();
    // `THE HAGUE` and its like, but no sentence that begins with an article.
    let article = language.traits(&first).any(Traits::THE.or(Traits::INDEFINITE))
        && text.chars().any(char::is_lowercase);
    let (Some(head), Some(tail)) = (words.first(), words.last()) else { return false };
    words.len() <= 5
        && text.len() <= 48
        && (capital(head) || head.starts_with("al-") || head.starts_with("el-"))
        && capital(tail)
        && words.iter().all(|word| capital(word) || small(word))
        && !article
        && !language.traits(&first).any(Traits::NO_PLACE)
}
