//! `pretrain`: learns vectors of words from texts without labels.

use std::path::Path;

use anyhow::Result;
use franc_parler::error::Error;
use franc_parler::model::DataDigest;
use franc_parler::normalize::NormalizerConfig;
use franc_parler::pretrain::{PretrainConfig, Sentences, pretrain};
use franc_parler::train::read_digested;

use super::args::{Global, PretrainArgs};
use super::exit::Outcome;
use super::progress::say;
use super::{inputs, output};

pub(crate) fn run(args: &PretrainArgs, global: &Global) -> Result<Outcome> {
    let files = inputs::find_files(&args.corpus)?;
    output::refuse_input(files.iter().map(std::path::PathBuf::as_path), &args.output)?;
    output::refuse_existing(&args.output, global.force)?;
    let config = config(args);
    let mut sentences = Sentences::new(&NormalizerConfig::default())?;
    let mut texts = Vec::new();
    for path in &files {
        texts.push(read(path, args, &mut sentences).map_err(|error| error.in_file(path))?);
    }
    let (n_texts, n_tokens) = (sentences.len(), sentences.n_tokens());
    say(global.quiet, &format!("learning from {n_texts} texts, {n_tokens} tokens"));
    let table = pretrain(sentences, texts, &config, global.n_threads())?;
    output::write_all(&args.output, &table.to_bytes()?, global.force)?;
    let (n_words, dimensions) = (table.words().len(), table.dimensions());
    say(global.quiet, &format!("{}: {n_words} words, {dimensions} numbers each", args.output.display()));
    Ok(Outcome::Done)
}

/// Adds the texts of a file; returns what the table will say of it.
fn read(path: &Path, args: &PretrainArgs, sentences: &mut Sentences) -> Result<DataDigest, Error> {
    let before = sentences.len();
    let (input, sha256) = read_digested(path, &args.read.options())?;
    let roles = input.roles()?;
    for item in input.rows() {
        let (_, row) = item?;
        sentences.add(&roles.message(&row).text);
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(DataDigest { name, rows: sentences.len() - before, sha256 })
}

fn config(args: &PretrainArgs) -> PretrainConfig {
    let default = PretrainConfig::default();
    PretrainConfig {
        method: args.method.map_or(default.method, super::args::Method::method),
        dimensions: args.dimensions.unwrap_or(default.dimensions),
        window: args.window.unwrap_or(default.window),
        min_count: args.min_count.unwrap_or(default.min_count),
        epochs: args.epochs.unwrap_or(default.epochs),
        seed: args.seed.unwrap_or(default.seed),
        ..default
    }
}
