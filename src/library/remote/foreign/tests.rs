use super::pages::compare;
use super::*;
use crate::fetch::Limits;
use crate::library::Backend;
use crate::library::remote::tests::{Archive, answering, reading, servers};
use crate::listing::{Count, Window};
use crate::query::{Query, Sort};
use std::collections::BTreeSet;

/// A server that answers `GET /` and the question for the mapping, and all searches with what a function makes of their bodies.
fn serve(mapping: Value, search: impl Fn(&Value) -> Value + Send + 'static) -> String {
    answering(move |path, body| {
        let read = |line: &[u8]| serde_json::from_slice(line).unwrap_or(Value::Null);
        let answer = match path {
            "/" => json!({ "version": { "number": "8.19.0" } }),
            _ if path.ends_with("_mapping") => json!({ "x": { "mappings": mapping } }),
            _ if path.ends_with("_msearch") => {
                let lines = body.split(|byte| *byte == b'\n').skip(1).step_by(2);
                let lines = lines.filter(|line| !line.is_empty());
                json!({ "responses": lines.map(|line| search(&read(line))).collect::<Vec<_>>() })
            }
            _ => search(&read(body)),
        };
        answer.to_string()
    })
}

fn open(address: &str) -> (tempfile::TempDir, Arc<dyn Backend>) {
    let folder = tempfile::tempdir().expect("a folder");
    let own = folder.path().join("archives.db");
    let fetcher = Fetcher::new(Limits::default());
    let opened = crate::library::remote::open(address, &fetcher, None, &own, reading()).expect("an index");
    (folder, opened)
}

fn desk() -> Value {
    json!({ "properties": {
        "headline": { "type": "text" }, "story": { "type": "text" }, "published": { "type": "date" }, "paper": { "type": "keyword" }
    } })
}

fn document(number: usize, date: Option<i64>) -> Value {
    json!({
        "headline": format!("Report number {number} from the harbour"), "paper": "North",
        "story": format!("The board of the harbour met for the {number}th time and talked about rope, rain and dues."),
        "published": date
    })
}

/// Everything that is listed by pages of some size, forwards.
fn by_pages(archive: &dyn Backend, query: &Query, limit: usize) -> Vec<i64> {
    let (mut found, mut window) = (Vec::new(), Window::First { limit });
    loop {
        let page = archive.page(query, window, &Cancel::new()).expect("a page");
        assert_eq!(page.offset, found.len() as u64);
        let Some(last) = page.rows.last() else { return found };
        window = Window::After { key: last.key, limit };
        found.extend(page.rows.iter().map(|row| row.key.id.0));
    }
}

/// Holds pages in every direction to the whole list.
fn check_pages(archive: &dyn Backend, query: &Query, expected: usize, limits: &[usize], steps: usize) {
    let all = archive.page(query, Window::First { limit: usize::MAX }, &Cancel::new()).expect("a page");
    assert_eq!((all.rows.len(), all.total), (expected, Count::Exactly(expected as u64)));
    let keys: Vec<i64> = all.rows.iter().map(|row| row.key.id.0).collect();
    assert_eq!(keys.iter().collect::<BTreeSet<_>>().len(), expected);
    let dates: Vec<_> = all.rows.iter().map(|row| row.key.published).collect();
    let undated = dates.iter().position(Option::is_none).unwrap_or(dates.len());
    assert!(dates[undated..].iter().all(Option::is_none), "undated articles come last");
    for limit in limits {
        assert_eq!(by_pages(archive, query, *limit), keys, "{limit}");
    }
    for (place, row) in all.rows.iter().enumerate().step_by(steps) {
        let page = |window| archive.page(query, window, &Cancel::new()).expect("a page");
        let ids = |window| page(window).rows.iter().map(|row| row.key.id.0).collect::<Vec<_>>();
        let around = Window::Around { key: row.key, before: 3, after: 2 };
        let start = place.saturating_sub(3);
        assert_eq!(ids(around), keys[start..expected.min(place + 3)], "{place}");
        assert_eq!(page(around).offset, start as u64);
        let before = Window::Before { key: row.key, limit: 4 };
        assert_eq!(ids(before), keys[place.saturating_sub(4)..place], "{place}");
        assert_eq!(page(before).offset, place.saturating_sub(4) as u64);
        let row = Window::Row { row: place as u64, before: 2, after: 2 };
        assert_eq!(ids(row), keys[place.saturating_sub(2)..expected.min(place + 3)], "{place}");
    }
    let last = archive.page(query, Window::Last { limit: 5 }, &Cancel::new()).expect("a page");
    assert_eq!(last.rows.iter().map(|row| row.key.id.0).collect::<Vec<_>>(), keys[expected - 5..]);
}

/// Sixty documents in five parts of an index with two dates: five of each date and number have one place.
#[test]
fn articles_of_one_place_are_all_listed() {
    let documents: Vec<(Value, String)> = (0..60usize)
        .map(|number| {
            (json!([if number < 30 { 2_000 } else { 1_000 }, number % 6, "x"]), format!("d{number}"))
        })
        .collect();
    let address = serve(desk(), move |body| {
        let back = body["sort"][0]["published"]["order"] == "asc";
        let ways = [true, true, false];
        let compare = |one: &Value, other: &Value| {
            let order = compare(&ways, one, other).expect("an order");
            if back { order.reverse() } else { order }
        };
        let mut sorted = documents.clone();
        // Of one place, the order is that of the parts.
        sorted.sort_by(|one, other| compare(&one.0, &other.0));
        if body["search_after"].is_array() {
            sorted.retain(|(sort, _)| compare(sort, &body["search_after"]).is_gt());
        }
        let size = body["size"].as_u64().unwrap_or(10) as usize;
        let hits: Vec<Value> = sorted
            .iter()
            .take(size)
            .enumerate()
            .map(|(at, (sort, id))| {
                json!({ "_index": "x", "_id": id, "sort": sort, "_source": document(at, None), "fields": { "published": [sort[0]] } })
            })
            .collect();
        json!({ "_shards": { "total": 5, "failed": 0 }, "hits": { "total": { "value": 60 }, "hits": hits } })
    });
    let (_folder, archive) = open(&address);
    let page = |window| archive.page(&Query::everything(), window, &Cancel::new()).expect("a page").rows;
    let all: Vec<_> = page(Window::First { limit: 500 }).iter().map(|row| row.key).collect();
    assert_eq!(all.iter().map(|key| key.id).collect::<BTreeSet<_>>().len(), 60);
    for limit in [1, 2, 3, 7, 59] {
        let (mut found, mut rows) = (Vec::new(), page(Window::First { limit }));
        while let Some(last) = rows.last() {
            assert!(rows.len() <= limit);
            let key = last.key;
            found.extend(rows.iter().map(|row| row.key));
            rows = page(Window::After { key, limit });
        }
        assert_eq!(found, all, "{limit}");
        let (mut found, mut rows) = (Vec::new(), page(Window::Last { limit }));
        while let Some(first) = rows.first() {
            let key = first.key;
            found.splice(0..0, rows.iter().map(|row| row.key));
            rows = page(Window::Before { key, limit });
        }
        assert_eq!(found, all, "{limit}");
    }
}

/// A page that is the same for ever ends: nothing asks for it again and again.
#[test]
fn a_server_that_does_not_go_on_is_not_asked_for_ever() {
    for (wide, sorted) in [(false, true), (true, true), (true, false)] {
        let address = serve(desk(), move |body| {
            let size = if wide { 2_000 } else { body["size"].as_u64().unwrap_or(10).min(50) };
            let hits: Vec<Value> = (0..size)
                .map(|at| {
                    let sort = if sorted { json!([5_000, 1, "x"]) } else { json!([5_000, at, "x"]) };
                    json!({ "_index": "x", "_id": format!("d{at}"), "sort": sort, "_source": document(at as usize, None) })
                })
                .collect();
            json!({ "hits": { "total": { "value": 1_000_000 }, "hits": hits }, "_shards": { "total": 9 } })
        });
        let (_folder, archive) = open(&address);
        let cancel = Cancel::new();
        let _ = archive.page(&Query::everything(), Window::First { limit: 100_000 }, &cancel);
        let _ =
            archive.page(&Query::everything(), Window::Row { row: 700_000, before: 9, after: 9 }, &cancel);
        let _ = archive.ids(&Query::everything(), &cancel);
        let mut pieces = 0;
        let mut take = |_| {
            pieces += 1;
            assert!(pieces < 100, "it does not end");
            Ok(())
        };
        let _ = archive.each(&Query::everything(), &mut take, &cancel);
        let _ = archive.quotes(&Query::everything(), 50, &cancel);
    }
}

/// A part of an index that does not answer is an error, and no shorter list.
#[test]
fn an_answer_without_some_parts_is_an_error() {
    let address = serve(desk(), |body| {
        let failures = json!([{ "reason": { "reason": "the disk is broken" } }]);
        let shards = json!({ "total": 5, "failed": u8::from(body["sort"].is_array()), "failures": failures });
        json!({ "_shards": shards, "hits": { "total": { "value": 0 }, "hits": [] } })
    });
    let (_folder, archive) = open(&address);
    let error = archive
        .page(&Query::everything(), Window::First { limit: 9 }, &Cancel::new())
        .expect_err("some parts failed")
        .to_string();
    assert!(error.contains("1 of its 5 parts could not search: the disk is broken"), "{error}");
}

/// An index of five parts with 1,000 articles of three dates, and some without one.
#[test]
fn an_index_in_parts_is_listed_whole() {
    for server in servers() {
        let archive = Archive::new(&server);
        let name = format!("{}-parts", archive.0.name());
        let (asked, cancel) = (&archive.0.server, Cancel::new());
        let mapping =
            json!({ "settings": { "number_of_shards": 5, "number_of_replicas": 0 }, "mappings": desk() });
        asked.ask("PUT", &format!("/{name}"), Some(&mapping), &cancel).expect("made");
        let mut lines = String::new();
        for number in 0..1_000 {
            let date = [Some(1), Some(2), Some(3), None][number % 4]
                .map(|day| 1_709_251_200_000i64 + day * 86_400_000);
            lines.push_str(&format!(
                "{}\n{}\n",
                json!({ "index": { "_index": name, "_id": format!("a{number}") } }),
                document(number, date)
            ));
        }
        asked.lines("/_bulk?refresh=true", lines.as_bytes(), &cancel).expect("filled");
        let (_folder, other) = open(&format!("{server}/{name}"));
        for sort in [Sort::Date, Sort::Oldest] {
            check_pages(&*other, &Query { sort, ..Query::everything() }, 1_000, &[7, 100, 999], 37);
        }
        let filter = crate::library::tests::query("harbour OR rope").filter;
        let query = Query { sort: Sort::Relevance, filter, ..Query::everything() };
        check_pages(&*other, &query, 1_000, &[333], 97);
        let mut articles = 0;
        let mut take = |taken: Vec<crate::article::Article>| {
            articles += taken.len();
            Ok(())
        };
        other.each(&Query::everything(), &mut take, &cancel).expect("each");
        assert_eq!(articles, 1_000);
        let days = other.timeline(&Query::everything(), &cancel).expect("days");
        assert_eq!(days.iter().map(|(_, count)| *count).collect::<Vec<_>>(), [250, 250, 250]);
        asked.ask("DELETE", &format!("/{name}"), None, &cancel).expect("deleted");
    }
}

/// Documents whose ids differ in their last figures have numbers of their own.
#[test]
fn documents_that_are_counted_have_numbers_of_their_own() {
    let number =
        |at: u32| crate::library::identity::Hash::of(&["document", "news", &at.to_string()]).number();
    let numbers: BTreeSet<i64> = (0..100_000).map(number).collect();
    assert_eq!(numbers.len(), 100_000);
    assert!(numbers.iter().all(|number| (0..1 << 62).contains(number)));
}
