//! The errors of the operating system in plain words: what is wrong, and what can be done about it.
//!
//! In: an error of input or output. Out: one clause for the end of a message, `could not read x: CLAUSE`. The words of the
//! system itself are kept only for errors that this file does not know, after `details:`.

use std::io::{self, ErrorKind};

/// What went wrong, in one clause without a full stop.
pub fn reason(error: &io::Error) -> String {
    let known = match error.raw_os_error().and_then(numbered) {
        Some(known) => Some(known),
        None => kind(error.kind()),
    };
    match (known, error.get_ref()) {
        (Some(known), _) => known.to_owned(),
        // The words of this program itself, which makes such errors of what the system has no number for.
        (None, Some(own)) if error.kind() == ErrorKind::Other => own.to_string(),
        (None, _) => details(&error.to_string()),
    }
}

/// The words of another program or of a library, on one line, marked as such.
pub fn details(words: &str) -> String {
    let words = words.split(" (os error").next().unwrap_or_default();
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    format!("details: {}", if line.is_empty() { "none are given" } else { &line })
}

/// A text for a message, with its middle left out if it is long: an address may have 8 KB and a query 64 KB, and what is
/// wrong with it comes after it. At most 60 characters.
pub fn short(text: &str) -> String {
    const MOST: usize = 60;
    let chars: Vec<char> = text.chars().take(MOST + 1).collect();
    if chars.len() <= MOST {
        return text.to_owned();
    }
    let end: Vec<char> = text.chars().rev().take(15).collect();
    chars[..MOST - 16].iter().chain(&['…']).chain(end.iter().rev()).collect()
}

/// Numbers of POSIX without an [`ErrorKind`] of their own in the stable library.
fn numbered(number: i32) -> Option<&'static str> {
    Some(match number {
        5 => "the disk or the device reports a fault; check it",
        6 | 19 => "the device is not there; check that it is connected",
        23 | 24 => "too many files are open; close other programs, or raise the limit (ulimit -n)",
        40 => "its links lead in a circle; name the file itself",
        _ => return None,
    })
}

fn kind(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::NotFound => "there is no such file or folder; check its name",
        ErrorKind::PermissionDenied => "permission denied; check the rights of the file and of its folder",
        ErrorKind::AlreadyExists => "it exists already; choose another name",
        ErrorKind::StorageFull => "the disk is full; free some space and try again",
        ErrorKind::QuotaExceeded => "your share of the disk is used up; free some space and try again",
        ErrorKind::FileTooLarge => "the file would be larger than the disk or a limit allows",
        ErrorKind::ReadOnlyFilesystem => "the disk is read-only; choose a folder on another one",
        ErrorKind::IsADirectory => "it is a folder; name a file",
        ErrorKind::NotADirectory => "a part of its path is a file and not a folder; check the path",
        ErrorKind::InvalidFilename => "its name is too long, or has characters that are not allowed there",
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => {
            "another program is using it; try again later"
        }
        ErrorKind::StaleNetworkFileHandle => "the network disk has changed; mount it again",
        ErrorKind::InvalidData => "it is not text in UTF-8; convert it, or name another file",
        ErrorKind::UnexpectedEof => "it ends too early; it may be damaged or not complete",
        ErrorKind::OutOfMemory => "there is not enough memory; close other programs and try again",
        ErrorKind::TimedOut | ErrorKind::WouldBlock => "it took too long; try again later",
        ErrorKind::BrokenPipe => "the program that reads the output has ended",
        ErrorKind::Interrupted => "it was interrupted; try again",
        ErrorKind::ConnectionRefused => {
            "connection refused; check the address and its port, or try again later"
        }
        ErrorKind::ConnectionReset | ErrorKind::ConnectionAborted | ErrorKind::NotConnected => {
            "connection reset: the other side cut it; try again later"
        }
        ErrorKind::HostUnreachable | ErrorKind::NetworkUnreachable | ErrorKind::NetworkDown => {
            "there is no way to it; check the network"
        }
        ErrorKind::AddrNotAvailable | ErrorKind::AddrInUse => {
            "this machine has no address for it; check the network"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_errors_say_what_to_do() {
        let folder = tempfile::tempdir().expect("a folder");
        let check = |error: io::Error, expected: &str| {
            let told = reason(&error);
            assert!(told.starts_with(expected), "{told}");
            assert!(!told.contains("os error") && !told.ends_with('.'), "{told}");
        };
        let file = folder.path().join("file");
        std::fs::write(&file, b"\xff").expect("a file");
        check(std::fs::read(folder.path().join("none")).expect_err("nothing"), "there is no such file");
        check(std::fs::read(folder.path()).expect_err("a folder"), "it is a folder; name a file");
        check(std::fs::read(file.join("in")).expect_err("a file"), "a part of its path is a file");
        check(std::fs::read_to_string(&file).expect_err("not UTF-8"), "it is not text in UTF-8");
        check(std::fs::read(folder.path().join("x".repeat(300))).expect_err("long"), "its name is too long");
        check(std::fs::create_dir(folder.path()).expect_err("exists"), "it exists already");
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("round", folder.path().join("round")).expect("a link");
            check(
                std::fs::read(folder.path().join("round")).expect_err("a circle"),
                "its links lead in a circle",
            );
        }
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        drop(listener);
        check(std::net::TcpStream::connect(address).expect_err("refused"), "connection refused; check");
        check(io::Error::from_raw_os_error(28), "the disk is full; free some space");
        check(io::Error::from_raw_os_error(13), "permission denied; check");
        check(io::Error::other("it is not a file"), "it is not a file");
        check(io::Error::from_raw_os_error(71), "details: ");
        assert_eq!(details("odd\nthing (os error 99)"), "details: odd thing");
    }

    #[test]
    fn a_long_address_keeps_its_ends() {
        assert_eq!(short("https://a.example/feed"), "https://a.example/feed");
        let long = short(&format!("https://a.example/{}/the-end.xml", "x".repeat(8000)));
        assert_eq!(long.chars().count(), 60);
        assert!(long.starts_with("https://a.example/x") && long.ends_with("…xxx/the-end.xml"), "{long}");
    }
}
