//! The result of a leave-one-out test of a gallery.

mod text;

pub(super) use text::before_and_after;

use std::collections::BTreeMap;

use mango_inference::ClassId;
use serde::Serialize;

use super::leave_one_out::Outcome;

/// Correctly classified photos by class. Only photos whose class has another photo are counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(super) struct Report {
    /// The gallery's photos.
    photos: usize,
    #[serde(flatten)]
    total: Count,
    classes: Vec<ClassReport>,
    /// Photos classified as another class, the most certain first.
    look_again: Vec<Doubt>,
}

/// Counts of tested photos.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
struct Count {
    /// Tested photos.
    held: usize,
    /// Correctly classified photos.
    right: usize,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct ClassReport {
    id: ClassId,
    photos: usize,
    #[serde(flatten)]
    count: Count,
    /// The most frequent wrong class.
    #[serde(skip_serializing_if = "Option::is_none")]
    instead: Option<Instead>,
}

#[derive(Clone, Debug, PartialEq, Serialize)]
struct Instead {
    id: ClassId,
    photos: usize,
}

/// A photo that may be under the wrong class.
#[derive(Clone, Debug, PartialEq, Serialize)]
struct Doubt {
    key: String,
    class: ClassId,
    called: ClassId,
    probability: f32,
}

impl Report {
    pub(super) fn of(mut outcomes: Vec<Outcome>) -> Self {
        outcomes.sort_by(|a, b| b.probability.total_cmp(&a.probability));
        let mut by_class: BTreeMap<&ClassId, Vec<&Outcome>> = BTreeMap::new();
        for photo in &outcomes {
            by_class.entry(&photo.class).or_default().push(photo);
        }
        Self {
            photos: outcomes.len(),
            total: Count::of(&outcomes.iter().collect::<Vec<_>>()),
            classes: by_class.into_iter().map(|(id, photos)| ClassReport::of(id, &photos)).collect(),
            look_again: outcomes.iter().filter(|photo| photo.is_wrong()).map(Doubt::of).collect(),
        }
    }

    fn class(&self, id: &ClassId) -> Option<Count> {
        self.classes.iter().find(|class| class.id == *id).map(|class| class.count)
    }
}

impl Count {
    fn of(photos: &[&Outcome]) -> Self {
        let held: Vec<_> = photos.iter().filter(|photo| photo.known).collect();
        Self { held: held.len(), right: held.iter().filter(|photo| !photo.is_wrong()).count() }
    }
}

impl ClassReport {
    fn of(id: &ClassId, photos: &[&Outcome]) -> Self {
        let mut wrong: BTreeMap<&ClassId, usize> = BTreeMap::new();
        for photo in photos.iter().filter(|photo| photo.is_wrong()) {
            *wrong.entry(&photo.called).or_default() += 1;
        }
        // Ties go to the first in the order of ids.
        let instead = wrong.into_iter().rev().max_by_key(|(_, photos)| *photos);
        Self {
            id: id.clone(),
            photos: photos.len(),
            count: Count::of(photos),
            instead: instead.map(|(id, photos)| Instead { id: id.clone(), photos }),
        }
    }
}

impl Doubt {
    fn of(photo: &Outcome) -> Self {
        Self {
            key: photo.key.to_string(),
            class: photo.class.clone(),
            called: photo.called.clone(),
            probability: photo.probability,
        }
    }
}

impl Outcome {
    /// Whether the photo was tested and classified as another class.
    fn is_wrong(&self) -> bool {
        self.known && self.called != self.class
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mango_inference::PhotoKey;

    pub(super) fn id(name: &str) -> ClassId {
        name.to_owned().try_into().unwrap()
    }

    pub(super) fn outcome(photo: u8, class: &str, called: &str, probability: f32) -> Outcome {
        let key = PhotoKey::of(&[photo]);
        Outcome { key, class: id(class), called: id(called), probability, known: class != "alone" }
    }

    /// Photos of three classes, one of which has a single photo.
    pub(super) fn report() -> Report {
        Report::of(vec![
            outcome(1, "rings", "rings", 0.9),
            outcome(2, "rings", "stripes", 0.6),
            outcome(3, "rings", "anthracnose", 0.7),
            outcome(4, "rings", "stripes", 0.5),
            outcome(5, "stripes", "stripes", 0.8),
            outcome(6, "alone", "stripes", 0.99),
        ])
    }

    #[test]
    fn photos_alone_in_their_class_are_not_counted() {
        let report = report();
        assert_eq!((report.photos, report.total), (6, Count { held: 5, right: 2 }));
        assert_eq!(report.class(&id("rings")), Some(Count { held: 4, right: 1 }));
        assert_eq!(report.class(&id("alone")), Some(Count::default()));
        let rings = report.classes.iter().find(|class| class.id == id("rings")).unwrap();
        assert_eq!(rings.instead, Some(Instead { id: id("stripes"), photos: 2 }));
    }

    #[test]
    fn doubtful_photos_are_sorted_by_probability() {
        let doubts: Vec<_> = report().look_again.into_iter().map(|doubt| doubt.key).collect();
        assert_eq!(doubts, [3u8, 2, 4].map(|photo| PhotoKey::of(&[photo]).to_string()));
    }
}
