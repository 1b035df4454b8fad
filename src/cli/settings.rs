//! Training settings: defaults, then the file, then the flags.

use anyhow::{Context, Result, anyhow, bail};
use franc_parler::config::TrainConfig;
use franc_parler::error::{Error, ErrorKind};
use franc_parler::types::LabelSet;
use toml::{Table, Value};

use super::args::SettingsArgs;

/// The settings that result, from those that suit the labels on.
pub(crate) fn resolve(args: &SettingsArgs, seed: Option<u64>, labels: &LabelSet) -> Result<TrainConfig> {
    let mut table = Table::try_from(TrainConfig::for_labels(labels)).context("the default settings as TOML")?;
    let mut given = Table::new();
    if let Some(path) = &args.config {
        let text =
            std::fs::read_to_string(path).map_err(|error| Error::new(ErrorKind::Unreadable(error)).in_file(path))?;
        let file: Table = text.parse().with_context(|| path.display().to_string())?;
        merge(&mut given, file);
    }
    for assignment in &args.set {
        set(&mut given, assignment)?;
    }
    // Who sets C wants that C.
    let sets_c = given.get("fit").and_then(Value::as_table).is_some_and(|fit| fit.contains_key("c"));
    if sets_c && !given.contains_key("c_candidates") {
        given.insert("c_candidates".to_owned(), Value::Array(Vec::new()));
    }
    merge(&mut table, given);
    let mut config: TrainConfig = table.try_into().map_err(|error| anyhow!("invalid setting: {error}"))?;
    config.seed = seed.unwrap_or(config.seed);
    Ok(config)
}

/// The settings as a file that `--config` reads.
pub(crate) fn to_toml(config: &TrainConfig) -> Result<String> {
    Ok(toml::to_string_pretty(config)?)
}

/// Lays `over` upon `table`, table by table. Unknown names stay, to be refused with the rest.
fn merge(table: &mut Table, over: Table) {
    for (key, value) in over {
        match (table.get_mut(&key), value) {
            (Some(Value::Table(under)), Value::Table(over)) => merge(under, over),
            (_, value) => {
                table.insert(key, value);
            }
        }
    }
}

/// One `a.b.c=value`.
fn set(table: &mut Table, assignment: &str) -> Result<()> {
    let Some((key, value)) = assignment.split_once('=') else {
        bail!("--set {assignment}: expected KEY=VALUE, for instance fit.c=0.5");
    };
    let parsed = format!("{key} = {value}").parse::<Table>().or_else(|_| format!("{key} = {value:?}").parse::<Table>());
    merge(table, parsed.with_context(|| format!("--set {assignment}"))?);
    Ok(())
}
