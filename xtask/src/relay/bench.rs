//! `cargo xtask bench relay`: what the relay answers, how fast, and what becomes of that at ten times what it can do.

use std::cell::Cell;
use std::path::Path;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use bytes::Bytes;
use reqwest::StatusCode;
use tokio::task::{JoinError, JoinSet, LocalSet};
use tokio::time::{MissedTickBehavior, interval};

use super::client::{Answer, Client, form};
use super::figures::{Times, flat, mb, ms};
use super::server::{Memory, Server};
use super::{program, runtime};
use crate::leaf;

/// Requests one after the other.
const UNLOADED: usize = 200;
/// Time for which as many requests are sent as are answered.
const FULL: Duration = Duration::from_secs(10);
/// Time of overload that is measured.
const OVERLOAD: Duration = Duration::from_secs(15);
/// Time of overload before that, in which the load opens its connections: its handshakes take the relay's processors.
const WARM_UP: Duration = Duration::from_secs(2);
/// How many times the throughput is asked for then.
const FACTOR: f64 = 10.0;
/// Requests on their way at once, more than which the load does not send: it would be measuring itself.
const MOST_OPEN: usize = 2000;
/// Places for photos that are worked on or wait: the default, and few enough to keep everybody's wait short.
const QUEUES: [usize; 2] = [64, 4];
/// With [`QUEUES`]' second and two workers, an answer under overload takes at most so many times an unloaded one: the
/// four places are two turns, and a third is for what else passes. With one worker they are four turns, which are more
/// than three by themselves: that is not judged.
const SHORT_QUEUE_FACTOR: u32 = 3;

/// What came of requests.
#[derive(Debug, Default)]
struct Outcome {
    answered: Times,
    refused: Times,
    /// Neither: no answer, or one that should not be.
    lost: usize,
    /// Not sent since too many were on their way.
    withheld: usize,
    took: Duration,
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
    let mut broken = Vec::new();
    for workers in [1, 2] {
        let mut unloaded = Times::default();
        for queue in QUEUES {
            let flags = ["--workers", &workers.to_string(), "--queue", &queue.to_string()];
            let server = Server::start(&program, tempfile::tempdir()?, &flags)?;
            println!("\n--workers {workers} --queue {queue}");
            let begun = server.memory()?;
            let client = Client::of(&server)?;
            let (calm, full, filled, over) = runtime()?.block_on(LocalSet::new().run_until(async {
                let calm = one_after_the_other(&client, &body).await;
                let full = at_once(&client, &body, workers + workers.max(queue) / 2).await;
                let filled = server.memory()?;
                let over = open_loop(&client, &body, full.throughput() * FACTOR).await;
                anyhow::Ok((calm, full, filled, over))
            }))?;
            let memory = [begun, filled, server.memory()?];
            if queue == QUEUES[0] {
                unloaded = calm.answered.clone();
            }
            let name = format!("--workers {workers} --queue {queue}");
            print(&calm, &full, &over, memory);
            let faults = judge(workers, queue, &unloaded, [&calm, &full, &over]).into_iter().chain(grown(memory));
            broken.extend(faults.map(|fault| format!("{name}: {fault}")));
        }
    }
    ensure!(broken.is_empty(), "not kept:\n{}", broken.join("\n"));
    Ok(())
}

/// One request at a time.
async fn one_after_the_other(client: &Client, body: &Bytes) -> Outcome {
    let (mut outcome, began) = (Outcome::default(), Instant::now());
    for _ in 0..UNLOADED {
        outcome.add(client.upload("/upload_image", body.clone()).await);
    }
    outcome.took = began.elapsed();
    outcome
}

/// So many clients, each of which sends its next request when it has the answer to the last.
async fn at_once(client: &Client, body: &Bytes, clients: usize) -> Outcome {
    let (mut outcome, began) = (Outcome::default(), Instant::now());
    let mut requests = JoinSet::new();
    let send = |requests: &mut JoinSet<_>| {
        let (client, body) = (client.clone(), body.clone());
        requests.spawn_local(async move { client.upload("/upload_image", body).await });
    };
    (0..clients).for_each(|_| send(&mut requests));
    while let Some(answer) = requests.join_next().await {
        outcome.add_joined(answer);
        if began.elapsed() < FULL {
            send(&mut requests);
        }
    }
    outcome.took = began.elapsed();
    outcome
}

/// So many requests a second, whatever becomes of them. Those of the warm-up are not measured, only missed if they are
/// lost.
async fn open_loop(client: &Client, body: &Bytes, rate: f64) -> Outcome {
    let (mut warm, mut outcome, began) = (Outcome::default(), Outcome::default(), Instant::now());
    let mut requests = JoinSet::new();
    let mut add = |joined: Result<(bool, reqwest::Result<Answer>), JoinError>| match joined {
        Ok((true, answer)) => outcome.add(answer),
        Ok((false, answer)) => warm.add(answer),
        Err(_) => outcome.lost += 1,
    };
    let mut withheld = 0;
    let open = Rc::new(Cell::new(0));
    let mut clock = interval(Duration::from_secs_f64(1.0 / rate));
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    while began.elapsed() < WARM_UP + OVERLOAD {
        clock.tick().await;
        let measured = began.elapsed() >= WARM_UP;
        if open.get() >= MOST_OPEN {
            withheld += usize::from(measured);
            continue;
        }
        let (client, body, open) = (client.clone(), body.clone(), Rc::clone(&open));
        open.set(open.get() + 1);
        requests.spawn_local(async move {
            let answer = client.upload("/upload_image", body).await;
            open.set(open.get() - 1);
            (measured, answer)
        });
        while let Some(answer) = requests.try_join_next() {
            add(answer);
        }
    }
    while let Some(answer) = requests.join_next().await {
        add(answer);
    }
    outcome.lost += warm.lost;
    outcome.withheld = withheld;
    // What is in the queue at the end is answered too, as that of the warm-up was at the beginning.
    outcome.took = began.elapsed() - WARM_UP;
    outcome
}

impl Outcome {
    fn add(&mut self, answer: reqwest::Result<Answer>) {
        match answer {
            Ok(answer) if answer.status == StatusCode::OK => self.answered.add(answer.time),
            Ok(answer) if answer.status == StatusCode::SERVICE_UNAVAILABLE => self.refused.add(answer.time),
            Ok(_) | Err(_) => self.lost += 1,
        }
    }

    fn add_joined(&mut self, answer: Result<reqwest::Result<Answer>, JoinError>) {
        match answer {
            Ok(answer) => self.add(answer),
            Err(_) => self.lost += 1,
        }
    }

    fn throughput(&self) -> f64 {
        self.answered.len() as f64 / self.took.as_secs_f64()
    }
}

fn print(calm: &Outcome, full: &Outcome, over: &Outcome, [begun, filled, ended]: [Memory; 3]) {
    let line = |name: &str, outcome: &Outcome| {
        let Outcome { answered, refused, lost, .. } = outcome;
        println!(
            "{name:12} {:6} answered ({:5.1} a second), p50 {:>8}, p99 {:>8}; {:6} refused, p50 {:>8}, p99 {:>8}; {lost} lost",
            answered.len(),
            outcome.throughput(),
            ms(answered.quantile(0.5)),
            ms(answered.quantile(0.99)),
            refused.len(),
            ms(refused.quantile(0.5)),
            ms(refused.quantile(0.99)),
        );
    };
    line("unloaded", calm);
    line("full", full);
    line("10x overload", over);
    println!("{:12} measured from {} s on, when the load has opened its connections", "", WARM_UP.as_secs());
    if over.withheld > 0 {
        println!("{:12} {} requests were not sent: {MOST_OPEN} were on their way", "", over.withheld);
    }
    println!(
        "{:12} {} at the start, {} when full, {} at the peak, {} after the overload (to be at most {})",
        "memory",
        mb(begun.now),
        mb(filled.now),
        mb(ended.peak),
        mb(ended.now),
        mb(flat(filled.now)),
    );
}

/// That memory grew under overload, in words.
fn grown([_, filled, ended]: [Memory; 3]) -> Option<String> {
    let grew = ended.now > flat(filled.now);
    grew.then(|| format!("memory grew from {} when full to {} after the overload", mb(filled.now), mb(ended.now)))
}

/// What does not hold, in words.
fn judge(workers: usize, queue: usize, unloaded: &Times, outcomes: [&Outcome; 3]) -> Vec<String> {
    let [calm, full, over] = outcomes;
    let mut broken = Vec::new();
    for (kind, outcome) in [("unloaded", calm), ("full", full), ("overload", over)] {
        if outcome.lost > 0 {
            broken.push(format!("{kind}: {} requests lost", outcome.lost));
        }
    }
    let (p99, calm) = (over.answered.quantile(0.99), unloaded.quantile(0.99));
    let bound = calm + Duration::from_secs_f64(queue as f64 / over.throughput());
    println!("{:12} p99 {} <= unloaded p99 + {queue} places / throughput = {}", "bound", ms(p99), ms(bound));
    if p99 > bound {
        broken.push(format!("p99 {} is beyond {}", ms(p99), ms(bound)));
    }
    if queue == QUEUES[1] {
        let times = p99.as_secs_f64() / calm.as_secs_f64();
        let turns = queue.div_ceil(workers);
        let judged = turns < SHORT_QUEUE_FACTOR as usize;
        let bound =
            if judged { format!("to be at most {SHORT_QUEUE_FACTOR}") } else { format!("{turns} turns: not judged") };
        println!("{:12} p99 is {times:.2} times the unloaded p99 ({bound})", "");
        if judged && p99 > calm * SHORT_QUEUE_FACTOR {
            broken.push(format!("p99 is {times:.2} times the unloaded one, beyond {SHORT_QUEUE_FACTOR}"));
        }
    }
    broken
}
