//! Labels and attributes of the codebook (`docs/codebook.md`).

use serde::{Deserialize, Serialize};

/// Speaks to an audience, openly.
pub const OUTREACH: &str = "outreach";
/// Uses something about the reader or a moment as a lever for the sender's gain.
pub const TARGETING: &str = "opportunistic_targeting";
/// Takes part in an exchange with someone.
pub const DIALOGUE: &str = "genuine_dialogue";

/// The labels of a model or corpus, in the order of its scores and output columns.
///
/// **Shape**: at least two distinct, non-empty names; `label_id` is a position in them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LabelSet {
    names: Vec<String>,
}

impl LabelSet {
    /// The three labels of the codebook, in its order.
    pub fn codebook() -> Self {
        Self { names: [OUTREACH, TARGETING, DIALOGUE].map(String::from).to_vec() }
    }

    /// Labels found in a corpus: the codebook's order if they are all the codebook's, else sorted.
    pub fn from_names<I: IntoIterator<Item = String>>(names: I) -> Self {
        let found: std::collections::BTreeSet<String> = names.into_iter().collect();
        let codebook = Self::codebook();
        if found.iter().all(|name| codebook.id_of(name).is_some()) {
            let names = codebook.names.into_iter().filter(|name| found.contains(name)).collect();
            return Self { names };
        }
        Self { names: found.into_iter().collect() }
    }

    /// Names in order.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// Number of labels.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Whether there is no label at all.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Position of a label, by its exact name.
    pub fn id_of(&self, name: &str) -> Option<usize> {
        self.names.iter().position(|known| known == name)
    }
}

/// The three yes/no attributes from which the codebook derives the label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Attribute {
    /// A specific hook on the reader or on an event that touches them.
    Lever,
    /// Turns to the sender's advantage.
    Gain,
    /// Reacts to, or sincerely calls for, a particular interlocutor's words.
    Exchange,
}

impl Attribute {
    /// All three, in the codebook's order.
    pub const ALL: [Self; 3] = [Self::Lever, Self::Gain, Self::Exchange];

    /// Name of the column that holds it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Lever => "lever",
            Self::Gain => "gain",
            Self::Exchange => "exchange",
        }
    }
}
