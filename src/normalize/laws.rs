//! What holds of every step, and of the chain whatever the text.

use super::testing::{normalized, normalizer, run};
use super::{Normalizer, NormalizerConfig, STEPS, invisible, typography};
use crate::types::Normalized;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Pieces of which nasty French messages are made: each is some step's trigger or its trap.
const PIECES: &[&str] = &[
    "l’été",
    " ",
    " ",
    "\n",
    "\t",
    "\r",
    "a",
    "e",
    "é",
    "É",
    "E\u{301}",
    "\u{301}",
    "oui",
    "NON",
    "Merciiii",
    "hahaha",
    "...",
    "…",
    ".",
    ",",
    "-",
    "·",
    "(e)",
    "·e·s",
    ".ne.s",
    "étudiant",
    "tout",
    "<",
    ">",
    "<p>",
    "</p>",
    "<br/>",
    "<!--",
    "-->",
    "<script>",
    "&",
    "amp;",
    "&eacute;",
    "lt;",
    "&#128512;",
    "#",
    "39;",
    "Ã",
    "©",
    "Â",
    "â€",
    "™",
    "€",
    "\\",
    "\\n",
    "\\u00e9",
    "u0041",
    "@",
    "user",
    "@PartiX",
    "RT @a:",
    "«",
    "»",
    " « x: y — https://t.co/a »",
    "http",
    "https://",
    "://",
    "t.co/abc",
    "www.",
    "x.fr",
    ".ca",
    "/",
    ":",
    "jean@x.fr",
    "#QuebecSolidaire",
    "_",
    "#8mars",
    "1",
    "2024",
    "06 12 34 56 78",
    "12/03",
    "18h30",
    "h",
    "k",
    "%",
    "$",
    "12",
    " mars",
    "er",
    "\u{200B}",
    "\u{200D}",
    "\u{FE0F}",
    "\u{20E3}",
    "👩",
    "🏴",
    "\u{E0067}",
    "\u{E007F}",
    "❤",
    "\u{E000}",
    "\u{E00A}",
    "\u{E00B}",
    "\u{AD}",
    "\u{A0}",
    "œ",
    "Æ",
    "𝖋",
    "ﬁ",
    "ᵉ",
    "Ｆ",
    "İ",
    "K",
    "ß",
    "III",
    "XV",
    "iii",
    "`",
    "'",
    "\"",
    "ʼ",
    "\u{0}",
    "\u{85}",
    "ﬀ",
    "（",
    "＆",
    "＜",
    "字",
    "\u{FF10}",
];

fn nasty() -> impl Strategy<Value = String> {
    proptest::collection::vec(proptest::sample::select(PIECES), 0..24).prop_map(|pieces| pieces.concat())
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![3 => nasty(), 1 => any::<String>(), 1 => "\\PC{0,40}", 1 => "[a-zA-Z0-9éàÉ@#.<>&;:/\\\\ ]{0,40}"]
}

/// Spans and cuts lie on boundaries, in order, in bounds; what was kept in step is the same text.
fn assert_aligned(original: &str, out: &Normalized) {
    let mut last = 0..0;
    for (at, character) in out.text.char_indices() {
        let span = out.original(&(at..at + character.len_utf8()));
        assert!(original.get(span.clone()).is_some(), "{span:?} of {original:?}");
        assert!(span.start >= last.start && span.end >= last.end, "{last:?} then {span:?} of {original:?}");
        last = span;
    }
    let whole = out.original(&(0..out.text.len()));
    assert!(original.get(whole).is_some());
}

/// The text that one pass over a single step leaves.
fn once_each(text: &str) -> impl Iterator<Item = (&'static str, Normalized)> {
    STEPS.iter().map(move |step| (step.name(), run(*step, text)))
}

#[test]
fn steps_have_names_and_say_what_they_lose() {
    let names: BTreeSet<&str> = STEPS.iter().map(|step| step.name()).collect();
    assert_eq!(names.len(), STEPS.len());
    assert!(STEPS.len() <= 32, "triggers are bits of a u32");
    assert!(STEPS.iter().all(|step| !step.loses().is_empty()));
}

#[test]
fn empty_text_stays_empty() {
    for (name, out) in once_each("") {
        assert_eq!(out, Normalized::default(), "{name}");
    }
    assert_eq!(normalizer().normalize(""), Normalized::default());
}

#[test]
fn plain_text_is_mapped_to_itself() {
    let text = "c'est l'été à québec, non ?";
    let out = normalizer().normalize(text);
    assert_eq!(out.text, text);
    assert_eq!(out.original(&(3..9)), 3..9);
}

#[test]
fn every_step_can_be_switched_off() {
    let off = STEPS.iter().map(|step| step.name().to_owned()).collect();
    let none = Normalizer::new(&NormalizerConfig { off, ..NormalizerConfig::default() }).unwrap();
    let text = "<b>L’Été</b> @x 12 €";
    assert_eq!(none.normalize(text).text, text);
}

#[test]
fn whole_messages() {
    let cases = [
        (
            "RT @PartiX: L’Été à 18h30 : https://t.co/aB1 #QuébecSolidaire",
            "l'été à <hour> : <url> <hashtag> québec solidaire",
        ),
        ("<p>Merciiii &amp; bonne journée, élu·e·s 🙏🏽</p>", "merci & bonne journée, élus 🙏🏽"),
        ("Mon cÅ“ur, câ€™est fini…", "mon coeur, c'est fini..."),
        ("N° 1 : 3 000 € à gagner, écrivez à a.b@x.fr !", "n° <number> : <price> à gagner, écrivez à <email> !"),
    ];
    for (text, expected) in cases {
        assert_eq!(normalized(text), expected);
    }
}

#[test]
fn words_map_back_to_what_was_typed() {
    let text = "<p>L’ÉTÉ&nbsp;Merciiii</p> #MeToo";
    let out = normalizer().normalize(text);
    let original = |word: &str| {
        let start = out.text.find(word).unwrap();
        &text[out.original(&(start..start + word.len()))]
    };
    assert_eq!(original("été"), "ÉTÉ");
    assert_eq!(original("merci"), "Merciiii");
    assert_eq!(original("l'été"), "L’ÉTÉ");
    assert_eq!(original("too"), "Too");
}

/// Read to the end from each place, any of these would take minutes.
#[test]
fn long_rows_of_traps_are_passed() {
    let units = [
        "<!--", "<a ='", "<script>", "&amp;", ".", "a.", "@a", "http://)", ")", "#A", "1 ", "aaabbb", "·e", "«a:",
        "\\", "Ã", "\u{301}", "-e-s",
    ];
    for unit in units {
        let out = normalizer().normalize(&unit.repeat(20_000));
        assert!(out.text.len() <= 8 * 20_000 * unit.len(), "{unit:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1500) })]

    #[test]
    fn twice_is_once(text in any_text()) {
        let normalizer = normalizer();
        let once = normalizer.normalize(&text).text;
        let twice = normalizer.normalize(&once).text;
        prop_assert_eq!(twice, once);
    }

    #[test]
    fn alignment_holds(text in any_text()) {
        assert_aligned(&text, &normalizer().normalize(&text));
    }

    #[test]
    fn each_step_aligns_and_respects_its_trigger(text in any_text()) {
        for (_, out) in once_each(&text) {
            assert_aligned(&text, &out);
        }
    }

    #[test]
    fn promised_characters_are_gone(text in any_text()) {
        for character in normalizer().normalize(&text).text.chars() {
            prop_assert!(!invisible::is_dropped(character), "{:?}", character);
            prop_assert!(typography::plain(character).is_none(), "{:?}", character);
            prop_assert!(character == '\n' || !character.is_control(), "{:?}", character);
            prop_assert!(!matches!(character, 'œ' | 'æ' | 'A'..='Z' | 'À'..='Ö'), "{:?}", character);
        }
    }

    #[test]
    fn buffers_carry_nothing_over(first in any_text(), second in any_text()) {
        let normalizer = normalizer();
        let mut reused = Normalized::default();
        normalizer.normalize_into(&first, &mut reused);
        normalizer.normalize_into(&second, &mut reused);
        prop_assert_eq!(reused, normalizer.normalize(&second));
    }
}
