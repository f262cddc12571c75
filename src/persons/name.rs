//! The parts of one name of a person, in the form in which many names are compared.
//!
//! In: a name as an article's entity has it. Out: its words as hashes, which say whether two words are the same, are
//! spelled alike or are a forename and its short form; which of them are the surname; and the keys under which names are
//! found that may be the same. A library has hundreds of thousands of names, so that no text is kept.

use crate::gazetteer::{self, Facet};
use crate::language::{self, Traits};
use crate::text::fold;

/// One word of a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Word {
    exact: u64,
    /// The same for words that are spelled alike.
    spelled: u64,
    /// The same for a forename and its short form.
    full: u64,
    initial: char,
    /// How the full forename begins.
    full_initial: char,
    /// Whether it is an initial.
    alone: bool,
    /// Whether it stands behind names, as `Jr.` does.
    suffix: bool,
}

/// A name in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Without articles before surnames, and each initial a word of its own: `D.K.`, `DK` and `D K` are two.
    pub words: Vec<Word>,
    pub letters: usize,
    /// Where the surname begins in `words`; 0 if the name is nothing but a surname.
    from: usize,
    /// Whether the last word is a father's name, for which it is not short: `Mohammed bin Salman`.
    fathers: bool,
    /// The hash of `Jr.` or the like.
    pub suffix: Option<u64>,
    /// Whether the surname begins with a small word that may be left out.
    particle: bool,
    /// Whether lists have the only word, or the first one, among the forenames, and the last among the surnames.
    forename: bool,
    known_surname: bool,
    /// Whether lists have the first word among the surnames only, as where surnames come first.
    surname_first: bool,
    /// Whether lists have the last word among the forenames.
    last_forename: bool,
}

const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;

fn hash(mut state: u64, text: &str) -> u64 {
    for byte in text.bytes() {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    state
}

/// The key of some hashes in this order. `part` parts keys of different kinds.
pub fn key_of(part: u8, hashes: impl IntoIterator<Item = u64>) -> u64 {
    let mut key = OFFSET ^ u64::from(part);
    for hash in hashes {
        key = (key.rotate_left(23) ^ hash).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
    key
}

/// A spelling that the ways of writing one name in Latin letters share: `Mohammed` and `Muhammad`, `Sisi` and `Sissi`,
/// `Zelensky` and `Zelenskyy` have one. Vowels that are heard alike count in long words only, since `Chen` and `Chan` are
/// two names.
pub fn spelling(word: &str) -> String {
    let mut plain = String::with_capacity(word.len());
    let mut rest = word;
    while let Some(c) = rest.chars().next() {
        let (written, length) = match c {
            'k' if rest.starts_with("kh") => ("h", 2),
            'k' if rest.starts_with("ks") => ("x", 2),
            'o' if rest.starts_with("ou") => ("u", 2),
            't' if rest.starts_with("ts") => ("c", 2),
            'p' if rest.starts_with("ph") => ("f", 2),
            'q' => ("k", 1),
            'w' => ("v", 1),
            _ => (&rest[..c.len_utf8()], c.len_utf8()),
        };
        // A consonant that is written twice is heard once.
        if !plain.ends_with(written) || written.contains(['a', 'e', 'i', 'o', 'u']) {
            plain.push_str(written);
        }
        rest = &rest[length..];
    }
    for ending in ["iy", "yi", "yj", "ij", "ii", "i", "y"] {
        if plain.len() > ending.len() + 3
            && let Some(stem) = plain.strip_suffix(ending)
        {
            plain = format!("{stem}y");
            break;
        }
    }
    if plain.len() < LONG {
        return plain;
    }
    let end = plain.len() - 1;
    let heard = plain.char_indices().map(|(at, c)| match c {
        'e' if at < end => 'a',
        'o' if at < end => 'u',
        'y' if at < end => 'i',
        other => other,
    });
    heard.collect()
}

/// Letters of a long word.
const LONG: usize = 6;

impl Word {
    fn new(word: &str, alone: bool) -> Word {
        let full = language::full_forename(word).unwrap_or(word);
        let spelled = if word.len() > 3 { hash(OFFSET, &spelling(word)) } else { hash(OFFSET, word) };
        let initial = word.chars().next().unwrap_or(' ');
        Word {
            exact: hash(OFFSET, word),
            spelled,
            full: hash(OFFSET, full),
            initial,
            full_initial: full.chars().next().unwrap_or(' '),
            alone,
            suffix: language::shared(word).any(Traits::NAME_SUFFIX),
        }
    }

    fn is_alike(self, other: Word) -> bool {
        self.spelled == other.spelled
    }

    /// Whether two given names can be one person's: spelled alike, an initial, or short for the other.
    fn agrees(self, other: Word) -> bool {
        match (self.alone, other.alone) {
            (false, false) => self.is_alike(other) || self.full == other.full,
            _ => self.initial == other.initial,
        }
    }
}

impl Name {
    pub fn new(name: &str) -> Name {
        let shouts = !name.contains(char::is_lowercase);
        let mut words: Vec<(String, bool)> = Vec::new();
        let (mut tokens, mut last_token) = (0usize, 0usize);
        for token in name.split_whitespace() {
            let before = words.len();
            let parts = token.split(['-', '‐', '‑', '–', '.']);
            let parts: Vec<&str> = parts.filter(|part| part.contains(char::is_alphanumeric)).collect();
            for part in &parts {
                let folded: String = fold::fold(part).chars().filter(|c| c.is_alphanumeric()).collect();
                // `Al` with a blank is a forename: `Al Gore`.
                let article = language::shared(&folded).any(Traits::SURNAME_ARTICLE);
                if article && (parts.len() > 1 || part.starts_with(char::is_lowercase)) {
                    continue;
                }
                let letters = part.chars().count();
                let initials = !shouts
                    && (2..=3).contains(&letters)
                    && part.chars().all(char::is_uppercase)
                    && !language::shared(&folded).any(Traits::NAME_SUFFIX);
                if letters == 1 || initials {
                    words.extend(folded.chars().map(|c| (c.to_string(), true)));
                } else {
                    words.push((folded, false));
                }
            }
            if words.len() > before {
                tokens += 1;
                last_token = before;
            }
        }
        let mut suffix = None;
        while words.len() > 1
            && let Some((last, _)) = words.last()
            && language::shared(last).any(Traits::NAME_SUFFIX)
        {
            suffix = Some(hash(OFFSET, last));
            words.pop();
            tokens = tokens.saturating_sub(1);
            last_token = words.len().saturating_sub(1);
        }
        let is =
            |at: usize, traits| words.get(at).is_some_and(|(word, _)| language::shared(word).any(traits));
        let particle = Traits::SURNAME_PARTICLE.or(Traits::SON_OF);
        let opens = |at: usize| at + 1 < words.len() && is(at, particle);
        let from = match (0..words.len()).find(|at| opens(*at)) {
            Some(at) => at,
            // A king and his number.
            None if tokens < 2 && suffix.is_some() => words.len(),
            None if tokens < 2 => 0,
            // Parts that a hyphen joins are one surname, or one given name behind a surname.
            None => last_token,
        };
        let fathers = words.len() > 1 && is(words.len() - 2, Traits::SON_OF)
            || matches!(&words[..], [(first, _), _] if language::shared(first).any(Traits::PARENT_OF));
        let known = |word: Option<&(String, bool)>| word.and_then(|(word, _)| gazetteer::find(word));
        let (first, last) = (known(words.first()), known(words.last()));
        let has = |entry: Option<gazetteer::Entry>, facet| entry.is_some_and(|entry| entry.is(facet));
        let letters = words.iter().map(|(word, _)| word.len()).sum();
        Name {
            letters,
            from,
            fathers,
            suffix,
            particle: is(from, Traits::SURNAME_PARTICLE),
            forename: has(first, Facet::Forename),
            known_surname: has(last, Facet::Surname),
            surname_first: has(first, Facet::Surname) && !has(first, Facet::Forename),
            last_forename: has(last, Facet::Forename),
            words: words.into_iter().map(|(word, alone)| Word::new(&word, alone)).collect(),
        }
    }

    /// Full names come first, then those with initials, then bare ones.
    pub fn rank(&self) -> u8 {
        match (self.is_bare(), self.is_initials()) {
            (true, _) => 2,
            (_, true) => 1,
            _ => 0,
        }
    }

    /// Whether the name is nothing but a surname, or a single word.
    pub fn is_bare(&self) -> bool {
        self.from == 0
    }

    /// Whether all given names are initials.
    pub fn is_initials(&self) -> bool {
        self.from > 0 && self.from < self.words.len() && self.given().all(|word| word.alone)
    }

    /// Whether the one word of the name is a forename.
    pub fn is_forename(&self) -> bool {
        self.forename && self.words.len() == 1
    }

    /// Whether the first of several words is a forename.
    pub fn has_forename(&self) -> bool {
        self.forename && self.words.len() > 1
    }

    /// Whether the name says nothing: an initial, or `Jr.`.
    pub fn is_nothing(&self) -> bool {
        self.words.len() < 2 && self.words.iter().all(|word| word.alone || word.suffix)
    }

    /// Whether the words end the other name, letter by letter, or are so long that another spelling is no chance.
    pub fn is_written_in(&self, other: &Name) -> bool {
        let long = self.letters >= 7;
        let runs = |part: &[Word]| {
            part.iter()
                .zip(&self.words)
                .all(|(one, two)| one.exact == two.exact || long && one.spelled == two.spelled)
        };
        other.words.windows(self.words.len().max(1)).any(runs)
    }

    /// Whether the name is known to be a surname, whatever else it is.
    pub fn is_surname(&self) -> bool {
        self.known_surname
    }

    /// Whether lists of names have the surname, so that strangers may bear it.
    pub fn is_common(&self) -> bool {
        self.is_forename() || self.known_surname
    }

    fn given(&self) -> impl Iterator<Item = Word> {
        self.words[..self.from].iter().copied()
    }

    /// The key of the whole name.
    pub fn all(&self) -> Option<u64> {
        let words = self.words.iter().map(|word| word.spelled);
        (!self.words.is_empty()).then(|| key_of(self.suffix.map_or(0, |suffix| suffix as u8 | 1), words))
    }

    /// The key of the last word and of how the first begins.
    pub fn frame(&self) -> Option<u64> {
        let (first, last) = (self.words.first()?, self.words.last()?);
        Some(key_of(0, [last.spelled, u64::from(u32::from(first.full_initial)), u64::from(self.fathers)]))
    }

    pub fn ending(&self) -> Option<u64> {
        let [.., one, two] = self.words[..] else { return None };
        Some(key_of(0, [one.spelled, two.spelled]))
    }

    pub fn opening(&self) -> Option<u64> {
        let [one, two, ..] = self.words[..] else { return None };
        Some(key_of(0, [one.spelled, two.spelled]))
    }

    /// The key of what a bare name consists of.
    pub fn bare(&self) -> Option<u64> {
        (!self.words.is_empty()).then(|| key_of(0, self.words.iter().map(|word| word.spelled)))
    }

    /// The key of the surname with its particles.
    pub fn surname(&self) -> Option<u64> {
        let words = self.words.get(self.from..)?;
        (!words.is_empty()).then(|| key_of(0, words.iter().map(|word| word.spelled)))
    }

    /// The key of the last word, if it is a surname without its particles.
    pub fn last(&self) -> Option<u64> {
        let alone = self.from + 1 == self.words.len() || self.particle;
        let last = self.words.last().filter(|_| alone && !self.fathers)?;
        Some(key_of(0, [last.spelled]))
    }

    pub fn first(&self) -> Option<u64> {
        Some(key_of(0, [self.words.first()?.spelled]))
    }

    /// Whether the name can be written for `full`: the first and last words agree, and what stands between them is between
    /// those of `full` in the same order.
    pub fn is_framed_by(&self, full: &Name) -> bool {
        let ([first, middle @ .., last], [full_first, full_middle @ .., full_last]) =
            (&self.words[..], &full.words[..])
        else {
            return false;
        };
        let (own, other) = (&self.words[self.from..], &full.words[full.from..]);
        let alike = |one: &[Word], two: &[Word]| {
            one.len() == two.len() && one.iter().zip(two).all(|(one, two)| one.is_alike(*two))
        };
        let particle = last.is_alike(*full_last) && (self.particle || full.particle);
        // `Meira` is not the `M` of `M Jagadesh`.
        let initial = full_first.alone && !first.alone;
        if initial || !first.agrees(*full_first) || !alike(own, other) && !particle {
            return false;
        }
        // `George W.` is not short for `George H.W.`, but a second forename may be left out. Where the surname comes first,
        // what follows is the name.
        let named = full.surname_first && full_middle.iter().any(|word| !word.alone);
        let begins = middle.len() <= full_middle.len()
            && middle.iter().zip(full_middle).all(|(one, two)| one.agrees(*two));
        let mut whole = full_middle.iter();
        let mut within = || {
            middle.iter().all(|word| whole.any(|other| !word.alone && !other.alone && word.agrees(*other)))
        };
        if middle.len() == full_middle.len() { begins } else { !named && (begins || within()) }
    }

    /// Whether `full` ends with the name: `López Obrador`.
    pub fn ends(&self, full: &Name) -> bool {
        !self.fathers
            && (!self.has_forename() || self.words.len() > 2)
            && self.words.len() < full.words.len()
            && {
                let end = &full.words[full.words.len() - self.words.len()..];
                self.words.iter().zip(end).all(|(one, two)| one.spelled == two.spelled)
            }
    }

    /// Whether only a short form of a forename makes the first word of a name that of another.
    pub fn is_short_for(&self, full: &Name) -> bool {
        self.words
            .first()
            .zip(full.words.first())
            .is_some_and(|(one, two)| !one.alone && !two.alone && !one.is_alike(*two))
    }

    /// Whether `full` begins with the name: `Gabriel García` for `Gabriel García Márquez`.
    pub fn opens(&self, full: &Name) -> bool {
        self.words.len() < full.words.len()
            && !self.last_forename
            && self.words.iter().zip(&full.words).all(|(one, two)| one.exact == two.exact)
    }
}

#[cfg(test)]
mod tests {
    use super::{Name, spelling};

    #[test]
    fn one_name_in_several_spellings() {
        for (one, two) in [
            ("mohammed", "muhammad"),
            ("mohammed", "mohamed"),
            ("zelensky", "zelenskyy"),
            ("zelenskiy", "zelenskyj"),
            ("sisi", "sissi"),
            ("qasem", "kassem"),
            ("suleimani", "soleimani"),
        ] {
            assert_eq!(spelling(one), spelling(two), "{one} {two}");
        }
        for (one, two) in [("chen", "chan"), ("maria", "mario"), ("daniel", "daniela"), ("hassan", "hussein")]
        {
            assert_ne!(spelling(one), spelling(two), "{one} {two}");
        }
    }

    #[test]
    fn names_are_taken_apart() {
        let parts = |name: &str| {
            let name = Name::new(name);
            (name.words.len(), name.is_bare(), name.is_initials())
        };
        assert_eq!(parts("D.K. Obi"), (3, false, true));
        assert_eq!(parts("DK Obi"), parts("D K Obi"));
        assert_eq!(parts("el-Masry"), (1, true, false));
        assert_eq!(parts("bin Tarek"), (2, true, false));
        assert_eq!(parts("Al Berg"), (2, false, false));
        assert_eq!(parts("Ben-Amar"), (2, true, false));
        assert_eq!(parts("Elise II"), (1, false, false));
        assert_eq!(parts("OBI"), (1, true, false));
        assert_eq!(Name::new("D.K. Obi").words, Name::new("DK Obi").words);
    }
}
