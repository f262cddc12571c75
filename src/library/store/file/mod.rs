//! The file: its tables, its connections, and the rows of articles, marks, sources and folders.
//!
//! Knows neither the index nor a query.

pub mod codec;
pub mod connect;
pub mod engine;
pub mod failure;
pub mod folders;
pub mod inspect;
pub mod marks;
pub mod meta;
pub mod pack;
pub mod reading;
pub mod removal;
pub mod row;
pub mod schema;
pub mod seal;
pub mod shared;
pub mod shelf;
pub mod sources;
pub mod temporary;
pub mod texts;
pub mod varint;
