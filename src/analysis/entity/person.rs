//! Which names of persons are one person.
//!
//! In: the names of an article in order. Out: a group for each name, and the fullest form of each group. Fuller forms come
//! first; a shorter one joins the one group that it fits. Where several people bear a bare surname, a mention belongs
//! to the one who was named last before it.

use super::Item;
use crate::annotation::Kind;
use crate::gazetteer::{self, Facet};
use crate::language::Traits;
use crate::persons::{agree, shouts, sound, words};
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
        let before = item.tokens.start.checked_sub(1);
        let address = Address::of(before.map_or(Traits::default(), |before| item.text.traits(before)));
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
    fn of(traits: Traits) -> Address {
        match traits {
            traits if traits.any(Traits::ADDRESSES_MAN) => Address::Man,
            traits if traits.any(Traits::ADDRESSES_WOMAN) => Address::Woman,
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
