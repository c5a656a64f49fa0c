//! The operations on Flex's tensors.

use std::borrow::Cow;
use std::cell::RefCell;

use burn::backend::flex::FlexTensor;
use burn::backend::{Flex, TensorMetadata};
use burn::tensor::TensorData;

use mango_kernels::{Block, BlockShape, Convolution, Picture, Scratch, rows};

use super::Operations;
use super::maps::{fill_each, give_back};
use super::packed::{PackedBlock, PackedConvolution};
use crate::timing;

thread_local! {
    /// Scratch memory of the kernels, kept between calls so that it is allocated once.
    static SCRATCH: RefCell<Scratch> = const { RefCell::new(Scratch::new()) };
}

impl Operations for Flex {
    fn stem(
        input: FlexTensor,
        weight: FlexTensor,
        bias: FlexTensor,
        stride: usize,
        packed: &PackedConvolution,
    ) -> FlexTensor {
        let [n, channels, height, width] = input.shape().dims();
        let [outputs, _, kernel, _] = weight.shape().dims();
        let convolution = packed.or_pack(|set| Convolution::new(set, &elements(&weight), &elements(&bias)));
        let size = Convolution::output_size([height, width], [kernel, stride]);
        let picture = in_order(&input, &[0, 1, 2, 3]);
        let length = channels * height * width;
        let describe = || {
            let operations = 2 * n * size[0] * size[1] * outputs * channels * kernel * kernel;
            (format!("stem {height}x{width} {channels}-{outputs} k{kernel} s{stride}"), Some(operations as f64))
        };
        let map = timing::step(describe, || {
            fill_each(n, size, outputs, |index, to| {
                let values = &picture[index * length..][..length];
                let from = Picture { values, size: [channels, height, width] };
                SCRATCH.with_borrow_mut(|scratch| convolution.dense([kernel, stride], from, to, scratch));
            })
        });
        drop(picture);
        give_back(input);
        map
    }

    fn pointwise(input: FlexTensor, weight: FlexTensor, bias: FlexTensor, packed: &PackedConvolution) -> FlexTensor {
        let [n, channels, height, width] = input.shape().dims();
        let convolution = packed.or_pack(|set| Convolution::new(set, &elements(&weight), &elements(&bias)));
        assert!(channels == convolution.inputs(), "the feature map's channels differ from the weights'");
        let outputs = convolution.outputs();
        let describe = || {
            let operations = 2 * n * height * width * channels * outputs;
            (format!("pointwise {height}x{width} {channels}-{outputs}"), Some(operations as f64))
        };
        let map = timing::step(describe, || {
            let maps = channels_last(&input);
            fill_each(n, [height, width], outputs, |index, to| {
                let from = &maps[index * height * width * channels..][..height * width * channels];
                convolution.pointwise(height * width, from, to);
            })
        });
        give_back(input);
        map
    }

    fn separable(
        input: FlexTensor,
        depthwise: FlexTensor,
        depthwise_bias: FlexTensor,
        project: FlexTensor,
        project_bias: FlexTensor,
        shape: BlockShape,
        packed: &PackedBlock,
    ) -> FlexTensor {
        let block = packed.or_pack(|set| {
            let [depthwise, depthwise_bias, project, project_bias] =
                [&depthwise, &depthwise_bias, &project, &project_bias].map(elements);
            Block::new(set, None, [&depthwise, &depthwise_bias], [&project, &project_bias], shape)
        });
        run_block(input, &block)
    }

    fn inverted_residual(
        input: FlexTensor,
        expand: FlexTensor,
        expand_bias: FlexTensor,
        depthwise: FlexTensor,
        depthwise_bias: FlexTensor,
        project: FlexTensor,
        project_bias: FlexTensor,
        shape: BlockShape,
        packed: &PackedBlock,
    ) -> FlexTensor {
        let block = packed.or_pack(|set| {
            let [expand, expand_bias, depthwise, depthwise_bias, project, project_bias] =
                [&expand, &expand_bias, &depthwise, &depthwise_bias, &project, &project_bias].map(elements);
            let expand: [&[f32]; 2] = [&expand, &expand_bias];
            Block::new(set, Some(expand), [&depthwise, &depthwise_bias], [&project, &project_bias], shape)
        });
        run_block(input, &block)
    }

    fn unit_means(map: FlexTensor) -> FlexTensor {
        let [n, channels, height, width] = map.shape().dims();
        let maps = channels_last(&map);
        let length = (height * width * channels).max(1);
        let values = timing::step(
            || (format!("means {height}x{width} {channels}"), None),
            || maps.chunks_exact(length).flat_map(|map| rows::unit_means(map, channels)).collect(),
        );
        drop(maps);
        give_back(map);
        FlexTensor::from_data(TensorData::new::<f32, _>(values, [n, channels]))
    }

    fn unit_maxima(map: FlexTensor) -> FlexTensor {
        let [n, channels, height, width] = map.shape().dims();
        let maps = channels_last(&map);
        let length = (height * width * channels).max(1);
        let values = timing::step(
            || (format!("maxima {height}x{width} {channels}"), None),
            || maps.chunks_exact(length).flat_map(|map| rows::unit_maxima(map, channels)).collect(),
        );
        drop(maps);
        give_back(map);
        FlexTensor::from_data(TensorData::new::<f32, _>(values, [n, channels]))
    }

    fn activation(map: FlexTensor, direction: FlexTensor) -> FlexTensor {
        let [n, channels, height, width] = map.shape().dims();
        let (maps, elements) = (channels_last(&map), elements(&direction));
        assert!(channels == elements.len(), "the feature map's channels differ from the direction's length");
        let length = (height * width * channels).max(1);
        let values = timing::step(
            || (format!("activation {height}x{width} {channels}"), Some((2 * n * length) as f64)),
            || maps.chunks_exact(length).flat_map(|map| rows::activation(map, &elements)).collect(),
        );
        drop(maps);
        give_back(map);
        FlexTensor::from_data(TensorData::new::<f32, _>(values, [n, height * width]))
    }

    fn join(left: FlexTensor, right: FlexTensor) -> FlexTensor {
        let ([n, first], [_, second]) = (left.shape().dims(), right.shape().dims());
        let (left, right) = (elements(&left), elements(&right));
        let pairs = left.chunks_exact(first.max(1)).zip(right.chunks_exact(second.max(1)));
        let rows = pairs.flat_map(|(left, right)| left.iter().chain(right).copied()).collect();
        FlexTensor::from_data(TensorData::new::<f32, _>(rows, [n, first + second]))
    }

    fn linear(rows: FlexTensor, weight: FlexTensor, bias: FlexTensor) -> FlexTensor {
        let ([n, length], [outputs]) = (rows.shape().dims(), bias.shape().dims());
        let (rows, weight, bias) = (elements(&rows), elements(&weight), elements(&bias));
        assert!(weight.len() == length * outputs, "the rows are not as long as the weights need");
        let sums = timing::step(
            || (format!("linear {length}-{outputs}"), Some((2 * n * length * outputs) as f64)),
            || rows.chunks_exact(length.max(1)).flat_map(|row| rows::linear(row, &weight, &bias)).collect(),
        );
        FlexTensor::from_data(TensorData::new::<f32, _>(sums, [n, outputs]))
    }

    fn subspace_distance(rows: FlexTensor, mean: FlexTensor, basis: FlexTensor) -> FlexTensor {
        let [n, length] = rows.shape().dims();
        let (rows, mean, basis) = (elements(&rows), elements(&mean), elements(&basis));
        assert!(mean.len() == length, "the rows are not as long as the mean");
        let distances = timing::step(
            || (format!("distance {length}"), Some((2 * n * basis.len()) as f64)),
            || rows.chunks_exact(length.max(1)).map(|row| rows::subspace_distance(row, &mean, &basis)).collect(),
        );
        FlexTensor::from_data(TensorData::new::<f32, _>(distances, [n]))
    }
}

fn run_block(input: FlexTensor, block: &Block) -> FlexTensor {
    let [n, channels, height, width] = input.shape().dims();
    assert!(channels == block.inputs(), "the feature map's channels differ from the weights'");
    let (size, outputs) = (block.output_size([height, width]), block.outputs());
    let describe = || {
        let (wide, kernel) = (block.channels(), block.kernel());
        let widened = if block.expands() { height * width * channels * wide } else { 0 };
        let operations = 2 * n * (widened + size[0] * size[1] * wide * (kernel * kernel + outputs));
        let name = format!("block {height}x{width} {channels}-{wide}-{outputs} k{kernel} to {}x{}", size[0], size[1]);
        (name, Some(operations as f64))
    };
    let map = timing::step(describe, || {
        let maps = channels_last(&input);
        fill_each(n, size, outputs, |index, to| {
            let from = &maps[index * height * width * channels..][..height * width * channels];
            SCRATCH.with_borrow_mut(|scratch| block.run([height, width], from, to, scratch));
        })
    });
    give_back(input);
    map
}

fn channels_last(map: &FlexTensor) -> Cow<'_, [f32]> {
    in_order(map, &[0, 2, 3, 1])
}

/// A tensor's elements in row-major order of its own axes.
fn elements(tensor: &FlexTensor) -> Cow<'_, [f32]> {
    let axes: Vec<usize> = (0..tensor.shape().num_dims()).collect();
    in_order(tensor, &axes)
}

/// A tensor's elements with the last of `axes` varying fastest: borrowed if the memory has that order, else a copy.
fn in_order<'a>(tensor: &'a FlexTensor, axes: &[usize]) -> Cow<'a, [f32]> {
    let (shape, strides, start) = (tensor.shape(), tensor.layout().strides(), tensor.layout().start_offset());
    let storage: &[f32] = tensor.storage();
    let sides: Vec<(usize, isize)> = axes.iter().map(|axis| (shape[*axis], strides[*axis])).collect();
    let total: usize = sides.iter().map(|(side, _)| side).product();
    let mut expected = 1;
    let lies_so = sides.iter().rev().all(|(side, stride)| {
        let fits = *side <= 1 || *stride == expected;
        expected *= *side as isize;
        fits
    });
    if lies_so {
        return Cow::Borrowed(&storage[start..start + total]);
    }
    let mut copy = Vec::with_capacity(total);
    gather(storage, start as isize, &sides, &mut copy);
    Cow::Owned(copy)
}

fn gather(storage: &[f32], start: isize, sides: &[(usize, isize)], to: &mut Vec<f32>) {
    match sides {
        [] => to.extend(usize::try_from(start).ok().and_then(|place| storage.get(place))),
        [(side, stride), rest @ ..] => {
            for step in 0..*side as isize {
                gather(storage, start + step * stride, rest, to);
            }
        }
    }
}
