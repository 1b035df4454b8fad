//! Records of CSV: comma, `\n`, quotes where needed, UTF-8 without byte-order mark.

use crate::types::{LabelSet, Prediction, Row};

/// Writes records into memory, chunk by chunk.
#[derive(Debug)]
pub struct CsvRows {
    writer: csv::Writer<Vec<u8>>,
    units: Vec<u32>,
}

/// Probabilities are written in these.
const UNITS: u32 = 10_000;

impl Default for CsvRows {
    fn default() -> Self {
        Self { writer: csv::WriterBuilder::new().flexible(true).from_writer(Vec::new()), units: Vec::new() }
    }
}

impl CsvRows {
    /// The header's record.
    pub fn header(columns: &[String]) -> Vec<u8> {
        let mut rows = Self::default();
        rows.record(columns.iter().map(String::as_bytes));
        rows.take()
    }

    /// Adds a row and what is predicted of it.
    pub fn push(&mut self, row: &Row, labels: &LabelSet, prediction: &Prediction) {
        for cell in &row.cells {
            self.field(cell.as_bytes());
        }
        self.field(labels.names()[prediction.label_id].as_bytes());
        shares(&prediction.probabilities, &mut self.units);
        for position in 0..self.units.len() {
            self.field(&decimals(self.units[position]));
        }
        for attribute in &prediction.attributes {
            self.field(&decimals((attribute * UNITS as f32).round() as u32));
        }
        self.field(if prediction.abstain { b"1" } else { b"0" });
        self.record(std::iter::once(row.error.as_bytes()));
    }

    /// Adds a row of cells as they are.
    pub fn push_cells<'a>(&mut self, cells: impl Iterator<Item = &'a str>) {
        self.record(cells.map(str::as_bytes));
    }

    /// The bytes written so far; begins anew.
    pub fn take(&mut self) -> Vec<u8> {
        // Writing to memory cannot fail, so there is always a writer to take the bytes from.
        std::mem::take(self).writer.into_inner().unwrap_or_default()
    }

    fn field(&mut self, bytes: &[u8]) {
        self.writer.write_field(bytes).expect("memory takes every write");
    }

    fn record<'a>(&mut self, fields: impl Iterator<Item = &'a [u8]>) {
        for field in fields {
            self.field(field);
        }
        self.writer.write_record(None::<&[u8]>).expect("memory takes every write");
    }
}

/// Rounds probabilities to units that sum to [`UNITS`]: the largest remainders are rounded up.
fn shares(probabilities: &[f32], units: &mut Vec<u32>) {
    units.clear();
    units.extend(probabilities.iter().map(|probability| (probability * UNITS as f32) as u32));
    let mut missing = UNITS.saturating_sub(units.iter().sum());
    let remainder = |position: usize| {
        let exact = probabilities[position] * UNITS as f32;
        exact - exact.floor()
    };
    let mut order: Vec<usize> = (0..units.len()).collect();
    order.sort_by(|left, right| remainder(*right).total_cmp(&remainder(*left)));
    for position in order.into_iter().cycle() {
        if missing == 0 {
            break;
        }
        units[position] += 1;
        missing -= 1;
    }
}

/// `1234` as `0.1234`.
fn decimals(units: u32) -> [u8; 6] {
    let digit = |place: u32| b'0' + (units / place % 10) as u8;
    [digit(10_000), b'.', digit(1_000), digit(100), digit(10), digit(1)]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_row_keeps_its_cells_and_gets_ours() {
        let row = Row { cells: vec!["1", "Bonjour, \"vous\"\nici"].into(), error: String::new() };
        let prediction = Prediction {
            label_id: 2,
            probabilities: vec![0.25, 0.1, 0.65],
            attributes: vec![0.5],
            scores: vec![],
            abstain: false,
        };
        let mut rows = CsvRows::default();
        rows.push(&row, &LabelSet::codebook(), &prediction);
        let expected = "1,\"Bonjour, \"\"vous\"\"\nici\",genuine_dialogue,0.2500,0.1000,0.6500,0.5000,0,\n";
        assert_eq!(String::from_utf8(rows.take()).unwrap(), expected);
        assert!(rows.take().is_empty());
    }

    proptest! {
        #[test]
        fn written_probabilities_sum_to_one(raw in proptest::collection::vec(0.0001f32..1.0, 2..60)) {
            let total: f32 = raw.iter().sum();
            let probabilities: Vec<f32> = raw.iter().map(|share| share / total).collect();
            let mut units = Vec::new();
            shares(&probabilities, &mut units);
            prop_assert_eq!(units.iter().sum::<u32>(), UNITS);
            for (unit, probability) in units.iter().zip(&probabilities) {
                prop_assert!((*unit as f32 / UNITS as f32 - probability).abs() < 2e-4);
            }
        }
    }
}
