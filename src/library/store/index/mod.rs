//! The index: segments, how they are written down as rows, and how they are merged.
//!
//! Knows rows of the file, and no query.

pub mod agreement;
pub mod blocks;
pub mod copies;
pub mod gather;
pub mod heads;
pub mod merge;
pub mod names;
pub mod rows;
pub mod segment;
pub mod sets;
