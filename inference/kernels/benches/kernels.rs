//! Benchmarks of the kernels at the shapes of the relay's network, beside the processor's peak.
//! `cargo xtask bench kernels` runs this and prints which share of the peak each kernel reaches.

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use mango_kernels::{Block, BlockShape, Convolution, InstructionSet, Picture, Scratch, peak};

/// A benchmark case: a closure, and its number of floating-point operations.
struct Case {
    name: String,
    operations: usize,
    run: Box<dyn FnMut()>,
}

fn multiply_adds() -> Case {
    let set = InstructionSet::detect();
    Case { name: "peak".to_owned(), operations: peak::operations(set), run: Box::new(move || peak::run(set)) }
}

fn stem(side: usize, outputs: usize) -> Case {
    let convolution = Convolution::new(InstructionSet::detect(), &vec![0.1; outputs * 27], &vec![0.0; outputs]);
    let [out, _] = Convolution::output_size([side, side], [3, 2]);
    let (from, mut to, mut scratch) = (vec![0.5; 3 * side * side], vec![0.0; out * out * outputs], Scratch::new());
    let run = move || {
        let from = Picture { values: &from, size: [3, side, side] };
        convolution.dense([3, 2], from, &mut to, &mut scratch);
    };
    Case {
        name: format!("stem {side}x{side} 3-{outputs}"),
        operations: 2 * out * out * outputs * 27,
        run: Box::new(run),
    }
}

fn pointwise(side: usize, inputs: usize, outputs: usize) -> Case {
    let pixels = side * side;
    let convolution = Convolution::new(InstructionSet::detect(), &vec![0.1; outputs * inputs], &vec![0.0; outputs]);
    let (from, mut to) = (vec![0.5; pixels * inputs], vec![0.0; pixels * outputs]);
    let run = move || convolution.pointwise(pixels, &from, &mut to);
    Case {
        name: format!("pointwise {side}x{side} {inputs}-{outputs}"),
        operations: 2 * pixels * inputs * outputs,
        run: Box::new(run),
    }
}

fn block(side: usize, [inputs, expand, outputs]: [usize; 3], kernel: usize, stride: usize) -> Case {
    let wide = inputs * expand;
    let ones = vec![0.1; wide * inputs.max(outputs).max(kernel * kernel)];
    let bias = vec![0.0; wide.max(outputs)];
    let block = Block::new(
        InstructionSet::detect(),
        (expand > 1).then_some([&ones[..wide * inputs], &bias[..wide]]),
        [&ones[..wide * kernel * kernel], &bias[..wide]],
        [&ones[..outputs * wide], &bias[..outputs]],
        BlockShape { kernel, stride, residual: stride == 1 && inputs == outputs },
    );
    let [out, _] = block.output_size([side, side]);
    let (from, mut to) = (vec![0.5; side * side * inputs], vec![0.0; out * out * outputs]);
    let mut scratch = Scratch::new();
    let run = move || block.run([side, side], &from, &mut to, &mut scratch);
    let widened = if expand > 1 { side * side * inputs * wide } else { 0 };
    Case {
        name: format!("block {side}x{side} {inputs}-{wide}-{outputs} k{kernel} s{stride}"),
        operations: 2 * (widened + out * out * wide * (kernel * kernel + outputs)),
        run: Box::new(run),
    }
}

fn all(criterion: &mut Criterion) {
    let mut cases = vec![multiply_adds(), stem(224, 32)];
    let blocks = [
        (112, [32, 1, 16], 3, 1),
        (112, [16, 6, 24], 3, 2),
        (56, [24, 6, 24], 3, 1),
        (56, [24, 6, 40], 5, 2),
        (28, [40, 6, 40], 5, 1),
        (28, [40, 6, 80], 3, 2),
        (14, [80, 6, 80], 3, 1),
        (14, [80, 6, 112], 5, 1),
        (14, [112, 6, 112], 5, 1),
        (14, [112, 6, 192], 5, 2),
        (7, [192, 6, 192], 5, 1),
        (7, [192, 6, 320], 3, 1),
    ];
    cases.extend(blocks.map(|(side, channels, kernel, stride)| block(side, channels, kernel, stride)));
    cases.push(pointwise(7, 320, 1280));
    let mut group = criterion.benchmark_group("kernels");
    for mut case in cases {
        group.throughput(Throughput::Elements(case.operations as u64));
        group.bench_function(&case.name, |bencher| bencher.iter(&mut case.run));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default().without_plots();
    targets = all
}
criterion_main!(benches);
