//! The sparse features of a word: what it is, what is beside it, and what the article says about it.

use super::document::{Document, Style, Word, mix};

/// The most features that one word can have.
pub const MOST: usize = 48;

/// The bits of a key that count: those that the model's table looks at.
pub const KEY: u32 = !(0b11 << 16);

/// Which of a word's features are computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    #[cfg(any(test, feature = "train"))]
    All,
    /// What the word says as it is written, wherever it stands.
    Own,
    /// The rest.
    Beside,
}

impl Scope {
    fn own(self) -> bool {
        self != Scope::Beside
    }

    fn beside(self) -> bool {
        self != Scope::Own
    }
}

/// The features of one word, as keys of 32 bits, of which [`KEY`] count.
pub struct Features {
    keys: [u32; MOST],
    length: usize,
}

impl Features {
    /// The features of the word at `at`. The order is fixed, and so are the keys: a model is taught on them.
    #[cfg(any(test, feature = "train"))]
    pub fn of(document: &Document, at: usize, sentence: &std::ops::Range<usize>) -> Features {
        Features::of_scope(document, at, sentence, Scope::All)
    }

    /// Of them those that depend on the word's form, shape and case alone.
    pub fn own(document: &Document, at: usize) -> Features {
        Features::of_scope(document, at, &(at..at + 1), Scope::Own)
    }

    /// Of them those that [`Features::own`] leaves.
    pub fn beside(document: &Document, at: usize, sentence: &std::ops::Range<usize>) -> Features {
        Features::of_scope(document, at, sentence, Scope::Beside)
    }

    fn of_scope(document: &Document, at: usize, sentence: &std::ops::Range<usize>, scope: Scope) -> Features {
        let mut features = Features { keys: [0; MOST], length: 0 };
        features.words(document, at, sentence, scope);
        features.affixes(document, at, sentence, scope);
        if scope.beside() {
            features.article(document, at);
        }
        features
    }

    pub fn keys(&self) -> &[u32] {
        &self.keys[..self.length]
    }

    /// Adds a feature; `template` says what kind of value it is.
    fn add(&mut self, template: u64, value: u64) {
        if self.length < MOST {
            self.keys[self.length] =
                (mix(value ^ template.wrapping_mul(0x9E37_79B9_7F4A_7C15)) >> 32) as u32 & KEY;
            self.length += 1;
        }
    }

    fn words(&mut self, document: &Document, at: usize, sentence: &std::ops::Range<usize>, scope: Scope) {
        let word = &document.words[at];
        let near = |offset: isize| -> Option<&Word> {
            let place = at.checked_add_signed(offset).filter(|place| sentence.contains(place))?;
            Some(&document.words[place])
        };
        let lower = |offset: isize| near(offset).map_or(offset as u64, |word| word.lower);
        let shape = |offset: isize| near(offset).map_or(7, |word| u64::from(word.shape));
        let style = word.style as u64;
        if scope.own() {
            self.add(1, word.lower);
        }
        if !scope.beside() {
            self.add(18, word.lower ^ shape(0).rotate_left(11));
            return;
        }
        self.add(2, lower(-1));
        self.add(3, lower(1));
        self.add(4, lower(-2));
        self.add(5, lower(2));
        self.add(6, shape(0) ^ style << 40);
        self.add(7, shape(-1));
        self.add(8, shape(1));
        self.add(9, lower(-1) ^ word.lower.rotate_left(17));
        self.add(10, word.lower ^ lower(1).rotate_left(17));
        self.add(11, shape(-1) ^ shape(0).rotate_left(17) ^ style << 60);
        self.add(12, shape(0) ^ shape(1).rotate_left(17) ^ style << 60);
        self.add(14, lower(-1) ^ shape(0));
        self.add(15, lower(1) ^ shape(0));
        self.add(17, u64::from(word.first) | style << 1 | (word.case as u64) << 4);
        if scope.own() {
            self.add(18, word.lower ^ shape(0).rotate_left(11));
        }
        if style != Style::Plain as u64 {
            self.add(21, word.lower ^ style);
        }
        // The nearest lower-case word on either side: the verb or the noun that a name belongs to.
        let outward = |step: isize| {
            (1..=5).find_map(|n| {
                near(n * step).filter(|word| word.case as u8 == 0 && word.form.1 - word.form.0 > 2)
            })
        };
        self.add(22, outward(-1).map_or(1, |word| word.lower));
        self.add(23, outward(1).map_or(1, |word| word.lower));
    }

    fn affixes(&mut self, document: &Document, at: usize, sentence: &std::ops::Range<usize>, scope: Scope) {
        let form = document.form(at);
        for length in 1..=if scope.own() { 4u64 } else { 0 } {
            if let Some(prefix) = prefix(form, length as usize) {
                self.add(24 + length, prefix);
            }
            if let Some(suffix) = suffix(form, length as usize) {
                self.add(28 + length, suffix ^ document.words[at].case as u64);
            }
        }
        if scope.beside()
            && at > sentence.start
            && let Some(suffix) = suffix(document.form(at - 1), 3)
        {
            self.add(33, suffix);
        }
        if scope.beside()
            && at + 1 < sentence.end
            && let Some(suffix) = suffix(document.form(at + 1), 3)
        {
            self.add(34, suffix);
        }
    }

    fn article(&mut self, document: &Document, at: usize) {
        let Some(term) = document.says(at) else { return };
        let first = u64::from(document.words[at].first) << 8 | (document.words[at].style as u64) << 9;
        self.add(35, u64::from(term.seen_lower) | u64::from(term.seen_capital) << 1 | first);
        if term.after_title {
            self.add(36, 1);
        }
        if term.before_suffix {
            self.add(37, 1);
        }
        if term.is_acronym || term.has_acronym {
            self.add(38, u64::from(term.is_acronym) | u64::from(term.has_acronym) << 1);
        }
        if term.length > 1 {
            self.add(39, term.first ^ u64::from(term.place));
            self.add(40, term.last ^ u64::from(term.place));
            self.add(41, u64::from(term.length.min(6)) | u64::from(term.place) << 4);
        }
    }
}

/// The first `length` characters of `form`, as a hash; `None` where it is no longer than that.
fn prefix(form: &str, length: usize) -> Option<u64> {
    let end = if form.is_ascii() {
        (form.len() > length).then_some(length)?
    } else {
        form.char_indices().nth(length)?.0
    };
    Some(super::document::hash(&form.as_bytes()[..end]))
}

fn suffix(form: &str, length: usize) -> Option<u64> {
    let start = if form.is_ascii() {
        form.len().checked_sub(length).filter(|start| *start > 0)?
    } else {
        form.char_indices().nth_back(length - 1).map(|(start, _)| start).filter(|start| *start > 0)?
    };
    Some(super::document::hash(&form.as_bytes()[start..]))
}
