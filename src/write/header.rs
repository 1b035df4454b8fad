//! Names of the output's columns.

use std::ops::Range;

use crate::error::{ErrorKind, Result};
use crate::types::{Attribute, LabelSet};

/// Which columns an output has; by default the input's as they stand, then all of ours.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Columns {
    /// Positions of the input's columns to keep, in this order; all where there is none.
    pub kept: Option<Vec<usize>>,
    /// Leaves out `abstain` and `error`.
    pub without_marks: bool,
    /// Stands before each of our names.
    pub prefix: Option<String>,
}

impl Columns {
    /// The positions of columns named by a user. A name that several columns have stands for all of them.
    ///
    /// **Errors**: a name that no column has, or that is given twice.
    pub fn positions(names: &[String], input: &[String]) -> Result<Vec<usize>> {
        let mut kept = Vec::new();
        for name in names {
            let found: Vec<usize> = (0..input.len()).filter(|at| input[*at] == *name).collect();
            let Some(first) = found.first() else {
                let (name, columns) = (name.clone(), input.to_vec());
                return Err(ErrorKind::UnknownColumn { role: "output", name, columns }.into());
            };
            if kept.contains(first) {
                return Err(ErrorKind::InvalidConfig(format!("the output names the column {name:?} twice")).into());
            }
            kept.extend(found);
        }
        Ok(kept)
    }
}

/// The output's columns: the input's, then ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// All names, in order.
    pub columns: Vec<String>,
    /// Positions of the input's columns that are kept; all as they stand where there is none.
    pub kept: Option<Vec<usize>>,
    /// How many columns are the input's.
    pub n_input: usize,
    /// Whether `abstain` and `error` are among ours.
    pub has_marks: bool,
    /// Ours whose plain name the input has already: (plain name, name given).
    pub renamed: Vec<(String, String)>,
}

impl Header {
    /// Puts our columns behind the input's. One whose name is taken becomes `pred_…`.
    ///
    /// **Errors**: a name that is taken although a prefix was asked for.
    pub fn new(input: &[String], labels: &LabelSet, attributes: &[Attribute], asked: &Columns) -> Result<Self> {
        let columns: Vec<String> = match &asked.kept {
            Some(kept) => kept.iter().map(|at| input[*at].clone()).collect(),
            None => input.to_vec(),
        };
        let (kept, n_input, has_marks) = (asked.kept.clone(), columns.len(), !asked.without_marks);
        let mut header = Self { columns, kept, n_input, has_marks, renamed: Vec::new() };
        for name in ours(labels, attributes, has_marks) {
            match &asked.prefix {
                Some(prefix) => header.add_prefixed(prefix, &name)?,
                None => header.add(name),
            }
        }
        Ok(header)
    }

    /// The columns that hold numbers: the probabilities and `abstain`.
    pub fn numbers(&self) -> Range<usize> {
        self.n_input + 1..self.columns.len() - usize::from(self.has_marks)
    }

    /// Gives a name of its own to each of the input's columns that has an earlier one's, for styles that need it: (name, name given).
    #[allow(clippy::missing_panics_doc, reason = "there are more numbers than columns")]
    pub fn tell_apart(&mut self) -> Vec<(String, String)> {
        let mut given = Vec::new();
        for at in 0..self.n_input {
            let name = self.columns[at].clone();
            if self.columns[..at].contains(&name) {
                let mut number = 2;
                while self.columns.contains(&format!("{name}_{number}")) {
                    number += 1;
                }
                self.columns[at] = format!("{name}_{number}");
                given.push((name, self.columns[at].clone()));
            }
        }
        given
    }

    /// Puts columns of these names behind the input's. One whose name is taken becomes `pred_…`.
    pub fn with(input: &[String], ours: &[&str]) -> Self {
        let mut header =
            Self { columns: input.to_vec(), kept: None, n_input: input.len(), has_marks: false, renamed: Vec::new() };
        for name in ours {
            header.add((*name).to_owned());
        }
        header
    }

    fn add(&mut self, name: String) {
        let mut given = name.clone();
        while self.columns.contains(&given) {
            given.insert_str(0, "pred_");
        }
        if given != name {
            self.renamed.push((name, given.clone()));
        }
        self.columns.push(given);
    }

    fn add_prefixed(&mut self, prefix: &str, name: &str) -> Result<()> {
        let name = format!("{prefix}{name}");
        if self.columns.contains(&name) {
            let why = format!("with the prefix {prefix:?} our column {name:?} has the name of one of the input's");
            return Err(ErrorKind::InvalidConfig(why).into());
        }
        self.columns.push(name);
        Ok(())
    }
}

/// Our columns by their plain names.
fn ours(labels: &LabelSet, attributes: &[Attribute], has_marks: bool) -> Vec<String> {
    let shares = labels.names().iter().map(|label| format!("p_{label}"));
    let attributes = attributes.iter().map(|attribute| format!("p_{}", attribute.name()));
    let marks = ["abstain", "error"].into_iter().filter(|_| has_marks).map(str::to_owned);
    std::iter::once("label".to_owned()).chain(shares).chain(attributes).chain(marks).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(input: &[&str], asked: &Columns) -> Result<Header> {
        let input: Vec<String> = input.iter().map(ToString::to_string).collect();
        Header::new(&input, &LabelSet::codebook(), &[Attribute::Lever], asked)
    }

    #[test]
    fn taken_names_get_a_prefix() {
        let header = header(&["text", "label", "pred_label", "error"], &Columns::default()).unwrap();
        assert_eq!(
            header.columns[4..],
            [
                "pred_pred_label",
                "p_outreach",
                "p_opportunistic_targeting",
                "p_genuine_dialogue",
                "p_lever",
                "abstain",
                "pred_error"
            ]
        );
        assert_eq!(header.renamed.len(), 2);
        assert_eq!(header.numbers(), 5..10);
    }

    #[test]
    fn a_prefix_stands_before_ours_and_must_be_free() {
        let asked = Columns { prefix: Some("fp_".to_owned()), ..Columns::default() };
        let header = |input: &[&str]| header(input, &asked);
        assert_eq!(header(&["text", "label"]).unwrap().columns[2..4], ["fp_label", "fp_p_outreach"]);
        let refused = header(&["fp_error"]).unwrap_err().to_string();
        assert!(refused.contains("\"fp_error\""), "{refused}");
    }

    #[test]
    fn columns_are_found_by_name_and_in_order() {
        let input = ["a", "b", "a"].map(str::to_owned);
        let find = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(ToString::to_string).collect();
            Columns::positions(&names, &input)
        };
        assert_eq!(find(&["b", "a"]).unwrap(), [1, 0, 2]);
        let refused = [find(&["c"]), find(&["b", "b"])].map(|found| found.unwrap_err().to_string());
        assert!(refused[0].contains("\"c\"") && refused[0].contains("\"a\", \"b\""), "{refused:?}");
        assert!(refused[1].contains("twice"), "{refused:?}");
    }

    #[test]
    fn columns_of_one_name_are_told_apart() {
        let mut header = header(&["a", "a", "a_2", "a"], &Columns::default()).unwrap();
        assert_eq!(header.tell_apart().len(), 2);
        assert_eq!(header.columns[..4], ["a", "a_3", "a_2", "a_4"]);
    }
}
