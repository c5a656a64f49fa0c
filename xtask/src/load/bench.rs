//! `cargo xtask bench relay`: throughput and latency of the relay, unloaded and at ten times its capacity.
//!
//! Virtual machines stall for some milliseconds a few times a second, and sometimes for tenths of a second. A stall
//! affects one request of an unloaded phase, but all open requests under overload. So unloaded and overload phases
//! alternate. The answers under overload are split into windows of 100, the number of requests of an unloaded phase.
//! The p99 of each window is compared with the unloaded phase before it, and the median over all windows is judged. The
//! p99 of all requests together is printed too.

mod requests;

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::Bytes;
use mango_relay_harness::{Home, Memory};
use tokio::task::LocalSet;

use super::client::{Client, form};
use super::figures::{flat, mb, ms};
use super::runtime;
use super::server::Server;
use crate::bench::Spread;
use crate::relay::{self, SIZE};
use crate::steps::{Progress, Usual};
use requests::{MOST_OPEN, Outcome, at_once, fill, one_after_the_other, open_loop};

/// Rounds of an unloaded phase and an overload phase.
const ROUNDS: usize = 15;
/// Requests of an unloaded phase, one after the other, and answers under overload in a window.
const WINDOW: usize = 100;
/// Duration of a closed-loop load that measures the full throughput.
const FULL: Duration = Duration::from_secs(10);
/// Warm-up of the overload phase, which is not measured: TLS handshakes of new connections take the relay's processors.
const WARM_UP: Duration = Duration::from_secs(1);
/// Measured time of the overload phase.
const OVERLOAD: Duration = Duration::from_secs(3);
/// The overload as a multiple of the full throughput.
const FACTOR: f64 = 10.0;
/// The least share of the full throughput under overload. Refusals, and the load generator, use the same processors; a
/// relay that only refused would answer almost nothing.
const LEAST_GOODPUT: f64 = 0.4;
/// The least share of the overload that the load generator must have sent.
const LEAST_SENT: f64 = 0.8;
/// Numbers of workers.
const WORKERS: [usize; 2] = [1, 2];
/// Queue sizes: the default, for which the wait is bounded by the queue, and a short one with short waits. The short
/// wait is no longer than a stall of such a machine, so its bound is only printed.
const QUEUES: [usize; 2] = [64, 4];
/// Tolerance of the bound. The wait in a full queue equals the bound, the time of all slots plus an unloaded answer.
/// Two measurements of the same relay differ by more than the remaining margin.
const NOISE: f64 = 0.02;
/// Limit for the short queue with two workers: an answer under overload takes at most this many times an unloaded one.
/// Four slots are two jobs for each worker, and a third is a margin. With one worker they are four jobs, more than the
/// limit, which is not judged.
const SHORT_QUEUE_FACTOR: usize = 3;

/// An unloaded phase, and the overload phase after it.
struct Round {
    unloaded: Outcome,
    over: Outcome,
}

/// The measurements of a relay.
struct Seen {
    full: Outcome,
    rounds: Vec<Round>,
    filled: Outcome,
    /// At the start, after the most uploads at once, and after each round.
    memory: [Memory; 3],
}

/// Builds, runs and prints the figures, with one worker and with two.
///
/// # Errors
/// A request got no response or a wrong one, or a bound is violated.
pub(crate) fn run(named: Option<&Path>) -> Result<()> {
    let configurations: Vec<[usize; 2]> =
        WORKERS.iter().flat_map(|workers| QUEUES.map(|queue| [*workers, queue])).collect();
    let mut progress = Progress::new("bench relay", configurations.len() + usize::from(named.is_none()));
    let program = relay::of_releases(named, &mut progress)?;
    let photo = relay::jpeg(1, SIZE)?;
    let body = form("picture", &[&photo]);
    println!("photos of 640 x 480, {} bytes, over HTTP/1.1 and TLS; load and relay on one machine", photo.len());
    println!("unloaded and overload in turn, {ROUNDS} times; median and range of each figure");
    let mut violated = Vec::new();
    for [workers, queue] in configurations {
        let name = format!("--workers {workers} --queue {queue}");
        let seen = progress.step(&name, Usual::minutes(3), || {
            let flags = ["--workers", &workers.to_string(), "--queue", &queue.to_string()];
            let server = Server::start(&program, Home::new()?, &flags)?;
            runtime()?.block_on(LocalSet::new().run_until(watch(&server, &body, workers, queue)))
        })?;
        println!("\n{name}");
        seen.print();
        violated.extend(seen.faults(workers, queue).into_iter().map(|fault| format!("{name}: {fault}")));
    }
    ensure!(violated.is_empty(), "violated bounds:\n{}", violated.join("\n"));
    Ok(())
}

async fn watch(server: &Server, body: &Bytes, workers: usize, queue: usize) -> Result<Seen> {
    let begun = server.memory()?;
    let client = Client::of(server)?;
    let full = at_once(&client, body, workers + workers.max(queue) / 2, FULL).await;
    let filled = fill(&client, body).await;
    let held = server.memory()?;
    let mut rounds = Vec::new();
    for round in 1..=ROUNDS {
        eprintln!("round {round} of {ROUNDS}");
        let unloaded = one_after_the_other(&client, body, WINDOW).await;
        let over = open_loop(&client, body, full.throughput * FACTOR, [WARM_UP, OVERLOAD]).await;
        rounds.push(Round { unloaded, over });
    }
    Ok(Seen { full, filled, rounds, memory: [begun, held, server.memory()?] })
}

impl Round {
    /// The p99 of each window under overload, relative to the bound for a queue of that many slots.
    fn of_bound(&self, queue: usize) -> impl Iterator<Item = f64> {
        let bound = self.unloaded.p99().as_secs_f64() + queue as f64 / self.over.throughput;
        self.p99().map(move |p99| p99 / bound)
    }

    /// The p99 of each window under overload, relative to the unloaded p99.
    fn of_unloaded(&self) -> impl Iterator<Item = f64> {
        let unloaded = self.unloaded.p99().as_secs_f64();
        self.p99().map(move |p99| p99 / unloaded)
    }

    /// The p99 of each window under overload, seconds.
    fn p99(&self) -> impl Iterator<Item = f64> {
        self.over.answered.windows(WINDOW).map(|window| window.quantile(0.99).as_secs_f64())
    }
}

impl Outcome {
    /// The p99 of the latency.
    fn p99(&self) -> Duration {
        self.answered.quantile(0.99)
    }
}

impl Seen {
    fn print(&self) {
        let unloaded: Vec<_> = self.rounds.iter().map(|round| &round.unloaded).collect();
        let over: Vec<_> = self.rounds.iter().map(|round| &round.over).collect();
        for (name, outcomes) in [("unloaded", &unloaded), ("full", &vec![&self.full]), ("10x overload", &over)] {
            let spread =
                |figure: &dyn Fn(&Outcome) -> f64| Spread::of(outcomes.iter().map(|one| figure(one)).collect());
            let answered: usize = outcomes.iter().map(|one| one.answered.len()).sum();
            let millis = |share: f64| spread(&|one| one.answered.quantile(share).as_secs_f64() * 1e3);
            println!("{name:12} {answered:6} answered, a second {}", spread(&|one| one.throughput));
            println!("{:12} p50 ms {}, p99 ms {}", "", millis(0.5), millis(0.99));
        }
        let refused: usize = over.iter().map(|one| one.refused.len()).sum();
        let p99 = over.iter().map(|one| one.refused.quantile(0.99)).max().unwrap_or_default();
        println!("{:12} {refused:6} refused, p99 at most {}", "", ms(p99));
        let withheld: usize = over.iter().map(|one| one.withheld).sum();
        if withheld > 0 {
            println!("{:12} {withheld:6} not sent: {MOST_OPEN} were open", "");
        }
        let [begun, held, ended] = self.memory;
        println!(
            "{:12} {} at the start, {} after {MOST_OPEN} uploads at once, {} at the end (at most {}), {} at the peak",
            "memory",
            mb(begun.now),
            mb(held.now),
            mb(ended.now),
            mb(flat(held.now)),
            mb(ended.peak),
        );
    }

    /// Prints the judged figures, and returns the violated bounds.
    fn faults(&self, workers: usize, queue: usize) -> Vec<String> {
        let mut faults = Vec::new();
        let outcomes =
            self.rounds.iter().flat_map(|round| [&round.unloaded, &round.over]).chain([&self.full, &self.filled]);
        let lost: Vec<&String> = outcomes.flat_map(|outcome| &outcome.lost).collect();
        if let Some(first) = lost.first() {
            faults.push(format!("{} requests lost; the first: {first}", lost.len()));
        }
        if let Some(round) = self.rounds.iter().find(|round| round.over.answered.len() < WINDOW) {
            let answered = round.over.answered.len();
            faults.push(format!("only {answered} answers came in {OVERLOAD:?} of overload: too few to judge"));
            return faults;
        }
        if self.rounds.iter().any(|round| round.unloaded.answered.len() < WINDOW) {
            faults.push("requests were refused in an unloaded phase".to_owned());
        }
        let sent = Spread::of(
            self.rounds.iter().map(|round| round.over.sent / OVERLOAD.as_secs_f64() / self.full.throughput).collect(),
        );
        println!("{:12} sent / full throughput {sent}, to be {FACTOR}", "overload");
        let enough = sent.middle >= FACTOR * LEAST_SENT;
        if !enough {
            faults.push(format!("the load sent only {:.1} times the throughput", sent.middle));
        }
        let goodput =
            Spread::of(self.rounds.iter().map(|round| round.over.throughput / self.full.throughput).collect());
        println!("{:12} throughput / full throughput {goodput}, at least {LEAST_GOODPUT}", "");
        let enough = goodput.middle >= LEAST_GOODPUT;
        if !enough {
            faults.push(format!("under overload it answers {:.2} of its full throughput", goodput.middle));
        }
        let of_bound = Spread::of(self.rounds.iter().flat_map(|round| round.of_bound(queue)).collect());
        let long = queue == QUEUES[0];
        let bound = if long { format!("at most 1, with a tolerance of {NOISE}") } else { "not judged".to_owned() };
        println!("{:12} p99 / (unloaded p99 + {queue} slots / throughput) {of_bound}, {bound}", "bound");
        let kept = of_bound.middle <= 1.0 + NOISE;
        if long && !kept {
            faults.push(format!("p99 is {:.2} times its bound", of_bound.middle));
        }
        if !long {
            let of_unloaded = Spread::of(self.rounds.iter().flat_map(Round::of_unloaded).collect());
            let each = queue.div_ceil(workers);
            let judged = each < SHORT_QUEUE_FACTOR;
            let bound =
                if judged { format!("at most {SHORT_QUEUE_FACTOR}") } else { format!("{each} jobs each: not judged") };
            println!("{:12} p99 / unloaded p99 {of_unloaded}, {bound}", "");
            let kept = of_unloaded.middle <= SHORT_QUEUE_FACTOR as f64;
            if judged && !kept {
                faults.push(format!(
                    "p99 is {:.2} times the unloaded one, beyond {SHORT_QUEUE_FACTOR}",
                    of_unloaded.middle
                ));
            }
        }
        let [_, held, ended] = self.memory;
        if ended.now > flat(held.now) {
            faults.push(format!("memory grew from {} to {} under overload", mb(held.now), mb(ended.now)));
        }
        faults
    }
}
