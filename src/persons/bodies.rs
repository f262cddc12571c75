//! Which names of organisations in many articles are one body.
//!
//! In: the names of a library, each with how many articles, and which short forms the articles themselves use for which
//! names. Out: for each name the one under which its body is shown. The rule, in plain words in docs/accuracy.md:
//!
//! 1. Names are one that `gazetteer::body` compares as one: short forms that everybody knows, `Health Ministry` and
//!    `Ministry of Health`, British and American spelling. A body that every country has is one for each country; without a
//!    country it joins the only one that there is.
//! 2. A short form is the body that the articles write it for, `United Nations (UN)`: the only one, or the one with
//!    [`DOMINANT`] times as many articles as the others together.
//! 3. A body is shown under its most frequent name, a long one before a short form that is not [`OFTEN`] times as frequent.

use super::same::{Apart, DOMINANT};
use crate::gazetteer::body::Body;
use crate::text::fold;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How many times as frequent as the long name a short form must be to be shown.
const OFTEN: u64 = 3;

/// Whether a name can be a short form, which articles write in brackets behind the long one.
pub fn is_short(name: &str) -> bool {
    !name.contains(char::is_whitespace)
        && (2..=10).contains(&name.chars().count())
        && name.chars().filter(|c| c.is_uppercase()).count() > 1
}

/// Whether a short form can be one for a long name: its letters are in the name in this order, and the name does not have it
/// as a word, as the name of a part of the body does.
fn is_short_for(short: &str, long: &str) -> bool {
    let (short_words, long_words) = (fold::words(short), fold::words(long));
    let mut letters = long_words.iter().flat_map(|word| word.chars());
    is_short(short)
        && !is_short(long)
        && !short_words.iter().any(|word| long_words.contains(word))
        && short_words.iter().flat_map(|word| word.chars()).all(|letter| letters.any(|other| other == letter))
}

/// Groups names, each with its articles; `short_for` has pairs of a short form and a name that it is written for, by
/// index. Returns for each name the index of the one under which it is shown. Names that are held `apart` are never one.
pub fn group(names: &[(&str, u64)], short_for: &[(usize, usize)], apart: &Apart) -> Vec<usize> {
    let bodies: Vec<Body> = names.iter().map(|(name, _)| Body::new(name)).collect();
    // A short form of a body that every country has is one too.
    let of_each: HashSet<u16> =
        bodies.iter().filter(|body| body.each).filter_map(|body| Some(body.known?.0)).collect();
    let is_each = |body: &Body| body.each || body.known.is_some_and(|id| of_each.contains(&id.0));
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_unstable_by_key(|index| (Reverse(names[*index].1), names[*index].0));
    let mut groups: Vec<Vec<usize>> = Vec::new();
    let mut of = vec![0; names.len()];
    // By what a name is compared by, in the second map without its country.
    let mut keyed: HashMap<(Option<u16>, &str, Option<_>), usize> = HashMap::new();
    let mut each: HashMap<(Option<u16>, &str), BTreeMap<Option<_>, usize>> = HashMap::new();
    let is_apart = |index: usize, group: &[usize]| {
        group.iter().any(|member| apart.parts(names[index].0, names[*member].0))
    };
    for index in order {
        let body = &bodies[index];
        let known = body.known.map(|id| id.0);
        let words = if known.is_some() { "" } else { body.words.as_str() };
        let group = *keyed.entry((known, words, body.country)).or_insert_with(|| {
            groups.push(Vec::new());
            groups.len() - 1
        });
        let group = if is_apart(index, &groups[group]) {
            groups.push(Vec::new());
            groups.len() - 1
        } else {
            group
        };
        groups[group].push(index);
        of[index] = group;
        if is_each(body) {
            each.entry((known, words)).or_default().entry(body.country).or_insert(group);
        }
    }
    let articles = |group: &[usize]| group.iter().map(|index| names[*index].1).sum::<u64>();
    // Which group goes into which.
    let mut into: Vec<usize> = (0..groups.len()).collect();
    for countries in each.into_values() {
        if let (Some(without), [_, (_, only)]) =
            (countries.get(&None), &countries.iter().collect::<Vec<_>>()[..])
            && !groups[*without].iter().any(|index| is_apart(*index, &groups[**only]))
        {
            into[*without] = **only;
        }
    }
    let mut written: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (short, long) in short_for {
        if !bodies[*short].each && is_short_for(names[*short].0, names[*long].0) {
            written.entry(of[*short]).or_default().insert(into[of[*long]]);
        }
    }
    for (short, longs) in written {
        let known = groups[short].iter().any(|index| !is_short(names[*index].0));
        let mut longs: Vec<(u64, usize)> =
            longs.into_iter().map(|group| (articles(&groups[group]), group)).collect();
        longs.sort_unstable_by_key(|(articles, group)| (Reverse(*articles), *group));
        let others: u64 = longs.iter().skip(1).map(|(articles, _)| articles).sum();
        // What everybody knows by this short form is meant, if the library has it.
        if let Some((most, long)) = longs.first().filter(|_| !known)
            && *long != short
            && *most >= DOMINANT * others
            && !groups[short].iter().any(|index| is_apart(*index, &groups[*long]))
        {
            into[short] = *long;
        }
    }
    let mut joined: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (index, group) in of.iter().enumerate() {
        joined.entry(into[*group]).or_default().push(index);
    }
    let mut shown = vec![0; names.len()];
    for members in joined.into_values() {
        let most = |short: bool| {
            let fitting = members.iter().copied().filter(|index| is_short(names[*index].0) == short);
            fitting.min_by_key(|index| {
                let (name, articles) = names[*index];
                // With its country, if it has one.
                (bodies[*index].each && bodies[*index].country.is_none(), Reverse(articles), name.len(), name)
            })
        };
        let best = match (most(false), most(true)) {
            (Some(long), Some(short)) if names[short].1 > OFTEN * names[long].1 => short,
            (Some(long), _) => long,
            (None, short) => short.unwrap_or(0),
        };
        for member in members {
            shown[member] = best;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::group;
    use crate::corrections::Corrections;
    use crate::persons::Apart;

    fn check(names: &[(&str, u64)], short_for: &[(usize, usize)], expected: &[&str]) {
        let shown: Vec<&str> =
            group(names, short_for, &Apart::default()).into_iter().map(|index| names[index].0).collect();
        assert_eq!(shown, expected, "{names:?}");
    }

    #[test]
    fn forms_of_one_body_are_one() {
        check(&[("UN", 9), ("United Nations", 8)], &[], &["United Nations", "United Nations"]);
        check(&[("NATO", 90), ("North Atlantic Treaty Organization", 1)], &[], &["NATO", "NATO"]);
        check(
            &[
                ("Health Ministry (Ghana)", 2),
                ("Ministry of Health (Ghana)", 3),
                ("Ministry of Health of Ghana", 1),
            ],
            &[],
            &["Ministry of Health (Ghana)"; 3],
        );
    }

    #[test]
    fn bodies_of_several_countries_are_several() {
        let (india, ghana) = ("Supreme Court (India)", "Supreme Court (Ghana)");
        check(&[(india, 3), (ghana, 2), ("Supreme Court", 1)], &[], &[india, ghana, "Supreme Court"]);
        check(
            &[(india, 1), ("Supreme Court", 4), ("Supreme Court of India", 1)],
            &[],
            &[india, india, india],
        );
    }

    #[test]
    fn short_forms_are_what_the_articles_write_them_for() {
        let (long, other) = ("Northern Harbour Authority", "National Horse Association");
        check(&[("NHA", 4), (long, 3)], &[(0, 1)], &[long, long]);
        check(&[("NHA", 4), (long, 3)], &[], &["NHA", long]);
        check(&[("NHA", 4), (long, 3), (other, 2)], &[(0, 1), (0, 2)], &["NHA", long, other]);
        check(&[("NHA", 4), (long, 20), (other, 2)], &[(0, 1), (0, 2)], &[long, long, other]);
        check(&[("NHA", 4), ("NHA Port Office", 3)], &[(0, 1)], &["NHA", "NHA Port Office"]);
        check(&[("SasuSal", 4), ("Sasural Suvidha Alaya", 3)], &[(0, 1)], &["Sasural Suvidha Alaya"; 2]);
    }

    #[test]
    fn what_a_person_holds_apart_stays_apart() {
        let (corrections, _) = Corrections::read("\"UN\" = { apart = [\"United Nations\"] }");
        let names = [("UN", 9), ("United Nations", 8)];
        assert_eq!(group(&names, &[], &Apart::new(&corrections)), [0, 1]);
        assert_eq!(group(&names, &[(0, 1)], &Apart::new(&corrections)), [0, 1]);
    }
}
