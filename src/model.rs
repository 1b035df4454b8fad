//! What is saved: the manifest, the subword vocabulary and the weights; and how it is checked before it is believed.
//!
//! A model is a directory of three files, data only: `model.json` (format version, labels, the full configuration, digests of the
//! training data, metrics, and the length and SHA-256 of the other two), `tokenizer.json` (Hugging Face format) and
//! `weights.safetensors`. The same data, configuration and seed give the same bytes.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use ndarray::{Array1, Array2};
use safetensors::tensor::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::calibrate::{Stacking, VectorScaling};
use crate::config::{PipelineConfig, TrainConfig};
use crate::error::{Error, ErrorKind, Result};
use crate::score::LinearModel;
use crate::tensors::{self, bytes_of, numbers};
use crate::tokenize::Subwords;
use crate::types::{Attribute, LabelSet};

/// Version of the files' layout and of what their numbers mean.
pub const FORMAT_VERSION: u64 = 2;

/// Names of the files, in the order in which they are written: the manifest last, so that a model without one is no model.
const TOKENIZER: &str = "tokenizer.json";
const WEIGHTS: &str = "weights.safetensors";
const MANIFEST: &str = "model.json";

/// What a model says of itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// [`FORMAT_VERSION`] of the program that wrote it.
    pub format_version: u64,
    /// Release of that program.
    pub written_by: String,
    /// Labels, in the order of the first scores.
    pub labels: LabelSet,
    /// Attributes, in the order of the scores after them.
    pub attributes: Vec<Attribute>,
    /// Everything that was set when it was learnt.
    pub config: TrainConfig,
    /// Scores of the labels → probabilities.
    pub calibration: VectorScaling,
    /// Scores of the labels and attributes → probabilities of the labels, where the attributes are known; in place of `calibration`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stacking: Option<Stacking>,
    /// Score of each attribute → probability.
    pub attribute_calibration: Vec<VectorScaling>,
    /// Share of each label in training: what is said of a message without a single token.
    pub prior: Vec<f32>,
    /// The files it was learnt from.
    pub data: Vec<DataDigest>,
    /// The table of word vectors folded into its weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vectors: Option<DataDigest>,
    /// Mean of the vector block over the domain it is centred on, per output; only with vectors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub center: Option<Vec<f32>>,
    /// What was learnt elsewhere and added to its weights.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub correction: Option<DataDigest>,
    /// What refining with a user's labels has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refined: Option<Refinement>,
    /// What re-centring on a user's messages has changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adapted: Option<Adaptation>,
    /// How it did out of fold, on its own training data.
    pub out_of_fold: OutOfFold,
    /// Files beside this one.
    pub files: Vec<FileDigest>,
    /// SHA-256 of this very file with 64 zeros in this place.
    pub checksum: String,
}

/// A file of training data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DataDigest {
    /// Its name, without folders.
    pub name: String,
    /// Rows learnt.
    pub rows: usize,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// How a model was refined with a user's labelled messages.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refinement {
    /// Id of the model it began from.
    pub base: String,
    /// C of the correction; `None` where the messages gave no reason to depart from the base.
    pub c: Option<f32>,
    /// The user's files.
    pub data: Vec<DataDigest>,
}

/// What re-centring has changed; kept in the model's manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Adaptation {
    /// The messages.
    pub texts: DataDigest,
    /// What was added to each output's score. **Shape**: labels, then attributes.
    pub shift: Vec<f32>,
    /// The same before the cap.
    pub wanted: Vec<f32>,
    /// Most that any label's log-odds may move.
    pub cap: f32,
}

/// Cross-validated figures on the training data.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OutOfFold {
    /// Number of messages.
    pub n_messages: usize,
    /// Share of right labels.
    pub accuracy: f64,
    /// Mean F1 of the labels.
    pub macro_f1: f64,
    /// Mean negative log-likelihood after calibration, in nats.
    pub log_loss: f64,
    /// Expected calibration error.
    pub ece: f64,
}

/// A file of the model.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileDigest {
    /// Its name in the model's directory.
    pub name: String,
    /// Its length.
    pub bytes: usize,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// A model: what classifying needs, and nothing else.
#[derive(Debug, Clone)]
pub struct Model {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Its subword vocabulary.
    pub subwords: Arc<Subwords>,
    /// Its weights.
    pub linear: LinearModel,
}

/// The bytes of a model's files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelFiles {
    /// `model.json`.
    pub manifest: Vec<u8>,
    /// `tokenizer.json`.
    pub tokenizer: Vec<u8>,
    /// `weights.safetensors`.
    pub weights: Vec<u8>,
}

impl Manifest {
    /// Calibrated probabilities of the labels. **Shape**: `scores` is labels, then attributes.
    pub fn label_probabilities(&self, scores: &[f32]) -> Vec<f32> {
        if let Some(stacking) = &self.stacking {
            return stacking.apply(scores);
        }
        let mut probabilities = scores[..self.labels.len()].to_vec();
        self.calibration.apply(&mut probabilities);
        probabilities
    }

    /// Adds to the log-odds of the labels. **Shape**: `shift` is one per label.
    pub fn shift_log_odds(&mut self, shift: &[f32]) {
        match &mut self.stacking {
            Some(stacking) => stacking.shift(shift),
            None => self.calibration.shift.iter_mut().zip(shift).for_each(|(constant, shift)| *constant += shift),
        }
    }
}

impl Model {
    /// The model inside the program.
    ///
    /// **Errors**: [`ErrorKind::ModelMissing`] in a program built without one.
    pub fn embedded() -> Result<Self> {
        let manifest: &[u8] = include_bytes!(concat!(env!("FRANC_PARLER_MODEL"), "/model.json"));
        if manifest.is_empty() {
            return Err(Error::new(ErrorKind::ModelMissing).in_file(Path::new("(embedded model)")));
        }
        let tokenizer = include_bytes!(concat!(env!("FRANC_PARLER_MODEL"), "/tokenizer.json"));
        let weights = include_bytes!(concat!(env!("FRANC_PARLER_MODEL"), "/weights.safetensors"));
        Self::from_bytes(manifest, tokenizer, weights)
    }

    /// Reads a model directory.
    ///
    /// **Errors**: [`ErrorKind::ModelMissing`], [`ErrorKind::ModelTooNew`], or [`ErrorKind::ModelDamaged`] where a length, a
    /// checksum or a shape is not what the manifest says.
    pub fn load(dir: &Path) -> Result<Self> {
        use std::io::ErrorKind::{NotADirectory, NotFound};
        let read = |name: &str| {
            let path = dir.join(name);
            std::fs::read(&path).map_err(|error| match error.kind() {
                NotFound | NotADirectory if name == MANIFEST => Error::new(ErrorKind::ModelMissing).in_file(dir),
                NotFound => damaged(format!("{name} is missing")).in_file(dir),
                _ => Error::new(ErrorKind::Unreadable(error)).in_file(&path),
            })
        };
        let (manifest, tokenizer, weights) = (read(MANIFEST)?, read(TOKENIZER)?, read(WEIGHTS)?);
        Self::from_bytes(&manifest, &tokenizer, &weights).map_err(|error| error.in_file(dir))
    }

    /// Reads a model from the bytes of its files.
    ///
    /// **Errors**: as [`Model::load`].
    pub fn from_bytes(manifest: &[u8], tokenizer: &[u8], weights: &[u8]) -> Result<Self> {
        let manifest = read_manifest(manifest)?;
        for (name, bytes) in [(TOKENIZER, tokenizer), (WEIGHTS, weights)] {
            verify(&manifest, name, bytes)?;
        }
        let tokenizer = std::str::from_utf8(tokenizer).map_err(|_| damaged(format!("{TOKENIZER} is not UTF-8")))?;
        let parts = SafeTensors::deserialize(weights).map_err(|error| damaged(format!("{WEIGHTS}: {error}")))?;
        let linear = read_weights(&parts)?;
        check_shapes(&manifest, &linear)?;
        check_values(&manifest, &linear)?;
        Ok(Self { subwords: Arc::new(Subwords::from_json(tokenizer)?), manifest, linear })
    }

    /// The bytes of its files; the manifest's digests are made anew.
    ///
    /// **Errors**: [`ErrorKind::InvalidConfig`] where a part cannot be written as JSON.
    pub fn to_files(&self) -> Result<ModelFiles> {
        let tokenizer = self.subwords.to_json().as_bytes().to_vec();
        let invalid = |error| ErrorKind::InvalidConfig(format!("{WEIGHTS}: {error}"));
        let weights = tensors::serialize(&weight_parts(&self.linear), None).map_err(invalid)?;
        let digest = |name: &str, bytes: &[u8]| FileDigest {
            name: name.to_owned(),
            bytes: bytes.len(),
            sha256: hex_digest(bytes),
        };
        let mut manifest = self.manifest.clone();
        manifest.files = vec![digest(TOKENIZER, &tokenizer), digest(WEIGHTS, &weights)];
        BLANK.clone_into(&mut manifest.checksum);
        let blank = manifest_json(&manifest)?;
        manifest.checksum = hex_digest(blank.as_bytes());
        Ok(ModelFiles { manifest: manifest_json(&manifest)?.into_bytes(), tokenizer, weights })
    }

    /// Writes a model directory, whole or not at all. An existing one is replaced only if `overwrite` is set.
    ///
    /// **Errors**: [`ErrorKind::OutputExists`], [`ErrorKind::Unwritable`].
    pub fn save(&self, dir: &Path, overwrite: bool) -> Result<()> {
        let files = self.to_files()?;
        let parts = [(TOKENIZER, &files.tokenizer), (WEIGHTS, &files.weights), (MANIFEST, &files.manifest)];
        if dir.exists() && !(overwrite && is_model_or_empty(dir)) {
            return Err(Error::new(ErrorKind::OutputExists).in_file(dir));
        }
        write_directory(dir, &parts).map_err(|error| Error::new(ErrorKind::Unwritable(error)).in_file(dir))
    }

    /// Settings that classifying follows.
    pub fn pipeline_config(&self) -> &PipelineConfig {
        &self.manifest.config.pipeline
    }

    /// What tells this model from any other: the first twelve digits of its manifest's checksum.
    pub fn id(&self) -> &str {
        &self.manifest.checksum[..12]
    }
}

/// The checksum's place while it is computed.
const BLANK: &str = "0000000000000000000000000000000000000000000000000000000000000000";

fn damaged(why: String) -> Error {
    Error::new(ErrorKind::ModelDamaged(why))
}

/// SHA-256 of bytes, in hexadecimal.
pub fn hex_digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn manifest_json(manifest: &Manifest) -> Result<String> {
    let json = serde_json::to_string_pretty(manifest);
    Ok(json.map_err(|error| ErrorKind::InvalidConfig(format!("the manifest cannot be written: {error}")))? + "\n")
}

fn read_manifest(bytes: &[u8]) -> Result<Manifest> {
    #[derive(Deserialize)]
    struct Version {
        format_version: u64,
    }
    let unreadable = |error: serde_json::Error| damaged(format!("{MANIFEST} cannot be read ({error})"));
    let version: Version = serde_json::from_slice(bytes).map_err(unreadable)?;
    if version.format_version > FORMAT_VERSION {
        return Err(ErrorKind::ModelTooNew { found: version.format_version, reads: FORMAT_VERSION }.into());
    }
    let mut manifest: Manifest = serde_json::from_slice(bytes).map_err(unreadable)?;
    let text = String::from_utf8_lossy(bytes);
    if hex_digest(text.replacen(&manifest.checksum, BLANK, 1).as_bytes()) != manifest.checksum {
        return Err(damaged(format!("{MANIFEST} was changed since it was written (its checksum differs)")));
    }
    if version.format_version == 1 {
        // It knew no names that count by their kind.
        manifest.config.pipeline.features.neutral_names = false;
    }
    Ok(manifest)
}

fn verify(manifest: &Manifest, name: &str, bytes: &[u8]) -> Result<()> {
    let Some(expected) = manifest.files.iter().find(|file| file.name == name) else {
        return Err(damaged(format!("{MANIFEST} does not list {name}")));
    };
    if expected.bytes != bytes.len() {
        return Err(damaged(format!("{name} has {} bytes where {} are expected", bytes.len(), expected.bytes)));
    }
    if hex_digest(bytes) != expected.sha256 {
        return Err(damaged(format!("{name} was changed since it was written (its checksum differs)")));
    }
    Ok(())
}

fn check_shapes(manifest: &Manifest, linear: &LinearModel) -> Result<()> {
    let n_labels = manifest.labels.len();
    let n_attributes = manifest.attributes.len();
    let n_outputs = n_labels + n_attributes;
    let fits = n_labels >= 2
        && linear.n_outputs() == n_outputs
        && manifest.center.as_ref().is_none_or(|center| center.len() == n_outputs)
        && manifest.prior.len() == n_labels
        && manifest.stacking.as_ref().is_none_or(|stacking| fits_stacking(stacking, n_labels, n_attributes))
        && manifest.calibration.factor.len() == n_labels
        && manifest.calibration.shift.len() == n_labels
        && manifest.attribute_calibration.len() == n_attributes
        && manifest.attribute_calibration.iter().all(|scaling| scaling.factor.len() == 2 && scaling.shift.len() == 2);
    if fits {
        return Ok(());
    }
    let outputs = linear.n_outputs();
    Err(damaged(format!("{n_labels} labels and {n_attributes} attributes do not fit {outputs} columns of weights")))
}

fn fits_stacking(stacking: &Stacking, n_labels: usize, n_attributes: usize) -> bool {
    let width = Stacking::n_inputs(n_labels) + 1;
    n_attributes == Attribute::ALL.len()
        && stacking.weights.len() == n_labels
        && stacking.weights.iter().all(|weights| weights.len() == width)
}

/// No training comes near it; products of numbers below it stay finite.
const LARGEST: f32 = 1e6;

/// Labels are distinct names, attributes distinct, numbers below [`LARGEST`], the prior a distribution.
fn check_values(manifest: &Manifest, linear: &LinearModel) -> Result<()> {
    let names: BTreeSet<&String> = manifest.labels.names().iter().filter(|name| !name.is_empty()).collect();
    let attributes: BTreeSet<usize> = manifest.attributes.iter().map(|attribute| *attribute as usize).collect();
    if names.len() < manifest.labels.len() || attributes.len() < manifest.attributes.len() {
        return Err(damaged(format!("{MANIFEST} names a label or attribute twice, or not at all")));
    }
    let scalings = std::iter::once(&manifest.calibration).chain(&manifest.attribute_calibration);
    let calibration = scalings.flat_map(|scaling| scaling.factor.iter().chain(&scaling.shift)).copied();
    let center = manifest.center.iter().flatten().copied();
    let stacking = manifest.stacking.iter().flat_map(|stacking| stacking.weights.iter().flatten()).copied();
    let weights = linear.scales().iter().map(|scale| scale * f32::from(i16::MAX)).chain(linear.bias().iter().copied());
    let cue_scale = manifest.config.pipeline.features.cue_scale;
    if !calibration
        .chain(weights)
        .chain(center)
        .chain(stacking)
        .chain([cue_scale])
        .all(|number| number.abs() <= LARGEST)
    {
        return Err(damaged(format!("a weight or setting is beyond ±{LARGEST}")));
    }
    let is_share = manifest.prior.iter().all(|share| (0.0..=1.0).contains(share));
    if !is_share || (manifest.prior.iter().sum::<f32>() - 1.0).abs() > 1e-3 {
        return Err(damaged(format!("{MANIFEST}: the prior is no distribution over the labels")));
    }
    Ok(())
}

/// The arrays that weights are stored as.
pub(crate) fn weight_parts(linear: &LinearModel) -> [tensors::Part; 4] {
    let (n_features, n_outputs) = linear.weights().dim();
    let floats = |numbers: &Array1<f32>| bytes_of(numbers.iter().copied(), f32::to_le_bytes);
    let features = bytes_of(linear.features().iter().copied(), u32::to_le_bytes);
    let weights = bytes_of(linear.weights().iter().copied(), i16::to_le_bytes);
    [
        ("bias", Dtype::F32, vec![n_outputs], floats(linear.bias())),
        ("features", Dtype::U32, vec![n_features], features),
        ("scales", Dtype::F32, vec![n_outputs], floats(linear.scales())),
        ("weights", Dtype::I16, vec![n_features, n_outputs], weights),
    ]
}

/// The weights that such arrays hold.
///
/// **Errors**: [`ErrorKind::ModelDamaged`].
pub(crate) fn read_weights(parts: &SafeTensors<'_>) -> Result<LinearModel> {
    let in_weights = |why: String| damaged(format!("{WEIGHTS}: {why}"));
    let floats = |name| numbers(parts, name, Dtype::F32, f32::from_le_bytes).map_err(in_weights);
    let (features, _) = numbers(parts, "features", Dtype::U32, u32::from_le_bytes).map_err(in_weights)?;
    let (weights, shape) = numbers(parts, "weights", Dtype::I16, i16::from_le_bytes).map_err(in_weights)?;
    let [rows, columns] = shape[..] else { return Err(in_weights("the weights are no table".to_owned())) };
    let weights =
        Array2::from_shape_vec((rows, columns), weights).map_err(|error| in_weights(format!("weights: {error}")))?;
    LinearModel::new(features, weights, Array1::from(floats("scales")?.0), Array1::from(floats("bias")?.0))
}

fn is_model_or_empty(dir: &Path) -> bool {
    let known = [TOKENIZER, WEIGHTS, MANIFEST];
    std::fs::read_dir(dir).is_ok_and(|entries| {
        entries.flatten().all(|entry| entry.file_name().to_str().is_some_and(|name| known.contains(&name)))
    })
}

/// Writes files into a directory beside `dir` and then puts it in the place of `dir`.
fn write_directory(dir: &Path, files: &[(&str, &Vec<u8>)]) -> std::io::Result<()> {
    let beside = |suffix: &str| {
        let name = dir.file_name().unwrap_or_default().to_string_lossy();
        dir.with_file_name(format!(".{name}.{suffix}-{}", std::process::id()))
    };
    let partial = beside("partial");
    std::fs::create_dir_all(&partial)?;
    let written = files.iter().try_for_each(|(name, bytes)| std::fs::write(partial.join(name), bytes));
    let placed = written.and_then(|()| {
        let old = beside("old");
        if dir.exists() {
            std::fs::rename(dir, &old)?;
        }
        std::fs::rename(&partial, dir)?;
        if old.exists() { std::fs::remove_dir_all(&old) } else { Ok(()) }
    });
    if placed.is_err() {
        // Nothing more can be done if even this fails; the error that matters is the first.
        let _ = std::fs::remove_dir_all(&partial);
    }
    placed
}
