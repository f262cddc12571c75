//! Saved searches above the list.

use crate::driver::Driver;
use crate::edition;
use dateline::exports::app::{Effect, Message, SearchChange};

/// What the reader asked to be changed in the config.
fn changes(driver: &Driver) -> Vec<SearchChange> {
    let change = |effect: &Effect| match effect {
        Effect::ChangeSearch(change) => Some(change.clone()),
        _ => None,
    };
    driver.done.iter().filter_map(change).collect()
}

fn title(driver: &mut Driver) -> String {
    driver.screen().lines().next().unwrap_or("").to_owned()
}

#[test]
fn saved_searches_are_in_the_title_where_the_list_is_low() {
    let mut driver = Driver::with_search(80, 24, edition());
    assert!(title(&mut driver).contains(" @kenya 3 "), "{}", driver.screen());
    driver.keys("m");
    driver.keys("k");
    let screen = driver.screen();
    let row = screen.lines().nth(1).unwrap_or("");
    assert!(row.starts_with("> @kenya  country:Kenya") && row.ends_with(" 2"), "{screen}");
    driver.keys("j");
    assert!(driver.selected().contains(" Mar "), "{}", driver.screen());
    driver.keys("k Enter");
    assert!(driver.status().contains("[@kenya]"), "{}", driver.screen());
    driver.keys("A");
    assert!(title(&mut driver).contains(" @kenya 0"), "{}", driver.screen());
    driver.keys("U");
    assert!(title(&mut driver).contains(" @kenya 2"), "{}", driver.screen());
}

#[test]
fn saved_searches_have_rows_where_the_list_is_high() {
    let mut driver = Driver::with_search(200, 50, edition());
    let screen = driver.screen();
    assert!(screen.lines().nth(1).is_some_and(|line| line.starts_with("  @kenya")), "{screen}");
    driver.keys("k m");
    assert!(driver.status().contains("no article is selected"), "{}", driver.status());
    driver.keys("A");
    assert!(driver.status().contains("3 articles marked as read"), "{}", driver.status());
}

#[test]
fn the_present_filter_is_saved_renamed_and_removed() {
    let mut driver = Driver::with_search(80, 24, edition());
    driver.keys("S");
    assert!(driver.status().contains("there is no filter to save"), "{}", driver.status());
    driver.keys("/ 'country:NO_is:unread' Enter S");
    assert!(driver.status().contains("save as @"), "{}", driver.status());
    driver.keys("'north_land' Enter");
    assert!(driver.status().contains("saved @north-land"), "{}", driver.status());
    assert!(title(&mut driver).contains("@north-land 3"), "{}", driver.screen());
    driver.keys("f x / '@n' Tab Enter");
    assert!(driver.status().contains("[@north-land]"), "{}", driver.status());
    driver.keys("f r C-u 'north' Enter");
    assert!(driver.status().contains("[@north]"), "{}", driver.status());
    driver.keys("f D");
    assert!(driver.status().contains("[country:Norway]"), "{}", driver.status());
    let keep = SearchChange::Keep { name: "north-land".to_owned(), query: "country:NO is:unread".to_owned() };
    let rename = SearchChange::Rename { from: "north-land".to_owned(), to: "north".to_owned() };
    assert_eq!(changes(&driver), [keep, rename, SearchChange::Remove { name: "north".to_owned() }]);
}

#[test]
fn a_search_within_another_follows_its_new_name() {
    let mut driver = Driver::with_search(80, 24, edition());
    driver.keys("/ '@kenya_has:quote' Enter S 'said' Enter f x g g k k Enter");
    assert!(driver.status().contains("[@kenya]"), "{}", driver.status());
    driver.keys("f r C-u 'k' Enter f x f f 'said' Enter");
    assert!(driver.status().contains("[@said]") && !driver.status().contains("0/0"), "{}", driver.status());
    let last = changes(&driver).pop();
    let expected = SearchChange::Keep { name: "said".to_owned(), query: "@k has:quote".to_owned() };
    assert_eq!(last, Some(expected));
    // Saved under its own name it would use itself: its meaning is saved.
    driver.keys("S 'k' Enter");
    let expected = SearchChange::Keep { name: "k".to_owned(), query: "country:KE has:quote".to_owned() };
    assert_eq!(changes(&driver).pop(), Some(expected));
}

#[test]
fn saved_searches_that_grow_without_end_are_refused_with_a_reason() {
    let mut saved = vec![("a0".to_owned(), "gas".to_owned()), ("loop".to_owned(), "gas @loop".to_owned())];
    saved.extend((1..=41).map(|at| (format!("a{at}"), format!("(@a{0} x) | (@a{0} -y)", at - 1))));
    let mut driver = Driver::with_saved(120, 40, edition(), saved);
    driver.keys("/ '@a41'");
    assert!(driver.status().contains("more than 500 conditions"), "{}", driver.screen());
    driver.keys("Enter");
    assert!(driver.screen().contains("@a40 matches nothing: it has more than 500"), "{}", driver.screen());
    driver.keys("f x / '@loop' Enter");
    assert!(driver.screen().contains("@loop matches nothing: it uses itself"), "{}", driver.screen());
    driver.keys("f x / '@nosuch' Enter");
    assert!(driver.screen().contains("no saved search of this name"), "{}", driver.screen());
}

#[test]
fn a_filter_has_a_bounded_number_of_conditions() {
    let mut driver = Driver::with_search(120, 40, edition());
    let words = |driver: &mut Driver, numbers: std::ops::Range<usize>| {
        for hundred in numbers.clone().step_by(100) {
            let some = (hundred..numbers.end.min(hundred + 100)).map(|at| format!("{at}"));
            driver.send(Message::Pasted(some.collect::<Vec<_>>().join(" ")));
            driver.send(Message::Typed(' '));
        }
        driver.rest();
    };
    driver.keys("/");
    words(&mut driver, 0..501);
    assert!(driver.status().contains("more than 500 words and names"), "{}", driver.screen());
    driver.keys("C-u");
    words(&mut driver, 0..500);
    driver.keys("Enter f u");
    assert!(driver.status().contains("not added: a filter has at most 500"), "{}", driver.screen());
}
