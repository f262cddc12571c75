//! Questions: one view of the file for each, which finds, orders, counts and folds.

pub mod ahead;
pub mod beside;
pub mod cache;
pub mod chronicle;
pub mod count;
mod counted;
pub mod find;
pub mod fold;
pub mod gathered;
pub mod joined;
pub mod listed;
pub mod outdated;
pub mod pages;
pub mod people;
pub mod same;
pub mod shown;
pub mod spoken;
pub mod tally;
pub mod threads;
pub mod unread;
pub mod utterances;
pub mod woven;
