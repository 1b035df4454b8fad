//! The fast way from text to tokens: piece by piece, each remembered.
//!
//! Nearly every step of normalising, and all of tokenising, looks no further than the white space around it. So a text is cut there, and
//! what each piece becomes (its tokens' hashes and facts) is remembered: a piece seen before costs one look. Figures, which read on
//! (`12 mars`, `10 000 €`), make one piece with the words they may reach. A text in which anything reaches further (markup,
//! entities, escapes, a quoted tweet…) is left to the plain way, whole. **Guaranteed**: what it gives is what the plain way gives, hash
//! for hash; the tests hold it to that.

use xxhash_rust::xxh3::xxh3_64;

use super::{Text, Vectorizer};
use crate::features::{TokenFacts, capital_words};
use crate::normalize::{may_continue_figures, repost_prefix};
use crate::types::{Marks, prefetch};

/// What pieces become: bounded, one per thread, and without influence on any result.
///
/// **Shape**: sets of two entries, the one used last in front; as many sets as the texts so far make worth their memory.
#[derive(Debug)]
pub struct Pieces {
    entries: Vec<[Entry; 2]>,
    /// Pieces read since the memory grew last.
    n_read: usize,
    /// Pieces of the text at hand.
    spans: Vec<Span>,
    /// Where a piece goes the plain way.
    scratch: Text,
}

/// Sets at first: one message should not pay for a corpus.
const FIRST_SETS: usize = 1 << 8;
/// Sets in the end: most of the pieces in use, in eight megabytes.
const MAX_SETS: usize = 1 << 16;
/// Most tokens of a piece that is remembered.
const MAX_TOKENS: usize = 4;
/// Longer pieces are not remembered.
const MAX_BYTES: usize = 128;

/// What one piece becomes: a cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
struct Entry {
    /// Hash of the piece; 0 marks a free entry.
    key: u64,
    hashes: [u64; MAX_TOKENS],
    facts: [TokenFacts; MAX_TOKENS],
    n_tokens: u8,
    capitals: u8,
    traits: u8,
}

/// Properties of a piece, one bit each.
mod is {
    /// The whole text must go the plain way.
    pub(super) const FAR: u8 = 1;
    /// Holds digits that may be figures: reads on.
    pub(super) const FIGURES: u8 = 2;
    /// Holds `»`, `—`: a text with both that ends in the former may end in a quoted tweet.
    pub(super) const CLOSES_QUOTE: u8 = 8;
    pub(super) const DASH: u8 = 16;
    pub(super) const ELONGATED: u8 = 32;
    pub(super) const INCLUSIVE: u8 = 64;
    /// Not remembered: too long, or too many tokens.
    pub(super) const LARGE: u8 = 128;
}

/// Pieces that figures may read, after the last that holds digits: `millions de euros`.
const REACH: usize = 3;

impl Default for Pieces {
    fn default() -> Self {
        Self {
            entries: vec![[Entry::default(); 2]; FIRST_SETS],
            n_read: 0,
            spans: Vec::new(),
            scratch: Text::default(),
        }
    }
}

impl Pieces {
    /// Fills `text` from `original`, if it can be read piece by piece.
    pub(super) fn fill(&mut self, stages: &Vectorizer, original: &str, text: &mut Text) -> bool {
        text.clear(original);
        let begins = original.trim_start();
        let skipped = if begins.starts_with("RT @") || begins.starts_with("MT @") {
            text.normalized.marks.repost = true;
            repost_prefix(original)
        } else {
            0
        };
        if text.normalized.marks.repost && skipped == 0 {
            return false;
        }
        text.capitals = capital_words(&original[..skipped]);
        self.grow();
        if !self.cut(original, skipped) {
            return false;
        }
        let (mut seen, mut last, mut next) = (0, 0, 0);
        while let Some(mut span) = self.spans.get(next).copied() {
            self.recall(stages, original, &span);
            if self.entries[span.set][0].traits & is::FIGURES != 0 {
                let end = self.last_of_figures(original, next);
                if end > next {
                    span = Span::new(original, span.start, self.spans[end].end, self.entries.len());
                    next = end;
                    self.recall(stages, original, &span);
                }
            }
            next += 1;
            last = self.entries[span.set][0].traits;
            seen |= last;
            if seen & is::FAR != 0 {
                return false;
            }
            self.take(stages, original, &span, text);
        }
        text.normalized.marks.elongated = seen & is::ELONGATED != 0;
        text.normalized.marks.inclusive = seen & is::INCLUSIVE != 0;
        // A quoted tweet stands at the very end.
        last & is::CLOSES_QUOTE == 0 || seen & is::DASH == 0
    }

    /// Makes room where more pieces were read than there is room for.
    fn grow(&mut self) {
        if self.n_read > 2 * self.entries.len() && self.entries.len() < MAX_SETS {
            let n_sets = (self.entries.len() * 4).min(MAX_SETS);
            self.entries = vec![[Entry::default(); 2]; n_sets];
            self.n_read = 0;
        }
    }

    /// Cuts a text from `at` on; says whether nothing but pieces and common white space is in it.
    ///
    /// Every entry is asked for here, for memory to bring them all while the first is read.
    fn cut(&mut self, original: &str, mut at: usize) -> bool {
        self.spans.clear();
        let bytes = original.as_bytes();
        loop {
            while bytes.get(at).is_some_and(|byte| is_space(*byte)) {
                at += 1;
            }
            let end = piece_end(bytes, at);
            if end == at {
                break;
            }
            let span = Span::new(original, at, end, self.entries.len());
            prefetch(&self.entries, span.set);
            self.spans.push(span);
            at = end;
        }
        at == original.len()
    }

    /// The last of the pieces that figures, which begin at one, may read.
    fn last_of_figures(&self, original: &str, first: usize) -> usize {
        let mut last = first;
        let mut within = REACH;
        while let Some(span) = self.spans.get(last + 1).filter(|_| within > 0) {
            let piece = &original[span.start..span.end];
            let has_figures = traits(piece) & is::FIGURES != 0;
            if !has_figures && !may_continue_figures(piece) {
                break;
            }
            within = if has_figures { REACH } else { within - 1 };
            last += 1;
        }
        last
    }

    /// Adds the tokens of a piece, which is in front of its set, to a text.
    fn take(&mut self, stages: &Vectorizer, original: &str, span: &Span, text: &mut Text) {
        let entry = &self.entries[span.set][0];
        if entry.traits & is::LARGE != 0 {
            self.scratch.fill_piece(stages, &original[span.start..span.end]);
            text.hashes.extend_from_slice(&self.scratch.hashes);
            text.facts.extend_from_slice(&self.scratch.facts);
            text.capitals += self.scratch.capitals;
        } else {
            // All slots, then back: a copy of known length costs less than one of the right length.
            let n_tokens = text.hashes.len() + usize::from(entry.n_tokens);
            text.hashes.extend_from_slice(&entry.hashes);
            text.facts.extend_from_slice(&entry.facts);
            text.hashes.truncate(n_tokens);
            text.facts.truncate(n_tokens);
            // Capitals are seen in the text as it was written.
            text.capitals += if span.is_masked {
                capital_words(&original[span.start..span.end])
            } else {
                usize::from(entry.capitals)
            };
        }
        text.pieces.push((text.hashes.len(), span.start, span.end));
    }

    /// Puts what a piece becomes in front of its set.
    #[inline]
    fn recall(&mut self, stages: &Vectorizer, original: &str, span: &Span) {
        let [first, second] = &mut self.entries[span.set];
        if first.key == span.key && span.key != 0 {
            return;
        }
        std::mem::swap(first, second);
        if first.key != span.key || span.key == 0 {
            let piece = &original[span.start..span.end];
            self.n_read += 1;
            self.entries[span.set][0] = self.read(stages, masked_alike(piece).unwrap_or(piece), span.key);
        }
    }

    /// Reads a piece the plain way.
    #[cold]
    fn read(&mut self, stages: &Vectorizer, piece: &str, key: u64) -> Entry {
        let mut entry = Entry { key, traits: traits(piece), ..Entry::default() };
        if entry.traits & is::FAR != 0 {
            return entry;
        }
        self.scratch.fill_piece(stages, piece);
        let Text { hashes, facts, capitals, normalized, tokens, .. } = &self.scratch;
        let Marks { elongated, inclusive, .. } = normalized.marks;
        entry.traits |= if elongated { is::ELONGATED } else { 0 } | if inclusive { is::INCLUSIVE } else { 0 };
        if hashes.is_empty() || hides_repost(piece, &normalized.text) {
            entry.traits |= is::FAR;
        }
        let fits = hashes.len() <= MAX_TOKENS && piece.len() <= MAX_BYTES;
        debug_assert_eq!(tokens.len(), hashes.len());
        let (true, Ok(n_tokens), Ok(capitals)) = (fits, u8::try_from(hashes.len()), u8::try_from(*capitals)) else {
            entry.traits |= is::LARGE;
            return entry;
        };
        (entry.n_tokens, entry.capitals) = (n_tokens, capitals);
        entry.hashes[..hashes.len()].copy_from_slice(hashes);
        entry.facts[..facts.len()].copy_from_slice(facts);
        entry
    }

    /// The plain way for the piece that holds a token, so that its form is known; and the token's place in it.
    pub(super) fn reread(&mut self, stages: &Vectorizer, text: &Text, token: usize) -> (&Text, usize) {
        let index = text.pieces.partition_point(|(end, ..)| *end <= token);
        let (_, start, end) = text.pieces[index];
        let first = index.checked_sub(1).map_or(0, |before| text.pieces[before].0);
        self.scratch.fill_piece(stages, &text.original[start..end]);
        (&self.scratch, token - first)
    }
}

/// A piece of a text: its range of bytes, and where what it becomes is remembered.
#[derive(Debug, Clone, Copy)]
struct Span {
    start: usize,
    end: usize,
    key: u64,
    set: usize,
    is_masked: bool,
}

impl Span {
    fn new(original: &str, start: usize, end: usize, n_sets: usize) -> Self {
        let piece = &original[start..end];
        let alike = masked_alike(piece);
        let key = xxh3_64(alike.unwrap_or(piece).as_bytes());
        Self { start, end, key, set: (key >> 40) as usize & (n_sets - 1), is_masked: alike.is_some() }
    }
}

/// What the bytes of a piece tell.
fn traits(piece: &str) -> u8 {
    let bytes = piece.as_bytes();
    let mut traits = 0;
    let mut has_digit = false;
    for (at, byte) in bytes.iter().enumerate() {
        let next = bytes.get(at + 1).copied().unwrap_or(0);
        match (byte, next) {
            // Markup, entities, escapes, DEL, marks that join the character before, letters and digits in fancy dress, `Ã` that may be
            // half of `à`.
            (b'\\' | b'<' | 0x7F | 0xCA..=0xCD | 0xE1, _)
            | (0xF0, 0x9D)
            | (0xEF, 0xAC | 0xBC | 0xBD)
            | (0xC3, 0x83) => traits |= is::FAR,
            (b'&', _) if !is_harmless_entity(&bytes[at + 1..]) => traits |= is::FAR,
            (0xC2, 0xBB) => traits |= is::CLOSES_QUOTE,
            (0xE2, 0x80) if bytes.get(at + 2) == Some(&0x94) => traits |= is::DASH,
            (b'0'..=b'9', _) => has_digit = true,
            _ => {}
        }
    }
    if has_digit && masked_alike(piece).is_none() {
        traits |= is::FIGURES;
    }
    traits
}

/// Whether what follows an ampersand is none of the entities that may stand for markup, digits or an escape.
fn is_harmless_entity(mut rest: &[u8]) -> bool {
    while let Some(after) = rest.strip_prefix(b"amp;") {
        rest = after;
    }
    let end = rest.iter().position(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#').unwrap_or(rest.len());
    rest.get(end) != Some(&b';') || matches!(&rest[..end], b"" | b"gt" | b"nbsp" | b"quot")
}

/// A piece that becomes the same as one that is surely an address or a mention and no more: which one it is says nothing, and most come
/// but once.
fn masked_alike(piece: &str) -> Option<&'static str> {
    let bytes = piece.as_bytes();
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if let Some((b'@', name)) = bytes.split_first() {
        let is_mention =
            !name.is_empty() && name.iter().all(|byte| is_word(*byte)) && !name.eq_ignore_ascii_case(b"url");
        return is_mention.then_some("@a");
    }
    let address = bytes.strip_prefix(b"https://").or_else(|| bytes.strip_prefix(b"http://"))?;
    let is_inside = |byte: u8| is_word(byte) || byte == b'/' || byte == b'.';
    let (last, inner) = address.split_last()?;
    (is_word(*last) && address[0].is_ascii_alphanumeric() && inner.iter().all(|byte| is_inside(*byte)))
        .then_some("http://a")
}

/// Whether what is left of a piece without its invisible characters begins a repost.
fn hides_repost(piece: &str, normalized: &str) -> bool {
    !piece.is_ascii() && matches!(normalized.trim(), "rt" | "mt")
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r')
}

/// The first byte from `at` on that is a space or an ASCII control character, eight bytes at a time.
fn piece_end(bytes: &[u8], mut at: usize) -> usize {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    /// Added to the low seven bits of a byte, carries into the eighth from `!` on.
    const FROM_MARK: u64 = 0x5F5F_5F5F_5F5F_5F5F;
    while let Some(chunk) = bytes.get(at..).and_then(|rest| rest.first_chunk::<8>()) {
        let word = u64::from_le_bytes(*chunk);
        let stops = !(((word & !HIGH) + FROM_MARK) | word) & HIGH;
        if stops != 0 {
            return at + (stops.trailing_zeros() / 8) as usize;
        }
        at += 8;
    }
    at + bytes[at..].iter().position(|byte| *byte <= b' ').unwrap_or(bytes.len() - at)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::config::PipelineConfig;
    use crate::features::FeaturesConfig;

    fn stages() -> Vectorizer {
        let features = FeaturesConfig { subwords: false, ..FeaturesConfig::default() };
        Vectorizer::new(&PipelineConfig { features, ..PipelineConfig::default() }, None).unwrap()
    }

    /// Reads a text both ways; says whether the fast one took it.
    fn assert_same(stages: &Vectorizer, memory: &mut Pieces, text: &str) -> bool {
        let (mut plain, mut fast) = (Text::default(), Text::default());
        plain.fill(stages, text);
        if !memory.fill(stages, text, &mut fast) {
            return false;
        }
        assert_eq!(fast.hashes, plain.hashes, "{text:?} → {:?}", plain.normalized.text);
        assert_eq!(fast.facts, plain.facts, "{text:?}");
        assert_eq!(fast.normalized.marks, plain.normalized.marks, "{text:?}");
        assert_eq!(fast.capitals, plain.capitals, "{text:?}");
        for token in 0..plain.tokens.len() {
            let (piece, place) = memory.reread(stages, &fast, token);
            assert_eq!(piece.hashes[place], plain.hashes[token], "{text:?}");
        }
        true
    }

    #[test]
    fn ordinary_texts_are_read_in_pieces() {
        let (stages, mut memory) = (stages(), Pieces::default());
        for text in [
            "",
            "Bonjour,\nl’été sera CHAUD !!! ⚠️ 🔴DIRECT 👩‍👩‍👧 :-) https://t.co/Xy12AB",
            "le 12 mars 2024 à 18 h 30 min",
            "10 000 € ou 3 millions d'euros, 2 millions de au 6/49",
            "5 pour cent des 1er mai, 20 % — 3\u{a0}000 habitants",
            "06 12 34 56 78 ou (514) 555-1234",
            "RT @NRJCHICK: Si le fameux 2 millions de au 6/49 demeure @L…",
            "R&amp;D, étudiant·e·s, merciiii, p'tit, rendez-vous : dites-le-moi @user.",
            "#8mars #QuebecSolidaire2022 12 mars",
            "« Un mot » — dit-elle",
        ] {
            assert!(assert_same(&stages, &mut memory, text), "{text}");
        }
    }

    #[test]
    fn what_reaches_further_is_left_to_the_plain_way() {
        let (stages, mut memory) = (stages(), Pieces::default());
        for text in [
            "<p>Oui <a href='x'>ici</a></p>",
            "&lt;p &gt;",
            "a\\nb",
            "Honteux. « lucie: Le parc ferme demain — https://t.co/q1 »",
            "\u{200b}RT @x: oui",
            "e \u{301}",
            "Ã la",
            "a\u{1}b",
            "𝟏𝟐 mars",
        ] {
            assert!(!assert_same(&stages, &mut memory, text), "{text}");
        }
    }

    /// Scraps whose neighbours matter to some step.
    const SCRAPS: &[&str] = &[
        "12",
        "mars",
        "2024",
        "h",
        "30",
        "€",
        "%",
        "pour",
        "cent",
        "millions",
        "de",
        "d'euros",
        "er",
        "1er",
        "06",
        "514",
        "-",
        "(",
        ")",
        "+33",
        "RT",
        "MT",
        "@a",
        "@a:",
        "@url",
        "«",
        "»",
        "—",
        "http",
        "https://t.co/a1",
        "https://x.fr/1.",
        "#8mars",
        "#a#b",
        "étudiant·e·s",
        "(e)",
        "MERCI",
        "oooh",
        "haha",
        "l’",
        "l'été",
        "&amp;",
        "&gt;",
        "&lt;",
        "&",
        "<3",
        "\u{200b}",
        "\u{a0}",
        "\u{301}",
        "️",
        "❤️",
        "1️⃣",
        "Ã",
        "é",
        "…",
        "...",
        "?!",
        ":",
        ")",
        "-t-il",
        "m.",
        "g.e",
        "www.a.fr",
        "a@b.fr",
        "𝗺𝗮𝗿𝘀",
        "ﬁ",
        "x\u{1}",
        "\\n",
        "Fatima",
        "ps",
        "k",
        "$",
        "10k",
        "5,5",
        "1.000",
        "000",
        "-vous",
    ];

    proptest! {
        #[test]
        fn both_ways_give_the_same(parts in proptest::collection::vec((proptest::sample::select(SCRAPS), proptest::sample::select(&["", " ", " ", "\n", "  ", "\t", "\u{a0}"][..])), 0..14)) {
            let (stages, mut memory) = (stages(), Pieces::default());
            let text: String = parts.iter().flat_map(|(scrap, space)| [*scrap, *space]).collect();
            assert_same(&stages, &mut memory, &text);
            // Again, now that its pieces are known.
            assert_same(&stages, &mut memory, &text);
        }

        #[test]
        fn both_ways_give_the_same_on_anything(text in "\\PC{0,60}") {
            let (stages, mut memory) = (stages(), Pieces::default());
            assert_same(&stages, &mut memory, &text);
        }
    }
}
