//! Photos that growers sent to a relay, as `mango-relay feedback export` writes them, with the decisions of a reviewer.
//!
//! A photo's group is the photo alone, and the hash of its bytes decides its split, so that it stays there in every later
//! export. Nothing in an export tells which photos show the same leaf: figures on feedback's own test split are too good
//! where a grower sent several photos of one leaf.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::fs;
use std::io;
use std::path::{Component, Path};

use anyhow::{Context, Result, bail, ensure};
use mango_inference::{ClassId, sha256};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::folder::split_of;
use crate::photos::dataset::{Sample, Split};

/// The list of an export's photos.
const LIST: &str = "feedback.json";
/// The reviewer's decisions, saved beside it.
const REVIEW: &str = "review.json";
/// The version of both formats.
const FORMAT: u32 = 1;
/// The label of a photo whose sender does not know the class.
const UNKNOWN: &str = "unknown";

/// The photos of an export that may be trained on.
#[derive(Clone, Debug)]
pub struct Feedback {
    /// The photos, by absolute paths.
    pub samples: Vec<Sample>,
    /// What became of all photos.
    pub counts: Counts,
}

/// What became of the photos of an export.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Photos in the export.
    pub exported: usize,
    /// Used with the grower's label, after the review or without one.
    pub accepted: usize,
    /// Used with the reviewer's label.
    pub corrected: usize,
    /// Dropped by the reviewer.
    pub dropped: usize,
    /// Of no known class, and not corrected.
    pub unknown: usize,
    /// Without a decision in a review.
    pub undecided: usize,
    /// Copies of another photo.
    pub copies: usize,
    /// Of classes that the model has no output for.
    pub other_classes: BTreeMap<ClassId, usize>,
    /// Whether there is a review.
    pub reviewed: bool,
    /// Photos that are used, for training, validation and the test.
    pub splits: [usize; 3],
}

#[derive(Deserialize)]
struct Export {
    format: u32,
    records: Vec<Record>,
}

#[derive(Deserialize)]
struct Record {
    id: String,
    file: String,
    label: ClassId,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Review {
    format: u32,
    decisions: HashMap<String, Decision>,
}

#[derive(Deserialize)]
#[serde(tag = "decision", rename_all = "lowercase", deny_unknown_fields)]
enum Decision {
    Accept {},
    Correct { label: ClassId },
    Drop {},
}

impl Feedback {
    /// Reads an export and the `review.json` in it: only accepted and corrected photos are used. With `unreviewed` there
    /// need be no review; without one every photo whose class the grower named is used.
    ///
    /// # Errors
    /// The folder is no export, the review or a photo is missing, two copies of a photo have different labels, or no photo is left.
    pub fn read(export: &Path, unreviewed: bool) -> Result<Self> {
        let export = fs::canonicalize(export).with_context(|| {
            format!("cannot read {}; give a folder that `mango-relay feedback export` wrote", export.display())
        })?;
        let list: Export = json(&export.join(LIST))?.with_context(|| {
            format!("{} has no {LIST}; give a folder that `mango-relay feedback export` wrote", export.display())
        })?;
        check(list.format, LIST)?;
        let review: Option<Review> = json(&export.join(REVIEW))?;
        if let Some(review) = &review {
            check(review.format, REVIEW)?;
        }
        ensure!(
            review.is_some() || unreviewed,
            "{} has no {REVIEW}: open its index.html, review the photos and save {REVIEW} there, or give --unreviewed to \
             use the growers' own labels",
            export.display()
        );
        let mut feedback = Self { samples: Vec::new(), counts: Counts::default() };
        feedback.counts.reviewed = review.is_some();
        let mut seen = HashMap::new();
        for record in list.records {
            let decision = review.as_ref().map(|review| review.decisions.get(&record.id));
            if let Some(label) = feedback.counts.label(&record, decision)? {
                feedback.add(&export, &record, label, &mut seen)?;
            }
        }
        Ok(feedback)
    }

    fn add(
        &mut self,
        export: &Path,
        record: &Record,
        label: ClassId,
        seen: &mut HashMap<String, (ClassId, String)>,
    ) -> Result<()> {
        let file = Path::new(&record.file);
        ensure!(
            file.components().all(|part| matches!(part, Component::Normal(_))),
            "{LIST} names {}, which is not in its folder",
            record.file
        );
        let path = export.join(file);
        let bytes =
            fs::read(&path).with_context(|| format!("cannot read {}; export the feedback again", path.display()))?;
        let digest = sha256(&bytes);
        if let Some((other, first)) = seen.get(&digest) {
            ensure!(
                *other == label,
                "{} and {first} are the same photo with two labels, {label} and {other}: drop one of them in the review",
                record.file
            );
            self.counts.copies += 1;
            return Ok(());
        }
        let split = split_of(&digest);
        seen.insert(digest, (label.clone(), record.file.clone()));
        let path = path.to_str().with_context(|| format!("{} is not UTF-8: rename it", path.display()))?.to_owned();
        self.samples.push(Sample { path, class: label, group: record.id.clone(), session: None, split });
        self.counts.splits[place(split)] += 1;
        Ok(())
    }

    /// Leaves out the photos of classes that a model has no output for.
    ///
    /// # Errors
    /// No photo is left.
    pub(crate) fn only(mut self, has_output: impl Fn(&ClassId) -> bool) -> Result<Self> {
        let (kept, others): (Vec<Sample>, Vec<Sample>) =
            self.samples.into_iter().partition(|sample| has_output(&sample.class));
        for sample in others {
            self.counts.splits[place(sample.split)] -= 1;
            *self.counts.other_classes.entry(sample.class).or_default() += 1;
        }
        self.samples = kept;
        if self.samples.is_empty() {
            bail!("no photo of the feedback can be used: {}", self.counts);
        }
        Ok(self)
    }
}

impl Counts {
    /// The label that a photo is trained with, if it is. `decision` is none without a review.
    fn label(&mut self, record: &Record, decision: Option<Option<&Decision>>) -> Result<Option<ClassId>> {
        self.exported += 1;
        let known = record.label.as_str() != UNKNOWN;
        let (count, label) = match decision {
            Some(Some(Decision::Correct { label })) => {
                ensure!(label.as_str() != UNKNOWN, "{REVIEW} corrects {} to `{UNKNOWN}`: drop it instead", record.id);
                (&mut self.corrected, Some(label))
            }
            Some(Some(Decision::Drop {})) => (&mut self.dropped, None),
            Some(Some(Decision::Accept {})) | None if known => (&mut self.accepted, Some(&record.label)),
            Some(None) if known => (&mut self.undecided, None),
            _ => (&mut self.unknown, None),
        };
        *count += 1;
        Ok(label.cloned())
    }
}

/// What became of the photos, in one line.
impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [train, val, test] = self.splits;
        write!(
            f,
            "{} of {} photos are used ({train} train, {val} val, {test} test): ",
            train + val + test,
            self.exported
        )?;
        if self.reviewed {
            write!(f, "{} accepted and {} corrected in the review", self.accepted, self.corrected)?;
        } else {
            write!(f, "{} with the growers' own labels, as there is no {REVIEW}", self.accepted)?;
        }
        let others = self.other_classes.values().sum();
        let left_out: Vec<String> = [
            (self.dropped, "dropped"),
            (self.unknown, "of unknown class"),
            (self.undecided, "undecided"),
            (self.copies, "copies"),
            (others, "of classes that the other photos do not show"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
        if !left_out.is_empty() {
            write!(f, "; left out: {}", left_out.join(", "))?;
        }
        if others > 0 {
            let classes: Vec<String> = self.other_classes.iter().map(|(id, count)| format!("{id} {count}")).collect();
            write!(f, " ({})", classes.join(", "))?;
        }
        Ok(())
    }
}

fn place(split: Split) -> usize {
    match split {
        Split::Train => 0,
        Split::Val => 1,
        Split::Test => 2,
    }
}

fn check(format: u32, name: &str) -> Result<()> {
    ensure!(
        format == FORMAT,
        "the format of {name} is {format}, not {FORMAT}; use the relay and the training of one version"
    );
    Ok(())
}

/// The content of a JSON file; none if there is no such file.
fn json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>> {
    match fs::read(path) {
        Ok(text) => Ok(Some(serde_json::from_slice(&text).with_context(|| format!("cannot use {}", path.display()))?)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    /// An export of these records: id, label, content of the photo.
    fn export(records: &[(&str, &str, &str)], review: Option<Value>) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        let mut list = Vec::new();
        for (id, label, content) in records {
            fs::create_dir_all(folder.path().join(label)).unwrap();
            let file = format!("{label}/{id}.jpg");
            fs::write(folder.path().join(&file), content).unwrap();
            list.push(json!({
                "id": id, "file": file, "label": label,
                "answer": "healthy", "verdict": "unsure", "model": "leaf-mini 0.2.0", "day": "2026-12-01",
            }));
        }
        let list = json!({ "format": 1, "classes": [], "records": list });
        fs::write(folder.path().join(LIST), list.to_string()).unwrap();
        if let Some(review) = review {
            fs::write(folder.path().join(REVIEW), review.to_string()).unwrap();
        }
        folder
    }

    fn labels(feedback: &Feedback) -> Vec<(&str, &str)> {
        feedback.samples.iter().map(|sample| (sample.group.as_str(), sample.class.as_str())).collect()
    }

    const RECORDS: [(&str, &str, &str); 5] = [
        ("a", "red_rust", "1"),
        ("b", "red_rust", "2"),
        ("c", "healthy", "3"),
        ("d", "unknown", "4"),
        ("e", "unknown", "5"),
    ];

    #[test]
    fn a_missing_review_is_an_error_unless_it_is_waived() {
        let folder = export(&RECORDS, None);
        let error = Feedback::read(folder.path(), false).unwrap_err().to_string();
        assert!(error.contains("has no review.json") && error.contains("--unreviewed"), "{error}");
    }

    #[test]
    fn without_a_review_every_known_label_counts() {
        let folder = export(&RECORDS, None);
        let feedback = Feedback::read(folder.path(), true).unwrap();
        assert_eq!(labels(&feedback), [("a", "red_rust"), ("b", "red_rust"), ("c", "healthy")]);
        let text = feedback.counts.to_string();
        assert!(text.starts_with("3 of 5 photos") && text.contains("there is no review.json"), "{text}");
        assert!(text.ends_with("left out: 2 of unknown class"), "{text}");
        assert!(feedback.samples.iter().all(|sample| Path::new(&sample.path).is_absolute()));
    }

    #[test]
    fn with_a_review_only_accepted_and_corrected_photos_count() {
        let review = json!({ "format": 1, "decisions": {
            "a": { "decision": "accept" },
            "b": { "decision": "drop" },
            "d": { "decision": "correct", "label": "die_back" },
            "e": { "decision": "accept" },
            "of a deleted record": { "decision": "accept" },
        } });
        let feedback = Feedback::read(export(&RECORDS, Some(review)).path(), true).unwrap();
        assert_eq!(labels(&feedback), [("a", "red_rust"), ("d", "die_back")]);
        let text = feedback.counts.to_string();
        assert!(text.contains("1 accepted and 1 corrected in the review"), "{text}");
        assert!(text.ends_with("left out: 1 dropped, 1 of unknown class, 1 undecided"), "{text}");

        let red_rust = |id: &ClassId| id.as_str() == "red_rust";
        let only = feedback.clone().only(red_rust).unwrap();
        assert_eq!(labels(&only), [("a", "red_rust")]);
        assert!(only.counts.to_string().ends_with("1 of classes that the other photos do not show (die_back 1)"));
        assert!(feedback.only(|_| false).unwrap_err().to_string().contains("no photo of the feedback can be used"));
    }

    #[test]
    fn a_photo_stays_in_its_split_whatever_record_it_comes_from() {
        let names: Vec<(String, String)> =
            (0..60).map(|number| (format!("id{number}"), format!("photo {number}"))).collect();
        let records: Vec<(&str, &str, &str)> =
            names.iter().map(|(id, content)| (id.as_str(), "red_rust", content.as_str())).collect();
        let all = Feedback::read(export(&records, None).path(), true).unwrap();
        assert!(all.counts.splits.iter().all(|count| *count > 3), "{:?}", all.counts);
        // The same photos sent again have other ids, and are fewer.
        let other_ids = names.iter().zip(names.iter().skip(20));
        let again: Vec<(&str, &str, &str)> =
            other_ids.map(|((id, _), (_, content))| (id.as_str(), "red_rust", content.as_str())).collect();
        let again = Feedback::read(export(&again, None).path(), true).unwrap();
        let splits = |feedback: &Feedback| feedback.samples.iter().map(|sample| sample.split).collect::<Vec<_>>();
        assert_eq!(splits(&all)[20..], splits(&again));
    }

    #[test]
    fn copies_are_one_photo_and_two_labels_are_an_error() {
        let same = [("a", "red_rust", "1"), ("b", "red_rust", "1"), ("c", "healthy", "2")];
        let feedback = Feedback::read(export(&same, None).path(), true).unwrap();
        assert_eq!(labels(&feedback), [("a", "red_rust"), ("c", "healthy")]);
        assert!(feedback.counts.to_string().ends_with("left out: 1 copies"));
        let two = [("a", "red_rust", "1"), ("b", "healthy", "1")];
        let error = Feedback::read(export(&two, None).path(), true).unwrap_err().to_string();
        assert!(error.contains("red_rust/a.jpg") && error.contains("two labels"), "{error}");
        let review =
            json!({ "format": 1, "decisions": { "a": { "decision": "accept" }, "b": { "decision": "drop" } } });
        assert_eq!(labels(&Feedback::read(export(&two, Some(review)).path(), true).unwrap()), [("a", "red_rust")]);
    }

    #[test]
    fn a_folder_that_cannot_be_used_says_why() {
        let message = |folder: &Path| format!("{:#}", Feedback::read(folder, true).unwrap_err());
        assert!(message(Path::new("/nonexistent")).contains("feedback export"));
        let folder = tempfile::tempdir().unwrap();
        assert!(message(folder.path()).contains("has no feedback.json"));
        fs::write(folder.path().join(LIST), "{\"format\":2,\"records\":[]}").unwrap();
        assert!(message(folder.path()).contains("format of feedback.json is 2"));
        let outside = json!({ "format": 1, "records": [{ "id": "a", "file": "../secret.jpg", "label": "healthy" }] });
        fs::write(folder.path().join(LIST), outside.to_string()).unwrap();
        assert!(message(folder.path()).contains("not in its folder"));
        let folder = export(&RECORDS, Some(json!({ "format": 1, "decisions": { "a": { "decision": "maybe" } } })));
        assert!(message(folder.path()).contains("review.json"));
        let folder = export(&RECORDS, None);
        fs::remove_file(folder.path().join("healthy/c.jpg")).unwrap();
        assert!(message(folder.path()).contains("export the feedback again"));
    }
}
