//! `cargo xtask bench relay`: what the relay answers, how fast, and what becomes of that at ten times what it can do.
//!
//! Virtual machines stand still for some milliseconds a few times a second, and now and then for tenths of one. That hits
//! one request of a calm, and all that are under way in overload. So calm and overload take turns; of an overload each
//! hundred answers, as many as a calm has, are compared with the calm before them, and the middle of all hundreds is
//! judged: half of them had it better. The slowest of everything together is printed beside it.

mod requests;

use std::path::Path;
use std::time::Duration;

use anyhow::{Result, ensure};
use bytes::Bytes;
use tokio::task::LocalSet;

use super::client::{Client, form};
use super::figures::{flat, mb, ms};
use super::server::{Memory, Server};
use super::{program, runtime};
use crate::bench::spread::Spread;
use crate::leaf;
use requests::{MOST_OPEN, Outcome, at_once, fill, one_after_the_other, open_loop};

/// Times that calm and overload take turns.
const ROUNDS: usize = 15;
/// Requests of a calm, one after the other, and answers under overload that are compared with it.
const CALM: usize = 100;
/// Time for which as many requests are sent as are answered, to see how many these are.
const FULL: Duration = Duration::from_secs(10);
/// Time of overload that is not measured: handshakes of new connections take the relay's processors.
const WARM_UP: Duration = Duration::from_secs(1);
/// Time of overload that is measured.
const OVERLOAD: Duration = Duration::from_secs(3);
/// How many times the throughput is asked for then.
const FACTOR: f64 = 10.0;
/// Of what the relay answers when it is full, what it must answer under overload at least. Refusing, and the load itself,
/// take their part of the same processors; a relay that does nothing but refuse answers next to nothing.
const LEAST_GOODPUT: f64 = 0.4;
/// Of the requests that are ten times the throughput, those that the load must have sent.
const LEAST_SENT: f64 = 0.8;
/// Places for photos that are worked on or wait: the default, whose wait is bounded by its turns, and few enough to keep
/// everybody's wait short. A few turns are no longer than such a machine stands still: for these the bound is only told.
const QUEUES: [usize; 2] = [64, 4];
/// A queue that is always full is as long as its bound: an answer takes its places' turns, and the bound is these and an
/// unloaded answer. What is left of that is less than two measurements of the same relay differ by.
const NOISE: f64 = 0.02;
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
    filled: Outcome,
    /// At its start, after as many uploads at once as there may be, and after each round.
    memory: [Memory; 3],
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
            let seen = runtime()?.block_on(LocalSet::new().run_until(watch(&server, &body, workers, queue)))?;
            seen.print();
            broken.extend(seen.faults(workers, queue).into_iter().map(|fault| format!("{name}: {fault}")));
        }
    }
    ensure!(broken.is_empty(), "not kept:\n{}", broken.join("\n"));
    Ok(())
}

async fn watch(server: &Server, body: &Bytes, workers: usize, queue: usize) -> Result<Seen> {
    let begun = server.memory()?;
    let client = Client::of(server)?;
    let full = at_once(&client, body, workers + workers.max(queue) / 2, FULL).await;
    let filled = fill(&client, body).await;
    let held = server.memory()?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS {
        let calm = one_after_the_other(&client, body, CALM).await;
        let over = open_loop(&client, body, full.throughput * FACTOR, [WARM_UP, OVERLOAD]).await;
        rounds.push(Round { calm, over });
    }
    Ok(Seen { full, filled, rounds, memory: [begun, held, server.memory()?] })
}

impl Round {
    /// The slowest of each hundred answers under overload, in the slowest that a queue of so many places may have.
    fn of_bound(&self, queue: usize) -> impl Iterator<Item = f64> {
        let bound = self.calm.slowest().as_secs_f64() + queue as f64 / self.over.throughput;
        self.slowest().map(move |slowest| slowest / bound)
    }

    /// The slowest of each hundred answers under overload, in the slowest without.
    fn of_calm(&self) -> impl Iterator<Item = f64> {
        let calm = self.calm.slowest().as_secs_f64();
        self.slowest().map(move |slowest| slowest / calm)
    }

    /// The slowest of each hundred answers under overload, in seconds.
    fn slowest(&self) -> impl Iterator<Item = f64> {
        self.over.answered.in_turn(CALM).map(|hundred| hundred.quantile(0.99).as_secs_f64())
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
            println!("{name:12} {answered:6} answered, a second {}", spread(&|one| one.throughput));
            println!("{:12} p50 ms {}, p99 ms {}", "", millis(0.5), millis(0.99));
        }
        let refused: usize = over.iter().map(|one| one.refused.len()).sum();
        let slowest = over.iter().map(|one| one.refused.quantile(0.99)).max().unwrap_or_default();
        println!("{:12} {refused:6} refused, p99 at most {}", "", ms(slowest));
        let withheld: usize = over.iter().map(|one| one.withheld).sum();
        if withheld > 0 {
            println!("{:12} {withheld:6} not sent: {MOST_OPEN} were on their way", "");
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

    /// Prints what is judged; what does not hold, in words.
    fn faults(&self, workers: usize, queue: usize) -> Vec<String> {
        let mut faults = Vec::new();
        let outcomes =
            self.rounds.iter().flat_map(|round| [&round.calm, &round.over]).chain([&self.full, &self.filled]);
        let lost: Vec<&String> = outcomes.flat_map(|outcome| &outcome.lost).collect();
        if let Some(first) = lost.first() {
            faults.push(format!("{} requests lost; the first: {first}", lost.len()));
        }
        if let Some(round) = self.rounds.iter().find(|round| round.over.answered.len() < CALM) {
            let answered = round.over.answered.len();
            faults.push(format!("only {answered} answers came in {OVERLOAD:?} of overload: too few to judge"));
            return faults;
        }
        if self.rounds.iter().any(|round| round.calm.answered.len() < CALM) {
            faults.push("requests were refused that came one at a time".to_owned());
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
            faults.push(format!("under overload it answers {:.2} of what it can", goodput.middle));
        }
        let of_bound = Spread::of(self.rounds.iter().flat_map(|round| round.of_bound(queue)).collect());
        let long = queue == QUEUES[0];
        let bound = if long { format!("at most 1, give or take {NOISE}") } else { "not judged".to_owned() };
        println!("{:12} p99 / (unloaded p99 + {queue} places / throughput) {of_bound}, {bound}", "bound");
        let kept = of_bound.middle <= 1.0 + NOISE;
        if long && !kept {
            faults.push(format!("p99 is {:.2} times its bound", of_bound.middle));
        }
        if !long {
            let of_calm = Spread::of(self.rounds.iter().flat_map(Round::of_calm).collect());
            let turns = queue.div_ceil(workers);
            let judged = turns < SHORT_QUEUE_FACTOR;
            let bound =
                if judged { format!("at most {SHORT_QUEUE_FACTOR}") } else { format!("{turns} turns: not judged") };
            println!("{:12} p99 / unloaded p99 {of_calm}, {bound}", "");
            let kept = of_calm.middle <= SHORT_QUEUE_FACTOR as f64;
            if judged && !kept {
                faults
                    .push(format!("p99 is {:.2} times the unloaded one, beyond {SHORT_QUEUE_FACTOR}", of_calm.middle));
            }
        }
        let [_, held, ended] = self.memory;
        if ended.now > flat(held.now) {
            faults.push(format!("memory grew from {} to {} under overload", mb(held.now), mb(ended.now)));
        }
        faults
    }
}
