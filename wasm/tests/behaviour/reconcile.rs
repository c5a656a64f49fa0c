use super::model::{parse, photo, scout, thrown};
use mango_inference::{Prediction, Shown, Source, Verdict};
use mango_wasm::reconcile;
use wasm_bindgen_test::wasm_bindgen_test;

/// The phone's answer to a photo, with that verdict.
fn phone(verdict: Verdict) -> Prediction {
    Prediction { verdict, ..parse(&scout().predict(&photo(), false).unwrap()) }
}

/// The relay's answer, which ranks the phone's classes in reverse.
fn relay() -> Prediction {
    let mut answer = phone(Verdict::Confident);
    answer.model.name = "leaf-lite0".to_owned();
    answer.classes.reverse();
    answer
}

fn shown(phone: &Prediction, relay: Option<&Prediction>, taught: &[&str]) -> Shown {
    let taught = taught.iter().map(|id| (*id).to_owned()).collect();
    let json = reconcile(&phone.to_json(), relay.map(Prediction::to_json), taught).unwrap();
    serde_json::from_str(&json).unwrap()
}

#[wasm_bindgen_test]
fn a_confident_taught_class_is_shown_and_else_the_relays_answer() {
    let (sure, unsure, relay) = (phone(Verdict::Confident), phone(Verdict::Unsure), relay());
    let [first, second] = [0, 1].map(|rank| unsure.classes[rank].id.as_str());

    let own = |answer: &Prediction| Shown { source: Source::Phone, prediction: answer.clone(), orchard: None };
    assert_eq!(shown(&unsure, None, &[first]), own(&unsure));
    assert_eq!(shown(&sure, Some(&relay), &[first]), own(&sure));

    let theirs = |orchard| Shown { source: Source::Relay, prediction: relay.clone(), orchard };
    assert_eq!(shown(&sure, Some(&relay), &[]), theirs(None));
    assert_eq!(shown(&unsure, Some(&relay), &[first]), theirs(Some(unsure.classes[0].clone())));
    assert_eq!(shown(&sure, Some(&relay), &[second]), theirs(Some(unsure.classes[1].clone())));
}

#[wasm_bindgen_test]
fn json_that_is_not_a_prediction_is_refused_and_named() {
    let good = phone(Verdict::Unsure).to_json();
    for bad in ["", "null", "[]", "{}", "\"healthy\"", &good[1..], &good.replace("\"unsure\"", "\"perhaps\"")] {
        let (code, message) = thrown(reconcile(bad, None, Vec::new()));
        assert!(code == "bad_argument" && message.contains("the phone's answer"), "{bad}: {code}: {message}");
        let (code, message) = thrown(reconcile(&good, Some(bad.to_owned()), Vec::new()));
        assert!(code == "bad_argument" && message.contains("the relay's answer"), "{bad}: {code}: {message}");
    }
    assert_eq!(thrown(reconcile(&good, None, vec!["Not An Id".to_owned()])).0, "bad_argument");
}
