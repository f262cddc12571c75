//! ZIP, tar and 7z archives: their members one by one, as if they were the files of a folder. Nothing is unpacked to
//! disk, and a member's name is nothing but a label: no path in it leads anywhere, and links are not followed.
//!
//! In comes an archive that is open. Out come its members, through a callback, each with a reader. ZIP and 7z archives
//! have their table of contents at the end, so they must be seekable or fit in memory.

use chrono::{DateTime, NaiveDate, Utc};
use std::cell::Cell;
use std::io::{Error, Read, Result, Seek};
use std::rc::Rc;

/// The archives whose members are read.
pub const ARCHIVES: &str = "ZIP, tar and 7z";
/// The most archives within one another that are opened.
pub(super) const DEPTH_CAP: usize = 3;
/// The most members of one file that are read, with those of the archives in it.
const MEMBER_CAP: u64 = 100_000;
/// The most bytes that one archive may unpack to, if that is also more than [`RATIO_CAP`] times its own size.
const UNPACKED_CAP: u64 = 1 << 30;
/// How many times its size an archive may unpack to. Texts of news unpack to 3 to 10 times, repetitive data to 50.
const RATIO_CAP: u64 = 200;
/// The largest archive in an archive or in a pipe, in bytes: it is kept in memory.
pub(super) const MEMORY_CAP: u64 = 256 << 20;

/// A reader that can also go back.
pub(super) trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// The ways of putting several files in one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Zip,
    Tar,
    Seven,
}

/// How many bytes decide whether a file is an archive: one header of tar.
pub(super) const HEAD: usize = 512;

impl Kind {
    /// What a file that begins with `head` is.
    pub(super) fn of(head: &[u8]) -> Option<Kind> {
        if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
            return Some(Kind::Zip);
        }
        if head.starts_with(b"7z\xbc\xaf\x27\x1c") {
            return Some(Kind::Seven);
        }
        is_tar(head).then_some(Kind::Tar)
    }
}

/// Whether the sum of a header's bytes is the one that is written in it, in octal; its own field counts as blanks.
fn is_tar(head: &[u8]) -> bool {
    let (Some(header), Some(field)) = (head.get(..HEAD), head.get(148..156)) else { return false };
    let digits: String = String::from_utf8_lossy(field).trim_matches(['\0', ' ']).to_owned();
    let Ok(written) = u64::from_str_radix(&digits, 8) else { return false };
    let sum: u64 = header.iter().map(|byte| u64::from(*byte)).sum();
    let own: u64 = field.iter().map(|byte| u64::from(*byte)).sum();
    header.first() != Some(&0) && sum - own + 8 * u64::from(b' ') == written
}

/// What may be unpacked of one file of the person's, with the archives in it.
#[derive(Clone, Debug)]
pub(super) struct Budget {
    members: Rc<Cell<u64>>,
    bytes: Rc<Cell<u64>>,
    cap: u64,
}

impl Budget {
    /// For a file of `size` bytes.
    pub(super) fn new(size: u64) -> Budget {
        let cap = UNPACKED_CAP.max(size.saturating_mul(RATIO_CAP));
        Budget { members: Rc::default(), bytes: Rc::default(), cap }
    }

    /// Whether one more member may be read.
    fn take_member(&self) -> Result<()> {
        self.members.set(self.members.get() + 1);
        match self.members.get() <= MEMBER_CAP {
            true => Ok(()),
            false => Err(Error::other("it has more than 100,000 members; the first of them were read")),
        }
    }

    /// The content of a member, which fails once too much has been unpacked.
    pub(super) fn meter<R: Read>(&self, input: R) -> Metered<R> {
        Metered { input, budget: self.clone() }
    }

    pub(super) fn is_spent(&self) -> bool {
        self.bytes.get() > self.cap || self.members.get() > MEMBER_CAP
    }
}

/// Counts what is unpacked.
pub(super) struct Metered<R> {
    input: R,
    budget: Budget,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        if self.budget.is_spent() {
            return Err(Error::other(
                "it unpacks to more than 200 times its size; what came before was read",
            ));
        }
        let length = self.input.read(buffer)?;
        self.budget.bytes.set(self.budget.bytes.get() + length as u64);
        Ok(length)
    }
}

/// One file in an archive.
pub(super) struct Member<'m> {
    /// Its path in the archive, without anything that leads out of it. Never empty.
    pub(super) name: String,
    pub(super) time: Option<DateTime<Utc>>,
    /// The content; `Err` says why it cannot be read.
    pub(super) content: std::result::Result<&'m mut dyn Read, &'static str>,
}

/// Calls `visit` with each member that is a file, until it returns false. Hidden files and links are skipped.
pub(super) type Visit<'v> = &'v mut dyn FnMut(Member) -> bool;

/// A ZIP archive that is open.
pub(super) struct Zip<R>(zip::ZipArchive<R>);

impl<R: Read + Seek> Zip<R> {
    pub(super) fn open(input: R) -> Result<Zip<R>> {
        zip::ZipArchive::new(input)
            .map(Zip)
            .map_err(|error| Error::other(format!("the archive is broken: {error}")))
    }

    /// The names of all members, as they are written, in the order of the archive.
    pub(super) fn names(&self) -> Vec<String> {
        self.0.file_names_raw().map(|name| String::from_utf8_lossy(name).into_owned()).collect()
    }

    /// Visits the members in the order of their names.
    pub(super) fn each(&mut self, budget: &Budget, visit: Visit) -> Result<()> {
        let mut order: Vec<(String, usize)> = Vec::new();
        for at in 0..self.0.len() {
            let Some(name) = self.0.name_for_index(at) else { continue };
            let name = name.map(|name| label(&name)).unwrap_or_default();
            if !name.is_empty() && !is_hidden(&name) {
                order.push((name, at));
            }
        }
        order.sort();
        for (name, at) in order {
            let mut file = match self.0.by_index(at) {
                Ok(file) => file,
                Err(error) => {
                    let why = match error {
                        zip::result::ZipError::UnsupportedArchive(
                            zip::result::ZipError::PASSWORD_REQUIRED,
                        ) => "it is encrypted",
                        zip::result::ZipError::UnsupportedArchive(_) => {
                            "it is packed in a way that is not known"
                        }
                        _ => "the archive is broken there",
                    };
                    budget.take_member()?;
                    if !visit(Member { name, time: None, content: Err(why) }) {
                        break;
                    }
                    continue;
                }
            };
            if file.is_dir() || file.is_symlink() {
                continue;
            }
            budget.take_member()?;
            let time = file.last_modified().and_then(|time| {
                let day =
                    NaiveDate::from_ymd_opt(time.year().into(), time.month().into(), time.day().into())?;
                Some(
                    day.and_hms_opt(time.hour().into(), time.minute().into(), time.second().into())?
                        .and_utc(),
                )
            });
            if !visit(Member { name, time, content: Ok(&mut file) }) {
                break;
            }
        }
        Ok(())
    }
}

/// Visits the members of a tar archive in its order.
pub(super) fn each_of_tar(input: impl Read, budget: &Budget, visit: Visit) -> Result<()> {
    let mut archive = tar::Archive::new(input);
    for entry in archive.entries()? {
        let mut entry = entry?;
        let kind = entry.header().entry_type();
        let name = label(&String::from_utf8_lossy(&entry.path_bytes()));
        if !(kind.is_file() || kind.is_contiguous() || kind.is_gnu_sparse())
            || name.is_empty()
            || is_hidden(&name)
        {
            continue;
        }
        budget.take_member()?;
        let seconds = entry.header().mtime().ok().and_then(|seconds| i64::try_from(seconds).ok());
        let time =
            seconds.filter(|seconds| *seconds > 0).and_then(|seconds| DateTime::from_timestamp(seconds, 0));
        if !visit(Member { name, time, content: Ok(&mut entry) }) {
            break;
        }
    }
    Ok(())
}

/// Visits the members of a 7z archive in its order.
pub(super) fn each_of_seven(input: impl Read + Seek, budget: &Budget, visit: Visit) -> Result<()> {
    let broken = |error: sevenz_rust2::Error| {
        Error::other(match error {
            sevenz_rust2::Error::PasswordRequired | sevenz_rust2::Error::MaybeBadPassword(_) => {
                "it is encrypted; '7z x FILE' unpacks it".to_owned()
            }
            error => format!("the archive is broken: {error}"),
        })
    };
    let mut archive =
        sevenz_rust2::ArchiveReader::new(input, sevenz_rust2::Password::empty()).map_err(broken)?;
    let mut ended = Ok(());
    let read = archive.for_each_entries(|entry, input| {
        let name = label(entry.name());
        if !entry.is_directory() && entry.has_stream() && !name.is_empty() && !is_hidden(&name) {
            ended = budget.take_member();
            let time = entry
                .has_last_modified_date
                .then(|| DateTime::<Utc>::from(std::time::SystemTime::from(entry.last_modified_date())));
            if ended.is_err() || !visit(Member { name, time, content: Ok(&mut *input) }) {
                return Ok(false);
            }
        }
        // The next member begins where this one ends.
        match std::io::copy(&mut budget.meter(input), &mut std::io::sink()) {
            Ok(_) => Ok(true),
            Err(error) => {
                ended = Err(error);
                Ok(false)
            }
        }
    });
    ended?;
    read.map_err(broken)
}

/// Whether the members are those of a web archive (WACZ). Only the records under `archive/` are its pages; the rest is the
/// index of a program.
pub(super) fn is_web_archive(names: &[String]) -> bool {
    names.iter().any(|name| name == "datapackage.json")
        && names.iter().any(|name| name.starts_with("archive/") && name.contains(".warc"))
}

/// Whether a member of a web archive holds records.
pub(super) fn has_records(name: &str) -> bool {
    name.starts_with("archive/")
}

/// A member's path without what would lead out of the archive: `/`, `..`, the drives and slashes of Windows.
fn label(name: &str) -> String {
    let parts = name.split(['/', '\\']).filter(|part| !matches!(*part, "" | "." | ".."));
    let parts: Vec<&str> = parts.filter(|part| !(part.len() == 2 && part.ends_with(':'))).collect();
    if name.ends_with(['/', '\\']) { String::new() } else { parts.join("/") }
}

/// Whether a file or one of its folders is hidden, as those are that macOS adds.
fn is_hidden(name: &str) -> bool {
    name.split('/').any(|part| part.starts_with('.') || part == "__MACOSX")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_nowhere() {
        for (name, expected) in [
            ("a/b.txt", "a/b.txt"),
            ("/etc/passwd", "etc/passwd"),
            ("../../a.txt", "a.txt"),
            ("C:\\Windows\\a.txt", "Windows/a.txt"),
            ("a/./b//c.txt", "a/b/c.txt"),
            ("folder/", ""),
            ("..", ""),
        ] {
            assert_eq!(label(name), expected, "{name}");
        }
        assert!(is_hidden("a/.git/b") && is_hidden("__MACOSX/a/._b.txt") && !is_hidden("a/b.txt"));
    }

    #[test]
    fn a_web_archive_is_known_by_its_members() {
        let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        assert!(is_web_archive(&names(&["archive/data.warc.gz", "datapackage.json", "pages/pages.jsonl"])));
        assert!(!is_web_archive(&names(&["archive/a.txt", "datapackage.json"])));
        assert!(has_records("archive/data.warc.gz") && !has_records("pages/pages.jsonl"));
    }

    #[test]
    fn a_tar_is_known_by_its_sum() {
        let mut header = tar::Header::new_gnu();
        header.set_path("a.txt").expect("a path");
        header.set_size(3);
        header.set_cksum();
        assert_eq!(Kind::of(header.as_bytes()), Some(Kind::Tar));
        let mut broken = *header.as_bytes();
        broken[0] = b'b';
        assert_eq!(Kind::of(&broken), None);
        assert_eq!(Kind::of(&[0; 512]), None);
        assert_eq!(Kind::of(&[b' '; 512]), None);
    }
}
