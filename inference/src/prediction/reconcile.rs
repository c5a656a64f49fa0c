//! The choice between two answers: the phone's own or the relay's.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::catalog::ClassId;
use crate::prediction::{Prediction, RankedClass, Verdict};

/// The phone's class shown beside the relay's answer must be among its first classes, this many.
const BESIDE: usize = 3;

/// The answer that is shown, and the class of the grower's own gallery shown beside it. Serialises to the JSON that the
/// phone's binding returns.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Shown {
    /// The origin of the answer.
    pub source: Source,
    /// The answer.
    pub prediction: Prediction,
    /// The class from 'my orchard' that is shown beside the relay's answer, with the phone's probability; else the JSON
    /// has no such field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub orchard: Option<RankedClass>,
}

/// The origin of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The model on the phone.
    Phone,
    /// The relay, whose answer takes precedence.
    Relay,
}

impl Shown {
    /// The JSON that the phone's binding returns.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Only strings and finite numbers: serialisation cannot fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Prediction {
    /// Chooses between the phone's answer and the relay's, if there is one. `taught` are the classes that the grower
    /// added on the phone.
    ///
    /// If the phone is confident of a taught class, its answer is shown. Otherwise the relay's answer is shown, and the
    /// best taught class beside it if it is among the phone's first three and is not the relay's first class. A relay's
    /// answer `not_mango_leaf` has no class.
    #[must_use]
    pub fn reconcile(self, relay: Option<Self>, taught: &BTreeSet<ClassId>) -> Shown {
        let sure = self.verdict == Verdict::Confident && self.best().is_some_and(|best| taught.contains(&best.id));
        let Some(relay) = relay.filter(|_| !sure) else {
            return Shown { source: Source::Phone, prediction: self, orchard: None };
        };
        let own = self.classes.into_iter().take(BESIDE).find(|class| taught.contains(&class.id));
        let said = relay.best().filter(|_| relay.verdict != Verdict::NotMangoLeaf);
        let orchard = own.filter(|class| said.is_none_or(|said| said.id != class.id));
        Shown { source: Source::Relay, prediction: relay, orchard }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prediction::{Basis, ModelId};
    use proptest::prelude::*;

    fn id(name: &str) -> ClassId {
        name.to_owned().try_into().unwrap()
    }

    fn taught(names: &[&str]) -> BTreeSet<ClassId> {
        names.iter().map(|name| id(name)).collect()
    }

    /// Classes in this order, each half as probable as the one before it.
    fn prediction(model: &str, verdict: Verdict, names: &[&str]) -> Prediction {
        let class = |(rank, name): (i32, &&str)| RankedClass {
            id: id(name),
            probability: 0.5f32.powi(rank + 1),
            basis: Basis::Trained,
            photos: 0,
        };
        Prediction {
            model: ModelId { name: model.to_owned(), version: "1".to_owned() },
            verdict,
            out_of_domain: None,
            classes: (0..).zip(names).map(class).collect(),
            guild: None,
            part: None,
            symptom: None,
            heatmap: None,
        }
    }

    fn phone(verdict: Verdict, names: &[&str]) -> Prediction {
        prediction("phone", verdict, names)
    }

    fn relay(names: &[&str]) -> Prediction {
        prediction("relay", Verdict::Confident, names)
    }

    fn orchard(shown: &Shown) -> Option<(&str, f32)> {
        shown.orchard.as_ref().map(|class| (class.id.as_str(), class.probability))
    }

    #[test]
    fn without_the_relay_the_phones_answer_is_shown() {
        for verdict in [Verdict::Confident, Verdict::NotMangoLeaf, Verdict::Unsure] {
            let own = phone(verdict, &["mite", "healthy"]);
            let expected = Shown { source: Source::Phone, prediction: own.clone(), orchard: None };
            assert_eq!(own.reconcile(None, &taught(&["mite"])), expected);
        }
    }

    #[test]
    fn a_taught_class_that_the_phone_is_confident_of_is_shown() {
        let own = phone(Verdict::Confident, &["mite", "healthy"]);
        let shown = own.clone().reconcile(Some(relay(&["healthy", "mite"])), &taught(&["mite"]));
        assert_eq!(shown, Shown { source: Source::Phone, prediction: own, orchard: None });
    }

    #[test]
    fn the_relays_answer_replaces_any_class_that_was_not_taught() {
        let other = relay(&["healthy", "mite"]);
        let shown = phone(Verdict::Confident, &["mite", "healthy"]).reconcile(Some(other.clone()), &taught(&[]));
        assert_eq!(shown, Shown { source: Source::Relay, prediction: other, orchard: None });
    }

    #[test]
    fn an_unsure_taught_class_is_shown_beside_the_relays_answer() {
        for verdict in [Verdict::Unsure, Verdict::NotMangoLeaf] {
            let own = phone(verdict, &["mite", "healthy", "thrips"]);
            let shown = own.reconcile(Some(relay(&["healthy"])), &taught(&["mite", "thrips"]));
            assert_eq!((shown.source, orchard(&shown)), (Source::Relay, Some(("mite", 0.5))));
        }
    }

    #[test]
    fn only_the_phones_first_three_classes_are_considered() {
        for (names, expected) in [(["a", "b", "mite", "d"], Some(("mite", 0.125))), (["a", "b", "c", "mite"], None)] {
            let shown = phone(Verdict::Confident, &names).reconcile(Some(relay(&["a"])), &taught(&["mite"]));
            assert_eq!((shown.source, orchard(&shown)), (Source::Relay, expected));
        }
    }

    #[test]
    fn the_relays_first_class_is_not_repeated() {
        let own = phone(Verdict::Unsure, &["mite", "thrips"]);
        let shown = own.reconcile(Some(relay(&["mite"])), &taught(&["mite", "thrips"]));
        assert_eq!((shown.source, orchard(&shown)), (Source::Relay, None));
    }

    #[test]
    fn a_relay_that_answers_not_mango_leaf_has_no_class() {
        let other = prediction("relay", Verdict::NotMangoLeaf, &["mite"]);
        let shown = phone(Verdict::Unsure, &["mite"]).reconcile(Some(other), &taught(&["mite"]));
        assert_eq!((shown.source, orchard(&shown)), (Source::Relay, Some(("mite", 0.5))));
    }

    #[test]
    fn the_json_has_the_documented_fields() {
        let own = phone(Verdict::Unsure, &["mite"]);
        let json = |shown: &Shown| serde_json::to_value(shown).unwrap();
        let alone = json(&own.clone().reconcile(None, &taught(&[])));
        assert_eq!(alone, serde_json::json!({ "source": "phone", "prediction": json_of(&own) }));
        let beside = json(&own.reconcile(Some(relay(&["a"])), &taught(&["mite"])));
        let class = serde_json::json!({ "id": "mite", "probability": 0.5, "basis": "trained" });
        assert_eq!((&beside["source"], &beside["orchard"]), (&"relay".into(), &class));
    }

    fn json_of(prediction: &Prediction) -> serde_json::Value {
        serde_json::from_str(&prediction.to_json()).unwrap()
    }

    const NAMES: [&str; 5] = ["a", "b", "c", "d", "e"];

    fn any_prediction(model: &'static str) -> impl Strategy<Value = Prediction> {
        let verdict = prop_oneof![Just(Verdict::Confident), Just(Verdict::NotMangoLeaf), Just(Verdict::Unsure)];
        let names = Just(NAMES.to_vec()).prop_shuffle().prop_flat_map(|names| (Just(names), 0..=NAMES.len()));
        (verdict, names).prop_map(move |(verdict, (names, count))| prediction(model, verdict, &names[..count]))
    }

    proptest! {
        /// The rules of [`Prediction::reconcile`], one by one, on answers of any order and length.
        #[test]
        fn the_rules_hold(
            own in any_prediction("phone"),
            other in proptest::option::of(any_prediction("relay")),
            taught in proptest::sample::subsequence(NAMES.to_vec(), 0..=NAMES.len()),
        ) {
            let taught = self::taught(&taught);
            let shown = own.clone().reconcile(other.clone(), &taught);
            let ranks_taught_first = !own.classes.is_empty() && taught.contains(&own.classes[0].id);
            let phones = other.is_none() || ranks_taught_first && own.verdict == Verdict::Confident;
            prop_assert_eq!(shown.source, if phones { Source::Phone } else { Source::Relay });
            prop_assert_eq!(Some(&shown.prediction), if phones { Some(&own) } else { other.as_ref() });

            let mut beside = None;
            for class in own.classes.iter().take(3).rev() {
                if taught.contains(&class.id) {
                    beside = Some(class);
                }
            }
            let silent = shown.prediction.verdict == Verdict::NotMangoLeaf;
            let said = shown.prediction.classes.first().filter(|_| !silent).map(|class| &class.id);
            let expected = beside.filter(|class| !phones && Some(&class.id) != said);
            prop_assert_eq!(shown.orchard.as_ref(), expected);
        }
    }
}
