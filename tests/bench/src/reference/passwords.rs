//! Argon2id with OWASP's cost (m = 19 MiB, t = 2, p = 1), one thread a core, each in memory that it keeps.

use std::time::{Duration, Instant};

use argon2::{Algorithm, Argon2, Block, Params, Version};
use serde_json::json;

use crate::figures::{milliseconds, quantile};

/// Computes for this long; says how many a second, how long one took, and how much memory it took.
pub fn run(seconds: f64) -> anyhow::Result<()> {
    let threads = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let begun = Instant::now();
    let until = begun + Duration::from_secs_f64(seconds);
    let work: Vec<_> = (0..threads)
        .map(|_| std::thread::spawn(move || thread(until)))
        .collect();
    let mut all = Vec::new();
    for thread in work {
        let took = thread
            .join()
            .map_err(|_| anyhow::anyhow!("a thread panicked"))?;
        all.extend(took.map_err(|cause| anyhow::anyhow!("argon2 failed: {cause}"))?);
    }
    let per_second = f64::from(u32::try_from(all.len())?) / begun.elapsed().as_secs_f64();
    let p50 = milliseconds(quantile(&mut all, 0.5));
    println!("{}", json!({ "per_second": per_second, "p50_ms": p50 }));
    Ok(())
}

fn thread(until: Instant) -> Result<Vec<Duration>, argon2::Error> {
    let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT);
    let mut memory = vec![Block::new(); Params::DEFAULT.block_count()];
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    let mut all = Vec::new();
    while Instant::now() < until {
        let begun = Instant::now();
        argon.hash_password_into_with_memory(
            b"tram orchid seven quilt",
            b"a salt of some length",
            &mut output,
            &mut memory,
        )?;
        all.push(begun.elapsed());
    }
    Ok(all)
}
