//! Which names of persons in many articles are one person.
//!
//! In: the names that the articles of a library give their persons, each with how many articles. Out: for each name the
//! one under which its person is shown, and whether it is a name that nobody can tell whose it is. The rule, which knows
//! nothing of the order of loading; docs/accuracy.md has it in plain words:
//!
//! 1. Full names come first, the fuller ones before the shorter: more words, then more letters, then the alphabet. A full
//!    name joins an earlier one that it can be short for or spell differently (see `name`); where several fit, it joins
//!    one that is [`DOMINANT`] times as frequent as the others together, and else stays alone.
//! 2. Names with initials only join the only full name that fits. Bare surnames join the owner of the surname: the only
//!    bearer, if the surname is a rare one or the bearer is known from [`KNOWN`] articles. Of several bearers the one who, with the bare name, is
//!    [`DOMINANT`] times as frequent as each other and twice as frequent as all others together. A forename has no owner
//!    unless one bearer is [`DOMINANT`] times as frequent as all others.
//! 3. A bare name that has no owner, and that several people bear or that is a forename, is *vague*: two articles with it
//!    may be about strangers.
//! 4. Names that a person has marked as different people never join one group.
//! 5. A group is shown under its most frequent full name, the fuller one before the shorter, then by the alphabet.

use super::form::shouts;
use super::name::Name;
use crate::corrections::Corrections;
use crate::text::fold::fold;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How many times as frequent as the others a bearer must be to take a name that others bear too.
pub const DOMINANT: u64 = 10;

/// The articles from which the only bearer of a common surname is known well enough to take it.
pub const KNOWN: u64 = 3;

/// Groups under one key that a name is compared with; beyond them names stay alone.
const MOST: usize = 256;

/// One name of a person in a library.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bearer<'a> {
    /// As the articles' entities have it; each name once.
    pub name: &'a str,
    /// In how many articles.
    pub articles: u64,
}

/// Which names are one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grouped {
    /// For each name the index of the one under which its person is shown.
    pub shown: Vec<usize>,
    /// The names of which nobody can tell whose they are, ascending.
    pub vague: Vec<usize>,
}

/// Pairs of names that a person has marked as different people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Apart {
    pairs: HashSet<(String, String)>,
    /// Names of which the person has said what they are, folded.
    told: HashSet<String>,
}

impl Apart {
    /// What `corrections` say.
    pub fn new(corrections: &Corrections) -> Apart {
        let pairs = corrections
            .list()
            .iter()
            .flat_map(|correction| correction.apart.iter().map(|other| pair(&correction.name, other)));
        let told = corrections.list().iter().filter(|correction| correction.is.is_some());
        Apart { pairs: pairs.collect(), told: told.map(|correction| fold(&correction.name)).collect() }
    }

    /// Whether a person has said what this name is.
    pub fn is_told(&self, name: &str) -> bool {
        !self.told.is_empty() && self.told.contains(&fold(name))
    }

    /// Whether the two are different, as a person said.
    pub fn parts(&self, a: &str, b: &str) -> bool {
        !self.pairs.is_empty() && self.pairs.contains(&pair(a, b))
    }
}

/// Whether a person's name is nothing but a surname or a single word, which can be anything's.
pub fn is_bare(name: &str) -> bool {
    Name::new(name).is_bare()
}

/// Two names, folded, in the order of the alphabet.
fn pair(a: &str, b: &str) -> (String, String) {
    let (a, b) = (fold(a), fold(b));
    if a <= b { (a, b) } else { (b, a) }
}

struct Group {
    /// The fullest name.
    first: usize,
    members: Vec<usize>,
    articles: u64,
    vague: bool,
}

/// Who bears a bare name.
#[derive(Clone, Copy, Debug, Default)]
struct Bearing {
    groups: u32,
    /// The most frequent group, the first among equals, and whether the name is its surname.
    top: usize,
    by_surname: bool,
    articles: u64,
    /// Articles of the next, and of all but the most frequent.
    next: u64,
    others: u64,
    /// Articles of those whose first name it is.
    first: u64,
}

impl Bearing {
    /// Whether a word that lists have among the forenames is one here: some words are surnames too, and borne as such.
    fn is_forename(&self, name: &Name) -> bool {
        let surname = self.articles + self.others - self.first;
        name.is_forename() && (self.groups == 0 || DOMINANT * self.first > surname)
    }

    fn add(&mut self, group: usize, articles: u64, by_surname: bool) {
        self.groups += 1;
        self.first += if by_surname { 0 } else { articles };
        if self.groups == 1 || articles > self.articles {
            self.others += self.articles;
            self.next = self.articles;
            (self.top, self.articles, self.by_surname) = (group, articles, by_surname);
        } else {
            self.others += articles;
            self.next = self.next.max(articles);
        }
    }
}

/// Groups by the hash of some part of a name.
#[derive(Default)]
struct Keyed(HashMap<u64, Vec<usize>>);

impl Keyed {
    fn add(&mut self, key: Option<u64>, group: usize) {
        let Some(key) = key else { return };
        let groups = self.0.entry(key).or_default();
        if groups.len() < MOST && groups.last() != Some(&group) {
            groups.push(group);
        }
    }

    fn get(&self, key: Option<u64>) -> &[usize] {
        key.and_then(|key| self.0.get(&key)).map_or(&[], Vec::as_slice)
    }
}

struct Grouping<'a> {
    bearers: &'a [Bearer<'a>],
    names: Vec<Name>,
    apart: &'a Apart,
    groups: Vec<Group>,
    /// Full names by all of their words.
    same: Keyed,
    /// By the last word and how the first begins.
    framed: Keyed,
    /// By the last two and by the first two words.
    endings: Keyed,
    openings: Keyed,
}

/// Groups `bearers`; names that are held `apart` are never in one group. Takes time in proportion to the names, but for
/// sorting, since each is compared with at most [`MOST`] groups.
pub fn group(bearers: &[Bearer<'_>], apart: &Apart) -> Grouped {
    let names: Vec<Name> = bearers.iter().map(|bearer| Name::new(bearer.name)).collect();
    let mut order: Vec<usize> = (0..bearers.len()).collect();
    order.sort_unstable_by_key(|index| {
        let name = &names[*index];
        (name.rank(), Reverse((name.words.len(), name.letters)), bearers[*index].name, *index)
    });
    let mut grouping = Grouping {
        bearers,
        names,
        apart,
        groups: Vec::new(),
        same: Keyed::default(),
        framed: Keyed::default(),
        endings: Keyed::default(),
        openings: Keyed::default(),
    };
    let bare = order.partition_point(|index| !grouping.names[*index].is_bare());
    for index in &order[..bare] {
        match grouping.find(*index) {
            Some(group) => grouping.join(*index, group),
            None => grouping.open(*index, false),
        }
    }
    grouping.add_bare(&order[bare..]);
    grouping.finish()
}

impl Grouping<'_> {
    /// The group that a name joins that is not bare.
    fn find(&self, index: usize) -> Option<usize> {
        let name = &self.names[index];
        let same = self.fitting(index, self.same.get(name.all()), |_, _| true);
        if let [group, ..] = same[..] {
            return Some(group);
        }
        if name.is_initials() {
            return self.owner_of_initials(index);
        }
        let mut framed = self.fitting(index, self.framed.get(name.frame()), Name::is_framed_by);
        // Many people may be `Mike Lee` or `Michael Lee`.
        framed.retain(|group| {
            let articles = self.groups[*group].articles.max(self.bearers[index].articles);
            let full = &self.names[self.groups[*group].first];
            !name.is_short_for(full) || !name.is_common() || articles >= KNOWN
        });
        let ends = self.fitting(index, self.endings.get(name.ending()), Name::ends);
        let opens = self.fitting(index, self.openings.get(name.opening()), Name::opens);
        let mut found: Vec<usize> = framed.into_iter().chain(ends).chain(opens).collect();
        found.sort_unstable();
        found.dedup();
        let fits_in = |group: &usize| self.suffixes_fit(index, *group);
        found.retain(fits_in);
        match found[..] {
            [] => None,
            [group] => Some(group),
            _ => {
                let (top, _, others) = self.standings(&found);
                (self.groups[top].articles >= DOMINANT * others).then_some(top)
            }
        }
    }

    /// Whether `Jr.` and the like let two names be one person: with and without it they are, unless the name without it is
    /// so much more frequent that it is the father's.
    fn suffixes_fit(&self, index: usize, group: usize) -> bool {
        let (own, other) = (self.names[index].suffix, self.names[self.groups[group].first].suffix);
        match (own, other) {
            (None, Some(_)) => self.bearers[index].articles <= 3 * self.groups[group].articles,
            (Some(_), None) => self.groups[group].articles <= 3 * self.bearers[index].articles,
            (own, other) => own == other,
        }
    }

    fn fitting(&self, index: usize, groups: &[usize], fits: impl Fn(&Name, &Name) -> bool) -> Vec<usize> {
        let name = &self.names[index];
        let is_fit = |number: &&usize| {
            let group = &self.groups[**number];
            fits(name, &self.names[group.first]) && !self.is_apart(index, group)
        };
        groups.iter().filter(is_fit).copied().collect()
    }

    /// The most frequent of some groups, and the articles of the next and of all others together.
    fn standings(&self, groups: &[usize]) -> (usize, u64, u64) {
        let top = groups.iter().copied().min_by_key(|group| (Reverse(self.groups[*group].articles), *group));
        let top = top.unwrap_or(0);
        let others =
            || groups.iter().filter(|group| **group != top).map(|group| self.groups[*group].articles);
        (top, others().max().unwrap_or(0), others().sum())
    }

    fn owner_of_initials(&self, index: usize) -> Option<usize> {
        let name = &self.names[index];
        let framed = self.fitting(index, self.framed.get(name.frame()), Name::is_framed_by);
        let (top, next, others) = self.standings(&framed);
        let articles = self.groups.get(top).map_or(0, |group| group.articles);
        let owns = match framed.len() {
            0 => false,
            1 => true,
            _ => articles + self.bearers[index].articles >= DOMINANT * next && articles >= 2 * others,
        };
        owns.then_some(top)
    }

    /// Whether a person has marked the name as not one of the group.
    fn is_apart(&self, index: usize, group: &Group) -> bool {
        let parted = |member: &usize| self.apart.parts(self.bearers[index].name, self.bearers[*member].name);
        !self.apart.pairs.is_empty() && group.members.iter().any(parted)
    }

    /// Finds the owners of all bare names, when all other names have their groups.
    fn add_bare(&mut self, bare: &[usize]) {
        let mut wanted: HashMap<u64, (u64, Bearing)> = HashMap::new();
        for index in bare {
            if let Some(key) = self.names[*index].bare() {
                wanted.entry(key).or_default().0 += self.bearers[*index].articles;
            }
        }
        for (number, group) in self.groups.iter().enumerate() {
            let mut keys: BTreeMap<u64, bool> = BTreeMap::new();
            for member in &group.members {
                let name = &self.names[*member];
                let first = if name.is_initials() { None } else { name.first() };
                for (key, by_surname) in [(name.surname(), true), (name.last(), true), (first, false)] {
                    if let Some(key) = key {
                        *keys.entry(key).or_default() |= by_surname;
                    }
                }
            }
            for (key, by_surname) in keys {
                if let Some((_, bearing)) = wanted.get_mut(&key) {
                    bearing.add(number, group.articles, by_surname);
                }
            }
        }
        for index in bare {
            let (same, owner, vague) = {
                let name = &self.names[*index];
                let same = self.fitting(*index, self.same.get(name.all()), |_, _| true);
                let (articles, bearing) =
                    name.bare().and_then(|key| wanted.get(&key)).copied().unwrap_or_default();
                let owner = owns(name, articles, bearing).then_some(bearing.top);
                let owner = owner.filter(|group| {
                    let group = &self.groups[*group];
                    let written = |member: &usize| name.is_written_in(&self.names[*member]);
                    let sure = bearing.articles >= KNOWN || group.members.iter().any(written);
                    sure && !name.is_nothing() && !self.is_apart(*index, group)
                });
                let vague = bearing.groups > 1 || bearing.is_forename(name) || name.is_nothing();
                (same.first().copied(), owner, vague)
            };
            match owner.or(same) {
                Some(group) => self.join(*index, group),
                None => self.open(*index, vague),
            }
        }
    }

    fn join(&mut self, index: usize, group: usize) {
        self.groups[group].members.push(index);
        self.groups[group].articles += self.bearers[index].articles;
        self.same.add(self.names[index].all(), group);
    }

    fn open(&mut self, index: usize, vague: bool) {
        let group = self.groups.len();
        let articles = self.bearers[index].articles;
        self.groups.push(Group { first: index, members: vec![index], articles, vague });
        let name = &self.names[index];
        self.same.add(name.all(), group);
        if name.rank() > 0 {
            return;
        }
        self.framed.add(name.frame(), group);
        if name.words.len() > 2 {
            self.endings.add(name.ending(), group);
            self.openings.add(name.opening(), group);
        }
    }

    fn finish(&self) -> Grouped {
        let mut grouped = Grouped { shown: vec![0; self.bearers.len()], vague: Vec::new() };
        for group in &self.groups {
            let best = group.members.iter().copied().min_by_key(|index| {
                let (bearer, name) = (&self.bearers[*index], &self.names[*index]);
                (name.rank(), shouts(bearer.name), Reverse((bearer.articles, name.letters)), bearer.name)
            });
            for member in &group.members {
                grouped.shown[*member] = best.unwrap_or(*member);
            }
            if group.vague {
                grouped.vague.extend(&group.members);
            }
        }
        grouped.vague.sort_unstable();
        grouped
    }
}

/// Whether the most frequent bearer owns a bare name that stands in some articles.
fn owns(name: &Name, articles: u64, bearing: Bearing) -> bool {
    let forename = bearing.is_forename(name);
    // Where surnames come first, a word may be a forename elsewhere; few are called by a forename alone.
    match bearing.groups {
        0 => false,
        _ if !bearing.by_surname => name.is_surname() && bearing.articles >= DOMINANT * bearing.others.max(1),
        1 => !name.is_common() || bearing.articles >= if forename { DOMINANT } else { KNOWN },
        _ if forename => bearing.articles >= DOMINANT * bearing.others,
        _ => bearing.articles + articles >= DOMINANT * bearing.next && bearing.articles >= 2 * bearing.others,
    }
}

#[cfg(test)]
mod tests {
    use super::{Apart, Bearer, Grouped, group};
    use crate::corrections::Corrections;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    fn grouped(names: &[(&str, u64)]) -> Grouped {
        let bearers: Vec<Bearer<'_>> =
            names.iter().map(|(name, articles)| Bearer { name, articles: *articles }).collect();
        group(&bearers, &Apart::default())
    }

    /// Names with their articles, and what each is shown as.
    fn check(names: &[(&str, u64)], expected: &[&str]) {
        let shown: Vec<&str> = grouped(names).shown.into_iter().map(|index| names[index].0).collect();
        assert_eq!(shown, expected, "{names:?}");
    }

    fn all_one(names: &[(&str, u64)], shown: &str) {
        check(names, &vec![shown; names.len()]);
    }

    fn all_apart(names: &[(&str, u64)]) {
        check(names, &names.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    }

    #[test]
    fn forms_of_one_person_are_one() {
        all_one(&[("Tarvenko", 7), ("Anton Tarvenko", 5), ("Anton J. Tarvenko", 1)], "Anton Tarvenko");
        all_one(
            &[("Zelinsky", 3), ("Zelinskiy", 2), ("Volodymyr Zelinskyy", 9), ("Volodymyr Zelinskiy", 1)],
            "Volodymyr Zelinskyy",
        );
        all_one(&[("D K Shivanath", 3), ("DK Shivanath", 2), ("D.K. Shivanath", 1)], "D K Shivanath");
        all_one(&[("Dinesh Kumar Shivanath", 2), ("D K Shivanath", 3)], "Dinesh Kumar Shivanath");
        all_one(
            &[("Mohammed bin Tarek", 8), ("Mohamad bin Tarek", 2), ("bin Tarek", 4)],
            "Mohammed bin Tarek",
        );
        all_one(
            &[("Fattah el-Masrawi", 5), ("el-Masrawi", 1), ("Masrawi", 2), ("Al-Masrawi", 1)],
            "Fattah el-Masrawi",
        );
        all_one(&[("Joe Varden", 5), ("Joseph R. Varden", 2), ("Joseph Robin Varden", 1)], "Joe Varden");
        all_one(&[("Ursa von der Linden", 5), ("von der Linden", 2)], "Ursa von der Linden");
        all_one(
            &[("Andrés Manuel Lópera Ovalle", 3), ("Lópera Ovalle", 2), ("Andrés Lópera Ovalle", 1)],
            "Andrés Manuel Lópera Ovalle",
        );
    }

    #[test]
    fn a_father_is_not_the_son() {
        all_apart(&[("Mohammed bin Tarek", 8), ("Tarek", 2)]);
        all_apart(&[("Donald Varden", 56), ("Donald Varden Jr.", 3)]);
        all_one(&[("Martin Luther Kasing Jr.", 6), ("Martin Luther Kasing", 5)], "Martin Luther Kasing Jr.");
        all_apart(&[("George W. Vush", 5), ("George H.W. Vush", 4), ("George Vush", 3)]);
    }

    #[test]
    fn one_word_never_joins_strangers() {
        all_apart(&[("Chen", 3), ("Chen Shi-wu", 2), ("Chen Da", 1), ("Tony Chen", 1)]);
        all_apart(&[("Chen", 2), ("Chen Shi-wu", 2)]);
        all_apart(&[("Amanda", 4), ("Amanda Tarvenko", 2)]);
        all_apart(&[("Biden", 9), ("Joe Biden", 5), ("Jill Biden", 2), ("J. Biden", 1)]);
        let names = [("Chen", 3), ("Chen Shi-wu", 2), ("Tony Chen", 1), ("Amanda", 4), ("Siddavaiah", 5)];
        assert_eq!(grouped(&names).vague, [0, 3]);
    }

    #[test]
    fn names_that_look_alike_are_not_one() {
        all_apart(&[("M Jagad Kumar", 3), ("Meira Kumar", 2)]);
        all_apart(&[("Park Yong-jin", 3), ("Park Jin", 2)]);
        all_apart(&[("Lu Li-shih", 3), ("Shih", 2)]);
        all_apart(&[("Mohammad Ali Shikander", 3), ("Muhammad Ali", 2)]);
        all_apart(&[("Michael Lee", 2), ("Mike Lee", 1)]);
        all_apart(&[("Ashok Kaulman", 3), ("Ashok", 1)]);
        all_apart(&[("Mousa Zanjali", 3), ("Musa", 1)]);
        all_apart(&[("YS Jagan Redday", 3), ("Y.", 1), ("Jr.", 1)]);
        check(
            &[("Reagan", 445), ("Ronald Reagan", 20), ("Nancy Reagan", 6), ("Reagan Administrations", 1)],
            &["Ronald Reagan", "Ronald Reagan", "Nancy Reagan", "Reagan Administrations"],
        );
    }

    #[test]
    fn a_dominant_bearer_takes_the_surname() {
        check(
            &[("Reagan", 445), ("Ronald Reagan", 20), ("Nancy Reagan", 6), ("Michael Reagan", 1)],
            &["Ronald Reagan", "Ronald Reagan", "Nancy Reagan", "Michael Reagan"],
        );
        check(
            &[("Kim", 5), ("Kim Jong-un", 60), ("Kim Yo Jong", 3)],
            &["Kim Jong-un", "Kim Jong-un", "Kim Yo Jong"],
        );
        all_one(&[("Kim Jong Un", 2), ("Kim Jong-un", 3)], "Kim Jong-un");
    }

    #[test]
    fn what_a_person_holds_apart_stays_apart() {
        let (corrections, _) = Corrections::read("\"J. Tarvenko\" = { apart = [\"Jonas Tarvenko\"] }");
        let names = ["Jonas Tarvenko", "J. Tarvenko", "J. TARVENKO"];
        let bearers = names.map(|name| Bearer { name, articles: 1 });
        assert_eq!(group(&bearers[..2], &Apart::default()).shown, [0, 0]);
        assert_eq!(group(&bearers[..2], &Apart::new(&corrections)).shown, [0, 1]);
        assert_eq!(group(&bearers, &Apart::new(&corrections)).shown[0], 0);
        let (corrections, _) = Corrections::read("\"Tarvenko\" = { apart = [\"Jonas Tarvenko\"] }");
        let bearers = ["Jonas Tarvenko", "Tarvenko"].map(|name| Bearer { name, articles: 1 });
        assert_eq!(group(&bearers, &Apart::default()).shown, [0, 0]);
        assert_eq!(group(&bearers, &Apart::new(&corrections)).shown, [0, 1]);
    }

    proptest! {
        #[test]
        fn order_does_not_count(
            names in proptest::collection::btree_set("(A|B|Ann|Bo|Al|bin) ?(C|D|Lee|bin)? ?(Li|Lee|Kim|II)", 1..12),
            turn in 0usize..12,
        ) {
            let mut bearers: Vec<Bearer<'_>> =
                names.iter().map(|name| Bearer { name, articles: name.len() as u64 }).collect();
            let shown = |bearers: &[Bearer<'_>]| -> BTreeMap<String, (String, bool)> {
                let grouped = group(bearers, &Apart::default());
                let pairs = grouped.shown.iter().enumerate();
                pairs.map(|(from, to)| {
                    let vague = grouped.vague.contains(&from);
                    (bearers[from].name.to_owned(), (bearers[*to].name.to_owned(), vague))
                }).collect()
            };
            let before = shown(&bearers);
            let by = turn % bearers.len();
            bearers.rotate_left(by);
            prop_assert_eq!(&before, &shown(&bearers));
            for (shown, _) in before.values() {
                prop_assert_eq!(&before[shown].0, shown);
            }
        }
    }
}
