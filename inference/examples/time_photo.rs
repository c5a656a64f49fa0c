//! Times one photo on one thread, from its bytes to the prediction: `cargo xtask bench photo` runs this.
//!
//! `time_photo BUNDLE PHOTO ROUNDS` prints the processor time of each prediction in milliseconds, as a JSON array.

use cpu_time::ProcessTime;
use mango_inference::{Backend, ModelBundle, Photo, PhotoLimits, Predictor, timing};

/// Predictions that are not timed, before the timed ones.
const WARM_UP: usize = 3;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [bundle, photo, rounds] = arguments.as_slice() else {
        return Err("give BUNDLE PHOTO ROUNDS".into());
    };
    let predictor = Predictor::new(&ModelBundle::load(bundle.as_ref())?, Backend::default())?;
    let limits = PhotoLimits::default().with_detail(predictor.manifest().preprocessing.detail());
    let bytes = std::fs::read(photo)?;
    let mut milliseconds = Vec::new();
    for round in 0..WARM_UP + rounds.parse::<usize>()? {
        let _timing = timing::record();
        let start = ProcessTime::now();
        predictor.predict(&Photo::decode_within(&bytes, limits)?)?;
        if round >= WARM_UP {
            milliseconds.push(start.elapsed().as_secs_f64() * 1e3);
        }
    }
    println!("{milliseconds:?}");
    Ok(())
}
