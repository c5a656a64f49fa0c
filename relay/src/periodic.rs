//! Work that repeats for the lifetime of the program.

use std::io;
use std::thread;
use std::time::Duration;

/// Starts a thread of that name, which does `work` again and again, each time after `period`.
pub(crate) fn start(name: &str, period: Duration, mut work: impl FnMut() + Send + 'static) -> io::Result<()> {
    let repeated = move || {
        loop {
            thread::sleep(period);
            work();
        }
    };
    thread::Builder::new().name(name.to_owned()).spawn(repeated).map(drop)
}
