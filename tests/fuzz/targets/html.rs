//! Pages of HTML, saved and from the net.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check, origin};
dateline_fuzz::target!(|data: &[u8]| {
    if let Ok(article) = dateline::exports::formats::read_page(data, None, "https://example.org/a/b", &origin()) {
        check(&[article]);
    }
    check(&dateline::exports::formats::read(&[b"<!DOCTYPE html><body>", data].concat(), &origin()).0);
});
