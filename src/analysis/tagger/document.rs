//! What the tagger sees of an article: its words with their forms, and what the article as a whole says about each of
//! them.

use crate::analysis::token::{Class, Token};
use crate::language::{Language, Traits};
use std::ops::Range;

/// How a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Case {
    Lower,
    /// `Geneva`
    Title,
    /// `NATO`
    Upper,
    /// `J`, `J.`
    Initial,
    /// `McCain`, `iPhone`
    Mixed,
    Number,
    Mark,
    Genitive,
}

/// How many cases there are: the size of the one-hot code of [`Case`].
pub const CASES: usize = 8;

/// One token, as the tagger sees it.
#[derive(Clone, Copy, Debug)]
pub struct Word {
    /// Hash of the lower-case form.
    pub lower: u64,
    /// Bytes of the lower-case form in [`Document::forms`].
    pub form: (u32, u32),
    pub shape: u32,
    pub case: Case,
    /// Whether the tagger looks at it: it or a neighbour is written like part of a name.
    pub open: bool,
    pub first: bool,
    /// Of its sentence.
    pub style: Style,
    /// The index in [`Document::terms`] of what the article says of it; `u32::MAX` for none.
    term: u32,
}

/// How the sentence around a word is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Style {
    Plain,
    /// Every word in capitals.
    Capitals,
    /// Most words with a capital first: a headline.
    Headline,
}

/// What the article as a whole says of one word that is written with a capital somewhere.
#[derive(Clone, Copy, Debug, Default)]
pub struct Term {
    key: u64,
    pub seen_lower: bool,
    /// With a capital within a sentence.
    pub seen_capital: bool,
    pub after_title: bool,
    pub before_suffix: bool,
    /// The longest capitalised sequence that holds it: hashes of its first and last word, its length
    /// and the place of this word in it.
    pub first: u64,
    pub last: u64,
    pub length: u8,
    pub place: u8,
    /// For a word in capitals: whether it is the acronym of a sequence of the article.
    pub is_acronym: bool,
    /// For the words of a sequence: whether its acronym stands in the article.
    pub has_acronym: bool,
}

/// The words of one article. Reusable: [`Document::clear`] keeps the memory.
pub struct Document {
    language: Language,
    pub words: Vec<Word>,
    pub sentences: Vec<Range<usize>>,
    /// The lower-case forms of all words, one after the other.
    pub forms: String,
    terms: Vec<Term>,
    /// Open addressing over `terms`: index + 1, 0 for none. A power of two long.
    table: Vec<u32>,
    acronyms: Vec<(u64, u32, u32)>,
}

/// The small words inside names are no longer than this, in bytes: a bound that spares most look-ups.
const LONGEST_PARTICLE: usize = 8;

/// Most words between two capitalised ones that may belong to one name with both.
const MOST_WITHIN: usize = 2;

impl Document {
    /// An empty document for texts of one language.
    pub fn new(language: Language) -> Document {
        Document {
            language,
            words: Vec::new(),
            sentences: Vec::new(),
            forms: String::new(),
            terms: Vec::new(),
            table: Vec::new(),
            acronyms: Vec::new(),
        }
    }

    pub fn clear(&mut self) {
        self.words.clear();
        self.sentences.clear();
        self.forms.clear();
        self.terms.clear();
    }

    /// Adds one text of the article with its tokens and its sentences.
    pub fn push(&mut self, text: &str, tokens: &[Token], sentences: &[Range<usize>]) {
        let base = self.words.len();
        for token in tokens {
            self.push_word(token.span.of(text), token.class);
        }
        for sentence in sentences {
            let range = base + sentence.start..base + sentence.end;
            self.mark_sentence(range.clone());
            self.sentences.push(range);
        }
    }

    /// Computes what the article says about each word. Call it once, after the last [`Document::push`].
    pub fn finish(&mut self) {
        let size = (self.words.len() / 2 + 16).next_power_of_two();
        self.table.clear();
        self.table.resize(size, 0);
        self.acronyms.clear();
        for at in 0..self.words.len() {
            if matches!(self.words[at].case, Case::Title | Case::Upper | Case::Mixed | Case::Initial) {
                self.words[at].term = self.term(self.words[at].lower);
            }
        }
        self.observe();
        let sentences = std::mem::take(&mut self.sentences);
        for sentence in &sentences {
            self.sequences(sentence.clone());
        }
        self.sentences = sentences;
        self.match_acronyms();
    }

    /// What the article says of the word at `at`, if it is written with a capital.
    pub fn says(&self, at: usize) -> Option<&Term> {
        self.terms.get(self.words[at].term as usize)
    }

    /// The number of the word at `at` among the words that are written with a capital somewhere: below
    /// [`Document::terms`], the same for the same word.
    pub fn term_of(&self, at: usize) -> Option<usize> {
        let term = self.words[at].term;
        (term != u32::MAX).then_some(term as usize)
    }

    /// How many different words are written with a capital somewhere.
    pub fn terms(&self) -> usize {
        self.terms.len()
    }

    /// The lower-case form of the word at `at`.
    pub fn form(&self, at: usize) -> &str {
        let (start, end) = self.words[at].form;
        &self.forms[start as usize..end as usize]
    }

    /// Whether the word at `at` has any of `traits`, which only short words have.
    fn is_particle(&self, at: usize, traits: Traits) -> bool {
        let form = self.form(at);
        form.len() <= LONGEST_PARTICLE && self.language.traits(form).any(traits)
    }

    /// Whether the word at `at`, with or without a full stop, has any of `traits`, or has any of `with_stop` and a stop.
    fn is_abbreviated(&self, at: usize, traits: Traits, with_stop: Traits) -> bool {
        let form = self.form(at);
        match form.strip_suffix('.') {
            Some(bare) => self.language.traits(bare).any(traits.or(with_stop)),
            None => self.language.traits(form).any(traits),
        }
    }

    fn push_word(&mut self, word: &str, class: Class) {
        let start = self.forms.len();
        let look = if word.is_ascii() {
            self.forms.push_str(word);
            self.forms[start..].make_ascii_lowercase();
            Look::of_ascii(word.as_bytes())
        } else {
            self.forms
                .extend(word.chars().flat_map(char::to_lowercase).map(|c| if c == '’' { '\'' } else { c }));
            Look::of(word)
        };
        let form = (narrow(start), narrow(self.forms.len()));
        let lower = hash(&self.forms.as_bytes()[start..]);
        let case = look.case(class);
        self.words.push(Word {
            lower,
            form,
            shape: look.shape,
            case,
            open: is_capital(case),
            first: false,
            style: Style::Plain,
            term: u32::MAX,
        });
    }

    /// Opens what may belong to a name beside its capitalised words, and finds how the sentence is written.
    fn mark_sentence(&mut self, range: Range<usize>) {
        let (mut capital, mut upper, mut lower) = (0, 0, 0);
        let mut last = None;
        for at in range.clone() {
            let word = &self.words[at];
            match word.case {
                Case::Title | Case::Mixed => capital += 1,
                Case::Upper => upper += 1,
                // Small words are small in headlines too.
                Case::Lower if word.form.1 - word.form.0 > 3 => lower += 1,
                _ => {}
            }
            if is_capital(word.case) {
                let from = last.filter(|last| at - last <= MOST_WITHIN + 1).map_or(at, |last| last + 1);
                self.words[from..at].iter_mut().for_each(|word| word.open = true);
                last = Some(at);
            } else if at > range.start {
                self.words[at].open = self.goes_on(at, last);
            }
        }
        let style = match (capital, upper, lower) {
            (0, 2.., 0) => Style::Capitals,
            (capital, upper, lower) if capital + upper > 3 && capital + upper > 3 * lower => Style::Headline,
            _ => Style::Plain,
        };
        let words = &mut self.words[range.clone()];
        words.iter_mut().for_each(|word| word.style = style);
        if let Some(first) = words.iter_mut().find(|word| !matches!(word.case, Case::Mark)) {
            first.first = true;
        }
        self.open_particles(range);
    }

    /// Whether the word at `at`, in small letters, may end a name; `last` is the last capitalised word.
    fn goes_on(&self, at: usize, last: Option<usize>) -> bool {
        let before = |steps: usize| last.is_some_and(|last| last + steps == at);
        match self.words[at].case {
            // `Boeing 747`, `St John's`
            Case::Number | Case::Genitive => before(1),
            // `Chung Yiu-hei`
            Case::Mark => before(1) && self.form(at) == "-",
            Case::Lower => before(2) && self.words[at - 1].open && self.form(at - 1) == "-",
            _ => false,
        }
    }

    /// Opens the particles before a capitalised word and before each other: `al-Sadr`, `von der Aa`.
    fn open_particles(&mut self, range: Range<usize>) {
        for at in (range.start + 1..range.end).rev().filter(|at| *at > range.start) {
            let before = &self.words[at - 1];
            if !self.words[at].open || before.open {
                continue;
            }
            let opens = match before.case {
                Case::Lower => self.is_particle(at - 1, Traits::TAGGER_PARTICLE),
                Case::Mark => {
                    self.form(at - 1) == "-"
                        && at >= range.start + 2
                        && self.words[at - 2].case == Case::Lower
                        && self.is_particle(at - 2, Traits::TAGGER_PARTICLE)
                }
                _ => false,
            };
            self.words[at - 1].open = opens;
        }
    }

    /// The index in `terms` of the term with `key`, made where there is none.
    fn term(&mut self, key: u64) -> u32 {
        let mask = self.table.len() - 1;
        let mut slot = key as usize & mask;
        loop {
            match self.table[slot] {
                0 => break,
                index if self.terms[index as usize - 1].key == key => return index - 1,
                _ => slot = (slot + 1) & mask,
            }
        }
        // The table holds at most as many terms as there are words; half of the words are no terms
        // but in texts all of capitals, for which it grows.
        if 2 * self.terms.len() >= self.table.len() {
            self.grow();
            return self.term(key);
        }
        self.terms.push(Term { key, ..Term::default() });
        let index = narrow(self.terms.len());
        self.table[slot] = index;
        index - 1
    }

    fn grow(&mut self) {
        let size = self.table.len() * 2;
        self.table.clear();
        self.table.resize(size, 0);
        for (index, term) in self.terms.iter().enumerate() {
            let mut slot = term.key as usize & (size - 1);
            while self.table[slot] != 0 {
                slot = (slot + 1) & (size - 1);
            }
            self.table[slot] = narrow(index + 1);
        }
    }

    /// The index of the term with `key`, if there is one.
    fn find(&self, key: u64) -> Option<usize> {
        let mask = self.table.len() - 1;
        let mut slot = key as usize & mask;
        loop {
            match self.table[slot] {
                0 => return None,
                index if self.terms[index as usize - 1].key == key => return Some(index as usize - 1),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    /// Where each term stands in small letters, in capitals, behind a title, before a suffix.
    fn observe(&mut self) {
        for at in 0..self.words.len() {
            let word = self.words[at];
            if word.case == Case::Lower {
                if let Some(term) = self.find(word.lower) {
                    self.terms[term].seen_lower = true;
                }
                continue;
            }
            let Some(term) = (word.term != u32::MAX).then_some(word.term as usize) else { continue };
            // What is known of the term already is not looked up again, and no mark is a title.
            let worded = |word: &Word| !matches!(word.case, Case::Mark | Case::Number | Case::Genitive);
            let known = self.terms[term];
            let after_title = !known.after_title
                && at > 0
                && !word.first
                && worded(&self.words[at - 1])
                && self.is_abbreviated(at - 1, Traits::TAGGER_TITLE, Traits::TAGGER_TITLE_STOP);
            let before_suffix = !known.before_suffix
                && self.words.get(at + 1).is_some_and(worded)
                && self.is_abbreviated(at + 1, Traits::TAGGER_SUFFIX, Traits::TAGGER_SUFFIX_STOP);
            let term = &mut self.terms[term];
            term.seen_capital |= !word.first && word.style == Style::Plain && word.case != Case::Initial;
            term.after_title |= after_title;
            term.before_suffix |= before_suffix;
        }
    }

    /// Finds the capitalised sequences of a sentence; each word remembers the longest that it is in.
    fn sequences(&mut self, sentence: Range<usize>) {
        if self.words[sentence.start].style != Style::Plain {
            return;
        }
        let mut at = sentence.start;
        while at < sentence.end {
            if self.words[at].term == u32::MAX {
                at += 1;
                continue;
            }
            let start = at;
            let mut end = at + 1;
            at += 1;
            while at < sentence.end {
                if self.words[at].term != u32::MAX {
                    end = at + 1;
                } else if at - end >= 2
                    || !self.is_particle(at, Traits::TAGGER_WITHIN) && self.form(at) != "-"
                {
                    break;
                }
                at += 1;
            }
            at = end.max(start + 1);
            self.tell(start..end);
        }
    }

    fn tell(&mut self, sequence: Range<usize>) {
        let length = u8::try_from(sequence.len()).unwrap_or(u8::MAX);
        let (first, last) = (self.words[sequence.start].lower, self.words[sequence.end - 1].lower);
        let mut initials = 0u64;
        let mut capitals = 0;
        for (place, at) in sequence.clone().enumerate() {
            let Some(term) = self.terms.get_mut(self.words[at].term as usize) else { continue };
            if length > term.length {
                (term.first, term.last, term.length) = (first, last, length);
                term.place = if place == 0 {
                    0
                } else if place + 1 == length as usize {
                    2
                } else {
                    1
                };
            }
            let (start, _) = self.words[at].form;
            initials = initials << 8 | u64::from(self.forms.as_bytes()[start as usize]);
            capitals += 1;
        }
        if (2..=7).contains(&capitals) {
            self.acronyms.push((initials, narrow(sequence.start), narrow(sequence.end)));
        }
    }

    /// Joins words in capitals to the sequences whose initials they are.
    fn match_acronyms(&mut self) {
        self.acronyms.sort_unstable();
        for at in 0..self.words.len() {
            let word = self.words[at];
            let length = word.form.1 - word.form.0;
            if word.case != Case::Upper || !(2..=7).contains(&length) {
                continue;
            }
            let initials = self.form(at).bytes().fold(0u64, |initials, byte| initials << 8 | u64::from(byte));
            let from = self.acronyms.partition_point(|(key, ..)| *key < initials);
            for index in from..self.acronyms.len() {
                let (key, start, end) = self.acronyms[index];
                if key != initials {
                    break;
                }
                self.terms[word.term as usize].is_acronym = true;
                // Told once is enough: the second word with these initials stops here.
                if start == u32::MAX {
                    break;
                }
                self.acronyms[index].1 = u32::MAX;
                for member in start..end {
                    if let Some(term) = self.terms.get_mut(self.words[member as usize].term as usize) {
                        term.has_acronym = true;
                    }
                }
            }
        }
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// FNV-1a with a last mix, 64 bits. The hash of the model's tables: changing it changes the file format.
pub fn hash(bytes: &[u8]) -> u64 {
    let sum = bytes.iter().fold(0xCBF2_9CE4_8422_2325u64, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3)
    });
    mix(sum)
}

/// The finalizer of MurmurHash3 (Appleby 2011).
pub fn mix(mut x: u64) -> u64 {
    x = (x ^ x >> 33).wrapping_mul(0xFF51_AFD7_ED55_8CCD);
    x = (x ^ x >> 33).wrapping_mul(0xC4CE_B9FE_1A85_EC53);
    x ^ x >> 33
}

/// Whether a word written so is written like part of a name.
fn is_capital(case: Case) -> bool {
    matches!(case, Case::Title | Case::Upper | Case::Initial | Case::Mixed)
}

/// What the letters of a word show.
struct Look {
    /// A hash of the word's shape: `X` for capitals, `x` for small letters, `d` for digits, anything else as it
    /// stands; runs count as two at most.
    shape: u32,
    upper: u32,
    lower: u32,
    first_upper: bool,
    last: u32,
    run: u32,
}

impl Look {
    const NEW: Look = Look { shape: 0, upper: 0, lower: 0, first_upper: false, last: 0, run: 0 };

    fn of_ascii(word: &[u8]) -> Look {
        let mut look = Look::NEW;
        if word.iter().all(u8::is_ascii_lowercase) {
            // Most words: a run counts as two at most.
            word.iter().take(2).for_each(|_| look.small());
            look.lower = word.len() as u32;
            return look;
        }
        for byte in word {
            match byte {
                b'a'..=b'z' => look.small(),
                b'A'..=b'Z' => look.capital(),
                b'0'..=b'9' => look.mark('d'),
                byte => look.mark(char::from(*byte)),
            }
        }
        look
    }

    fn of(word: &str) -> Look {
        let mut look = Look::NEW;
        for c in word.chars() {
            match c {
                c if c.is_lowercase() => look.small(),
                // Letters without case can begin a name in any script that has none.
                c if c.is_alphabetic() => look.capital(),
                '0'..='9' => look.mark('d'),
                c => look.mark(c),
            }
        }
        look
    }

    fn small(&mut self) {
        self.lower += 1;
        self.mark('x');
    }

    fn capital(&mut self) {
        self.first_upper |= self.upper + self.lower == 0;
        self.upper += 1;
        self.mark('X');
    }

    fn mark(&mut self, mark: char) {
        let mark = mark as u32 + 1;
        self.run = if mark == self.last { self.run + 1 } else { 1 };
        self.last = mark;
        if self.run <= 2 {
            self.shape = self.shape.wrapping_mul(31).wrapping_add(mark);
        }
    }

    fn case(&self, class: Class) -> Case {
        match (class, self.upper, self.lower) {
            (Class::Number, ..) => Case::Number,
            (Class::Genitive, ..) => Case::Genitive,
            (Class::Mark, ..) => Case::Mark,
            (_, 0, _) => Case::Lower,
            (_, 1, 0) => Case::Initial,
            (_, _, 0) => Case::Upper,
            (_, 1, _) if self.first_upper => Case::Title,
            _ => Case::Mixed,
        }
    }
}
