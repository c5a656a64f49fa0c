//! `cargo xtask bench relay`: what the relay answers, how fast, and what becomes of that at ten times what it can do.
//!
//! Machines that share their processors stand still for tenths of a second at a time, which is the 99th percentile of
//! whatever is measured then. So calm and overload take turns, each overload is compared with the calm beside it, and the
//! middle of the rounds is judged.

mod requests;

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::Bytes;

use super::client::{Client, form};
use super::figures::{flat, mb, ms};
use super::server::{Memory, Server};
use super::{load, program};
use crate::bench::spread::Spread;
use crate::leaf;
use requests::{MOST_OPEN, Outcome, at_once, one_after_the_other, open_loop};

/// Times that calm and overload take turns.
const ROUNDS: usize = 15;
/// Requests of a calm, one after the other.
const CALM: usize = 60;
/// Time for which as many requests are sent as are answered, to see how many these are.
const FULL: Duration = Duration::from_secs(10);
/// Time of overload that is not measured, and that is: handshakes of new connections take the relay's processors.
const OVERLOAD: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];
/// How many times the throughput is asked for then.
const FACTOR: f64 = 10.0;
/// Places for photos that are worked on or wait: the default, whose wait is bounded by its turns, and few enough to keep
/// everybody's wait short.
const QUEUES: [usize; 2] = [64, 4];
/// With [`QUEUES`]' second and two workers, an answer under overload takes at most so many times an unloaded one: the
/// four places are two turns, and a third is for what else passes. With one worker they are four turns, which are more
/// than three by themselves: that is not judged.
const SHORT_QUEUE_FACTOR: usize = 3;

/// A calm, and the overload after it.
struct Round {
    calm: Outcome,
    over: Outcome,
}

/// What a relay was seen to do.
struct Seen {
    full: Outcome,
    rounds: Vec<Round>,
    /// At its start, and after each round.
    memory: Vec<Memory>,
}

/// Builds, runs and prints the figures, with one worker and with two.
///
/// # Errors
/// A request got no answer or a wrong one, or a bound does not hold.
pub(crate) fn run(named: Option<&Path>) -> Result<()> {
    let program = program(named)?;
    let photo = leaf::jpeg(1, leaf::SIZE)?;
    let body = form("picture", &[&photo]);
    println!("photos of 640 x 480, {} bytes, over HTTP/1.1 and TLS; load and relay on one machine", photo.len());
    println!("calm and overload in turn, {ROUNDS} times; of each figure the middle and its range");
    let mut broken = Vec::new();
    for workers in [1, 2] {
        for queue in QUEUES {
            let name = format!("--workers {workers} --queue {queue}");
            println!("\n{name}");
            let flags = ["--workers", &workers.to_string(), "--queue", &queue.to_string()];
            let server = Server::start(&program, tempfile::tempdir()?, &flags)?;
            let seen = load(async || watch(&server, &body, workers, queue).await)?;
            seen.print();
            broken.extend(seen.faults(workers, queue).into_iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    ensure!(broken.is_empty(), "not kept:\n{}", broken.join("\n"));
    Ok(())
}

async fn watch(server: &Server, body: &Bytes, workers: usize, queue: usize) -> Result<Seen> {
    let mut memory = vec![server.memory()?];
    let client = Client::of(server)?;
    let full = at_once(&client, body, workers + workers.max(queue) / 2, FULL).await;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let calm = one_after_the_other(&client, body, CALM).await;
        let over = open_loop(&client, body, full.throughput() * FACTOR, OVERLOAD).await;
        rounds.push(Round { calm, over });
        memory.push(server.memory()?);
    }
    Ok(Seen { full, rounds, memory })
}

impl Round {
    /// The slowest answers under overload, in those that a queue of so many places may have.
    fn of_bound(&self, queue: usize) -> f64 {
        let bound = self.calm.slowest().as_secs_f64() + queue as f64 / self.over.throughput();
        self.over.slowest().as_secs_f64() / bound
    }

    /// The slowest answers under overload, in the slowest without.
    fn of_calm(&self) -> f64 {
        self.over.slowest().as_secs_f64() / self.calm.slowest().as_secs_f64()
    }
}

impl Outcome {
    /// All but one answer in a hundred came in this time.
    fn slowest(&self) -> Duration {
        self.answered.quantile(0.99)
    }
}

impl Seen {
    fn print(&self) {
        let calm: Vec<_> = self.rounds.iter().map(|round| &round.calm).collect();
        let over: Vec<_> = self.rounds.iter().map(|round| &round.over).collect();
        for (name, outcomes) in [("unloaded", &calm), ("full", &vec![&self.full]), ("10x overload", &over)] {
            let spread =
                |figure: &dyn Fn(&Outcome) -> f64| Spread::of(outcomes.iter().map(|one| figure(one)).collect());
            let answered: usize = outcomes.iter().map(|one| one.answered.len()).sum();
            let millis = |share: f64| spread(&|one| one.answered.quantile(share).as_secs_f64() * 1e3);
            println!("{name:12} {answered:6} answered, a second {}", spread(&Outcome::throughput));
            println!("{:12} p50 ms {}, p99 ms {}", "", millis(0.5), millis(0.99));
        }
        let refused: usize = over.iter().map(|one| one.refused.len()).sum();
        let slowest = over.iter().map(|one| one.refused.quantile(0.99)).max().unwrap_or_default();
        println!("{:12} {refused:6} refused, p99 at most {}", "", ms(slowest));
        let withheld: usize = over.iter().map(|one| one.withheld).sum();
        if withheld > 0 {
            println!("{:12} {withheld:6} not sent: {MOST_OPEN} were on their way", "");
        }
        let (begun, peak) = (self.memory.first().map(|at| at.now), self.memory.last().map(|at| at.peak));
        println!(
            "{:12} {} at the start, at most {} in the three thirds, {} at the peak",
            "memory",
            mb(begun.unwrap_or_default()),
            self.most().map(mb).join(", "),
            mb(peak.unwrap_or_default()),
        );
    }

    /// The most memory after the rounds of each third.
    fn most(&self) -> [u64; 3] {
        let after = self.memory.get(1..).unwrap_or_default();
        let mut thirds = after.chunks(ROUNDS / 3).map(|third| third.iter().map(|at| at.now).max().unwrap_or_default());
        [(); 3].map(|()| thirds.next().unwrap_or_default())
    }

    /// Prints what is judged; what does not hold, in words.
    fn faults(&self, workers: usize, queue: usize) -> Vec<String> {
        let mut faults = Vec::new();
        let outcomes = self.rounds.iter().flat_map(|round| [&round.calm, &round.over]).chain([&self.full]);
        let lost: Vec<&String> = outcomes.flat_map(|outcome| &outcome.lost).collect();
        if let Some(first) = lost.first() {
            faults.push(format!("{} requests lost; the first: {first}", lost.len()));
        }
        let of_bound = Spread::of(self.rounds.iter().map(|round| round.of_bound(queue)).collect());
        let long = queue == QUEUES[0];
        let bound = if long { "at most 1" } else { "not judged" };
        println!("{:12} p99 / (unloaded p99 + {queue} places / throughput) {of_bound}, {bound}", "bound");
        if long && of_bound.middle > 1.0 {
            faults.push(format!("p99 is {:.2} times its bound", of_bound.middle));
        }
        if !long {
            let of_calm = Spread::of(self.rounds.iter().map(Round::of_calm).collect());
            let turns = queue.div_ceil(workers);
            let judged = turns < SHORT_QUEUE_FACTOR;
            let bound =
                if judged { format!("at most {SHORT_QUEUE_FACTOR}") } else { format!("{turns} turns: not judged") };
            println!("{:12} p99 / unloaded p99 {of_calm}, {bound}", "");
            if judged && of_calm.middle > SHORT_QUEUE_FACTOR as f64 {
                faults
                    .push(format!("p99 is {:.2} times the unloaded one, beyond {SHORT_QUEUE_FACTOR}", of_calm.middle));
            }
        }
        // The first third is for buffers that fill once.
        let [_, middle, last] = self.most();
        if last > flat(middle) {
            faults.push(format!("memory grew from {} to {} under overload", mb(middle), mb(last)));
        }
        faults
    }
}
