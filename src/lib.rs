//! Classifies French messages as `outreach`, `opportunistic_targeting` or `genuine_dialogue`, and learns the models that do so.
//!
//! A message walks down the modules in the order in which they stand here: [`read`], [`normalize`], [`tokenize`], [`features`],
//! [`score`], [`calibrate`], and its label leaves through [`write`](mod@write). [`evaluate`] compares labels with those that people gave.
//!
//! ```
//! use franc_parler::{Message, Pipeline};
//!
//! # fn main() -> franc_parler::Result<()> {
//! # if matches!(Pipeline::embedded(), Err(error) if matches!(error.kind(), franc_parler::error::ErrorKind::ModelMissing)) { return Ok(()) }
//! let pipeline = Pipeline::embedded()?;
//! let message = Message::new("Oui, je comprends mieux, merci !").with_parent("Avez-vous lu ma réponse ?");
//! let prediction = pipeline.classify(&message);
//! assert_eq!(pipeline.labels().names()[prediction.label_id], "genuine_dialogue");
//! # Ok(())
//! # }
//! ```

// Nouns: what travels between stages.

pub mod error;

pub mod types;

// Verbs: one stage per folder, none of which imports another.

pub mod read;

pub mod normalize;

pub mod tokenize;

pub mod features;

pub mod score;

pub mod calibrate;

pub mod evaluate;

pub mod write;

// Joins: where stages meet, each exactly once.

pub mod config;

pub mod vectorize;

mod tensors;

pub mod model;

pub mod correction;

pub mod pipeline;

pub mod context;

pub mod stream;

pub mod adapt;

pub mod pseudonymize;

pub mod purge;

#[cfg(feature = "train")]
pub mod vectors;

#[cfg(any(feature = "train", feature = "duplicates"))]
mod parallel;

#[cfg(feature = "train")]
pub mod pretrain;

#[cfg(feature = "train")]
pub mod train;

#[cfg(feature = "duplicates")]
pub mod duplicates;

pub use error::{Error, Result};
pub use model::Model;
pub use pipeline::Pipeline;
#[cfg(feature = "train")]
pub use train::{Corpus, Trained, train};
pub use types::{LabelSet, Message, Prediction};

/// The examples of the README, compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
