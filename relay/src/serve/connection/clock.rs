//! The deadlines of a connection.

use std::time::Duration;

use tokio::time::Instant;

use crate::http::body::{Meter, MinimumRate};
use crate::settings::Times;

/// The first bytes of every HTTP/2 connection (RFC 9113, section 3.4) that distinguish it from HTTP/1.1.
const HTTP_2: &[u8; 3] = b"PRI";

/// The timeouts of a connection.
#[derive(Clone, Copy, Debug)]
pub(in crate::serve) struct Timeouts {
    /// Of a connection without a request.
    idle: Duration,
    /// From a request's first byte to the end of its header.
    header: Duration,
    /// The minimum rate at which a client reads responses.
    minimum: MinimumRate,
}

impl From<Times> for Timeouts {
    fn from(times: Times) -> Self {
        Self { idle: times.idle, header: times.header, minimum: times.into() }
    }
}

/// The state of a connection, from which its deadline follows.
#[derive(Debug)]
pub(in crate::serve) struct Clock {
    timeouts: Timeouts,
    /// Requests without a response yet. They have their own timeouts.
    open: usize,
    /// Responses being sent.
    answers: usize,
    /// Whether the socket's send buffer is full. The end of a response may wait there after its body is done.
    blocked: bool,
    /// Measures how the client reads responses.
    taken: Meter,
    /// The last time at which the connection became idle.
    idle_since: Instant,
    /// The time of the first byte after that.
    first_byte: Option<Instant>,
    /// The first bytes of the connection, which show the version of HTTP.
    begin: Vec<u8>,
}

impl Clock {
    pub(in crate::serve) fn new(timeouts: Timeouts, now: Instant) -> Self {
        let taken = Meter::starting(now);
        Self {
            timeouts,
            open: 0,
            answers: 0,
            blocked: false,
            taken,
            idle_since: now,
            first_byte: None,
            begin: Vec::with_capacity(HTTP_2.len()),
        }
    }

    pub(super) fn read(&mut self, bytes: &[u8], now: Instant) {
        if bytes.is_empty() {
            return;
        }
        let missing = HTTP_2.len() - self.begin.len();
        self.begin.extend(bytes.iter().take(missing));
        if self.open == 0 && self.answers == 0 {
            self.first_byte.get_or_insert(now);
        }
    }

    /// The send buffer is full.
    pub(super) fn blocked(&mut self) {
        self.blocked = true;
    }

    /// Bytes were sent; 0 after a complete flush.
    pub(super) fn written(&mut self, bytes: usize, now: Instant) {
        self.blocked = false;
        self.taken.passed(bytes, now);
    }

    pub(super) fn request_begins(&mut self) {
        self.open += 1;
        self.first_byte = None;
    }

    /// The response to a request starts.
    pub(super) fn answer_begins(&mut self, now: Instant) {
        if self.answers == 0 {
            self.taken = Meter::starting(now);
        }
        self.answers += 1;
    }

    pub(super) fn answer_ends(&mut self, now: Instant) {
        self.answers = self.answers.saturating_sub(1);
        self.ends(now);
    }

    pub(super) fn request_ends(&mut self, now: Instant) {
        self.open = self.open.saturating_sub(1);
        self.ends(now);
    }

    fn ends(&mut self, now: Instant) {
        if self.open == 0 && self.answers == 0 {
            (self.idle_since, self.first_byte) = (now, None);
        }
    }

    /// The deadline of the next byte; none while a request is processed.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let Timeouts { idle, header, minimum } = self.timeouts;
        if self.open > 0 {
            return None;
        }
        if self.answers > 0 || self.blocked {
            return Some(self.taken.deadline(minimum).0);
        }
        let idle = self.idle_since + idle;
        Some(match self.first_byte {
            None => idle,
            // On HTTP/2 the first byte may belong to a frame without a request.
            Some(first_byte) if self.begin == HTTP_2 => idle.max(first_byte + header),
            Some(first_byte) => first_byte + header,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUTS: Timeouts = Timeouts {
        idle: Duration::from_secs(15),
        header: Duration::from_secs(10),
        minimum: MinimumRate { stall: Duration::from_secs(20), least_rate: 2000 },
    };

    /// A clock, and a function from seconds to times after its start.
    fn clock() -> (Clock, impl Fn(u64) -> Instant) {
        let began = Instant::now();
        (Clock::new(TIMEOUTS, began), move |second| began + Duration::from_secs(second))
    }

    #[test]
    fn a_silent_connection_is_idle_and_a_started_header_has_a_deadline() {
        let (mut clock, at) = clock();
        assert_eq!(clock.deadline(), Some(at(15)));
        clock.read(b"", at(1));
        assert_eq!(clock.deadline(), Some(at(15)));
        clock.read(b"GET", at(2));
        clock.read(b" / HTTP/1.1", at(9));
        assert_eq!(clock.deadline(), Some(at(12)));
    }

    #[test]
    fn frames_without_a_request_do_not_shorten_the_idle_timeout() {
        let (mut clock, at) = clock();
        clock.read(b"P", at(1));
        clock.read(b"RI * HTTP/2.0", at(1));
        assert_eq!(clock.deadline(), Some(at(15)));
        clock.request_begins();
        assert_eq!(clock.deadline(), None);
        clock.request_ends(at(100));
        clock.read(b"ping", at(114));
        assert_eq!(clock.deadline(), Some(at(124)));
    }

    #[test]
    fn an_unread_response_has_a_deadline_and_then_the_connection_is_idle() {
        let (mut clock, at) = clock();
        clock.read(b"GET", at(1));
        clock.request_begins();
        clock.answer_begins(at(50));
        assert_eq!(clock.deadline(), None);
        clock.request_ends(at(50));
        clock.written(1_000_000, at(60));
        assert_eq!(clock.deadline(), Some(at(80)));
        clock.blocked();
        clock.answer_ends(at(70));
        assert_eq!(clock.deadline(), Some(at(80)));
        clock.written(0, at(75));
        assert_eq!(clock.deadline(), Some(at(85)));
    }
}
