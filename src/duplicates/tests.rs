//! Messages in, groups out.

use proptest::prelude::*;

use super::*;
use crate::read::{Input, ReadOptions};

const CALL: &str =
    "Bonjour Camille, votre témoignage nous a touchés : rejoignez notre collectif et signez la pétition pour l'hôpital";

/// Groups of rows `text` or `text|time|author`.
fn grouped(rows: &[String], config: &DuplicatesConfig, n_threads: usize) -> Groups {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    writer.write_record(["text", "date", "author"]).unwrap();
    for row in rows {
        let mut cells: Vec<&str> = row.split('|').collect();
        cells.resize(3, "");
        writer.write_record(cells).unwrap();
    }
    let bytes = std::io::Cursor::new(writer.into_inner().unwrap());
    let mut options = ReadOptions::default();
    options.roles.set(crate::read::Role::Text, "text");
    let input = Input::from_reader("in.csv", Box::new(bytes), &options).unwrap();
    let mut collected = Collected::default();
    scan(input, config.min_letters, n_threads, &mut collected, &mut |_| ()).unwrap();
    Groups::find(&collected, config, n_threads)
}

/// For each row the first row of its group.
fn first_rows(rows: &[impl ToString], config: &DuplicatesConfig) -> Vec<Option<usize>> {
    let rows: Vec<String> = rows.iter().map(ToString::to_string).collect();
    let groups = grouped(&rows, config, 1);
    (0..rows.len()).map(|row| groups.of(row).map(|group| group.first_row)).collect()
}

#[test]
fn another_name_link_or_number_is_the_same_message() {
    let rows = [
        CALL.to_owned(),
        "Je ne suis pas d'accord avec cette analyse du budget de la commune".to_owned(),
        CALL.replace("Camille", "Jean-Baptiste"),
        CALL.replace("Camille", "@zoe_93").to_uppercase(),
        format!("{CALL} https://exemple.fr/{}", 12),
        format!("🙏 {CALL} !!! https://autre.org 06 12 34 56 78"),
        CALL.replace("signez", "signez vite"),
    ];
    let expected = [Some(0), None, Some(0), Some(0), Some(0), Some(0), Some(0)];
    assert_eq!(first_rows(&rows, &DuplicatesConfig::default()), expected);
    let strict = DuplicatesConfig { threshold: 1.0, ..DuplicatesConfig::default() };
    assert_eq!(first_rows(&rows, &strict), [Some(0), None, Some(0), Some(0), Some(0), Some(0), None]);
}

#[test]
fn copies_of_copies_are_one_group() {
    // Each differs from the one before by one word of twenty, the last from the first by many.
    let mut words: Vec<&str> =
        CALL.split(' ').chain("car il manque des lits et des soignants partout dans nos villes".split(' ')).collect();
    let changes = ["depuis", "ensemble", "demain", "jamais", "vraiment", "toujours"];
    let mut rows = vec![words.join(" ")];
    for (change, at) in changes.iter().zip((3..).step_by(4)) {
        words[at] = change;
        rows.push(words.join(" "));
    }
    let config = DuplicatesConfig { threshold: 0.75, ..DuplicatesConfig::default() };
    assert_eq!(first_rows(&rows, &config), vec![Some(0); rows.len()]);
    let ends = [rows[0].clone(), rows[rows.len() - 1].clone()];
    assert_eq!(first_rows(&ends, &config), [None, None]);
}

#[test]
fn short_texts_are_left_alone() {
    let rows = ["Merci beaucoup !", "Merci beaucoup !", "", "", "@a @b https://exemple.fr", "@a @b https://exemple.fr"];
    assert_eq!(first_rows(&rows, &DuplicatesConfig::default()), [None; 6]);
    let all = DuplicatesConfig { min_letters: 0, ..DuplicatesConfig::default() };
    assert_eq!(first_rows(&rows, &all), [Some(0), Some(0), None, None, None, None]);
}

#[test]
fn small_groups_are_not_marked() {
    let rows = [CALL, "Oui", CALL];
    let three = DuplicatesConfig { min_size: 3, ..DuplicatesConfig::default() };
    assert_eq!(first_rows(&rows, &three), [None; 3]);
}

#[test]
fn only_rows_within_the_window_are_joined() {
    let near = CALL.replace("signez", "signez vite");
    let rows = [
        format!("{CALL}|2024-03-12 10:00:00"),
        format!("{near}|2024-03-12 10:50:00"),
        format!("{CALL}|2024-03-12 11:40:00"),
        format!("{near}|2024-03-14 10:00:00"),
        format!("{CALL}|2024-03-14 10:30:00"),
        format!("{CALL}|hier"),
        format!("{CALL}|2024-03-20"),
    ];
    let hour = DuplicatesConfig { window: Some(3_600_000), ..DuplicatesConfig::default() };
    // The third is within an hour of the second, and so joined with the first.
    assert_eq!(first_rows(&rows, &hour), [Some(0), Some(0), Some(0), Some(3), Some(3), None, None]);
    assert_eq!(first_rows(&rows, &DuplicatesConfig::default()), [Some(0); 7]);
}

#[test]
fn a_group_knows_its_authors_and_times() {
    let rows = [format!("{CALL}|2024-03-12|a"), format!("{CALL}|1710000000|b"), format!("{CALL}||a"), CALL.to_owned()];
    let groups = grouped(&rows, &DuplicatesConfig::default(), 2);
    let times = Some((1_710_000_000_000, milliseconds("2024-03-12").unwrap()));
    assert_eq!(groups.all(), [Group { first_row: 0, size: 4, n_authors: 2, times }]);
}

#[test]
fn settings_without_sense_are_refused() {
    for (threshold, min_size) in [(0.1, 2), (1.1, 2), (f64::NAN, 2), (0.8, 1)] {
        let config = DuplicatesConfig { threshold, min_size, ..DuplicatesConfig::default() };
        assert!(config.check().is_err(), "{config:?}");
    }
    assert!(DuplicatesConfig::default().check().is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn threads_change_nothing(
        picks in proptest::collection::vec((0usize..4, 0usize..16, 0u32..40), 1..120),
        threshold in 0.3f64..1.0,
        window in proptest::option::of(0u64..20_000),
    ) {
        const STEMS: [&str; 4] = [CALL, "La mairie ferme la piscine et personne ne dit rien aux habitants du quartier",
            "Venez nombreux samedi devant la préfecture défendre nos services publics", "Court"];
        let words = ["vite", "demain", "enfin", "ici"];
        let rows: Vec<String> = picks.iter().map(|(stem, edit, time)| {
            let at = 8 + edit % 4;
            let mut text: Vec<&str> = STEMS[*stem].split(' ').collect();
            text.insert(at.min(text.len()), words[edit / 4]);
            format!("{}|{}", text.join(" "), 1_710_000_000 + time)
        }).collect();
        let config = DuplicatesConfig { threshold, window, ..DuplicatesConfig::default() };
        let alone = grouped(&rows, &config, 1);
        for n_threads in [2, 3, 7] {
            prop_assert_eq!(&grouped(&rows, &config, n_threads), &alone);
        }
    }

    #[test]
    fn the_order_of_rows_changes_no_group(
        picks in proptest::collection::vec((0usize..3, 0usize..8), 2..40),
        by in 1usize..40,
    ) {
        let stems = [CALL, "La mairie ferme la piscine et personne ne dit rien aux habitants du quartier", "Court"];
        let rows: Vec<String> = picks.iter().map(|(stem, n)| format!("{} {}", stems[*stem], "encore ".repeat(*n))).collect();
        let by = by % rows.len();
        let mut turned = rows.clone();
        turned.rotate_left(by);
        let (plain, turned) = (first_rows(&rows, &DuplicatesConfig::default()), first_rows(&turned, &DuplicatesConfig::default()));
        let at = |row: usize| (row + rows.len() - by) % rows.len();
        for left in 0..rows.len() {
            for right in 0..left {
                let together = plain[left].is_some() && plain[left] == plain[right];
                let still = turned[at(left)].is_some() && turned[at(left)] == turned[at(right)];
                prop_assert_eq!(together, still);
            }
        }
    }
}
