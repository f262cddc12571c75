//! What is recognised and not read, as one table: pictures, programs, scripts, and everything else that would be
//! nonsense as an article. Each kind has a name for the warning and, where there is a way, what a person can do.
//!
//! In comes the beginning of a file that has none of the formats that are read. Out comes the kind, or nothing if the
//! file may be prose.

mod prose;

use super::head::Head;
use crate::text::charset::NotText;

/// A kind of file that is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Other {
    /// One such file: `a PNG picture`.
    one: &'static str,
    /// Several of its kind, together with related ones: `pictures`. Files with the same name are told together.
    many: &'static str,
    /// What a person can do: the rest of a sentence, or nothing.
    advice: &'static str,
}

impl Other {
    /// The rest of the sentence `it is …`.
    pub(super) fn said(&self) -> String {
        self.with_advice(self.one)
    }

    /// What files that are told together have in common.
    pub fn group(&self) -> &'static str {
        self.many
    }

    /// What several of its kind are.
    pub(super) fn things(&self) -> &'static str {
        if self.many == SIDE.many { "folders" } else { "files" }
    }

    fn with_advice(&self, name: &str) -> String {
        match self.advice {
            "" => name.to_owned(),
            advice => format!("{name}; {advice}"),
        }
    }
}

const fn other(one: &'static str, many: &'static str, advice: &'static str) -> Other {
    Other { one, many, advice }
}

/// A kind that is known by the bytes at a place of the file.
struct Magic {
    at: usize,
    bytes: &'static [u8],
    is: Other,
}

const fn magic(bytes: &'static [u8], is: Other) -> Magic {
    Magic { at: 0, bytes, is }
}

const PICTURES: &str = "pictures";
const FILMS: &str = "sound or film";
const ARCHIVES: &str = "archives";
const PROGRAMS: &str = "programs";
const OLD_OFFICE: &str = "old office documents";
const FONTS: &str = "fonts";
const DATABASES: &str = "databases";
const DATA: &str = "data of other programs";

const PDF: Other = other("a PDF file", "PDF files", "'pdftotext FILE - | dateline -' reads its text");
const PNG: Other = other("a PNG picture", PICTURES, "");
const JPEG: Other = other("a JPEG picture", PICTURES, "");
const GIF: Other = other("a GIF picture", PICTURES, "");
const WEBP: Other = other("a WebP picture", PICTURES, "");
const TIFF: Other = other("a TIFF picture", PICTURES, "");
const ICON: Other = other("an icon", PICTURES, "");
const HEIF: Other = other("an HEIF picture", PICTURES, "");
const AVIF: Other = other("an AVIF picture", PICTURES, "");
const PHOTOSHOP: Other = other("a Photoshop picture", PICTURES, "");
const SOUND: Other = other("a sound file", FILMS, "");
const MEDIA: Other = other("a media file", FILMS, "");
const FILM: Other = other("a film", FILMS, "");
const RAR: Other = other("a RAR archive", ARCHIVES, "'unrar x FILE' unpacks it");
const ZIP: Other = other("a ZIP archive", ARCHIVES, "'unzip FILE' unpacks it");
const GZIP: Other = other("a gzip archive", ARCHIVES, "'gzip -dc FILE | dateline -' reads it");
const ZSTD: Other = other("a zstd archive", ARCHIVES, "'zstd -dc FILE | dateline -' reads it");
const BZIP2: Other = other("a bzip2 archive", ARCHIVES, "'bzip2 -dc FILE | dateline -' reads it");
const XZ: Other = other("an xz archive", ARCHIVES, "'xz -dc FILE | dateline -' reads it");
const SEVEN: Other = other("a 7z archive", ARCHIVES, "'7z x FILE' unpacks it");
const CABINET: Other = other("a cabinet archive", ARCHIVES, "'cabextract FILE' unpacks it");
const LZ4: Other = other("an LZ4 archive", ARCHIVES, "'lz4 -dc FILE | dateline -' reads it");
const LZIP: Other = other("an lzip archive", ARCHIVES, "'lzip -dc FILE | dateline -' reads it");
const COMPRESS: Other = other("a compressed file (.Z)", ARCHIVES, "'gzip -dc FILE | dateline -' reads it");
const AR: Other = other("an ar archive", ARCHIVES, "'ar x FILE' unpacks it");
const PROGRAM: Other = other("a program", PROGRAMS, "");
const CLASS: Other = other("a Java class", PROGRAMS, "");
const WASM: Other = other("a WebAssembly program", PROGRAMS, "");
const OFFICE: Other = other("an old office document", OLD_OFFICE, "save it as .docx or as text");
const FONT: Other = other("a font", FONTS, "");
const SQLITE: Other = other("an SQLite file", DATABASES, "export it as CSV or JSON");
const PARQUET: Other = other("a Parquet file", DATA, "write it as CSV or JSON Lines, as 'duckdb' does");
const ARROW: Other = other("an Arrow file", DATA, "write it as CSV or JSON Lines");
const AVRO: Other = other("an Avro file", DATA, "write it as CSV or JSON Lines");
const HDF5: Other = other("an HDF5 file", DATA, "write it as CSV or JSON Lines");
const NUMPY: Other = other("a NumPy file", DATA, "write it as CSV or JSON Lines");
const PICKLE: Other = other("a Python pickle", DATA, "write it as CSV or JSON Lines");
const POSTSCRIPT: Other =
    other("a PostScript file", "PostScript files", "'ps2ascii FILE | dateline -' reads its text");
const DJVU: Other = other("a DjVu file", "DjVu files", "'djvutxt FILE | dateline -' reads its text");
const MOBI: Other = other("a Kindle book", "Kindle books", "convert it to EPUB");
const CHM: Other = other("a compiled help file", "compiled help files", "");
const UTF32: Other =
    other("text in UTF-32", "texts in UTF-32", "'iconv -f UTF-32 FILE | dateline -' reads it");
const BINARY: Other = other("a binary file", "binary files", "");

const SCRIPTS: &str = "scripts and programs in text";
const SETTINGS: &str = "configuration";
const PARTS: &str = "parts of pages";
const MARKUP: &str = "markup";
const LISTS: &str = "bibliographies";
pub(super) const SCRIPT: Other = other("a script", SCRIPTS, "");
pub(super) const STYLES: Other = other("a style sheet", PARTS, "");
pub(super) const SVG: Other = other("an SVG picture", PICTURES, "");
pub(super) const CONFIGURATION: Other = other("configuration", SETTINGS, "");
pub(super) const LOG: Other = other("a log", "logs", "");
pub(super) const ROBOTS: Other = other("robots.txt, rules for crawlers", "rules for crawlers", "");
pub(super) const SITE_MAP: Other = other("a site map", "site maps", "");
pub(super) const XML: Other = other("XML that is not news", MARKUP, "");
pub(super) const LATEX: Other = other("LaTeX", MARKUP, "'pandoc -t plain FILE | dateline -' reads its text");
pub(super) const RTF: Other =
    other("RTF", "texts in RTF", "'pandoc -f rtf -t plain FILE | dateline -' reads its text");
pub(super) const PATCH: Other = other("a patch", SCRIPTS, "");
pub(super) const SQL: Other = other("an SQL dump", DATABASES, "export it as CSV or JSON");
pub(super) const CALENDAR: Other = other("a calendar", "calendars", "");
pub(super) const CARD: Other = other("an address book", "address books", "");
pub(super) const SUBTITLES: Other = other("subtitles", "subtitles", "");
pub(super) const BIBTEX: Other = other("a bibliography (BibTeX)", LISTS, "export it as CSV");
pub(super) const RIS: Other = other("a bibliography (RIS)", LISTS, "export it as CSV");
pub(super) const ENCODED: Other = other("encoded data", DATA, "");
/// What Git keeps in the place of a large file.
pub(super) const POINTER: Other =
    other("a pointer to a large file of Git", DATA, "; fetch the file itself with 'git lfs pull'");
pub(super) const ARCHIVE_INDEX: Other = other("the index of a web archive", DATA, "");
pub(super) const FIGURES: Other = other("figures without text", DATA, "");

/// Folders that browsers save beside a page.
pub(super) const SIDE: Other =
    other("a folder with the parts of a saved page", "folders with the parts of saved pages", "");

/// In this order; a row with more bytes comes before one that is its beginning.
static MAGIC: &[Magic] = &[
    magic(b"%PDF-", PDF),
    magic(b"PK\x03\x04", ZIP),
    magic(b"PK\x05\x06", other("an empty ZIP archive", ARCHIVES, "")),
    magic(b"PK\x07\x08", other("a part of a ZIP archive", ARCHIVES, "")),
    magic(b"\x1f\x8b", GZIP),
    magic(b"\x1f\x9d", COMPRESS),
    magic(b"\x28\xb5\x2f\xfd", ZSTD),
    magic(b"BZh", BZIP2),
    magic(b"\xfd7zXZ\0", XZ),
    magic(b"7z\xbc\xaf\x27\x1c", SEVEN),
    magic(b"Rar!", RAR),
    magic(b"MSCF\0\0", CABINET),
    magic(b"\x04\x22\x4d\x18", LZ4),
    magic(b"LZIP", LZIP),
    magic(b"!<arch>\n", AR),
    magic(b"\x89PNG\r\n", PNG),
    magic(b"\xff\xd8\xff", JPEG),
    magic(b"GIF8", GIF),
    Magic { at: 8, bytes: b"WEBPVP8", is: WEBP },
    magic(b"II*\0", TIFF),
    magic(b"MM\0*", TIFF),
    magic(b"\0\0\x01\0", ICON),
    magic(b"8BPS\0", PHOTOSHOP),
    Magic { at: 4, bytes: b"ftypavif", is: AVIF },
    Magic { at: 4, bytes: b"ftyphei", is: HEIF },
    Magic { at: 4, bytes: b"ftypmif1", is: HEIF },
    Magic { at: 4, bytes: b"ftypM4A", is: SOUND },
    Magic { at: 4, bytes: b"ftyp", is: FILM },
    Magic { at: 4, bytes: b"moov", is: FILM },
    Magic { at: 8, bytes: b"WAVE", is: SOUND },
    Magic { at: 8, bytes: b"AVI ", is: FILM },
    magic(b"\x1a\x45\xdf\xa3", FILM),
    magic(b"FLV\x01", FILM),
    magic(b"\0\0\x01\xba", FILM),
    magic(b"\0\0\x01\xb3", FILM),
    magic(b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", FILM),
    magic(b"RIFF", MEDIA),
    magic(b"OggS", MEDIA),
    magic(b"ID3", SOUND),
    magic(b"fLaC", SOUND),
    magic(b"MThd\0", SOUND),
    magic(b"\xff\xfb", SOUND),
    magic(b"\xff\xf3", SOUND),
    magic(b"\xff\xf1", SOUND),
    magic(b"#!AMR", SOUND),
    magic(b"\x7fELF", PROGRAM),
    magic(b"\xcf\xfa\xed\xfe", PROGRAM),
    magic(b"\xce\xfa\xed\xfe", PROGRAM),
    magic(b"\xca\xfe\xba\xbe", CLASS),
    magic(b"\0asm", WASM),
    magic(b"MZ\x90\0", PROGRAM),
    magic(b"\xd0\xcf\x11\xe0", OFFICE),
    magic(b"SQLite format 3\0", SQLITE),
    Magic {
        at: 4,
        bytes: b"Standard Jet DB",
        is: other("an Access database", DATABASES, "export it as CSV"),
    },
    magic(b"wOF2", FONT),
    magic(b"wOFF", FONT),
    magic(b"OTTO\0", FONT),
    magic(b"\0\x01\0\0\0", FONT),
    magic(b"PAR1", PARQUET),
    magic(b"ARROW1", ARROW),
    magic(b"Obj\x01", AVRO),
    magic(b"\x89HDF\r\n", HDF5),
    magic(b"\x93NUMPY", NUMPY),
    magic(b"\x80\x04\x95", PICKLE),
    magic(b"\x80\x05\x95", PICKLE),
    magic(b"%!PS", POSTSCRIPT),
    magic(b"AT&TFORM", DJVU),
    Magic { at: 60, bytes: b"BOOKMOBI", is: MOBI },
    magic(b"ITSF\x03", CHM),
    magic(b"\xff\xfe\0\0", UTF32),
    magic(b"\0\0\xfe\xff", UTF32),
];

/// What a file that has none of the formats is; `None` if it may be prose.
pub(super) fn of(head: &Head) -> Option<&'static Other> {
    let starts =
        |magic: &&Magic| head.bytes().get(magic.at..).is_some_and(|rest| rest.starts_with(magic.bytes));
    if let Some(magic) = MAGIC.iter().find(starts) {
        return Some(&magic.is);
    }
    match head.not_text() {
        Some(NotText(_)) => Some(&BINARY),
        None => prose::other(head.text(), head.file_name()),
    }
}
