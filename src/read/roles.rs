//! Which column plays which role.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use super::aliases::{self, normalized};
pub(super) use super::aliases::{is_known_name, is_text_name};
use crate::error::{Error, ErrorKind, Result};
use crate::types::{LabelSet, Message, Row};

/// Share of its cells at which a column is numbers, not text.
const NUMERIC: f64 = 0.6;
/// Rows that must be seen before words are counted.
const ENOUGH_ROWS: usize = 20;

/// What a column may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    /// The sender's words.
    Text,
    /// A title or subject, read before the text.
    Title,
    /// Identifier of the message.
    Id,
    /// Text of the message answered or quoted.
    Parent,
    /// Who wrote it.
    Author,
    /// Identifier of the message answered.
    ReplyTo,
    /// Who is addressed.
    To,
    /// Identifier of the conversation.
    Thread,
    /// When it was sent.
    Time,
    /// Its language.
    Lang,
    /// Its gold label.
    Label,
    /// Who labelled it.
    Annotator,
    /// Training: the attribute of that name.
    Lever,
    /// Training: the attribute of that name.
    Gain,
    /// Training: the attribute of that name.
    Exchange,
    /// Training: rows that stay on one side of a split.
    Group,
    /// Training: how much the row counts.
    Weight,
    /// Training: a second reader could well disagree.
    Hard,
    /// Training: where the row comes from, be it a file, a stream or a writer.
    Source,
}

impl Role {
    /// Every role, in the order of their declaration: `role as usize` is a position here.
    pub const ALL: [Self; 19] = [
        Self::Text,
        Self::Title,
        Self::Id,
        Self::Parent,
        Self::Author,
        Self::ReplyTo,
        Self::To,
        Self::Thread,
        Self::Time,
        Self::Lang,
        Self::Label,
        Self::Annotator,
        Self::Lever,
        Self::Gain,
        Self::Exchange,
        Self::Group,
        Self::Weight,
        Self::Hard,
        Self::Source,
    ];

    /// Its name, which is also that of its flag: `--reply-to-col`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Title => "title",
            Self::Parent => "parent",
            Self::Id => "id",
            Self::Author => "author",
            Self::ReplyTo => "reply-to",
            Self::To => "to",
            Self::Thread => "thread",
            Self::Time => "time",
            Self::Lang => "lang",
            Self::Label => "label",
            Self::Annotator => "annotator",
            Self::Lever => "lever",
            Self::Gain => "gain",
            Self::Exchange => "exchange",
            Self::Group => "group",
            Self::Weight => "weight",
            Self::Hard => "hard",
            Self::Source => "source",
        }
    }

    /// Whether a column of this name could play the role.
    pub fn takes(self, column: &str) -> bool {
        aliases::rank(self, column).is_some()
    }
}

/// Columns whose roles the user gave by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RoleOverrides {
    names: BTreeMap<Role, String>,
}

impl RoleOverrides {
    /// Gives a role to the column of this name.
    pub fn set(&mut self, role: Role, column: impl Into<String>) {
        self.names.insert(role, column.into());
    }

    /// The name given for a role.
    pub fn get(&self, role: Role) -> Option<&str> {
        self.names.get(&role).map(String::as_str)
    }
}

/// The column of each role. There is always a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Roles {
    text: usize,
    /// By position in [`Role::ALL`].
    found: [Option<usize>; Role::ALL.len()],
    columns: Vec<String>,
}

impl Roles {
    /// Finds the columns' roles: those given win, then the best known name, doubted in the light of some rows.
    /// A header of one column is the text.
    ///
    /// # Errors
    ///
    /// No text, two columns for one role, a given name that is not there, a text that is numbers or ids.
    pub fn detect(columns: &[String], head: &[Row], overrides: &RoleOverrides) -> Result<Self> {
        let mut found = [None; Role::ALL.len()];
        for role in Role::ALL {
            found[role as usize] = match overrides.get(role) {
                Some(name) => Some(given(role, name, columns)?),
                None => by_name(role, columns, head)?,
            };
        }
        let missing = || Error::from(ErrorKind::MissingColumn { role: Role::Text.name(), columns: columns.to_vec() });
        let text = found[Role::Text as usize].or((columns.len() == 1).then_some(0)).ok_or_else(missing)?;
        if overrides.get(Role::Text).is_none() && columns.len() > 1 && !looks_like_text(text, head) {
            return Err(missing().in_column(&columns[text]));
        }
        found[Role::Text as usize] = Some(text);
        if overrides.get(Role::ReplyTo).is_none() && found[Role::ReplyTo as usize].is_none() {
            found[Role::ReplyTo as usize] = parent_of_ids(Role::ReplyTo, columns, head);
        }
        Ok(Self { text, found, columns: columns.to_vec() })
    }

    /// The column of a single role, by itself: as [`Roles::detect`] finds it, but for what it asks of the text.
    pub(super) fn column_of(
        role: Role,
        columns: &[String],
        head: &[Row],
        overrides: &RoleOverrides,
    ) -> Result<Option<usize>> {
        match overrides.get(role) {
            Some(name) => given(role, name, columns).map(Some),
            None => Ok(by_name(role, columns, head)?.or_else(|| parent_of_ids(role, columns, head))),
        }
    }

    /// Position of a role's column.
    pub fn column(&self, role: Role) -> Option<usize> {
        self.found[role as usize]
    }

    /// Name of a role's column.
    pub fn column_name(&self, role: Role) -> Option<&str> {
        self.column(role).map(|column| self.columns[column].as_str())
    }

    /// A row's cell for a role; `None` where there is no such column.
    pub fn cell<'r>(&self, row: &'r Row, role: Role) -> Option<&'r str> {
        row.cells.get(self.column(role)?)
    }

    /// The message of a row; its title, if it has one, is the first line of the text.
    pub fn message<'r>(&self, row: &'r Row) -> Message<'r> {
        let text = row.cells.get(self.text).unwrap_or_default();
        let title = self.cell(row, Role::Title).filter(|title| !title.trim().is_empty());
        let text = match title {
            Some(title) if text.trim().is_empty() => Cow::Borrowed(title),
            Some(title) => Cow::Owned(format!("{title}\n{text}")),
            None => Cow::Borrowed(text),
        };
        let parent = self.cell(row, Role::Parent).filter(|parent| !parent.trim().is_empty());
        Message { text, parent: parent.map(Cow::Borrowed) }
    }

    /// What was chosen, in a line: `text = original_text · id = uri · parent = (none)`.
    pub fn describe(&self) -> String {
        let is_told =
            |role: &Role| matches!(role, Role::Text | Role::Id | Role::Parent) || self.column(*role).is_some();
        let told = Role::ALL.into_iter().filter(is_told);
        let phrase = |role: Role| format!("{} = {}", role.name(), self.column_name(role).unwrap_or("(none)"));
        told.map(phrase).collect::<Vec<_>>().join(" · ")
    }
}

/// The column a user named: the same name, or else one that differs in case, accents or signs.
fn given(role: Role, name: &str, columns: &[String]) -> Result<usize> {
    if let Some(exact) = columns.iter().position(|column| column == name) {
        return Ok(exact);
    }
    let alike: Vec<usize> = (0..columns.len()).filter(|at| normalized(&columns[*at]) == normalized(name)).collect();
    match alike[..] {
        [only] => Ok(only),
        [] => {
            Err(ErrorKind::UnknownColumn { role: role.name(), name: name.to_owned(), columns: columns.to_vec() }.into())
        }
        _ => Err(ambiguous(role, &alike, columns)),
    }
}

/// The column with the best of a role's names, unless its cells speak against it.
fn by_name(role: Role, columns: &[String], head: &[Row]) -> Result<Option<usize>> {
    let fits = |column: &usize| match role {
        Role::Parent => !holds_ids(*column, head),
        Role::Label if aliases::normalized(&columns[*column]) == "sentiment" => holds_labels(*column, head),
        _ => true,
    };
    let Some(best) = of_rank(role, columns).find(fits) else { return Ok(None) };
    let rank = aliases::rank(role, &columns[best]);
    let equals: Vec<usize> = (0..columns.len()).filter(|at| aliases::rank(role, &columns[*at]) == rank).collect();
    if equals.len() > 1 {
        return Err(ambiguous(role, &equals, columns));
    }
    Ok(Some(best))
}

/// minet's reddit `parent` is an id: that of the message answered.
fn parent_of_ids(role: Role, columns: &[String], head: &[Row]) -> Option<usize> {
    of_rank(Role::Parent, columns).find(|column| role == Role::ReplyTo && holds_ids(*column, head))
}

/// Columns with one of a role's names, the best first.
fn of_rank(role: Role, columns: &[String]) -> impl Iterator<Item = usize> {
    let ranked: BTreeSet<(usize, usize)> =
        columns.iter().enumerate().filter_map(|(at, name)| Some((aliases::rank(role, name)?, at))).collect();
    ranked.into_iter().map(|(_, at)| at)
}

fn ambiguous(role: Role, candidates: &[usize], columns: &[String]) -> Error {
    let candidates = candidates.iter().map(|at| columns[*at].clone()).collect();
    ErrorKind::AmbiguousColumn { role: role.name(), candidates }.into()
}

/// Cells of a column that hold something.
fn filled(column: usize, rows: &[Row]) -> impl Iterator<Item = &str> {
    rows.iter().filter_map(move |row| row.cells.get(column)).map(str::trim).filter(|cell| !cell.is_empty())
}

/// Whether a column's cells, if it has any, are all numbers of messages or addresses.
fn holds_ids(column: usize, head: &[Row]) -> bool {
    let is_id = |cell: &str| {
        let is_address = ["at://", "http://", "https://", "did:"].iter().any(|start| cell.starts_with(start));
        (is_address && !cell.contains(char::is_whitespace)) || cell.bytes().all(|byte| byte.is_ascii_digit())
    };
    filled(column, head).next().is_some() && filled(column, head).all(is_id)
}

fn holds_labels(column: usize, head: &[Row]) -> bool {
    let labels = LabelSet::codebook();
    filled(column, head).all(|cell| labels.id_of(cell).is_some())
}

/// Whether a column found by name is words: not numbers, nor one word a row.
fn looks_like_text(column: usize, head: &[Row]) -> bool {
    let is_number = |cell: &&str| cell.chars().all(|sign| sign.is_numeric() || " .,+-%\u{a0}\u{202f}".contains(sign));
    let cells = filled(column, head).count();
    let numbers = filled(column, head).filter(is_number).count();
    let words: usize = filled(column, head).map(|cell| cell.split_whitespace().collect::<BTreeSet<_>>().len()).sum();
    let is_numeric = numbers as f64 > NUMERIC * cells as f64;
    let is_one_word = cells >= ENOUGH_ROWS && words < 2 * cells;
    !is_numeric && !is_one_word
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn rows(cells: &[&str], count: usize) -> Vec<Row> {
        vec![Row { cells: cells.to_vec().into(), error: String::new() }; count]
    }

    fn detect(columns: &[&str], cells: &[&str]) -> Result<Roles> {
        Roles::detect(&names(columns), &rows(cells, 30), &RoleOverrides::default())
    }

    #[test]
    fn exports_are_known() {
        let bluesky = ["uri", "user_handle", "text", "original_text", "to_post_uri", "local_time"];
        let roles = detect(&bluesky, &["at://x", "zoé", "« ça »", "Merci à tous", "at://y", "2024"]).unwrap();
        let told = "text = original_text · id = uri · parent = (none) · author = user_handle \
            · reply-to = to_post_uri · time = local_time";
        assert_eq!(roles.describe(), told);
        let meltwater = detect(&["Document ID", "Hit Sentence", "Title"], &["7", "un deux", "Titre"]).unwrap();
        assert_eq!(meltwater.column_name(Role::Text), Some("Hit Sentence"));
        let excel = detect(&["Catégorie", "RÉPONSE"], &["a", "c'est bien"]).unwrap();
        assert_eq!((excel.column(Role::Text), excel.column(Role::Label)), (Some(1), Some(0)));
    }

    #[test]
    fn a_parent_that_is_an_id_is_no_text() {
        let roles = detect(&["comment", "parent"], &["Merci bien", "1234"]).unwrap();
        assert_eq!((roles.column(Role::Parent), roles.column(Role::ReplyTo)), (None, Some(1)));
        let words = detect(&["comment", "parent"], &["Merci bien", "Où ça ?"]).unwrap();
        assert_eq!((words.column(Role::Parent), words.column(Role::ReplyTo)), (Some(1), None));
    }

    #[test]
    fn doubts_are_errors_that_name_the_flag() {
        let none = detect(&["a1", "b1"], &["x y", "z"]).unwrap_err().to_string();
        assert!(none.contains("name it with --text-col"), "{none}");
        let two = detect(&["Texte", "texte"], &["x y", "z"]).unwrap_err().to_string();
        assert!(two.contains(r#""Texte", "texte"; choose with --text-col"#), "{two}");
        let numbers = detect(&["text", "n"], &["12,5", "z"]).unwrap_err().to_string();
        assert!(numbers.contains("column \"text\": no column looks like the text"), "{numbers}");
        assert!(detect(&["text", "n"], &["oui", "z"]).is_err());
        assert!(detect(&["réponses"], &["oui"]).is_ok());
    }

    #[test]
    fn a_hand_wins_and_must_be_right() {
        let columns = names(&["text", "Corps"]);
        let mut overrides = RoleOverrides::default();
        overrides.set(Role::Text, "corps");
        let roles = Roles::detect(&columns, &rows(&["a b", "12"], 30), &overrides).unwrap();
        assert_eq!(roles.column(Role::Text), Some(1));
        overrides.set(Role::Id, "idée");
        let error = Roles::detect(&columns, &[], &overrides).unwrap_err().to_string();
        assert!(error.contains("there is no column \"idée\" for the id"), "{error}");
    }

    #[test]
    fn a_message_borrows_unless_it_has_a_title() {
        let roles = detect(&["titre", "texte", "parent"], &["", "Déjà vu", " "]).unwrap();
        let bare = &rows(&["", "Déjà vu", " "], 1)[0];
        assert!(matches!(roles.message(bare), Message { text: Cow::Borrowed("Déjà vu"), parent: None }));
        let titled = &rows(&["Été", "Déjà vu", "Qui ?"], 1)[0];
        assert_eq!(roles.message(titled), Message::new("Été\nDéjà vu").with_parent("Qui ?"));
    }

    #[test]
    fn sentiments_are_labels_only_if_they_are_ours() {
        let label = |value| detect(&["text", "sentiment"], &["a b", value]).unwrap().column(Role::Label);
        assert_eq!((label("positif"), label("outreach")), (None, Some(1)));
    }
}
