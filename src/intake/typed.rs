//! The addresses of sources that a person typed. Such an address may lead into a private network; an address that a
//! page, a list or a redirect names may not.
//!
//! In: the library, where this is kept beside the sources, and the network in which a fetch found the server. Out:
//! the typed address of a source. The permission is for the origin of that address, and it ends for a name that
//! turns out to be on the public internet, so that the name cannot lead elsewhere later.

use crate::fetch::{Network, Reach};
use crate::library::sources::Source;
use crate::library::{Error, Library};

/// What is kept: the address was typed and not yet fetched.
const ASKED: &str = "asked";
/// The address was typed, and its server is in a private network.
const PRIVATE: &str = "private";
/// The address was typed, and its server is on the public internet.
const PUBLIC: &str = "public";

fn key(address: &str) -> String {
    format!("typed {address}")
}

/// Records that a person typed the address of a source.
pub fn record(library: &Library, address: &str) -> Result<(), Error> {
    match library.kept(&key(address))?.as_deref() {
        Some(PRIVATE) => Ok(()),
        _ => library.keep(&key(address), ASKED),
    }
}

/// Forgets that a person typed the addresses of a source, which is removed.
pub fn forget(library: &Library, source: &Source) -> Result<(), Error> {
    for address in [&source.address].into_iter().chain(&source.standing.moved_from) {
        if library.kept(&key(address))?.is_some() {
            library.keep(&key(address), "")?;
        }
    }
    Ok(())
}

/// Records in which network the server at a typed address was found.
pub fn settle(library: &Library, address: &str, network: Network) -> Result<(), Error> {
    let word = match network {
        Network::Private => PRIVATE,
        Network::Public => PUBLIC,
        Network::Unknown => return Ok(()),
    };
    let before = library.kept(&key(address))?;
    match before.as_deref() {
        Some(same) if same == word => Ok(()),
        // Away from home, the host may have an address on the public internet as well.
        Some(PRIVATE) => Ok(()),
        None | Some("") if word == PUBLIC => Ok(()),
        _ => library.keep(&key(address), word),
    }
}

/// The address of `source`, or its former address, if a person typed it and it may lead into a private network.
pub fn address_of(library: &Library, source: &Source) -> Result<Option<String>, Error> {
    let former = source.standing.moved_from.as_ref();
    for address in [&source.address].into_iter().chain(former) {
        if let Some(ASKED | PRIVATE) = library.kept(&key(address))?.as_deref() {
            return Ok(Some(address.clone()));
        }
    }
    Ok(None)
}

/// Where the addresses that the articles of `source` name may lead: to the public internet, and to the origin of the
/// source if a person typed it.
pub fn reach_of(library: &Library, source: &Source) -> Result<Reach, Error> {
    let typed = address_of(library, source)?;
    Ok(typed.map_or(Reach::Public, |address| Reach::typed(&address)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_typed_address_keeps_its_permission_until_it_is_found_to_be_public() {
        let folder = tempfile::tempdir().expect("a folder");
        let library = Library::open(&folder.path().join("library.db")).expect("a library");
        let source = |address: &str| {
            library.add_source(address, address, None, &Default::default()).expect("added");
            let source = library.sources().expect("sources").into_iter().find(|s| s.address == address);
            source.expect("a source")
        };
        let (inner, outer) = (source("http://wiki.example/feed"), source("https://example.org/feed"));
        assert_eq!(reach_of(&library, &inner).expect("asked"), Reach::Public);
        for source in [&inner, &outer] {
            record(&library, &source.address).expect("recorded");
            assert_eq!(reach_of(&library, source).expect("asked"), Reach::typed(&source.address));
        }
        settle(&library, &inner.address, Network::Private).expect("settled");
        settle(&library, &inner.address, Network::Public).expect("settled");
        settle(&library, &outer.address, Network::Public).expect("settled");
        assert_eq!(reach_of(&library, &inner).expect("asked"), Reach::typed(&inner.address));
        assert_eq!(reach_of(&library, &outer).expect("asked"), Reach::Public);
        forget(&library, &inner).expect("forgotten");
        assert_eq!(reach_of(&library, &inner).expect("asked"), Reach::Public);
    }
}
