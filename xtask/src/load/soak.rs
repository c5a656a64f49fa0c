//! `cargo xtask soak`: a long load test with all kinds of requests, which checks for lost requests and memory leaks.

mod loads;
mod reloads;
mod tally;

use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use mango_relay_harness::{Home, end_of};
use reqwest::StatusCode;
use tokio::task::LocalSet;
use tokio::time::{interval, sleep};

use super::client::Client;
use super::figures::{flat, mb, ms};
use super::runtime;
use super::server::Server;
use crate::relay;
use crate::steps::{Progress, Usual};
use loads::{Loads, Plan};
use reloads::Reloads;
use tally::Tally;

const MINUTE: Duration = Duration::from_secs(60);
/// Polling interval of the relay's memory.
const PERIOD: Duration = Duration::from_secs(2);
/// Allowed growth of the number of open files and sockets.
const MORE_FILES: usize = 8;
/// Time in which the relay closes all dropped connections: its idle timeout, and a margin.
const SETTLE: Duration = Duration::from_secs(20);
/// Time between becoming not ready and closing the listener.
const DRAIN_DELAY: Duration = Duration::from_secs(3);
/// Timeout of the shutdown.
const END: Duration = Duration::from_secs(40);

/// Runs the load, prints the results, and stops the relay during uploads.
///
/// # Errors
/// A request was lost, a response was wrong, or the relay panicked, leaked memory or files, or did not exit with 0.
pub(crate) fn run(minutes: u32, named: Option<&Path>) -> Result<()> {
    let mut progress = Progress::new("soak", 3 + usize::from(named.is_none()));
    let program = relay::of_releases(named, &mut progress)?;
    let (mut server, reloads) =
        progress.step("relay with files that are replaced", Usual::SHORT, || start(&program))?;
    // One set for all steps, since the tasks of the second continue in the third.
    let (runtime, tasks) = (runtime()?, LocalSet::new());
    let tally = Tally::default();
    let plan = Plan::new(&server, &program, &reloads, &tally)?;
    let reloads = Rc::new(reloads);
    let (files, memory) = (server.open_files()?, server.memory()?);
    let most = progress.step(&format!("load for {minutes} min"), Usual::minutes(minutes.into()), || {
        let load = under_load(&server, &plan, &reloads, &tally, minutes);
        runtime.block_on(tasks.run_until(load))
    })?;
    let faults = progress.step("checks, and shutdown under load", Usual::minutes(1), || {
        runtime.block_on(tasks.run_until(async {
            sleep(SETTLE).await;
            let mut faults = check(&server, most, files).await?;
            faults.extend(reloads.missed(&server.log()?));
            let after = server.memory()?;
            println!(
                "memory: {} at the start, at most {} in the three thirds, {} at the peak, {} at the end",
                mb(memory.now),
                most.map(mb).join(", "),
                mb(after.peak),
                mb(after.now),
            );
            faults.extend(stop_under_load(&mut server, &plan).await?);
            tally.print();
            faults.extend(tally.faults());
            Ok(faults)
        }))
    })?;
    ensure!(faults.is_empty(), "{}\nthe end of its log:\n{}", faults.join("\n"), end_of(&server.log()?));
    println!("nothing lost");
    Ok(())
}

/// Starts a relay whose certificate and gallery are replaced later.
fn start(program: &Path) -> Result<(Server, Reloads)> {
    // The first start makes the certificate that is then served and replaced.
    let home = runtime()?.block_on(Server::start(program, Home::new()?, &[])?.stop())?;
    let reloads = Reloads::prepare(program, &home)?;
    let mut flags = reloads.flags();
    flags.extend(["--drain-delay".to_owned(), format!("{}s", DRAIN_DELAY.as_secs())]);
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    Ok((Server::start(program, home, &flags)?, reloads))
}

/// Runs the load while the files are replaced, and returns the most memory in each third of the time.
async fn under_load(
    server: &Server,
    plan: &Plan,
    reloads: &Rc<Reloads>,
    tally: &Tally,
    minutes: u32,
) -> Result<[u64; 3]> {
    let reloading = tokio::task::spawn_local(Rc::clone(reloads).replace_periodically(tally.clone()));
    let (loads, began, mut most) = (Loads::begin(plan), Instant::now(), [0; 3]);
    let (time, mut clock, mut reported) = (MINUTE * minutes, interval(PERIOD), 0);
    while began.elapsed() < time {
        clock.tick().await;
        let memory = server.memory()?.now;
        let third = (3.0 * began.elapsed().as_secs_f64() / time.as_secs_f64()) as usize;
        if let Some(most) = most.get_mut(third) {
            *most = memory.max(*most);
        }
        let passed = began.elapsed().as_secs() / MINUTE.as_secs();
        if passed > reported {
            eprintln!("{passed} of {minutes} min, {}", mb(memory));
            reported = passed;
        }
    }
    loads.stop().await?;
    reloading.abort();
    Ok(most)
}

/// Checks the relay after the load, and returns the errors.
async fn check(server: &Server, most: [u64; 3], files: usize) -> Result<Vec<String>> {
    let mut faults = Vec::new();
    // The first third is left out, since buffers fill then.
    if most[2] > flat(most[1]) {
        faults.push(format!("memory grew from {} to {}", mb(most[1]), mb(most[2])));
    }
    let now = server.open_files()?;
    println!("open files: {files} at the start, {now} at the end");
    if now > files + MORE_FILES {
        faults.push(format!("{now} files are open, {files} were at the start"));
    }
    let metrics = reqwest::Client::builder().no_proxy().build()?.get(&server.metrics).send().await;
    let metrics = metrics.context("the relay serves no metrics")?.text().await.context("the metrics end early")?;
    for series in ["panics_total", "queue_waiting", "inference_running"] {
        let line = format!("mango_relay_{series} 0");
        if !metrics.lines().any(|other| other == line) {
            faults.push(format!("the metrics do not say {line}"));
        }
    }
    for line in metrics.lines().filter(|line| line.contains("_abandoned_total{") || line.contains("_refused_total{")) {
        println!("{line}");
    }
    Ok(faults)
}

/// Stops the relay under load, and stops the load when the relay is not ready, as a load balancer does.
async fn stop_under_load(server: &mut Server, plan: &Plan) -> Result<Vec<String>> {
    let loads = Loads::begin_uploads(plan);
    sleep(Duration::from_secs(1)).await;
    let signalled = Instant::now();
    server.terminate()?;
    let client = Client::of(server)?;
    while client.get("/readyz").await.context("not ready, it should still answer")?.status == StatusCode::OK {
        sleep(Duration::from_millis(50)).await;
    }
    let noticed = signalled.elapsed();
    loads.stop().await?;
    server.ended(END).await?;
    println!("shutdown under load: not ready after {}, exited with 0 after {}", ms(noticed), ms(signalled.elapsed()));
    let late = noticed > DRAIN_DELAY;
    Ok(if late { vec!["it became not ready too late".to_owned()] } else { Vec::new() })
}
