//! Notices when another process has changed the library.
//!
//! On Linux, a thread sleeps in the kernel until a file of the library is written, which costs nothing while
//! nothing happens. On other systems, such changes appear with the next question. An archive on a server is looked at every
//! second, without a request: it knows whether its server has come back, and how long a question has been without an answer.

use super::worker::Mailbox;
use crate::app::Message;
use crate::library::{Library, is_address};
use std::path::Path;
use std::thread;
use std::time::Duration;

/// How often an archive is looked at.
const ARCHIVE: Duration = Duration::from_secs(1);

/// How long a server may take before the reader says that it waits.
const LATE: Duration = Duration::from_secs(3);

/// Posts [`Message::LibraryChanged`] whenever the library at `path` has changed, for as long as the program runs.
pub fn watch(library: &Library, path: &Path, mailbox: &Mailbox) {
    if path.to_str().is_some_and(is_address) {
        let (library, mailbox) = (library.clone(), mailbox.clone());
        let mut known = library.version();
        thread::spawn(move || {
            let mut told = false;
            loop {
                thread::sleep(ARCHIVE);
                let late = library.waited().is_some_and(|waited| waited >= LATE);
                if late != told {
                    mailbox.post(Message::Late(late));
                }
                told = late;
                let version = library.version();
                if version != known {
                    known = version;
                    mailbox.post(Message::LibraryChanged);
                }
            }
        });
        return;
    }
    // On other systems, there is no way to watch without regular wake-ups.
    #[cfg(target_os = "linux")]
    linux::watch(library, path, mailbox);
}

#[cfg(target_os = "linux")]
mod linux {
    use super::{Library, Mailbox, Path};
    use crate::app::Message;
    use rustix::fs::inotify::{self, CreateFlags, WatchFlags};
    use rustix::io::Errno;
    use std::io;
    use std::os::fd::OwnedFd;
    use std::thread;
    use std::time::Duration;

    /// How long changes are collected before the reader is notified. One mark causes several changes.
    const TOGETHER: Duration = Duration::from_millis(200);

    /// Posts [`Message::LibraryChanged`] whenever the library at `path` has changed, for as long as the program
    /// runs. If the kernel cannot provide a watch, nothing is posted.
    pub fn watch(library: &Library, path: &Path, mailbox: &Mailbox) {
        let Some(folder) = path.parent() else { return };
        let mut known = library.version();
        let Ok(inotify) = watch_folder(folder) else { return };
        let (library, mailbox) = (library.clone(), mailbox.clone());
        thread::spawn(move || {
            while wait(&inotify).is_ok() {
                thread::sleep(TOGETHER);
                let version = library.version();
                if version != known {
                    known = version;
                    mailbox.post(Message::LibraryChanged);
                }
            }
        });
    }

    fn watch_folder(folder: &Path) -> io::Result<OwnedFd> {
        let inotify = inotify::init(CreateFlags::CLOEXEC)?;
        inotify::add_watch(&inotify, folder, WatchFlags::MODIFY | WatchFlags::CREATE | WatchFlags::MOVED_TO)?;
        Ok(inotify)
    }

    /// Sleeps until any file in the folder is written.
    fn wait(inotify: &OwnedFd) -> Result<(), Errno> {
        let mut events = [0_u8; 4096];
        loop {
            match rustix::io::read(inotify, &mut events) {
                Ok(_) => return Ok(()),
                Err(Errno::INTR) => {}
                Err(error) => return Err(error),
            }
        }
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_change_by_another_process_is_reported() {
            let folder = tempfile::TempDir::new().expect("a folder");
            let path = folder.path().join("library.db");
            let library = Library::open(&path).expect("a library");
            let (mailbox, messages) = Mailbox::new(crate::terminal::waker().expect("a pipe"));
            watch(&library, &path, &mailbox);
            let other = Library::open(&path).expect("the same library");
            let added =
                crate::intake::analyse(crate::formats::edition(), &crate::intake::Depth::Text).articles;
            other.add(added).expect("articles are taken");
            assert_eq!(messages.recv(), Ok(Message::LibraryChanged));
        }
    }
}
