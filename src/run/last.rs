//! The text in which the library stores the reader's last position: one item per line, a word and its value.

use crate::app::Whereabouts;
use crate::app::history::Step;
use crate::app::view::ViewKind;
use crate::article::ArticleId;
use crate::listing::Key;
use chrono::DateTime;

/// Reads the text that [`written`] produced. Items that cannot be read keep their value of the first start.
pub fn read(text: &str) -> Whereabouts {
    let mut whereabouts = Whereabouts::default();
    for (word, value) in text.lines().filter_map(|line| line.split_once(' ')) {
        match word {
            "filter" => value.clone_into(&mut whereabouts.query),
            "view" => {
                // A view that only a later version knows is replaced by the article list.
                whereabouts.view = ViewKind::find(value).unwrap_or_default();
            }
            "article" => whereabouts.selected = key(value),
            "seen" => whereabouts.seen.extend(
                value
                    .split_once(' ')
                    .and_then(|(id, name)| Some((name.to_owned(), ArticleId(id.parse().ok()?)))),
            ),
            "search" => whereabouts.searches.push(value.to_owned()),
            "row" => whereabouts.row = value.parse().unwrap_or(0),
            // A step that only a later version knows cannot be undone by this one.
            "step" => whereabouts.history.extend(Step::read(value)),
            _ => {}
        }
    }
    whereabouts
}

/// Reads the id of an article and its time of publication, in seconds since 1970 or `-` if it has none.
fn key(value: &str) -> Option<Key> {
    let (id, seconds) = value.split_once(' ')?;
    let published = match seconds {
        "-" => None,
        _ => Some(DateTime::from_timestamp(seconds.parse().ok()?, 0)?),
    };
    Some(Key { published, id: ArticleId(id.parse().ok()?) })
}

/// Writes `whereabouts` in the form that [`read`] reads.
pub fn written(whereabouts: &Whereabouts) -> String {
    let Whereabouts { query, view, selected, row, history, searches, seen } = whereabouts;
    let view = view.info().name;
    let mut text = format!("filter {query}\nview {view}\nrow {row}\n");
    if let Some(Key { published, id }) = selected {
        let seconds = published.map_or_else(|| "-".to_owned(), |time| time.timestamp().to_string());
        text.push_str(&format!("article {} {seconds}\n", id.0));
    }
    for (name, id) in seen {
        text.push_str(&format!("seen {} {name}\n", id.0));
    }
    for search in searches {
        text.push_str(&format!("search {search}\n"));
    }
    // The last steps, as many as there is room for.
    let mut steps: Vec<String> = Vec::new();
    for step in history.iter().rev().map(|step| format!("step {}\n", step.written())) {
        if text.len() + steps.iter().map(String::len).sum::<usize>() + step.len() > LONGEST {
            break;
        }
        steps.push(step);
    }
    text.extend(steps.into_iter().rev());
    text
}

/// The most bytes of a written position, unless the filter alone is longer.
const LONGEST: usize = 100_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::listing::ChangeId;

    #[test]
    fn a_written_position_is_read_back() {
        let published = DateTime::from_timestamp(1_640_995_200, 0);
        let left = Whereabouts {
            query: "country:RU -\"west line\" is:unread".to_owned(),
            view: ViewKind::Quotes,
            selected: Some(Key { published, id: ArticleId(17) }),
            row: 3,
            history: vec![
                Step::Filter { before: "gas".to_owned(), after: String::new() },
                Step::Mark { change: ChangeId(-7), words: "3 stories starred".to_owned() },
            ],
            searches: vec!["grain  export".to_owned(), "iran".to_owned()],
            seen: vec![("the gas".to_owned(), ArticleId(17)), ("iran".to_owned(), ArticleId(0))],
        };
        assert_eq!(read(&written(&left)), left);
        let undated = Whereabouts { selected: Some(Key { published: None, id: ArticleId(17) }), ..left };
        assert_eq!(read(&written(&undated)), undated);
        assert_eq!(read(&written(&Whereabouts::default())), Whereabouts::default());
        let step =
            |at: i64| Step::Filter { before: format!("{at} {}", "gas ".repeat(1_000)), after: String::new() };
        let long = Whereabouts { history: (0..200).map(step).collect(), ..Whereabouts::default() };
        let text = written(&long);
        let kept = read(&text).history;
        assert!(text.len() <= LONGEST && kept.len() > 20, "{} {}", text.len(), kept.len());
        assert_eq!(kept.last(), Some(&step(199)));
        assert_eq!(read("view weather\n").view, ViewKind::Articles);
        assert_eq!(read("article x\nview of the sea\n\nrow -1"), Whereabouts::default());
    }
}
