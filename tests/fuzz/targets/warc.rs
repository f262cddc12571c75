//! Web archives: WARC and ARC.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check_behind, check_pieces};
dateline_fuzz::target!(|data: &[u8]| {
    check_pieces(data);
    check_behind(b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://example.org/\r\nContent-Length: 200\r\n\r\nHTTP/1.1 200 OK\r\nContent-Type: text/html\r\n", data);
    check_behind(b"filedesc://a 0.0.0.0 20220103000000 text/plain 1\n\n\nhttps://example.org/ 0.0.0.0 20220103000000 text/html 100\n", data);
});
