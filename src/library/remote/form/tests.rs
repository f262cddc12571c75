use super::*;
use serde_json::json;

fn mapping(properties: Value) -> Mapping {
    Mapping::read(&json!({ "i": { "mappings": { "properties": properties } } }))
}

fn guessed(properties: Value, documents: &[Value]) -> Form {
    Form::of(mapping(properties), None, &FieldMap::default(), documents, &Listed::new())
}

#[test]
fn a_guess_takes_the_date_of_the_article_and_its_longest_text() {
    let keyword = json!({ "type": "keyword" });
    let mapping = mapping(json!({
        "hed": { "type": "text", "fields": { "raw": keyword } }, "dek": { "type": "text" }, "bodyHtml": { "type": "text" },
        "times": { "properties": {
            "createdAt": { "type": "date" }, "firstPublishedAt": { "type": "date" }, "indexedAt": { "type": "date" },
            "updatedAt": { "type": "date" }
        } },
        "outlet": { "properties": { "name": keyword, "id": keyword } }, "state": keyword, "byline": { "type": "text" },
        "entities": { "type": "nested", "properties": { "kind": keyword, "name": keyword, "id": keyword } }
    }));
    let document = |state: &str| {
        json!({
            "hed": "Harbour <i>opens</i> &amp; closes", "dek": "A short text about it", "bodyHtml": "<p>Long one.</p><p>Two.</p>".repeat(9),
            "times": { "createdAt": "2024-01-01", "firstPublishedAt": "2024-01-02", "indexedAt": "2025-01-01", "updatedAt": "2024-02-02" },
            "outlet": { "name": "Harbour News", "id": "7" }, "state": state, "byline": "By Ann Berg",
            "entities": [{ "kind": "PER", "name": "Ann Berg", "id": "1" }, { "kind": "LOC", "name": "Bergen", "id": "2" }]
        })
    };
    let documents = [document("live"), document("draft")];
    let form = Form::of(mapping, None, &FieldMap::default(), &documents, &Listed::new());
    let of = |role: &str| form.map.get(role).to_vec();
    assert_eq!(of("title"), ["hed"]);
    assert_eq!(of("text"), ["bodyHtml"]);
    assert_eq!(of("date"), ["times.firstPublishedAt"]);
    assert_eq!(of("source"), ["outlet.name"]);
    assert_eq!(of("author"), ["byline"]);
    assert_eq!(of("only"), ["state=live"]);
    assert_eq!(of("people"), ["entities.name where entities.kind=PER"]);
    assert_eq!(form.places.as_ref().expect("places").nested.as_deref(), Some("entities"));
    let article = form.article(&documents[0], "1", None, "desk");
    assert_eq!((article.title.as_str(), article.source.as_str()), ("Harbour opens & closes", "Harbour News"));
    assert!(article.body.starts_with("Long one.\n\nTwo."), "{}", article.body);
}

#[test]
fn an_index_of_numbers_and_no_telling_names_is_read_too() {
    let mapping = mapping(json!({
        "ts": { "type": "long" }, "crawled": { "type": "long" }, "timestamp": { "type": "long" },
        "subject": { "type": "text" }, "parts": { "type": "nested", "properties": { "t": { "type": "text" }, "nr": { "type": "integer" } } }
    }));
    let documents = [json!({
        "timestamp": 1_709_541_000_000i64, "crawled": 1_809_541_000_000i64, "subject": "Rain in the north of the country",
        "parts": [{ "nr": 2, "t": "second part of the report on rain, with more words" }, { "nr": 1, "t": "first part" }]
    })];
    let form = Form::of(mapping, None, &FieldMap::default(), &documents, &Listed::new());
    assert_eq!(
        form.dated,
        Some(Dated { field: "timestamp".to_owned(), kind: DateKind::Number(1000), is_real: false })
    );
    assert_eq!(form.map.get("title"), ["subject"]);
    let article = form.article(&documents[0], "1", None, "desk");
    assert!(article.body.starts_with("first part\n\nsecond part"), "{}", article.body);
    assert_eq!(article.source, "desk");
}

#[test]
fn values_are_found_through_lists_and_joined_names() {
    let document = json!({ "a": [{ "b.c": 1 }, { "b": { "c": [2, null] } }], "d": null });
    assert_eq!(documents::values(&document, "a.b.c"), [&json!(1), &json!([2, null])]);
    assert_eq!(documents::values(&document, "d.x"), Vec::<&Value>::new());
}

fn dynamic() -> Value {
    json!({ "type": "text", "fields": { "keyword": { "type": "keyword", "ignore_above": 256 } } })
}

/// A content system with the title below `fields`, lists in every field, a body of HTML in sections, four dates of which one
/// is the article's, and drafts.
#[test]
fn a_content_system_is_read() {
    let properties = json!({
        "fields": { "properties": { "headline": dynamic(), "standfirst": dynamic(), "byline": dynamic() } },
        "sections": { "properties": { "heading": dynamic(), "html": dynamic() } },
        "created_ms": { "type": "long" }, "published_s": { "type": "long" }, "indexed": { "type": "date" },
        "modified": dynamic(), "workflow": dynamic(), "brand": { "properties": { "name": dynamic(), "id": { "type": "long" } } },
        "contentType": dynamic(), "tags": dynamic()
    });
    let document = |day: i64, state: &str| {
        json!({
            "fields": { "headline": [format!("Council <em>agrees</em> on harbour dues, day {day}")], "standfirst": ["A short one of two lines"], "byline": ["Ann Berg"] },
            "sections": [
                { "heading": ["The vote"], "html": [format!("<p>The council of Bergen voted on day {day} &amp; went home.</p><p>It rained for most of the day.</p>")] },
                { "heading": ["What follows"], "html": ["<p>Ships pay from the first of June on, said the harbour master.</p>"] }
            ],
            "created_ms": [(1_709_541_000 + 86_400 * day) * 1_000 - 7_200_000], "published_s": [1_709_541_000 + 86_400 * day],
            "indexed": ["2025-01-01T00:00:00Z"], "modified": ["2024-06-01 10:00:00"], "workflow": [state],
            "brand": { "name": ["The Fjord Post"], "id": [4] }, "contentType": ["article"], "tags": ["harbour", "dues"]
        })
    };
    let documents = [
        document(0, "published"),
        document(1, "in_review"),
        document(2, "published"),
        document(3, "published"),
    ];
    let form = guessed(properties, &documents);
    let of = |role: &str| form.map.get(role).to_vec();
    assert_eq!(of("title")[0], "fields.headline");
    assert_eq!((of("text"), of("date")), (vec!["sections.html".to_owned()], vec!["published_s".to_owned()]));
    assert_eq!(
        (of("source"), of("author")),
        (vec!["brand.name".to_owned()], vec!["fields.byline".to_owned()])
    );
    assert_eq!(of("only"), ["workflow=published"]);
    assert_eq!(form.conditions("only"), [("workflow.keyword".to_owned(), "published".to_owned())]);
    let article = form.article(&documents[0], "1", None, "desk");
    assert_eq!(article.title, "Council agrees on harbour dues, day 0");
    assert!(
        article.body.starts_with(
            "The council of Bergen voted on day 0 & went home.\n\nIt rained for most of the day.\n\nShips pay"
        ),
        "{}",
        article.body
    );
}

/// What a crawler's pipeline stores: a time stamp of its own, the date as a text that nothing can be sorted by, the page itself
/// beside the text.
#[test]
fn a_crawlers_pipeline_is_read() {
    let text = json!({ "type": "text" });
    let properties = json!({
        "@timestamp": { "type": "date" }, "@version": dynamic(), "message": text, "maintext": text, "raw_html": text, "title": text,
        "date_publish": text, "date_download": text, "source_domain": dynamic(), "url": dynamic(), "language": dynamic(),
        "authors": dynamic(), "host": { "properties": { "name": dynamic() } }, "log": { "properties": { "offset": { "type": "long" } } }
    });
    let document = |day: u32| {
        json!({
            "@timestamp": "2025-01-01T10:00:00Z", "@version": "1", "message": "ok", "title": format!("Rain in Bergen on day {day}"),
            "maintext": format!("It rained in Bergen on day {day}, and nobody was surprised by it. The harbour stayed open all day long."),
            "raw_html": format!("<!DOCTYPE html><html><body>{}</body></html>", "<p>It rained in Bergen.</p>".repeat(200)),
            "date_publish": format!("2024-03-{day:02} 08:30:00"), "date_download": "2025-01-01 09:59:00", "source_domain": "fjordpost.example",
            "url": format!("https://fjordpost.example/{day}"), "language": "en", "authors": ["Ann Berg", "Lev Sund"], "host": { "name": "crawl-7" },
            "log": { "offset": 17 }
        })
    };
    let documents: Vec<Value> = (1..8).map(document).collect();
    let form = guessed(properties.clone(), &documents);
    let of = |role: &str| form.map.get(role).to_vec();
    assert_eq!((of("title"), of("text")), (vec!["title".to_owned()], vec!["maintext".to_owned()]));
    assert_eq!(
        (of("date"), of("source")),
        (vec!["date_publish".to_owned()], vec!["source_domain".to_owned()])
    );
    // Nothing can be sorted by it, and it is shown all the same.
    assert_eq!(form.dated, None);
    assert_eq!(
        form.published(&documents[0]).map(|at| at.to_rfc3339()).as_deref(),
        Some("2024-03-01T08:30:00+00:00")
    );
    assert!(form.row_fields().contains(&"date_publish"));
    // The same text with whole values beside it is in the order of time.
    let mut sorted = properties;
    sorted["date_publish"] = dynamic();
    let dated = guessed(sorted, &documents).dated.expect("a date");
    assert_eq!(dated.field, "date_publish.keyword");
    assert!(matches!(dated.kind, DateKind::Text(_)));
}

/// A blog of many types of posts, as its plugin for search writes it.
#[test]
fn a_blog_is_read() {
    let properties = json!({
        "post_id": { "type": "long" }, "post_title": dynamic(), "post_content": { "type": "text" }, "post_excerpt": { "type": "text" },
        "post_date": { "type": "date", "format": "yyyy-MM-dd HH:mm:ss" }, "post_date_gmt": { "type": "date", "format": "yyyy-MM-dd HH:mm:ss" },
        "post_modified": { "type": "date", "format": "yyyy-MM-dd HH:mm:ss" }, "post_status": { "type": "keyword" },
        "post_type": dynamic(), "post_author": { "properties": { "display_name": dynamic(), "id": { "type": "long" } } },
        "permalink": dynamic(), "comment_status": { "type": "keyword" }
    });
    let document = |day: u32, kind: &str| {
        json!({
            "post_id": day, "post_title": format!("Ferry news {day}"), "post_content": "<p>The night ferry sails again from Monday on.</p><p>Tickets are sold at the quay.</p>",
            "post_excerpt": "The night ferry sails again from Monday on, with a longer summary of what there is in it to read about.",
            "post_date": format!("2024-03-{day:02} 09:30:00"), "post_date_gmt": format!("2024-03-{day:02} 08:30:00"), "post_modified": "2024-05-01 08:30:00",
            "post_status": "publish", "post_type": kind, "post_author": { "display_name": "Ann Berg", "id": 7 },
            "permalink": format!("https://blog.example/{day}"), "comment_status": "open"
        })
    };
    let documents = [document(1, "post"), document(2, "attachment"), document(3, "post")];
    let listed = Listed::from([("post_status".to_owned(), vec!["publish".to_owned(), "draft".to_owned()])]);
    let form = Form::of(mapping(properties), None, &FieldMap::default(), &documents, &listed);
    let of = |role: &str| form.map.get(role).to_vec();
    assert_eq!((of("title")[0].as_str(), of("text")), ("post_title", vec!["post_content".to_owned()]));
    assert_eq!(of("date"), ["post_date_gmt"]);
    assert_eq!(
        (of("only"), of("without")),
        (vec!["post_status=publish".to_owned()], vec!["post_type=attachment".to_owned()])
    );
    assert_eq!(
        (of("author"), of("link")),
        (vec!["post_author.display_name".to_owned()], vec!["permalink".to_owned()])
    );
}

/// Documents of which not everything is stored, and an object whose fields the mapping does not name.
#[test]
fn what_the_documents_do_not_have_is_looked_for_beside_them() {
    let read = Mapping::read(&json!({ "i": { "mappings": {
        "_source": { "excludes": ["headline", "body"] },
        "properties": {
            "headline": { "type": "text", "fields": { "raw": { "type": "keyword" } } }, "body": { "type": "text", "store": true },
            "meta": { "type": "flattened" }
        }
    } } }));
    let documents = [
        json!({ "meta": { "published": "2024-03-05T10:00:00Z", "paper": "The Fjord Post" } }),
        json!({ "meta": { "published": "2024-03-06T10:00:00Z", "paper": "The Fjord Post" } }),
    ];
    let form = Form::of(read, None, &FieldMap::default(), &documents, &Listed::new());
    let of = |role: &str| form.map.get(role).to_vec();
    assert_eq!((of("title")[0].as_str(), of("text")), ("headline", vec!["body".to_owned()]));
    assert_eq!(
        (of("date"), of("source")),
        (vec!["meta.published".to_owned()], vec!["meta.paper".to_owned()])
    );
    assert_eq!(
        form.beside(&["title", "text"]),
        [("headline", "headline.raw".to_owned(), false), ("body", "body".to_owned(), true)]
    );
    assert!(form.is_searched(&of("title")) && !form.is_searched(&of("source")));
}
