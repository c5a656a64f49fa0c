//! `cargo xtask bench copies`: scaling, the throughput of one relay behind nginx and of two.

mod figures;
mod site;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::machine::{install_from_debian, on_path};
use crate::steps::{self, cargo};
use crate::wasm::{module, tests};
use figures::{Figures, cpu_seconds};
use site::Site;

/// Duration of the load for each number of relays, seconds.
const SECONDS: u32 = 20;

/// Concurrent uploads for each relay: one in processing, the others to keep it busy.
const CLIENTS: usize = 4;

const BOUNDARY: &str = "mango-scout-b2c9e1f07a4d";

/// Starts one relay with one worker and then two, behind nginx with the configuration of `relay/deploy`, loads them
/// with ApacheBench, and prints throughput and processor time of each photo.
///
/// # Errors
/// Something is missing or does not start, or a photo was not answered.
pub(crate) fn run(program: Option<&Path>, photo: Option<&Path>) -> Result<()> {
    if on_path("ab").is_none() {
        install_from_debian(&["apache2-utils"])?;
    }
    let program = match program {
        Some(program) => std::path::absolute(program)?,
        None => release()?,
    };
    let photo = match photo {
        Some(photo) => photo.to_owned(),
        None => drawn()?,
    };
    let photo = fs::read(&photo).with_context(|| format!("cannot read {}", photo.display()))?;
    println!(
        "{} with --workers 1 each, behind nginx; photos of {} bytes, {CLIENTS} uploads at once for each copy, {SECONDS} s;",
        program.display(),
        photo.len()
    );
    println!("relays, nginx and ApacheBench share this machine's {} processors", std::thread::available_parallelism()?);
    for copies in [1, 2] {
        let folder = tempfile::tempdir()?;
        let body = folder.path().join("body");
        fs::write(&body, form(&photo))?;
        let site = Site::start(&program, copies, folder.path())?;
        // Warm-up.
        load(&site, &body, &["-n", "50"])?;
        let before = (cpu_seconds(&site.relays())?, cpu_seconds(&[site.nginx()])?);
        // The number of requests is too large to be reached before the time ends.
        let report = load(&site, &body, &["-t", &SECONDS.to_string(), "-n", "10000000"])?;
        let figures = Figures::read(&report).with_context(|| format!("unexpected output of ApacheBench:\n{report}"))?;
        let milliseconds = |after: f64, before: f64| (after - before) * 1e3 / figures.answered;
        println!(
            "{copies} x: {:6.1} photos a second, p50 {} ms, p99 {} ms; CPU a photo: relay {:.1} ms, nginx {:.1} ms",
            figures.a_second,
            figures.p50,
            figures.p99,
            milliseconds(cpu_seconds(&site.relays())?, before.0),
            milliseconds(cpu_seconds(&[site.nginx()])?, before.1),
        );
    }
    Ok(())
}

fn release() -> Result<PathBuf> {
    steps::run(&mut cargo(&["build", "--quiet", "--release", "--package", "mango-relay"]))?;
    Ok(module::target_folder()?.join("release/mango-relay"))
}

/// A photo of 640 x 480, as phones send it, drawn by the tests of the wasm packages.
fn drawn() -> Result<PathBuf> {
    let photo = tests::answers()?.join("leaf.jpg");
    if !photo.is_file() {
        tests::write_answers()?;
    }
    Ok(photo)
}

fn form(photo: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"leaf.jpg\"\r\n\
         Content-Type: image/jpeg\r\n\r\n"
    );
    [head.as_bytes(), photo, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

/// Sends the body repeatedly, each time on a new connection as phones do, and returns ApacheBench's output.
fn load(site: &Site, body: &Path, until: &[&str]) -> Result<String> {
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let mut bench = Command::new("ab");
    bench.args(["-q", "-c", &(CLIENTS * site.relays().len()).to_string()]).args(until);
    bench.arg("-p").arg(body).args(["-T", &kind, &format!("https://{}/upload_image", site.address)]);
    let output = bench.output().context("cannot start ab; on Debian it is in apache2-utils")?;
    if !output.status.success() {
        bail!("ab ended with {}: {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
