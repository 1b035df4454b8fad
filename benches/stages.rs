//! How fast each stage is, over the messages of `data/corpus`: `cargo bench --bench stages`.
//!
//! Every bench counts what it made, and stops if that is nothing or not what it was before: so the work is real, and the same.

use std::cell::Cell;
use std::fmt;
use std::io::Cursor;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use divan::counter::{BytesCount, ItemsCount};
use divan::{Bencher, black_box};
use franc_parler::config::{PipelineConfig, TrainConfig};
use franc_parler::features::Sink;
use franc_parler::model::{Model, ModelFiles};
use franc_parler::normalize::{Normalizer, NormalizerConfig};
use franc_parler::pipeline::Pipeline;
use franc_parler::read::{Input, ReadOptions};
use franc_parler::tokenize::FrenchTokenizer;
use franc_parler::train::{Corpus, CorpusOptions, train};
use franc_parler::types::{Feature, Message, Normalized, Prediction, Row};
use franc_parler::vectorize::{Prepared, Vectorizer};
use franc_parler::write::RowWriter;

fn main() {
    divan::main();
}

/// Files of the corpus; the model of the benches is learnt from the second.
const FILES: [&str; 4] = ["adversarial.csv", "natural_a.csv", "natural_b.csv", "natural_c.csv"];

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/corpus").join(name)
}

static BYTES: LazyLock<Vec<Vec<u8>>> =
    LazyLock::new(|| FILES.map(|name| std::fs::read(path(name)).expect("a file of the corpus")).to_vec());

static MESSAGES: LazyLock<Vec<Message<'static>>> = LazyLock::new(|| {
    let corpus = Corpus::read(&FILES.map(path), &CorpusOptions::default()).expect("the corpus is sound");
    corpus.messages.into_iter().map(|message| message.message).collect()
});

static MODEL: LazyLock<ModelFiles> = LazyLock::new(|| {
    let corpus = Corpus::read(&[path(FILES[1])], &CorpusOptions::default()).expect("the corpus is sound");
    let mut config = TrainConfig { folds: 2, ..TrainConfig::default() };
    config.augment.copies = 0;
    train(&corpus, &config).expect("a model").model.to_files().expect("its files")
});

static PIPELINE: LazyLock<Pipeline> = LazyLock::new(|| Pipeline::new(load()).expect("a sound model"));

fn load() -> Model {
    Model::from_bytes(&MODEL.manifest, &MODEL.tokenizer, &MODEL.weights).expect("a sound model")
}

/// Runs `work`, whose checksum must be the same every time and never 0.
fn steady(bencher: Bencher<'_, '_>, mut work: impl FnMut() -> u64) {
    let before = Cell::new(work());
    assert_ne!(before.get(), 0, "nothing was done");
    bencher.bench_local(|| {
        let now = work();
        assert_eq!(before.replace(now), now, "another result than before");
        now
    });
}

fn text_bytes() -> BytesCount {
    BytesCount::new(MESSAGES.iter().map(|message| message.text.len()).sum::<usize>())
}

fn items() -> ItemsCount {
    ItemsCount::new(MESSAGES.len())
}

fn checksum(parts: impl IntoIterator<Item = u64>) -> u64 {
    parts.into_iter().fold(0, |sum: u64, part| sum.rotate_left(5).wrapping_add(part))
}

#[divan::bench]
fn read(bencher: Bencher<'_, '_>) {
    let n_bytes: usize = BYTES.iter().map(Vec::len).sum();
    steady(bencher.counter(BytesCount::new(n_bytes)).counter(items()), || {
        checksum(BYTES.iter().map(|file| rows(file)))
    });
}

fn rows(file: &[u8]) -> u64 {
    let reader = Box::new(Cursor::new(file.to_vec()));
    let mut input = Input::from_reader("corpus.csv", reader, &ReadOptions::default()).expect("a sound file");
    let parser = input.parser();
    let mut n_bytes = 0;
    while let Some(chunk) = input.next_chunk().expect("a sound file") {
        parser.rows(&chunk, &mut |_, row| n_bytes += row.cells.as_slice().len() as u64);
    }
    n_bytes
}

#[divan::bench]
fn normalize(bencher: Bencher<'_, '_>) {
    let normalizer = Normalizer::new(&NormalizerConfig::default()).expect("sound settings");
    let mut out = Normalized::default();
    steady(bencher.counter(text_bytes()).counter(items()), || {
        checksum(MESSAGES.iter().map(|message| {
            normalizer.normalize_into(&message.text, &mut out);
            black_box(&out).text.len() as u64
        }))
    });
}

#[divan::bench]
fn tokenize(bencher: Bencher<'_, '_>) {
    let normalizer = Normalizer::new(&NormalizerConfig::default()).expect("sound settings");
    let texts: Vec<String> = MESSAGES.iter().map(|message| normalizer.normalize(&message.text).text).collect();
    let n_bytes: usize = texts.iter().map(String::len).sum();
    let mut tokens = Vec::new();
    steady(bencher.counter(BytesCount::new(n_bytes)).counter(items()), || {
        checksum(texts.iter().map(|text| {
            FrenchTokenizer.tokenize_into(text, &mut tokens);
            black_box(&tokens).len() as u64
        }))
    });
}

/// Counts features and adds up their hashes.
#[derive(Default)]
struct Count {
    sum: u64,
}

impl Sink for Count {
    fn add(&mut self, feature: Feature, value: f32, _: fmt::Arguments<'_>) {
        self.sum = self.sum.wrapping_add(u64::from(feature)).wrapping_add(u64::from(value.to_bits()));
    }
}

/// Of prepared messages: normalizing and tokenizing are not in it.
#[divan::bench]
fn features(bencher: Bencher<'_, '_>) {
    let model = load();
    let config: &PipelineConfig = model.pipeline_config();
    let vectorizer = Vectorizer::new(config, Some(model.subwords.clone())).expect("sound settings");
    let prepared: Vec<Prepared> = MESSAGES
        .iter()
        .map(|message| {
            let mut prepared = Prepared::default();
            vectorizer.prepare(message, &mut prepared);
            prepared
        })
        .collect();
    steady(bencher.counter(text_bytes()).counter(items()), || {
        let mut count = Count::default();
        for message in &prepared {
            vectorizer.each_feature(message, &mut count);
        }
        count.sum
    });
}

/// The whole way of a message, on one thread with its buffers and cache warm.
#[divan::bench]
fn classify(bencher: Bencher<'_, '_>) {
    let mut classifier = PIPELINE.classifier();
    steady(bencher.counter(text_bytes()).counter(items()), || {
        checksum(MESSAGES.iter().map(|message| of_prediction(&classifier.classify(message))))
    });
}

fn of_prediction(prediction: &Prediction) -> u64 {
    checksum(prediction.probabilities.iter().map(|share| u64::from(share.to_bits())))
}

#[divan::bench]
fn write(bencher: Bencher<'_, '_>) {
    let row = |message: &Message<'_>| Row { cells: vec!["1", &message.text].into(), error: String::new() };
    let rows: Vec<(Row, Prediction)> =
        MESSAGES.iter().map(|message| (row(message), PIPELINE.classify(message))).collect();
    steady(bencher.counter(text_bytes()).counter(items()), || {
        let mut written = RowWriter::default();
        for (row, prediction) in &rows {
            written.push(row, PIPELINE.labels(), prediction).expect("CSV holds any cell");
        }
        let bytes = written.take();
        checksum(bytes.chunks(64).map(|part| part.iter().map(|byte| u64::from(*byte)).sum()))
    });
}

/// A model from the bytes of its files.
#[divan::bench]
fn load_model(bencher: Bencher<'_, '_>) {
    let n_bytes = MODEL.manifest.len() + MODEL.tokenizer.len() + MODEL.weights.len();
    steady(bencher.counter(BytesCount::new(n_bytes)), || {
        let model = black_box(load());
        (model.linear.features().len() + model.subwords.len()) as u64
    });
}
