//! Documents that are databases or archives: other readers' stores, Word documents, EPUB.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::formats::Stream;
use dateline_fuzz::{check, check_behind, check_pieces, origin};
dateline_fuzz::target!(|data: &[u8]| {
    check_pieces(data);
    check_behind(b"SQLite format 3\0", data);
    for member in ["word/document.xml", "META-INF/container.xml"] {
        let mut stream = Stream::of_archive(origin(), vec![member.to_owned()]);
        check(&stream.push(data).0);
        check(&stream.finish().0);
    }
});
