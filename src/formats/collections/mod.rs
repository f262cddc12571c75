//! Collections in XML that researchers keep: dumps of MediaWiki (Wikinews), what trafilatura writes in XML and in TEI, and
//! the libraries of Zotero in RDF.
//!
//! In comes decoded text or bytes; out come drafts.

pub(super) mod mediawiki;
pub(super) mod tei;
mod wikitext;
pub(super) mod zotero;
