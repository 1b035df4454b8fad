//! Byte-pair merges on the short words of messages, without an allocation: what the `tokenizers` crate gives, an order of magnitude sooner.

use std::collections::BTreeMap;

/// The merges of a plain BPE vocabulary, ready to apply.
#[derive(Debug, Clone)]
pub(super) struct Merges {
    /// Piece of each character by itself.
    letters: BTreeMap<char, u32>,
    /// Piece of each character below [`NEAR`], as most are; [`NONE`] where the vocabulary has none.
    near: Vec<u32>,
    pairs: PairTable,
    pieces: Vec<Box<str>>,
}

/// Letters of a word that are looked at: no French word has as many, and a pasted blob must not cost its square.
pub(super) const MAX_LETTERS: usize = 64;
const NEAR: usize = 0x180;
const NONE: u32 = u32::MAX;

impl Merges {
    /// From the pieces with their numbers and the pairs merged, in order; `None` if a pair names a piece that there is not, or a number
    /// is far beyond the count of pieces.
    pub(super) fn new(vocabulary: &BTreeMap<String, u32>, listed: &[(String, String)]) -> Option<Self> {
        let n_pieces = vocabulary.values().max().map_or(0, |id| *id as usize + 1);
        if n_pieces > 2 * vocabulary.len() {
            return None;
        }
        let mut pieces = vec![Box::from(""); n_pieces];
        let mut letters = BTreeMap::new();
        for (piece, id) in vocabulary {
            pieces[*id as usize] = piece.as_str().into();
            let mut characters = piece.chars();
            if let (Some(letter), None) = (characters.next(), characters.next()) {
                letters.insert(letter, *id);
            }
        }
        let near = (0..NEAR as u32).map(|code| {
            let letter = char::from_u32(code);
            letter.and_then(|letter| letters.get(&letter)).copied().unwrap_or(NONE)
        });
        let near = near.collect();
        let mut pairs = PairTable::with_room_for(listed.len());
        let mut both = String::new();
        for (rank, (left, right)) in listed.iter().enumerate() {
            both.clear();
            both.push_str(left);
            both.push_str(right);
            let merged = vocabulary.get(&both)?;
            pairs.insert(*vocabulary.get(left)?, *vocabulary.get(right)?, (rank as u32, *merged));
        }
        Some(Self { letters, near, pairs, pieces })
    }

    /// Number of pieces.
    pub(super) fn len(&self) -> usize {
        self.pieces.len()
    }

    /// Calls `each` with the pieces of a word: the pair merged first in training is merged first, the leftmost of equals before the
    /// others. Of a word of more than [`MAX_LETTERS`], those of its beginning.
    pub(super) fn apply(&self, word: &str, each: &mut dyn FnMut(&str)) {
        let mut symbols = [0; MAX_LETTERS];
        let mut n = 0;
        for piece in word.chars().filter_map(|letter| self.letter(letter)).take(MAX_LETTERS) {
            symbols[n] = piece;
            n += 1;
        }
        let mut pending = [UNKNOWN; MAX_LETTERS];
        for at in 1..n {
            pending[at - 1] = self.pairs.get(symbols[at - 1], symbols[at]);
        }
        while n > 1 {
            let (at, (rank, merged)) = first_merge(&pending[..n - 1]);
            if rank == NONE {
                break;
            }
            symbols[at] = merged;
            symbols.copy_within(at + 2..n, at + 1);
            pending.copy_within((at + 1).min(n - 1)..n - 1, at);
            n -= 1;
            if at + 1 < n {
                pending[at] = self.pairs.get(symbols[at], symbols[at + 1]);
            }
            if at > 0 {
                pending[at - 1] = self.pairs.get(symbols[at - 1], symbols[at]);
            }
        }
        for piece in &symbols[..n] {
            each(&self.pieces[*piece as usize]);
        }
    }

    fn letter(&self, letter: char) -> Option<u32> {
        match self.near.get(letter as usize) {
            Some(piece) => (*piece != NONE).then_some(*piece),
            None => self.letters.get(&letter).copied(),
        }
    }
}

/// The merge of the lowest rank, the leftmost of them, with its place.
fn first_merge(merges: &[Merge]) -> (usize, Merge) {
    let earlier =
        |best: (usize, Merge), (at, merge): (usize, &Merge)| if merge.0 < best.1.0 { (at, *merge) } else { best };
    merges.iter().enumerate().fold((0, UNKNOWN), earlier)
}

/// Rank of a merge and the piece it gives.
type Merge = (u32, u32);
const UNKNOWN: Merge = (NONE, NONE);

/// Pair of pieces → merge: open addressing, at most half full.
#[derive(Debug, Clone)]
struct PairTable {
    slots: Vec<(u64, Merge)>,
}

/// No pair of pieces has this key.
const FREE: u64 = u64::MAX;

impl PairTable {
    fn with_room_for(n_pairs: usize) -> Self {
        Self { slots: vec![(FREE, UNKNOWN); (n_pairs * 2).next_power_of_two().max(2)] }
    }

    fn insert(&mut self, left: u32, right: u32, merge: Merge) {
        let slot = self.slot(left, right);
        // A pair listed twice counts by its last rank, as in the crate.
        self.slots[slot] = (pair(left, right), merge);
    }

    fn get(&self, left: u32, right: u32) -> Merge {
        self.slots[self.slot(left, right)].1
    }

    fn slot(&self, left: u32, right: u32) -> usize {
        let (key, mask) = (pair(left, right), self.slots.len() - 1);
        let mut slot = (key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 40) as usize & mask;
        while self.slots[slot].0 != key && self.slots[slot].0 != FREE {
            slot = (slot + 1) & mask;
        }
        slot
    }
}

fn pair(left: u32, right: u32) -> u64 {
    u64::from(left) << 32 | u64::from(right)
}
