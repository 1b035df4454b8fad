//! The user's own replacements, written as regular expressions.

use super::{Edits, Step, Trigger};
use crate::error::{Error, ErrorKind, Result};
use crate::types::Marks;
use regex::{Regex, RegexSet};
use serde::{Deserialize, Serialize};

/// Name of the step in whose place the user's rules run.
pub(super) const NAME: &str = "rules";

/// One replacement: every match of a pattern, by a text in which `$1` and `${name}` stand for its groups.
///
/// The rules run in order, each on what the last left, and once only: a rule whose result it would change again
/// is not applied to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// A regular expression of the `regex` crate.
    pub pattern: String,
    /// What replaces its matches.
    pub replacement: String,
}

/// Marks the place of the user's rules in the list of steps; does nothing itself.
#[derive(Debug)]
pub(super) struct Rules;

impl Step for Rules {
    fn name(&self) -> &'static str {
        NAME
    }

    fn loses(&self) -> &'static str {
        "whatever the user's rules say"
    }

    fn trigger(&self) -> Trigger {
        Trigger::Bytes(&[])
    }

    fn edit(&self, _: &str, _: &mut Edits<'_>, _: &mut Marks) {}
}

/// The rules, ready to run.
#[derive(Debug, Clone)]
pub(super) struct CompiledRules {
    /// All patterns as one automaton: most texts match none and cost one search.
    prefilter: RegexSet,
    rules: Vec<CompiledRule>,
}

#[derive(Debug, Clone)]
pub(super) struct CompiledRule {
    pattern: Regex,
    replacement: String,
}

impl CompiledRules {
    pub(super) fn new(rules: &[Rule]) -> Result<Self> {
        let compiled = rules.iter().map(CompiledRule::new).collect::<Result<_>>()?;
        let prefilter = RegexSet::new(rules.iter().map(|rule| &rule.pattern)).map_err(|error| invalid(&error))?;
        Ok(Self { prefilter, rules: compiled })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    pub(super) fn any_matches(&self, text: &str) -> bool {
        !self.rules.is_empty() && self.prefilter.is_match(text)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &CompiledRule> {
        self.rules.iter()
    }
}

impl CompiledRule {
    fn new(rule: &Rule) -> Result<Self> {
        let pattern = Regex::new(&rule.pattern).map_err(|error| invalid(&error))?;
        Ok(Self { pattern, replacement: rule.replacement.clone() })
    }
}

impl Step for CompiledRule {
    fn name(&self) -> &'static str {
        NAME
    }

    fn loses(&self) -> &'static str {
        Rules.loses()
    }

    fn trigger(&self) -> Trigger {
        Trigger::Always
    }

    fn edit(&self, text: &str, edits: &mut Edits<'_>, _: &mut Marks) {
        let mut replacement = String::new();
        for groups in self.pattern.captures_iter(text) {
            replacement.clear();
            groups.expand(&self.replacement, &mut replacement);
            edits.replace(groups.get_match().range(), &replacement);
        }
    }
}

fn invalid(error: &regex::Error) -> Error {
    Error::new(ErrorKind::InvalidConfig(format!("a normalising rule is no regular expression: {error}")))
}

#[cfg(test)]
mod tests {
    use crate::error::ErrorKind;
    use crate::normalize::{Normalizer, NormalizerConfig, Rule};

    fn with_rules(rules: &[(&str, &str)]) -> NormalizerConfig {
        let rule = |(pattern, replacement): &(&str, &str)| Rule {
            pattern: (*pattern).to_owned(),
            replacement: (*replacement).to_owned(),
        };
        NormalizerConfig { rules: rules.iter().map(rule).collect(), ..NormalizerConfig::default() }
    }

    #[test]
    fn rules_run_in_order_with_groups() {
        let rules = with_rules(&[(r"(\w+)-là", "$1 la"), ("cette", "celle")]);
        let normalizer = Normalizer::new(&rules).unwrap();
        assert_eq!(normalizer.normalize("cette fois-là").text, "celle fois la");
    }

    #[test]
    fn rules_see_decoded_text_and_run_once() {
        let normalizer = Normalizer::new(&with_rules(&[("é", "éé"), ("zzz", "")])).unwrap();
        assert_eq!(normalizer.normalize("&eacute;t").text, "éét");
        assert_eq!(normalizer.normalize("rien").text, "rien");
    }

    #[test]
    fn empty_matches_insert() {
        let normalizer = Normalizer::new(&with_rules(&[("^", "> ")])).unwrap();
        assert_eq!(normalizer.normalize("été").text, "> été");
    }

    #[test]
    fn bad_rules_and_unknown_steps_are_refused() {
        let refused = |config: &NormalizerConfig| match Normalizer::new(config).unwrap_err().kind() {
            ErrorKind::InvalidConfig(why) => why.clone(),
            other => panic!("{other:?}"),
        };
        assert!(refused(&with_rules(&[("(", "")])).contains("regular expression"));
        let off = NormalizerConfig { off: vec!["accents".to_owned()], ..NormalizerConfig::default() };
        assert!(refused(&off).contains("escapes, html, "));
    }

    #[test]
    fn settings_refuse_unknown_fields() {
        let read = serde_json::from_str::<NormalizerConfig>;
        assert_eq!(read("{}").unwrap(), NormalizerConfig::default());
        assert!(read(r#"{"steps": []}"#).is_err());
        assert_eq!(read(r#"{"off": ["case"]}"#).unwrap().off, ["case"]);
    }
}
