//! Messages that are longer than the status line: the reason and what to do stay on the screen.

use super::driver::Driver;
use super::edition;
use dateline::exports::app::Message;

/// What the reader says when something fails, with long names.
const FAILURES: [&str; 8] = [
    "could not get the full text: it leads into a private network; allow it with allow-private in the config file",
    "could not fetch The Long Name of a Newspaper of the Northern Coast: no secure connection to feeds.long-name.example: \
     its certificate has expired; check the clock of this machine, or wait until the site renews it; next try at 10:30",
    "could not fetch The Harbour Post: could not reach the proxy 10.0.0.1: connection refused; check the setting proxy, or \
     start the proxy (it comes from the setting proxy, or from ALL_PROXY, HTTPS_PROXY or HTTP_PROXY); next try at 10:30",
    "could not use the library: it is locked by another dateline or another program; try again when that has ended \
     (/home/ada/.local/share/dateline/library.db; on a network disk, where locks may not work, name a local file with \
     --library)",
    "could not write the library /home/ada/.local/share/dateline/library.db: the disk is full; free some space and try again",
    "could not fetch The Harbour Post: the server answered 404 Not Found; check the address, or look for the feed on the site",
    "refused to follow a redirect: it leads into a private network; allow it with allow-private in the config file \
     (http://169.254.169.254/latest/meta-data)",
    "could not open the link: there is no program for it; set the setting browser",
];

#[test]
fn the_reason_and_the_remedy_are_on_the_screen() {
    for (width, height) in [(80, 24), (60, 15), (120, 40), (200, 50)] {
        for filter in ["", "f c 'ke' Enter", "f c 'ke' Enter f p 'ada' Enter f s 'har' Enter"] {
            let mut driver = Driver::start(width, height, edition());
            driver.keys(filter);
            for failure in FAILURES {
                driver.send(Message::Told(failure.to_owned()));
                let screen = driver.screen();
                // The rows above the status line, or the status line itself.
                let words = screen.split_whitespace().collect::<Vec<_>>().join(" ");
                assert!(words.contains(failure), "{width}x{height}: {failure}\n{screen}");
            }
        }
    }
}
