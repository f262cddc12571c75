//! What holds whatever is pressed at whatever size.

use crate::driver::{Driver, article};
use crate::edition;
use dateline::exports::app::action::ACTIONS;
use dateline::exports::app::{Action, Loading, Message, Outcome, Ticket};
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
