//! The trained tagger over both texts of an article.
//!
//! In: a title and a body, cut up. Out: what the tagger takes for names, by text, over that text's tokens. A thread
//! keeps one tagger with its memory, which never changes what it finds.

use super::Text;
use crate::analysis::tagger::document::Document;
use crate::analysis::tagger::{self, Tagger};
use crate::language::Language;
use std::cell::RefCell;

/// Most words of an article whose memory a thread keeps: hardly any has more, and one of megabytes should not
/// hold hundreds of them.
const MOST_KEPT: usize = 1 << 16;

struct Recognizer {
    language: Language,
    tagger: Tagger<'static>,
    document: Document,
}

thread_local! {
    // `None` before the first article, and where the model is damaged: then the dictionary alone decides.
    static RECOGNIZER: RefCell<Option<Recognizer>> = const { RefCell::new(None) };
}

impl Recognizer {
    fn new(language: Language) -> Option<Recognizer> {
        let model = tagger::shipped(language).ok()?;
        Some(Recognizer { language, tagger: Tagger::new(model), document: Document::new(language) })
    }
}

/// The names of the title and of the body.
pub fn find(title: &Text<'_>, body: &Text<'_>) -> [Vec<tagger::Name>; 2] {
    let names = RECOGNIZER.with_borrow_mut(|recognizer| {
        if recognizer.as_ref().is_none_or(|known| known.language != title.language) {
            *recognizer = Recognizer::new(title.language);
        }
        let Some(Recognizer { tagger, document, .. }) = recognizer else { return Vec::new() };
        document.clear();
        for text in [title, body] {
            document.push(text.text, &text.tokens, &text.sentences);
        }
        document.finish();
        let names = tagger.tag(document);
        if document.words.len() > MOST_KEPT {
            *recognizer = None;
        }
        names
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
