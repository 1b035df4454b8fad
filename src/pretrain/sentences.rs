//! Texts as sequences of token numbers, and which tokens may be written into a table.

use std::collections::BTreeMap;

use crate::error::Result;
use crate::features::{FeatureSet, FeaturesConfig, Resources, token_form, token_hash};
use crate::normalize::{Normalizer, NormalizerConfig};
use crate::tokenize::FrenchTokenizer;
use crate::types::{Class, Normalized, Token, TokenKind};

/// Texts gathered one by one.
#[derive(Debug)]
pub struct Sentences {
    normalizer: Normalizer,
    /// For the names that count by their kind.
    features: FeatureSet,
    text: Normalized,
    tokens: Vec<Token>,
    ids: BTreeMap<String, u32>,
    counts: Vec<Count>,
    /// Token numbers of all texts, end to end.
    flat: Vec<u32>,
    /// Where each text ends in `flat`.
    ends: Vec<usize>,
}

/// How often a token occurs, and how it is written.
#[derive(Debug, Clone, Default)]
struct Count {
    all: u32,
    is_word: bool,
    /// Inside a sentence, outside hashtags, in texts that use capitals: the places where a capital tells a name.
    telling: u32,
    /// Of those, with a capital.
    capital: u32,
}

/// Texts reduced to the tokens that are common enough, commonest first.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) words: Vec<String>,
    pub(super) counts: Vec<u32>,
    /// Whether a token may be written down: no name, no handle, no digit.
    pub(super) may_be_kept: Vec<bool>,
    flat: Vec<u32>,
    ends: Vec<usize>,
    /// Tokens of each text, rare ones included.
    lengths: Vec<u32>,
}

impl Sentences {
    /// No texts yet.
    ///
    /// **Errors**: [`InvalidConfig`](crate::error::ErrorKind::InvalidConfig) for impossible cleaning rules.
    pub fn new(config: &NormalizerConfig) -> Result<Self> {
        Ok(Self {
            normalizer: Normalizer::new(config)?,
            features: FeatureSet::new(&FeaturesConfig::vectors_only(), &Resources::default())?,
            text: Normalized::default(),
            tokens: Vec::new(),
            ids: BTreeMap::new(),
            counts: Vec::new(),
            flat: Vec::new(),
            ends: Vec::new(),
        })
    }

    /// Adds a text.
    pub fn add(&mut self, original: &str) {
        self.normalizer.normalize_into(original, &mut self.text);
        FrenchTokenizer.tokenize_into(&self.text.text, &mut self.tokens);
        let uses_capitals = original.chars().any(char::is_uppercase) && original.chars().any(char::is_lowercase);
        let mut begins = true;
        for token in &self.tokens {
            let form = token_form(token.kind, &self.text.text[token.span.clone()]);
            let neutral =
                self.features.neutral_kind(token_hash(token.kind, form)).filter(|_| token.kind == TokenKind::Word);
            let begins_next = ends_sentence(token.kind, form);
            let mut buffer = [0; 4];
            let form = neutral.map_or(form, |kind| kind.as_char().encode_utf8(&mut buffer));
            let id = *self.ids.entry(form.to_owned()).or_insert(self.counts.len() as u32);
            if id as usize == self.counts.len() {
                self.counts
                    .push(Count { is_word: token.kind == TokenKind::Word && neutral.is_none(), ..Count::default() });
            }
            let count = &mut self.counts[id as usize];
            count.all += 1;
            let written = &original[self.text.original(&token.span)];
            if uses_capitals && !begins && !written.starts_with('#') {
                count.telling += 1;
                count.capital += u32::from(written.chars().any(char::is_uppercase));
            }
            self.flat.push(id);
            begins = begins_next;
        }
        self.ends.push(self.flat.len());
    }

    /// Number of texts.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no text.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Number of tokens.
    pub fn n_tokens(&self) -> usize {
        self.flat.len()
    }

    /// The texts over the tokens found at least `min_count` times.
    pub(super) fn known(self, min_count: u32) -> Known {
        let mut order: Vec<(&String, u32)> = self
            .ids
            .iter()
            .filter(|(_, id)| self.counts[**id as usize].all >= min_count)
            .map(|(w, id)| (w, *id))
            .collect();
        order.sort_by_key(|(word, id)| (std::cmp::Reverse(self.counts[*id as usize].all), *word));
        let mut new_id = vec![None; self.counts.len()];
        for (position, (_, id)) in order.iter().enumerate() {
            new_id[*id as usize] = Some(position as u32);
        }
        let mut known = Known {
            words: order.iter().map(|(word, _)| (*word).clone()).collect(),
            counts: order.iter().map(|(_, id)| self.counts[*id as usize].all).collect(),
            may_be_kept: order.iter().map(|(word, id)| may_be_kept(word, &self.counts[*id as usize])).collect(),
            flat: Vec::with_capacity(self.flat.len()),
            ends: Vec::with_capacity(self.ends.len()),
            lengths: Vec::with_capacity(self.ends.len()),
        };
        let mut start = 0;
        for end in self.ends {
            known.flat.extend(self.flat[start..end].iter().filter_map(|id| new_id[*id as usize]));
            known.ends.push(known.flat.len());
            known.lengths.push((end - start) as u32);
            start = end;
        }
        known
    }
}

impl Known {
    /// Number of texts.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// Known tokens of a text.
    pub(super) fn sentence(&self, index: usize) -> &[u32] {
        let start = index.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.flat[start..self.ends[index]]
    }

    /// All tokens of a text, known or not.
    pub(super) fn length(&self, index: usize) -> u32 {
        self.lengths[index]
    }
}

/// Whether the next word would have a capital anyway.
fn ends_sentence(kind: TokenKind, form: &str) -> bool {
    match kind {
        TokenKind::Word => false,
        TokenKind::Class(class) => matches!(class, Class::Url | Class::Mention | Class::Hashtag),
        TokenKind::Punctuation => !matches!(form, "," | ";" | "'"),
        _ => true,
    }
}

/// Words that, where a capital tells a name, mostly have none; and what is no word (an emoji, a mark, a class of text).
fn may_be_kept(form: &str, count: &Count) -> bool {
    if !count.is_word {
        return true;
    }
    let is_plain = form.chars().all(|letter| letter.is_alphabetic() || matches!(letter, '\'' | '-' | '.'));
    is_plain && count.telling > 0 && count.capital * 5 <= count.telling * 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(texts: &[&str], min_count: u32) -> Known {
        let mut sentences = Sentences::new(&NormalizerConfig::default()).unwrap();
        for text in texts {
            sentences.add(text);
        }
        sentences.known(min_count)
    }

    #[test]
    fn names_digits_and_words_of_hashtags_alone_are_not_kept() {
        let known =
            known(&["Ici on aime Lucie et le thé", "Non, on suit Lucie #lutteverte", "on suit le b52 encore"], 1);
        let kept: Vec<&str> = known
            .words
            .iter()
            .zip(&known.may_be_kept)
            .filter(|(_, kept)| **kept)
            .map(|(word, _)| word.as_str())
            .collect();
        for word in ["on", "aime", "thé", "suit"] {
            assert!(kept.contains(&word), "{word} is not among {kept:?}");
        }
        for word in ["lucie", "lutteverte", "b52"] {
            assert!(!kept.contains(&word), "{word} is among {kept:?}");
        }
    }

    #[test]
    fn rare_tokens_leave_the_sentences_but_count_in_their_length() {
        let known = known(&["oui oui merci", "oui alors"], 3);
        assert_eq!((known.words.as_slice(), known.counts.as_slice()), (&["oui".to_owned()][..], &[3][..]));
        assert_eq!((known.len(), known.sentence(0), known.length(0)), (2, &[0, 0][..], 3));
        assert_eq!((known.sentence(1), known.length(1)), (&[0][..], 2));
    }
}
