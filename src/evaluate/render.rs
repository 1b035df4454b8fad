//! An evaluation as a table for a terminal.

use std::fmt::{self, Display, Formatter};

use super::{Evaluation, Interval, LabelMetrics};

/// Below so many messages a label's figures say little, and the table warns.
const FEW: u64 = 30;
/// Width of a label at the head of a row: the longest of the codebook, and a little more. Unit: chars.
const ROW_NAME: usize = 24;
/// Width of a label at the head of a column. Unit: chars.
const COLUMN_NAME: usize = 14;
/// With more labels a confusion matrix does not fit a terminal.
const MOST_COLUMNS: usize = 8;

impl Display for Evaluation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        headline(self, f)?;
        label_table(self, f)?;
        confusion_table(self, f)?;
        warnings(self, f)
    }
}

/// `0.812 [0.790, 0.835]`
impl Display for Interval {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3} [{:.3}, {:.3}]", self.value, self.low, self.high)
    }
}

fn headline(evaluation: &Evaluation, f: &mut Formatter<'_>) -> fmt::Result {
    let baselines = &evaluation.baselines;
    let majority = shorten(&baselines.majority_label, ROW_NAME);
    let covered =
        evaluation.accuracy_of_covered.map_or(String::new(), |accuracy| format!("  accuracy there {accuracy:.3}"));
    writeln!(f, "macro-F1  {}  always {majority}: {:.3}", evaluation.macro_f1, baselines.majority_macro_f1)?;
    writeln!(f, "accuracy  {}  always {majority}: {:.3}", evaluation.accuracy, baselines.majority_accuracy)?;
    writeln!(f, "log-loss  {:<20.3}  label shares: {:.3}", evaluation.log_loss, baselines.prior_log_loss)?;
    writeln!(f, "Brier     {:.3}", evaluation.brier)?;
    writeln!(f, "ECE       {:.3}", evaluation.ece)?;
    writeln!(f, "coverage  {:.3}{covered}", evaluation.coverage)?;
    writeln!(f, "messages  {}", evaluation.n_messages)?;
    if let Some(groups) = &evaluation.groups {
        let (right, one) = (groups.share_wholly_right() * 100.0, groups.share_of_one_label() * 100.0);
        writeln!(f, "groups    {}: {right:.1} % wholly right, {one:.1} % of one label", groups.n_groups)?;
    }
    Ok(())
}

fn label_table(evaluation: &Evaluation, f: &mut Formatter<'_>) -> fmt::Result {
    let name = "label";
    writeln!(f, "\n{name:<ROW_NAME$}  {:>5}  {:>5}  {:<20}  {:>5}  {:>7}", "P", "R", "F1", "AP", "support")?;
    evaluation.per_label.iter().try_for_each(|metrics| label_row(metrics, f))
}

fn label_row(metrics: &LabelMetrics, f: &mut Formatter<'_>) -> fmt::Result {
    let name = shorten(&metrics.label, ROW_NAME);
    let LabelMetrics { precision, recall, f1, average_precision, support, predicted, .. } = metrics;
    if support + predicted == 0 {
        return writeln!(f, "{name:<ROW_NAME$}  {:>5}  {:>5}  {:<20}  {:>5}  {support:>7}", "–", "–", "–", "–");
    }
    let f1 = f1.to_string();
    writeln!(f, "{name:<ROW_NAME$}  {precision:>5.3}  {recall:>5.3}  {f1:<20}  {average_precision:>5.3}  {support:>7}")
}

fn confusion_table(evaluation: &Evaluation, f: &mut Formatter<'_>) -> fmt::Result {
    let n_labels = evaluation.labels.len();
    if n_labels > MOST_COLUMNS {
        return writeln!(f, "\nThe confusion matrix of {n_labels} labels is too wide to print.");
    }
    write!(f, "\n{:<ROW_NAME$}", "gold \\ predicted")?;
    for label in &evaluation.labels {
        write!(f, "  {:>COLUMN_NAME$}", shorten(label, COLUMN_NAME))?;
    }
    writeln!(f)?;
    for (label, counts) in evaluation.labels.iter().zip(evaluation.confusion.rows()) {
        write!(f, "{:<ROW_NAME$}", shorten(label, ROW_NAME))?;
        let support = counts.iter().sum();
        counts.iter().try_for_each(|&count| write!(f, "  {:>COLUMN_NAME$}", cell(count, support)))?;
        writeln!(f)?;
    }
    Ok(())
}

/// A count and its share of the row in per cent.
fn cell(count: u64, support: u64) -> String {
    if support == 0 {
        return format!("{count}    – %");
    }
    format!("{count}  {:>3.0} %", 100.0 * count as f64 / support as f64)
}

fn warnings(evaluation: &Evaluation, f: &mut Formatter<'_>) -> fmt::Result {
    let few: Vec<&LabelMetrics> = evaluation.per_label.iter().filter(|metrics| metrics.support < FEW).collect();
    if !few.is_empty() {
        writeln!(f)?;
    }
    for LabelMetrics { label, support, .. } in few {
        writeln!(f, "warning: label {label:?} has {support} messages (fewer than {FEW}): its figures say little")?;
    }
    Ok(())
}

/// A label in at most so many characters, without control characters.
fn shorten(label: &str, width: usize) -> String {
    let visible = label.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c });
    if label.chars().count() <= width {
        return visible.collect();
    }
    visible.take(width - 1).chain(['…']).collect()
}
