//! The `openhour` program.

use std::process::ExitCode;

/// Answering a request allocates much and briefly, which this allocator does faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    openhour::cli::main()
}
