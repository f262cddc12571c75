//! Files that are read as they come, record by record.

use super::{Gathered, Origin};
use std::fmt::Debug;

/// A reader of the records of one file. How the file is cut into pieces must make no difference to what is found.
pub(super) trait Records: Debug {
    /// Takes the next bytes, and adds what is complete now.
    fn push(&mut self, bytes: &[u8], origin: &Origin, found: &mut Gathered);

    /// Adds what is left, as the file has ended.
    fn finish(&mut self, origin: &Origin, found: &mut Gathered);

    /// Whether nothing that may still come would be read.
    fn is_done(&self) -> bool {
        false
    }
}
