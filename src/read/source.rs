//! The bytes of an input as UTF-8, whatever its encoding, in constant memory.

use std::fmt;
use std::io::{self, Read};
use std::path::Path;

use encoding_rs::{Decoder, Encoding, UTF_8};

use super::compression;
use super::encoding::{SAMPLE_BYTES, Sniffed};

/// Where decoded bytes come from.
pub(super) struct Source {
    reader: Box<dyn Read + Send>,
    /// `None` for UTF-8, whose rows are checked one by one where they are parsed.
    decoder: Option<Decoder>,
    raw: Vec<u8>,
}

impl Source {
    /// Reads on after `sample`, which was taken from `reader` to find out the encoding.
    pub(super) fn new(mut sample: Vec<u8>, reader: Box<dyn Read + Send>, sniffed: &Sniffed) -> Self {
        sample.drain(..sniffed.bom_bytes.min(sample.len()));
        let reader = Box::new(io::Cursor::new(sample).chain(reader));
        Self { reader, decoder: decoder(sniffed.encoding), raw: Vec::new() }
    }

    /// Reads a regular file from its beginning.
    pub(super) fn open(path: &Path, sniffed: &Sniffed) -> io::Result<Self> {
        let mut reader = compression::open(path)?;
        io::copy(&mut (&mut *reader).take(sniffed.bom_bytes as u64), &mut io::sink())?;
        Ok(Self { reader, decoder: decoder(sniffed.encoding), raw: Vec::new() })
    }

    /// Appends about `wanted` bytes to `out`; whether that was the end.
    pub(super) fn read(&mut self, out: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
        let Some(decoder) = &mut self.decoder else { return read_some(&mut self.reader, out, wanted) };
        self.raw.clear();
        let ended = read_some(&mut self.reader, &mut self.raw, wanted)?;
        let start = out.len();
        let room = decoder.max_utf8_buffer_length(self.raw.len()).unwrap_or(self.raw.len() * 4);
        out.resize(start + room, 0);
        let (_, _, written, _) = decoder.decode_to_utf8(&self.raw, &mut out[start..], ended);
        out.truncate(start + written);
        Ok(ended)
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("decodes", &self.decoder.is_some()).finish_non_exhaustive()
    }
}

/// The first bytes of a reader, and whether they are all.
pub(super) fn read_sample(reader: &mut dyn Read) -> io::Result<(Vec<u8>, bool)> {
    let mut sample = Vec::new();
    let ended = read_some(reader, &mut sample, SAMPLE_BYTES)?;
    Ok((sample, ended))
}

/// Appends `wanted` bytes, or fewer at the end.
fn read_some(reader: &mut dyn Read, out: &mut Vec<u8>, wanted: usize) -> io::Result<bool> {
    out.reserve(wanted);
    Ok(reader.take(wanted as u64).read_to_end(out)? < wanted)
}

fn decoder(encoding: &'static Encoding) -> Option<Decoder> {
    (encoding != UTF_8).then(|| encoding.new_decoder_without_bom_handling())
}
