//! A row of an input, whatever its format.

use csv::StringRecord;

/// One row as it was read, with as many cells as the input has columns.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Row {
    /// The input's cells in its column order, decoded but otherwise untouched.
    pub cells: StringRecord,
    /// Why the row could not be read as it stands, for the `error` column; empty when all is well.
    pub error: String,
}
