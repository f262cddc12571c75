//! The forms that other programs give their indices.
//!
//! In: a mapping. Out: the name of the form, and its fields by their roles.

use super::mapping::Mapping;
use crate::config::archives::FieldMap;

/// The form that another program gives its index; `None` where its mapping is not that of one of them.
pub fn preset(mapping: &Mapping) -> Option<&'static str> {
    let has = |fields: &[&str]| fields.iter().all(|field| mapping.fields.contains_key(*field));
    let joined = mapping.join.as_ref().is_some_and(|(_, relations)| {
        relations.get("Document").is_some_and(|children| children.iter().any(|child| child == "NamedEntity"))
    });
    if joined && has(&["content", "extractionDate"]) {
        Some("datashare")
    } else if has(&["schema", "schemata", "caption"])
        && mapping.fields.keys().any(|field| field.starts_with("properties."))
    {
        Some("openaleph")
    } else if has(&["article_title", "text_content", "publication_date"]) {
        Some("mediacloud")
    } else {
        None
    }
}

/// The fields of a preset. Those that an index does not have are left out.
pub fn fields_of(form: &str) -> FieldMap {
    let mut map = FieldMap::default();
    let of: &[(&str, &[&str])] = match form {
        "datashare" => &[
            (
                "title",
                &["title", "metadata.tika_metadata_dc_title", "metadata.tika_metadata_resourcename", "path"],
            ),
            ("text", &["content"]),
            ("date", &["metadata.tika_metadata_dcterms_created", "metadata.tika_metadata_creation_date"]),
            ("source", &["dirname"]),
            ("author", &["metadata.tika_metadata_dc_creator"]),
            ("language", &["language"]),
            ("people", &["NamedEntity>mentionNorm shown mention where category=PERSON and isHidden!=true"]),
            (
                "orgs",
                &["NamedEntity>mentionNorm shown mention where category=ORGANIZATION and isHidden!=true"],
            ),
            ("places", &["NamedEntity>mentionNorm shown mention where category=LOCATION and isHidden!=true"]),
            ("only", &["type=Document"]),
        ],
        "openaleph" => &[
            ("title", &["properties.title", "caption", "properties.fileName"]),
            ("text", &["properties.bodyText"]),
            ("search", &["content", "text"]),
            ("date", &["properties.publishedAt", "properties.date", "properties.authoredAt"]),
            ("source", &["properties.publisher", "dataset"]),
            ("author", &["properties.author"]),
            ("link", &["properties.sourceUrl"]),
            ("language", &["properties.detectedLanguage", "properties.language"]),
            ("people", &["properties.peopleMentioned"]),
            ("orgs", &["properties.companiesMentioned"]),
            ("places", &["properties.locationMentioned"]),
            ("countries", &["properties.detectedCountry"]),
            ("only", &["schemata=Document"]),
            (
                "without",
                &[
                    "schema=Folder",
                    "schema=Package",
                    "schema=Workbook",
                    "schema=Image",
                    "schema=Audio",
                    "schema=Video",
                ],
            ),
        ],
        "mediacloud" => &[
            ("title", &["article_title"]),
            ("text", &["text_content"]),
            ("date", &["publication_date"]),
            ("source", &["canonical_domain"]),
            ("link", &["url"]),
            ("language", &["language"]),
        ],
        _ => &[],
    };
    for (role, fields) in of {
        map.set(role, fields);
    }
    map
}
