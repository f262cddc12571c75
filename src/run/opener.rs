//! Opens addresses on the machine where the user sits.
//!
//! The program that the user configured opens them. Without one, the platform's own program does, but only if
//! the user sits at this machine and it has a graphical screen. The program gets the address as one argument,
//! never through a shell.

use crate::capacity::Capacity;

/// The way in which web pages are opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opener {
    /// This program with these arguments opens an address, which is added as the last argument.
    Program(Vec<String>),
    /// The user sits at another machine, or no program here can open pages.
    None,
}

impl Opener {
    /// Returns the program that the user configured. Without one, the environment decides on the platform's own
    /// program, unless the user sits at another machine (`remote`).
    pub fn find(configured: &[String], get: impl Fn(&str) -> Option<String>, remote: bool) -> Opener {
        let screen = ["DISPLAY", "WAYLAND_DISPLAY"]
            .iter()
            .any(|name| get(name).is_some_and(|value| !value.is_empty()));
        match () {
            () if !configured.is_empty() => Opener::Program(configured.to_vec()),
            () if remote => Opener::None,
            () if cfg!(target_os = "macos") => Opener::Program(vec!["open".to_owned()]),
            () if screen => Opener::Program(vec!["xdg-open".to_owned()]),
            () => Opener::None,
        }
    }

    /// Opens the address and returns a message for the user, or `None` if the address has to be shown in another
    /// way. Addresses that are not http or https are never passed to a program.
    pub fn open(&self, address: &str, capacity: &Capacity) -> Option<String> {
        self.start(address, capacity).then(|| format!("opened {address}"))
    }

    /// The same for a sound or a film, which the configured player plays.
    pub fn play(&self, address: &str, capacity: &Capacity) -> Option<String> {
        self.start(address, capacity).then(|| format!("playing {address}"))
    }

    /// Whether a program was started.
    fn start(&self, address: &str, capacity: &Capacity) -> bool {
        let Opener::Program(argv) = self else { return false };
        if !is_web(address) {
            return false;
        }
        let argv: Vec<String> = argv.iter().cloned().chain([address.to_owned()]).collect();
        let Ok(mut child) = capacity.start(&argv, None) else { return false };
        // Wait for the program, so that no zombie process remains.
        std::thread::spawn(move || child.wait());
        true
    }
}

/// Returns whether this is an http or https address in ASCII without spaces or control characters.
fn is_web(address: &str) -> bool {
    (address.starts_with("https://") || address.starts_with("http://"))
        && address.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_opened() {
        assert!(is_web("https://example.org/a?b=c"));
        for bad in
            ["javascript:alert(1)", "file:///etc/passwd", "-https://x", "https://a b", "https://\u{e9}"]
        {
            assert!(!is_web(bad), "{bad}");
        }
    }

    #[test]
    fn nothing_is_opened_over_a_remote_connection_or_without_a_screen() {
        let display = |name: &str| (name == "DISPLAY").then(|| ":0".to_owned());
        assert_eq!(Opener::find(&[], display, true), Opener::None);
        assert_eq!(Opener::find(&[], |_| None, false), Opener::None);
    }
}
