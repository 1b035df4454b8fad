//! `evaluate`: scores a model on labeled messages, through the very pipeline that classifies.

use std::path::PathBuf;

use anyhow::{Result, bail};
use franc_parler::evaluate::{Comparison, EvaluateConfig, Evaluation, Groups, Scored, compare, evaluate};
use franc_parler::pipeline::Pipeline;
use franc_parler::train::{Corpus, CorpusOptions};
use ndarray::Array2;

use super::args::{EvaluateArgs, Global};
use super::exit::Outcome;
use super::progress::say;
use super::{inputs, output};

pub(crate) fn run(args: &EvaluateArgs, global: &Global) -> Result<Outcome> {
    let pipeline = inputs::pipeline(&args.model)?;
    let options = CorpusOptions { read: args.read.options(), labels: Some(pipeline.labels().clone()) };
    let files = inputs::find_files(&args.data)?;
    if let Some(path) = &args.json {
        output::refuse_input(files.iter().map(PathBuf::as_path), path)?;
        output::refuse_existing(path, global.force)?;
    }
    let corpus = Corpus::read(&files, &options)?;
    let config = EvaluateConfig { n_resamples: args.resamples, seed: args.seed, ..EvaluateConfig::default() };
    let predicted = Predicted::of(&pipeline, &corpus);
    let evaluation = predicted.evaluate(&pipeline, &corpus, &config)?;
    let comparison = versus(args, &pipeline, &corpus, &predicted, &config)?;
    show(args, global, &evaluation, comparison.as_ref())?;
    Ok(gate(args, global, &evaluation, comparison.as_ref()))
}

fn show(args: &EvaluateArgs, global: &Global, evaluation: &Evaluation, comparison: Option<&Comparison>) -> Result<()> {
    let json_on_stdout = args.json.as_ref().is_some_and(|path| path.as_os_str() == "-");
    if let Some(path) = &args.json {
        let mut json = serde_json::to_value(evaluation)?;
        if let (Some(object), Some(comparison)) = (json.as_object_mut(), comparison) {
            object.insert("versus".to_owned(), serde_json::to_value(comparison)?);
        }
        output::write_all(path, format!("{json:#}\n").as_bytes(), global.force)?;
    }
    if !json_on_stdout {
        let mut text = evaluation.to_string();
        if let Some(comparison) = comparison {
            text.push_str(&describe(comparison));
        }
        output::write_all("-".as_ref(), text.as_bytes(), false)?;
    }
    Ok(())
}

fn describe(comparison: &Comparison) -> String {
    let Comparison { a, b, difference, share_a_not_worse } = comparison;
    format!(
        "versus the other model: macro-F1 {a:.3} against {b:.3}, difference {difference}; not worse in {:.0} % of resamples\n",
        share_a_not_worse * 100.0
    )
}

fn versus(
    args: &EvaluateArgs,
    pipeline: &Pipeline,
    corpus: &Corpus,
    predicted: &Predicted,
    config: &EvaluateConfig,
) -> Result<Option<Comparison>> {
    let Some(dir) = &args.versus else { return Ok(None) };
    let other = Pipeline::load(dir)?;
    if other.labels() != pipeline.labels() {
        bail!("{}: its labels are not those of the model evaluated", dir.display());
    }
    let theirs = Predicted::of(&other, corpus);
    Ok(Some(compare(pipeline.labels(), &gold(corpus), &predicted.labels, &theirs.labels, config)?))
}

fn gate(args: &EvaluateArgs, global: &Global, evaluation: &Evaluation, comparison: Option<&Comparison>) -> Outcome {
    let mut outcome = Outcome::Done;
    if let Some(least) = args.min_macro_f1.filter(|least| evaluation.macro_f1.value < *least) {
        say(global.quiet, &format!("macro-F1 {:.3} is below {least}", evaluation.macro_f1.value));
        outcome = Outcome::GateNotMet;
    }
    let one_label = evaluation.groups.map_or(1.0, |groups| groups.share_of_one_label());
    if let Some(least) = args.min_same_label.filter(|least| one_label < *least) {
        say(
            global.quiet,
            &format!("{:.2} % of the groups have one label, below {:.2} %", one_label * 100.0, least * 100.0),
        );
        outcome = Outcome::GateNotMet;
    }
    let loss = comparison.map_or(0.0, |comparison| -comparison.difference.value);
    if args.max_loss.is_some_and(|most| loss > most) {
        say(global.quiet, &format!("macro-F1 falls short of the other model's by {loss:.3}"));
        outcome = Outcome::GateNotMet;
    }
    outcome
}

/// What a model says of every message of a corpus.
struct Predicted {
    probabilities: Array2<f32>,
    labels: Vec<usize>,
    abstained: Vec<bool>,
}

impl Predicted {
    fn of(pipeline: &Pipeline, corpus: &Corpus) -> Self {
        let messages = corpus.messages.iter().map(|message| message.message.clone());
        let predictions: Vec<_> = pipeline.classify_all(messages).collect();
        let shape = (predictions.len(), pipeline.labels().len());
        Self {
            probabilities: Array2::from_shape_fn(shape, |(row, label)| predictions[row].probabilities[label]),
            labels: predictions.iter().map(|prediction| prediction.label_id).collect(),
            abstained: predictions.iter().map(|prediction| prediction.abstain).collect(),
        }
    }

    fn evaluate(&self, pipeline: &Pipeline, corpus: &Corpus, config: &EvaluateConfig) -> Result<Evaluation> {
        let scored = Scored {
            gold: &gold(corpus),
            probabilities: self.probabilities.view(),
            predicted: &self.labels,
            abstained: &self.abstained,
        };
        let groups = corpus.messages.iter().map(|message| message.group.as_deref());
        let groups = Groups::of(groups, scored.gold, scored.predicted);
        Ok(Evaluation { groups, ..evaluate(pipeline.labels(), &scored, config)? })
    }
}

fn gold(corpus: &Corpus) -> Vec<usize> {
    corpus.messages.iter().map(|message| message.label_id).collect()
}
