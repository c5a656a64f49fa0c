//! Writes what the native build makes of photos, for `tests` to hold the wasm build to: generated pictures in every
//! format and orientation, and test photos where `MANGO_DATA` has them (`cases.bin`); one of them as a file, and its whole
//! answer (`leaf.jpg`, `leaf.json`).

#[path = "../parity/case.rs"]
mod case;
#[path = "../parity/picture.rs"]
mod picture;

use std::fs;
use std::path::{Path, PathBuf};

use case::Case;
use mango_inference::{Backend, Catalog, Gallery, ModelBundle, Photo, Predictor};

/// Real photos at most: enough to meet rare decoder paths, few enough to be embedded.
const REAL: usize = 200;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

fn main() -> Result<()> {
    let folder = std::env::args_os().nth(1).map(PathBuf::from).ok_or("name the folder to write into")?;
    fs::create_dir_all(&folder)?;
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let predictor = Predictor::new(&ModelBundle::load(&root.join("models/leaf-mini"))?, Backend::default())?;
    let data = std::env::var_os("MANGO_DATA").map_or_else(|| root.join("../shared/data"), PathBuf::from);
    let mut photos = picture::all()?;
    let generated = photos.len();
    photos.extend(real(&data)?);
    let cases = photos.into_iter().map(|(name, photo)| case(&predictor, name, photo)).collect::<Result<Vec<_>>>()?;
    fs::write(folder.join("cases.bin"), postcard::to_stdvec(&cases)?)?;
    let leaf = cases.iter().find(|case| case.name == picture::LEAF).ok_or("there is no picture of that name")?;
    fs::write(folder.join("leaf.jpg"), &leaf.photo)?;
    fs::write(folder.join("leaf.json"), answer(predictor, &root, &leaf.photo)?)?;
    println!("{generated} generated pictures and {} real photos", cases.len() - generated);
    Ok(())
}

/// The answer of the model that ships, pests and guilds included.
fn answer(predictor: Predictor, root: &Path, photo: &[u8]) -> Result<String> {
    let pests = Gallery::parse(&fs::read(root.join("models/gallery/mango-pests/leaf-mini.gallery"))?)?;
    let catalog = Catalog::parse(&fs::read_to_string(root.join("models/catalog.json"))?)?;
    Ok(predictor.with_galleries(&[pests])?.with_guilds(&catalog).explain(&Photo::decode(photo)?)?.to_json())
}

fn case(predictor: &Predictor, name: String, photo: Vec<u8>) -> Result<Case> {
    let decoded = Photo::decode(&photo).map_err(|error| format!("{name}: {error}"))?;
    let input = predictor.manifest().preprocessing.apply(&decoded)?;
    let pixels = input.pixels().to_vec();
    let logits = predictor.observe(&[input])?.into_iter().next().ok_or("no observation")?.logits;
    Ok(Case { name, photo, pixels, logits })
}

/// Test photos spread evenly over the list; none where there is no list.
fn real(data: &Path) -> Result<Vec<(String, Vec<u8>)>> {
    let Ok(table) = fs::read_to_string(data.join("mangoleafbd.tsv")) else {
        println!(
            "NO REAL PHOTOS: {} holds no mangoleafbd.tsv; name the photo sets' folder by MANGO_DATA",
            data.display()
        );
        return Ok(Vec::new());
    };
    let mut lines = table.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    let header = lines.next().ok_or("mangoleafbd.tsv is empty")?;
    let column =
        |name: &str| header.iter().position(|found| *found == name).ok_or(format!("mangoleafbd.tsv: no {name}"));
    let (path, split) = (column("path")?, column("split")?);
    let test: Vec<&str> =
        lines.filter(|line| line.get(split) == Some(&"test")).filter_map(|line| line.get(path).copied()).collect();
    let step = test.len().div_ceil(REAL).max(1);
    test.into_iter().step_by(step).map(|path| Ok((path.to_owned(), fs::read(data.join(path))?))).collect()
}
