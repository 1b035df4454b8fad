//! One JSON object a line: texts as strings, our numbers as numbers, keys in the order of the columns.

use super::numbers::decimals;
use super::record::Cells;

/// Writes objects into memory.
#[derive(Debug)]
pub(super) struct JsonCells {
    /// `"key":` of each column, with the sign before it.
    keys: Vec<Vec<u8>>,
    /// Position of the next cell.
    at: usize,
    bytes: Vec<u8>,
}

impl JsonCells {
    /// `columns` are all different.
    pub(super) fn new(columns: &[String]) -> Self {
        let key = |(at, name): (usize, &String)| {
            let mut key = vec![if at == 0 { b'{' } else { b',' }];
            string(name, &mut key);
            key.push(b':');
            key
        };
        Self { keys: columns.iter().enumerate().map(key).collect(), at: 0, bytes: Vec::new() }
    }

    /// The bytes written so far; begins anew.
    pub(super) fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.bytes)
    }

    fn key(&mut self) {
        self.bytes.extend_from_slice(&self.keys[self.at]);
        self.at += 1;
    }
}

impl Cells for JsonCells {
    fn text(&mut self, text: &str) {
        self.key();
        string(text, &mut self.bytes);
    }

    fn share(&mut self, units: u32) {
        self.key();
        self.bytes.extend_from_slice(&decimals(units, b'.'));
    }

    fn flag(&mut self, is_so: bool) {
        self.key();
        self.bytes.push(if is_so { b'1' } else { b'0' });
    }

    fn end(&mut self) {
        self.bytes.extend_from_slice(b"}\n");
        self.at = 0;
    }
}

fn string(text: &str, bytes: &mut Vec<u8>) {
    serde_json::to_writer(bytes, text).expect("memory takes every write");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_object_a_line() {
        let mut cells = JsonCells::new(&["n°".to_owned(), "p \"x\"".to_owned(), "abstain".to_owned()]);
        for nth in ["007", "1\n2"] {
            cells.text(nth);
            cells.share(10_000);
            cells.flag(false);
            cells.end();
        }
        let expected = "{\"n°\":\"007\",\"p \\\"x\\\"\":1.0000,\"abstain\":0}\n{\"n°\":\"1\\n2\",\"p \\\"x\\\"\":1.0000,\"abstain\":0}\n";
        assert_eq!(String::from_utf8(cells.take()).unwrap(), expected);
    }

    proptest! {
        #[test]
        fn any_text_is_one_line_and_comes_back(text in any::<String>()) {
            let mut cells = JsonCells::new(&["t".to_owned()]);
            cells.text(&text);
            cells.end();
            let bytes = cells.take();
            prop_assert_eq!(memchr::memchr_iter(b'\n', &bytes).count(), 1);
            let object: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            prop_assert_eq!(object["t"].as_str(), Some(text.as_str()));
        }
    }
}
