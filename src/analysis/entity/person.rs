//! Which names of persons are one person.
//!
//! In: the names of an article in order. Out: a group a name, and the fullest form of each group. Fuller forms come
//! first; a shorter one joins the one group that it fits. Where several people bear a bare surname, a mention belongs
//! to the one who was named last before it.

use super::Item;
use super::form::{forenames_agree, shouts, sound, words};
use crate::analysis::Kind;
use crate::analysis::gazetteer::{self, Facet};
use foldhash::{HashMap, HashMapExt};

/// Groups that one word can lead to; a text with more bearers of one surname keeps the first.
const MOST: usize = 32;

/// The groups of an article.
#[derive(Debug, Default)]
pub struct Groups {
    /// By item; meaningless for items of other kinds.
    pub group: Vec<usize>,
    /// By group: its fullest form as written.
    pub names: Vec<String>,
}

/// One way in which a person is written in the article.
struct Form<'a> {
    surface: &'a str,
    words: Vec<String>,
    /// The item where it first stands.
    first: usize,
    /// Groups that it can mean.
    groups: Vec<usize>,
}

#[derive(Default)]
struct People {
    /// By group: the words of its fullest form.
    full: Vec<Vec<String>>,
    /// By group: the item where its fullest form first stands.
    first: Vec<usize>,
    by_last: HashMap<String, Vec<usize>>,
    by_other: HashMap<String, Vec<usize>>,
}

/// Groups the persons among `items`.
pub(super) fn group(items: &[Item<'_>]) -> Groups {
    let mut groups = Groups { group: vec![0; items.len()], names: Vec::new() };
    let mut forms: Vec<Form<'_>> = Vec::new();
    let mut form_of: HashMap<&str, usize> = HashMap::new();
    let people = || items.iter().enumerate().filter(|(_, item)| item.kind == Kind::Person);
    for (index, item) in people() {
        form_of.entry(item.surface).or_insert_with(|| {
            let form =
                Form { surface: item.surface, words: words(item.surface), first: index, groups: vec![] };
            forms.push(form);
            forms.len() - 1
        });
    }
    let mut order: Vec<usize> = (0..forms.len()).collect();
    order.sort_by_key(|form| {
        let form = &forms[*form];
        let letters: usize = form.words.iter().map(String::len).sum();
        let full = (form.words.len(), letters, !shouts(form.surface), form.surface.len());
        (std::cmp::Reverse(full), form.first)
    });
    let mut known = People::default();
    for form in order {
        let form = &mut forms[form];
        form.groups = known.fitting(&form.words);
        if form.groups.is_empty() {
            form.groups.push(known.add(&form.words, form.first));
            groups.names.push(form.surface.to_owned());
        } else if let [group] = form.groups[..]
            && shouts(&groups.names[group])
            && !shouts(form.surface)
            && form.words.len() == known.full[group].len()
        {
            form.surface.clone_into(&mut groups.names[group]);
        }
    }
    // When each group was last named, counted from 1; before that, who comes first is meant.
    let mut named = vec![0; groups.names.len()];
    for (index, item) in people() {
        let form = &forms[form_of[item.surface]];
        let address = Address::of(item.text.word_before(item.tokens.start));
        let latest = form.groups.iter().copied().max_by_key(|group| {
            (address.fits(&groups.names[*group]), named[*group], std::cmp::Reverse(known.first[*group]))
        });
        let group = latest.unwrap_or(0);
        named[group] = index + 1;
        groups.group[index] = group;
    }
    groups
}

impl People {
    fn add(&mut self, words: &[String], first: usize) -> usize {
        let group = self.full.len();
        self.full.push(words.to_vec());
        self.first.push(first);
        let put = |map: &mut HashMap<String, Vec<usize>>, word: &str| {
            let groups = map.entry(sound(word)).or_default();
            if groups.len() < MOST && !groups.contains(&group) {
                groups.push(group);
            }
        };
        if let Some((last, others)) = words.split_last() {
            put(&mut self.by_last, last);
            for word in others {
                put(&mut self.by_other, word);
            }
        }
        group
    }

    /// The groups that a form of these words can mean: those whose name ends as it does, else those in whose
    /// name it stands.
    fn fitting(&self, words: &[String]) -> Vec<usize> {
        let Some(last) = words.last() else { return Vec::new() };
        let get = |map: &HashMap<String, Vec<usize>>, word: &str| -> Vec<usize> {
            let groups = map.get(&sound(word)).map_or(&[][..], Vec::as_slice);
            groups.iter().copied().filter(|group| agree(words, &self.full[*group])).collect()
        };
        let ending = get(&self.by_last, last);
        if !ending.is_empty() {
            // A full name means one person.
            return if words.len() > 1 { ending[..1].to_vec() } else { ending };
        }
        let containing = get(&self.by_other, if words.len() > 1 { last } else { &words[0] });
        if containing.len() == 1 { containing } else { Vec::new() }
    }
}

/// How a mention is addressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Address {
    Man,
    Woman,
    Unknown,
}

impl Address {
    /// That of the word before the name.
    fn of(word: &str) -> Address {
        match word.trim_end_matches('.') {
            "Mr" | "Sir" | "Lord" | "King" | "Prince" | "Brother" | "Father" => Address::Man,
            "Mrs" | "Ms" | "Miss" | "Madam" | "Dame" | "Lady" | "Queen" | "Princess" | "Sister" => {
                Address::Woman
            }
            _ => Address::Unknown,
        }
    }

    /// Whether the person of this name can be addressed so.
    fn fits(self, name: &str) -> bool {
        let Some((forename, _)) = name.split_once([' ', '-']) else { return true };
        let Some(entry) = gazetteer::find(forename) else { return true };
        match self {
            Address::Man => entry.is(Facet::Male) || !entry.is(Facet::Female),
            Address::Woman => entry.is(Facet::Female) || !entry.is(Facet::Male),
            Address::Unknown => true,
        }
    }
}

/// Whether the shorter name can be written for the fuller one.
pub fn agree(short: &[String], full: &[String]) -> bool {
    let same = |a: &String, b: &String| a == b || (a.len() > 4 && sound(a) == sound(b));
    let runs = |part: &[String]| part.len() == short.len() && part.iter().zip(short).all(|(a, b)| same(a, b));
    // `Abu Karim` is Karim's father.
    let fathers =
        matches!(full, [first, _] if matches!(first.as_str(), "abu" | "abou" | "umm" | "um" | "oum"));
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
    use super::agree;
    use crate::analysis::entity::form::words;

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
