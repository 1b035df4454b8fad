//! Surface cues: who is spoken to, what is asked, how it is written. Few, flat, and the same for every subject.

use super::facts::Is;
use super::hash::{Family, of_hash, of_text};
use super::lexicon::{Found, GROUPS, Group};
use super::{Extractor, FeaturesConfig, Resources, Side, Sink, TokenFacts, View};
use crate::types::{Class, TokenKind};

#[derive(Debug)]
struct Cues {
    scale: f32,
}

pub(super) fn build(config: &FeaturesConfig, _: &Resources) -> Option<Box<dyn Extractor>> {
    config.cues.then(|| Box::new(Cues { scale: config.cue_scale }) as Box<dyn Extractor>)
}

impl Extractor for Cues {
    fn message(&self, view: &View<'_>, sink: &mut dyn Sink) {
        let side = &view.message;
        let mut flat = Flat { scale: self.scale, sink };
        groups(side.found, &mut flat);
        let counts = Counts::of(side);
        for (name, hook, turn) in HOOKS {
            if hook.iter().any(|group| side.found.has(*group)) && turn.iter().any(|group| side.found.has(*group)) {
                flat.named(Family::Cue, name);
            }
        }
        if view.parent.is_some() && is_bare(&counts) {
            flat.named(Family::Cue, "bare reply");
        }
        for (name, test) in SURFACE {
            if test(&counts, side) {
                flat.named(Family::Cue, name);
            }
        }
    }
}

/// Cues have one value, whatever the message's length.
pub(super) struct Flat<'a> {
    pub(super) scale: f32,
    pub(super) sink: &'a mut dyn Sink,
}

impl Flat<'_> {
    /// A cue known by its name.
    pub(super) fn named(&mut self, family: Family, name: &str) {
        self.sink.add(of_text(family, name.as_bytes()), self.scale, format_args!("[{name}]"));
    }

    /// A cue known by a number within its family.
    pub(super) fn coded(&mut self, family: Family, code: u64, value: f32, name: std::fmt::Arguments<'_>) {
        self.sink.add(of_hash(family, code), self.scale * value, format_args!("[{name}]"));
    }
}

/// Groups that say something special at the beginning of a message.
const OPENERS: &[Group] = &[
    Group::Thanks,
    Group::Apology,
    Group::Agreement,
    Group::Disagreement,
    Group::Greeting,
    Group::Question,
    Group::Je,
    Group::Laugh,
    Group::Praise,
    Group::Wound,
];

fn groups(found: Found, flat: &mut Flat<'_>) {
    for (group, name, _) in GROUPS {
        if found.has(*group) {
            flat.coded(Family::Cue, *group as u64, 1.0, format_args!("{name}"));
        }
    }
    for group in OPENERS.iter().filter(|group| found.opens_with(**group)) {
        let (_, name, _) = GROUPS[*group as usize];
        flat.coded(Family::Cue, 0x100 | *group as u64, 1.0, format_args!("opens with {name}"));
    }
}

/// What is counted in one pass over the tokens.
#[derive(Debug, Default)]
struct Counts {
    words: usize,
    classes: [usize; Class::ALL.len()],
    emoji: usize,
    emoticons: usize,
    questions: usize,
    exclamations: usize,
    runs: usize,
    ellipses: usize,
    quotes: usize,
    colons: usize,
    imperatives: usize,
    promises: usize,
    capitals: usize,
    leading_mentions: usize,
}

impl Counts {
    fn of(side: &Side<'_>) -> Self {
        let mut counts = Self { capitals: side.capitals, ..Self::default() };
        for index in 0..side.facts.len() {
            counts.add(side, index);
        }
        counts
    }

    fn add(&mut self, side: &Side<'_>, index: usize) {
        let facts = side.facts[index];
        match facts.kind() {
            TokenKind::Word => {
                self.words += 1;
                self.imperatives += usize::from(facts.has(Is::Ez) && is_imperative(side, index));
                self.promises += usize::from(facts.has(Is::Future) && is_promise(side, index));
            }
            TokenKind::Class(class) => {
                self.classes[class as usize] += 1;
                let leads = class == Class::Mention && self.leading_mentions == index;
                self.leading_mentions += usize::from(leads);
            }
            TokenKind::Emoji => self.emoji += 1,
            TokenKind::Emoticon => self.emoticons += 1,
            TokenKind::Punctuation => {
                self.questions += facts.count(Is::Question);
                self.exclamations += facts.count(Is::Exclamation);
                self.runs += facts.count(Is::Run);
                self.ellipses += facts.count(Is::Ellipsis);
                self.quotes += facts.count(Is::Quote);
                self.colons += facts.count(Is::Colon);
            }
            TokenKind::Other => {}
        }
    }

    fn class(&self, class: Class) -> usize {
        self.classes[class as usize]
    }
}

/// A verb in -ez without its vous: `venez`, `partagez`.
fn is_imperative(side: &Side<'_>, index: usize) -> bool {
    let is_subject = |neighbour: Option<usize>| {
        neighbour.and_then(|neighbour| side.facts.get(neighbour)).is_some_and(|facts| facts.has(Is::Vous))
    };
    !is_subject(Some(index + 1)) && !is_subject(index.checked_sub(1))
}

/// A verb of the speaker's in the future: `je ferai`, `nous les rendrons`.
fn is_promise(side: &Side<'_>, index: usize) -> bool {
    side.facts[index.saturating_sub(2)..index].iter().any(|facts| facts.has(Is::Speaker))
}

/// A hook on the reader or a wound, and something of the sender's: the very form of targeting.
fn hooks(counts: &Counts, side: &Side<'_>) -> bool {
    let has = |group| side.found.has(group);
    let lever = has(Group::Wound) || has(Group::People) || has(Group::YourPost);
    lever && (has(Group::Promote) || has(Group::Action) || counts.promises > 0)
}

/// Without what a message for everybody carries: a link, a hashtag.
fn is_bare(counts: &Counts) -> bool {
    counts.class(Class::Url) + counts.class(Class::Hashtag) == 0
}

/// The forms of targeting (rules 1, 3, 4, 7, 8, 12 and 13 of the codebook): a hook, and what it is turned to.
const HOOKS: &[(&str, &[Group], &[Group])] = &[
    ("wound and rescue", &[Group::Wound], &[Group::Rescue]),
    ("wound and ballot", &[Group::Wound], &[Group::Ballot]),
    ("wound and blame", &[Group::Wound], &[Group::Blame]),
    ("wound and sale", &[Group::Wound], &[Group::Sale]),
    ("wound and condolence", &[Group::Wound], &[Group::Condolence]),
    ("commemoration and rescue", &[Group::Commemoration], &[Group::Rescue]),
    ("commemoration and ballot", &[Group::Commemoration], &[Group::Ballot]),
    ("condolence and rescue", &[Group::Condolence], &[Group::Rescue]),
    ("condolence and ballot", &[Group::Condolence], &[Group::Ballot]),
    ("people and ballot", &[Group::People], &[Group::Ballot]),
    ("people and rescue", &[Group::People], &[Group::Rescue]),
    ("reach and request", &[Group::Reach, Group::Praise], &[Group::Request]),
    ("life event and sale", &[Group::LifeEvent, Group::YourPost], &[Group::Sale]),
    ("life event and action", &[Group::LifeEvent, Group::YourPost], &[Group::Action]),
    ("thanks and ballot", &[Group::Thanks], &[Group::Ballot]),
    ("praise and promote", &[Group::Praise], &[Group::Promote]),
];

/// Words of five capital letters or more: shorter ones may well be a party's initials, which must not decide.
pub fn capital_words(text: &str) -> usize {
    // Every capital is an ASCII one or has bytes beyond ASCII: without five such bytes in a row there is no such word.
    let mut run = 0;
    let may_hold = text.bytes().any(|byte| {
        run = if byte.is_ascii_uppercase() || byte >= 0x80 { run + 1 } else { 0 };
        run == 5
    });
    if !may_hold {
        return 0;
    }
    let is_shouted = |word: &&str| word.chars().count() >= 5 && word.chars().all(char::is_uppercase);
    text.split(|character: char| !character.is_alphabetic()).filter(is_shouted).count()
}

type Test = fn(&Counts, &Side<'_>) -> bool;

/// Every surface cue: its name and its test.
const SURFACE: &[(&str, Test)] = &[
    ("link", |counts, _| counts.class(Class::Url) > 0),
    ("two links", |counts, _| counts.class(Class::Url) > 1),
    ("mention", |counts, _| counts.class(Class::Mention) > 0),
    ("leading mention", |counts, _| counts.leading_mentions > 0),
    ("three leading mentions", |counts, _| counts.leading_mentions > 2),
    ("mention later", |counts, _| counts.class(Class::Mention) > counts.leading_mentions),
    ("hashtag", |counts, _| counts.class(Class::Hashtag) > 0),
    ("three hashtags", |counts, _| counts.class(Class::Hashtag) > 2),
    ("question mark", |counts, _| counts.questions > 0),
    ("ends in a question", |_, side| last_facts(side).has(Is::Question)),
    ("exclamation", |counts, _| counts.exclamations > 0),
    ("run of marks", |counts, _| counts.runs > 0),
    ("ellipsis", |counts, _| counts.ellipses > 0),
    ("quotation", |counts, _| counts.quotes > 1),
    ("colon", |counts, _| counts.colons > 0),
    ("capitals", |counts, _| counts.capitals > 0),
    ("shouting", |counts, _| counts.capitals > 3 && counts.capitals * 3 > counts.words),
    ("promise", |counts, _| counts.promises > 0),
    ("lever and gain", hooks),
    ("imperative", |counts, _| counts.imperatives > 0),
    ("three imperatives", |counts, _| counts.imperatives > 2),
    ("emoji", |counts, _| counts.emoji > 0),
    ("three emoji", |counts, _| counts.emoji > 2),
    ("emoticon", |counts, _| counts.emoticons > 0),
    ("number", |counts, _| counts.class(Class::Number) + counts.class(Class::Percent) > 0),
    ("price", |counts, _| counts.class(Class::Price) > 0),
    ("phone or e-mail", |counts, _| counts.class(Class::Phone) + counts.class(Class::Email) > 0),
    ("hour or date", |counts, _| counts.class(Class::Hour) + counts.class(Class::Date) > 0),
    ("repost", |_, side| side.marks.repost),
    ("quoted message", |_, side| side.marks.quoted.is_some()),
    ("drawn-out letters", |_, side| side.marks.elongated),
    ("inclusive writing", |_, side| side.marks.inclusive),
    ("begins in lower case", |_, side| begins_lower(side.original)),
    ("no final mark", |_, side| last_facts(side).has(Is::Letters)),
    ("bare leading mention", |counts, _| counts.leading_mentions > 0 && is_bare(counts)),
    ("marked up", |_, side| is_marked_up(side.original)),
    ("several paragraphs", |_, side| side.original.trim().contains("\n\n")),
];

fn last_facts(side: &Side<'_>) -> TokenFacts {
    side.facts.last().copied().unwrap_or_default()
}

/// The markup of a comment under a blog post.
fn is_marked_up(text: &str) -> bool {
    text.contains('<') && ["<p>", "<br", "<a href", "</"].iter().any(|tag| text.contains(tag))
}

fn begins_lower(text: &str) -> bool {
    text.trim_start().chars().next().is_some_and(char::is_lowercase)
}
