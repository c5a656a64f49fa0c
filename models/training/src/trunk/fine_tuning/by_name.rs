//! Gradients by the names of a module's parameters.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};

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
