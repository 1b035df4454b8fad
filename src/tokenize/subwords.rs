//! Subword pieces of words: a byte-pair vocabulary, trained, applied and saved by the `tokenizers` crate.
//!
//! Plain BPE (Sennrich, Haddow and Birch 2016), without prefix or suffix marks: the one kind that trains to the same bytes every
//! time. The file is the Hugging Face `tokenizer.json`, so that other tools can read a model's vocabulary.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokenizers::models::bpe::{BPE, BpeTrainerBuilder};
use tokenizers::normalizers::Lowercase;
use tokenizers::pre_tokenizers::whitespace::Whitespace;
use tokenizers::{Tokenizer, Trainer};

use super::merges::Merges;
use crate::error::{Error, ErrorKind, Result};
use crate::types::Pieces;

/// How the vocabulary is learnt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SubwordsConfig {
    /// Number of pieces, single characters included.
    pub vocabulary: usize,
    /// Pairs seen less often are not merged.
    pub min_frequency: u64,
}

impl Default for SubwordsConfig {
    fn default() -> Self {
        Self { vocabulary: 4_000, min_frequency: 2 }
    }
}

/// A trained subword vocabulary.
#[derive(Debug, Clone)]
pub struct Subwords {
    merges: Merges,
    /// The text of its `tokenizer.json`.
    json: String,
}

/// What of a `tokenizer.json` decides how a word is cut.
#[derive(Debug, Deserialize)]
struct TokenizerFile {
    model: PlainBpe,
}

/// The `model` of a plain BPE vocabulary. With a prefix the crate may panic, with dropout it draws lots: whatever plain BPE does not set
/// must not be set.
#[derive(Debug, Deserialize)]
struct PlainBpe {
    #[serde(rename = "type")]
    kind: String,
    vocab: BTreeMap<String, u32>,
    merges: Vec<(String, String)>,
    #[serde(flatten)]
    settings: BTreeMap<String, Value>,
}

impl Subwords {
    /// Learns pieces from the words of a corpus, each given as often as it occurs.
    ///
    /// **Errors**: [`ErrorKind::InvalidConfig`] where the trainer refuses the settings.
    pub fn train<'a>(words: impl Iterator<Item = &'a str> + Send, config: &SubwordsConfig) -> Result<Self> {
        let mut trainer = BpeTrainerBuilder::new()
            .vocab_size(config.vocabulary)
            .min_frequency(config.min_frequency)
            .show_progress(false)
            .build();
        let mut bpe = BPE::builder().cache_capacity(0).build().map_err(invalid)?;
        trainer.feed(words, |word| Ok(vec![word.to_owned()])).map_err(invalid)?;
        trainer.train(&mut bpe).map_err(invalid)?;
        let mut tokenizer = Tokenizer::new(bpe);
        tokenizer.with_normalizer(Some(Lowercase)).map_err(invalid)?;
        tokenizer.with_pre_tokenizer(Some(Whitespace {}));
        Self::from_json(&tokenizer.to_string(false).map_err(invalid)?)
    }

    /// The vocabulary as the text of a `tokenizer.json`.
    pub fn to_json(&self) -> &str {
        &self.json
    }

    /// Reads the text of a `tokenizer.json`.
    ///
    /// **Errors**: [`ErrorKind::ModelDamaged`] unless it holds a plain BPE vocabulary.
    pub fn from_json(text: &str) -> Result<Self> {
        let damaged = |why: String| ErrorKind::ModelDamaged(format!("tokenizer.json: {why}"));
        let file: TokenizerFile = serde_json::from_str(text).map_err(|error| damaged(error.to_string()))?;
        let PlainBpe { kind, vocab, merges, settings } = file.model;
        if kind != "BPE" {
            return Err(damaged("its vocabulary is not BPE".to_owned()).into());
        }
        if let Some((setting, _)) =
            settings.iter().find(|(_, value)| !matches!(value, Value::Null | Value::Bool(false)))
        {
            return Err(damaged(format!("{setting} is set, which our vocabularies never do")).into());
        }
        let merges = Merges::new(&vocab, &merges)
            .ok_or_else(|| damaged("a merge names a piece that is not in the vocabulary".to_owned()))?;
        Ok(Self { merges, json: text.to_owned() })
    }

    /// Number of pieces.
    pub fn len(&self) -> usize {
        self.merges.len()
    }

    /// Whether nothing was learnt.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Pieces for Subwords {
    fn pieces(&self, word: &str, each: &mut dyn FnMut(&str)) {
        self.merges.apply(word, each);
    }
}

#[allow(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn invalid(error: tokenizers::Error) -> Error {
    ErrorKind::InvalidConfig(format!("subword vocabulary: {error}")).into()
}

#[cfg(test)]
mod tests {
    use std::str::FromStr;

    use proptest::prelude::*;
    use tokenizers::Model;

    use super::*;

    const WORDS: &[&str] =
        &["bonjour", "bonsoir", "bonne", "journée", "jour", "jours", "soir", "soirée", "toujours", "séjour"];

    fn trained() -> Subwords {
        let config = SubwordsConfig { vocabulary: 40, min_frequency: 2 };
        Subwords::train(WORDS.iter().copied().cycle().take(300), &config).unwrap()
    }

    fn pieces(subwords: &Subwords, word: &str) -> Vec<String> {
        let mut found = Vec::new();
        subwords.pieces(word, &mut |piece| found.push(piece.to_owned()));
        found
    }

    #[test]
    fn pieces_rebuild_a_word_of_known_letters() {
        let subwords = trained();
        assert_eq!(pieces(&subwords, "bonjours").concat(), "bonjours");
        assert!(pieces(&subwords, "bonjours").len() < 4, "{:?}", pieces(&subwords, "bonjours"));
    }

    #[test]
    fn training_twice_gives_the_same_bytes_and_json_round_trips() {
        let json = trained().to_json().to_owned();
        assert_eq!(json, trained().to_json());
        let read = Subwords::from_json(&json).unwrap();
        assert_eq!(pieces(&read, "soirées"), pieces(&trained(), "soirées"));
        assert_eq!(read.to_json(), json);
    }

    #[test]
    fn settings_that_panic_or_draw_lots_are_refused() {
        let json = trained().to_json().to_owned();
        for (plain, foreign) in [
            ("\"continuing_subword_prefix\":null", "\"continuing_subword_prefix\":\"##\""),
            ("\"dropout\":null", "\"dropout\":0.5"),
            ("\"ignore_merges\":false", "\"ignore_merges\":true"),
        ] {
            assert!(json.contains(plain));
            assert!(Subwords::from_json(&json.replace(plain, foreign)).is_err(), "{foreign}");
        }
    }

    proptest! {
        #[test]
        fn short_words_are_cut_as_the_crate_cuts_them(word in "[bonjursée ×tk]{0,30}", words in proptest::collection::vec("[aeéb]{1,9}", 1..40)) {
            let config = SubwordsConfig { vocabulary: 60, min_frequency: 1 };
            for subwords in [trained(), Subwords::train(words.iter().map(String::as_str), &config).unwrap()] {
                let crates = Tokenizer::from_str(subwords.to_json()).unwrap();
                for word in std::iter::once(&word).chain(&words) {
                    let expected: Vec<String> =
                        crates.get_model().tokenize(word).unwrap().into_iter().map(|piece| piece.value).collect();
                    prop_assert_eq!(pieces(&subwords, word), expected);
                }
            }
        }
    }

    #[test]
    fn of_an_endless_word_the_beginning_is_cut() {
        let pieces = pieces(&trained(), &"jour".repeat(10_000));
        assert!(!pieces.is_empty() && pieces.concat().len() <= 64, "{}", pieces.len());
    }

    #[test]
    fn another_kind_of_tokenizer_is_refused() {
        assert!(Subwords::from_json("{}").is_err());
    }
}
