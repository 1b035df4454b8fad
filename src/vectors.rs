//! Vectors of words learnt from texts without labels: what training reads beside a labelled corpus.
//!
//! A table in one `safetensors` file: `words` (UTF-8, one a line), `values` (8-bit, one row per word), `scales` (per dimension), `mean`
//! and `deviation` of the texts that the vectors were learnt from, and where all of it comes from. A text's vector is the sum of
//! its words' over the square root of its number of tokens: additive, so that a linear model folds the whole table into one
//! score per word and label, and nothing of it is needed to classify.

use std::path::Path;

use ndarray::Array2;
use safetensors::tensor::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::features::vector_feature;
use crate::model::{DataDigest, hex_digest};
use crate::tensors;
use crate::types::FeatureTable;

/// Words with their vectors, and how the texts they come from are spread.
#[derive(Debug, Clone)]
pub struct WordVectors {
    words: Vec<String>,
    /// **Shape**: `words.len() × dimensions`.
    values: Array2<i8>,
    /// What one step of a value is worth, per dimension.
    scales: Vec<f32>,
    /// Mean and standard deviation of the texts' vectors, per dimension.
    spread: Spread,
    /// Where they come from.
    pub origin: Origin,
    table: FeatureTable,
    /// Row of each column of `table`.
    rows: Vec<u32>,
}

/// Mean and standard deviation per dimension.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Spread {
    /// Means.
    pub mean: Vec<f32>,
    /// Standard deviations, none below [`Spread::SMALLEST`].
    pub deviation: Vec<f32>,
}

/// How a table of vectors was made.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// Release of the program that made it.
    pub written_by: String,
    /// Settings, as `key=value`.
    pub settings: String,
    /// Texts learnt from.
    pub texts: Vec<DataDigest>,
    /// Tokens in them.
    pub n_tokens: u64,
}

impl Spread {
    /// No dimension counts as narrower than this.
    pub const SMALLEST: f32 = 1e-6;

    /// Of vectors of `dimensions` numbers, each counted once.
    pub fn of<'a>(vectors: impl Iterator<Item = &'a [f32]>, dimensions: usize) -> Self {
        let mut sums = vec![(0.0_f64, 0.0_f64); dimensions];
        let mut count = 0_u64;
        for vector in vectors {
            count += 1;
            for (sum, value) in sums.iter_mut().zip(vector) {
                *sum = (sum.0 + f64::from(*value), sum.1 + f64::from(*value).powi(2));
            }
        }
        let n = count.max(1) as f64;
        let deviation = |(sum, squares): &(f64, f64)| libm::sqrt((squares / n - (sum / n).powi(2)).max(0.0)) as f32;
        Self {
            mean: sums.iter().map(|(sum, _)| (sum / n) as f32).collect(),
            deviation: sums.iter().map(|sum| deviation(sum).max(Self::SMALLEST)).collect(),
        }
    }
}

impl WordVectors {
    /// Rounds learnt vectors to eight bits. **Shape**: `vectors` is `words.len() × dimensions`.
    ///
    /// **Errors**: [`ErrorKind::InvalidConfig`] for no words at all.
    pub fn quantize(words: Vec<String>, vectors: &Array2<f32>, origin: Origin) -> Result<Self> {
        let largest = |column: ndarray::ArrayView1<'_, f32>| column.iter().fold(0.0_f32, |most, v| most.max(v.abs()));
        let scales: Vec<f32> =
            vectors.columns().into_iter().map(|column| largest(column).max(f32::MIN_POSITIVE) / 127.0).collect();
        let values = Array2::from_shape_fn(vectors.dim(), |(row, column)| {
            (vectors[[row, column]] / scales[column]).round() as i8
        });
        let spread = Spread { mean: vec![0.0; scales.len()], deviation: vec![1.0; scales.len()] };
        Self::new(words, values, scales, spread, origin)
    }

    fn new(words: Vec<String>, values: Array2<i8>, scales: Vec<f32>, spread: Spread, origin: Origin) -> Result<Self> {
        let (n_words, dimensions) = values.dim();
        let finite = scales.iter().chain(&spread.mean).chain(&spread.deviation).all(|number| number.is_finite());
        let shaped = [scales.len(), spread.mean.len(), spread.deviation.len()].iter().all(|len| *len == dimensions);
        if words.len() != n_words || n_words == 0 || dimensions == 0 || !shaped || !finite {
            let why = format!("vectors: {} words for a table of {n_words} × {dimensions}", words.len());
            return Err(ErrorKind::InvalidConfig(why).into());
        }
        let mut order: Vec<(u32, u32)> = (0..).zip(&words).map(|(row, word)| (vector_feature(word), row)).collect();
        order.sort_unstable();
        // Two words of one hash are one feature: the first, and commoner, speaks for both.
        order.dedup_by_key(|(feature, _)| *feature);
        let (features, rows): (Vec<u32>, Vec<u32>) = order.into_iter().unzip();
        Ok(Self { words, values, scales, spread, origin, table: FeatureTable::new(&features), rows })
    }

    /// The same vectors, with the spread of the texts they were learnt from.
    #[must_use]
    pub fn with_spread(mut self, spread: Spread) -> Self {
        self.spread = spread;
        self
    }

    /// The words, commonest first.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// Numbers per word.
    pub fn dimensions(&self) -> usize {
        self.scales.len()
    }

    /// Spread of the texts' vectors.
    pub fn spread(&self) -> &Spread {
        &self.spread
    }

    /// The row of a feature that stands for a word of the table.
    pub fn row_of(&self, feature: u32) -> Option<usize> {
        self.table.column(feature).map(|column| self.rows[column] as usize)
    }

    /// Adds `factor` times the vector of a row to `sums`. **Shape**: `sums` is `dimensions`.
    pub fn add_to(&self, row: usize, factor: f32, sums: &mut [f32]) {
        for ((sum, value), scale) in sums.iter_mut().zip(self.values.row(row)).zip(&self.scales) {
            *sum += factor * f32::from(*value) * scale;
        }
    }

    /// The cosine of two words; `None` where one is not in the table.
    pub fn cosine(&self, one: &str, other: &str) -> Option<f32> {
        let vector = |word: &str| {
            let mut sums = vec![0.0; self.dimensions()];
            self.add_to(self.row_of(vector_feature(word))?, 1.0, &mut sums);
            Some(sums)
        };
        let (one, other) = (vector(one)?, vector(other)?);
        let dot = |left: &[f32], right: &[f32]| left.iter().zip(right).map(|(l, r)| l * r).sum::<f32>();
        Some(dot(&one, &other) / (dot(&one, &one) * dot(&other, &other)).sqrt().max(f32::MIN_POSITIVE))
    }

    /// Reads a table; returns it with the digest of its bytes.
    ///
    /// **Errors**: [`ErrorKind::Unreadable`], [`ErrorKind::InvalidConfig`] for a file that is no such table.
    pub fn load(path: &Path) -> Result<(Self, DataDigest)> {
        let bytes = std::fs::read(path).map_err(|error| Error::new(ErrorKind::Unreadable(error)).in_file(path))?;
        let vectors = Self::from_bytes(&bytes).map_err(|error| error.in_file(path))?;
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let digest = DataDigest { name, rows: vectors.words.len(), sha256: hex_digest(&bytes) };
        Ok((vectors, digest))
    }

    /// Reads a table from the bytes of its file.
    ///
    /// **Errors**: as [`WordVectors::load`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let invalid = |why: String| Error::new(ErrorKind::InvalidConfig(format!("no table of word vectors: {why}")));
        let (_, header) = SafeTensors::read_metadata(bytes).map_err(|error| invalid(error.to_string()))?;
        let origin = header.metadata().as_ref().and_then(|metadata| metadata.get(ORIGIN));
        let origin = origin.ok_or_else(|| invalid("it does not say where it comes from".to_owned()))?;
        let origin: Origin = serde_json::from_str(origin).map_err(|error| invalid(error.to_string()))?;
        let parts = SafeTensors::deserialize(bytes).map_err(|error| invalid(error.to_string()))?;
        let (words, _) = tensors::numbers(&parts, "words", Dtype::U8, u8::from_le_bytes).map_err(invalid)?;
        let words = String::from_utf8(words).map_err(|_| invalid("its words are not UTF-8".to_owned()))?;
        let (values, shape) = tensors::numbers(&parts, "values", Dtype::I8, i8::from_le_bytes).map_err(invalid)?;
        let floats = |name| {
            let read = tensors::numbers(&parts, name, Dtype::F32, f32::from_le_bytes);
            read.map(|(numbers, _)| numbers).map_err(invalid)
        };
        let [rows, columns] = shape[..] else { return Err(invalid("its values are no table".to_owned())) };
        let values = Array2::from_shape_vec((rows, columns), values).map_err(|error| invalid(error.to_string()))?;
        let words = words.lines().map(str::to_owned).collect();
        let spread = Spread { mean: floats("mean")?, deviation: floats("deviation")? };
        Self::new(words, values, floats("scales")?, spread, origin)
    }

    /// The bytes of its file; the same for the same table.
    ///
    /// **Errors**: [`ErrorKind::InvalidConfig`] where a part cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let invalid = |why: String| Error::new(ErrorKind::InvalidConfig(format!("word vectors: {why}")));
        let origin = serde_json::to_string(&self.origin).map_err(|error| invalid(error.to_string()))?;
        let words = self.words.join("\n").into_bytes();
        let (n_words, dimensions) = self.values.dim();
        let floats = |numbers: &[f32]| tensors::bytes_of(numbers.iter().copied(), f32::to_le_bytes);
        let parts = [
            ("words", Dtype::U8, vec![words.len()], words),
            (
                "values",
                Dtype::I8,
                vec![n_words, dimensions],
                tensors::bytes_of(self.values.iter().copied(), i8::to_le_bytes),
            ),
            ("scales", Dtype::F32, vec![dimensions], floats(&self.scales)),
            ("mean", Dtype::F32, vec![dimensions], floats(&self.spread.mean)),
            ("deviation", Dtype::F32, vec![dimensions], floats(&self.spread.deviation)),
        ];
        tensors::serialize(&parts, Some((ORIGIN, origin))).map_err(|error| invalid(error.to_string()))
    }
}

/// Key of the metadata.
const ORIGIN: &str = "origin";

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    fn table() -> WordVectors {
        let words = ["merci", "bravo", "urne"].map(str::to_owned).to_vec();
        let vectors = array![[1.0, 0.0], [0.9, 0.1], [-0.2, 1.0]];
        let spread = Spread { mean: vec![0.5, 0.25], deviation: vec![2.0, 3.0] };
        WordVectors::quantize(words, &vectors, Origin::default()).unwrap().with_spread(spread)
    }

    #[test]
    fn a_table_is_the_same_after_writing_and_reading() {
        let bytes = table().to_bytes().unwrap();
        let read = WordVectors::from_bytes(&bytes).unwrap();
        assert_eq!(read.to_bytes().unwrap(), bytes);
        assert_eq!((read.words(), read.spread()), (table().words(), table().spread()));
        assert!(WordVectors::from_bytes(&bytes[..bytes.len() - 3]).is_err());
        assert!(WordVectors::from_bytes(b"no table").is_err());
    }

    #[test]
    fn words_of_one_direction_are_near() {
        let near = table().cosine("merci", "bravo").unwrap();
        assert!(near > 0.98 && near > table().cosine("merci", "urne").unwrap(), "{near}");
        assert_eq!(table().cosine("merci", "zut"), None);
    }

    #[test]
    fn spread_is_mean_and_standard_deviation() {
        let vectors = [vec![1.0, 2.0], vec![3.0, 2.0]];
        let spread = Spread::of(vectors.iter().map(Vec::as_slice), 2);
        assert_eq!((spread.mean, spread.deviation), (vec![2.0, 2.0], vec![1.0, Spread::SMALLEST]));
    }
}
