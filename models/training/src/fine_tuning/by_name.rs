//! Gradients by the names of a module's parameters, and back.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

/// The gradients of a module's parameters by their path.
pub(crate) fn gradients_by_name<M: Module>(module: &M, gradients: GradientsParams) -> BTreeMap<String, TensorData> {
    let mut reader = Reader { path: Vec::new(), gradients, named: BTreeMap::new() };
    module.visit(&mut reader);
    reader.named
}

/// Adds gradients by the path of the parameter in `module`; those of a path that the module lacks are dropped.
pub(super) fn register<M: Module>(
    module: &M,
    named: BTreeMap<String, TensorData>,
    gradients: &mut GradientsParams,
    device: &Device,
) {
    let taken = std::mem::take(gradients);
    let mut writer = Writer { path: Vec::new(), gradients: taken, named, device: device.clone() };
    module.visit(&mut writer);
    *gradients = writer.gradients;
}

struct Reader {
    path: Vec<String>,
    gradients: GradientsParams,
    named: BTreeMap<String, TensorData>,
}

impl ModuleVisitor for Reader {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(gradient) = self.gradients.get::<D>(param.id) {
            self.named.insert(self.path.join("."), gradient.into_data());
        }
    }
}

struct Writer {
    path: Vec<String>,
    gradients: GradientsParams,
    named: BTreeMap<String, TensorData>,
    device: Device,
}

impl ModuleVisitor for Writer {
    fn enter_module(&mut self, name: &str, _container: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if let Some(data) = self.named.remove(&self.path.join(".")) {
            self.gradients.register::<D>(param.id, Tensor::from_data(data, &self.device));
        }
    }
}
