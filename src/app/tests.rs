use super::*;
use crate::article::ArticleId;
use crate::listing::{Count, Facet, Facets, Key, Marked, Marking, Page, Row, Window};
use chrono::DateTime;

fn start() -> (App, Vec<Effect>) {
    App::start(Setup {
        watched: Vec::new(),
        card: Card::Gone,
        size: Size { width: 80, height: 24 },
        today: NaiveDate::default(),
        measure: 80,
        reader_width: ReaderWidth::Shared,
        follow_after: Duration::from_millis(120),
        saved: Vec::new(),
        from: Whereabouts::default(),
        empty_hint: "nothing".to_owned(),
        edition: Edition::Own,
        closed: None,
        greeting: Some("hello".to_owned()),
        confirm_quit: false,
        piped_as: Default::default(),
        save_to: String::new(),
        macros: Vec::new(),
        session: 1,
    })
}

fn page(ids: &[i64]) -> Page {
    let row = |id: &i64| Row {
        key: Key { published: DateTime::from_timestamp(*id, 0), id: ArticleId(*id) },
        source: "Wire".to_owned(),
        title: id.to_string(),
        read: false,
        starred: false,
        copies: 0,
        gone: false,
    };
    Page { rows: ids.iter().map(row).collect(), offset: 0, total: Count::Exactly(ids.len() as u64) }
}

/// The tickets of the questions of one lane among `effects`.
fn asked(effects: &[Effect], wanted: Lane) -> Vec<Ticket> {
    let ticket = |effect: &Effect| match effect {
        Effect::Ask { ticket, lane, .. } if *lane == wanted => Some(*ticket),
        _ => None,
    };
    effects.iter().filter_map(ticket).collect()
}

fn press(app: &mut App, action: Action) -> Vec<Effect> {
    app.update(Message::Act { action, count: None })
}

/// A reader that shows these articles.
fn with(ids: &[i64]) -> App {
    let (mut app, effects) = start();
    for ticket in asked(&effects, Lane::Page) {
        app.update(Message::Done(ticket, Outcome::Page(page(ids))));
    }
    for ticket in asked(&effects, Lane::Facets) {
        app.update(Message::Done(ticket, Outcome::Facets(Facets::default())));
    }
    app
}

#[test]
fn an_answer_that_comes_late_falls_on_the_floor() {
    let mut app = with(&[3, 2, 1]);
    let first = asked(&press(&mut app, Action::FilterUnread), Lane::Page);
    let second = asked(&press(&mut app, Action::FilterUnread), Lane::Page);
    app.update(Message::Done(first[0], Outcome::Page(page(&[9]))));
    assert_eq!(app.list().total(), Count::Exactly(3));
    app.update(Message::Done(second[0], Outcome::Page(page(&[3, 2]))));
    assert_eq!(app.list().total(), Count::Exactly(2));
    app.update(Message::Done(second[0], Outcome::Page(page(&[9]))));
    assert_eq!(app.list().total(), Count::Exactly(2));
}

/// The rows of an earlier filter are not taken for those of the filter above them.
#[test]
fn a_page_that_could_not_be_had_is_said_until_it_is() {
    let mut app = with(&[3, 2, 1]);
    let first = asked(&press(&mut app, Action::FilterUnread), Lane::Page);
    app.update(Message::Done(first[0], Outcome::Failed("could not use the archive: no".to_owned())));
    press(&mut app, Action::Down);
    assert_eq!(app.notice(), None);
    assert_eq!(app.failed(), Some("could not use the archive: no; the rows are those from before"));
    let second = asked(&press(&mut app, Action::FilterUnread), Lane::Page);
    assert_eq!(app.failed(), None);
    app.update(Message::Done(second[0], Outcome::Page(page(&[3, 2]))));
    assert_eq!(app.failed(), None);
    // When the library can be asked again, the cursor lands where it would have.
    press(&mut app, Action::Down);
    let third = asked(&press(&mut app, Action::FilterUnread), Lane::Page);
    app.update(Message::Done(third[0], Outcome::Failed("could not use the archive: no".to_owned())));
    let windows = |effects: &[Effect]| {
        let window = |effect: &Effect| match effect {
            Effect::Ask { question: Question::Page { window, .. }, .. } => Some(*window),
            _ => None,
        };
        effects.iter().find_map(window)
    };
    let again = app.update(Message::LibraryChanged);
    assert!(windows(&again).is_some(), "{again:?}");
    assert_eq!(app.failed(), None);
    app.update(Message::Done(asked(&again, Lane::Page)[0], Outcome::Page(page(&[9, 8]))));
    assert_eq!(app.list().selected().map(|row| row.key.id), Some(ArticleId(9)));
}

/// A library that changes all the time is asked one question at a time, and once more at the end.
#[test]
fn changes_are_asked_for_one_after_the_other() {
    let mut app = with(&[3, 2, 1]);
    let first = app.update(Message::LibraryChanged);
    assert_eq!((asked(&first, Lane::Page).len(), asked(&first, Lane::Facets).len()), (1, 1));
    for _ in 0..50 {
        assert_eq!(app.update(Message::LibraryChanged), []);
    }
    let next = app.update(Message::Done(asked(&first, Lane::Page)[0], Outcome::Page(page(&[4, 3, 2, 1]))));
    let next = asked(&next, Lane::Page);
    assert_eq!(next.len(), 1);
    let last = app.update(Message::Done(next[0], Outcome::Page(page(&[4, 3, 2, 1]))));
    assert_eq!(asked(&last, Lane::Page), []);
}

/// A page that was read before a mark was stored, and that arrives after it.
#[test]
fn a_mark_outlives_answers_that_do_not_know_of_it() {
    let mut app = with(&[3, 2, 1]);
    let before = asked(&app.update(Message::LibraryChanged), Lane::Page)[0];
    let effects = press(&mut app, Action::Star);
    let Some(Effect::Mark { ticket, .. }) = effects.first() else { panic!("{effects:?}") };
    let marked =
        Marked { marking: Marking::Star, changed: crate::listing::Tally { articles: 1, stories: Some(1) } };
    app.update(Message::Done(*ticket, Outcome::Marked(Some(marked))));
    app.update(Message::Done(before, Outcome::Page(page(&[3, 2, 1]))));
    assert!(app.list().selected().is_some_and(|row| row.starred));
    let after = asked(&app.update(Message::LibraryChanged), Lane::Page)[0];
    app.update(Message::Done(after, Outcome::Page(page(&[3, 2, 1]))));
    assert!(app.list().selected().is_some_and(|row| !row.starred), "what is asked later knows");
}

/// In a library that cannot be written.
#[test]
fn a_mark_that_is_refused_is_taken_back_on_the_screen() {
    let mut app = with(&[3, 2, 1]);
    let effects = press(&mut app, Action::Star);
    let Some(Effect::Mark { ticket, .. }) = effects.first() else { panic!("{effects:?}") };
    assert!(app.list().selected().is_some_and(|row| row.starred));
    app.update(Message::Done(*ticket, Outcome::Failed("could not change the library".to_owned())));
    assert!(app.list().selected().is_some_and(|row| !row.starred));
    assert_eq!(app.notice(), Some("could not change the library"));
}

#[test]
fn the_selection_is_asked_for_by_its_key() {
    let mut app = with(&[3, 2, 1]);
    press(&mut app, Action::Down);
    let effects = app.update(Message::LibraryChanged);
    let around = |effect: &Effect| match effect {
        Effect::Ask { question: Question::Page { window: Window::Around { key, .. }, .. }, .. } => {
            Some(key.id)
        }
        _ => None,
    };
    assert_eq!(effects.iter().find_map(around), Some(ArticleId(2)));
}

#[test]
fn the_greeting_goes_with_the_first_key() {
    let (mut app, _) = start();
    assert_eq!(app.notice(), Some("hello"));
    app.update(Message::LibraryChanged);
    assert_eq!(app.notice(), Some("hello"));
    press(&mut app, Action::Down);
    assert_eq!(app.notice(), None);
}

#[test]
fn what_fails_is_told_and_can_be_asked_again() {
    let mut app = with(&[3, 2, 1]);
    let effects = app.update(Message::LibraryChanged);
    let ticket = asked(&effects, Lane::Page)[0];
    app.update(Message::Done(ticket, Outcome::Failed("could not read the library: gone".to_owned())));
    assert_eq!(app.notice(), Some("could not read the library: gone"));
    assert_eq!(asked(&app.update(Message::LibraryChanged), Lane::Page).len(), 1);
}

#[test]
fn an_action_that_is_not_of_this_place_does_nothing() {
    let mut app = with(&[3, 2, 1]);
    for action in [Action::Accept, Action::DeleteWord, Action::SheetClose, Action::SectionNext] {
        assert_eq!(press(&mut app, action), []);
    }
}

#[test]
fn a_full_text_is_asked_for_once_and_can_be_given_up() {
    let mut app = with(&[1]);
    let asked = |effects: &[Effect]| {
        let ticket = |effect: &Effect| match effect {
            Effect::FullText { ticket, id: ArticleId(1) } => Some(*ticket),
            _ => None,
        };
        effects.iter().find_map(ticket)
    };
    let first = asked(&press(&mut app, Action::FullText)).expect("asked");
    assert!(app.full_text_underway().is_some());
    assert!(press(&mut app, Action::FullText).contains(&Effect::GiveUp { ticket: first }));
    assert_eq!(app.full_text_underway(), None);
    app.update(Message::Done(first, Outcome::Cancelled));
    let second = asked(&press(&mut app, Action::FullText)).expect("asked");
    app.update(Message::Done(second, Outcome::Failed("could not".to_owned())));
    assert_eq!((app.notice(), app.full_text_underway()), (Some("could not"), None));
}

/// A library that changed before the first key, and answers after it.
#[test]
fn keys_pressed_while_the_library_changes_count() {
    let mut app = with(&[3, 2, 1]);
    let effects = app.update(Message::LibraryChanged);
    press(&mut app, Action::Down);
    app.update(Message::Done(asked(&effects, Lane::Page)[0], Outcome::Page(page(&[4, 3, 2, 1]))));
    assert_eq!(app.list().selected().map(|row| row.key.id), Some(ArticleId(2)));
}

#[test]
fn a_name_in_a_list_can_be_told_from_another() {
    let (mut app, effects) = start();
    app.update(Message::Resized(Size { width: 160, height: 50 }));
    let name = |name: &str| Facet { name: name.to_owned(), value: name.to_owned(), count: 1 };
    let people = vec![name("J. Berg"), name("Jonas Berg")];
    for ticket in asked(&effects, Lane::Facets) {
        app.update(Message::Done(
            ticket,
            Outcome::Facets(Facets { people: people.clone(), ..Facets::default() }),
        ));
    }
    for _ in 0..3 {
        if app.pane_context() != Context::Facets {
            press(&mut app, Action::PaneNext);
        }
    }
    press(&mut app, Action::ThisIs);
    for letter in "not the same".chars() {
        app.update(Message::Typed(letter));
    }
    let effects = press(&mut app, Action::Accept);
    for ticket in asked(&effects, Lane::Candidates) {
        app.update(Message::Done(ticket, Outcome::Names(people.clone())));
    }
    let effects = press(&mut app, Action::Accept);
    let line = effects.iter().find_map(|effect| match effect {
        Effect::Correct { correction, .. } => Some(correction.to_string()),
        _ => None,
    });
    assert_eq!(line.as_deref(), Some("\"J. Berg\" = { apart = [\"Jonas Berg\"] }"));
}
