use super::*;
use crate::annotation::{Analysis, Entity, EntityIndex, Kind, Mention};
use crate::article::Article;
use crate::listing::{TextOf, Validity};
use chrono::DateTime;
use proptest::prelude::*;

/// A reader of `width` by 6 cells that shows an article with a person at each `@`.
fn reader(title: &str, body: &str, width: usize) -> Reader {
    let mut analysis = Analysis::default();
    let entity = |name: &str| Entity {
        kind: Kind::Person,
        name: name.to_owned(),
        code: None,
        country: None,
        salience: 1.0,
    };
    for (field, text) in [(Field::Title, title), (Field::Body, body)] {
        for (at, _) in text.match_indices('@') {
            let index = EntityIndex(analysis.entities.len() as u32);
            analysis.entities.push(entity(&index.0.to_string()));
            analysis.mentions.push(Mention { field, span: Span::new(at, at + 1), entity: index });
        }
    }
    let article = Article {
        path: None,
        url: None,
        guid: None,
        source: "Wire".to_owned(),
        title: title.to_owned(),
        author: None,
        language: None,
        published: Some(DateTime::default()),
        body: body.to_owned(),
    };
    let stored = Stored {
        thread: None,
        copies: Vec::new(),
        id: ArticleId(1),
        article,
        analysis,
        validity: Validity::Current,
        read: false,
        starred: false,
        tags: Vec::new(),
        position: 0,
        text: TextOf::Source,
    };
    let mut reader = Reader::default();
    reader.set_look(Look { width, height: 6, tags: lit_at_first() });
    reader.show(Box::new(stored), &Query::everything());
    reader
}

/// The names that are walked through, and `|` where there are no more.
fn check(reader: &mut Reader, way: Way, expected: &str) {
    let mut walked = String::new();
    for _ in 0..8 {
        if !reader.walk(Walk::Names, way) {
            walked.push('|');
            break;
        }
        walked.push_str(&reader.under().expect("a landmark").entity.expect("a name").name);
    }
    assert_eq!(walked, expected);
}

#[test]
fn names_are_walked_from_the_title_to_the_end_and_back() {
    let mut reader = reader("a @ b", "one @ two\n\n@\n\nthree @", 20);
    check(&mut reader, Way::Forward, "0123|");
    check(&mut reader, Way::Back, "210|");
}

#[test]
fn a_walk_begins_at_what_is_seen() {
    let body = "@ line\n".repeat(20);
    let mut reader = reader("title", &body, 20);
    reader.scroll_by(13);
    assert!(reader.walk(Walk::Names, Way::Forward));
    let first = reader.under().expect("a landmark").entity.expect("a name").name.clone();
    assert_eq!(first, "5");
    reader.scroll_by(-99);
    assert!(reader.walk(Walk::Names, Way::Forward));
    assert_eq!(reader.under().expect("a landmark").entity.expect("a name").name, "0");
}

#[test]
fn what_is_shut_off_is_not_walked() {
    let mut reader = reader("@", "@", 20);
    assert!(reader.walk(Walk::Names, Way::Forward));
    reader.set_look(Look { tags: Tags::NONE, ..reader.look() });
    assert!(reader.under().is_none());
    check(&mut reader, Way::Forward, "|");
}

#[test]
fn an_empty_article_is_read_too() {
    let mut reader = reader("", "", 20);
    check(&mut reader, Way::Forward, "|");
    check(&mut reader, Way::Back, "|");
    reader.scroll_by(5);
    assert_eq!(reader.pages(), (1, 1));
}

#[test]
fn pages_are_counted_to_the_end() {
    let mut reader = reader("title", &"line\n".repeat(20), 20);
    let mut pages = vec![reader.pages()];
    for _ in 0..4 {
        reader.scroll_by(5);
        pages.push(reader.pages());
    }
    reader.scroll_by(99);
    pages.push(reader.pages());
    // 42 lines including the title and the blank lines, six at a time.
    assert_eq!(pages, [(1, 7), (1, 7), (2, 7), (3, 7), (4, 7), (7, 7)]);
}

proptest! {
    #[test]
    fn every_byte_is_on_the_line_that_is_said_to_hold_it(
        body in "[a-z @東\n]{0,200}", width in 1usize..30, scroll in -50i64..50,
    ) {
        let mut reader = reader("some @ title", &body, width);
        reader.scroll_by(scroll);
        let shown = reader.shown().expect("an article");
        for (at, line) in shown.text.lines().iter().enumerate() {
            if let TextLine::Body(span) = line && !span.is_empty() {
                prop_assert_eq!(shown.text.line_of(Field::Body, span.start), at);
                prop_assert_eq!(shown.text.line_of(Field::Body, span.end - 1), at);
            }
        }
        prop_assert!(shown.visible(6).len() <= 6);
        while reader.walk(Walk::Names, Way::Forward) {
            let Reader { shown: Some(shown), .. } = &reader else { unreachable!("an article is shown") };
            let (field, span) = shown.span_of(shown.landmark.expect("a landmark")).expect("a span");
            let line = shown.text.line_of(field, span.start);
            prop_assert!(line >= shown.top && line < shown.top + 6, "the cursor is seen");
        }
    }
}
