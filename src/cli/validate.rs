//! `validate`: checks labeled messages before anything is learnt from them.

use anyhow::Result;
use franc_parler::train::{Corpus, CorpusOptions, validate};
use franc_parler::types::LabelSet;

use super::args::{Global, ValidateArgs};
use super::exit::Outcome;
use super::progress::say;
use super::{inputs, output};

pub(crate) fn run(args: &ValidateArgs, global: &Global) -> Result<Outcome> {
    let labels = (!args.labels.is_empty()).then(|| LabelSet::from_names(args.labels.iter().cloned()));
    let options = CorpusOptions { read: args.read.options(), labels };
    let corpus = Corpus::read(&inputs::find_files(&args.data)?, &options)?;
    let held_out = args.held_out.as_ref().map(|path| Corpus::read(std::slice::from_ref(path), &options)).transpose()?;
    let validation = validate(&corpus, held_out.as_ref());
    if let Some(path) = &args.json {
        output::write_all(path, format!("{:#}\n", serde_json::to_value(&validation)?).as_bytes(), global.force)?;
    }
    if args.json.as_ref().is_none_or(|path| path.as_os_str() != "-") {
        output::write_all("-".as_ref(), validation.to_string().as_bytes(), false)?;
    }
    if validation.is_sound() {
        return Ok(Outcome::Done);
    }
    say(global.quiet, &format!("faults found: {}; mend them before learning", validation.faults.len()));
    Ok(Outcome::GateNotMet)
}
