//! The facts that are kept beside a photo.

use std::sync::LazyLock;

use mango_inference::{Catalog, ClassId, Predictor, Verdict};
use serde::{Deserialize, Serialize};

use super::day::Day;

/// The label of a photo whose sender does not know the class.
pub const UNKNOWN: &str = "unknown";

/// Longest text field of the form, bytes.
pub const MAX_TEXT: usize = 64;

/// What is kept beside a photo. Nothing in it identifies the sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Facts {
    /// The class that the sender knows it to be, or [`UNKNOWN`].
    pub label: ClassId,
    /// The class that the model ranked first.
    pub answer: ClassId,
    /// The model's verdict.
    pub verdict: Verdict,
    /// The model's name and version.
    pub model: String,
    /// When the photo was received.
    pub day: Day,
}

/// A text field of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// [`Facts::label`].
    Label,
    /// [`Facts::answer`].
    Answer,
    /// [`Facts::verdict`].
    Verdict,
    /// [`Facts::model`].
    Model,
}

/// Why a form's text fields cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// The answer is no class id.
    #[error("`answer` is no class id; send the id that the model ranked first")]
    Answer,
    /// The label is no class that is known here.
    #[error(
        "`label` is none of the classes of GET /v1/catalog or of this relay's model; send one of their ids, or `unknown`"
    )]
    Label,
    /// A field is missing.
    #[error("the form has no part named `{0}`; send picture, label, answer, verdict and model")]
    Missing(&'static str),
    /// The model's name is empty, too long, or has control characters.
    #[error("`model` has 1 to {MAX_TEXT} bytes of text without line breaks; send the model's name and version")]
    Model,
    /// The verdict is none.
    #[error("`verdict` is confident, unsure or not_mango_leaf")]
    Verdict,
}

/// The built-in catalog; a test ensures that a release has it.
static CATALOG: LazyLock<Option<Catalog>> = LazyLock::new(|| Catalog::builtin().ok());

impl Field {
    /// Every field.
    pub const ALL: [Self; 4] = [Self::Label, Self::Answer, Self::Verdict, Self::Model];

    /// The name of its part.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Answer => "answer",
            Self::Verdict => "verdict",
            Self::Model => "model",
        }
    }
}

/// Whether a label may name this class: one of the catalog, or of a model with its galleries.
fn is_known(id: &ClassId, predictor: &Predictor) -> bool {
    let in_catalog = || CATALOG.as_ref().is_some_and(|catalog| catalog.entry(id).is_some());
    id.as_str() == UNKNOWN || in_catalog() || predictor.classes().contains(id)
}

impl Facts {
    /// The facts of a form, whose fields `text` returns, for a relay with that predictor.
    ///
    /// # Errors
    /// [`FactsError`] names the first field that cannot be used.
    pub(crate) fn read<'t>(
        text: impl Fn(Field) -> Option<&'t str>,
        predictor: &Predictor,
        day: Day,
    ) -> Result<Self, FactsError> {
        let given = |field: Field| text(field).ok_or(FactsError::Missing(field.name()));
        let class = |text: &str| ClassId::try_from(text.to_owned()).ok();
        let label = class(given(Field::Label)?).filter(|id| is_known(id, predictor)).ok_or(FactsError::Label)?;
        let answer = class(given(Field::Answer)?).ok_or(FactsError::Answer)?;
        let verdict = given(Field::Verdict)?;
        let known = [Verdict::Confident, Verdict::NotMangoLeaf, Verdict::Unsure];
        let verdict = known.into_iter().find(|known| known.as_str() == verdict).ok_or(FactsError::Verdict)?;
        let model = given(Field::Model)?.trim();
        if model.is_empty() || model.len() > MAX_TEXT || model.contains(char::is_control) {
            return Err(FactsError::Model);
        }
        Ok(Self { label, answer, verdict, model: model.to_owned(), day })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{self, Model};

    fn read(fields: [Option<&str>; 4]) -> Result<Facts, FactsError> {
        let model = Model::new(&model::embedded().unwrap(), Vec::new()).unwrap();
        let text = |field: Field| Field::ALL.iter().position(|other| *other == field).and_then(|at| fields[at]);
        Facts::read(text, model.bare(), "2026-12-01".parse().unwrap())
    }

    #[test]
    fn a_form_of_a_phone_is_read() {
        for label in ["anthracnose", "unknown", "mictis_longicornis"] {
            let facts = read([Some(label), Some("my_own_class"), Some("unsure"), Some("leaf-mini 0.2.0")]).unwrap();
            assert_eq!((facts.label.as_str(), facts.verdict), (label, Verdict::Unsure));
            assert_eq!(facts.model, "leaf-mini 0.2.0");
        }
    }

    #[test]
    fn each_field_is_checked() {
        assert!(CATALOG.is_some());
        let sound = [Some("healthy"), Some("healthy"), Some("confident"), Some("leaf-mini 0.2.0")];
        let with = |place: usize, text| {
            let mut fields = sound;
            fields[place] = text;
            read(fields).unwrap_err()
        };
        for (place, field) in Field::ALL.into_iter().enumerate() {
            assert_eq!(with(place, None), FactsError::Missing(field.name()));
        }
        for label in ["", "no_such_class", "../healthy", "Healthy"] {
            assert_eq!(with(0, Some(label)), FactsError::Label, "{label}");
        }
        assert_eq!(with(1, Some("a/b")), FactsError::Answer);
        assert_eq!(with(2, Some("sure")), FactsError::Verdict);
        for model in ["", " ", "a\nb", &"m".repeat(65)] {
            assert_eq!(with(3, Some(model)), FactsError::Model, "{model}");
        }
    }
}
