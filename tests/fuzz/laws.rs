//! What holds for every article that a parser gives, and what is known of the bytes that the targets read.

mod drive;

pub use drive::drive;
#[cfg(feature = "libfuzzer")]
pub use libfuzzer_sys;

use dateline::exports::article::Article;
use dateline::exports::formats::{Origin, Stream};
use dateline::exports::text::{clean_body, clean_line};

pub fn origin() -> Origin {
    Origin { path: Some("a.txt".to_owned()), source: "Wire".to_owned(), time: Default::default() }
}

/// Every text of every article is clean, and none is empty throughout.
pub fn check(articles: &[Article]) {
    for article in articles {
        assert_eq!(clean_body(&article.body), article.body);
        assert_eq!(clean_line(&article.title), article.title);
        assert!(!article.source.is_empty());
        assert!(!article.title.is_empty() || !article.body.is_empty());
        if let Some(url) = &article.url {
            assert!(url.starts_with("https://") || url.starts_with("http://"), "{url}");
        }
    }
}

/// A file is read the same however it is cut into pieces.
pub fn check_pieces(data: &[u8]) {
    let read = |pieces: &[&[u8]]| {
        let mut stream = Stream::new(origin());
        let mut articles = Vec::new();
        pieces.iter().for_each(|piece| articles.extend(stream.push(piece).0));
        articles.extend(stream.finish().0);
        articles
    };
    let whole = read(&[data]);
    check(&whole);
    let (one, two) = data.split_at(data.len() / 3);
    assert_eq!(read(&[one, two]), whole);
}

/// The same for data behind the beginning of a format.
pub fn check_behind(head: &[u8], data: &[u8]) {
    check_pieces(&[head, data].concat());
}

/// The target of a binary: what is done with the bytes of one input.
#[cfg(feature = "libfuzzer")]
#[macro_export]
macro_rules! target {
    (|$data:ident: &[u8]| $body:block) => {
        $crate::libfuzzer_sys::fuzz_target!(|$data: &[u8]| $body);
    };
}

/// The target of a binary: what is done with the bytes of one input.
#[cfg(not(feature = "libfuzzer"))]
#[macro_export]
macro_rules! target {
    (|$data:ident: &[u8]| $body:block) => {
        fn main() {
            $crate::drive(|$data: &[u8]| $body);
        }
    };
}
