//! Tables, and texts that may be tables, bookmarks or no prose at all.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check, origin};
dateline_fuzz::target!(|data: &[u8]| {
    check(&dateline::exports::formats::read(data, &origin()).0);
    check(&dateline::exports::formats::read(&[b"title,date,text\n", data].concat(), &origin()).0);
    check(&dateline::exports::formats::read(&[b"title;date;text\n\"", data].concat(), &origin()).0);
});
