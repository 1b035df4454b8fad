//! ASCII control characters: tab → space, carriage return → newline, the others dropped.

use super::{Edits, Step, Trigger};
use crate::types::Marks;

/// Leaves of the control characters the newline alone.
#[derive(Debug)]
pub(super) struct Controls;

const CONTROLS: &[u8] = &[
    0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
    127,
];

impl Step for Controls {
    fn name(&self) -> &'static str {
        "controls"
    }

    fn loses(&self) -> &'static str {
        "tabs, carriage returns and other control characters"
    }

    fn trigger(&self) -> Trigger {
        Trigger::Bytes(CONTROLS)
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        let bytes = text.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b'\n' => {}
                b'\t' => edits.replace(at..at + 1, " "),
                b'\r' if bytes.get(at + 1) != Some(&b'\n') => edits.replace(at..at + 1, "\n"),
                byte if byte.is_ascii_control() => edits.remove(at..at + 1),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same};

    #[test]
    fn cleans() {
        expect(
            &Controls,
            &[
                ("un\tdeux", "un deux"),
                ("un\r\ndeux", "un\ndeux"),
                ("un\rdeux", "un\ndeux"),
                ("é\u{0}té\u{7}", "été"),
                ("\u{7f}", ""),
            ],
        );
    }

    #[test]
    fn leaves_text() {
        expect_same(&Controls, &["un\ndeux", "été", "a  b", ""]);
    }
}
