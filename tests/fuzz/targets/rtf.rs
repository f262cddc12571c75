//! RTF.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::{check_behind, check_pieces};
dateline_fuzz::target!(|data: &[u8]| {
    check_pieces(data);
    check_behind(b"{\\rtf1\\ansi ", data);
    check_behind(b"{\\rtf1{\\fonttbl{\\f0\\fcharset128 A;}}\\f0 ", data);
});
