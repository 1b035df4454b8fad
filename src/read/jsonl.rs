//! JSON lines: one object a line, blank lines skipped.
//!
//! A string is its text, `null` is empty, any other value is its JSON text without spaces, digit by digit: an id of
//! twenty digits stays one. A file's columns are all its keys, in order of appearance; a pipe's are those of its first
//! MiB, and what comes under later keys stands in the row's error. Where a key of an object inside (`author.username`)
//! is a known name ([`is_known_name`]), it is a column of its own too.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::chunk::{Chunk, Layout, Opened, Opening, add_error, decode, last_line_end, lines_of, numbered_lines};
use super::roles::is_known_name;
use super::source::Source;
use super::{Format, FormatName};
use crate::error::{Error, ErrorKind, Result};
use crate::types::Row;

/// One JSON object a line.
pub(super) const FORMAT: Format =
    Format { name: FormatName::Jsonl, extensions: &["jsonl", "ndjson", "jsonlines", "json"], open };

/// Keys beyond these are no columns: some files use ids as keys, and memory is not endless.
const MAX_COLUMNS: usize = 4096;
/// How much of a line that is not an object its error quotes.
const QUOTED_CHARS: usize = 200;
/// How much is looked at in one go when a file's keys are gathered.
const BLOCK_BYTES: usize = 1 << 18;

fn open(opening: &Opening<'_>) -> Result<Opened> {
    if is_array(opening.head) {
        let instead = "write one object a line first (jq -c '.[]' in.json > out.jsonl)";
        return Err(ErrorKind::Unsupported { what: "one JSON array", instead }.into());
    }
    let again = if opening.whole { None } else { (opening.again)()? };
    let keys = match again {
        Some(source) => keys_of_source(source)?,
        None => keys_of_head(opening),
    };
    if keys.names.is_empty() {
        return Err(no_object(opening.head));
    }
    let full = keys.names.len() >= MAX_COLUMNS;
    let note = full.then(|| format!("only the first {MAX_COLUMNS} keys are columns; others stand in the error column"));
    let columns = keys.names.clone();
    Ok(Opened {
        columns,
        start: 0,
        delimiter: None,
        notes: note.into_iter().collect(),
        layout: Arc::new(keys.layout()),
    })
}

/// Whether a head is `[{…` or `[]`: one value, not lines of objects.
fn is_array(head: &[u8]) -> bool {
    let inside = head.trim_ascii_start().strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    inside.is_some_and(|inside| inside.starts_with(b"{") || inside.starts_with(b"]"))
}

fn no_object(head: &[u8]) -> Error {
    let lines = (1..).zip(lines_of(head)).filter(|(_, line)| !line.trim_ascii().is_empty());
    let first = lines.map(|(number, line)| (number, serde_json::from_slice::<Object<'_>>(line))).next();
    match first {
        None => ErrorKind::EmptyInput.into(),
        Some((number, Err(error))) => Error::new(ErrorKind::InvalidJson(error)).at_line(number),
        Some((number, Ok(_))) => Error::new(ErrorKind::NoRows).at_line(number),
    }
}

fn keys_of_head(opening: &Opening<'_>) -> Keys {
    let end = if opening.whole { None } else { last_line_end(opening.head) };
    let mut keys = Keys::default();
    keys.add_lines(&opening.head[..end.unwrap_or(opening.head.len())]);
    keys
}

fn keys_of_source(mut source: Source) -> Result<Keys> {
    let mut keys = Keys::default();
    let mut pending = Vec::new();
    loop {
        let ended = source.read(&mut pending, BLOCK_BYTES).map_err(ErrorKind::of_reading)?;
        let end = if ended { pending.len() } else { last_line_end(&pending).unwrap_or(0) };
        keys.add_lines(&pending[..end]);
        pending.drain(..end);
        if ended || keys.names.len() >= MAX_COLUMNS || pending.len() > super::input::MAX_RECORD_BYTES {
            return Ok(keys);
        }
    }
}

/// Column names in order of appearance.
#[derive(Debug, Default)]
struct Keys {
    names: Vec<String>,
    known: BTreeSet<String>,
    /// Keys of objects that have columns of their own.
    parents: BTreeSet<String>,
}

impl Keys {
    fn add_lines(&mut self, lines: &[u8]) {
        for line in lines_of(lines) {
            let Ok(object) = serde_json::from_slice::<Object<'_>>(line) else { continue };
            for (key, value) in &object.0 {
                self.add(key);
                self.add_nested(key, value);
            }
        }
    }

    fn add(&mut self, key: &str) {
        if !self.known.contains(key) && self.names.len() < MAX_COLUMNS {
            self.known.insert(key.to_owned());
            self.names.push(key.to_owned());
        }
    }

    fn add_nested(&mut self, parent: &str, value: &RawValue) {
        for (key, _) in nested(value) {
            let path = format!("{parent}.{key}");
            if is_known_name(&path) {
                self.add(&path);
                self.parents.insert(parent.to_owned());
            }
        }
    }

    fn layout(self) -> Objects {
        Objects { positions: (0..).zip(&self.names).map(|(at, name)| (name.clone(), at)).collect(), keys: self }
    }
}

/// The members of a value that is an object.
fn nested(value: &RawValue) -> Vec<(Cow<'_, str>, &RawValue)> {
    let is_object = value.get().starts_with('{');
    if is_object {
        serde_json::from_str::<Object<'_>>(value.get()).map(|object| object.0).unwrap_or_default()
    } else {
        Vec::new()
    }
}

/// The value that a path of two keys leads to.
fn member_of_members<'v>(members: &[(Cow<'v, str>, &'v RawValue)], path: &str) -> Option<&'v RawValue> {
    let inside = |(parent, value): &(Cow<'v, str>, &'v RawValue)| {
        let key = path.strip_prefix(parent.as_ref())?.strip_prefix('.')?;
        nested(value).into_iter().find(|(name, _)| name == key).map(|(_, value)| value)
    };
    members.iter().find_map(inside)
}

/// Objects whose keys are columns.
#[derive(Debug)]
struct Objects {
    keys: Keys,
    positions: BTreeMap<String, usize>,
}

impl Layout for Objects {
    fn cut(&self, window: &[u8]) -> Option<usize> {
        last_line_end(window)
    }

    fn rows(&self, chunk: &Chunk, on_row: &mut dyn FnMut(u64, &Row)) {
        self.records(chunk, &mut |line, _, row| on_row(line, row));
    }

    fn has_records(&self) -> bool {
        true
    }

    /// A value among the object's members, or among those of a member that has columns of its own.
    fn cell(&self, record: &[u8], column: usize) -> Option<(Range<usize>, &'static [u8])> {
        let line = std::str::from_utf8(record).ok()?;
        let name = self.keys.names.get(column)?;
        let Object(members) = serde_json::from_str::<Object<'_>>(line).ok()?;
        let plain = members.iter().find(|(key, _)| key == name).map(|(_, value)| *value);
        let value = plain.or_else(|| member_of_members(&members, name))?;
        let start = value.get().as_ptr() as usize - line.as_ptr() as usize;
        Some((start..start + value.get().len(), &b"\"\""[..]))
    }

    fn records(&self, chunk: &Chunk, on_record: &mut dyn FnMut(u64, Range<usize>, &Row)) {
        let mut row = Row::default();
        let mut end = 0;
        let ends = chunk.bytes.split_inclusive(|byte| *byte == b'\n').map(|line| {
            end += line.len();
            end - line.len()..end
        });
        let lines = numbered_lines(chunk).zip(ends);
        for ((number, line), record) in lines.filter(|((_, line), _)| !line.trim_ascii().is_empty()) {
            row.cells.clear();
            row.error.clear();
            let line = decode(line, &mut row.error);
            match serde_json::from_str::<Object<'_>>(&line) {
                Ok(object) => self.fill(&object, &mut row),
                Err(error) => self.refuse(&line, &error, &mut row),
            }
            on_record(number, record, &row);
        }
    }
}

impl Objects {
    fn fill(&self, object: &Object<'_>, row: &mut Row) {
        let mut values: Vec<Option<&RawValue>> = vec![None; self.keys.names.len()];
        for (nth, (key, value)) in object.0.iter().enumerate() {
            match self.position(nth, key).map(|at| &mut values[at]) {
                Some(slot @ None) => *slot = Some(value),
                Some(_) => add_error(&mut row.error, &format!("key {key:?} comes again: {}", compact(value.get()))),
                None => add_error(&mut row.error, &format!("unknown key {key:?}: {}", compact(value.get()))),
            }
        }
        self.fill_nested(object, &mut values);
        for (name, value) in self.keys.names.iter().zip(values) {
            let cell = value.map_or(Ok(Cow::Borrowed("")), cell);
            row.cells.push_field(&cell.unwrap_or_else(|(raw, error)| {
                add_error(&mut row.error, &format!("the text of {name:?} is not valid JSON ({error})"));
                Cow::Borrowed(raw)
            }));
        }
    }

    /// Column of a key; most objects have theirs in the columns' order.
    fn position(&self, nth: usize, key: &str) -> Option<usize> {
        let is_usual = self.keys.names.get(nth).is_some_and(|name| name == key);
        if is_usual { Some(nth) } else { self.positions.get(key).copied() }
    }

    fn fill_nested<'v>(&self, object: &Object<'v>, values: &mut [Option<&'v RawValue>]) {
        for (parent, value) in object.0.iter().filter(|(key, _)| self.keys.parents.contains(key.as_ref())) {
            for (key, value) in nested(value) {
                if let Some(at) = self.positions.get(&format!("{parent}.{key}")) {
                    values[*at].get_or_insert(value);
                }
            }
        }
    }

    /// A row of empty cells for a line that is not an object.
    fn refuse(&self, line: &str, error: &serde_json::Error, row: &mut Row) {
        self.keys.names.iter().for_each(|_| row.cells.push_field(""));
        let quoted: String = line.chars().take(QUOTED_CHARS).collect();
        add_error(&mut row.error, &format!("not a JSON object ({error}): {quoted:?}"));
    }
}

/// The text of a value, or its JSON and what is wrong with it: a string may escape half a character (`\ud83d`).
fn cell(value: &RawValue) -> Result<Cow<'_, str>, (&str, serde_json::Error)> {
    let raw = value.get();
    match raw.as_bytes() {
        b"null" => Ok(Cow::Borrowed("")),
        [b'"', inside @ .., b'"'] if !inside.contains(&b'\\') => Ok(Cow::Borrowed(&raw[1..raw.len() - 1])),
        [b'"', ..] => serde_json::from_str(raw).map(Cow::Owned).map_err(|error| (raw, error)),
        _ => Ok(compact(raw)),
    }
}

/// JSON without the spaces between its tokens.
fn compact(raw: &str) -> Cow<'_, str> {
    if !raw.contains([' ', '\t', '\r', '\n']) {
        return Cow::Borrowed(raw);
    }
    let (mut in_string, mut escaped) = (false, false);
    let keep = |character: &char| {
        let is_kept = in_string || !character.is_ascii_whitespace();
        in_string ^= *character == '"' && !escaped;
        escaped = in_string && *character == '\\' && !escaped;
        is_kept
    };
    Cow::Owned(raw.chars().filter(keep).collect())
}

/// Members in order, values unread. Twice the same key is two members.
struct Object<'a>(Vec<(Cow<'a, str>, &'a RawValue)>);

/// A key, borrowed unless it holds escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de> Deserialize<'de> for Object<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Members;
        impl<'de> Visitor<'de> for Members {
            type Value = Object<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a JSON object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some((Key(key), value)) = map.next_entry::<Key<'de>, &'de RawValue>()? {
                    members.push((key, value));
                }
                Ok(Object(members))
            }
        }
        deserializer.deserialize_map(Members)
    }
}

#[cfg(test)]
mod tests {
    use super::super::laws::{assert_rows, columns, read, read_error, text};

    #[test]
    fn values_are_copied_byte_for_byte() {
        let line = r#"{"id": 1234567890123456789012, "n": 1.0, "texte": "L\u2019été\n« ici »", "vu": true, "à": null, "l": [ "a b", {"c": 1} ]}"#;
        let rows = read("a.jsonl", format!("{line}\r\n\n{line}").as_bytes());
        let cells = "1234567890123456789012|1.0|L’été\n« ici »|true||[\"a b\",{\"c\":1}]";
        assert_rows(&rows, &[(1, cells, ""), (3, cells, "")]);
    }

    #[test]
    fn columns_are_all_keys_in_order_of_appearance() {
        let bytes = b"{\"text\":\"a\"}\n{\"id\":2,\"text\":\"b\",\"author\":{\"username\":\"zoe\",\"n\":1}}\n";
        assert_eq!(columns("a.jsonl", bytes), ["text", "id", "author", "author.username"]);
        let rows = read("a.jsonl", bytes);
        assert_eq!(text(&rows)[1].1, "b|2|{\"username\":\"zoe\",\"n\":1}|zoe");
    }

    #[test]
    fn bad_lines_are_rows_that_say_why() {
        let rows = read("a.jsonl", "{\"text\":\"a\"}\n[1]\n{\"text\":\"b\n{\"text\":\"\\ud800é\"}\n".as_bytes());
        let rows = text(&rows);
        assert!(rows[1].2.starts_with("not a JSON object (invalid type: sequence"), "{}", rows[1].2);
        assert!(rows[1].2.ends_with(": \"[1]\""), "{}", rows[1].2);
        assert!(rows[2].2.ends_with(r#": "{\"text\":\"b""#), "{}", rows[2].2);
        assert_eq!(rows[3].1, "\"\\ud800é\"");
        assert!(rows[3].2.starts_with("the text of \"text\" is not valid JSON ("), "{}", rows[3].2);
    }

    #[test]
    fn a_key_said_twice_loses_nothing() {
        let rows = read("a.jsonl", b"{\"text\":\"a\",\"text\":\"b\"}");
        assert_rows(&rows, &[(1, "a", "key \"text\" comes again: \"b\"")]);
    }

    #[test]
    fn what_is_not_json_lines_is_refused() {
        assert!(read_error("a.json", b"[\n {\"text\":\"a\"}]").contains("jq -c"));
        assert!(read_error("a.jsonl", b"bonjour\n").starts_with("a.jsonl line 1: is not a JSON object"));
        assert!(read_error("a.jsonl", b"\n\n").contains("is empty"));
    }
}
