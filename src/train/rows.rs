//! Messages → rows of numbers to learn from.

use std::fmt;

use crate::config::TrainConfig;
use crate::features::{Sink, Vocabulary, vector_feature_of};
use crate::pipeline::{Classifier, Pipeline};
use crate::score::{LinearModel, SparseRows, TrainingRows};
use crate::types::{Attribute, Feature, FeatureTable, Message, SparseVector};
use crate::vectorize::{Prepared, Vectorizer};

use super::augment::Augmenter;
use super::corpus::Corpus;
use crate::parallel;
use crate::vectors::{Spread, WordVectors};

/// Features of one text, ascending, each once.
type RowFeatures = Vec<(Feature, f32)>;

/// What one text comes to.
struct TextRow {
    features: RowFeatures,
    /// Sum of its words' vectors over the square root of its length; empty without vectors.
    dense: Vec<f32>,
    /// Scores of the model that is refined; empty without one.
    before: Vec<f32>,
    /// What a correction adds to its scores; empty without one.
    correction: Vec<f32>,
}

/// Rows and what their columns are: those of the vocabulary, then the dimensions of the vectors.
#[derive(Debug)]
pub(super) struct Vectorized {
    pub(super) rows: TrainingRows,
    pub(super) vocabulary: Vocabulary,
    /// Mean and deviation by which the dimensions were standardised.
    pub(super) spread: Spread,
    /// What a correction adds to each message's scores; each empty without one.
    pub(super) corrections: Vec<Vec<f32>>,
}

/// What turns the messages of a corpus into rows.
#[derive(Debug, Clone, Copy)]
pub(super) struct Road<'a> {
    pub(super) vectorizer: &'a Vectorizer,
    pub(super) augmenter: &'a Augmenter<'a>,
    pub(super) vectors: Option<&'a WordVectors>,
    /// The model that is refined, if any.
    pub(super) base: Option<&'a Pipeline>,
    /// Weights that will be added to those learnt.
    pub(super) correction: Option<&'a LinearModel>,
    /// The messages that the vocabulary is made from: so many of the first.
    pub(super) n_telling: usize,
    /// The only features that may enter the vocabulary, ascending; `None` for any.
    pub(super) known: Option<&'a [Feature]>,
    pub(super) config: &'a TrainConfig,
}

impl<'a> Road<'a> {
    /// Without vectors, base or correction.
    pub(super) fn new(vectorizer: &'a Vectorizer, augmenter: &'a Augmenter<'a>, config: &'a TrainConfig) -> Self {
        Self {
            vectorizer,
            augmenter,
            vectors: None,
            base: None,
            correction: None,
            n_telling: usize::MAX,
            known: None,
            config,
        }
    }

    fn may_enter(&self, feature: Feature) -> bool {
        self.known.is_none_or(|known| known.binary_search(&feature).is_ok())
    }
}

/// Vectorises a corpus: each message as it was written, and the copies to learn it from.
pub(super) fn prepare(
    corpus: &Corpus,
    units: &[Vec<usize>],
    attributes: &[Attribute],
    road: Road<'_>,
    n_threads: usize,
) -> Vectorized {
    let texts = parallel::map(
        corpus.messages.len(),
        n_threads,
        || Vectorize::new(road),
        |state, index| {
            let original = state.original(&corpus.messages[index].message);
            let copies: Vec<TextRow> = road.augmenter.copies(index).iter().map(|copy| state.row(copy)).collect();
            (original, copies)
        },
    );
    let features_of = |original: &'_ TextRow| -> Vec<Feature> {
        original.features.iter().map(|(feature, _)| *feature).filter(|feature| road.may_enter(*feature)).collect()
    };
    let documents = texts.iter().take(road.n_telling).map(|(original, _)| features_of(original));
    let vocabulary = Vocabulary::learn(documents, road.config.min_documents);
    let learnt = texts.iter().flat_map(|(_, copies)| copies.iter().map(|copy| copy.dense.as_slice()));
    let spread = Spread::of(learnt, road.vectors.map_or(0, WordVectors::dimensions));
    let gather = Gather::new(corpus, attributes, &vocabulary, &spread, road.config.vectors.scale);
    let rows = gather.all(units, &texts);
    let corrections = texts.into_iter().map(|(original, _)| original.correction).collect();
    Vectorized { rows, vocabulary, spread, corrections }
}

/// Builds the training rows.
struct Gather<'a> {
    corpus: &'a Corpus,
    attributes: &'a [Attribute],
    vocabulary: &'a Vocabulary,
    spread: &'a Spread,
    scale: f32,
    table: FeatureTable,
    rows: TrainingRows,
}

impl<'a> Gather<'a> {
    fn new(
        corpus: &'a Corpus,
        attributes: &'a [Attribute],
        vocabulary: &'a Vocabulary,
        spread: &'a Spread,
        scale: f32,
    ) -> Self {
        let n_outputs = corpus.labels.len() + attributes.len();
        let rows = TrainingRows {
            store: SparseRows::new(vocabulary.len() + spread.mean.len()),
            targets: vec![Vec::new(); n_outputs],
            weights: Vec::new(),
            offsets: Vec::new(),
            learnt: Vec::new(),
            scored: Vec::new(),
        };
        let table = FeatureTable::new(&vocabulary.features);
        Self { corpus, attributes, vocabulary, spread, scale, table, rows }
    }

    fn all(mut self, units: &[Vec<usize>], texts: &[(TextRow, Vec<TextRow>)]) -> TrainingRows {
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
    fn push(&mut self, index: usize, text: &TextRow, share: f32) -> u32 {
        let message = &self.corpus.messages[index];
        let row = self.rows.store.len() as u32;
        let vector = self.vector(text);
        self.rows.store.push(&vector);
        self.rows.weights.push(message.weight * share);
        self.rows.offsets.resize(text.before.len(), Vec::new());
        for (offsets, before) in self.rows.offsets.iter_mut().zip(&text.before) {
            offsets.push(*before);
        }
        let n_labels = self.corpus.labels.len();
        for label in 0..n_labels {
            self.rows.targets[label].push(Some(message.label_id == label));
        }
        for (position, attribute) in self.attributes.iter().enumerate() {
            self.rows.targets[n_labels + position].push(message.attributes[*attribute as usize]);
        }
        row
    }

    fn vector(&self, text: &TextRow) -> SparseVector {
        let known = |(feature, value): &(Feature, f32)| {
            self.table.column(*feature).map(|column| (column as u32, value * self.vocabulary.idf[column]))
        };
        let first = self.vocabulary.len();
        let standard = |(at, value): (usize, &f32)| {
            let deviations = (value - self.spread.mean[at]) / self.spread.deviation[at];
            ((first + at) as u32, deviations * self.scale)
        };
        let dense = text.dense.iter().enumerate().map(standard);
        let (columns, values) = text.features.iter().filter_map(known).chain(dense).unzip();
        SparseVector { columns, values }
    }
}

/// One thread's way from messages to rows.
struct Vectorize<'a> {
    road: Road<'a>,
    base: Option<Classifier<'a>>,
    prepared: Prepared,
    collected: Collect,
}

impl<'a> Vectorize<'a> {
    fn new(road: Road<'a>) -> Self {
        let base = road.base.map(Pipeline::classifier);
        Self { road, base, prepared: Prepared::default(), collected: Collect::default() }
    }

    /// The row of a message as it was written, which is scored too.
    fn original(&mut self, message: &Message<'_>) -> TextRow {
        let mut row = self.row(message);
        if let Some(correction) = self.road.correction {
            row.correction = vec![0.0; correction.n_outputs()];
            row.features.iter().for_each(|(feature, value)| correction.add(*feature, *value, &mut row.correction));
            correction.finish(&mut row.correction);
        }
        row
    }

    fn row(&mut self, message: &Message<'_>) -> TextRow {
        self.road.vectorizer.prepare(message, &mut self.prepared);
        self.collected.0.clear();
        self.road.vectorizer.each_feature(&self.prepared, &mut self.collected);
        let before = self.base.as_mut().map_or(Vec::new(), |base| base.classify(message).scores);
        TextRow { features: merged(&mut self.collected.0), dense: self.dense(), before, correction: Vec::new() }
    }

    fn dense(&self) -> Vec<f32> {
        let Some(vectors) = self.road.vectors else { return Vec::new() };
        let message = self.prepared.view(self.road.vectorizer.features()).message;
        let mut sums = vec![0.0; vectors.dimensions()];
        for hash in message.hashes {
            if let Some(row) = vectors.row_of(vector_feature_of(*hash)) {
                vectors.add_to(row, message.length_scale(), &mut sums);
            }
        }
        sums
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
