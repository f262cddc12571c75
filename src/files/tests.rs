use super::*;
use std::fs::{create_dir, write};
use std::os::unix::fs::{PermissionsExt, symlink};

/// `source: title` of each article, then the warnings, without those that count articles without a date; paths relative
/// to the folder.
fn check(folder: &Path, paths: &[&str], expected: &[&str]) {
    let paths: Vec<PathBuf> = paths.iter().map(|path| folder.join(path)).collect();
    let mut batches = Vec::new();
    read(&paths, DateTime::UNIX_EPOCH, &AtomicBool::new(false), &mut |batch| batches.push(batch));
    let articles = batches.iter().flat_map(|batch| &batch.articles);
    let shown = articles.map(|article| format!("{}: {}", article.source, article.title));
    let warnings = batches.iter().flat_map(|batch| &batch.warnings).map(ToString::to_string);
    let warnings = warnings.filter(|warning| !warning.contains("every date"));
    let prefix = format!("{}/", folder.display());
    let found: Vec<String> = shown.chain(warnings).map(|line| line.replace(&prefix, "")).collect();
    assert_eq!(found, expected);
}

fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

fn article(title: &str) -> String {
    format!("{title}\n2022-01-03\nThe text.")
}

#[test]
fn folders_are_walked_by_name() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    create_dir(at("wire")).unwrap();
    create_dir(at("wire/deep")).unwrap();
    write(at("wire/b.txt"), article("B")).unwrap();
    write(at("wire/a.txt"), article("A")).unwrap();
    write(at("wire/deep/c.txt"), article("C")).unwrap();
    write(at("wire/.hidden"), article("H")).unwrap();
    write(
        at("wire/z.jsonl"),
        "{\"title\":\"Z\",\"text\":\"x\"}\n{\"title\":\"Y\",\"text\":\"x\",\"source\":\"S\"}",
    )
    .unwrap();
    check(folder.path(), &["wire"], &["wire: A", "wire: B", "deep: C", "z: Z", "S: Y"]);
    check(folder.path(), &["wire/.hidden", "wire/b.txt"], &["wire: H", "wire: B"]);
}

#[test]
fn what_is_not_a_file_gives_a_warning() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    create_dir(at("in")).unwrap();
    write(at("in/a.txt"), article("A")).unwrap();
    write(at("in/b.bin"), b"\x7fELF\0\0\0\0").unwrap();
    symlink("nowhere", at("in/c")).unwrap();
    symlink(".", at("in/d")).unwrap();
    symlink("a.txt", at("in/e")).unwrap();
    rustix::fs::mknodat(rustix::fs::CWD, at("in/f"), rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
    check(
        folder.path(),
        &["in", "missing"],
        &[
            "in: A",
            "in: A",
            "in/c: could not read it: the link leads nowhere",
            "in/d: could not enter the folder again: a link leads back to it",
            "in/f: could not read it: it is a named pipe",
            "in/b.bin: could not read it: it is a program",
            "missing: could not read it: there is no such file or folder; check its name",
        ],
    );
}

#[test]
fn what_may_not_be_read_is_said() {
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    create_dir(at("in")).unwrap();
    create_dir(at("in/shut")).unwrap();
    write(at("in/a.txt"), article("A")).unwrap();
    std::fs::set_permissions(at("in/shut"), std::fs::Permissions::from_mode(0o000)).unwrap();
    // A user who may read every file gets no warning.
    if std::fs::read_dir(at("in/shut")).is_ok() {
        return;
    }
    check(
        folder.path(),
        &["in"],
        &[
            "in: A",
            "in/shut: could not read the folder: permission denied; check the rights of the file and of its folder",
        ],
    );
}

#[test]
fn names_that_are_no_text() {
    use std::os::unix::ffi::OsStrExt;
    let folder = folder();
    let name = std::ffi::OsStr::from_bytes(b"\xff\x1b[31m.txt");
    write(folder.path().join(name), article("A")).unwrap();
    let mut found = Vec::new();
    let paths = [folder.path().to_path_buf()];
    read(&paths, DateTime::UNIX_EPOCH, &AtomicBool::new(false), &mut |batch| found.extend(batch.articles));
    let path = found[0].path.as_deref().unwrap();
    assert!(path.ends_with("/\\xff\\x1b[31m.txt"), "{path:?}");
}

#[test]
fn batches_grow_and_a_flag_stops_them() {
    let folder = folder();
    let line = "{\"title\":\"One\",\"text\":\"x\"}\n";
    write(folder.path().join("many.jsonl"), line.repeat(20_000)).unwrap();
    let paths = [folder.path().to_path_buf()];
    let cancelled = AtomicBool::new(false);
    let mut sizes = Vec::new();
    read(&paths, DateTime::UNIX_EPOCH, &cancelled, &mut |batch| sizes.push(batch.articles.len()));
    assert_eq!(sizes.iter().sum::<usize>(), 20_000);
    assert!(sizes[0] < 2_000, "the first batch comes before the file is read");
    let mut count = 0;
    read(&paths, DateTime::UNIX_EPOCH, &cancelled, &mut |batch| {
        count += batch.articles.len();
        cancelled.store(true, Ordering::Relaxed);
    });
    assert!(count < 20_000);
}

#[test]
fn an_article_without_a_date_has_its_files() {
    let folder = folder();
    let path = folder.path().join("a.txt");
    write(&path, "Title\n\nText.").unwrap();
    let changed = std::fs::metadata(&path).unwrap().modified().unwrap();
    let mut found = Vec::new();
    read(&[path], DateTime::UNIX_EPOCH, &AtomicBool::new(false), &mut |batch| found.extend(batch.articles));
    assert_eq!(found[0].published, Some(DateTime::<Utc>::from(changed)));
}

#[test]
fn packed_files_are_unpacked() {
    use std::io::Write;
    let folder = folder();
    let at = |name: &str| folder.path().join(name);
    create_dir(at("wire")).unwrap();
    let line = "{\"title\":\"One\",\"text\":\"x\"}\n";
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    gzip.write_all(line.as_bytes()).unwrap();
    let packed = gzip.finish().unwrap();
    write(at("wire/a.jsonl.gz"), &packed).unwrap();
    write(at("wire/b.gz"), &packed[..packed.len() - 9]).unwrap();
    write(at("wire/c.txt.zst"), zstd::encode_all(article("C").as_bytes(), 1).unwrap()).unwrap();
    let broken = "wire/b.gz: could not read it: it ends too early; it may be damaged or not complete";
    check(folder.path(), &["wire"], &["a: One", "wire: One", "wire: C", broken]);
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, bytes) in members {
        zip.start_file(*name, options).unwrap();
        std::io::Write::write_all(&mut zip, bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        // Names that the crate refuses to write are written by hand.
        header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        tar.append(&header, *bytes).unwrap();
    }
    let mut link = tar::Header::new_gnu();
    link.set_entry_type(tar::EntryType::Symlink);
    link.set_size(0);
    tar.append_link(&mut link, "link", "/etc/passwd").unwrap();
    tar.into_inner().unwrap()
}

#[test]
fn archives_are_read_as_folders() {
    let folder = folder();
    let (a, b) = (article("A"), article("B"));
    let line: &[u8] = b"{\"title\":\"C\",\"text\":\"x\"}\n";
    let inner = zipped(&[("deep/a.txt", a.as_bytes())]);
    let members: &[(&str, &[u8])] = &[
        ("wire/b.txt", b.as_bytes()),
        ("../../a.txt", a.as_bytes()),
        ("lines.jsonl", line),
        (".hidden.txt", a.as_bytes()),
        ("inner.zip", &inner),
    ];
    write(folder.path().join("all.zip"), zipped(members)).unwrap();
    check(folder.path(), &["all.zip"], &["all: A", "deep: A", "lines: C", "wire: B"]);
    write(folder.path().join("all.tar"), tarred(members)).unwrap();
    check(folder.path(), &["all.tar"], &["wire: B", "all: A", "lines: C", "deep: A"]);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &tarred(members)).unwrap();
    write(folder.path().join("all.tgz"), packed.finish().unwrap()).unwrap();
    check(folder.path(), &["all.tgz"], &["wire: B", "all: A", "lines: C", "deep: A"]);
    let mut batches = Vec::new();
    let path = folder.path().join("all.zip");
    read(std::slice::from_ref(&path), DateTime::UNIX_EPOCH, &AtomicBool::new(false), &mut |batch| {
        batches.push(batch);
    });
    let paths: Vec<String> =
        batches.iter().flat_map(|batch| &batch.articles).filter_map(|article| article.path.clone()).collect();
    let at = path.display();
    assert_eq!(paths[..2], [format!("{at}!/a.txt"), format!("{at}!/inner.zip!/deep/a.txt")]);
}

/// The content of a file packed by the program `xz`: `Xz holds`, a date and a line.
const XZ: &[u8] =
    b"\xfd7zXZ\0\0\x04\xe6\xd6\xb4F\x02\0!\x01\x16\0\0\0t/\xe5\xa3\x01\x001Xz holds\n2022-01-03\nThe \
    dam held, said the mayor.\n\0\0\0\xd6.<\xfc \x0ag\x94\0\x01J2$C\xc7\xe2\x1f\xb6\xf3}\x01\0\0\0\0\x04YZ";

#[test]
fn every_way_of_packing_is_unpacked() {
    let folder = folder();
    write(folder.path().join("a.txt.xz"), XZ).unwrap();
    let mut bzip2 = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
    std::io::Write::write_all(&mut bzip2, article("B").as_bytes()).unwrap();
    write(folder.path().join("b.txt.bz2"), bzip2.finish().unwrap()).unwrap();
    let zstd = zstd::stream::encode_all(article("Z").as_bytes(), 3).unwrap();
    write(folder.path().join("z.txt.zst"), zstd).unwrap();
    let name = folder.path().file_name().unwrap().to_string_lossy().into_owned();
    let named: Vec<String> = ["Xz holds", "B", "Z"].iter().map(|title| format!("{name}: {title}")).collect();
    let named: Vec<&str> = named.iter().map(String::as_str).collect();
    check(folder.path(), &["a.txt.xz", "b.txt.bz2", "z.txt.zst"], &named);
}

/// A number as 7z writes it, up to 16,383.
fn seven_number(number: usize) -> Vec<u8> {
    match number {
        0..0x80 => vec![number as u8],
        _ => vec![0x80 | (number >> 8) as u8, number as u8],
    }
}

/// A 7z archive whose members are stored one after the other as they are.
fn sevened(members: &[(&str, &[u8])]) -> Vec<u8> {
    let content: Vec<u8> = members.iter().flat_map(|(_, bytes)| bytes.iter().copied()).collect();
    // Where the content is; one folder with the method Copy; the sizes of the members but for the last.
    let mut header = vec![1, 4, 6, 0, 1, 9];
    header.extend(seven_number(content.len()));
    header.extend([0, 7, 0x0b, 1, 0, 1, 1, 0, 0x0c]);
    header.extend(seven_number(content.len()));
    header.extend([0, 8, 0x0d]);
    header.extend(seven_number(members.len()));
    header.push(9);
    for (_, bytes) in members.iter().take(members.len() - 1) {
        header.extend(seven_number(bytes.len()));
    }
    header.extend([0, 0, 5]);
    header.extend(seven_number(members.len()));
    let names: Vec<u8> = members
        .iter()
        .flat_map(|(name, _)| name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes))
        .collect();
    header.push(0x11);
    header.extend(seven_number(names.len() + 1));
    header.push(0);
    header.extend(names);
    header.extend([0, 0]);
    let mut start = (content.len() as u64).to_le_bytes().to_vec();
    start.extend((header.len() as u64).to_le_bytes());
    start.extend(crc32fast::hash(&header).to_le_bytes());
    let mut out = b"7z\xbc\xaf\x27\x1c\0\x04".to_vec();
    out.extend(crc32fast::hash(&start).to_le_bytes());
    [out, start, content, header].concat()
}

#[test]
fn a_7z_archive_is_read_as_a_folder() {
    let folder = folder();
    let (a, b) = (article("A"), article("B"));
    let line: &[u8] = b"{\"title\":\"C\",\"text\":\"x\"}\n";
    let members: &[(&str, &[u8])] = &[
        ("wire/b.txt", b.as_bytes()),
        ("../../a.txt", a.as_bytes()),
        (".hidden.txt", a.as_bytes()),
        ("lines.jsonl", line),
    ];
    let whole = sevened(members);
    write(folder.path().join("all.7z"), &whole).unwrap();
    check(folder.path(), &["all.7z"], &["wire: B", "all: A", "lines: C"]);
    // One in an archive of another kind.
    write(folder.path().join("both.zip"), zipped(&[("in.7z", &whole)])).unwrap();
    check(folder.path(), &["both.zip"], &["wire: B", "in: A", "lines: C"]);
    // Wherever it is cut, there is a warning and no article of half a text.
    for length in (32..whole.len() - 1).step_by(7) {
        write(folder.path().join("cut.7z"), &whole[..length]).unwrap();
        let mut warnings = Vec::new();
        read(&[folder.path().join("cut.7z")], DateTime::UNIX_EPOCH, &AtomicBool::new(false), &mut |batch| {
            assert!(batch.articles.is_empty(), "{length}");
            warnings.extend(batch.warnings);
        });
        assert_eq!(warnings.len(), 1, "{length}: {warnings:?}");
    }
}

/// A text in the form of brotli, stored as it is.
fn brotli(text: &str) -> Vec<u8> {
    let bits = ((text.len() as u32 - 1) << 4) | 1 << 20;
    let mut out = bits.to_le_bytes()[..3].to_vec();
    out.extend(text.as_bytes());
    out.push(3);
    out
}

#[test]
fn brotli_is_known_by_its_name() {
    let folder = folder();
    create_dir(folder.path().join("wire")).unwrap();
    let whole = brotli(&article("A"));
    write(folder.path().join("wire/a.txt.br"), &whole).unwrap();
    let line = "{\"title\":\"B\",\"text\":\"x\"}\n";
    write(folder.path().join("wire/b.jsonl.br"), brotli(line)).unwrap();
    check(folder.path(), &["wire"], &["wire: A", "b: B"]);
    write(folder.path().join("wire/a.txt.br"), &whole[..whole.len() / 2]).unwrap();
    write(folder.path().join("wire/b.jsonl.br"), "no brotli").unwrap();
    let mut warnings = Vec::new();
    read(&[folder.path().join("wire")], DateTime::UNIX_EPOCH, &AtomicBool::new(false), &mut |batch| {
        warnings.extend(batch.warnings.iter().map(ToString::to_string));
    });
    assert_eq!(warnings.len(), 2, "{warnings:?}");
}

#[test]
fn hostile_archives_are_harmless() {
    let folder = folder();
    let a = article("A");
    // Archives within archives end somewhere.
    let mut nested = zipped(&[("a.txt", a.as_bytes())]);
    for _ in 0..5 {
        nested = zipped(&[("a.zip", &nested)]);
    }
    write(folder.path().join("deep.zip"), nested).unwrap();
    check(
        folder.path(),
        &["deep.zip"],
        &["deep.zip!/a.zip!/a.zip!/a.zip!/a.zip: could not read it: it lies in too many archives"],
    );
    // A gigabyte of zeros is known by its first bytes, and the rest is not unpacked.
    let zeros = vec![0; 64 << 20];
    write(folder.path().join("zeros.zip"), zipped(&[("a.bin", &zeros), ("b.txt", a.as_bytes())])).unwrap();
    check(
        folder.path(),
        &["zeros.zip"],
        &["zeros: A", "zeros.zip!/a.bin: could not read it: it is a binary file"],
    );
    let whole = zipped(&[("a.txt", a.as_bytes()), ("b.txt", a.as_bytes())]);
    write(folder.path().join("cut.zip"), &whole[..whole.len() / 2]).unwrap();
    let mut batches = Vec::new();
    let path = folder.path().join("cut.zip");
    read(&[path], DateTime::UNIX_EPOCH, &AtomicBool::new(false), &mut |batch| batches.push(batch));
    let warnings: Vec<String> =
        batches.iter().flat_map(|batch| &batch.warnings).map(ToString::to_string).collect();
    assert!(warnings.len() == 1 && warnings[0].contains("the archive is broken"), "{warnings:?}");
}
