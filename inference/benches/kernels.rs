//! Benchmarks of the single kernels at the shapes of the relay's network, beside the processor's peak.
//! `cargo xtask bench kernels` runs this and prints which share of the peak each kernel reaches.

#![allow(clippy::unwrap_used, reason = "a benchmark stops at what it did not expect")]
#![allow(unsafe_code, reason = "the peak is measured with the kernels' own vectors")]
// The kernels are not part of the crate's public interface, so this benchmark compiles them again.
#![allow(dead_code, reason = "not every part of a kernel is benchmarked")]
#![allow(unused_imports, reason = "the kernels' own unit tests are not run here")]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

#[path = "../src/kernels"]
mod kernels {
    mod depthwise;
    mod isa;
    mod multiply;
    mod panels;
    mod pointwise;
    mod residual;
    mod same;
    mod scratch;
    mod shape;
    mod simd;
    mod stem;

    pub(crate) use shape::{BlockShape, LARGEST_KERNEL};

    use std::array::from_fn;

    use isa::Isa;
    use panels::Panels;
    use residual::{Block, RunBlock};
    use same::Same;
    use simd::{Kernel, SimdVector};
    use stem::{Picture, RunStem};

    /// A benchmark case: a closure, and its number of floating-point operations.
    pub(crate) struct Case {
        pub(crate) name: String,
        pub(crate) operations: usize,
        pub(crate) run: Box<dyn FnMut()>,
    }

    pub(crate) fn stem(side: usize, outputs: usize) -> Case {
        let isa = Isa::detect();
        let out = Same::new(side, 3, 2).out;
        let panels = Panels::new(&vec![0.1; outputs * 27], &vec![0.0; outputs], isa.width());
        let (from, mut to, mut scratch) = (vec![0.5; 3 * side * side], vec![0.0; out * out * outputs], Vec::new());
        let run = move || {
            let from = Picture { values: &from, size: [3, side, side] };
            isa.run(RunStem { panels: &panels, kernel: [3, 2], from, to: &mut to, scratch: &mut scratch });
        };
        Case {
            name: format!("stem {side}x{side} 3-{outputs}"),
            operations: 2 * out * out * outputs * 27,
            run: Box::new(run),
        }
    }

    pub(crate) fn pointwise(side: usize, inputs: usize, outputs: usize) -> Case {
        let isa = Isa::detect();
        let pixels = side * side;
        let panels = Panels::new(&vec![0.1; outputs * inputs], &vec![0.0; outputs], isa.width());
        let (from, mut to) = (vec![0.5; pixels * inputs], vec![0.0; pixels * outputs]);
        let run = move || isa.run(pointwise::pointwise(&panels, pixels, &from, &mut to));
        Case {
            name: format!("pointwise {side}x{side} {inputs}-{outputs}"),
            operations: 2 * pixels * inputs * outputs,
            run: Box::new(run),
        }
    }

    pub(crate) fn block(side: usize, [inputs, expand, outputs]: [usize; 3], kernel: usize, stride: usize) -> Case {
        let isa = Isa::detect();
        let (wide, out) = (inputs * expand, Same::new(side, kernel, stride).out);
        let ones = vec![0.1; wide * inputs.max(outputs).max(kernel * kernel)];
        let bias = vec![0.0; wide.max(outputs)];
        let block = Block::new(
            (expand > 1).then_some([&ones[..wide * inputs], &bias[..wide]]),
            [&ones[..wide * kernel * kernel], &bias[..wide]],
            [&ones[..outputs * wide], &bias[..outputs]],
            BlockShape { kernel, stride, residual: stride == 1 && inputs == outputs },
            isa,
        );
        let (from, mut to) = (vec![0.5; side * side * inputs], vec![0.0; out * out * outputs]);
        let mut scratch = Vec::new();
        let run = move || {
            let (from, to, scratch) = (&from, &mut to, &mut scratch);
            isa.run(RunBlock { block: &block, size: [side, side], from, to, scratch });
        };
        let widened = if expand > 1 { side * side * inputs * wide } else { 0 };
        Case {
            name: format!("block {side}x{side} {inputs}-{wide}-{outputs} k{kernel} s{stride}"),
            operations: 2 * (widened + out * out * wide * (kernel * kernel + outputs)),
            run: Box::new(run),
        }
    }

    /// Independent accumulators: enough to keep every execution unit of the processor busy.
    const SUMS: usize = 12;
    const ROUNDS: usize = 10_000;

    struct Peak<'a>(&'a mut f32);

    impl Kernel for Peak<'_> {
        #[inline(always)]
        unsafe fn run<L: SimdVector>(self) {
            // SAFETY: by this function's contract; `elements` has room for the widest vector.
            unsafe {
                let (mut sums, factor) = ([L::splat(*self.0); SUMS], L::splat(std::hint::black_box(0.5)));
                for _ in 0..ROUNDS {
                    sums = from_fn(|sum| sums[sum].mul_add(factor, factor));
                }
                let all = sums.into_iter().fold(L::splat(0.0), |all, sum| all.add(sum));
                let mut elements = [0.0; simd::WIDEST];
                all.store(elements.as_mut_ptr());
                *self.0 = elements[0];
            }
        }
    }

    /// The processor's peak: multiply-adds in registers, without memory access.
    pub(crate) fn peak() -> Case {
        let isa = Isa::detect();
        let mut value = 1.0;
        let run = move || {
            isa.run(Peak(&mut value));
            std::hint::black_box(value);
        };
        Case { name: "peak".to_owned(), operations: 2 * SUMS * ROUNDS * isa.width(), run: Box::new(run) }
    }
}

fn all(criterion: &mut Criterion) {
    let mut cases = vec![kernels::peak(), kernels::stem(224, 32)];
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
    cases.extend(blocks.map(|(side, channels, kernel, stride)| kernels::block(side, channels, kernel, stride)));
    cases.push(kernels::pointwise(7, 320, 1280));
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
