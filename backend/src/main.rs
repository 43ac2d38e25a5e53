//! The one binary: `hortus demo | serve | migrate | rules | audit | export | admin | openapi`.

use std::process::ExitCode;

fn main() -> ExitCode {
    match hortus::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("hortus: {cause:#}");
            ExitCode::FAILURE
        }
    }
}
