//! A validation as a report for people.

use std::fmt::{self, Display, Formatter};

use super::{Check, Finding, Place, Validation};

/// Findings shown of one check.
const MAX_FINDINGS: usize = 20;
/// Messages shown of one finding.
const MAX_MESSAGES: usize = 8;

impl Display for Check {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::EmptyText => "no text",
            Self::DuplicateId => "one id, several messages",
            Self::ContradictoryLabels => "the same text and parent, different labels",
            Self::LeverAndGain => "lever = 1 and gain = 1, but the label is not opportunistic_targeting",
            Self::TargetingWithoutBoth => "opportunistic_targeting, but lever or gain is 0",
            Self::ExchangeAsOutreach => "exchange = 1 without lever and gain, but the label is outreach",
            Self::DialogueWithoutExchange => "genuine_dialogue, but exchange is 0",
            Self::HeldOut => "messages that are also among those kept for testing",
            Self::TooFewMessages => "labels with fewer than 2 messages",
            Self::Repeated => "the same text and parent, the same label",
            Self::NearDuplicate => "nearly the same text, in no common group (similarity: labels where they differ)",
            Self::FewMessages => "labels with fewer than 30 messages",
            Self::LongText => "over 5,000 characters",
        })
    }
}

impl Display for Validation {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", counted(self.n_messages, "message"))?;
        let width = self.labels.iter().map(|count| count.label.chars().count()).max().unwrap_or(0);
        for count in &self.labels {
            let share = 100.0 * count.n_with_parent as f64 / count.n_messages.max(1) as f64;
            writeln!(f, "  {:width$}  {:>7}   {share:>3.0} % with parent", count.label, count.n_messages)?;
        }
        let is_several_files = self.is_of_several_files();
        for (findings, rank) in [(&self.faults, "fault"), (&self.remarks, "remark")] {
            writeln!(f, "{}", counted(findings.len(), rank))?;
            for same in findings.chunk_by(|left, right| left.check == right.check) {
                write_check(f, same, is_several_files)?;
            }
        }
        Ok(())
    }
}

impl Validation {
    fn is_of_several_files(&self) -> bool {
        let mut places = self.faults.iter().chain(&self.remarks).flat_map(|finding| &finding.messages);
        let first = places.next();
        places.any(|place| first.is_some_and(|first| first.file != place.file))
    }
}

/// The findings of one check.
fn write_check(f: &mut Formatter<'_>, findings: &[Finding], with_file: bool) -> fmt::Result {
    writeln!(f, "  {}: {}", findings[0].check, findings.len())?;
    for finding in findings.iter().take(MAX_FINDINGS) {
        let shown = finding.messages.iter().take(MAX_MESSAGES).map(|place| name(place, with_file));
        let mut parts: Vec<String> = vec![shown.collect::<Vec<_>>().join(", ")];
        if let Some(more) = finding.messages.len().checked_sub(MAX_MESSAGES).filter(|more| *more > 0) {
            parts.push(format!("and {more} more"));
        }
        if !finding.detail.is_empty() {
            let detail = shortened(&finding.detail);
            parts.push(if finding.messages.is_empty() { detail } else { format!("({detail})") });
        }
        parts.retain(|part| !part.is_empty());
        writeln!(f, "    {}", parts.join(" "))?;
    }
    match findings.len().saturating_sub(MAX_FINDINGS) {
        0 => Ok(()),
        more => writeln!(f, "    and {more} more"),
    }
}

fn name(place: &Place, with_file: bool) -> String {
    let row = || format!("row {}", place.row);
    let id = if place.id.trim().is_empty() { row() } else { place.id.escape_debug().to_string() };
    if with_file { format!("{}:{id}", place.file) } else { id }
}

/// The labels of a large cluster would fill the screen.
fn shortened(detail: &str) -> String {
    const SHOWN: usize = 120;
    let line: String = detail.chars().take(SHOWN).collect();
    if detail.chars().nth(SHOWN).is_some() { format!("{line}…") } else { line }
}

/// `1 fault`, `2 faults`.
fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
