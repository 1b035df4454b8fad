//! Names of the output's columns.

use crate::types::{Attribute, LabelSet};

/// The output's columns: the input's, then ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// All names, in order.
    pub columns: Vec<String>,
    /// How many of them are the input's.
    pub n_input: usize,
    /// Ours whose plain name the input has already: (plain name, name given).
    pub renamed: Vec<(String, String)>,
}

impl Header {
    /// Puts our columns behind the input's. One whose name is taken becomes `pred_…`.
    pub fn new(input: &[String], labels: &LabelSet, attributes: &[Attribute]) -> Self {
        let mut header = Self { columns: input.to_vec(), n_input: input.len(), renamed: Vec::new() };
        header.add("label".to_owned());
        for label in labels.names() {
            header.add(format!("p_{label}"));
        }
        for attribute in attributes {
            header.add(format!("p_{}", attribute.name()));
        }
        header.add("abstain".to_owned());
        header.add("error".to_owned());
        header
    }

    /// Puts columns of these names behind the input's. One whose name is taken becomes `pred_…`.
    pub fn with(input: &[String], ours: &[&str]) -> Self {
        let mut header = Self { columns: input.to_vec(), n_input: input.len(), renamed: Vec::new() };
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taken_names_get_a_prefix() {
        let input = ["text", "label", "pred_label", "error"].map(String::from);
        let header = Header::new(&input, &LabelSet::codebook(), &[Attribute::Lever]);
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
    }
}
