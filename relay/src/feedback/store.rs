//! The store of a running relay.
//!
//! A record is written to a temporary file, synced, and renamed: a reader sees all of it or nothing, and a record whose
//! code was sent survives a kill and a power failure. Several relays may share a folder; each counts the others' records
//! when it starts and once an hour.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use ipnet::IpNet;

use super::code::{DeletionCode, NoRandomness};
use super::day::Day;
use super::facts::Facts;
use super::folder;
use super::index::Index;
use super::record;
use super::share::{Share, Shares};
use crate::monitoring::metrics::Metrics;
use crate::output::replace::{Readers, create};
use crate::settings::FeedbackSettings;

/// Least time between two readings of the folder for a photo that does not fit.
const RECOUNT: Duration = Duration::from_secs(60);

/// The records in the folder that the operator chose.
#[derive(Debug)]
pub struct Store {
    settings: FeedbackSettings,
    index: Mutex<Counted>,
    shares: Shares,
    /// Where its size is reported to.
    metrics: Option<Metrics>,
}

#[derive(Debug)]
struct Counted {
    index: Index,
    at: Instant,
}

/// A folder that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The folder or a record in it cannot be read.
    #[error("cannot read the feedback in {}: {source}", folder.display())]
    Read {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// No file can be made in the folder.
    #[error("cannot write to {}: {source}; let the user who runs this write to it (chown, chmod), or choose another \
             folder with --feedback", folder.display())]
    Write {
        /// The folder.
        folder: PathBuf,
        /// The system's error.
        source: io::Error,
    },
}

/// A photo that cannot be kept.
#[derive(Debug, thiserror::Error)]
pub enum KeepError {
    /// The disk or the user's quota on it is full.
    #[error("the disk is full: {0}")]
    Disk(io::Error),
    /// The operator's quotas are used up.
    #[error("the quotas for feedback are used up")]
    Quota,
    /// No code could be made.
    #[error(transparent)]
    Randomness(#[from] NoRandomness),
    /// The record cannot be written.
    #[error("cannot write the record: {0}")]
    Write(io::Error),
}

/// A stored record. It is deleted again if this is dropped before [`Kept::announce`]: without its code, its sender could
/// not delete it.
#[derive(Debug)]
pub struct Kept {
    store: Arc<Store>,
    code: DeletionCode,
    announced: bool,
}

/// Checks that records can be written to a folder.
///
/// # Errors
/// [`StoreError::Write`].
pub(crate) fn check(folder: &Path) -> Result<(), StoreError> {
    let write = |source| StoreError::Write { folder: folder.to_owned(), source };
    tempfile::tempfile_in(folder).map(drop).map_err(write)
}

impl Store {
    /// Opens the folder, and removes expired records.
    ///
    /// # Errors
    /// The folder cannot be read or written.
    pub fn open(settings: &FeedbackSettings) -> Result<Self, StoreError> {
        check(&settings.folder)?;
        let today = Day::today();
        let store = Self {
            index: Mutex::new(Counted { index: Index::default(), at: Instant::now() }),
            shares: Shares::new(settings.per_day, today),
            metrics: None,
            settings: settings.clone(),
        };
        let read = |source| StoreError::Read { folder: settings.folder.clone(), source };
        store.sweep(today).map_err(read)?;
        let (records, bytes) = store.lock().index.size();
        tracing::info!("feedback in {}: {records} records, {bytes} bytes", settings.folder.display());
        Ok(store)
    }

    /// Reports its size to these metrics.
    #[must_use]
    pub fn reporting_to(self, metrics: &Metrics) -> Self {
        let store = Self { metrics: Some(metrics.clone()), ..self };
        store.report(&store.lock().index);
        store
    }

    /// Days for which a record is kept.
    #[must_use]
    pub fn days(&self) -> u16 {
        self.settings.days
    }

    /// Whether it takes photos. A share of none a day leaves only deletion.
    pub(crate) fn is_open(&self) -> bool {
        self.settings.per_day > 0
    }

    /// Takes one photo of a client's share of today; none if it is used up.
    pub(crate) fn share(&self, client: IpNet) -> Option<Share> {
        self.shares.take(client, Day::today())
    }

    /// Stores a record.
    ///
    /// # Errors
    /// [`KeepError`]; nothing of the record is left then.
    pub fn keep(self: Arc<Self>, facts: Facts, picture: &[u8]) -> Result<Kept, KeepError> {
        let code = DeletionCode::random()?;
        let (id, day) = (code.id(), facts.day);
        let record = record::encoded(facts, picture);
        let bytes = record.len() as u64;
        self.reserve(bytes)?;
        let written = create(&folder::path(&self.settings.folder, &id), &record, Readers::Owner);
        let mut counted = self.lock();
        counted.index.release(bytes);
        written.map_err(|error| match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge => {
                KeepError::Disk(error)
            }
            _ => KeepError::Write(error),
        })?;
        counted.index.add(id, day, bytes);
        self.report(&counted.index);
        drop(counted);
        Ok(Kept { store: self, code, announced: false })
    }

    /// Deletes the record of that code. Returns whether there was one.
    ///
    /// # Errors
    /// The file system's.
    pub(crate) fn delete(&self, code: &DeletionCode) -> io::Result<bool> {
        let id = code.id();
        let removed = folder::delete(&self.settings.folder, &id)?;
        let mut counted = self.lock();
        counted.index.remove(&id);
        self.report(&counted.index);
        Ok(removed)
    }

    /// Removes expired records and what killed writers left behind, and counts the others.
    pub(super) fn sweep(&self, today: Day) -> io::Result<()> {
        let folder = &self.settings.folder;
        folder::remove_unfinished(folder, SystemTime::now())?;
        let mut counted = self.lock();
        counted.recount(folder)?;
        let expired = counted.index.expired(today, self.settings.days);
        let mut removed = 0;
        for id in &expired {
            // One that cannot be removed is tried again at the next sweep.
            if let Err(error) = folder::delete(folder, id) {
                tracing::error!("cannot remove the expired {}: {error}", folder::path(folder, id).display());
                continue;
            }
            counted.index.remove(id);
            removed += 1;
        }
        self.report(&counted.index);
        drop(counted);
        if removed > 0 {
            tracing::info!("feedback: {removed} expired records removed");
        }
        Ok(())
    }

    fn reserve(&self, bytes: u64) -> Result<(), KeepError> {
        let FeedbackSettings { max_files, max_bytes, folder, .. } = &self.settings;
        let mut counted = self.lock();
        if counted.index.reserve(bytes, *max_files, *max_bytes) {
            return Ok(());
        }
        // The operator may have deleted records.
        if counted.at.elapsed() >= RECOUNT {
            counted.recount(folder).map_err(KeepError::Write)?;
            self.report(&counted.index);
        }
        if counted.index.reserve(bytes, *max_files, *max_bytes) { Ok(()) } else { Err(KeepError::Quota) }
    }

    fn report(&self, index: &Index) {
        let Some(metrics) = &self.metrics else { return };
        let (records, bytes) = index.size();
        metrics.feedback_records.set(i64::try_from(records).unwrap_or(i64::MAX));
        metrics.feedback_bytes.set(i64::try_from(bytes).unwrap_or(i64::MAX));
    }

    fn lock(&self) -> MutexGuard<'_, Counted> {
        self.index.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Counted {
    fn recount(&mut self, folder: &Path) -> io::Result<()> {
        self.at = Instant::now();
        self.index.refresh(folder)
    }
}

impl Kept {
    /// The code for the sender. From now on the record stays.
    #[must_use]
    pub fn announce(mut self) -> String {
        self.announced = true;
        self.code.to_string()
    }
}

impl Drop for Kept {
    fn drop(&mut self) {
        if !self.announced
            && let Err(error) = self.store.delete(&self.code)
        {
            tracing::error!(%error, "cannot delete feedback whose sender left");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mango_inference::{ClassId, Verdict};
    use std::fs;
    use tempfile::TempDir;

    fn settings(folder: &TempDir) -> FeedbackSettings {
        let folder = folder.path().to_owned();
        FeedbackSettings { folder, days: 365, max_bytes: 1 << 20, max_files: 3, per_day: 50 }
    }

    fn facts(day: &str) -> Facts {
        let class = |id: &str| ClassId::try_from(id.to_owned()).unwrap();
        Facts {
            label: class("anthracnose"),
            answer: class("healthy"),
            verdict: Verdict::Unsure,
            model: "leaf-mini 0.2.0".to_owned(),
            day: day.parse().unwrap(),
        }
    }

    fn files(folder: &TempDir) -> usize {
        fs::read_dir(folder.path()).unwrap().count()
    }

    #[test]
    fn a_record_stays_only_if_its_code_is_announced() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(&settings(&folder)).unwrap());
        drop(Arc::clone(&store).keep(facts("2026-12-01"), b"picture").unwrap());
        assert_eq!(files(&folder), 0);
        let today = Day::today().to_string();
        let code = Arc::clone(&store).keep(facts(&today), b"picture").unwrap().announce();
        assert_eq!(files(&folder), 1);
        let name = fs::read_dir(folder.path()).unwrap().next().unwrap().unwrap().file_name();
        assert!(!name.to_str().unwrap().contains(&code));
        let code = code.parse().unwrap();
        assert!(store.delete(&code).unwrap());
        assert!(!store.delete(&code).unwrap());
        assert_eq!(files(&folder), 0);
    }

    #[test]
    fn quotas_count_records_of_former_runs_and_deleted_ones_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let today = Day::today().to_string();
        let codes: Vec<String> = (0..3)
            .map(|_| {
                let store = Arc::new(Store::open(&settings(&folder)).unwrap());
                store.keep(facts(&today), b"picture").unwrap().announce()
            })
            .collect();
        let store = Arc::new(Store::open(&settings(&folder)).unwrap());
        let keep = |picture: &[u8]| Arc::clone(&store).keep(facts(&today), picture).map(Kept::announce);
        assert!(matches!(keep(b"picture"), Err(KeepError::Quota)));
        assert!(store.delete(&codes[0].parse().unwrap()).unwrap());
        assert!(matches!(keep(&[0; 1 << 20]), Err(KeepError::Quota)));
        keep(b"picture").unwrap();
        assert_eq!(files(&folder), 3);
    }

    #[test]
    fn one_bad_entry_does_not_keep_the_others_from_expiring() {
        let folder = tempfile::tempdir().unwrap();
        let store = Arc::new(Store::open(&settings(&folder)).unwrap());
        let _ = Arc::clone(&store).keep(facts("2026-12-01"), b"picture").unwrap().announce();
        // Neither can be read or unlinked as a file.
        fs::create_dir(folder.path().join(format!("{}.feedback", "0".repeat(32)))).unwrap();
        fs::create_dir(folder.path().join(".tmpfolder")).unwrap();
        folder::remove_unfinished(folder.path(), SystemTime::now() + Duration::from_secs(3601)).unwrap();
        store.sweep("2027-12-02".parse().unwrap()).unwrap();
        assert_eq!(files(&folder), 2, "the two folders are left");
        assert!(Store::open(&settings(&folder)).is_ok());
    }

    #[test]
    fn sweeping_removes_what_is_old_and_counts_what_others_changed() {
        let folder = tempfile::tempdir().unwrap();
        let metrics = Metrics::new().unwrap();
        let store = Arc::new(Store::open(&settings(&folder)).unwrap().reporting_to(&metrics));
        for day in ["2001-01-01", "2001-01-02"] {
            let _ = Arc::clone(&store).keep(facts(day), b"picture").unwrap().announce();
        }
        fs::write(folder.path().join(".tmpkilled"), b"half").unwrap();
        fs::write(folder.path().join(format!("{}.feedback", "0".repeat(32))), b"damaged").unwrap();
        fs::write(folder.path().join("notes.txt"), b"of the operator").unwrap();
        store.sweep("2002-01-01".parse().unwrap()).unwrap();
        let listing = folder::list(folder.path()).unwrap();
        assert_eq!(listing.records.len(), 1);
        assert_eq!(listing.records[0].facts.day.to_string(), "2001-01-02");
        // The unfinished file may still have a writer; the damaged record is as old as its file.
        assert_eq!((listing.damaged.len(), files(&folder)), (1, 4));
        assert_eq!(store.lock().index.size().0, 2);
        fs::remove_file(&listing.damaged[0].0).unwrap();
        store.sweep("2002-01-01".parse().unwrap()).unwrap();
        assert!(metrics.text().contains("mango_relay_feedback_records 1\n"), "{}", metrics.text());
        folder::remove_unfinished(folder.path(), SystemTime::now() + Duration::from_secs(3601)).unwrap();
        assert_eq!(files(&folder), 2);
    }

    #[test]
    fn a_folder_that_cannot_be_used_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = settings(&folder);
        settings.folder = folder.path().join("missing");
        let error = Store::open(&settings).unwrap_err().to_string();
        assert!(error.contains("missing") && error.contains("--feedback"), "{error}");
    }
}
