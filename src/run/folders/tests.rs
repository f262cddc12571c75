//! Tests with real folders and real events of the system. Every wait ends with a message, none with a fixed time.

use super::*;
use crate::library::Cancel;
use crate::listing::Window;
use crate::query::Query;
use std::sync::mpsc::Receiver;
use tempfile::TempDir;

struct Watched {
    folder: TempDir,
    library: Library,
    messages: Receiver<Message>,
    _watching: Watching,
}

impl Watched {
    fn new(files: &[(&str, &str)]) -> Watched {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in files {
            std::fs::write(folder.path().join(name), text).expect("a file");
        }
        let library = Library::temporary().expect("a library");
        let (mailbox, messages) = Mailbox::new(crate::terminal::waker().expect("a pipe"));
        let roots = vec![Root::new(folder.path()).expect("a root")];
        let watching = watch(&library, roots, Gone::Out, Depth::Text, &mailbox);
        Watched { folder, library, messages, _watching: watching }
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.folder.path().join(name), text).expect("a file");
    }

    fn titles(&self) -> Vec<String> {
        let window = Window::First { limit: 99 };
        let page = self.library.page(&Query::everything(), window, &Cancel::new()).expect("a page");
        let mut titles: Vec<String> = page.rows.into_iter().map(|row| row.title).collect();
        titles.sort();
        titles
    }

    /// Waits until the library contains exactly the articles with these titles.
    fn wait_for(&self, expected: &[&str]) {
        while self.titles() != expected {
            let message = self.messages.recv_timeout(Duration::from_secs(60));
            assert!(message.is_ok(), "{expected:?}, and not {:?}", self.titles());
        }
    }
}

#[test]
fn new_changed_and_deleted_files_show_in_the_library() {
    let watched = Watched::new(&[]);
    watched.write("a.txt", "Bridge falls\n3 January 2022\nIt fell.\n");
    watched.wait_for(&["Bridge falls"]);
    // An editor writes a new file and renames it over the old one.
    watched.write("a.txt.tmp", "Bridge stands\n3 January 2022\nIt stands.\n");
    let path = |name| watched.folder.path().join(name);
    std::fs::rename(path("a.txt.tmp"), path("a.txt")).expect("renamed");
    watched.wait_for(&["Bridge stands"]);
    std::fs::create_dir(path("more")).expect("a folder");
    watched.write("more/b.txt", "Ferry sails\n4 January 2022\nIt sails.\n");
    watched.wait_for(&["Bridge stands", "Ferry sails"]);
    std::fs::rename(path("more"), path("other")).expect("renamed");
    watched.write("c.jsonl", "{\"title\":\"One\",\"body\":\"a\"}\n{\"title\":\"Two\",\"body\":\"b\"}\n");
    watched.wait_for(&["Bridge stands", "Ferry sails", "One", "Two"]);
    watched.write("c.jsonl", "{\"title\":\"Two\",\"body\":\"b\"}\n");
    watched.wait_for(&["Bridge stands", "Ferry sails", "Two"]);
    std::fs::remove_file(path("a.txt")).expect("removed");
    std::fs::remove_dir_all(path("other")).expect("removed");
    watched.wait_for(&["Two"]);
}
