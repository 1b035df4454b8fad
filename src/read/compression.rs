//! Compressed inputs, known by their first bytes, never by their names: gzip and Zstandard, in constant memory.
//!
//! Both may be several streams one after the other, as `cat a.gz b.gz` and parallel compressors leave them. A stream that
//! stops before its end, or whose checksum is wrong, is an error: half a corpus must not pass for a whole one.

use std::borrow::Cow;
use std::error::Error as _;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::error::{Error, ErrorKind};

/// Bytes taken from a file at once.
const BUFFER: usize = 1 << 16;
/// Bytes that tell a compression.
const MAGIC_BYTES: usize = 4;
/// Endings of compressed files, which say nothing of the format inside.
const EXTENSIONS: [&str; 4] = ["gz", "gzip", "zst", "zstd"];

/// How an input is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// `.gz`
    Gzip,
    /// `.zst`
    Zstd,
}

impl Compression {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }

    /// What begins so. Zstandard may begin with a frame that is to be skipped, as `pzstd` writes it.
    fn of(magic: &[u8]) -> Option<Self> {
        match magic {
            [0x1F, 0x8B, ..] => Some(Self::Gzip),
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Some(Self::Zstd),
            _ => None,
        }
    }

    /// The error of a stream, as it travels through [`Read`].
    fn damaged(self, is_cut: bool) -> io::Error {
        io::Error::other(Error::new(ErrorKind::DamagedCompression { compression: self.as_str(), is_cut }))
    }
}

/// A reader of what is inside, and how it was compressed; of the reader's own bytes where it is not.
pub(super) fn plain(mut reader: Box<dyn Read + Send>) -> io::Result<(Box<dyn Read + Send>, Option<Compression>)> {
    let mut magic = Vec::with_capacity(MAGIC_BYTES);
    reader.by_ref().take(MAGIC_BYTES as u64).read_to_end(&mut magic)?;
    let compression = Compression::of(&magic);
    let whole = Cursor::new(magic).chain(reader);
    let buffered = |whole| BufReader::with_capacity(BUFFER, whole);
    let inside: Box<dyn Read + Send> = match compression {
        Some(Compression::Gzip) => Box::new(Members(MultiGzDecoder::new(buffered(whole)))),
        Some(Compression::Zstd) => {
            Box::new(Frames { source: buffered(whole), decoder: FrameDecoder::new(), inside: false })
        }
        None => Box::new(whole),
    };
    Ok((inside, compression))
}

/// What is inside a regular file, from its beginning.
pub(super) fn open(path: &Path) -> io::Result<Box<dyn Read + Send>> {
    Ok(plain(Box::new(File::open(path)?))?.0)
}

/// A file's name without the ending of its compression, which the format inside is told by: `a.jsonl` for `a.jsonl.gz`.
pub(super) fn plain_name(path: &Path) -> Cow<'_, Path> {
    let is_compressed = |ending: &str| EXTENSIONS.iter().any(|known| ending.eq_ignore_ascii_case(known));
    match path.extension().and_then(|extension| extension.to_str()) {
        Some(ending) if is_compressed(ending) => Cow::Owned(path.with_extension("")),
        _ => Cow::Borrowed(path),
    }
}

/// The members of a gzip file, one after the other.
struct Members<R>(MultiGzDecoder<R>);

impl<R: BufRead> Read for Members<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        self.0.read(out).map_err(|error| match error.kind() {
            io::ErrorKind::UnexpectedEof => Compression::Gzip.damaged(true),
            io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => Compression::Gzip.damaged(false),
            _ => error,
        })
    }
}

/// The frames of a Zstandard file, one after the other.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    /// Whether a frame was begun and not yet ended.
    inside: bool,
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        while !out.is_empty() {
            if self.inside && self.decoder.can_collect() > 0 {
                return self.decoder.read(out);
            }
            if self.inside && !self.decoder.is_finished() {
                let blocks = BlockDecodingStrategy::UptoBlocks(1);
                self.decoder.decode_blocks(&mut self.source, blocks).map_err(told)?;
            } else if self.inside {
                self.end_frame()?;
            } else if self.source.fill_buf()?.is_empty() {
                break;
            } else {
                self.begin_frame()?;
            }
        }
        Ok(0)
    }
}

impl<R: BufRead> Frames<R> {
    fn begin_frame(&mut self) -> io::Result<()> {
        match self.decoder.reset(&mut self.source) {
            Ok(()) => self.inside = true,
            Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                let length = u64::from(length);
                if io::copy(&mut self.source.by_ref().take(length), &mut io::sink())? < length {
                    return Err(Compression::Zstd.damaged(true));
                }
            }
            Err(error) => return Err(told(error)),
        }
        Ok(())
    }

    /// Compares what was read with the frame's checksum, if it has one.
    fn end_frame(&mut self) -> io::Result<()> {
        self.inside = false;
        let written = self.decoder.get_checksum_from_data();
        let is_right = written.is_none() || written == self.decoder.get_calculated_checksum();
        if is_right { Ok(()) } else { Err(Compression::Zstd.damaged(false)) }
    }
}

/// What an error of the decoder means.
#[allow(clippy::needless_pass_by_value, reason = "as map_err hands it over")]
fn told(error: FrameDecoderError) -> io::Error {
    if let FrameDecoderError::WindowSizeTooBig { .. } = error {
        let instead = "decompress it first (zstd -d --long=31)";
        return io::Error::other(Error::new(ErrorKind::Unsupported {
            what: "compressed by zstd with a long window",
            instead,
        }));
    }
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(error) = cause {
        match error.downcast_ref::<io::Error>().map(io::Error::kind) {
            Some(io::ErrorKind::UnexpectedEof) => return Compression::Zstd.damaged(true),
            // The system's own: the disk, not the data.
            Some(kind) if kind != io::ErrorKind::Other => return kind.into(),
            _ => cause = error.source(),
        }
    }
    Compression::Zstd.damaged(false)
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::write::GzEncoder;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};

    use super::*;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        compress_to_vec(bytes, CompressionLevel::Fastest)
    }

    fn read(bytes: &[u8]) -> Result<Vec<u8>, String> {
        let mut inside = Vec::new();
        let read =
            plain(Box::new(Cursor::new(bytes.to_vec()))).and_then(|(mut plain, _)| plain.read_to_end(&mut inside));
        read.map(|_| inside).map_err(|error| ErrorKind::of_reading(error).to_string())
    }

    /// Text that does not compress to nothing.
    fn text() -> Vec<u8> {
        (0..40_000_u64)
            .flat_map(|row| format!("{row} l’été {}\n", row.wrapping_mul(0x9E37_79B9_7F4A_7C15)).into_bytes())
            .collect()
    }

    #[test]
    fn both_are_read_and_anything_else_is_itself() {
        for bytes in [text(), b"a".to_vec(), Vec::new()] {
            assert_eq!(read(&gzip(&bytes)).unwrap(), bytes);
            assert_eq!(read(&zstd(&bytes)).unwrap(), bytes);
            assert_eq!(read(&bytes).unwrap(), bytes);
        }
    }

    #[test]
    fn streams_one_after_the_other_are_one() {
        assert_eq!(read(&[gzip(b"a\n"), gzip(b""), gzip(b"b\n")].concat()).unwrap(), b"a\nb\n");
        let skipped = b"\x51\x2A\x4D\x18\x03\0\0\0abc".to_vec();
        assert_eq!(read(&[skipped.clone(), zstd(b"a\n"), skipped, zstd(b"b\n")].concat()).unwrap(), b"a\nb\n");
    }

    #[test]
    fn every_cut_is_told() {
        for whole in [gzip(&text()[..3000]), zstd(&text()[..3000])] {
            for length in MAGIC_BYTES..whole.len() {
                let said = read(&whole[..length]).unwrap_err();
                assert!(said.starts_with("is cut short: its "), "{length} of {}: {said}", whole.len());
            }
        }
    }

    #[test]
    fn damage_is_told() {
        for mut bytes in [gzip(&text()), zstd(&text())] {
            let middle = bytes.len() / 2;
            bytes[middle..middle + 40].fill(0x5A);
            let said = read(&bytes).unwrap_err();
            assert!(said.starts_with("is damaged: ") || said.starts_with("is cut short: "), "{said}");
        }
        assert!(read(&[gzip(b"a"), b"b".to_vec()].concat()).is_err());
    }

    #[test]
    fn names_lose_one_ending() {
        let names = [("a.jsonl.gz", "a.jsonl"), ("d/a.ZST", "d/a"), ("a.csv", "a.csv"), ("-", "-")];
        assert!(names.iter().all(|(name, plain)| plain_name(Path::new(name)) == Path::new(plain)));
    }
}
