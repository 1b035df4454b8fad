//! Whatever is not a word: masked classes, emoji, emoticons, punctuation.

use unicode_segmentation::UnicodeSegmentation;

use crate::types::{Class, Token, TokenKind};

/// ASCII smileys as they look in lower case, longest first where one begins another.
const EMOTICONS: &[&str] = &[
    ":'-(", ":'-)", ">:-(", ":-))", ":-((", ":'(", ":')", ":-)", ":-(", ":-d", ":-p", ":-/", ":-o", ":-*", ":-|",
    ";-)", "=-)", "-_-", "\\o/", "<3", "</3", "^_^", ":))", ":((", ":)", ":(", ":d", ":p", ":/", ":o", ":*", ":|",
    ";)", ";p", "=)", "=(", "=d", "=p", "^^", ":3", ":$", ":s",
];

/// Pushes the token at `start`, which begins no word; returns its end.
pub(super) fn scan(text: &str, start: usize, tokens: &mut Vec<Token>) -> usize {
    let rest = &text[start..];
    let (length, kind) = emoticon(rest).or_else(|| punctuation(rest)).unwrap_or_else(|| other(rest));
    tokens.push(Token { span: start..start + length, kind });
    start + length
}

/// An emoticon, unless a letter follows one that ends in a letter (`:d` in `:demain`).
fn emoticon(rest: &str) -> Option<(usize, TokenKind)> {
    // Commas and full stops, by far the commonest, begin none.
    rest.starts_with([':', ';', '=', '<', '>', '-', '^', '\\']).then_some(())?;
    let found = EMOTICONS.iter().find(|emoticon| rest.starts_with(**emoticon))?;
    let ends_in_letter = found.ends_with(char::is_alphanumeric);
    let letter_follows = rest[found.len()..].starts_with(char::is_alphanumeric);
    (!(ends_in_letter && letter_follows)).then_some((found.len(), TokenKind::Emoticon))
}

/// A run of one ASCII mark; `?` and `!` run together.
fn punctuation(rest: &str) -> Option<(usize, TokenKind)> {
    let bytes = rest.as_bytes();
    let first = *bytes.first().filter(|byte| byte.is_ascii_punctuation())?;
    let shouts = |byte: u8| byte == b'!' || byte == b'?';
    let same = |byte: &&u8| **byte == first || (shouts(first) && shouts(**byte));
    Some((bytes.iter().take_while(same).count(), TokenKind::Punctuation))
}

/// A masked class, or one grapheme: an emoji with its modifiers and joiners, a flag, any other character.
fn other(rest: &str) -> (usize, TokenKind) {
    let first = rest.chars().next().unwrap_or(' ');
    if let Some(class) = Class::from_char(first) {
        return (first.len_utf8(), TokenKind::Class(class));
    }
    // A grapheme may end in white space only if it begins so (CR LF), which never comes here.
    let length = rest.graphemes(true).next().map_or(first.len_utf8(), str::len);
    (length, if is_pictographic(first) { TokenKind::Emoji } else { TokenKind::Other })
}

/// Blocks of the characters that people call emoji (Unicode 15 emoji-data, by block).
fn is_pictographic(character: char) -> bool {
    matches!(u32::from(character),
        0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x21FF | 0x2300..=0x23FF | 0x25A0..=0x27BF
        | 0x2900..=0x297F | 0x2B00..=0x2BFF | 0x3030 | 0x303D | 0x1F000..=0x1FAFF)
}
