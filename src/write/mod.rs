//! Predictions → records: the input's cells as they were, then ours.
//!
//! **In**: rows and their predictions. **Out**: records of one shape, in a [`Style`]: CSV and its kin, JSON lines, or bare cells
//! for whoever makes a workbook of them. **Guaranteed**: one record per row, the input's columns untouched and in order, unless
//! [`Columns`] asks for fewer; probabilities of four decimals that sum to 1. **Left to others**: where the bytes go.

mod csv;
mod header;
mod jsonl;
mod numbers;
mod plain;
mod record;
mod rows;

pub use csv::{CsvRows, Dialect};
pub use header::{Columns, Header};
pub use plain::PlainReader;
pub use rows::{Plan, RowWriter, Style};
