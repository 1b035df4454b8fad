//! The edits of one step, written straight into the next text.

use crate::types::{Class, Piece, Scratch};
use std::ops::Range;

/// Collects a step's edits in ascending order.
#[derive(Debug)]
pub struct Edits<'t> {
    text: &'t str,
    scratch: &'t mut Scratch,
    /// Bytes of `text` that are already in the new text, or replaced there.
    copied: usize,
    lower_ascii: bool,
}

/// What a step did to its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Outcome {
    /// The scratch buffers hold the new text and its pieces.
    pub(super) rewritten: bool,
    /// ASCII capitals are to be lowered.
    pub(super) lower_ascii: bool,
}

impl<'t> Edits<'t> {
    pub(super) fn new(text: &'t str, scratch: &'t mut Scratch) -> Self {
        scratch.text.clear();
        scratch.edits.clear();
        Self { text, scratch, copied: 0, lower_ascii: false }
    }

    /// Replaces a range of the text. Edits that change nothing are dropped, and so is one that would fall behind
    /// the last.
    pub fn replace(&mut self, range: Range<usize>, with: &str) {
        debug_assert!(range.start >= self.copied, "edits come in ascending order");
        if range.start < self.copied || &self.text[range.clone()] == with {
            return;
        }
        self.copy_to(range.start);
        self.write(range, |text| text.push_str(with));
    }

    /// Replaces a range by one character.
    pub fn replace_char(&mut self, range: Range<usize>, with: char) {
        self.replace(range, with.encode_utf8(&mut [0; 4]));
    }

    /// Removes a range.
    pub fn remove(&mut self, range: Range<usize>) {
        self.replace(range, "");
    }

    /// Masks a range: the class's character, spaced from any letter, digit or mask beside it.
    pub fn mask(&mut self, range: Range<usize>, class: Class) {
        debug_assert!(range.start >= self.copied, "edits come in ascending order");
        if range.start < self.copied {
            return;
        }
        self.copy_to(range.start);
        let before = self.scratch.text.chars().next_back().is_some_and(sticks);
        let after = self.text[range.end..].chars().next().is_some_and(sticks);
        self.write(range, |text| {
            text.extend(before.then_some(' '));
            text.push(class.as_char());
            text.extend(after.then_some(' '));
        });
    }

    /// Lowers every ASCII capital of the result: bytes for bytes, so the map back is not concerned.
    pub fn lower_ascii(&mut self) {
        self.lower_ascii = true;
    }

    fn copy_to(&mut self, end: usize) {
        self.scratch.text.push_str(&self.text[self.copied..end]);
    }

    fn write(&mut self, before: Range<usize>, write: impl FnOnce(&mut String)) {
        let start = self.scratch.text.len();
        write(&mut self.scratch.text);
        self.copied = before.end;
        self.scratch.edits.push(Piece { before, after: start..self.scratch.text.len() });
    }

    /// Completes the new text.
    pub(super) fn finish(mut self) -> Outcome {
        let rewritten = !self.scratch.edits.is_empty();
        if rewritten {
            self.copy_to(self.text.len());
        }
        Outcome { rewritten, lower_ascii: self.lower_ascii }
    }
}

/// Whether a mask beside this character would run into it.
fn sticks(character: char) -> bool {
    character.is_alphanumeric() || Class::from_char(character).is_some()
}
