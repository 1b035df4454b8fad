//! What becomes of an output's bytes on their way into a file: nothing, compression, or a workbook.

use std::fmt;
use std::io::{self, BufWriter, IntoInnerError, Seek, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::output::BUFFER;
use super::workbook::Workbook;

/// What is to become of the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// Nothing.
    Plain,
    /// gzip.
    Gz,
    /// Zstandard.
    Zst,
    /// Cells into a workbook.
    Workbook,
}

/// A file behind its encoding.
#[derive(Debug)]
pub(crate) enum Encoder<W: Write> {
    /// As they are.
    Plain(BufWriter<W>),
    /// Without a time or a name in its head, so that the same bytes give the same file.
    Gz(GzEncoder<BufWriter<W>>),
    /// With a checksum, which readers verify.
    Zst(ZstEncoder<W>),
    /// The file stays empty until the workbook is whole.
    Workbook {
        /// The workbook.
        book: Box<Workbook>,
        /// Where it goes.
        file: W,
    },
}

/// Zstandard's encoder, which says nothing of itself.
pub(crate) struct ZstEncoder<W: Write>(zstd::Encoder<'static, BufWriter<W>>);

impl<W: Write> fmt::Debug for ZstEncoder<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ZstEncoder")
    }
}

impl<W: Write + Seek + Send> Encoder<W> {
    /// Before the first byte.
    pub(crate) fn new(encoding: Encoding, file: W) -> io::Result<Self> {
        let buffered = |file| BufWriter::with_capacity(BUFFER, file);
        Ok(match encoding {
            Encoding::Plain => Self::Plain(buffered(file)),
            Encoding::Gz => Self::Gz(GzEncoder::new(buffered(file), Compression::default())),
            Encoding::Zst => {
                let mut encoder = zstd::Encoder::new(buffered(file), zstd::DEFAULT_COMPRESSION_LEVEL)?;
                encoder.include_checksum(true)?;
                Self::Zst(ZstEncoder(encoder))
            }
            Encoding::Workbook => Self::Workbook { book: Box::new(Workbook::new()?), file },
        })
    }

    /// The file, to look at.
    pub(crate) fn get_ref(&self) -> &W {
        match self {
            Self::Plain(buffered) => buffered.get_ref(),
            Self::Gz(encoder) => encoder.get_ref().get_ref(),
            Self::Zst(encoder) => encoder.0.get_ref().get_ref(),
            Self::Workbook { file, .. } => file,
        }
    }

    /// Writes what is still held back, and gives the file.
    pub(crate) fn finish(self) -> io::Result<W> {
        let buffered = match self {
            Self::Plain(file) => file,
            Self::Gz(encoder) => encoder.finish()?,
            Self::Zst(ZstEncoder(encoder)) => encoder.finish()?,
            Self::Workbook { book, file } => {
                let mut buffered = BufWriter::with_capacity(BUFFER, file);
                book.save(&mut buffered)?;
                buffered
            }
        };
        buffered.into_inner().map_err(IntoInnerError::into_error)
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Plain(file) => file.write(bytes),
            Self::Gz(encoder) => encoder.write(bytes),
            Self::Zst(ZstEncoder(encoder)) => encoder.write(bytes),
            Self::Workbook { book, .. } => book.add(bytes).map(|()| bytes.len()),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Plain(file) => file.flush(),
            Self::Gz(encoder) => encoder.flush(),
            Self::Zst(ZstEncoder(encoder)) => encoder.flush(),
            // Nothing of it is in the file before all is.
            Self::Workbook { .. } => Ok(()),
        }
    }
}
