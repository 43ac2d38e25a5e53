//! Taking times: in rounds that take turns, so that a disturbance falls on all.

use std::time::Instant;

pub const PASSES: usize = 5;

/// Microseconds a post.
#[derive(Clone, Copy)]
pub struct Figures {
    pub p50: f64,
    pub p99: f64,
}

fn figures(mut times: Vec<f64>) -> Figures {
    times.sort_by(f64::total_cmp);
    let at = |share: f64| {
        let index = (times.len() as f64 * share) as usize;
        times
            .get(index.min(times.len().saturating_sub(1)))
            .copied()
            .unwrap_or(f64::NAN)
    };
    Figures {
        p50: at(0.5),
        p99: at(0.99),
    }
}

/// Two programs over the same texts, pass by pass in turn; the best time of each text counts.
pub fn beside(
    texts: &[String],
    mut one: impl FnMut(&str),
    mut other: impl FnMut(&str),
) -> (Figures, Figures) {
    let mut times = [vec![f64::MAX; texts.len()], vec![f64::MAX; texts.len()]];
    for _ in 0..PASSES {
        let [first, second] = &mut times;
        for (slot, text) in first.iter_mut().zip(texts) {
            *slot = slot.min(once(|| one(text)));
        }
        for (slot, text) in second.iter_mut().zip(texts) {
            *slot = slot.min(once(|| other(text)));
        }
    }
    let [first, second] = times;
    (figures(first), figures(second))
}

/// Microseconds of one run.
pub fn once(run: impl FnOnce()) -> f64 {
    let start = Instant::now();
    run();
    start.elapsed().as_nanos() as f64 / 1e3
}

/// The median microseconds of each program, run in turn.
pub fn rounds(count: usize, programs: &mut [&mut dyn FnMut()]) -> Vec<f64> {
    let mut times = vec![Vec::new(); programs.len()];
    for _ in 0..count {
        for (times, program) in times.iter_mut().zip(programs.iter_mut()) {
            times.push(once(program));
        }
    }
    times.into_iter().map(|times| figures(times).p50).collect()
}

/// Resident memory of this process in KiB; 0 where the system does not tell.
pub fn kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    number.unwrap_or_default()
}
