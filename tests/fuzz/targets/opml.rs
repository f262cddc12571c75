//! Lists of feeds in OPML: what is written of them is read as the same.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::origin;
dateline_fuzz::target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let feeds = dateline::exports::formats::opml::read(text, &origin()).feeds;
    let again = dateline::exports::formats::opml::read(&dateline::exports::formats::opml::write("a", &feeds), &origin()).feeds;
    // They come back in the order of their folders.
    let sorted = |mut feeds: Vec<_>| {
        feeds.sort_by_cached_key(|feed| format!("{feed:?}"));
        feeds
    };
    assert_eq!(sorted(again), sorted(feeds));
});
