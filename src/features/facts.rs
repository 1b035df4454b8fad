//! What the cues ask of a token, answered once: its kind and a few yes or no.

use super::lexicon::Lexicon;
use crate::types::{Class, TokenKind};

/// Kind and properties of a token, in 32 bits: all that an extractor of whole messages needs beside the token's hash. They depend on the
/// token's form alone, so that they can be remembered with it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TokenFacts(u32);

/// A property: one bit.
#[derive(Debug, Clone, Copy)]
#[repr(u32)]
pub(super) enum Is {
    /// In -ez: perhaps an imperative.
    Ez = 8,
    /// Ends like `vous`: the subject of a verb in -ez beside it.
    Vous,
    /// In -rai or -rons: a future of the speaker's, if one is near.
    Future,
    /// `je`, `j'`, `nous`.
    Speaker,
    /// Holds `?` as features spell it.
    Question,
    /// Holds `?` anywhere.
    Asking,
    /// Holds `!`.
    Exclamation,
    /// A run of `?` and `!`.
    Run,
    /// `..`
    Ellipsis,
    /// Begins with a quotation mark.
    Quote,
    /// `:`
    Colon,
    /// A word that says what a text is about.
    Content,
    /// Letters only.
    Letters,
    /// In a group of the cue lexicon.
    Listed,
    /// Begins a phrase of the cue lexicon.
    BeginsPhrase,
}

/// Bits of the kind.
const KIND: u32 = 0xFF;
/// Kinds other than words; classes follow.
const EMOJI: u32 = 1;
const EMOTICON: u32 = 2;
const PUNCTUATION: u32 = 3;
const OTHER: u32 = 4;
const FIRST_CLASS: u32 = 16;

impl TokenFacts {
    /// The facts of a token: its form, all of its text, its kind and its hash.
    pub(super) fn of(form: &str, text: &str, kind: TokenKind, hash: u64, lexicon: &Lexicon) -> Self {
        let mut facts = Self(code(kind));
        facts.set(Is::Letters, form.chars().all(char::is_alphabetic));
        facts.set(Is::Vous, form.ends_with("vous"));
        facts.set(Is::Speaker, matches!(form, "je" | "j'" | "nous"));
        facts.set(Is::Asking, text.contains('?'));
        facts.set(Is::Question, form.contains('?'));
        facts.set(Is::Listed, lexicon.holds(hash));
        facts.set(Is::BeginsPhrase, lexicon.begins_phrase(hash));
        match kind {
            TokenKind::Word => facts.word(form, hash, lexicon),
            TokenKind::Punctuation => facts.mark(form),
            _ => {}
        }
        facts
    }

    fn word(&mut self, form: &str, hash: u64, lexicon: &Lexicon) {
        let is_long = form.len() > 4;
        self.set(Is::Ez, is_long && form.ends_with("ez") && !matches!(form, "assez" | "chez"));
        self.set(Is::Future, is_long && (form.ends_with("rai") || form.ends_with("rons")) && form != "vrai");
        self.set(Is::Content, form.len() > 3 && !lexicon.is_stop_word(hash));
    }

    fn mark(&mut self, form: &str) {
        self.set(Is::Exclamation, form.contains('!'));
        self.set(Is::Run, form.len() > 1 && form.contains(['!', '?']));
        self.set(Is::Ellipsis, form == "..");
        self.set(Is::Quote, form.starts_with('"'));
        self.set(Is::Colon, form == ":");
    }

    fn set(&mut self, property: Is, holds: bool) {
        self.0 |= u32::from(holds) << property as u32;
    }

    /// Whether the token has a property.
    pub(super) fn has(self, property: Is) -> bool {
        self.0 >> property as u32 & 1 != 0
    }

    /// 1 if the token has a property.
    pub(super) fn count(self, property: Is) -> usize {
        (self.0 >> property as u32 & 1) as usize
    }

    /// What the token is.
    pub(super) fn kind(self) -> TokenKind {
        match self.0 & KIND {
            0 => TokenKind::Word,
            EMOJI => TokenKind::Emoji,
            EMOTICON => TokenKind::Emoticon,
            PUNCTUATION => TokenKind::Punctuation,
            class @ FIRST_CLASS.. => Class::ALL
                .get((class - FIRST_CLASS) as usize)
                .map_or(TokenKind::Other, |class| TokenKind::Class(*class)),
            _ => TokenKind::Other,
        }
    }
}

fn code(kind: TokenKind) -> u32 {
    match kind {
        TokenKind::Word => 0,
        TokenKind::Emoji => EMOJI,
        TokenKind::Emoticon => EMOTICON,
        TokenKind::Punctuation => PUNCTUATION,
        TokenKind::Other => OTHER,
        TokenKind::Class(class) => FIRST_CLASS + class as u32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::token_hash;

    fn facts(text: &str, kind: TokenKind) -> TokenFacts {
        let form = super::super::token_form(kind, text);
        TokenFacts::of(form, text, kind, token_hash(kind, text), &Lexicon::new())
    }

    #[test]
    fn kinds_come_back() {
        let classes = Class::ALL.map(TokenKind::Class);
        let others = [TokenKind::Word, TokenKind::Emoji, TokenKind::Emoticon, TokenKind::Punctuation, TokenKind::Other];
        for kind in classes.into_iter().chain(others) {
            assert_eq!(facts("x", kind).kind(), kind);
        }
    }

    #[test]
    fn words_and_marks_are_known_by_their_form() {
        let word = |text| facts(text, TokenKind::Word);
        assert!(word("venez").has(Is::Ez) && !word("assez").has(Is::Ez) && !word("nez").has(Is::Ez));
        assert!(word("ferai").has(Is::Future) && word("serons").has(Is::Future) && !word("vrai").has(Is::Future));
        assert!(word("école").has(Is::Content) && !word("dans").has(Is::Content) && !word("mer").has(Is::Content));
        assert!(word("merci").has(Is::Listed) && word("avec").has(Is::BeginsPhrase) && !word("table").has(Is::Listed));
        let mark = |text| facts(text, TokenKind::Punctuation);
        assert!(mark("!!?").has(Is::Asking) && !mark("!!?").has(Is::Question) && mark("!!?").has(Is::Run));
        assert!(mark("...").has(Is::Ellipsis) && mark(":").has(Is::Colon) && !mark(":").has(Is::Letters));
    }
}
