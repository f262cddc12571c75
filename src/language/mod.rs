//! The words of each language, from the data files in `assets/languages`.
//!
//! In: a word. Out: its [`Traits`]. Each language is a hash table that is made when the program is built, so that a
//! look-up computes one short hash and compares one word. `docs/languages.md` describes the files. Must not know what
//! rules do with a word.

mod code;
mod guess;
mod hash;
mod traits;

#[cfg(test)]
mod rows;
#[cfg(test)]
mod tests;

pub use code::LanguageCode;
pub use guess::guess;
pub use traits::Traits;

/// The language that a text is analysed in. Copying it is free.
///
/// The engine knows the words of some languages; of any other, [`Language::is_known`] is false and no word has a trait.
#[derive(Clone, Copy)]
pub struct Language {
    code: LanguageCode,
    /// `None` for a language whose words are not known.
    tables: Option<&'static Tables>,
}

/// The tables of one language.
struct Tables {
    words: &'static Words,
    datelines: &'static Words,
}

/// Words with their traits, and the number of each by its hash, from one on, beside the upper half of the hash; the
/// build script says how.
struct Words {
    rows: &'static [(&'static str, Traits)],
    slots: &'static [u32],
}

impl Words {
    /// The traits of a word, whatever the case of its ASCII letters.
    fn get(&self, word: &[u8]) -> Traits {
        let mask = self.slots.len().wrapping_sub(1);
        let hash = hash::hash(word);
        let mut at = hash as usize & mask;
        while let Some(slot @ 1..) = self.slots.get(at).copied() {
            if slot >> 16 == hash >> 16
                && let Some((known, traits)) = self.rows.get((slot as usize & 0xFFFF).wrapping_sub(1))
                && known.as_bytes().eq_ignore_ascii_case(word)
            {
                return *traits;
            }
            at = (at + 1) & mask;
        }
        Traits::default()
    }
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

/// The longest word that is looked up, in bytes.
const LONGEST: usize = 40;

impl Language {
    /// English, of every country.
    pub const fn english() -> Language {
        Language { code: LanguageCode::ENGLISH, tables: Some(&EN) }
    }

    /// The language that an article with this code is analysed in. An article whose language cannot be told is read as
    /// English.
    pub fn of(code: Option<LanguageCode>) -> Language {
        match code {
            Some(code) if !code.is_english() => Language { code, tables: None },
            _ => Language::english(),
        }
    }

    pub fn code(self) -> LanguageCode {
        self.code
    }

    /// Whether the engine knows the words of the language.
    pub fn is_known(self) -> bool {
        self.tables.is_some()
    }

    /// The traits of `word`, in any case and with either apostrophe. The set is empty for a word that the tables do
    /// not have.
    pub fn traits(self, word: &str) -> Traits {
        let Some(tables) = self.tables else { return Traits::default() };
        if word.is_ascii() {
            return if word.len() <= LONGEST { tables.words.get(word.as_bytes()) } else { Traits::default() };
        }
        let mut buffer = [0; LONGEST];
        small(word, &mut buffer).map_or(Traits::default(), |word| tables.words.get(word))
    }

    /// The traits of a name in a dateline; `name` is in lower case without accents and full stops.
    pub fn dateline(self, name: &str) -> Traits {
        self.tables.map_or(Traits::default(), |tables| tables.datelines.get(name.as_bytes()))
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Language) -> bool {
        self.code == other.code
    }
}

impl Eq for Language {}

impl Default for Language {
    fn default() -> Language {
        Language::english()
    }
}

impl std::fmt::Debug for Language {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Language({})", self.code)
    }
}

/// The traits of `word` among the words of dates and of persons' names, of all languages together: a feed names its
/// months in its own language, and a name crosses borders. `word` is in lower case.
pub fn shared(word: &str) -> Traits {
    SHARED.get(word).map_or(Traits::default(), |(traits, _)| *traits)
}

/// The month, 1 to 12, that `word` names in any language, in whole or in its usual short form. `word` is in lower case.
pub fn month(word: &str) -> Option<u32> {
    SHARED.get(word).map(|(_, month)| u32::from(*month)).filter(|month| *month > 0)
}

/// The forename that `word` is short for: `Bill` is `william`. `word` is in lower case.
pub fn full_forename(word: &str) -> Option<&'static str> {
    SHORT_FORENAMES.get(word).copied()
}

/// `word` in lower case with straight apostrophes, in `buffer`; `None` where it does not fit.
fn small<'b>(word: &str, buffer: &'b mut [u8; LONGEST]) -> Option<&'b [u8]> {
    let mut length = 0;
    for c in word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }) {
        length += c.encode_utf8(buffer.get_mut(length..length + c.len_utf8())?).len();
    }
    buffer.get(..length)
}
