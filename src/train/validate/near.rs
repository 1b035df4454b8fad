//! Texts that are nearly the same, all of them found without comparing all with all.
//!
//! **Source**: prefix filtering (Chaudhuri, Ganti & Kaushik, ICDE 2006; Bayardo, Ma & Srikant, WWW 2007): of two sets of
//! n-grams with a Jaccard similarity of at least `t`, ordered from the rarest n-gram to the most common, one of the first
//! `n - ⌈t n⌉ + 1` of each is common to both. So only the rare n-grams of a text are looked up.

use std::collections::BTreeMap;

use xxhash_rust::xxh3::xxh3_64;

use super::squeezed;
use crate::types::LabeledMessage;

/// Characters of an n-gram.
const GRAM_CHARS: usize = 5;
/// Near are texts whose Jaccard similarity is above this fraction.
const ABOVE: (usize, usize) = (3, 5);
/// Texts looked at behind one n-gram, the nearest in length first. Below it the search is exhaustive; above it (one template
/// with thousands of fillings) the texts still come together, since each is near many others.
const MAX_CANDIDATES: usize = 512;

/// Messages linked by nearness, one to the next.
#[derive(Debug, PartialEq)]
pub(super) struct Cluster {
    /// Positions of the messages, ascending.
    pub(super) members: Vec<usize>,
    /// The lowest Jaccard similarity among the links that hold it together.
    pub(super) similarity: f64,
}

/// Messages of one text, but for case and white space.
struct Node<'a> {
    messages: Vec<usize>,
    /// The group that all of them are in.
    group: Option<&'a str>,
    /// Ranks of its n-grams, ascending: the rarest first.
    grams: Vec<u32>,
}

/// Finds the clusters of near messages, those wholly inside one group left out. A text shorter than an n-gram is near to none
/// but its like.
pub(super) fn clusters(messages: &[LabeledMessage]) -> Vec<Cluster> {
    let mut nodes = nodes(messages);
    nodes.sort_by_key(|node| (node.grams.len(), node.messages[0]));
    let mut forest = Forest::new(&nodes);
    let n_ranks = nodes.iter().filter_map(|node| node.grams.last()).max().map_or(0, |rank| *rank as usize + 1);
    // Of each rank: the texts that have it in their prefix, and where.
    let mut texts_with: Vec<Vec<(u32, u32)>> = vec![Vec::new(); n_ranks];
    let mut seen_by = vec![usize::MAX; nodes.len()];
    for (position, node) in nodes.iter().enumerate() {
        let n_grams = node.grams.len();
        for (at, rank) in prefix(&node.grams).iter().enumerate() {
            let texts = &mut texts_with[*rank as usize];
            for &(other, other_at) in texts.iter().rev().take(MAX_CANDIDATES) {
                let other = other as usize;
                let n_others = nodes[other].grams.len();
                if n_others < least_length(n_grams) {
                    break;
                }
                // The first n-gram they share: neither shares one before it.
                let is_first = std::mem::replace(&mut seen_by[other], position) != position;
                let at_most = (n_grams - at).min(n_others - other_at as usize);
                if is_first && at_most >= least_overlap(n_grams + n_others) && !forest.are_linked(position, other) {
                    link_if_near(&nodes, position, other, &mut forest);
                }
            }
            texts.push((position as u32, at as u32));
        }
    }
    forest.clusters(&nodes)
}

fn link_if_near(nodes: &[Node<'_>], left: usize, right: usize, forest: &mut Forest) {
    let (a, b) = (&nodes[left], &nodes[right]);
    if a.group.is_some() && a.group == b.group {
        return;
    }
    let n_both = a.grams.len() + b.grams.len();
    if let Some(common) = overlap(&a.grams, &b.grams, least_overlap(n_both)) {
        forest.link(left, right, common as f64 / (n_both - common) as f64);
    }
}

/// The texts of messages, each once.
fn nodes(messages: &[LabeledMessage]) -> Vec<Node<'_>> {
    let mut of_text: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, message) in messages.iter().enumerate() {
        let text = squeezed(&message.message.text).to_lowercase();
        if !text.is_empty() {
            of_text.entry(text).or_default().push(index);
        }
    }
    let hashes: Vec<Vec<u64>> = of_text.keys().map(|text| grams(text)).collect();
    let group_of = |index: &usize| messages[*index].group.as_deref();
    let common_group = |indices: &[usize]| {
        let first = group_of(&indices[0]);
        first.filter(|_| indices.iter().all(|index| group_of(index) == first))
    };
    of_text
        .into_values()
        .zip(ranked(&hashes))
        .map(|(messages, grams)| Node { group: common_group(&messages), messages, grams })
        .collect()
}

/// Hashes of a text's n-grams, ascending, each once.
fn grams(text: &str) -> Vec<u64> {
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let mut hashes: Vec<u64> =
        starts.windows(GRAM_CHARS + 1).map(|window| xxh3_64(&text.as_bytes()[window[0]..window[GRAM_CHARS]])).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}

/// N-grams by their rank, from the rarest to the most common; each text's ascending.
fn ranked(texts: &[Vec<u64>]) -> Vec<Vec<u32>> {
    let mut all: Vec<u64> = texts.iter().flatten().copied().collect();
    all.sort_unstable();
    let mut by_count: Vec<(usize, u64)> =
        all.chunk_by(|left, right| left == right).map(|equal| (equal.len(), equal[0])).collect();
    by_count.sort_unstable();
    let mut rank_of: Vec<(u64, u32)> = by_count.iter().zip(0..).map(|((_, hash), rank)| (*hash, rank)).collect();
    rank_of.sort_unstable();
    let rank = |hash: &u64| rank_of.binary_search_by_key(hash, |(hash, _)| *hash).ok().map(|found| rank_of[found].1);
    let ranks = |hashes: &Vec<u64>| {
        let mut ranks: Vec<u32> = hashes.iter().filter_map(rank).collect();
        ranks.sort_unstable();
        ranks
    };
    texts.iter().map(ranks).collect()
}

/// N-grams that a text near one of `n_grams` has at least.
fn least_length(n_grams: usize) -> usize {
    (n_grams * ABOVE.0).div_ceil(ABOVE.1)
}

/// N-grams that two near texts share at least, which have `n_both` together: `common / (n_both - common)` is above [`ABOVE`].
fn least_overlap(n_both: usize) -> usize {
    n_both * ABOVE.0 / (ABOVE.0 + ABOVE.1) + 1
}

/// The rare n-grams, of which near texts share one.
fn prefix(grams: &[u32]) -> &[u32] {
    &grams[..(grams.len() + 1 - least_length(grams.len())).min(grams.len())]
}

/// How many ranks two ascending lists share; `None` if fewer than `least`, known as soon as too few are left.
fn overlap(mut left: &[u32], mut right: &[u32], least: usize) -> Option<usize> {
    let mut common = 0;
    while let (Some((a, left_rest)), Some((b, right_rest))) = (left.split_first(), right.split_first()) {
        if common + left.len().min(right.len()) < least {
            return None;
        }
        common += usize::from(a == b);
        (left, right) = (if a <= b { left_rest } else { left }, if b <= a { right_rest } else { right });
    }
    (common >= least).then_some(common)
}

/// Which nodes hang together (union–find), and by how weak a link.
struct Forest {
    parents: Vec<usize>,
    /// Of each root; `None` for a node that stands alone.
    weakest: Vec<Option<f64>>,
}

impl Forest {
    fn new(nodes: &[Node<'_>]) -> Self {
        let alone = |node: &Node<'_>| (node.messages.len() > 1 && node.group.is_none()).then_some(1.0);
        Self { parents: (0..nodes.len()).collect(), weakest: nodes.iter().map(alone).collect() }
    }

    fn root(&mut self, mut node: usize) -> usize {
        while self.parents[node] != node {
            self.parents[node] = self.parents[self.parents[node]];
            node = self.parents[node];
        }
        node
    }

    fn are_linked(&mut self, left: usize, right: usize) -> bool {
        self.root(left) == self.root(right)
    }

    fn link(&mut self, left: usize, right: usize, similarity: f64) {
        let (left, right) = (self.root(left), self.root(right));
        let weakest = [self.weakest[left], self.weakest[right]].into_iter().flatten().fold(similarity, f64::min);
        self.parents[right] = left;
        self.weakest[left] = Some(weakest);
    }

    /// The clusters, ordered by their first messages.
    fn clusters(mut self, nodes: &[Node<'_>]) -> Vec<Cluster> {
        let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for (position, node) in nodes.iter().enumerate() {
            members.entry(self.root(position)).or_default().extend(&node.messages);
        }
        let cluster = |(root, mut members): (usize, Vec<usize>)| {
            members.sort_unstable();
            self.weakest[root].map(|similarity| Cluster { members, similarity })
        };
        let mut clusters: Vec<Cluster> = members.into_iter().filter_map(cluster).collect();
        clusters.sort_by_key(|cluster| cluster.members[0]);
        clusters
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;
    use crate::train::validate::tests::message;

    fn found(texts: &[&str]) -> Vec<Vec<usize>> {
        let messages: Vec<LabeledMessage> = texts.iter().map(|text| message(text)).collect();
        clusters(&messages).into_iter().map(|cluster| cluster.members).collect()
    }

    #[test]
    fn near_texts_come_together_and_others_do_not() {
        let texts = [
            "Signez la pétition pour notre hôpital avant samedi !",
            "Rendez-vous place du marché",
            "SIGNEZ la pétition  pour notre hôpital avant dimanche !",
            "Il fait beau",
        ];
        assert_eq!(found(&texts), [[0, 2]]);
    }

    #[test]
    fn case_and_white_space_make_no_difference() {
        assert_eq!(found(&["Oui", "oui ", "non"]), [[0, 1]]);
    }

    #[test]
    fn a_common_group_is_no_finding() {
        let mut messages = vec![message("Merci à vous tous"), message("Merci à vous tous !"), message("autre chose")];
        messages[0].group = Some("g".to_owned());
        messages[1].group = Some("g".to_owned());
        assert_eq!(clusters(&messages), []);
        messages[1].group = Some("h".to_owned());
        assert_eq!(clusters(&messages)[0].members, [0, 1]);
    }

    #[test]
    fn similarity_is_that_of_sets_of_five_characters() {
        // abcde bcdef cdefg | abcde bcdef cdefg defgh: 3 of 4.
        let messages = [message("abcdefg"), message("ABCDEFGh")];
        assert_eq!(clusters(&messages), [Cluster { members: vec![0, 1], similarity: 0.75 }]);
        // 3 of 5 is not above the fraction.
        assert!(found(&["abcdefg", "abcdefghi"]).is_empty());
    }

    /// Every pair compared.
    fn slowly(texts: &[String]) -> BTreeSet<Vec<usize>> {
        let sets: Vec<BTreeSet<u64>> = texts.iter().map(|text| grams(text).into_iter().collect()).collect();
        let near = |a: usize, b: usize| {
            let common = sets[a].intersection(&sets[b]).count();
            texts[a] == texts[b] || 5 * common > 3 * (sets[a].len() + sets[b].len() - common)
        };
        let mut of: Vec<usize> = (0..texts.len()).collect();
        for a in 0..texts.len() {
            for b in (0..a).filter(|b| near(a, *b)) {
                let (from, to) = (of[a], of[b]);
                of.iter_mut().filter(|cluster| **cluster == from).for_each(|cluster| *cluster = to);
            }
        }
        let members = |cluster: usize| (0..texts.len()).filter(|text| of[*text] == cluster).collect::<Vec<_>>();
        (0..texts.len()).map(members).filter(|members| members.len() > 1).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

        #[test]
        fn all_that_comparing_all_finds_is_found(texts in proptest::collection::vec("[ab]{1,3}(cdefgh|cdefé){0,3}[ab]{0,4}", 1..25)) {
            let fast: Vec<&str> = texts.iter().map(String::as_str).collect();
            let fast: BTreeSet<Vec<usize>> = found(&fast).into_iter().collect();
            prop_assert_eq!(fast, slowly(&texts));
        }
    }
}
