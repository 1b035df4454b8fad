//! French messages in, labels out.
pub mod error;
pub mod types;

pub mod read;
pub mod normalize;
pub mod tokenize;
pub mod features;
pub mod score;
pub mod calibrate;
pub mod evaluate;
pub mod write;

pub mod config;
pub mod vectorize;
pub mod model;
pub mod pipeline;
pub mod stream;
#[cfg(feature = "train")]
pub mod train;
