//! What other readers say of an article in JSON beside the article itself: whether it was read or starred, and its tags.
//! Miniflux writes entries with `status`, and FreshRSS, Inoreader and The Old Reader write the form of Google Reader, in
//! which the categories say it.

use super::super::draft::Draft;
use crate::text::clean_url;
use serde_json::{Map, Value};

/// Adds the marks of an object to its draft.
pub(super) fn mark(object: &Map<String, Value>, draft: &mut Draft) {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let strings = |name: &str| {
        let values = object.get(name).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        values.iter().filter_map(Value::as_str)
    };
    // Miniflux.
    if object.contains_key("feed_id")
        && let Some(status) = object.get("status").and_then(Value::as_str)
    {
        draft.read |= status == "read";
        draft.starred |= object.get("starred").and_then(Value::as_bool) == Some(true);
        draft.tags.extend(strings("tags").map(str::to_owned));
        draft.source = object.get("feed").and_then(|feed| text(feed, "title")).or(draft.source.take());
        return;
    }
    // Google Reader.
    let states: Vec<&str> = strings("categories").filter(|category| category.starts_with("user/")).collect();
    let origin = object.get("origin").filter(|origin| origin.get("streamId").is_some());
    if states.is_empty() && origin.is_none() {
        return;
    }
    draft.tags.retain(|tag| !tag.starts_with("user/"));
    let has = |state: &str| states.iter().any(|category| category.ends_with(state));
    draft.read |= has("/state/com.google/read");
    draft.starred |= has("/state/com.google/starred");
    let labels = states.iter().filter_map(|category| category.split_once("/label/"));
    draft.tags.extend(labels.map(|(_, label)| label.to_owned()));
    draft.source = origin.and_then(|origin| text(origin, "title")).or(draft.source.take());
    let address = |name: &str| clean_url(object.get(name)?.as_array()?.first()?.get("href")?.as_str()?);
    draft.url = address("canonical").or_else(|| address("alternate")).or(draft.url.take());
}

#[cfg(test)]
mod tests {
    use super::super::super::agency::shown;

    #[test]
    fn miniflux() {
        let text = r#"{"total": 1, "entries": [{"id": 7, "feed_id": 1, "status": "read", "starred": true, "title": "Bridge falls", "url": "https://example.org/1", "published_at": "2022-01-03T10:00:00Z",
            "content": "<p>It fell.</p>", "author": "Ana Petrova", "tags": ["bridges"], "feed": {"id": 1, "title": "Courier", "site_url": "https://example.org/"}}]}"#;
        let found = shown(text);
        assert_eq!(
            found,
            ["Bridge falls | 2022-01-03 | Courier | Ana Petrova | 7 | read,starred,bridges | It fell."]
        );
    }

    #[test]
    fn google_reader() {
        let text = r#"{"id": "user/-/state/com.google/starred", "title": "Favourites", "items": [{"id": "tag:1", "title": "Bridge falls", "published": 1641204000, "author": "Ana Petrova",
            "canonical": [{"href": "https://example.org/1"}], "categories": ["user/-/state/com.google/starred", "user/-/state/com.google/read", "user/-/label/Rivers"],
            "origin": {"streamId": "feed/1", "title": "Courier", "htmlUrl": "https://example.org/"}, "content": {"content": "<p>It fell.</p>"}}]}"#;
        let found = shown(text);
        assert_eq!(
            found,
            ["Bridge falls | 2022-01-03 | Courier | Ana Petrova | tag:1 | read,starred,Rivers | It fell."]
        );
    }
}
