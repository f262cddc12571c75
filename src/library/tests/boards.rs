//! Boards, in the store and in the double: what is put on them, and how each change is undone.

use super::{Engine, article, engines};
use crate::annotation::Field;
use crate::article::ArticleId;
use crate::library::{ChangeId, Error, Library, Step};
use crate::listing::board::{Board, BoardChange, BoardFault, Edit, Item, ItemId};

fn filled(engine: &Engine) {
    let news = |day: i64| {
        let body = "[Ada Obi|person] spoke in [Oslo|place]. <Ada Obi: No gas for anybody.>";
        article(day, "Wire", &format!("Day {day}"), body)
    };
    engine.add((1..=5).map(news).collect());
}

fn item(engine: &Engine, id: i64) -> Item {
    engine.0.board_item(ArticleId(id), None).expect("an answer").expect("an article")
}

fn titles(board: &Board) -> Vec<&str> {
    board.items.iter().map(|item| item.title.as_str()).collect()
}

fn board(engine: &Engine) -> Board {
    engine.0.board("War").expect("an answer").expect("a board")
}

#[test]
fn a_board_keeps_what_is_put_on_it_in_order_and_each_change_is_undone() {
    for engine in engines() {
        filled(&engine);
        let change = |name: i64, change: BoardChange| engine.0.change_board(Some(ChangeId(name)), &change);
        let step = |step, name: i64| engine.0.step_board(step, ChangeId(name)).expect("an answer");
        let all = (1..=3).map(|id| item(&engine, id)).collect();
        assert_eq!(change(1, BoardChange::put("War", all)).expect("changed").put(), 3);
        assert_eq!(engine.0.boards().expect("boards"), [("War".to_owned(), 3)]);
        let edit = |edit: Edit| BoardChange::new("War", vec![edit]);
        change(2, edit(Edit::Move(ItemId(3), 0))).expect("changed");
        change(3, edit(Edit::Note(ItemId(1), "ask her".to_owned()))).expect("changed");
        change(4, edit(Edit::Take(ItemId(2)))).expect("changed");
        assert_eq!(titles(&board(&engine)), ["Day 3", "Day 1"]);
        assert_eq!(board(&engine).items[1].note, "ask her");
        // What changes nothing is no change that can be undone.
        change(5, edit(Edit::Note(ItemId(1), "ask her".to_owned()))).expect("changed");
        assert!(step(Step::Undo, 5).is_none());
        for name in [4, 3, 2] {
            assert!(step(Step::Undo, name).is_some() && step(Step::Undo, name).is_none());
        }
        assert_eq!(titles(&board(&engine)), ["Day 1", "Day 2", "Day 3"]);
        step(Step::Redo, 2);
        change(6, edit(Edit::Rename("Peace".to_owned()))).expect("changed");
        assert_eq!(engine.0.board("War").expect("an answer"), None);
        step(Step::Undo, 6);
        change(7, edit(Edit::Remove)).expect("changed");
        assert_eq!(engine.0.boards().expect("boards"), []);
        step(Step::Undo, 7);
        assert_eq!(titles(&board(&engine)), ["Day 3", "Day 1", "Day 2"]);
        // Undoing the first change as well leaves no board.
        step(Step::Undo, 2);
        step(Step::Undo, 1);
        assert_eq!(engine.0.boards().expect("boards"), []);
    }
}

#[test]
fn a_quote_comes_with_its_words_and_its_speaker() {
    for engine in engines() {
        filled(&engine);
        let stored = engine.0.load(ArticleId(2)).expect("an answer").expect("an article");
        let quote = stored.analysis.quotes.first().expect("a quote");
        let passage = Some((Field::Body, quote.span));
        let item = engine.0.board_item(ArticleId(2), passage).expect("an answer").expect("an article");
        let quoted = item.quote.as_ref().expect("a quote");
        assert_eq!(
            (quoted.words.as_str(), quoted.speaker.as_deref()),
            ("No gas for anybody.", Some("Ada Obi"))
        );
        // The article and its quote are two things.
        let both = vec![item, self::item(&engine, 2)];
        let changed = engine.0.change_board(None, &BoardChange::put("q", both)).expect("changed");
        assert_eq!(changed.put(), 2);
    }
}

#[test]
fn what_cannot_be_done_is_refused_with_a_reason() {
    for engine in engines() {
        filled(&engine);
        let refused = |change: BoardChange| match engine.0.change_board(None, &change) {
            Err(Error::Board { fault, .. }) => fault,
            other => panic!("{other:?}"),
        };
        assert_eq!(refused(BoardChange::new("War", vec![Edit::Remove])), BoardFault::NoBoard);
        let make = |name: &str| engine.0.change_board(None, &BoardChange::put(name, Vec::new()));
        make("War").and_then(|_| make("Peace")).expect("made");
        let rename = BoardChange::new("War", vec![Edit::Rename("Peace".to_owned())]);
        assert_eq!(refused(rename), BoardFault::NameTaken);
        assert_eq!(refused(BoardChange::new("War", vec![Edit::Take(ItemId(9))])), BoardFault::NoItem);
        // A change of which a part is refused is not made at all.
        let half = vec![Edit::Put(0, item(&engine, 1)), Edit::Take(ItemId(9))];
        assert_eq!(refused(BoardChange::new("War", half)), BoardFault::NoItem);
        assert_eq!(board(&engine).items, []);
    }
}

#[test]
fn the_boards_of_a_shared_library_are_the_persons() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("news.db");
    let newsroom = Engine(Library::open(&path).expect("a library"));
    filled(&newsroom);
    newsroom.0.change_board(None, &BoardChange::put("War", Vec::new())).expect("made");
    let open = |name: &str| {
        Engine(Library::open_shared(&path, &folder.path().join(name)).expect("a library for reading"))
    };
    let (ana, ben) = (open("ana.db"), open("ben.db"));
    ana.0.change_board(Some(ChangeId(1)), &BoardChange::put("Mine", vec![item(&ana, 2)])).expect("changed");
    let names = |engine: &Engine| engine.0.boards().expect("boards");
    assert_eq!(names(&ana), [("Mine".to_owned(), 1)]);
    assert_eq!((names(&ben), names(&newsroom)), (Vec::new(), vec![("War".to_owned(), 0)]));
    drop(ana);
    let ana = open("ana.db");
    assert_eq!(names(&ana), [("Mine".to_owned(), 1)]);
    ana.0.step_board(Step::Undo, ChangeId(1)).expect("undone");
    assert_eq!(names(&ana), []);
}
