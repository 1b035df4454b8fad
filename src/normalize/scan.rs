//! Looking around in text without decoding more of it than needed.

/// Positions and values of those characters outside ASCII whose bytes (given with all that follow them) pass a
/// test: French text holds few others than `é`, and they need not be decoded.
pub(super) fn non_ascii(text: &str, may_be: impl Fn(&[u8]) -> bool) -> impl Iterator<Item = (usize, char)> {
    let bytes = text.as_bytes();
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = next_non_ascii(bytes, from)?;
            from = at + usize::from(LENGTHS[usize::from(bytes[at] >> 4)]);
            if may_be(&bytes[at..]) {
                return text.get(at..from)?.chars().next().map(|character| (at, character));
            }
        }
    })
}

/// Bytes of a character by the upper half of its first.
const LENGTHS: [u8; 16] = [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4];

/// Eight bytes at a time.
#[inline]
fn next_non_ascii(bytes: &[u8], mut at: usize) -> Option<usize> {
    const HIGH_BITS: u64 = 0x8080_8080_8080_8080;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let high = u64::from_le_bytes(*chunk) & HIGH_BITS;
        if high != 0 {
            return Some(at + (high.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    bytes.get(at..)?.iter().position(|byte| !byte.is_ascii()).map(|offset| at + offset)
}

/// The character that ends at `at`.
pub(super) fn char_before(text: &str, at: usize) -> Option<char> {
    text[..at].chars().next_back()
}

/// The character that begins at `at`.
pub(super) fn char_at(text: &str, at: usize) -> Option<char> {
    text[at..].chars().next()
}

/// End of the run of ASCII bytes from `at` of a kind.
pub(super) fn run_end(text: &str, at: usize, is_in: impl Fn(u8) -> bool) -> usize {
    let rest = &text.as_bytes()[at..];
    at + rest.iter().position(|byte| !is_in(*byte)).unwrap_or(rest.len())
}

/// Start of the run of ASCII bytes before `at`, not below `floor`, of a kind.
pub(super) fn run_start(text: &str, at: usize, floor: usize, is_in: impl Fn(u8) -> bool) -> usize {
    let before = &text.as_bytes()[floor..at];
    floor + before.iter().rposition(|byte| !is_in(*byte)).map_or(0, |last| last + 1)
}

/// End of the run of characters from `at` of a kind.
pub(super) fn chars_end(text: &str, at: usize, is_in: impl Fn(char) -> bool) -> usize {
    text[at..].find(|character| !is_in(character)).map_or(text.len(), |length| at + length)
}

/// Start of the run of characters before `at` of a kind.
pub(super) fn chars_start(text: &str, at: usize, is_in: impl Fn(char) -> bool) -> usize {
    text[..at].trim_end_matches(is_in).len()
}

/// Whether a letter or digit ends at `at`.
pub(super) fn alnum_before(text: &str, at: usize) -> bool {
    char_before(text, at).is_some_and(char::is_alphanumeric)
}

/// Whether a letter or digit begins at `at`.
pub(super) fn alnum_at(text: &str, at: usize) -> bool {
    char_at(text, at).is_some_and(char::is_alphanumeric)
}
