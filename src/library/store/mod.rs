//! A library in one SQLite file, for several processes at once.
//!
//! Articles and their texts are rows ([`mod@file`]). The index is made of segments ([`index`]): each `add`
//! writes one, in the transaction that writes its rows, and small ones are merged behind it. Readers ([`ask`])
//! see one state of the file for the length of a question and wait for nobody. docs/library.md explains the
//! design.

mod ask;
mod backend;
mod boards;
mod changes;
pub mod doctor;
pub mod file;
mod handle;
pub mod index;
mod ledger;
pub mod repair;
mod write;

pub(super) use file::codec;
pub(super) use file::failure::words;
pub use file::temporary::discard_all as discard_temporary;
pub use handle::Store;
#[cfg(test)]
pub use index::copies::DAYS as DAYS_APART;
pub(super) use index::copies::{READ as MOST_COMPARED, Told, near};
pub use index::segment::STRONG;

#[cfg(test)]
mod flips;
#[cfg(test)]
mod tests;
