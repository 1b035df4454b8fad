//! The secret that pseudonyms hang on, and what it makes of a name.

use std::fmt;
use std::fmt::Write as _;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use unicode_normalization::UnicodeNormalization;

use crate::error::{Error, ErrorKind, Result};

/// Bytes of a key: as many as its hash gives, beyond which a longer one adds nothing.
pub const KEY_BYTES: usize = 32;

/// Hexadecimal digits of a pseudonym: 80 bits. Among 10⁸ handles there are 5·10¹⁵ pairs, and 2⁸⁰ is 1.2·10²⁴, so that the
/// chance that any two share a pseudonym is 4·10⁻⁹; with 16 digits it would be 3·10⁻⁴, which a large study may well meet.
const DIGITS: usize = 20;

/// A secret of 32 bytes. It is never shown: its `Debug` hides it.
#[derive(Clone)]
pub struct Key {
    bytes: [u8; KEY_BYTES],
}

impl Key {
    /// The key of these bytes.
    pub fn new(bytes: &[u8; KEY_BYTES]) -> Self {
        Self { bytes: *bytes }
    }

    /// Reads what [`Key::to_hex`] wrote.
    ///
    /// **Errors**: not 64 hexadecimal digits on one line.
    pub fn from_hex(text: &str) -> Result<Self> {
        let digits = text.trim().as_bytes();
        let nibble = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
        let mut bytes = [0; KEY_BYTES];
        let is_key = digits.len() == 2 * KEY_BYTES
            && bytes.iter_mut().zip(digits.chunks_exact(2)).all(|(byte, pair)| {
                let read = nibble(pair[0]).zip(nibble(pair[1])).map(|(high, low)| high << 4 | low);
                *byte = read.unwrap_or_default();
                read.is_some()
            });
        if is_key { Ok(Self::new(&bytes)) } else { Err(Error::new(ErrorKind::InvalidKey)) }
    }

    /// How a key is written into its file.
    pub fn to_hex(bytes: &[u8; KEY_BYTES]) -> String {
        hex(bytes)
    }

    /// The pseudonym of a name, an address or a number: `p_` and twenty digits. It depends on the key and on the [`folded`]
    /// name alone: not on the file, the column or the run.
    pub(super) fn pseudonym(&self, name: &str) -> String {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.bytes).expect("HMAC takes keys of any length");
        mac.update(folded(name).as_bytes());
        let digest = mac.finalize().into_bytes();
        format!("p_{}", hex(&digest[..DIGITS / 2]))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(hidden)")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut hex, byte| {
        write!(hex, "{byte:02x}").expect("memory takes every write");
        hex
    })
}

/// A name as names are compared: without `@` in front, case, invisible signs and the two ways to write an accent.
fn folded(name: &str) -> String {
    let visible = name.chars().filter(|sign| !is_invisible(*sign));
    let compatible: String = visible.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    compatible.trim().trim_start_matches('@').to_owned()
}

/// Signs that people put behind an `@` so that nobody is notified, and that direct the writing.
fn is_invisible(sign: char) -> bool {
    matches!(sign, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::new(&[7; KEY_BYTES])
    }

    #[test]
    fn pseudonyms_are_those_of_hmac() {
        // printf zoe | openssl dgst -sha256 -mac HMAC -macopt hexkey:0707…07
        assert_eq!(key().pseudonym("Zoe"), "p_7401a8bf7824b7198563");
        assert_ne!(key().pseudonym("zoe"), Key::new(&[8; KEY_BYTES]).pseudonym("zoe"));
    }

    #[test]
    fn one_person_has_one_pseudonym() {
        let one = key().pseudonym("hélène_b");
        for written in ["@hélène_b", "HÉLÈNE_B", " @he\u{301}le\u{300}ne_b ", "＠hélène_b", "@\u{2060}hélène_b"]
        {
            assert_eq!(key().pseudonym(written), one, "{written:?}");
        }
        assert_ne!(key().pseudonym("helene_b"), one);
    }

    #[test]
    fn keys_are_read_as_they_are_written() {
        let bytes = std::array::from_fn(|at| at as u8 * 8);
        let read = Key::from_hex(&format!("{}\n", Key::to_hex(&bytes))).unwrap();
        assert_eq!(read.pseudonym("a"), Key::new(&bytes).pseudonym("a"));
        assert_eq!(format!("{read:?}"), "Key(hidden)");
        for wrong in ["", "07", &"0g".repeat(32), &"07".repeat(33), &"é".repeat(32)] {
            assert!(Key::from_hex(wrong).is_err(), "{wrong}");
        }
    }
}
