//! Says where the built web app is, so that it can be embedded (`src/http/site.rs`).
//!
//! A debug build reads the files from that folder while it runs, so that a web app built later is served without
//! compiling again. A release build carries them inside, and is refused when they are missing.

use std::env;
use std::path::PathBuf;

fn main() -> Result<(), String> {
    let backend = env::var("CARGO_MANIFEST_DIR").map_err(|e| e.to_string())?;
    let site = PathBuf::from(backend)
        .parent()
        .map(|root| root.join("frontend/build"))
        .ok_or("the backend has no folder above it")?;
    println!("cargo::rustc-env=SITE_DIR={}", site.display());
    println!("cargo::rerun-if-changed=build.rs");
    if env::var("PROFILE").as_deref() == Ok("release") {
        if !site.join("index.html").exists() {
            return Err(format!(
                "the web app is not built: `{}` has no index.html; run `npm ci && npm run build` in frontend/, or `./x run`",
                site.display()
            ));
        }
        println!("cargo::rerun-if-changed={}", site.display());
    }
    Ok(())
}
