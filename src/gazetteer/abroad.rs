//! The names of countries and of their capitals in languages other than English.
//!
//! In: a language, and a place in a text. Out: the longest name that stands there. The table is
//! `assets/gazetteers/abroad.tsv`; `assets/NOTICE` names its sources. It is read once for each language. Must not know what
//! a mention is.
//!
//! CLDR has names in their base form only. The usual endings are added by rules for those languages in which a name is
//! hardly ever written in its base form (`России`, `Polsce`, `미국은`): they need not be complete, because an article names a
//! country more than once.

use crate::annotation::CountryCode;
use crate::language::LanguageCode;
use std::collections::HashMap;
use std::sync::OnceLock;

static TABLE: &str = include_str!("../../assets/gazetteers/abroad.tsv");

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thing {
    Country(CountryCode),
    /// The capital of a country, with its English name.
    Capital(CountryCode, &'static str),
}

/// The names of one language.
#[derive(Debug)]
pub struct Abroad {
    /// By the first word, in lower case; or by the first letter, where words are not separated. The longest names first.
    names: HashMap<String, Vec<(String, Thing)>>,
    manner: Manner,
}

/// How words are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Manner {
    /// By spaces; names begin with a capital.
    Capitals,
    /// By spaces; there are no capitals.
    Spaces,
    /// Not at all: Chinese and Japanese.
    Dense,
}

/// A name that was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Bytes from the start of the text, half-open.
    pub start: usize,
    pub end: usize,
    pub thing: Thing,
}

/// The longest first word of a name, in bytes; a longer word of a text is no name.
const LONGEST: usize = 80;

impl Abroad {
    /// The names in a language; `None` for English, and for a language that the table does not have.
    pub fn of(language: LanguageCode) -> Option<&'static Abroad> {
        static LANGUAGES: OnceLock<HashMap<LanguageCode, OnceLock<Abroad>>> = OnceLock::new();
        let languages = LANGUAGES.get_or_init(|| {
            let codes = rows().filter_map(|row| LanguageCode::read(row.split('\t').next()?));
            codes.map(|code| (code, OnceLock::new())).collect()
        });
        Some(languages.get(&language)?.get_or_init(|| Abroad::read(language)))
    }

    fn read(language: LanguageCode) -> Abroad {
        let manner = match language.as_str() {
            "zh" | "ja" => Manner::Dense,
            "ar" | "fa" | "ur" | "he" | "hi" | "bn" | "ko" => Manner::Spaces,
            _ => Manner::Capitals,
        };
        let mut names: HashMap<String, Vec<(String, Thing)>> = HashMap::new();
        let mut put = |name: &str, thing: Thing| {
            for form in forms(language, &name.to_lowercase()) {
                let key = match manner {
                    Manner::Dense => form.chars().take(1).collect(),
                    Manner::Capitals | Manner::Spaces => form[..word_end(&form, 0)].to_owned(),
                };
                let known = names.entry(key).or_default();
                // The name of a country comes before that of a capital.
                if !known.iter().any(|(other, _)| *other == form) {
                    known.push((form, thing));
                }
            }
        };
        for row in rows() {
            let cells: Vec<&'static str> = row.split('\t').collect();
            let [of, code, countries, capitals] = cells[..] else { continue };
            let (true, Some(code)) = (of == language.as_str(), CountryCode::new(code)) else { continue };
            for name in countries.split(';').filter(|name| !name.is_empty()) {
                put(name, Thing::Country(code));
            }
            for (english, name) in capitals.split(';').filter_map(|capital| capital.split_once('=')) {
                put(name, Thing::Capital(code, english));
            }
        }
        names.values_mut().for_each(|known| known.sort_by_key(|(name, _)| std::cmp::Reverse(name.len())));
        Abroad { names, manner }
    }

    /// All names in `text`, disjoint and in order. Linear in the length of the text.
    pub fn find(&self, language: LanguageCode, text: &str) -> Vec<Found> {
        match self.manner {
            Manner::Dense => self.find_dense(text),
            Manner::Capitals | Manner::Spaces => self.find_words(language, text),
        }
    }

    fn find_words(&self, language: LanguageCode, text: &str) -> Vec<Found> {
        let (prefixes, suffixes) = (prefixes(language), suffixes(language));
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(start) = text[at..].find(is_of_word).map(|next| at + next) {
            let end = word_end(text, start);
            at = end;
            let word = &text[start..end];
            let named = self.manner == Manner::Spaces || word.starts_with(char::is_uppercase);
            if !named || word.len() > LONGEST {
                continue;
            }
            let here = self.at(text, start, suffixes).or_else(|| {
                // A word that is written together with the name: `وفرنسا`, `בגרמניה`.
                let prefix = word.chars().next().filter(|first| prefixes.contains(first))?;
                self.at(text, start + prefix.len_utf8(), suffixes)
            });
            if let Some(here) = here {
                at = here.end.max(end);
                found.push(here);
            }
        }
        found
    }

    /// The longest name that begins at `start`.
    fn at(&self, text: &str, start: usize, suffixes: &[&str]) -> Option<Found> {
        let end = word_end(text, start);
        let word = text.get(start..end)?.to_lowercase();
        if let Some(known) = self.names.get(&word) {
            for (name, thing) in known {
                let Some(length) = same(&text[start..], name) else { continue };
                let end = start + length;
                let tail = &text[end..word_end(text, end)];
                if tail.is_empty() || suffixes.contains(&tail) {
                    return Some(Found { start, end, thing: *thing });
                }
            }
        }
        // The endings of a name of one word.
        let fitting = suffixes.iter().filter_map(|suffix| Some((word.strip_suffix(suffix)?, suffix)));
        fitting.into_iter().find_map(|(stem, suffix)| {
            let known = self.names.get(stem)?.iter().find(|(name, _)| name == stem)?;
            Some(Found { start, end: end.checked_sub(suffix.len())?, thing: known.1 })
        })
    }

    fn find_dense(&self, text: &str) -> Vec<Found> {
        let mut found = Vec::new();
        let mut at = 0;
        let mut before = ' ';
        while let Some(first) = text[at..].chars().next() {
            let mut buffer = [0; 4];
            let known = self.names.get(&*first.encode_utf8(&mut buffer));
            let fits = |(name, thing): &(String, Thing)| {
                let end = at + same(&text[at..], name)?;
                let after = text[end..].chars().next().unwrap_or(' ');
                // A name in Katakana is the whole of what stands in Katakana.
                let cut = is_katakana(first) && is_katakana(before)
                    || name.chars().next_back().is_some_and(is_katakana) && is_katakana(after);
                let inside = WITHIN.iter().any(|(within, word)| {
                    within == name
                        && word.find(within).is_some_and(|offset| {
                            at.checked_sub(offset)
                                .and_then(|start| text.get(start..))
                                .is_some_and(|rest| rest.starts_with(word))
                        })
                });
                (!cut && !inside).then_some(Found { start: at, end, thing: *thing })
            };
            match known.and_then(|known| known.iter().find_map(fits)) {
                Some(here) => {
                    before = text[..here.end].chars().next_back().unwrap_or(' ');
                    at = here.end;
                    found.push(here);
                }
                None => {
                    before = first;
                    at += first.len_utf8();
                }
            }
        }
        found
    }
}

fn rows() -> impl Iterator<Item = &'static str> {
    TABLE.lines().filter(|line| !line.starts_with('#'))
}

/// How many bytes of the beginning of `text` are `name`, which is in lower case. Blanks of any kind are the same.
fn same(text: &str, name: &str) -> Option<usize> {
    let mut wanted = name.chars();
    let mut length = 0;
    for c in text.chars() {
        let Some(first) = wanted.clone().next() else { break };
        let blank = c == ' ' || c == '\u{a0}' || c == '\u{202f}';
        if blank && first == ' ' || is_apostrophe(c) && is_apostrophe(first) {
            wanted.next();
        } else {
            for small in c.to_lowercase() {
                if wanted.next() != Some(small) {
                    return None;
                }
            }
        }
        length += c.len_utf8();
    }
    wanted.next().is_none().then_some(length)
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// Whether a character belongs to a word: letters, digits, and the signs that combine with letters.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric()
        || matches!(c, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}'
            | '\u{900}'..='\u{dff}' | '\u{200c}' | '\u{200d}')
}

fn word_end(text: &str, start: usize) -> usize {
    text[start..].find(|c| !is_of_word(c)).map_or(text.len(), |end| start + end)
}

fn is_katakana(c: char) -> bool {
    matches!(c, '\u{30a1}'..='\u{30fa}' | '\u{30fc}')
}

/// Words that hold the name of a country or capital and are something else.
const WITHIN: [(&str, &str); 17] = [
    ("海地", "沿海地"),
    ("海地", "上海地"),
    ("海地", "近海地"),
    ("海地", "南海地"),
    ("海地", "东海地"),
    ("海地", "青海地"),
    ("海地", "渤海地"),
    ("海地", "珠海地"),
    ("马里", "马里兰"),
    ("马里", "马里奥"),
    ("中国", "其中国"),
    ("中国", "集中国"),
    ("中国", "中国地方"),
    ("中国", "中国電力"),
    ("中国", "中国新聞"),
    ("中国", "中国自動車"),
    ("北京", "東北京"),
];

/// One letter before a name that is written together with it.
fn prefixes(language: LanguageCode) -> &'static [char] {
    match language.as_str() {
        "ar" => &['و', 'ف', 'ب', 'ك', 'ل'],
        "he" => &['ב', 'ל', 'מ', 'ה', 'ו', 'ש', 'כ'],
        _ => &[],
    }
}

/// What may follow a name in the same word.
fn suffixes(language: LanguageCode) -> &'static [&'static str] {
    match language.as_str() {
        "de" | "nl" | "da" | "no" | "sv" => &["s"],
        "fi" => &[
            "ssa", "ssä", "sta", "stä", "lla", "llä", "lle", "lta", "ltä", "ksi", "na", "nä", "an", "än",
            "on", "en", "in", "n", "a", "ä",
        ],
        "et" => &["sse", "ga", "st", "le", "lt", "l", "s", "t"],
        "hu" => &[
            "ban", "ben", "ból", "ből", "nak", "nek", "ról", "ről", "val", "vel", "hoz", "hez", "ba", "be",
            "ra", "re", "on", "en", "ot", "at", "et", "i", "t",
        ],
        "ko" => &[
            "에서는",
            "에서도",
            "으로부터",
            "에서",
            "에게",
            "에는",
            "까지",
            "부터",
            "보다",
            "처럼",
            "으로",
            "과의",
            "와의",
            "은",
            "는",
            "이",
            "가",
            "을",
            "를",
            "의",
            "에",
            "과",
            "와",
            "도",
            "로",
            "만",
            "인",
            "산",
            "군",
            "측",
        ],
        "bn" => &["য়ের", "ের", "এর", "তে", "কে", "েও", "য়", "র", "ে", "ও"],
        _ => &[],
    }
}

/// A name with the other forms of its words, all in lower case.
fn forms(language: LanguageCode, name: &str) -> Vec<String> {
    let rules = endings(language);
    let mut all: Vec<String> = vec![String::new()];
    let words: Vec<&str> = name.split(' ').collect();
    for (place, word) in words.iter().enumerate() {
        let mut of_word = vec![(*word).to_owned()];
        // A name of three words and more is taken as it is.
        let rule = rules.iter().find(|(ending, _)| word.ends_with(ending)).filter(|_| words.len() <= 2);
        if let Some((ending, others)) = rule
            && word.chars().count() > 3
        {
            let stem = &word[..word.len() - ending.len()];
            of_word.extend(others.iter().map(|other| format!("{stem}{other}")));
        }
        let between = if place == 0 { "" } else { " " };
        all = all
            .iter()
            .flat_map(|start| of_word.iter().map(move |word| format!("{start}{between}{word}")))
            .collect();
    }
    // `للولايات المتحدة`: the article loses its first letter after this word.
    if language.as_str() == "ar"
        && let Some(rest) = name.strip_prefix("ال")
    {
        all.push(format!("لل{rest}"));
    }
    all
}

/// Endings, the longest first, with those that stand in their place in other cases. An empty ending is that of every
/// other word.
fn endings(language: LanguageCode) -> &'static [(&'static str, &'static [&'static str])] {
    match language.as_str() {
        "ru" => &[
            ("ия", &["ии", "ию", "ией"]),
            ("ая", &["ой", "ую"]),
            ("ые", &["ых", "ым", "ыми"]),
            ("а", &["ы", "и", "е", "у", "ой"]),
            ("я", &["и", "е", "ю", "ей"]),
            ("ь", &["и", "ью", "я", "ю", "ем"]),
            ("й", &["я", "ю", "ем", "е"]),
            ("ы", &["ов", "ам", "ами", "ах"]),
            ("о", &[]),
            ("е", &[]),
            ("и", &[]),
            ("у", &[]),
            ("э", &[]),
            ("", &["а", "у", "ом", "е"]),
        ],
        "uk" => &[
            ("ія", &["ії", "ію", "ією"]),
            ("на", &["ни", "ні", "ну", "ною"]),
            ("а", &["и", "і", "у", "ою"]),
            ("ь", &["і", "ю", "я", "ем"]),
            ("й", &["я", "ю", "ї", "єм"]),
            ("о", &[]),
            ("е", &[]),
            ("и", &[]),
            ("", &["а", "у", "ом", "і"]),
        ],
        "bg" => &[],
        "sr" => &[
            ("ија", &["ије", "ији", "ију", "ијом"]),
            ("ска", &["ске", "ској", "ску", "ском"]),
            ("а", &["е", "и", "у", "ом"]),
            ("ija", &["ije", "iji", "iju", "ijom"]),
            ("ska", &["ske", "skoj", "sku", "skom"]),
            ("a", &["e", "i", "u", "om"]),
        ],
        "hr" => &[
            ("ija", &["ije", "iji", "iju", "ijom"]),
            ("ska", &["ske", "skoj", "sku", "skom"]),
            ("čka", &["čke", "čkoj", "čku", "čkom"]),
            ("a", &["e", "i", "u", "om"]),
            ("o", &[]),
            ("e", &[]),
            ("i", &[]),
            ("", &["a", "u", "om"]),
        ],
        "pl" => &[
            ("ska", &["sce", "ski", "skę", "ską"]),
            ("ia", &["ii", "ię", "ią"]),
            ("ja", &["ji", "ję", "ją"]),
            ("na", &["ny", "nie", "nę", "ną"]),
            ("a", &["y", "i", "ę", "ie", "ą"]),
            ("o", &[]),
            ("e", &[]),
            ("i", &[]),
            ("y", &[]),
            ("", &["u", "a", "em", "ie", "owi"]),
        ],
        "cs" | "sk" => &[
            ("sko", &["ska", "sku", "skem", "skom"]),
            ("cko", &["cka", "cku", "ckem", "ckom"]),
            ("ie", &["ii", "ií", "iou"]),
            ("a", &["y", "u", "ou", "ě", "e"]),
            ("o", &[]),
            ("e", &[]),
            ("i", &[]),
            ("y", &[]),
            ("", &["u", "em", "om", "ě"]),
        ],
        "el" => &[("ία", &["ίας"]), ("α", &["ας"]), ("ος", &["ου", "ο"])],
        "ro" => &[("ia", &["iei"]), ("a", &["ei"])],
        "lt" => &[("ja", &["jos", "joje", "ją"])],
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::{Abroad, Thing, rows};
    use crate::annotation::CountryCode;
    use crate::language::LanguageCode;

    /// The names that are found, each with its code; a capital is followed by its English name.
    fn check(language: &str, text: &str, expected: &[&str]) {
        let language = LanguageCode::read(language).expect("a language");
        let found: Vec<String> = Abroad::of(language)
            .map_or(Vec::new(), |names| names.find(language, text))
            .iter()
            .map(|found| {
                let words = &text[found.start..found.end];
                match found.thing {
                    Thing::Country(code) => format!("{words} {code}"),
                    Thing::Capital(code, name) => format!("{words} {code} {name}"),
                }
            })
            .collect();
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn every_row_of_the_table_is_one() {
        for row in rows() {
            let cells: Vec<&str> = row.split('\t').collect();
            assert_eq!(cells.len(), 4, "{row}");
            assert!(LanguageCode::read(cells[0]).is_some() && CountryCode::new(cells[1]).is_some(), "{row}");
            assert!(cells[3].is_empty() || cells[3].split(';').all(|capital| capital.contains('=')), "{row}");
        }
    }

    #[test]
    fn names_are_found_in_letters_with_capitals() {
        check(
            "de",
            "Die Vereinigten Staaten und Deutschlands Nachbar Österreich trafen sich in Kiew.",
            &["Vereinigten Staaten US", "Deutschland DE", "Österreich AT", "Kiew UA Kyiv"],
        );
        check(
            "de",
            "Der USA-Besuch in Weißrussland, WEISSRUSSLAND",
            &["USA US", "Weißrussland BY", "WEISSRUSSLAND BY"],
        );
        check(
            "fr",
            "L’Égypte et la Côte d’Ivoire, à l'Italie",
            &["Égypte EG", "Côte d’Ivoire CI", "Italie IT"],
        );
        check("es", "el chile picante de Chile y Corea del Norte", &["Chile CL", "Corea del Norte KP"]);
        check("tr", "Türkiye'nin İngiltere'ye sattığı", &["Türkiye TR", "İngiltere GB"]);
        check(
            "ru",
            "Власти России и Южной Кореи встретились в Москве и в Китае.",
            &["России RU", "Южной Кореи KR", "Москве RU Moscow", "Китае CN"],
        );
    }

    #[test]
    fn names_are_found_where_words_have_no_capitals() {
        check("ar", "زار الرئيس فرنسا ولبنان وفرنسا", &["فرنسا FR", "لبنان LB", "فرنسا FR"]);
        check("hi", "भारत और पाकिस्तान ने अमेरिका में बात की", &["भारत IN", "पाकिस्तान PK", "अमेरिका US"]);
        check("bn", "বাংলাদেশের সরকার ভারতে", &["বাংলাদেশ BD", "ভারত IN"]);
        check("ko", "미국은 일본과 합의했다", &["미국 US", "일본 JP"]);
    }

    #[test]
    fn names_are_found_between_words_without_spaces() {
        check("zh", "中国和美国的代表在柏林会谈", &["中国 CN", "美国 US", "柏林 DE Berlin"]);
        check("zh", "沿海地区的马里兰州", &[]);
        check("ja", "インドネシアとインドの首相は東京で", &["インドネシア ID", "インド IN", "東京 JP Tokyo"]);
        check("ja", "インドール", &[]);
    }

    #[test]
    fn other_words_are_no_names() {
        check("de", "Islands Küste, Irangeschäft, deutschland", &["Island IS"]);
        check("en", "Germany and France", &[]);
        check("sw", "Ujerumani", &[]);
    }
}
