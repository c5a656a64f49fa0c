//! The network after the frozen stages: blocks, then the head.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use burn::tensor::TensorData;
use mango_inference::Weights;
use mango_inference::network::Architecture;

use super::block::{Block, Tape};
use super::depthwise::Depthwise;
use super::map::Map;
use super::pointwise::Pointwise;

/// Gradients by the name of the parameter in the trunk (`blocks.3.expand.weight`).
pub type Gradients = BTreeMap<String, Vec<f32>>;

/// The shape of a block and the index of its parameters.
#[derive(Clone, Copy, Debug)]
struct Layout {
    /// Index among all blocks of the network.
    index: usize,
    kernel: usize,
    stride: usize,
    residual: bool,
}

/// The stages after the frozen ones with their weights, laid out for both passes.
#[derive(Clone, Debug)]
pub struct Stages {
    layouts: Vec<Layout>,
    parameters: BTreeMap<String, Vec<f32>>,
    /// Number of these blocks up to the end of the embedding's stage.
    tap: usize,
}

/// Intermediate results of the forward pass for the backward pass.
#[derive(Debug)]
pub struct Pass {
    tapes: Vec<Tape>,
    last: Map,
    /// The feature map after the embedding's stage.
    pub stage: Map,
    /// The feature map after the head.
    pub head: Map,
}

impl Stages {
    /// The stages of `trunk` after the first `frozen`, at least one of which expands its channels.
    ///
    /// # Errors
    /// The architecture has no head, or a tensor is missing.
    pub fn new(architecture: &Architecture, frozen: usize, trunk: &Weights) -> Result<Self> {
        architecture.head.context("the network has no head to train")?;
        let mut layouts = Vec::new();
        let (mut index, mut channels, mut tap) = (0, architecture.stem, 0);
        for (number, stage) in (1..).zip(&architecture.stages) {
            for repeat in 0..stage.repeat {
                let stride = if repeat == 0 { stage.stride } else { 1 };
                if number > frozen {
                    let residual = stride == 1 && channels == stage.channels;
                    layouts.push(Layout { index, kernel: stage.kernel, stride, residual });
                }
                channels = stage.channels;
                index += 1;
            }
            if number == architecture.embedding_stage {
                tap = layouts.len();
            }
        }
        let mut stages = Self { layouts, parameters: BTreeMap::new(), tap };
        for name in stages.names() {
            let data = trunk.get(&name).with_context(|| format!("the trunk has no tensor {name}"))?;
            let values: Vec<f32> = data.iter().collect();
            let values = if name.ends_with("depthwise.weight") { swapped(&values, data.shape()[0]) } else { values };
            stages.parameters.insert(name, values);
        }
        Ok(stages)
    }

    /// Names of the trained parameters.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let of_block = |layout: &Layout| {
            let index = layout.index;
            ["expand", "depthwise", "project"].map(move |part| format!("blocks.{index}.{part}"))
        };
        let parts = self.layouts.iter().flat_map(of_block).chain(["head".to_owned()]);
        parts.flat_map(|part| [format!("{part}.weight"), format!("{part}.bias")]).collect()
    }

    /// The feature maps after the embedding's stage and after the head, from the map of the frozen stages.
    #[must_use]
    pub fn forward(&self, input: Map) -> Pass {
        let mut tapes = Vec::with_capacity(self.layouts.len());
        let mut map = input;
        let mut stage = (self.tap == 0).then(|| map.clone());
        for (done, layout) in (1..).zip(&self.layouts) {
            let (out, tape) = self.block(*layout).forward(map);
            tapes.push(tape);
            map = out;
            if done == self.tap {
                stage = Some(map.clone());
            }
        }
        let head = self.head().forward(&map);
        let stage = stage.unwrap_or_else(|| map.clone());
        Pass { tapes, last: map, stage, head }
    }

    /// Adds the gradients of all parameters to `gradients`, from the gradients of the loss with respect to both maps.
    pub fn backward(&self, pass: &Pass, stage: &Map, head: Map, gradients: &mut Gradients) {
        let mut of_head = self.take(gradients, "head");
        let mut upstream = self.head().backward(&pass.last, &pass.head, head, &mut of_head);
        put(gradients, "head", of_head);
        for (index, layout) in self.layouts.iter().enumerate().rev() {
            if index + 1 == self.tap {
                upstream.values.iter_mut().zip(&stage.values).for_each(|(sum, more)| *sum += more);
            }
            let names = ["expand", "depthwise", "project"].map(|part| format!("blocks.{}.{part}", layout.index));
            let mut gradient = names.each_ref().map(|name| self.take(gradients, name));
            upstream = self.block(*layout).backward(&pass.tapes[index], upstream, &mut gradient);
            for (name, gradient) in names.iter().zip(gradient) {
                put(gradients, name, gradient);
            }
        }
    }

    /// Gradients in the shapes of the network's own tensors.
    #[must_use]
    pub fn as_tensors(&self, gradients: Gradients, trunk: &Weights) -> BTreeMap<String, TensorData> {
        let shaped = gradients.into_iter().filter_map(|(name, values)| {
            let shape = trunk.get(&name)?.shape().to_vec();
            let taps = shape.iter().skip(2).product();
            let values = if name.ends_with("depthwise.weight") { swapped(&values, taps) } else { values };
            Some((name, TensorData::new(values, shape)))
        });
        shaped.collect()
    }

    fn parameter(&self, name: &str) -> &[f32] {
        self.parameters.get(name).map_or(&[], Vec::as_slice)
    }

    fn block(&self, layout: Layout) -> Block<'_> {
        let Layout { index, kernel, stride, residual } = layout;
        let weight = |part: &str| self.parameter(&format!("blocks.{index}.{part}.weight"));
        let bias = |part: &str| self.parameter(&format!("blocks.{index}.{part}.bias"));
        Block {
            expand: Pointwise { weight: weight("expand"), bias: bias("expand"), relu6: true },
            depthwise: Depthwise { weight: weight("depthwise"), bias: bias("depthwise"), kernel, stride },
            project: Pointwise { weight: weight("project"), bias: bias("project"), relu6: false },
            residual,
        }
    }

    fn head(&self) -> Pointwise<'_> {
        Pointwise { weight: self.parameter("head.weight"), bias: self.parameter("head.bias"), relu6: true }
    }

    /// The accumulated gradients of a convolution, initially zeros.
    fn take(&self, gradients: &mut Gradients, part: &str) -> [Vec<f32>; 2] {
        ["weight", "bias"].map(|kind| {
            let name = format!("{part}.{kind}");
            gradients.remove(&name).unwrap_or_else(|| vec![0.0; self.parameter(&name).len()])
        })
    }
}

fn put(gradients: &mut Gradients, part: &str, [weight, bias]: [Vec<f32>; 2]) {
    gradients.insert(format!("{part}.weight"), weight);
    gradients.insert(format!("{part}.bias"), bias);
}

/// The transpose of a matrix of `rows` rows.
fn swapped(values: &[f32], rows: usize) -> Vec<f32> {
    let columns = values.len() / rows.max(1);
    (0..columns).flat_map(|column| (0..rows).map(move |row| values[row * columns + column])).collect()
}
