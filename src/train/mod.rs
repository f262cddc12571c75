//! What makes the assets of the analysis: the table of names and the trained tagger.
//!
//! No part of the program: compiled only with the feature `train`, for the binary `dateline-train`. In: folders of
//! corpora and lists, given on the command line. Out: the files in `assets/`, the same bytes for the same input.

pub mod ablate;
pub mod abroad;
pub mod choice;
pub mod cities;
pub mod evaluate;
pub mod feeds;
pub mod forenames;
pub mod gazetteers;
pub mod places;
pub mod quotes;
pub mod rebuilt;
mod regression;
pub mod salience;
pub mod speakers;
pub mod tagger;
pub mod world;

pub use ablate::{Rule, Task};
