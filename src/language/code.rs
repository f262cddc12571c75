//! The codes of languages, with their names.
//!
//! In: how a feed, a page, a record or a person names a language: `de`, `de-AT`, `deu`, `German`, `Deutsch`. Out: one code
//! for each language. The table is `assets/languages/names.tsv`, from CLDR (see `assets/NOTICE`). Must not know what a
//! language is needed for.

use serde::{Deserialize, Serialize};
use std::sync::OnceLock;

static TABLE: &str = include_str!("../../assets/languages/names.tsv");

/// The ISO 639-1 code of a language that the table has, such as `de`. Norwegian has one code, `no`, for both of its
/// written forms, and Chinese one, `zh`, for both of its scripts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct LanguageCode([u8; 2]);

/// One row of the table.
struct Known {
    code: LanguageCode,
    long_codes: &'static str,
    name: &'static str,
    /// Empty where it is not known.
    own_name: &'static str,
}

/// All languages, sorted by code.
fn table() -> &'static [Known] {
    static LANGUAGES: OnceLock<Vec<Known>> = OnceLock::new();
    LANGUAGES.get_or_init(|| {
        let read = |line: &'static str| {
            let mut cells = line.split('\t');
            let code = LanguageCode::of_letters(cells.next()?)?;
            let (long_codes, name) = (cells.next()?, cells.next()?);
            Some(Known { code, long_codes, name, own_name: cells.next().unwrap_or_default() })
        };
        TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(read).collect()
    })
}

impl LanguageCode {
    pub const ENGLISH: LanguageCode = LanguageCode(*b"en");

    /// The language that `text` names: by a code of two or three letters, with or without a region or a script behind it
    /// (`pt-BR`, `zh_Hans`), by its English name or by its own. Case is ignored. `None` for every other text, such as
    /// `und` or a language that the table does not have.
    pub fn read(text: &str) -> Option<LanguageCode> {
        let text = text.trim();
        let first = text.split(['-', '_', '.']).next().unwrap_or_default().trim().to_ascii_lowercase();
        let code = match first.len() {
            2 => LanguageCode::of_letters(match first.as_str() {
                // Both forms of Norwegian, and codes that were replaced.
                "nb" | "nn" => "no",
                "iw" => "he",
                "in" => "id",
                "ji" => "yi",
                "jw" => "jv",
                "mo" => "ro",
                code => code,
            }),
            3 => table()
                .iter()
                .find(|known| known.long_codes.split(' ').any(|code| code == first))
                .map(|known| known.code),
            _ => None,
        };
        let named = || {
            let wanted = text.to_lowercase();
            let is = |name: &str| !name.is_empty() && name.to_lowercase() == wanted;
            table().iter().find(|known| is(known.name) || is(known.own_name)).map(|known| known.code)
        };
        code.filter(|code| code.known().is_some()).or_else(named)
    }

    fn of_letters(text: &str) -> Option<LanguageCode> {
        match *text.as_bytes() {
            [a, b] if a.is_ascii_lowercase() && b.is_ascii_lowercase() => Some(LanguageCode([a, b])),
            _ => None,
        }
    }

    fn known(self) -> Option<&'static Known> {
        let table = table();
        table.binary_search_by_key(&self, |known| known.code).ok().map(|at| &table[at])
    }

    /// The code: `de`.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("two ASCII letters, by the constructor")
    }

    /// The English name of the language: `German`.
    pub fn name(self) -> &'static str {
        self.known().map_or("unknown language", |known| known.name)
    }

    /// The name of the language in itself, where it is known, or else its English name: `Deutsch`.
    pub fn own_name(self) -> &'static str {
        self.known().map_or("", |known| if known.own_name.is_empty() { known.name } else { known.own_name })
    }

    pub fn is_english(self) -> bool {
        self == LanguageCode::ENGLISH
    }
}

impl std::fmt::Display for LanguageCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl std::fmt::Debug for LanguageCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl TryFrom<String> for LanguageCode {
    type Error = String;
    fn try_from(text: String) -> Result<LanguageCode, String> {
        LanguageCode::read(&text)
            .ok_or_else(|| format!("'{text}' is not a language: write its code, such as de"))
    }
}

impl From<LanguageCode> for String {
    fn from(code: LanguageCode) -> String {
        code.as_str().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{LanguageCode, table};

    fn check(text: &str, expected: &str) {
        assert_eq!(
            LanguageCode::read(text).map_or("-".to_owned(), |code| code.to_string()),
            expected,
            "{text}"
        );
    }

    #[test]
    fn a_language_is_read_from_what_feeds_and_people_write() {
        check("de", "de");
        check(" DE-at ", "de");
        check("pt_BR", "pt");
        check("zh-Hant-TW", "zh");
        check("en_US.UTF-8", "en");
        check("deu", "de");
        check("ger", "de");
        check("nb", "no");
        check("nno", "no");
        check("iw", "he");
        check("German", "de");
        check("deutsch", "de");
        check("Русский", "ru");
        check("Bengali", "bn");
    }

    #[test]
    fn what_names_no_language_is_none() {
        for text in ["", "-", "und", "xx", "x-default", "mul", "0", "English only", "e", "日", "en us"] {
            check(text, "-");
        }
    }

    #[test]
    fn the_table_is_sorted_and_each_of_its_rows_is_found_by_its_cells() {
        assert!(table().is_sorted_by(|a, b| a.code < b.code));
        assert!(table().len() > 100);
        for known in table() {
            let long_codes = known.long_codes.split(' ');
            let names = [known.code.as_str(), known.name, known.own_name];
            for text in names.into_iter().chain(long_codes).filter(|text| !text.is_empty()) {
                assert_eq!(LanguageCode::read(text), Some(known.code), "{text}");
            }
        }
    }
}
