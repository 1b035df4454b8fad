//! `model info` and `model verify`.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Result;
use franc_parler::model::Model;

use super::args::{ModelAction, ModelArgs};
use super::exit::Outcome;
use super::output;

pub(crate) fn run(args: &ModelArgs) -> Result<Outcome> {
    let text = match &args.action {
        ModelAction::Info { dir, json: true } => serde_json::to_string_pretty(&load(dir.as_ref())?.manifest)? + "\n",
        ModelAction::Info { dir, json: false } => describe(&load(dir.as_ref())?)?,
        ModelAction::Verify { dir } => format!("model {} is whole\n", load(dir.as_ref())?.id()),
    };
    output::write_all(Path::new("-"), text.as_bytes(), false)?;
    Ok(Outcome::Done)
}

fn load(dir: Option<&PathBuf>) -> Result<Model> {
    Ok(match dir {
        Some(dir) => Model::load(dir)?,
        None => Model::embedded()?,
    })
}

fn describe(model: &Model) -> Result<String> {
    let manifest = &model.manifest;
    let mut text = String::new();
    let attributes: Vec<&str> = manifest.attributes.iter().map(|attribute| attribute.name()).collect();
    let figures = &manifest.out_of_fold;
    writeln!(text, "model        {} (format {}, {})", model.id(), manifest.format_version, manifest.written_by)?;
    writeln!(text, "labels       {}", manifest.labels.names().join(", "))?;
    writeln!(text, "attributes   {}", if attributes.is_empty() { "none".to_owned() } else { attributes.join(", ") })?;
    writeln!(
        text,
        "features     {} with a weight, {} subword pieces",
        model.linear.features().len(),
        model.subwords.len()
    )?;
    for file in &manifest.files {
        writeln!(text, "file         {} {} bytes, sha256 {}", file.name, file.bytes, &file.sha256[..12])?;
    }
    for data in &manifest.data {
        writeln!(text, "learnt from  {} {} rows, sha256 {}", data.name, data.rows, &data.sha256[..12])?;
    }
    writeln!(
        text,
        "out of fold  {} messages: accuracy {:.3}, macro-F1 {:.3}, log-loss {:.3}, ECE {:.3}",
        figures.n_messages, figures.accuracy, figures.macro_f1, figures.log_loss, figures.ece
    )?;
    Ok(text)
}
