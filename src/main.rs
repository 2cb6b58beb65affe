//! The `xinfang` program.

use std::process::ExitCode;

fn main() -> ExitCode {
    xinfang::cli::run()
}
