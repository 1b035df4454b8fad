//! French messages in, labels out.
pub mod error;
pub mod types;

pub mod calibrate;
pub mod evaluate;
pub mod features;
pub mod normalize;
pub mod read;
pub mod score;
pub mod tokenize;
pub mod write;

pub mod config;
pub mod model;
pub mod pipeline;
pub mod stream;
#[cfg(feature = "train")]
pub mod train;
pub mod vectorize;
