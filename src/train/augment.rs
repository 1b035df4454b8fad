//! Perturbed copies of training messages: the same message as hurried, shouting or unaccented people would have typed it.
//!
//! Written corpora come out cleaner and shorter than life. Each copy undergoes each change by its own draw, at rates that are the
//! same for every label, so that no label can be told by the change. Never applied to messages that are scored.

use std::fmt::Write;

use crate::config::AugmentConfig;
use crate::types::{LabeledMessage, Message, SplitMix64, without_accent};

/// Longest text, in bytes, that may be joined with another.
const SHORT: usize = 240;

/// Draws copies of messages.
#[derive(Debug)]
pub(super) struct Augmenter<'a> {
    config: &'a AugmentConfig,
    messages: &'a [LabeledMessage],
    /// Positions of the short messages of each label.
    short: Vec<Vec<usize>>,
    seed: u64,
}

impl<'a> Augmenter<'a> {
    pub(super) fn new(config: &'a AugmentConfig, messages: &'a [LabeledMessage], n_labels: usize, seed: u64) -> Self {
        let mut short = vec![Vec::new(); n_labels];
        for (index, message) in messages.iter().enumerate() {
            if message.message.text.len() <= SHORT {
                short[message.label_id].push(index);
            }
        }
        Self { config, messages, short, seed }
    }

    /// The texts to learn a message from; the same for the same seed, whatever is drawn for the others.
    pub(super) fn copies(&self, index: usize) -> Vec<Message<'static>> {
        let original = &self.messages[index].message;
        let mut random = SplitMix64::new(self.seed ^ (index as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let mut copies: Vec<_> = (0..self.config.copies).map(|_| self.copy(index, &mut random)).collect();
        if copies.is_empty() || self.config.originals {
            copies.push(original.clone());
        }
        copies
    }

    fn copy(&self, index: usize, random: &mut SplitMix64) -> Message<'static> {
        let original = &self.messages[index].message;
        let mut text = original.text.clone().into_owned();
        let rates = self.config;
        let mut happens = |rate: f64| random.f64() < rate;
        let [
            join,
            words,
            punctuation,
            exclamation,
            ellipsis,
            accents,
            lower,
            tags,
            mention,
            quotes,
            lines,
            emoji,
            greeting,
            link,
        ] = [
            happens(rates.join),
            happens(rates.drop_words),
            happens(rates.drop_punctuation),
            happens(rates.exclamation),
            happens(rates.ellipsis),
            happens(rates.drop_accents),
            happens(rates.lower_case),
            happens(rates.hashtags),
            happens(rates.mention),
            happens(rates.quotes),
            happens(rates.line_breaks),
            happens(rates.emoji),
            happens(rates.greeting),
            happens(rates.link),
        ];
        if join {
            self.join(index, &mut text, random);
        }
        if words {
            text = without_words(&text, random);
        }
        if punctuation {
            text.retain(|character| !matches!(character, ',' | '.' | ';' | ':' | '!' | '…' | '"' | '«' | '»'));
        }
        if exclamation {
            text = format!("{} !", text.trim_end_matches(['.', '!', ' ', '…']));
        }
        if ellipsis {
            text = format!("{}...", text.trim_end_matches(['.', '!', ' ', '…']));
        }
        if mention {
            text = with_mention(&text, random);
        }
        if quotes {
            text = with_quotes(&text, random);
        }
        if lines {
            text = text.replace(". ", ".\n\n").replace("! ", "!\n\n");
        }
        if greeting && !text.starts_with('@') {
            text = format!("{}, {text}", GREETINGS[random.below(GREETINGS.len())]);
        }
        if emoji {
            text = format!("{text} {}", EMOJI[random.below(EMOJI.len())]);
        }
        if accents {
            text = text.chars().map(without_accent).collect();
        }
        if lower {
            text = text.to_lowercase();
        }
        if tags {
            text = with_hashtags(&text, random);
        }
        if link {
            add_link(&mut text, random);
        }
        Message { text: text.into(), parent: original.parent.clone() }
    }

    /// Appends another short message of the label.
    fn join(&self, index: usize, text: &mut String, random: &mut SplitMix64) {
        let partners = &self.short[self.messages[index].label_id];
        if text.len() > SHORT || partners.is_empty() {
            return;
        }
        let partner = partners[random.below(partners.len())];
        if partner != index {
            text.push(' ');
            text.push_str(&self.messages[partner].message.text);
        }
    }
}

const GREETINGS: &[&str] = &["Bonjour", "Bonsoir", "Bonjour à tous", "Salut"];
const EMOJI: &[&str] = &["🙂", "👇", "🙏", "😅", "❤️", "👉", "🔴", "😂", "👏", "💪"];

/// Puts a mention after one of the words.
fn with_mention(text: &str, random: &mut SplitMix64) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let at = 1 + random.below(words.len());
    words.insert(at.min(words.len()), format!("@compte{}", random.below(100)));
    words.join(" ")
}

/// Quotation marks around two to five words.
fn with_quotes(text: &str, random: &mut SplitMix64) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let first = random.below(words.len());
    let last = (first + 1 + random.below(4)).min(words.len() - 1);
    words[first].insert_str(0, "« ");
    words[last].push_str(" »");
    words.join(" ")
}

/// Leaves out one or two words of a text of five or more.
fn without_words(text: &str, random: &mut SplitMix64) -> String {
    let mut words: Vec<&str> = text.split(' ').collect();
    for _ in 0..=random.below(2) {
        if words.len() >= 5 {
            words.remove(random.below(words.len()));
        }
    }
    words.join(" ")
}

/// Puts a hashtag sign before one or two of the longer words.
fn with_hashtags(text: &str, random: &mut SplitMix64) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    for _ in 0..=random.below(2) {
        let at = random.below(words.len());
        if words[at].chars().count() >= 5 && words[at].chars().all(char::is_alphabetic) {
            words[at].insert(0, '#');
        }
    }
    words.join(" ")
}

fn add_link(text: &mut String, random: &mut SplitMix64) {
    // Writing to a string cannot fail.
    let _ = write!(text, " https://t.co/{:010x}", random.next_u64() >> 24);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labeled(texts: &[(&str, usize)]) -> Vec<LabeledMessage> {
        let message = |(text, label_id): &(&str, usize)| {
            LabeledMessage::new(Message::new((*text).to_owned()).with_parent("Et demain ?"), *label_id)
        };
        texts.iter().map(message).collect()
    }

    fn never() -> AugmentConfig {
        AugmentConfig {
            copies: 1,
            originals: false,
            join: 0.0,
            lower_case: 0.0,
            drop_punctuation: 0.0,
            drop_accents: 0.0,
            link: 0.0,
            hashtags: 0.0,
            exclamation: 0.0,
            drop_words: 0.0,
            ellipsis: 0.0,
            mention: 0.0,
            quotes: 0.0,
            line_breaks: 0.0,
            emoji: 0.0,
            greeting: 0.0,
        }
    }

    fn copies(config: &AugmentConfig) -> Vec<String> {
        let messages = labeled(&[("L'Été, enfin.", 0), ("Non merci", 1), ("À demain", 0)]);
        let augmenter = Augmenter::new(config, &messages, 2, 9);
        augmenter.copies(0).into_iter().map(|copy| copy.text.into_owned()).collect()
    }

    #[test]
    fn each_change_is_the_one_it_says() {
        assert_eq!(copies(&never()), ["L'Été, enfin."]);
        assert_eq!(copies(&AugmentConfig { lower_case: 1.0, ..never() }), ["l'été, enfin."]);
        assert_eq!(copies(&AugmentConfig { drop_punctuation: 1.0, ..never() }), ["L'Été enfin"]);
        assert_eq!(copies(&AugmentConfig { drop_accents: 1.0, ..never() }), ["L'Ete, enfin."]);
        assert_eq!(copies(&AugmentConfig { exclamation: 1.0, ..never() }), ["L'Été, enfin !"]);
        assert!(copies(&AugmentConfig { link: 1.0, ..never() })[0].starts_with("L'Été, enfin. https://t.co/"));
        let joined = &copies(&AugmentConfig { join: 1.0, copies: 20, ..never() });
        assert!(joined.iter().any(|text| text == "L'Été, enfin. À demain"));
        assert!(!joined.iter().any(|text| text.contains("Non merci")), "never with another label");
    }

    #[test]
    fn originals_are_learnt_only_where_asked_or_alone() {
        assert_eq!(copies(&AugmentConfig { copies: 0, ..never() }), ["L'Été, enfin."]);
        let both = AugmentConfig { copies: 2, originals: true, lower_case: 1.0, ..never() };
        assert_eq!(copies(&both), ["l'été, enfin.", "l'été, enfin.", "L'Été, enfin."]);
    }

    #[test]
    fn copies_depend_on_the_seed_alone() {
        let config = AugmentConfig { copies: 8, ..AugmentConfig::default() };
        assert_eq!(copies(&config), copies(&config));
    }
}
