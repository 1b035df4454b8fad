//! Every setting, gathered from the stages that own them.

use serde::{Deserialize, Serialize};

use crate::features::{CharNgramsConfig, FeaturesConfig};
use crate::normalize::NormalizerConfig;
use crate::score::FitConfig;
use crate::tokenize::SubwordsConfig;
use crate::types::LabelSet;

/// What a model does with a message. Saved with the model, so that training and classifying cannot differ.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PipelineConfig {
    /// Cleaning of the text.
    pub normalize: NormalizerConfig,
    /// Families of features.
    pub features: FeaturesConfig,
    /// A message whose best label is less probable than this is marked `abstain`.
    pub abstain_below: f32,
}

impl Default for PipelineConfig {
    fn default() -> Self {
        // Below one half the model believes itself more likely wrong than right.
        Self { normalize: NormalizerConfig::default(), features: FeaturesConfig::default(), abstain_below: 0.5 }
    }
}

/// How a model is learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TrainConfig {
    /// What the model will do with messages.
    pub pipeline: PipelineConfig,
    /// The subword vocabulary.
    pub subwords: SubwordsConfig,
    /// Features found in fewer messages are left out.
    pub min_documents: u32,
    /// The solver.
    pub fit: FitConfig,
    /// Values of `fit.c` to choose among by the out-of-fold log-loss, where there are at most [`MOST_TO_CHOOSE_BY`] messages; none keeps
    /// `fit.c`.
    pub c_candidates: Vec<f32>,
    /// Perturbed copies of the training messages.
    pub augment: AugmentConfig,
    /// The block of word vectors, where a table of them is given.
    pub vectors: VectorsConfig,
    /// Folds of the out-of-fold scores that calibration and the report are made from.
    pub folds: usize,
    /// What falls wholly on one side of a fold.
    pub hold_out: HoldOut,
    /// Seed of every draw.
    pub seed: u64,
}

impl TrainConfig {
    /// Settings that suit a label set: the defaults for the codebook's labels, [`TrainConfig::general`] for any other.
    pub fn for_labels(labels: &LabelSet) -> Self {
        if labels == &LabelSet::codebook() { Self::default() } else { Self::general() }
    }

    /// Settings for label sets we know nothing of: every family of features, the messages as they are.
    pub fn general() -> Self {
        let mut config = Self::default();
        config.pipeline.features.chars = CharNgramsConfig { min: 2, max: 5 };
        config.pipeline.features.skipgrams = true;
        config.pipeline.features.neutral_names = false;
        config.fit.c = 0.003;
        config.c_candidates = vec![0.001, 0.003, 0.01];
        config.pipeline.features.cue_scale = 0.5;
        config.augment.copies = 0;
        config.vectors.scale = 0.25;
        config
    }
}

/// Chosen for the codebook's labels: see `docs/quality.md` for what each choice gains.
impl Default for TrainConfig {
    fn default() -> Self {
        Self {
            pipeline: PipelineConfig::default(),
            subwords: SubwordsConfig::default(),
            min_documents: 2,
            fit: FitConfig::default(),
            c_candidates: Vec::new(),
            augment: AugmentConfig::default(),
            vectors: VectorsConfig::default(),
            folds: 5,
            hold_out: HoldOut::default(),
            seed: 1,
        }
    }
}

/// Messages up to which C is chosen; beyond them it matters little, and time more.
pub const MOST_TO_CHOOSE_BY: usize = 20_000;

/// What falls wholly on one side of a fold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum HoldOut {
    /// Sources (writers) where there are at least four and each has every label, else groups.
    #[default]
    Auto,
    /// The rows of a group; a row without group by itself.
    Group,
    /// All that comes from one source: figures for voices the model has never heard.
    Source,
}

/// How word vectors enter a model.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct VectorsConfig {
    /// Value of one standard deviation of a dimension, where a word's is its rarity over the square root of the message's length.
    pub scale: f32,
    /// Whose mean and deviation the messages to classify are measured by.
    pub domain: VectorsDomain,
}

/// Texts whose mean and deviation stand for the messages to classify.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VectorsDomain {
    /// Those that the vectors were learnt from.
    Pretraining,
    /// The training messages themselves.
    #[default]
    Training,
}

impl Default for VectorsConfig {
    fn default() -> Self {
        Self { scale: 0.05, domain: VectorsDomain::default() }
    }
}

/// Perturbed copies that training sees instead of the messages: the same rates for every label.
///
/// Each rate is the probability that a copy undergoes that change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AugmentConfig {
    /// Copies of each message; 0 trains on the messages as they are.
    pub copies: usize,
    /// Whether the messages themselves are learnt beside their copies.
    pub originals: bool,
    /// Joined with another short message of the same label.
    pub join: f64,
    /// All in lower case.
    pub lower_case: f64,
    /// Without commas, final dots and the like.
    pub drop_punctuation: f64,
    /// Without accents.
    pub drop_accents: f64,
    /// A link added at the end.
    pub link: f64,
    /// Hashtag signs put before one or two of its words.
    pub hashtags: f64,
    /// Its final mark becomes an exclamation mark.
    pub exclamation: f64,
    /// One or two words left out.
    pub drop_words: f64,
    /// Its final mark becomes an ellipsis.
    pub ellipsis: f64,
    /// A mention put between two of its words.
    pub mention: f64,
    /// Quotation marks put around some of its words.
    pub quotes: f64,
    /// Its sentences become paragraphs.
    pub line_breaks: f64,
    /// An emoji added at the end.
    pub emoji: f64,
    /// A greeting put before it.
    pub greeting: f64,
    /// A first name put under it.
    pub signature: f64,
    /// Two letters of a word change places.
    pub typing_error: f64,
    /// Its final dot goes, or comes where there is none.
    pub final_mark: f64,
}

impl Default for AugmentConfig {
    fn default() -> Self {
        Self {
            copies: 4,
            originals: false,
            join: 0.3,
            lower_case: 0.2,
            drop_punctuation: 0.2,
            drop_accents: 0.1,
            link: 0.35,
            hashtags: 0.25,
            exclamation: 0.05,
            drop_words: 0.1,
            ellipsis: 0.0,
            mention: 0.0,
            quotes: 0.0,
            line_breaks: 0.0,
            emoji: 0.1,
            greeting: 0.1,
            signature: 0.1,
            typing_error: 0.2,
            final_mark: 0.2,
        }
    }
}
