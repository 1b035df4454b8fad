//! What a user may say about inputs.

use encoding_rs::Encoding;

use super::{FormatName, RoleOverrides};

/// What a user may say about an input; what is left out is found out.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    /// Its format.
    pub format: Option<FormatName>,
    /// The byte between its cells.
    pub delimiter: Option<u8>,
    /// Its encoding.
    pub encoding: Option<&'static Encoding>,
    /// Columns whose roles are known.
    pub roles: RoleOverrides,
}
