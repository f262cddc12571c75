//! The intake: articles come in, are analysed, get the person's corrections and are stored.
//!
//! Everything that brings articles goes through this room, whether it comes from files, from feeds, from a page or from
//! an older engine: [`read_into`] reads paths, [`analyse()`] analyses and corrects, [`Analysed::store`] stores,
//! [`full_text`] fetches the page of an article, and [`refresh()`] analyses again what an older engine analysed. The
//! corrections in force ([`InForce`]) and their file ([`names_file`]) live here too, and [`typed`] says which addresses of
//! sources a person typed. It knows nothing of the screen and of the loop.

mod analyse;
pub mod brief;
pub mod full_text;
mod in_force;
pub mod names_file;
mod reading;
mod refresh;
pub mod typed;

pub use analyse::{Analysed, Depth, analyse};
pub use in_force::{Changed, CorrectionError, InForce};
pub use reading::{Manner, Progress, each_batch, give_way, pieces, read_into, store_new};
pub use refresh::{Pace, Refreshing, corrected, load, refresh};
