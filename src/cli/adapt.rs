//! `adapt`: re-centres a model on the user's own messages, and says what that changed.

use std::path::Path;

use anyhow::Result;
use franc_parler::adapt::Center;
use franc_parler::model::{DataDigest, Model};
use franc_parler::train::read_digested;

use super::args::{AdaptArgs, Global};
use super::exit::Outcome;
use super::progress::say;
use super::{inputs, output};

pub(crate) fn run(args: &AdaptArgs, global: &Global) -> Result<Outcome> {
    output::refuse_input([args.corpus.as_path()], &args.output)?;
    let pipeline = inputs::named_pipeline(&args.model)?;
    let mut center = Center::new(&pipeline)?;
    let texts = read(&args.corpus, args, &mut center).map_err(|error| error.in_file(&args.corpus))?;
    let model = center.adapt(texts, args.max_shift)?;
    model.save(&args.output, global.force)?;
    report(&center, &model, &args.output, global);
    Ok(Outcome::Done)
}

fn read(path: &Path, args: &AdaptArgs, center: &mut Center<'_>) -> franc_parler::Result<DataDigest> {
    let (input, sha256) = read_digested(path, &args.read.options())?;
    let roles = input.roles()?;
    for item in input.rows() {
        let (_, row) = item?;
        center.add(&roles.message(&row));
    }
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(DataDigest { name, rows: center.n_messages(), sha256 })
}

/// What moved, and how the labels of these very messages come out before and after.
fn report(center: &Center<'_>, model: &Model, output: &Path, global: &Global) {
    let Some(adapted) = model.manifest.adapted.clone() else { return };
    let labels = model.manifest.labels.names();
    let (before, after) = (center.label_counts(&vec![0.0; adapted.shift.len()]), center.label_counts(&adapted.shift));
    let n = center.n_messages().max(1) as f64;
    say(global.quiet, &format!("{}: re-centred on {} messages", output.display(), center.n_messages()));
    for (label, name) in labels.iter().enumerate() {
        let (shift, wanted) = (adapted.shift[label], adapted.wanted[label]);
        let capped = if (shift - wanted).abs() > 1e-6 { format!(" (cut from {wanted:+.3})") } else { String::new() };
        let share = |count: usize| 100.0 * count as f64 / n;
        let (was, now) = (share(before[label]), share(after[label]));
        say(global.quiet, &format!("  {name}: score {shift:+.3}{capped}; {was:.1} % of them before, {now:.1} % now"));
    }
}
