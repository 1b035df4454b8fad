//! Light stems: words without accents and without the endings of number, gender and the commonest derivations.
//!
//! Source: J. Savoy, "Light stemming approaches for the French, Portuguese, German and Hungarian languages", SAC 2006, and his
//! French light stemmer at the University of Neuchâtel; the accents go first, so that words typed without them meet their kin.

use super::hash::{Family, of_text};
use super::{Extractor, FeaturesConfig, Resources, Sink};
use crate::types::{TokenKind, without_accent};

#[derive(Debug)]
struct Stems;

pub(super) fn build(config: &FeaturesConfig, _: &Resources) -> Option<Box<dyn Extractor>> {
    config.stems.then(|| Box::new(Stems) as Box<dyn Extractor>)
}

impl Extractor for Stems {
    fn token(&self, form: &str, kind: TokenKind, _: u64, sink: &mut dyn Sink) {
        if kind == TokenKind::Word {
            let stem = stem(form);
            sink.add(of_text(Family::Stem, stem.as_bytes()), 1.0, format_args!("{stem}~"));
        }
    }
}

/// Ending, what replaces it, and the shortest word (in letters) it is cut from. The first that fits wins.
const ENDINGS: &[(&str, &str, usize)] = &[
    ("issement", "ir", 11),
    ("issant", "ir", 8),
    ("ement", "e", 10),
    ("ficatrice", "fier", 11),
    ("ficateur", "fier", 10),
    ("catrice", "quer", 10),
    ("cateur", "quer", 9),
    ("atrice", "er", 9),
    ("ateur", "er", 8),
    ("trice", "teur", 7),
    ("ieme", "", 6),
    ("teuse", "ter", 7),
    ("teur", "ter", 7),
    ("euse", "eu", 6),
    ("ere", "er", 8),
    ("ive", "if", 7),
    ("folle", "fou", 5),
    ("nnelle", "n", 9),
    ("nnel", "n", 8),
    ("ete", "et", 8),
    ("ique", "", 8),
    ("esse", "", 8),
    ("inage", "", 9),
    ("isation", "", 10),
    ("ualisation", "ual", 12),
    ("isateur", "", 10),
    ("ation", "", 8),
    ("ition", "", 8),
];

/// The light stem of a lower-case word.
fn stem(word: &str) -> String {
    let mut stem: String = word.chars().map(without_accent).collect();
    if stem.len() > 5 && stem.ends_with('x') {
        if stem.ends_with("aux") && !stem.ends_with("eaux") {
            stem.truncate(stem.len() - 2);
            stem.push('l');
        } else {
            stem.pop();
        }
    }
    for _ in 0..2 {
        if stem.len() > 3 && stem.ends_with('s') {
            stem.pop();
        }
    }
    if let Some((ending, replacement, _)) =
        ENDINGS.iter().find(|(ending, _, shortest)| stem.len() >= *shortest && stem.ends_with(ending))
    {
        stem.truncate(stem.len() - ending.len());
        stem.push_str(replacement);
    }
    without_final_vowel(&mut stem);
    stem
}

/// `parlees`, `parler`, `parlez`, `parle` end alike.
fn without_final_vowel(stem: &mut String) {
    if stem.len() <= 4 {
        return;
    }
    if stem.ends_with("er") || stem.ends_with("ez") {
        stem.truncate(stem.len() - 2);
    }
    while stem.len() > 4 && (stem.ends_with('e') || stem.ends_with("ii")) {
        stem.pop();
    }
    let bytes = stem.as_bytes();
    if stem.len() > 4 && stem.is_ascii() && bytes[bytes.len() - 1] == bytes[bytes.len() - 2] {
        stem.pop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kin_share_a_stem() {
        for (one, other) in [
            ("partagez", "partager"),
            ("agriculteurs", "agriculteur"),
            ("étudiantes", "etudiantes"),
            ("nationaux", "national"),
            ("organisation", "organisations"),
            ("travailleuse", "travailleuses"),
            ("élues", "élue"),
        ] {
            assert_eq!(stem(one), stem(other), "{one} {other}");
        }
    }

    #[test]
    fn short_words_stay() {
        for word in ["vous", "les", "nez", "mer"] {
            assert!(stem(word).len() + 1 >= word.len(), "{word} became {}", stem(word));
        }
    }
}
