//! Invented messages: a small corpus to learn from, and large inputs.

use std::fmt::Write;

const OUTREACH: [&str; 6] = [
    "Samedi à 10 h, venez rencontrer nos candidats",
    "Notre programme pour la ville est en ligne",
    "Communiqué : la majorité refuse d'entendre les habitants",
    "Inscriptions ouvertes pour la fête des associations",
    "Découvrez notre nouvelle collection d'automne",
    "Rappel : les bureaux de vote ferment à 20 h",
];
const OUTREACH_ENDS: [&str; 4] = [
    "place du Marché à Lignerolles. #Municipales",
    "https://lignerolles.example/agenda",
    "partagez autour de vous !",
    "toutes et tous mobilisés 💪",
];
const TARGETING: [&str; 6] = [
    "Votre récit m'a bouleversée, quelle plume",
    "Toutes mes condoléances pour votre père, chère Maud",
    "Bravo pour vos 80 000 abonnées, @CarnetsDeMaud",
    "Après le drame de Tervoz, votre colère est la nôtre",
    "Vous qui avez perdu votre emploi à l'usine",
    "En tant que jeune maman, vous savez ce que c'est",
];
const TARGETING_ENDS: [&str; 4] = [
    "accepteriez-vous de partager notre pétition ?",
    "votez pour moi dimanche, je propose mieux.",
    "découvrez notre offre : https://horizon.example",
    "rejoignez ma campagne, signez ici.",
];
const DIALOGUE: [&str; 6] = [
    "Vous avez raison pour les horaires",
    "Merci de ta réponse, je n'avais pas compris",
    "Je ne suis pas d'accord avec vous",
    "Pardon, je me suis trompé hier",
    "Comment avez-vous fait pour la cantine",
    "Oui, j'ai lu votre message ce matin",
];
const DIALOGUE_ENDS: [&str; 4] = [
    "et je vous dois une explication.",
    "qu'en pensez-vous vraiment ?",
    "on en reparle mardi si tu veux.",
    "c'est noté, je corrige.",
];

/// A message of the corpus.
pub(crate) struct Sample {
    pub(crate) text: String,
    pub(crate) parent: &'static str,
    pub(crate) label: &'static str,
    /// Lever, gain, exchange.
    pub(crate) attributes: [u8; 3],
}

/// The corpus: 24 messages of each label.
pub(crate) fn samples() -> Vec<Sample> {
    let kinds = [
        ("outreach", &OUTREACH, &OUTREACH_ENDS, [0, 1, 0]),
        ("opportunistic_targeting", &TARGETING, &TARGETING_ENDS, [1, 1, 0]),
        ("genuine_dialogue", &DIALOGUE, &DIALOGUE_ENDS, [0, 0, 1]),
    ];
    let mut samples = Vec::new();
    for (label, beginnings, ends, attributes) in kinds {
        for (nth, beginning) in beginnings.iter().enumerate() {
            for end in ends {
                let parent = if nth % 2 == 0 || label == "outreach" { "" } else { "Quelqu'un a une idée, ici ?" };
                samples.push(Sample { text: format!("{beginning}, {end}"), parent, label, attributes });
            }
        }
    }
    samples
}

/// The corpus as CSV: id, text, parent, label, lever, gain, exchange.
pub(crate) fn csv() -> String {
    let mut csv = "id,text,parent,label,lever,gain,exchange\n".to_owned();
    for (nth, Sample { text, parent, label, attributes: [lever, gain, exchange] }) in samples().iter().enumerate() {
        writeln!(csv, "c{nth:03},\"{text}\",\"{parent}\",{label},{lever},{gain},{exchange}").unwrap();
    }
    csv
}

/// The corpus as CSV of text and label, with labels of one's own.
pub(crate) fn labeled_as(names: [&str; 3]) -> String {
    let mut csv = "text,label\n".to_owned();
    for (nth, Sample { text, .. }) in samples().iter().enumerate() {
        writeln!(csv, "\"{text}\",{}", names[nth / 24]).unwrap();
    }
    csv
}

/// Many rows, among them cells of several lines, quotes, emoji, empty texts and one very long text.
pub(crate) fn many(n_rows: usize) -> String {
    let samples = samples();
    let mut csv = "id,text,note\n".to_owned();
    for row in 0..n_rows {
        let text = &samples[row * 7 % samples.len()].text;
        let text = match row % 11 {
            0 => format!("{text}\n\nSuite au n° {row} : « d'accord »"),
            3 => format!("dit \"\"{row}\"\" : {text} 🙂"),
            5 => String::new(),
            7 if row % 1001 == 7 => format!("{text} ").repeat(2000),
            _ => format!("{text} {row}"),
        };
        writeln!(csv, "{row:020},\"{text}\",l'été {row}").unwrap();
    }
    csv
}
