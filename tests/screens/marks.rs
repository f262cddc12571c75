//! Read, starred, tagged; undo and redo.

use crate::driver::Driver;
use crate::edition;

#[test]
fn marks_are_set_and_taken_back() {
    let mut driver = Driver::start(80, 24, edition());
    assert!(driver.keys("m").selected().starts_with(">   2024"));
    assert!(driver.keys("m s").selected().starts_with(">●★ 2024"));
    assert!(driver.keys("U").selected().starts_with(">●  2024"));
    assert!(driver.status().contains("undone: 1 article starred"), "{}", driver.status());
    assert!(driver.keys("C-r").selected().starts_with(">●★ 2024"));
    assert!(driver.keys("f m").screen().contains("[is:starred]"));
    assert!(driver.status().starts_with("1/1"));
}

#[test]
fn everything_shown_is_marked_read_and_back() {
    let mut driver = Driver::start(80, 24, edition());
    let unread = |driver: &mut Driver| driver.screen().matches('●').count();
    driver.keys("f c 'kenya' Enter A");
    assert_eq!(unread(&mut driver), 0);
    assert!(driver.status().contains("3 articles marked as read; U undoes it"), "{}", driver.status());
    driver.keys("f x");
    assert_eq!(unread(&mut driver), 3);
    driver.keys("U");
    assert_eq!(unread(&mut driver), 6);
    assert!(driver.keys("U").status().contains("nothing to undo"));
}

#[test]
fn tags_are_put_on_and_found() {
    let mut driver = Driver::start(80, 24, edition());
    assert!(driver.keys("t 'read_later' Enter").screen().contains("#read-later"));
    assert!(driver.keys("f t").screen().contains("read-later"));
    assert!(driver.keys("Enter").status().starts_with("1/1 [tag:read-later]"));
    assert!(!driver.keys("f x t '-read-later' Enter").screen().contains("· #read-later"));
    assert!(!driver.keys("t 'x' Esc").screen().contains("#x"));
}

/// What is read does not vanish from under the one who reads it.
#[test]
fn an_article_stays_while_it_is_read_though_the_filter_says_unread() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("f u j Enter");
    driver.send(dateline::exports::app::Message::LibraryChanged);
    driver.rest();
    assert!(driver.screen().contains("\n Quiet day at the market"), "{}", driver.screen());
    driver.keys("J");
    assert!(driver.screen().contains("\n Launch"), "the next, none left out:\n{}", driver.screen());
}
