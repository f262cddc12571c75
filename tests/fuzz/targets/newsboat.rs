//! Newsboat's list of feeds.

#![no_main]

use dateline_fuzz::{origin};
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    dateline::exports::formats::opml::read_newsboat(text, &origin());
});
