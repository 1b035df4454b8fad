//! Items that are joined, and whatever they were joined with before.

/// Disjoint sets of numbers. **Source**: Tarjan & van Leeuwen, *Worst-case analysis of set union algorithms*, J. ACM 31(2), 1984.
#[derive(Debug)]
pub(super) struct Union {
    parents: Vec<u32>,
}

impl Union {
    /// Each of `n` numbers by itself.
    pub(super) fn new(n: usize) -> Self {
        Self { parents: (0..n as u32).collect() }
    }

    /// The least number of a set.
    pub(super) fn root(&mut self, mut item: u32) -> u32 {
        while self.parents[item as usize] != item {
            let above = self.parents[self.parents[item as usize] as usize];
            self.parents[item as usize] = above;
            item = above;
        }
        item
    }

    /// Makes two sets one; says whether they were two.
    pub(super) fn join(&mut self, left: u32, right: u32) -> bool {
        let (left, right) = (self.root(left), self.root(right));
        self.parents[left.max(right) as usize] = left.min(right);
        left != right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_joined_to_the_same_is_joined() {
        let mut union = Union::new(6);
        assert!(union.join(4, 2) && union.join(5, 4) && !union.join(2, 5));
        let roots: Vec<u32> = (0..6).map(|item| union.root(item)).collect();
        assert_eq!(roots, [0, 1, 2, 3, 2, 2]);
    }
}
