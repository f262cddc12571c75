//! Plain text.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check, origin};
dateline_fuzz::target!(|data: &[u8]| {
    check(&dateline::exports::formats::read(data, &origin()).0);
    check(&dateline::exports::formats::read(&[b"Bridge falls\n3 January 2022\n", data].concat(), &origin()).0);
});
