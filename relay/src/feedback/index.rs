//! What the relay remembers of its records, to keep the quotas without reading the folder for each request.

use std::collections::HashMap;
use std::io;
use std::path::Path;

use super::day::Day;
use super::folder::{self, ReadError};
use super::record::RecordId;

/// The records of a folder, and the room that unfinished ones take.
#[derive(Debug, Default)]
pub(super) struct Index {
    records: HashMap<RecordId, Entry>,
    /// Bytes of all records.
    bytes: u64,
    /// Records that are being written, and their bytes.
    unfinished: (usize, u64),
}

#[derive(Clone, Copy, Debug)]
struct Entry {
    day: Day,
    bytes: u64,
}

impl Index {
    /// Number and bytes of the records.
    pub(super) fn size(&self) -> (usize, u64) {
        (self.records.len(), self.bytes)
    }

    /// Reserves room for a record, if these limits allow it.
    pub(super) fn reserve(&mut self, bytes: u64, max_files: usize, max_bytes: u64) -> bool {
        let (files, unfinished) = self.unfinished;
        let fits = self.records.len() + files < max_files
            && self.bytes.saturating_add(unfinished).saturating_add(bytes) <= max_bytes;
        if fits {
            self.unfinished = (files + 1, unfinished + bytes);
        }
        fits
    }

    /// Frees the room of a reservation.
    pub(super) fn release(&mut self, bytes: u64) {
        let (files, unfinished) = self.unfinished;
        self.unfinished = (files.saturating_sub(1), unfinished.saturating_sub(bytes));
    }

    pub(super) fn add(&mut self, id: RecordId, day: Day, bytes: u64) {
        let before = self.records.insert(id, Entry { day, bytes }).map_or(0, |entry| entry.bytes);
        self.bytes = (self.bytes + bytes).saturating_sub(before);
    }

    pub(super) fn remove(&mut self, id: &RecordId) {
        self.bytes = self.bytes.saturating_sub(self.records.remove(id).map_or(0, |entry| entry.bytes));
    }

    /// The records that are `days` old.
    pub(super) fn expired(&self, today: Day, days: u16) -> Vec<RecordId> {
        let old = self.records.iter().filter(|(_, entry)| entry.day.until(today) >= i64::from(days));
        old.map(|(id, _)| id.clone()).collect()
    }

    /// Adds the records that others wrote into the folder, and forgets those that others deleted.
    pub(super) fn refresh(&mut self, folder: &Path) -> io::Result<()> {
        let mut records = HashMap::new();
        for id in folder::ids(folder)? {
            let entry = match self.records.get(&id) {
                Some(entry) => Some(*entry),
                None => read(folder, &id),
            };
            records.extend(entry.map(|entry| (id, entry)));
        }
        self.bytes = records.values().map(|entry| entry.bytes).sum();
        self.records = records;
        Ok(())
    }
}

/// The day and size of a record; none if it was deleted meanwhile. One that is damaged or cannot be read expires by the
/// time of its file: it must not keep the others from expiring.
fn read(folder: &Path, id: &RecordId) -> Option<Entry> {
    let (day, bytes) = match folder::header(folder, id) {
        Ok((header, bytes)) => (header.facts.day, bytes),
        Err(ReadError::File(error)) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            tracing::warn!("feedback {}: {error}", id.short());
            folder::day_of_file(folder, id).ok()?
        }
    };
    Some(Entry { day, bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(number: u8) -> RecordId {
        RecordId::parse(&format!("{number:032x}")).unwrap()
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn unfinished_records_take_room_too() {
        let mut index = Index::default();
        assert!(index.reserve(60, 2, 100));
        assert!(!index.reserve(60, 2, 100));
        assert!(index.reserve(40, 2, 100));
        assert!(!index.reserve(0, 2, 100));
        index.release(60);
        index.add(id(1), day("2026-12-01"), 60);
        index.add(id(1), day("2026-12-01"), 60);
        assert_eq!(index.size(), (1, 60));
        index.release(40);
        assert!(index.reserve(40, 2, 100));
        index.remove(&id(1));
        index.remove(&id(1));
        assert_eq!(index.size(), (0, 0));
    }

    #[test]
    fn a_record_expires_after_its_days_and_not_before() {
        let mut index = Index::default();
        index.add(id(1), day("2026-12-01"), 1);
        assert!(index.expired(day("2027-11-30"), 365).is_empty());
        assert_eq!(index.expired(day("2027-12-01"), 365), [id(1)]);
        // A clock that is set back deletes nothing.
        assert!(index.expired(day("2026-01-01"), 1).is_empty());
    }
}
