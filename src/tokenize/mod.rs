//! Normalised text → tokens with byte spans.
//!
//! **In**: the text of a [`Normalized`](crate::types::Normalized) message: lower case, ASCII apostrophes, masked classes as one
//! character each. **Out**: tokens in order, on character boundaries, never overlapping; what lies between two of them is
//! white space only, so tokens and gaps rebuild the text. **Left to others**: what a token is worth.
//!
//! The French of it is in `words` (elisions, inverted clitics, abbreviations) over the lists of `lexicon`; everything that is
//! not a word is in `symbols`. `subwords` holds the trained byte-pair vocabulary.

mod lexicon;
mod merges;
mod subwords;
mod symbols;
mod words;

pub use subwords::{Subwords, SubwordsConfig};

use crate::types::Token;

/// Cuts normalised French text into tokens.
#[derive(Debug, Clone, Copy, Default)]
pub struct FrenchTokenizer;

impl FrenchTokenizer {
    /// Tokens of `text`, in order.
    pub fn tokenize(self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        self.tokenize_into(text, &mut tokens);
        tokens
    }

    /// The same into a buffer that is cleared first, for callers with many messages.
    pub fn tokenize_into(self, text: &str, tokens: &mut Vec<Token>) {
        tokens.clear();
        let mut at = 0;
        while let Some(character) = text[at..].chars().next() {
            at = if character.is_whitespace() {
                at + character.len_utf8()
            } else if words::begins_word(character) {
                words::scan(text, at, tokens)
            } else {
                symbols::scan(text, at, tokens)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn forms(text: &str) -> Vec<&str> {
        FrenchTokenizer.tokenize(text).into_iter().map(|token| &text[token.span]).collect()
    }

    #[test]
    fn elisions_stand_apart_and_keep_their_apostrophe() {
        assert_eq!(forms("l'été qu'il dit d'abord"), ["l'", "été", "qu'", "il", "dit", "d'", "abord"]);
        assert_eq!(forms("jusqu'ici lorsqu'on puisqu'elle"), ["jusqu'", "ici", "lorsqu'", "on", "puisqu'", "elle"]);
        assert_eq!(forms("qu'l'autre"), ["qu'", "l'", "autre"]);
    }

    #[test]
    fn words_that_only_look_elided_stay_whole() {
        assert_eq!(
            forms("aujourd'hui un prud'homme et quelqu'un"),
            ["aujourd'hui", "un", "prud'homme", "et", "quelqu'un"]
        );
        assert_eq!(forms("la presqu'île, v'là un p'tit"), ["la", "presqu'île", ",", "v'là", "un", "p'tit"]);
    }

    #[test]
    fn inverted_clitics_stand_apart() {
        assert_eq!(forms("venez-vous ?"), ["venez", "-vous", "?"]);
        assert_eq!(forms("a-t-il dit"), ["a", "-t-il", "dit"]);
        assert_eq!(forms("donnez-m'en"), ["donnez", "-m'en"]);
        assert_eq!(forms("dites-le-moi"), ["dites", "-le", "-moi"]);
        assert_eq!(forms("qu'est-ce que"), ["qu'", "est", "-ce", "que"]);
        assert_eq!(forms("va-t'en"), ["va", "-t'en"]);
    }

    #[test]
    fn compounds_stay_whole() {
        assert_eq!(
            forms("rendez-vous chez ma grand-mère, peut-être"),
            ["rendez-vous", "chez", "ma", "grand-mère", ",", "peut-être"]
        );
        assert_eq!(forms("vous-même"), ["vous-même"]);
    }

    #[test]
    fn abbreviations_keep_their_dot_and_sentences_lose_theirs() {
        assert_eq!(forms("m. le maire, mme. roy. fin."), ["m.", "le", "maire", ",", "mme.", "roy", ".", "fin", "."]);
        assert_eq!(forms("n° de rdv svp"), ["n°", "de", "rdv", "svp"]);
        assert_eq!(forms("la s.n.c.f. et l'o.n.u."), ["la", "s.n.c.f.", "et", "l'", "o.n.u."]);
    }

    #[test]
    fn symbols_are_whole() {
        assert_eq!(forms("👩‍👩‍👧‍👦👍🏽🇫🇷"), ["👩‍👩‍👧‍👦", "👍🏽", "🇫🇷"]);
        assert_eq!(forms("oui :) <3 ^^ :-( ok"), ["oui", ":)", "<3", "^^", ":-(", "ok"]);
        assert_eq!(forms("quoi ?! non!!! ..."), ["quoi", "?!", "non", "!!!", "..."]);
        assert_eq!(forms("mail:demain"), ["mail", ":", "demain"]);
    }

    proptest! {
        #[test]
        fn tokens_and_gaps_rebuild_any_text(text in "\\PC{0,60}") {
            let mut end = 0;
            for token in FrenchTokenizer.tokenize(&text) {
                prop_assert!(token.span.start >= end && token.span.end > token.span.start);
                prop_assert!(text[end..token.span.start].chars().all(char::is_whitespace));
                prop_assert!(text.is_char_boundary(token.span.end));
                end = token.span.end;
            }
            prop_assert!(text[end..].chars().all(char::is_whitespace));
        }

        #[test]
        fn tokens_and_gaps_rebuild_french(
            text in "([a-zéèà]{1,5}|['\\-. ]|qu'|-t-il|-vous|-m'en|:|\\)|n°|[!?]{1,3}|👩‍👧|🇫🇷|[\u{E000}-\u{E00A}]){0,20}"
        ) {
            let tokens = FrenchTokenizer.tokenize(&text);
            let kept: String = tokens.iter().map(|token| &text[token.span.clone()]).collect();
            let expected: String = text.chars().filter(|character| !character.is_whitespace()).collect();
            prop_assert_eq!(kept, expected);
        }
    }
}
