//! A message, and a message somebody has labelled.

use std::borrow::Cow;

/// One message from one sender, with, where known, the message it answers or quotes.
///
/// Borrows from the row it was read from, so that a corpus is classified without copying its texts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Message<'a> {
    /// What the sender wrote, as it was read: never normalised.
    pub text: Cow<'a, str>,
    /// Text of the message answered or quoted; `None` and an empty text mean the same.
    pub parent: Option<Cow<'a, str>>,
}

impl<'a> Message<'a> {
    /// A message without a known parent.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self { text: text.into(), parent: None }
    }

    /// The same message as an answer to `parent`.
    #[must_use]
    pub fn with_parent(mut self, parent: impl Into<Cow<'a, str>>) -> Self {
        self.parent = Some(parent.into());
        self
    }

    /// The parent's text, `None` where it is absent or blank.
    pub fn parent(&self) -> Option<&str> {
        self.parent.as_deref().filter(|parent| !parent.trim().is_empty())
    }

    /// The same message, owning its texts.
    pub fn into_owned(self) -> Message<'static> {
        Message {
            text: Cow::Owned(self.text.into_owned()),
            parent: self.parent.map(|parent| Cow::Owned(parent.into_owned())),
        }
    }
}

/// A message with its gold label, as training and evaluation read it.
#[derive(Debug, Clone, PartialEq)]
pub struct LabeledMessage {
    /// The message itself.
    pub message: Message<'static>,
    /// Identifier in its file; the row number where the file has none.
    pub id: String,
    /// Position of the gold label in the corpus's [`LabelSet`](super::LabelSet).
    pub label_id: usize,
    /// The codebook's attributes in the order of [`Attribute::ALL`](super::Attribute::ALL), where they were marked.
    pub attributes: [Option<bool>; 3],
    /// Rows of one group never fall on both sides of a split.
    pub group: Option<String>,
    /// How much the row counts in training; 1 unless the file says otherwise.
    pub weight: f32,
    /// A careful second reader could well disagree.
    pub hard: bool,
    /// Writer, stream, file: whatever the row says of its origin, for held-out splits.
    pub source: Option<String>,
}

impl LabeledMessage {
    /// A message with a label and nothing else known of it.
    pub fn new(message: Message<'static>, label_id: usize) -> Self {
        Self {
            message,
            id: String::new(),
            label_id,
            attributes: [None; 3],
            group: None,
            weight: 1.0,
            hard: false,
            source: None,
        }
    }
}
