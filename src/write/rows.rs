//! Rows and predictions into the bytes of one style.

use super::csv::{CsvCells, Dialect};
use super::header::Header;
use super::jsonl::JsonCells;
use super::plain::PlainCells;
use super::record::Record;
use crate::error::Result;
use crate::types::{LabelSet, Prediction, Row};

/// The style of an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Cells between delimiters.
    Delimited(Dialect),
    /// JSON lines.
    Jsonl,
    /// Cells as [`PlainReader`](super::PlainReader) reads them.
    Plain {
        /// Most UTF-16 units of a cell; a longer one is an error.
        longest: usize,
    },
}

impl Style {
    /// How the names of its files end.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Delimited(Dialect::TSV) => ".tsv",
            Self::Delimited(_) => ".csv",
            Self::Jsonl => ".jsonl",
            Self::Plain { .. } => ".xlsx",
        }
    }
}

/// What is written of each row, and how: the same for every thread of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The columns.
    pub header: Header,
    /// The style.
    pub style: Style,
}

/// Writes records into memory, chunk by chunk.
#[derive(Debug)]
pub struct RowWriter {
    record: Record,
    cells: Styled,
}

#[derive(Debug)]
#[allow(clippy::large_enum_variant, reason = "one a thread, and nearly always the large one")]
enum Styled {
    Csv(CsvCells),
    Json(JsonCells),
    Plain(PlainCells),
}

impl Default for RowWriter {
    /// CSV, all columns.
    fn default() -> Self {
        Self { record: Record::default(), cells: Styled::Csv(CsvCells::new(Dialect::CSV)) }
    }
}

impl RowWriter {
    /// A writer of records as planned.
    pub fn new(plan: &Plan) -> Self {
        let columns = &plan.header.columns;
        let cells = match plan.style {
            Style::Delimited(dialect) => Styled::Csv(CsvCells::new(dialect)),
            Style::Jsonl => Styled::Json(JsonCells::new(columns)),
            Style::Plain { longest } => Styled::Plain(PlainCells::new(columns, longest)),
        };
        Self { record: Record::new(&plan.header), cells }
    }

    /// What stands before the first record: the names of the columns, in styles that have them there.
    pub fn head(plan: &Plan) -> Vec<u8> {
        match plan.style {
            Style::Delimited(dialect) => CsvCells::new(dialect).header(&plan.header.columns),
            Style::Jsonl | Style::Plain { .. } => Vec::new(),
        }
    }

    /// Adds a row and what is predicted of it.
    ///
    /// **Errors**: a cell that the style cannot hold.
    pub fn push(&mut self, row: &Row, labels: &LabelSet, prediction: &Prediction) -> Result<()> {
        match &mut self.cells {
            Styled::Csv(cells) => self.record.write(row, labels, prediction, cells),
            Styled::Json(cells) => self.record.write(row, labels, prediction, cells),
            Styled::Plain(cells) => {
                self.record.write(row, labels, prediction, cells);
                cells.check()?;
            }
        }
        Ok(())
    }

    /// The bytes written so far; begins anew.
    pub fn take(&mut self) -> Vec<u8> {
        match &mut self.cells {
            Styled::Csv(cells) => cells.take(),
            Styled::Json(cells) => cells.take(),
            Styled::Plain(cells) => cells.take(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Columns;
    use super::*;
    use crate::types::Attribute;

    fn written(columns: &Columns, style: Style) -> String {
        let input = ["id".to_owned(), "text".to_owned()];
        let row = Row { cells: vec!["1", "Bonjour, \"vous\"\nici"].into(), error: "faute".to_owned() };
        let labels = LabelSet::codebook();
        let probabilities = vec![0.25, 0.1, 0.65];
        let prediction =
            Prediction { label_id: 2, probabilities, attributes: vec![0.5], scores: vec![], abstain: false };
        let header = Header::new(&input, &labels, &[Attribute::Lever], columns).unwrap();
        let mut rows = RowWriter::new(&Plan { header, style });
        rows.push(&row, &labels, &prediction).unwrap();
        let text = String::from_utf8(rows.take()).unwrap();
        assert!(rows.take().is_empty());
        text
    }

    #[test]
    fn a_row_keeps_its_cells_and_gets_ours() {
        let expected = "1,\"Bonjour, \"\"vous\"\"\nici\",genuine_dialogue,0.2500,0.1000,0.6500,0.5000,0,faute\n";
        assert_eq!(written(&Columns::default(), Style::Delimited(Dialect::CSV)), expected);
    }

    #[test]
    fn a_row_gives_the_cells_asked_for() {
        let shared = Columns { kept: Some(vec![0]), without_marks: true, prefix: None };
        let line = written(&shared, Style::Delimited(Dialect::EXCEL_FR));
        assert_eq!(line, "1;genuine_dialogue;0,2500;0,1000;0,6500;0,5000\r\n");
        let turned = Columns { kept: Some(vec![1, 0]), without_marks: false, prefix: Some("x_".to_owned()) };
        let object = written(&turned, Style::Jsonl);
        assert!(object.starts_with("{\"text\":\"Bonjour, \\\"vous\\\"\\nici\",\"id\":\"1\",\"x_label\":"), "{object}");
        assert!(object.ends_with(",\"x_p_lever\":0.5000,\"x_abstain\":0,\"x_error\":\"faute\"}\n"), "{object}");
    }
}
