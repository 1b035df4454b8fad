//! normalize → tokenize → features: the only road from text to numbers, for training and classifying alike.

mod pieces;

use std::fmt;
use std::sync::Arc;

pub use pieces::Pieces as PieceMemory;

use crate::config::PipelineConfig;
use crate::error::Result;
use crate::features::{FeatureSet, Forms, Resources, Side, Sink, TokenFacts, View, capital_words, token_hash};
use crate::normalize::{Normalizer, plain_word};
use crate::tokenize::FrenchTokenizer;
use crate::types::{Feature, Message, Normalized, Pieces, Token, TokenKind};

/// Turns messages into features.
#[derive(Debug)]
pub struct Vectorizer {
    normalizer: Normalizer,
    features: FeatureSet,
    /// Whether texts may be read piece by piece ([`Normalizer::is_local`]).
    is_local: bool,
}

/// A message ready for its features. Holds the buffers, so that one value serves a whole corpus.
#[derive(Debug, Default)]
pub struct Prepared {
    message: Text,
    parent: Text,
    has_parent: bool,
}

/// One text with what the stages made of it.
#[derive(Debug, Default)]
struct Text {
    original: String,
    normalized: Normalized,
    tokens: Vec<Token>,
    hashes: Vec<u64>,
    facts: Vec<TokenFacts>,
    capitals: usize,
    /// Where the text was read piece by piece: for each, its end among the tokens and its range of the original. `normalized` then holds
    /// the marks only, and `tokens` nothing.
    pieces: Vec<(usize, usize, usize)>,
}

impl Vectorizer {
    /// Builds the stages.
    ///
    /// **Errors**: [`InvalidConfig`](crate::error::ErrorKind::InvalidConfig) for an impossible setting, or subword features
    /// without a vocabulary.
    pub fn new(config: &PipelineConfig, subwords: Option<Arc<dyn Pieces>>) -> Result<Self> {
        let normalizer = Normalizer::new(&config.normalize)?;
        Ok(Self {
            is_local: normalizer.is_local(),
            normalizer,
            features: FeatureSet::new(&config.features, &Resources { subwords })?,
        })
    }

    /// Normalises and tokenises a message and what it answers: its parent, or else the message it quotes.
    pub fn prepare(&self, message: &Message<'_>, prepared: &mut Prepared) {
        prepared.fill(message, |text, original| text.fill(self, original));
    }

    /// The same as [`Vectorizer::prepare`] but for what [`Prepared::tokens`] tells, faster where pieces of text come again.
    pub fn prepare_in_pieces(&self, message: &Message<'_>, memory: &mut PieceMemory, prepared: &mut Prepared) {
        prepared.fill(message, |text, original| {
            if !(self.is_local && memory.fill(self, original, text)) {
                text.fill(self, original);
            }
        });
    }

    /// The features of one token of a prepared message, not yet scaled by the message's length.
    pub fn token_features(&self, prepared: &Prepared, token: usize, memory: &mut PieceMemory, sink: &mut dyn Sink) {
        let text = &prepared.message;
        let (text, token) = if text.pieces.is_empty() { (text, token) } else { memory.reread(self, text, token) };
        let forms = Forms { text: &text.normalized.text, tokens: &text.tokens };
        self.features.token(forms.form(token), text.tokens[token].kind, text.hashes[token], sink);
    }

    /// The families of features, for a scorer that remembers what tokens add up to.
    pub fn features(&self) -> &FeatureSet {
        &self.features
    }

    /// Every feature of a prepared message, scaled; those of its tokens one by one.
    pub fn each_feature(&self, prepared: &Prepared, sink: &mut dyn Sink) {
        let view = prepared.view(&self.features);
        let mut scaled = Scaled { scale: view.message.length_scale(), sink };
        for (index, token) in view.message.forms.tokens.iter().enumerate() {
            self.features.token(view.message.form(index), token.kind, view.message.hashes[index], &mut scaled);
        }
        self.features.message(&view, sink);
    }
}

impl Prepared {
    /// Fills the message, and its parent or what it quotes.
    fn fill(&mut self, message: &Message<'_>, mut fill: impl FnMut(&mut Text, &str)) {
        fill(&mut self.message, &message.text);
        let quoted = self.message.normalized.marks.quoted.take();
        let parent = message.parent().or(quoted.as_deref());
        self.has_parent = parent.is_some();
        if let Some(parent) = parent {
            fill(&mut self.parent, parent);
        }
        self.message.normalized.marks.quoted = quoted;
    }

    /// The message and its parent as the extractors see them.
    pub fn view(&self, features: &FeatureSet) -> View<'_> {
        View { message: self.message.side(features), parent: self.has_parent.then(|| self.parent.side(features)) }
    }

    /// Whether the message has nothing to read.
    pub fn is_empty(&self) -> bool {
        self.message.hashes.is_empty()
    }

    /// Tokens of the message, with the text they index.
    pub fn tokens(&self) -> (&Normalized, &[Token]) {
        (&self.message.normalized, &self.message.tokens)
    }
}

impl Text {
    fn clear(&mut self, original: &str) {
        self.original.clear();
        self.original.push_str(original);
        self.normalized.reset("");
        self.tokens.clear();
        self.hashes.clear();
        self.facts.clear();
        self.capitals = 0;
        self.pieces.clear();
    }

    fn fill(&mut self, stages: &Vectorizer, original: &str) {
        self.clear(original);
        stages.normalizer.normalize_into(original, &mut self.normalized);
        self.read_tokens(stages);
    }

    /// Fills all but the map back from a piece without white space.
    fn fill_piece(&mut self, stages: &Vectorizer, piece: &str) {
        self.clear(piece);
        if !plain_word(piece, &mut self.normalized.text) {
            stages.normalizer.normalize_into(piece, &mut self.normalized);
        }
        self.read_tokens(stages);
    }

    /// Makes tokens, their hashes and facts of the normalised text.
    fn read_tokens(&mut self, stages: &Vectorizer) {
        FrenchTokenizer.tokenize_into(&self.normalized.text, &mut self.tokens);
        self.capitals = capital_words(&self.original);
        for token in &mut self.tokens {
            let text = &self.normalized.text[token.span.clone()];
            let mut hash = token_hash(token.kind, text);
            if let (TokenKind::Word, Some(kind)) = (token.kind, stages.features.neutral_kind(hash)) {
                token.kind = TokenKind::Class(kind);
                hash = token_hash(token.kind, kind.as_char().encode_utf8(&mut [0; 4]));
            }
            self.facts.push(stages.features.facts(text, token.kind, hash));
            self.hashes.push(hash);
        }
    }

    fn side(&self, features: &FeatureSet) -> Side<'_> {
        Side {
            original: &self.original,
            forms: Forms { text: &self.normalized.text, tokens: &self.tokens },
            hashes: &self.hashes,
            facts: &self.facts,
            marks: &self.normalized.marks,
            capitals: self.capitals,
            found: features.find_groups(&self.hashes, &self.facts),
        }
    }
}

/// Passes features on, multiplied.
struct Scaled<'a> {
    scale: f32,
    sink: &'a mut dyn Sink,
}

impl Sink for Scaled<'_> {
    fn add(&mut self, feature: Feature, value: f32, name: fmt::Arguments<'_>) {
        self.sink.add(feature, value * self.scale, name);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::features::{CharNgramsConfig, FeaturesConfig};

    /// Keeps names and values.
    #[derive(Default, PartialEq, Debug)]
    struct Names(Vec<(String, f32)>);

    impl Sink for Names {
        fn add(&mut self, _: Feature, value: f32, name: fmt::Arguments<'_>) {
            self.0.push((name.to_string(), value));
        }
    }

    impl Names {
        fn has(&self, name: &str) -> bool {
            self.0.iter().any(|(known, _)| known == name)
        }
    }

    fn vectorizer() -> Vectorizer {
        let chars = CharNgramsConfig { min: 2, max: 5 };
        let features = FeaturesConfig { chars, skipgrams: true, subwords: false, ..FeaturesConfig::default() };
        Vectorizer::new(&PipelineConfig { features, ..PipelineConfig::default() }, None).unwrap()
    }

    fn features(message: &Message<'_>) -> Names {
        let (vectorizer, mut prepared, mut names) = (vectorizer(), Prepared::default(), Names::default());
        vectorizer.prepare(message, &mut prepared);
        vectorizer.each_feature(&prepared, &mut names);
        names
    }

    #[test]
    fn every_family_speaks() {
        let names = features(&Message::new(
            "Merci pour votre billet, SURTOUT partagez-le : https://t.co/Xy12 #QuebecSolidaire",
        ));
        for name in [
            "votre",
            "pour votre",
            "«bill»",
            "billet~",
            "^merci",
            "merci _ votre",
            "[thanks]",
            "[opens with thanks]",
            "[yours]",
            "[action]",
            "[lever and gain]",
            "[imperative]",
            "[link]",
            "[hashtag]",
            "[capitals]",
            "solidaire",
        ] {
            assert!(names.has(name), "{name} is not among {names:?}");
        }
        assert!(!names.has("[reply]"));
    }

    #[test]
    fn a_reply_is_seen_with_what_it_takes_up() {
        let parent = "Pourquoi avez-vous fermé la bibliothèque du quartier ?";
        let answers = features(&Message::new("La bibliothèque rouvre lundi, promis.").with_parent(parent));
        for name in ["[reply]", "[reply to a question]", "[answers the question]", "[takes up words]"] {
            assert!(answers.has(name), "{name} is not among {answers:?}");
        }
        let evades = features(&Message::new("Votez le 12 ! https://t.co/ab").with_parent(parent));
        assert!(evades.has("[leaves the question]") && evades.has("[link instead of answer]"), "{evades:?}");
    }

    #[test]
    fn a_promise_and_a_tweet_quoted_inside_are_seen() {
        assert!(features(&Message::new("Je les rendrai gratuits.")).has("[promise]"));
        assert!(!features(&Message::new("Je crois que c'est vrai.")).has("[promise]"));
        let quoting = features(&Message::new("Honteux. « lucie: Le parc ferme demain — https://t.co/q1 »"));
        assert!(quoting.has("[quoted message]") && quoting.has("[reply]"), "{quoting:?}");
    }

    #[test]
    fn subwords_without_a_vocabulary_are_refused() {
        assert!(Vectorizer::new(&PipelineConfig::default(), None).is_err());
    }

    proptest! {
        #[test]
        fn features_are_finite_and_the_same_each_time(text in "\\PC{0,80}", parent in proptest::option::of("\\PC{0,40}")) {
            let mut message = Message::new(text);
            message.parent = parent.map(Into::into);
            let names = features(&message);
            prop_assert!(names.0.iter().all(|(_, value)| value.is_finite() && *value != 0.0));
            prop_assert_eq!(names, features(&message));
        }
    }
}
