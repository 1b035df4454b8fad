//! Normalised text, what was noticed on the way, and the map back to the original.

use super::Span;

/// What normalising saw and took away, kept for the cue features.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marks {
    /// The text began with `RT @user:`.
    pub repost: bool,
    /// Letters were drawn out (`merciiii`).
    pub elongated: bool,
    /// Inclusive writing was unfolded (`étudiant·e·s`).
    pub inclusive: bool,
    /// Text of a tweet quoted inside the message, cut out of it.
    pub quoted: Option<String>,
}

/// One replaced stretch: where it stood before, where its replacement stands after.
///
/// **Unit**: bytes. Either range may be empty (an insertion, a removal).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) before: Span,
    pub(crate) after: Span,
}

/// Piecewise map from normalised byte positions to original ones.
///
/// **Shape**: pieces ascending and disjoint in both texts; between two pieces the texts run in step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alignment {
    pieces: Vec<Piece>,
}

/// Text ready for the tokeniser.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Normalized {
    /// The normalised text.
    pub text: String,
    /// What was noticed and removed.
    pub marks: Marks,
    /// Maps `text` back to the original.
    pub alignment: Alignment,
    /// Buffers reused from one message to the next; no part of the value.
    pub(crate) scratch: Scratch,
}

/// Working buffers of the editing chain. All are equal: what they hold means nothing between two edits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scratch {
    pub(crate) text: String,
    pub(crate) edits: Vec<Piece>,
    pub(crate) merged: Vec<Piece>,
}

impl PartialEq for Scratch {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Scratch {}

impl Normalized {
    /// The original bytes that a span of the normalised text came from.
    ///
    /// On character boundaries if `span` is, and monotone. A span that touches a replaced stretch takes the whole
    /// of what was replaced; an empty span stays empty.
    pub fn original(&self, span: &Span) -> Span {
        let start = self.alignment.original_start(span.start);
        if span.is_empty() {
            return start..start;
        }
        start..self.alignment.original_end(span.end).max(start)
    }

    /// Starts again from `text`, keeping the buffers.
    pub(crate) fn reset(&mut self, text: &str) {
        self.text.clear();
        self.text.push_str(text);
        self.marks = Marks::default();
        self.alignment.pieces.clear();
    }
}

impl Alignment {
    fn original_start(&self, at: usize) -> usize {
        let passed = self.pieces.partition_point(|piece| piece.after.end <= at);
        match self.pieces.get(passed) {
            Some(piece) if piece.after.start <= at => piece.before.start,
            _ => self.in_step(passed, at),
        }
    }

    fn original_end(&self, at: usize) -> usize {
        let begun = self.pieces.partition_point(|piece| piece.after.start < at);
        match begun.checked_sub(1).and_then(|last| self.pieces.get(last)) {
            Some(piece) if at <= piece.after.end => piece.before.end,
            _ => self.in_step(begun, at),
        }
    }

    /// A position outside every piece, after the first `passed` of them.
    fn in_step(&self, passed: usize, at: usize) -> usize {
        passed.checked_sub(1).and_then(|last| self.pieces.get(last)).map_or(at, |piece| {
            let beyond = at - piece.after.end;
            piece.before.end + beyond
        })
    }

    /// Follows this map by the edits of one more step, whose `before` are positions of the present text.
    pub(crate) fn then(&mut self, edits: &[Piece], merged: &mut Vec<Piece>) {
        if self.pieces.is_empty() {
            self.pieces.extend_from_slice(edits);
            return;
        }
        merged.clear();
        let mut merge = Merge { old: &self.pieces, new: edits, old_shift: (0, 0), new_shift: (0, 0) };
        while let Some(piece) = merge.next_piece() {
            merged.push(piece);
        }
        std::mem::swap(&mut self.pieces, merged);
    }
}

/// Walks two maps that meet in a middle text: `old` ends there, `new` begins there.
///
/// Each shift is a pair (middle position, outer position) known to correspond, past all consumed pieces.
struct Merge<'a> {
    old: &'a [Piece],
    new: &'a [Piece],
    old_shift: (usize, usize),
    new_shift: (usize, usize),
}

impl Merge<'_> {
    /// The next group of overlapping pieces, as one.
    fn next_piece(&mut self) -> Option<Piece> {
        let first = self.upcoming()?;
        let before = outer(self.old_shift, first.start);
        let after = outer(self.new_shift, first.start);
        let mut middle = first.clone();
        self.consume(&first);
        while let Some(next) = self.upcoming() {
            let both_empty = middle.is_empty() && next == middle;
            if next.start >= middle.end && !both_empty {
                break;
            }
            middle.end = middle.end.max(next.end);
            self.consume(&next);
        }
        Some(Piece {
            before: before..outer(self.old_shift, middle.end),
            after: after..outer(self.new_shift, middle.end),
        })
    }

    /// Middle range of the piece that comes first, the shorter at a tie.
    fn upcoming(&self) -> Option<Span> {
        let old = self.old.first().map(|piece| &piece.after);
        let new = self.new.first().map(|piece| &piece.before);
        [old, new].into_iter().flatten().min_by_key(|span| (span.start, span.end)).cloned()
    }

    fn consume(&mut self, middle: &Span) {
        if let Some((piece, rest)) = self.old.split_first().filter(|(piece, _)| piece.after == *middle) {
            self.old_shift = (piece.after.end, piece.before.end);
            self.old = rest;
        } else if let Some((piece, rest)) = self.new.split_first() {
            self.new_shift = (piece.before.end, piece.after.end);
            self.new = rest;
        }
    }
}

/// The outer position that corresponds to a middle one, in step with a known pair.
fn outer((middle, outer): (usize, usize), at: usize) -> usize {
    // `at` lies behind the pair only inside a group whose far end is still to be consumed by the other map.
    outer + at.saturating_sub(middle)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(before: Span, after: Span) -> Piece {
        Piece { before, after }
    }

    fn aligned(pieces: Vec<Piece>) -> Normalized {
        Normalized { alignment: Alignment { pieces }, ..Normalized::default() }
    }

    #[test]
    fn identity_without_pieces() {
        assert_eq!(aligned(vec![]).original(&(3..7)), 3..7);
    }

    #[test]
    fn a_piece_maps_to_the_whole_of_what_it_replaced() {
        // "l’été" -> "l'été"
        let text = aligned(vec![piece(1..4, 1..2)]);
        assert_eq!(text.original(&(0..1)), 0..1);
        assert_eq!(text.original(&(1..2)), 1..4);
        assert_eq!(text.original(&(2..7)), 4..9);
        assert_eq!(text.original(&(0..2)), 0..4);
    }

    #[test]
    fn removed_text_belongs_to_no_neighbour() {
        // "ab??cd" -> "abcd"
        let text = aligned(vec![piece(2..4, 2..2)]);
        assert_eq!(text.original(&(0..2)), 0..2);
        assert_eq!(text.original(&(2..4)), 4..6);
        assert_eq!(text.original(&(0..4)), 0..6);
        assert_eq!(text.original(&(2..2)), 4..4);
    }

    #[test]
    fn steps_compose() {
        let mut map = Alignment { pieces: vec![piece(0..1, 0..2), piece(4..6, 5..5)] };
        map.then(&[piece(1..3, 1..2), piece(5..5, 4..6), piece(7..8, 8..8)], &mut Vec::new());
        assert_eq!(map.pieces, vec![piece(0..2, 0..2), piece(4..6, 4..6), piece(8..9, 8..8)]);
    }
}
