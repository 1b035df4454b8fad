//! What messages that may not be shipped teach: numbers to add to a model's weights, and to its labels' log-odds.
//!
//! Learnt by [`refine`](crate::train::refine) over a base, on features that the base knows already, each found in at least three of
//! the messages: no word, name or text of theirs is in it, only how much more or less a feature of the base counts. One
//! `safetensors` file: the weights as a model's, `shift`, and where all of it comes from.

use std::path::Path;

use safetensors::tensor::{Dtype, SafeTensors};
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind, Result};
use crate::model::{DataDigest, hex_digest, read_weights, weight_parts};
use crate::score::LinearModel;
use crate::tensors;
use crate::types::{Attribute, LabelSet};

/// Numbers to add to a model.
#[derive(Debug, Clone)]
pub struct Correction {
    /// What is added to each score.
    pub linear: LinearModel,
    /// What is added to the log-odds of each label.
    pub shift: Vec<f32>,
    /// Where they come from.
    pub origin: CorrectionOrigin,
}

/// How a correction was learnt.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionOrigin {
    /// Release of the program that made it.
    pub written_by: String,
    /// Id of the model it was learnt over.
    pub base: String,
    /// C of the solver.
    pub c: f32,
    /// Labels of the first outputs.
    pub labels: LabelSet,
    /// Attributes of the outputs after them.
    pub attributes: Vec<Attribute>,
    /// The messages learnt from, then those replayed beside them.
    pub data: Vec<DataDigest>,
}

impl Correction {
    /// Reads a file, with its digest; `rows` are the messages it was learnt from.
    ///
    /// **Errors**: [`ErrorKind::Unreadable`]; [`ErrorKind::InvalidConfig`] where it is no correction.
    pub fn load(path: &Path) -> Result<(Self, DataDigest)> {
        let bytes = std::fs::read(path).map_err(|error| Error::new(ErrorKind::Unreadable(error)).in_file(path))?;
        let correction = Self::from_bytes(&bytes).map_err(|error| error.in_file(path))?;
        let digest = DataDigest {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            rows: correction.origin.data.iter().map(|data| data.rows).sum(),
            sha256: hex_digest(&bytes),
        };
        Ok((correction, digest))
    }

    /// Reads the bytes of its file.
    ///
    /// **Errors**: as [`Correction::load`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let parts = SafeTensors::deserialize(bytes).map_err(|error| invalid(&error.to_string()))?;
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|error| invalid(&error.to_string()))?;
        let origin = metadata.metadata().as_ref().and_then(|metadata| metadata.get(ORIGIN));
        let origin = origin.ok_or_else(|| invalid("it does not say where it comes from"))?;
        let origin: CorrectionOrigin = serde_json::from_str(origin).map_err(|error| invalid(&error.to_string()))?;
        let (shift, _) =
            tensors::numbers(&parts, "shift", Dtype::F32, f32::from_le_bytes).map_err(|why| invalid(&why))?;
        let linear = read_weights(&parts).map_err(|why| invalid(&why.to_string()))?;
        let n_labels = origin.labels.len();
        if shift.len() != n_labels
            || linear.n_outputs() != n_labels + origin.attributes.len()
            || !shift.iter().all(|number| number.is_finite())
        {
            return Err(invalid("its numbers do not fit its labels"));
        }
        Ok(Self { linear, shift, origin })
    }

    /// The bytes of its file; the same for the same correction.
    ///
    /// **Errors**: [`ErrorKind::InvalidConfig`] where a part cannot be written.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        let origin = serde_json::to_string(&self.origin).map_err(|error| invalid(&error.to_string()))?;
        let shift = tensors::bytes_of(self.shift.iter().copied(), f32::to_le_bytes);
        let parts: Vec<tensors::Part> = weight_parts(&self.linear)
            .into_iter()
            .chain([("shift", Dtype::F32, vec![self.shift.len()], shift)])
            .collect();
        tensors::serialize(&parts, Some((ORIGIN, origin))).map_err(|error| invalid(&error.to_string()))
    }

    /// Refuses a model of other outputs.
    ///
    /// **Errors**: [`ErrorKind::InvalidConfig`].
    pub fn check(&self, labels: &LabelSet, attributes: &[Attribute]) -> Result<()> {
        if &self.origin.labels == labels && self.origin.attributes == attributes {
            return Ok(());
        }
        let (ours, theirs) = (self.origin.labels.names().join(", "), labels.names().join(", "));
        let why = format!(
            "it corrects the labels {ours} with {} attributes, the data have {theirs} with {}",
            self.origin.attributes.len(),
            attributes.len()
        );
        Err(invalid(&why))
    }
}

fn invalid(why: &str) -> Error {
    Error::new(ErrorKind::InvalidConfig(format!("correction: {why}")))
}

/// Key of the metadata.
const ORIGIN: &str = "origin";

#[cfg(test)]
mod tests {
    use ndarray::{Array1, array};

    use super::*;

    #[test]
    fn a_correction_is_the_same_after_writing_and_reading() {
        let weights = array![[0.5, 0.25, 0.0], [-1.0, 0.0, 1.0]];
        let correction = Correction {
            linear: LinearModel::quantize(&[4, 9], &weights, Array1::zeros(3)).unwrap(),
            shift: vec![0.1, -0.2, 0.0],
            origin: CorrectionOrigin {
                written_by: "test".to_owned(),
                base: "0".repeat(12),
                c: 0.003,
                labels: LabelSet::codebook(),
                attributes: Vec::new(),
                data: Vec::new(),
            },
        };
        let bytes = correction.to_bytes().unwrap();
        let read = Correction::from_bytes(&bytes).unwrap();
        assert_eq!(read.to_bytes().unwrap(), bytes);
        assert!(read.check(&LabelSet::codebook(), &[]).is_ok());
        assert!(read.check(&LabelSet::codebook(), &[Attribute::Lever]).is_err());
        assert!(Correction::from_bytes(&bytes[..bytes.len() - 2]).is_err());
        assert!(Correction::from_bytes(b"nothing").is_err());
    }
}
