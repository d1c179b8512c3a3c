//! How many connections the system lets this process have.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Raises the limit on open files as far as the system allows without asking. Many systems start at 1,024, which is
/// fewer than the pages that may be open at the same time.
pub(super) fn raise_limit() {
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    if let Err(error) = setrlimit(Resource::Nofile, limit) {
        tracing::warn!(%error, "the limit on open files stays as it is");
    }
}
