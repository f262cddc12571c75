//! Giving a question up while it is being answered.

use super::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Tells a running question that nobody waits for its answer any more. Clones are one token.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

impl Cancel {
    pub fn new() -> Cancel {
        Cancel::default()
    }

    /// Cancels the question; it fails with [`Error::Cancelled`] at its next check.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// The flag itself, for a request that looks at it while it waits.
    pub fn flag(&self) -> &Arc<AtomicBool> {
        &self.0
    }

    /// Fails with [`Error::Cancelled`] once the token is cancelled. Long work calls this now and then.
    pub fn check(&self) -> Result<(), Error> {
        match self.0.load(Ordering::Relaxed) {
            true => Err(Error::Cancelled),
            false => Ok(()),
        }
    }
}
