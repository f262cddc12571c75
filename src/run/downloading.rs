//! Downloads sound, film, pictures and other files, one after the other, on a thread of its own. Only what the person asks
//! for is downloaded, into the folder that they have named.

use super::worker::Mailbox;
use crate::app::{Downloading, Message};
use crate::article::ArticleId;
use crate::article::link::size;
use crate::capacity::{Capacity, PartFile};
use crate::fetch::{DownloadError, Fetcher, Incoming, Limits, Part, Request, Store};
use crate::intake::{full_text, give_way};
use crate::library::Library;
use crate::text::clean_line;
use std::collections::HashSet;
use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The shortest time between two reports: each costs a frame.
const REPORT: Duration = Duration::from_millis(250);
/// The longest name of a file, in bytes. File systems allow 255, and endings are added to it.
const NAME_CAP: usize = 150;

/// What downloading needs.
#[derive(Clone)]
pub struct Means {
    pub fetcher: Fetcher,
    pub library: Library,
    pub capacity: Capacity,
    pub folder: PathBuf,
    /// The largest file, in bytes.
    pub most: u64,
}

/// The limits of a download: what takes longer than a day is broken off and can be gone on with.
pub fn limits(most: u64) -> Limits {
    Limits {
        bytes: most,
        redirects: 10,
        connect: Duration::from_secs(10),
        whole: Duration::from_secs(86_400),
    }
}

/// The thread that downloads.
pub struct Downloads {
    asks: Sender<(ArticleId, String)>,
    /// The addresses that wait or are downloaded. One that is taken out is not wanted any more.
    wanted: Arc<Mutex<HashSet<String>>>,
}

impl Downloads {
    pub fn start(means: Means, mailbox: &Mailbox) -> Downloads {
        let (asks, asked) = channel::<(ArticleId, String)>();
        let wanted: Arc<Mutex<HashSet<String>>> = Arc::default();
        let (mailbox, left) = (mailbox.clone(), Arc::clone(&wanted));
        std::thread::spawn(move || {
            give_way();
            for (id, url) in &asked {
                if !lock(&left).contains(&url) {
                    continue;
                }
                let told = match download(&means, id, &url, (&left, &mailbox)) {
                    Ok(told) => told,
                    Err(error) => format!("could not download {}: {error}", name_of(&url)),
                };
                mailbox.post(Message::Downloading(None));
                mailbox.post(Message::Told(told));
                lock(&left).remove(&url);
            }
        });
        Downloads { asks, wanted }
    }

    /// Asks for a file, or stops downloading it if that has been asked for. Returns what has begun; `None` if it stops.
    pub fn ask(&self, id: ArticleId, url: String) -> Option<Downloading> {
        let name = name_of(&url);
        let mut wanted = lock(&self.wanted);
        if wanted.remove(&url) {
            return None;
        }
        let waiting = wanted.len();
        wanted.insert(url.clone());
        drop(wanted);
        // The thread ends only after the sender has gone.
        let _ = self.asks.send((id, url));
        Some(Downloading { name, done: 0, total: None, waiting })
    }

    /// Whether a file is being downloaded or waits for that.
    pub fn is_busy(&self) -> bool {
        !lock(&self.wanted).is_empty()
    }
}

fn lock(wanted: &Mutex<HashSet<String>>) -> MutexGuard<'_, HashSet<String>> {
    // A panic under the lock cannot leave the set half changed.
    wanted.lock().unwrap_or_else(PoisonError::into_inner)
}

fn download(
    means: &Means,
    id: ArticleId,
    url: &str,
    (wanted, mailbox): (&Mutex<HashSet<String>>, &Mailbox),
) -> Result<String, DownloadError> {
    let store = |error| DownloadError::Store(error);
    let name = name_of(url);
    let is_of = |origin: &str| origin.lines().next() == Some(url);
    let part =
        means.capacity.part(&means.folder, &name, &is_of).map_err(|error| store(io::Error::other(error)))?;
    let from = part.length().map_err(store)?;
    let validator = part.origin.as_deref().and_then(|origin| origin.lines().nth(1)).map(str::to_owned);
    // The link is the word of whoever wrote the article: it may lead where the person let the source lead.
    let loaded = means.library.load(id).ok().flatten();
    let reach =
        loaded.and_then(|stored| full_text::reach(&means.library, &stored.article).ok()).unwrap_or_default();
    let request = Request {
        url: url.to_owned(),
        reach,
        limits: Some(limits(means.most)),
        part: Some(Part { from, validator }),
        ..Request::default()
    };
    let mut into =
        Writing { part, url, name, at: from, total: None, kind: None, wanted, mailbox, told: None };
    let downloaded = means.fetcher.download(&request, &mut into);
    let Writing { part, at, kind, .. } = into;
    match downloaded {
        Ok(()) => {
            let path = part.finish(kind.as_deref().and_then(ending)).map_err(store)?;
            Ok(format!("downloaded {} to {}", size(at), crate::text::path::written(&path)))
        }
        Err(DownloadError::Stopped) => Ok(format!("stopped at {}; D goes on with it", size(at))),
        Err(error) => {
            part.discard_if_empty();
            Err(error)
        }
    }
}

/// A part that is being written.
struct Writing<'d> {
    part: PartFile,
    url: &'d str,
    name: String,
    at: u64,
    total: Option<u64>,
    kind: Option<String>,
    wanted: &'d Mutex<HashSet<String>>,
    mailbox: &'d Mailbox,
    told: Option<Instant>,
}

impl Writing<'_> {
    fn tell(&mut self) {
        if self.told.is_none_or(|told| told.elapsed() >= REPORT) {
            self.told = Some(Instant::now());
            let waiting = lock(self.wanted).len().saturating_sub(1);
            let (name, done, total) = (self.name.clone(), self.at, self.total);
            self.mailbox.post(Message::Downloading(Some(Downloading { name, done, total, waiting })));
        }
    }
}

impl Store for Writing<'_> {
    fn begin(&mut self, incoming: &Incoming) -> io::Result<()> {
        if incoming.from == 0 {
            self.part.restart()?;
        }
        self.at = incoming.from;
        self.total = incoming.total;
        self.kind = incoming.content_type.clone();
        let validator = incoming.validator.as_deref().unwrap_or_default();
        self.part.note(&format!("{}\n{validator}\n", self.url))?;
        self.tell();
        Ok(())
    }

    fn take(&mut self, bytes: &[u8]) -> io::Result<bool> {
        self.part.write(bytes)?;
        self.at += bytes.len() as u64;
        self.tell();
        Ok(lock(self.wanted).contains(self.url))
    }
}

/// A safe name for the file at an address: the last part of its path, without what a file system or a shell could take
/// for something else. It never begins with a full stop or a dash.
pub fn name_of(url: &str) -> String {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let path =
        path.split_once("://").map_or(path, |(_, rest)| rest.split_once('/').map_or("", |(_, path)| path));
    let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    let decoded = clean_line(&decoded(last));
    let plain = |c: char| match c {
        c if c.is_alphanumeric() || matches!(c, '.' | '-' | '_' | ' ' | '(' | ')' | ',' | '+') => c,
        _ => '_',
    };
    let name: String = decoded.chars().map(plain).collect();
    let name = name.trim_matches(|c: char| matches!(c, '.' | ' ' | '-' | '_'));
    let end = (0..=NAME_CAP.min(name.len())).rev().find(|at| name.is_char_boundary(*at)).unwrap_or(0);
    let (stem, kind) = match name.rsplit_once('.') {
        Some((stem, kind)) if kind.len() <= 8 => (stem, Some(kind)),
        _ => (name, None),
    };
    match (name.is_empty(), name.len() > NAME_CAP, kind) {
        (true, ..) => "download".to_owned(),
        (_, false, _) => name.to_owned(),
        (_, true, None) => name.get(..end).unwrap_or("download").to_owned(),
        (_, true, Some(kind)) => {
            let end = (0..=NAME_CAP - 10).rev().find(|at| stem.is_char_boundary(*at)).unwrap_or(0);
            format!("{}.{kind}", &stem[..end.min(stem.len())])
        }
    }
}

/// A part of an address without its percent signs.
fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while let Some(byte) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).and_then(|hex| u8::from_str_radix(hex, 16).ok());
        match (byte, code) {
            (b'%', Some(code)) => {
                out.push(code);
                at += 3;
            }
            (byte, _) => {
                out.push(*byte);
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// The usual ending of the name of a file of this media type.
fn ending(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/mp4" | "audio/x-m4a" => "m4a",
        "audio/ogg" => "ogg",
        "audio/opus" => "opus",
        "audio/flac" => "flac",
        "video/mp4" => "mp4",
        "video/webm" => "webm",
        "video/quicktime" => "mov",
        "image/jpeg" => "jpg",
        "image/png" => "png",
        "image/gif" => "gif",
        "image/webp" => "webp",
        "application/pdf" => "pdf",
        "application/x-bittorrent" => "torrent",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fetch::tests::Server;
    use crate::fetch::{Fetcher, tests as local};
    use std::io::Write as _;

    #[test]
    fn names_of_files_are_safe() {
        for (url, name) in [
            ("https://a.example/x/214.mp3?x=1", "214.mp3"),
            ("https://a.example/..%2f..%2fetc%2fpasswd", "etc_passwd"),
            ("https://a.example/%2e%2e/", "download"),
            ("https://a.example/.bashrc", "bashrc"),
            ("https://a.example/-rf", "rf"),
            ("https://a.example/a%00b%0ac%1b%5b2J.mp3", "ab c.mp3"),
            ("https://a.example/caf%C3%A9.ogg", "café.ogg"),
            ("https://a.example", "download"),
            ("https://a.example/a:b|c\\d.mp3", "a_b_c_d.mp3"),
        ] {
            assert_eq!(name_of(url), name, "{url}");
        }
        let long = name_of(&format!("https://a.example/{}.mp3", "é".repeat(300)));
        assert!(long.len() <= NAME_CAP && long.ends_with(".mp3"), "{long}");
    }

    /// A server of one file that breaks off after half of it, unless it is asked for the rest.
    fn breaking(file: &'static [u8]) -> Server {
        Server::new(move |head, stream| {
            let head = head.to_ascii_lowercase();
            let half = file.len() / 2;
            let answer = match head.contains(&format!("range: bytes={half}-"))
                && head.contains("if-range: \"v1\"")
            {
                true => {
                    let range = format!("bytes {half}-{}/{}", file.len() - 1, file.len());
                    let mut answer = format!(
                        "HTTP/1.1 206 Partial Content\r\nContent-Range: {range}\r\nContent-Length: {}\r\nETag: \"v1\"\r\n\r\n",
                        file.len() - half
                    )
                    .into_bytes();
                    answer.extend_from_slice(&file[half..]);
                    answer
                }
                false => {
                    let mut answer = format!(
                        "HTTP/1.1 200 OK\r\nContent-Type: audio/mpeg\r\nContent-Length: {}\r\nETag: \"v1\"\r\n\r\n",
                        file.len()
                    )
                    .into_bytes();
                    answer.extend_from_slice(&file[..half]);
                    answer
                }
            };
            let _ = stream.write_all(&answer);
        })
    }

    fn means(folder: &std::path::Path, most: u64) -> Means {
        Means {
            fetcher: Fetcher::new(limits(most)).allowing(local::this_machine()),
            library: Library::temporary().expect("a library"),
            capacity: Capacity::Full,
            folder: folder.to_owned(),
            most,
        }
    }

    fn run(means: &Means, url: &str) -> Result<String, DownloadError> {
        let (mailbox, _inbox) = Mailbox::new(crate::terminal::waker().expect("a waker"));
        let wanted = Mutex::new(HashSet::from([url.to_owned()]));
        download(means, ArticleId(1), url, (&wanted, &mailbox))
    }

    #[test]
    fn a_download_that_broke_off_is_gone_on_with() {
        let folder = tempfile::tempdir().expect("a folder");
        let server = breaking(b"0123456789");
        let url = format!("{}/talk.mp3", server.url);
        let error = run(&means(folder.path(), 1 << 20), &url).expect_err("it breaks off").to_string();
        assert!(error.starts_with("the answer was cut off"), "{error}");
        assert_eq!(std::fs::read(folder.path().join("talk.mp3.part")).expect("a part"), b"01234");
        let told = run(&means(folder.path(), 1 << 20), &url).expect("the rest");
        assert!(told.starts_with("downloaded 10 bytes to "), "{told}");
        assert_eq!(std::fs::read(folder.path().join("talk.mp3")).expect("a file"), b"0123456789");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn a_file_that_is_too_large_or_a_page_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let server = breaking(b"0123456789");
        let error = run(&means(folder.path(), 9), &format!("{}/a.mp3", server.url)).expect_err("too large");
        assert!(matches!(error, DownloadError::Fetch(crate::fetch::FetchError::TooLarge(9))), "{error}");
        let page = Server::saying(local::ok("Content-Type: text/html\r\n", b"<p>Log in"));
        let error = run(&means(folder.path(), 1 << 20), &format!("{}/a.mp3", page.url)).expect_err("a page");
        assert!(matches!(error, DownloadError::Page), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }

    #[test]
    fn a_private_network_is_not_reached() {
        let folder = tempfile::tempdir().expect("a folder");
        let server = breaking(b"0123456789");
        let closed = Means { fetcher: Fetcher::new(limits(1 << 20)), ..means(folder.path(), 1 << 20) };
        let error = run(&closed, &format!("{}/a.mp3", server.url)).expect_err("private").to_string();
        assert!(error.contains("private network"), "{error}");
    }

    #[test]
    fn a_kiosk_downloads_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        let kiosk = Capacity::Kiosk { state: folder.path().join("state.db") };
        let closed = Means { capacity: kiosk, ..means(folder.path(), 1 << 20) };
        assert!(run(&closed, "http://a.example/a.mp3").is_err());
        assert_eq!(std::fs::read_dir(folder.path()).expect("a folder").count(), 0);
    }
}
