//! Predictions → CSV: the input's cells as they were, then ours.
//!
//! **In**: rows and their predictions. **Out**: records of one shape. **Guaranteed**: one record per row, the input's columns
//! untouched and in order; probabilities of four decimals that sum to 1. **Left to others**: where the bytes go.

mod csv;
mod header;

pub use csv::CsvRows;
pub use header::Header;
