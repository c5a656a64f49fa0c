//! Times networks on one thread, without decoding of the photo: `cargo xtask bench` runs this.
//!
//! `time_network write FOLDER` writes the networks of the comparison with random weights (speed does not depend on
//! the weights), one folder per bundle, and an input image; `time_network time BUNDLE ROUNDS` prints the processor
//! time of each prediction in milliseconds, as a JSON array.

#[path = "../tests/support/network.rs"]
mod network;

use std::path::Path;

use cpu_time::ProcessTime;
use image::{Rgb, RgbImage};
use mango_inference::network::Architecture;
use mango_inference::{Backend, ModelBundle, Photo, Predictor};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Predictions that are not timed, before the timed ones.
const WARM_UP: usize = 5;

/// The input image for the baselines that run the same networks on other engines, and its side in pixels.
const PICTURE: &str = "picture.png";
const SIDE: u32 = 256;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["write", folder] => write(folder.as_ref()),
        ["time", bundle, rounds] => time(bundle.as_ref(), rounds.parse()?),
        _ => Err("give `write FOLDER` or `time BUNDLE ROUNDS`".into()),
    }
}

/// Writes the relay's network and the trunk of the phone's network.
fn write(folder: &Path) -> Result<()> {
    let lite0 = Architecture::lite0();
    let stage5 = Architecture { stages: lite0.stages[..5].to_vec(), head: None, ..lite0.clone() };
    for (name, size, architecture) in [("lite0", 224, lite0), ("lite0-stage5", 160, stage5)] {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder)?;
        network::bundle(name, size, architecture, false, 1)?.save(&folder)?;
    }
    Ok(picture(SIDE).save(folder.join(PICTURE))?)
}

fn picture(side: u32) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| Rgb([x as u8, y as u8, (x ^ y) as u8]))
}

fn time(bundle: &Path, rounds: usize) -> Result<()> {
    let predictor = Predictor::new(&ModelBundle::load(bundle)?, Backend::default())?;
    let preprocessing = &predictor.manifest().preprocessing;
    let inputs = [preprocessing.apply(&Photo::from_pixels(picture(SIDE)))?];
    let mut milliseconds = Vec::with_capacity(rounds);
    for round in 0..WARM_UP + rounds {
        let start = ProcessTime::now();
        predictor.observe(&inputs)?;
        if round >= WARM_UP {
            milliseconds.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    println!("{milliseconds:?}");
    Ok(())
}
