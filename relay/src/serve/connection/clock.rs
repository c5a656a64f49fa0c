//! Until when a connection may go on as it does.

use std::time::Duration;

use tokio::time::Instant;

use crate::meter::{Meter, MinimumRate};
use crate::settings::Times;

/// What every HTTP/2 connection begins with (RFC 9113, section 3.4), as far as it is no method of HTTP/1.1.
const HTTP_2: &[u8; 3] = b"PRI";

/// What a connection is held to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Timeouts {
    /// Without a request.
    idle: Duration,
    /// From a request's first byte to the end of its header.
    header: Duration,
    /// Of answers that are taken.
    minimum: MinimumRate,
}

impl From<Times> for Timeouts {
    fn from(times: Times) -> Self {
        Self { idle: times.idle, header: times.header, minimum: times.into() }
    }
}

/// What happens on a connection, and when.
#[derive(Debug)]
pub(super) struct Clock {
    timeouts: Timeouts,
    /// Requests whose answer is not known yet. They have timeouts of their own.
    open: usize,
    /// Answers that are on their way.
    answers: usize,
    /// Whether bytes wait for room on their way out: the end of an answer may, when its body is long done with.
    blocked: bool,
    /// How answers are taken.
    taken: Meter,
    /// Since when there was no request; the last time it was so.
    quiet: Instant,
    /// The first byte after that.
    spoke: Option<Instant>,
    /// The first bytes of all, which tell the version of HTTP.
    begin: Vec<u8>,
}

impl Clock {
    pub(super) fn new(timeouts: Timeouts, now: Instant) -> Self {
        let taken = Meter::starting(now);
        Self {
            timeouts,
            open: 0,
            answers: 0,
            blocked: false,
            taken,
            quiet: now,
            spoke: None,
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
            self.spoke.get_or_insert(now);
        }
    }

    /// There is no room for more bytes on their way out.
    pub(super) fn blocked(&mut self) {
        self.blocked = true;
    }

    /// So many bytes went out; none where all that had waited did.
    pub(super) fn written(&mut self, bytes: usize, now: Instant) {
        self.blocked = false;
        self.taken.passed(bytes, now);
    }

    pub(super) fn request_begins(&mut self) {
        self.open += 1;
        self.spoke = None;
    }

    /// The request's answer is known, and on its way from now on.
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
            (self.quiet, self.spoke) = (now, None);
        }
    }

    /// Until when the next byte is waited for; for ever while a request is worked on.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let Timeouts { idle, header, minimum } = self.timeouts;
        if self.open > 0 {
            return None;
        }
        if self.answers > 0 || self.blocked {
            return Some(self.taken.deadline(minimum).0);
        }
        let idle = self.quiet + idle;
        Some(match self.spoke {
            None => idle,
            // On HTTP/2 the first byte may be of a frame that belongs to no request.
            Some(spoke) if self.begin == HTTP_2 => idle.max(spoke + header),
            Some(spoke) => spoke + header,
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

    /// A clock, and moments in seconds after its beginning.
    fn clock() -> (Clock, impl Fn(u64) -> Instant) {
        let began = Instant::now();
        (Clock::new(TIMEOUTS, began), move |second| began + Duration::from_secs(second))
    }

    #[test]
    fn who_says_nothing_is_idle_and_who_began_has_to_end_his_header() {
        let (mut clock, at) = clock();
        assert_eq!(clock.deadline(), Some(at(15)));
        clock.read(b"", at(1));
        assert_eq!(clock.deadline(), Some(at(15)));
        clock.read(b"GET", at(2));
        clock.read(b" / HTTP/1.1", at(9));
        assert_eq!(clock.deadline(), Some(at(12)));
    }

    #[test]
    fn frames_of_no_request_do_not_shorten_what_an_idle_connection_has() {
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
    fn an_answer_is_to_be_taken_and_then_the_connection_is_idle() {
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
