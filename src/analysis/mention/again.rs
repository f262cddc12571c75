//! Names that stand again where the recogniser passed them over: a person's surname by itself.
//!
//! In: both texts with their names. Out: more names, still disjoint and in order.

use super::{Name, Names, Text};
use crate::analysis::Kind;
use crate::analysis::token::Class;
use std::collections::HashSet;

/// Adds surnames of the article's persons where they stand alone.
pub fn find(title: &Text<'_>, body: &Text<'_>, names: &mut Names) {
    let mut surnames: HashSet<&str> = HashSet::new();
    for (text, names) in [(title, &names.title), (body, &names.body)] {
        for name in names.iter().filter(|name| name.kind == Kind::Person && name.tokens.len() > 1) {
            surnames.insert(text.word(name.tokens.end - 1));
        }
    }
    if surnames.is_empty() {
        return;
    }
    add(title, &mut names.title, &surnames);
    add(body, &mut names.body, &surnames);
}

fn add(text: &Text<'_>, names: &mut Vec<Name>, surnames: &HashSet<&str>) {
    let mut more = Vec::new();
    let mut taken = names.iter().peekable();
    for (at, token) in text.tokens.iter().enumerate() {
        while taken.peek().is_some_and(|name| name.tokens.end <= at) {
            taken.next();
        }
        let free = taken.peek().is_none_or(|name| name.tokens.start > at);
        if free && token.capital && token.class == Class::Word && surnames.contains(text.word(at)) {
            more.push(Name { tokens: at..at + 1, kind: Kind::Person });
        }
    }
    if !more.is_empty() {
        names.extend(more);
        names.sort_by_key(|name| name.tokens.start);
    }
}
