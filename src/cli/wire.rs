//! Sets up fetching from the library and the settings.

use super::args::CommonArgs;
use super::error::CliError;
use super::settings::Settings;
use super::shelf;
use crate::capacity::Capacity;
use crate::config::Config;
use crate::fetch::Limits;
use crate::intake::Depth;
use crate::library::Library;
use crate::wire::manners::Manners;
use crate::wire::rules::Rules;
use crate::wire::{Wire, fetcher};
use chrono::Utc;
use std::sync::Arc;
use std::time::Duration;

/// Opens the person's library with everything that fetching needs.
pub fn open(common: &CommonArgs) -> Result<Wire, CliError> {
    let path = shelf::path_to_create(common)?;
    let settings = Settings::load(common)?;
    shelf::warn(&settings.faults);
    over(Capacity::Full.library(&path)?, &settings.config, shelf::analysis(common)?)
}

/// Makes a wire that fetches into `library`, with the proxy, the interval and the sources of the settings.
pub fn over(library: Library, config: &Config, depth: Depth) -> Result<Wire, CliError> {
    let limits = Limits::default();
    let fetcher = fetcher(limits, &config.values)?;
    // Where the reader does not fetch by itself, failures and `sources` assume half an hour.
    let every = config.values.fetch_every.duration();
    Ok(Wire {
        library,
        capacity: Capacity::Full,
        fetcher,
        limits,
        depth,
        settings: Arc::new(config.sources.clone()),
        interval: every.unwrap_or(Duration::from_secs(30 * 60)),
        manners: Manners::default(),
        max_items: usize::from(config.values.max_items.get()),
        keep: config.values.keep,
        rules: Rules::of(config),
        clock: Arc::new(Utc::now),
    })
}
