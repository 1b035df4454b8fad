//! What `classify` writes: which columns, in which format.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Args, ValueEnum};
use franc_parler::error::{Error, ErrorKind};
use franc_parler::pipeline::Pipeline;
use franc_parler::read::{Input, Role, Roles};
use franc_parler::write::{Columns, Dialect, Header, Plan, Style};

use super::encoder::Encoding;
use super::{output, workbook};

/// What a user may say about the output.
#[derive(Debug, Args)]
#[command(next_help_heading = "Writing")]
pub(crate) struct WriteArgs {
    /// Only these columns of the input, between commas, in this order; ours follow
    #[arg(long, value_name = "COLS")]
    select: Option<String>,
    /// Only the id, the label and the probabilities: what may be shared
    #[arg(long, conflicts_with = "select")]
    ids_only: bool,
    /// Put this before the name of each of our columns
    #[arg(long, value_name = "PREFIX")]
    prefix: Option<String>,
    /// Format of the output [default: by its ending, else csv]
    #[arg(long, value_enum, value_name = "FORMAT")]
    output_format: Option<OutputFormat>,
    /// CSV for a French Excel: semicolons, byte-order mark, CRLF, our numbers with a decimal comma; the input's cells stay what they are
    #[arg(long)]
    excel_fr: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum OutputFormat {
    /// Commas
    Csv,
    /// Tabs
    Tsv,
    /// One JSON object a line
    Jsonl,
    /// A workbook: texts stay texts, whatever they look like
    Xlsx,
}

/// What an output is made of.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// How records are written.
    pub(crate) style: Style,
    /// What becomes of their bytes.
    pub(crate) encoding: Encoding,
}

/// Endings of names that say a format.
const ENDINGS: &[(&str, OutputFormat)] = &[
    ("csv", OutputFormat::Csv),
    ("tsv", OutputFormat::Tsv),
    ("tab", OutputFormat::Tsv),
    ("jsonl", OutputFormat::Jsonl),
    ("ndjson", OutputFormat::Jsonl),
    ("xlsx", OutputFormat::Xlsx),
];

/// Endings that promise what we do not write, and what to write instead.
const REFUSED: &[(&str, &str)] =
    &[("json", ".jsonl"), ("xls", ".xlsx"), ("ods", ".xlsx"), ("parquet", ".csv or .jsonl")];

impl WriteArgs {
    /// Style and encoding, from flags and the output's name.
    pub(crate) fn target(&self, output: &Path) -> Result<Target> {
        let (name, compression) = without_compression(output);
        let format = match self.output_format {
            Some(format) => format,
            None => by_ending(&name)?.unwrap_or(OutputFormat::Csv),
        };
        if self.excel_fr && format != OutputFormat::Csv {
            return Err(invalid("--excel-fr is for CSV: leave it out, or end the output's name in .csv").into());
        }
        if format == OutputFormat::Xlsx {
            check_workbook(output, compression)?;
            return Ok(Target {
                style: Style::Plain { longest: workbook::LONGEST_CELL },
                encoding: Encoding::Workbook,
            });
        }
        Ok(Target { style: self.text_style(format), encoding: compression })
    }

    fn text_style(&self, format: OutputFormat) -> Style {
        match format {
            OutputFormat::Tsv => Style::Delimited(Dialect::TSV),
            OutputFormat::Jsonl => Style::Jsonl,
            _ if self.excel_fr => Style::Delimited(Dialect::EXCEL_FR),
            _ => Style::Delimited(Dialect::CSV),
        }
    }

    /// The columns for inputs like this one, and what is to be said about their names.
    pub(crate) fn plan(
        &self,
        style: Style,
        input: &Input,
        roles: &Roles,
        pipeline: &Pipeline,
    ) -> Result<(Plan, Vec<String>)> {
        let asked =
            Columns { kept: self.kept(input, roles)?, without_marks: self.ids_only, prefix: self.prefix.clone() };
        let mut header = Header::new(&input.columns, pipeline.labels(), pipeline.attributes(), &asked)?;
        let ours = header.renamed.iter();
        let ours = ours.map(|(name, given)| format!("the input has a column {name:?}: ours is {given:?}"));
        let mut notes: Vec<String> = ours.collect();
        if style == Style::Jsonl {
            let several = header.tell_apart().into_iter();
            notes.extend(
                several.map(|(name, given)| format!("several columns are called {name:?}: a later one is {given:?}")),
            );
        }
        Ok((Plan { header, style }, notes))
    }

    /// Positions of the columns to keep; `None` for all.
    fn kept(&self, input: &Input, roles: &Roles) -> Result<Option<Vec<usize>>> {
        if self.ids_only {
            let missing =
                || Error::from(ErrorKind::MissingColumn { role: Role::Id.name(), columns: input.columns.clone() });
            let id = roles.column(Role::Id).ok_or_else(|| missing().in_file(&input.name))?;
            return Ok(Some(vec![id]));
        }
        let Some(select) = &self.select else { return Ok(None) };
        let names = names(select)?;
        Ok(Some(Columns::positions(&names, &input.columns).map_err(|error| error.in_file(&input.name))?))
    }
}

/// The names in a list between commas; one that holds a comma stands in quotes, as in CSV.
fn names(list: &str) -> Result<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(list.as_bytes());
    let names = reader.records().next().and_then(Result::ok);
    let names = names.ok_or_else(|| invalid("--select names no column"))?;
    Ok(names.iter().map(str::to_owned).collect())
}

fn invalid(why: &str) -> Error {
    ErrorKind::InvalidConfig(why.to_owned()).into()
}

/// Refuses what is no place for a workbook: its end is written before its beginning.
fn check_workbook(output: &Path, compression: Encoding) -> Result<()> {
    if output.as_os_str() == "-" || output::is_device(output) {
        return Err(invalid("a workbook needs a file: name one with -o, such as -o labeled.xlsx").into());
    }
    if compression != Encoding::Plain {
        return Err(invalid("a workbook is compressed already: end its name in .xlsx").in_file(output).into());
    }
    Ok(())
}

/// The name without the ending of a compression, and the compression.
fn without_compression(output: &Path) -> (PathBuf, Encoding) {
    let encoding = match ending(output).as_str() {
        "gz" => Encoding::Gz,
        "zst" => Encoding::Zst,
        _ => return (output.to_path_buf(), Encoding::Plain),
    };
    (output.with_extension(""), encoding)
}

/// The last ending of a name, in lower case.
fn ending(name: &Path) -> String {
    name.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase()).unwrap_or_default()
}

/// The format that a name's ending says, if any.
fn by_ending(output: &Path) -> Result<Option<OutputFormat>> {
    let ending = ending(output);
    if let Some((_, instead)) = REFUSED.iter().find(|(refused, _)| *refused == ending) {
        let why = format!("no .{ending} is written here: write {instead}, or say --output-format");
        return Err(invalid(&why).in_file(output).into());
    }
    Ok(ENDINGS.iter().find(|(known, _)| *known == ending).map(|(_, format)| *format))
}
