//! dateline: a news reader for the terminal.
//!
//! The modules in reading order. Imports point one way: shell → view → core → engines → nouns
//! (`tests/imports.rs` holds the table).

// Nouns.
pub mod annotation; // what an analysis says: entities, mentions, quotes
pub mod article;
pub mod corrections; // what a person has corrected
pub mod fault; // what is wrong in a file that a person writes
pub mod gazetteer; // names of countries, places, organisations and people, as a table // one article, its ids, dates and dateline
pub mod listing;
pub mod text; // spans, cleaning at the door, folding, wrapping, widths // what a question to the library brings back: rows, facets, counts

// Engines: pure functions of their arguments.
pub mod analysis; // &str → Analysis: names, entities, quotes
pub mod formats;
pub mod highlight; // layers of (Span, Tag) → disjoint runs
pub mod persons; // names of persons, and which are one person
pub mod query; // the query language
pub mod similar; // near-duplicates: the same story from several sources // bytes → (Vec<Article>, Vec<Warning>)

// Core: the state of the reader. No I/O.
pub mod app;

// View.
pub mod keymap; // key sequences → actions
pub mod lines; // tells &App in lines, for --plain
pub mod theme; // tags → styles
pub mod ui; // draw(&App, &Theme)

// Shell: everything that touches the world.
pub mod capacity; // what may be started and written
pub mod cli;
pub mod config; // as written → as meant, each value with its origin
pub mod fetch; // URL → bytes, with manners
pub mod files; // files, folders, standard input → batches of articles
pub mod intake; // articles into the library: read, analysed, corrected, stored
pub mod library;
pub mod run;
pub mod terminal;
pub mod wire; // sources → library: whose turn it is, what came, when again

// Makes the assets; not in the program.
#[cfg(feature = "train")]
pub mod train;
