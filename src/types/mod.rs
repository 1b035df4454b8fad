//! The nouns: plain data that travels between the stages. No I/O, no logic of any stage.

mod features;
mod label;
mod letters;
mod message;
mod normalized;
mod prediction;
mod prefetch;
mod random;
mod row;
mod token;

pub use features::{Feature, FeatureTable, SparseVector};
pub use label::{Attribute, DIALOGUE, LabelSet, OUTREACH, TARGETING};
pub use letters::without_accent;
pub use message::{LabeledMessage, Message};
pub use normalized::{Alignment, Marks, Normalized};
pub(crate) use normalized::{Piece, Scratch};
pub use prediction::Prediction;
pub use prefetch::prefetch;
pub use random::SplitMix64;
pub use row::Row;
pub use token::{Class, Pieces, Span, Token, TokenKind};
