//! Which names of persons in many articles are one person.
//!
//! In: the names that the articles of a result give their persons, each with how many articles and with its days. Out:
//! for each name the one under which its person is shown. The rule, which knows nothing of the order of loading:
//!
//! 1. Fuller names come first: more words, then more letters, then the alphabet.
//! 2. A name of several words joins an earlier one that it can be short for (`Antony Blinken` for `Antony J. Blinken`,
//!    `J. Berg` for `Jonas Berg`) or spell differently (`Zelenskiy`), where exactly one group fits; else it makes a group.
//! 3. A single word joins the one group whose name ends with it, or, where none does, the one in whose name it
//!    stands first (`Kim`), if their days are not more than [`APART`] apart; where several fit, it stays alone.
//! 4. Names that a person has marked as different people never join one group.
//! 5. A group is shown under its most frequent name of several words, the fuller one before the shorter, then by the
//!    alphabet.

use super::{agree, sound, words};
use crate::corrections::Corrections;
use crate::text::fold::fold;
use std::collections::{HashMap, HashSet};

/// Days between the last article with one name and the first with another, up to which a bare surname joins.
pub const APART: i32 = 92;

/// Groups under one word; beyond them names stay alone.
const MOST: usize = 64;

/// One name of a person in a result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer<'a> {
    /// As the articles' entities have it; each name once.
    pub name: &'a str,
    /// In how many articles.
    pub articles: u64,
    /// Days of the first and of the last of them, counted from any one day.
    pub days: (i32, i32),
}

struct Group {
    words: Vec<String>,
    members: Vec<usize>,
    days: (i32, i32),
}

/// Pairs of names that a person has marked as different people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apart(HashSet<(String, String)>);

impl Apart {
    /// What `corrections` say.
    pub fn new(corrections: &Corrections) -> Apart {
        let pairs = corrections
            .list()
            .iter()
            .flat_map(|correction| correction.apart.iter().map(|other| pair(&correction.name, other)));
        Apart(pairs.collect())
    }

    fn parts(&self, a: &str, b: &str) -> bool {
        !self.0.is_empty() && self.0.contains(&pair(a, b))
    }
}

/// Two names, folded, in the order of the alphabet.
fn pair(a: &str, b: &str) -> (String, String) {
    let (a, b) = (fold(a), fold(b));
    if a <= b { (a, b) } else { (b, a) }
}

/// For each of `bearers` the index of the one under whose name its person is shown; names that are held `apart` are
/// never in one group. Linear but for sorting.
pub fn group(bearers: &[Bearer<'_>], apart: &Apart) -> Vec<usize> {
    let parts: Vec<Vec<String>> = bearers.iter().map(|bearer| words(bearer.name)).collect();
    let mut order: Vec<usize> = (0..bearers.len()).collect();
    let letters = |index: usize| parts[index].iter().map(String::len).sum::<usize>();
    order.sort_by_key(|index| {
        (std::cmp::Reverse((parts[*index].len(), letters(*index))), bearers[*index].name, *index)
    });
    let mut groups: Vec<Group> = Vec::new();
    let mut by_last: HashMap<String, Vec<usize>> = HashMap::new();
    let mut by_first: HashMap<String, Vec<usize>> = HashMap::new();
    for index in order {
        let name = &parts[index];
        let (Some(first), Some(last)) = (name.first(), name.last()) else {
            groups.push(Group { words: Vec::new(), members: vec![index], days: bearers[index].days });
            continue;
        };
        let fitting = |map: &HashMap<String, Vec<usize>>, word: &str| -> Vec<usize> {
            let candidates = map.get(&sound(word)).map_or(&[][..], Vec::as_slice);
            let fits = |group: &&usize| {
                let group = &groups[**group];
                let parted = |member: &usize| apart.parts(bearers[index].name, bearers[*member].name);
                agree(name, &group.words)
                    && (name.len() > 1 || are_near(bearers[index].days, group.days))
                    && !group.members.iter().any(parted)
            };
            candidates.iter().filter(fits).copied().collect()
        };
        let mut found = fitting(&by_last, last);
        if found.is_empty() {
            found = fitting(&by_first, first);
        }
        if let [group] = found[..] {
            let group = &mut groups[group];
            group.members.push(index);
            let days = bearers[index].days;
            group.days = (group.days.0.min(days.0), group.days.1.max(days.1));
            continue;
        }
        let number = groups.len();
        for (map, word) in [(&mut by_last, last), (&mut by_first, first)] {
            let numbers = map.entry(sound(word)).or_default();
            if numbers.len() < MOST {
                numbers.push(number);
            }
        }
        groups.push(Group { words: name.clone(), members: vec![index], days: bearers[index].days });
    }
    let mut shown = vec![0; bearers.len()];
    for group in &groups {
        let best = group.members.iter().copied().min_by_key(|index| {
            let bearer = &bearers[*index];
            let several = parts[*index].len() > 1;
            (!several, std::cmp::Reverse((bearer.articles, letters(*index))), bearer.name)
        });
        for member in &group.members {
            shown[*member] = best.unwrap_or(*member);
        }
    }
    shown
}

/// Those of `bearers` whose days `group` looks at: bare names that a fuller one ends or begins with, and these. Ascending.
pub fn in_doubt(bearers: &[Bearer<'_>]) -> Vec<usize> {
    let parts: Vec<Vec<String>> = bearers.iter().map(|bearer| words(bearer.name)).collect();
    let ends = |name: &[String]| [name.first(), name.last()].map(|word| word.map(|word| sound(word)));
    let several: HashSet<String> =
        parts.iter().filter(|name| name.len() > 1).flat_map(|name| ends(name)).flatten().collect();
    let bare: HashSet<String> = parts
        .iter()
        .filter(|name| name.len() == 1)
        .flat_map(|name| ends(name))
        .flatten()
        .filter(|word| several.contains(word))
        .collect();
    let asked = |name: &[String]| ends(name).into_iter().flatten().any(|word| bare.contains(&word));
    parts.iter().enumerate().filter(|(_, name)| asked(name)).map(|(place, _)| place).collect()
}

fn are_near(a: (i32, i32), b: (i32, i32)) -> bool {
    a.0.saturating_sub(b.1) <= APART && b.0.saturating_sub(a.1) <= APART
}

#[cfg(test)]
mod tests {
    use super::{Apart, Bearer, group};
    use crate::corrections::Corrections;
    use proptest::prelude::*;

    /// Names with their articles, and what each is shown as.
    fn check(names: &[(&str, u64)], expected: &[&str]) {
        let bearers: Vec<Bearer<'_>> =
            names.iter().map(|(name, articles)| Bearer { name, articles: *articles, days: (0, 9) }).collect();
        let shown: Vec<&str> =
            group(&bearers, &Apart::default()).into_iter().map(|index| bearers[index].name).collect();
        assert_eq!(shown, expected);
    }

    #[test]
    fn forms_of_one_person_are_one() {
        check(
            &[("Blinken", 7), ("Antony Blinken", 5), ("Antony J. Blinken", 1)],
            &["Antony Blinken", "Antony Blinken", "Antony Blinken"],
        );
        check(
            &[("Zelensky", 3), ("Zelenskiy", 2), ("Volodymyr Zelenskyy", 9), ("Volodymyr Zelenskiy", 1)],
            &["Volodymyr Zelenskyy", "Volodymyr Zelenskyy", "Volodymyr Zelenskyy", "Volodymyr Zelenskyy"],
        );
        check(
            &[("Kim", 2), ("Kim Jong Un", 1), ("Kim Jong-un", 3)],
            &["Kim Jong-un", "Kim Jong-un", "Kim Jong-un"],
        );
    }

    #[test]
    fn what_a_person_holds_apart_stays_apart() {
        let (corrections, _) = Corrections::read("\"J. Berg\" = { apart = [\"Jonas Berg\"] }");
        let names = ["Jonas Berg", "J. Berg", "J. BERG"];
        let bearers = names.map(|name| Bearer { name, articles: 1, days: (0, 0) });
        assert_eq!(group(&bearers[..2], &Apart::default()), [0, 0]);
        assert_eq!(group(&bearers[..2], &Apart::new(&corrections)), [0, 1]);
        assert_eq!(group(&bearers, &Apart::new(&corrections))[0], 0);
    }

    #[test]
    fn what_fits_several_stays_alone() {
        check(
            &[("Biden", 9), ("Joe Biden", 5), ("Jill Biden", 2), ("J. Biden", 1)],
            &["Biden", "Joe Biden", "Jill Biden", "J. Biden"],
        );
    }

    #[test]
    fn days_are_asked_of_bare_names_and_of_what_they_can_be_short_for() {
        let names = ["George Bush", "Bush", "Ada Obi", "Mira Berg", "Kim", "Kim Jong Un", "Sund"];
        let bearers = names.map(|name| Bearer { name, articles: 1, days: (0, 0) });
        assert_eq!(super::in_doubt(&bearers), [0, 1, 4, 5]);
    }

    #[test]
    fn time_parts_bare_surnames() {
        let bearer = |name, days| Bearer { name, articles: 1, days };
        let shown =
            group(&[bearer("George Bush", (0, 100)), bearer("Bush", (5000, 5001))], &Apart::default());
        assert_eq!(shown, [0, 1]);
    }

    proptest! {
        #[test]
        fn order_does_not_count(
            names in proptest::collection::btree_set("(A|B|Ann|Bo|Al) ?(C|D|Lee)? ?(Li|Lee|Kim)", 1..8),
            turn in 0usize..8,
        ) {
            let mut bearers: Vec<Bearer<'_>> =
                names.iter().map(|name| Bearer { name, articles: name.len() as u64, days: (0, 1) }).collect();
            let shown = |bearers: &[Bearer<'_>]| -> std::collections::BTreeMap<String, String> {
                let pairs = group(bearers, &Apart::default()).into_iter().zip(bearers);
                pairs.map(|(to, from)| (from.name.to_owned(), bearers[to].name.to_owned())).collect()
            };
            let before = shown(&bearers);
            let by = turn % bearers.len();
            bearers.rotate_left(by);
            prop_assert_eq!(before, shown(&bearers));
        }
    }
}
