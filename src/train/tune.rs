//! Searches for better settings, one at a time, each judged out of fold.
//!
//! Coordinate descent over a short list of knobs, in the order in which they usually matter: what a trial gains is kept, the next one
//! starts from there. The criterion is the out-of-fold log-loss, a proper score whose noise is far below that of F1. Which trials are
//! made depends on the corpus, the settings and the number of trials alone, never on the time they take.

use super::{Corpus, Given, Trained, train_on};
use crate::config::TrainConfig;
use crate::error::Result;
use crate::evaluate::Evaluation;
use crate::features::{CharNgramsConfig, WordNgramsConfig};

/// One set of settings tried.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Trial {
    /// What differs from the best settings before it, as `--set` takes it.
    pub change: String,
    /// Out-of-fold accuracy.
    pub accuracy: f64,
    /// Out-of-fold macro-F1.
    pub macro_f1: f64,
    /// Out-of-fold log-loss.
    pub log_loss: f64,
    /// Whether it was better than all before it, and so kept.
    pub kept: bool,
}

/// One change of settings.
type Apply = fn(&mut TrainConfig);

/// A setting with the values to try, each written as `--set` takes it.
type Knob = &'static [(&'static str, Apply)];

/// Every knob, in order. Settings that were tried already are not tried again.
const KNOBS: &[Knob] = &[
    &[
        ("fit.c=0.001", |config| config.fit.c = 0.001),
        ("fit.c=0.01", |config| config.fit.c = 0.01),
        ("fit.c=0.003", |config| config.fit.c = 0.003),
        ("fit.c=0.03", |config| config.fit.c = 0.03),
        ("fit.c=0.0003", |config| config.fit.c = 0.0003),
        ("fit.c=0.1", |config| config.fit.c = 0.1),
    ],
    &[
        ("pipeline.features.chars={min=2,max=5}", |config| chars(config, 2, 5)),
        ("pipeline.features.chars={min=3,max=5}", |config| chars(config, 3, 5)),
        ("pipeline.features.chars={min=2,max=6}", |config| chars(config, 2, 6)),
        ("pipeline.features.chars={min=2,max=0}", |config| chars(config, 2, 0)),
    ],
    &[
        ("pipeline.features.cue_scale=0.3", |config| config.pipeline.features.cue_scale = 0.3),
        ("pipeline.features.cue_scale=1.0", |config| config.pipeline.features.cue_scale = 1.0),
        ("pipeline.features.cue_scale=2.0", |config| config.pipeline.features.cue_scale = 2.0),
    ],
    &[
        ("pipeline.features.cues=false", |config| config.pipeline.features.cues = false),
        ("pipeline.features.cues=true", |config| config.pipeline.features.cues = true),
    ],
    &[
        ("pipeline.features.edges=false", |config| config.pipeline.features.edges = false),
        ("pipeline.features.edges=true", |config| config.pipeline.features.edges = true),
    ],
    &[
        ("pipeline.features.words.max=1", |config| words(config, 1)),
        ("pipeline.features.words.max=3", |config| words(config, 3)),
        ("pipeline.features.words.max=2", |config| words(config, 2)),
    ],
    &[
        ("pipeline.features.skipgrams=false", |config| config.pipeline.features.skipgrams = false),
        ("pipeline.features.skipgrams=true", |config| config.pipeline.features.skipgrams = true),
    ],
    &[
        ("pipeline.features.stems=false", |config| config.pipeline.features.stems = false),
        ("pipeline.features.stems=true", |config| config.pipeline.features.stems = true),
    ],
    &[
        ("pipeline.features.subwords=false", |config| config.pipeline.features.subwords = false),
        ("pipeline.features.subwords=true", |config| config.pipeline.features.subwords = true),
    ],
    &[
        ("min_documents=1", |config| config.min_documents = 1),
        ("min_documents=3", |config| config.min_documents = 3),
        ("min_documents=2", |config| config.min_documents = 2),
    ],
    &[("fit.balance=0.5", |config| config.fit.balance = 0.5), ("fit.balance=0.0", |config| config.fit.balance = 0.0)],
];

fn chars(config: &mut TrainConfig, min: usize, max: usize) {
    config.pipeline.features.chars = CharNgramsConfig { min, max };
}

fn words(config: &mut TrainConfig, max: usize) {
    config.pipeline.features.words = WordNgramsConfig { max };
}

/// Learns the model of the best settings found within `max_trials`; `on_trial` hears of each and says whether to go on.
///
/// **Errors**: as [`train_on`]; a change that cannot be trained is passed over.
pub fn autotune(
    corpus: &Corpus,
    config: &TrainConfig,
    given: Given<'_>,
    n_threads: usize,
    max_trials: usize,
    on_trial: &mut dyn FnMut(&Trial) -> bool,
) -> Result<Trained> {
    let mut best = (train_on(corpus, config, given, n_threads)?, settled(config));
    best.1.fit.c = best.0.model.manifest.config.fit.c;
    let mut goes_on = on_trial(&trial("(as given)", &best.0.report, true));
    let mut tried = vec![best.1.clone()];
    for (change, apply) in KNOBS.iter().copied().flatten() {
        if !goes_on || tried.len() >= max_trials {
            break;
        }
        let mut config = best.1.clone();
        apply(&mut config);
        if tried.contains(&config) {
            continue;
        }
        tried.push(config.clone());
        let Ok(trained) = train_on(corpus, &config, given, n_threads) else { continue };
        let is_better = trained.report.log_loss < best.0.report.log_loss;
        goes_on = on_trial(&trial(change, &trained.report, is_better));
        if is_better {
            best = (trained, config);
        }
    }
    Ok(best.0)
}

/// The same settings with C decided.
fn settled(config: &TrainConfig) -> TrainConfig {
    TrainConfig { c_candidates: Vec::new(), ..config.clone() }
}

fn trial(change: &str, report: &Evaluation, kept: bool) -> Trial {
    Trial {
        change: change.to_owned(),
        accuracy: report.accuracy.value,
        macro_f1: report.macro_f1.value,
        log_loss: report.log_loss,
        kept,
    }
}
