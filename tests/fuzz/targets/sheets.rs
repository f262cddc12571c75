//! Spreadsheets: the parts of .xlsx and .ods in an archive that is whole, and .xls.

#![cfg_attr(feature = "libfuzzer", no_main)]

use dateline::exports::formats::{Stream, read};
use dateline_fuzz::{check, origin};
use std::io::{Cursor, Write};

/// Reads an archive with these parts.
fn read_parts(parts: &[(&str, &[u8])]) {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    let begin = ("_rels/.rels", BEGIN);
    for (name, content) in std::iter::once(&begin).chain(parts) {
        if zip.start_file(*name, stored).is_err() || zip.write_all(content).is_err() {
            return;
        }
    }
    let Ok(archive) = zip.finish() else { return };
    let names = parts.iter().map(|(name, _)| (*name).to_owned()).collect();
    let mut stream = Stream::of_archive(origin(), names);
    check(&stream.push(archive.get_ref()).0);
    check(&stream.finish().0);
}

const BOOK: &[u8] =
    b"<workbook xmlns:r=\"r\"><sheets><sheet name=\"a\" sheetId=\"1\" r:id=\"r1\"/></sheets></workbook>";
const BEGIN: &[u8] = b"<Relationships><Relationship Id=\"r0\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
const LINKS: &[u8] = b"<Relationships><Relationship Id=\"r1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>";
const ROWS: &[u8] = b"<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>title</t></is></c><c t=\"inlineStr\"><is><t>text</t></is></c></row><row>";
const TEXTS: &[u8] = b"<sst><si><t>title</t></si><si><t>text</t></si><si><t>A</t></si></sst>";
const CELLS: &[u8] = b"<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c></row><row><c t=\"s\"><v>2</v></c></row></sheetData></worksheet>";

dateline_fuzz::target!(|data: &[u8]| {
    let links = ("xl/_rels/workbook.xml.rels", LINKS);
    let rows = [ROWS, data].concat();
    read_parts(&[
        ("xl/workbook.xml", BOOK),
        links,
        ("xl/worksheets/sheet1.xml", &rows),
        ("xl/sharedStrings.xml", TEXTS),
    ]);
    read_parts(&[
        ("xl/workbook.xml", BOOK),
        links,
        ("xl/worksheets/sheet1.xml", CELLS),
        ("xl/sharedStrings.xml", data),
    ]);
    read_parts(&[
        ("xl/workbook.xml", BOOK),
        links,
        ("xl/worksheets/sheet1.xml", CELLS),
        ("xl/styles.xml", data),
    ]);
    read_parts(&[
        ("xl/workbook.xml", data),
        ("xl/_rels/workbook.xml.rels", data),
        ("xl/worksheets/sheet1.xml", CELLS),
    ]);
    for head in [&b""[..], b"<office:spreadsheet><table:table ><table:table-row>", b"<office:text><text:p>"] {
        read_parts(&[("META-INF/manifest.xml", b""), ("content.xml", &[head, data].concat())]);
    }
    check(&read(data, &origin()).0);
    // Records behind the directory of a compound file, of which the stream is the rest.
    check(&read(&compound(data), &origin()).0);
});

/// A compound file with a stream called Workbook.
fn compound(stream: &[u8]) -> Vec<u8> {
    let mut header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".to_vec();
    header.resize(512, 0xff);
    header[30..32].copy_from_slice(&9u16.to_le_bytes());
    for (at, value) in [(48, 1u32), (56, 0), (60, u32::MAX), (68, u32::MAX), (76, 0)] {
        header[at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    let next: Vec<u8> =
        (0..128u32).flat_map(|at| if at < 2 { u32::MAX - 1 } else { at + 1 }.to_le_bytes()).collect();
    let mut directory: Vec<u8> = "Workbook".encode_utf16().flat_map(u16::to_le_bytes).collect();
    directory.resize(512, 0);
    directory[64..66].copy_from_slice(&18u16.to_le_bytes());
    directory[116..120].copy_from_slice(&2u32.to_le_bytes());
    directory[120..124].copy_from_slice(&u32::try_from(stream.len()).unwrap_or(0).to_le_bytes());
    [&header, &next, &directory, stream].concat()
}
