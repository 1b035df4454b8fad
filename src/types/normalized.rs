//! Normalised text, what was noticed on the way, and the map back to the original.

use super::Span;

/// What normalising saw and took away, kept for the cue features.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// The text began with `RT @user:`.
    pub repost: bool,
    /// Letters were drawn out (`merciiii`).
    pub elongated: bool,
    /// Inclusive writing was unfolded (`étudiant·e·s`).
    pub inclusive: bool,
    /// Text of a tweet quoted inside the message, cut out of it.
    pub quoted: Option<String>,
}

/// Piecewise map from normalised byte positions to original ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alignment {}

/// Text ready for the tokeniser.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Normalized {
    /// The normalised text.
    pub text: String,
    /// What was noticed and removed.
    pub marks: Marks,
    /// Maps `text` back to the original.
    pub alignment: Alignment,
}

impl Normalized {
    /// The original bytes that a span of the normalised text came from.
    pub fn original(&self, span: &Span) -> Span {
        span.clone()
    }
}
