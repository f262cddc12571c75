//! A file that is downloaded: while it is not complete it is called `NAME.part`, and beside it `NAME.part-from` says where
//! it comes from, so that a later session can go on with it. No file is ever replaced by it.

use super::Writable;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The most names that are tried for a file: `name (2).mp3`.
const NAMES: u32 = 1_000;

/// A file that is not complete, locked against other programs that use this type.
#[derive(Debug)]
pub struct PartFile {
    file: File,
    part: PathBuf,
    from: Writable,
    folder: PathBuf,
    name: String,
    /// What the part was downloaded from, as [`PartFile::note`] wrote it.
    pub origin: Option<String>,
}

impl PartFile {
    /// Opens the part of the file `name` in `folder`, which is made if necessary, or begins one. `is_of` says whether what
    /// [`PartFile::note`] wrote is of the wanted file; the part of another file of the same name is left alone, and
    /// another name is taken. `name` has no separators of paths.
    ///
    /// # Errors
    /// If nothing can be written there, or if another program is downloading the file.
    pub(super) fn open(folder: &Path, name: &str, is_of: &dyn Fn(&str) -> bool) -> io::Result<PartFile> {
        std::fs::create_dir_all(folder)?;
        for count in 1..=NAMES {
            let name = numbered(name, count);
            let (part, from) =
                (folder.join(format!("{name}.part")), folder.join(format!("{name}.part-from")));
            let origin = std::fs::read_to_string(&from).ok();
            let exists = std::fs::symlink_metadata(&part).is_ok();
            if exists && !origin.as_deref().is_some_and(is_of) || !exists && folder.join(&name).exists() {
                continue;
            }
            // A link could lead anywhere.
            if std::fs::symlink_metadata(&part).is_ok_and(|found| !found.is_file()) {
                continue;
            }
            let file = OpenOptions::new().append(true).create(true).open(&part)?;
            if file.try_lock().is_err() {
                return Err(io::Error::other("it is being downloaded by another program"));
            }
            let from = Writable::new(&from, super::file::Rights::Usual);
            let folder = folder.to_owned();
            return Ok(PartFile { file, part, from, folder, name, origin });
        }
        Err(io::Error::other("there are too many files of this name; remove some of them"))
    }

    /// How much of the file there is, in bytes.
    pub fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Drops what there is of the file.
    pub fn restart(&mut self) -> io::Result<()> {
        self.file.set_len(0)
    }

    /// Stores what the part is downloaded from.
    pub fn note(&self, origin: &str) -> io::Result<()> {
        self.from.replace(origin.as_bytes())
    }

    pub fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    /// Gives the file, which is complete, its name, with `ending` if it has none. Returns its path.
    pub fn finish(self, ending: Option<&str>) -> io::Result<PathBuf> {
        self.file.sync_all()?;
        let name = match ending {
            Some(ending) if Path::new(&self.name).extension().is_none() => format!("{}.{ending}", self.name),
            _ => self.name.clone(),
        };
        let free = (1..=NAMES).map(|count| self.folder.join(numbered(&name, count)));
        let path = free.into_iter().find(|path| std::fs::symlink_metadata(path).is_err());
        let path = path.ok_or_else(|| io::Error::other("there are too many files of this name"))?;
        std::fs::rename(&self.part, &path)?;
        // It says nothing any more. Where it cannot be removed, it does no harm.
        _ = std::fs::remove_file(self.from.path());
        Ok(path)
    }

    /// Removes the part, of which nothing came.
    pub fn discard_if_empty(self) {
        if self.length().is_ok_and(|length| length == 0) {
            _ = std::fs::remove_file(&self.part);
            _ = std::fs::remove_file(self.from.path());
        }
    }
}

/// `name (2).mp3` for the second file of a name.
fn numbered(name: &str, count: u32) -> String {
    match (count, name.rsplit_once('.')) {
        (1, _) => name.to_owned(),
        (count, Some((stem, ending))) if !stem.is_empty() => format!("{stem} ({count}).{ending}"),
        (count, _) => format!("{name} ({count})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_gone_on_with_and_replaces_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("a.mp3"), "mine").expect("written");
        let open = || PartFile::open(folder.path(), "a.mp3", &|origin| origin == "there").expect("a part");
        let mut part = open();
        part.note("there").expect("noted");
        part.write(b"one").expect("written");
        drop(part);
        let mut part = open();
        assert_eq!((part.length().expect("a length"), part.origin.as_deref()), (3, Some("there")));
        part.write(b" two").expect("written");
        let path = part.finish(None).expect("finished");
        assert_eq!(path.file_name().and_then(|name| name.to_str()), Some("a (2).mp3"));
        assert_eq!(std::fs::read_to_string(path).expect("text"), "one two");
        assert_eq!(std::fs::read_to_string(folder.path().join("a.mp3")).expect("text"), "mine");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 2);
        // The part of another file is left alone.
        let mut other = PartFile::open(folder.path(), "b", &|_| false).expect("a part");
        other.note("elsewhere").expect("noted");
        other.write(b"x").expect("written");
        drop(other);
        let mut part = PartFile::open(folder.path(), "b", &|origin| origin == "here").expect("a part");
        part.write(b"y").expect("written");
        assert_eq!(
            part.finish(Some("ogg")).expect("finished").file_name().and_then(|n| n.to_str()),
            Some("b (2).ogg")
        );
    }
}
