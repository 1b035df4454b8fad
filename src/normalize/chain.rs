//! Runs the steps whose triggers fire, until the text no longer changes.

use super::rules::{CompiledRules, Rule};
use super::{STEPS, Step, Trigger, edits::Edits, rules};
use crate::error::{Error, ErrorKind, Result};
use crate::types::Normalized;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Rounds after which a text that still changes is left as it is. Ordinary text settles in the first;
/// only escapes nested on purpose (`&am&amp;p;`) need more than a few.
const ROUNDS: usize = 16;

/// Settings of the normaliser.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NormalizerConfig {
    /// Names of the steps switched off.
    pub off: Vec<String>,
    /// The user's own rules, applied in order at the step `rules`.
    pub rules: Vec<Rule>,
}

/// The chain of steps that are on.
#[derive(Clone)]
pub struct Normalizer {
    slots: Vec<Slot>,
    /// For each byte value, the steps it triggers: bit `n` is slot `n`.
    triggers: [u32; 256],
}

#[derive(Clone)]
enum Slot {
    Step(&'static dyn Step),
    Rules(CompiledRules),
}

impl Normalizer {
    /// The chain that the settings describe.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::InvalidConfig`] for a step that does not exist and a rule that is no regular expression.
    pub fn new(config: &NormalizerConfig) -> Result<Self> {
        if let Some(unknown) = config.off.iter().find(|name| !STEPS.iter().any(|step| step.name() == *name)) {
            let known: Vec<&str> = STEPS.iter().map(|step| step.name()).collect();
            let why = format!("there is no normalising step {unknown:?}; the steps are {}", known.join(", "));
            return Err(Error::new(ErrorKind::InvalidConfig(why)));
        }
        let rules = CompiledRules::new(&config.rules)?;
        let is_on = |step: &&&'static dyn Step| !config.off.iter().any(|name| name == step.name());
        let slot = |step: &&'static dyn Step| match step.name() {
            rules::NAME => Slot::Rules(rules.clone()),
            _ => Slot::Step(*step),
        };
        let slots: Vec<Slot> = STEPS.iter().filter(is_on).map(slot).collect();
        Ok(Self { triggers: byte_table(&slots), slots })
    }

    /// Whether every step is on and there are no rules of the user's: then all but a few constructs are read within white space.
    pub fn is_local(&self) -> bool {
        self.slots.len() == STEPS.len()
            && self.slots.iter().all(|slot| !matches!(slot, Slot::Rules(rules) if !rules.is_empty()))
    }

    /// Normalises one text.
    pub fn normalize(&self, text: &str) -> Normalized {
        let mut out = Normalized::default();
        self.normalize_into(text, &mut out);
        out
    }

    /// Normalises one text into an earlier result, whose buffers it reuses.
    pub fn normalize_into(&self, text: &str, out: &mut Normalized) {
        out.reset(text);
        // The user's rules run once: nothing says that theirs settle.
        let mut rules_due = true;
        for _ in 0..ROUNDS {
            if !self.round(out, &mut rules_due) {
                break;
            }
        }
    }

    /// One walk over the steps, cut short after something was decoded; says whether the text changed.
    fn round(&self, out: &mut Normalized, rules_due: &mut bool) -> bool {
        let mut seen = self.scan(out.text.as_bytes());
        let mut changed = false;
        for (index, slot) in self.slots.iter().enumerate() {
            match slot {
                Slot::Step(step) if fires(*step, seen & (1 << index) != 0, &out.text) => {
                    let edited = self.apply(*step, out, &mut seen);
                    if edited && step.decodes() {
                        return true;
                    }
                    changed |= edited;
                }
                Slot::Rules(rules) if std::mem::take(rules_due) && rules.any_matches(&out.text) => {
                    for rule in rules.iter() {
                        changed |= self.apply(rule, out, &mut seen);
                    }
                }
                _ => {}
            }
        }
        changed
    }

    fn apply(&self, step: &dyn Step, out: &mut Normalized, seen: &mut u32) -> bool {
        if !apply(step, out) {
            return false;
        }
        // Only what was inserted can hold bytes that were not there.
        for piece in &out.scratch.edits {
            *seen |= self.scan(&out.text.as_bytes()[piece.after.clone()]);
        }
        true
    }

    fn scan(&self, bytes: &[u8]) -> u32 {
        let of = |byte: &u8| self.triggers[usize::from(*byte)];
        let (fours, rest) = bytes.as_chunks::<4>();
        let seen = fours.iter().fold(0, |seen, [a, b, c, d]| seen | (of(a) | of(b)) | (of(c) | of(d)));
        rest.iter().fold(seen, |seen, byte| seen | of(byte))
    }
}

/// Runs one step and takes over its edits; says whether it made any.
pub(super) fn apply(step: &dyn Step, out: &mut Normalized) -> bool {
    let Normalized { text, marks, alignment, scratch } = out;
    let mut edits = Edits::new(text, scratch);
    step.edit(text, &mut edits, marks);
    let outcome = edits.finish();
    if outcome.rewritten {
        alignment.then(&scratch.edits, &mut scratch.merged);
        std::mem::swap(text, &mut scratch.text);
    }
    if outcome.lower_ascii {
        text.make_ascii_lowercase();
    }
    outcome.rewritten || outcome.lower_ascii
}

/// Whether a step is to be run, its bytes having been seen or not.
pub(super) fn fires(step: &dyn Step, bytes_seen: bool, text: &str) -> bool {
    match step.trigger() {
        Trigger::Bytes(_) => bytes_seen,
        Trigger::Fn(may_edit) => may_edit(text.as_bytes()),
        Trigger::Always => true,
    }
}

fn byte_table(slots: &[Slot]) -> [u32; 256] {
    let mut table = [0; 256];
    for (index, slot) in slots.iter().enumerate() {
        if let Slot::Step(step) = slot
            && let Trigger::Bytes(bytes) = step.trigger()
        {
            for byte in bytes {
                table[usize::from(*byte)] |= 1 << index;
            }
        }
    }
    table
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Step(step) => f.write_str(step.name()),
            Self::Rules(rules) => rules.fmt(f),
        }
    }
}

impl fmt::Debug for Normalizer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Normalizer").field("slots", &self.slots).finish_non_exhaustive()
    }
}
