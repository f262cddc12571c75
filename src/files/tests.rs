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
