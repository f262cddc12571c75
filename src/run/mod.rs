//! (to come)

pub mod intake;

use crate::terminal::capability::Capabilities;
use crate::terminal::{Render, TerminalError};
use crate::theme::Theme;
use std::path::PathBuf;

/// What the reader is opened with.
pub struct Setup {
    /// What to read; empty for the sample edition.
    pub paths: Vec<PathBuf>,
    pub capabilities: Capabilities,
    pub theme: Theme,
    pub render: Render,
}

/// Opens the reader and stays in it; the exit code.
pub fn run(_setup: Setup) -> Result<u8, TerminalError> {
    Ok(0)
}
