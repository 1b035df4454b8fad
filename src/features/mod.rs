//! Tokens → features: hashed, with a value.
//!
//! **In**: the tokens of a message and of its parent, and the original text (for capitals). **Out**: calls of [`Sink::add`], one
//! per feature found. **Guaranteed**: deterministic, finite, nothing for an empty text but the flat cues; an extractor never sees
//! a label. **Left to others**: which features a model keeps and what they weigh (`score`).
//!
//! Two kinds of feature. Those of one *token* by itself (the word, its letters, its stem) depend on nothing else, so a scorer can
//! add them up once per distinct word and remember the sum. Those of the *message* are found anew each time. Features that count
//! text are divided by the square root of the number of tokens, whether cached or not; cues are flat.

mod char_ngrams;
mod context;
mod cues;
mod edges;
mod facts;
mod hash;
mod lexicon;
mod neutral;
mod skipgrams;
mod stems;
mod subwords;
mod vectors;
mod vocabulary;
mod word_ngrams;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use char_ngrams::CharNgramsConfig;
pub use cues::capital_words;
pub use facts::TokenFacts;
pub use hash::{token_form, token_hash};
pub use lexicon::Found;
pub use neutral::first_names;
pub use vectors::{vector_feature, vector_feature_of};
pub use vocabulary::Vocabulary;
pub use word_ngrams::WordNgramsConfig;

use crate::error::{ErrorKind, Result};
use crate::types::{Class, Feature, Marks, Pieces, Token, TokenKind};

/// Takes the features as they are found.
pub trait Sink {
    /// One feature. The name is formatted only by sinks that show it to people.
    fn add(&mut self, feature: Feature, value: f32, name: fmt::Arguments<'_>);

    /// Several features of one value, in order; `name` writes the name of the one at a position.
    fn add_all(&mut self, features: &[Feature], value: f32, name: &WriteName<'_>) {
        for (index, feature) in features.iter().enumerate() {
            self.add(*feature, value, format_args!("{}", Name { name, index }));
        }
    }
}

/// Writes the name of a feature by its position.
pub type WriteName<'a> = dyn Fn(usize, &mut fmt::Formatter<'_>) -> fmt::Result + 'a;

/// One of several names.
struct Name<'a> {
    name: &'a WriteName<'a>,
    index: usize,
}

impl fmt::Display for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (self.name)(self.index, f)
    }
}

/// Features handed to a sink at once.
const AT_ONCE: usize = 64;

/// Hands `count` features of one value to a sink, a few dozen at a time.
fn add_in_blocks(
    count: usize,
    value: f32,
    sink: &mut dyn Sink,
    feature: impl Fn(usize) -> Feature,
    name: &WriteName<'_>,
) {
    let mut block = [0; AT_ONCE];
    for start in (0..count).step_by(AT_ONCE) {
        let end = count.min(start + AT_ONCE);
        let filled = &mut block[..end - start];
        filled.iter_mut().zip(start..end).for_each(|(slot, index)| *slot = feature(index));
        sink.add_all(filled, value, &|index, f| name(start + index, f));
    }
}

/// One side of an exchange as the extractors see it: the message, or its parent.
#[derive(Debug, Clone, Copy)]
pub struct Side<'a> {
    /// Text as it was written.
    pub original: &'a str,
    /// The tokens' forms, for names.
    pub forms: Forms<'a>,
    /// [`token_hash`] of each token, in order.
    pub hashes: &'a [u64],
    /// [`FeatureSet::facts`] of each token, in the same order.
    pub facts: &'a [TokenFacts],
    /// What normalising noticed.
    pub marks: &'a Marks,
    /// Words written in capitals ([`capital_words`]).
    pub capitals: usize,
    /// Groups of the cue lexicon among the tokens ([`FeatureSet::find_groups`]).
    pub found: Found,
}

/// Where features find how a token is spelt, to tell people. Numbers never depend on it.
#[derive(Debug, Clone, Copy)]
pub struct Forms<'a> {
    /// The normalised text, which the token spans index.
    pub text: &'a str,
    /// The tokens.
    pub tokens: &'a [Token],
}

/// A message and what it answers.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The message.
    pub message: Side<'a>,
    /// The message it answers or quotes, where known.
    pub parent: Option<Side<'a>>,
}

impl<'a> Side<'a> {
    /// The text of a token as features spell it: a long run of punctuation counts as a run of two.
    pub fn form(&self, token_index: usize) -> &'a str {
        self.forms.form(token_index)
    }

    /// What a text feature's value is multiplied with: 1 / √(number of tokens).
    pub fn length_scale(&self) -> f32 {
        1.0 / (self.hashes.len().max(1) as f32).sqrt()
    }
}

impl<'a> Forms<'a> {
    /// The text of a token as features spell it; nothing where the tokens are known by their hashes alone.
    pub fn form(&self, token_index: usize) -> &'a str {
        self.tokens.get(token_index).map_or("", |token| token_form(token.kind, &self.text[token.span.clone()]))
    }
}

/// One family of features.
pub trait Extractor: fmt::Debug + Send + Sync {
    /// Features of one token by itself; `hash` is its [`token_hash`].
    fn token(&self, _form: &str, _kind: TokenKind, _hash: u64, _sink: &mut dyn Sink) {}

    /// Features of the message as a whole, already scaled.
    fn message(&self, _view: &View<'_>, _sink: &mut dyn Sink) {}
}

/// Builds an extractor, if the configuration switches it on.
type Build = fn(&FeaturesConfig, &Resources) -> Option<Box<dyn Extractor>>;

/// An entry of [`EXTRACTORS`].
struct Entry {
    name: &'static str,
    build: Build,
}

/// What extractors may need beside the text.
#[derive(Debug, Clone, Default)]
pub struct Resources {
    /// The model's subword vocabulary.
    pub subwords: Option<Arc<dyn Pieces>>,
}

/// Every family of features, in the order in which explanations list them.
const EXTRACTORS: &[Entry] = &[
    Entry { name: "words", build: word_ngrams::build },
    Entry { name: "chars", build: char_ngrams::build },
    Entry { name: "subwords", build: subwords::build },
    Entry { name: "stems", build: stems::build },
    Entry { name: "edges", build: edges::build },
    Entry { name: "skipgrams", build: skipgrams::build },
    Entry { name: "cues", build: cues::build },
    Entry { name: "context", build: context::build },
    Entry { name: "vectors", build: vectors::build },
];

/// Which families are on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[allow(clippy::struct_excessive_bools, reason = "each switches one family, and is named so in settings files")]
pub struct FeaturesConfig {
    /// Words and their n-grams.
    pub words: WordNgramsConfig,
    /// Character n-grams inside words.
    pub chars: CharNgramsConfig,
    /// Pieces of the BPE vocabulary.
    pub subwords: bool,
    /// Light stems.
    pub stems: bool,
    /// First and last words.
    pub edges: bool,
    /// Pairs of words with one between them.
    pub skipgrams: bool,
    /// Surface cues of who speaks to whom, and for what.
    pub cues: bool,
    /// What the message does with its parent.
    pub context: bool,
    /// What each word's vector, learnt without labels, adds up to.
    pub vectors: bool,
    /// Whether parties, faiths, peoples and first names count by their kind only.
    pub neutral_names: bool,
    /// Value of a cue, where a word's is its rarity over the square root of the message's length.
    pub cue_scale: f32,
}

impl Default for FeaturesConfig {
    fn default() -> Self {
        Self {
            words: WordNgramsConfig::default(),
            chars: CharNgramsConfig::default(),
            subwords: true,
            stems: true,
            edges: true,
            skipgrams: true,
            cues: true,
            context: true,
            vectors: false,
            neutral_names: true,
            cue_scale: 1.0,
        }
    }
}

impl FeaturesConfig {
    /// The block of word vectors, and nothing else.
    pub fn vectors_only() -> Self {
        Self {
            words: WordNgramsConfig { max: 0 },
            chars: CharNgramsConfig { min: 0, max: 0 },
            subwords: false,
            stems: false,
            edges: false,
            cues: false,
            context: false,
            vectors: true,
            ..Self::default()
        }
    }
}

/// The families that a configuration switches on.
#[derive(Debug)]
pub struct FeatureSet {
    extractors: Vec<Box<dyn Extractor>>,
    lexicon: lexicon::Lexicon,
    neutral: neutral::Neutral,
}

impl FeatureSet {
    /// Builds the extractors.
    ///
    /// **Errors**: [`ErrorKind::InvalidConfig`] for an impossible setting or a missing resource.
    pub fn new(config: &FeaturesConfig, resources: &Resources) -> Result<Self> {
        config.words.check()?;
        config.chars.check()?;
        if config.subwords && resources.subwords.is_none() {
            let why = "features.subwords is on without a subword vocabulary".to_owned();
            return Err(ErrorKind::InvalidConfig(why).into());
        }
        let extractors: Vec<_> = EXTRACTORS.iter().filter_map(|entry| (entry.build)(config, resources)).collect();
        if extractors.is_empty() {
            let names: Vec<&str> = EXTRACTORS.iter().map(|entry| entry.name).collect();
            let why = format!("every family of features is off; switch one on: {}", names.join(", "));
            return Err(ErrorKind::InvalidConfig(why).into());
        }
        let neutral = if config.neutral_names { neutral::Neutral::new() } else { neutral::Neutral::default() };
        Ok(Self { extractors, lexicon: lexicon::Lexicon::new(), neutral })
    }

    /// The kind by which a word of this hash counts, where it is a name that must not decide.
    pub fn neutral_kind(&self, hash: u64) -> Option<Class> {
        self.neutral.kind(hash)
    }

    /// Which groups of the cue lexicon occur among tokens with these hashes and facts.
    pub fn find_groups(&self, hashes: &[u64], facts: &[TokenFacts]) -> Found {
        self.lexicon.scan(hashes, facts)
    }

    /// What the cues ask of a token: `text` is all of it, `hash` its [`token_hash`].
    pub fn facts(&self, text: &str, kind: TokenKind, hash: u64) -> TokenFacts {
        TokenFacts::of(token_form(kind, text), text, kind, hash, &self.lexicon)
    }

    /// Features of one token by itself, not yet scaled by the message's length.
    pub fn token(&self, form: &str, kind: TokenKind, hash: u64, sink: &mut dyn Sink) {
        for extractor in &self.extractors {
            extractor.token(form, kind, hash, sink);
        }
    }

    /// Features of the message as a whole.
    pub fn message(&self, view: &View<'_>, sink: &mut dyn Sink) {
        for extractor in &self.extractors {
            extractor.message(view, sink);
        }
    }
}
