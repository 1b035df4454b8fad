//! Numbers that stand for a message.

/// A feature's stable 32-bit hash: the same on every machine and in every release that reads the model.
pub type Feature = u32;

/// A sparse vector over columns of a vocabulary.
///
/// **Shape**: `columns` strictly ascending, as long as `values`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SparseVector {
    /// Column numbers.
    pub columns: Vec<u32>,
    /// Their values; never zero.
    pub values: Vec<f32>,
}
