//! Messages judged by the group: contrast pairs, of which all must be right, and invariances, of which all must be alike.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// How whole groups came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Groups {
    /// Groups of two messages or more.
    pub n_groups: u64,
    /// Those whose every label is the gold one.
    pub wholly_right: u64,
    /// Those whose messages all got one label, right or wrong.
    pub one_label: u64,
}

impl Groups {
    /// Counts; `None` without a group of two messages.
    ///
    /// **Shape**: one entry per message each, in one order.
    pub fn of<'a>(
        groups: impl IntoIterator<Item = Option<&'a str>>,
        gold: &[usize],
        predicted: &[usize],
    ) -> Option<Self> {
        let mut members: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, group) in groups.into_iter().enumerate() {
            if let Some(group) = group {
                members.entry(group).or_default().push(index);
            }
        }
        let mut counts = Self { n_groups: 0, wholly_right: 0, one_label: 0 };
        for group in members.values().filter(|group| group.len() > 1) {
            counts.n_groups += 1;
            counts.wholly_right += u64::from(group.iter().all(|index| gold[*index] == predicted[*index]));
            counts.one_label += u64::from(group.iter().all(|index| predicted[*index] == predicted[group[0]]));
        }
        (counts.n_groups > 0).then_some(counts)
    }

    /// Share of the groups that got one label.
    pub fn share_of_one_label(&self) -> f64 {
        self.one_label as f64 / self.n_groups as f64
    }

    /// Share of the groups that came out wholly right.
    pub fn share_wholly_right(&self) -> f64 {
        self.wholly_right as f64 / self.n_groups as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_counts_whole_and_a_lone_message_not_at_all() {
        let groups = [Some("a"), Some("a"), Some("b"), Some("b"), Some("c"), None];
        let counts = Groups::of(groups, &[0, 1, 0, 0, 1, 1], &[0, 1, 1, 1, 1, 0]).unwrap();
        assert_eq!(counts, Groups { n_groups: 2, wholly_right: 1, one_label: 1 });
        assert_eq!(Groups::of([None, Some("a")], &[0, 0], &[0, 0]), None);
    }
}
