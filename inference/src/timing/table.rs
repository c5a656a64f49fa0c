//! The timing table, native and in benchmarks of wasm.

use std::cell::{Cell, RefCell};
use std::fmt::Write as _;
use std::sync::OnceLock;

/// A clock in milliseconds, and a function that prints a table.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// Milliseconds since an arbitrary time.
    pub now: fn() -> f64,
    /// Prints a table.
    pub print: fn(&str),
}

static TIMING: OnceLock<Option<Timing>> = OnceLock::new();

thread_local! {
    /// This thread's recordings that have not ended, and the steps of the outermost one.
    static RECORDED: RefCell<(usize, Vec<Step>)> = const { RefCell::new((0, Vec::new())) };
    /// Whether this thread is in a step: a step within a step is part of it.
    static INSIDE: Cell<bool> = const { Cell::new(false) };
}

/// A timed step.
#[derive(Debug)]
struct Step {
    name: String,
    /// Floating-point operations, for steps of arithmetic.
    operations: Option<f64>,
    milliseconds: f64,
}

/// Times every recording from now on. Has no effect after the first step.
pub fn start(timing: Timing) {
    let _ = TIMING.set(Some(timing));
}

/// Records the steps of this thread until it is dropped. The outermost recording prints the table.
#[must_use = "a recording ends when it is dropped"]
#[derive(Debug)]
pub struct Recording(());

/// Starts a recording.
pub fn record() -> Recording {
    RECORDED.with_borrow_mut(|(open, _)| *open += 1);
    Recording(())
}

impl Drop for Recording {
    fn drop(&mut self) {
        let steps = RECORDED.with_borrow_mut(|(open, steps)| {
            *open -= 1;
            if *open == 0 { std::mem::take(steps) } else { Vec::new() }
        });
        if let Some(Timing { print, .. }) = timing().filter(|_| !steps.is_empty()) {
            print(&table(&steps));
        }
    }
}

/// Runs a step. `describe` gives its name and number of operations, and is called only if the step is recorded.
pub(crate) fn step<T>(describe: impl FnOnce() -> (String, Option<f64>), run: impl FnOnce() -> T) -> T {
    let Some(Timing { now, .. }) = timing().filter(|_| !INSIDE.get() && RECORDED.with_borrow(|(open, _)| *open > 0))
    else {
        return run();
    };
    let (name, operations) = describe();
    let start = now();
    INSIDE.set(true);
    let result = run();
    INSIDE.set(false);
    let milliseconds = now() - start;
    RECORDED.with_borrow_mut(|(_, steps)| steps.push(Step { name, operations, milliseconds }));
    result
}

fn timing() -> Option<Timing> {
    *TIMING.get_or_init(from_environment)
}

#[cfg(not(target_family = "wasm"))]
fn from_environment() -> Option<Timing> {
    use std::sync::LazyLock;
    use std::time::Instant;
    static START: LazyLock<Instant> = LazyLock::new(Instant::now);
    let wanted = std::env::var_os("MANGO_TIMING").is_some_and(|value| !value.is_empty() && value != "0");
    wanted.then_some(Timing { now: || START.elapsed().as_secs_f64() * 1e3, print: write })
}

/// Writes to standard error, which may be closed.
#[cfg(not(target_family = "wasm"))]
fn write(table: &str) {
    let _ = std::io::Write::write_all(&mut std::io::stderr(), table.as_bytes());
}

#[cfg(target_family = "wasm")]
fn from_environment() -> Option<Timing> {
    None
}

fn table(steps: &[Step]) -> String {
    let whole: f64 = steps.iter().map(|step| step.milliseconds).sum();
    let widest = steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
    let mut table = format!("{:widest$} {:>9} {:>8} {:>7}\n", "step", "ms", "GFLOP/s", "share");
    for Step { name, operations, milliseconds } in steps {
        let speed = operations.map_or_else(String::new, |operations| format!("{:.1}", operations / milliseconds / 1e6));
        let share = milliseconds / whole * 100.0;
        // Writing to a string cannot fail.
        let _ = writeln!(table, "{name:widest$} {milliseconds:9.3} {speed:>8} {share:5.1} %");
    }
    let _ = writeln!(table, "{:widest$} {whole:9.3}", "all");
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_kept_until_the_outermost_recording_ends() {
        let outer = record();
        let inner = record();
        RECORDED.with_borrow_mut(|(_, steps)| {
            steps.push(Step { name: "stem".to_owned(), operations: None, milliseconds: 1.0 });
        });
        drop(inner);
        assert_eq!(RECORDED.with_borrow(|(open, steps)| (*open, steps.len())), (1, 1));
        drop(outer);
        assert_eq!(RECORDED.with_borrow(|(open, steps)| (*open, steps.len())), (0, 0));
    }

    #[test]
    fn the_table_has_speed_and_share() {
        let steps = [
            Step { name: "resize".to_owned(), operations: None, milliseconds: 1.0 },
            Step { name: "stem".to_owned(), operations: Some(6e6), milliseconds: 3.0 },
        ];
        let expected = "\
step          ms  GFLOP/s   share
resize     1.000           25.0 %
stem       3.000      2.0  75.0 %
all        4.000
";
        assert_eq!(table(&steps), expected);
    }
}
