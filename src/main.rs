//! The `openhour` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    openhour::cli::main()
}
