//! Markdown with front matter.

#![no_main]

use dateline_fuzz::{check, origin};
libfuzzer_sys::fuzz_target!(|data: &[u8]| {
    check(&dateline::exports::formats::read(&[b"---\ntitle: ", data].concat(), &origin()).0);
    check(&dateline::exports::formats::read(&[b"---\ntitle: a\n---\n", data].concat(), &origin()).0);
});
