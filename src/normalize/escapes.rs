//! Escapes of JSON and of programs, left in text by dumps: `\n`, `\t`, `\/`, `\"`, `\u00e9`.

use super::{Edits, Step, Trigger, scan};
use crate::types::Marks;

/// Reads backslash escapes, however many times they were escaped.
#[derive(Debug)]
pub(super) struct Escapes;

impl Step for Escapes {
    fn name(&self) -> &'static str {
        "escapes"
    }

    fn loses(&self) -> &'static str {
        "backslashes before n, r, t, /, quotes and u0000"
    }

    fn decodes(&self) -> bool {
        true
    }

    fn trigger(&self) -> Trigger {
        Trigger::Bytes(b"\\")
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        let mut at = 0;
        while let Some(offset) = memchr::memchr(b'\\', &text.as_bytes()[at..]) {
            let start = at + offset;
            let name = scan::run_end(text, start, |byte| byte == b'\\');
            at = name;
            if let Some((character, end)) = escaped(text, name) {
                edits.replace_char(start..end, character);
                at = end;
            }
        }
    }
}

/// The character that an escape's name, after its backslashes, stands for; and where the name ends.
fn escaped(text: &str, at: usize) -> Option<(char, usize)> {
    let plain = match text.as_bytes().get(at)? {
        b'n' | b'r' => '\n',
        b't' => ' ',
        b'/' => '/',
        b'"' => '"',
        b'\'' => '\'',
        b'u' => return code_point(text, at + 1),
        _ => return None,
    };
    Some((plain, at + 1))
}

/// Four hexadecimal digits, or two such escapes that are a surrogate pair.
fn code_point(text: &str, at: usize) -> Option<(char, usize)> {
    let unit = |at: usize| {
        let digits = text.get(at..at + 4).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        u16::from_str_radix(digits, 16).ok()
    };
    let first = unit(at)?;
    if let Ok(character) = char::from_u32(first.into()).ok_or(()) {
        return Some((character, at + 4));
    }
    let name = scan::run_end(text, at + 4, |byte| byte == b'\\');
    let second = text[name..].starts_with('u').then(|| unit(name + 1)).flatten()?;
    let character = char::decode_utf16([first, second]).next()?.ok()?;
    Some((character, name + 5))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same};

    #[test]
    fn reads() {
        expect(
            &Escapes,
            &[
                (r"Bonjour\nà tous", "Bonjour\nà tous"),
                (r"Bonjour\\nà tous", "Bonjour\nà tous"),
                (r"\u00e9t\u00E9", "été"),
                (r"\ud83d\ude00 !", "😀 !"),
                (r"https:\/\/t.co\/a", "https://t.co/a"),
                (r#"\"non\", l\'été"#, r#""non", l'été"#),
            ],
        );
    }

    #[test]
    fn leaves_the_rest() {
        expect_same(&Escapes, &[r"\o", r"¯\_(ツ)_/¯", r"\ud83d seul", r"\u12", "été", r"\", ""]);
    }
}
