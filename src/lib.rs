//! dateline: a news reader for the terminal.
//!
//! The modules are listed in reading order. Imports point one way: shell → view → core → engines → nouns;
//! `tests/imports.rs` has the table and checks it.

// Nouns.
pub mod annotation; // what an analysis says: entities, mentions, quotes
pub mod article; // one article, its ids, dates and dateline
pub mod corrections; // what a person has corrected
pub mod fault; // mistakes in files that a person writes
pub mod gazetteer; // names of countries, places, organisations and people, as a table
pub mod language; // the words of each language, with their traits
pub mod listing; // what a query to the library returns: rows, facets, counts
pub mod text; // spans, cleaning, folding, wrapping, widths

// Engines: pure functions of their arguments.
pub mod analysis; // &str → Analysis: names, entities, quotes
pub mod formats; // bytes → (Vec<Article>, Vec<Warning>)
pub mod highlight; // layers of (Span, Tag) → disjoint runs
pub mod persons; // names of persons, and which are one person
pub mod query; // the query language
pub mod similar; // near-duplicates: the same story from several sources

// Core: the state of the reader. No I/O.
pub mod app; // the table of actions, and how each message changes the state

// View.
pub mod keymap; // key sequences → actions
pub mod lines; // reports the state in lines, for --plain
pub mod theme; // tags → styles
pub mod ui; // draw(&App, &Theme)

// Shell: everything that touches the world.
pub mod capacity; // which programs may be started and which files written
pub mod cli; // the commands
pub mod config; // the settings, each value with its origin
pub mod fetch; // URL → bytes, politely
pub mod files; // files, folders, standard input → batches of articles
pub mod intake; // adds articles to the library: reads, analyses, corrects and stores them
pub mod library; // stores articles and analyses, and answers queries
pub mod run; // the loop of the reader, which performs effects
pub mod terminal; // raw mode, signals, capabilities, the renderer
pub mod wire; // fetches sources into the library: which are due, what is new, when to try again

// Builds the assets; not part of the program.
#[cfg(feature = "train")]
pub mod train;
