//! ninjs 1, 2 and 3 of the IPTC, and dpa's digital wires: news items as JSON objects.
//!
//! In comes one object; out comes a draft, or nothing if the object is no such item.

use super::super::dating::recorded;
use super::super::draft::{Draft, Layout};
use super::super::{html, link};
use super::{Notices, plain_or_html, with_dateline, without_by};
use crate::article::date::Written;
use serde_json::{Map, Value};

type Object = Map<String, Value>;

/// Names that other JSON hardly has, of which an item has at least one beside its identifier.
const SIGNS: [&str; 12] = [
    "versioncreated",
    "versionCreated",
    "version_created",
    "body_xhtml",
    "bodies",
    "headlines",
    "pubstatus",
    "pubStatus",
    "usageterms",
    "usageTerms",
    "copyrightholder",
    "copyrightHolder",
];

/// The draft of a news item, and the number of its version.
pub(in crate::formats) fn draft(object: &Object) -> Option<(Draft, u64)> {
    if !is_item(object) {
        return None;
    }
    let text = |names: &[&str]| names.iter().find_map(|name| one(object.get(*name)?));
    let date = |names: &[&str]| -> Option<Written> {
        names.iter().find_map(|name| recorded(&one(object.get(*name)?)?))
    };
    let title = text(&["headline"])
        .or_else(|| by_role(object, "headlines", &["main", "headline"]).and_then(one))
        .or_else(|| text(&["title", "name", "slugline"]));
    let web = text(&["webcanonical", "canonicalurl", "link", "url", "web"]).or_else(|| text(&["uri"]));
    let url = web.and_then(|address| link::resolve(None, &address));
    let (body, layout) = body(object, url.as_deref());
    let author = text(&["byline", "by"])
        .and_then(|byline| without_by(&byline))
        .or_else(|| names(object, &["bylines", "creator", "creators", "authors"]));
    let source =
        text(&["provider", "source", "creditline", "creditLine", "copyrightholder", "copyrightHolder"])
            .or_else(|| names(object, &["provider", "infosources", "infoSources", "infosource", "service"]))
            .or_else(|| agency(&text(&["urn", "uri", "guid"])?));
    let mut tags: Vec<String> = Vec::new();
    for name in ["keywords", "keyword", "subject", "subjects", "genre", "genres", "categories"] {
        match object.get(name) {
            Some(Value::Array(values)) => tags.extend(values.iter().filter_map(|value| {
                let typed = value.get("type").and_then(Value::as_str).unwrap_or_default();
                // dpa's categories of delivery.
                (!typed.starts_with("dnltype:desk")).then(|| one(value)).flatten()
            })),
            Some(Value::String(word)) => tags.push(word.clone()),
            _ => {}
        }
    }
    let dateline = text(&["dateline"]).or_else(|| text(&["located"]).filter(|_| false));
    let body = match dateline {
        Some(place) => with_dateline(&place, body),
        None => body,
    };
    let mut draft = Draft {
        title: title.unwrap_or_default(),
        body,
        layout,
        url,
        guid: text(&["urn", "uri", "guid"]),
        source,
        author,
        published: date(&[
            "versioncreated",
            "versionCreated",
            "version_created",
            "contentcreated",
            "contentCreated",
            "content_created",
            "firstcreated",
            "firstCreated",
            "first_created",
            "updated",
            "published",
            "date",
        ]),
        language: text(&["language"]),
        tags,
        ..Draft::default()
    };
    let signals =
        object.get("signals").or_else(|| object.get("signal")).map(Value::to_string).unwrap_or_default();
    let notes = text(&["ednote", "edNote", "ed_note", "profile_note"]);
    let status = text(&["pubstatus", "pubStatus", "pub_status"]).unwrap_or_default();
    let notices = Notices {
        is_correction: signals.to_lowercase().contains("correct"),
        embargo: date(&["embargoed", "embargo"]),
        note: notes.unwrap_or_default(),
        status,
    };
    notices.write(&mut draft);
    let version = text(&["version"]).and_then(|version| version.parse().ok()).unwrap_or(0);
    Some((draft, version))
}

fn is_item(object: &Object) -> bool {
    let standard = object.get("standard").or_else(|| object.get("$standard"));
    let named = standard.and_then(|standard| standard.get("name")).and_then(Value::as_str);
    if named.is_some_and(|name| name.eq_ignore_ascii_case("ninjs")) {
        return true;
    }
    let has = |name: &str| object.get(name).is_some_and(|value| !value.is_null());
    let identified =
        ["uri", "urn", "guid"].iter().any(|name| object.get(*name).is_some_and(Value::is_string));
    let signs = SIGNS.iter().filter(|name| has(name)).count();
    let shown = has("headline")
        || has("headlines")
        || has("bodies")
        || SIGNS.iter().any(|name| name.contains("body") && has(name));
    identified && shown && signs > 0 && !has("articles") && !has("items")
}

/// One text in a value: itself, a number, or the name or the text in an object.
fn one(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Object(object) => ["value", "name", "literal", "title", "code"]
            .iter()
            .find_map(|name| object.get(*name).filter(|value| value.is_string()))?
            .as_str()?
            .to_owned(),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some(text)
}

/// The names in the first of some lists that has any.
fn names(object: &Object, lists: &[&str]) -> Option<String> {
    lists.iter().find_map(|list| {
        let found: Vec<String> = match object.get(*list)? {
            Value::Array(values) => {
                values.iter().take(32).filter_map(one).filter_map(|name| without_by(&name)).collect()
            }
            value => one(value).into_iter().collect(),
        };
        (!found.is_empty()).then(|| found.join(", "))
    })
}

/// The agency in `urn:newsml:dpa.com:20090101:220103-1`.
fn agency(urn: &str) -> Option<String> {
    let host = urn.strip_prefix("urn:newsml:")?.split(':').next()?;
    (!host.is_empty()).then(|| host.to_owned())
}

/// The element of a list whose role is the first of `roles` that there is, or else the first element.
fn by_role<'a>(object: &'a Object, list: &str, roles: &[&str]) -> Option<&'a Value> {
    let values = object.get(list)?.as_array()?;
    let of = |role: &str| {
        values
            .iter()
            .find(|value| value.get("role").and_then(Value::as_str).is_some_and(|found| found == role))
    };
    roles.iter().find_map(|role| of(role)).or_else(|| values.first())
}

fn body(object: &Object, own: Option<&str>) -> (String, Layout) {
    let string = |name: &str| object.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
    let html = ["body_xhtml", "body_html", "article_html", "body_html5"].iter().find_map(|name| string(name));
    if let Some(html) = html {
        return html::to_text(html, own, own);
    }
    let bodies = object.get("bodies").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let kind = |value: &Value| {
        let kind = value.get("contentType").or_else(|| value.get("contenttype")).and_then(Value::as_str);
        kind.unwrap_or_default().to_ascii_lowercase()
    };
    let filled =
        |value: &&Value| value.get("value").and_then(Value::as_str).is_some_and(|t| !t.trim().is_empty());
    let main = |value: &&Value| value.get("role").and_then(Value::as_str) == Some("main");
    let html = |value: &&Value| kind(value).contains("html");
    let chosen = bodies
        .iter()
        .filter(filled)
        .find(|value| main(value) && html(value))
        .or_else(|| bodies.iter().filter(filled).find(main))
        .or_else(|| bodies.iter().filter(filled).find(html))
        .or_else(|| bodies.iter().find(filled));
    if let Some(chosen) = chosen {
        let text = chosen.get("value").and_then(Value::as_str).unwrap_or_default();
        return match kind(chosen).contains("html") || kind(chosen).contains("xml") {
            true => html::to_text(text, own, own),
            false => plain_or_html(text, own),
        };
    }
    // A field whose name says its type: `body_text`, `body_sportsml`; then what describes a picture or an event.
    let named = |start: &str| {
        let fields = object.iter().filter(|(name, _)| name.starts_with(start));
        fields.filter_map(|(_, value)| value.as_str()).find(|text| !text.trim().is_empty())
    };
    let described = || by_role(object, "descriptions", &["caption", "main", "summary"]).and_then(one);
    let text = string("body_text").or_else(|| named("body")).map(str::to_owned).or_else(described);
    let text = text.or_else(|| {
        let named = string("description_caption").or_else(|| string("description_text"));
        let other = named.or_else(|| named_description(object)).or_else(|| string("teaser"));
        other.map(str::to_owned)
    });
    plain_or_html(&text.unwrap_or_default(), own)
}

fn named_description(object: &Object) -> Option<&str> {
    let fields = object.iter().filter(|(name, _)| name.starts_with("description"));
    fields.filter_map(|(_, value)| value.as_str()).find(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::shown;

    #[test]
    fn version_1() {
        let text = r#"{"uri": "https://nd.example/news/1", "type": "text", "versioncreated": "2022-01-03T10:00:00Z", "version": "2",
            "byline": "By Ana Petrova", "headline": "Bridge falls", "pubstatus": "usable", "body_xhtml": "<p>It <b>fell</b>.</p><p>So.</p>",
            "copyrightholder": "Northern Desk", "subject": [{"code": "x", "name": "bridges"}], "ednote": "Adds a quote."}"#;
        assert_eq!(
            shown(text),
            [
                "Bridge falls | 2022-01-03 | Northern Desk | Ana Petrova | https://nd.example/news/1 | bridges | [Note of the editors: Adds a quote.] / It fell. / So."
            ]
        );
    }

    #[test]
    fn version_3() {
        let text = r#"{"uri": "urn:newsml:nd.example:1", "standard": {"name": "ninjs", "version": "3.0"}, "versionCreated": "2022-01-03T10:00:00Z",
            "headlines": [{"role": "short", "value": "Bridge"}, {"role": "main", "value": "Bridge falls"}], "by": "Von Ana Petrova",
            "bodies": [{"role": "summary", "contentType": "text/plain", "value": "Short."}, {"role": "main", "contentType": "text/html", "value": "<p>It fell.</p>"}],
            "embargoed": "2022-01-04T06:00:00Z", "copyrightHolder": "Northern Desk"}"#;
        assert_eq!(
            shown(text),
            [
                "Bridge falls | 2022-01-03 | Northern Desk | Ana Petrova | urn:newsml:nd.example:1 | embargo | [Embargoed until 2022-01-04 06:00 UTC] / It fell."
            ]
        );
    }

    #[test]
    fn digital_wires_and_the_last_version() {
        let item = |version: u32, headline: &str, status: &str| {
            format!(
                "{{\"urn\": \"urn:newsml:nd.example:1\", \"version\": {version}, \"version_created\": \"2022-01-0{version}T10:00:00Z\", \"pubstatus\": \"{status}\", \
                 \"headline\": \"{headline}\", \"dateline\": \"Lovech (nd)\", \"article_html\": \"<section><p>Text.</p></section>\"}}"
            )
        };
        let text = format!("[{}, {}]", item(2, "Second", "canceled"), item(1, "First", "usable"));
        assert_eq!(
            shown(&text),
            [
                "Second | 2022-01-02 | nd.example | - | urn:newsml:nd.example:1 | cancelled | [Cancelled by the agency] / Lovech (nd) - Text."
            ]
        );
    }
}
