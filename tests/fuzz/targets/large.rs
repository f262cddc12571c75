//! JSON that is read in pieces, as it is when it is too long to be kept.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::formats::Stream;
use dateline_fuzz::{check, origin};

fn read(data: &[u8], size: usize) -> Vec<dateline::exports::article::Article> {
    let mut stream = Stream::of_large_json(origin());
    let mut articles = Vec::new();
    data.chunks(size.max(1)).for_each(|piece| articles.extend(stream.push(piece).0));
    articles.extend(stream.finish().0);
    articles
}

dateline_fuzz::target!(|data: &[u8]| {
    for head in [&b""[..], b"[", b"[{\"title\":\"A\",\"text\":\"B\"},", b"{\"articles\":[{\"title\":"] {
        let data = [head, data].concat();
        check(&read(&data, data.len()));
        check(&read(&data, 7));
    }
});
