//! Dumps of MediaWiki, TEI, trafilatura's XML and Zotero's RDF.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check_behind, check_pieces};
dateline_fuzz::target!(|data: &[u8]| {
    check_pieces(data);
    check_behind(b"<mediawiki><page><title>A</title><ns>0</ns><revision><text>", data);
    check_behind(b"<TEI><teiHeader>", data);
    check_behind(b"<doc sitename='a'><main>", data);
    check_behind(b"<rdf:RDF xmlns:z=\"http://www.zotero.org/namespaces/export#\"><bib:Article><z:itemType>a</z:itemType>", data);
});
