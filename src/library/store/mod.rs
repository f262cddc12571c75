//! A library in one SQLite file, for several processes at once.
//!
//! Articles and their texts are rows. The index is made of segments (see [`super::segment`]): each
//! `add` writes one, in the transaction that writes its rows, and small ones are merged behind it.
//! Readers see one state of the file for the length of a question and wait for nobody.

mod ahead;
mod backend;
mod cache;
mod changes;
mod connect;
mod copies;
mod count;
mod engine;
mod failure;
mod find;
mod folders;
mod handle;
mod heads;
mod index;
mod marks;
mod merge;
mod meta;
mod names;
mod outdated;
mod pack;
mod read;
mod reading;
mod removal;
pub mod repair;
mod row;
mod schema;
mod shared;
mod sources;
mod tally;
mod texts;
mod unread;
mod write;

pub use handle::Store;

#[cfg(test)]
mod tests;
