//! The texts of messages that others answer, found by id: what joins a reply to its parent.
//!
//! Two passes over the inputs before they are classified: which ids are answered, then the texts of the messages that have them. In memory
//! stays one entry per message answered (16 bytes); texts beyond 64 MB lie in a temporary file without a name.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::xxh3_64;

use crate::error::{ErrorKind, Result};
use crate::read::{Input, Role, Roles};
use crate::types::Row;

/// Texts kept in memory.
const IN_MEMORY: usize = 64 << 20;

/// Ids that some message answers.
#[derive(Debug, Default)]
pub struct Wanted {
    hashes: Vec<u64>,
}

impl Wanted {
    /// Adds the ids that the rows of an input answer; whether it has a column of them.
    ///
    /// **Errors**: those of reading.
    pub fn add(&mut self, input: Input) -> Result<bool> {
        let roles = input.roles()?;
        if roles.column(Role::ReplyTo).is_none() {
            return Ok(false);
        }
        each_row(input, |row| {
            self.hashes.extend(answered(&roles, row).map(hash));
            Ok(())
        })?;
        self.hashes.sort_unstable();
        self.hashes.dedup();
        Ok(true)
    }

    fn has(&self, id: &str) -> bool {
        self.hashes.binary_search(&hash(id)).is_ok()
    }
}

/// Texts by id.
#[derive(Debug)]
pub struct Parents {
    wanted: Wanted,
    /// Hash of an id and where its record begins, by hash once [`Parents::finish`] has run.
    entries: Vec<(u64, u64)>,
    records: Records,
}

impl Parents {
    /// Of the messages wanted; no text yet.
    pub fn new(wanted: Wanted) -> Self {
        Self { wanted, entries: Vec::new(), records: Records::default() }
    }

    /// Adds the texts of an input's messages that are wanted; whether it has a column of ids.
    ///
    /// **Errors**: those of reading; [`ErrorKind::Unwritable`] where the temporary file cannot be written.
    pub fn add(&mut self, input: Input) -> Result<bool> {
        let roles = input.roles()?;
        if roles.column(Role::Id).is_none() {
            return Ok(false);
        }
        each_row(input, |row| {
            let Some(id) = roles.cell(row, Role::Id).map(str::trim).filter(|id| self.wanted.has(id)) else {
                return Ok(());
            };
            let text = roles.message(row).text;
            let at = self.records.push(id, &text).map_err(ErrorKind::Unwritable)?;
            self.entries.push((hash(id), at));
            Ok(())
        })?;
        Ok(true)
    }

    /// Ready to be asked. Of two messages with one id the first is kept.
    #[must_use]
    pub fn finish(mut self) -> Self {
        self.entries.sort_unstable();
        self.wanted.hashes = Vec::new();
        self
    }

    /// The text of the message that a row answers, if it answers one: `Some(None)` where it is not known.
    ///
    /// **Errors**: [`ErrorKind::Unreadable`] where the temporary file cannot be read.
    pub fn of(&self, roles: &Roles, row: &Row) -> Result<Option<Option<String>>> {
        answered(roles, row).map(|id| self.text(id)).transpose()
    }

    fn text(&self, id: &str) -> Result<Option<String>> {
        let wanted = hash(id);
        let first = self.entries.partition_point(|(hash, _)| *hash < wanted);
        for (_, at) in self.entries[first..].iter().take_while(|(hash, _)| *hash == wanted) {
            let (known, text) = self.records.get(*at).map_err(ErrorKind::Unreadable)?;
            if known == id {
                return Ok(Some(text));
            }
        }
        Ok(None)
    }
}

/// The id that a row answers, if any.
fn answered<'r>(roles: &Roles, row: &'r Row) -> Option<&'r str> {
    roles.cell(row, Role::ReplyTo).map(str::trim).filter(|id| !id.is_empty())
}

fn each_row(input: Input, mut on_row: impl FnMut(&Row) -> Result<()>) -> Result<()> {
    for item in input.rows() {
        on_row(&item?.1)?;
    }
    Ok(())
}

/// Which ids may be the same; the records say which are.
fn hash(id: &str) -> u64 {
    xxh3_64(id.as_bytes())
}

/// Ids with their texts, end to end: lengths as four bytes each, then the bytes.
#[derive(Debug, Default)]
struct Records {
    memory: Vec<u8>,
    /// What came after the first [`IN_MEMORY`] bytes, and its length.
    spilled: Option<Mutex<(File, u64)>>,
}

impl Records {
    /// Where the record begins.
    fn push(&mut self, id: &str, text: &str) -> io::Result<u64> {
        let mut record = Vec::with_capacity(8 + id.len() + text.len());
        record.extend((id.len() as u32).to_le_bytes());
        record.extend((text.len() as u32).to_le_bytes());
        record.extend(id.as_bytes());
        record.extend(text.as_bytes());
        if self.spilled.is_none() && self.memory.len() + record.len() <= IN_MEMORY {
            self.memory.extend(record);
            return Ok((self.memory.len() - 8 - id.len() - text.len()) as u64);
        }
        if self.spilled.is_none() {
            self.spilled = Some(Mutex::new((tempfile::tempfile()?, 0)));
        }
        let Some(spilled) = &mut self.spilled else { unreachable!("it was just made") };
        let (file, length) = spilled.get_mut().unwrap_or_else(PoisonError::into_inner);
        file.write_all(&record)?;
        let at = self.memory.len() as u64 + *length;
        *length += record.len() as u64;
        Ok(at)
    }

    fn get(&self, at: u64) -> io::Result<(String, String)> {
        let mut lengths = [0; 8];
        self.read(at, &mut lengths)?;
        let length = |half: &[u8]| u32::from_le_bytes([half[0], half[1], half[2], half[3]]) as usize;
        let (id, text) = (length(&lengths[..4]), length(&lengths[4..]));
        let mut bytes = vec![0; id + text];
        self.read(at + 8, &mut bytes)?;
        let text = bytes.split_off(id);
        let utf8 = |bytes| String::from_utf8(bytes).map_err(io::Error::other);
        Ok((utf8(bytes)?, utf8(text)?))
    }

    fn read(&self, at: u64, out: &mut [u8]) -> io::Result<()> {
        let in_memory = self.memory.len() as u64;
        if at < in_memory {
            out.copy_from_slice(&self.memory[at as usize..at as usize + out.len()]);
            return Ok(());
        }
        let Some(spilled) = &self.spilled else { return Err(io::ErrorKind::UnexpectedEof.into()) };
        let (file, _) = &mut *spilled.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(at - in_memory))?;
        io::Read::read_exact(file, out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::ReadOptions;

    fn input(bytes: &str) -> Input {
        let bytes = Box::new(io::Cursor::new(bytes.as_bytes().to_vec()));
        Input::from_reader("in.csv", bytes, &ReadOptions::default()).unwrap()
    }

    const THREAD: &str =
        "id,text,in_reply_to_id\n1,Où est la mairie ?,\n2,Place du Marché,1\n3,Merci bien,9\n1,Encore,\n";

    #[test]
    fn replies_find_the_first_message_of_their_id() {
        let mut wanted = Wanted::default();
        assert!(wanted.add(input(THREAD)).unwrap());
        let mut parents = Parents::new(wanted);
        assert!(parents.add(input(THREAD)).unwrap());
        let parents = parents.finish();
        let roles = input(THREAD).roles().unwrap();
        let found: Vec<Option<Option<String>>> =
            input(THREAD).rows().map(|row| parents.of(&roles, &row.unwrap().1).unwrap()).collect();
        assert_eq!(found, [None, Some(Some("Où est la mairie ?".to_owned())), Some(None), None]);
    }

    #[test]
    fn inputs_without_the_columns_say_so() {
        let mut wanted = Wanted::default();
        assert!(!wanted.add(input("text\nOui\n")).unwrap());
        assert!(!Parents::new(wanted).add(input("text\nOui\n")).unwrap());
    }

    #[test]
    fn records_are_the_same_in_memory_and_in_a_file() {
        let mut records = Records::default();
        let near = records.push("a", "été").unwrap();
        records.spilled = Some(Mutex::new((tempfile::tempfile().unwrap(), 0)));
        let far = [records.push("b", "hiver").unwrap(), records.push("c", "").unwrap()];
        assert_eq!(records.get(near).unwrap(), ("a".to_owned(), "été".to_owned()));
        assert_eq!(records.get(far[0]).unwrap(), ("b".to_owned(), "hiver".to_owned()));
        assert_eq!(records.get(far[1]).unwrap(), ("c".to_owned(), String::new()));
        assert!(records.get(far[1] + 100).is_err());
    }
}
