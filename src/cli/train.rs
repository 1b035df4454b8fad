//! `train`: learns a model.

use std::path::{Path, PathBuf};

use anyhow::Result;
use franc_parler::error::{Error, ErrorKind};
use franc_parler::model::Refinement;
use franc_parler::train::{Corpus, CorpusOptions, PretrainedVectors, refine, train_on};
use franc_parler::types::LabelSet;

use super::args::{Global, TrainArgs};
use super::exit::Outcome;
use super::progress::say;
use super::{inputs, output, settings, tune};

pub(crate) fn run(args: &TrainArgs, global: &Global) -> Result<Outcome> {
    if args.settings.print_config {
        let config = settings::resolve(&args.settings, args.seed, &LabelSet::codebook())?;
        output::write_all(Path::new("-"), settings::to_toml(&config)?.as_bytes(), false)?;
        return Ok(Outcome::Done);
    }
    let labels = (!args.labels.is_empty()).then(|| LabelSet::from_names(args.labels.iter().cloned()));
    let base = args.base.as_deref().map(inputs::named_pipeline).transpose()?;
    let labels = labels.or_else(|| base.as_ref().map(|base| base.labels().clone()));
    let options = CorpusOptions { read: args.read.options(), labels };
    let files = inputs::find_files(&args.data)?;
    for path in args.json.iter().chain(&args.output) {
        output::refuse_input(files.iter().map(PathBuf::as_path), path)?;
    }
    refuse_outputs(args, global)?;
    let corpus = Corpus::read(&files, &options)?;
    let config = settings::resolve(&args.settings, args.seed, &corpus.labels)?;
    let vectors = args.vectors.as_deref().map(PretrainedVectors::load).transpose()?;
    say(global.quiet, &format!("learning {} labels from {} messages", corpus.labels.len(), corpus.messages.len()));
    let trained = match &base {
        Some(base) => refine(base.model().clone(), &corpus, &config, global.n_threads())?,
        None if args.autotune => tune::run(args, global, &corpus, &config, vectors.as_ref())?,
        None => train_on(&corpus, &config, vectors.as_ref(), global.n_threads())?,
    };
    if let Some(refined) = &trained.model.manifest.refined {
        say(global.quiet, &verdict(refined));
    }
    if let Some(dir) = &args.output {
        trained.model.save(dir, global.force)?;
        say(global.quiet, &format!("{}: model {} written", dir.display(), saved_id(dir)?));
    }
    say(global.quiet, &format!("out of fold, on the messages learnt from:\n{}", trained.report));
    if let Some(path) = &args.json {
        output::write_all(path, serde_json::to_string_pretty(&trained.report)?.as_bytes(), global.force)?;
    }
    Ok(Outcome::Done)
}

fn verdict(refined: &Refinement) -> String {
    let base = &refined.base;
    match refined.c {
        Some(0.0) => format!("your messages move the shares of the labels of model {base}, not its weights"),
        Some(c) => format!("your messages correct model {base} (C {c})"),
        None => format!("your messages give no reason to depart from model {base}: it is kept as it is"),
    }
}

/// Says now what would be said after the learning.
fn refuse_outputs(args: &TrainArgs, global: &Global) -> Result<()> {
    if let Some(path) = &args.json {
        output::refuse_existing(path, global.force)?;
    }
    match args.output.as_ref().filter(|dir| dir.exists() && !global.force) {
        Some(dir) => Err(Error::new(ErrorKind::OutputExists).in_file(dir).into()),
        None => Ok(()),
    }
}

/// The id of the model as it lies on disk: read back, so that what was written is known to load.
fn saved_id(dir: &Path) -> Result<String> {
    Ok(franc_parler::model::Model::load(dir)?.id().to_owned())
}
