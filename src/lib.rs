//! dateline: a news reader for the terminal.
//!
//! The modules are listed in reading order. Imports point one way: shell → view → core → engines → nouns;
//! `tests/imports.rs` has the table and checks it.

// The rooms are private, and so their documentation is made with private items.
#![allow(rustdoc::private_intra_doc_links)]

// Nouns.
mod annotation; // what an analysis says: entities, mentions, quotes
mod article; // one article, its ids, dates and dateline
mod corrections; // what a person has corrected
mod fault; // mistakes in files that a person writes
mod gazetteer; // names of countries, places, organisations and people, as a table
mod language; // the words of each language, with their traits
mod listing; // what a query to the library returns: rows, facets, counts
mod text; // spans, cleaning, folding, wrapping, widths

// Engines: pure functions of their arguments.
mod analysis; // &str → Analysis: names, entities, quotes
mod formats; // bytes → (Vec<Article>, Vec<Warning>)
mod highlight; // layers of (Span, Tag) → disjoint runs
mod outlet; // one article as text, Markdown, HTML and JSON
mod persons; // names of persons, and which are one person
mod query; // the query language
mod similar; // near-duplicates: the same story from several sources

// Core: the state of the reader. No I/O.
mod app; // the table of actions, and how each message changes the state

// View.
mod keymap; // key sequences → actions
mod lines; // reports the state in lines, for --plain
mod theme; // tags → styles
mod ui; // draw(&App, &Theme)

// Shell: everything that touches the world.
mod account; // accounts on servers: articles and marks both ways
mod capacity; // which programs may be started and which files written
mod cli; // the commands
mod config; // the settings, each value with its origin
mod fetch; // URL → bytes, politely
mod files; // files, folders, standard input → batches of articles
mod intake; // adds articles to the library: reads, analyses, corrects and stores them
mod library; // stores articles and analyses, and answers queries
mod processors; // work on many things at once, on all processors
mod run; // the loop of the reader, which performs effects
mod terminal; // raw mode, signals, capabilities, the renderer
mod wire; // fetches sources into the library: which are due, what is new, when to try again

// Builds the assets; not part of the program.
#[cfg(feature = "train")]
pub mod train;

// What is seen from outside.
pub mod exports;
pub use cli::main;
