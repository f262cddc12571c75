//! Conditions that cannot be read, and what they mean: nothing is known of them, so that neither they nor
//! their opposites match.
//!
//! A condition that cannot be read is neither true nor false. "a OR it" is true where "a" is, "a and it" is
//! never true, and neither is "not it". So a mistake can make a result smaller than it was meant to be,
//! never larger.

use super::{Filter, Query, Term};
use crate::text::fold::words;

/// The end of the hint on a condition that cannot be read, after the reason.
pub const MATCHES_NOTHING: &str = "; this condition matches nothing";

/// A condition that cannot be read, as it was written.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unreadable {
    field: Option<&'static str>,
    value: String,
}

impl Unreadable {
    /// A field with a value that it does not take; the value may be empty.
    pub fn field(field: &'static str, value: &str) -> Unreadable {
        Unreadable { field: Some(field), value: cleaned(value) }
    }

    /// Signs that are no condition, such as a lone parenthesis. Letters and digits are left out, because signs
    /// with them would be something to search for.
    pub fn signs(signs: &str) -> Unreadable {
        let signs: String = signs.chars().filter(|c| !c.is_alphanumeric()).take(40).collect();
        let value = cleaned(&signs);
        Unreadable { field: None, value: if words(&value).is_empty() { value } else { String::new() } }
    }

    /// A saved search that does not exist.
    pub fn saved(name: &str) -> Unreadable {
        Unreadable { field: Some("@"), value: cleaned(name) }
    }

    /// The name of the field, if there is one; `@` is that of saved searches.
    pub fn name(&self) -> Option<&'static str> {
        self.field
    }

    pub fn value(&self) -> &str {
        &self.value
    }
}

/// A text without control characters, and without blanks at its ends.
pub fn cleaned(text: &str) -> String {
    let text: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    text.trim().to_owned()
}

impl Filter {
    /// Calls `visit` with every condition that cannot be read, in order.
    pub fn each_unreadable<'a>(&'a self, visit: &mut impl FnMut(&'a Unreadable)) {
        match self {
            Filter::All(members) | Filter::Any(members) => {
                members.iter().for_each(|member| member.each_unreadable(visit));
            }
            Filter::Not(inner) => inner.each_unreadable(visit),
            Filter::Term(Term::Unreadable(unreadable)) => visit(unreadable),
            Filter::Term(_) => {}
        }
    }

    pub fn is_readable(&self) -> bool {
        let mut readable = true;
        self.each_unreadable(&mut |_| readable = false);
        readable
    }

    /// A filter without conditions that cannot be read, which matches the same articles. It need not be in
    /// normal form.
    pub fn decided(&self) -> Filter {
        decided(self, Side::Wanted)
    }
}

impl Query {
    /// The query with [`Filter::decided`].
    pub fn decided(&self) -> Query {
        Query { filter: self.filter.decided(), ..self.clone() }
    }
}

/// Whether a condition stands under an even or an odd number of `Not`s.
#[derive(Clone, Copy)]
enum Side {
    Wanted,
    Unwanted,
}

fn decided(filter: &Filter, side: Side) -> Filter {
    let each = |members: &[Filter]| members.iter().map(|member| decided(member, side)).collect();
    match (filter, side) {
        (Filter::All(members), _) => Filter::All(each(members)),
        (Filter::Any(members), _) => Filter::Any(each(members)),
        (Filter::Not(inner), Side::Wanted) => Filter::Not(Box::new(decided(inner, Side::Unwanted))),
        (Filter::Not(inner), Side::Unwanted) => Filter::Not(Box::new(decided(inner, Side::Wanted))),
        (Filter::Term(Term::Unreadable(_)), Side::Wanted) => Filter::not(Filter::everything()),
        (Filter::Term(Term::Unreadable(_)), Side::Unwanted) => Filter::everything(),
        (Filter::Term(_), _) => filter.clone(),
    }
}
