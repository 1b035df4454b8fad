//! `train --autotune`: the search, told as it goes, and its table at the end.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::Result;
use franc_parler::config::TrainConfig;
use franc_parler::train::{Corpus, Given, Trained, Trial, autotune};

use super::args::{Global, TrainArgs};
use super::progress::say;

/// Searches within the trials and the time that are allowed.
pub(crate) fn run(
    args: &TrainArgs,
    global: &Global,
    corpus: &Corpus,
    config: &TrainConfig,
    given: Given<'_>,
) -> Result<Trained> {
    let begun = Instant::now();
    let mut trials: Vec<Trial> = Vec::new();
    let mut on_trial = |trial: &Trial| {
        trials.push(trial.clone());
        say(global.quiet, &format!("trial {}/{}: {}", trials.len(), args.trials, line(trial)));
        args.budget.is_none_or(|budget| begun.elapsed() < budget)
    };
    let trained = autotune(corpus, config, given, global.n_threads(), args.trials, &mut on_trial)?;
    say(global.quiet, &table(&trials));
    Ok(trained)
}

fn line(trial: &Trial) -> String {
    let kept = if trial.kept { ", kept" } else { "" };
    format!("{} gives log-loss {:.4}, macro-F1 {:.3}{kept}", trial.change, trial.log_loss, trial.macro_f1)
}

/// What was tried, best last among those kept.
fn table(trials: &[Trial]) -> String {
    let widest = trials.iter().map(|trial| trial.change.len()).max().unwrap_or(0);
    let mut table = format!("{:widest$}  log-loss  accuracy  macro-F1", "tried");
    for trial in trials {
        let Trial { change, log_loss, accuracy, macro_f1, kept } = trial;
        let mark = if *kept { "  kept" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(table, "\n{change:widest$}  {log_loss:8.4}  {accuracy:8.3}  {macro_f1:8.3}{mark}");
    }
    table
}

/// `90s`, `10m`, `1h`, or seconds.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let unit = text.trim_start_matches(|character: char| character.is_ascii_digit() || character == '.');
    let seconds = match unit {
        "" | "s" => 1.0,
        "m" | "min" => 60.0,
        "h" => 3600.0,
        _ => return Err(format!("{unit:?} is no unit of time: write 90s, 10m or 1h")),
    };
    let number: f64 = text[..text.len() - unit.len()].parse().map_err(|_| "write 90s, 10m or 1h".to_owned())?;
    Duration::try_from_secs_f64(number * seconds).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1.5m"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("1h"), Ok(Duration::from_secs(3600)));
        assert_eq!(duration("7"), Ok(Duration::from_secs(7)));
        for wrong in ["", "s", "2 days", "-1s", "1e9h"] {
            assert!(duration(wrong).is_err(), "{wrong}");
        }
    }
}
