//! The load generator and its results.

use std::cell::Cell;
use std::rc::Rc;
use std::time::{Duration, Instant};

use bytes::Bytes;
use reqwest::{Body, StatusCode};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{MissedTickBehavior, interval};

use crate::load::client::{Answer, Client};
use crate::load::figures::Times;
use crate::load::trickle::Trickle;

/// Most open requests. With more the load generator would measure itself.
pub(super) const MOST_OPEN: usize = 512;
/// Duration of each upload if all are sent at once: longer than all handshakes.
const FILL_SECONDS: usize = 5;

/// Results of requests.
#[derive(Debug, Default)]
pub(super) struct Outcome {
    pub(super) answered: Times,
    pub(super) refused: Times,
    /// Errors: no response, or a wrong one.
    pub(super) lost: Vec<String>,
    /// Not sent since too many were open.
    pub(super) withheld: usize,
    /// Requests sent in the measured time, if there is one.
    pub(super) sent: f64,
    /// Answers a second.
    pub(super) throughput: f64,
}

/// Sends requests one at a time.
pub(super) async fn one_after_the_other(client: &Client, body: &Bytes, requests: usize) -> Outcome {
    let (mut outcome, began) = (Outcome::default(), Instant::now());
    for _ in 0..requests {
        outcome.add(client.upload("/upload_image", body.clone()).await);
    }
    outcome.throughput = outcome.answered.len() as f64 / began.elapsed().as_secs_f64();
    outcome
}

/// Closed loop: each client sends its next request after the response to the last one.
pub(super) async fn at_once(client: &Client, body: &Bytes, clients: usize, time: Duration) -> Outcome {
    let (mut outcome, began) = (Outcome::default(), Instant::now());
    let mut requests = JoinSet::new();
    let send = |requests: &mut JoinSet<_>| {
        let (client, body) = (client.clone(), body.clone());
        requests.spawn_local(async move { client.upload("/upload_image", body).await });
    };
    (0..clients).for_each(|_| send(&mut requests));
    while let Some(answer) = requests.join_next().await {
        outcome.add_joined(answer);
        if began.elapsed() < time {
            send(&mut requests);
        }
    }
    outcome.throughput = outcome.answered.len() as f64 / began.elapsed().as_secs_f64();
    outcome
}

/// Sends the most uploads at once, slowly over some seconds, so that all connections have their full memory at the same
/// time.
pub(super) async fn fill(client: &Client, body: &Bytes) -> Outcome {
    let (mut outcome, began) = (Outcome::default(), Instant::now());
    let mut requests = JoinSet::new();
    for _ in 0..MOST_OPEN {
        let (client, body) = (client.clone(), Trickle::new(body.clone(), body.len() / FILL_SECONDS));
        requests.spawn_local(async move { client.upload("/upload_image", Body::wrap(body)).await });
    }
    while let Some(answer) = requests.join_next().await {
        outcome.add_joined(answer);
    }
    outcome.throughput = outcome.answered.len() as f64 / began.elapsed().as_secs_f64();
    outcome
}

/// Open loop: sends requests at a fixed rate. Requests of the warm-up are not measured, but are counted if lost.
pub(super) async fn open_loop(client: &Client, body: &Bytes, rate: f64, [warm_up, time]: [Duration; 2]) -> Outcome {
    let (mut warm, mut outcome, began) = (Outcome::default(), Outcome::default(), Instant::now());
    let mut requests = JoinSet::new();
    let (mut sent, mut withheld, mut answered) = (0, 0, 0);
    let mut add = |joined: Result<(bool, reqwest::Result<Answer>), JoinError>| match joined {
        Ok((measured, answer)) => {
            let in_time = (warm_up..warm_up + time).contains(&began.elapsed());
            answered += usize::from(in_time && matches!(&answer, Ok(answer) if answer.status == StatusCode::OK));
            if measured { outcome.add(answer) } else { warm.add(answer) }
        }
        Err(error) => outcome.lost.push(error.to_string()),
    };
    let open = Rc::new(Cell::new(0));
    let mut clock = interval(Duration::from_secs_f64(1.0 / rate));
    clock.set_missed_tick_behavior(MissedTickBehavior::Burst);
    while began.elapsed() < warm_up + time {
        clock.tick().await;
        let measured = began.elapsed() >= warm_up;
        if open.get() >= MOST_OPEN {
            withheld += usize::from(measured);
            continue;
        }
        let (client, body, open) = (client.clone(), body.clone(), Rc::clone(&open));
        open.set(open.get() + 1);
        sent += usize::from(measured);
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
    outcome.lost.append(&mut warm.lost);
    outcome.withheld = withheld;
    outcome.sent = sent as f64;
    // Responses that arrived in the measured time, whenever they were requested.
    outcome.throughput = answered as f64 / time.as_secs_f64();
    outcome
}

impl Outcome {
    fn add(&mut self, answer: reqwest::Result<Answer>) {
        match answer {
            Ok(answer) if answer.status == StatusCode::OK => self.answered.add(answer.time),
            Ok(answer) if answer.status == StatusCode::SERVICE_UNAVAILABLE => self.refused.add(answer.time),
            Ok(answer) => self.lost.push(answer.status.to_string()),
            Err(error) => self.lost.push(format!("{:#}", anyhow::Error::new(error))),
        }
    }

    fn add_joined(&mut self, answer: Result<reqwest::Result<Answer>, JoinError>) {
        match answer {
            Ok(answer) => self.add(answer),
            Err(error) => self.lost.push(error.to_string()),
        }
    }
}
