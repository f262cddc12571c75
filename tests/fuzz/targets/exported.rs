//! The tables and pages that `dateline export` writes, as somebody may have changed them.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline_fuzz::check_behind;
dateline_fuzz::target!(|data: &[u8]| {
    check_behind(
        b"title,date,source,author,url,language,tags,read,starred,body,position,path,guid\r\n",
        data,
    );
    check_behind(
        b"title;date;source;author;url;language;tags;read;starred;body;position;path;guid\n\"",
        data,
    );
    check_behind(
        b"<!DOCTYPE html><meta name=\"generator\" content=\"dateline export\"><article itemscope ",
        data,
    );
    check_behind(b"<!DOCTYPE html><meta name=\"generator\" content=\"dateline export\"><article><h2 itemprop=\"headline\">A</h2><div itemprop=\"articleBody\"><p>", data);
});
