//! `train`: learns a model.

use std::path::{Path, PathBuf};

use anyhow::Result;
use franc_parler::correction::Correction;
use franc_parler::error::{Error, ErrorKind};
use franc_parler::model::Refinement;
use franc_parler::train::{Corpus, CorpusOptions, Given, PretrainedVectors, RefineOptions, Trained, refine, train_on};
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
    for path in args.json.iter().chain(&args.output).chain(&args.save_correction) {
        output::refuse_input(files.iter().map(PathBuf::as_path), path)?;
    }
    refuse_outputs(args, global)?;
    let corpus = Corpus::read(&files, &options)?;
    let config = settings::resolve(&args.settings, args.seed, &corpus.labels)?;
    let vectors = args.vectors.as_deref().map(PretrainedVectors::load).transpose()?;
    let correction = args.correction.as_deref().map(Correction::load).transpose()?;
    let given = Given { vectors: vectors.as_ref(), correction: correction.as_ref() };
    say(global.quiet, &format!("learning {} labels from {} messages", corpus.labels.len(), corpus.messages.len()));
    let trained = match &base {
        Some(base) => {
            let replayed = inputs::find_files_of_some(&args.replay)?;
            let replay = replayed.map(|files| Corpus::read(&files, &options)).transpose()?;
            let options = RefineOptions { replay: replay.as_ref(), discreet: args.save_correction.is_some() };
            refine(base.model().clone(), &corpus, options, &config, global.n_threads())?
        }
        None if args.autotune => tune::run(args, global, &corpus, &config, given)?,
        None => train_on(&corpus, &config, given, global.n_threads())?,
    };
    if let Some(refined) = &trained.model.manifest.refined {
        say(global.quiet, &verdict(refined));
    }
    if let Some(dir) = &args.output {
        trained.model.save(dir, global.force)?;
        say(global.quiet, &format!("{}: model {} written", dir.display(), saved_id(dir)?));
    }
    save_correction(args, global, &trained)?;
    say(global.quiet, &format!("out of fold, on the messages learnt from:\n{}", trained.report));
    if let Some(path) = &args.json {
        output::write_all(path, serde_json::to_string_pretty(&trained.report)?.as_bytes(), global.force)?;
    }
    Ok(Outcome::Done)
}

/// What refining has added to its base, where it is asked for and there is any.
fn save_correction(args: &TrainArgs, global: &Global, trained: &Trained) -> Result<()> {
    let (Some(path), Some(correction)) = (&args.save_correction, &trained.correction) else { return Ok(()) };
    output::write_all(path, &correction.to_bytes()?, global.force)?;
    say(
        global.quiet,
        &format!("{}: correction of {} features written", path.display(), correction.linear.features().len()),
    );
    Ok(())
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
    for path in args.json.iter().chain(&args.save_correction) {
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
