//! What is wrong, or only odd, in labelled messages: found before anything is learnt from them.
//!
//! **In**: a corpus that could be read (a missing or unknown label never gets here). **Out**: faults, which a corpus must not
//! have, and remarks, which are worth a look. **Guaranteed**: the same findings in the same order for the same corpus; the
//! corpus is not changed. **Left to others**: what to do about it.

mod near;
mod render;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Corpus;
use crate::types::{Attribute, DIALOGUE, LabelSet, LabeledMessage, OUTREACH, TARGETING};

/// A label with fewer messages cannot be both learnt and tested.
const LEAST_MESSAGES: usize = 2;
/// A label with fewer messages is learnt badly. **Source**: ours, a rule of thumb.
const FEW_MESSAGES: usize = 30;
/// Two people may well write the same message of so few words.
const OWN_WORDS: usize = 4;
/// Longer messages are rather documents. **Unit**: characters.
const LONG_CHARS: usize = 5_000;

/// What was found in a corpus.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Validation {
    /// Number of messages.
    pub n_messages: usize,
    /// Every label, in the corpus's order.
    pub labels: Vec<LabelCount>,
    /// What must be mended first, check after check.
    pub faults: Vec<Finding>,
    /// What is worth a look, check after check.
    pub remarks: Vec<Finding>,
}

/// How often a label occurs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LabelCount {
    /// The label.
    pub label: String,
    /// Messages that carry it.
    pub n_messages: usize,
    /// Those of them that answer or quote a known message.
    pub n_with_parent: usize,
}

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// What was looked for.
    pub check: Check,
    /// The messages concerned, in the corpus's order; none where it is about a label.
    pub messages: Vec<Place>,
    /// What sets this finding apart from others of its check; may be empty.
    pub detail: String,
}

/// Where a message is found again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// Its id, which is its line where its file has no ids.
    pub id: String,
    /// Name of its file, without folders.
    pub file: String,
    /// Its position among the rows of the file, from 1, header left out.
    pub row: usize,
}

/// What is looked for. Those before [`Check::Repeated`] are faults.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A text without anything to read.
    EmptyText,
    /// Several messages of one id.
    DuplicateId,
    /// The same text and parent under different labels.
    ContradictoryLabels,
    /// `lever` and `gain`, and not the label that follows from both.
    LeverAndGain,
    /// Opportunistic targeting without `lever` or without `gain`.
    TargetingWithoutBoth,
    /// `exchange` without lever-and-gain, labelled outreach.
    ExchangeAsOutreach,
    /// No `exchange` and no lever-and-gain, labelled dialogue.
    DialogueWithoutExchange,
    /// A message that is also among those kept for testing.
    HeldOut,
    /// A label that cannot be learnt and tested.
    TooFewMessages,
    /// The same text and parent, twice under one label.
    Repeated,
    /// Texts that are nearly the same, outside a common group.
    NearDuplicate,
    /// A label that is learnt badly.
    FewMessages,
    /// A text longer than messages are.
    LongText,
}

impl Check {
    /// Whether a corpus must not have it.
    pub fn is_fault(self) -> bool {
        self < Self::Repeated
    }
}

impl Validation {
    /// Whether nothing must be mended.
    pub fn is_sound(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Looks for faults and oddities, among them messages that are also in `held_out`, the corpus kept for testing.
///
/// The attributes are held against the labels only where the labels are the codebook's, and only as far as they are marked.
/// Ids that ascend by number through a file are taken for its row numbers, and are no duplicates of another file's.
///
/// ```
/// use franc_parler::train::{Corpus, CorpusOptions, validate};
///
/// let dir = tempfile::tempdir()?;
/// let path = dir.path().join("avis.csv");
/// std::fs::write(&path, "text,label\nBravo !,oui\nBof,non\nBravo !,non\nJamais,oui\n")?;
/// let validation = validate(&Corpus::read(&[path], &CorpusOptions::default())?, None);
/// assert_eq!(validation.faults.len(), 1);
/// assert_eq!(validation.faults[0].detail, "oui, non");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn validate(corpus: &Corpus, held_out: Option<&Corpus>) -> Validation {
    let labels = label_counts(corpus);
    let mut found = Findings::new(corpus);
    found.texts();
    found.ids();
    found.repeats_and_near();
    if corpus.labels == LabelSet::codebook() {
        found.attributes();
    }
    found.counts(&labels);
    if let Some(held_out) = held_out {
        found.held_out(held_out);
    }
    found.all.sort_by_key(|finding| finding.check);
    let (faults, remarks) = found.all.into_iter().partition(|finding| finding.check.is_fault());
    Validation { n_messages: corpus.messages.len(), labels, faults, remarks }
}

fn label_counts(corpus: &Corpus) -> Vec<LabelCount> {
    let none = |label: &String| LabelCount { label: label.clone(), n_messages: 0, n_with_parent: 0 };
    let mut counts: Vec<LabelCount> = corpus.labels.names().iter().map(none).collect();
    for message in &corpus.messages {
        let count = &mut counts[message.label_id];
        count.n_messages += 1;
        count.n_with_parent += usize::from(message.message.parent().is_some());
    }
    counts
}

/// Gathers what is found.
struct Findings<'a> {
    corpus: &'a Corpus,
    /// Of each message: its file (a position in the corpus's data), its row there.
    places: Vec<(usize, usize)>,
    all: Vec<Finding>,
}

impl<'a> Findings<'a> {
    fn new(corpus: &'a Corpus) -> Self {
        let of_file = |(file, data): (usize, &crate::model::DataDigest)| (1..=data.rows).map(move |row| (file, row));
        let places = corpus.data.iter().enumerate().flat_map(of_file).collect();
        Self { corpus, places, all: Vec::new() }
    }

    fn push(&mut self, check: Check, messages: &[usize], detail: String) {
        let messages = messages.iter().map(|index| self.place(*index)).collect();
        self.all.push(Finding { check, messages, detail });
    }

    fn place(&self, index: usize) -> Place {
        let id = self.corpus.messages[index].id.clone();
        // A corpus put together by hand may list no files.
        let (file, row) = self.places.get(index).copied().unwrap_or((usize::MAX, index + 1));
        Place { id, file: self.corpus.data.get(file).map(|data| data.name.clone()).unwrap_or_default(), row }
    }

    fn texts(&mut self) {
        for (index, message) in self.corpus.messages.iter().enumerate() {
            let text = &message.message.text;
            if text.trim().is_empty() {
                self.push(Check::EmptyText, &[index], String::new());
            }
            let n_chars = text.chars().count();
            if n_chars > LONG_CHARS {
                self.push(Check::LongText, &[index], format!("{n_chars} characters"));
            }
        }
    }

    fn ids(&mut self) {
        let numbered = self.numbered_files();
        let mut of_id: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (index, message) in self.corpus.messages.iter().enumerate() {
            let is_given = self.places.get(index).is_none_or(|(file, _)| !numbered[*file]);
            if is_given && !message.id.trim().is_empty() {
                of_id.entry(&message.id).or_default().push(index);
            }
        }
        for indices in in_order(of_id) {
            self.push(Check::DuplicateId, &indices, String::new());
        }
    }

    /// Files whose ids ascend as row numbers do.
    fn numbered_files(&self) -> Vec<bool> {
        let mut last = vec![Some(0); self.corpus.data.len()];
        for (message, (file, _)) in self.corpus.messages.iter().zip(&self.places) {
            let number = message.id.parse::<u64>().ok();
            last[*file] = number.filter(|number| last[*file].is_some_and(|before| *number > before));
        }
        last.iter().map(Option::is_some).collect()
    }

    fn repeats_and_near(&mut self) {
        let mut of_message: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
        for (index, message) in self.corpus.messages.iter().enumerate() {
            if !message.message.text.trim().is_empty() {
                of_message.entry(identity(message)).or_default().push(index);
            }
        }
        for indices in in_order(of_message) {
            let detail = self.label_names(&indices);
            let check = if detail.is_empty() { Check::Repeated } else { Check::ContradictoryLabels };
            self.push(check, &indices, detail);
        }
        self.near();
    }

    fn near(&mut self) {
        for cluster in near::clusters(&self.corpus.messages) {
            let first = identity(&self.corpus.messages[cluster.members[0]]);
            if cluster.members.iter().all(|index| identity(&self.corpus.messages[*index]) == first) {
                // Said already, as a repetition.
                continue;
            }
            let labels = self.label_names(&cluster.members);
            let labels = if labels.is_empty() { labels } else { format!(": {labels}") };
            self.push(Check::NearDuplicate, &cluster.members, format!("{:.2}{labels}", cluster.similarity));
        }
    }

    /// Labels of messages in their order; empty where all are the same.
    fn label_names(&self, indices: &[usize]) -> String {
        let labels: Vec<usize> = indices.iter().map(|index| self.corpus.messages[*index].label_id).collect();
        if labels.iter().all(|label| *label == labels[0]) {
            return String::new();
        }
        let names: Vec<&str> = labels.iter().map(|label| self.corpus.labels.names()[*label].as_str()).collect();
        names.join(", ")
    }

    fn attributes(&mut self) {
        for (index, message) in self.corpus.messages.iter().enumerate() {
            let label = self.corpus.labels.names()[message.label_id].as_str();
            if let Some(check) = contradiction(label, message.attributes) {
                let detail = if check == Check::LeverAndGain { label.to_owned() } else { String::new() };
                self.push(check, &[index], detail);
            }
        }
    }

    /// Messages that are also in another corpus. Short ones (« Oui ! ») are anybody's.
    fn held_out(&mut self, held_out: &Corpus) {
        let kept: BTreeSet<_> = held_out.messages.iter().map(identity).collect();
        for (index, message) in self.corpus.messages.iter().enumerate() {
            let is_long = message.message.text.split_whitespace().nth(OWN_WORDS).is_some();
            if is_long && kept.contains(&identity(message)) {
                self.push(Check::HeldOut, &[index], String::new());
            }
        }
    }

    fn counts(&mut self, labels: &[LabelCount]) {
        for LabelCount { label, n_messages, .. } in labels {
            let check = match *n_messages {
                ..LEAST_MESSAGES => Check::TooFewMessages,
                LEAST_MESSAGES..FEW_MESSAGES => Check::FewMessages,
                _ => continue,
            };
            self.push(check, &[], format!("{label} ({n_messages})"));
        }
    }
}

/// What the marked attributes say against a label of the codebook: its rules 1 to 3, in their order.
fn contradiction(label: &str, attributes: [Option<bool>; 3]) -> Option<Check> {
    let [lever, gain, exchange] = Attribute::ALL.map(|attribute| attributes[attribute as usize]);
    if (lever, gain) == (Some(true), Some(true)) {
        return (label != TARGETING).then_some(Check::LeverAndGain);
    }
    if lever != Some(false) && gain != Some(false) {
        // One is not marked: nothing follows.
        return None;
    }
    match (label, exchange) {
        (TARGETING, _) => Some(Check::TargetingWithoutBoth),
        (OUTREACH, Some(true)) => Some(Check::ExchangeAsOutreach),
        (DIALOGUE, Some(false)) => Some(Check::DialogueWithoutExchange),
        _ => None,
    }
}

/// What makes two messages the same: text and parent, but for white space.
fn identity(message: &LabeledMessage) -> (String, String) {
    (squeezed(&message.message.text), squeezed(message.message.parent().unwrap_or_default()))
}

/// The text with single spaces for white space, and none around it.
fn squeezed(text: &str) -> String {
    let mut squeezed = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !squeezed.is_empty() {
            squeezed.push(' ');
        }
        squeezed.push_str(word);
    }
    squeezed
}

/// Positions that share a key with others, ordered by the first of them.
fn in_order<K>(groups: BTreeMap<K, Vec<usize>>) -> Vec<Vec<usize>> {
    let mut shared: Vec<Vec<usize>> = groups.into_values().filter(|indices| indices.len() > 1).collect();
    shared.sort();
    shared
}

#[cfg(test)]
mod tests;
