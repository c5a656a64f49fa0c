//! `cargo xtask bench kernels`: the speed of each kernel, compared with the processor's peak.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::steps::{self, Progress, Usual, compile, target_folder};

/// The case without memory access.
const PEAK: &str = "peak";

/// Runs the benchmarks, and prints the speed of each kernel and its share of the peak.
///
/// # Errors
/// They cannot be built or run.
pub(crate) fn run() -> Result<()> {
    let folder = target_folder()?.join("criterion/kernels");
    // Old results would list removed kernels.
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    let mut progress = Progress::new("bench kernels", 2);
    let what = ["--package", "mango-kernels", "--bench", "kernels"];
    progress.step("benchmarks of the kernels, build", Usual::minutes(1), || {
        steps::run(compile("bench", &what).arg("--no-run"))
    })?;
    progress.step("benchmarks of the kernels", Usual::minutes(5), || steps::run(&mut compile("bench", &what)))?;
    let mut cases = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| format!("no results in {}", folder.display()))? {
        let new = entry?.path().join("new");
        if !new.is_dir() {
            continue;
        }
        let read = |file: &str| -> Result<Value> { Ok(serde_json::from_slice(&fs::read(new.join(file))?)?) };
        let (what, estimates) = (read("benchmark.json")?, read("estimates.json")?);
        let name = what["function_id"].as_str().context("a benchmark has a name")?.to_owned();
        let operations = what["throughput"]["Elements"].as_f64().context("a benchmark has its operations")?;
        let nanoseconds = estimates["median"]["point_estimate"].as_f64().context("a benchmark has a median")?;
        cases.push((name, nanoseconds / 1e6, operations / nanoseconds));
    }
    let (_, _, peak) = cases.iter().find(|(name, ..)| name == PEAK).context("the peak was not measured")?.clone();
    cases.sort_by(|(_, _, a), (_, _, b)| b.total_cmp(a));
    println!("{:34} {:>9} {:>8} {:>8}", "kernel", "ms", "GFLOP/s", "of peak");
    for (name, milliseconds, speed) in cases {
        println!("{name:34} {milliseconds:9.3} {speed:8.1} {:6.1} %", speed / peak * 100.0);
    }
    Ok(())
}
