//! Training of a network's late stages on cached feature maps of its frozen stages.

mod average;
mod batch;
mod checkpoint;
mod mix_style;
mod recipe;
mod student;

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use burn::module::Module;
use burn::optim::{AdamWConfig, GradientsParams, ModuleOptimizer};
use burn::tensor::Device;
use mango_inference::network::Architecture;
use mango_inference::{Weights, sha256};

use crate::photos::sources::Target;
use crate::progress;
use crate::trunk::features::Features;
pub(crate) use average::Average;
use batch::{Batch, Order};
pub(crate) use checkpoint::{Checkpoint, State};
pub use recipe::{LateStages, Teacher};
use student::Student;

/// The train set of the late stages. Every list has one entry per view; every entry has one row per photo.
#[derive(Debug)]
pub struct Lesson {
    /// Feature maps of the frozen stages.
    pub maps: Vec<Features>,
    /// Channels, height and width of a map.
    pub map_shape: [usize; 3],
    /// The outputs that each photo's label allows.
    pub targets: Vec<Target>,
    /// Sample weights of the photos.
    pub weights: Vec<f32>,
    /// The teacher's logits for the same views, if there is a teacher.
    pub teacher_logits: Vec<Features>,
    /// The teacher's embeddings of the same views, if there is a teacher.
    pub teacher_embeddings: Vec<Features>,
    /// Number of outputs.
    pub outputs: usize,
}

impl Lesson {
    /// Identifies the train set: the sha256 of every feature map, label, weight and teacher's answer.
    #[must_use]
    pub fn sha256(&self) -> String {
        let digest = |values: &[f32]| sha256(&values.iter().flat_map(|value| value.to_le_bytes()).collect::<Vec<u8>>());
        let views = [&self.maps, &self.teacher_logits, &self.teacher_embeddings];
        let parts = views.into_iter().flatten().map(|rows| digest(&rows.values)).chain([digest(&self.weights)]);
        sha256(format!("{:?} {:?} {:?}", self.map_shape, self.targets, parts.collect::<Vec<_>>()).as_bytes())
    }
}

/// Time between two checkpoints.
const CHECKPOINT_EVERY: Duration = Duration::from_secs(120);

/// Trains the stages after the frozen ones of `trunk` and returns the whole trunk's weights.
///
/// Checkpoints are kept in `folder`. An interrupted run resumes from there with the same result as an uninterrupted
/// run.
///
/// # Errors
/// The trunk's weights do not match `architecture`; a checkpoint cannot be written or read.
pub fn train(
    architecture: &Architecture,
    trunk: &Weights,
    lesson: &Lesson,
    how: &LateStages,
    seed: u64,
    folder: &Path,
) -> Result<Weights> {
    Run::new(architecture, trunk, lesson, how, seed, folder)?.finish(CHECKPOINT_EVERY)
}

/// The state of a training run.
struct Run<'a> {
    lesson: &'a Lesson,
    how: &'a LateStages,
    order: Order,
    device: Device,
    student: Student,
    optimiser: ModuleOptimizer,
    average: Average,
    step: u64,
    checkpoint: Checkpoint,
}

impl<'a> Run<'a> {
    fn new(
        architecture: &Architecture,
        trunk: &Weights,
        lesson: &'a Lesson,
        how: &'a LateStages,
        seed: u64,
        folder: &Path,
    ) -> Result<Self> {
        let device = Device::flex().autodiff();
        let imitated = lesson.teacher_embeddings.first().map(|rows| rows.len);
        let student = Student::new(architecture, trunk, lesson.outputs, imitated, seed, &device)?;
        let optimiser = AdamWConfig::new().with_weight_decay(how.weight_decay).init();
        let checkpoint = Checkpoint::new(folder);
        let order = Order::new(&lesson.weights, lesson.maps.len(), how.batch, seed)?;
        let mut run = Self {
            lesson,
            how,
            order,
            device,
            average: Average::of(&student),
            student,
            optimiser,
            step: 0,
            checkpoint,
        };
        run.resume()?;
        Ok(run)
    }

    fn resume(&mut self) -> Result<()> {
        if let Some(state) = self.checkpoint.read()? {
            self.student = self.student.clone().try_load_record(state.student)?;
            self.optimiser = self.optimiser.clone().load_record(state.optimiser);
            self.average = Average::from(state.average);
            self.step = state.step;
        }
        Ok(())
    }

    fn finish(mut self, checkpoint_every: Duration) -> Result<Weights> {
        let steps = self.order.steps_per_epoch() * self.how.epochs;
        let bar = progress::bar(usize::try_from(steps)?, "training late stages");
        bar.set_position(self.step);
        let mut saved = Instant::now();
        while self.step < steps {
            let loss = self.step(steps);
            ensure!(
                loss.is_finite(),
                "the loss of step {} is {loss}: the training diverged. Lower late.learning_rate in the recipe",
                self.step
            );
            bar.inc(1);
            if self.step.is_multiple_of(self.order.steps_per_epoch()) {
                let epoch = self.step / self.order.steps_per_epoch();
                bar.suspend(|| println!("epoch {epoch:>3} of {}: loss of the last batch {loss:.4}", self.how.epochs));
            }
            if saved.elapsed() >= checkpoint_every || self.step == steps {
                self.save()?;
                saved = Instant::now();
            }
        }
        bar.finish_and_clear();
        Ok(self.average.into_weights().under("trunk"))
    }

    fn step(&mut self, steps: u64) -> f32 {
        let batch = Batch::gather(self.lesson, &self.order.draw(self.step), self.how, &self.device);
        let loss = self.student.loss(batch, self.how);
        let value = loss.clone().into_scalar::<f32>();
        let gradients = GradientsParams::from_grads(loss.backward(), &self.student);
        let rate = learning_rate(self.how.learning_rate, self.step, steps);
        self.student = self.optimiser.step(rate, self.student.clone(), gradients);
        self.step += 1;
        self.average.add(&self.student, self.how.averaging, self.step);
        value
    }

    fn save(&self) -> Result<()> {
        self.checkpoint.write(State {
            step: self.step,
            student: self.student.clone().into_record(),
            optimiser: self.optimiser.to_record(),
            average: self.average.clone().into_weights(),
        })
    }
}

/// Linear warm-up over the first 5 % of the steps, then cosine decay to zero.
pub(crate) fn learning_rate(highest: f64, step: u64, steps: u64) -> f64 {
    let warm = (steps / 20).max(1);
    if step < warm {
        highest * (step + 1) as f64 / warm as f64
    } else {
        let done = (step - warm) as f64 / (steps - warm).max(1) as f64;
        highest * 0.5 * (1.0 + (std::f64::consts::PI * done).cos())
    }
}

#[cfg(test)]
mod tests;
