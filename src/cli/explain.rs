//! `explain`: the words and cues that carried a label.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use franc_parler::pipeline::{Contribution, Explanation, Pipeline};
use franc_parler::read::Role;
use franc_parler::types::Message;

use super::args::{ExplainArgs, Global};
use super::exit::Outcome;
use super::inputs;
use super::output::Output;

pub(crate) fn run(args: &ExplainArgs, global: &Global) -> Result<Outcome> {
    let pipeline = inputs::pipeline(&args.model)?;
    let mut output = Output::create(Path::new("-"), global.force)?;
    if let Some(text) = &args.text {
        let mut message = Message::new(text.as_str());
        message.parent = args.parent.as_deref().map(Into::into);
        output.put(render("text", &message, &pipeline, args)?.as_bytes())?;
        output.finish()?;
        return Ok(Outcome::Done);
    }
    let mut outcome = Outcome::Done;
    for found in inputs::find(&args.inputs)? {
        let input = found.open(&args.read.options())?;
        let roles = input.roles()?;
        for item in input.rows() {
            let (line, row) = item?;
            let id = roles.cell(&row, Role::Id).map_or_else(|| line.to_string(), str::to_owned);
            output.put(render(&id, &roles.message(&row), &pipeline, args)?.as_bytes())?;
            if !row.error.is_empty() {
                outcome = Outcome::SomeRowsFailed;
            }
        }
    }
    output.finish()?;
    Ok(outcome)
}

fn render(id: &str, message: &Message<'_>, pipeline: &Pipeline, args: &ExplainArgs) -> Result<String> {
    let explanation = pipeline.explain(message);
    if args.json {
        as_json(id, &explanation, pipeline, args.top)
    } else {
        Ok(as_text(id, message, &explanation, pipeline, args.top))
    }
}

/// Features and what they add to the label.
type Side<'a> = Vec<(&'a Contribution, f32)>;

/// The features that speak most for the label, and those that speak most against it.
fn sides(explanation: &Explanation, n_labels: usize, top: usize) -> (Side<'_>, Side<'_>) {
    let label_id = explanation.prediction.label_id;
    let weighed = || explanation.contributions.iter().map(|part| (part, part.toward(label_id, n_labels)));
    let pro = weighed().filter(|(_, added)| *added > 0.0).take(top).collect();
    let contra = weighed().rev().filter(|(_, added)| *added < 0.0).take(top).collect();
    (pro, contra)
}

fn as_text(id: &str, message: &Message<'_>, explanation: &Explanation, pipeline: &Pipeline, top: usize) -> String {
    let labels = pipeline.labels().names();
    let prediction = &explanation.prediction;
    let mut text = format!("{id}: {} {:.2}", labels[prediction.label_id], prediction.probability());
    for (name, probability) in
        labels.iter().zip(&prediction.probabilities).filter(|(name, _)| **name != labels[prediction.label_id])
    {
        // Writing to a string cannot fail.
        let _ = write!(text, " · {name} {probability:.2}");
    }
    for (attribute, probability) in pipeline.attributes().iter().zip(&prediction.attributes) {
        let _ = write!(text, " · {} {probability:.2}", attribute.name());
    }
    if prediction.abstain {
        text.push_str(" · abstains");
    }
    let shown: String = message.text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(160).collect();
    let _ = writeln!(text, "\n  {shown}");
    let (pro, contra) = sides(explanation, labels.len(), top);
    for (sign, parts) in [("for", pro), ("against", contra)] {
        let named: Vec<String> = parts.iter().map(|(part, added)| format!("{} {added:+.2}", part.name)).collect();
        let _ =
            writeln!(text, "  {sign:<8} {}", if named.is_empty() { "(nothing)".to_owned() } else { named.join(" · ") });
    }
    text
}

fn as_json(id: &str, explanation: &Explanation, pipeline: &Pipeline, top: usize) -> Result<String> {
    let labels = pipeline.labels().names();
    let prediction = &explanation.prediction;
    let (pro, contra) = sides(explanation, labels.len(), top);
    let parts = |side: Side<'_>| {
        side.into_iter()
            .map(|(part, added)| serde_json::json!({"feature": part.name, "added": added}))
            .collect::<Vec<_>>()
    };
    let probabilities: serde_json::Map<_, _> = labels
        .iter()
        .zip(&prediction.probabilities)
        .map(|(name, probability)| (name.clone(), (*probability).into()))
        .collect();
    let attributes: serde_json::Map<_, _> = pipeline
        .attributes()
        .iter()
        .zip(&prediction.attributes)
        .map(|(attribute, probability)| (attribute.name().to_owned(), (*probability).into()))
        .collect();
    let object = serde_json::json!({
        "id": id, "label": labels[prediction.label_id], "probabilities": probabilities, "attributes": attributes,
        "abstain": prediction.abstain, "for": parts(pro), "against": parts(contra),
    });
    Ok(format!("{}\n", serde_json::to_string(&object)?))
}
