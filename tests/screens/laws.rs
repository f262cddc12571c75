//! What holds whatever is pressed at whatever size.

use crate::driver::{Driver, article};
use crate::edition;
use dateline::exports::app::action::ACTIONS;
use dateline::exports::app::{Action, Loading, Message, Outcome, Ticket};
use dateline::exports::article::ArticleId;
use dateline::exports::listing::Marking;
use dateline::exports::query::Target;
use proptest::prelude::*;

#[derive(Clone, Debug)]
enum Step {
    Act(Action, Option<u32>),
    Typed(char),
    Resize(u16, u16),
    Rest,
    Stream,
    Late(u64),
}

fn step() -> impl Strategy<Value = Step> {
    let action = (0..ACTIONS.len()).prop_map(|at| ACTIONS[at].action);
    prop_oneof![
        12 => (action, proptest::option::weighted(0.2, 1u32..3000)).prop_map(|(action, count)| Step::Act(action, count)),
        3 => proptest::sample::select(vec!['a', 'k', '東', ' ', '"', '-', ':', '\u{301}']).prop_map(Step::Typed),
        2 => (0u16..220, 0u16..60).prop_map(|(width, height)| Step::Resize(width, height)),
        3 => Just(Step::Rest),
        1 => Just(Step::Stream),
        1 => (0u64..400).prop_map(Step::Late),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]
    #[test]
    fn nothing_that_is_pressed_breaks_anything(
        (width, height) in (0u16..210, 0u16..60),
        steps in proptest::collection::vec(step(), 1..80),
    ) {
        let mut driver = Driver::start(width, height, edition());
        for (at, step) in steps.into_iter().enumerate() {
            match step {
                Step::Act(action, count) => driver.send(Message::Act { action, count }),
                Step::Typed(c) => driver.send(Message::Typed(c)),
                Step::Resize(width, height) => { driver.resize(width, height); }
                Step::Rest => { driver.rest(); }
                Step::Stream => {
                    driver.stream(vec![article("2024-03-13", "Wire", &format!("New {at}"), &format!("x {at}"))], Loading::Finished);
                }
                Step::Late(ticket) => driver.send(Message::Done(Ticket(ticket), Outcome::Article(None))),
            }
            driver.buffer();
            let list = driver.app.list();
            prop_assert_eq!(list.is_empty(), list.selected().is_none());
            prop_assert!(list.is_empty() || list.position() >= 1);
        }
    }
}

/// What is neither opening an article nor going somewhere else.
#[derive(Clone, Debug)]
enum Else {
    Act(Action),
    Typed(char),
    Resize(u16, u16),
    Stream,
    MarkedElsewhere(u8, Marking),
    Rest,
}

/// What is pressed in an article without leaving it: Esc leaves it once there is no search, and Enter in the help performs
/// what is selected.
const NOT_OPENING: &[Action] = &[
    Action::Star,
    Action::Tag,
    Action::MarkRead,
    Action::MarkAllRead,
    Action::Undo,
    Action::Redo,
    Action::Search,
    Action::EditFilter,
    Action::Accept,
    Action::Cancel,
    Action::Complete,
    Action::ChoiceDown,
    Action::FilterUnread,
    Action::FilterStarred,
    Action::FilterQuotes,
    Action::FilterPerson,
    Action::FilterDate,
    Action::FilterClear,
    Action::Require,
    Action::Exclude,
    Action::Only,
    Action::Refresh,
    Action::Down,
    Action::PageDown,
    Action::Bottom,
    Action::NameNext,
    Action::QuoteNext,
    Action::ShowFacets,
    Action::ShowAll,
    Action::FetchAll,
    Action::SheetClose,
];

/// What marks articles by itself.
const MARKING: &[Action] = &[Action::MarkRead, Action::MarkAllRead, Action::Undo, Action::Redo];

fn something_else() -> impl Strategy<Value = Else> {
    let marking =
        proptest::sample::select(vec![Marking::Read, Marking::Unread, Marking::Star, Marking::Unstar]);
    prop_oneof![
        12 => proptest::sample::select(NOT_OPENING).prop_map(Else::Act),
        4 => proptest::sample::select(vec!['f', 'e', 'k', 'z', ' ', '2']).prop_map(Else::Typed),
        2 => (80u16..220, 24u16..60).prop_map(|(width, height)| Else::Resize(width, height)),
        1 => Just(Else::Stream),
        2 => (0u8..7, marking).prop_map(|(id, marking)| Else::MarkedElsewhere(id, marking)),
        3 => Just(Else::Rest),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Nothing but opening changes the article that is read or marks one as read, and what is listed stays listed until
    /// another filter is set or the list is asked for anew.
    #[test]
    fn reading_is_never_disturbed(
        start in proptest::sample::select(vec!["Enter", "f u j Enter", "/ 'ferry' Enter j Enter", "f m f x G Enter", "f u Enter J K"]),
        steps in proptest::collection::vec(something_else(), 1..40),
    ) {
        let mut driver = Driver::start(100, 30, edition());
        driver.keys(start);
        let open = driver.app.reader().id();
        let listed = |driver: &Driver| driver.app.list().with_selected(999).1.iter().map(|row| row.key.id).collect::<Vec<_>>();
        let mut before = (driver.app.query().to_string(), listed(&driver), driver.count("is:read"));
        for (at, step) in steps.into_iter().enumerate() {
            let (mut anew, mut marks) = (false, false);
            match step.clone() {
                Else::Act(action) => {
                    anew = matches!(action, Action::Refresh | Action::Accept | Action::Cancel);
                    marks = MARKING.contains(&action);
                    driver.send(Message::Act { action, count: None });
                }
                Else::Typed(c) => driver.send(Message::Typed(c)),
                Else::Resize(width, height) => { driver.resize(width, height); }
                Else::Stream => {
                    driver.stream(vec![article("2024-03-13", "Wire", &format!("New {at}"), &format!("ferry {at}"))], Loading::Finished);
                }
                Else::MarkedElsewhere(id, marking) => {
                    marks = true;
                    driver.library.mark(&Target::These(vec![ArticleId(id.into())]), marking).expect("a mark");
                    driver.send(Message::LibraryChanged);
                }
                Else::Rest => { driver.rest(); }
            }
            driver.rest();
            prop_assert_eq!(driver.app.reader().id(), open, "{:?}\n{}", step, driver.screen());
            let now = (driver.app.query().to_string(), listed(&driver), driver.count("is:read"));
            prop_assert!(marks || now.2 == before.2, "{:?} marked something", step);
            if now.0 == before.0 && !anew {
                let gone: Vec<_> = before.1.iter().filter(|id| !now.1.contains(id)).collect();
                prop_assert!(gone.is_empty(), "{:?}: {:?} left {:?}", step, gone, now.0);
            }
            before = now;
        }
    }
}
