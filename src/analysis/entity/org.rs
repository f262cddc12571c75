//! Which names of organisations are one organisation.
//!
//! In: the names of an article in order. Out: a group for each name, and the fullest form of each group. These are one
//! organisation: the same words, names that everybody knows as one (`UN`, `United Nations`), a name and the short form made of
//! its initials (`Organization for Security and Cooperation in Europe (OSCE)`), a firm's name with and without what
//! firms are called (`Toyota`, `Toyota Motor Corp`).

use super::Item;
use super::person::Groups;
use crate::analysis::rule::Rule;
use crate::annotation::Kind;
use crate::gazetteer::{self, OrgId};
use crate::language::{Language, Traits};
use crate::text::fold;
use foldhash::{HashMap, HashMapExt};

/// Groups the organisations among `items`.
pub fn group(items: &[Item<'_>], language: Language) -> Groups {
    let mut groups = Groups { group: vec![0; items.len()], names: Vec::new() };
    let mut by_words: HashMap<String, usize> = HashMap::new();
    let mut by_id: HashMap<OrgId, usize> = HashMap::new();
    // As written: most names come again so, and need no folding.
    let mut by_surface: HashMap<&str, usize> = HashMap::new();
    for (index, item) in items.iter().enumerate().filter(|(_, item)| item.kind == Kind::Org) {
        if let Some(group) = by_surface.get(item.surface) {
            groups.group[index] = *group;
            continue;
        }
        let words = fold::words(item.surface).join(" ");
        let group = match by_words.get(&words) {
            Some(group) => *group,
            None => {
                let id = gazetteer::find(item.surface).and_then(gazetteer::Entry::org);
                let group = id.and_then(|id| by_id.get(&id).copied()).unwrap_or(groups.names.len());
                if group == groups.names.len() {
                    groups.names.push(item.surface.to_owned());
                }
                if let Some(id) = id {
                    by_id.insert(id, group);
                }
                by_words.insert(words, group);
                group
            }
        };
        groups.group[index] = group;
        by_surface.insert(item.surface, group);
        if item.surface.len() > groups.names[group].len() {
            item.surface.clone_into(&mut groups.names[group]);
        }
    }
    let joined = join(&by_words, &groups.names, &introduced(items, &groups.group), language);
    for group in &mut groups.group {
        if let Some(to) = joined.get(*group) {
            *group = *to;
        }
    }
    groups
}

/// Pairs of groups that the article introduces as one: `Full Name (FN)`, `FN (Full Name)`.
fn introduced(items: &[Item<'_>], group: &[usize]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (index, pair) in items.windows(2).enumerate() {
        let (item, next) = (&pair[0], &pair[1]);
        let bracketed = item.kind == Kind::Org
            && next.kind == Kind::Org
            && std::ptr::eq(item.text, next.text)
            && item.tokens.end + 1 == next.tokens.start
            && item.text.word(item.tokens.end) == "(";
        if !bracketed {
            continue;
        }
        let (first, second) = (group[index], group[index + 1]);
        if abbreviates(next.surface, item.surface) || is_foreign_acronym(item, next) {
            pairs.push((second, first));
        } else if abbreviates(item.surface, next.surface) {
            pairs.push((first, second));
        }
    }
    pairs
}

/// Whether `next` fills a bracket behind `item` and is an acronym, though not of these words: that of a name in another
/// language (`National Disasters Institute (INGD)`) or of a part of it. Two organisations that are known to be different
/// stay two.
fn is_foreign_acronym(item: &Item<'_>, next: &Item<'_>) -> bool {
    let letters = next.surface.chars().filter(|c| c.is_uppercase()).count();
    let length = next.surface.chars().count();
    // `EsSalud`, `Aecid`: written like a word, and no body that is known.
    let coined = || {
        Rule::CoinedAcronyms.on()
            && (3..=10).contains(&length)
            && next.surface.chars().all(char::is_alphabetic)
            && next.surface.starts_with(char::is_uppercase)
            && gazetteer::find(next.surface).is_none()
    };
    let acronym = (2..=8).contains(&letters) && letters == length || coined();
    let id = |item: &Item<'_>| gazetteer::find(item.surface).and_then(gazetteer::Entry::org);
    let differ = id(item).zip(id(next)).is_some_and(|(item, next)| item != next);
    let name = item.surface.split_whitespace().count() > 1 && item.surface.contains(char::is_lowercase);
    acronym && name && !differ && item.text.word(next.tokens.end) == ")"
}

/// Whether the letters of `short` stand in `full` in this order, each at the start of a word or behind one that does,
/// and the first at its start.
fn abbreviates(short: &str, full: &str) -> bool {
    let letters =
        |name: &str| -> Vec<char> { fold::fold(name).chars().filter(|c| c.is_alphanumeric()).collect() };
    let (short, long) = (letters(short), letters(full));
    if short.len() >= long.len() || short.first() != long.first() || short.len() > 12 {
        return false;
    }
    let mut long = long.iter();
    short.iter().all(|letter| long.any(|other| other == letter))
}

/// For each group the one that it is joined to, which may be itself: short forms and bare firms to their full names.
fn join(
    by_words: &HashMap<String, usize>,
    names: &[String],
    introduced: &[(usize, usize)],
    language: Language,
) -> Vec<usize> {
    let mut to: Vec<usize> = (0..names.len()).collect();
    for (short, full) in introduced {
        if names[*short].len() < names[*full].len() && to[*full] != *short {
            to[*short] = *full;
        }
    }
    let mut full: HashMap<String, Option<usize>> = HashMap::new();
    let mut in_order: Vec<(&String, usize)> = by_words.iter().map(|(words, group)| (words, *group)).collect();
    in_order.sort_unstable();
    let mut initialled: HashMap<String, Option<usize>> = HashMap::new();
    let offer = |map: &mut HashMap<String, Option<usize>>, short: String, group: usize| {
        map.entry(short)
            .and_modify(|known| *known = known.filter(|known| *known == group))
            .or_insert(Some(group));
    };
    for (_, group) in &in_order {
        for short in initials(&names[*group]) {
            offer(&mut initialled, short, *group);
        }
        for short in short_forms(&names[*group], language) {
            offer(&mut full, short, *group);
        }
    }
    for (words, group) in in_order {
        let acronym = !names[group].contains(char::is_lowercase) && words.len() > 2;
        let whole = if acronym { initialled.get(words).or_else(|| full.get(words)) } else { full.get(words) };
        if let Some(Some(whole)) = whole
            && to[group] == group
            && to[*whole] != group
            && names[*whole].len() > names[group].len()
        {
            to[group] = *whole;
        }
    }
    // A short form of a firm's name leads on to the full one.
    for group in 0..to.len() {
        to[group] = to[to[group]];
    }
    to
}

/// What an organisation may be called for short, folded: its name without the words that only say that it is a firm,
/// the first or the last of its words.
fn short_forms(name: &str, language: Language) -> Vec<String> {
    let mut forms: Vec<String> = without_endings(name, language).into_iter().collect();
    let words = fold::words(name);
    // `Thai Raksa Chart` for `Thai Raksa Chart Party`
    if let [first, _, .., last] = &words[..]
        && Rule::PartyAlone.on()
        && language.traits(last).any(Traits::PARTY)
        && is_telling(first, language)
    {
        forms.push(words[..words.len() - 1].join(" "));
    }
    if let [first, .., last] = &words[..] {
        forms.extend([first, last].into_iter().filter(|word| is_telling(word, language)).cloned());
    }
    forms.sort_unstable();
    forms.dedup();
    forms
}

/// Whether one word can stand for an organisation's whole name.
fn is_telling(word: &str, language: Language) -> bool {
    word.len() > 2 && !language.traits(word).any(Traits::GENERAL_WORD.or(Traits::ORGANISATION_END))
}

/// The short forms, in lower case, that the initials of a name make: with and without its small words.
fn initials(name: &str) -> Vec<String> {
    let (mut capitals, mut all) = (String::new(), String::new());
    let words = name.split(|c: char| c.is_whitespace() || c == '-').filter(|word| !word.is_empty());
    let mut count = 0;
    for word in words {
        let Some(first) = word.chars().find(|c| c.is_alphanumeric()) else { continue };
        count += 1;
        all.push_str(&fold::fold(first.encode_utf8(&mut [0; 4])));
        if first.is_uppercase() {
            capitals.push_str(&fold::fold(first.encode_utf8(&mut [0; 4])));
        }
    }
    if count < 2 {
        return Vec::new();
    }
    let mut made = vec![capitals];
    if made[0] != all {
        made.push(all);
    }
    made
}

/// A firm's folded name without the words that only say that it is one: `toyota` for `Toyota Motor Corp`.
fn without_endings(name: &str, language: Language) -> Option<String> {
    let words = fold::words(name);
    let mut kept = words.len();
    while kept > 1 && language.traits(&words[kept - 1]).any(Traits::FIRM_WORD) {
        kept -= 1;
    }
    (kept < words.len() && !(kept == 1 && language.traits(&words[0]).any(Traits::ORGANISATION_END)))
        .then(|| words[..kept].join(" "))
}

#[cfg(test)]
mod tests {
    use super::{abbreviates, initials};
    use crate::language::Language;

    fn without_endings(name: &str) -> Option<String> {
        super::without_endings(name, Language::english())
    }

    #[test]
    fn initials_make_short_forms() {
        let osce = initials("Organization for Security and Cooperation in Europe");
        assert!(osce.contains(&"osce".to_owned()), "{osce:?}");
        assert!(initials("Reuters").is_empty());
    }

    #[test]
    fn letters_abbreviate() {
        assert!(abbreviates("UNCTAD", "United Nations Conference on Trade and Development"));
        assert!(!abbreviates("FSB", "United Nations"));
    }

    #[test]
    fn firms_lose_their_endings() {
        assert_eq!(without_endings("Toyota Motor Corp.").as_deref(), Some("toyota"));
        assert_eq!(without_endings("Bank Group"), None);
        assert_eq!(without_endings("Labour Party"), None);
    }
}
