//! Rows → their groups.

use super::DuplicatesConfig;
use super::collected::{Collected, NONE, UNKNOWN};
use super::pairs::{self, Node};

/// Rows whose texts are near-duplicates of one another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its first row, from 0.
    pub first_row: usize,
    /// How many rows it has.
    pub size: usize,
    /// How many authors, among the rows that name one.
    pub n_authors: usize,
    /// The earliest and the latest time known, in milliseconds since 1970.
    pub times: Option<(i64, i64)>,
}

/// The groups of all rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Groups {
    /// By their first rows.
    groups: Vec<Group>,
    /// The group of each row, [`NONE`] where it is in none.
    of_rows: Vec<u32>,
}

impl Groups {
    /// Finds the groups.
    pub fn find(collected: &Collected, config: &DuplicatesConfig, n_threads: usize) -> Self {
        let (nodes, of_rows) = nodes(collected, config.window);
        let mut union = pairs::join(&nodes, collected, config.threshold, config.window, n_threads);
        let roots = of_rows.into_iter().map(|node| if node == NONE { NONE } else { union.root(node) }).collect();
        gather(roots, nodes.len(), collected, config.min_size)
    }

    /// The group of a row, counted from 0.
    pub fn of(&self, row: usize) -> Option<&Group> {
        self.groups.get(*self.of_rows.get(row)? as usize)
    }

    /// All groups, by their first rows.
    pub fn all(&self) -> &[Group] {
        &self.groups
    }

    /// Rows that were compared.
    pub fn n_rows(&self) -> usize {
        self.of_rows.len()
    }
}

/// Distinct texts, cut where none was sent for longer than the window; and the node of each row.
fn nodes(collected: &Collected, window: Option<u64>) -> (Vec<Node>, Vec<u32>) {
    let time = |row: u32| if window.is_some() { collected.times[row as usize] } else { 0 };
    let text = |row: u32| collected.texts[row as usize];
    let mut order: Vec<u32> =
        (0..collected.n_rows() as u32).filter(|row| text(*row) != NONE && time(*row) != UNKNOWN).collect();
    order.sort_unstable_by_key(|row| (text(*row), time(*row), *row));
    let mut nodes: Vec<Node> = Vec::new();
    let mut of_rows = vec![NONE; collected.n_rows()];
    for row in order {
        let (text, time) = (text(row), time(row));
        match nodes.last_mut() {
            Some(node) if node.text == text && window.is_none_or(|window| time.abs_diff(node.last) <= window) => {
                node.last = time;
            }
            _ => nodes.push(Node { text, first: time, last: time }),
        }
        of_rows[row as usize] = nodes.len() as u32 - 1;
    }
    (nodes, of_rows)
}

/// Numbers the sets by their first rows, and leaves out those that are too small.
fn gather(mut of_rows: Vec<u32>, n_nodes: usize, collected: &Collected, min_size: usize) -> Groups {
    let mut sizes = vec![0_u32; n_nodes];
    of_rows.iter().filter(|root| **root != NONE).for_each(|root| sizes[*root as usize] += 1);
    let mut numbers = vec![NONE; n_nodes];
    let mut groups: Vec<Group> = Vec::new();
    for (row, of_row) in of_rows.iter_mut().enumerate().filter(|(_, root)| **root != NONE) {
        let root = *of_row as usize;
        let size = sizes[root] as usize;
        if size < min_size {
            *of_row = NONE;
            continue;
        }
        if numbers[root] == NONE {
            numbers[root] = groups.len() as u32;
            groups.push(Group { first_row: row, size, n_authors: 0, times: None });
        }
        *of_row = numbers[root];
        groups[numbers[root] as usize].widen(collected.times[row]);
    }
    count_authors(&mut groups, &of_rows, &collected.authors);
    Groups { groups, of_rows }
}

fn count_authors(groups: &mut [Group], of_rows: &[u32], authors: &[u64]) {
    let mut pairs: Vec<(u32, u64)> = of_rows.iter().copied().zip(authors.iter().copied()).collect();
    pairs.retain(|(group, author)| *group != NONE && *author != 0);
    pairs.sort_unstable();
    pairs.dedup();
    for (group, _) in pairs {
        groups[group as usize].n_authors += 1;
    }
}

impl Group {
    fn widen(&mut self, time: i64) {
        if time != UNKNOWN {
            let (first, last) = self.times.unwrap_or((time, time));
            self.times = Some((first.min(time), last.max(time)));
        }
    }
}
