//! Opens addresses on the machine that the person sits at.
//!
//! By the program that the person configured, else only where that is this machine and it has a screen. A program is given the address as one argument,
//! never through a shell.

use crate::capacity::Capacity;

/// What shows pages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Opener {
    /// This program with these arguments takes an address as its last and shows it.
    Program(Vec<String>),
    /// The person sits elsewhere, or nothing can show pages here.
    None,
}

impl Opener {
    /// What the person configured; else the platform's own, told from the environment, unless the
    /// person sits elsewhere.
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

    /// Has the address shown; what to tell the person, or `None` where it has to be shown otherwise.
    /// Addresses that are not http or https are never handed on.
    pub fn open(&self, address: &str, capacity: &Capacity) -> Option<String> {
        let Opener::Program(argv) = self else { return None };
        if !is_web(address) {
            return None;
        }
        let argv: Vec<String> = argv.iter().cloned().chain([address.to_owned()]).collect();
        let mut child = capacity.start(&argv, None).ok()?;
        // Waited for, so that no zombie is left behind.
        std::thread::spawn(move || child.wait());
        Some(format!("opened {address}"))
    }
}

/// Whether this is an http or https address without blanks, controls or anything outside ASCII.
fn is_web(address: &str) -> bool {
    (address.starts_with("https://") || address.starts_with("http://"))
        && address.bytes().all(|byte| (0x21..=0x7e).contains(&byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_web_addresses_are_handed_on() {
        assert!(is_web("https://example.org/a?b=c"));
        for bad in
            ["javascript:alert(1)", "file:///etc/passwd", "-https://x", "https://a b", "https://\u{e9}"]
        {
            assert!(!is_web(bad), "{bad}");
        }
    }

    #[test]
    fn over_a_link_nothing_is_opened() {
        let display = |name: &str| (name == "DISPLAY").then(|| ":0".to_owned());
        assert_eq!(Opener::find(&[], display, true), Opener::None);
        assert_eq!(Opener::find(&[], |_| None, false), Opener::None);
    }
}
