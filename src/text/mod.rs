//! Text as the rest of the program sees it: cleaned once, then addressed by byte spans.

mod span;

pub use span::Span;
