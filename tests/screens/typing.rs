//! Searches that replace one another and are recalled, Esc in the article, and what a picker would leave.

use crate::driver::{Driver, article};
use crate::edition;
use dateline::exports::app::{Effect, Whereabouts};

fn check(driver: &mut Driver, keys: &str, there: &[&str], gone: &[&str]) {
    let screen = driver.keys(keys).screen();
    for part in there {
        assert!(screen.contains(part), "{keys}: no {part} in\n{screen}");
    }
    for part in gone {
        assert!(!screen.contains(part), "{keys}: {part} in\n{screen}");
    }
}

#[test]
fn a_search_takes_the_place_of_the_one_before() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "f c 'norway' Enter / 'ferry' Enter", &["[about:Norway] [ferry*]", "1/3"], &[]);
    check(&mut driver, "/ 'price' Enter", &["[about:Norway] [price*]", "1/1"], &["[ferry"]);
    check(&mut driver, "/ 'has:quote' Enter", &["[about:Norway] [has:quote]", "1/2"], &["[price"]);
    check(&mut driver, "/ 'sign' Enter", &["[about:Norway] [sign*]"], &["has:quote"]);
    // Enter on an empty line leaves the search as it is; a line that was emptied ends it.
    check(&mut driver, "/ Enter", &["[about:Norway] [sign*]"], &[]);
    check(&mut driver, "/ 'x' C-u Enter", &["[about:Norway]", "1/3"], &["[sign"]);
    // Words that were there from elsewhere are a search, too; other conditions are not.
    check(
        &mut driver,
        "f e C-u 'ferry_is:unread' Enter / 'kenya' Enter",
        &["[is:unread] [kenya*]"],
        &["[ferry"],
    );
    check(&mut driver, "/ 'zz' Esc", &["[is:unread] [kenya*]"], &[]);
}

#[test]
fn the_conditions_stay_in_sight_while_a_search_is_typed() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "f c 'norway' Enter / 'market'", &["[about:Norway] /market", "0 articles"], &[]);
    check(&mut driver, "Esc / ", &["[about:Norway] /", "3 articles"], &[]);
}

#[test]
fn earlier_searches_are_recalled() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("/ 'ferry' Enter / 'market' Enter / 'fish' Enter");
    check(&mut driver, "/ Up", &["/fish"], &[]);
    check(&mut driver, "Up Up", &["/ferry", "3 articles"], &[]);
    check(&mut driver, "Up", &["/ferry"], &[]);
    check(&mut driver, "Down", &["/market"], &[]);
    check(&mut driver, "Down Down", &["/ "], &["/fish"]);
    // Only those that begin with what is typed.
    check(&mut driver, "'fe' Up", &["/ferry"], &[]);
    check(&mut driver, "Down", &["/fe"], &["/ferry"]);
    check(&mut driver, "Esc f e Up", &["/fish"], &[]);
    driver.keys("Esc Q");
    let kept = driver.done.iter().find_map(|effect| match effect {
        Effect::SaveState(Whereabouts { searches, .. }) => Some(searches.clone()),
        _ => None,
    });
    assert_eq!(kept, Some(["fish", "market", "ferry"].map(str::to_owned).to_vec()));
}

#[test]
fn esc_in_the_article_ends_the_search_and_drops_no_filter() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("f c 'norway' Enter / 'ferry' Enter Enter e");
    check(&mut driver, "Esc", &["[Article]", "[about:Norway] [ferry*]"], &[]);
    check(&mut driver, "Esc", &["[Article]", "[about:Norway]"], &["[ferry"]);
    check(&mut driver, "Esc", &["[Articles]", "[about:Norway]"], &[]);
    check(&mut driver, "Esc", &["[Articles]", "1/6"], &["[about:Norway]"]);
    check(&mut driver, "f c 'norway' Enter Enter z z Esc", &["[Articles]", "[about:Norway]"], &[]);
}

#[test]
fn esc_in_a_view_drops_a_condition_at_once() {
    let mut driver = Driver::start(80, 24, edition());
    // The reader has its cursor on the quote of the row, of which the status line does not tell here.
    driver.keys("f c 'norway' Enter v q").rest();
    check(&mut driver, "j", &["[Quotes]", "[about:Norway]"], &[]);
    check(&mut driver, "Esc", &["[Quotes]"], &["[about:Norway]"]);
    // In the list, too, Esc takes off the cursor of which the status line tells, before it drops anything.
    check(
        &mut driver,
        "v l f c 'norway' Enter Enter e q",
        &["[Articles]", "[about:Norway]", "(person)"],
        &[],
    );
}

#[test]
fn keys_of_several_kinds_have_no_common_title() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "g", &["─ g ─", "g top", "c copies"], &["copying"]);
    check(&mut driver, "Esc y", &["─ y: copying and opening ─"], &[]);
}

#[test]
fn a_row_can_be_typed_as_in_vi() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, ": '4' Enter", &["4/6"], &["[Actions]"]);
    check(&mut driver, ": '$'", &["Go to the last row"], &[]);
    check(&mut driver, "Enter", &["6/6"], &[]);
    check(&mut driver, ": '0' Enter", &["1/6"], &[]);
    check(&mut driver, ": '99' Enter", &["6/6"], &[]);
}

#[test]
fn enter_says_so_where_nothing_fits() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, ": 'xyzzy' Enter", &["no action fits 'xyzzy'; ? lists all keys"], &["[Actions]"]);
    check(&mut driver, "f p 'xyzzy' Enter", &["nothing in the list fits 'xyzzy'", "1/6"], &["[People]"]);
}

#[test]
fn a_picker_shows_what_would_be_left() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "f p 'vik'", &["Lars Vik: 3 articles", "  Norway weighs the ferry deal"], &[]);
    check(
        &mut driver,
        "C-u 'mona'",
        &["Mona Idris: 1 article ", "Launch"],
        &["  Norway weighs the ferry deal   "],
    );
    // Looking marks nothing and filters nothing.
    check(&mut driver, "Esc", &["1/6"], &["[person"]);
    assert!(!driver.done.iter().any(|effect| matches!(effect, Effect::Mark { .. })));
    assert_eq!(driver.screen().matches('●').count(), 6);
}

#[test]
fn who_is_quoted_can_be_chosen() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "f b 'vik'", &["Quoted", "Lars Vik: 1 article"], &[]);
    check(&mut driver, "Enter", &["[by:\"Lars Vik\"]", "1/1"], &[]);
    check(&mut driver, "f x f w 'price' Enter", &["[said:price]", "1/1"], &[]);
    check(&mut driver, "f x f a", &["[About]"], &[]);
}

#[test]
fn a_second_date_takes_the_place_of_the_first() {
    let articles = ["2024-01-05", "2024-02-05"].map(|day| article(day, "Wire", &format!("On {day}"), "x"));
    let mut driver = Driver::start(80, 24, articles.to_vec());
    check(&mut driver, "f d '2024-01' Enter", &["[date:2024-01]", "1/1"], &[]);
    check(&mut driver, "f d '2024-02' Enter", &["[date:2024-02]", "1/1"], &["[date:2024-01]"]);
}

#[test]
fn digits_choose_a_link_and_q_closes_the_list() {
    let links: Vec<String> = (1..=12).map(|number| format!("https://news.example/{number}")).collect();
    let mut driver = Driver::start(80, 24, vec![article("2024-03-01", "Wire", "Title", &links.join(" "))]);
    check(&mut driver, "u", &["1-9 open", "q close"], &["C-x", "C-o"]);
    check(&mut driver, "q", &["[Articles]"], &["Links"]);
    let opened = |driver: &Driver| match driver.done.last() {
        Some(Effect::Open(link)) => link.clone(),
        other => panic!("{other:?}"),
    };
    driver.keys("u 3");
    assert_eq!(opened(&driver), "https://news.example/2");
    driver.keys("u 1 2");
    assert_eq!(opened(&driver), "https://news.example/11");
    driver.keys("u 1 Enter");
    assert_eq!(opened(&driver), "https://news.example/title");
    check(&mut driver, "u 0", &["there is no link 0"], &[]);
    check(&mut driver, "u x", &["No key `x` here; digits choose, q closes."], &[]);
}
