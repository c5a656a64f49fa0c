//! A model on disk: `manifest.json` and its weights, checked against each other.

mod manifest;

pub use manifest::{Manifest, Provenance, WeightsFile};

use std::borrow::Cow;
use std::fs;
use std::io::Read;
use std::path::Path;

use burn::tensor::Device;
use sha2::{Digest, Sha256};

use crate::backend::Backend;
use crate::network::LeafNet;
use crate::text::one_line;
use crate::weights::{Weights, WeightsError};

/// A manifest and the weights that match it.
#[derive(Clone, Debug)]
pub struct ModelBundle {
    manifest: Manifest,
    weights: Cow<'static, [u8]>,
}

impl ModelBundle {
    /// File name of the manifest in a bundle's folder.
    pub const MANIFEST: &'static str = "manifest.json";

    /// A bundle from its two parts.
    ///
    /// # Errors
    /// [`BundleError::Field`] names the manifest's field that is invalid or that the weights do not match.
    pub fn new(manifest: &str, weights: impl Into<Cow<'static, [u8]>>) -> Result<Self, BundleError> {
        Self::from_parts(Manifest::parse(manifest)?, weights)
    }

    /// A bundle from a manifest and its weights.
    ///
    /// # Errors
    /// [`BundleError::Field`] if the weights are not those that the manifest names.
    pub fn from_parts(manifest: Manifest, weights: impl Into<Cow<'static, [u8]>>) -> Result<Self, BundleError> {
        let weights = weights.into();
        let found = sha256(&weights);
        if found != manifest.weights.sha256 {
            return Err(BundleError::field(
                "weights.sha256",
                format!("the manifest says {}, the weights have {found}", manifest.weights.sha256),
            ));
        }
        Ok(Self { manifest, weights })
    }

    /// Reads the bundle in a folder.
    ///
    /// # Errors
    /// Those of [`ModelBundle::new`], and [`BundleError::Read`] for a file that is missing or over 64 MiB.
    pub fn load(folder: &Path) -> Result<Self, BundleError> {
        let json = read_bounded(&folder.join(Self::MANIFEST))?;
        let json =
            String::from_utf8(json).map_err(|_| BundleError::field("manifest.json", "is not UTF-8 text".to_owned()))?;
        let manifest = Manifest::parse(&json)?;
        let weights = read_bounded(&folder.join(&manifest.weights.file))?;
        Self::from_parts(manifest, weights)
    }

    /// Writes the bundle into a folder, which is created if needed. Each file is replaced atomically, the manifest
    /// last; reading between the two replacements fails with a sha256 mismatch.
    ///
    /// # Errors
    /// [`BundleError::Write`] if a file cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), BundleError> {
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.join(name);
            let unfinished = folder.join(format!("{name}.unfinished"));
            fs::write(&unfinished, bytes)
                .and_then(|()| fs::rename(&unfinished, &path))
                .map_err(|error| BundleError::Write { path: path.display().to_string(), error })
        };
        fs::create_dir_all(folder).map_err(|error| BundleError::Write { path: folder.display().to_string(), error })?;
        write(&self.manifest.weights.file, &self.weights)?;
        write(Self::MANIFEST, self.manifest.to_json().as_bytes())
    }

    /// The same weights under another manifest.
    ///
    /// # Errors
    /// Those of [`ModelBundle::new`].
    pub fn with_manifest(&self, manifest: &Manifest) -> Result<Self, BundleError> {
        Self::new(&manifest.to_json(), self.weights.clone())
    }

    /// The manifest.
    #[must_use]
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The weights file.
    #[must_use]
    pub fn weights(&self) -> &[u8] {
        &self.weights
    }

    /// Size of the weights file in bytes.
    #[must_use]
    pub fn weights_len(&self) -> usize {
        self.weights.len()
    }

    /// The network with its weights, on `device`.
    ///
    /// # Errors
    /// [`BundleError::Device`] if this build has no kernels for the device, [`BundleError::Field`] if the weights do
    /// not match the manifest's architecture and classes.
    pub fn network(&self, device: &Device) -> Result<LeafNet, BundleError> {
        if Backend::of(device).is_none() {
            return Err(BundleError::Device);
        }
        let Manifest { architecture, .. } = &self.manifest;
        let (length, outputs) = (self.manifest.embedding_len(), self.manifest.outputs());
        let needed = architecture.parameters() + (length as u64 + 1) * outputs as u64;
        if (self.weights.len() as u64) < needed {
            return Err(BundleError::field(
                "architecture",
                format!("needs {needed} parameters, more than the weights file has bytes ({})", self.weights.len()),
            ));
        }
        let precision = self.manifest.weights.precision;
        let weights = Weights::parse(&self.weights, precision).map_err(|error| BundleError::weights(&error))?;
        let classifier = weights.get("classifier.weight").and_then(|tensor| tensor.shape().get(1).copied());
        if let Some(found) = classifier.filter(|found| *found != outputs) {
            return Err(BundleError::field(
                "classes",
                format!("and others make {outputs} outputs, the weights were trained for {found}"),
            ));
        }
        let rank = self.rank(&weights)?;
        let network = LeafNet::new(architecture, length, outputs, rank, device);
        weights.fill(network).map_err(|error| BundleError::weights(&error))
    }

    /// Rank of the subspace of known leaves. Manifest and weights must both have one, or neither.
    fn rank(&self, weights: &Weights) -> Result<Option<usize>, BundleError> {
        let wrong = |problem: &str| Err(BundleError::field("domain", problem.to_owned()));
        let length = self.manifest.embedding_len();
        match (weights.get("domain.basis"), self.manifest.domain) {
            (None, None) => Ok(None),
            (None, Some(_)) => wrong("needs weights with a subspace"),
            (Some(_), None) => wrong("is missing, but the weights have a subspace"),
            (Some(basis), Some(_)) => match basis.shape().to_vec()[..] {
                // Checked before memory is allocated: a shape is only a few bytes of the file.
                [rank, columns] if (1..=length).contains(&rank) && columns == length => Ok(Some(rank)),
                _ => wrong("needs a basis with one column per element of the embedding, and no more rows than columns"),
            },
        }
    }
}

/// The sha256 of bytes, 64 lower-case hexadecimal digits.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

const MAX_FILE: u64 = 64 << 20;

fn read_bounded(path: &Path) -> Result<Vec<u8>, BundleError> {
    let read = |error| BundleError::Read { path: path.display().to_string(), error };
    let mut bytes = Vec::new();
    fs::File::open(path).map_err(read)?.take(MAX_FILE + 1).read_to_end(&mut bytes).map_err(read)?;
    if bytes.len() as u64 > MAX_FILE {
        return Err(read(std::io::Error::other(format!("larger than {} MiB", MAX_FILE >> 20))));
    }
    Ok(bytes)
}

/// A bundle that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// The network's operations are not compiled for this device.
    #[error(
        "this build does not run on that device; turn on the feature of mango-inference that does: `flex`, `ndarray`"
    )]
    Device,
    /// A field of the manifest is wrong, or the weights do not match it.
    #[error("the model is refused: {field}: {problem}")]
    Field {
        /// Path of the field in `manifest.json`.
        field: String,
        /// The problem.
        problem: String,
    },
    /// A file of the bundle cannot be read.
    #[error("cannot read {path}: {error}")]
    Read {
        /// The file.
        path: String,
        /// The cause.
        error: std::io::Error,
    },
    /// A file of the bundle cannot be written.
    #[error("cannot write {path}: {error}")]
    Write {
        /// The file or folder.
        path: String,
        /// The cause.
        error: std::io::Error,
    },
}

impl BundleError {
    pub(crate) fn field(field: impl Into<String>, problem: impl Into<String>) -> Self {
        let field = Some(one_line(&field.into())).filter(|field| !field.is_empty());
        let problem = one_line(&problem.into());
        Self::Field { field: field.unwrap_or_else(|| ModelBundle::MANIFEST.to_owned()), problem }
    }

    fn weights(error: &WeightsError) -> Self {
        let field = match error {
            WeightsError::Format(_) | WeightsError::NotFinite(_) => "weights",
            WeightsError::Precision { .. } => "weights.precision",
            WeightsError::Missing(_) | WeightsError::Shape { .. } | WeightsError::Unused(_) => "architecture",
        };
        Self::field(field, error.to_string())
    }
}
