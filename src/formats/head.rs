//! The beginning of a file, by which the tables of formats decide what it is.

use crate::text::charset::{self, NotText};
use std::borrow::Cow;

/// How many bytes of a file decide what it is.
pub(super) const HEAD: usize = 64 << 10;

/// The beginning of a file, or all of it.
#[derive(Debug)]
pub(super) struct Head<'a> {
    bytes: &'a [u8],
    text: Result<Cow<'a, str>, NotText>,
    members: &'a [String],
    name: Option<&'a str>,
}

impl<'a> Head<'a> {
    /// The beginning of the file at `name`, a path as people write it. `members` are the names of the members, if it is
    /// a ZIP archive.
    pub(super) fn new(bytes: &'a [u8], name: Option<&'a str>, members: &'a [String]) -> Head<'a> {
        let text = charset::decode(bytes, None).map(|decoded| decoded.text);
        Head { bytes, text, members, name }
    }

    /// The beginning of a file whose text was decoded.
    pub(super) fn decoded(bytes: &'a [u8], text: &'a str, name: Option<&'a str>) -> Head<'a> {
        Head { bytes, text: Ok(Cow::Borrowed(text)), members: &[], name }
    }

    /// A text that is all that is known.
    pub(super) fn of_text(text: &'a str) -> Head<'a> {
        Head::decoded(text.as_bytes(), text, None)
    }

    pub(super) fn bytes(&self) -> &[u8] {
        self.bytes
    }

    /// The decoded text without a byte order mark; empty if the file is not text. It may end within a character.
    pub(super) fn text(&self) -> &str {
        let text = self.text.as_deref().unwrap_or_default();
        text.strip_prefix('\u{feff}').unwrap_or(text)
    }

    /// What the bytes are, if they are not text.
    pub(super) fn not_text(&self) -> Option<NotText> {
        self.text.as_ref().err().copied()
    }

    /// Whether the file is a ZIP archive with a member of this name.
    pub(super) fn has_member(&self, name: &str) -> bool {
        self.members.iter().any(|member| member == name)
    }

    /// What follows the last dot in the name of the file, in lower case; empty if there is none.
    pub(super) fn extension(&self) -> String {
        let name = self.name.unwrap_or_default().rsplit('/').next().unwrap_or_default();
        name.rsplit_once('.').map(|(_, end)| end.to_ascii_lowercase()).unwrap_or_default()
    }

    /// The name of the file without its folders; empty if it is not known.
    pub(super) fn file_name(&self) -> &str {
        self.name.unwrap_or_default().rsplit('/').next().unwrap_or_default()
    }
}
