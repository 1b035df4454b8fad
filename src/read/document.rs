//! Texts of paragraphs; a blog page saved by « print this page » among them.
//!
//! In an ordinary document blank lines part the paragraphs, and line ends inside one are kept: many are wrapped by hand.
//! In a saved page each line is a paragraph (`WP-Print` writes `<p>` and `<br>` alike as line ends and wraps nothing),
//! and what is not the author's text is dropped: site header, title, byline, buttons, link marks ` [2]`, and all
//! from `Article printed from` on.

use std::path::Path;
use std::sync::Arc;

use super::chunk::{Chunk, Layout, Opened, Opening, decode, last_line_end, lines_of};
use super::{Format, FormatName};
use crate::error::Result;
use crate::types::Row;

/// Paragraphs of a text. `.txt` is read so in a directory, or where it is a saved page.
pub(super) const FORMAT: Format = Format { name: FormatName::Document, extensions: &[], open };

const BYLINES: [&str; 4] = ["posted by ", "posté par ", "publié par ", "écrit par "];
const BUTTONS: [&str; 6] = ["pin it", "tweet", "tweeter", "partager", "share", "print"];
const ENDS: [&str; 10] = [
    "article printed from",
    "article imprimé depuis",
    "article imprimé à partir de",
    "url to article",
    "url de l’article",
    "url de l'article",
    "url in this post",
    "urls in this post",
    "url dans cet article",
    "urls dans cet article",
];

#[expect(clippy::unnecessary_wraps, reason = "the shape of every format's `open`")]
fn open(opening: &Opening<'_>) -> Result<Opened> {
    let columns = ["id", "document", "paragraph", "text"].map(String::from).to_vec();
    let is_page = is_saved_page(opening.head);
    let note = is_page.then(|| "read as a saved blog page: title, byline, buttons and link list dropped".to_owned());
    let layout = Document { name: file_name(opening.name), stem: file_stem(opening.name), is_page };
    Ok(Opened { columns, start: 0, delimiter: None, notes: note.into_iter().collect(), layout: Arc::new(layout) })
}

fn file_name(path: &Path) -> String {
    path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

fn file_stem(path: &Path) -> String {
    path.file_stem().unwrap_or(path.as_os_str()).to_string_lossy().into_owned()
}

/// Whether a text begins or ends as `WP-Print` does, or holds its « Pin it » button.
pub(super) fn is_saved_page(head: &[u8]) -> bool {
    let mut lines = lines_of(head).map(String::from_utf8_lossy).filter(|line| !line.trim().is_empty());
    lines.next().is_some_and(|line| is_site_header(line.trim()))
        || lines_of(head).map(String::from_utf8_lossy).any(|line| {
            let line = line.trim().to_lowercase();
            line.starts_with("pin it [") || ENDS[..3].iter().any(|end| line.starts_with(end))
        })
}

/// `- Le blog d'Élise - https://… -`
fn is_site_header(line: &str) -> bool {
    line.starts_with("- ") && line.ends_with(" -") && line.contains(" - http")
}

/// One text.
#[derive(Debug)]
struct Document {
    name: String,
    stem: String,
    is_page: bool,
}

impl Layout for Document {
    /// At a blank line. A page is not cut: what is dropped of it depends on what came before.
    fn cut(&self, window: &[u8]) -> Option<usize> {
        if self.is_page {
            return None;
        }
        let mut end = last_line_end(window)?;
        loop {
            let start = last_line_end(&window[..end - 1]).unwrap_or(0);
            if window[start..end].trim_ascii().is_empty() {
                return Some(end);
            }
            end = Some(start).filter(|start| *start > 0)?;
        }
    }

    fn count(&self, records: &[u8]) -> u64 {
        if self.is_page { 0 } else { blocks(records).len() as u64 }
    }

    fn rows(&self, chunk: &Chunk, on_row: &mut dyn FnMut(u64, &Row)) {
        let paragraphs = if self.is_page { page(&chunk.bytes) } else { blocks(&chunk.bytes) };
        let mut row = Row::default();
        for (number, paragraph) in (chunk.first_row + 1..).zip(paragraphs) {
            row.cells.clear();
            row.cells.push_field(&format!("{}#{number}", self.stem));
            row.cells.push_field(&self.name);
            row.cells.push_field(&number.to_string());
            row.cells.push_field(&paragraph.text);
            row.error = paragraph.error;
            on_row(chunk.first_line + paragraph.line, &row);
        }
    }
}

#[derive(Default)]
struct Paragraph {
    /// Line ends before it.
    line: u64,
    text: String,
    error: String,
}

impl Paragraph {
    fn add(&mut self, line: &[u8]) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let text = decode(line.trim_ascii_end(), &mut self.error);
        self.text.push_str(&text);
    }
}

/// Runs of lines that are not blank.
fn blocks(bytes: &[u8]) -> Vec<Paragraph> {
    let mut blocks: Vec<Paragraph> = Vec::new();
    let mut inside = false;
    for (number, line) in (0..).zip(lines_of(bytes)) {
        let is_blank = line.trim_ascii().is_empty();
        if !is_blank && !inside {
            blocks.push(Paragraph { line: number, ..Paragraph::default() });
        }
        inside = !is_blank;
        if let Some(block) = blocks.last_mut().filter(|_| inside) {
            block.add(line);
        }
    }
    blocks
}

/// The author's lines of a saved page.
fn page(bytes: &[u8]) -> Vec<Paragraph> {
    let mut lines: Vec<Paragraph> = Vec::new();
    for (number, line) in (0..).zip(lines_of(bytes)) {
        let mut paragraph = Paragraph { line: number, ..Paragraph::default() };
        paragraph.add(line.trim_ascii());
        let lower = paragraph.text.to_lowercase();
        if ENDS.iter().any(|end| lower.starts_with(end)) {
            break;
        }
        if !paragraph.text.is_empty() {
            lines.push(paragraph);
        }
    }
    lines.drain(..head_lines(&lines));
    for line in &mut lines {
        line.text = without_marks(&line.text);
    }
    lines.retain(|line| !is_button(&line.text) && !line.text.is_empty());
    lines
}

/// How many of a page's lines are its header, title and byline.
fn head_lines(lines: &[Paragraph]) -> usize {
    let header = usize::from(lines.first().is_some_and(|line| is_site_header(&line.text)));
    let at = |position: usize| lines.get(position).map(|line| without_marks(&line.text)).unwrap_or_default();
    let is_byline = |line: &str| BYLINES.iter().any(|byline| line.to_lowercase().starts_with(byline));
    // A title stands under the site header, or over the byline or the buttons.
    let has_title = header == 1 || is_byline(&at(1)) || is_button(&at(1));
    let title = usize::from(has_title && !is_button(&at(header)) && !is_byline(&at(header)));
    let after = header + title;
    after + usize::from(after > 0 && is_byline(&at(after)))
}

fn is_button(line: &str) -> bool {
    BUTTONS.contains(&line.trim().to_lowercase().as_str())
}

/// A line without its marks ` [12]`, which point to the list of links that is dropped.
fn without_marks(line: &str) -> String {
    let mut kept = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(" [") {
        let (before, mark) = rest.split_at(at);
        let digits = mark[2..].bytes().take_while(u8::is_ascii_digit).count();
        let is_mark = (1..=3).contains(&digits) && mark[2 + digits..].starts_with(']');
        let length = if is_mark { digits + 3 } else { 2 };
        kept.push_str(before);
        kept.push_str(if is_mark { "" } else { &mark[..length] });
        rest = &mark[length..];
    }
    kept + rest
}

#[cfg(test)]
mod tests {
    use super::super::FormatName;
    use super::super::laws::{assert_rows, read, read_as};

    const PAGE: &str = "- Le blog d’Élise - https://blog.example -\r\n\r\nUn titre\r\n\r\nPosted By Élise On 3 mai In Vie\r\n\
        \r\nPin It [1]\r\n\r\nPremier [2] paragraphe.\r\nDeuxième [sic], [12]\r\n\r\nPartager\r\n\
        Article printed from Le blog: https://blog.example\r\nURLs in this post:\r\n[1] Pin It: https://x.example\r\n";

    #[test]
    fn a_saved_page_is_its_authors_lines() {
        let rows = read("billet.txt", PAGE.as_bytes());
        let expected =
            [(9, "billet#1|billet.txt|1|Premier paragraphe.", ""), (10, "billet#2|billet.txt|2|Deuxième [sic],", "")];
        assert_rows(&rows, &expected);
    }

    #[test]
    fn a_page_without_its_header_is_known_by_its_button() {
        let rows = read("p.txt", "Un titre\n\nPin It [1]\n\nL’été [2].\n".as_bytes());
        assert_rows(&rows, &[(5, "p#1|p.txt|1|L’été.", "")]);
    }

    #[test]
    fn blank_lines_part_paragraphs() {
        let bytes = "\n  Un vers,\r\nun autre.  \r\n \t\r\n\r\nLa fin".as_bytes();
        let rows = read_as(FormatName::Document, "poème.txt", bytes);
        let expected = [(2, "poème#1|poème.txt|1|  Un vers,\nun autre.", ""), (6, "poème#2|poème.txt|2|La fin", "")];
        assert_rows(&rows, &expected);
    }
}
