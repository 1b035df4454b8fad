//! `train`: learns a model.

use std::path::{Path, PathBuf};

use anyhow::Result;
use franc_parler::error::{Error, ErrorKind};
use franc_parler::train::{Corpus, CorpusOptions, train_on};
use franc_parler::types::LabelSet;

use super::args::{Global, TrainArgs};
use super::exit::Outcome;
use super::progress::say;
use super::{inputs, output, settings};

pub(crate) fn run(args: &TrainArgs, global: &Global) -> Result<Outcome> {
    if args.settings.print_config {
        let config = settings::resolve(&args.settings, args.seed, &LabelSet::codebook())?;
        output::write_all(Path::new("-"), settings::to_toml(&config)?.as_bytes(), false)?;
        return Ok(Outcome::Done);
    }
    let labels = (!args.labels.is_empty()).then(|| LabelSet::from_names(args.labels.iter().cloned()));
    let options = CorpusOptions { read: args.read.options(), labels };
    let files = inputs::find_files(&args.data)?;
    for path in args.json.iter().chain(&args.output) {
        output::refuse_input(files.iter().map(PathBuf::as_path), path)?;
    }
    refuse_outputs(args, global)?;
    let corpus = Corpus::read(&files, &options)?;
    let config = settings::resolve(&args.settings, args.seed, &corpus.labels)?;
    say(global.quiet, &format!("learning {} labels from {} messages", corpus.labels.len(), corpus.messages.len()));
    let trained = train_on(&corpus, &config, global.n_threads())?;
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
