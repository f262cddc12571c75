//! Narrowing: facets, names in the text, pickers, searches, views.

use crate::driver::Driver;
use crate::edition;

/// Presses keys, then looks for parts of the screen.
fn check(driver: &mut Driver, keys: &str, expected: &[&str], unexpected: &[&str]) {
    let screen = driver.keys(keys).screen();
    for part in expected {
        assert!(screen.contains(part), "{keys}: no {part:?} in\n{screen}");
    }
    for part in unexpected {
        assert!(!screen.contains(part), "{keys}: {part:?} in\n{screen}");
    }
}

#[test]
fn a_facet_is_required_excluded_and_taken_alone() {
    let mut driver = Driver::start(80, 40, edition());
    check(
        &mut driver,
        "z f h +",
        &["[about:\"Lars Vik\"]", "1/3", "+Lars Vik", "Kenya", "Ada Obi              2"],
        &["Mona"],
    );
    check(&mut driver, "+", &["[person:\"Lars Vik\"]", "1/3"], &["[about:"]);
    check(&mut driver, "+", &["1/6"], &["[person:"]);
    // What is excluded stays under the cursor, so that it is taken back there.
    check(&mut driver, "-", &["[-person:\"Lars Vik\"]", "/3", ">-Lars Vik", "Mona Idris"], &["Ada Obi  "]);
    check(&mut driver, "-", &["/6", "> Lars Vik"], &["[-person"]);
    check(&mut driver, "- j *", &["[person:\"Mona Idris\"]", ">+Mona Idris"], &["[-person"]);
    check(&mut driver, "f x", &["/6", "> Mona Idris"], &["[person", "[-person"]);
    check(&mut driver, "g g Enter", &["[about:\"Lars Vik\"]"], &[]);
    check(&mut driver, "} +", &["[about:\"Lars Vik\"] [about:"], &[]);
    check(&mut driver, "f x", &["/6"], &["[person", "[about"]);
}

#[test]
fn the_name_under_the_cursor_of_the_text_filters() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "G Enter 3 e +", &["[about:Kenya]", "/3"], &[]);
    check(&mut driver, "-", &["[-country:Kenya]", "/3"], &["[country:Kenya]"]);
    check(&mut driver, "f x", &["/6"], &["[country:Kenya]"]);
    check(&mut driver, "q G h h h Enter ] *", &["[person:\"Ada Obi\"]", "/2"], &[]);
}

#[test]
fn a_picker_narrows_by_any_name() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "f p", &["[People]", "Lars Vik", "Zoë Brontë"], &[]);
    check(&mut driver, "'bronte'", &["> bronte", "Zoë Brontë"], &["Mona Idris         "]);
    check(&mut driver, "Enter", &["[about:\"Zoë Brontë\"]", "東京", "1/1"], &["[People]"]);
    check(&mut driver, "Esc f c 'ke' Enter", &["[about:Kenya]", "/3"], &[]);
    check(&mut driver, "f c 'nor' C-x", &["[about:Kenya] [-country:Norway]", "1/1"], &[]);
    check(&mut driver, "f x f c 'no' C-o", &["[country:Norway]"], &[]);
    check(&mut driver, "f s 'lamp' Enter", &["[source:\"Daily Lamp\"]", "1/1"], &[]);
    check(&mut driver, "f x f o 'space' Enter", &["[org:\"Space Office\"]"], &[]);
    check(&mut driver, "f x f l 'oslo' Enter", &["[place:Oslo]"], &[]);
    check(&mut driver, "f x f p 'vik' Down Up Enter", &["[about:\"Lars Vik\"]"], &[]);
    check(&mut driver, "f p 'x' Esc", &["[about:\"Lars Vik\"]"], &["[People]"]);
}

#[test]
fn dates_are_picked_or_typed() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "f d", &["The last week", "March 2024 · 2024-03", " 6 "], &[]);
    check(&mut driver, "'2024-03-15..' Enter", &["[since:2024-03-15]", "1/2"], &[]);
    check(&mut driver, "f x f d 'march' Enter", &["[date:2024-03]", "1/6"], &[]);
    check(&mut driver, "f x f d Down Down Enter", &["[since:1w]", "1/4"], &[]);
}

#[test]
fn a_search_narrows_as_one_types() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "/", &["/", "6 articles"], &["search  f p"]);
    check(&mut driver, "'ferry_de'", &["/ferry de", "2 articles"], &["Quiet"]);
    check(&mut driver, "Esc", &["/6", "Quiet"], &["[ferry"]);
    check(&mut driver, "/ 'ferry_de' Enter", &["[ferry] [de*]", "1/2"], &["Quiet"]);
    check(&mut driver, "Esc", &["[ferry]", "/3"], &["[de*]"]);
    // The next search takes the place of this one.
    check(
        &mut driver,
        "/ 'person:\"Ada_Obi\"_ferry' Enter",
        &["[person:\"Ada Obi\"] [ferry*]", "1/2"],
        &["[de*]"],
    );
    check(&mut driver, "f x / 'persn:x'", &["did you mean 'person:'"], &[]);
    check(&mut driver, "C-u 'country:NO' Enter", &["[country:Norway]", "1/3"], &[]);
    check(&mut driver, "f e C-w 'has:quote' Enter", &["[has:quote]", "1/3"], &["[country"]);
    check(&mut driver, "f q f q", &["[has:quote]"], &[]);
}

#[test]
fn hits_are_marked_and_walked_across_articles() {
    let mut driver = Driver::start(80, 24, edition());
    driver.keys("/ 'ferry' Enter");
    assert!(driver.screen().contains("n next hit"));
    check(&mut driver, "n", &["\n Kenya and Norway sign the ferry deal"], &[]);
    assert!(driver.reversed().contains(&"ferry".to_owned()), "{:?}", driver.reversed());
    check(&mut driver, "n", &["\n Norway weighs the ferry deal"], &[]);
    check(&mut driver, "n", &["\n Ferry talks open in Mombasa"], &[]);
    check(&mut driver, "n", &["no more hits"], &[]);
    check(&mut driver, "N", &["\n Norway weighs the ferry deal"], &[]);
}

#[test]
fn views_list_people_countries_quotes_and_days() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "v p", &["[People]", "> Lars Vik", "1/4"], &[]);
    check(&mut driver, "j Enter", &["[Articles]", "[about:\"Ada Obi\"]", "1/2"], &[]);
    check(&mut driver, "v c", &["[Countries]", "Kenya"], &[]);
    check(&mut driver, "*", &["[about:\"Ada Obi\"] [country:Kenya]"], &[]);
    check(
        &mut driver,
        "f x v q",
        &["[Quotes]", "“We are ready to sign”", "Lars Vik             “There is work to do”"],
        &[],
    );
    check(&mut driver, "G k Enter", &["[Article]", "Ferry talks open", "quote by Ada Obi"], &[]);
    check(&mut driver, "q v t", &["[Timeline]", "by day", "2024-03-16 Sat", "1/6"], &[]);
    check(&mut driver, "j j Enter", &["[Articles]", "[date:2024-03-14]", "Launch"], &[]);
    check(&mut driver, "v p q", &["[Articles]"], &[]);
}

#[test]
fn views_list_organisations_places_and_sources() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "v o", &["[Organisations]", "> Harbour Board", "Space Office", "1/2"], &[]);
    check(&mut driver, "j Enter", &["[Articles]", "[org:\"Space Office\"]", "1/1", "Launch"], &[]);
    check(&mut driver, "f x v w", &["[Places]", "Mombasa", "Nairobi", "Oslo", "1/3"], &[]);
    check(&mut driver, "-", &["[-place:", ">-Mombasa", "1/3"], &[]);
    check(&mut driver, "f x v s", &["[Sources]", "Daily Lamp", "Harbour Post", "Sample Wire", "1/3"], &[]);
    check(&mut driver, "G Enter", &["[Articles]", "[source:\"Sample Wire\"]", "1/2"], &[]);
    check(&mut driver, "v s", &["[Sources]", " +  Sample Wire", "1/3"], &[]);
    check(&mut driver, "G +", &["[Sources]", ">   Sample Wire", "3/3"], &["[source:"]);
    check(&mut driver, "? / 'organisations'", &["v o"], &[]);
    check(&mut driver, "Esc Esc Esc : 'view-pl'", &["List the places in the current result"], &[]);
    check(&mut driver, "Enter", &["[Places]"], &[]);
}

#[test]
fn saved_searches_are_used() {
    let mut driver = Driver::with_search(80, 24, edition());
    check(&mut driver, "f f", &["Saved searches", "kenya"], &[]);
    check(&mut driver, "Enter", &["[@kenya]", "1/3"], &[]);
}

#[test]
fn nothing_found_says_what_to_do() {
    let mut driver = Driver::start(80, 24, edition());
    check(&mut driver, "/ 'zzzz' Enter", &["No article matches", "Esc removes", "0/0"], &[]);
    check(&mut driver, "Enter e ] + m s y y J Esc", &["1/6"], &["No article"]);
    let mut empty = Driver::start(80, 24, Vec::new());
    check(&mut empty, "j k G Enter e", &["Nothing to read yet"], &[]);
}

#[test]
fn the_facets_follow_every_change() {
    let mut driver = Driver::start(100, 30, edition());
    check(&mut driver, "/ 'market'", &["Daily Lamp"], &["Lars Vik", "People"]);
    check(&mut driver, "Esc", &["Lars Vik              3"], &[]);
}

#[test]
fn names_are_completed_with_their_counts() {
    let mut driver = Driver::with_search(80, 24, edition());
    check(&mut driver, "/ 'per'", &["Tab person:"], &[]);
    check(&mut driver, "Tab 'l'", &["/person:l", "Tab Lars Vik 3"], &[]);
    check(&mut driver, "Tab", &["/person:\"Lars Vik\"", "3 articles"], &[]);
    check(&mut driver, "'_country:'", &["Kenya", "Norway"], &[]);
    check(&mut driver, "Tab Tab S-Tab Enter", &["[person:\"Lars Vik\"] [country:"], &["Tab "]);
    check(&mut driver, "f x / 'is:'", &["Tab read  unread  starred"], &[]);
    check(&mut driver, "Tab Tab Enter", &["[is:unread]"], &[]);
    check(&mut driver, "f x / '@' Tab Enter", &["[@kenya]"], &[]);
}

/// Typed faster than the library answers.
#[test]
fn enter_waits_for_the_choices() {
    let mut driver = Driver::start(80, 24, edition());
    driver.hold_answers();
    driver.run("f t 'x' Esc f l 'osl' Enter");
    driver.release_answers();
    assert!(driver.status().contains("[place:Oslo]"), "{}", driver.screen());
    let mut driver = Driver::start(80, 24, edition());
    driver.hold_answers();
    driver.run("f c 'zz' Enter Esc");
    driver.release_answers();
    assert!(driver.status().starts_with("1/6 Enter"), "{}", driver.screen());
}
