//! The searches that were typed before, which a prompt recalls.

/// The texts, the last one first, each once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Earlier {
    texts: Vec<String>,
}

/// The most texts that are kept.
const MOST: usize = 50;
/// The longest text in bytes that is kept.
const LONGEST: usize = 500;

impl Earlier {
    /// The texts of an earlier session, the last one first.
    pub fn new(texts: impl IntoIterator<Item = String>) -> Earlier {
        let mut earlier = Earlier::default();
        let mut texts: Vec<String> = texts.into_iter().take(MOST).collect();
        texts.reverse();
        texts.iter().for_each(|text| earlier.add(text));
        earlier
    }

    pub fn texts(&self) -> &[String] {
        &self.texts
    }

    pub fn add(&mut self, text: &str) {
        let text = text.trim();
        if text.is_empty() || text.len() > LONGEST || text.contains(char::is_control) {
            return;
        }
        self.texts.retain(|earlier| earlier != text);
        self.texts.insert(0, text.to_owned());
        self.texts.truncate(MOST);
    }

    /// The next text before the one at `at` that begins with `start`, as its index; with `None`, the last one.
    pub fn before(&self, at: Option<usize>, start: &str) -> Option<usize> {
        let from = at.map_or(0, |at| at + 1);
        (from..self.texts.len()).find(|at| self.begins(*at, start))
    }

    /// The next text after the one at `at` that begins with `start`.
    pub fn after(&self, at: usize, start: &str) -> Option<usize> {
        (0..at.min(self.texts.len())).rev().find(|at| self.begins(*at, start))
    }

    pub fn text(&self, at: usize) -> Option<&str> {
        self.texts.get(at).map(String::as_str)
    }

    /// Whether a text begins with `start` and has more than that.
    fn begins(&self, at: usize, start: &str) -> bool {
        self.texts.get(at).is_some_and(|text| text.len() > start.len() && text.starts_with(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn earlier_texts_are_recalled_by_their_beginning() {
        let mut earlier = Earlier::new(["iran oil".to_owned(), "grain".to_owned()]);
        earlier.add("iraq");
        earlier.add(" grain ");
        earlier.add("  ");
        assert_eq!(earlier.texts(), ["grain", "iraq", "iran oil"]);
        assert_eq!(earlier.before(None, ""), Some(0));
        assert_eq!(earlier.before(None, "ira"), Some(1));
        assert_eq!(earlier.before(Some(1), "ira"), Some(2));
        assert_eq!(earlier.before(Some(2), "ira"), None);
        assert_eq!(earlier.before(None, "iraq"), None);
        assert_eq!(earlier.after(2, "ira"), Some(1));
        assert_eq!(earlier.after(1, "ira"), None);
    }

    #[test]
    fn they_are_bounded() {
        let mut earlier = Earlier::new((0..99).map(|number| number.to_string()));
        assert_eq!((earlier.texts().len(), earlier.text(0)), (MOST, Some("0")));
        earlier.add(&"x".repeat(LONGEST + 1));
        assert_eq!(earlier.text(0), Some("0"));
    }
}
