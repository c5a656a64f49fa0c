//! How many photos one client may send in a day.
//!
//! Addresses are in memory only, and for the current day only.

use std::num::NonZeroUsize;
use std::sync::{Arc, Mutex, PoisonError};

use ipnet::IpNet;
use lru::LruCache;

use super::day::Day;

/// Most clients that are counted. The least recently seen are forgotten and may send their whole share again.
const REMEMBERED: NonZeroUsize = NonZeroUsize::MIN.saturating_add((1 << 16) - 1);

/// The photos of each client today. Clones share them.
#[derive(Clone, Debug)]
pub(super) struct Shares {
    most: u16,
    sent: Arc<Mutex<(Day, LruCache<IpNet, u16>)>>,
}

/// One photo of a client's share, which it has again if this is dropped before [`Share::spend`].
#[derive(Debug)]
pub(crate) struct Share {
    shares: Shares,
    client: IpNet,
    day: Day,
    spent: bool,
}

impl Shares {
    /// `most` photos a day for each client.
    pub(super) fn new(most: u16, today: Day) -> Self {
        Self { most, sent: Arc::new(Mutex::new((today, LruCache::sparse(REMEMBERED)))) }
    }

    /// Takes one photo of a client's share; none if it is used up.
    pub(super) fn take(&self, client: IpNet, today: Day) -> Option<Share> {
        let mut sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let (day, clients) = &mut *sent;
        if *day != today {
            *day = today;
            clients.clear();
        }
        let count = clients.get(&client).copied().unwrap_or(0);
        if count >= self.most {
            return None;
        }
        clients.put(client, count + 1);
        Some(Share { shares: self.clone(), client, day: today, spent: false })
    }
}

impl Share {
    /// Counts the photo.
    pub(crate) fn spend(mut self) {
        self.spent = true;
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut sent = self.shares.sent.lock().unwrap_or_else(PoisonError::into_inner);
        let (day, clients) = &mut *sent;
        if !self.spent
            && *day == self.day
            && let Some(count) = clients.get_mut(&self.client)
        {
            *count = count.saturating_sub(1);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(number: u8) -> IpNet {
        IpNet::from(std::net::IpAddr::from([192, 0, 2, number]))
    }

    #[test]
    fn each_client_has_its_share_each_day() {
        let [today, tomorrow] = ["2026-12-01", "2026-12-02"].map(|day| day.parse().unwrap());
        let shares = Shares::new(2, today);
        shares.take(client(1), today).unwrap().spend();
        let open = shares.take(client(1), today).unwrap();
        assert!(shares.take(client(1), today).is_none());
        assert!(shares.take(client(2), today).is_some());
        // A photo that was not kept does not count.
        drop(open);
        shares.take(client(1), today).unwrap().spend();
        assert!(shares.take(client(1), today).is_none());
        let yesterdays = shares.take(client(2), today).unwrap();
        shares.take(client(2), tomorrow).unwrap().spend();
        drop(yesterdays);
        shares.take(client(2), tomorrow).unwrap().spend();
        assert!(shares.take(client(2), tomorrow).is_none());
    }
}
