//! Mail: messages, mbox and MHTML.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check_behind, check_pieces};
dateline_fuzz::target!(|data: &[u8]| {
    check_pieces(data);
    check_behind(b"From: a@example.org\nSubject: A\nMessage-ID: <1>\n", data);
    check_behind(b"From a Mon Jan  3 10:00:00 2022\nFrom: a@example.org\nSubject: ", data);
    check_behind(b"From: <Saved by Blink>\nSnapshot-Content-Location: https://example.org/\nSubject: A\nMIME-Version: 1.0\nContent-Type: multipart/related; boundary=b\n\n--b\nContent-Type: text/html\n\n", data);
    check_behind(b"From: a@example.org\nSubject: A\nDate: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n--b\n", data);
});
