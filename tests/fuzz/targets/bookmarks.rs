//! The bookmarks of a browser, and the exports of Pocket and Instapaper.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check_behind, origin};
dateline_fuzz::target!(|data: &[u8]| {
    let text = String::from_utf8_lossy(data);
    for head in [
        "",
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><p>",
        "<!DOCTYPE NETSCAPE-Bookmark-file-1>\n<DL><DT><H3>A</H3><DL><DT><A HREF=\"",
    ] {
        for feed in dateline::exports::formats::opml::read_list(&format!("{head}{text}"), &origin())
            .into_iter()
            .flat_map(|list| list.feeds)
        {
            assert!(feed.url.starts_with("https://") || feed.url.starts_with("http://"), "{}", feed.url);
        }
    }
    check_behind(b"<!DOCTYPE html><html><head><title>Pocket Export</title></head><body><ul><li>", data);
    check_behind(
        b"<!DOCTYPE html><html><head><title>Instapaper: Export</title></head><body><h1>Unread</h1><ol><li>",
        data,
    );
});
