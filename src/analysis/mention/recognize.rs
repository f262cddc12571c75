//! The trained tagger over both texts of an article.
//!
//! In: a title and a body, cut up. Out: what the tagger takes for names, by text, over that text's tokens. A thread
//! keeps one tagger with its memory, which never changes what it finds.

use super::Text;
use crate::analysis::tagger::document::Document;
use crate::analysis::tagger::{self, Tagger};
use std::cell::RefCell;

struct Recognizer {
    tagger: Tagger<'static>,
    document: Document,
}

thread_local! {
    // `None` where the shipped model is damaged: then the dictionary alone speaks.
    static RECOGNIZER: RefCell<Option<Recognizer>> = RefCell::new(
        tagger::shipped()
            .ok()
            .map(|model| Recognizer { tagger: Tagger::new(model), document: Document::default() }),
    );
}

/// The names of the title and of the body.
pub fn find(title: &Text<'_>, body: &Text<'_>) -> [Vec<tagger::Name>; 2] {
    let names = RECOGNIZER.with_borrow_mut(|recognizer| {
        let Some(Recognizer { tagger, document }) = recognizer else { return Vec::new() };
        document.clear();
        for text in [title, body] {
            document.push(text.text, &text.tokens, &text.sentences);
        }
        document.finish();
        tagger.tag(document)
    });
    let first = title.tokens.len();
    let split = names.partition_point(|name| name.words.start < first);
    let mut in_title = names;
    let mut in_body = in_title.split_off(split);
    for name in &mut in_body {
        name.words = name.words.start - first..name.words.end - first;
    }
    [in_title, in_body]
}
