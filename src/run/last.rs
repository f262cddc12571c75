//! Where the reader was left, as the library keeps it: a line a thing, a word and its value.

use crate::annotation::Kind;
use crate::app::Whereabouts;
use crate::app::view::Listed;
use crate::article::ArticleId;
use crate::listing::{FacetKind, Key};
use chrono::DateTime;

const VIEWS: [(&str, Listed); 5] = [
    ("articles", Listed::Articles),
    ("people", Listed::Names(FacetKind::Entity(Kind::Person))),
    ("countries", Listed::Names(FacetKind::Entity(Kind::Country))),
    ("quotes", Listed::Quotes),
    ("days", Listed::Days),
];

/// Reads what [`written`] wrote; what cannot be read is as at the first start.
pub fn read(text: &str) -> Whereabouts {
    let mut whereabouts = Whereabouts::default();
    for (word, value) in text.lines().filter_map(|line| line.split_once(' ')) {
        match word {
            "filter" => value.clone_into(&mut whereabouts.query),
            "view" => {
                let view = VIEWS.iter().find(|(name, _)| *name == value);
                whereabouts.listed = view.map_or(Listed::Articles, |(_, listed)| *listed);
            }
            "article" => whereabouts.selected = key(value),
            "row" => whereabouts.row = value.parse().unwrap_or(0),
            _ => {}
        }
    }
    whereabouts
}

/// The id and the second of publication.
fn key(value: &str) -> Option<Key> {
    let (id, seconds) = value.split_once(' ')?;
    let published = DateTime::from_timestamp(seconds.parse().ok()?, 0)?;
    Some(Key { published, id: ArticleId(id.parse().ok()?) })
}

pub fn written(whereabouts: &Whereabouts) -> String {
    let Whereabouts { query, listed, selected, row } = whereabouts;
    let view = VIEWS.iter().find(|(_, view)| view == listed).map_or("articles", |(name, _)| name);
    let mut text = format!("filter {query}\nview {view}\nrow {row}\n");
    if let Some(Key { published, id }) = selected {
        text.push_str(&format!("article {} {}\n", id.0, published.timestamp()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let published = DateTime::from_timestamp(1_640_995_200, 0).expect("a time");
        let left = Whereabouts {
            query: "country:RU -\"west line\" is:unread".to_owned(),
            listed: Listed::Quotes,
            selected: Some(Key { published, id: ArticleId(17) }),
            row: 3,
        };
        assert_eq!(read(&written(&left)), left);
        assert_eq!(read(&written(&Whereabouts::default())), Whereabouts::default());
        assert_eq!(read("article x\nview of the sea\n\nrow -1"), Whereabouts::default());
    }
}
