//! Which cells a row's record has, in which order, whatever signs stand between them.

use super::header::Header;
use super::numbers::{rounded, shares};
use crate::types::{LabelSet, Prediction, Row};

/// Where the cells of a record go, one by one. Each style has its own, known when compiled: no call is looked up per cell.
pub(super) trait Cells {
    /// A text.
    fn text(&mut self, text: &str);

    /// A probability in units.
    fn share(&mut self, units: u32);

    /// Yes or no.
    fn flag(&mut self, is_so: bool);

    /// The record is whole.
    fn end(&mut self);
}

/// Picks the cells.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// Positions of the input's cells; `None` for all as they stand.
    kept: Option<Vec<usize>>,
    has_marks: bool,
    units: Vec<u32>,
}

impl Default for Record {
    fn default() -> Self {
        Self { kept: None, has_marks: true, units: Vec::new() }
    }
}

impl Record {
    pub(super) fn new(header: &Header) -> Self {
        let kept = header.kept.clone();
        Self { kept, has_marks: header.has_marks, units: Vec::new() }
    }

    /// Hands over a row's cells, then ours.
    pub(super) fn write<C: Cells>(&mut self, row: &Row, labels: &LabelSet, prediction: &Prediction, cells: &mut C) {
        match &self.kept {
            None => row.cells.iter().for_each(|cell| cells.text(cell)),
            Some(kept) => kept.iter().for_each(|at| cells.text(row.cells.get(*at).unwrap_or_default())),
        }
        cells.text(&labels.names()[prediction.label_id]);
        shares(&prediction.probabilities, &mut self.units);
        self.units.iter().for_each(|units| cells.share(*units));
        prediction.attributes.iter().for_each(|attribute| cells.share(rounded(*attribute)));
        if self.has_marks {
            cells.flag(prediction.abstain);
            cells.text(&row.error);
        }
        cells.end();
    }
}
