//! The one binary: `hortus demo | serve | migrate | rules | audit | export | admin | openapi`.

use std::process::ExitCode;

/// A server makes and drops thousands of short strings for every request.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    match hortus::cli::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(cause) => {
            eprintln!("hortus: {cause:#}");
            ExitCode::FAILURE
        }
    }
}
