//! Compares both passes with burn's automatic differentiation.

use std::collections::BTreeMap;

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use mango_inference::Weights;
use mango_inference::network::{Architecture, EfficientNetLite, Stage, global_mean};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::{Gradients, Map, Stages};

/// Two stages after a frozen one: stride 2 with kernel size 5 on an odd side, a residual block, the embedding's stage.
fn architecture() -> Architecture {
    let stage = |expand, channels, repeat, stride, kernel| Stage { expand, channels, repeat, stride, kernel };
    Architecture {
        stem: 8,
        stages: vec![stage(1, 6, 1, 1, 3), stage(3, 10, 2, 2, 5), stage(2, 12, 1, 2, 3)],
        head: Some(16),
        embedding_stage: 2,
    }
}

fn random(len: usize, rng: &mut StdRng) -> Vec<f32> {
    (0..len).map(|_| rng.random_range(-1.0..1.0)).collect()
}

#[test]
fn gradients_match_automatic_differentiation() {
    let (architecture, device) = (architecture(), Device::flex().autodiff());
    let mut rng = StdRng::seed_from_u64(5);
    let network = EfficientNetLite::new(&architecture, &device);
    let weights = Weights::of(&network).map(|data| {
        let shape = data.shape().to_vec();
        TensorData::new(random(shape.iter().product(), &mut rng), shape)
    });
    let network = weights.clone().fill(network).unwrap();
    let [n, channels, height, width] = [2, 6, 7, 9];
    let input = random(n * height * width * channels, &mut rng);
    let (of_stage, of_head) = (random(n * 10, &mut rng), random(n * 16, &mut rng));

    let last = Tensor::<4>::from_data(TensorData::new(input.clone(), [n, height, width, channels]), &device);
    let maps = network.back(last.permute([0, 3, 1, 2]), 1);
    let rows = |values: &[f32], len: usize| Tensor::<2>::from_data(TensorData::new(values.to_vec(), [n, len]), &device);
    let loss = (global_mean(maps.stage) * rows(&of_stage, 10)).sum()
        + (global_mean(maps.head.unwrap()) * rows(&of_head, 16)).sum();
    let expected = GradientsParams::from_grads(loss.backward(), &network);

    let stages = Stages::new(&architecture, 1, &weights).unwrap();
    let pass = stages.forward(Map { images: n, height, width, channels, values: input });
    let mut gradients = Gradients::new();
    let (stage, head) = (pass.stage.means_gradient(&of_stage), pass.head.means_gradient(&of_head));
    stages.backward(&pass, &stage, head, &mut gradients);
    let found = stages.as_tensors(gradients, &weights);
    let expected = gradients_by_name(&network, expected);
    assert_eq!(found.len(), stages.names().len());
    for (name, found) in found {
        let expected = &expected[&name];
        for (found, expected) in found.iter::<f32>().zip(expected.iter::<f32>()) {
            assert!((found - expected).abs() < 1e-3 * (1.0 + expected.abs()), "{name}: {found} {expected}");
        }
    }
}

/// The gradients of a module's parameters by their path.
fn gradients_by_name<M: Module>(module: &M, gradients: GradientsParams) -> BTreeMap<String, TensorData> {
    let mut reader = Reader { path: Vec::new(), gradients, named: BTreeMap::new() };
    module.visit(&mut reader);
    reader.named
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
