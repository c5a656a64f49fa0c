//! What the network makes of a photo, before it is judged.

/// What the network makes of one photo.
#[derive(Clone, Debug, PartialEq)]
pub struct Observation {
    /// A number a class, in the manifest's order, before temperature and softmax.
    pub logits: Vec<f32>,
    /// The joined embedding that the logits were read from.
    pub embedding: Vec<f32>,
}
