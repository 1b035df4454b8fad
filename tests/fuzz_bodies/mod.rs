//! What must hold whatever the bytes. Run at length by the targets of `fuzz/`, briefly by `tests/fuzz_short.rs`.

#![allow(dead_code, reason = "each fuzz target uses one of them")]

use std::io::{self, Read};

use franc_parler::model::{FileDigest, Manifest, Model, hex_digest};
use franc_parler::normalize::{Normalizer, NormalizerConfig};
use franc_parler::pipeline::Pipeline;
use franc_parler::read::{FORMATS, FormatName, Input, ReadOptions};
use franc_parler::tokenize::FrenchTokenizer;
use franc_parler::types::{Message, Normalized, Row, Token};

/// What an input was read as: its columns and rows, or what is wrong with it.
type Outcome = Result<(Vec<String>, Vec<Row>), String>;

/// Bytes as CSV.
pub(crate) fn read_csv(bytes: &[u8]) {
    read_as(bytes, Some(FormatName::Csv));
}

/// Bytes as JSONL.
pub(crate) fn read_jsonl(bytes: &[u8]) {
    read_as(bytes, Some(FormatName::Jsonl));
}

/// Bytes as whatever they look like, then as every format.
pub(crate) fn read_any(bytes: &[u8]) {
    read_as(bytes, None);
    for format in FORMATS {
        read_as(bytes, Some(format.name));
    }
}

fn read_as(bytes: &[u8], format: Option<FormatName>) {
    let whole = read(Box::new(io::Cursor::new(bytes.to_vec())), format);
    let dribbled = read(Box::new(Dribble { bytes: bytes.to_vec(), at: 0 }), format);
    assert_eq!(whole, dribbled, "how the bytes arrive changes nothing");
}

fn read(reader: Box<dyn Read + Send>, format: Option<FormatName>) -> Outcome {
    let options = ReadOptions { format, ..ReadOptions::default() };
    let input = Input::from_reader("-", reader, &options).map_err(|error| error.to_string())?;
    let (columns, head) = (input.columns.clone(), input.head().to_vec());
    let roles = input.roles().ok();
    let mut rows: Vec<Row> = Vec::new();
    let mut last_line = 0;
    for item in input.rows() {
        let (line, row) = item.map_err(|error| error.to_string())?;
        assert!(line >= last_line, "lines ascend: {line} after {last_line}");
        assert_eq!(row.cells.len(), columns.len(), "one cell a column: {row:?}");
        if let Some(roles) = &roles {
            let message = roles.message(&row);
            assert!(message.parent().is_none_or(|parent| !parent.trim().is_empty()));
        }
        last_line = line;
        rows.push(row);
    }
    assert_eq!(head, rows[..head.len()], "the head is the first rows");
    Ok((columns, rows))
}

/// Hands out a few bytes at a time.
struct Dribble {
    bytes: Vec<u8>,
    at: usize,
}

impl Read for Dribble {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        const MOST: usize = 7;
        let rest = &self.bytes[self.at..];
        let n_bytes = rest.len().min(buffer.len()).min(MOST);
        buffer[..n_bytes].copy_from_slice(&rest[..n_bytes]);
        self.at += n_bytes;
        Ok(n_bytes)
    }
}

/// Bytes as a text: normalised twice is normalised once, spans are whole and lead back into the text.
pub(crate) fn normalize_tokenize(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let normalizer = Normalizer::new(&NormalizerConfig::default()).expect("the default settings are possible");
    let once = normalizer.normalize(&text);
    assert_eq!(normalizer.normalize(&once.text).text, once.text, "twice is once");
    check_tokens(&text, &once, &FrenchTokenizer.tokenize(&once.text));
}

fn check_tokens(original: &str, normalized: &Normalized, tokens: &[Token]) {
    let text = &normalized.text;
    let mut end = 0;
    let mut original_start = 0;
    for token in tokens {
        let span = &token.span;
        assert!(span.start >= end && span.end > span.start, "tokens are in order: {span:?} after {end}");
        assert!(text[end..span.start].chars().all(char::is_whitespace), "between tokens is white space");
        assert!(text.get(span.clone()).is_some(), "{span:?} is on character boundaries");
        let source = normalized.original(span);
        assert!(original.get(source.clone()).is_some(), "{span:?} comes from {source:?} of {} bytes", original.len());
        assert!(source.start >= original_start, "the way back is monotone");
        (end, original_start) = (span.end, source.start);
    }
    assert!(text[end..].chars().all(char::is_whitespace), "after the last token is white space");
}

/// Between the three parts of [`load_model`]'s bytes: nowhere in UTF-8.
pub(crate) const CUT: &[u8] = b"\xFF\xFF";

/// Bytes as the three files of a model, as they are and under a manifest made to fit them. A model that loads must classify.
pub(crate) fn load_model(bytes: &[u8]) {
    let (manifest, rest) = cut(bytes);
    let (tokenizer, weights) = cut(rest);
    for manifest in [Some(manifest.to_vec()), fitting(manifest, tokenizer, weights)].into_iter().flatten() {
        if let Ok(model) = Model::from_bytes(&manifest, tokenizer, weights) {
            use_model(model);
        }
    }
}

fn cut(bytes: &[u8]) -> (&[u8], &[u8]) {
    let at = bytes.windows(CUT.len()).position(|window| window == CUT);
    at.map_or((bytes, &[][..]), |at| (&bytes[..at], &bytes[at + CUT.len()..]))
}

/// The manifest with the lengths and checksums of these files, so that it is their content that is put to the test.
fn fitting(manifest: &[u8], tokenizer: &[u8], weights: &[u8]) -> Option<Vec<u8>> {
    sealed(serde_json::from_slice(manifest).ok()?, tokenizer, weights)
}

/// A manifest that is whole by its own account.
pub(crate) fn sealed(mut manifest: Manifest, tokenizer: &[u8], weights: &[u8]) -> Option<Vec<u8>> {
    let digest =
        |name: &str, bytes: &[u8]| FileDigest { name: name.to_owned(), bytes: bytes.len(), sha256: hex_digest(bytes) };
    manifest.files = vec![digest("tokenizer.json", tokenizer), digest("weights.safetensors", weights)];
    manifest.checksum = "0".repeat(64);
    manifest.checksum = hex_digest(serde_json::to_string_pretty(&manifest).ok()?.as_bytes());
    serde_json::to_vec_pretty(&manifest).ok()
}

fn use_model(model: Model) {
    model.to_files().expect("a model that was read can be written");
    let Ok(pipeline) = Pipeline::new(model) else { return };
    let answer = Message::new("Merci, l’équipe ! On y sera : https://t.co/abc 😀").with_parent("Vous venez ?");
    for message in [Message::default(), answer] {
        let prediction = pipeline.classify(&message);
        assert_eq!(prediction.probabilities.len(), pipeline.labels().len());
        assert!(prediction.label_id < pipeline.labels().len());
        let all = prediction.probabilities.iter().chain(&prediction.attributes);
        assert!(all.clone().all(|share| (0.0..=1.0).contains(share)), "{prediction:?}");
    }
}
