//! Texts that may be near-duplicates meet in a band; those that are become pairs.

use xxhash_rust::xxh3::Xxh3;

use super::collected::Collected;
use super::minhash::{SIZE, band_size, n_needed, n_shared};
use super::union::Union;
use crate::parallel;

/// What is compared: a text, and the time over which it was sent again and again without a gap longer than the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Node {
    pub(super) text: u32,
    pub(super) first: i64,
    pub(super) last: i64,
}

/// Predecessors in its bucket that a node is compared with, the nearest first. More only matters where hundreds of texts share a
/// whole band and are no near-duplicates; they meet again in other bands.
const NEAREST: usize = 128;

/// Joins the nodes whose texts resemble each other and whose times lie within the window.
pub(super) fn join(
    nodes: &[Node],
    collected: &Collected,
    threshold: f64,
    window: Option<u64>,
    n_threads: usize,
) -> Union {
    let size = band_size(threshold);
    // Equal texts are one node already, and an estimate of 1 does not mean equal.
    let n_bands = if threshold < 1.0 { SIZE / size } else { 0 };
    let search = Search { nodes, collected, size, n_needed: n_needed(threshold), window };
    let of_bands = parallel::map(n_bands, n_threads, Vec::new, |bucketed, band| search.pairs(band, bucketed));
    let mut union = Union::new(nodes.len());
    for (left, right) in of_bands.into_iter().flatten() {
        union.join(left, right);
    }
    union
}

struct Search<'a> {
    nodes: &'a [Node],
    collected: &'a Collected,
    /// Minima in a band.
    size: usize,
    n_needed: u16,
    window: Option<u64>,
}

impl Search<'_> {
    /// Pairs that one band finds: enough to join whatever it can.
    fn pairs(&self, band: usize, bucketed: &mut Vec<(u64, u32)>) -> Vec<(u32, u32)> {
        bucketed.clear();
        bucketed.extend((0..).zip(self.nodes).map(|(index, node)| (self.bucket(band, node), index)));
        bucketed.sort_unstable_by_key(|(bucket, index)| (*bucket, self.nodes[*index as usize].first, *index));
        let mut union = Union::new(self.nodes.len());
        let mut pairs = Vec::new();
        for bucket in bucketed.chunk_by(|left, right| left.0 == right.0) {
            for at in 1..bucket.len() {
                let node = bucket[at].1;
                for (_, other) in bucket[at.saturating_sub(NEAREST)..at].iter().rev() {
                    if union.root(*other) != union.root(node) && self.are_near(*other, node) {
                        union.join(*other, node);
                        pairs.push((*other, node));
                    }
                }
            }
        }
        pairs
    }

    /// Hash of the minima that a band holds.
    fn bucket(&self, band: usize, node: &Node) -> u64 {
        let minima = &self.collected.signature(node.text)[band * self.size..][..self.size];
        let mut hash = Xxh3::new();
        for minimum in minima {
            hash.update(&minimum.to_le_bytes());
        }
        hash.digest()
    }

    fn are_near(&self, left: u32, right: u32) -> bool {
        let (left, right) = (self.nodes[left as usize], self.nodes[right as usize]);
        let gap = left.first.saturating_sub(right.last).max(right.first.saturating_sub(left.last)).max(0);
        let in_time = self.window.is_none_or(|window| gap.unsigned_abs() <= window);
        in_time && n_shared(self.collected.signature(left.text), self.collected.signature(right.text)) >= self.n_needed
    }
}
