//! What news agencies send: NITF, NewsML, Reuters' collections, telegrams and ninjs.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check_behind, check_pieces};
dateline_fuzz::target!(|data: &[u8]| {
    check_pieces(data);
    check_behind(b"<nitf><body><body.content>", data);
    check_behind(b"<newsMessage><itemSet><newsItem guid='a' version='1'>", data);
    check_behind(b"<NewsML><NewsItem>", data);
    check_behind(b"<newsitem itemid='1'>", data);
    check_behind(b"<REUTERS NEWID=\"1\">", data);
    check_behind(b"\x01dpa 1 i 2\r\n\x02", data);
    check_behind(b"\x16\x16\x01^BC-Bridge,466<\n^Bridge<\n", data);
    check_behind(b"{\"uri\": \"urn:a\", \"pubstatus\": \"usable\", \"headline\": \"A\", ", data);
});
