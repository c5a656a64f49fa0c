//! Shared fixtures of gallery tests: photos in folders, and the real program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use crate::common::{encode, program};
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::Value;

/// A folder with photos, the working folder of the program.
pub(crate) struct Orchard {
    folder: tempfile::TempDir,
}

/// The output of the program.
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Orchard {
    /// Three photos each of `red`, `green` and `blue` objects, in folders of these names.
    pub(crate) fn new() -> Self {
        let orchard = Self { folder: tempfile::tempdir().unwrap() };
        for (class, colour) in [("red", [200, 40, 40]), ("green", [40, 180, 60]), ("blue", [50, 60, 220])] {
            fs::create_dir(orchard.path(class)).unwrap();
            for number in 1..=3 {
                fs::write(orchard.path(&format!("{class}/{number}.png")), thing(colour, number)).unwrap();
            }
        }
        orchard
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn file(&self) -> Vec<u8> {
        fs::read(self.path("orchard.gallery")).unwrap()
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let Output { status, stdout, stderr } =
            program().args(arguments).current_dir(self.folder.path()).output().unwrap();
        let [stdout, stderr] = [stdout, stderr].map(|text| String::from_utf8(text).unwrap());
        Run { code: status.code().unwrap(), stdout, stderr }
    }

    /// Runs `gallery` with that model.
    pub(crate) fn gallery(&self, model: &Path, arguments: &[&str]) -> Run {
        self.run(&[&["gallery", "--model", model.to_str().unwrap()], arguments].concat())
    }

    /// Runs `gallery`, checks that it succeeds, and returns standard output.
    pub(crate) fn does(&self, model: &Path, arguments: &[&str]) -> String {
        let output = self.gallery(model, arguments);
        assert_eq!(output.code, 0, "{arguments:?}: {}", output.stderr);
        output.stdout
    }

    /// Runs `gallery`, checks that it fails, and returns standard error.
    pub(crate) fn refuses(&self, model: &Path, arguments: &[&str]) -> String {
        let output = self.gallery(model, arguments);
        assert_eq!(output.code, 1, "{arguments:?}: {}", output.stdout);
        output.stderr
    }

    /// Adds the photos of these folders to classes of the same names.
    pub(crate) fn teach(&self, model: &Path, classes: &[&str]) {
        for class in classes {
            let photos = [1, 2, 3].map(|number| format!("{class}/{number}.png"));
            let photos = photos.each_ref().map(String::as_str);
            self.does(model, &[&["add", "--no-evaluate", "--class", class], &photos[..]].concat());
        }
    }
}

/// A picture of one colour with stripes, whose position and shade depend on the number.
pub(crate) fn thing(colour: [u8; 3], number: u8) -> Vec<u8> {
    let picture = RgbImage::from_fn(64, 64, |x, y| {
        let shade = ((x + y * u32::from(number)) % 16) as u8 + number * 3;
        Rgb(colour.map(|value| value.saturating_add(shade)))
    });
    encode(&picture, ImageFormat::Png)
}

pub(crate) fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}
