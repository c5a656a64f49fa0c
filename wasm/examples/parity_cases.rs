//! Writes the native build's results, with which `tests` compare the wasm build: for generated pictures in every format
//! and orientation, and for test photos if `MANGO_DATA` has them (`cases.bin`); for random architectures on one picture
//! (`networks.bin`); the photos as files with their full answers (`photos`, `answers.json`); and one photo with its
//! heat map (`leaf.jpg`, `leaf.json`).

#[path = "../parity/case.rs"]
mod case;
#[path = "../../inference/tests/support/network.rs"]
mod network;
#[path = "../../inference/tests/support/photos.rs"]
mod photos;
#[path = "../parity/picture.rs"]
mod picture;

use std::fs;
use std::path::{Path, PathBuf};

use case::{Case, NetworkCase};
use mango_inference::{Backend, Catalog, Gallery, ModelBundle, NetworkInput, Photo, PhotoLimits, Predictor};
use serde_json::{Value, json};

/// Maximum number of real photos: enough for rare decoder paths, few enough to embed in the test binary.
const REAL: usize = 200;

/// Number of random architectures.
const SHAPES: u32 = 40;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("name the folder to write into")?;
    fs::create_dir_all(&folder)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let predictor = Predictor::new(&ModelBundle::load(&root.join("models/leaf-mini"))?, Backend::default())?;
    let mut photos = picture::all()?;
    let generated = photos.len();
    photos.extend(photos::some(REAL)?);
    let cases = photos.into_iter().map(|(name, photo)| case(&predictor, name, photo)).collect::<Result<Vec<_>>>()?;
    fs::write(folder.join("cases.bin"), postcard::to_stdvec(&cases)?)?;
    let networks = (0..SHAPES).map(|seed| network_case(seed, &cases[0].photo)).collect::<Result<Vec<_>>>()?;
    fs::write(folder.join("networks.bin"), postcard::to_stdvec(&networks)?)?;
    let leaf = cases.iter().find(|case| case.name == picture::LEAF).ok_or("there is no picture of that name")?;
    let shipped = shipped(predictor, &root)?;
    fs::write(folder.join("leaf.jpg"), &leaf.photo)?;
    fs::write(folder.join("leaf.json"), shipped.explain(&decode(&shipped, &leaf.photo)?)?.to_json())?;
    write_answers(&shipped, &cases, &folder)?;
    println!("{generated} generated pictures and {} real photos", cases.len() - generated);
    Ok(())
}

/// The shipped model, with pests and guilds.
fn shipped(predictor: Predictor, root: &Path) -> Result<Predictor> {
    let pests = Gallery::parse(&fs::read(root.join("models/gallery/mango-pests/leaf-mini.gallery"))?)?;
    let catalog = Catalog::parse(&fs::read_to_string(root.join("models/catalog.json"))?)?;
    Ok(predictor.with_galleries(&[pests])?.with_guilds(&catalog))
}

/// Writes every photo as a file, and a list of `{"name", "file", "answer"}`.
fn write_answers(shipped: &Predictor, cases: &[Case], folder: &Path) -> Result<()> {
    let photos = folder.join("photos");
    let _ = fs::remove_dir_all(&photos);
    fs::create_dir_all(&photos)?;
    let mut answers = Vec::with_capacity(cases.len());
    for (number, case) in cases.iter().enumerate() {
        let file = format!("photos/{number:03}");
        fs::write(folder.join(&file), &case.photo)?;
        let answer: Value = serde_json::from_str(&shipped.predict(&decode(shipped, &case.photo)?)?.to_json())?;
        answers.push(json!({ "name": case.name, "file": file, "answer": answer }));
    }
    fs::write(folder.join("answers.json"), serde_json::to_string(&answers)?)?;
    Ok(())
}

fn case(predictor: &Predictor, name: String, photo: Vec<u8>) -> Result<Case> {
    let decoded = decode(predictor, &photo).map_err(|error| format!("{name}: {error}"))?;
    let inputs = predictor.manifest().preprocessing.crops(&decoded)?;
    let pixels = inputs.iter().flat_map(NetworkInput::pixels).copied().collect();
    let logits = predictor.observe_photo(&decoded)?.logits;
    Ok(Case { name, photo, pixels, logits })
}

/// A photo at the size that the predictor needs, as the packed module decodes it.
fn decode(predictor: &Predictor, photo: &[u8]) -> Result<Photo> {
    let limits = PhotoLimits::default().with_detail(predictor.manifest().preprocessing.detail());
    Ok(Photo::decode_within(photo, limits)?)
}

fn network_case(seed: u32, photo: &[u8]) -> Result<NetworkCase> {
    let bundle = network::odd(seed)?;
    let seen = Predictor::new(&bundle, Backend::default())?.observe_photo(&Photo::decode(photo)?)?;
    Ok(NetworkCase {
        manifest: bundle.manifest().to_json(),
        weights: bundle.weights().to_vec(),
        logits: seen.logits,
        embedding: seen.embedding,
    })
}
