//! The bodies of the fuzz targets on a bounded number of inputs: arbitrary bytes, heaps of awkward pieces, and real-looking
//! inputs (all of them invented) with a few bytes changed.

use franc_parler::config::TrainConfig;
use franc_parler::model::{Manifest, Model, ModelFiles};
use franc_parler::train::{Corpus, train};
use franc_parler::types::{LabelSet, LabeledMessage, Message};
use proptest::collection::vec;
use proptest::prelude::*;

mod fuzz_bodies;

const CSV: &str = "id;auteur;texte;en_réponse_à\r\n1;@maire;\"Bonjour à tous,\r\nrendez-vous \"\"samedi\"\" !\";\r\n\
    2;@elsa;Merci, l’équipe 😀;1\r\n3;;« Non » n’est pas une réponse…;\r\n";
const JSONL: &str = "{\"id\": 1, \"text\": \"Bonjour \\u00e0 tous\", \"lang\": \"fr\", \"user\": {\"name\": \"Élise\"}}\n\
    {\"id\": 2, \"text\": \"D\\ud83d\\ude00accord\", \"parent\": null, \"tags\": [\"a\", 1.5e3]}\n\n{\"texte\": \"\"}\n";
const DOCUMENT: &str = "Mairie de Saint-Glinglin\n\nLe 12 mars 2031\n\nMadame, Monsieur,\n\nNous vous écrivons au sujet de la gare.\n\
    Elle fermera lundi.\n\nBien à vous,\nLa mairie\n\n3 commentaires\n\nElsa dit :\n12 mars 2031 à 18 h 30\nEt les bus ?\n";
const TEXT: &str = "RT @PartiX: <p>L’Été &amp;eacute; à 18h30&nbsp;: https://t.co/aB1</p> #QuébecSolidaire Merciiii élu·e·s !!! \
    « x: a-t-il dit ? — 3 000 € le 12/03 » Mon cÅ“ur, câ€™est \\u00e9 N° 06 12 34 56 78 👩‍👩‍👧‍👦🇫🇷";

/// Pieces that open, close, escape or break something.
const PIECES: &[&[u8]] = &[
    b"\"",
    b"\"\"",
    b",",
    b";",
    b"\t",
    b"|",
    b"\n",
    b"\r\n",
    b"\r",
    b"{",
    b"}",
    b"[",
    b"]",
    b":",
    b"\\",
    b"\\u",
    b"d83d",
    b"null",
    b"\"text\":",
    b"text",
    b"texte,parent",
    b"id",
    b"<",
    b">",
    b"<!--",
    b"<script>",
    b"&",
    b"amp;",
    b"#39;",
    b"&#x",
    b"@",
    b"@a",
    b"RT @a: ",
    b"#",
    b"https://",
    b"t.co/a",
    b" ",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xFE\xFF",
    b"\xC3",
    b"\xC3\xA9",
    b"\xC3\x83\xC2\xA9",
    b"\xE2\x80\x99",
    b"\xE9",
    b"\xC2\xA0",
    b"\xE2\x80\x8B",
    b"\xCC\x81",
    b"\xEE\x80\x80",
    b"\xF0\x9F\x98\x80",
    b"\xF0\x9F\x87\xAB",
    b"\xE2\x80\x8D",
    b"\xC2\xB7e",
    b"(e)",
    b"-t-il",
    b"qu'",
    b"12",
    b"h30",
    b"/03/",
    b"%",
    b"\xE2\x82\xAC",
    b"aaaa",
    b"!!!",
    b"...",
    b"N\xC2\xB0",
    b"__label__a ",
];

/// One change to a seed: a place (as a share of its length), what to do there, and with what.
type Change = (u16, u8, usize, u8);

fn mutated(seed: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for &(place, what, piece, byte) in changes {
        let at = bytes.len() * usize::from(place) / (usize::from(u16::MAX) + 1);
        let end = (at + usize::from(byte)).min(bytes.len());
        match what % 6 {
            0 => bytes.truncate(at),
            1 => drop(bytes.drain(at..end)),
            2 => bytes.splice(at..at, PIECES[piece].iter().copied()).for_each(drop),
            3 => bytes.extend_from_within(at..end),
            _ if at < bytes.len() => bytes[at] = byte,
            _ => bytes.push(byte),
        }
    }
    bytes
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    vec((any::<u16>(), any::<u8>(), 0..PIECES.len(), any::<u8>()), 0..6)
}

fn utf16(text: &str) -> Vec<u8> {
    [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect()
}

/// Bytes from nowhere, from the pieces, and from the seeds.
fn inputs(seeds: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let heap = vec(proptest::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.concat());
    let near_seed = (proptest::sample::select(seeds), changes()).prop_map(|(seed, changes)| mutated(&seed, &changes));
    prop_oneof![1 => vec(any::<u8>(), 0..200), 3 => heap, 4 => near_seed]
}

fn seeds() -> Vec<Vec<u8>> {
    let mut seeds: Vec<Vec<u8>> = [CSV, JSONL, DOCUMENT, TEXT].map(|text| text.as_bytes().to_vec()).to_vec();
    seeds.extend([utf16(CSV), utf16(JSONL)]);
    seeds
}

/// The files of a model learnt from next to nothing.
fn small_files() -> ModelFiles {
    let words = ["Venez", "Merci", "Signez", "bonjour", "la gare", "votre deuil", "samedi", "ton avis"];
    let message = |n: usize| LabeledMessage {
        message: Message::new(format!("{} {} {}", words[n % 8], words[n / 3 % 8], words[n * 5 % 7])),
        id: n.to_string(),
        label_id: n % 3,
        attributes: [Some(n % 3 == 1), Some(n % 4 > 1), Some(n % 3 == 2)],
        group: None,
        weight: 1.0,
        hard: false,
        source: None,
    };
    let corpus = Corpus { messages: (0..24).map(message).collect(), labels: LabelSet::codebook(), data: Vec::new() };
    let mut config = TrainConfig { folds: 2, ..TrainConfig::default() };
    config.augment.copies = 0;
    config.subwords.vocabulary = 60;
    train(&corpus, &config).expect("a model").model.to_files().expect("its files")
}

/// Those files with the cuts between them.
fn small_model() -> Vec<u8> {
    let files = small_files();
    Model::from_bytes(&files.manifest, &files.tokenizer, &files.weights).expect("the seed itself loads");
    [&files.manifest[..], &files.tokenizer, &files.weights].join(fuzz_bodies::CUT)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    #[test]
    fn read_csv(bytes in inputs(seeds())) {
        fuzz_bodies::read_csv(&bytes);
    }

    #[test]
    fn read_jsonl(bytes in inputs(seeds())) {
        fuzz_bodies::read_jsonl(&bytes);
    }

    #[test]
    fn read_any(bytes in inputs(seeds())) {
        fuzz_bodies::read_any(&bytes);
    }

    #[test]
    fn normalize_tokenize(bytes in inputs(seeds())) {
        fuzz_bodies::normalize_tokenize(&bytes);
    }
}

#[test]
fn load_model() {
    let seed = small_model();
    fuzz_bodies::load_model(&seed);
    let config = ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) };
    let outcome = proptest::test_runner::TestRunner::new(config).run(&inputs(vec![seed]), |bytes| {
        fuzz_bodies::load_model(&bytes);
        Ok(())
    });
    outcome.expect("no bytes break the loader");
}

/// A manifest that is whole by its checksum may still hold what no training writes.
#[test]
fn impossible_manifests_are_refused() {
    let files = small_files();
    let load = |edit: &dyn Fn(&mut Manifest)| {
        let mut manifest: Manifest = serde_json::from_slice(&files.manifest).expect("our own manifest");
        edit(&mut manifest);
        let manifest = fuzz_bodies::sealed(manifest, &files.tokenizer, &files.weights).expect("JSON");
        Model::from_bytes(&manifest, &files.tokenizer, &files.weights).map(|_| ())
    };
    load(&|_| ()).expect("the manifest as it was");
    let edits: [&dyn Fn(&mut Manifest); 5] = [
        &|manifest| manifest.calibration.factor[0] = 1e38,
        &|manifest| manifest.prior = vec![9.0, 9.0, 9.0],
        &|manifest| manifest.prior = vec![-1.0, 2.0, 0.0],
        &|manifest| manifest.attributes = vec![manifest.attributes[0]; 3],
        &|manifest| manifest.labels = serde_json::from_str(r#"["a", "a", ""]"#).expect("names"),
    ];
    for (number, edit) in edits.iter().enumerate() {
        assert!(load(*edit).is_err(), "edit {number}");
    }
}
