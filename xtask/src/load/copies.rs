//! `cargo xtask bench copies`: scaling, the throughput of one relay behind nginx and of two.

mod figures;
mod site;

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, bail};
use mango_relay_harness::{Form, end_of};

use crate::relay;
use crate::setup::{self, APACHE_BENCH, NGINX, OPENSSL};
use crate::steps::{Progress, Usual};
use figures::Figures;
use site::Site;

/// Duration of the load for each number of relays, seconds.
const SECONDS: u32 = 20;

/// Concurrent uploads for each relay: one in processing, the others to keep it busy.
const CLIENTS: usize = 4;

/// The numbers of relays, and the step of each.
const COPIES: [(usize, &str); 2] = [(1, "load on one relay"), (2, "load on two relays")];

/// Starts one relay with one worker and then two, behind nginx with the configuration of `relay/deploy`, loads them
/// with ApacheBench, and prints throughput and processor time of each photo.
///
/// # Errors
/// Something is missing or does not start, or a photo was not answered.
pub(crate) fn run(program: Option<&Path>, photo: Option<&Path>) -> Result<()> {
    setup::ensure(&[&APACHE_BENCH, &NGINX, &OPENSSL])?;
    let mut progress = Progress::new("bench copies", COPIES.len() + usize::from(program.is_none()));
    let program = relay::of_releases(program, &mut progress)?;
    let photo = match photo {
        Some(photo) => fs::read(photo).with_context(|| format!("cannot read {}", photo.display()))?,
        None => relay::jpeg(1, relay::SIZE)?,
    };
    println!(
        "{} with --workers 1 each, behind nginx; photos of {} bytes, {CLIENTS} uploads at once for each copy, {SECONDS} s;",
        program.display(),
        photo.len()
    );
    println!("relays, nginx and ApacheBench share this machine's {} processors", std::thread::available_parallelism()?);
    for (copies, step) in COPIES {
        let line = progress.step(step, Usual::seconds(u64::from(SECONDS) + 5), || measure(&program, copies, &photo))?;
        println!("{line}");
    }
    Ok(())
}

/// Loads that many relays, and returns the line of figures.
fn measure(program: &Path, copies: usize, photo: &[u8]) -> Result<String> {
    let folder = tempfile::tempdir()?;
    let body = folder.path().join("body");
    fs::write(&body, Form::of_photos("picture", &[photo]).into_body())?;
    let site = Site::start(program, copies, folder.path())?;
    // Warm-up.
    load(&site, &body, &["-n", "50"])?;
    let before = site.cpu_seconds()?;
    // The number of requests is too large to be reached before the time ends.
    let report = load(&site, &body, &["-t", &SECONDS.to_string(), "-n", "10000000"])?;
    let figures = Figures::read(&report).with_context(|| format!("unexpected output of ApacheBench:\n{report}"))?;
    let after = site.cpu_seconds()?;
    let milliseconds = |after: f64, before: f64| (after - before) * 1e3 / figures.answered;
    Ok(format!(
        "{copies} x: {:6.1} photos a second, p50 {} ms, p99 {} ms; CPU a photo: relay {:.1} ms, nginx {:.1} ms",
        figures.a_second,
        figures.p50,
        figures.p99,
        milliseconds(after.0, before.0),
        milliseconds(after.1, before.1),
    ))
}

/// Sends the body repeatedly, each time on a new connection as phones do, and returns ApacheBench's output.
fn load(site: &Site, body: &Path, until: &[&str]) -> Result<String> {
    let mut bench = Command::new("ab");
    bench.args(["-q", "-c", &(CLIENTS * site.relays()).to_string()]).args(until);
    bench.arg("-p").arg(body).args([
        "-T",
        &Form::type_of_photos(),
        &format!("https://{}/upload_image", site.address()),
    ]);
    let output = bench.output().context("cannot start ab")?;
    if !output.status.success() {
        bail!("ab ended with {}: {}", output.status, end_of(&String::from_utf8_lossy(&output.stderr)));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
