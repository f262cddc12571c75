//! Which names of organisations are one organisation.
//!
//! In: the names of an article in order. Out: a group a name, and the fullest form of each group. One organisation
//! are: the same words, names that everybody knows as one (`UN`, `United Nations`), a name and the short form made of
//! its initials (`Organization for Security and Cooperation in Europe (OSCE)`), a firm's name with and without what
//! firms are called (`Toyota`, `Toyota Motor Corp`).

use super::Item;
use super::person::Groups;
use crate::analysis::Kind;
use crate::analysis::gazetteer::{self, OrgId};
use crate::analysis::mention::words::ends_org;
use crate::text::fold;
use std::collections::HashMap;

/// Groups the organisations among `items`.
pub fn group(items: &[Item<'_>]) -> Groups {
    let mut groups = Groups { group: vec![0; items.len()], names: Vec::new() };
    let mut by_words: HashMap<String, usize> = HashMap::new();
    let mut by_id: HashMap<OrgId, usize> = HashMap::new();
    for (index, item) in items.iter().enumerate().filter(|(_, item)| item.kind == Kind::Org) {
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
        if item.surface.len() > groups.names[group].len() {
            item.surface.clone_into(&mut groups.names[group]);
        }
    }
    let joined = join(&by_words, &groups.names);
    for group in &mut groups.group {
        if let Some(to) = joined.get(*group) {
            *group = *to;
        }
    }
    groups
}

/// For each group the one that it is joined to, which may be itself: short forms and bare firms to their full names.
fn join(by_words: &HashMap<String, usize>, names: &[String]) -> Vec<usize> {
    let mut to: Vec<usize> = (0..names.len()).collect();
    let mut full: HashMap<String, Option<usize>> = HashMap::new();
    let mut offer = |short: String, group: usize| {
        full.entry(short)
            .and_modify(|known| {
                if *known != Some(group) {
                    *known = None;
                }
            })
            .or_insert(Some(group));
    };
    let mut in_order: Vec<(&String, usize)> = by_words.iter().map(|(words, group)| (words, *group)).collect();
    in_order.sort_unstable();
    for (_, group) in &in_order {
        let name = &names[*group];
        for short in initials(name) {
            offer(short, *group);
        }
        if let Some(bare) = without_endings(name) {
            offer(bare, *group);
        }
    }
    for (words, group) in in_order {
        if let Some(Some(whole)) = full.get(words)
            && *whole != group
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
fn without_endings(name: &str) -> Option<String> {
    let words = fold::words(name);
    let mut kept = words.len();
    while kept > 1 && is_firm(&words[kept - 1]) {
        kept -= 1;
    }
    (kept < words.len() && !(kept == 1 && ends_org(&words[0]))).then(|| words[..kept].join(" "))
}

fn is_firm(word: &str) -> bool {
    matches!(
        word,
        "ag" | "airlines"
            | "airways"
            | "bank"
            | "bhd"
            | "co"
            | "company"
            | "corp"
            | "corporation"
            | "energy"
            | "gmbh"
            | "group"
            | "holding"
            | "holdings"
            | "inc"
            | "incorporated"
            | "industries"
            | "international"
            | "limited"
            | "llc"
            | "llp"
            | "ltd"
            | "motor"
            | "motors"
            | "nv"
            | "plc"
            | "sa"
            | "se"
            | "spa"
            | "technologies"
            | "university"
    )
}

#[cfg(test)]
mod tests {
    use super::{initials, without_endings};

    #[test]
    fn initials_make_short_forms() {
        let osce = initials("Organization for Security and Cooperation in Europe");
        assert!(osce.contains(&"osce".to_owned()), "{osce:?}");
        assert!(initials("Reuters").is_empty());
    }

    #[test]
    fn firms_lose_their_endings() {
        assert_eq!(without_endings("Toyota Motor Corp.").as_deref(), Some("toyota"));
        assert_eq!(without_endings("Bank Group"), None);
        assert_eq!(without_endings("Labour Party"), None);
    }
}
