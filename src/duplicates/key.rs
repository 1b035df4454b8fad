//! A text → what of it is compared: its words, without what a copy may change.

use std::collections::BTreeSet;

use crate::error::Result;
use crate::features::first_names;
use crate::normalize::{Normalizer, NormalizerConfig};
use crate::types::{Normalized, without_accent};

/// Words after which a name stands: the next word is left out.
const BEFORE_NAMES: &[&str] = &[
    "bonjour",
    "bonsoir",
    "salut",
    "coucou",
    "hello",
    "allo",
    "cher",
    "chere",
    "monsieur",
    "madame",
    "mademoiselle",
    "mr",
    "mme",
    "mlle",
];

/// Makes keys. Mentions, links, numbers, first names and what follows a greeting or a title are left out; case, accents, signs and
/// emoji do not count; `RT @user:` and a quoted tweet are not the sender's words.
#[derive(Debug)]
pub struct Keys {
    normalizer: Normalizer,
    names: BTreeSet<String>,
}

/// A key, and the buffers it is made in.
#[derive(Debug, Default)]
pub(super) struct Key {
    /// Words in lower case, one space after each.
    pub(super) text: String,
    /// Letters in it.
    pub(super) n_letters: usize,
    normalized: Normalized,
}

impl Keys {
    /// Keys of the plain normaliser: a model's settings do not matter here.
    ///
    /// # Errors
    ///
    /// Those of [`Normalizer::new`]: none, with its default settings.
    pub fn new() -> Result<Self> {
        let names = first_names().map(|name| name.chars().map(without_accent).collect());
        Ok(Self { normalizer: Normalizer::new(&NormalizerConfig::default())?, names: names.collect() })
    }

    /// Writes the key of a text over an earlier one.
    pub(super) fn write(&self, text: &str, key: &mut Key) {
        let Key { text: words, n_letters, normalized } = key;
        self.normalizer.normalize_into(text, normalized);
        words.clear();
        *n_letters = 0;
        let mut after_greeting = false;
        for_each_word(&normalized.text, &mut |gap, word| {
            let is_name = after_greeting && gap.chars().all(char::is_whitespace);
            let start = words.len();
            words.extend(word.chars().map(without_accent));
            after_greeting = BEFORE_NAMES.contains(&&words[start..]);
            if is_name || self.names.contains(&words[start..]) {
                words.truncate(start);
            } else {
                *n_letters += words[start..].chars().filter(|sign| *sign != '-').count();
                words.push(' ');
            }
        });
    }
}

/// Hands over each run of letters and inner hyphens, with what stands between it and the one before.
fn for_each_word(text: &str, each: &mut dyn FnMut(&str, &str)) {
    let is_inside = |sign: char| sign.is_alphabetic() || sign == '-';
    let mut end = 0;
    while let Some(start) = text[end..].find(char::is_alphabetic).map(|at| end + at) {
        let gap = &text[end..start];
        end = text[start..].find(|sign| !is_inside(sign)).map_or(text.len(), |at| start + at);
        each(gap, text[start..end].trim_end_matches('-'));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> String {
        let mut key = Key::default();
        Keys::new().unwrap().write(text, &mut key);
        assert_eq!(key.n_letters, key.text.chars().filter(|sign| sign.is_alphabetic()).count());
        key.text
    }

    #[test]
    fn what_is_personal_is_left_out() {
        let expected = "bonjour signez notre petition ";
        for text in [
            "Bonjour Zoé, signez notre pétition !",
            "bonjour Wendeline signez notre petition",
            "@jean Bonjour @paul_12 : SIGNEZ notre pétition 👉 https://exemple.fr/p/12",
            "RT @ligue: Bonjour, signez notre pétition - 3",
            "Bonjour Jean-Charles-Édouard - signez notre pétition",
            "Bonjour Mme Untel, signez notre pétition",
        ] {
            assert_eq!(key(text), expected, "{text}");
        }
    }

    #[test]
    fn a_title_takes_the_name_after_it() {
        assert_eq!(key("Monsieur Dupont, votre avis compte"), "monsieur votre avis compte ");
        assert_eq!(key("Franchement Élodie, c'est l'été"), "franchement c est l ete ");
        assert_eq!(key("12 % 👍 https://exemple.fr"), "");
    }
}
