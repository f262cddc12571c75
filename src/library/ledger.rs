//! What the library and a server have agreed on, item by item, and what follows when either of them changes a mark.
//!
//! In: the marks on which both last agreed, those that the article has here and those that the item has there. Out: the
//! marks that it gets here, and what is still to be sent. The library keeps only the agreement: what was changed here since
//! then is the difference, whatever changed it. So a change that was undone is not sent, and none is lost when the program
//! is killed. Pure: the store applies it within one transaction.

use crate::article::ArticleId;
use std::collections::BTreeSet;

/// The marks of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    pub read: bool,
    pub starred: bool,
    /// The labels of the server, which are tags here.
    pub labels: BTreeSet<String>,
}

/// What a server says about an item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub item: String,
    /// The article that it is, where that is new; `None` for what the ledger knows.
    pub article: Option<ArticleId>,
    pub marks: Marks,
}

/// A line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub item: String,
    /// What both sides have last agreed on.
    pub agreed: Marks,
    /// The marks of its article; `None` where the library does not have it (any more).
    pub here: Option<Marks>,
}

/// One mark.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    Read,
    Starred,
    Label(String),
}

impl Marks {
    pub fn has(&self, mark: &Mark) -> bool {
        match mark {
            Mark::Read => self.read,
            Mark::Starred => self.starred,
            Mark::Label(label) => self.labels.contains(label),
        }
    }

    pub fn set(&mut self, mark: &Mark, on: bool) {
        match mark {
            Mark::Read => self.read = on,
            Mark::Starred => self.starred = on,
            Mark::Label(label) if on => _ = self.labels.insert(label.clone()),
            Mark::Label(label) => _ = self.labels.remove(label),
        }
    }

    /// The marks in which two differ, each with what it is in `other`.
    pub fn changes(&self, other: &Marks) -> Vec<(Mark, bool)> {
        let labels = self.labels.symmetric_difference(&other.labels).cloned().map(Mark::Label);
        [Mark::Read, Mark::Starred]
            .into_iter()
            .filter(|mark| self.has(mark) != other.has(mark))
            .chain(labels)
            .map(|mark| {
                let on = other.has(&mark);
                (mark, on)
            })
            .collect()
    }
}

impl Entry {
    /// What was changed here since both sides agreed.
    pub fn pending(&self) -> Vec<(Mark, bool)> {
        self.here.as_ref().map(|here| self.agreed.changes(here)).unwrap_or_default()
    }
}

/// The marks of an item after the server has told its own, and those on which both sides then agree.
///
/// Each mark is decided apart. Where only one side has changed it since they agreed, that change holds. A mark is there or
/// it is not, so where both sides have changed it they have made the same of it. What was changed here stays a difference
/// from what is agreed until the server says that it has it.
pub fn settled(agreed: &Marks, here: &Marks, there: &Marks) -> (Marks, Marks) {
    let (mut now, mut both) = (here.clone(), agreed.clone());
    for (mark, on) in agreed.changes(there) {
        // Here it is as it was agreed, or as it is there: in both cases as the server has it from now on.
        now.set(&mark, on);
        both.set(&mark, on);
    }
    (now, both)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn marks() -> impl Strategy<Value = Marks> {
        let labels = prop::collection::btree_set("[a-c]", 0..3);
        (any::<bool>(), any::<bool>(), labels).prop_map(|(read, starred, labels)| Marks {
            read,
            starred,
            labels,
        })
    }

    const ALL: [fn() -> Mark; 5] = [
        || Mark::Read,
        || Mark::Starred,
        || Mark::Label("a".to_owned()),
        || Mark::Label("b".to_owned()),
        || Mark::Label("c".to_owned()),
    ];

    proptest! {
        #[test]
        fn the_side_that_changed_a_mark_decides_it(agreed in marks(), here in marks(), there in marks()) {
            let (now, both) = settled(&agreed, &here, &there);
            for mark in ALL.map(|mark| mark()) {
                let (was, own, theirs) = (agreed.has(&mark), here.has(&mark), there.has(&mark));
                prop_assert_eq!(now.has(&mark), if own == was { theirs } else { own });
                prop_assert_eq!(both.has(&mark), theirs);
            }
        }

        #[test]
        fn what_is_sent_and_read_back_leaves_nothing_to_do(agreed in marks(), here in marks(), there in marks()) {
            let (now, both) = settled(&agreed, &here, &there);
            let mut server = there;
            let entry = Entry { item: String::new(), agreed: both.clone(), here: Some(now.clone()) };
            for (mark, on) in entry.pending() {
                prop_assert_ne!(server.has(&mark), on, "{:?} is sent although the server has it", mark);
                server.set(&mark, on);
            }
            let (again, both) = settled(&both, &now, &server);
            prop_assert_eq!(&again, &now);
            prop_assert_eq!(&both, &now);
            prop_assert_eq!(server, now);
        }
    }

    #[test]
    fn at_the_first_meeting_the_marks_of_both_sides_are_united() {
        let here = Marks { read: true, ..Marks::default() };
        let there = Marks { starred: true, ..Marks::default() };
        let (now, both) = settled(&Marks::default(), &here, &there);
        assert_eq!((now.read, now.starred), (true, true));
        let entry = Entry { item: String::new(), agreed: both, here: Some(now) };
        assert_eq!(entry.pending(), [(Mark::Read, true)]);
    }
}
