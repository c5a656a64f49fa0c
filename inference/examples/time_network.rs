//! How long networks take on one thread, without the photo's decoding: `cargo xtask bench` runs this.
//!
//! `time_network write FOLDER` makes the networks of the comparison with random weights (speed does not depend on
//! them), one bundle a folder, and a picture for them; `time_network time BUNDLE ROUNDS` prints the processor time of each prediction in
//! milliseconds, as a JSON array.

use std::path::Path;

use burn::module::{Module, ModuleMapper, Param};
use burn::tensor::{Tensor, TensorData};
use cpu_time::ProcessTime;
use image::{Rgb, RgbImage};
use mango_inference::network::{Architecture, LeafNet};
use mango_inference::{
    Backend, Calibration, ClassId, Manifest, ModelBundle, ModelId, Photo, Precision, Predictor, Preprocessing,
    Provenance, View, Weights, WeightsFile, sha256, timing,
};

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Predictions before the first that counts.
const WARM_UP: usize = 5;

/// The picture for those who run the networks elsewhere, and its side.
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

/// The relay's network, and the trunk of the phone's.
fn write(folder: &Path) -> Result<()> {
    let lite0 = Architecture::lite0();
    let stage5 = Architecture { stages: lite0.stages[..5].to_vec(), head: None, ..lite0.clone() };
    for (name, size, architecture) in [("lite0", 224, lite0), ("lite0-stage5", 160, stage5)] {
        let folder = folder.join(name);
        std::fs::create_dir_all(&folder)?;
        bundle(name, size, architecture)?.save(&folder)?;
    }
    Ok(picture(SIDE).save(folder.join(PICTURE))?)
}

fn picture(side: u32) -> RgbImage {
    RgbImage::from_fn(side, side, |x, y| Rgb([x as u8, y as u8, (x ^ y) as u8]))
}

fn bundle(name: &str, size: u32, architecture: Architecture) -> Result<ModelBundle> {
    let classes =
        (0..8).map(|class| ClassId::try_from(format!("class_{class}"))).collect::<std::result::Result<_, _>>()?;
    let network = LeafNet::new(&architecture, 8, None, &Backend::default().device());
    let weights = Weights::of(&network.map(&mut Randomiser { state: 1 })).encode(Precision::F32)?;
    let manifest = Manifest {
        format: Manifest::FORMAT,
        model: ModelId { name: name.to_owned(), version: "0.0.0".to_owned() },
        architecture,
        classes,
        preprocessing: Preprocessing::efficientnet_lite(size, View::Squash),
        calibration: Calibration { temperature: 1.0, slope: 0.0, confident: 0.5 },
        domain: None,
        few_photos: Default::default(),
        weights: WeightsFile { file: "weights.bpk".to_owned(), sha256: sha256(&weights), precision: Precision::F32 },
        provenance: Provenance { base: "none".to_owned(), data: "none".to_owned(), license: "MIT".to_owned(), seed: 1 },
        measured: Default::default(),
    };
    Ok(ModelBundle::new(&manifest.to_json(), weights)?)
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
        timing::finish();
    }
    println!("{milliseconds:?}");
    Ok(())
}

/// Sets every parameter from one stream of numbers, at a scale that keeps signals alive through the layers.
struct Randomiser {
    state: u32,
}

impl Randomiser {
    /// -1 to 1, by Marsaglia's xorshift.
    fn next(&mut self) -> f32 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 17;
        self.state ^= self.state << 5;
        self.state as f32 / u32::MAX as f32 * 2.0 - 1.0
    }
}

impl ModuleMapper for Randomiser {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        param.map(|tensor| {
            let shape = tensor.dims();
            let inputs: usize = shape[1..].iter().product();
            let scale = if D == 1 { 0.1 } else { (6.0 / inputs as f32).sqrt() };
            let values = (0..shape.iter().product()).map(|_| self.next() * scale).collect();
            Tensor::from_data(TensorData::new(values, shape), &tensor.device())
        })
    }
}
