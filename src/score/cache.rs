//! Remembers what a token's features add up to.

/// Sums of weights per distinct token: bounded, one per thread, and without influence on any result, since a remembered sum is the
/// very number that adding up again would give.
///
/// **Shape**: direct-mapped; slot `i` holds `n_outputs` numbers.
#[derive(Debug, Clone)]
pub struct TokenCache {
    /// Token hash of each slot; 0 marks a free one.
    keys: Vec<u64>,
    sums: Vec<f32>,
    n_outputs: usize,
}

/// Distinct tokens remembered: the frequent words of a language, within a core's own cache.
const SLOTS: usize = 1 << 14;

impl TokenCache {
    /// An empty cache for sums of `n_outputs` numbers.
    pub fn new(n_outputs: usize) -> Self {
        Self { keys: vec![0; SLOTS], sums: vec![0.0; SLOTS * n_outputs], n_outputs }
    }

    /// The sums of a token; `compute` adds them up, into zeros, where they are not remembered.
    pub fn sums(&mut self, token: u64, compute: impl FnOnce(&mut [f32])) -> &[f32] {
        let slot = (token >> 40) as usize % SLOTS;
        let sums = &mut self.sums[slot * self.n_outputs..(slot + 1) * self.n_outputs];
        // A token whose hash is 0 would look like a free slot: it is added up each time.
        if self.keys[slot] != token || token == 0 {
            sums.fill(0.0);
            compute(sums);
            self.keys[slot] = token;
        }
        sums
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn computes_once_per_token_while_it_stays() {
        let mut cache = TokenCache::new(2);
        let mut calls = 0;
        for token in [7 << 40, 7 << 40, (7 << 40) + (1 << 60), 7 << 40] {
            let sums = cache.sums(token, |sums| {
                calls += 1;
                sums.copy_from_slice(&[token as f32, 1.0]);
            });
            assert_eq!(sums, [token as f32, 1.0]);
        }
        // The third token shares the slot of the others and takes it over.
        assert_eq!(calls, 3);
    }
}
