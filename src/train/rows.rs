//! Messages → rows of numbers to learn from.

use std::fmt;

use crate::features::{Sink, Vocabulary};
use crate::score::{SparseRows, TrainingRows};
use crate::types::{Attribute, Feature, FeatureTable, Message, SparseVector};
use crate::vectorize::{Prepared, Vectorizer};

use super::augment::Augmenter;
use super::corpus::Corpus;
use super::parallel;

/// Features of one text, ascending, each once.
type RowFeatures = Vec<(Feature, f32)>;

/// Rows and the vocabulary of their columns.
#[derive(Debug)]
pub(super) struct Vectorized {
    pub(super) rows: TrainingRows,
    pub(super) vocabulary: Vocabulary,
}

/// Vectorises a corpus: each message as it was written, and the copies to learn it from.
pub(super) fn prepare(
    corpus: &Corpus,
    units: &[Vec<usize>],
    attributes: &[Attribute],
    vectorizer: &Vectorizer,
    augmenter: &Augmenter<'_>,
    min_documents: u32,
    n_threads: usize,
) -> Vectorized {
    let texts = parallel::map(
        corpus.messages.len(),
        n_threads,
        || Vectorize::new(vectorizer),
        |state, index| {
            let original = state.features(&corpus.messages[index].message);
            let copies: Vec<RowFeatures> = augmenter.copies(index).iter().map(|copy| state.features(copy)).collect();
            (original, copies)
        },
    );
    let documents = texts.iter().map(|(original, _)| original.iter().map(|(feature, _)| *feature));
    let vocabulary = Vocabulary::learn(documents, min_documents);
    let rows = Gather::new(corpus, attributes, &vocabulary).all(units, &texts);
    Vectorized { rows, vocabulary }
}

/// Builds the training rows.
struct Gather<'a> {
    corpus: &'a Corpus,
    attributes: &'a [Attribute],
    vocabulary: &'a Vocabulary,
    table: FeatureTable,
    rows: TrainingRows,
}

impl<'a> Gather<'a> {
    fn new(corpus: &'a Corpus, attributes: &'a [Attribute], vocabulary: &'a Vocabulary) -> Self {
        let n_outputs = corpus.labels.len() + attributes.len();
        let rows = TrainingRows {
            store: SparseRows::new(vocabulary.len()),
            targets: vec![Vec::new(); n_outputs],
            weights: Vec::new(),
            learnt: Vec::new(),
            scored: Vec::new(),
        };
        Self { corpus, attributes, vocabulary, table: FeatureTable::new(&vocabulary.features), rows }
    }

    fn all(mut self, units: &[Vec<usize>], texts: &[(RowFeatures, Vec<RowFeatures>)]) -> TrainingRows {
        for unit in units {
            let mut learnt = Vec::new();
            let mut scored = Vec::new();
            for &index in unit {
                let (original, copies) = &texts[index];
                scored.push(self.push(index, original, 1.0));
                let share = 1.0 / copies.len() as f32;
                learnt.extend(copies.iter().map(|copy| self.push(index, copy, share)));
            }
            self.rows.learnt.push(learnt);
            self.rows.scored.push(scored);
        }
        self.rows
    }

    /// Adds a text of message `index`; returns its row.
    fn push(&mut self, index: usize, features: &RowFeatures, share: f32) -> u32 {
        let message = &self.corpus.messages[index];
        let row = self.rows.store.len() as u32;
        self.rows.store.push(&self.vector(features));
        self.rows.weights.push(message.weight * share);
        let n_labels = self.corpus.labels.len();
        for label in 0..n_labels {
            self.rows.targets[label].push(Some(message.label_id == label));
        }
        for (position, attribute) in self.attributes.iter().enumerate() {
            self.rows.targets[n_labels + position].push(message.attributes[*attribute as usize]);
        }
        row
    }

    fn vector(&self, features: &RowFeatures) -> SparseVector {
        let known = |(feature, value): &(Feature, f32)| {
            self.table.column(*feature).map(|column| (column as u32, value * self.vocabulary.idf[column]))
        };
        let (columns, values) = features.iter().filter_map(known).unzip();
        SparseVector { columns, values }
    }
}

/// One thread's way from messages to features.
struct Vectorize<'a> {
    vectorizer: &'a Vectorizer,
    prepared: Prepared,
    collected: Collect,
}

impl<'a> Vectorize<'a> {
    fn new(vectorizer: &'a Vectorizer) -> Self {
        Self { vectorizer, prepared: Prepared::default(), collected: Collect::default() }
    }

    fn features(&mut self, message: &Message<'_>) -> RowFeatures {
        self.vectorizer.prepare(message, &mut self.prepared);
        self.collected.0.clear();
        self.vectorizer.each_feature(&self.prepared, &mut self.collected);
        merged(&mut self.collected.0)
    }
}

/// Keeps what it is given.
#[derive(Default)]
struct Collect(RowFeatures);

impl Sink for Collect {
    fn add(&mut self, feature: Feature, value: f32, _: fmt::Arguments<'_>) {
        self.0.push((feature, value));
    }
}

/// Each feature once, ascending, its values added up in the order in which they were found.
fn merged(found: &mut RowFeatures) -> RowFeatures {
    found.sort_by_key(|(feature, _)| *feature);
    let total = |group: &[(Feature, f32)]| (group[0].0, group.iter().map(|(_, value)| value).sum());
    found.chunk_by(|left, right| left.0 == right.0).map(total).collect()
}
