//! Dates and datelines as people and programs write them.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::article::{Dateline, date};
use dateline::exports::language::Language;

dateline_fuzz::target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let text = dateline::exports::text::clean_body(text);
    date::parse(&text);
    date::parse_written(&text);
    date::parse_near(&text, Default::default());
    Dateline::find(&text, Language::english());
});
