//! `cargo xtask soak`: a long load test with all kinds of requests, which checks for lost requests and memory leaks.

mod loads;
mod reloads;
mod tally;

use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use reqwest::StatusCode;
use tokio::task::LocalSet;
use tokio::time::{interval, sleep};

use super::client::Client;
use super::figures::{flat, mb, ms};
use super::server::Server;
use super::{program, runtime};
use loads::{Loads, Plan};
use reloads::Reloads;
use tally::Tally;

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
    let program = program(named)?;
    let home = tempfile::tempdir().context("no folder for the relay")?;
    // The first start makes the certificate that is then served and replaced.
    let home = runtime()?.block_on(Server::start(&program, home, &[])?.stop())?;
    let reloads = Reloads::prepare(&program, &home)?;
    let mut flags = reloads.flags();
    flags.extend(["--drain-delay".to_owned(), format!("{}s", DRAIN_DELAY.as_secs())]);
    let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
    let mut server = Server::start(&program, home, &flags)?;
    let time = Duration::from_secs(60) * minutes;
    let faults = runtime()?.block_on(LocalSet::new().run_until(soak(&mut server, &program, reloads, time)))?;
    ensure!(faults.is_empty(), "{}\nthe end of its log:\n{}", faults.join("\n"), end_of(&server.log()?));
    println!("nothing lost");
    Ok(())
}

async fn soak(server: &mut Server, program: &Path, reloads: Reloads, time: Duration) -> Result<Vec<String>> {
    let tally = Tally::default();
    let plan = Plan::new(server, program, &reloads, &tally)?;
    let (files, memory) = (server.open_files()?, server.memory()?);
    let reloads = Rc::new(reloads);
    let reloading = tokio::task::spawn_local(Rc::clone(&reloads).keep_on(tally.clone()));
    let most = under_load(server, &plan, time).await?;
    reloading.abort();
    sleep(SETTLE).await;
    let mut faults = check(server, most, files).await?;
    faults.extend(reloads.unseen(&server.log()?));
    let after = server.memory()?;
    println!(
        "memory: {} at the start, at most {} in the three thirds, {} at the peak, {} at the end",
        mb(memory.now),
        most.map(mb).join(", "),
        mb(after.peak),
        mb(after.now),
    );
    faults.extend(stop_under_load(server, &plan).await?);
    tally.print();
    faults.extend(tally.faults());
    Ok(faults)
}

/// The most memory in each third of the time.
async fn under_load(server: &Server, plan: &Plan, time: Duration) -> Result<[u64; 3]> {
    let (loads, began, mut most) = (Loads::begin(plan), Instant::now(), [0; 3]);
    let mut clock = interval(PERIOD);
    while began.elapsed() < time {
        clock.tick().await;
        let third = (3.0 * began.elapsed().as_secs_f64() / time.as_secs_f64()) as usize;
        if let Some(most) = most.get_mut(third) {
            *most = server.memory()?.now.max(*most);
        }
    }
    loads.stop().await?;
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

fn end_of(log: &str) -> String {
    let mut lines: Vec<&str> = log.lines().rev().take(20).collect();
    lines.reverse();
    lines.join("\n")
}
