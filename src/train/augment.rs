//! Perturbed copies of training messages: the same message as hurried, shouting or unaccented people would have typed it.
//!
//! Written corpora come out cleaner and shorter than life. Each copy undergoes each change by its own draw, at rates that are the
//! same for every label, so that no label can be told by the change. Never applied to messages that are scored.

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
        // Every draw is made for every copy: switching one change off leaves the others where they were.
        let happen = [
            (rates.join, Change::Join),
            (rates.drop_words, Change::DropWords),
            (rates.typing_error, Change::TypingError),
            (rates.drop_punctuation, Change::DropPunctuation),
            (rates.exclamation, Change::Exclamation),
            (rates.ellipsis, Change::Ellipsis),
            (rates.final_mark, Change::FinalMark),
            (rates.mention, Change::Mention),
            (rates.quotes, Change::Quotes),
            (rates.line_breaks, Change::LineBreaks),
            (rates.greeting, Change::Greeting),
            (rates.emoji, Change::Emoji),
            (rates.drop_accents, Change::DropAccents),
            (rates.lower_case, Change::LowerCase),
            (rates.hashtags, Change::Hashtags),
            (rates.link, Change::Link),
            (rates.signature, Change::Signature),
        ]
        .map(|(rate, change)| happens(rate).then_some(change));
        for change in happen.into_iter().flatten() {
            text = match change {
                Change::Join => self.joined(index, text, random),
                other => other.of(&text, random),
            };
        }
        Message { text: text.into(), parent: original.parent.clone() }
    }

    /// With another short message of the label after it.
    fn joined(&self, index: usize, mut text: String, random: &mut SplitMix64) -> String {
        let partners = &self.short[self.messages[index].label_id];
        if text.len() > SHORT || partners.is_empty() {
            return text;
        }
        let partner = partners[random.below(partners.len())];
        if partner != index {
            text.push(' ');
            text.push_str(&self.messages[partner].message.text);
        }
        text
    }
}

/// What may happen to a copy, in the order in which it does.
#[derive(Debug, Clone, Copy)]
enum Change {
    Join,
    DropWords,
    TypingError,
    DropPunctuation,
    Exclamation,
    Ellipsis,
    FinalMark,
    Mention,
    Quotes,
    LineBreaks,
    Greeting,
    Emoji,
    DropAccents,
    LowerCase,
    Hashtags,
    Link,
    Signature,
}

impl Change {
    /// The changed text. Joining needs the other messages and is not done here.
    fn of(self, text: &str, random: &mut SplitMix64) -> String {
        let mut pick = |words: &'static [&'static str]| words[random.below(words.len())];
        match self {
            Self::Join => text.to_owned(),
            Self::DropWords => without_words(text, random),
            Self::TypingError => with_typing_error(text, random),
            Self::DropPunctuation => text.replace([',', '.', ';', ':', '!', '…', '"', '«', '»'], ""),
            Self::Exclamation => format!("{} !", without_final_mark(text)),
            Self::Ellipsis => format!("{}...", without_final_mark(text)),
            Self::FinalMark => text.strip_suffix('.').map_or_else(|| format!("{text}."), str::to_owned),
            Self::Mention => with_mention(text, random),
            Self::Quotes => with_quotes(text, random),
            Self::LineBreaks => text.replace(". ", ".\n\n").replace("! ", "!\n\n"),
            Self::Greeting if text.starts_with('@') => text.to_owned(),
            Self::Greeting => format!("{}, {text}", pick(GREETINGS)),
            Self::Emoji => format!("{text} {}", pick(EMOJI)),
            Self::DropAccents => text.chars().map(without_accent).collect(),
            Self::LowerCase => text.to_lowercase(),
            Self::Hashtags => with_hashtags(text, random),
            Self::Link => format!("{text} https://t.co/{:010x}", random.next_u64() >> 24),
            Self::Signature => format!("{text}\n{}{}", pick(DASHES), pick(NAMES)),
        }
    }
}

fn without_final_mark(text: &str) -> &str {
    text.trim_end_matches(['.', '!', ' ', '…'])
}

const GREETINGS: &[&str] = &["Bonjour", "Bonsoir", "Bonjour à tous", "Salut"];
const EMOJI: &[&str] = &["🙂", "👇", "🙏", "😅", "❤️", "👉", "🔴", "😂", "👏", "💪"];

const DASHES: &[&str] = &["— ", "- ", ""];
const NAMES: &[&str] = &["Camille", "Julie", "Marc", "Sophie", "Mehdi", "L'équipe"];

/// Two neighboring letters of a longer word change places.
fn with_typing_error(text: &str, random: &mut SplitMix64) -> String {
    let mut words: Vec<String> = text.split(' ').map(str::to_owned).collect();
    let at = random.below(words.len());
    let mut letters: Vec<char> = words[at].chars().collect();
    if letters.len() >= 5 && letters.iter().all(|letter| letter.is_alphabetic()) {
        let first = 1 + random.below(letters.len() - 3);
        letters.swap(first, first + 1);
        words[at] = letters.into_iter().collect();
    }
    words.join(" ")
}

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
            signature: 0.0,
            typing_error: 0.0,
            final_mark: 0.0,
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
        assert_eq!(copies(&AugmentConfig { final_mark: 1.0, ..never() }), ["L'Été, enfin"]);
        assert_eq!(copies(&AugmentConfig { ellipsis: 1.0, ..never() }), ["L'Été, enfin..."]);
        assert!(copies(&AugmentConfig { greeting: 1.0, ..never() })[0].ends_with(", L'Été, enfin."));
        assert!(copies(&AugmentConfig { signature: 1.0, ..never() })[0].starts_with("L'Été, enfin.\n"));
        assert!(copies(&AugmentConfig { quotes: 1.0, ..never() })[0].contains("« "));
        assert!(copies(&AugmentConfig { mention: 1.0, ..never() })[0].contains("@compte"));
        let wrong = with_typing_error("demain", &mut SplitMix64::new(1));
        assert!(wrong != "demain" && wrong.starts_with('d') && wrong.len() == 6, "{wrong}");
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
