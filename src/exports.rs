//! What the programs, the benches, the fuzz targets and the whole-program tests use of the rooms.
//!
//! The rooms themselves are private, so that the compiler reports what nobody uses. This is not an interface for other
//! crates: it changes without notice. Add a line here when a test or a bench needs one more item.

pub mod analysis {
    pub use crate::analysis::{analyze, correct};
    pub mod sentence {
        pub use crate::analysis::sentence::sentences;
    }
    pub mod tagger {
        pub use crate::analysis::tagger::{Tagger, shipped};
        pub mod document {
            pub use crate::analysis::tagger::document::Document;
        }
    }
    pub mod token {
        pub use crate::analysis::token::tokens;
    }
}
pub mod annotation {
    pub use crate::annotation::{
        Analysis, CountryCode, Entity, EntityIndex, Field, Kind, Mention, Quote, QuoteKind, Speaker,
    };
}
pub mod app {
    pub use crate::app::{
        Action, App, Card, Edition, Effect, Loading, Message, Outcome, Progress, ReaderWidth, SearchChange,
        Setup, Size, Ticket, Whereabouts,
    };
    pub mod history {
        pub use crate::app::history::Step;
    }
    pub mod action {
        pub use crate::app::action::{ACTIONS, Context, key_table};
    }
    pub mod over {
        pub use crate::app::over::Over;
    }
    pub mod view {
        pub use crate::app::view::ViewKind;
    }
}
pub mod article {
    pub use crate::article::{Article, ArticleId, Dateline};
    pub mod date {
        pub use crate::article::date::{parse, parse_near, parse_written};
    }
}
pub mod config {
    pub use crate::config::Config;
    pub mod theme {
        pub use crate::config::theme::file;
    }
    pub mod settings {
        pub use crate::config::settings::{SETTINGS, table};
    }
}
pub mod corrections {
    pub use crate::corrections::Corrections;
}
pub mod files {
    pub use crate::files::read;
}
pub mod formats {
    pub use crate::formats::{
        Delivery, Origin, Stream, Warning, edition, field_table, read, read_delivery_again, read_page,
    };
    pub mod feed {
        pub use crate::formats::feed::{Earlier, read};
    }
    pub mod newsboat {
        pub use crate::formats::newsboat::query;
    }
    pub mod opml {
        pub use crate::formats::opml::{read, read_list, read_newsboat, write};
    }
}
pub mod highlight {
    pub use crate::highlight::{Layer, Mark, Tag, flatten};
}
pub mod intake {
    pub use crate::intake::InForce;
}
pub mod keymap {
    pub use crate::keymap::{Key, Keyboard, Keymap};
}
pub mod language {
    pub use crate::language::Language;
}
pub mod library {
    pub use crate::library::{Cancel, Library, Step, check};
    pub mod blocks {
        pub use crate::library::store::index::blocks::{Walk, find};
    }
    pub mod codec {
        pub use crate::library::store::file::codec::{decode, encode};
    }
}
pub mod lines {
    pub use crate::lines::Teller;
}
pub mod listing {
    pub use crate::listing::{Facet, FacetKind, Key, Marking, Window};
}
pub mod query {
    pub use crate::query::{Query, Target, guide};
}
pub mod run {
    pub use crate::run::{answer, order_board, step_board};
}
pub mod similar {
    pub use crate::similar::{Signature, THRESHOLD};
}
pub mod terminal {
    pub use crate::terminal::{Render, Terminal, waker};
    pub mod filter {
        pub use crate::terminal::filter::{Filter, Run};
    }
    pub mod capability {
        pub use crate::terminal::capability::{Wishes, detect};
    }
    pub mod renderer {
        pub use crate::terminal::renderer::{Options, Renderer};
    }
}
pub mod text {
    pub use crate::text::{Span, clean_body, clean_line, clean_url};
    pub mod path {
        pub use crate::text::path::written;
    }
    pub mod charset {
        pub use crate::text::charset::decode;
    }
    pub mod harmless {
        pub use crate::text::harmless::is_forbidden;
    }
    pub mod wrap {
        pub use crate::text::wrap::lines;
    }
    pub mod width {
        pub use crate::text::width::cells;
    }
}
pub mod theme {
    pub use crate::theme::{Depth, Glyphs, SLOTS, Theme, ThemeName};
}
pub mod ui {
    pub use crate::ui::draw;
}
