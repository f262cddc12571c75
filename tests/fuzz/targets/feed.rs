//! RSS, Atom and JSON feeds.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check, origin};
dateline_fuzz::target!(|data: &[u8]| {
    let (articles, _) = dateline::exports::formats::read(&[b"<rss><channel>", data].concat(), &origin());
    check(&articles);
    if let Ok(text) = std::str::from_utf8(data) {
        check(&dateline::exports::formats::feed::read(text, Some("https://example.org/feed"), &origin()).articles);
    }
});
