//! Findings on a host's addresses.

use std::net::SocketAddr;

use super::finding::{Finding, Grade};
use super::reach::{Dead, Reach};
use crate::text::printable;

const TOPIC: &str = "address";

/// Findings on all addresses. An address that refuses connections beside one that accepts them is a warning: phones try
/// one after another.
pub(super) fn of_addresses(reach: &Reach) -> Vec<Finding> {
    let open = |address: &SocketAddr| Finding::good(TOPIC, format!("{address} takes connections"));
    let mut findings: Vec<Finding> = reach.unknown.iter().map(|failure| Finding::failure(TOPIC, failure)).collect();
    findings.extend(reach.open.iter().map(open));
    let learnt = !reach.open.is_empty() || reach.dead.iter().any(|dead| !dead.untried);
    findings.extend(
        reach.dead.iter().map(|dead| if dead.untried { of_untried(dead, learnt) } else { of_dead(dead, &reach.open) }),
    );
    findings
}

/// An address that was not tried is an error only if no other address was tried.
fn of_untried(Dead { address, failure, .. }: &Dead, learnt: bool) -> Finding {
    let family = family(*address);
    let text = format!("{address} was not tried: this machine has no {family}");
    if learnt {
        let hint = format!("check it from a machine that has {family}, since phones try it first");
        Finding { hint: Some(hint), ..Finding::note(TOPIC, text) }
    } else {
        Finding::bad(TOPIC, failure.error, text, "check from one that has")
    }
}

fn of_dead(Dead { address, failure, .. }: &Dead, open: &[SocketAddr]) -> Finding {
    if open.is_empty() {
        return Finding::failure(TOPIC, failure);
    }
    let family = family(*address);
    let fail = if open.iter().any(|open| open.is_ipv6() == address.is_ipv6()) {
        String::new()
    } else {
        format!(", and those that have only {family} fail")
    };
    Finding {
        topic: TOPIC,
        grade: Grade::Warning,
        text: format!("{}; phones that try it first wait{fail}", printable(&failure.why)),
        hint: Some(format!(
            "{}, or take the address ({} record) out of the DNS",
            failure.error.hint(),
            if address.is_ipv6() { "AAAA" } else { "A" },
        )),
    }
}

fn family(address: SocketAddr) -> &'static str {
    if address.is_ipv6() { "IPv6" } else { "IPv4" }
}

#[cfg(test)]
mod tests {
    use super::super::net_error::{Failure, NetError};
    use super::*;

    const OPEN: &str = "192.0.2.1:443";

    fn dead(address: &str, untried: bool) -> Dead {
        let failure = Failure { error: NetError::ConnectionTimedOut, why: format!("{address}: no connection") };
        Dead { address: address.parse().unwrap(), failure, untried }
    }

    fn all(open: &[&str], dead: Vec<Dead>) -> Vec<Finding> {
        let open = open.iter().map(|address| address.parse().unwrap()).collect();
        of_addresses(&Reach { open, dead, unknown: None })
    }

    fn only(open: &[&str], dead: Dead) -> Finding {
        all(open, vec![dead]).pop().unwrap()
    }

    #[test]
    fn one_dead_address_is_a_warning_that_names_its_dns_record() {
        for (address, fails, record) in [
            (
                "[2001:db8::1]:443",
                "; phones that try it first wait, and those that have only IPv6 fail",
                "(AAAA record)",
            ),
            ("192.0.2.7:443", "; phones that try it first wait", "(A record)"),
        ] {
            let Finding { grade, text, hint, .. } = only(&[OPEN], dead(address, false));
            assert!(grade == Grade::Warning && text.starts_with(address) && text.ends_with(fails), "{text}");
            let hint = hint.unwrap();
            assert!(hint.contains("firewall") && hint.contains(record), "{hint}");
        }
    }

    #[test]
    fn no_answering_address_is_an_error() {
        let finding = only(&[], dead("[2001:db8::1]:443", false));
        assert_eq!(finding.grade, Grade::Bad(NetError::ConnectionTimedOut));
    }

    #[test]
    fn missing_local_ipv6_is_only_a_note() {
        let finding = only(&[OPEN], dead("[2001:db8::1]:443", true));
        assert!(finding.grade == Grade::Note && finding.text.contains("not tried"), "{}", finding.text);
    }

    #[test]
    fn an_untried_address_does_not_outrank_a_failed_one() {
        let (tried, untried) = (|| dead("192.0.2.7:443", false), || dead("[2001:db8::1]:443", true));
        for both in [vec![tried(), untried()], vec![untried(), tried()]] {
            let expected: Vec<bool> = both.iter().map(|dead| dead.untried).collect();
            let noted: Vec<bool> = all(&[], both).iter().map(|finding| finding.grade == Grade::Note).collect();
            assert_eq!(noted, expected);
        }
        let Finding { grade, text, hint, .. } = only(&[], untried());
        assert_eq!(grade, Grade::Bad(NetError::ConnectionTimedOut));
        assert!(text.contains("this machine has no IPv6"), "{text}");
        assert_eq!(hint.as_deref(), Some("check from one that has"));
    }
}
