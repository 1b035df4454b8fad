//! Labelled messages, as training and evaluation read them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};

use crate::config::HoldOut;
use crate::error::{Error, ErrorKind, Result};
use crate::model::{DataDigest, hex_digest};
use crate::read::{Input, ReadOptions, Role, Roles};
use crate::types::{Attribute, LabelSet, LabeledMessage, Message, Row};

/// How labelled files are read.
#[derive(Debug, Clone, Default)]
pub struct CorpusOptions {
    /// Format, encoding, delimiter and roles of the columns.
    pub read: ReadOptions,
    /// The labels to expect; by default those found, which must be the codebook's if any of them is.
    pub labels: Option<LabelSet>,
}

/// Labelled messages with their labels.
#[derive(Debug, Clone)]
pub struct Corpus {
    /// The messages, file after file, in the files' order.
    pub messages: Vec<LabeledMessage>,
    /// Their labels.
    pub labels: LabelSet,
    /// What they were read from.
    pub data: Vec<DataDigest>,
}

/// What fastText writes before a label.
const FASTTEXT: &str = "__label__";

/// A row before the label set is known.
struct Draft {
    message: LabeledMessage,
    label: String,
    path: PathBuf,
    line: u64,
}

impl Corpus {
    /// Reads labelled files.
    ///
    /// **Errors**: those of reading; a row without label or with an unknown one, a row that could not be read whole, a value that
    /// is not of its column's kind: each with file, line and column.
    pub fn read(paths: &[PathBuf], options: &CorpusOptions) -> Result<Self> {
        let mut drafts = Vec::new();
        let mut data = Vec::new();
        for path in paths {
            let before = drafts.len();
            let sha256 = read_file(path, options, &mut drafts).map_err(|error| error.in_file(path))?;
            if drafts.len() == before {
                return Err(Error::new(ErrorKind::NoRows).in_file(path));
            }
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            data.push(DataDigest { name, rows: drafts.len() - before, sha256 });
        }
        Self::from_drafts(drafts, data, options.labels.clone())
    }

    fn from_drafts(drafts: Vec<Draft>, data: Vec<DataDigest>, labels: Option<LabelSet>) -> Result<Self> {
        let labels = labels.unwrap_or_else(|| expected_labels(&drafts));
        let resolve = |mut draft: Draft| {
            let known = labels.id_of(&draft.label).ok_or_else(|| {
                let kind = ErrorKind::UnknownLabel { found: draft.label.clone(), expected: labels.names().to_vec() };
                Error::new(kind).in_file(&draft.path).at_line(draft.line)
            });
            draft.message.label_id = known?;
            Ok(draft.message)
        };
        let messages: Vec<LabeledMessage> = drafts.into_iter().map(resolve).collect::<Result<_>>()?;
        Ok(Self { messages, labels, data })
    }

    /// These messages, then others of the same labels.
    ///
    /// **Errors**: [`ErrorKind::InvalidConfig`] for other labels.
    pub fn beside(&self, others: &Self) -> Result<Self> {
        if self.labels != others.labels {
            let (ours, theirs) = (self.labels.names().join(", "), others.labels.names().join(", "));
            let why = format!("the data have the labels {ours}, the messages beside them {theirs}");
            return Err(ErrorKind::InvalidConfig(why).into());
        }
        let join = |ours: &[DataDigest], theirs: &[DataDigest]| ours.iter().chain(theirs).cloned().collect();
        Ok(Self {
            messages: self.messages.iter().chain(&others.messages).cloned().collect(),
            labels: self.labels.clone(),
            data: join(&self.data, &others.data),
        })
    }

    /// The attributes that at least one message of each side is marked with.
    pub fn attributes(&self) -> Vec<Attribute> {
        let marked = |attribute: &Attribute, side: bool| {
            self.messages.iter().any(|message| message.attributes[*attribute as usize] == Some(side))
        };
        Attribute::ALL.into_iter().filter(|attribute| marked(attribute, true) && marked(attribute, false)).collect()
    }

    /// Messages that must stay on one side of a split, each list of positions in `messages` one unit.
    pub fn units(&self, hold_out: HoldOut) -> Vec<Vec<usize>> {
        let by_source = match hold_out {
            HoldOut::Auto => self.has_several_whole_sources(),
            HoldOut::Group => false,
            HoldOut::Source => true,
        };
        let key = |message: &'_ LabeledMessage| if by_source { message.source.clone() } else { message.group.clone() };
        let mut of_key: BTreeMap<String, usize> = BTreeMap::new();
        let mut units: Vec<Vec<usize>> = Vec::new();
        for (index, message) in self.messages.iter().enumerate() {
            let unit = key(message).map_or(units.len(), |key| *of_key.entry(key).or_insert(units.len()));
            if unit == units.len() {
                units.push(Vec::new());
            }
            units[unit].push(index);
        }
        units
    }

    /// At least four sources, each with every label, and no row without source.
    fn has_several_whole_sources(&self) -> bool {
        let mut labels_of: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
        for message in &self.messages {
            let Some(source) = message.source.as_deref() else { return false };
            labels_of.entry(source).or_default().insert(message.label_id);
        }
        labels_of.len() >= MIN_SOURCES && labels_of.values().all(|labels| labels.len() == self.labels.len())
    }
}

/// Fewer sources leave too little to learn from when one is held out.
const MIN_SOURCES: usize = 4;

/// Labels found; the codebook's three as soon as one of them is among those found.
fn expected_labels(drafts: &[Draft]) -> LabelSet {
    let codebook = LabelSet::codebook();
    if drafts.iter().any(|draft| codebook.id_of(&draft.label).is_some()) {
        return codebook;
    }
    LabelSet::from_names(drafts.iter().map(|draft| draft.label.clone()))
}

/// Opens a file and digests its bytes. What is no regular file, standard input first of all, is read but once.
///
/// **Errors**: those of reading.
pub fn read_digested(path: &Path, options: &ReadOptions) -> Result<(Input, String)> {
    if path.is_file() {
        let input = Input::open(path, options)?;
        return Ok((input, hex_digest(&std::fs::read(path).map_err(ErrorKind::Unreadable)?)));
    }
    let mut bytes = Vec::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().read_to_end(&mut bytes)
    } else {
        File::open(path).and_then(|mut file| file.read_to_end(&mut bytes))
    };
    read.map_err(ErrorKind::Unreadable)?;
    let sha256 = hex_digest(&bytes);
    Ok((Input::from_reader(path, Box::new(Cursor::new(bytes)), options)?, sha256))
}

/// Reads a file's rows; returns the digest of its bytes.
fn read_file(path: &Path, options: &CorpusOptions, drafts: &mut Vec<Draft>) -> Result<String> {
    let (input, sha256) = read_digested(path, &options.read)?;
    let roles = input.roles()?;
    let is_fasttext = roles.column(Role::Label).is_none() && looks_like_fasttext(&input, &roles);
    if roles.column(Role::Label).is_none() && !is_fasttext {
        return Err(ErrorKind::MissingColumn { role: "label", columns: input.columns.clone() }.into());
    }
    for item in input.rows() {
        let (line, row) = item?;
        let draft = if is_fasttext { fasttext_draft(&roles, &row) } else { column_draft(&roles, &row) };
        let (message, label) = draft.map_err(|error| error.at_line(line))?;
        let id = roles
            .cell(&row, Role::Id)
            .filter(|id| !id.trim().is_empty())
            .map_or_else(|| line.to_string(), str::to_owned);
        drafts.push(Draft { message: LabeledMessage { id, ..message }, label, path: path.to_path_buf(), line });
    }
    Ok(sha256)
}

fn looks_like_fasttext(input: &Input, roles: &Roles) -> bool {
    input.head().first().is_some_and(|row| roles.message(row).text.starts_with(FASTTEXT))
}

/// `__label__x text`.
fn fasttext_draft(roles: &Roles, row: &Row) -> Result<(LabeledMessage, String)> {
    let message = roles.message(row);
    let (label, text) = message.text.split_once(char::is_whitespace).unwrap_or((&message.text, ""));
    let label = label.strip_prefix(FASTTEXT).filter(|label| !label.is_empty()).ok_or(ErrorKind::MissingLabel)?;
    Ok((LabeledMessage::new(Message::new(text.to_owned()), 0), canonical(label)))
}

fn column_draft(roles: &Roles, row: &Row) -> Result<(LabeledMessage, String)> {
    if !row.error.is_empty() {
        return Err(ErrorKind::UnreadableRow(row.error.clone()).into());
    }
    let cell = |role: Role| roles.cell(row, role).map(str::trim).filter(|cell| !cell.is_empty());
    let label = cell(Role::Label).ok_or(ErrorKind::MissingLabel).map_err(|kind| in_role(kind, Role::Label))?;
    let mut message = LabeledMessage::new(roles.message(row).into_owned(), 0);
    for (slot, role) in message.attributes.iter_mut().zip([Role::Lever, Role::Gain, Role::Exchange]) {
        *slot = cell(role).map(|text| yes_no(text, role)).transpose()?;
    }
    message.hard = cell(Role::Hard).map(|text| yes_no(text, Role::Hard)).transpose()?.unwrap_or(false);
    message.weight = cell(Role::Weight).map(weight).transpose()?.unwrap_or(1.0);
    message.group = cell(Role::Group).map(str::to_owned);
    message.source = cell(Role::Source).map(str::to_owned);
    Ok((message, canonical(label)))
}

fn in_role(kind: ErrorKind, role: Role) -> Error {
    Error::new(kind).in_column(role.name())
}

fn yes_no(text: &str, role: Role) -> Result<bool> {
    match text.to_lowercase().as_str() {
        "1" | "1.0" | "true" | "vrai" | "oui" | "yes" => Ok(true),
        "0" | "0.0" | "false" | "faux" | "non" | "no" => Ok(false),
        _ => Err(in_role(ErrorKind::InvalidValue { found: text.to_owned(), expected: "0 or 1" }, role)),
    }
}

fn weight(text: &str) -> Result<f32> {
    let weight = text.replace(',', ".").parse::<f32>().ok().filter(|weight| weight.is_finite() && *weight > 0.0);
    let invalid = || ErrorKind::InvalidValue { found: text.to_owned(), expected: "a number above 0" };
    weight.ok_or_else(|| in_role(invalid(), Role::Weight))
}

/// A label as models name it: the codebook's codes for its French names, any other as it stands.
fn canonical(label: &str) -> String {
    let label = label.strip_prefix(FASTTEXT).unwrap_or(label);
    let codebook = match label.to_lowercase().replace('é', "e").replace(['_', '-'], " ").as_str() {
        "outreach" | "demarchage" | "diffusion" | "demarchage, diffusion" => crate::types::OUTREACH,
        "opportunistic targeting" | "ciblage opportuniste" | "ciblage" => crate::types::TARGETING,
        "genuine dialogue" | "dialogue authentique" | "dialogue" => crate::types::DIALOGUE,
        _ => return label.to_owned(),
    };
    codebook.to_owned()
}
