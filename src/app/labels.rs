//! Labels on the names, quotes and links that are visible: typing a label goes there.
//!
//! A label has one letter where there are few, otherwise two, so that none is the beginning of another. The letters of
//! the home row come first.

use super::reader::Landmark;
use crate::article::ArticleId;

/// The letters of labels, those of the home row first.
const LETTERS: &[u8] = b"asdfghjkleiruwotypqvncmbxz";
/// How many letters of [`LETTERS`] are on the home row. So many labels have one letter.
const HOME: usize = 9;

/// Where a label leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// To a name or a quote in the text: at this line of the article, counted from 0, and this column in cells.
    Text { line: usize, column: u16, landmark: Landmark },
    /// To a link, by its number, at this line of the article.
    Link { line: usize, number: u16 },
    /// To a row of a view that lists names, counted from the first visible row.
    Row(usize),
    /// To a visible line of the pane of names.
    Facet(usize),
}

/// A label and where it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub text: String,
    pub goal: Goal,
}

/// The labels on the screen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Labels {
    labels: Vec<Label>,
    /// The first letter, once it has been typed.
    typed: Option<char>,
    /// The article that the labels are on, and its first visible line.
    pub on: Option<(ArticleId, usize)>,
}

/// What a typed letter means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    Goal(Goal),
    /// It is the first letter of several labels.
    More,
    /// No label has it.
    Nothing,
}

impl Labels {
    /// Labels for these goals, in their order; goals for which there are no labels left get none.
    pub fn new(goals: Vec<Goal>, on: Option<(ArticleId, usize)>) -> Labels {
        let texts = texts(goals.len());
        let labels = texts.zip(goals).map(|(text, goal)| Label { text, goal }).collect();
        Labels { labels, typed: None, on }
    }

    /// The labels that begin with what is typed.
    pub fn left(&self) -> impl Iterator<Item = &Label> {
        self.labels.iter().filter(|label| self.typed.is_none_or(|typed| label.text.starts_with(typed)))
    }

    /// The letter typed so far.
    pub fn typed(&self) -> Option<char> {
        self.typed
    }

    /// Takes back the first letter.
    pub fn take_back(&mut self) {
        self.typed = None;
    }

    /// Takes a letter. Case does not count.
    pub fn take(&mut self, c: char) -> Taken {
        let c = c.to_ascii_lowercase();
        let wanted: String = self.typed.into_iter().chain([c]).collect();
        if let Some(label) = self.labels.iter().find(|label| label.text == wanted) {
            return Taken::Goal(label.goal);
        }
        if self.typed.is_none() && self.labels.iter().any(|label| label.text.starts_with(c)) {
            self.typed = Some(c);
            return Taken::More;
        }
        Taken::Nothing
    }
}

/// The texts of `count` labels.
fn texts(count: usize) -> Box<dyn Iterator<Item = String>> {
    let letter = |at: usize| char::from(LETTERS.get(at).copied().unwrap_or(b'a'));
    if count <= HOME {
        return Box::new((0..count).map(move |at| letter(at).to_string()));
    }
    // The farther from the home row, the later.
    let mut pairs: Vec<(usize, usize)> =
        (0..LETTERS.len() * LETTERS.len()).map(|at| (at / LETTERS.len(), at % LETTERS.len())).collect();
    pairs.sort_by_key(|(first, second)| usize::from(*first >= HOME) + usize::from(*second >= HOME));
    Box::new(pairs.into_iter().take(count).map(move |(first, second)| {
        let text: String = [letter(first), letter(second)].iter().collect();
        text
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn labels(count: usize) -> Labels {
        Labels::new((0..count).map(Goal::Row).collect(), None)
    }

    #[test]
    fn no_label_is_the_beginning_of_another() {
        for count in [0, 1, 9, 10, 26, 27, 80, 81, 82, 300, 676, 900] {
            let all: Vec<String> = labels(count).left().map(|label| label.text.clone()).collect();
            assert_eq!(all.len(), count.min(676), "{count}");
            let set: HashSet<&String> = all.iter().collect();
            assert_eq!(set.len(), all.len());
            let lengths: HashSet<usize> = all.iter().map(String::len).collect();
            assert!(lengths.len() <= 1, "{count}: {lengths:?}");
        }
    }

    #[test]
    fn few_labels_have_one_letter_and_the_home_row_comes_first() {
        let few: Vec<String> = labels(3).left().map(|label| label.text.clone()).collect();
        assert_eq!(few, ["a", "s", "d"]);
        let home = |text: &str| text.bytes().all(|letter| LETTERS[..HOME].contains(&letter));
        assert!(labels(81).left().all(|label| home(&label.text)));
    }

    #[test]
    fn letters_lead_to_goals() {
        assert_eq!(labels(3).take('S'), Taken::Goal(Goal::Row(1)));
        assert_eq!(labels(3).take('x'), Taken::Nothing);
        let mut many = labels(20);
        assert_eq!(many.take('a'), Taken::More);
        assert!(many.left().all(|label| label.text.starts_with('a')));
        assert_eq!(many.take('s'), Taken::Goal(Goal::Row(1)));
        many.take_back();
        assert_eq!(many.left().count(), 20);
    }
}
