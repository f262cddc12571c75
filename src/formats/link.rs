//! Resolves the addresses of links as documents write them.

use crate::text::clean_url;
use url::Url;

/// The http or https address, cleaned, that `reference` means in a document at `base`. `None` for addresses of other
/// kinds, for relative ones without a `base`, and for places within the document itself.
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

/// The host of an address, by which a source without a name is called: without `www.`.
pub(super) fn host(address: &str) -> Option<String> {
    let url = crate::text::clean_url(address)?;
    let host = url.split("://").nth(1)?.split(['/', '?', '#']).next()?.rsplit('@').next()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned()).filter(|host| !host.is_empty())
}
