//! Work on many things at once: as many threads as there are processors, each of which takes the next few when it is done
//! with those before.

use std::panic::resume_unwind;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::thread;

/// So many things are taken at a time: few, so that no thread waits long for another at the end.
const AT_A_TIME: usize = 4;

/// The number of processors. Asked once: on Linux the answer is read from several files.
pub fn count() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| thread::available_parallelism().map_or(1, usize::from))
}

/// What becomes of each of `things`, in their order. Each thread makes a worker of its own. Where there are fewer than `worth`,
/// all is done on this thread.
pub fn each<T: Send, R: Send, W: FnMut(T) -> R>(
    things: Vec<T>,
    worth: usize,
    worker: impl Fn() -> W + Sync,
) -> Vec<R> {
    let threads = if things.len() < worth { 1 } else { count() };
    if threads == 1 {
        return things.into_iter().map(worker()).collect();
    }
    let rest = Mutex::new(things.into_iter().enumerate());
    let take_turns = || {
        let mut work = worker();
        let mut done: Vec<(usize, R)> = Vec::new();
        loop {
            let mut rest = rest.lock().unwrap_or_else(PoisonError::into_inner);
            let turn: Vec<(usize, T)> = rest.by_ref().take(AT_A_TIME).collect();
            drop(rest);
            if turn.is_empty() {
                return done;
            }
            done.extend(turn.into_iter().map(|(place, thing)| (place, work(thing))));
        }
    };
    let mut done = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(take_turns)).collect();
        let mut done = take_turns();
        for other in others {
            // A panic of one of the threads is a panic of this one.
            done.extend(other.join().unwrap_or_else(|panic| resume_unwind(panic)));
        }
        done
    });
    done.sort_unstable_by_key(|(place, _)| *place);
    done.into_iter().map(|(_, result)| result).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::panic::{AssertUnwindSafe, catch_unwind};

    #[test]
    fn results_come_in_the_order_of_the_things() {
        for length in [0, 1, 3, 4, 5, 1_000] {
            let things: Vec<usize> = (0..length).collect();
            let doubled = each(things.clone(), 2, || |thing| thing * 2);
            assert_eq!(doubled, things.iter().map(|thing| thing * 2).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_panic_is_not_lost() {
        let fails = || each((0..100).collect(), 2, || |thing: i32| assert_ne!(thing, 50));
        assert!(catch_unwind(AssertUnwindSafe(fails)).is_err());
    }
}
