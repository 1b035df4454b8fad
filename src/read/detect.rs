//! Which format an input is in: what was asked for, else its name, else its content.

use super::aliases::is_text_name;
use super::chunk::{Opening, lines_of};
use super::delimiter;
use super::document::is_saved_page;
use super::{FORMATS, Format, FormatName, named};
use crate::error::{ErrorKind, Result};

/// First bytes of files that are tables or text only after conversion.
const FOREIGN: [(&[u8], &str, &str); 8] = [
    (b"\x1F\x8B", "compressed twice", "decompress it once (gzip -d)"),
    (b"\x28\xB5\x2F\xFD", "compressed twice", "decompress it once (zstd -d)"),
    (b"BZh", "compressed by bzip2", "decompress it first (bzip2 -d)"),
    (b"\xFD7zXZ", "compressed by xz", "decompress it first (xz -d)"),
    (b"PK\x03\x04", "a zip archive or a spreadsheet (.xlsx, .ods)", "unpack it, or save the sheet as CSV"),
    (b"\xD0\xCF\x11\xE0", "an old Office document (.xls, .doc)", "save it as CSV or as text"),
    (b"%PDF-", "a PDF", "save its text first (pdftotext)"),
    (b"PAR1", "a Parquet file", "write it as CSV or JSON lines first"),
];

/// Where a tar archive says that it is one.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// Refuses what is surely not text.
pub(super) fn refuse_foreign(sample: &[u8]) -> Result<()> {
    if sample.get(TAR.0..).is_some_and(|rest| rest.starts_with(TAR.1)) {
        return Err(ErrorKind::Unsupported {
            what: "a tar archive",
            instead: "unpack it (tar -xf), and name its files",
        }
        .into());
    }
    match FOREIGN.iter().find(|(magic, ..)| sample.starts_with(magic)) {
        Some((_, what, instead)) => Err(ErrorKind::Unsupported { what, instead }.into()),
        None => Ok(()),
    }
}

/// The format of an input.
pub(super) fn format_of(opening: &Opening<'_>) -> &'static Format {
    if let Some(name) = opening.options.format {
        return named(name);
    }
    let extension = opening.name.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    let extension = extension.to_ascii_lowercase();
    match FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str())) {
        Some(format) if format.name == FormatName::Lines => named(text_file(opening)),
        Some(format) => format,
        None => named(unnamed(opening)),
    }
}

/// `.txt` is a saved page, or what Excel calls « Texte Unicode » (cells between tabs), or lines.
fn text_file(opening: &Opening<'_>) -> FormatName {
    if is_saved_page(opening.head) {
        FormatName::Document
    } else if delimiter::guess_table(opening.head, opening.whole) == Some(b'\t') {
        FormatName::Tsv
    } else {
        FormatName::Lines
    }
}

/// The format of a pipe, or of a file whose name says nothing.
fn unnamed(opening: &Opening<'_>) -> FormatName {
    let content = opening.head.trim_ascii_start();
    let is_array = content.starts_with(b"[") && content[1..].trim_ascii_start().starts_with(b"{");
    if content.starts_with(b"{") || is_array {
        return FormatName::Jsonl;
    }
    let declared = delimiter::declared(opening.head).is_some();
    let asked = opening.options.delimiter.is_some();
    if declared
        || asked
        || has_text_header(opening.head)
        || delimiter::guess_table(opening.head, opening.whole).is_some()
    {
        return FormatName::Csv;
    }
    text_file(opening)
}

/// One column: the first line is the name of a text and nothing else.
fn has_text_header(head: &[u8]) -> bool {
    let line = lines_of(head).next().unwrap_or_default();
    std::str::from_utf8(line).is_ok_and(|name| is_text_name(name.trim().trim_matches('"')))
}

#[cfg(test)]
mod tests {
    use super::super::FormatName::{Csv, Document, Jsonl, Lines, Tsv};
    use super::super::laws::{opened, read_error};

    #[test]
    fn names_then_contents_decide() {
        let cases: [(&str, &str, _); 13] = [
            ("a.CSV", "texte\nça\n", Csv),
            ("a.tab", "id\ttexte\n", Tsv),
            ("a.ndjson", "{\"texte\":1}", Jsonl),
            ("a.txt", "id,texte\n1,ça\n", Lines),
            ("a.txt", "id\ttexte\n1\tça\n", Tsv),
            ("a.txt", "- Blog - https://b.example -\n\nTitre\n", Document),
            ("-", "  {\"texte\":1}", Jsonl),
            ("-", "id;Texte\n1;ça\n", Csv),
            ("-", "sep=;\nid;verbatims\n", Csv),
            ("-", "Bonjour, message reçu\nMerci\n", Lines),
            ("a.dat", "L'été\n", Lines),
            ("-", "texte\nBonjour, ça va ?\n", Csv),
            ("-", "texte libre\nBonjour\n", Lines),
        ];
        for (name, bytes, expected) in cases {
            assert_eq!(opened(name, bytes.as_bytes()).facts.format, expected, "{name} {bytes:?}");
        }
    }

    #[test]
    fn foreign_files_are_named() {
        assert!(read_error("a.csv", b"PK\x03\x04...").contains("save the sheet as CSV"));
        assert!(read_error("a.csv.bz2", b"BZh91").contains("bzip2 -d"));
    }
}
