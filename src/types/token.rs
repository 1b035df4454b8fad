//! Tokens, and the private characters that stand for masked classes of text.

use std::ops::Range;

/// Half-open byte range of the normalised text.
pub type Span = Range<usize>;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters (an elided form keeps its apostrophe: `l'`, `aujourd'hui`).
    Word,
    /// One masked class: an address, a number…
    Class(Class),
    /// One emoji, ZWJ sequences and modifiers whole, or a flag.
    Emoji,
    /// An ASCII smiley: `:)`, `<3`, `^^`, `xD`.
    Emoticon,
    /// A run of one punctuation mark: `!!!`, `?`, `...`.
    Punctuation,
    /// Any other character.
    Other,
}

/// A token of the normalised text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// Where it stands: bytes of the normalised text, on character boundaries.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// Kinds of text that count by what they are, not by how they are spelt.
///
/// In normalised text each is one character of the Unicode private-use area. User text holds none but these: normalising drops
/// every other private-use character first, and whoever types U+E000 has typed a `<url>`, which is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Class {
    /// A web address.
    Url,
    /// An `@account`.
    Mention,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// Any other number.
    Number,
    /// An amount of money.
    Price,
    /// A percentage.
    Percent,
    /// A time of day: `18h30`, `7 h`, `18:30`.
    Hour,
    /// A calendar date: `12/03/2024`, `12 mars`.
    Date,
    /// A year, 1900 to 2099.
    Year,
    /// The mark before the words of a hashtag.
    Hashtag,
    /// A political party, or its people.
    Party,
    /// A faith, or its people.
    Faith,
    /// A people or nation.
    People,
    /// A first name.
    FirstName,
}

impl Class {
    /// Every class, in the order of their characters.
    pub const ALL: [Self; 15] = [
        Self::Url,
        Self::Mention,
        Self::Email,
        Self::Phone,
        Self::Number,
        Self::Price,
        Self::Percent,
        Self::Hour,
        Self::Date,
        Self::Year,
        Self::Hashtag,
        Self::Party,
        Self::Faith,
        Self::People,
        Self::FirstName,
    ];

    /// The last of those that normalising puts into the text; the ones after it are given to whole words later.
    pub const LAST_MASKED: Self = Self::Hashtag;

    const FIRST: u32 = 0xE000;

    /// The private-use character that stands for it in normalised text.
    pub fn as_char(self) -> char {
        char::from_u32(Self::FIRST + self as u32).unwrap_or(char::REPLACEMENT_CHARACTER)
    }

    /// The class that a character stands for.
    pub fn from_char(character: char) -> Option<Self> {
        let index = u32::from(character).checked_sub(Self::FIRST)?;
        Self::ALL.get(index as usize).copied()
    }

    /// How explanations print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Url => "<url>",
            Self::Mention => "<mention>",
            Self::Email => "<email>",
            Self::Phone => "<phone>",
            Self::Number => "<number>",
            Self::Price => "<price>",
            Self::Percent => "<percent>",
            Self::Hour => "<hour>",
            Self::Date => "<date>",
            Self::Year => "<year>",
            Self::Hashtag => "<hashtag>",
            Self::Party => "<party>",
            Self::Faith => "<faith>",
            Self::People => "<people>",
            Self::FirstName => "<first name>",
        }
    }
}

/// Splits a word into known pieces: what the subword vocabulary offers to the features.
pub trait Pieces: std::fmt::Debug + Send + Sync {
    /// Calls `each` with the pieces of `word` in order; characters outside the vocabulary are left out.
    fn pieces(&self, word: &str, each: &mut dyn FnMut(&str));
}
