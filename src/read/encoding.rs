//! Which encoding an input is in.
//!
//! Byte-order mark → many NULs: UTF-16 → UTF-8 unless most lines with accents are not → Mac Roman where its French
//! letters outnumber those of windows-1252 → windows-1252. General detectors take French UTF-16 and Mac Roman for
//! windows-1252 (measured with chardetng 1.0.0, `users-and-formats.md` T8).

use std::io::{self, Read};

use encoding_rs::{Encoding, MACINTOSH, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// How much of an input is looked at.
pub(super) const SAMPLE_BYTES: usize = 1 << 20;

/// An encoding and the length of its byte-order mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Sniffed {
    pub(super) encoding: &'static Encoding,
    pub(super) bom_bytes: usize,
}

/// Finds the encoding of an input that begins with `sample`. Where that is pure ASCII, `later` may show more.
pub(super) fn sniff(
    sample: &[u8],
    asked: Option<&'static Encoding>,
    later: impl FnOnce() -> io::Result<Vec<u8>>,
) -> io::Result<Sniffed> {
    let bom = Encoding::for_bom(sample).filter(|(found, _)| asked.is_none_or(|asked| asked == *found));
    if let Some((encoding, bom_bytes)) = bom {
        return Ok(Sniffed { encoding, bom_bytes });
    }
    let encoding = match asked.or_else(|| utf16(sample)) {
        Some(encoding) => encoding,
        None if sample.is_ascii() => utf8_or_legacy(&later()?),
        None => utf8_or_legacy(sample),
    };
    Ok(Sniffed { encoding, bom_bytes: 0 })
}

/// UTF-16 without byte-order mark: every second byte of French is NUL.
fn utf16(sample: &[u8]) -> Option<&'static Encoding> {
    let is_nul = |byte: &&u8| **byte == 0;
    let even = sample.iter().step_by(2).filter(is_nul).count();
    let odd = sample.iter().skip(1).step_by(2).filter(is_nul).count();
    let many = (even + odd) * 5 > sample.len();
    many.then_some(if odd >= even { UTF_16LE } else { UTF_16BE })
}

/// Lines vote: one that holds a multi-byte UTF-8 character is UTF-8, another with a byte above 127 is not.
fn utf8_or_legacy(sample: &[u8]) -> &'static Encoding {
    let (mut utf8, mut legacy) = (0_usize, 0_usize);
    for line in sample.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        match std::str::from_utf8(line) {
            Ok(_) => utf8 += 1,
            Err(_) if line.utf8_chunks().any(|part| !part.valid().is_ascii()) => utf8 += 1,
            // The sample's last character may be cut in two.
            Err(error) if error.error_len().is_none() && line.as_ptr_range().end == sample.as_ptr_range().end => {}
            Err(_) => legacy += 1,
        }
    }
    if legacy <= utf8 { UTF_8 } else { mac_or_windows(sample) }
}

/// Old Excel for Mac or anything else, by the French letters that each has beside ASCII ones.
fn mac_or_windows(sample: &[u8]) -> &'static Encoding {
    const MAC: &[u8] = b"\x8E\x8F\x90\x8D\x99\x9D\x88";
    const WINDOWS: &[u8] = b"\xE9\xE8\xEA\xE7\xF4\xF9\xE0";
    let count = |letters: &[u8]| {
        sample.windows(2).filter(|pair| pair[0].is_ascii_alphabetic() && letters.contains(&pair[1])).count()
    };
    if count(MAC) > count(WINDOWS) { MACINTOSH } else { WINDOWS_1252 }
}

/// The sample that begins at the first byte above 127; empty where there is none.
pub(super) fn first_accents(reader: &mut dyn Read) -> io::Result<Vec<u8>> {
    let mut block = Vec::with_capacity(SAMPLE_BYTES);
    loop {
        block.clear();
        reader.take(SAMPLE_BYTES as u64).read_to_end(&mut block)?;
        if block.is_empty() {
            return Ok(block);
        }
        if let Some(at) = block.iter().position(|byte| !byte.is_ascii()) {
            block.drain(..at);
            reader.take(SAMPLE_BYTES as u64).read_to_end(&mut block)?;
            return Ok(block);
        }
    }
}

/// Whether an encoding is worth a word to the user.
pub(super) fn note(sniffed: &Sniffed, asked: Option<&'static Encoding>) -> Option<String> {
    let silent = asked.is_some() || sniffed.encoding == UTF_8;
    (!silent).then(|| format!("read as {}; say otherwise with --encoding", sniffed.encoding.name()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRENCH: &str = "id;texte\n1;L’été dernier, ça m’a plu à Nîmes\n2;Déjà vu, où ça ?\n";

    fn found(bytes: &[u8]) -> &'static str {
        sniff(bytes, None, || Ok(Vec::new())).unwrap().encoding.name()
    }

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    #[test]
    fn french_is_told_in_every_encoding() {
        let windows = WINDOWS_1252.encode(FRENCH).0;
        assert_eq!(found(FRENCH.as_bytes()), "UTF-8");
        assert_eq!(found(&windows), "windows-1252");
        assert_eq!(found(&utf16(FRENCH, u16::to_le_bytes)), "UTF-16LE");
        assert_eq!(found(&utf16(FRENCH, u16::to_be_bytes)), "UTF-16BE");
        assert_eq!(found(b"1;l'\x8Et\x8E d\x8Ej\x88 \x8F la plage\n"), "macintosh");
        assert_eq!(found(b"rien que de l'ASCII\n"), "UTF-8");
    }

    #[test]
    fn one_bad_row_does_not_make_an_input_legacy() {
        let bytes = [FRENCH.as_bytes(), b"3;caf\xE9\n"].concat();
        assert_eq!(found(&bytes), "UTF-8");
        assert_eq!(found(b"1;caf\xE9\n2;th\xE9\n3;\xC3\xA9t\xC3\xA9\n"), "windows-1252");
    }

    #[test]
    fn a_character_cut_at_the_end_of_the_sample_is_no_error() {
        assert_eq!(found(b"caf\xC3"), "UTF-8");
    }

    #[test]
    fn byte_order_marks_are_measured_and_a_wish_wins() {
        let bytes = b"\xEF\xBB\xBFtexte\n";
        assert_eq!(sniff(bytes, None, || Ok(Vec::new())).unwrap().bom_bytes, 3);
        let asked = sniff(bytes, Some(WINDOWS_1252), || Ok(Vec::new())).unwrap();
        assert_eq!((asked.encoding, asked.bom_bytes), (WINDOWS_1252, 0));
    }

    #[test]
    fn accents_far_down_are_found() {
        let bytes = [&vec![b'a'; SAMPLE_BYTES + 7][..], b"\xE9t\xE9"].concat();
        assert_eq!(first_accents(&mut &bytes[..]).unwrap(), b"\xE9t\xE9");
    }
}
