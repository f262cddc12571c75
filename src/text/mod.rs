//! Text as the rest of the program sees it: cleaned once, then addressed by byte spans.

pub mod width;
pub mod wrap;

mod span;

pub use span::Span;
