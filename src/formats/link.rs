//! Addresses as documents write them, made whole.

use crate::text::clean_url;
use url::Url;

/// The http or https address that `reference` means in a document at `base`, clean; `None` for
/// everything else, and for a place within the document itself.
pub(super) fn resolve(base: Option<&str>, reference: &str) -> Option<String> {
    let reference = reference.trim();
    if reference.is_empty() || reference.starts_with('#') {
        return None;
    }
    match (Url::parse(reference), base) {
        (Ok(_), _) => clean_url(reference),
        (Err(_), Some(base)) => clean_url(Url::parse(base).ok()?.join(reference).ok()?.as_str()),
        (Err(_), None) => None,
    }
}
