//! Markup → text: tags dropped, entities decoded.

use super::{Edits, Step, Trigger, mojibake, scan};
use crate::types::Marks;
use std::ops::Range;

/// Reads HTML. Entities are decoded however often they were escaped (`&amp;amp;lt;` is `<`); what they decode to
/// is read again as markup, since a dump that escapes tags means tags.
#[derive(Debug)]
pub(super) struct Html;

/// Tags that begin a new line.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "dd",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "nav",
    "ol",
    "option",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "title",
    "tr",
    "ul",
];

/// Tags that leave no trace.
const INLINES: &[&str] = &[
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "button", "center", "cite", "code", "del", "dfn", "em", "embed",
    "font", "i", "iframe", "img", "input", "ins", "kbd", "label", "link", "mark", "meta", "object", "q", "s", "samp",
    "script", "select", "small", "source", "span", "strike", "strong", "style", "sub", "sup", "svg", "textarea",
    "time", "tt", "u", "var", "video", "audio", "wbr",
];

/// How far the end of a tag is looked for, so that tags never closed cost no more than their number. **Unit**: bytes.
const LONGEST_TAG: usize = 2 << 10;
/// The same for comments, scripts and styles.
const LONGEST_RAW: usize = 16 << 10;

impl Step for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn loses(&self) -> &'static str {
        "tags and their attributes, among them the targets of links"
    }

    fn decodes(&self) -> bool {
        true
    }

    fn trigger(&self) -> Trigger {
        Trigger::Bytes(b"<&")
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        let mut at = 0;
        while let Some(offset) = memchr::memchr2(b'<', b'&', &text.as_bytes()[at..]) {
            let start = at + offset;
            let end = if text.as_bytes()[start] == b'<' {
                strip_tags(text, start, edits)
            } else {
                Some(decode_entity(text, start, edits))
            };
            at = end.unwrap_or(start + 1);
        }
    }
}

/// Drops a run of tags, or puts a newline in its place if one of them begins a line inside the text.
fn strip_tags(text: &str, start: usize, edits: &mut Edits<'_>) -> Option<usize> {
    let mut end = start;
    let mut is_block = false;
    while let Some(tag) = tag_at(text, end) {
        is_block |= tag.is_block;
        end = tag.end;
    }
    if end == start {
        return None;
    }
    let is_inside = start > 0 && end < text.len();
    edits.replace(start..end, if is_block && is_inside { "\n" } else { "" });
    Some(end)
}

struct Tag {
    end: usize,
    is_block: bool,
}

fn tag_at(text: &str, at: usize) -> Option<Tag> {
    let rest = &text[at..];
    if let Some(comment) = rest.strip_prefix("<!--") {
        let length = memchr::memmem::find(within(comment.as_bytes(), LONGEST_RAW), b"-->")?;
        return Some(Tag { end: at + length + "<!---->".len(), is_block: false });
    }
    let is_closing = rest.strip_prefix('<')?.starts_with('/');
    let name = name_range(text, at + 1 + usize::from(is_closing));
    let is_name = |known: &&str| text[name.clone()].eq_ignore_ascii_case(known);
    let is_block = BLOCKS.iter().any(&is_name);
    if !is_block && !INLINES.iter().any(&is_name) {
        return None;
    }
    let end = tag_end(text, name.end)?;
    let is_raw = !is_closing && ["script", "style"].iter().any(is_name);
    let end = if is_raw { raw_end(text, &name, end) } else { end };
    Some(Tag { end, is_block })
}

fn within(bytes: &[u8], limit: usize) -> &[u8] {
    &bytes[..bytes.len().min(limit)]
}

fn name_range(text: &str, start: usize) -> Range<usize> {
    start..scan::run_end(text, start, |byte| byte.is_ascii_alphanumeric())
}

/// End of a tag after its name: `>`, `/>`, or attributes, which hold `=` (`i <s et t> j` is no tag).
fn tag_end(text: &str, name_end: usize) -> Option<usize> {
    let after = scan::run_end(text, name_end, |byte| byte.is_ascii_whitespace() || byte == b'/');
    if text.as_bytes().get(after) == Some(&b'>') {
        return Some(after + 1);
    }
    let mut quote = None;
    let mut has_value = false;
    for (offset, byte) in text.bytes().enumerate().skip(after).take(LONGEST_TAG) {
        match (quote, byte) {
            (None, b'>') => return (has_value && after > name_end).then_some(offset + 1),
            (None, b'<') => return None,
            (None, b'=') => has_value = true,
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

/// End of a script or style with its contents, or of its tag alone if nothing closes it.
fn raw_end(text: &str, name: &Range<usize>, tag_end: usize) -> usize {
    let name = &text[name.clone()];
    let closing =
        memchr::memmem::find_iter(within(&text.as_bytes()[tag_end..], LONGEST_RAW), b"</").find_map(|offset| {
            let start = tag_end + offset + 2;
            let found = name_range(text, start);
            text[found.clone()].eq_ignore_ascii_case(name).then(|| tag_end_or(text, found.end))
        });
    closing.unwrap_or(tag_end)
}

fn tag_end_or(text: &str, name_end: usize) -> usize {
    tag_end(text, name_end).unwrap_or(name_end)
}

/// Decodes one entity, through any number of `amp;`; says where it ends.
fn decode_entity(text: &str, start: usize, edits: &mut Edits<'_>) -> usize {
    const LONGEST: usize = 32;
    let mut name = start + 1;
    while text[name..].starts_with("amp;") {
        name += "amp;".len();
    }
    let end = scan::run_end(text, name, |byte| byte.is_ascii_alphanumeric() || byte == b'#');
    if text[end..].starts_with(';') && (2..LONGEST).contains(&(end - name)) {
        let entity = format!("&{}", &text[name..=end]);
        let decoded = html_escape::decode_html_entities(&entity);
        if decoded != entity {
            edits.replace(start..end + 1, &as_browsers_read(&decoded));
            return end + 1;
        }
    }
    edits.replace(start..name, "&");
    name
}

/// Browsers read `&#146;`, a control character, as windows-1252 shows it.
fn as_browsers_read(decoded: &str) -> String {
    decoded.chars().map(|character| mojibake::shown_by_cp1252(character).unwrap_or(character)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::normalize::testing::{expect, expect_same, normalized, run};

    #[test]
    fn drops_tags() {
        expect(
            &Html,
            &[
                ("<p>Bonjour<br />à <b>tous</b></p>", "Bonjour\nà tous"),
                ("<p>un</p><p>deux</p>", "un\ndeux"),
                ("<a href='https://x.fr' title=\"a > b\">ici</a>", "ici"),
                ("avant<!-- rien -->après", "avantaprès"),
                ("a<script>if (a<b) {}</script>b<STYLE type='x'>p{}</STYLE >c", "abc"),
                ("<script>perdu", "perdu"),
            ],
        );
    }

    #[test]
    fn decodes_entities() {
        expect(
            &Html,
            &[
                ("l&#39;&eacute;t&eacute;", "l'été"),
                ("R&amp;D", "R&D"),
                ("&amp;amp;laquo;", "«"),
                ("&#128512; &#x20AC;", "😀 €"),
                ("l&#146;ami", "l’ami"),
            ],
        );
        assert_eq!(normalized("&amp;lt;p&amp;gt;Oui&amp;lt;/p&amp;gt;"), "oui");
    }

    #[test]
    fn leaves_what_is_no_markup() {
        expect_same(
            &Html,
            &["a < b et b > a", "<3 <33", "<user> <url>", "i <s et t> j", "R&D; &inconnu; &#0; M&Ms", "<p", "été", ""],
        );
    }

    #[test]
    fn maps_back() {
        let out = run(&Html, "<b>&eacute;t</b>");
        assert_eq!((out.text.as_str(), out.original(&(0..2))), ("ét", 3..11));
    }
}
