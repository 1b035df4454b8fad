//! Closed lists of French forms that the word rules look up. All sorted, for binary search; all lower case.

/// Forms before an apostrophe that are words of their own: `l'eau` is two words.
const ELIDED: &[&str] =
    &["c", "ch", "d", "h", "j", "jusqu", "l", "lorsqu", "m", "n", "puisqu", "qu", "quoiqu", "s", "t", "y", "z"];

/// Words with an apostrophe inside that are one word, among those that begin like an elision.
const UNDIVIDED: &[&str] = &[
    "aujourd'hui",
    "c'que",
    "c'qui",
    "d'jà",
    "entr'aide",
    "entr'ouvert",
    "entr'ouverte",
    "grand'mère",
    "grand'rue",
    "m'sieur",
    "main-d'oeuvre",
    "mam'zelle",
    "p'tit",
    "p'tite",
    "presqu'ile",
    "presqu'île",
    "prud'homal",
    "prud'homale",
    "prud'homie",
    "prud'homme",
    "prud'hommes",
    "quelqu'un",
    "quelqu'une",
    "quelques-uns",
    "rock'n'roll",
    "t'sais",
    "v'là",
];

/// What follows the hyphen of an inverted or imperative verb.
const CLITICS: &[&str] = &[
    "ce", "ci", "elle", "elles", "en", "il", "ils", "je", "la", "le", "les", "leur", "lui", "là", "m'en", "m'y", "moi",
    "nous", "on", "t'en", "t'y", "toi", "tu", "vous", "y",
];

/// Compounds that end like a clitic and are nouns.
const COMPOUNDS: &[&str] = &[
    "au-delà",
    "chez-moi",
    "chez-nous",
    "chez-soi",
    "couvre-la",
    "entre-nous",
    "passe-moi-le-sel",
    "rendez-vous",
    "sot-l'y-laisse",
    "va-et-vient",
];

/// Words whose final dot is part of them. Others lose theirs to the sentence.
const ABBREVIATIONS: &[&str] = &[
    "adr", "apr", "arr", "art", "av", "bd", "bld", "boul", "c.-à-d", "cf", "ch", "chap", "cie", "dir", "dr", "dre",
    "ed", "env", "etc", "ex", "fig", "hab", "inc", "j.-c", "jr", "ltée", "m", "max", "me", "min", "mlle", "mlles",
    "mm", "mme", "mmes", "mr", "mrs", "ndlr", "no", "nos", "p.ex", "pr", "qc", "réf", "st", "ste", "sté", "suiv",
    "tel", "tél", "vol", "vs",
];

fn holds(list: &[&str], form: &str) -> bool {
    list.binary_search(&form).is_ok()
}

/// Whether `form` (without its apostrophe) is an elided word.
pub(super) fn is_elided(form: &str) -> bool {
    holds(ELIDED, form)
}

/// Whether `form` keeps its apostrophe inside.
pub(super) fn is_undivided(form: &str) -> bool {
    holds(UNDIVIDED, form)
}

/// Whether `form` (without its hyphen) is a clitic pronoun.
pub(super) fn is_clitic(form: &str) -> bool {
    holds(CLITICS, form)
}

/// Whether `form` is a compound noun that only looks like verb and clitic.
pub(super) fn is_compound(form: &str) -> bool {
    holds(COMPOUNDS, form)
}

/// Whether the dot after `form` belongs to it.
pub(super) fn is_abbreviation(form: &str) -> bool {
    holds(ABBREVIATIONS, form)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_sorted_for_binary_search() {
        for list in [ELIDED, UNDIVIDED, CLITICS, COMPOUNDS, ABBREVIATIONS] {
            assert!(list.windows(2).all(|pair| pair[0] < pair[1]), "{list:?}");
        }
    }
}
