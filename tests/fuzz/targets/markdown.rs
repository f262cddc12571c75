//! Markdown with front matter.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check, origin};
dateline_fuzz::target!(|data: &[u8]| {
    check(&dateline::exports::formats::read(&[b"---\ntitle: ", data].concat(), &origin()).0);
    check(&dateline::exports::formats::read(&[b"---\ntitle: a\n---\n", data].concat(), &origin()).0);
});
