//! What a library keeps of the sources, in the store and in the double.

use super::{Engine, engines};
use crate::library::sources::{FullText, Hold, Reason, Standing, Wishes};
use chrono::{DateTime, Utc};
use std::time::Duration;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).expect("a time")
}

#[test]
fn what_is_kept_of_a_source_comes_back() {
    for Engine(library) in engines() {
        let wishes = Wishes {
            tags: vec!["world".to_owned(), "two words".to_owned()],
            interval: Some(Duration::from_secs(7200)),
            keep_for: Some(Duration::from_secs(86_400)),
            keep_most: Some(500),
            paused: true,
            text: FullText::FromPage,
        };
        let id =
            library.add_source("https://a.test/f", "Wire", Some("https://a.test/"), &wishes).expect("added");
        let standing = Standing {
            etag: Some("\"1\"".to_owned()),
            fetched: Some(at(5)),
            due: Some(at(9)),
            hold: Some(Hold { until: at(8), reason: Reason::Busy }),
            failures: 2,
            error: Some("no answer".to_owned()),
            gone: true,
            ..Standing::default()
        };
        library.record_standings(&[(id, standing.clone())]).expect("recorded");
        let sources = library.sources().expect("sources");
        assert_eq!(sources.len(), 1);
        assert_eq!((&sources[0].wishes, &sources[0].standing), (&wishes, &standing));
        assert_eq!(sources[0].site.as_deref(), Some("https://a.test/"));
        library.remove_source(id).expect("removed");
        assert_eq!(library.sources().expect("sources"), []);
    }
}

#[test]
fn no_two_sources_have_one_name() {
    for Engine(library) in engines() {
        for address in ["https://a.test/f", "https://b.test/f", "https://b.test/g"] {
            library.add_source(address, "News", None, &Wishes::default()).expect("added");
        }
        let names: Vec<String> =
            library.sources().expect("sources").into_iter().map(|source| source.name).collect();
        assert_eq!(names, ["News", "News (b.test)", "News (b.test) 2"]);
        assert!(library.add_source("https://a.test/f", "Other", None, &Wishes::default()).is_err());
    }
}

#[test]
fn a_source_is_claimed_by_one_until_the_claim_is_over() {
    for Engine(library) in engines() {
        let id = library.add_source("https://a.test/f", "A", None, &Wishes::default()).expect("added");
        let claim =
            |who: i64, now: i64| library.claim_sources(&[id], who, at(now), at(now + 60)).expect("asked");
        assert_eq!(claim(1, 0), [id]);
        assert_eq!(claim(2, 30), []);
        assert_eq!(claim(2, 60), [id]);
        library.record_standings(&[(id, Standing::default())]).expect("recorded");
        assert_eq!(claim(1, 61), [id]);
        library.give_back(1).expect("given back");
        assert_eq!(claim(2, 62), [id]);
    }
}
