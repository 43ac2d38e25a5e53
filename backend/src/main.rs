//! The one binary: `hortus demo | serve | migrate | rules | audit | export | admin | openapi`.

fn main() -> anyhow::Result<()> {
    hortus::cli::run()
}
