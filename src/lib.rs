//! French messages in, labels out.
pub mod error;
pub mod types;
