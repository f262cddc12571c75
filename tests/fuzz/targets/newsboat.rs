//! Newsboat's list of feeds.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{origin};
dateline_fuzz::target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    dateline::exports::formats::opml::read_newsboat(text, &origin());
});
