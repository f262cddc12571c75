//! JSON feeds.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check, origin};
dateline_fuzz::target!(|data: &[u8]| {
    let start = br#"{"version":"https://jsonfeed.org/version/1.1","title":"a","items":["#;
    check(&dateline::exports::formats::read(&[start, data].concat(), &origin()).0);
    check(&dateline::exports::formats::read(&[start, data, b"]}"].concat(), &origin()).0);
});
