//! What becomes of each column.

use super::names;
use crate::error::{ErrorKind, Result};
use crate::read::{Input, Role, Roles, normalized_name};

/// What a user may say about columns.
#[derive(Debug, Clone, Default)]
pub struct ColumnOptions {
    /// Columns copied as they are.
    pub keep: Vec<String>,
    /// Further columns left out.
    pub drop: Vec<String>,
    /// Cut moments to their day.
    pub day: bool,
}

/// What becomes of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// It is one account, by its handle, name or number, and becomes a pseudonym.
    Account,
    /// It is several accounts.
    Accounts,
    /// Somebody's words: whom they name gets a pseudonym.
    Text,
    /// A moment, cut to its day.
    Day,
    /// Whatever else: kept, but for links to profiles, addresses and mentions.
    Other,
    /// Copied untouched.
    Keep,
    /// Left out.
    Drop,
}

/// The columns of an input, and what becomes of each.
#[derive(Debug, Clone)]
pub struct Columns {
    names: Vec<String>,
    pub(super) treatments: Vec<Treatment>,
}

impl Columns {
    /// Decides by roles, names and the first rows.
    ///
    /// **Errors**: a column to keep or drop that is not there; as [`Roles::detect`].
    pub fn of(input: &Input, options: &ColumnOptions) -> Result<Self> {
        let roles = input.roles()?;
        let keep = positions(&options.keep, "list of columns to keep", &input.columns)?;
        let drop = positions(&options.drop, "list of columns to drop", &input.columns)?;
        let treatment = |at: usize| {
            if drop.contains(&at) {
                Treatment::Drop
            } else if keep.contains(&at) {
                Treatment::Keep
            } else {
                by_nature(at, input, &roles, options.day)
            }
        };
        let treatments = (0..input.columns.len()).map(treatment).collect();
        Ok(Self { names: input.columns.clone(), treatments })
    }

    /// Names of the columns that are written.
    pub fn written(&self) -> Vec<String> {
        self.names_where(|treatment| treatment != Treatment::Drop)
    }

    /// Names of those left out.
    pub fn dropped(&self) -> Vec<String> {
        self.names_where(|treatment| treatment == Treatment::Drop)
    }

    /// Names of those whose cells become pseudonyms.
    pub fn accounts(&self) -> Vec<String> {
        self.names_where(|treatment| matches!(treatment, Treatment::Account | Treatment::Accounts))
    }

    /// Names of those in whose words people are looked for.
    pub fn texts(&self) -> Vec<String> {
        self.names_where(|treatment| treatment == Treatment::Text)
    }

    /// Names of those cut to the day.
    pub fn days(&self) -> Vec<String> {
        self.names_where(|treatment| treatment == Treatment::Day)
    }

    fn names_where(&self, is_so: impl Fn(Treatment) -> bool) -> Vec<String> {
        let both = self.names.iter().zip(&self.treatments);
        both.filter(|(_, treatment)| is_so(**treatment)).map(|(name, _)| name.clone()).collect()
    }
}

/// A column's treatment by its role, else by its name, else by what its first cells hold.
fn by_nature(at: usize, input: &Input, roles: &Roles, day: bool) -> Treatment {
    let plays = |role: Role| roles.column(role) == Some(at);
    let called = |role: Role| role.takes(&input.columns[at]);
    let name = normalized_name(&input.columns[at]);
    let called_or_plays = |role: Role| plays(role) || called(role);
    let is_text = [Role::Text, Role::Title, Role::Parent].into_iter().any(called_or_plays);
    if plays(Role::Text) || (is_text && !plays(Role::ReplyTo) && !plays(Role::Id)) {
        Treatment::Text
    } else if names::is_list(&name) {
        Treatment::Accounts
    } else if plays(Role::Annotator)
        || names::is_account(&name)
        || [Role::Author, Role::To].into_iter().any(called_or_plays)
    {
        Treatment::Account
    } else if names::is_profile(&name) || holds_objects(at, input) {
        Treatment::Drop
    } else if day && (plays(Role::Time) || called(Role::Time) || names::is_time(&name)) {
        Treatment::Day
    } else {
        Treatment::Other
    }
}

/// Whether a column holds JSON of several members, of which we do not know what they say of whom.
fn holds_objects(at: usize, input: &Input) -> bool {
    let cells = input.head().iter().filter_map(|row| row.cells.get(at));
    cells.map(str::trim_start).any(|cell| cell.starts_with("{\"") || cell.starts_with("[{"))
}

/// Positions of columns a user named: the same name, or one that differs in case, accents or signs.
fn positions(wanted: &[String], role: &'static str, columns: &[String]) -> Result<Vec<usize>> {
    let mut found = Vec::new();
    for name in wanted {
        let is_it = |column: &&String| *column == name || normalized_name(column) == normalized_name(name);
        let before = found.len();
        found.extend(columns.iter().enumerate().filter(|(_, column)| is_it(column)).map(|(at, _)| at));
        if found.len() == before {
            let (name, columns) = (name.clone(), columns.to_vec());
            return Err(ErrorKind::UnknownColumn { role, name, columns }.into());
        }
    }
    Ok(found)
}
