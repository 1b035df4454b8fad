"""The findings of a run as Markdown."""

from peer import REFERENCE

LABEL_SHORT = {
    "outreach": "out.",
    "opportunistic_targeting": "targ.",
    "genuine_dialogue": "dial.",
}

TIMING_NOTE = (
    "Prediction is timed on the evaluation messages repeated to 20,000; "
    "for franc-parler it includes starting the process, reading and writing CSV."
)


def markdown(findings):
    parts = [_heading(findings)]
    parts += [_quality(name, numbers, findings) for name, numbers in findings["sets"].items()]
    if findings["peers"]:
        parts.append(_costs(findings["peers"]))
    parts += [f"Skipped: {name}: {reason}." for name, reason in findings["skipped"].items()]
    return "\n\n".join(parts)


def _heading(findings):
    train, machine = findings["train"], findings["machine"]
    tools = ("python", "scikit-learn", "numpy", "scipy")
    versions = ", ".join(f"{tool} {machine[tool]}" for tool in tools)
    return (
        f"## Peers on the same files\n\n"
        f"Trained on {train['n']} rows ({', '.join(train['files'])}). "
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}; {versions}.\n"
        "Brackets: 95 % intervals of 1,000 bootstrap resamples; "
        "Δ is franc-parler minus the row, paired. "
        f"AP is the average precision of {findings['focus']}. "
        "ECE: 15 equal-width bins on the top probability."
    )


def _quality(name, numbers, findings):
    labels = findings["labels"]
    # A set of many labels keeps its per-label F1 for the JSON.
    shown = labels if len(labels) <= 6 else []
    per_label = [f"F1 {LABEL_SHORT.get(label, label)}" for label in shown]
    header = ["peer", "accuracy", "macro-F1", "Δ macro-F1", *per_label, "AP", "log-loss", "ECE"]
    body = [
        [
            peer,
            _number(row["accuracy"]),
            f"{_number(row['macro_f1'])} {_bounds(row['macro_f1_interval'])}",
            _difference(peer, row),
            *[_number(row["f1"][label]) for label in shown],
            _number(row["ap_focus"]),
            _number(row["log_loss"]),
            _number(row["ece"]),
        ]
        for peer, row in numbers.items()
    ]
    n = next(iter(numbers.values()))["n"] if numbers else 0
    return f"### {name} ({n} messages)\n\n{_table(header, body)}"


def _costs(peers):
    header = ["peer", "training s", "cpu s", "C search s", "µs/message", "cpu µs/message", "settings"]
    body = [
        [
            peer,
            _number(row["train_seconds"], 2),
            _number(row["train_cpu_seconds"], 2),
            _number(row.get("search_seconds"), 1),
            _number(row["predict_us_per_message"], 1),
            _number(row["predict_cpu_us_per_message"], 1),
            _settings(row),
        ]
        for peer, row in peers.items()
        if "train_seconds" in row
    ]
    return f"### Time\n\n{_table(header, body)}\n\n{TIMING_NOTE}"


def _settings(row):
    settings = {"C": "C = {}", "model_bytes": "model {} bytes", "version": "{}"}
    return ", ".join(text.format(row[name]) for name, text in settings.items() if name in row)


def _difference(peer, row):
    if peer == REFERENCE or "reference_minus_this" not in row:
        return "–"
    return f"{row['reference_minus_this']:+.3f} {_bounds(row['reference_minus_this_interval'], '+.3f')}"


def _bounds(bounds, form=".3f"):
    return f"[{bounds[0]:{form}}, {bounds[1]:{form}}]"


def _number(value, digits=3):
    return "–" if value is None or value != value else f"{value:.{digits}f}"


def _table(header, body):
    lines = [header, ["---"] + ["--:"] * (len(header) - 1), *body]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
