//! Named tensors, and reading and writing them as burnpack files.

mod quantised;

use std::collections::BTreeMap;

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Bytes, DType, Tensor, TensorData, f16};
use sha2::{Digest, Sha256};

/// A module's parameters by their path (`trunk.blocks.3.project.weight`), f32 in memory.
#[derive(Clone, Debug, Default)]
pub struct Weights {
    tensors: BTreeMap<String, TensorData>,
}

/// The number format of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Precision {
    /// IEEE 754 half precision.
    F16,
    /// IEEE 754 single precision.
    F32,
    /// Convolutions as 8-bit integers of -127..=127 with a single-precision scale per output channel, stored under
    /// `.scale`; everything else in half precision.
    Int8,
}

impl Precision {
    fn allows(self, dtype: DType) -> bool {
        match self {
            Self::F16 => dtype == DType::F16,
            Self::F32 => dtype == DType::F32,
            Self::Int8 => matches!(dtype, DType::F16 | DType::F32 | DType::I8),
        }
    }
}

/// Values from little-endian bytes of any alignment.
fn read(dtype: DType, bytes: &[u8]) -> Vec<f32> {
    match dtype {
        DType::F16 => bytes.chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32()).collect(),
        DType::I8 => bytes.iter().map(|b| f32::from(b.cast_signed())).collect(),
        _ => bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
    }
}

impl Weights {
    /// The parameters of a module.
    #[must_use]
    pub fn of<M: Module>(module: &M) -> Self {
        let mut collector = Collector::default();
        module.visit(&mut collector);
        collector.weights
    }

    /// Adds a tensor, or replaces the tensor of that name.
    pub fn insert(&mut self, name: impl Into<String>, data: TensorData) {
        self.tensors.insert(name.into(), data);
    }

    /// The tensor of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&TensorData> {
        self.tensors.get(name)
    }

    /// Applies `change` to every tensor, in order of names.
    #[must_use]
    pub fn map(self, mut change: impl FnMut(TensorData) -> TensorData) -> Self {
        Self { tensors: self.tensors.into_iter().map(|(name, data)| (name, change(data))).collect() }
    }

    /// Applies `change` to every tensor and the tensor of the same name in `other`; tensors that `other` lacks stay
    /// unchanged.
    #[must_use]
    pub fn zip(self, other: &Self, mut change: impl FnMut(&TensorData, &TensorData) -> TensorData) -> Self {
        let tensors = self.tensors.into_iter().map(|(name, data)| {
            let changed = other.tensors.get(&name).map(|other| change(&data, other));
            (name, changed.unwrap_or(data))
        });
        Self { tensors: tensors.collect() }
    }

    /// All tensors except those under `prefix.`.
    #[must_use]
    pub fn without(mut self, prefix: &str) -> Self {
        self.tensors.retain(|name, _| name.strip_prefix(prefix).is_none_or(|rest| !rest.starts_with('.')));
        self
    }

    /// Adds every tensor of `part` under `prefix.`.
    pub fn extend_under(&mut self, prefix: &str, part: Self) {
        self.tensors.extend(part.tensors.into_iter().map(|(name, data)| (format!("{prefix}.{name}"), data)));
    }

    /// Every tensor under `prefix.`, with the prefix removed from its name.
    #[must_use]
    pub fn under(&self, prefix: &str) -> Self {
        let tensors = self
            .tensors
            .iter()
            .filter_map(|(name, data)| {
                let rest = name.strip_prefix(prefix)?.strip_prefix('.')?;
                Some((rest.to_owned(), data.clone()))
            })
            .collect();
        Self { tensors }
    }

    /// Reads a burnpack file whose tensors all have that precision; integers are dequantised.
    ///
    /// # Errors
    /// [`WeightsError::Precision`] for a tensor of another precision, [`WeightsError::Format`] for any other fault.
    pub fn parse(bytes: &[u8], precision: Precision) -> Result<Self, WeightsError> {
        let format = |error: burn_pack::Error| WeightsError::Format(error.to_string());
        let reader = burn_pack::Reader::from_bytes(Bytes::from_bytes_vec(bytes.to_vec())).map_err(format)?;
        let mut tensors = BTreeMap::new();
        let mut whole = Vec::new();
        let mut taken = 0;
        for tensor in reader.into_tensors().map_err(format)? {
            let (name, dtype, shape, _, data) = tensor.into_parts().map_err(format)?;
            if !precision.allows(dtype) {
                return Err(WeightsError::Precision { name, found: format!("{dtype:?}").to_lowercase() });
            }
            // Several tensors can refer to the same bytes; without a limit a small file could exhaust the memory.
            taken += data.len();
            let values = read(dtype, &data);
            if taken > bytes.len() || values.len() != shape.iter().product::<usize>() {
                return Err(WeightsError::Format(format!("tensor {name} does not have the length of its shape")));
            }
            if dtype == DType::I8 {
                whole.push(name.clone());
            }
            tensors.insert(name, TensorData::new(values, shape));
        }
        for name in whole {
            let scale = tensors.remove(&quantised::scale_name(&name));
            let scaled = tensors.get(&name).zip(scale).and_then(|(whole, scale)| quantised::restore(whole, &scale));
            let scaled = scaled.ok_or_else(|| WeightsError::Format(format!("tensor {name} lacks channel scales")))?;
            tensors.insert(name, scaled);
        }
        Ok(Self { tensors })
    }

    /// Updates a digest with every name, shape and value, in order of names.
    pub(crate) fn digest(&self, digest: &mut Sha256) {
        for (name, data) in &self.tensors {
            digest.update(format!("{name} {:?} ", data.shape()));
            for value in data.iter::<f32>() {
                digest.update(value.to_le_bytes());
            }
        }
    }

    /// Writes a burnpack file; the same weights give the same bytes.
    ///
    /// # Errors
    /// [`WeightsError::Format`] if burnpack refuses the tensors.
    pub fn encode(self, precision: Precision) -> Result<Vec<u8>, WeightsError> {
        let mut tensors = Vec::new();
        let mut add = |name: String, data: TensorData| {
            let (bytes, shape, dtype) = data.into_parts();
            tensors.push(burn_pack::Tensor::new(name, dtype, shape, None, bytes));
        };
        for (name, data) in self.tensors {
            match precision {
                Precision::Int8 if data.shape().len() == 4 => {
                    let (whole, scale) = quantised::quantise(&data);
                    add(quantised::scale_name(&name), scale);
                    add(name, whole);
                }
                Precision::F16 | Precision::Int8 => add(name, data.convert_dtype(DType::F16)),
                Precision::F32 => add(name, data.convert_dtype(DType::F32)),
            }
        }
        burn_pack::Writer::new(tensors)
            .into_bytes()
            .map(|bytes| bytes.to_vec())
            .map_err(|error| WeightsError::Format(error.to_string()))
    }

    /// Sets every parameter of `module` to the tensor with its path.
    ///
    /// # Errors
    /// A tensor is missing, unused, of another shape, or not finite.
    pub fn fill<M: Module>(self, module: M) -> Result<M, WeightsError> {
        let mut filler = Filler { path: Vec::new(), tensors: self.tensors, error: None };
        let module = module.map(&mut filler);
        match (filler.error, filler.tensors.into_keys().next()) {
            (Some(error), _) => Err(error),
            (None, Some(name)) => Err(WeightsError::Unused(name)),
            (None, None) => Ok(module),
        }
    }
}

#[derive(Default)]
struct Collector {
    path: Vec<String>,
    weights: Weights,
}

impl ModuleVisitor for Collector {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let data = param.transform_for_save().val().into_data();
        self.weights.insert(self.path.join("."), data);
    }
}

struct Filler {
    path: Vec<String>,
    tensors: BTreeMap<String, TensorData>,
    error: Option<WeightsError>,
}

impl ModuleMapper for Filler {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        match self.take(&self.path.join("."), &param.lazy_shape()) {
            Ok(data) => {
                let tensor = Tensor::from_data(data, &param.lazy_device());
                let id = param.id;
                param.transform_for_load(tensor, id)
            }
            Err(error) => {
                self.error.get_or_insert(error);
                param
            }
        }
    }
}

impl Filler {
    fn take(&mut self, name: &str, expected: &[usize]) -> Result<TensorData, WeightsError> {
        let data = self.tensors.remove(name).ok_or_else(|| WeightsError::Missing(name.to_owned()))?;
        let found: &[usize] = data.shape();
        if found != expected {
            return Err(WeightsError::Shape {
                name: name.to_owned(),
                expected: expected.to_vec(),
                found: found.to_vec(),
            });
        }
        if data.iter::<f32>().any(|value| !value.is_finite()) {
            return Err(WeightsError::NotFinite(name.to_owned()));
        }
        Ok(data)
    }
}

/// The weights do not fit the network.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WeightsError {
    /// Not a burnpack file of floating-point tensors.
    #[error("not a burnpack weights file: {0}")]
    Format(String),
    /// The network has a parameter that the file lacks.
    #[error("tensor {0} is missing")]
    Missing(String),
    /// A weight is infinite or NaN.
    #[error("tensor {0} has a value that is not finite")]
    NotFinite(String),
    /// A tensor does not have the stated precision.
    #[error("tensor {name} holds {found}")]
    Precision {
        /// The tensor's path.
        name: String,
        /// What the file has.
        found: String,
    },
    /// A tensor's shape differs from the network's.
    #[error("tensor {name} is {found:?}, where the architecture needs {expected:?}")]
    Shape {
        /// The tensor's path.
        name: String,
        /// What the architecture needs.
        expected: Vec<usize>,
        /// What the file has.
        found: Vec<usize>,
    },
    /// The file has a tensor that the network lacks.
    #[error("tensor {0} is not part of the architecture")]
    Unused(String),
}
