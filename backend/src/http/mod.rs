//! The web side: router, extractors, security headers, limits, embedded web app.

pub mod extract;
