//! Stable hashes of features: XXH3, whose values its specification fixes for good (<https://xxhash.com>).

use xxhash_rust::xxh3::xxh3_64_with_seed;

use crate::types::{Feature, TokenKind};

/// Families share one hash space; each has its seed, so that the word `oui` and the stem `oui` differ.
#[derive(Debug, Clone, Copy)]
#[repr(u64)]
pub(super) enum Family {
    Token = 1,
    WordNgram = 2,
    Chars = 3,
    Subword = 4,
    Stem = 5,
    First = 6,
    Last = 7,
    Skipgram = 8,
    Cue = 9,
    Context = 10,
    Vector = 11,
}

/// Hash of a token by its form: equal forms have equal features.
pub fn token_hash(kind: TokenKind, text: &str) -> u64 {
    form_hash(token_form(kind, text))
}

/// Hash of a form.
pub(super) fn form_hash(form: &str) -> u64 {
    xxh3_64_with_seed(form.as_bytes(), Family::Token as u64)
}

/// The part of a token's text that its features see: a run of punctuation counts as two marks at the most.
pub fn token_form(kind: TokenKind, text: &str) -> &str {
    match kind {
        TokenKind::Punctuation => &text[..text.len().min(2)],
        _ => text,
    }
}

/// The feature of a piece of text in a family.
pub(super) fn of_text(family: Family, text: &[u8]) -> Feature {
    fold(xxh3_64_with_seed(text, family as u64))
}

/// The feature of one token hash in a family.
pub(super) fn of_hash(family: Family, hash: u64) -> Feature {
    fold(mix(hash, family as u64))
}

/// Extends the hash of an n-gram by one more token.
pub(super) fn chain(hash: u64, next: u64) -> u64 {
    mix(hash.rotate_left(23), next)
}

/// Two 64-bit words into one: a product of 128 bits folded (the mixing step of wyhash).
fn mix(left: u64, right: u64) -> u64 {
    let product = u128::from(left ^ 0xa076_1d64_78bd_642f) * u128::from(right ^ 0xe703_7ed1_a0b4_28db);
    (product >> 64) as u64 ^ product as u64
}

fn fold(hash: u64) -> Feature {
    (hash >> 32) as u32 ^ hash as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_those_of_every_release() {
        // Weights in saved models are keyed by these values: a change here needs a new format version.
        assert_eq!(form_hash("merci"), 11_464_779_781_462_524_012);
        assert_eq!(of_hash(Family::WordNgram, chain(form_hash("merci"), form_hash("beaucoup"))), 3_285_853_426);
    }

    #[test]
    fn order_and_family_matter() {
        let (one, two) = (form_hash("oui"), form_hash("non"));
        assert_ne!(chain(one, two), chain(two, one));
        assert_ne!(of_hash(Family::WordNgram, one), of_hash(Family::First, one));
    }
}
