//! Text as the rest of the program sees it: cleaned once, then addressed by byte spans.

pub mod fold;
pub mod width;
pub mod wrap;

pub mod charset;
pub mod clean;
pub mod harmless;
pub mod inert;
pub mod near;
pub mod path;
mod span;

pub use clean::{clean_body, clean_line, clean_url};
pub use span::Span;
