//! The keys that fingers know from vi, and keys that mean nothing.

use crate::driver::{Driver, article};
use crate::edition;
use dateline::exports::app::Effect;

/// Sixty articles in a list of 22 rows; the newest is number 60.
fn long() -> Driver {
    let articles = (1..=60).map(|number| {
        let day = format!("2024-{:02}-{:02}", 1 + (number - 1) / 28, 1 + (number - 1) % 28);
        article(&day, "Wire", &format!("Title {number}."), "x")
    });
    Driver::start(60, 24, articles.collect())
}

fn check(driver: &mut Driver, keys: &str, expected: u32) {
    let row = driver.keys(keys).selected();
    assert!(row.contains(&format!("Title {expected}.")), "{keys}: {row}");
}

#[test]
fn h_m_l_go_to_rows_of_the_pane() {
    let mut driver = long();
    let rows = u32::try_from(driver.screen().matches("Title").count()).expect("few rows");
    check(&mut driver, "M", 60 - (rows - 1) / 2);
    check(&mut driver, "L", 60 - (rows - 1));
    check(&mut driver, "3 L", 60 - (rows - 3));
    check(&mut driver, "3 H", 58);
    check(&mut driver, "H", 60);
    check(&mut driver, "10 C-e 2 H".replace("10", "1 0").as_str(), 49);
}

#[test]
fn the_list_scrolls_under_the_cursor_and_the_cursor_can_be_placed() {
    let mut driver = long();
    check(&mut driver, "5 j C-e C-e", 55);
    assert!(!driver.screen().contains("Title 59."), "{}", driver.screen());
    check(&mut driver, "C-y C-y", 55);
    assert!(driver.screen().contains("Title 60."));
    // The cursor goes along where its row would leave the pane.
    check(&mut driver, "9 C-e", 51);
    check(&mut driver, "g g 3 0 j z t", 30);
    assert!(driver.screen().contains("Title 29.") && !driver.screen().contains("Title 31."));
    check(&mut driver, "z b", 30);
    assert!(driver.screen().contains("Title 31.") && !driver.screen().contains("Title 29."));
    check(&mut driver, "z .", 30);
    assert!(driver.screen().contains("Title 31.") && driver.screen().contains("Title 29."));
    check(&mut driver, "1 2 g g", 49);
}

#[test]
fn in_the_article_the_same_keys_go_to_names_and_place_them() {
    let lines: Vec<String> = (1..=60)
        .map(|number| format!("Line {number} is about [Person {number}x|person] and others."))
        .collect();
    let mut driver = Driver::start(80, 24, vec![article("2024-03-01", "Wire", "Title", &lines.join("\n"))]);
    assert!(driver.keys("Enter H").status().contains("Person 1x"), "{}", driver.status());
    driver.keys("L z t");
    let last = driver.status();
    let screen = driver.screen();
    let first = screen.lines().find(|line| line.contains(" is about ")).unwrap_or("").to_owned();
    let number = first.trim().trim_start_matches("Line ").split(' ').next().unwrap_or("").to_owned();
    assert!(last.contains(&format!("Person {number}x")), "{last}\n{screen}");
    driver.keys("z b z .");
    let screen = driver.screen();
    let body: Vec<&str> = screen.lines().filter(|line| line.contains(" is about ")).collect();
    let middle = body.iter().position(|line| line.contains(&format!("Person {number}x"))).unwrap_or(0);
    assert!(middle > 2 && middle + 2 < body.len(), "{screen}");
    assert!(driver.keys("Esc z t").status().contains("no name under the cursor"), "{}", driver.status());
}

#[test]
fn z_z_twice_leaves() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("Z Z");
    assert!(driver.done.contains(&Effect::Quit));
}

#[test]
fn an_unknown_key_says_so() {
    let mut driver = Driver::start(80, 24, edition());
    let before = driver.selected();
    for keys in ["!", "f !", "v !", "z !", "y !", "g !", "5 !"] {
        let said = format!("No key `{}` here; ? lists all keys.", keys.trim_start_matches("5 "));
        assert!(driver.keys(keys).status().contains(&said), "{keys}: {}", driver.status());
    }
    assert_eq!(driver.selected(), before);
    assert!(driver.keys("j").status().contains("Enter open"), "{}", driver.status());
    assert!(driver.keys("z f h z t").status().contains("No key `z t` here"), "{}", driver.status());
}
