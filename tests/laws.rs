//! Laws that hold for any text: what a user may rely on, through the library.

#![cfg(feature = "train")]
#![allow(clippy::unwrap_used, reason = "helpers of tests: a failure is a failed test")]

use std::fmt::Write;
use std::fs;
use std::io::Read;
use std::sync::OnceLock;

use franc_parler::config::TrainConfig;
use franc_parler::pipeline::Pipeline;
use franc_parler::read::{Input, ReadOptions};
use franc_parler::stream::{self, Source, Summary};
use franc_parler::train::{Corpus, CorpusOptions, train};
use franc_parler::types::{Message, Prediction};
use franc_parler::write::{Columns, Dialect, Header, Plan, Style};
use proptest::prelude::*;

/// Messages of the corpus, six by six: outreach, targeting, dialogue.
const MESSAGES: [&str; 18] = [
    "Samedi à 10 h, venez rencontrer nos candidats place du Marché !",
    "Notre programme est en ligne : https://lignerolles.example #Municipales",
    "Inscriptions ouvertes pour la fête des associations, partagez !",
    "Rappel : les bureaux de vote ferment à 20 h.",
    "Toutes et tous mobilisé·e·s dimanche 💪",
    "RT @mairie: travaux rue Haute du 3 au 12 mai",
    "Votre récit m'a bouleversée. Accepteriez-vous de partager notre pétition ?",
    "Toutes mes condoléances, chère Maud… et votez pour moi, je propose mieux.",
    "Bravo pour vos 80 000 abonnées, découvrez notre offre : https://horizon.example",
    "Vous qui avez perdu votre emploi, rejoignez ma campagne.",
    "@CarnetsDeMaud quelle plume ! Un RT pour notre cause ?",
    "Après le drame de Tervoz, signez notre appel.",
    "Vous avez raison pour les horaires, c'est noté.",
    "Merci de ta réponse, on en reparle mardi si tu veux.",
    "Je ne suis pas d'accord avec vous : qu'en pensez-vous vraiment ?",
    "Pardon, je me suis trompé hier.",
    "Oui, j'ai lu « l'article » ce matin, et je vous dois une explication.",
    "Comment avez-vous fait pour la cantine ?",
];
const LABELS: [&str; 3] = ["outreach", "opportunistic_targeting", "genuine_dialogue"];

/// A small model, learnt once.
fn pipeline() -> &'static Pipeline {
    static PIPELINE: OnceLock<Pipeline> = OnceLock::new();
    PIPELINE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("corpus.jsonl");
        let row = |nth: usize| {
            let label = nth / 6 % 3;
            let text = format!("{} {}", MESSAGES[nth % 18], MESSAGES[label * 6 + (nth / 18 + nth) % 6]);
            let [lever, exchange] = [u8::from(label == 1), u8::from(label == 2)];
            let row = serde_json::json!({
                "text": text, "label": LABELS[label], "lever": lever, "exchange": exchange,
                "parent": if label == 2 { "Une question, quelqu'un ?" } else { "" },
            });
            row.to_string() + "\n"
        };
        fs::write(&path, (0..72).map(row).collect::<String>()).unwrap();
        let corpus = Corpus::read(&[path], &CorpusOptions::default()).unwrap();
        Pipeline::new(train(&corpus, &TrainConfig::default()).unwrap().model).unwrap()
    })
}

/// What people write, and what nobody writes.
fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(&MESSAGES[..]).prop_map(str::to_owned),
        4 => proptest::sample::select(&[
            "l’", "aujourd'hui", "a-t-il", "n° 7", "œuvre", "E\u{301}te\u{301}", "étudiant·e·s", "merciiiii", "@x", "#Retraites",
            "https://a.example/?q=1&b", "<p>", "</p>", "&eacute;", "&", "<", "« ", " »", "12 €", "06 12 34 56 78", "\n", "\r\n",
            "\u{200b}", "\u{feff}", "🙂", "👩‍👩‍👧", "Ã©", "\\n", "RT @y: ", "\0", "?", "!!!", "…", ".", ":", "\t", " ", "\u{a0}",
        ][..]).prop_map(str::to_owned),
        2 => "\\PC{0,12}",
        1 => any::<String>(),
    ];
    proptest::collection::vec((piece, prop_oneof![Just(" "), Just(""), Just("\n")]), 0..8)
        .prop_map(|pieces| pieces.into_iter().flat_map(|(piece, space)| [piece, space.to_owned()]).collect())
}

/// A text and what it answers.
fn message() -> impl Strategy<Value = Message<'static>> {
    (text(), proptest::option::of(text())).prop_map(|(text, parent)| {
        let message = Message::new(text);
        match parent {
            Some(parent) => message.with_parent(parent),
            None => message,
        }
    })
}

/// Any input as CSV of an id and a text: some rows of one word, some longer than a chunk's share.
fn table() -> impl Strategy<Value = String> {
    proptest::collection::vec((text(), 1_usize..60), 1..120).prop_map(|rows| {
        let mut csv = "id,text\n".to_owned();
        for (nth, (text, times)) in rows.into_iter().enumerate() {
            let text = text.repeat(if nth % 17 == 3 { times * 20 } else { times }).replace('"', "\"\"");
            writeln!(csv, "{nth:04},\"{text}\"").unwrap();
        }
        csv
    })
}

/// A reader that hands out a few bytes at a time.
struct Trickle {
    bytes: Vec<u8>,
    at: usize,
    step: usize,
}

impl Read for Trickle {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        let length = self.step.min(out.len()).min(self.bytes.len() - self.at);
        out[..length].copy_from_slice(&self.bytes[self.at..self.at + length]);
        self.at += length;
        Ok(length)
    }
}

/// CSV, all columns.
fn plan(input: &Input) -> Plan {
    let (labels, attributes) = (pipeline().labels(), pipeline().attributes());
    let header = Header::new(&input.columns, labels, attributes, &Columns::default()).unwrap();
    Plan { header, style: Style::Delimited(Dialect::CSV) }
}

/// The rows of a table as they are written, and the summary.
fn streamed(csv: &str, step: usize, n_threads: usize) -> (Vec<u8>, Summary) {
    let reader = Trickle { bytes: csv.as_bytes().to_vec(), at: 0, step };
    let options = ReadOptions { encoding: encoding_rs::Encoding::for_label(b"utf-8"), ..ReadOptions::default() };
    let input = Input::from_reader("in.csv", Box::new(reader), &options).unwrap();
    let mut roles = franc_parler::read::RoleOverrides::default();
    roles.set(franc_parler::read::Role::Text, "text");
    let roles = franc_parler::read::Roles::detect(&input.columns, input.head(), &roles).unwrap();
    let mut out = Vec::new();
    let source = Source { input, roles, parents: None };
    let plan = plan(&source.input);
    let summary = stream::classify(pipeline(), source, &plan, n_threads, &mut out, &mut |_| {});
    (out, summary.unwrap())
}

fn assert_sound(prediction: &Prediction) -> Result<(), TestCaseError> {
    let Prediction { label_id, probabilities, attributes, scores, abstain: _ } = prediction;
    prop_assert_eq!((probabilities.len(), attributes.len(), scores.len()), (3, 2, 5));
    prop_assert!(probabilities.iter().chain(attributes).all(|share| (0.0..=1.0).contains(share)), "{:?}", prediction);
    prop_assert!((probabilities.iter().sum::<f32>() - 1.0).abs() <= 1e-4, "{:?}", prediction);
    prop_assert!(scores.iter().all(|score| score.is_finite()), "{:?}", prediction);
    prop_assert!(probabilities.iter().all(|share| *share <= probabilities[*label_id]), "{:?}", prediction);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gets_a_sound_prediction(message in message()) {
        assert_sound(&pipeline().classify(&message))?;
    }

    #[test]
    fn trailing_space_changes_nothing(message in message(), space in "[ \n\t]{1,3}|\r\n") {
        let spaced = Message { text: format!("{}{space}", message.text).into(), parent: message.parent.clone() };
        prop_assert_eq!(pipeline().classify(&spaced), pipeline().classify(&message));
    }

    #[test]
    fn an_empty_parent_is_none(text in text(), blank in "[ \n]{0,3}") {
        let alone = Message::new(text.clone());
        prop_assert_eq!(pipeline().classify(&alone.clone().with_parent(blank)), pipeline().classify(&alone));
    }

    #[test]
    fn company_and_order_have_no_influence(messages in proptest::collection::vec(message(), 1..12)) {
        let alone: Vec<Prediction> = messages.iter().map(|message| pipeline().classify(message)).collect();
        let together: Vec<Prediction> = pipeline().classify_all(messages.iter().cloned()).collect();
        prop_assert_eq!(&together, &alone);
        let mut backward: Vec<Prediction> = pipeline().classify_all(messages.into_iter().rev()).collect();
        backward.reverse();
        prop_assert_eq!(&backward, &alone);
    }

    #[test]
    fn contributions_add_up_to_the_scores(message in message()) {
        let explanation = pipeline().explain(&message);
        prop_assert_eq!(&explanation.prediction, &pipeline().classify(&message));
        let mut sums: Vec<f64> = pipeline().model().linear.bias().iter().map(|bias| f64::from(*bias)).collect();
        for part in &explanation.contributions {
            sums.iter_mut().zip(&part.added).for_each(|(sum, added)| *sum += f64::from(*added));
        }
        for (sum, score) in sums.iter().zip(&explanation.prediction.scores) {
            prop_assert!((sum - f64::from(*score)).abs() < 1e-3, "{:?} is not {:?}", sums, explanation.prediction.scores);
        }
    }

    #[test]
    fn contributions_come_once_and_in_order(message in message()) {
        let explanation = pipeline().explain(&message);
        let label_id = explanation.prediction.label_id;
        let toward: Vec<f32> = explanation.contributions.iter().map(|part| part.toward(label_id, 3)).collect();
        prop_assert!(toward.is_sorted_by(|left, right| left >= right), "{:?}", toward);
        let mut names: Vec<&str> = explanation.contributions.iter().map(|part| part.name.as_str()).collect();
        names.sort_unstable();
        let n_names = names.len();
        names.dedup();
        prop_assert_eq!(names.len(), n_names);
    }

    #[test]
    fn a_saved_model_classifies_the_same(messages in proptest::collection::vec(message(), 1..6)) {
        static LOADED: OnceLock<Pipeline> = OnceLock::new();
        let loaded = LOADED.get_or_init(|| {
            let folder = tempfile::tempdir().unwrap();
            pipeline().model().save(&folder.path().join("m"), false).unwrap();
            Pipeline::load(&folder.path().join("m")).unwrap()
        });
        let ours: Vec<Prediction> = pipeline().classify_all(messages.iter().cloned()).collect();
        let theirs: Vec<Prediction> = loaded.classify_all(messages).collect();
        prop_assert_eq!(ours, theirs);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn threads_and_reads_change_no_byte(csv in table(), step in 1_usize..5000, n_threads in 2_usize..6) {
        let (expected, summary) = streamed(&csv, usize::MAX, 1);
        prop_assert_eq!((&expected, &summary), (&streamed(&csv, step, 1).0, &streamed(&csv, step, 1).1));
        let (parallel, of_parallel) = streamed(&csv, step, n_threads);
        prop_assert_eq!((&parallel, &of_parallel), (&expected, &summary));
        let mut reader = csv::Reader::from_reader(csv.as_bytes());
        let texts: Vec<String> = reader.records().map(|record| record.unwrap()[1].to_owned()).collect();
        let mut written = csv::ReaderBuilder::new().has_headers(false).from_reader(&expected[..]);
        let kept: Vec<String> = written.records().map(|record| record.unwrap()[1].to_owned()).collect();
        prop_assert_eq!(kept, texts);
    }
}

#[test]
fn saving_twice_gives_the_same_bytes() {
    let files = pipeline().model().to_files().unwrap();
    let loaded = franc_parler::model::Model::from_bytes(&files.manifest, &files.tokenizer, &files.weights).unwrap();
    let again = loaded.to_files().unwrap();
    assert_eq!(String::from_utf8_lossy(&again.manifest), String::from_utf8_lossy(&files.manifest));
    assert!(again == files);
}

#[test]
fn the_small_model_has_learnt_its_messages() {
    let right = MESSAGES.iter().enumerate().filter(|(nth, text)| {
        let message = Message::new(**text);
        pipeline().classify(&message).label_id == nth / 6
    });
    assert!(right.count() >= 16);
}
