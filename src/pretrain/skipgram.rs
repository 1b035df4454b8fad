//! Skip-gram with negative sampling, on several threads with one result.
//!
//! **Source**: Mikolov et al. (NIPS 2013), with the table of negatives (power 3/4), subsampling and shrinking window of `word2vec`.
//!
//! The usual lock-free threads give another result each time. Here the texts of a block are dealt to a fixed number of *shards*, each
//! with a copy of all vectors of its own; after the block each vector becomes its old value plus the mean of what the shards that
//! met it have added, in the order of the shards. Threads only decide who works on which shard.

use ndarray::Array2;

use super::PretrainConfig;
use super::sentences::Known;
use crate::parallel;
use crate::types::SplitMix64;

/// Shards of a block: part of the method, since another number gives another result.
const SHARDS: usize = 4;
/// Texts of a block.
const BLOCK: usize = 4_096;
/// Entries of the table that negatives are drawn from.
const NOISE: usize = 1 << 20;

/// Learns the vectors. **Shape**: one row per known word.
pub(super) fn learn(known: &Known, config: &PretrainConfig, n_threads: usize) -> Array2<f32> {
    let corpus = Corpus::new(known, config);
    let mut shards: Vec<Shard> = vec![Shard::new(known.words.len(), config); SHARDS];
    let mut whole = shards[0].clone();
    let blocks_per_epoch = known.len().div_ceil(BLOCK);
    let n_blocks = config.epochs * blocks_per_epoch;
    let mut order: Vec<u32> = (0..known.len() as u32).collect();
    for block in 0..n_blocks {
        let within = block % blocks_per_epoch;
        if within == 0 {
            shuffle(&mut order, &mut SplitMix64::new(config.seed ^ block as u64));
        }
        let texts = &order[within * BLOCK..((within + 1) * BLOCK).min(order.len())];
        let rate = config.rate * (1.0 - block as f32 / n_blocks as f32).max(1e-3);
        let seed = config.seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (block as u64) << 8;
        let share = texts.len().div_ceil(SHARDS).max(1);
        let works: Vec<(usize, &[u32])> = texts.chunks(share).enumerate().collect();
        parallel::for_each(&mut shards[..works.len()], n_threads, |index, shard| {
            let (number, texts) = works[index];
            shard.learn(&corpus, texts, rate, SplitMix64::new(seed ^ number as u64));
        });
        whole.merge(&mut shards, n_threads);
    }
    Array2::from_shape_vec((known.words.len(), config.dimensions), whole.words.values)
        .expect("a vector of `dimensions` numbers per word")
}

fn shuffle(order: &mut [u32], random: &mut SplitMix64) {
    for last in (1..order.len()).rev() {
        order.swap(last, random.below(last + 1));
    }
}

/// What does not change while learning.
struct Corpus<'a> {
    known: &'a Known,
    config: &'a PretrainConfig,
    /// Probability that an occurrence of each word is met at all.
    kept: Vec<f64>,
    noise: Vec<u32>,
    sigmoid: Sigmoid,
}

impl<'a> Corpus<'a> {
    fn new(known: &'a Known, config: &'a PretrainConfig) -> Self {
        let total: f64 = known.counts.iter().map(|count| f64::from(*count)).sum();
        let kept = |count: &u32| {
            let ratio = config.subsample * total / f64::from(*count);
            (libm::sqrt(ratio) + ratio).min(1.0)
        };
        Self {
            known,
            config,
            kept: known.counts.iter().map(kept).collect(),
            noise: noise(&known.counts),
            sigmoid: Sigmoid::new(),
        }
    }
}

/// Words as often as the power 3/4 of their counts.
fn noise(counts: &[u32]) -> Vec<u32> {
    let powers: Vec<f64> = counts.iter().map(|count| libm::pow(f64::from(*count), 0.75)).collect();
    let total: f64 = powers.iter().sum();
    let mut table = Vec::with_capacity(NOISE);
    let mut sum = 0.0;
    for (word, power) in powers.iter().enumerate() {
        sum += power;
        let until = ((sum / total) * NOISE as f64).round() as usize;
        table.resize(until.max(table.len()).min(NOISE), word as u32);
    }
    table
}

/// 1 / (1 + e⁻ˣ) by table: the same digits on every processor.
struct Sigmoid(Vec<f32>);

impl Sigmoid {
    const LIMIT: f32 = 6.0;
    const STEPS: usize = 1_024;

    fn new() -> Self {
        let value = |step: usize| {
            let x = (step as f32 + 0.5) / Self::STEPS as f32 * 2.0 * Self::LIMIT - Self::LIMIT;
            1.0 / (1.0 + libm::expf(-x))
        };
        Self((0..Self::STEPS).map(value).collect())
    }

    fn at(&self, x: f32) -> f32 {
        let step = (x + Self::LIMIT) * (Self::STEPS as f32 / (2.0 * Self::LIMIT));
        self.0[(step.max(0.0) as usize).min(Self::STEPS - 1)]
    }
}

/// Vectors with a mark on those that were met since the last merge.
#[derive(Debug, Clone)]
struct Table {
    values: Vec<f32>,
    met: Vec<bool>,
}

/// One copy of everything that is learnt.
#[derive(Debug, Clone)]
struct Shard {
    words: Table,
    contexts: Table,
    dimensions: usize,
    /// What the present word's vector will move by.
    change: Vec<f32>,
    sentence: Vec<u32>,
}

impl Shard {
    fn new(n_words: usize, config: &PretrainConfig) -> Self {
        let dimensions = config.dimensions;
        let mut random = SplitMix64::new(config.seed);
        let start = |_| (random.f64() as f32 - 0.5) / dimensions as f32;
        Self {
            words: Table { values: (0..n_words * dimensions).map(start).collect(), met: vec![false; n_words] },
            contexts: Table { values: vec![0.0; n_words * dimensions], met: vec![false; n_words] },
            dimensions,
            change: vec![0.0; dimensions],
            sentence: Vec::new(),
        }
    }

    fn learn(&mut self, corpus: &Corpus<'_>, texts: &[u32], rate: f32, mut random: SplitMix64) {
        let mut sentence = std::mem::take(&mut self.sentence);
        for text in texts {
            sentence.clear();
            let words = corpus.known.sentence(*text as usize).iter().copied();
            sentence.extend(words.filter(|word| random.f64() < corpus.kept[*word as usize]));
            for center in 0..sentence.len() {
                let reach = 1 + random.below(corpus.config.window);
                let last = (center + reach).min(sentence.len() - 1);
                for other in (center.saturating_sub(reach)..=last).filter(|other| *other != center) {
                    self.pair(corpus, sentence[center], sentence[other], rate, &mut random);
                }
            }
        }
        self.sentence = sentence;
    }

    /// One word, one true neighbor, and words drawn at random against it.
    fn pair(&mut self, corpus: &Corpus<'_>, word: u32, neighbor: u32, rate: f32, random: &mut SplitMix64) {
        let dimensions = self.dimensions;
        let at = |word: u32| word as usize * dimensions..(word as usize + 1) * dimensions;
        let vector = &mut self.words.values[at(word)];
        self.change.fill(0.0);
        for draw in 0..=corpus.config.negatives {
            let (other, truth) =
                if draw == 0 { (neighbor, 1.0) } else { (corpus.noise[random.below(corpus.noise.len())], 0.0) };
            if draw > 0 && other == neighbor {
                continue;
            }
            let context = &mut self.contexts.values[at(other)];
            let step = rate * (truth - corpus.sigmoid.at(dot(vector, context)));
            axpy(step, context, &mut self.change);
            axpy(step, vector, context);
            self.contexts.met[other as usize] = true;
        }
        axpy(1.0, &self.change, vector);
        self.words.met[word as usize] = true;
    }

    /// Takes over what the shards have learnt, and gives it to all of them.
    fn merge(&mut self, shards: &mut [Self], n_threads: usize) {
        let (words, contexts): (Vec<_>, Vec<_>) =
            shards.iter_mut().map(|shard| (&mut shard.words, &mut shard.contexts)).unzip();
        let mut sides = [(&mut self.words, words), (&mut self.contexts, contexts)];
        let dimensions = self.dimensions;
        parallel::for_each(&mut sides, n_threads, |_, (whole, parts)| whole.merge(parts, dimensions));
    }
}

impl Table {
    fn merge(&mut self, parts: &mut [&mut Self], dimensions: usize) {
        for word in 0..self.met.len() {
            let n_met = parts.iter().filter(|part| part.met[word]).count();
            if n_met == 0 {
                continue;
            }
            let range = word * dimensions..(word + 1) * dimensions;
            let share = 1.0 / n_met as f32;
            for at in range.clone() {
                let before = self.values[at];
                let added: f32 = parts.iter().filter(|part| part.met[word]).map(|part| part.values[at] - before).sum();
                self.values[at] = before + added * share;
            }
            for part in parts.iter_mut() {
                part.values[range.clone()].copy_from_slice(&self.values[range.clone()]);
                part.met[word] = false;
            }
        }
    }
}

/// Lanes added up side by side, always in this order: the compiler may use vector instructions and the digits stay.
const LANES: usize = 8;

fn dot(left: &[f32], right: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (left_chunks, left_rest) = left.as_chunks::<LANES>();
    let (right_chunks, right_rest) = right.as_chunks::<LANES>();
    for (l, r) in left_chunks.iter().zip(right_chunks) {
        for lane in 0..LANES {
            sums[lane] += l[lane] * r[lane];
        }
    }
    let rest: f32 = left_rest.iter().zip(right_rest).map(|(l, r)| l * r).sum();
    sums.iter().sum::<f32>() + rest
}

/// `to += factor × from`.
fn axpy(factor: f32, from: &[f32], to: &mut [f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to += factor * from;
    }
}
