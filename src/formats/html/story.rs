//! The part of a page that tells its story, found by a port of Mozilla's Readability (`dom_smoothie`).
//!
//! In comes the tree of a page. Readability removes everything else from that very tree, so that the page is parsed
//! once: `legible`, the port that was used before, accepts and returns text only, so that a page was parsed by our own
//! reader for its metadata, by `legible`, and by our own reader again. Figures are in the documentation of `page`.

use super::tree::{Element, Tree};
use dom_smoothie::{Config, Readability};

/// Pages with more elements than this do not go through Readability.
const ELEMENT_CAP: usize = 100_000;
/// The shortest story, in characters. For a shorter one Readability restores what it had removed, which is no help.
const STORY_LEAST: usize = 500;
/// The `id` that Readability gives to the element of the story.
const STORY_ID: &str = "readability-page-1";

/// The story of a page.
pub(in crate::formats) struct Story {
    tree: Tree,
    byline: Option<String>,
}

impl Story {
    /// Finds the story of a page; `None` if Readability finds none that is long enough.
    pub(in crate::formats) fn find(page: Tree) -> Option<Story> {
        // The metadata is read by `page`, and links are resolved when the text is written.
        let config =
            Config { disable_json_ld: true, max_elements_to_parse: ELEMENT_CAP, ..Config::default() };
        let mut readability = Readability::with_document(page.document, None, Some(config)).ok()?;
        let byline = readability.parse().ok()?.byline;
        let story = Story { tree: Tree { document: readability.doc }, byline };
        (story.element().text_length() >= STORY_LEAST).then_some(story)
    }

    /// What stands where a byline does, or what the page says of its author.
    pub(in crate::formats) fn byline(&self) -> Option<&str> {
        self.byline.as_deref()
    }

    /// The element that holds the story.
    pub(in crate::formats) fn element(&self) -> Element<'_> {
        let root = self.tree.root();
        root.below().find(|element| element.attribute("id").as_deref() == Some(STORY_ID)).unwrap_or(root)
    }
}
