//! Exports of Nexis, Factiva, ProQuest and Europresse.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check_behind, check_pieces};
dateline_fuzz::target!(|data: &[u8]| {
    check_pieces(data);
    check_behind(b"1 of 2 DOCUMENTS\n\nCourier\n\nJanuary 3, 2022\n\n", data);
    check_behind(b"Length: 1 words\nCopyright 2022\nBody\n", data);
    check_behind(b"<html><!--<DOC NUMBER=1>-->", data);
    check_behind(b"HD\tA\nSN\tB\nPD\t3 January 2022\nWC\t1 words\nLP\t\n", data);
    check_behind(b"<html><div id=\"article-A\" class=\"articleParagraph\">", data);
    check_behind(b"<ppsArticle><article><leadParagraph>", data);
    check_behind(b"ProQuest\nDocument 1 of 2\n\nA\n\nFull text: ", data);
    check_behind(b"<html><article><span class=\"DocPublicationName\">A</span>", data);
});
