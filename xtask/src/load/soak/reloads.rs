//! Files that are replaced while the relay serves.

use std::cell::Cell;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use mango_relay_harness::Home;
use tempfile::TempDir;
use tokio::time::sleep;

use super::tally::Tally;
use crate::relay;
use crate::steps;

/// Time between two replacements; the relay polls every two seconds.
const PERIOD: Duration = Duration::from_secs(5);

/// A certificate and a gallery that are replaced in turn.
#[derive(Debug)]
pub(super) struct Reloads {
    folder: TempDir,
    /// Number of replacements.
    replaced: Cell<usize>,
    /// The galleries that are served in turn.
    pub(super) galleries: [PathBuf; 2],
}

impl Reloads {
    /// Prepares the files, from the certificate in the relay's home.
    ///
    /// # Errors
    /// The files cannot be written, or the program cannot make a gallery.
    pub(super) fn prepare(program: &Path, home: &Home) -> Result<Self> {
        let folder = tempfile::tempdir().context("no folder for the relay's files")?;
        for file in home.certificate() {
            let name = file.file_name().context("a certificate without a name")?;
            fs::copy(&file, folder.path().join(name)).with_context(|| format!("cannot copy {}", file.display()))?;
        }
        let galleries = ["one.gallery", "two.gallery"].map(|name| folder.path().join(name));
        for (gallery, number) in galleries.iter().zip([101, 102]) {
            let photo = folder.path().join("taught.jpg");
            fs::write(&photo, relay::jpeg(number, relay::SIZE)?).context("cannot write a photo")?;
            let mut add = Command::new(program);
            add.args(["gallery", "add", "--no-evaluate", "--class", "soak", "--label", "Soak", "--gallery"]);
            steps::run(add.arg(gallery).arg(photo).stdout(std::process::Stdio::null()))?;
        }
        let reloads = Self { folder, replaced: Cell::new(0), galleries };
        reloads.serve(0)?;
        Ok(reloads)
    }

    /// The flags for the files.
    pub(super) fn flags(&self) -> Vec<String> {
        let of = |flag: &str, file: &str| [flag.to_owned(), self.folder.path().join(file).display().to_string()];
        [of("--cert", "cert.pem"), of("--key", "key.pem"), of("--gallery", "served.gallery")].concat()
    }

    /// Replaces the files periodically.
    pub(super) async fn replace_periodically(self: Rc<Self>, tally: Tally) {
        for number in 1.. {
            sleep(PERIOD).await;
            let began = Instant::now();
            match self.serve(number % 2).and_then(|()| self.renew()) {
                Ok(()) => {
                    self.replaced.set(self.replaced.get() + 1);
                    tally.well("certificate and gallery replaced", began.elapsed());
                }
                Err(error) => tally.fault("certificate and gallery replaced", format!("{error:#}")),
            }
        }
    }

    /// Reports missed reloads. For each file the relay's log has one line from the start and one for each reload.
    pub(super) fn missed(&self, log: &str) -> Vec<String> {
        let mut missed = Vec::new();
        for (kind, file, rest) in
            [("certificate", "cert.pem", "for "), ("gallery", "served.gallery", "1 photo of 1 class")]
        {
            let line = format!("{kind} {}: {rest}", self.folder.path().join(file).display());
            let read = log.matches(&line).count().saturating_sub(1);
            println!("{kind}: replaced {} times, read again {read} times", self.replaced.get());
            if read != self.replaced.get() {
                missed.push(format!(
                    "the {kind} was replaced {} times, and read again {read} times",
                    self.replaced.get()
                ));
            }
        }
        missed
    }

    /// Replaces the served gallery.
    fn serve(&self, number: usize) -> Result<()> {
        let next = self.galleries.get(number).context("two galleries")?;
        self.replace("served.gallery", &fs::read(next).context("cannot read a gallery")?)
    }

    /// Rewrites the certificate, so that its modification time changes.
    fn renew(&self) -> Result<()> {
        let chain = fs::read(self.folder.path().join("cert.pem")).context("cannot read the certificate")?;
        self.replace("cert.pem", &chain)
    }

    fn replace(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let (new, file) = (self.folder.path().join("new"), self.folder.path().join(name));
        fs::write(&new, bytes).context("cannot write a file")?;
        fs::rename(new, file).context("cannot replace a file")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missed_reloads_are_reported() {
        let folder = tempfile::tempdir().unwrap();
        let [certificate, gallery] = ["cert.pem", "served.gallery"].map(|file| folder.path().join(file));
        let certificate = format!("INFO certificate {}: for localhost, until 2027\n", certificate.display());
        let gallery = format!("INFO gallery {}: 1 photo of 1 class\n", gallery.display());
        let reloads = Reloads { folder, replaced: Cell::new(2), galleries: Default::default() };
        let log = |of_certificate: usize, of_gallery: usize| {
            format!(
                "{}WARN certificate: self-signed\n{}",
                certificate.repeat(of_certificate),
                gallery.repeat(of_gallery)
            )
        };
        assert!(reloads.missed(&log(3, 3)).is_empty());
        assert_eq!(reloads.missed(&log(1, 3)), ["the certificate was replaced 2 times, and read again 0 times"]);
        assert_eq!(reloads.missed(&log(3, 2)), ["the gallery was replaced 2 times, and read again 1 times"]);
        assert_eq!(reloads.missed("").len(), 2);
    }
}
