//! Flags, as people type them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use franc_parler::read::{FormatName, ReadOptions, Role, RoleOverrides};

pub(crate) use super::privacy_args::{PseudonymizeArgs, PurgeArgs};

#[derive(Debug, Parser)]
#[command(name = "franc-parler", version, about = "Classifies French messages: outreach, opportunistic targeting or genuine dialogue",
    after_help = EXAMPLES, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXAMPLES: &str = "\
Examples:
  franc-parler classify data/examples/messages.csv -o labeled.csv
  franc-parler explain --text 'Quelle plume ! Relayez notre pétition ?'
  franc-parler train data/corpus -o my-model && franc-parler evaluate data/test --model my-model

Exit codes:
  0 done   1 done, but some rows failed: their `error` cell says why   2 usage, or a column not found
  3 input unreadable or output unwritable   4 model missing, damaged or too new
  5 a quality gate not met   130 interrupted";

/// Flags that mean the same everywhere.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Number of threads [default: all cores]; never changes a result
    #[arg(long, global = true, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    pub(crate) threads: Option<u16>,
    /// Overwrite outputs that exist
    #[arg(long, global = true)]
    pub(crate) force: bool,
    /// Say nothing on stderr but errors
    #[arg(long, short, global = true)]
    pub(crate) quiet: bool,
}

impl Global {
    /// The number of threads to use.
    pub(crate) fn n_threads(&self) -> usize {
        let cores = || std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        self.threads.map_or_else(cores, usize::from)
    }
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Label messages: the input's rows with labels and probabilities, as CSV
    Classify(ClassifyArgs),
    /// Check labeled messages before learning from them
    Validate(ValidateArgs),
    /// Learn a model from labeled messages
    Train(TrainArgs),
    /// Learn vectors of words from texts without labels, for train --vectors
    Pretrain(PretrainArgs),
    /// Re-centre a model on your own messages, without labels
    Adapt(AdaptArgs),
    /// Score a model on labeled messages
    Evaluate(EvaluateArgs),
    /// Show which words and cues carried each label
    Explain(ExplainArgs),
    /// Show what would be read of an input, and classify nothing
    Inspect(InspectArgs),
    /// Describe a model, or verify that it is whole
    Model(ModelArgs),
    /// Find near-duplicates: the input's rows with the group of each, as CSV
    Duplicates(DuplicatesArgs),
    /// Replace accounts, addresses and numbers by pseudonyms that a key keeps stable
    Pseudonymize(PseudonymizeArgs),
    /// Remove the rows of deleted messages from tables and JSON lines
    Purge(PurgeArgs),
    /// Print a shell's completion script
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub(crate) struct ClassifyArgs {
    /// Files, directories, or - for stdin [default: -]
    pub(crate) inputs: Vec<PathBuf>,
    /// Output file; - is stdout. A directory (or a name that ends in /) gets one output per input and a manifest; run again, what is
    /// done is passed by
    #[arg(long, short, default_value = "-")]
    pub(crate) output: PathBuf,
    /// With a directory as output: this part of the inputs only, for job arrays: 2/8
    #[arg(long, value_name = "I/N")]
    pub(crate) shard: Option<Shard>,
    #[command(flatten)]
    pub(crate) model: ModelArg,
    /// Join each reply to the message it answers, by id: `self` looks it up in the inputs, which are read twice more
    #[arg(long, value_enum, value_name = "WHERE")]
    pub(crate) context: Option<Context>,
    /// Look up the messages that replies answer in these files, by id
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub(crate) parents: Vec<PathBuf>,
    /// Print a summary as JSON on stderr
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    #[command(flatten)]
    pub(crate) write: super::written::WriteArgs,
}

/// A part of the inputs, for job arrays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Shard {
    /// From 1.
    pub(crate) index: usize,
    pub(crate) count: usize,
}

impl Shard {
    /// Whether the input at a position is of this part.
    pub(crate) fn has(self, position: usize) -> bool {
        position % self.count == self.index - 1
    }
}

impl std::str::FromStr for Shard {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('/').and_then(|(index, count)| Some((index.parse().ok()?, count.parse().ok()?)));
        match parsed {
            Some((index, count)) if 1 <= index && index <= count => Ok(Self { index, count }),
            _ => Err("expected I/N with I from 1 to N, as 2/8".to_owned()),
        }
    }
}

/// Where the messages that replies answer are looked up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Context {
    /// The inputs themselves
    #[value(name = "self")]
    Inputs,
}

#[derive(Debug, Args)]
pub(crate) struct ValidateArgs {
    /// Labeled files
    #[arg(required = true)]
    pub(crate) data: Vec<PathBuf>,
    /// Messages kept for testing: none of them may be in the data
    #[arg(long, value_name = "FILE")]
    pub(crate) held_out: Option<PathBuf>,
    /// The labels, between commas [default: those found]
    #[arg(long, value_delimiter = ',')]
    pub(crate) labels: Vec<String>,
    /// Write the findings as JSON to this file; - is stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct TrainArgs {
    /// Labeled files: columns text and label, optionally parent, lever, gain, exchange, group, weight
    #[arg(required_unless_present = "print_config")]
    pub(crate) data: Vec<PathBuf>,
    /// Directory of the new model
    #[arg(long, short, value_name = "MODEL_DIR", required_unless_present = "print_config")]
    pub(crate) output: Option<PathBuf>,
    /// Begin from this model (a directory, or `embedded`) and correct it with the data, 20 to some thousand messages; it is kept as it
    /// is where they do not surely improve it
    #[arg(long, value_name = "MODEL_DIR", conflicts_with = "vectors")]
    pub(crate) base: Option<PathBuf>,
    /// With --base: messages that it already does well, learnt beside the data so that they are not lost
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "base")]
    pub(crate) replay: Vec<PathBuf>,
    /// With --base: write what was learnt to this file too, for --correction; only features that the base knows, found in three messages
    /// at least, are then corrected
    #[arg(long, value_name = "FILE", requires = "base")]
    pub(crate) save_correction: Option<PathBuf>,
    /// Add to the learnt weights what --save-correction wrote
    #[arg(long, value_name = "FILE", conflicts_with_all = ["base", "autotune"])]
    pub(crate) correction: Option<PathBuf>,
    /// Word vectors learnt without labels (see pretrain), as further features
    #[arg(long, value_name = "FILE")]
    pub(crate) vectors: Option<PathBuf>,
    /// Seed of every draw [default: 1]
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    /// Search for better settings out of fold, then learn with the best
    #[arg(long, conflicts_with = "base")]
    pub(crate) autotune: bool,
    /// Begin no trial of --autotune after so long: 90s, 10m, 1h [default: no limit]
    #[arg(long, value_name = "TIME", requires = "autotune", value_parser = super::tune::duration)]
    pub(crate) budget: Option<std::time::Duration>,
    /// Most trials of --autotune; for the same number, the same model
    #[arg(long, value_name = "N", requires = "autotune", default_value_t = 40)]
    pub(crate) trials: usize,
    #[command(flatten)]
    pub(crate) settings: SettingsArgs,
    /// The labels, between commas [default: those found]
    #[arg(long, value_delimiter = ',')]
    pub(crate) labels: Vec<String>,
    /// Write the out-of-fold figures as JSON to this file; - is stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct PretrainArgs {
    /// Texts: any input that classify reads
    #[arg(required = true)]
    pub(crate) corpus: Vec<PathBuf>,
    /// File of the vectors
    #[arg(long, short, value_name = "VECTORS")]
    pub(crate) output: PathBuf,
    /// Method [default: skipgram]
    #[arg(long, value_enum)]
    pub(crate) method: Option<Method>,
    /// Numbers per word [default: 100]
    #[arg(long, value_name = "N")]
    pub(crate) dimensions: Option<usize>,
    /// Tokens on each side that count as a word's company [default: 5]
    #[arg(long, value_name = "N")]
    pub(crate) window: Option<usize>,
    /// Words found less often get no vector [default: 3]
    #[arg(long, value_name = "N")]
    pub(crate) min_count: Option<u32>,
    /// Passes over the texts [default: 10]
    #[arg(long, value_name = "N")]
    pub(crate) epochs: Option<usize>,
    /// Seed of every draw [default: 1]
    #[arg(long)]
    pub(crate) seed: Option<u64>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct AdaptArgs {
    /// Directory of the model, or `embedded`
    pub(crate) model: PathBuf,
    /// Messages of yours, 1,000 at least: any input that classify reads
    pub(crate) corpus: PathBuf,
    /// Directory of the new model
    #[arg(long, short, value_name = "MODEL_DIR")]
    pub(crate) output: PathBuf,
    /// Most that the log-odds of a label may move
    #[arg(long, value_name = "LOG_ODDS", default_value_t = 1.0)]
    pub(crate) max_shift: f32,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(crate) enum Method {
    /// Skip-gram with negative sampling
    Skipgram,
    /// Singular vectors of the mutual information: faster, a little weaker
    Ppmi,
}

impl Method {
    pub(crate) fn method(self) -> franc_parler::pretrain::Method {
        match self {
            Self::Skipgram => franc_parler::pretrain::Method::Skipgram,
            Self::Ppmi => franc_parler::pretrain::Method::Ppmi,
        }
    }
}

#[derive(Debug, Args)]
pub(crate) struct SettingsArgs {
    /// Settings file (TOML); see --print-config
    #[arg(long, value_name = "FILE")]
    pub(crate) config: Option<PathBuf>,
    /// One setting, over those of the file: --set fit.c=0.5 --set pipeline.features.chars.max=0
    #[arg(long, value_name = "KEY=VALUE")]
    pub(crate) set: Vec<String>,
    /// Print the settings that would be used, and learn nothing
    #[arg(long)]
    pub(crate) print_config: bool,
}

#[derive(Debug, Args)]
pub(crate) struct EvaluateArgs {
    /// Labeled files
    #[arg(required = true)]
    pub(crate) data: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) model: ModelArg,
    /// Write the figures as JSON to this file; - is stdout
    #[arg(long, value_name = "FILE")]
    pub(crate) json: Option<PathBuf>,
    /// Compare with this model on the same messages (paired bootstrap)
    #[arg(long, value_name = "MODEL_DIR")]
    pub(crate) versus: Option<PathBuf>,
    /// Exit with 5 below this macro-F1
    #[arg(long, value_name = "F1")]
    pub(crate) min_macro_f1: Option<f64>,
    /// Exit with 5 if the share of groups whose messages all get one label is below this (for invariances)
    #[arg(long, value_name = "SHARE")]
    pub(crate) min_same_label: Option<f64>,
    /// Exit with 5 if macro-F1 falls short of the other model's by more than this (with --versus)
    #[arg(long, value_name = "F1", requires = "versus")]
    pub(crate) max_loss: Option<f64>,
    /// Resamples of the 95 % intervals
    #[arg(long, default_value_t = 1000, value_name = "N")]
    pub(crate) resamples: usize,
    /// Seed of the resamples
    #[arg(long, default_value_t = 17)]
    pub(crate) seed: u64,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// Files, directories, or - for stdin
    pub(crate) inputs: Vec<PathBuf>,
    /// Explain this text instead of an input
    #[arg(long, conflicts_with = "inputs")]
    pub(crate) text: Option<String>,
    /// The message that --text answers
    #[arg(long, requires = "text")]
    pub(crate) parent: Option<String>,
    /// How many features to show for and against each label
    #[arg(long, default_value_t = 8, value_name = "N")]
    pub(crate) top: usize,
    /// One JSON object per message instead of text
    #[arg(long)]
    pub(crate) json: bool,
    #[command(flatten)]
    pub(crate) model: ModelArg,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct InspectArgs {
    /// A file, a directory, or - for stdin
    pub(crate) input: PathBuf,
    /// Rows to show
    #[arg(long, default_value_t = 5, value_name = "N")]
    pub(crate) rows: usize,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ModelArgs {
    #[command(subcommand)]
    pub(crate) action: ModelAction,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ModelAction {
    /// Say what a model is
    Info {
        /// Model directory [default: the embedded model]
        dir: Option<PathBuf>,
        /// The manifest as JSON
        #[arg(long)]
        json: bool,
    },
    /// Check that a model is whole: exit 0, or 4 with a sentence
    Verify {
        /// Model directory [default: the embedded model]
        dir: Option<PathBuf>,
    },
}

#[derive(Debug, Args)]
pub(crate) struct DuplicatesArgs {
    /// Files, directories, or - for stdin [default: -]
    pub(crate) inputs: Vec<PathBuf>,
    /// Output file; - is stdout
    #[arg(long, short, default_value = "-")]
    pub(crate) output: PathBuf,
    /// Resemblance from which two texts are near-duplicates, 0.3 to 1: the share of common 5-grams once mentions, links, numbers and
    /// names are left out; 1 is equal
    #[arg(long, value_name = "SHARE", default_value_t = 0.8)]
    pub(crate) threshold: f64,
    /// Groups of fewer rows are not marked
    #[arg(long, value_name = "N", default_value_t = 2)]
    pub(crate) min_size: usize,
    /// Texts of fewer letters, names and links left out, are in no group
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub(crate) min_letters: usize,
    /// Join only rows within so long of one another: 90s, 10m, 1h, 7d; needs a column of the time
    #[arg(long, value_name = "DURATION", value_parser = super::duplicates::window)]
    pub(crate) time_window: Option<std::time::Duration>,
    /// Write one row per group to this file: its size, its authors, its first and last time, its first text
    #[arg(long, value_name = "FILE")]
    pub(crate) groups: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

#[derive(Debug, Args)]
pub(crate) struct ModelArg {
    /// Model directory [default: the embedded model]
    #[arg(long = "model", value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
}

/// What a user may say about inputs.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reading")]
pub(crate) struct ReadArgs {
    /// Format of the inputs [default: found out]
    #[arg(long, value_enum)]
    format: Option<Format>,
    /// The character between cells; \t is a tab [default: found out]
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    delimiter: Option<u8>,
    /// Encoding, as the web names them: utf-8, windows-1252, utf-16le… [default: found out]
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<&'static encoding_rs::Encoding>,
    /// Column of the text
    #[arg(long, value_name = "NAME")]
    text_col: Option<String>,
    /// Column of the text of the message answered
    #[arg(long, value_name = "NAME")]
    parent_col: Option<String>,
    /// Column of the id
    #[arg(long, value_name = "NAME")]
    id_col: Option<String>,
    /// Column of the author
    #[arg(long, value_name = "NAME")]
    author_col: Option<String>,
    /// Column of the id of the message answered
    #[arg(long, value_name = "NAME")]
    reply_to_col: Option<String>,
    /// Column of the addressee
    #[arg(long, value_name = "NAME")]
    to_col: Option<String>,
    /// Column of the time
    #[arg(long, value_name = "NAME")]
    time_col: Option<String>,
    /// Column of the label
    #[arg(long, value_name = "NAME")]
    label_col: Option<String>,
    /// Column of the annotator
    #[arg(long, value_name = "NAME")]
    annotator_col: Option<String>,
    /// Column of the group
    #[arg(long, value_name = "NAME")]
    group_col: Option<String>,
    /// Column of the weight
    #[arg(long, value_name = "NAME")]
    weight_col: Option<String>,
}

impl ReadArgs {
    /// What they mean to the library.
    pub(crate) fn options(&self) -> ReadOptions {
        let mut roles = RoleOverrides::default();
        for (role, name) in [
            (Role::Text, &self.text_col),
            (Role::Parent, &self.parent_col),
            (Role::Id, &self.id_col),
            (Role::Author, &self.author_col),
            (Role::ReplyTo, &self.reply_to_col),
            (Role::To, &self.to_col),
            (Role::Time, &self.time_col),
            (Role::Label, &self.label_col),
            (Role::Annotator, &self.annotator_col),
            (Role::Group, &self.group_col),
            (Role::Weight, &self.weight_col),
        ] {
            if let Some(name) = name {
                roles.set(role, name);
            }
        }
        ReadOptions { format: self.format.map(Format::name), delimiter: self.delimiter, encoding: self.encoding, roles }
    }
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Format {
    Csv,
    Tsv,
    Jsonl,
    Lines,
    Document,
}

impl Format {
    fn name(self) -> FormatName {
        match self {
            Self::Csv => FormatName::Csv,
            Self::Tsv => FormatName::Tsv,
            Self::Jsonl => FormatName::Jsonl,
            Self::Lines => FormatName::Lines,
            Self::Document => FormatName::Document,
        }
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"\\t" | b"tab" => Ok(b'\t'),
        [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
        _ => Err("expected one ASCII character, or \\t".to_owned()),
    }
}

fn encoding(text: &str) -> Result<&'static encoding_rs::Encoding, String> {
    encoding_rs::Encoding::for_label(text.as_bytes())
        .ok_or_else(|| "expected utf-8, windows-1252, utf-16le, macintosh…".to_owned())
}
