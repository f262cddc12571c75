//! Which engine made a stored analysis, and what that says of it.

use crate::annotation::ENGINE_VERSION;
use crate::listing::Validity;

/// The engine of an analysis that is damaged or was never made.
pub const NO_ENGINE: u32 = 0;

/// Whether an engine's analysis is as good as one of this program's. That of a newer engine is: were it
/// replaced, two versions of the program that run side by side would replace each other's for ever.
pub fn is_current(engine: u32) -> bool {
    engine >= ENGINE_VERSION
}

/// The engine to store with an analysis that is written again as it was read.
pub fn engine_of(engine: u32, validity: Validity) -> u32 {
    match validity {
        Validity::Current | Validity::Outdated => engine,
        Validity::Missing => NO_ENGINE,
    }
}
