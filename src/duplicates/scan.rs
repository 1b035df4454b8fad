//! An input's rows → what is kept of them, on several threads, in order.

use xxhash_rust::xxh3::xxh3_64;

use super::collected::{Collected, Found};
use super::key::{Key, Keys};
use super::minhash::MinHash;
use super::time::milliseconds;
use crate::error::Result;
use crate::parallel;
use crate::read::{Chunk, Input, Parser, Role, Roles};
use crate::types::Row;

/// Chunks read before they are worked on, for each thread.
const CHUNKS_PER_THREAD: usize = 4;

/// How far a scan is, and what was odd.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Rows so far.
    pub n_rows: u64,
    /// Bytes so far.
    pub n_bytes: u64,
    /// Rows that could not be read as they stand.
    pub n_failed: u64,
    /// The first of them: its line and what is wrong.
    pub first_failure: Option<(u64, String)>,
}

/// Reads an input to its end; `progress` hears of it now and then.
///
/// # Errors
///
/// Those of reading, and of [`Collected::push`].
pub fn scan(
    mut input: Input,
    min_letters: usize,
    n_threads: usize,
    collected: &mut Collected,
    progress: &mut dyn FnMut(&Scanned),
) -> Result<Scanned> {
    let worker =
        Worker { roles: input.roles()?, parser: input.parser(), keys: Keys::new()?, hash: MinHash::new(), min_letters };
    let mut scanned = Scanned::default();
    loop {
        let mut chunks = Vec::new();
        while chunks.len() < n_threads.max(1) * CHUNKS_PER_THREAD {
            let Some(chunk) = input.next_chunk()? else { break };
            chunks.push(chunk);
        }
        if chunks.is_empty() {
            return Ok(scanned);
        }
        let found = parallel::map(chunks.len(), n_threads, Key::default, |key, at| worker.run(&chunks[at], key));
        for (rows, of_chunk) in found {
            rows.iter().try_for_each(|row| collected.push(row))?;
            scanned.add(of_chunk);
        }
        progress(&scanned);
    }
}

struct Worker {
    roles: Roles,
    parser: Parser,
    keys: Keys,
    hash: MinHash,
    min_letters: usize,
}

impl Worker {
    fn run(&self, chunk: &Chunk, key: &mut Key) -> (Vec<Found>, Scanned) {
        let mut rows = Vec::new();
        let mut scanned = Scanned { n_bytes: chunk.bytes.len() as u64, ..Scanned::default() };
        self.parser.rows(chunk, &mut |line, row| {
            rows.push(self.row(row, key));
            scanned.n_rows += 1;
            if !row.error.is_empty() {
                scanned.n_failed += 1;
                scanned.first_failure.get_or_insert_with(|| (line, row.error.clone()));
            }
        });
        (rows, scanned)
    }

    fn row(&self, row: &Row, key: &mut Key) -> Found {
        let cell = |role| self.roles.cell(row, role).map(str::trim).filter(|cell| !cell.is_empty());
        self.keys.write(&self.roles.message(row).text, key);
        let is_long = key.n_letters >= self.min_letters.max(1);
        Found {
            print: is_long.then(|| (xxh3_64(key.text.as_bytes()), self.hash.signature(&key.text))),
            time: cell(Role::Time).and_then(milliseconds),
            author: cell(Role::Author).map(|author| xxh3_64(author.as_bytes()).max(1)),
        }
    }
}

impl Scanned {
    fn add(&mut self, later: Self) {
        self.n_rows += later.n_rows;
        self.n_bytes += later.n_bytes;
        self.n_failed += later.n_failed;
        if self.first_failure.is_none() {
            self.first_failure = later.first_failure;
        }
    }
}
