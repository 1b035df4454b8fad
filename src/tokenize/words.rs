//! Words: where one begins and ends, and the French cuts inside it.

use super::lexicon::{is_abbreviation, is_clitic, is_compound, is_elided, is_undivided};
use crate::types::{Token, TokenKind};

/// Whether a token that begins with this character is a word.
pub(super) fn begins_word(character: char) -> bool {
    character.is_alphanumeric()
}

/// Pushes the first token, or the verb and its clitics, of the stretch of letters at `start`; returns where it stopped.
pub(super) fn scan(text: &str, start: usize, tokens: &mut Vec<Token>) -> usize {
    let end = stretch_end(text, start);
    let stretch = &text[start..end];
    // Most words hold neither sign: one look at their bytes spares the lists.
    let divided = stretch.bytes().any(|byte| byte == b'\'' || byte == b'-');
    if let Some(length) = divided.then(|| elision(stretch)).flatten() {
        push(tokens, start, start + length);
        return start + length;
    }
    let dotted = dotted_end(text, start, end);
    if dotted > end {
        push(tokens, start, dotted);
        return dotted;
    }
    let verb_end = start + if divided { verb_length(stretch) } else { stretch.len() };
    push(tokens, start, verb_end);
    split_clitics(text, verb_end, end, tokens);
    end
}

/// End of the letters from `start`, with the apostrophes and hyphens that stand between two of them.
fn stretch_end(text: &str, start: usize) -> usize {
    let bytes = text.as_bytes();
    let mut at = start;
    while at < bytes.len() {
        let byte = bytes[at];
        if byte.is_ascii_alphanumeric() {
            at += 1;
        } else if byte == 0xC3 && bytes.get(at + 1).is_some_and(|next| !matches!(next, 0x97 | 0xB7)) {
            // À to ÿ, every one a letter but × and ÷.
            at += 2;
        } else if byte == b'\'' || byte == b'-' || byte == b'_' {
            // Elided forms end in their apostrophe; a hyphen needs a letter after it.
            let next = text[at + 1..].chars().next();
            let goes_on = next.is_some_and(char::is_alphanumeric);
            if byte == b'\'' && !goes_on && is_elided(last_piece(&text[start..at])) {
                return at + 1;
            }
            if !goes_on {
                return at;
            }
            at += 1;
        } else if byte < 0x80 {
            return at;
        } else {
            match text[at..].chars().next() {
                Some(letter) if letter.is_alphanumeric() || is_mark(letter) => at += letter.len_utf8(),
                Some('°') if at == start + 1 && bytes[start] == b'n' => return at + '°'.len_utf8(),
                _ => return at,
            }
        }
    }
    at
}

/// A combining mark continues the letter before it (what NFC could not compose).
fn is_mark(character: char) -> bool {
    matches!(character, '\u{0300}'..='\u{036F}')
}

fn last_piece(stretch: &str) -> &str {
    stretch.rsplit(['\'', '-']).next().unwrap_or(stretch)
}

/// Extends a stretch over the dots of an abbreviation (`mme.`) or of an acronym (`s.n.c.f.`).
fn dotted_end(text: &str, start: usize, end: usize) -> usize {
    if text.as_bytes().get(end) != Some(&b'.') || text.as_bytes().get(end + 1) == Some(&b'.') {
        return end;
    }
    let acronym = acronym_end(text, start);
    if acronym > end + 1 {
        return acronym;
    }
    if is_abbreviation(&text[start..end]) { end + 1 } else { end }
}

/// End of two or more single letters with a dot behind each, or `start` where there is no such run.
fn acronym_end(text: &str, start: usize) -> usize {
    let mut end = start;
    let mut letters = 0;
    while let Some(letter) = text[end..].chars().next().filter(|letter| letter.is_alphabetic()) {
        let dot = end + letter.len_utf8();
        if text.as_bytes().get(dot) != Some(&b'.') {
            break;
        }
        end = dot + 1;
        letters += 1;
    }
    if letters >= 2 { end } else { start }
}

/// Length of the elided word, apostrophe included, that a stretch begins with.
fn elision(stretch: &str) -> Option<usize> {
    let apostrophe = stretch.find('\'')?;
    (is_elided(&stretch[..apostrophe]) && !is_undivided(stretch)).then_some(apostrophe + 1)
}

/// Length of `stretch` without the clitics at its end.
fn verb_length(stretch: &str) -> usize {
    if is_compound(stretch) {
        return stretch.len();
    }
    let mut end = stretch.len();
    while let Some(hyphen) = stretch[..end].rfind('-').filter(|hyphen| *hyphen > 0) {
        if !is_clitic(&stretch[hyphen + 1..end]) {
            break;
        }
        end = hyphen;
        // The euphonic t of `a-t-il` goes with the pronoun.
        if stretch[..end].ends_with("-t") && end > 2 {
            end -= 2;
        }
    }
    end
}

/// Pushes `-t-il`, `-le`, `-moi`… from `start` on.
fn split_clitics(text: &str, mut start: usize, end: usize, tokens: &mut Vec<Token>) {
    while start < end {
        let rest = &text[start + 1..end];
        let skip = if rest.starts_with("t-") { 2 } else { 0 };
        let length = rest[skip..].find('-').map_or(rest.len(), |hyphen| skip + hyphen);
        push(tokens, start, start + 1 + length);
        start += 1 + length;
    }
}

fn push(tokens: &mut Vec<Token>, start: usize, end: usize) {
    if start < end {
        tokens.push(Token { span: start..end, kind: TokenKind::Word });
    }
}
