//! Learns vectors of words from texts without labels: texts → tokens → counts → vectors → spread → table.
//!
//! The same bytes for the same texts, settings and seed, whatever the number of threads.

mod ppmi;
mod sentences;
mod skipgram;

use ndarray::Array2;
use serde::{Deserialize, Serialize};

use crate::error::{ErrorKind, Result};
use crate::model::DataDigest;
use crate::vectors::{Origin, Spread, WordVectors};

pub use sentences::Sentences;

/// How vectors are learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PretrainConfig {
    /// The method.
    pub method: Method,
    /// Numbers per word.
    pub dimensions: usize,
    /// Tokens on each side that count as a word's company.
    pub window: usize,
    /// Words found less often get no vector.
    pub min_count: u32,
    /// Words likelier than this are met less often (Mikolov et al. 2013, section 2.3).
    pub subsample: f64,
    /// Passes over the texts (skip-gram).
    pub epochs: usize,
    /// Words drawn against each true neighbor (skip-gram); its logarithm is taken off each association (PPMI).
    pub negatives: usize,
    /// Length of the first steps (skip-gram); it falls to nothing.
    pub rate: f32,
    /// Seed of every draw.
    pub seed: u64,
}

/// A method of learning vectors.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Skip-gram with negative sampling: Mikolov, Sutskever, Chen, Corrado and Dean, "Distributed Representations of Words and
    /// Phrases and their Compositionality", NIPS 2013.
    #[default]
    Skipgram,
    /// Singular vectors of the positive pointwise mutual information: Levy, Goldberg and Dagan, "Improving Distributional
    /// Similarity with Lessons Learned from Word Embeddings", TACL 3, 2015. Faster, a little weaker.
    Ppmi,
}

impl Default for PretrainConfig {
    fn default() -> Self {
        Self {
            method: Method::default(),
            dimensions: 100,
            window: 5,
            min_count: 3,
            subsample: 1e-3,
            epochs: 10,
            negatives: 5,
            rate: 0.05,
            seed: 1,
        }
    }
}

/// Fewest tokens worth learning from.
const FEWEST_TOKENS: usize = 1_000;

/// Learns a table of vectors. `texts` says which files the sentences come from.
///
/// **Errors**: [`ErrorKind::InvalidConfig`] for impossible settings, [`ErrorKind::UntrainableCorpus`] for too few texts.
pub fn pretrain(
    sentences: Sentences,
    texts: Vec<DataDigest>,
    config: &PretrainConfig,
    n_threads: usize,
) -> Result<WordVectors> {
    check(config)?;
    if sentences.n_tokens() < FEWEST_TOKENS {
        let why =
            format!("{} tokens are too few to learn vectors from, {FEWEST_TOKENS} at least", sentences.n_tokens());
        return Err(ErrorKind::UntrainableCorpus(why).into());
    }
    let n_tokens = sentences.n_tokens() as u64;
    let known = sentences.known(config.min_count);
    let vectors = match config.method {
        Method::Skipgram => skipgram::learn(&known, config, n_threads),
        Method::Ppmi => ppmi::learn(&known, config, n_threads),
    };
    let settings = serde_json::to_string(config);
    let settings = settings.map_err(|error| ErrorKind::InvalidConfig(format!("the settings: {error}")))?;
    let written_by = format!("franc-parler {}", env!("CARGO_PKG_VERSION"));
    let origin = Origin { written_by, settings, texts, n_tokens };
    let kept: Vec<usize> = (0..known.words.len()).filter(|word| known.may_be_kept[*word]).collect();
    let words = kept.iter().map(|word| known.words[*word].clone()).collect();
    let table = WordVectors::quantize(words, &vectors.select(ndarray::Axis(0), &kept), origin)?;
    let spread = spread(&table, &known, &kept);
    Ok(table.with_spread(spread))
}

fn check(config: &PretrainConfig) -> Result<()> {
    let whole = [config.dimensions, config.window, config.epochs, config.negatives, config.min_count as usize];
    let real = [config.subsample, f64::from(config.rate)];
    if whole.contains(&0) || !real.iter().all(|number| number.is_finite() && *number > 0.0) {
        return Err(ErrorKind::InvalidConfig("every number of the pretraining must be above 0".to_owned()).into());
    }
    Ok(())
}

/// Mean and deviation of the texts' vectors, pooled as training pools them.
fn spread(table: &WordVectors, known: &sentences::Known, kept: &[usize]) -> Spread {
    let mut row_of = vec![None; known.words.len()];
    for (row, word) in kept.iter().enumerate() {
        row_of[*word] = Some(row);
    }
    let dimensions = table.dimensions();
    let mut pooled = Array2::zeros((known.len(), dimensions));
    for (index, mut vector) in pooled.rows_mut().into_iter().enumerate() {
        let scale = 1.0 / (known.length(index).max(1) as f32).sqrt();
        let sums = vector.as_slice_mut().expect("rows of a fresh array are contiguous");
        for row in known.sentence(index).iter().filter_map(|word| row_of[*word as usize]) {
            table.add_to(row, scale, sums);
        }
    }
    Spread::of(pooled.as_slice().unwrap_or_default().chunks_exact(dimensions), dimensions)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::NormalizerConfig;

    /// Two subjects whose words never meet, and a name.
    fn sentences() -> Sentences {
        let mut sentences = Sentences::new(&NormalizerConfig::default()).unwrap();
        let subjects = [["budget", "impôts", "vote", "loi"], ["but", "match", "ballon", "stade"]];
        for index in 0..600 {
            let words = &subjects[index % 2];
            let at = |step: usize| words[(index / 2 + step) % 4];
            sentences.add(&format!("{} et {} avec Gaston {} {}", at(0), at(1), at(2), at(1 + index % 3)));
        }
        sentences
    }

    fn learn(method: Method, n_threads: usize) -> WordVectors {
        // So few words are all likely neighbors: nothing is taken off their association.
        let negatives = if method == Method::Ppmi { 1 } else { 5 };
        let default = PretrainConfig::default();
        let config = PretrainConfig { method, dimensions: 8, epochs: 20, subsample: 1.0, negatives, ..default };
        pretrain(sentences(), Vec::new(), &config, n_threads).unwrap()
    }

    #[test]
    fn words_that_keep_company_are_near() {
        for method in [Method::Skipgram, Method::Ppmi] {
            let table = learn(method, 2);
            let (near, far) = (table.cosine("budget", "vote").unwrap(), table.cosine("budget", "match").unwrap());
            assert!(near > far + 0.2, "{method:?}: {near} {far}");
        }
    }

    #[test]
    fn threads_change_nothing_and_names_are_left_out() {
        for method in [Method::Skipgram, Method::Ppmi] {
            let table = learn(method, 1);
            assert_eq!(table.to_bytes().unwrap(), learn(method, 3).to_bytes().unwrap(), "{method:?}");
            assert!(!table.words().iter().any(|word| word == "gaston"), "{:?}", table.words());
            assert!(table.words().iter().any(|word| word == "impôts"));
        }
    }

    #[test]
    fn too_little_and_impossible_settings_are_refused() {
        let config = PretrainConfig::default();
        let mut few = Sentences::new(&NormalizerConfig::default()).unwrap();
        few.add("trois petits mots");
        assert!(pretrain(few, Vec::new(), &config, 1).is_err());
        let config = PretrainConfig { window: 0, ..config };
        assert!(pretrain(sentences(), Vec::new(), &config, 1).is_err());
    }
}
