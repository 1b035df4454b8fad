//! `inspect`: what would be read.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use franc_parler::read::Input;

use super::args::InspectArgs;
use super::exit::Outcome;
use super::{inputs, output};

pub(crate) fn run(args: &InspectArgs) -> Result<Outcome> {
    let options = args.read.options();
    for found in inputs::find(std::slice::from_ref(&args.input))? {
        let input = found.open(&options)?;
        output::write_all(Path::new("-"), describe(&input, args.rows)?.as_bytes(), false)?;
    }
    Ok(Outcome::Done)
}

fn describe(input: &Input, n_rows: usize) -> Result<String> {
    let facts = &input.facts;
    let roles = input.roles()?;
    let mut text = String::new();
    writeln!(text, "{}", input.name.display())?;
    writeln!(text, "  format     {}", facts.format.as_str())?;
    writeln!(
        text,
        "  encoding   {}{}",
        facts.encoding.name(),
        if facts.had_bom { ", with byte-order mark" } else { "" }
    )?;
    if let Some(compression) = facts.compression {
        writeln!(text, "  compressed {}", compression.as_str())?;
    }
    if let Some(delimiter) = facts.delimiter {
        writeln!(text, "  delimiter  {:?}", char::from(delimiter))?;
    }
    writeln!(text, "  columns    {}", input.columns.join(", "))?;
    writeln!(text, "  roles      {}", roles.describe())?;
    for note in &facts.notes {
        writeln!(text, "  note       {note}")?;
    }
    for row in input.head().iter().take(n_rows) {
        let message = roles.message(row);
        let parent = message.parent().map(|parent| format!("   (answers: {})", shortened(parent))).unwrap_or_default();
        writeln!(text, "  · {}{parent}", shortened(&message.text))?;
        if !row.error.is_empty() {
            writeln!(text, "    error: {}", row.error)?;
        }
    }
    Ok(text)
}

/// The beginning of a text, on one line.
fn shortened(text: &str) -> String {
    const SHOWN: usize = 100;
    let line: String =
        text.chars().take(SHOWN).map(|character| if character.is_control() { ' ' } else { character }).collect();
    if text.chars().nth(SHOWN).is_some() { format!("{line}…") } else { line }
}
